"""The rules of lending, renewing and taking back, over frozen facts. Pure: no store, no clock.

Every check yields its refusal, so that all reasons reach the librarian at once. The names are those of the desk
protocol.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.circulation.facts import Ban, HoldFacts, ItemFacts, LoanFacts, MemberFacts, Standing
from app.policy.choices import Loanable, OverduesBlock
from app.policy.table import Terms
from app.refusal import Refusal, Weight
from db.codes import WEEDED, CardState, Channel, HoldState, ItemFlag, ItemStatus, MemberState

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


@dataclass(frozen=True, slots=True)
class CheckoutFacts:
    """Everything a decision to lend rests on."""

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


def checkout_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """Every reason against this loan."""
    yield from member_refusals(facts.member, facts.bans, facts.day)
    yield from money_refusals(facts.standing, facts.terms)
    yield from overdue_refusals(facts.standing, facts.terms)
    yield from status_refusals(facts)
    yield from flag_refusals(facts)
    yield from limit_refusals(facts)
    yield from age_refusals(facts)
    yield from queue_refusals(facts)
    yield from due_refusals(facts)


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
    """Debt above the limit blocks; any debt asks where the policy says so (rial)."""
    limit = terms.limit("debt_limit")
    if limit is not None and standing.debt > limit:
        yield Refusal("member.debt", terms.decided_by("debt_limit"), limit, standing.debt)
    elif terms.flag("ask_on_any_debt") and standing.debt > 0:
        yield Refusal("member.debt", terms.decided_by("ask_on_any_debt"), 0, standing.debt, Weight.CONFIRM)


def overdue_refusals(standing: Standing, terms: Terms) -> Iterator[Refusal]:
    """Late books in hand, by the policy's choice: block, ask, or nothing."""
    effect = terms.choice("overdues_block")
    limit = terms.number("max_overdue_items")
    if effect != OverduesBlock.NO and standing.overdue > limit:
        weight = Weight.CONFIRM if effect == OverduesBlock.CONFIRM else Weight.BLOCK
        yield Refusal("member.overdues", terms.decided_by("overdues_block"), limit, standing.overdue, weight)


def status_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """Where the copy is instead of here."""
    if facts.loan is not None:
        if facts.loan.member_id == facts.member.id:
            yield Refusal("item.on_loan_same_member", weight=Weight.CONFIRM, facts={"due_on": facts.loan.due_on})
        else:
            yield Refusal("item.on_loan", facts={"due_on": facts.loan.due_on})
    code = UNLENDABLE.get(facts.item.status)
    if code is not None:
        yield Refusal(code)
    if facts.item.on_minutes_id is not None:
        yield Refusal("item.on_weeding_minutes", "002 م7-4")


def flag_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """What the copy and its type say about leaving the house; an in-library loan is free of it."""
    onsite = facts.channel is Channel.ONSITE
    loanable = facts.terms.choice("loanable")
    rule = facts.terms.decided_by("loanable")
    if loanable == Loanable.NO or (loanable == Loanable.ONSITE and not onsite):
        yield Refusal("item.not_for_loan", rule)
    elif ItemFlag.NOT_FOR_LOAN in facts.item.flags and not onsite:
        yield Refusal("item.not_for_loan", facts={"flag": ItemFlag.NOT_FOR_LOAN.value})


def limit_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """The counts in hand against the policy's ceilings."""
    renewing = facts.loan is not None and facts.loan.member_id == facts.member.id
    if renewing:
        return
    ceilings = (
        ("limit.total", "max_loans_all_types", facts.standing.loans),
        ("limit.item_type", "max_loans", facts.standing.loans_of_type),
        ("limit.national_id", "max_items_per_national_id", facts.standing.loans_of_person),
    )
    for code, parameter, have in ceilings:
        limit = facts.terms.limit(parameter)
        if limit is not None and have >= limit:
            yield Refusal(code, facts.terms.decided_by(parameter), limit, have)


def age_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """Too young for this kind of material or this title (003 م8)."""
    limits = [age for age in (facts.terms.limit("min_age"), facts.item.min_age) if age is not None]
    born = facts.member.birth_date
    if limits and born is not None and age_on(born, facts.day) < max(limits):
        yield Refusal("member.age", facts.terms.decided_by("min_age"), max(limits), age_on(born, facts.day))


def queue_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """Somebody else waits: for this very copy on the hold shelf, or for the title."""
    others = [hold for hold in facts.holds if hold.member_id != facts.member.id]
    if any(hold.state is HoldState.WAITING and hold.item_id == facts.item.id for hold in others):
        yield Refusal("hold.waiting_for_other")
        return
    own = any(hold.member_id == facts.member.id for hold in facts.holds)
    queued = [hold for hold in others if waits_for(hold, facts.item, facts.day)]
    if queued and not own:
        yield Refusal("hold.queued_for_other", weight=Weight.CONFIRM, have=len(queued))


def waits_for(hold: HoldFacts, item: ItemFacts, day: dt.date) -> bool:
    """Whether a queued hold could be served by this copy today."""
    if hold.state is not HoldState.QUEUED or (hold.suspended_until is not None and hold.suspended_until > day):
        return False
    return not hold.only_this_item or hold.item_id == item.id


def due_refusals(facts: CheckoutFacts) -> Iterator[Refusal]:
    """There must be a due date, not before today, and a hand-set one not beyond what the policy allows."""
    if facts.due_on is None:
        yield Refusal("limit.no_rule", facts.terms.decided_by("loan_days"))
        return
    longest = facts.terms.limit("max_days")
    too_far = facts.hand_set_due and longest is not None and (facts.due_on - facts.day).days > longest
    if facts.due_on < facts.day or too_far:
        yield Refusal("due.invalid", limit=longest, facts={"due_on": facts.due_on})


def age_on(born: dt.date, day: dt.date) -> int:
    """Full years of age."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
