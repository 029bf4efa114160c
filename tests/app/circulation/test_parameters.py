"""Every parameter of the policy has an effect: the same facts under two values of it come to two outcomes.

The sources are the desk protocol («How they act»), the seed texts (000 to 004), and what library systems have in common
where the texts are silent (the note on circulation: its sections in brackets).
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from app.calendar.rules import Calendar, days_late, due_date, renewed_due_date
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.due import Asked, lending_due
from app.circulation.fines import ban_days, ban_until, overdue_fine
from app.circulation.outcomes import Renewed
from app.circulation.renewal import renew_item, renewal_refusals
from app.circulation.rules import checkout_refusals
from app.library import Library
from app.nightly.service import run_due_nights
from app.policy.document import read_document
from app.policy.parameters import PARAMETERS
from app.policy.table import PolicyTable
from app.policy.values import Group
from db.codes import Channel, ItemFlag, ItemStatus
from db.models.circulation import Loan
from tests.app.circulation.facts import (
    OTHER,
    TODAY,
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
from tests.library import ACopy, AMember, act, add_copy, add_member, change, found, lend, pass_days, put_policy, row

TESTS = Path(__file__).parents[2]
FRIDAYS = Calendar(weekly_closed=frozenset({6}))
FRIDAY = dt.date(2026, 12, 11)  # جمعه ۲۰ آذر ۱۴۰۵
THURSDAY, SATURDAY = dt.date(2026, 12, 10), dt.date(2026, 12, 12)
SOON = days(3)
CLOSED_WEEK = Calendar(closed_days={days(number): "تعطیل" for number in range(20, 24)})
FINED = {"fine_per_day": 2000, "period_days": 1}
BANNED = {"ban_days_per_late_day": 1, "ban_period_days": 1}
TIERS = [{"from": 1, "to": 7, "amount": 500}, {"from": 8, "amount": 1000}]

Values: TypeAlias = Mapping[str, Any]
Outcome: TypeAlias = Callable[[Values], object]


def due(start: dt.date = TODAY, expires: dt.date | None = None, calendar: Calendar = FRIDAYS) -> Outcome:
    """The due date of a loan begun on `start`."""
    return lambda values: due_date(start, terms(**values), calendar, expires_on=expires)


def queued(waiting: int) -> Outcome:
    """The due date while so many others wait."""
    holds = [hold(priority=place) for place in range(1, waiting + 1)]
    return lambda values: lending_due(Asked(TODAY), terms(**values), FRIDAYS, member(), item(), holds).on


def lent(**facts: Any) -> Outcome:
    """What speaks against a loan: codes, with ? where it is only asked."""
    return lambda values: _codes(checkout_refusals(checkout(**facts, terms=terms(**values))))


def renewed(today: dt.date = TODAY, old: dt.date = SOON) -> Outcome:
    """The due date after a renewal."""
    return lambda values: renewed_due_date(today, old, terms(**values), FRIDAYS)


def extended(**facts: Any) -> Outcome:
    """What speaks against a renewal."""
    return lambda values: _codes(renewal_refusals(renewal(**facts, terms=terms(**values))))


def fine(late: int, reserved: bool = False, price: int | None = None) -> Outcome:
    """What so many days late cost (rial)."""
    return lambda values: overdue_fine(late, terms(**values), reserved, price).amount_rial


def fine_between(old: dt.date, back: dt.date, calendar: Calendar = FRIDAYS) -> Outcome:
    """What a return on `back` costs (rial), days closed counted or not."""

    def outcome(values: Values) -> object:
        found_terms = terms(**values)
        late = days_late(old, back, calendar, found_terms.flag("skip_closed"))
        return overdue_fine(late, found_terms, reserved=False, price=None).amount_rial

    return outcome


def banned(late: int) -> Outcome:
    """For how many days a member is barred."""
    return lambda values: ban_days(late, terms(**values))


def barred_until(number: int, running: dt.date | None = None, calendar: Calendar = FRIDAYS) -> Outcome:
    """The last day of a ban of so many days that begins today."""
    return lambda values: ban_until(TODAY, number, terms(**values), calendar, running)


def of_two_branches(parameter: str) -> Outcome:
    """A parameter for a copy of Arak that stands in Abgarm; both have a row of their own."""

    def outcome(values: Values) -> object:
        rows = [dict(values), {"branch": "arak", "loan_days": 30}, {"branch": "abgarm", "loan_days": 7}]
        table = read_document({"rows": rows})
        assert isinstance(table, PolicyTable)
        return table.between("arak", "abgarm", "ordinary", "book")[parameter]

    return outcome


def _codes(refusals: Iterator[Any]) -> list[str]:
    return [f"{refusal.code}{'?' if refusal.weight == 'confirm' else ''}" for refusal in refusals]


CHILD = member(birth_date=dt.date(2015, 1, 1))
TERM = [{"from": "1405/07/01", "to": "1405/10/01", "due": "1405/09/10"}, {"due": "1405/12/01"}]
LATE = lent(standing=standing(overdue=1))
HAND = {"hand_set_due": True, "due_on": days(20)}

# parameter, outcome, other values, its value in the second case, outcome without, outcome with, source
ROWS: list[tuple[str, Outcome, Values, object, object, object, str]] = [
    # loan
    ("loan_days", due(), {}, 20, days(14), SATURDAY, "000 §3-1-2 ردیف ۳: ۲۰ روز"),
    ("loan_days", due(), {}, 90, days(14), days(91), "000 §3-1-2 ردیف ۱: ۹۰ روز، جمعه است"),
    ("loan_days", due(), {}, 7, days(14), days(7), "004 ب-۱: هفت روز"),
    ("loan_days", due(), {}, 0, days(14), TODAY, "note 3.1: zero days are due today"),
    ("loan_days", lent(due_on=None), {"loan_days": None}, 14, ["limit.no_rule"], ["limit.no_rule"], ""),
    ("loan_weeks", due(), {"loan_days": None}, 3, None, days(21), "desk-protocol, loan"),
    ("loan_months", due(), {"loan_days": None}, 1, None, dt.date(2026, 12, 21), "30 Aban + 1 is 30 Azar"),
    ("loan_months", due(), {"loan_days": None}, 2, None, dt.date(2027, 1, 20), "30 Dey"),
    ("fixed_due", due(), {"loan_days": None}, "1405/09/18", None, dt.date(2026, 12, 9), "desk-protocol, loan"),
    ("fixed_due", due(), {"loan_days": None}, "1405/08/01", None, None, ""),
    ("days_mode", due(), {"loan_days": 20}, "ignore_calendar", SATURDAY, FRIDAY, "SAMAN: اولین روز کاری پس از تعطیلات"),
    ("days_mode", due(), {"loan_days": 20}, "previous_open", SATURDAY, THURSDAY, "desk-protocol, days_mode"),
    ("days_mode", due(), {"loan_days": 14}, "count_open_days", days(14), days(16), "two Fridays are not counted"),
    (
        "days_mode", due(calendar=CLOSED_WEEK), {"loan_days": 21}, "same_weekday", days(24), days(28),
        "desk-protocol, days_mode: the same weekday of the next open week",
    ),
    ("cap_at_membership_expiry", due(expires=days(10)), {}, True, days(14), days(10), "never past membership"),
    ("cap_at_membership_expiry", due(expires=days(40)), {}, True, days(14), days(14), ""),
    ("cap_at_membership_expiry", lent(**HAND, member=member(expires_on=days(9))), {}, True, [], ["due.invalid"], "C10"),
    ("hard_due", due(), {}, "1405/09/10", days(14), days(10), "000: end of term, note C12"),
    ("hard_due", due(), {}, TERM, days(14), days(10), "a list of terms: the one the loan falls in"),
    ("hard_due", due(dt.date(2027, 1, 2)), {}, TERM, dt.date(2027, 1, 16), dt.date(2027, 1, 16), ""),
    ("hard_mode", due(), {"hard_due": "1405/09/10"}, "exact", days(10), days(10), ""),
    ("hard_mode", due(), {"hard_due": "1405/09/20"}, "exact", days(14), FRIDAY, "desk-protocol, hard_mode"),
    ("hard_mode", due(), {"hard_due": "1405/09/20"}, "after", days(14), SATURDAY, "desk-protocol, hard_mode"),
    ("max_days", lent(**HAND), {}, 19, [], ["due.invalid"], "desk-protocol: longest hand-set loan"),
    ("max_days", lent(**HAND), {}, 20, [], [], ""),
    ("max_loans", lent(standing=standing(loans=2, loans_of_type=2)), {}, 2, [], ["limit.item_type"], "003 م11-2"),
    ("max_loans_all_types", lent(standing=standing(loans=4)), {}, 4, [], ["limit.total"], "000 §3-1-2 ردیف ۴: ۴ نسخه"),
    ("max_loans_all_types", lent(standing=standing(loans=12)), {}, 13, [], [], ""),
    ("max_loans_branch", lent(standing=standing(loans=3)), {}, 3, [], ["limit.total"], "desk-protocol, loan"),
    (
        "max_onsite", lent(standing=standing(onsite=1), channel=Channel.ONSITE), {}, 1, [], ["limit.onsite"],
        "note 3.1: in-library loans have a ceiling of their own",
    ),
    ("max_onsite", lent(standing=standing(onsite=9)), {}, 1, [], [], ""),
    (
        "onsite_counts_as_normal", lent(standing=standing(loans=2, onsite=2)), {"max_loans_all_types": 4}, True,
        [], ["limit.total"], "Koha: ConsiderOnSiteCheckoutsAsNormalCheckouts",
    ),
    (
        "max_items_per_national_id", lent(standing=standing(loans=1, loans_of_person=5)), {}, 5,
        [], ["limit.national_id"], "اطلاعیه 45686 سامان: پنج امانت برای هر کد ملی",
    ),
    ("loanable", lent(), {}, "no", [], ["item.not_for_loan"], "002 م5-1: منابع کهن"),
    ("loanable", lent(), {}, "onsite", [], ["item.not_for_loan"], "000 §3-2: نشریات"),
    ("loanable", lent(channel=Channel.ONSITE), {}, "onsite", [], [], ""),
    ("min_age", lent(member=CHILD), {}, 12, [], ["member.age"], "003 م8"),
    ("min_age", lent(member=CHILD), {}, 11, [], [], ""),
    ("second_copy", lent(has_title=True), {}, "confirm", [], ["title.second_copy?"], "note 3.1: AllowMultipleIssues"),
    ("read_before", lent(read_before=True), {}, "confirm", [], ["title.read_before?"], "note 3.1: previously lent"),
    ("parts", lent(item=item(flags=[ItemFlag.PARTS])), {}, "ignore", ["item.parts?"], [], "003 م11-2: پیوست‌ها"),
    (
        "on_other_card", lent(loan=loan(member_id=OTHER), item=item(status=ItemStatus.ON_LOAN)), {},
        "return_then_lend", ["item.on_loan?"], [], "note 3.1: return and lend in one move",
    ),
    ("lost_item", lent(item=item(status=ItemStatus.LOST)), {}, "alert", ["item.lost?"], [], "Koha: IssueLostItem"),
    ("lost_item", lent(item=item(status=ItemStatus.LOST)), {}, "allow", ["item.lost?"], [], "Koha: IssueLostItem"),
    ("high_holds_over", queued(3), {"high_holds_days": 5}, 2, days(14), days(5), "Koha: decreaseLoanHighHolds"),
    ("high_holds_over", queued(2), {"high_holds_days": 5}, 2, days(14), days(14), ""),
    ("high_holds_days", queued(3), {"high_holds_over": 2}, 5, days(14), days(5), "Koha: decreaseLoanHighHolds"),
    # renewal
    ("renewal_days", renewed(), {}, 7, days(14), days(7), "desk-protocol, renewal"),
    ("renewal_days", renewed(old=days(10)), {}, 7, days(14), days(10), "never earlier than before"),
    ("max_renewals", extended(loan=loan(renewals=1)), {}, 1, [], ["renewal.too_many"], "اطلاعیه ۱۵ سامانه: یک بار"),
    ("max_renewals", extended(), {}, 0, [], ["renewal.too_many"], "zero renewals are none"),
    (
        "max_unseen", extended(loan=loan(renewals=2, unseen_renewals=2), unseen=True), {}, 2,
        [], ["renewal.unseen_limit"], "note 3.3: by telephone",
    ),
    ("max_unseen", extended(loan=loan(renewals=2, unseen_renewals=2)), {}, 2, [], [], ""),
    ("renew_from", renewed(), {}, "due", days(14), days(17), "Koha: RenewalPeriodBase"),
    ("renew_not_before_days", extended(), {}, 9, [], ["renewal.too_soon"], "note 3.3: too soon"),
    ("renew_not_before_days", extended(), {}, 10, [], [], ""),
    ("overdue_renewal", extended(loan=loan(due_on=days(-1))), {}, "block_item", [], ["renewal.overdue"], "note 3.3"),
    ("overdue_renewal", extended(others_overdue=True), {}, "block_all", [], ["renewal.overdue"], "note 3.3"),
    ("overdue_renewal", extended(others_overdue=True), {}, "block_item", [], [], ""),
    ("restricted_renewal", extended(bans=[ban()]), {}, "allow", ["renewal.restricted"], [], "note 3.3: bans"),
    (
        "allow_if_other_copies", extended(holds=[hold()], copy_free=True), {}, True, ["renewal.on_hold"], [],
        "Koha: AllowRenewalIfOtherItemsAvailable",
    ),
    ("allow_if_other_copies", extended(holds=[hold()]), {}, True, ["renewal.on_hold"], ["renewal.on_hold"], ""),
    (
        "allow_renew_when_expired", extended(member=member(expires_on=days(-1))), {}, True, ["member.expired"], [],
        "Koha: AllowRenewalOnExpired",
    ),
    # overdue
    ("fine_per_day", fine(10), {"period_days": 1}, 2000, 0, 20_000, "000 §3-1-2: روزی ۲۰۰۰ ریال"),
    ("fine_per_day", fine(0), {"period_days": 1}, 2000, 0, 0, ""),
    ("fine_per_day_reserved", fine(10, reserved=True), FINED, 4000, 20_000, 40_000, "000 §3-1-2: کتاب رزرو ۴۰۰۰ ریال"),
    ("fine_per_day_reserved", fine(10), FINED, 4000, 20_000, 20_000, ""),
    ("grace_days", fine(3), FINED, 3, 6000, 0, "desk-protocol: grace"),
    ("grace_days", fine(4), FINED, 3, 8000, 8000, ""),
    ("grace_days", banned(5), BANNED, 2, 5, 3, "desk-protocol: ban = (late - grace) × days"),
    ("grace_deducted", fine(5), FINED | {"grace_days": 3}, True, 10_000, 4000, "desk-protocol: grace_deducted"),
    ("period_days", fine(8), FINED, 7, 16_000, 4000, "desk-protocol: rounded up at the start"),
    ("period_days", fine(7), FINED, 7, 14_000, 2000, "desk-protocol: rounded up at the start"),
    ("charge_at", fine(8), FINED | {"period_days": 7}, "end", 4000, 2000, "desk-protocol: down at the end"),
    ("charge_at", fine(6), FINED | {"period_days": 7}, "end", 2000, 0, "desk-protocol: a fine of zero makes no line"),
    ("fine_cap", fine(10), FINED, 15_000, 20_000, 15_000, "desk-protocol: the lower of the caps"),
    ("fine_cap", fine(5), FINED, 15_000, 10_000, 10_000, ""),
    ("cap_to_price", fine(10, price=8000), FINED, True, 20_000, 8000, "Koha: CapFineToReplacementPrice"),
    ("cap_to_price", fine(10, price=8000), FINED | {"fine_cap": 5000}, True, 5000, 5000, ""),
    ("default_price", fine(10), FINED | {"cap_to_price": True}, 9000, 20_000, 9000, "desk-protocol, overdue"),
    (
        "skip_closed", fine_between(THURSDAY, SATURDAY), FINED, False, 2000, 4000,
        "desk-protocol: days closed are left out with skip_closed",
    ),
    ("skip_closed", barred_until(7), {}, False, days(8), days(7), "desk-protocol: ban on open days with skip_closed"),
    (
        "skip_closed", fine_between(THURSDAY, SATURDAY, Calendar(emergency_days=frozenset({FRIDAY}))), FINED, False,
        2000, 2000, "",
    ),
    ("tiers", fine(10), FINED, TIERS, 20_000, 6500, "note F2: rising tiers (RERO ILS)"),
    ("tiers", fine(10), FINED | {"tiers": TIERS}, [{"from": 1, "amount": 100}], 6500, 1000, "note F2"),
    ("tiers_max", fine(10), FINED | {"tiers": TIERS}, 5000, 6500, 5000, "desk-protocol: tiers_max"),
    ("tiers_max", fine(10), FINED, 5000, 20_000, 20_000, ""),
    ("ban_days_per_late_day", banned(3), {}, 2, 0, 6, "desk-protocol: ban"),
    ("ban_period_days", banned(5), BANNED, 2, 5, 2, "desk-protocol: ÷ ban_period_days, rounded down"),
    ("max_ban_days", banned(40), BANNED, 30, 40, 30, "Koha: maxsuspensiondays"),
    ("ban_cumulative", barred_until(4, days(2)), {}, True, days(4), days(7), "desk-protocol: added up"),
    ("ban_cumulative", barred_until(4, days(12)), {}, True, days(12), days(17), "desk-protocol: or the longer"),
    ("debt_limit", lent(standing=standing(debt=50_001)), {}, 50_000, [], ["member.debt"], "note 3.1: noissuescharge"),
    ("debt_limit", lent(standing=standing(debt=50_000)), {}, 50_000, [], [], ""),
    ("debt_limit", extended(), {}, 0, [], [], ""),
    ("ask_on_any_debt", lent(standing=standing(debt=1)), {}, True, [], ["member.debt?"], "desk-protocol, overdue"),
    ("max_overdue_items", LATE, {}, 1, ["member.overdues"], [], "desk-protocol, overdue"),
    ("overdues_block", LATE, {}, "confirm", ["member.overdues"], ["member.overdues?"], "000 §3-1-2"),
    ("overdues_block", LATE, {}, "no", ["member.overdues"], [], "Koha: OverduesBlockCirc"),
    ("rule_branch", of_two_branches("loan_days"), {}, "holding", 30, 7, "Koha: HomeOrHoldingBranch"),
]  # fmt: skip

STORED = {"forgive_fine_on_renewal", "auto_renew", "resolve_claim_on_return"}
"""Proven below against a real store."""

ELSEWHERE: Mapping[str, str] = {
    "count_local_use": "app/circulation/test_checkin.py",
    "return_of_withdrawn": "app/circulation/test_checkin.py",
    "return_of_lost": "app/circulation/test_checkin.py",
    "charge_replacement": "app/circulation/lost/test_rules.py",
    "processing_fee": "app/circulation/lost/test_declaring.py",
    "refund_when_found": "app/circulation/lost/test_refunds.py",
    "in_kind": "app/circulation/lost/test_replacing.py",
    "long_overdue_days": "app/circulation/lost/test_ageing.py",
    "months": "app/members/test_editing.py",
    "fee": "app/members/test_editing.py",
    "card_fee": "app/members/test_editing.py",
    "documents": "app/members/test_editing.py",
    "guarantor": "app/members/test_service.py",
    "letter": "app/members/test_editing.py",
    "refuse_if_overdue_history": "app/members/test_editing.py",
    "payment_methods": "app/accounts/test_payments.py",
    "max_holds": "app/circulation/holds/test_rules.py",
    "max_per_type": "app/circulation/holds/test_rules.py",
    "max_per_title": "app/circulation/holds/test_rules.py",
    "max_per_day": "app/circulation/holds/test_rules.py",
    "shelf_days": "app/circulation/holds/test_rules.py",
    "expire_on_closed_days": "app/circulation/holds/test_expiry.py",
    "allow_hold_on_own_loan": "app/circulation/holds/test_rules.py",
    "hold_on_shelf": "app/circulation/holds/test_rules.py",
    "hold_damaged": "app/circulation/holds/test_rules.py",
    "hold_fee": "app/circulation/holds/test_rules.py",
    "hold_fee_when": "app/circulation/holds/test_rules.py",
}
"""The parameters of other capabilities, and the tests that prove them."""

OF_THE_NETWORK = {"visitor_offline_loans", "visitor_data_days", "staff_offline_days", "staff_offline_warn_days"}
"""They decide nothing in a library that stands alone."""

OURS = {Group.LOAN, Group.RENEWAL, Group.OVERDUE}


@pytest.mark.parametrize(
    ("parameter", "outcome", "others", "value", "without", "with_it", "source"),
    ROWS,
    ids=[f"{row[0]}-{place}" for place, row in enumerate(ROWS)],
)
def test_a_parameter_decides(
    parameter: str, outcome: Outcome, others: Values, value: object, without: object, with_it: object, source: str
) -> None:
    assert outcome(others) == without
    assert outcome({**others, parameter: value}) == with_it
    assert (without == with_it) == (not source), "a row that changes nothing shows the limit of a rule, and cites none"


@pytest.mark.parametrize("name", [name for name, parameter in PARAMETERS.items() if parameter.group in OURS])
def test_every_parameter_of_loans_renewals_and_lateness_has_a_row_in_which_it_changes_the_outcome(name: str) -> None:
    assert name in STORED or any(row[0] == name and row[-1] for row in ROWS)


def test_no_parameter_is_left_without_a_proof() -> None:
    ours = {name for name, parameter in PARAMETERS.items() if parameter.group in OURS}
    assert ours | STORED | ELSEWHERE.keys() | OF_THE_NETWORK == PARAMETERS.keys()


@pytest.mark.parametrize(("name", "module"), ELSEWHERE.items())
def test_every_other_parameter_is_proven_by_the_tests_of_its_capability(name: str, module: str) -> None:
    assert PARAMETERS[name].group not in OURS
    assert re.search(rf"\b{name}\b", (TESTS / module).read_text(encoding="utf-8"))


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def _late_loan(library: Library, **values: Any) -> tuple[AMember, ACopy, Any]:
    put_policy(library, {"loan_days": 5, "days_mode": "ignore_calendar", **FINED, **values})
    reader, copy = add_member(library), add_copy(library)
    return reader, copy, lend(library, reader, copy)


@pytest.mark.parametrize(("forgiven", "cost"), [(False, 6000), (True, 0)])
def test_a_renewal_forgives_the_fine_so_far_where_the_policy_says_so(
    library: Library, forgiven: bool, cost: int
) -> None:
    _, copy, _ = _late_loan(library, forgive_fine_on_renewal=forgiven)
    pass_days(library, 9)
    outcome = renew_item(library, copy.barcode, act(library))
    assert isinstance(outcome, Renewed)
    assert outcome.fine == cost


@pytest.mark.parametrize(("auto", "renewals"), [(False, 0), (True, 1)])
def test_a_loan_is_renewed_by_itself_on_its_day_where_the_policy_says_so(
    library: Library, auto: bool, renewals: int
) -> None:
    _, _, loan_made = _late_loan(library, auto_renew=auto)
    run_due_nights(library, act(library))
    pass_days(library, 6)
    run_due_nights(library, act(library))
    assert row(library, Loan, loan_made.loan_id).renewals == renewals


@pytest.mark.parametrize(("resolved", "told"), [(True, []), (False, ["item.claimed_returned"])])
def test_a_copy_said_to_be_back_settles_the_claim_or_is_asked_about(
    library: Library, resolved: bool, told: list[str]
) -> None:
    _, copy, loan_made = _late_loan(library, resolve_claim_on_return=resolved)
    change(library, Loan, loan_made.loan_id, claimed_returned_on=TODAY)
    outcome = check_in(library, CheckinRequest(copy.barcode), act(library))
    assert [refusal.code for refusal in getattr(outcome, "refusals", ())] == told
