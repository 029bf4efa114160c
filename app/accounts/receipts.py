"""Receipts: a number without gaps for every payment and refund, and finding one again."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.asking import LONGEST_REFERENCE
from app.accounts.cash import open_drawer
from app.ledger.lines import Ledger, Line
from app.library import HERE, Library
from app.persian.text import clean
from app.settings import Setting
from db.act import Act
from db.codes import PaymentMethod
from db.frozen import Frozen
from db.models.circulation import Receipt
from db.reading import Reader
from db.writing import Tx

NUMBERS = "receipt"
PAPER = Setting("receipt_paper", "80")
"""On what receipts are printed here: one of `reports.receipts.ReceiptPaper`."""


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """A receipt as stored; `amount` is below zero when money was given back."""

    id: uuid.UUID
    number: int
    member_id: uuid.UUID | None
    amount: int
    at: dt.datetime
    day: dt.date
    method: PaymentMethod
    reference: str | None
    staff_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Money:
    """By which way money goes, with the reference of a terminal, wallet or grant."""

    amount: int
    method: PaymentMethod
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """A receipt just made, and the drawer its money goes over."""

    id: uuid.UUID
    number: int
    cash_session_id: uuid.UUID | None


RECEIPT_COLUMNS = (
    Receipt.id, Receipt.number, Receipt.member_id, Receipt.amount, Receipt.at, Receipt.day, Receipt.method,
    Receipt.reference, Receipt.staff_id,
)  # fmt: skip
BY_NUMBER = Frozen(
    sa.select(*RECEIPT_COLUMNS).where(Receipt.branch_id == HERE, Receipt.number == sa.bindparam("number")),
    ReceiptFacts,
)
BY_ID = Frozen(sa.select(*RECEIPT_COLUMNS).where(Receipt.id == sa.bindparam("receipt")), ReceiptFacts)


def receipt_with_number(reader: Reader, number: int) -> ReceiptFacts | None:
    """The receipt of a number."""
    return reader.one(BY_NUMBER, number=number)


def issue(tx: Tx, act: Act, member_id: uuid.UUID, money: Money) -> Issued:
    """Give the next receipt; cash goes over the open drawer of the desk, where there is one."""
    number = tx.next_number(NUMBERS)
    receipt = tx.insert(
        Receipt, number=number, member_id=member_id, amount=money.amount, at=act.at, day=act.day, method=money.method,
        reference=reference(money), staff_id=act.staff_id,
    )  # fmt: skip
    drawer = open_drawer(tx, act.desk) if money.method is PaymentMethod.CASH else None
    return Issued(receipt, number, drawer.id if drawer else None)


def reference(money: Money) -> str | None:
    """The reference as kept."""
    return clean(money.reference, LONGEST_REFERENCE) or None


def lines_on(ledger: Ledger, receipt_id: uuid.UUID) -> tuple[Line, ...]:
    """The lines a receipt stands for, without those that took them back."""
    return tuple(line for line in ledger.lines if line.receipt_id == receipt_id and line.opposes is None)


def is_void(ledger: Ledger, receipt_id: uuid.UUID) -> bool:
    """Whether what the receipt stands for was taken back."""
    lines = lines_on(ledger, receipt_id)
    return bool(lines) and not any(ledger.counts(line) for line in lines)


def receipt_paper(library: Library) -> str:
    """What receipts are printed on here."""
    with library.store.read() as reader:
        return PAPER.read(reader)


def set_receipt_paper(library: Library, paper: str) -> None:
    """Print receipts on another paper from now on."""
    with library.store.write() as tx:
        PAPER.write(tx, paper)
