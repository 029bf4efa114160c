"""The rules of lending, renewing and taking back, over frozen facts. Pure: no store, no clock.

Every check yields its refusal, so that all reasons reach the librarian at once. The names are those of the desk
protocol.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.circulation.facts import AlertFacts, Ban, HoldFacts, ItemFacts, LoanFacts, MemberFacts, Standing
from app.policy.choices import AskFirst, Gate, Loanable, LostItem, OnOtherCard, OverduesBlock, Parts
from app.policy.table import Terms
from app.refusal import Refusal, Weight
from db.codes import WEEDED, AlertWeight, CardState, Channel, HoldState, ItemFlag, ItemStatus, MemberState

# A copy in one of these states is not lent; the code says why.
UNLENDABLE = {
    ItemStatus.IN_BINDING: "item.in_binding",
    ItemStatus.IN_TRANSIT: "item.in_transit",
    ItemStatus.IN_PROCESSING: "item.uncatalogued",
    ItemStatus.MISSING: "item.missing",
    ItemStatus.LOST: "item.lost",
    ItemStatus.REPLACED: "item.withdrawn",
    ItemStatus.UNKNOWN: "item.missing",
    **dict.fromkeys(WEEDED, "item.withdrawn"),
}
LOST = frozenset({ItemStatus.MISSING, ItemStatus.LOST})
AGE_GROUPS = ("الف", "ب", "ج", "د", "ه")
"""The groups of children's books, the youngest first (003 م8-4)."""
# Refusals that rest on what day it is. A clock that cannot be believed accuses nobody: loans go on (reliability 2.7).
TOLD_BY_THE_CLOCK = frozenset(
    {"member.expired", "member.overdues", "member.age", "due.invalid", "renewal.too_soon", "renewal.overdue"}
)


@dataclass(frozen=True, slots=True)
class CheckoutFacts:
    """Everything a decision to lend rests on.

    `loan` is somebody else's open loan of this copy, `from_hall` the reader's own in the hall that becomes a loan for
    home. `has_title` and `read_before` are asked only where the policy wants to know. `overnight`: from evening to
    morning; `cut_by_queue`: the due date is sooner because many wait. `alerts` are the notes shown at this moment.
    """

    member: MemberFacts
    item: ItemFacts
    standing: Standing
    bans: Sequence[Ban]
    loan: LoanFacts | None
    holds: Sequence[HoldFacts]
    terms: Terms
    day: dt.date
    channel: Channel
    due_on: dt.date | None
    hand_set_due: bool = False
    has_title: bool = False
    read_before: bool = False
    overnight: bool = False
    cut_by_queue: bool = False
    from_hall: LoanFacts | None = None
    alerts: Sequence[AlertFacts] = ()


def checkout_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """Every reason against this loan."""
    yield from member_refusals(facts.member, facts.bans, facts.day)
    yield from money_refusals(facts.standing, facts.terms)
    yield from overdue_refusals(facts.standing, facts.terms)
    yield from status_refusals(facts)
    yield from flag_refusals(facts)
    yield from limit_refusals(facts)
    yield from age_refusals(facts)
    yield from title_refusals(facts)
    yield from queue_refusals(facts)
    yield from due_refusals(facts)
    yield from alert_refusals(facts.alerts)


def believable(refusals: Iterable[Refusal], *, doubtful: bool) -> tuple[Refusal, ...]:
    """The refusals that stand; while the clock is doubtful those that rest on the day do not."""
    return tuple(refusal for refusal in refusals if not (doubtful and refusal.code in TOLD_BY_THE_CLOCK))


def member_refusals(member: MemberFacts, bans: Sequence[Ban], day: dt.date) -> Iterator[Refusal]:
    """Whether this person may use the library at all today."""
    if member.card_state is CardState.LOST:
        yield Refusal("member.card_lost")
    if member.state is MemberState.PENDING:
        yield Refusal("member.pending")
    if member.state in (MemberState.CLEARED, MemberState.MERGED):
        yield Refusal("member.cleared")
    if member.expires_on is not None and member.expires_on < day:
        yield Refusal("member.expired", facts={"expired_on": member.expires_on})
    if member.address_unknown:
        yield Refusal("member.address_unknown")
    for ban in bans:
        yield Refusal("member.restricted", facts={"until": ban.until, "reason": ban.reason})


def money_refusals(standing: Standing, terms: Terms) -> Iterator[Refusal]:
    """Debt above the limit blocks; any debt asks where the policy says so (rial). The debt of guarantor and guardian,
    and of those the reader stands for, counts against the same limit (000 §3-1-1)."""
    limit = terms.limit("debt_limit")
    if limit is not None and standing.debt > limit:
        yield Refusal("member.debt", terms.decided_by("debt_limit"), limit, standing.debt)
    elif terms.flag("ask_on_any_debt") and standing.debt > 0:
        yield Refusal("member.debt", terms.decided_by("ask_on_any_debt"), 0, standing.debt, Weight.CONFIRM)
    if limit is not None and standing.family_debt > limit:
        yield Refusal("member.guarantor_debt", terms.decided_by("debt_limit"), limit, standing.family_debt)


def overdue_refusals(standing: Standing, terms: Terms) -> Iterator[Refusal]:
    """Late books in hand, by the policy's choice: block, ask, or nothing."""
    effect = terms.choice("overdues_block")
    limit = terms.number("max_overdue_items")
    if effect != OverduesBlock.NO and standing.overdue > limit:
        weight = Weight.CONFIRM if effect == OverduesBlock.CONFIRM else Weight.BLOCK
        yield Refusal("member.overdues", terms.decided_by("overdues_block"), limit, standing.overdue, weight)


def status_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """Where the copy is instead of here. One on weeding minutes may be read in the hall, but not leave the house."""
    if facts.loan is not None:
        yield from other_card_refusals(facts.loan, facts.terms)
    yield from shelf_refusals(facts.item.status, facts.terms, on_card=facts.loan is not None)
    if facts.item.at_bindery and facts.item.status is ItemStatus.AVAILABLE:
        yield Refusal("item.in_binding", "002 م13-11")
    if facts.item.on_minutes_id is not None and facts.channel is not Channel.ONSITE:
        yield Refusal("item.on_weeding_minutes", "002 م7-4")


def other_card_refusals(loan: LoanFacts, terms: Terms) -> Iterator[Refusal]:
    """A copy that is still on somebody else's card comes off it first: asked, unless the policy says to do it
    straight. Where that reader said it was back, it always is asked."""
    if loan.claimed_returned_on is not None:
        facts = {"claimed_on": loan.claimed_returned_on}
        yield Refusal("item.claimed_returned", weight=Weight.CONFIRM, facts=facts)
    elif terms.choice("on_other_card") == OnOtherCard.CONFIRM:
        facts = {"due_on": loan.due_on}
        yield Refusal("item.on_loan", terms.decided_by("on_other_card"), weight=Weight.CONFIRM, facts=facts)


def shelf_refusals(status: ItemStatus, terms: Terms, *, on_card: bool = False) -> Iterator[Refusal]:
    """What the recorded status says; about a lost copy brought to the desk the policy asks, or is silent. One that is
    still on a card has to be taken back first, which the policy may forbid."""
    code = UNLENDABLE.get(status)
    if code is None:
        return
    if status not in LOST:
        yield Refusal(code)
    elif on_card and terms.choice("return_of_lost") == Gate.BLOCK:
        yield Refusal(code, terms.decided_by("return_of_lost"), final=True)
    elif terms.choice("lost_item") == LostItem.CONFIRM:
        yield Refusal(code, terms.decided_by("lost_item"), weight=Weight.CONFIRM)


def flag_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """What the copy and its type say about leaving the house (an in-library loan is free of it), and about parts."""
    onsite = facts.channel is Channel.ONSITE
    loanable = facts.terms.choice("loanable")
    code = "item.onsite_only" if facts.overnight else "item.not_for_loan"
    if loanable == Loanable.NO:
        yield Refusal("item.not_for_loan", facts.terms.decided_by("loanable"))
    elif loanable == Loanable.ONSITE and not onsite:
        yield Refusal(code, facts.terms.decided_by("loanable"))
    elif ItemFlag.NOT_FOR_LOAN in facts.item.flags and not onsite:
        yield Refusal(code, facts={"flag": ItemFlag.NOT_FOR_LOAN.value})
    if ItemFlag.PARTS in facts.item.flags and facts.terms.choice("parts") == Parts.CONFIRM:
        parts = {"parts": facts.item.parts or "شمرده‌نشده"}
        yield Refusal("item.parts", facts.terms.decided_by("parts"), weight=Weight.CONFIRM, facts=parts)


def limit_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """The counts in hand against the policy's ceilings. Somebody without a national id is counted by the card."""
    standing, terms = facts.standing, facts.terms
    onsite, counts_as_normal = facts.channel is Channel.ONSITE, terms.flag("onsite_counts_as_normal")
    away = standing.loans + (standing.onsite if counts_as_normal else 0)
    ceilings = {
        "max_onsite": ("limit.onsite", standing.onsite, onsite),
        "max_loans_all_types": ("limit.total", away, not onsite or counts_as_normal),
        "max_loans_branch": ("limit.total", away, not onsite or counts_as_normal),
        "max_loans": ("limit.item_type", standing.loans_of_type, not onsite),
        "max_items_per_national_id": ("limit.national_id", max(standing.loans_of_person, standing.loans), not onsite),
    }
    for parameter, (code, have, holds) in ceilings.items():
        limit = terms.limit(parameter)
        if holds and limit is not None and have >= limit:
            yield Refusal(code, terms.decided_by(parameter), limit, have)


def age_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """Too young for this kind of material or this title (003 م8); an older age group is asked about (004 ب-1)."""
    limits = [age for age in (facts.terms.limit("min_age"), facts.item.min_age) if age is not None]
    born = facts.member.birth_date
    if limits and born is not None and age_on(born, facts.day) < max(limits):
        yield Refusal("member.age", facts.terms.decided_by("min_age"), max(limits), age_on(born, facts.day))
    theirs, its = age_groups(facts.member.age_group), age_groups(facts.item.age_group)
    if theirs and its and min(its) > max(theirs):
        groups = {"group": facts.item.age_group, "member_group": facts.member.age_group}
        yield Refusal("member.age_group", "004 ب-1", weight=Weight.CONFIRM, facts=groups)


def age_groups(text: str | None) -> set[int]:
    """The places of the groups a text names («ب و ج»), the youngest being 0."""
    words = (text or "").replace("،", " ").split()
    return {place for place, letter in enumerate(AGE_GROUPS) if letter in words}


def title_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """The reader has this title in hand, or has read it: asked where the policy wants it."""
    if facts.has_title and facts.terms.choice("second_copy") == AskFirst.CONFIRM:
        yield Refusal("title.second_copy", facts.terms.decided_by("second_copy"), weight=Weight.CONFIRM)
    elif facts.read_before and facts.terms.choice("read_before") == AskFirst.CONFIRM:
        yield Refusal("title.read_before", facts.terms.decided_by("read_before"), weight=Weight.CONFIRM)


def queue_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """Somebody else waits: for this very copy on the hold shelf, or for the title and longer than this reader."""
    others = [hold for hold in facts.holds if hold.member_id != facts.member.id]
    if any(hold.state is HoldState.WAITING and hold.item_id == facts.item.id for hold in others):
        yield Refusal("hold.waiting_for_other")
        return
    own = [hold for hold in facts.holds if hold.member_id == facts.member.id]
    if any(hold.state is HoldState.WAITING for hold in own):
        return
    turn = min((hold.priority for hold in own if waits_for(hold, facts.item, facts.day)), default=None)
    queued = [hold for hold in others if waits_for(hold, facts.item, facts.day)]
    ahead = [hold for hold in queued if turn is None or hold.priority < turn]
    if ahead:
        yield Refusal("hold.queued_for_other", weight=Weight.CONFIRM, have=len(ahead))


def waits_for(hold: HoldFacts, item: ItemFacts, day: dt.date) -> bool:
    """Whether a queued hold could be served by this copy today."""
    return is_in_turn(hold, day) and (not hold.only_this_item or hold.item_id == item.id)


def is_in_turn(hold: HoldFacts, day: dt.date) -> bool:
    """Whether a hold may be served today: suspension ends by itself on its day, a wait after `wanted_until`."""
    if hold.wanted_until is not None and hold.wanted_until < day:
        return False
    if hold.suspended_until is not None:
        return hold.suspended_until <= day and hold.state in (HoldState.QUEUED, HoldState.SUSPENDED)
    return hold.state is HoldState.QUEUED


def due_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """There must be a due date, not before today, and a hand-set one not beyond what the policy allows."""
    if facts.due_on is None:
        yield Refusal("limit.no_rule", facts.terms.decided_by("loan_days"))
    elif facts.due_on < facts.day or (facts.hand_set_due and _too_far(facts, facts.due_on)):
        yield Refusal("due.invalid", limit=facts.terms.limit("max_days"), facts={"due_on": facts.due_on})


def _too_far(facts: CheckoutFacts, due_on: dt.date) -> bool:
    longest, end = facts.terms.limit("max_days"), facts.member.expires_on
    if longest is not None and (due_on - facts.day).days > longest:
        return True
    return facts.terms.flag("cap_at_membership_expiry") and end is not None and facts.day <= end < due_on


def alert_refusals(alerts: Sequence[AlertFacts]) -> Iterator[Refusal]:
    """Notes on the reader or the copy that want to be acknowledged before a loan."""
    for alert in alerts:
        if alert.weight is AlertWeight.CONFIRM:
            code = "item.alert" if alert.of_item else "member.alert"
            yield Refusal(code, weight=Weight.CONFIRM, facts={"text": alert.text})


def age_on(born: dt.date, day: dt.date) -> int:
    """Full years of age."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
