"""Entries that were set aside, tried again: those of a newer program once this one is as new (sync-protocol 14), others
when somebody has put right what stood in their way."""

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from app.sync.apply import change_row
from app.sync.centre.cases import ENTRY, Findings
from app.sync.centre.devices import scope_of
from app.sync.centre.epochs import refresh_epochs
from app.sync.centre.incoming import Incoming, read_entry
from app.sync.centre.singly import APPLIED, NEWER, apply_wholly, place_rows
from app.sync.rows import Cipher
from app.sync.wire import Batch, Header, JournalBytes, SentEntry, decode, received
from db.applying import applying
from db.codes import CaseKind, CaseState
from db.journal import SCHEMA_VERSION
from db.models.centre import SyncCase
from db.models.schema import METADATA
from db.models.sync import JournalEntry, SetAside
from db.refused import REFERENCE, UNIQUE
from db.writing import Tx

LATE = ("missing", REFERENCE)
"""Why entries were set aside that build upon such a one."""
WAITING = (
    sa.select(SetAside.id, SetAside.branch_id, SetAside.source, SetAside.position, SetAside.raw)
    .where(
        SetAside.source.startswith(f"{ENTRY}:"),
        sa.or_(*(SetAside.reason.startswith(reason) for reason in (NEWER, *LATE))),
        SetAside.replayed_at.is_(None),
        SetAside.schema_version <= SCHEMA_VERSION,
    )
    .order_by(SetAside.branch_id, SetAside.source, SetAside.position)
)
BY_HAND = (NEWER, *LATE, "number_twice", UNIQUE)
"""Why entries were set aside that may well be applied once somebody has put something right: a number that was given
twice has been changed, a row that was missing has come."""


def begin(centre: Centre) -> None:
    """What the centre does before its first answer: find out whether it was restored, and try again what it did not
    understand before it was upgraded."""
    refresh_epochs(centre)
    replay(centre)
    centre.begun = True


def may_be_tried(reason: str) -> bool:
    """Whether it makes sense that a person lets an entry be tried again that was set aside for this."""
    return reason.startswith(BY_HAND)


def replay_one(centre: Centre, branch_id: uuid.UUID, set_aside: uuid.UUID) -> bool:
    """Try one entry of a branch again, at the word of a person; whether it was applied. The case about it is closed
    then."""
    query = sa.select(SetAside.id, SetAside.source, SetAside.position, SetAside.raw, SetAside.reason).where(
        SetAside.id == set_aside, SetAside.branch_id == branch_id, SetAside.source.startswith(f"{ENTRY}:"),
        SetAside.replayed_at.is_(None), SetAside.schema_version <= SCHEMA_VERSION,
    )  # fmt: skip
    with centre.store.read() as reader:
        row = reader.connection.execute(query).one_or_none()
    return row is not None and may_be_tried(row.reason) and _replayed(centre, branch_id, [row]) > 0


def replay(centre: Centre) -> int:
    """Try what waits again; how many entries were applied."""
    with centre.store.read() as reader:
        waiting = reader.connection.execute(WAITING).all()
    return sum(_replayed(centre, branch, rows) for branch, rows in _by_branch(waiting).items())


def _by_branch(waiting: Sequence[Any]) -> dict[uuid.UUID, list[Any]]:
    found: dict[uuid.UUID, list[Any]] = {}
    for row in waiting:
        found.setdefault(row.branch_id, []).append(row)
    return found


def _replayed(centre: Centre, branch_id: uuid.UUID, rows: Sequence[Any]) -> int:
    found, applied = Findings(branch_id, centre.now()), 0
    with centre.store.write(scope=scope_of(centre, branch_id)) as tx:
        with applying(tx, centre.store.dialect.name):
            for row in rows:
                applied += _again(tx, found, row, centre)
        place_rows(tx, found)
    return applied


def _again(tx: Tx, found: Findings, row: Any, centre: Centre) -> bool:
    """One entry again; where it is still not to be applied it goes on waiting. What came in two histories
    (sync-protocol 6) is applied in one of them."""
    waits = sa.select(SetAside.id).where(SetAside.id == row.id, SetAside.replayed_at.is_(None))
    entry = _entry(found.branch_id, row, centre.cipher)
    if tx.connection.execute(waits.with_for_update()).first() is None:
        return False
    of = (JournalEntry.device_id == entry.batch.device_id, JournalEntry.epoch == entry.batch.header.epoch)
    own = (*of, JournalEntry.seq == entry.seq)
    eid = tx.connection.execute(sa.select(JournalEntry.eid).where(*own)).scalar()
    known = eid is not None and tx.one(APPLIED, branch=found.branch_id, eid=eid) is not None
    if not known and apply_wholly(tx, found, entry, centre.cipher) is not None:
        return False
    over = {"replayed_at": found.now, "raw": b""}  # its bytes stand in the journal
    tx.connection.execute(sa.update(SetAside).where(SetAside.id == row.id).values(over))
    if not known:
        tx.connection.execute(sa.update(JournalEntry).where(*own).values(applied=True))
    _close_case(tx, found, row.id)
    return not known


def _close_case(tx: Tx, found: Findings, set_aside: uuid.UUID) -> None:
    """What the branch was told of an entry that has been applied after all is over."""
    table = METADATA.tables[SyncCase.__tablename__]
    query = sa.select(table).where(
        table.c.branch_id == found.branch_id,
        table.c.kind.in_((CaseKind.SET_ASIDE, CaseKind.NUMBER_TWICE)),
        table.c.state == CaseState.OPEN,
        table.c.deleted_at.is_(None),
    )
    for case in tx.connection.execute(query).mappings().all():
        if case["stories"].get("set_aside") == str(set_aside):
            change_row(tx, SyncCase, dict(case), case["ver"] + 1, {"state": CaseState.CLOSED})
            found.touch(SyncCase, case["id"])


def _entry(branch_id: uuid.UUID, row: Any, cipher: Cipher) -> Incoming:
    _, device, epoch = row.source.split(":")
    kept: JournalBytes = received(decode(cipher.unseal(bytes(row.raw)), SentEntry))
    header = Header(1, branch_id.bytes, bytes.fromhex(device), int(epoch), row.position, row.position, b"", b"", 0, "")
    return read_entry(Batch(header, (kept,), (b"",)), row.position, kept, row.id.bytes)
