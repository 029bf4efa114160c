"""Accounts as screens, papers and the desk protocol show them: what lines are for, and what is open. Rials."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.receipts import BY_ID, ReceiptFacts, is_void, lines_on
from app.circulation.facts import MemberFacts
from app.circulation.reads import BY_MEMBER_ID
from app.ledger.lines import Ledger, Line
from app.ledger.reads import ledger_of
from app.library import HERE
from db.codes import LedgerKind
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import LedgerLine, Loan, Receipt
from db.models.items import Item
from db.models.library import Staff
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class LoanOf:
    """The loan that lines belong to."""

    loan_id: uuid.UUID
    title: str
    volume_no: str | None
    accession_no: int
    out_on: dt.date
    due_on: dt.date
    in_on: dt.date | None
    lost_on: dt.date | None


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A line with what it says beside the stored columns.

    `counts`: it was not taken back; `outstanding` of a debt that counts; `receipt` and `staff` in words people know.
    """

    line: Line
    counts: bool
    outstanding: int
    paid: int
    forgiven: int
    receipt: int | None
    staff: str
    loan: LoanOf | None


@dataclass(frozen=True, slots=True)
class Account:
    """What the library and one member owe each other. `refundable` may be given back in money."""

    member: MemberFacts
    lines: tuple[AccountLine, ...]
    balance: int
    outstanding: int
    refundable: int

    @property
    def open_lines(self) -> tuple[AccountLine, ...]:
        """Debts of which something is left to pay, oldest first."""
        return tuple(line for line in self.lines if line.outstanding > 0)


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt with what it was for. `void`: what it stands for was taken back."""

    receipt: ReceiptFacts
    member: MemberFacts | None
    staff: str
    parts: tuple["ReceiptPart", ...]
    void: bool


@dataclass(frozen=True, slots=True)
class ReceiptPart:
    """What of a receipt went to one debt: its kind and its book."""

    kind: LedgerKind
    amount: int
    loan: LoanOf | None


LOANS_OF_LINES = Frozen(
    sa.select(
        Loan.id, Title.title, Item.volume_no, Item.accession_no, Loan.out_on, Loan.due_on, Loan.effective_in_on,
        Loan.lost_on,
    )
    .join(Item, Item.id == Loan.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(
        Loan.id.in_(
            sa.select(LedgerLine.loan_id).where(
                LedgerLine.member_id == sa.bindparam("member"), LedgerLine.deleted_at.is_(None)
            )
        )
    ),
    LoanOf,
)  # fmt: skip
STAFF_NAMES = Frozen(sa.select(Staff.id, Staff.name), lambda staff_id, name: (staff_id, name))
RECEIPT_NUMBERS = Frozen(
    sa.select(Receipt.id, Receipt.number).where(
        Receipt.id.in_(
            sa.select(LedgerLine.receipt_id).where(
                LedgerLine.member_id == sa.bindparam("member"), LedgerLine.deleted_at.is_(None)
            )
        )
    ),
    lambda receipt_id, number: (receipt_id, number),
)
RECEIPT_BY_NUMBER = Frozen(
    sa.select(Receipt.id).where(Receipt.branch_id == HERE, Receipt.number == sa.bindparam("number")),
    lambda found: found,
)


def account_of(reader: Reader, member: MemberFacts) -> Account:
    """The whole account of a member, the oldest line first."""
    ledger = ledger_of(reader, member.id)
    loans = {loan.loan_id: loan for loan in reader.all(LOANS_OF_LINES, member=member.id)}
    receipts, names = dict(reader.all(RECEIPT_NUMBERS, member=member.id)), staff_names(reader)
    debts = {debt.line.id: debt for debt in ledger.debts}

    def shown(line: Line) -> AccountLine:
        debt = debts.get(line.id)
        return AccountLine(
            line=line,
            counts=ledger.counts(line),
            outstanding=debt.outstanding if debt else 0,
            paid=debt.paid if debt else 0,
            forgiven=debt.forgiven if debt else 0,
            receipt=receipts.get(line.receipt_id) if line.receipt_id else None,
            staff=names.get(line.staff_id, ""),
            loan=loans.get(line.loan_id) if line.loan_id else None,
        )

    lines = tuple(map(shown, ledger.lines))
    return Account(member, lines, ledger.balance, ledger.outstanding, ledger.refundable)


def account_with(reader: Reader, member_id: uuid.UUID) -> Account | None:
    """The account of a member by id."""
    member = reader.one(BY_MEMBER_ID, key=member_id)
    return None if member is None else account_of(reader, member)


def staff_names(reader: Reader) -> dict[uuid.UUID, str]:
    """Names of all who ever worked here."""
    return dict(reader.all(STAFF_NAMES))


def receipt_view(reader: Reader, number: int) -> ReceiptView | None:
    """A receipt by its number, with what it was for."""
    receipt_id = reader.one(RECEIPT_BY_NUMBER, number=number)
    receipt = reader.one(BY_ID, receipt=receipt_id) if receipt_id else None
    if receipt is None:
        return None
    names = staff_names(reader)
    if receipt.member_id is None:  # the reader was erased; the receipt stays
        return ReceiptView(receipt, None, names.get(receipt.staff_id, ""), (), void=False)
    member, ledger = reader.one(BY_MEMBER_ID, key=receipt.member_id), ledger_of(reader, receipt.member_id)
    loans = {loan.loan_id: loan for loan in reader.all(LOANS_OF_LINES, member=receipt.member_id)}
    parts = _parts(ledger, lines_on(ledger, receipt.id), loans)
    return ReceiptView(receipt, member, names.get(receipt.staff_id, ""), parts, is_void(ledger, receipt.id))


def _parts(ledger: Ledger, lines: Sequence[Line], loans: dict[uuid.UUID, LoanOf]) -> tuple[ReceiptPart, ...]:
    """What was paid, together for the lines of one kind and one loan: a fine that grew by the day is one fine."""
    amounts: dict[tuple[LedgerKind, uuid.UUID | None], int] = {}
    for line in lines:
        debit = ledger.find(line.settles) if line.settles else None
        key = (debit.kind, debit.loan_id) if debit else (line.kind, line.loan_id)
        amounts[key] = amounts.get(key, 0) - line.amount
    return tuple(
        ReceiptPart(kind, amount, loans.get(loan_id) if loan_id else None)
        for (kind, loan_id), amount in amounts.items()
    )
