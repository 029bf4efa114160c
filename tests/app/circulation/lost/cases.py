"""Losses for tests: a lent book that costs 90,000 rials, what was paid of it, and what the ledger says."""

from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.lost.facts import Declared
from app.circulation.lost.settling import close_paid
from app.ledger.lines import Debt
from app.ledger.reads import balance_of, ledger_of
from app.ledger.writing import settle
from app.library import Library
from db.codes import ItemStatus, LedgerKind, PaymentMethod
from db.models.circulation import Loan
from db.models.items import Item
from tests.library import ACopy, AMember, act, put_policy, row, rows

PRICE, FEE, FINE_A_DAY = 90_000, 10_000, 500


def policy(library: Library, **parameters: object) -> None:
    """Fourteen days, 500 rials a day late, a fee of 10,000 for preparing a new copy; and what a test says."""
    known = {"loan_days": 14, "fine_per_day": FINE_A_DAY, "processing_fee": FEE, "overdues_block": "no"}
    put_policy(library, known | parameters)


def lose(library: Library, copy: ACopy, charge: int | None = None) -> Declared:
    """Declare a copy lost; nothing may speak against it."""
    outcome = declare_lost(library, LostRequest(copy.barcode, charge), act(library))
    assert isinstance(outcome, Declared), outcome
    return outcome


def debts(library: Library, member: AMember, kind: LedgerKind) -> list[Debt]:
    """The standing debts of a kind."""
    with library.store.read() as reader:
        return [debt for debt in ledger_of(reader, member.id).debts if debt.line.kind is kind]


def credit(
    library: Library, member: AMember, kind: LedgerKind, amount: int, of: LedgerKind = LedgerKind.LOST_ITEM
) -> None:
    """Pay or waive so much of a debt, as the money desk does: the loan closes when nothing of the price is left."""
    with library.store.write() as tx:
        ledger = ledger_of(tx, member.id)
        debt = next(debt for debt in ledger.debts if debt.line.kind is of)
        values = {"method": PaymentMethod.CASH} if kind is LedgerKind.PAYMENT else {"reason": "نیاز"}
        settle(tx, act(library), debt.line, kind, amount, **values)
        if of is LedgerKind.LOST_ITEM and debt.unsettled == amount and debt.line.loan_id is not None:
            close_paid(library, tx, (debt.line.loan_id,), act(library))
        tx.record("payment.taken", act(library))


def balance(library: Library, member: AMember) -> int:
    """What the reader owes, as the store keeps it; and it must be the sum of the lines."""
    with library.store.read() as reader:
        kept, ledger = balance_of(reader, member.id), ledger_of(reader, member.id)
    assert kept == ledger.balance
    return kept


def refundable(library: Library, member: AMember) -> int:
    """What may be paid out."""
    with library.store.read() as reader:
        return ledger_of(reader, member.id).refundable


def status(library: Library, copy: ACopy) -> ItemStatus:
    """Where the copy stands."""
    found: ItemStatus = row(library, Item, copy.id).status
    return found


def the_loan(library: Library, copy: ACopy) -> Loan:
    """The one loan of the copy."""
    (found,) = rows(library, Loan, item_id=copy.id)
    loan: Loan = found
    return loan
