"""What the centre owns: before the library's own, from the day it arrives, and not to be changed by the library."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.centre import Centre
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.outcomes import CheckedIn
from app.closures.days import remove_day
from app.closures.holidays import HolidayEdit, edit_holiday, take_year
from app.directives.publishing import (
    Faulty,
    Published,
    publish_calendar_day,
    publish_guideline,
    publish_library,
    publish_policy,
    withdraw_calendar_day,
)
from app.exchange.libraries import LibraryForm
from app.guideline.service import set_guideline
from app.guideline.stored import guideline_in_force
from app.library import Library
from app.outcome import Refused
from app.policy.service import set_policy
from app.policy.stored import policy_in_force, versions
from db.act import Act
from db.codes import DayKind, Role, RuleStatus
from db.models.base import Base
from db.models.library import CalendarDay, GuidelineVersion, LicensedLibrary, Policy, PolicyRow
from tests.app.directives.asking import CENTRE, pulled
from tests.centres import fresh_centre
from tests.library import TODAY, act, add_copy, add_member, found, lend, pass_days, put_policy, rows

RULES = {"title": "کشوری", "profile": "public", "source": "مرکز",
         "rows": [{"name": "همه", "source": "مرکز", "article": "۱", "loan_days": 5}]}  # fmt: skip
HOLIDAY = TODAY + dt.timedelta(days=5)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def centre() -> Iterator[Centre]:
    with fresh_centre() as made:
        yield made


def the_centre(centre: Centre) -> Act:
    return Act(None, Role.ADMINISTRATOR, 0, centre.clock.read())


def of_centre(library: Library, model: type[Base], **values: Any) -> uuid.UUID:
    return pulled(library, model, branch_id=CENTRE, **values)


def rules_of_centre(library: Library, version: int, since: dt.date = TODAY, **parameters: Any) -> None:
    policy = of_centre(library, Policy, version=version, title="کشوری", profile="public", status=RuleStatus.IN_FORCE,
                       effective_from=since, source="مرکز")  # fmt: skip
    of_centre(library, PolicyRow, policy_id=policy, position=1, parameters=parameters, name="همه", source="مرکز",
              article="۱")  # fmt: skip


class TestRulesOfLending:
    def test_they_go_before_newer_ones_of_the_library(self, library: Library) -> None:
        rules_of_centre(library, 10_000, TODAY - dt.timedelta(days=30), loan_days=5)
        put_policy(library, {"loan_days": 20})
        assert library.policy.version == 10_000

    def test_those_whose_day_has_not_come_decide_nothing_yet(self, library: Library) -> None:
        put_policy(library, {"loan_days": 20})
        rules_of_centre(library, 10_000, TODAY + dt.timedelta(days=3), loan_days=5)
        with library.store.read() as reader:
            assert policy_in_force(reader, TODAY).version == 2
            assert policy_in_force(reader, TODAY + dt.timedelta(days=3)).version == 10_000

    def test_while_they_hold_the_library_makes_none_of_its_own(self, library: Library) -> None:
        assert not isinstance(set_policy(library, RULES, act(library)), Refused)
        rules_of_centre(library, 10_000, loan_days=5)
        outcome = set_policy(library, RULES | {"title": "خودمان"}, act(library))
        assert isinstance(outcome, Refused)
        assert [refusal.code for refusal in outcome.refusals] == ["centre.owns_policy"]
        with library.store.read() as reader:
            assert [(one.version, one.of_centre) for one in versions(reader)] == [
                (10_000, True),
                (2, False),
                (1, False),
            ]

    def test_a_loan_is_fined_by_the_rules_it_was_made_under(self, library: Library) -> None:
        put_policy(library, {"loan_days": 5, "fine_per_day": 500, "period_days": 1, "skip_closed": False})
        copy = add_copy(library)
        lend(library, add_member(library), copy)
        rules_of_centre(library, 10_000, loan_days=5, fine_per_day=9_000, period_days=1, skip_closed=False)
        pass_days(library, 8)
        back = check_in(library, CheckinRequest(copy.barcode), act(library))
        assert isinstance(back, CheckedIn)
        assert (back.days_late, back.fine) == (back.days_late, 500 * back.days_late)
        assert back.days_late > 0

    def test_a_loan_made_since_is_fined_by_the_new_ones(self, library: Library) -> None:
        rules_of_centre(library, 10_000, loan_days=5, fine_per_day=9_000, period_days=1, skip_closed=False)
        copy = add_copy(library)
        lend(library, add_member(library), copy)
        pass_days(library, 8)
        back = check_in(library, CheckinRequest(copy.barcode), act(library))
        assert isinstance(back, CheckedIn)
        assert back.fine == 9_000 * back.days_late > 0


class TestTheCalendar:
    def day(self, library: Library, kind: DayKind, day: dt.date = HOLIDAY) -> None:
        of_centre(library, CalendarDay, day=day, kind=kind, name="به گفتهٔ مرکز")

    def test_a_holiday_of_the_centre_closes(self, library: Library) -> None:
        assert library.calendar.is_open(HOLIDAY)
        self.day(library, DayKind.HOLIDAY)
        assert not library.calendar.is_open(HOLIDAY)

    def test_a_holiday_that_moved_is_none_but_the_week_and_own_closures_stay(self, library: Library) -> None:
        friday, own = TODAY + dt.timedelta(days=6), TODAY + dt.timedelta(days=3)
        with library.store.write() as tx:
            tx.insert(CalendarDay, day=HOLIDAY, kind=DayKind.HOLIDAY, name="عید")
            tx.insert(CalendarDay, day=own, kind=DayKind.CLOSED, name="رنگ‌آمیزی")
            tx.record("test.changed", act(library))
        for day in (HOLIDAY, friday, own):
            self.day(library, DayKind.OPENED, day)
        assert [library.calendar.is_open(day) for day in (HOLIDAY, friday, own)] == [True, False, False]

    def test_a_decree_closes_in_spite_of_everything(self, library: Library) -> None:
        with library.store.write() as tx:
            tx.insert(CalendarDay, day=HOLIDAY, kind=DayKind.OPENED, name="نمایشگاه")
            tx.record("test.changed", act(library))
        self.day(library, DayKind.EMERGENCY)
        assert not library.calendar.is_open(HOLIDAY)

    def test_what_the_centre_says_is_not_changed_here(self, library: Library) -> None:
        self.day(library, DayKind.HOLIDAY)
        for outcome in (
            edit_holiday(library, HolidayEdit(HOLIDAY, "نام دیگر"), act(library)),
            edit_holiday(library, HolidayEdit(HOLIDAY, remove=True), act(library)),
            edit_holiday(library, HolidayEdit(HOLIDAY, move_to=TODAY + dt.timedelta(days=2)), act(library)),
        ):
            assert isinstance(outcome, Refused)
            assert [refusal.code for refusal in outcome.refusals] == ["centre.owns_day"]

    def test_a_closure_by_decree_is_not_taken_back_here(self, library: Library) -> None:
        self.day(library, DayKind.EMERGENCY)
        outcome = remove_day(library, HOLIDAY, DayKind.EMERGENCY, act(library))
        assert isinstance(outcome, Refused)
        assert [refusal.code for refusal in outcome.refusals] == ["centre.owns_day"]

    def test_the_shipped_file_of_a_year_does_not_touch_it(self, library: Library) -> None:
        self.day(library, DayKind.OPENED, dt.date(2026, 3, 21))
        take_year(library, 1405, act(library))
        assert dt.date(2026, 3, 21) not in {row.day for row in rows(library, CalendarDay, branch_id=library.branch.id)}


def test_figures_of_the_guideline_go_before_the_librarys_own(library: Library, centre: Centre) -> None:
    assert isinstance(publish_guideline(centre, {"title": "ابلاغ ۱۴۰۵"}, the_centre(centre)), Published)
    (stored,) = centre_rows(centre, GuidelineVersion)
    assert stored.version == 10_000
    set_guideline(library, {"title": "خودمان"}, act(library))
    of_centre(library, GuidelineVersion, version=10_000, title="ابلاغ ۱۴۰۵", source="مرکز", status=RuleStatus.IN_FORCE,
              effective_from=TODAY, rules=stored.rules, author_id=CENTRE, at=act(library).at)  # fmt: skip
    with library.store.read() as reader:
        assert guideline_in_force(reader, TODAY).title == "ابلاغ ۱۴۰۵"
    outcome = set_guideline(library, {"title": "باز خودمان"}, act(library))
    assert isinstance(outcome, Refused)
    assert [refusal.code for refusal in outcome.refusals] == ["centre.owns_guideline"]


class TestPublishing:
    def test_versions_of_the_centre_begin_where_no_library_comes(self, centre: Centre) -> None:
        told = [publish_policy(centre, RULES | {"title": str(place)}, the_centre(centre)) for place in range(2)]
        assert told == [Published(version=10_000), Published(version=10_001)]
        assert {row.branch_id for row in centre_rows(centre, PolicyRow)} == {centre.id}
        assert all(row.bpos for row in centre_rows(centre, Policy))

    def test_rules_that_may_not_hold_are_told_and_nothing_is_kept(self, centre: Centre) -> None:
        faulty = publish_policy(centre, {"rows": [{"loan_days": -4}]}, the_centre(centre))
        assert isinstance(faulty, Faulty)
        assert faulty.problems
        assert centre_rows(centre, Policy) == []

    def test_of_a_day_the_centre_says_one_thing(self, centre: Centre) -> None:
        day = centre.clock.read().day + dt.timedelta(days=9)
        publish_calendar_day(centre, day, DayKind.HOLIDAY, "عید", the_centre(centre))
        again = publish_calendar_day(centre, day, DayKind.HOLIDAY, "عید", the_centre(centre))
        assert isinstance(again, Published)
        assert not again.changed
        publish_calendar_day(centre, day, DayKind.OPENED, "ماه یک روز دیرتر دیده شد", the_centre(centre))
        assert [row.kind for row in centre_rows(centre, CalendarDay)] == [DayKind.OPENED]
        assert withdraw_calendar_day(centre, day, the_centre(centre)).changed
        assert not withdraw_calendar_day(centre, day, the_centre(centre)).changed
        assert centre_rows(centre, CalendarDay) == []

    def test_a_day_needs_a_name_and_a_kind_of_the_centres(self, centre: Centre) -> None:
        day = centre.clock.read().day
        assert isinstance(publish_calendar_day(centre, day, DayKind.HOLIDAY, " ", the_centre(centre)), Refused)
        assert isinstance(publish_calendar_day(centre, day, DayKind.CLOSED, "x", the_centre(centre)), Refused)

    def test_a_library_stands_on_the_list_once(self, centre: Centre) -> None:
        form = LibraryForm("کتابخانهٔ ساوه", province="مرکزی", county="ساوه")
        first = publish_library(centre, form, the_centre(centre))
        licensed = LibraryForm("كتابخانه ساوه", province="مرکزی", county="ساوه", licence_no="۱۲/۳")
        assert publish_library(centre, licensed, the_centre(centre)) == first
        (row,) = centre_rows(centre, LicensedLibrary)
        assert row.licence_no == "12/3"
        assert isinstance(publish_library(centre, LibraryForm("بی‌جا"), the_centre(centre)), Refused)


def centre_rows(centre: Centre, model: type[Base]) -> list[Any]:
    table = Base.metadata.tables[model.__tablename__]
    with centre.store.read() as reader:
        return list(reader.connection.execute(sa.select(table).where(table.c.deleted_at.is_(None))))
