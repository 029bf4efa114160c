import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.calendar.rules import Weekday
from app.clock import SettableClock
from app.library import Library
from app.outcome import Refused
from app.policy.service import PolicyFaulty, PolicySet, PolicyUnchanged, set_policy
from app.setup import SetUp, found_library
from db.act import Act
from db.codes import BranchKind, Role, RuleStatus

TODAY = dt.date(2026, 11, 21)
ROWS = [{"loan_days": 10}]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    setup = SetUp(
        name="آبگرم", province="", county="", city="", grade=None, kind=BranchKind.INSTITUTIONAL, space_shortage=False,
        profile="public", weekly_closed=frozenset({Weekday.FRIDAY}), official_holidays=False, admin_name="زهرا",
        admin_pin=None, passphrase=None,
    )  # fmt: skip
    made, _ = found_library(tmp_path, setup, SettableClock(dt.datetime(2026, 11, 21, 10, tzinfo=dt.UTC)))
    with made.store:
        yield made


def put(library: Library, **document: Any) -> object:
    return set_policy(library, document, library.act(library.person(None)))


def test_a_new_table_is_the_next_version_and_holds_at_once(library: Library) -> None:
    assert put(library, rows=ROWS) == PolicySet(2, TODAY)
    assert library.policy.version == 2
    assert library.terms("ordinary", "book").number("loan_days") == 10


def test_what_the_table_leaves_out_of_its_head_stays(library: Library) -> None:
    put(library, rows=ROWS, categories={"guest": "مهمان"}, title="آیین‌نامهٔ ۱۴۰۵")
    put(library, rows=[{"category": "guest", "loan_days": 3}, *ROWS])
    assert (library.policy.profile, library.policy.title) == ("public", "آیین‌نامهٔ ۱۴۰۵")
    assert library.categories["guest"] == "مهمان"
    assert library.terms("guest", "book").number("loan_days") == 3


def test_a_date_gone_by_means_today(library: Library) -> None:
    assert put(library, rows=ROWS, effective_from="1380/01/01") == PolicySet(2, TODAY)


def test_a_later_date_is_waited_for(library: Library) -> None:
    later = TODAY + dt.timedelta(days=30)
    assert put(library, rows=ROWS, effective_from=later) == PolicySet(2, later)
    assert library.policy.version == 1


def test_the_rules_in_force_are_not_stored_again(library: Library) -> None:
    put(library, rows=ROWS)
    assert put(library, rows=ROWS) == PolicyUnchanged(2)
    assert put(library, rows=ROWS, status=RuleStatus.DRAFT) == PolicySet(3, TODAY)


def test_a_table_with_a_problem_is_refused_as_a_whole(library: Library) -> None:
    told = put(library, rows=[*ROWS, {"category": "child", "fine_per_day": -1}])
    assert isinstance(told, PolicyFaulty)
    assert [problem.parameter for problem in told.problems] == ["fine_per_day"]
    assert isinstance(put(library, rows="loan_days"), PolicyFaulty)
    assert library.policy.version == 1


def test_only_who_may_change_the_rules_does(library: Library) -> None:
    person = library.person(None)
    told = set_policy(library, {"rows": ROWS}, Act(person.id, Role.LIBRARIAN, 1, library.clock.read()))
    assert isinstance(told, Refused)
    assert [refusal.code for refusal in told.refusals] == ["role.not_allowed"]
    assert library.policy.version == 1
