"""What the desk is told about a loan that was made: it refuses nothing. Pure; the words stand in `app.wording`."""

import datetime as dt
from collections.abc import Iterator, Sequence

from app.circulation.facts import AlertFacts
from app.circulation.rules import LOST, UNLENDABLE, CheckoutFacts
from app.policy.choices import LostItem, OnOtherCard, OverduesBlock
from app.refusal import Note, NoteWeight
from db.codes import AlertWeight

ENDING_SOON = dt.timedelta(days=14)
"""A membership that ends within this time is mentioned."""


def checkout_notes(facts: CheckoutFacts) -> Iterator[Note]:
    """Everything worth knowing about this loan that was no question before it."""
    yield from copy_notes(facts)
    yield from member_notes(facts)
    yield from alert_notes(alert for alert in facts.alerts if alert.weight is AlertWeight.MESSAGE)


def copy_notes(facts: CheckoutFacts) -> Iterator[Note]:
    """Where the copy was, and why its due date is sooner than usual."""
    status, terms = facts.item.status, facts.terms
    if status in LOST and terms.choice("lost_item") == LostItem.ALERT:
        yield Note(UNLENDABLE[status], NoteWeight.ALERT)
    if facts.loan is not None and terms.choice("on_other_card") == OnOtherCard.RETURN_THEN_LEND:
        yield Note("loan.returned_first", NoteWeight.ALERT, {"due_on": facts.loan.due_on})
    if facts.from_hall is not None:
        yield Note("loan.from_hall")
    if facts.cut_by_queue:
        yield Note("loan.cut_by_queue", NoteWeight.ALERT, {"due_on": facts.due_on})


def member_notes(facts: CheckoutFacts) -> Iterator[Note]:
    """Debt that does not block, late books that do not matter, a membership that ends, a doubted telephone."""
    member, standing = facts.member, facts.standing
    if standing.debt > 0:
        yield Note("member.debt", NoteWeight.ALERT, {"debt": standing.debt})
    if standing.debt < 0:
        yield Note("member.credit", facts={"credit": -standing.debt})
    if standing.overdue and facts.terms.choice("overdues_block") == OverduesBlock.NO:
        yield Note("member.overdues", NoteWeight.ALERT, {"overdue": standing.overdue})
    ends, due_on = member.expires_on, facts.due_on or facts.day
    if ends is not None and facts.day <= ends <= max(facts.day + ENDING_SOON, due_on):
        yield Note("member.ending", facts={"expires_on": ends})
    if member.contact_doubtful:
        yield Note("member.contact_doubtful")
    if member.birth_date is None and (facts.item.min_age is not None or facts.terms.limit("min_age") is not None):
        yield Note("member.age_unknown")


def alert_notes(alerts: Iterator[AlertFacts] | Sequence[AlertFacts]) -> Iterator[Note]:
    """Notes somebody left on the reader or the copy, as they were written."""
    for alert in alerts:
        yield Note("item.alert" if alert.of_item else "member.alert", NoteWeight.ALERT, {"text": alert.text})
