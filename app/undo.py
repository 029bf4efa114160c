"""Undoing the last action of a desk: the opposite changes, as an entry of their own (sync-protocol 3.6)."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from app.actions import Action
from app.catalogue.writing import index_title
from app.circulation.holds.reads import is_promised
from app.library import Library
from app.outcome import Refused
from app.refusal import Refusal
from db.act import Act
from db.changes import AFTER_IMAGE, FIELD_PATCH, TOMBSTONE
from db.codes import BindingState, HoldState, LedgerKind, MinutesState, StocktakeState
from db.frozen import Frozen
from db.journal import DECODER, unplain
from db.models.base import Base
from db.models.catalogue import Title, TitleCreator, TitleSubject
from db.models.circulation import Hold, LedgerLine, Loan
from db.models.collection import BindingRequest, BindingRow, Minutes, MinutesRow, Stocktake, StocktakeScan
from db.models.schema import synced_tables
from db.models.sync import JournalEntry
from db.reading import Reader
from db.wire import entities_by_number
from db.writing import Tx

# Kinds of entries that the desk may take back. The rest (finalised minutes, receipts, imports) has its own way back.
UNDOABLE = frozenset(
    {
        "loan.opened",
        "loan.returned",
        "loan.renewed",
        "item.used",
        "item.added",
        "item.edited",
        "item.sent",
        "alert.added",
        "loan.parts_missing",
        "title.added",
        "title.taken_from_union",
        "title.corrected_from_union",
        "title.requested",
        "title.request_withdrawn",
        "title.split_requested",
        "member.added",
        "member.changed",
        "member.renewed",
        "card.bound",
        "card.lost",
        "card.found",
        "item.lost",
        "item.damaged",
        "item.claimed_returned",
        "minutes.item_listed",
        "minutes.item_struck",
        "candidate.noted",
        "candidate.called_back",
        "candidate.to_bindery",
        "binding.copy_listed",
        "binding.copy_received",
        "binding.billed",
        "mending.added",
        "purchase.wished",
        "purchase.answered",
        "hold.placed",
        "hold.cancelled",
        "hold.suspended",
        "hold.resumed",
        "hold.moved",
        "hold.set_aside",
        "hold.reshelved",
        "route.added",
        "stop.added",
        "member.stop_set",
        "visit.moved",
        "visit.cancelled",
        "visit.done",
        "dispatch.requested",
        "call.recorded",
        "contact.set",
        "disposal.packed",
        "disposal.received",
        "stocktake.scanned",
        "stocktake.noted",
        "return.sent_home",
        "office.set",
        "office.ended",
        "training.recorded",
        "training.corrected",
    }
)


@dataclass(frozen=True, slots=True)
class LastAction:
    """The newest entry of a desk. `before` holds the former values of each change, None once they are gone."""

    eid: uuid.UUID
    kind: str
    bdate: object
    body: bytes
    before: bytes | None
    undoes: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Undone:
    """The last action was taken back; `kind` and `eid` name it."""

    kind: str
    eid: uuid.UUID


LAST_ACTION = Frozen(
    sa.select(
        JournalEntry.eid, JournalEntry.kind, JournalEntry.bdate, JournalEntry.body, JournalEntry.before,
        JournalEntry.undoes,
    )
    .where(
        JournalEntry.device_id == sa.bindparam("device"),
        JournalEntry.epoch == sa.bindparam("epoch"),
        JournalEntry.desk == sa.bindparam("desk"),
    )
    .order_by(JournalEntry.seq.desc())
    .limit(1),
    LastAction,
)  # fmt: skip


def last_undoable(library: Library, reader: Reader, act: Act) -> LastAction | Refusal:
    """What Ctrl+Z would take back, or why it takes back nothing."""
    identity = library.store.identity
    if identity is None:
        raise RuntimeError("the store has not been set up")
    last = reader.one(LAST_ACTION, device=identity.device_id, epoch=identity.epoch, desk=act.desk)
    if last is None or last.undoes is not None or last.bdate != act.day:
        return Refusal("undo.nothing")
    if last.kind not in UNDOABLE or last.before is None:
        return Refusal("undo.not_undoable", facts={"kind": last.kind})
    return last


def undo_last(library: Library, act: Act) -> Undone | Refused:
    """Take back this desk's last action of today. Refused when a row of it has been changed, or built upon, since."""
    forbidden = library.forbids(act, Action.UNDO)
    if forbidden:
        return Refused(forbidden)
    with library.store.write() as tx:
        last = last_undoable(library, tx, act)
        if isinstance(last, Refusal):
            return Refused((last,))
        changes = DECODER.decode(last.body)[10]
        formers = DECODER.decode(last.before or b"\x90")
        steps = [_step(tx, change, former) for change, former in zip(changes, formers, strict=True)]
        if any(step.op == TOMBSTONE for step in steps):  # what was taken away for good does not come back
            return Refused((Refusal("undo.not_undoable", facts={"kind": last.kind}),))
        if any(step.changed_since for step in steps) or any(
            stands_against(tx, steps)
            for stands_against in (_built_upon, _is_frozen, _is_requested, _is_promised, _is_taken)
        ):
            return Refused((Refusal("undo.changed_since"),))
        for step in reversed(steps):
            _take_back(tx, step, act)
        for title_id in _titles_touched(steps):
            index_title(tx, title_id, library.store.dialect.name)
        tx.record("action.undone", act, undoes=last.eid)
        return Undone(last.kind, last.eid)


@dataclass(frozen=True, slots=True)
class _Step:
    model: type[Base]
    op: int
    row: Any
    base_ver: int
    former: Mapping[str, Any]

    @property
    def changed_since(self) -> bool:
        return self.row is None or self.row.ver != self.base_ver + 1


def _step(tx: Tx, change: list[Any], former: dict[str, Any]) -> _Step:
    number, row_id, base_ver, op, _ = change
    model = entities_by_number()[number]
    table = Base.metadata.tables[model.__tablename__]
    found = (
        tx.connection.execute(sa.select(table).where(table.c.id == uuid.UUID(bytes=row_id))).mappings().one_or_none()
    )
    row = None if found is None else SimpleNamespace(**found)
    return _Step(model, op, row, base_ver, {name: unplain(value) for name, value in former.items()})


def _built_upon(tx: Tx, steps: list[_Step]) -> bool:
    """Whether rows of others stand on a row that would vanish: a loan of the member just enrolled, another desk's copy
    of the title, another copy on the minutes that this listing opened."""
    own = [step.row.id for step in steps]
    vanishing = ((step.model.__tablename__, step.row.id) for step in steps if step.op == AFTER_IMAGE)
    return any(
        tx.connection.execute(_standing_on(column, row_id, own)).first() is not None
        for name, row_id in vanishing
        for column in _references(name)
    )


def _references(table_name: str) -> Iterator[sa.Column[Any]]:
    """The columns of synced tables that point to a table: they are named after it, but for those by which one line of
    the ledger stands on another, and a copy on its binding request."""
    if table_name == LedgerLine.__tablename__:
        yield from (Base.metadata.tables[table_name].columns[name] for name in ("settles", "opposes"))
    if table_name == BindingRequest.__tablename__:
        yield Base.metadata.tables[BindingRow.__tablename__].columns["request_id"]
    for table in synced_tables():
        column = table.columns.get(f"{table_name}_id")
        if column is not None:
            yield column


def _standing_on(column: sa.Column[Any], row_id: uuid.UUID, own: list[uuid.UUID]) -> sa.Select[Any]:
    table = column.table
    return sa.select(table.c.id).where(column == row_id, table.c.deleted_at.is_(None), table.c.id.not_in(own)).limit(1)


def _is_frozen(tx: Tx, steps: list[_Step]) -> bool:
    """Whether a row stands on minutes that have been finalised meanwhile, or is a scan of a shelf-reading that is over:
    they change no more (002 م7-13). Neither is done by another desk until this is over."""
    minutes = {step.row.minutes_id for step in steps if step.model is MinutesRow}
    sessions = {step.row.stocktake_id for step in steps if step.model is StocktakeScan}
    open_still = (
        (sa.select(Minutes.state).where(Minutes.id.in_(minutes)), MinutesState.DRAFT, minutes),
        (sa.select(Stocktake.state).where(Stocktake.id.in_(sessions)), StocktakeState.OPEN, sessions),
    )
    return any(
        state is not stands
        for query, stands, on in open_still
        for state in (tx.connection.execute(query.with_for_update()).scalars() if on else ())
    )


def _is_requested(tx: Tx, steps: list[_Step]) -> bool:
    """Whether a copy would come off a binding request that has its number meanwhile (002 م13-6)."""
    on = {step.row.request_id for step in steps if step.model is BindingRow and step.op == AFTER_IMAGE}
    query = sa.select(BindingRequest.id).where(BindingRequest.id.in_(on), BindingRequest.state != BindingState.DRAFT)
    return bool(on) and tx.connection.execute(query).first() is not None


def _is_promised(tx: Tx, steps: list[_Step]) -> bool:
    """Whether a copy would stand on the hold shelf for one reader while another has it, or would be with a reader while
    it stands there."""
    own = [step.row.id for step in steps]
    patched = [step for step in steps if step.op == FIELD_PATCH]
    kept = [
        step.former.get("item_id", step.row.item_id)
        for step in patched
        if step.model is Hold and step.former.get("state") == HoldState.WAITING
    ]
    lent = [step.row.item_id for step in patched if step.model is Loan and "in_at" in step.former]
    return any(is_promised(tx, item_id, own) for item_id in (*kept, *lent))


def _is_taken(tx: Tx, steps: list[_Step]) -> bool:
    """Whether another has meanwhile what a row would get back: its barcode, its national id."""
    return any(
        tx.connection.execute(_having(step, name)).first() is not None
        for step in steps
        if step.op == FIELD_PATCH
        for name in _own_names(step.model.__tablename__) & step.former.keys()
    )


def _own_names(table_name: str) -> set[str]:
    """The columns by which no two rows of a branch are alike."""
    unique = [index.columns.keys() for index in Base.metadata.tables[table_name].indexes if index.unique]
    return {names[1] for names in unique if len(names) == 2}


def _having(step: _Step, name: str) -> sa.Select[Any]:
    table = Base.metadata.tables[step.model.__tablename__]
    same = (table.c.branch_id == step.row.branch_id, table.c[name] == step.former[name])
    return sa.select(table.c.id).where(*same, table.c.deleted_at.is_(None), table.c.id != step.row.id).limit(1)


def _take_back(tx: Tx, step: _Step, act: Act) -> None:
    if step.op == FIELD_PATCH:
        tx.update(step.model, step.row, **step.former)
    elif step.op == AFTER_IMAGE and step.model is LedgerLine:
        _oppose(tx, step.row, act)
    elif step.op == AFTER_IMAGE:
        tx.remove(step.model, step.row, act)


def _oppose(tx: Tx, line: Any, act: Act) -> None:
    """The ledger is never edited: a line is voided by its opposite."""
    tx.insert(
        LedgerLine, member_id=line.member_id, loan_id=line.loan_id, kind=LedgerKind.VOID, amount=-line.amount,
        at=act.at, day=act.day, opposes=line.id, staff_id=act.staff_id,
    )  # fmt: skip


def _titles_touched(steps: list[_Step]) -> set[uuid.UUID]:
    touched = {step.row.id for step in steps if step.model is Title}
    return touched | {step.row.title_id for step in steps if step.model in (TitleCreator, TitleSubject)}
