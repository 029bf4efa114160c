"""The letter to a reader who cannot be cleared: which books, how much money, until when (000 §3-1-3-۲)."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from app.circulation.facts import MemberFacts
from app.clearance import reads
from app.clearance.facts import BatchLine, Obligations
from app.library import Library
from app.members.queries import open_loans
from app.refusal import Refusal
from app.wording import why
from db.act import Act

DEADLINE_DAYS = 14


@dataclass(frozen=True, slots=True)
class OwedBook:
    """A book the reader has not brought back."""

    title: str
    accession_no: int
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class DebtLetter:
    """What the letter says. `debt` in rials; `reasons` in words; `deadline` is the last day to come."""

    library: str
    city: str
    phone: str | None
    address: str | None
    name: str
    member_no: str
    category: str
    books: tuple[OwedBook, ...]
    debt: int
    reasons: tuple[str, ...]
    day: dt.date
    deadline: dt.date


def letters_for(library: Library, lines: Iterable[BatchLine], act: Act) -> tuple[DebtLetter, ...]:
    """A letter to everyone who was refused, in the order of the list."""
    return tuple(letter_to(library, line.member, line.refusals, act) for line in lines if line.refusals and line.member)


def letter_to(library: Library, member: MemberFacts, refusals: Iterable[Refusal], act: Act) -> DebtLetter:
    """The letter to one reader. Its deadline is an open day, two weeks from now or the next after."""
    duties, books = _owed(library, member.id)
    branch = library.branch
    return DebtLetter(
        library=branch.name,
        city=branch.city,
        phone=branch.phone,
        address=branch.address,
        name=member.name,
        member_no=member.member_no,
        category=library.categories.get(member.category, member.category),
        books=books,
        debt=max(duties.balance, 0),
        reasons=tuple(why(refusal) for refusal in refusals),
        day=act.day,
        deadline=library.calendar.next_open(act.day + dt.timedelta(days=DEADLINE_DAYS)),
    )


def _owed(library: Library, member_id: uuid.UUID) -> tuple[Obligations, tuple[OwedBook, ...]]:
    with library.store.read() as reader:
        duties = reads.obligations(reader, member_id)
        loans = open_loans(reader, member_id)
    return duties, tuple(
        OwedBook(loan.title, loan.accession_no, loan.due_on) for loan in sorted(loans, key=lambda loan: loan.due_on)
    )
