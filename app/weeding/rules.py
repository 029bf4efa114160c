"""Which copy may stand on which minutes (002 م4، م5، م7). Pure; every reason against a proposal is told with its
article."""

import datetime as dt
from collections.abc import Iterator, Mapping

from app.guideline.table import CRITERION_REASONS
from app.labels import CONDITION
from app.persian import jalali
from app.refusal import Refusal, Weight
from app.weeding.facts import CopyFacts, House, Proposal
from db.codes import WEEDED, Condition, ItemFlag, ItemStatus, Material, WeedingReason

# The article that a proposal rests on when the librarian names none.
ARTICLES: Mapping[WeedingReason, str] = {
    WeedingReason.CONTENT: "4-1-الف",
    WeedingReason.WORN: "4-1-ج",
    WeedingReason.DUPLICATE: "4-1-ب",
    WeedingReason.NO_AUDIENCE: "4-1-د",
}
# Criteria that claim something of their own (002 م4-2): what takes the place is named, a judgement has its why.
BEYOND_MENDING, NEWER_EDITION, BETTER_BOOK, NO_MERIT = "4-2-ب", "4-2-ج", "4-2-د", "4-2-ه"
REPLACED = frozenset({NEWER_EDITION, BETTER_BOOK})
# Articles a librarian may name, by the reason they belong to.
CRITERIA: Mapping[WeedingReason, tuple[str, ...]] = {
    reason: tuple(article for article, of in CRITERION_REASONS.items() if of is reason) for reason in WeedingReason
}
NEVER_WEEDED = frozenset({Material.MANUSCRIPT, Material.LITHOGRAPH, Material.LETTERPRESS})
KEPT_FLAGS = frozenset({ItemFlag.HISTORICAL, ItemFlag.LOCAL, ItemFlag.SPECIAL_VALUE})
WORN_CONDITIONS = frozenset({Condition.WORN, Condition.DAMAGED, Condition.UNBINDABLE})
AT_HAND = frozenset({ItemStatus.AVAILABLE, ItemStatus.IN_BINDING, ItemStatus.IN_PROCESSING})


def proposal_refusals(copy: CopyFacts, proposal: Proposal, house: House, today: dt.date) -> Iterator[Refusal]:
    """Every reason why this copy may not stand on minutes of this reason."""
    yield from state_refusals(copy, proposal)
    yield from exemption_refusals(copy, proposal, today)
    yield from REASON_RULES[proposal.reason](copy, proposal, house, today)
    if proposal.criterion is not None and proposal.criterion not in criteria_in_force(proposal.reason, house):
        yield Refusal("weeding.criterion", "4-2", facts={"criterion": proposal.criterion})


def criteria_in_force(reason: WeedingReason, house: House) -> tuple[str, ...]:
    """The articles a librarian may name for a reason under the library's version of the guideline."""
    return tuple(article for article in CRITERIA[reason] if article not in house.left_out)


def state_refusals(copy: CopyFacts, proposal: Proposal) -> Iterator[Refusal]:
    """The copy must be here and on no other minutes (002 م7-2: one reason a document)."""
    if copy.status in WEEDED:
        yield Refusal("weeding.already_weeded", "8-1")
    elif copy.status is ItemStatus.ON_LOAN:
        yield Refusal("weeding.on_loan", "7-4")
    elif copy.status not in AT_HAND:
        yield Refusal("weeding.not_here", "8-6")
    if copy.on_minutes_id is not None:
        yield Refusal("weeding.on_other_minutes", "7-2")
    if copy.kept_for_reader:
        yield Refusal("weeding.kept_for_reader", "7-7")
    if proposal.reason is WeedingReason.WORN and (copy.in_binding or copy.status is ItemStatus.IN_BINDING):
        yield Refusal("weeding.in_binding", "4-1-ج")


def exemption_refusals(copy: CopyFacts, proposal: Proposal, today: dt.date) -> Iterator[Refusal]:
    """Two kinds of exemption: never, and only when worn and unbindable (002 م5-1); and what needs a permit (م4-2)."""
    if copy.material in NEVER_WEEDED:
        yield Refusal("weeding.never", "5-1-الف")
    kept = tuple(kept_by(copy))
    if proposal.reason is not WeedingReason.WORN:
        yield from (Refusal(code, article) for code, article in kept)
    elif kept and not is_unbindable(copy, proposal):
        yield Refusal("weeding.unbindable_needed", kept[0][1], weight=Weight.CONFIRM)
    if ItemFlag.CULTURAL_PACKAGE in copy.flags:
        yield from _permit_refusals(*permit_of(copy, proposal), today)


def _permit_refusals(number: str | None, day: dt.date | None, today: dt.date) -> Iterator[Refusal]:
    if not number or day is None:
        yield Refusal("weeding.permit_needed", "4-2 تبصره")
    elif day > today:
        yield Refusal("weeding.permit_ahead", "4-2 تبصره", facts={"day": day})


def permit_of(copy: CopyFacts, proposal: Proposal) -> tuple[str | None, dt.date | None]:
    """Number and day of the deputy's permit: the one that is stated, or the one noted with the copy. A number that is
    stated brings its own day; for one that was noted without a day, the day may be stated."""
    if proposal.permit_no:
        return proposal.permit_no, proposal.permit_on
    return copy.permit_no, proposal.permit_on or copy.permit_on


def kept_by(copy: CopyFacts) -> Iterator[tuple[str, str]]:
    """Why the copy goes only when worn and unbindable: code and article. Of one printing the last copy is kept as core
    works are."""
    if KEPT_FLAGS & set(copy.flags):
        yield "weeding.kept_value", "5-1-ب"
    if ItemFlag.CORE in copy.flags:
        yield "weeding.core", "5-1-ج"
    if copy.other_copies == 0:
        yield "weeding.only_copy", "5-1-ج"


def is_unbindable(copy: CopyFacts, proposal: Proposal) -> bool:
    """Ticked with the proposal, or noted as the condition of the copy before."""
    return proposal.unbindable or copy.condition is Condition.UNBINDABLE


def worn_rules(copy: CopyFacts, proposal: Proposal, _: House, __: dt.date) -> Iterator[Refusal]:
    """Worn means worn: a copy noted as sound is asked about (002 م4-1-ج), and whether one that is damaged really cannot
    be mended any more (م4-2-ب)."""
    if copy.condition not in WORN_CONDITIONS and not proposal.unbindable:
        facts = {"condition": CONDITION[copy.condition]}
        yield Refusal("weeding.not_worn", "4-1-ج", weight=Weight.CONFIRM, facts=facts)
    if proposal.criterion == BEYOND_MENDING and not is_unbindable(copy, proposal):
        yield Refusal("weeding.mendable", BEYOND_MENDING, weight=Weight.CONFIRM)


def duplicate_rules(copy: CopyFacts, _: Proposal, house: House, __: dt.date) -> Iterator[Refusal]:
    """The first and second copy of a title are never surplus (002 م4-1 تبصره)."""
    if copy.older_copies < house.copies_kept:
        yield Refusal("weeding.first_two_copies", "4-1 تبصره", limit=house.copies_kept, have=copy.older_copies + 1)


def no_audience_rules(copy: CopyFacts, _: Proposal, house: House, today: dt.date) -> Iterator[Refusal]:
    """So many years without use, and only where stack space is short (002 م4-1-د and its note)."""
    idle = whole_years(copy.last_use, today)
    if idle < house.idle_years:
        yield Refusal("weeding.used_lately", "4-1-د", limit=house.idle_years, have=idle)
    yield from space_refusals(house)


def space_refusals(house: House) -> Iterator[Refusal]:
    """Whether the stacks are short of space is a question for the whole list (002 م4-1-د تبصره)."""
    if not house.space_shortage:
        yield Refusal("weeding.no_space_shortage", "4-1-د تبصره", weight=Weight.CONFIRM)


def whole_years(since: dt.date, today: dt.date) -> int:
    """Full Jalali years between two days."""
    (year, *rest), (this_year, *now) = jalali.to_jalali(since), jalali.to_jalali(today)
    return max(0, this_year - year - (now < rest))


def content_rules(_: CopyFacts, proposal: Proposal, __: House, ___: dt.date) -> Iterator[Refusal]:
    """Obsolescence is the librarian's judgement: what takes the place is named (002 م4-2-ج، د), and why a work is
    without merit is written down (م4-2-ه، م5-2)."""
    if proposal.criterion in REPLACED and proposal.replaced_by is None and not proposal.remark:
        yield Refusal("weeding.replacement_needed", proposal.criterion)
    if proposal.criterion == NO_MERIT and not proposal.remark:
        yield Refusal("weeding.remark_needed", NO_MERIT)


REASON_RULES = {
    WeedingReason.WORN: worn_rules,
    WeedingReason.DUPLICATE: duplicate_rules,
    WeedingReason.NO_AUDIENCE: no_audience_rules,
    WeedingReason.CONTENT: content_rules,
}
