"""Open days, due dates and lateness.

The week of the examples: 2026-11-21 is a Saturday (30 Aban 1405), 2026-11-27 and 2026-12-04 are Fridays.
"""

import datetime as dt
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar.rules import (
    HORIZON,
    Calendar,
    Weekday,
    add_months,
    days_late,
    due_date,
    later,
    renewed_due_date,
    weekday_number,
)
from app.persian.jalali import from_jalali, to_jalali
from app.policy.choices import DaysMode
from app.policy.table import PolicyRow, PolicyTable, Terms
from db.codes import RuleStatus

FRIDAYS = frozenset({Weekday.FRIDAY.number})
ALWAYS_OPEN = Calendar()
NEVER_OPEN = Calendar(weekly_closed=frozenset(range(7)))
CLOSED_FRIDAYS = Calendar(FRIDAYS)
SATURDAY = dt.date(2026, 11, 21)


def terms_of(**values: object) -> Terms:
    row = PolicyRow("*", "*", "*", values)
    return PolicyTable(1, "", RuleStatus.IN_FORCE, None, (row,)).resolve("a", "b", "c")


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def due(
    start: str, values: Mapping[str, object], calendar: Calendar = CLOSED_FRIDAYS, expires: str | None = None
) -> str | None:
    found = due_date(day(start), terms_of(**values), calendar, expires_on=day(expires) if expires else None)
    return None if found is None else found.isoformat()


def closed(*days: str) -> Calendar:
    return Calendar(FRIDAYS, {day(text): "تعطیل" for text in days})


CALENDARS = st.builds(
    Calendar,
    weekly_closed=st.frozensets(st.integers(0, 6), max_size=7),
    closed_days=st.dictionaries(st.dates(day("2026-11-01"), day("2027-03-01")), st.just("تعطیل"), max_size=40),
    opened_days=st.frozensets(st.dates(day("2026-11-01"), day("2027-03-01")), max_size=5),
    emergency_days=st.frozensets(st.dates(day("2026-11-01"), day("2027-03-01")), max_size=5),
)


def test_the_weekdays_are_numbered_from_saturday() -> None:
    assert [weekday.number for weekday in Weekday] == [0, 1, 2, 3, 4, 5, 6]
    assert [weekday_number(later(SATURDAY, n)) for n in range(8)] == [0, 1, 2, 3, 4, 5, 6, 0]
    assert weekday_number(day("2026-11-27")) == Weekday("friday").number


class TestOpenDays:
    CALENDAR = Calendar(
        weekly_closed=FRIDAYS,
        closed_days={day("2026-11-25"): "تعطیل", day("2026-11-24"): "تعطیل"},
        opened_days=frozenset({day("2026-11-27"), day("2026-11-25"), day("2026-11-26")}),
        emergency_days=frozenset({day("2026-11-26")}),
    )

    @pytest.mark.parametrize(
        ("text", "is_open"),
        [
            ("2026-11-21", True),
            ("2026-11-24", False),  # a holiday
            ("2026-11-25", True),  # a holiday, but opened
            ("2026-11-26", False),  # an emergency beats an opening
            ("2026-11-27", True),  # a Friday, but opened
            ("2026-12-04", False),  # a Friday
        ],
    )
    def test_emergency_beats_opening_beats_closure_and_week(self, text: str, is_open: bool) -> None:
        assert self.CALENDAR.is_open(day(text)) is is_open

    def test_the_nearest_open_day_is_the_day_itself_or_the_next_on_that_side(self) -> None:
        calendar = closed("2026-11-28", "2026-11-26")
        assert calendar.next_open(day("2026-11-25")) == calendar.previous_open(day("2026-11-25")) == day("2026-11-25")
        assert calendar.next_open(day("2026-11-26")) == day("2026-11-29")
        assert calendar.previous_open(day("2026-11-28")) == day("2026-11-25")

    def test_open_days_are_counted_after_the_first_day_up_to_and_with_the_last(self) -> None:
        assert CLOSED_FRIDAYS.open_days_between(SATURDAY, day("2026-11-28")) == 6
        assert CLOSED_FRIDAYS.open_days_between(SATURDAY, SATURDAY) == 0
        assert CLOSED_FRIDAYS.open_days_between(SATURDAY, day("2026-11-01")) == 0

    @pytest.mark.parametrize(
        ("count", "end"),
        [(0, "2026-11-21"), (1, "2026-11-22"), (5, "2026-11-26"), (6, "2026-11-28"), (12, "2026-12-05")],
    )
    def test_adding_open_days_steps_over_fridays(self, count: int, end: str) -> None:
        assert CLOSED_FRIDAYS.add_open_days(SATURDAY, count) == day(end)

    @given(calendar=CALENDARS, start=st.dates(day("2026-10-01"), day("2027-04-01")), count=st.integers(0, 60))
    def test_counting_the_added_days_gives_them_back(self, calendar: Calendar, start: dt.date, count: int) -> None:
        end = calendar.add_open_days(start, count)
        if len(calendar.weekly_closed) < 7:
            assert calendar.open_days_between(start, end) == count
            assert count == 0 or calendar.is_open(end)

    def test_a_library_that_never_opens_answers_at_once_with_plain_days(self) -> None:
        assert NEVER_OPEN.next_open(SATURDAY) == NEVER_OPEN.previous_open(SATURDAY) == SATURDAY
        assert NEVER_OPEN.add_open_days(SATURDAY, 10) == day("2026-12-01")
        assert NEVER_OPEN.open_days_between(SATURDAY, day("2027-11-21")) == 0

    def test_an_open_day_just_within_the_horizon_is_found_one_beyond_it_is_not(self) -> None:
        for away, found in ((HORIZON - 1, later(SATURDAY, HORIZON - 1)), (HORIZON, SATURDAY)):
            calendar = Calendar(frozenset(range(7)), opened_days=frozenset({later(SATURDAY, away)}))
            assert calendar.next_open(SATURDAY) == found

    def test_the_ends_of_time_hold(self) -> None:
        assert later(dt.date.max, 1) == NEVER_OPEN.next_open(dt.date.max) == dt.date.max
        assert later(dt.date.min, -1) == NEVER_OPEN.previous_open(dt.date.min) == dt.date.min
        assert ALWAYS_OPEN.add_open_days(later(dt.date.max, -2), 5) == dt.date.max


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        ((1405, 1, 31), 1, (1405, 2, 31)),
        ((1405, 6, 31), 1, (1405, 7, 30)),
        ((1405, 11, 30), 1, (1405, 12, 29)),
        ((1403, 11, 30), 1, (1403, 12, 30)),
        ((1403, 12, 30), 12, (1404, 12, 29)),
        ((1405, 12, 29), 1, (1406, 1, 29)),
        ((1405, 9, 1), 12, (1406, 9, 1)),
        ((1405, 9, 1), 0, (1405, 9, 1)),
    ],
)
def test_months_are_those_of_the_jalali_calendar(
    start: tuple[int, int, int], months: int, end: tuple[int, int, int]
) -> None:
    assert to_jalali(add_months(from_jalali(*start), months)) == end


class TestDueDate:
    @pytest.mark.parametrize(
        ("mode", "start", "expected"),
        [  # 13 days from Saturday is a Friday, 14 a Saturday that is closed here, as is the Sunday after
            ("ignore_calendar", "2026-11-21", "2026-12-05"),
            ("push_to_next_open", "2026-11-21", "2026-12-07"),
            ("count_open_days", "2026-11-21", "2026-12-09"),
            ("same_weekday", "2026-11-21", "2026-12-12"),
            ("previous_open", "2026-11-21", "2026-12-03"),
            ("ignore_calendar", "2026-11-23", "2026-12-07"),
            ("push_to_next_open", "2026-11-23", "2026-12-07"),
            ("same_weekday", "2026-11-23", "2026-12-07"),
            ("previous_open", "2026-11-23", "2026-12-07"),
        ],
    )
    def test_each_mode_treats_a_closed_due_day_in_its_own_way(self, mode: str, start: str, expected: str) -> None:
        assert due(start, {"loan_days": 14, "days_mode": mode}, closed("2026-12-05", "2026-12-06")) == expected

    @pytest.mark.parametrize(
        ("values", "expected"),
        [
            ({"loan_days": 7}, "2026-11-28"),
            ({"loan_weeks": 2}, "2026-12-05"),
            ({"loan_months": 1}, "2026-12-21"),  # 30 Aban + 1 month is 30 Azar
            ({"loan_months": 4}, "2027-03-20"),  # Esfand 1405 has 29 days
            ({"fixed_due": "2026-12-22"}, "2026-12-22"),
            ({"fixed_due": "2026-12-25"}, "2026-12-26"),  # a Friday moves
            ({"fixed_due": "2026-11-21"}, "2026-11-21"),
            ({"fixed_due": "2026-11-20"}, None),  # over
            ({"loan_days": 0}, "2026-11-21"),
            ({}, None),
        ],
    )
    def test_the_loan_period_comes_in_four_ways(self, values: dict[str, object], expected: str | None) -> None:
        assert due("2026-11-21", values) == expected

    def test_counting_open_days_counts_weeks_in_days_and_leaves_months_and_dates_to_the_next_open_day(self) -> None:
        counting = {"days_mode": "count_open_days"}
        assert due("2026-11-21", {"loan_weeks": 1, **counting}) == "2026-11-29"
        assert due("2026-11-25", {"loan_months": 1, **counting}) == "2026-12-26"  # 4 Dey is a Friday
        assert due("2026-11-21", {"fixed_due": "2026-12-25", **counting}) == "2026-12-26"

    def test_the_same_weekday_is_kept_only_for_whole_weeks_of_a_weekday_that_opens(self) -> None:
        same = {"days_mode": "same_weekday"}
        assert due("2026-11-21", {"loan_days": 5, **same}, closed("2026-11-26")) == "2026-11-28"
        assert due("2026-11-20", {"loan_days": 7, **same}) == "2026-11-28"  # lent on a Friday: no Friday ever opens
        some_friday = Calendar(FRIDAYS, opened_days=frozenset({day("2026-12-11")}))
        assert due("2026-11-20", {"loan_days": 7, **same}, some_friday) == "2026-12-11"

    def test_the_previous_open_day_is_never_the_day_of_the_loan_nor_before(self) -> None:
        calendar, previous = closed("2026-11-22", "2026-11-23"), {"days_mode": "previous_open"}
        assert due("2026-11-21", {"loan_days": 2, **previous}, calendar) == "2026-11-24"
        assert due("2026-11-21", {"loan_days": 7, **previous}, calendar) == "2026-11-28"
        assert due("2026-11-26", {"loan_days": 1, **previous}) == "2026-11-28"

    @pytest.mark.parametrize(
        ("expires", "capped", "expected"),
        [
            ("2026-11-30", True, "2026-11-30"),
            ("2026-12-05", True, "2026-12-05"),
            ("2026-12-04", True, "2026-12-03"),  # a Friday: the open day before
            ("2026-11-21", True, "2026-11-21"),
            ("2026-11-20", True, "2026-12-05"),  # already over: refused elsewhere, an override gets the full time
            ("2026-11-30", False, "2026-12-05"),
            (None, True, "2026-12-05"),
        ],
    )
    def test_the_due_date_does_not_pass_the_end_of_membership(
        self, expires: str | None, capped: bool, expected: str
    ) -> None:
        assert due("2026-11-21", {"loan_days": 14, "cap_at_membership_expiry": capped}, expires=expires) == expected

    def test_an_ignored_calendar_is_ignored_at_the_end_of_membership_too(self) -> None:
        values = {"loan_days": 14, "cap_at_membership_expiry": True, "days_mode": "ignore_calendar"}
        assert due("2026-11-21", values, expires="2026-12-04") == "2026-12-04"

    @pytest.mark.parametrize(
        ("hard_due", "mode", "expected"),
        [
            ("2026-11-30", "before", "2026-11-30"),
            ("2026-11-27", "before", "2026-11-26"),  # a Friday: the open day before
            ("2026-12-30", "before", "2026-12-05"),
            ("2026-11-30", "exact", "2026-11-30"),
            ("2026-11-27", "exact", "2026-11-27"),  # the very day, as it was set
            ("2026-12-30", "exact", "2026-12-30"),
            ("2026-11-30", "after", "2026-12-05"),
            ("2026-12-30", "after", "2026-12-30"),
            ("2027-01-01", "after", "2027-01-02"),  # a Friday: the open day after
            ("2026-11-21", "before", "2026-11-21"),
            ("2026-11-20", "before", "2026-12-05"),  # a past date binds nothing
            ("2026-11-20", "exact", "2026-12-05"),
        ],
    )
    def test_a_hard_due_date_binds_in_its_mode(self, hard_due: str, mode: str, expected: str) -> None:
        assert due("2026-11-21", {"loan_days": 14, "hard_due": hard_due, "hard_mode": mode}) == expected

    @pytest.mark.parametrize(
        ("start", "expected"),
        [
            ("2026-11-15", "2026-11-22"),  # before the first term: unbound
            ("2026-11-21", "2026-11-24"),  # first term
            ("2026-11-25", "2026-12-02"),  # in the first term, but its date is past
            ("2026-12-01", "2027-01-20"),  # second term, with its own mode
            ("2027-01-20", "2027-01-20"),  # its last day
            ("2027-01-25", "2027-02-01"),  # after all terms
        ],
    )
    def test_of_a_list_of_terms_the_one_the_loan_begins_in_binds(self, start: str, expected: str) -> None:
        terms = [
            {"from": "2026-11-20", "to": "2026-11-30", "due": "2026-11-24"},
            {"from": "2026-12-01", "to": "2027-01-20", "due": "2027-01-20", "mode": "exact"},
        ]
        assert due(start, {"loan_days": 7, "hard_due": terms}) == expected

    def test_of_a_list_of_dates_the_next_one_binds(self) -> None:
        dates = ["2027-01-20", "2026-11-24"]
        assert due("2026-11-21", {"loan_days": 90, "hard_due": dates}) == "2026-11-24"
        assert due("2026-11-25", {"loan_days": 90, "hard_due": dates}) == "2027-01-20"

    def test_another_number_of_days_may_stand_in_for_the_period(self) -> None:
        terms = terms_of(loan_days=14)
        assert due_date(SATURDAY, terms, CLOSED_FRIDAYS, days=3) == day("2026-11-24")
        assert due_date(SATURDAY, terms, CLOSED_FRIDAYS, days=6) == day("2026-11-28")
        assert due_date(SATURDAY, terms_of(), CLOSED_FRIDAYS, days=3) == day("2026-11-24")

    @pytest.mark.parametrize("mode", DaysMode)
    def test_a_library_that_never_opens_lends_as_if_it_did(self, mode: DaysMode) -> None:
        assert due("2026-11-21", {"loan_days": 14, "days_mode": mode}, NEVER_OPEN) == "2026-12-05"

    @given(
        calendar=CALENDARS,
        start=st.dates(day("2026-10-01"), day("2027-03-01")),
        length=st.integers(0, 60),
        mode=st.sampled_from(DaysMode),
        expires=st.none() | st.dates(day("2026-10-01"), day("2027-06-01")),
    )
    def test_a_due_date_is_open_not_before_the_loan_and_not_after_the_membership(
        self, calendar: Calendar, start: dt.date, length: int, mode: DaysMode, expires: dt.date | None
    ) -> None:
        terms = terms_of(loan_days=length, days_mode=mode, cap_at_membership_expiry=True)
        found = due_date(start, terms, calendar, expires_on=expires)
        assert found is not None
        assert found >= start
        if expires is not None and expires >= start:
            assert found <= expires
        lends_today = calendar.is_open(start) and len(calendar.weekly_closed) < 7
        if lends_today and mode is not DaysMode.IGNORE_CALENDAR:
            assert calendar.is_open(found)


class TestRenewal:
    @pytest.mark.parametrize(
        ("today", "values", "expected"),
        [
            ("2026-11-30", {}, "2026-12-14"),  # from today
            ("2026-11-30", {"renew_from": "due"}, "2026-12-19"),  # from the old due date
            ("2026-11-30", {"renewal_days": 2}, "2026-12-05"),  # never earlier than it was
            ("2026-12-20", {"renewal_days": 2}, "2026-12-22"),  # late
            ("2026-12-03", {"renewal_days": 8, "renew_from": "now"}, "2026-12-12"),  # a Friday moves
        ],
    )
    def test_a_renewal_counts_from_today_or_the_old_due_date_and_never_shortens(
        self, today: str, values: dict[str, object], expected: str
    ) -> None:
        terms = terms_of(**{"loan_days": 14, **values})
        assert renewed_due_date(day(today), day("2026-12-05"), terms, CLOSED_FRIDAYS) == day(expected)

    def test_it_ends_with_the_membership(self) -> None:
        terms = terms_of(loan_days=14, cap_at_membership_expiry=True)
        old = day("2026-12-05")
        assert renewed_due_date(old, old, terms, CLOSED_FRIDAYS, expires_on=day("2026-12-10")) == day("2026-12-10")
        assert renewed_due_date(old, old, terms, CLOSED_FRIDAYS, expires_on=old) == old

    def test_without_a_period_there_is_no_renewal(self) -> None:
        assert renewed_due_date(SATURDAY, SATURDAY, terms_of(), CLOSED_FRIDAYS) is None


class TestLateness:
    CALENDAR = Calendar(
        FRIDAYS, {day("2026-11-24"): "تعطیل"}, emergency_days=frozenset({day("2026-11-25"), day("2026-12-04")})
    )

    @pytest.mark.parametrize(
        ("returned", "all_days", "open_days"),
        [
            ("2026-11-01", 0, 0),
            ("2026-11-20", 0, 0),
            ("2026-11-21", 0, 0),  # the due day itself is never late
            ("2026-11-22", 1, 1),
            ("2026-11-23", 2, 2),
            ("2026-11-24", 3, 2),  # a holiday
            ("2026-11-25", 3, 2),  # an emergency never counts
            ("2026-11-26", 4, 3),
            ("2026-11-27", 5, 3),  # a Friday
            ("2026-11-28", 6, 4),
            ("2026-12-04", 11, 9),  # a Friday that is an emergency
            ("2026-12-05", 12, 10),
        ],
    )
    def test_whole_days_after_the_due_day_count_without_the_closed_ones_if_asked(
        self, returned: str, all_days: int, open_days: int
    ) -> None:
        assert days_late(SATURDAY, day(returned), self.CALENDAR, skip_closed=False) == all_days
        assert days_late(SATURDAY, day(returned), self.CALENDAR, skip_closed=True) == open_days

    def test_no_day_is_late_in_a_library_that_never_opens(self) -> None:
        assert days_late(SATURDAY, day("2027-11-21"), NEVER_OPEN, skip_closed=True) == 0
        assert days_late(SATURDAY, day("2027-11-21"), NEVER_OPEN, skip_closed=False) == 365

    @given(calendar=CALENDARS, late=st.integers(-30, 120))
    def test_lateness_grows_by_at_most_one_a_day_and_skipping_never_adds(self, calendar: Calendar, late: int) -> None:
        for skip in (False, True):
            found = days_late(SATURDAY, later(SATURDAY, late), calendar, skip)
            after = days_late(SATURDAY, later(SATURDAY, late + 1), calendar, skip)
            assert 0 <= found <= max(0, late)
            assert found <= after <= found + 1
        skipped = days_late(SATURDAY, later(SATURDAY, late), calendar, skip_closed=True)
        assert skipped <= days_late(SATURDAY, later(SATURDAY, late), calendar, skip_closed=False)
