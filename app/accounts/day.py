"""The money of a business day, for the day close: per kind, per way, per person, receipts, waivers, drawers. Rials."""

import datetime as dt
import uuid
from collections.abc import Callable, Hashable, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from app.accounts.cash import SESSION_COLUMNS as DRAWER_COLUMNS
from app.accounts.cash import Drawer, expected_in
from app.accounts.queries import staff_names
from app.accounts.receipts import RECEIPT_COLUMNS, ReceiptFacts
from app.clock import midnight
from app.ledger.lines import DEBITS, Line
from app.ledger.reads import COLUMNS, LINE, LIVE
from app.library import HERE
from db.codes import LedgerKind, PaymentMethod
from db.frozen import Frozen
from db.models.circulation import LedgerLine, Receipt
from db.models.library import CashSession
from db.models.members import Member
from db.reading import Reader

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt of the day; `void` when what it stands for was taken back."""

    receipt: ReceiptFacts
    member: str
    staff: str
    void: bool


@dataclass(frozen=True, slots=True)
class WaiverRow:
    """What was waived to whom, why, by whom, and who agreed."""

    kind: LedgerKind
    amount: int
    member: str
    reason: str
    staff: str
    second: str


@dataclass(frozen=True, slots=True)
class DrawerRow:
    """A drawer that was open on the day; `difference` None while it has not been counted."""

    drawer: Drawer
    expected: int
    opened_by: str
    closed_by: str

    @property
    def difference(self) -> int | None:
        """What is too much in it; below zero what is missing."""
        counted = self.drawer.counted_amount
        return None if counted is None else counted - self.expected


@dataclass(frozen=True, slots=True)
class DayReport:
    """The money of a day. `charged` and `taken_for` per kind of debt, `taken_by` per way, `taken_from` per person:
    payments less refunds, without what was taken back."""

    day: dt.date
    charged: Mapping[LedgerKind, int]
    taken_for: Mapping[LedgerKind, int]
    taken_by: Mapping[PaymentMethod, int]
    taken_from: Mapping[str, int]
    receipts: tuple[ReceiptRow, ...]
    waivers: tuple[WaiverRow, ...]
    drawers: tuple[DrawerRow, ...]
    forgiven: int

    @property
    def taken(self) -> int:
        """Everything that came in, less what was given back."""
        return sum(self.taken_by.values())

    @property
    def waived(self) -> int:
        """What people waived; campaigns are not in it."""
        return sum(row.amount for row in self.waivers)


DAY = sa.bindparam("day", type_=sa.Date())
LINES = Frozen(sa.select(*COLUMNS).where(LedgerLine.day == DAY, LIVE).order_by(LedgerLine.at, LedgerLine.id), Line)
OPPOSED = Frozen(
    sa.select(LedgerLine.opposes).where(
        LedgerLine.opposes.in_(sa.select(LedgerLine.id).where(LedgerLine.day == DAY, LIVE)), LIVE
    ),
    lambda line_id: line_id,
)
RECEIPTS = Frozen(
    sa.select(*RECEIPT_COLUMNS).where(Receipt.branch_id == HERE, Receipt.day == DAY).order_by(Receipt.number),
    ReceiptFacts,
)
NAMES = Frozen(
    sa.select(Member.id, Member.given_name, Member.family_name).where(
        Member.id.in_(sa.select(LedgerLine.member_id).where(LedgerLine.day == DAY, LIVE))
    ),
    lambda member_id, given, family: (member_id, f"{given} {family}"),
)
DRAWERS = Frozen(
    sa.select(*DRAWER_COLUMNS)
    .where(
        CashSession.branch_id == HERE,
        CashSession.deleted_at.is_(None),
        CashSession.opened_at < sa.bindparam("end", type_=CashSession.opened_at.type),
        sa.or_(
            CashSession.closed_at.is_(None),
            CashSession.closed_at >= sa.bindparam("start", type_=CashSession.opened_at.type),
        ),
    )
    .order_by(CashSession.number),
    Drawer,
)


def day_report(reader: Reader, day: dt.date) -> DayReport:
    """What was charged, taken, given back and waived on a business day."""
    lines, opposed = reader.all(LINES, day=day), set(reader.all(OPPOSED, day=day))
    members, staff = dict(reader.all(NAMES, day=day)), staff_names(reader)
    # Money that was taken back on the day it came never was there; a void of an earlier day's line is of that day.
    lasting = [line for line in lines if line.id not in opposed and line.opposes is None]
    money = [line for line in lasting if line.kind in (LedgerKind.PAYMENT, LedgerKind.REFUND)]
    waivers = [line for line in lasting if line.kind is LedgerKind.WAIVER]
    known, valid = _Names(members, staff), {line.receipt_id for line in lasting}
    return DayReport(
        day=day,
        charged=_summed((line for line in lasting if line.kind in DEBITS), lambda line: line.kind, sign=1),
        taken_for=_summed(money, lambda line: _settled_kind(reader, line)),
        taken_by=_summed(money, lambda line: line.method or PaymentMethod.CASH),
        taken_from=_summed(money, lambda line: staff.get(line.staff_id, "")),
        receipts=tuple(_receipt(receipt, valid, known) for receipt in reader.all(RECEIPTS, day=day)),
        waivers=tuple(_waiver(reader, line, known) for line in waivers),
        drawers=tuple(_drawer(reader, drawer, staff) for drawer in _drawers(reader, day)),
        forgiven=-sum(line.amount for line in lasting if line.kind is LedgerKind.AMNESTY),
    )


@dataclass(frozen=True, slots=True)
class _Names:
    members: Mapping[uuid.UUID, str]
    staff: Mapping[uuid.UUID, str]

    def member(self, member_id: uuid.UUID | None) -> str:
        return self.members.get(member_id, "") if member_id else ""

    def person(self, staff_id: uuid.UUID | None) -> str:
        return self.staff.get(staff_id, "") if staff_id else ""


def _summed(lines: Iterable[Line], key: Callable[[Line], K], sign: int = -1) -> dict[K, int]:
    sums: dict[K, int] = {}
    for line in lines:
        sums[key(line)] = sums.get(key(line), 0) + sign * line.amount
    return sums


def _settled_kind(reader: Reader, line: Line) -> LedgerKind:
    debit = reader.one(LINE, line=line.settles) if line.settles else None
    return debit.kind if debit else line.kind


def _receipt(receipt: ReceiptFacts, valid: Set[uuid.UUID | None], names: _Names) -> ReceiptRow:
    who = names.person(receipt.staff_id)
    return ReceiptRow(receipt, names.member(receipt.member_id), who, void=receipt.id not in valid)


def _waiver(reader: Reader, line: Line, names: _Names) -> WaiverRow:
    kind = _settled_kind(reader, line)
    who, second = names.person(line.staff_id), names.person(line.approved_by)
    return WaiverRow(kind, -line.amount, names.member(line.member_id), line.reason or "", who, second)


def _drawers(reader: Reader, day: dt.date) -> list[Drawer]:
    return reader.all(DRAWERS, start=midnight(day), end=midnight(day + dt.timedelta(days=1)))


def _drawer(reader: Reader, drawer: Drawer, staff: Mapping[uuid.UUID, str]) -> DrawerRow:
    closed_by = staff.get(drawer.closed_by, "") if drawer.closed_by else ""
    return DrawerRow(drawer, expected_in(reader, drawer), staff.get(drawer.opened_by, ""), closed_by)
