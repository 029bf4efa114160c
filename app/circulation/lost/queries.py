"""The open cases of lost, claimed, long overdue and damaged copies, as one list."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute

from app.circulation import reads
from app.circulation.lost.rules import IN_KIND_FOR, OF_THE_LOSS
from app.clock import day_of
from app.ledger.lines import Ledger, Line
from app.ledger.reads import COLUMNS as LINE_COLUMNS
from app.library import HERE
from db.codes import Condition, ItemStatus
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import LedgerLine, Loan
from db.models.items import Item, ItemStatusChange
from db.models.members import Member
from db.reading import Reader

LONG_OVERDUE_DAYS = 30
"""From so many days on a late book is a case to look into (circulation-anchors 7, no. 22)."""


class CaseKind(StrEnum):
    """Why a copy is on the list."""

    LOST = "lost"
    CLAIMED = "claimed"
    LONG_OVERDUE = "long_overdue"
    DAMAGED = "damaged"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class LossCase:
    """A copy that is not where it should be, or not as it should be. Money in rials.

    `since`: lost or claimed on this day, late since, damaged since. `charged` for loss or damage, of which `owed` is
    still open; `claims`: how often this reader has said so, this time with it.
    """

    kind: CaseKind
    item_id: uuid.UUID
    barcode: str
    accession_no: int
    title: str
    main_creator: str | None
    call_number: str | None
    shelf_key: str
    price: int | None
    loan_id: uuid.UUID | None
    member_id: uuid.UUID | None
    given_name: str | None
    family_name: str | None
    member_no: str | None
    mobile: str | None
    due_on: dt.date | None
    since: dt.date | None
    charged: int = 0
    owed: int = 0
    claims: int = 0

    @property
    def member_name(self) -> str:
        """Given name and family name; empty where nobody had it."""
        return f"{self.given_name or ''} {self.family_name or ''}".strip()


OF_COPY = (
    Item.id, Item.barcode, Item.accession_no, Title.title, Title.main_creator, Item.call_number, Item.shelf_key,
    Item.price,
)  # fmt: skip
OF_READER = (Loan.id, Loan.member_id, Member.given_name, Member.family_name, Member.member_no, Member.mobile)
ON_CARDS = (
    sa.select(*OF_COPY, *OF_READER, Loan.due_on)
    .select_from(Loan)
    .join(Item, Item.id == Loan.item_id)
    .join(Title, Title.id == Item.title_id)
    .outerjoin(Member, Member.id == Loan.member_id)
    .where(*reads.OPEN)
)


def _cases(kind: CaseKind, since: InstrumentedAttribute[Any], *where: sa.ColumnElement[bool]) -> Frozen[LossCase]:
    query = ON_CARDS.add_columns(since).where(*where).order_by(since, Loan.id)
    return Frozen(query, lambda *columns: LossCase(kind, *columns))


# The last loan of a copy: whoever had it answers for its damage.
LAST_OUT = (
    sa.select(sa.func.max(Loan.out_at))
    .where(Loan.item_id == Item.id, Loan.deleted_at.is_(None))
    .correlate(Item)
    .scalar_subquery()
)
NOTED_ON = (
    sa.select(sa.func.max(ItemStatusChange.at))
    .where(ItemStatusChange.item_id == Item.id, ItemStatusChange.deleted_at.is_(None))
    .correlate(Item)
    .scalar_subquery()
)
OFF_CARDS = (
    sa.select(*OF_COPY, *OF_READER, Loan.due_on, NOTED_ON)
    .select_from(Item)
    .join(Title, Title.id == Item.title_id)
    .outerjoin(Loan, sa.and_(Loan.item_id == Item.id, Loan.out_at == LAST_OUT, Loan.deleted_at.is_(None)))
    .outerjoin(Member, Member.id == Loan.member_id)
    .where(Item.branch_id == HERE, Item.deleted_at.is_(None))
    .order_by(Item.accession_no)
)


def _off_cards(kind: CaseKind, *where: sa.ColumnElement[bool]) -> Frozen[LossCase]:
    return Frozen(OFF_CARDS.where(*where), lambda *columns: _noted(LossCase(kind, *columns)))


def _noted(case: LossCase) -> LossCase:
    """A moment is shown as its day; for a copy missing from the shelf nobody answers, whoever had it last."""
    since = day_of(case.since) if isinstance(case.since, dt.datetime) else case.since
    if case.kind is not CaseKind.MISSING:
        return replace(case, since=since)
    return replace(
        case, since=since, loan_id=None, member_id=None, given_name=None, family_name=None, member_no=None, mobile=None,
        due_on=None,
    )  # fmt: skip


STATEMENTS = {
    CaseKind.LOST: _cases(CaseKind.LOST, Loan.lost_on, Loan.lost_on.is_not(None)),
    CaseKind.CLAIMED: _cases(
        CaseKind.CLAIMED, Loan.claimed_returned_on, Loan.claimed_returned_on.is_not(None), Loan.lost_on.is_(None)
    ),
    CaseKind.LONG_OVERDUE: _cases(
        CaseKind.LONG_OVERDUE,
        Loan.due_on,
        Loan.due_on < sa.bindparam("before", type_=sa.Date()),
        Loan.lost_on.is_(None),
        Loan.claimed_returned_on.is_(None),
    ),
    CaseKind.DAMAGED: _off_cards(
        CaseKind.DAMAGED, Item.condition == Condition.DAMAGED, Item.status == ItemStatus.AVAILABLE
    ),
    CaseKind.MISSING: _off_cards(CaseKind.MISSING, Item.status == ItemStatus.MISSING),
}
LOANS_OF_CASES = (
    sa.select(Loan.id).where(*reads.OPEN, Loan.lost_on.is_not(None)),
    sa.select(Loan.id)
    .join(Item, Item.id == Loan.item_id)
    .where(Item.branch_id == HERE, Item.condition == Condition.DAMAGED, Item.status == ItemStatus.AVAILABLE),
)
LINES = Frozen(
    sa.select(*LINE_COLUMNS).where(
        LedgerLine.loan_id.in_(sa.union_all(*LOANS_OF_CASES)), LedgerLine.deleted_at.is_(None)
    ),
    Line,
)
CLAIMS = Frozen(
    sa.select(Loan.member_id, sa.func.count())
    .where(Loan.claimed_returned_on.is_not(None), Loan.member_id.is_not(None), Loan.deleted_at.is_(None))
    .group_by(Loan.member_id),
    lambda member_id, count: (member_id, int(count)),
)


def loss_cases(reader: Reader, today: dt.date, kind: CaseKind | None = None) -> list[LossCase]:
    """The open cases of one kind, or of all kinds; with the money and the claims that belong to them."""
    wanted = (kind,) if kind else tuple(CaseKind)
    before = today - dt.timedelta(days=LONG_OVERDUE_DAYS)
    cases = [case for one in wanted for case in reader.all(STATEMENTS[one], before=before)]
    money = _money(reader.all(LINES))
    claims = dict(reader.all(CLAIMS)) if CaseKind.CLAIMED in wanted else {}
    return [_with(case, money, claims) for case in cases]


def _with(
    case: LossCase, money: dict[uuid.UUID | None, tuple[int, int]], claims: dict[uuid.UUID | None, int]
) -> LossCase:
    charged, owed = money.get(case.loan_id, (0, 0)) if case.loan_id else (0, 0)
    of_reader = claims.get(case.member_id, 0) if case.kind is CaseKind.CLAIMED else 0
    return replace(case, charged=charged, owed=owed, claims=of_reader)


def _money(lines: Iterable[Line]) -> dict[uuid.UUID | None, tuple[int, int]]:
    """Charged and still open for loss and damage, by loan."""
    by_loan: dict[uuid.UUID | None, list[Line]] = {}
    for line in lines:
        by_loan.setdefault(line.loan_id, []).append(line)
    found = {}
    for loan_id, of_loan in by_loan.items():
        debts = [debt for debt in Ledger(of_loan).debts if debt.line.kind in OF_THE_LOSS | IN_KIND_FOR]
        found[loan_id] = (sum(debt.line.amount for debt in debts), sum(max(debt.unsettled, 0) for debt in debts))
    return found
