"""Waiving debts: with a reason, never one's own, and above an amount with a second person."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from app.accounts.agreement import Second, agreement_refusals, pin_refusals
from app.accounts.asking import LONGEST_REASON, amount_refusals, line_refusals, owed, reason_refusals
from app.accounts.outcomes import Settled, Waived, WaiveOutcome
from app.actions import Action
from app.circulation.reads import find_member
from app.ledger.lines import MOST_LINES, Ledger
from app.ledger.reads import balance_of, ledger_of
from app.ledger.writing import settle
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import LedgerKind
from db.journal import Intent


@dataclass(frozen=True, slots=True)
class Waiver:
    """What is waived of whom, and why: an amount (rial), or all that is open of some lines or of all."""

    member: str
    reason: str
    amount: int | None = None
    lines: tuple[uuid.UUID, ...] = ()
    second: Second | None = None


def waive(library: Library, waiver: Waiver, act: Act) -> WaiveOutcome:
    """Waive open debts, the oldest first."""
    wrong_pin = pin_refusals(library, waiver.second, act)
    with library.store.write() as tx:
        member = find_member(tx, waiver.member)
        if member is None:
            return NotFound(Sought.MEMBER, waiver.member)
        ledger = ledger_of(tx, member.id)
        amount = owed(ledger, waiver.lines) if waiver.amount is None else waiver.amount
        refused = (
            *library.forbids(act, Action.WAIVE),
            *reason_refusals(waiver.reason),
            *amount_refusals(amount),
            *line_refusals(ledger, waiver.lines),
            *_ceiling_refusals(ledger, waiver, amount),
            *agreement_refusals(library, tx, member.id, amount, waiver.second, act),
            *wrong_pin,
        )
        if refused:
            return Refused(refused)
        reason = clean(waiver.reason, LONGEST_REASON)
        shares = ledger.shares(amount, waiver.lines)
        second = waiver.second.person.id if waiver.second else None
        for share in shares:
            settle(tx, act, share.debt.line, LedgerKind.WAIVER, share.amount, reason=reason, approved_by=second)
        tx.record("debt.waived", act, Intent(reason=reason))
        lines = tuple(Settled(share.debt.line.id, share.amount) for share in shares)
        return Waived(member, amount, balance_of(tx, member.id), lines)


def _ceiling_refusals(ledger: Ledger, waiver: Waiver, amount: int) -> Iterator[Refusal]:
    open_amount = owed(ledger, waiver.lines)
    if amount > open_amount:
        yield Refusal("waiver.above_debt", limit=open_amount, have=amount)
    if len(ledger.shares(amount, waiver.lines)) > MOST_LINES:
        yield Refusal("payment.too_many_lines", limit=MOST_LINES)
