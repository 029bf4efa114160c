"""The life of a binding request, and which copy may go to the bindery (002 م13). Pure."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.binding.facts import BindingCopy, RowFacts
from app.calendar.rules import add_months, later
from app.form import invalid
from app.guideline.table import Terms
from app.refusal import Refusal, Weight
from db.codes import WEEDED, BindingOutcome, BindingState, Condition, ItemStatus

NAMED = 3
MOST_ROWS = 120
"""Copies on one request: a carton or three, and what one entry of the journal can tell when all come back at once."""
AT_HAND = frozenset({ItemStatus.AVAILABLE, ItemStatus.IN_PROCESSING})
# Where a copy may stand that comes back from the bindery and thereby is on its shelf again.
COMES_BACK_FROM = frozenset({ItemStatus.IN_BINDING, ItemStatus.MISSING, ItemStatus.UNKNOWN, ItemStatus.IN_TRANSIT})
GOOD_AGAIN: Mapping[BindingOutcome, Condition] = MappingProxyType(
    {
        BindingOutcome.BOUND: Condition.GOOD,
        BindingOutcome.MENDED: Condition.GOOD,
        BindingOutcome.UNBINDABLE: Condition.UNBINDABLE,  # and so a candidate of the worn (002 م4-1-ج)
    }
)


class Step(StrEnum):
    """What is done with a request."""

    LIST = "list"
    STRIKE = "strike"
    REQUEST = "request"
    LETTER = "letter"
    DISPATCH = "dispatch"
    MARK = "mark"
    RECEIVE = "receive"
    FINISH = "finish"
    BILL = "bill"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Transition:
    """What a request becomes by a step, and the article that asks for it (002)."""

    becomes: BindingState
    article: str


TRANSITIONS: Mapping[tuple[BindingState | None, Step], Transition] = MappingProxyType(
    {
        (None, Step.LIST): Transition(BindingState.DRAFT, "13-4"),
        (BindingState.DRAFT, Step.LIST): Transition(BindingState.DRAFT, "13-4"),
        (BindingState.DRAFT, Step.STRIKE): Transition(BindingState.DRAFT, "13-6"),
        (BindingState.DRAFT, Step.REQUEST): Transition(BindingState.REQUESTED, "13-6"),
        (BindingState.DRAFT, Step.CANCEL): Transition(BindingState.CANCELLED, "13-6"),
        (BindingState.REQUESTED, Step.LETTER): Transition(BindingState.REQUESTED, "13-4"),
        (BindingState.REQUESTED, Step.DISPATCH): Transition(BindingState.DISPATCHED, "13-5"),
        (BindingState.REQUESTED, Step.CANCEL): Transition(BindingState.CANCELLED, "13-5"),
        (BindingState.DISPATCHED, Step.LETTER): Transition(BindingState.DISPATCHED, "13-4"),
        (BindingState.DISPATCHED, Step.MARK): Transition(BindingState.DISPATCHED, "13-11"),
        (BindingState.DISPATCHED, Step.RECEIVE): Transition(BindingState.DISPATCHED, "13-7"),
        (BindingState.DISPATCHED, Step.FINISH): Transition(BindingState.RECEIVED, "13-7"),
        (BindingState.DISPATCHED, Step.BILL): Transition(BindingState.DISPATCHED, "13-9"),
        (BindingState.RECEIVED, Step.LETTER): Transition(BindingState.RECEIVED, "13-4"),
        (BindingState.RECEIVED, Step.BILL): Transition(BindingState.RECEIVED, "13-9"),
    }
)


# Said to whoever wants a step that the request is not at: where it stands.
STANDS: Mapping[BindingState, str] = MappingProxyType(
    {
        BindingState.DRAFT: "binding.is_draft",
        BindingState.REQUESTED: "binding.is_requested",
        BindingState.DISPATCHED: "binding.is_dispatched",
        BindingState.RECEIVED: "binding.is_received",
        BindingState.CANCELLED: "binding.is_cancelled",
    }
)


def step_refusals(state: BindingState, step: Step) -> Iterator[Refusal]:
    """A step that the request is not at."""
    if (state, step) not in TRANSITIONS:
        yield Refusal(STANDS[state], "002 م13-5")


def listing_refusals(copy: BindingCopy, listed: int) -> Iterator[Refusal]:
    """Every reason why this copy may not go on the request; `listed` copies are on it already. A manuscript may: to
    bind is not to weed."""
    if copy.status in WEEDED or copy.status is ItemStatus.REPLACED:
        yield Refusal("binding.weeded", "002 م8-1")
    elif copy.status is ItemStatus.ON_LOAN:
        yield Refusal("binding.on_loan", "002 م13-5")
    elif copy.status is ItemStatus.IN_BINDING and copy.open_state is None:
        yield Refusal("binding.there_already", "002 م13-11")
    elif copy.status not in AT_HAND and copy.open_state is None:
        yield Refusal("binding.not_here", "002 م13-5")
    if copy.on_minutes_id is not None:
        yield Refusal("binding.on_minutes", "002 م7-4")
    if copy.kept:
        yield Refusal("binding.kept_for_reader", "002 م13-5")
    if copy.open_state is not None:
        yield Refusal("binding.on_request", "002 م13-6")
    if copy.condition is Condition.UNBINDABLE:
        yield Refusal("binding.given_up", "002 م4-1-ج", weight=Weight.CONFIRM)
    if listed >= MOST_ROWS:
        yield Refusal("binding.full", "002 م13-6", MOST_ROWS, listed)


def due_day(sent_on: dt.date, terms: Terms) -> dt.date:
    """The day by which the bindery is to be done: a Jalali month after the request was sent, «پس از ارسال درخواست»
    (002 م13-7). Until its books leave, that is the day on which it got its number."""
    return add_months(sent_on, terms.binding_months)


def long_away_since(day: dt.date, terms: Terms) -> dt.date:
    """What was sent on this day or before is «در حال صحّافی» by now, if it is not back (002 م13-11)."""
    return later(day, -terms.binding_status_days)


def changes_status(chosen: bool | None, promised_days: int | None, terms: Terms) -> bool:
    """Whether the copies change their status as they leave: by choice; else when the bindery needs two weeks or more
    by its own word (002 م13-11)."""
    if chosen is not None:
        return chosen
    return promised_days is not None and promised_days >= terms.binding_status_days


def stays_behind(row: RowFacts) -> bool:
    """Whether a listed copy cannot leave with the others: it is with a reader or lost, or on weeding minutes, which it
    may not leave the house on (002 م7-4), or on the hold shelf."""
    return row.status not in AT_HAND or row.on_minutes_id is not None or row.kept


def finalising_refusals(rows: Sequence[RowFacts]) -> Iterator[Refusal]:
    """The form says that so many copies were handed over (002 پیوست پنج): those that are not there come off first."""
    behind = [row for row in rows if stays_behind(row)]
    if not rows:
        yield Refusal("binding.empty", "002 م13-6")
    elif behind:
        yield Refusal("binding.not_all_here", "002 م13-6", have=len(behind), facts={"titles": _titles(behind)})


def receipt_refusals(received_on: dt.date, sent_on: dt.date | None, today: dt.date) -> Iterator[Refusal]:
    """What was not away cannot have come back."""
    if received_on > today:
        yield invalid("received_on", received_on)
    if sent_on is not None and received_on < sent_on:
        yield Refusal("binding.back_before_sent", "002 م13-7", facts={"sent_on": sent_on})


def otherwise_refusals(copy: BindingCopy, outcome: BindingOutcome) -> Iterator[Refusal]:
    """Another outcome for a copy that was received today. What is in a reader's name is here, and so not lost."""
    if outcome is BindingOutcome.LOST and (copy.kept or copy.status not in (ItemStatus.AVAILABLE, *WEEDED)):
        yield Refusal("binding.not_sent", "002 م13-5")
    else:
        yield Refusal("binding.received_otherwise", "002 م13-7", weight=Weight.CONFIRM)


def dispatch_refusals(
    rows: Sequence[RowFacts], dispatched_on: dt.date, requested_on: dt.date | None, today: dt.date
) -> Iterator[Refusal]:
    """The books go with the request (002 م13-5); whether without those that are not there is asked."""
    if dispatched_on > today or (requested_on is not None and dispatched_on < requested_on):
        yield invalid("dispatched_on", dispatched_on)
    behind = [row for row in rows if stays_behind(row)]
    if len(behind) == len(rows):
        yield Refusal("binding.nothing_to_send", "002 م13-5")
    elif behind:
        facts = {"titles": _titles(behind)}
        yield Refusal("binding.stays_behind", "002 م13-5", have=len(behind), weight=Weight.CONFIRM, facts=facts)


def _titles(rows: Sequence[RowFacts]) -> str:
    named = "، ".join(f"«{row.title}»" for row in rows[:NAMED])
    return f"{named}، …" if len(rows) > NAMED else named
