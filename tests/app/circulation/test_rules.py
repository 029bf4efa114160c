"""Every refusal of lending and renewing, reached and not reached, over facts alone."""

import datetime as dt
import uuid
from typing import Any

import pytest

from app.actions import HEAD_OVERRIDES
from app.circulation.renewal import renewal_refusals
from app.circulation.rules import TOLD_BY_THE_CLOCK, UNLENDABLE, age_on, believable, checkout_refusals, waits_for
from app.refusal import Weight, for_role
from db.codes import WEEDED, AlertWeight, CardState, Channel, HoldState, ItemFlag, ItemStatus, MemberState
from tests.app.circulation.check_lists import SOURCES
from tests.app.circulation.facts import (
    COPY,
    OTHER,
    OTHER_COPY,
    READER,
    TODAY,
    alert,
    ban,
    checkout,
    days,
    hold,
    item,
    loan,
    member,
    renewal,
    standing,
    terms,
)

BLOCK, CONFIRM = Weight.BLOCK, Weight.CONFIRM
MINUTES = uuid.UUID(int=7)


def codes(**facts: Any) -> list[tuple[str, Weight]]:
    return [(refusal.code, refusal.weight) for refusal in checkout_refusals(checkout(**facts))]


def renewal_codes(**facts: Any) -> list[str]:
    return [refusal.code for refusal in renewal_refusals(renewal(**facts))]


def test_nothing_speaks_against_a_sound_reader_and_a_copy_on_the_shelf() -> None:
    assert codes() == []
    assert renewal_codes() == []


REFUSED: dict[str, tuple[dict[str, Any], str, Weight]] = {
    "a lost card": ({"member": member(card_state=CardState.LOST)}, "member.card_lost", BLOCK),
    "an unconfirmed member": ({"member": member(state=MemberState.PENDING)}, "member.pending", BLOCK),
    "a member who has settled": ({"member": member(state=MemberState.CLEARED)}, "member.cleared", BLOCK),
    "a merged record": ({"member": member(state=MemberState.MERGED)}, "member.cleared", BLOCK),
    "a membership over yesterday": ({"member": member(expires_on=days(-1))}, "member.expired", BLOCK),
    "an unknown address": ({"member": member(address_unknown=True)}, "member.address_unknown", BLOCK),
    "a ban": ({"bans": (ban(days(3)),)}, "member.restricted", BLOCK),
    "a ban without end": ({"bans": (ban(),)}, "member.restricted", BLOCK),
    "debt above the limit": (
        {"standing": standing(debt=50_001), "terms": terms(debt_limit=50_000)}, "member.debt", BLOCK,
    ),
    "any debt, asked": ({"standing": standing(debt=1), "terms": terms(ask_on_any_debt=True)}, "member.debt", CONFIRM),
    "a late book": ({"standing": standing(overdue=1)}, "member.overdues", BLOCK),
    "a late book, asked": (
        {"standing": standing(overdue=1), "terms": terms(overdues_block="confirm")}, "member.overdues", CONFIRM,
    ),
    "one late book too many": (
        {"standing": standing(overdue=3), "terms": terms(max_overdue_items=2)}, "member.overdues", BLOCK,
    ),
    "a copy on another card": ({"loan": loan(member_id=OTHER)}, "item.on_loan", CONFIRM),
    "a copy at the bindery": ({"item": item(status=ItemStatus.IN_BINDING)}, "item.in_binding", BLOCK),
    "a copy on its way": ({"item": item(status=ItemStatus.IN_TRANSIT)}, "item.in_transit", BLOCK),
    "a copy being prepared": ({"item": item(status=ItemStatus.IN_PROCESSING)}, "item.uncatalogued", BLOCK),
    "a missing copy": ({"item": item(status=ItemStatus.MISSING)}, "item.missing", CONFIRM),
    "a lost copy": ({"item": item(status=ItemStatus.LOST)}, "item.lost", CONFIRM),
    "a copy of unknown fate": ({"item": item(status=ItemStatus.UNKNOWN)}, "item.missing", BLOCK),
    "a replaced copy": ({"item": item(status=ItemStatus.REPLACED)}, "item.withdrawn", BLOCK),
    "a copy on weeding minutes (002 م7-4)": ({"item": item(on_minutes_id=MINUTES)}, "item.on_weeding_minutes", BLOCK),
    "a copy flagged": ({"item": item(flags=[ItemFlag.NOT_FOR_LOAN])}, "item.not_for_loan", BLOCK),
    "a type that is not lent": ({"terms": terms(loanable="no")}, "item.not_for_loan", BLOCK),
    "a type that is not lent, in the hall": (
        {"terms": terms(loanable="no"), "channel": Channel.ONSITE}, "item.not_for_loan", BLOCK,
    ),
    "a type for the hall, at the desk": ({"terms": terms(loanable="onsite")}, "item.not_for_loan", BLOCK),
    "a type for the hall, by post": (
        {"terms": terms(loanable="onsite"), "channel": Channel.POST}, "item.not_for_loan", BLOCK,
    ),
    "a copy with parts": ({"item": item(flags=[ItemFlag.PARTS])}, "item.parts", CONFIRM),
    "the last loan allowed in hand": (
        {"standing": standing(loans=4), "terms": terms(max_loans_all_types=4)}, "limit.total", BLOCK,
    ),
    "the last loan of this branch": (
        {"standing": standing(loans=4), "terms": terms(max_loans_branch=4)}, "limit.total", BLOCK,
    ),
    "the last of this type in hand": (
        {"standing": standing(loans=2, loans_of_type=2), "terms": terms(max_loans=2)}, "limit.item_type", BLOCK,
    ),
    "five with the same national id": (
        {"standing": standing(loans=1, loans_of_person=5), "terms": terms(max_items_per_national_id=5)},
        "limit.national_id", BLOCK,
    ),
    "five without a national id": (
        {"standing": standing(loans=5), "terms": terms(max_items_per_national_id=5)}, "limit.national_id", BLOCK,
    ),
    "one more in the hall than allowed": (
        {"standing": standing(onsite=1), "terms": terms(max_onsite=1), "channel": Channel.ONSITE},
        "limit.onsite", BLOCK,
    ),
    "loans in the hall that count as loans": (
        {
            "standing": standing(loans=2, onsite=2),
            "terms": terms(max_loans_all_types=4, onsite_counts_as_normal=True),
        },
        "limit.total", BLOCK,
    ),
    "a reader too young for the type": (
        {"member": member(birth_date=dt.date(2015, 1, 1)), "terms": terms(min_age=12)}, "member.age", BLOCK,
    ),
    "a reader too young for the title": (
        {"member": member(birth_date=dt.date(2010, 11, 22)), "item": item(min_age=16)}, "member.age", BLOCK,
    ),
    "a second copy, asked": ({"has_title": True, "terms": terms(second_copy="confirm")}, "title.second_copy", CONFIRM),
    "read before, asked": ({"read_before": True, "terms": terms(read_before="confirm")}, "title.read_before", CONFIRM),
    "a copy kept for another": (
        {"holds": (hold(state=HoldState.WAITING, item_id=COPY),)}, "hold.waiting_for_other", BLOCK,
    ),
    "others in the queue": ({"holds": (hold(),)}, "hold.queued_for_other", CONFIRM),
    "others before the reader in the queue": (
        {"holds": (hold(priority=1), hold(priority=2, member_id=READER))}, "hold.queued_for_other", CONFIRM,
    ),
    "a queue in which the reader's hold sleeps": (
        {"holds": (hold(priority=2), hold(priority=1, member_id=READER, suspended_until=days(1)))},
        "hold.queued_for_other", CONFIRM,
    ),
    "a guarantor in debt": (
        {"standing": standing(family_debt=50_001), "terms": terms(debt_limit=50_000)}, "member.guarantor_debt", BLOCK,
    ),
    "a copy said to be returned": (
        {"loan": loan(member_id=OTHER, claimed_returned_on=days(-2))}, "item.claimed_returned", CONFIRM,
    ),
    "a copy said to be returned, where others' copies are simply taken": (
        {"loan": loan(member_id=OTHER, claimed_returned_on=days(-2)), "terms": terms(on_other_card="return_then_lend")},
        "item.claimed_returned", CONFIRM,
    ),
    "a type for the hall, overnight": (
        {"terms": terms(loanable="onsite"), "overnight": True}, "item.onsite_only", BLOCK,
    ),
    "a copy flagged, overnight": (
        {"item": item(flags=[ItemFlag.NOT_FOR_LOAN]), "overnight": True}, "item.onsite_only", BLOCK,
    ),
    "a type that is not lent, overnight": (
        {"terms": terms(loanable="no"), "overnight": True}, "item.not_for_loan", BLOCK,
    ),
    "a book for an older group": (
        {"member": member(age_group="ب"), "item": item(age_group="د")}, "member.age_group", CONFIRM,
    ),
    "a book for the older of two groups": (
        {"member": member(age_group="الف"), "item": item(age_group="ب و ج")}, "member.age_group", CONFIRM,
    ),
    "a note on the reader to be acknowledged": (
        {"alerts": (alert(weight=AlertWeight.CONFIRM),)}, "member.alert", CONFIRM,
    ),
    "a note on the copy to be acknowledged": (
        {"alerts": (alert(of_item=True, weight=AlertWeight.CONFIRM),)}, "item.alert", CONFIRM,
    ),
    "a missing copy, two years gone (002 م8-6)": (
        {"item": item(status=ItemStatus.MISSING, last_loan_on=days(-730))}, "item.missing", CONFIRM,
    ),
    "no loan period": ({"due_on": None}, "limit.no_rule", BLOCK),
    "a due date in the past": ({"due_on": days(-1), "hand_set_due": True}, "due.invalid", BLOCK),
    "a hand-set due date too far": (
        {"due_on": days(31), "hand_set_due": True, "terms": terms(max_days=30)}, "due.invalid", BLOCK,
    ),
    "a hand-set due date after the membership": (
        {"due_on": days(101), "hand_set_due": True, "terms": terms(cap_at_membership_expiry=True)},
        "due.invalid", BLOCK,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_one_reason_is_one_refusal(case: str) -> None:
    facts, code, weight = REFUSED[case]
    assert codes(**facts) == [(code, weight)]


ALLOWED: dict[str, tuple[str, dict[str, Any]]] = {
    "a retired card still finds its member": ("member.card_lost", {"member": member(card_state=CardState.RETIRED)}),
    "the last day of the membership": ("member.expired", {"member": member(expires_on=TODAY)}),
    "a membership without end": ("member.expired", {"member": member(expires_on=None)}),
    "debt up to the limit": ("member.debt", {"standing": standing(debt=50_000), "terms": terms(debt_limit=50_000)}),
    "debt where no limit is set": ("member.debt", {"standing": standing(debt=10**9)}),
    "credit is no debt": (
        "member.debt",
        {"standing": standing(debt=-1), "terms": terms(ask_on_any_debt=True, debt_limit=0)},
    ),
    "no debt where any debt is asked about": ("member.debt", {"terms": terms(ask_on_any_debt=True)}),
    "late books where they do not matter": (
        "member.overdues",
        {"standing": standing(overdue=9), "terms": terms(overdues_block="no")},
    ),
    "as many late books as allowed": (
        "member.overdues",
        {"standing": standing(overdue=2), "terms": terms(max_overdue_items=2)},
    ),
    "a lost copy where the policy is silent": (
        "item.lost",
        {
            "item": item(status=ItemStatus.LOST),
            "terms": terms(lost_item="allow"),
        },
    ),
    "a missing copy where it is only told": (
        "item.missing",
        {
            "item": item(status=ItemStatus.MISSING),
            "terms": terms(lost_item="alert"),
        },
    ),
    "a copy on weeding minutes, in the hall": (
        "item.on_weeding_minutes",
        {"item": item(on_minutes_id=MINUTES), "channel": Channel.ONSITE},
    ),
    "a flagged copy in the hall": (
        "item.not_for_loan",
        {"item": item(flags=[ItemFlag.NOT_FOR_LOAN]), "channel": Channel.ONSITE},
    ),
    "a type for the hall, in the hall": (
        "item.not_for_loan",
        {"terms": terms(loanable="onsite"), "channel": Channel.ONSITE},
    ),
    "parts that nobody counts": ("item.parts", {"item": item(flags=[ItemFlag.PARTS]), "terms": terms(parts="ignore")}),
    "other flags": ("item.not_for_loan", {"item": item(flags=[ItemFlag.LOCAL, ItemFlag.CORE])}),
    "one below the limit": ("limit.total", {"standing": standing(loans=3), "terms": terms(max_loans_all_types=4)}),
    "loans in the hall do not fill the limit": (
        "limit.total",
        {
            "standing": standing(loans=3, onsite=5),
            "terms": terms(max_loans_all_types=4),
        },
    ),
    "in the hall the limit of loans does not hold": (
        "limit.total",
        {
            "standing": standing(loans=9),
            "terms": terms(max_loans_all_types=4, max_items_per_national_id=5),
            "channel": Channel.ONSITE,
        },
    ),
    "enough of another type": (
        "limit.item_type",
        {"standing": standing(loans=5, loans_of_type=1), "terms": terms(max_loans=2)},
    ),
    "the birthday itself": (
        "member.age",
        {"member": member(birth_date=dt.date(2010, 11, 21)), "item": item(min_age=16)},
    ),
    "an unknown age": ("member.age", {"item": item(min_age=16)}),
    "a second copy nobody asks about": ("title.second_copy", {"has_title": True, "read_before": True}),
    "a copy kept for the reader": (
        "hold.waiting_for_other",
        {"holds": (hold(state=HoldState.WAITING, item_id=COPY, member_id=READER),)},
    ),
    "a copy kept for the reader though others queue": (
        "hold.queued_for_other",
        {
            "holds": (hold(priority=1), hold(state=HoldState.WAITING, item_id=COPY, member_id=READER, priority=2)),
        },
    ),
    "another copy kept for another": (
        "hold.waiting_for_other",
        {"holds": (hold(state=HoldState.WAITING, item_id=OTHER_COPY),)},
    ),
    "the first of the queue": (
        "hold.queued_for_other",
        {"holds": (hold(priority=1, member_id=READER), hold(priority=2))},
    ),
    "side by side in the queue": (
        "hold.queued_for_other",
        {"holds": (hold(priority=1, member_id=READER), hold(priority=1))},
    ),
    "a suspended hold": ("hold.queued_for_other", {"holds": (hold(state=HoldState.SUSPENDED),)}),
    "a hold that sleeps until tomorrow": ("hold.queued_for_other", {"holds": (hold(suspended_until=days(1)),)}),
    "a hold on another copy alone": (
        "hold.queued_for_other",
        {"holds": (hold(only_this_item=True, item_id=OTHER_COPY),)},
    ),
    "family debt up to the limit": (
        "member.guarantor_debt",
        {"standing": standing(family_debt=50_000), "terms": terms(debt_limit=50_000)},
    ),
    "family debt where no limit is set": ("member.guarantor_debt", {"standing": standing(family_debt=10**9)}),
    "a copy on another card where it is simply taken": (
        "item.on_loan",
        {"loan": loan(member_id=OTHER), "terms": terms(on_other_card="return_then_lend")},
    ),
    "an ordinary copy overnight": ("item.onsite_only", {"overnight": True}),
    "a book for the same group": (
        "member.age_group",
        {"member": member(age_group="ب"), "item": item(age_group="ب، ج")},
    ),
    "a book for a younger group": ("member.age_group", {"member": member(age_group="د"), "item": item(age_group="ب")}),
    "a book without a group": ("member.age_group", {"member": member(age_group="ب")}),
    "a reader without a group": ("member.age_group", {"item": item(age_group="ه")}),
    "a note that is only read": ("member.alert", {"alerts": (alert(), alert(of_item=True))}),
    "a due date by the policy beyond the longest by hand": (
        "due.invalid",
        {"due_on": days(40), "terms": terms(max_days=30)},
    ),
    "a hand-set due date today": ("due.invalid", {"due_on": TODAY, "hand_set_due": True}),
    "the longest hand-set due date": (
        "due.invalid",
        {"due_on": days(30), "hand_set_due": True, "terms": terms(max_days=30)},
    ),
}


@pytest.mark.parametrize("case", ALLOWED)
def test_what_is_no_reason_is_no_refusal(case: str) -> None:
    assert codes(**ALLOWED[case][1]) == []


@pytest.mark.parametrize("code", [code for _, code, _ in REFUSED.values()] + [code for code, _ in ALLOWED.values()])
def test_every_row_of_the_tables_has_its_source(code: str) -> None:
    assert SOURCES[code]


@pytest.mark.parametrize("status", sorted(WEEDED))
def test_a_weeded_copy_is_never_lent(status: ItemStatus) -> None:
    assert codes(item=item(status=status)) == [("item.withdrawn", BLOCK)]


def test_every_status_but_available_and_on_loan_speaks_against_lending() -> None:
    assert set(ItemStatus) - set(UNLENDABLE) == {ItemStatus.AVAILABLE, ItemStatus.ON_LOAN}


def test_all_reasons_are_told_at_once() -> None:
    found = codes(
        member=member(
            card_state=CardState.LOST, state=MemberState.PENDING, expires_on=days(-1), address_unknown=True,
            birth_date=dt.date(2020, 1, 1),
        ),
        bans=(ban(days(3)), ban()),
        standing=standing(loans=9, loans_of_type=9, overdue=1, debt=9, loans_of_person=9),
        item=item(status=ItemStatus.IN_BINDING, on_minutes_id=MINUTES, flags=["parts", "not_for_loan"], min_age=12),
        loan=loan(member_id=OTHER),
        holds=(hold(),),
        terms=terms(
            debt_limit=1, max_loans_all_types=1, max_loans=1, max_items_per_national_id=1, second_copy="confirm"
        ),
        has_title=True,
        due_on=None,
    )  # fmt: skip
    assert [code for code, _ in found] == [
        "member.card_lost", "member.pending", "member.expired", "member.address_unknown", "member.restricted",
        "member.restricted", "member.debt", "member.overdues", "item.on_loan", "item.in_binding",
        "item.on_weeding_minutes", "item.not_for_loan", "item.parts", "limit.total", "limit.item_type",
        "limit.national_id", "member.age", "title.second_copy", "hold.queued_for_other", "limit.no_rule",
    ]  # fmt: skip


def test_a_refusal_tells_the_row_and_the_numbers_behind_it() -> None:
    (refusal,) = checkout_refusals(checkout(standing=standing(loans=4), terms=terms(max_loans_all_types=4)))
    assert (refusal.rule, refusal.limit, refusal.have) == ("*/*", 4, 4)
    (refusal,) = checkout_refusals(checkout(holds=(hold(), hold(), hold(member_id=READER, priority=5))))
    assert refusal.have == 2
    (refusal,) = checkout_refusals(checkout(standing=standing(debt=7), terms=terms(ask_on_any_debt=True)))
    assert (refusal.limit, refusal.have) == (0, 7)
    (refusal,) = checkout_refusals(checkout(bans=(ban(days(3), "دیرکرد"),)))
    assert refusal.facts == {"until": days(3), "reason": "دیرکرد"}


def test_nobody_lifts_a_wait_for_this_very_copy_nor_a_lost_loan() -> None:
    """Koha: an item-level hold beats an override."""
    (waiting,) = renewal_refusals(renewal(holds=(hold(only_this_item=True, item_id=COPY),)))
    (lost,) = renewal_refusals(renewal(loan=loan(lost_on=days(-1))))
    (lightly,) = renewal_refusals(renewal(holds=(hold(),)))
    assert (waiting.final, lost.final, lightly.final) == (True, True, False)
    assert [refusal.overridable for refusal in for_role((waiting, lost, lightly), HEAD_OVERRIDES)] == [
        False, False, True,
    ]  # fmt: skip


def test_too_soon_tells_the_soonest_day() -> None:
    (refusal,) = renewal_refusals(renewal(terms=terms(renew_not_before_days=3)))
    assert (refusal.limit, refusal.have, refusal.facts) == (3, 10, {"soonest": days(7)})


def test_a_doubtful_clock_accuses_nobody_but_all_else_stands() -> None:
    found = tuple(
        checkout_refusals(
            checkout(
                member=member(expires_on=days(-1), card_state=CardState.LOST),
                standing=standing(overdue=1, loans=4),
                terms=terms(max_loans_all_types=4, max_days=1),
                hand_set_due=True,
            )
        )
    )
    assert {refusal.code for refusal in found} & TOLD_BY_THE_CLOCK == {
        "member.expired",
        "member.overdues",
        "due.invalid",
    }
    assert [refusal.code for refusal in believable(found, doubtful=True)] == ["member.card_lost", "limit.total"]
    assert believable(found, doubtful=False) == found


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (dt.date(2000, 2, 29), dt.date(2018, 2, 28), 17),
        (dt.date(2000, 2, 29), dt.date(2018, 3, 1), 18),
        (dt.date(2010, 11, 21), TODAY, 16),
        (dt.date(2010, 11, 22), TODAY, 15),
        (TODAY, TODAY, 0),
    ],
)
def test_age_is_in_full_years(born: dt.date, day: dt.date, age: int) -> None:
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("fields", "waits"),
    [
        ({}, True),
        ({"suspended_until": TODAY}, True),
        ({"suspended_until": days(1)}, False),
        ({"only_this_item": True, "item_id": COPY}, True),
        ({"only_this_item": True, "item_id": OTHER_COPY}, False),
        ({"state": HoldState.WAITING, "item_id": COPY}, False),
        ({"state": HoldState.FILLED}, False),
    ],
)
def test_a_hold_waits_for_a_copy_that_could_serve_it_today(fields: dict[str, Any], waits: bool) -> None:
    assert waits_for(hold(**fields), item(), TODAY) is waits


RENEWAL_REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a settled member": ({"member": member(state=MemberState.CLEARED)}, "member.cleared"),
    "an expired membership": ({"member": member(expires_on=days(-1))}, "member.expired"),
    "a ban": ({"bans": (ban(days(2)),)}, "renewal.restricted"),
    "as many renewals as allowed": ({"loan": loan(renewals=1), "terms": terms(max_renewals=1)}, "renewal.too_many"),
    "no renewal allowed": ({"terms": terms(max_renewals=0)}, "renewal.too_many"),
    "once more without the book": (
        {"loan": loan(unseen_renewals=2), "terms": terms(max_unseen=2), "unseen": True}, "renewal.unseen_limit",
    ),
    "too soon": ({"terms": terms(renew_not_before_days=9)}, "renewal.too_soon"),
    "late": ({"loan": loan(due_on=days(-1)), "terms": terms(overdue_renewal="block_item")}, "renewal.overdue"),
    "another one late": ({"others_overdue": True, "terms": terms(overdue_renewal="block_all")}, "renewal.overdue"),
    "nothing gained": ({"due_on": days(10)}, "renewal.not_extended"),
    "no loan period": ({"due_on": None}, "renewal.not_extended"),
    "somebody waits": ({"holds": (hold(),)}, "renewal.on_hold"),
    "somebody waits and a copy is free, but the policy does not care": (
        {"holds": (hold(),), "copy_free": True}, "renewal.on_hold",
    ),
    "a loan in the hall": ({"loan": loan(channel=Channel.ONSITE)}, "renewal.onsite"),
    "a copy that is not renewed": ({"item": item(renewable=False)}, "renewal.not_allowed"),
    "a lost loan": ({"loan": loan(lost_on=days(-1))}, "item.lost"),
    "a lost copy": ({"item": item(status=ItemStatus.LOST)}, "item.lost"),
    "said to be returned": ({"loan": loan(claimed_returned_on=days(-1))}, "item.claimed_returned"),
    "somebody waits for this very copy, whatever others are free": (
        {
            "holds": (hold(only_this_item=True, item_id=COPY),), "copy_free": True,
            "terms": terms(allow_if_other_copies=True),
        },
        "renewal.on_hold",
    ),
    "an unconfirmed member": ({"member": member(state=MemberState.PENDING)}, "member.pending"),
    "an unknown address": ({"member": member(address_unknown=True)}, "member.address_unknown"),
    "a lost card": ({"member": member(card_state=CardState.LOST)}, "member.card_lost"),
}  # fmt: skip


@pytest.mark.parametrize("case", RENEWAL_REFUSED)
def test_one_reason_refuses_a_renewal(case: str) -> None:
    facts, code = RENEWAL_REFUSED[case]
    assert renewal_codes(**facts) == [code]


RENEWAL_ALLOWED: dict[str, tuple[str, dict[str, Any]]] = {
    "expired where it may": (
        "member.expired",
        {
            "member": member(expires_on=days(-1)),
            "terms": terms(allow_renew_when_expired=True),
        },
    ),
    "banned where it may": ("renewal.restricted", {"bans": (ban(),), "terms": terms(restricted_renewal="allow")}),
    "one renewal left": ("renewal.too_many", {"loan": loan(renewals=1), "terms": terms(max_renewals=2)}),
    "any number where none is set": ("renewal.too_many", {"loan": loan(renewals=99)}),
    "at the desk, after two without the book": (
        "renewal.unseen_limit",
        {"loan": loan(unseen_renewals=2), "terms": terms(max_unseen=2)},
    ),
    "not too soon": ("renewal.too_soon", {"terms": terms(renew_not_before_days=10)}),
    "late where it may": ("renewal.overdue", {"loan": loan(due_on=days(-1))}),
    "late itself, but it is another that blocks": (
        "renewal.overdue",
        {
            "others_overdue": True,
            "terms": terms(overdue_renewal="block_item"),
        },
    ),
    "one waits and another copy serves": (
        "renewal.on_hold",
        {
            "holds": (hold(),),
            "copy_free": True,
            "terms": terms(allow_if_other_copies=True),
        },
    ),
    "the reader's own hold": ("renewal.on_hold", {"holds": (hold(member_id=READER),)}),
    "a copy already kept for the other": (
        "renewal.on_hold",
        {"holds": (hold(state=HoldState.WAITING, item_id=OTHER_COPY),)},
    ),
}


@pytest.mark.parametrize("case", RENEWAL_ALLOWED)
def test_what_is_no_reason_lets_a_renewal_pass(case: str) -> None:
    assert renewal_codes(**RENEWAL_ALLOWED[case][1]) == []


@pytest.mark.parametrize(
    "code", [code for _, code in RENEWAL_REFUSED.values()] + [code for code, _ in RENEWAL_ALLOWED.values()]
)
def test_every_row_of_renewal_has_its_source(code: str) -> None:
    assert SOURCES[code]


def test_all_reasons_against_a_renewal_are_told_at_once() -> None:
    found = renewal_codes(
        member=member(expires_on=days(-1)),
        bans=(ban(),),
        loan=loan(renewals=1, unseen_renewals=1, due_on=days(-2)),
        item=item(renewable=False),
        holds=(hold(),),
        terms=terms(max_renewals=1, max_unseen=1, overdue_renewal="block_item"),
        unseen=True,
        due_on=None,
    )
    assert found == [
        "member.expired", "renewal.restricted", "renewal.too_many", "renewal.unseen_limit", "renewal.overdue",
        "renewal.not_extended", "renewal.on_hold", "renewal.not_allowed",
    ]  # fmt: skip
