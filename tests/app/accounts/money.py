"""Money for tests: debts to pay, people to agree, and what the ledger says."""

import uuid
from typing import Any

from app.accounts.agreement import Second
from app.accounts.charges import Charge, charge
from app.accounts.outcomes import Charged, Paid
from app.accounts.payments import Payment, pay
from app.ledger.lines import Ledger
from app.ledger.reads import balance_of, ledger_of
from app.library import Library, Person
from app.outcome import Refused
from app.staff.pins import hash_pin
from db.codes import LedgerKind, Role
from db.models.library import Staff
from tests.library import AMember, act

PIN = "2718"


def owe(
    library: Library, member: AMember, amount: int = 10_000, kind: LedgerKind = LedgerKind.DAMAGE, **more: Any
) -> uuid.UUID:
    """A debt written by hand; the line."""
    outcome = charge(library, Charge(member.card, kind, amount, more.pop("reason", "آزمون"), **more), act(library))
    assert isinstance(outcome, Charged), outcome
    return outcome.line_id


def paid(library: Library, member: AMember, amount: int, **more: Any) -> Paid:
    """Money taken; nothing may speak against it."""
    outcome = pay(library, Payment(member.card, amount, **more), act(library))
    assert isinstance(outcome, Paid), outcome
    return outcome


def account(library: Library, member: AMember) -> Ledger:
    """The ledger of a member."""
    with library.store.read() as reader:
        ledger = ledger_of(reader, member.id)
        assert ledger.balance == balance_of(reader, member.id)
    return ledger


def colleague(library: Library, role: Role = Role.LIBRARIAN, name: str = "مینا صالحی", **columns: Any) -> Person:
    """Somebody who works here and has a PIN."""
    with library.store.write() as tx:
        person = tx.insert(Staff, name=name, role=role, pin_hash=hash_pin(PIN), **columns)
        tx.record("staff.added", act(library))
    return Person(person, name, role)


def beside(person: Person, pin: str = PIN) -> Second:
    """A second person who agrees."""
    return Second(person, pin)


def codes(outcome: object) -> list[str]:
    """Why something was refused."""
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]
