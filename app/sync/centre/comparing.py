"""The centre's side of the digests (sync-protocol 15): its own rows, counted anew, in the form both sides hold."""

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from app.sync.centre.devices import DeniedError, KnownDevice, device_with, scope_of
from app.sync.centre.pull import Place, read_rows
from app.sync.digests import ROOTS, Filled, answer, fill_hashes
from app.sync.line import OK, Reply
from app.sync.rows import Cipher
from app.sync.wire import FeedRow, MalformedError, Roots, open_message, read_message, seal_message
from db.models.base import Base
from db.models.sync import Digest
from db.reading import Reader
from db.wire import entities_by_number

COMPARED_AGAIN = (
    sa.update(Digest)
    .where(Digest.branch_id == sa.bindparam("of_branch"), Digest.entity == sa.bindparam("of_entity"))
    .values(root=sa.bindparam("root"), computed_at=sa.bindparam("at"))
)
COMPARED = sa.insert(Digest).values(
    branch_id=sa.bindparam("of_branch"), entity=sa.bindparam("of_entity"), root=sa.bindparam("root"),
    computed_at=sa.bindparam("at"),
)  # fmt: skip


def digest_reply(centre: Centre, body: bytes) -> Reply:
    """One step of a comparison. Raises MalformedError and DeniedError."""
    device = device_with(centre, read_message(body, Roots).device)
    asked = open_message(body, Roots, device.public_key)
    if device.revoked:
        raise DeniedError("revoked")
    if asked.step == ROOTS:
        _fill(centre, device)
    with centre.store.read(scope_of(centre, device.branch_id)) as reader:
        try:
            told = answer(reader, device.branch_id, asked, _fetching(reader, device.branch_id, centre.cipher))
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise MalformedError("no such question") from error
    if asked.step == ROOTS:
        _remember(centre, device, asked)
    return Reply(OK, seal_message(told, centre.keys.signing))


def _fill(centre: Centre, device: KnownDevice) -> None:
    """Hash what changed since the last time, in turns, so that pushes come in between."""
    place: Filled | None = Filled()
    while place is not None:
        with centre.store.write(scope=scope_of(centre, device.branch_id)) as tx:
            place = fill_hashes(tx, device.branch_id, place, centre.cipher)


def _remember(centre: Centre, device: KnownDevice, asked: Roots) -> None:
    """That the rows of a branch were compared, and when: the page of branch health tells it."""
    known, now = entities_by_number(), centre.now()
    with centre.store.write(scope=scope_of(centre, device.branch_id)) as tx:
        for number, root, *_ in asked.roots:
            if number not in known:
                continue
            of = {"of_branch": device.branch_id, "of_entity": known[number].__tablename__}
            if tx.execute(COMPARED_AGAIN, **of, at=now, root=root).rowcount == 0:
                tx.execute(COMPARED, **of, at=now, root=root)


def _fetching(reader: Reader, branch_id: uuid.UUID, cipher: Cipher) -> Any:
    def fetch(model: type[Base], row_ids: Sequence[uuid.UUID]) -> Sequence[FeedRow]:
        rows = read_rows(reader, [Place(0, model, row_id) for row_id in row_ids], cipher)
        return [row for row in rows if row.branch == branch_id.bytes]

    return fetch
