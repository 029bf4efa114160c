"""What a campaign brought: books that came back, and what was forgiven. Rials."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.ledger.amnesty import Campaign
from app.ledger.lines import Line
from app.ledger.reads import COLUMNS, LIVE
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import LedgerLine, Loan
from db.models.items import Item
from db.models.members import Member
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """A late book that came back within the dates, and what the campaign forgave of what it had cost."""

    loan_id: uuid.UUID
    member_id: uuid.UUID | None
    member: str
    title: str
    accession_no: int
    due_on: dt.date
    in_on: dt.date
    forgiven: int = 0


@dataclass(frozen=True, slots=True)
class DayOfAmnesty:
    """One day of a campaign. `books` came back late, `loans` of them were forgiven something."""

    day: dt.date
    books: int = 0
    loans: int = 0
    members: int = 0
    rials: int = 0


@dataclass(frozen=True, slots=True)
class AmnestyReport:
    """What a campaign brought. `elsewhere` was forgiven of debts whose book had come back before or that have none."""

    campaign: Campaign
    books: tuple[BroughtBack, ...]
    days: tuple[DayOfAmnesty, ...]
    members: int
    rials: int
    elsewhere: int

    @property
    def loans(self) -> int:
        """Loans of which something was forgiven at their return."""
        return sum(book.forgiven > 0 for book in self.books)


LATE_RETURNS = Frozen(
    sa.select(
        Loan.id, Loan.member_id, Member.given_name, Member.family_name, Title.title, Item.accession_no, Loan.due_on,
        Loan.effective_in_on,
    )
    .join(Item, Item.id == Loan.item_id)
    .join(Title, Title.id == Item.title_id)
    .outerjoin(Member, Member.id == Loan.member_id)
    .where(
        Loan.effective_in_on >= sa.bindparam("since", type_=sa.Date()),
        Loan.effective_in_on <= sa.bindparam("until", type_=sa.Date()),
        Loan.due_on < Loan.effective_in_on,
        Loan.deleted_at.is_(None),
    )
    .order_by(Loan.effective_in_on, Loan.in_at),
    lambda loan, member, given, family, title, number, due, back: BroughtBack(
        loan, member, f"{given or ''} {family or ''}".strip(), title, number, due, back
    ),
)  # fmt: skip
FORGIVEN = Frozen(sa.select(*COLUMNS).where(LedgerLine.amnesty_id == sa.bindparam("campaign"), LIVE), Line)
OPPOSED = Frozen(
    sa.select(LedgerLine.opposes).where(
        LedgerLine.opposes.in_(sa.select(LedgerLine.id).where(LedgerLine.amnesty_id == sa.bindparam("campaign"), LIVE)),
        LIVE,
    ),
    lambda line_id: line_id,
)


@dataclass(slots=True)
class _Count:
    books: int = 0
    loans: int = 0
    rials: int = 0
    members: set[uuid.UUID | None] = field(default_factory=set)


def amnesty_report(reader: Reader, campaign: Campaign) -> AmnestyReport:
    """Books brought back late within the dates, loans and members forgiven, and rials, per day and all told."""
    opposed = set(reader.all(OPPOSED, campaign=campaign.id))
    lines = [line for line in reader.all(FORGIVEN, campaign=campaign.id) if line.id not in opposed]
    of_loan = _per_loan(lines)
    returned = reader.all(LATE_RETURNS, since=campaign.since, until=campaign.until)
    books = tuple(_with(book, of_loan.get(book.loan_id, 0)) for book in returned)
    rials, at_return = -sum(line.amount for line in lines), sum(book.forgiven for book in books)
    members = {line.member_id for line in lines}
    return AmnestyReport(campaign, books, _days(books), len(members), rials, rials - at_return)


def _per_loan(lines: Iterable[Line]) -> Mapping[uuid.UUID | None, int]:
    sums: dict[uuid.UUID | None, int] = {}
    for line in lines:
        sums[line.loan_id] = sums.get(line.loan_id, 0) - line.amount
    return sums


def _with(book: BroughtBack, forgiven: int) -> BroughtBack:
    return BroughtBack(
        book.loan_id, book.member_id, book.member, book.title, book.accession_no, book.due_on, book.in_on, forgiven
    )


def _days(books: Iterable[BroughtBack]) -> tuple[DayOfAmnesty, ...]:
    counts: dict[dt.date, _Count] = {}
    for book in books:
        count = counts.setdefault(book.in_on, _Count())
        count.books += 1
        count.loans += book.forgiven > 0
        count.rials += book.forgiven
        if book.forgiven:
            count.members.add(book.member_id)
    return tuple(
        DayOfAmnesty(day, count.books, count.loans, len(count.members), count.rials) for day, count in counts.items()
    )
