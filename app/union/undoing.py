"""What was done to the catalogue, and taking it back: merging, splitting and correcting, each at any time and in any
order as long as nothing stands on it."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from app.union.deeds import DEEDS, UNDONE, Branches, forbidden, refused
from app.union.reading import ids_leading_to, titles_leading_to
from app.union.record import record_of
from app.union.writing import OWN_TITLE, Work, led_to, redirect_of
from db.act import Act
from db.changes import AFTER_IMAGE, FIELD_PATCH, TOMBSTONE
from db.frozen import Frozen
from db.journal import DECODER, Intent, unplain
from db.models.base import Base
from db.models.centre import Redirect, Reviewer, UnionTitle
from db.models.sync import JournalEntry, Stream
from db.reading import Reader
from db.wire import entities_by_number
from db.writing import Tx

INTENT, CHANGES = 9, 10
"""Places in an entry."""
REASON, SEEN = 2, 3
"""Places in its intent."""


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done to the catalogue: `seen` names the records, `undone` says that it was taken back."""

    eid: uuid.UUID
    kind: str
    at: dt.datetime
    person: str | None
    reason: str
    seen: Mapping[str, Any]
    undone: bool


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A deed was taken back; `kind` and `eid` name it."""

    kind: str
    eid: uuid.UUID


@dataclass(frozen=True, slots=True)
class _Entry:
    eid: uuid.UUID
    kind: str
    body: bytes
    before: bytes | None


ENTRY = Frozen(
    sa.select(JournalEntry.eid, JournalEntry.kind, JournalEntry.body, JournalEntry.before).where(
        JournalEntry.branch_id == sa.bindparam("centre"), JournalEntry.eid == sa.bindparam("eid"), sa.text("applied")
    ),
    _Entry,
)


def deeds(reader: Reader, centre_id: uuid.UUID, most: int, before: dt.datetime | None = None) -> tuple[Deed, ...]:
    """The deeds of the catalogue, the newest first, `most` at most; `before`: those that are older."""
    streams = sa.select(Stream.device_id, Stream.epoch).where(Stream.branch_id == centre_id)
    found: list[Deed] = []
    for device_id, epoch in reader.connection.execute(streams.order_by(Stream.opened_at.desc())):
        if len(found) < most:
            found += _deeds_of(reader, device_id, epoch, most - len(found), before)
    undone = _undone(reader, centre_id, [deed.eid for deed in found])
    return tuple(
        Deed(deed.eid, deed.kind, deed.at, deed.person, deed.reason, deed.seen, deed.eid in undone) for deed in found
    )


def _deeds_of(
    reader: Reader, device_id: uuid.UUID, epoch: int, most: int, before: dt.datetime | None
) -> Iterator[Deed]:
    query = (
        sa.select(JournalEntry.eid, JournalEntry.kind, JournalEntry.at_ms, JournalEntry.body, Reviewer.name)
        .outerjoin(Reviewer, Reviewer.id == JournalEntry.staff_id)
        .where(JournalEntry.device_id == device_id, JournalEntry.epoch == epoch, JournalEntry.kind.in_(DEEDS))
        .order_by(JournalEntry.seq.desc())
        .limit(most)
    )
    if before is not None:
        query = query.where(JournalEntry.at_ms < int(before.timestamp() * 1000))
    for eid, kind, at_ms, body, name in reader.connection.execute(query):
        intent = DECODER.decode(body)[INTENT] or [None, [], "", {}]
        at = dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)
        yield Deed(eid, kind, at, name, intent[REASON] or "", intent[SEEN], undone=False)


def _undone(reader: Reader, centre_id: uuid.UUID, eids: list[uuid.UUID]) -> set[uuid.UUID]:
    query = sa.select(JournalEntry.undoes).where(
        JournalEntry.branch_id == centre_id, JournalEntry.kind == UNDONE, JournalEntry.undoes.in_(eids)
    )
    return {eid for eid in reader.connection.execute(query).scalars() if eid is not None}


def undo(
    centre: Centre, eid: uuid.UUID, act: Act, reason: str, *, scope: Branches = None
) -> TakenBack | Refused | NotFound:
    """Take a deed back. Refused where a record of it was worked on since: that is taken back first."""
    with centre.write() as tx:
        entry = tx.one(ENTRY, centre=centre.id, eid=eid)
        if entry is None or entry.kind not in DEEDS or entry.before is None:
            return NotFound(Sought.RECORD, str(eid))
        steps = list(_steps(tx, entry))
        if problems := refused((*forbidden(act), *_standing_against(tx, centre.id, entry, steps, scope))):
            return problems
        work = Work(tx, act, centre.id)
        for step in reversed(steps):
            _take_back(work, step)
        work.record(UNDONE, Intent(reason=reason.strip() or None), undoes=eid)
        return TakenBack(entry.kind, eid)


@dataclass(frozen=True, slots=True)
class _Step:
    model: type[Base]
    op: int
    row: Any
    base_ver: int
    former: Mapping[str, Any]


def _steps(tx: Tx, entry: _Entry) -> Iterator[_Step]:
    changes, formers = DECODER.decode(entry.body)[CHANGES], DECODER.decode(entry.before or b"\x90")
    for (number, row_id, base_ver, op, _), former in zip(changes, formers, strict=True):
        model = entities_by_number()[number]
        table = Base.metadata.tables[model.__tablename__]
        query = sa.select(table).where(table.c.id == uuid.UUID(bytes=row_id)).with_for_update()
        row = SimpleNamespace(**tx.connection.execute(query).mappings().one())
        yield _Step(model, op, row, base_ver, {name: unplain(value) for name, value in former.items()})


def _standing_against(
    tx: Tx, centre_id: uuid.UUID, entry: _Entry, steps: list[_Step], scope: Branches
) -> Iterator[Refusal]:
    if _undone(tx, centre_id, [entry.eid]):
        yield Refusal("union.undone_already")
    elif any(step.row.ver != step.base_ver + 1 for step in steps if not _may_stay(step)) or _led_elsewhere(tx, steps):
        yield Refusal("undo.changed_since")
    if scope is not None and not _holders(tx, steps) & set(scope):
        yield Refusal("union.not_in_scope", "003 م2")


def _may_stay(step: _Step) -> bool:
    """A record that a splitting made: what was done with it since is no hindrance, it stays if others lead to it."""
    return step.model is UnionTitle and step.op == AFTER_IMAGE


def _led_elsewhere(tx: Tx, steps: list[_Step]) -> bool:
    """Whether a title that would lead to a record again has been led elsewhere since, or one of the two is no more."""
    made = {step.row.id for step in steps if step.op == AFTER_IMAGE}
    for step in steps:
        if step.model is Redirect and step.op == TOMBSTONE:
            now = redirect_of(tx, step.row.entity, step.row.old_id)
            gone = record_of(tx, step.row.new_id) is None or tx.one(OWN_TITLE, title=step.row.old_id) is None
            if gone or (now is not None and now.id not in made):
                return True
    return False


def _holders(tx: Tx, steps: list[_Step]) -> set[uuid.UUID]:
    """The libraries that hold a record of the deed."""
    ids = {step.row.id if step.model is UnionTitle else step.row.new_id for step in steps}
    return {branch for record_id in ids for branch in titles_leading_to(tx, ids_leading_to(tx, record_id)).values()}


def _take_back(work: Work, step: _Step) -> None:
    tx = work.tx
    revived = step.model is UnionTitle and "deleted_at" in step.former
    if step.op == FIELD_PATCH and not (revived and led_to(tx, step.row.id)):
        tx.update(step.model, step.row, **step.former)
    elif step.op == TOMBSTONE:
        tx.update(step.model, step.row, deleted_at=None)
    elif step.model is Redirect and step.op == AFTER_IMAGE:
        tx.remove(Redirect, step.row, work.act)
    elif step.op == AFTER_IMAGE and not led_to(tx, step.row.id) and step.row.ver == step.base_ver + 1:
        tx.remove(UnionTitle, step.row, work.act)
