"""Which copy may stand on which minutes (002 م4، م5، م7). Pure; every reason against a proposal is told with its
article."""

import datetime as dt
from collections.abc import Iterator, Mapping

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
# Articles a librarian may name, by the reason they belong to.
CRITERIA: Mapping[WeedingReason, tuple[str, ...]] = {
    WeedingReason.CONTENT: ("4-1-الف", "4-2-ج", "4-2-د", "4-2-ه", "4-2-ز"),
    WeedingReason.WORN: ("4-1-ج", "4-2-الف", "4-2-ب"),
    WeedingReason.DUPLICATE: ("4-1-ب", "4-2-ح"),
    WeedingReason.NO_AUDIENCE: ("4-1-د", "4-2-و"),
}
NEVER_WEEDED = frozenset({Material.MANUSCRIPT, Material.LITHOGRAPH, Material.LETTERPRESS})
KEPT_FLAGS = frozenset({ItemFlag.HISTORICAL, ItemFlag.LOCAL, ItemFlag.SPECIAL_VALUE})
WORN_CONDITIONS = frozenset({Condition.WORN, Condition.DAMAGED, Condition.UNBINDABLE})
AT_HAND = frozenset({ItemStatus.AVAILABLE, ItemStatus.IN_BINDING, ItemStatus.IN_PROCESSING})


def proposal_refusals(copy: CopyFacts, proposal: Proposal, house: House, today: dt.date) -> Iterator[Refusal]:
    """Every reason why this copy may not stand on minutes of this reason."""
    yield from state_refusals(copy, proposal)
    yield from exemption_refusals(copy, proposal)
    yield from REASON_RULES[proposal.reason](copy, proposal, house, today)
    if proposal.criterion is not None and proposal.criterion not in CRITERIA[proposal.reason]:
        yield Refusal("weeding.criterion", facts={"criterion": proposal.criterion})


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
    if copy.in_binding and proposal.reason is WeedingReason.WORN:
        yield Refusal("weeding.in_binding", "4-1-ج")


def exemption_refusals(copy: CopyFacts, proposal: Proposal) -> Iterator[Refusal]:
    """Two kinds of exemption: never, and only when worn and unbindable (002 م5-1)."""
    if copy.material in NEVER_WEEDED:
        yield Refusal("weeding.never", "5-1-الف")
    if KEPT_FLAGS & set(copy.flags):
        yield from _only_worn(copy, proposal, "weeding.kept_value", "5-1-ب")
    if ItemFlag.CORE in copy.flags:
        yield from _only_worn(copy, proposal, "weeding.core", "5-1-ج")
    if copy.other_copies == 0 and proposal.reason is WeedingReason.NO_AUDIENCE:
        yield Refusal("weeding.only_copy", "5-1-ج")
    if ItemFlag.CULTURAL_PACKAGE in copy.flags and not proposal.permit_no:
        yield Refusal("weeding.permit_needed", "4-2 تبصره")


def _only_worn(copy: CopyFacts, proposal: Proposal, code: str, article: str) -> Iterator[Refusal]:
    if proposal.reason is not WeedingReason.WORN:
        yield Refusal(code, article)
    elif not is_unbindable(copy, proposal):
        yield Refusal("weeding.unbindable_needed", article, weight=Weight.CONFIRM)


def is_unbindable(copy: CopyFacts, proposal: Proposal) -> bool:
    """Ticked with the proposal, or noted as the condition of the copy before."""
    return proposal.unbindable or copy.condition is Condition.UNBINDABLE


def worn_rules(copy: CopyFacts, proposal: Proposal, _: House, __: dt.date) -> Iterator[Refusal]:
    """Worn means worn: a copy noted as sound is asked about (002 م4-1-ج)."""
    if copy.condition not in WORN_CONDITIONS and not proposal.unbindable:
        yield Refusal("weeding.not_worn", "4-1-ج", weight=Weight.CONFIRM)


def duplicate_rules(copy: CopyFacts, _: Proposal, __: House, ___: dt.date) -> Iterator[Refusal]:
    """The first and second copy of a title are never surplus (002 م4-1 تبصره)."""
    if copy.older_copies < 2:
        yield Refusal("weeding.first_two_copies", "4-1 تبصره", limit=2, have=copy.older_copies + 1)


def no_audience_rules(copy: CopyFacts, _: Proposal, house: House, today: dt.date) -> Iterator[Refusal]:
    """Five years without use, and only where stack space is short (002 م4-1-د and its note)."""
    idle = whole_years(copy.last_use, today)
    if idle < house.idle_years:
        yield Refusal("weeding.used_lately", "4-1-د", limit=house.idle_years, have=idle)
    if not house.space_shortage:
        yield Refusal("weeding.no_space_shortage", "4-1-د تبصره", weight=Weight.CONFIRM)


def whole_years(since: dt.date, today: dt.date) -> int:
    """Full Jalali years between two days."""
    (year, *rest), (this_year, *now) = jalali.to_jalali(since), jalali.to_jalali(today)
    return max(0, this_year - year - (now < rest))


def content_rules(_: CopyFacts, proposal: Proposal, __: House, ___: dt.date) -> Iterator[Refusal]:
    """Obsolescence is the librarian's judgement; «replaced by a better book» names that book (002 م4-2-د)."""
    if proposal.criterion == "4-2-د" and proposal.replaced_by is None and not proposal.remark:
        yield Refusal("weeding.replacement_needed", "4-2-د")


REASON_RULES = {
    WeedingReason.WORN: worn_rules,
    WeedingReason.DUPLICATE: duplicate_rules,
    WeedingReason.NO_AUDIENCE: no_audience_rules,
    WeedingReason.CONTENT: content_rules,
}
