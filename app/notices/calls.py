"""The call list of late books: whom to call today, what came of it, and when to call again.

A loan is never ended by a call: only the book itself, seen at the desk, ends it.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType

import sqlalchemy as sa

from app.actions import Action
from app.calendar.rules import days_late, later
from app.circulation.reads import find_member
from app.form import invalid
from app.library import Library
from app.members.identity import to_e164
from app.notices.cases import WITH_THE_READER
from app.notices.contacts import TELEPHONES, Contact, contacts_of, mark_contact, stored_value
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import CallResult, ContactHealth, ContactKind
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Account, CallAttempt, Loan
from db.models.items import Item
from db.models.library import Staff
from db.models.members import Member
from db.reading import Reader

LONGEST_NOTE = 500
CALL_AGAIN: Mapping[CallResult, int] = MappingProxyType(
    {
        CallResult.NO_ANSWER: 1,
        CallResult.PROMISED: 3,
        CallResult.MESSAGE_LEFT: 2,
        CallResult.WRONG_NUMBER: 0,
        CallResult.SAYS_RETURNED: 1,
        CallResult.SAYS_LOST: 7,
    }
)
"""Open days until the next call, where nobody says another day: 0 is the same day, by another number."""


@dataclass(frozen=True, slots=True)
class LateBook:
    """A late loan. `late` counts days as the fine does; `due_on` as the reader was told."""

    loan_id: uuid.UUID
    item_id: uuid.UUID
    title: str
    volume_no: str | None
    accession_no: int
    barcode: str
    due_on: dt.date
    late: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call that was made."""

    at: dt.datetime
    day: dt.date
    number: str | None
    result: CallResult
    next_on: dt.date | None
    note: str | None
    staff: str | None


@dataclass(frozen=True, slots=True)
class LateReader:
    """A reader with late books. `debt` in rials; `next_on` is when to call, None for at once."""

    member_id: uuid.UUID
    given_name: str
    family_name: str
    member_no: str
    sort_key: str
    debt: int
    books: tuple[LateBook, ...]
    contacts: tuple[Contact, ...]
    last: Call | None

    @property
    def name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name} {self.family_name}"

    @property
    def late(self) -> int:
        """Days of the book that is latest."""
        return max(book.late for book in self.books)

    @property
    def next_on(self) -> dt.date | None:
        """The day agreed on at the last call."""
        return self.last.next_on if self.last else None

    @property
    def telephones(self) -> tuple[Contact, ...]:
        """The numbers, the good ones first."""
        numbers = [contact for contact in self.contacts if contact.kind in TELEPHONES]
        return tuple(sorted(numbers, key=lambda contact: not contact.is_good))

    def is_due(self, today: dt.date) -> bool:
        """Whether to call today."""
        return self.next_on is None or self.next_on <= today


@dataclass(frozen=True, slots=True)
class CallNote:
    """What came of a call. `next_on` None: by the rule of the result (`CALL_AGAIN`)."""

    member: str
    result: CallResult
    number: str | None = None
    next_on: dt.date | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CallRecorded:
    """The call is noted. `loans` are those a claim («برگردانده‌ام») or a loss may be entered for: nothing of it was."""

    member_id: uuid.UUID
    result: CallResult
    next_on: dt.date
    marked_bad: bool
    loans: tuple[uuid.UUID, ...]


@dataclass(frozen=True, slots=True)
class _Late:
    member_id: uuid.UUID
    given_name: str
    family_name: str
    member_no: str
    sort_key: str
    category: str
    item_type: str
    debt: int | None
    loan_id: uuid.UUID
    item_id: uuid.UUID
    title: str
    volume_no: str | None
    accession_no: int
    barcode: str
    due_on: dt.date


LATE = (
    sa.select(
        Member.id, Member.given_name, Member.family_name, Member.member_no, Member.sort_key, Member.category,
        Loan.item_type,
        sa.select(Account.balance).where(Account.member_id == Member.id).scalar_subquery(),
        Loan.id, Item.id, Title.title, Item.volume_no, Item.accession_no, Item.barcode, Loan.due_on,
    )
    .join(Member, Member.id == Loan.member_id)
    .join(Item, Item.id == Loan.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(*WITH_THE_READER, Loan.due_on < sa.bindparam("today", type_=sa.Date()))
    .order_by(Member.id, Loan.due_on)
)  # fmt: skip
ALL_LATE = Frozen(LATE, _Late)
LATE_OF_MEMBER = Frozen(LATE.where(Loan.member_id == sa.bindparam("member")), _Late)
CALLS = Frozen(
    sa.select(
        CallAttempt.at, CallAttempt.day, CallAttempt.number, CallAttempt.result, CallAttempt.next_on, CallAttempt.note,
        Staff.name,
    )
    .outerjoin(Staff, Staff.id == CallAttempt.staff_id)
    .where(CallAttempt.member_id == sa.bindparam("member"), CallAttempt.deleted_at.is_(None))
    .order_by(CallAttempt.at.desc())
    .limit(50),
    Call,
)  # fmt: skip


def call_list(library: Library, reader: Reader, today: dt.date) -> list[LateReader]:
    """Readers with late books: those to call today first, the latest first; then by the day agreed on."""
    late = [_late_reader(library, reader, group, today) for group in _by_member(reader.all(ALL_LATE, today=today))]
    found = [one for one in late if one is not None]
    return sorted(found, key=lambda one: (not one.is_due(today), one.next_on or today, -one.late, one.sort_key))


def calls_of(reader: Reader, member_id: uuid.UUID) -> list[Call]:
    """The calls to a reader, the newest first."""
    return reader.all(CALLS, member=member_id)


def next_call(library: Library, result: CallResult, today: dt.date) -> dt.date:
    """When to call again after this result, where nobody says another day."""
    days = CALL_AGAIN[result]
    return library.calendar.add_open_days(today, days) if days else today


def record_call(library: Library, note: CallNote, act: Act) -> CallRecorded | Refused | NotFound:
    """Note what came of a call. A wrong number is marked as bad, so that nobody calls it again; what the reader says of
    the book changes no loan."""
    with library.store.write() as tx:
        member = find_member(tx, note.member)
        if member is None:
            return NotFound(Sought.MEMBER, note.member)
        contacts = contacts_of(tx, member.id)
        number = _called(note, contacts)
        refused = (*library.forbids(act, Action.NOTIFY), *_call_problems(note, number, act))
        if refused:
            return Refused(refused)
        wrong = note.result is CallResult.WRONG_NUMBER and number is not None
        kind = _kind_of(number, contacts)
        marked = wrong and mark_contact(tx, member.id, kind, number or "", ContactHealth.BAD, act)
        next_on = note.next_on or next_call(library, note.result, act.day)
        tx.insert(
            CallAttempt, member_id=member.id, at=act.at, day=act.day, number=number, result=note.result,
            next_on=next_on, staff_id=act.staff_id,
            note=clean(note.note, LONGEST_NOTE) or None if note.note else None,
        )  # fmt: skip
        tx.record("call.recorded", act)
        loans = tuple(row.loan_id for row in tx.all(LATE_OF_MEMBER, member=member.id, today=act.day))
        return CallRecorded(member.id, note.result, next_on, marked, loans)


def _call_problems(note: CallNote, number: str | None, act: Act) -> Iterator[Refusal]:
    if note.result is CallResult.WRONG_NUMBER and number is None:
        yield Refusal("call.number_needed")
    if note.next_on is not None and not act.day <= note.next_on <= later(act.day, 366):
        yield invalid("next", note.next_on)


def _called(note: CallNote, contacts: Sequence[Contact]) -> str | None:
    """The number that was called: as told, else the first good one."""
    if note.number:
        return stored_value(ContactKind.MOBILE, note.number)
    if note.result is CallResult.WRONG_NUMBER:
        return None
    return next((contact.value for contact in contacts if contact.kind in TELEPHONES and contact.is_good), None)


def _kind_of(number: str | None, contacts: Sequence[Contact]) -> ContactKind:
    known = next((contact.kind for contact in contacts if number and to_e164(contact.value) == to_e164(number)), None)
    return known or ContactKind.MOBILE


def _by_member(rows: Sequence[_Late]) -> Iterator[list[_Late]]:
    for _, group in groupby(rows, key=lambda row: row.member_id):
        yield list(group)


def _late_reader(library: Library, reader: Reader, rows: Sequence[_Late], today: dt.date) -> LateReader | None:
    """None where every day since the due date was a closed one: such a book is not late yet."""
    books = tuple(book for book in (_book(library, row, today) for row in rows) if book.late > 0)
    if not books:
        return None
    first = rows[0]
    calls = calls_of(reader, first.member_id)
    return LateReader(
        first.member_id, first.given_name, first.family_name, first.member_no, first.sort_key, int(first.debt or 0),
        books, contacts_of(reader, first.member_id), calls[0] if calls else None,
    )  # fmt: skip


def _book(library: Library, row: _Late, today: dt.date) -> LateBook:
    skip_closed = library.terms(row.category, row.item_type).flag("skip_closed")
    late = days_late(row.due_on, today, library.calendar, skip_closed)
    return LateBook(row.loan_id, row.item_id, row.title, row.volume_no, row.accession_no, row.barcode, row.due_on, late)
