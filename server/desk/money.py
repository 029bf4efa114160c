"""Money at the headless desk: paying, waiving, giving back, charging. Rials."""

import uuid
from typing import Annotated, assert_never

from msgspec import Meta

from app.accounts.agreement import Second, set_waiver_limit
from app.accounts.charges import Charge, Refund, charge, refund
from app.accounts.outcomes import (
    AlreadyPaid,
    Charged,
    ChargeOutcome,
    Paid,
    PayOutcome,
    Refunded,
    RefundOutcome,
    Settled,
    Waived,
    WaiveOutcome,
)
from app.accounts.payments import Payment, pay
from app.accounts.waivers import Waiver, waive
from app.library import Person
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.staff.people import everybody
from db.codes import LedgerKind, PaymentMethod
from server.desk.answers import Facts, done, missing, refused, unreadable
from server.desk.circulation import of_member
from server.desk.keys import member_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Line, Name, Word

# Wider than what is accepted, so that a negative amount is refused with the reasons beside it.
Amount = Annotated[int, Meta(ge=-(10**15), le=10**15)]
Lines = Annotated[tuple[uuid.UUID, ...], Meta(max_length=400)]
Pin = Annotated[str, Meta(max_length=40)]


class Pay(Request, kw_only=True):
    """Take money; `lines` are the debts it is for, else the oldest first."""

    member: str
    amount: Amount
    method: PaymentMethod = PaymentMethod.CASH
    reference: Line = ""
    lines: Lines = ()


class Waive(Request, kw_only=True):
    """Forgive an amount, or what is open of some lines, or everything. `second` agrees with their PIN."""

    member: str
    amount: Amount | None = None
    lines: Lines = ()
    reason: Line = ""
    second: Name | None = None
    second_pin: Pin = ""


class GiveBack(Request, kw_only=True):
    """Give money back that is held for a member."""

    member: str
    amount: Amount
    method: PaymentMethod = PaymentMethod.CASH
    reference: Line = ""
    reason: Line = ""


class ChargeMember(Request, kw_only=True):
    """Write down a debt by hand."""

    member: str
    kind: LedgerKind
    amount: Amount
    reason: Line = ""
    item: Word | None = None


class WaiverLimit(Request, kw_only=True):
    """Up to how many rials one person waives alone."""

    amount: Amount


def take_payment(session: Session, request: Pay) -> Facts:
    """Take money for open debts."""
    member = member_key(session, request.member)
    if member is None:
        return unreadable(Sought.MEMBER)
    payment = Payment(member, request.amount, request.method, request.reference, request.lines)
    return _paid(pay(session.library, payment, session.act(request.key)))


def _paid(outcome: PayOutcome) -> Facts:
    match outcome:
        case Paid():
            return done(
                "paid",
                receipt=outcome.receipt,
                amount=outcome.amount,
                balance=outcome.balance,
                lines=_settled(outcome.lines),
                closed_loans=outcome.closed_loans,
                **of_member(outcome.member),
            )
        case AlreadyPaid():
            told = {"receipt": outcome.receipt, "amount": outcome.amount, "balance": outcome.balance}
            return done("already_done", **told, **of_member(outcome.member))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def forgive(session: Session, request: Waive) -> Facts:
    """Waive debts."""
    member, second = member_key(session, request.member), second_person(session, request.second, request.second_pin)
    if member is None:
        return unreadable(Sought.MEMBER)
    if isinstance(second, Refusal):
        return refused((second,))
    waiver = Waiver(member, request.reason, request.amount, request.lines, second)
    return _waived(waive(session.library, waiver, session.act(request.key)))


def _waived(outcome: WaiveOutcome) -> Facts:
    match outcome:
        case Waived():
            told = {"amount": outcome.amount, "balance": outcome.balance, "lines": _settled(outcome.lines)}
            return done("waived", **told, **of_member(outcome.member))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def second_person(session: Session, name: str | None, pin: str) -> Second | Refusal | None:
    """The person named beside the one at the desk, if any."""
    if name is None:
        return None
    wanted = clean(name, 120)
    with session.library.store.read() as reader:
        people = [person for person in everybody(reader) if person.active and person.name == wanted]
    if not people:
        return Refusal("staff.unknown")
    return Second(Person(people[0].id, people[0].name, people[0].role), pin)


def give_back(session: Session, request: GiveBack) -> Facts:
    """Give money back."""
    member = member_key(session, request.member)
    if member is None:
        return unreadable(Sought.MEMBER)
    wish = Refund(member, request.amount, request.reason, request.method, request.reference)
    return _refunded(refund(session.library, wish, session.act(request.key)))


def _refunded(outcome: RefundOutcome) -> Facts:
    match outcome:
        case Refunded():
            told = {"receipt": outcome.receipt, "amount": outcome.amount, "balance": outcome.balance}
            return done("refunded", **told, **of_member(outcome.member))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def write_debt(session: Session, request: ChargeMember) -> Facts:
    """Charge a member by hand."""
    member = member_key(session, request.member)
    if member is None:
        return unreadable(Sought.MEMBER)
    wish = Charge(member, request.kind, request.amount, request.reason, request.item)
    return _charged(charge(session.library, wish, session.act(request.key)))


def _charged(outcome: ChargeOutcome) -> Facts:
    match outcome:
        case Charged():
            told = {"line": outcome.line_id, "amount": outcome.amount, "balance": outcome.balance}
            return done("charged", **told, **of_member(outcome.member))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def limit_waivers(session: Session, request: WaiverLimit) -> Facts:
    """Set what one person may waive alone."""
    outcome = set_waiver_limit(session.library, request.amount, session.act(request.key))
    return refused(outcome.refusals) if isinstance(outcome, Refused) else done("set", amount=outcome.amount)


def _settled(lines: tuple[Settled, ...]) -> list[Facts]:
    return [{"line": line.line_id, "amount": line.amount} for line in lines]
