"""Readers of other branches: registered with the card they carry, without a fee, and forgotten when the time has come
(sync-protocol 11, 13)."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.actions import Action
from app.calendar.rules import later
from app.devices.scan import Source, Unreadable, read_scan
from app.form import invalid, required
from app.library import HERE, Library
from app.members.form import MemberForm, stored_mobile, stored_national_id
from app.members.identity import national_id
from app.members.journal_parts import forget_former, forget_parts
from app.members.writing import TAKEN_NATIONAL_ID, Enrolled, card_owner, enrol, number_taken, stored_number
from app.outcome import Refused
from app.persian.text import clean
from app.policy.categories import VISITOR
from app.policy.table import ANY
from app.refusal import NO_ANSWER, Answer, Refusal, Weight, still_refused
from db.act import Act
from db.codes import MemberState
from db.journal import Intent
from db.models.base import Base
from db.models.circulation import Account, Hold, Loan
from db.models.members import Member, MemberCard
from db.models.schema import METADATA, synced_models, synced_tables
from db.reading import Reader
from db.types import Id
from db.writing import Tx

ADDED, FORGOTTEN = "visitor.added", "visitor.erased"
MOST_A_NIGHT = 200
LATEST = 400
"""Days after which nothing older is looked for in the journal."""


@dataclass(frozen=True, slots=True)
class GuestForm:
    """What is written down of a visitor: the number of the card of the library at home, and the name on it. The
    national id, where the reader shows it, lets the centre know them without the card."""

    card: str
    given_name: str
    family_name: str
    national_id: str | None = None
    mobile: str | None = None


@dataclass(frozen=True, slots=True)
class GuestKnown:
    """The card is here already; nothing was changed."""

    member_id: uuid.UUID
    member_no: str


GuestOutcome: TypeAlias = "Enrolled | GuestKnown | Refused"


@dataclass(frozen=True, slots=True)
class _Guest:
    id: uuid.UUID
    ver: int
    member_no: str
    given_name: str
    family_name: str


def add_guest(library: Library, form: GuestForm, act: Act, answer: Answer = NO_ANSWER) -> GuestOutcome:
    """Register a reader of another branch. There is no fee and no end of membership: both are of the library at
    home."""
    with library.store.write() as tx:
        known = _known_guest(tx, form.card)
        if known is not None:
            return known
        refused = still_refused(tuple(_problems(library, tx, form, act)), answer)
        if refused:
            return Refused(refused)
        card = stored_number(form.card)
        member = MemberForm(
            form.given_name, form.family_name, VISITOR, card=card,
            national_id=stored_national_id(form.national_id), mobile=stored_mobile(form.mobile),
        )  # fmt: skip
        enrolled = enrol(tx, member, act.day, None, MemberState.ACTIVE)
        tx.record(ADDED, act)
        return enrolled


def _known_guest(tx: Tx, card: str) -> GuestKnown | None:
    owner = card_owner(tx, card)
    if owner is None:
        return None
    query = sa.select(Member.id, Member.member_no).where(Member.id == owner, Member.category == VISITOR)
    found = tx.connection.execute(query).one_or_none()
    return None if found is None else GuestKnown(*found)


def _problems(library: Library, tx: Reader, form: GuestForm, act: Act) -> Iterator[Refusal]:
    yield from library.forbids(act, Action.LEND)
    yield from required(given_name=clean(form.given_name), family_name=clean(form.family_name), card=clean(form.card))
    if form.card and isinstance(read_scan(form.card, Source.CARD), Unreadable):
        yield invalid("card", clean(form.card))
    elif card_owner(tx, form.card) is not None or number_taken(tx, form.card):
        yield Refusal("member.visitor_known", facts={"card": clean(form.card)})
    if not form.national_id:
        return
    if national_id(form.national_id).value is None:
        yield Refusal("member.national_id", weight=Weight.CONFIRM, facts={"value": form.national_id})
    if tx.one(TAKEN_NATIONAL_ID, key=stored_national_id(form.national_id)) is not None:
        yield Refusal("member.duplicate", facts={"national_id": form.national_id})


def forget_guests(library: Library, act: Act, day: dt.date) -> int:
    """Erase what tells who a visitor was, so many days after the last loan was closed (`visitor_data_days`): with and
    without contact to the centre. Loans and money keep a bare id. Returns how many visitors were forgotten."""
    days = library.terms(VISITOR, ANY).limit("visitor_data_days")
    if days is None:
        return 0
    with library.store.read() as reader:
        guests = _forgettable(reader, later(day, -days))
    for guest in guests:
        _forget(library, guest, act)
    return len(guests)


def _forgettable(reader: Reader, before: dt.date) -> list[_Guest]:
    """Visitors without open loan, hold or debt whose last loan was closed, or who were registered, so long ago."""
    open_loan = sa.exists(
        sa.select(Loan.id).where(Loan.member_id == Member.id, Loan.in_at.is_(None), Loan.deleted_at.is_(None))
    )
    since = sa.exists(
        sa.select(Loan.id).where(Loan.member_id == Member.id, Loan.effective_in_on > before, Loan.deleted_at.is_(None))
    )
    waits = sa.exists(
        sa.select(Hold.id).where(Hold.member_id == Member.id, Hold.ended_at.is_(None), Hold.deleted_at.is_(None))
    )
    owes = sa.exists(sa.select(Account.member_id).where(Account.member_id == Member.id, Account.balance != 0))
    query = (
        sa.select(Member.id, Member.ver, Member.member_no, Member.given_name, Member.family_name)
        .where(
            Member.branch_id == HERE,
            Member.category == VISITOR,
            Member.deleted_at.is_(None),
            Member.joined_on <= before,
            ~open_loan,
            ~since,
            ~waits,
            ~owes,
        )
        .order_by(Member.id)
        .limit(MOST_A_NIGHT)
    )
    return [_Guest(*row) for row in reader.connection.execute(query)]


def _forget(library: Library, guest: _Guest, act: Act) -> None:
    """Every row about the visitor says nothing of who it was, the visitor and their cards are gone, and so are the
    personal parts of the entries that told it (data.md I17)."""
    with library.store.write() as tx:
        parts = forget_parts(tx, {guest.id, *_every_row(tx, guest.id)})
        for model in about_readers():
            for row in _rows_of(tx, model, guest.id):
                _blank(tx, model, row, act, gone=model in (Member, MemberCard))
        entry = tx.record(FORGOTTEN, act, Intent(seen={"entries": [eid.bytes for eid in parts]}))
        forget_former(tx, FORGOTTEN, entry.seq)


def about_readers() -> Sequence[type[Base]]:
    """Tables whose rows say something of a reader that is not a bare id; the member comes last."""
    found = [
        model
        for model in synced_models().values()
        if model is not Member and "member_id" in METADATA.tables[model.__tablename__].c and _telling(model)
    ]
    return [*found, Member]


def _every_row(tx: Tx, member_id: uuid.UUID) -> Iterator[uuid.UUID]:
    """Every row that names the visitor, were it only by a bare id."""
    for table in synced_tables():
        if "member_id" in table.c:
            yield from tx.connection.execute(sa.select(table.c.id).where(table.c.member_id == member_id)).scalars()


def _telling(model: type[Base]) -> Mapping[str, Any]:
    """The personal columns that are no bare ids, with what stands in them when they are empty."""
    table = METADATA.tables[model.__tablename__]
    return {
        column.name: _nothing(column)
        for column in table.columns
        if column.info.get("personal") and not isinstance(column.type, Id)
    }


def _nothing(column: sa.Column[Any]) -> Any:
    if column.nullable:
        return None
    return [] if isinstance(column.type, sa.JSON) else ""


def _rows_of(tx: Tx, model: type[Base], member_id: uuid.UUID) -> list[Any]:
    """Deleted ones too: a tombstone keeps what stood there."""
    table = METADATA.tables[model.__tablename__]
    column = table.c.id if model is Member else table.c.member_id
    return list(tx.connection.execute(sa.select(table).where(column == member_id).order_by(table.c.id)))


def _blank(tx: Tx, model: type[Base], row: Any, act: Act, *, gone: bool) -> None:
    blank = {name: value for name, value in _telling(model).items() if getattr(row, name) != value}
    if model is Member:
        blank |= {"search_key": "", "sort_key": "", "state": MemberState.CLEARED}
    tx.make_room(FORGOTTEN, act, 3)
    if blank:
        tx.update(model, row, **blank)
    if gone and row.deleted_at is None:
        table = METADATA.tables[model.__tablename__]
        now = tx.connection.execute(sa.select(table).where(table.c.id == row.id)).one()
        tx.remove(model, now, act)
