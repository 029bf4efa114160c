"""The rules of holds, over frozen facts: who may wait for what, who is served, when a hold ends. Pure: no store, no
clock.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.calendar.rules import Calendar
from app.circulation.facts import Ban, HoldFacts, ItemFacts, MemberFacts, Standing
from app.circulation.rules import UNLENDABLE, age_on, is_in_turn, member_refusals, money_refusals, waits_for
from app.policy.choices import HoldFeeWhen, Loanable
from app.policy.table import Terms
from app.refusal import Refusal
from db.codes import Condition, HoldState, ItemFlag, ItemStatus

# States out of which a copy comes back by itself: one may wait for it.
WILL_BE_BACK = frozenset({ItemStatus.IN_BINDING, ItemStatus.IN_TRANSIT, ItemStatus.IN_PROCESSING})
IN_LINE = frozenset({HoldState.QUEUED, HoldState.SUSPENDED})
LIVE = IN_LINE | {HoldState.WAITING}


class HoldEnd(StrEnum):
    """Why a hold ended without a person having said so."""

    NOT_COLLECTED = "not_collected"
    NOT_WANTED_LONGER = "not_wanted_longer"
    WEEDED = "weeded"


@dataclass(frozen=True, slots=True)
class OwnHold:
    """A live hold of the reader: on which title, and on which copy if it names one or has one on the hold shelf."""

    id: uuid.UUID
    title_id: uuid.UUID
    item_id: uuid.UUID | None
    of_type: bool
    placed_on: dt.date


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """Everything a decision to let somebody wait rests on.

    `copies` are those that may serve: all of the title, or the one asked for (`item_id`). `free` of them stand on the
    shelf with nobody waiting. `own` are the reader's live holds; `has_title`: the reader has the title in hand.
    """

    member: MemberFacts
    bans: Sequence[Ban]
    standing: Standing
    terms: Terms
    day: dt.date
    title_id: uuid.UUID
    copies: Sequence[ItemFacts]
    own: Sequence[OwnHold]
    free: int = 0
    has_title: bool = False
    item_id: uuid.UUID | None = None
    until: dt.date | None = None


def place_refusals(facts: PlaceFacts) -> Iterator[Refusal]:
    """Every reason against this hold."""
    yield from member_refusals(facts.member, facts.bans, facts.day)
    yield from money_refusals(facts.standing, facts.terms)
    yield from age_refusals(facts)
    yield from copies_refusals(facts)
    yield from own_refusals(facts)
    yield from count_refusals(facts)
    if facts.until is not None and facts.until < facts.day:
        yield Refusal("hold.until_past", facts={"until": facts.until})


def age_refusals(facts: PlaceFacts) -> Iterator[Refusal]:
    """Too young for this kind of material or this title (003 م8): the copy would be refused when it comes."""
    of_title = (copy.min_age for copy in facts.copies[:1])
    limits = [age for age in (facts.terms.limit("min_age"), *of_title) if age is not None]
    born = facts.member.birth_date
    if limits and born is not None and age_on(born, facts.day) < max(limits):
        yield Refusal("member.age", facts.terms.decided_by("min_age"), max(limits), age_on(born, facts.day))


def copies_refusals(facts: PlaceFacts) -> Iterator[Refusal]:
    """At least one copy must be able to serve; one that is free is taken off the shelf instead, where the policy wants
    that."""
    reasons = [tuple(copy_refusals(copy, facts.terms)) for copy in facts.copies]
    if not reasons:
        yield Refusal("hold.no_copy")
    elif all(reasons):
        yield from {reason.code: reason for of_copy in reasons for reason in of_copy}.values()
    if facts.free > 0 and not facts.terms.flag("hold_on_shelf"):
        yield Refusal("hold.on_shelf", facts.terms.decided_by("hold_on_shelf"), have=facts.free)


def copy_refusals(copy: ItemFacts, terms: Terms) -> Iterator[Refusal]:
    """Why a copy could never serve a hold on these terms."""
    code = UNLENDABLE.get(copy.status)
    if code is not None and copy.status not in WILL_BE_BACK:
        yield Refusal(code)
    if copy.on_minutes_id is not None:
        yield Refusal("item.on_weeding_minutes", "002 م7-4")
    if terms.choice("loanable") != Loanable.YES:
        yield Refusal("item.not_for_loan", terms.decided_by("loanable"))
    elif ItemFlag.NOT_FOR_LOAN in copy.flags:
        yield Refusal("item.not_for_loan", facts={"flag": ItemFlag.NOT_FOR_LOAN.value})
    if copy.condition is Condition.DAMAGED and not terms.flag("hold_damaged"):
        yield Refusal("hold.damaged", terms.decided_by("hold_damaged"))


def own_refusals(facts: PlaceFacts) -> Iterator[Refusal]:
    """What the reader has already: the title in hand, or a hold on this very copy."""
    if facts.has_title and not facts.terms.flag("allow_hold_on_own_loan"):
        yield Refusal("hold.own_loan", facts.terms.decided_by("allow_hold_on_own_loan"))
    if facts.item_id is not None and any(hold.item_id == facts.item_id for hold in facts.own):
        yield Refusal("hold.already_on_item")


def count_refusals(facts: PlaceFacts) -> Iterator[Refusal]:
    """The reader's holds against the policy's ceilings; those that have ended count no more."""
    counts = {
        "max_holds": ("hold.limit", len(facts.own)),
        "max_per_type": ("hold.limit", sum(hold.of_type for hold in facts.own)),
        "max_per_title": ("hold.per_title", sum(hold.title_id == facts.title_id for hold in facts.own)),
        "max_per_day": ("hold.per_day", sum(hold.placed_on == facts.day for hold in facts.own)),
    }
    for parameter, (code, have) in counts.items():
        limit = facts.terms.limit(parameter)
        if limit is not None and have >= limit:
            yield Refusal(code, facts.terms.decided_by(parameter), limit, have)


def fee_due(terms: Terms, when: HoldFeeWhen) -> int:
    """The fee (rial) that falls due when a hold is placed, or collected."""
    return terms.number("hold_fee") if terms.choice("hold_fee_when") == when else 0


def free_copies(copies: Iterable[ItemFacts], queue: Sequence[HoldFacts], day: dt.date) -> int:
    """How many of the copies stand on the shelf for nobody: on the hold shelf for none, and in no queue's turn."""
    standing = [copy for copy in copies if stands_free(copy, queue)]
    return len(standing) - len(serve(standing, queue, day))


def stands_free(copy: ItemFacts, queue: Iterable[HoldFacts]) -> bool:
    """Whether a copy stands on the open shelf: here, not at the bindery, on no minutes, not on the hold shelf."""
    if copy.status is not ItemStatus.AVAILABLE or copy.at_bindery or copy.on_minutes_id is not None:
        return False
    return not any(hold.state is HoldState.WAITING and hold.item_id == copy.id for hold in queue)


def serve(
    copies: Sequence[ItemFacts],
    queue: Sequence[HoldFacts],
    day: dt.date,
    barred: Collection[tuple[uuid.UUID, uuid.UUID]] = (),
) -> dict[uuid.UUID, ItemFacts]:
    """Which copy each hold of one title's queue would get, by turn: the hold's id and the copy.

    Who waits for any copy is given one that nobody wants in particular, if there is one. `barred` are pairs of hold and
    copy that do not go together (a damaged copy, where the reader's policy keeps it back).
    """
    wanted = {hold.item_id for hold in queue if hold.only_this_item and is_in_turn(hold, day)}
    left = sorted(copies, key=lambda copy: copy.id in wanted)
    given: dict[uuid.UUID, ItemFacts] = {}
    for hold in queue:
        fits = (copy for copy in left if waits_for(hold, copy, day) and (hold.id, copy.id) not in barred)
        copy = next(fits, None)
        if copy is not None:
            given[hold.id] = copy
            left.remove(copy)
    return given


def positions(queue: Sequence[HoldFacts]) -> Mapping[uuid.UUID, int]:
    """The place of everybody in line, 1 and up without gaps; who has a copy on the hold shelf is in line no more."""
    line = (hold for hold in queue if hold.state in IN_LINE)
    return {hold.id: place for place, hold in enumerate(line, start=1)}


def moved(queue: Sequence[HoldFacts], hold_id: uuid.UUID, position: int) -> Mapping[uuid.UUID, int]:
    """The new priorities of those in line whose priority changes when one of them goes to `position` (from 1; beyond
    the end means the end)."""
    line = [hold for hold in queue if hold.state in IN_LINE]
    was = {hold.id: hold.priority for hold in line}
    mover = next(hold for hold in line if hold.id == hold_id)
    line.remove(mover)
    line.insert(max(position, 1) - 1, mover)
    became: dict[uuid.UUID, int] = {}
    last: int | None = None
    for hold, priority in zip(line, sorted(was.values()), strict=True):
        last = priority if last is None else max(priority, last + 1)
        became[hold.id] = last
    return {key: priority for key, priority in became.items() if priority != was[key]}


def is_over(shelf_until: dt.date, day: dt.date, calendar: Calendar, *, expires_on_closed_days: bool) -> bool:
    """Whether a copy has stood on the hold shelf for too long.

    The five cases of Koha's CancelExpiredReserves: (1) a deadline of today is not over; (2) an earlier one is over on
    an open day; (3) on a closed day it is not, unless (4) an open day lies between, on which the program did not run;
    (5) with `expires_on_closed_days` closed days are days like others. Beyond Koha, a deadline on a closed day (a
    holiday added later, an emergency) lasts to the next open day, so that nobody loses a day on which the door was
    shut.
    """
    if expires_on_closed_days or not calendar.first_open(shelf_until):
        return shelf_until < day
    return calendar.open_days_between(calendar.next_open(shelf_until), day) > 0


def shelf_deadline(day: dt.date, terms: Terms, calendar: Calendar, wanted_until: dt.date | None) -> dt.date:
    """The last day a copy set aside on `day` stands for its reader: `shelf_days` open days later, but no longer than it
    is wanted."""
    until = calendar.add_open_days(day, terms.number("shelf_days"))
    return until if wanted_until is None else max(day, min(until, wanted_until))
