import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.calendar.rules import Weekday
from app.library import Library
from app.outcome import Refused
from app.policy.service import PolicyFaulty, PolicySet, PolicyUnchanged, go_back, set_policy
from app.policy.stored import policy_in_force, policy_of_version, version_in_force, versions
from app.setup import SetUp
from db.act import Act
from db.codes import BranchKind, Role, RuleStatus
from tests.library import found_as

TODAY = dt.date(2026, 11, 21)
ROWS = [{"loan_days": 10}]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    setup = SetUp(
        name="آبگرم", province="", county="", city="", grade=None, kind=BranchKind.INSTITUTIONAL, space_shortage=False,
        profile="public", weekly_closed=frozenset({Weekday.FRIDAY}), official_holidays=False, admin_name="زهرا",
        admin_pin=None, passphrase=None,
    )  # fmt: skip
    made = found_as(tmp_path / "library", setup)
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


def test_a_draft_never_decides_whatever_its_date(library: Library) -> None:
    put(library, rows=ROWS)
    for day in ("1380/01/01", TODAY, TODAY + dt.timedelta(days=30)):
        put(library, rows=[{"loan_days": 99}], status=RuleStatus.DRAFT, effective_from=day)
    with library.store.read() as reader:
        for number in (-9000, 0, 1, 30, 9000):
            day = TODAY + dt.timedelta(days=number)
            assert policy_in_force(reader, day).status is RuleStatus.IN_FORCE or number < 0
            assert version_in_force(reader, day) in (1, 2)
    assert library.terms("ordinary", "book").number("loan_days") == 10


def test_the_rules_a_library_was_founded_with_decide_though_they_call_themselves_a_draft(library: Library) -> None:
    assert (library.policy.version, library.policy.status) == (1, RuleStatus.DRAFT)
    put(library, rows=ROWS, effective_from=TODAY + dt.timedelta(days=3))
    assert library.policy.version == 1


def test_a_draft_is_put_in_force_by_storing_it_as_such(library: Library) -> None:
    put(library, rows=ROWS, status=RuleStatus.DRAFT)
    assert library.policy.version == 1
    assert put(library, rows=ROWS) == PolicySet(3, TODAY)


def test_what_waits_for_its_day_is_not_stored_twice(library: Library) -> None:
    later = TODAY + dt.timedelta(days=30)
    assert put(library, rows=ROWS, effective_from=later) == PolicySet(2, later)
    assert put(library, rows=ROWS, effective_from=later) == PolicyUnchanged(2)
    assert put(library, rows=ROWS, status=RuleStatus.DRAFT) == PolicySet(3, TODAY)
    assert put(library, rows=ROWS, status=RuleStatus.DRAFT) == PolicyUnchanged(3)


def test_going_back_stores_the_old_rows_as_a_new_version(library: Library) -> None:
    put(library, rows=ROWS, title="دوم")
    act = library.act(library.person(None))
    assert go_back(library, 1, act) == PolicySet(3, TODAY)
    with library.store.read() as reader:
        first, third = policy_of_version(reader, 1), policy_of_version(reader, 3)
        told = [(head.version, head.status, head.rows) for head in versions(reader)]
    assert first is not None
    assert third is not None
    assert (first.rows, first.title) == (third.rows, third.title)
    assert told == [(3, RuleStatus.IN_FORCE, 19), (2, RuleStatus.IN_FORCE, 1), (1, RuleStatus.DRAFT, 19)]
    assert library.terms("ordinary", "book").number("loan_days") == 14
    assert go_back(library, 77, act) is None


def test_every_shipped_fault_leaves_the_store_as_it_was(library: Library) -> None:
    faulty: list[dict[str, Any]] = [
        {"loan_days": 14, "fine_per_day": 500},
        {"loan_days": 14, "fine_per_day": 500, "period_days": None},
        {"loan_days": 14, "period_days": 0},
        {"loan_days": 14, "period_days": -1},
        {"category": "child", "loan_days": 14},
        {"loan_days": 14, "fee": -1},
        {"loan_dayz": 14},
        {"loan_days": 14, "max_loans": 0},
    ]
    for row in faulty:
        assert isinstance(put(library, rows=[row]), PolicyFaulty), row
    with library.store.read() as reader:
        assert [head.version for head in versions(reader)] == [1]
