"""The open library: who works there, what they may do, and rules that stay fresh."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.actions import Action
from app.calendar.rules import Calendar
from app.calendar.stored import stored_calendar
from app.library import Library
from app.policy.categories import ALL_CATEGORIES, PUBLIC, VISITOR
from app.policy.stored import policy_in_force, version_in_force
from app.refusal import Refusal
from app.staff.stored import allowed_actions
from db.codes import DayKind, Role
from db.models.library import Branch, CalendarDay, OpeningHours, Permission, Policy, Staff
from db.trouble import Trouble
from tests.library import TODAY, act, change, found, pass_days, put_policy, row, rows


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def hire(library: Library, name: str, role: Role, *, active: bool = True) -> None:
    with library.store.write() as tx:
        tx.insert(Staff, name=name, role=role, active=active)
        tx.record("staff.added", act(library))


def allow(library: Library, role: Role, action: str, *, allowed: bool) -> None:
    with library.store.write() as tx:
        tx.insert(Permission, role=role, action=action, allowed=allowed)
        tx.record("permission.changed", act(library))
    library.forget_rules()


# People


def test_the_head_comes_first_and_who_has_left_does_not_come(library: Library) -> None:
    hire(library, "علی احمدی", Role.LIBRARIAN)
    hire(library, "رفته", Role.LIBRARIAN, active=False)
    hire(library, "مسئول دوم", Role.HEAD)
    assert [person.name for person in library.people()] == ["زهرا کریمی", "مسئول دوم", "علی احمدی"]


def test_a_person_is_found_by_name_or_is_the_head(library: Library) -> None:
    hire(library, "علی احمدی", Role.LIBRARIAN)
    assert library.person("علی احمدی").role is Role.LIBRARIAN
    assert library.person(None).role is Role.HEAD
    with pytest.raises(Trouble) as caught:
        library.person("هیچ‌کس")
    assert caught.value.code == "P-1601"


def test_an_act_is_of_a_person_at_a_desk_now(library: Library) -> None:
    person = library.person(None)
    done = library.act(person, desk=3, key="k")
    assert (done.staff_id, done.role, done.desk, done.key, done.day) == (person.id, Role.HEAD, 3, "k", TODAY)


# Permissions


def test_the_branch_gives_and_takes_permissions(library: Library) -> None:
    assert not library.may(Role.ASSISTANT, Action.CATALOGUE)
    allow(library, Role.ASSISTANT, "catalogue", allowed=True)
    allow(library, Role.LIBRARIAN, "override", allowed=False)
    assert library.may(Role.ASSISTANT, Action.CATALOGUE)
    assert library.overrides(Role.LIBRARIAN) == frozenset()
    assert library.may(Role.LIBRARIAN, Action.LEND)


def test_an_action_of_another_version_of_the_program_is_passed_over(library: Library) -> None:
    allow(library, Role.ASSISTANT, "teleport", allowed=True)
    with library.store.read() as reader:
        assert set(allowed_actions(reader)) == set(Role)


def test_somebody_without_permission_gets_a_refusal(library: Library) -> None:
    assert library.forbids(act(library, Role.AUDITOR), Action.LEND) == (Refusal("role.not_allowed"),)
    assert library.forbids(act(library), Action.LEND) == ()


# Policy


def test_the_newest_version_whose_day_has_come_is_in_force(library: Library) -> None:
    second = put_policy(library, {"loan_days": 1}, effective_from=days(-5))
    third = put_policy(library, {"loan_days": 2}, effective_from=days(2))
    with library.store.read() as reader:
        versions = [version_in_force(reader, days(number)) for number in (-6, -5, 0, 1, 2, 400)]
        assert policy_in_force(reader, days(2)).version == third
    assert versions == [second, second, 1, 1, third, third]


def test_of_two_versions_of_one_day_the_later_is_in_force(library: Library) -> None:
    put_policy(library, {"loan_days": 1})
    later = put_policy(library, {"loan_days": 2})
    assert library.policy.version == later
    assert library.terms("ordinary", "book").number("loan_days") == 2


def test_before_all_versions_the_earliest_holds(library: Library) -> None:
    with library.store.read() as reader:
        assert version_in_force(reader, dt.date(1970, 1, 1)) == 1


def test_a_library_without_a_policy_is_told(library: Library) -> None:
    (policy,) = rows(library, Policy)
    change(library, Policy, policy.id, deleted_at=act(library).at)
    library.forget_rules()
    with pytest.raises(Trouble) as caught:
        library.policy.resolve("", "", "")
    assert caught.value.code == "P-1602"


def test_a_stored_policy_says_what_was_put_in(library: Library) -> None:
    put_policy(
        library,
        {"loan_days": 14, "fixed_due": None, "tiers": [{"from": 1, "to": 5, "amount": 100}], "documents": ["عکس"]},
        {"category": "child", "item_type": "audiovisual", "max_loans": 1},
    )
    terms = library.terms("child", "audiovisual")
    assert (terms.number("loan_days"), terms.limit("max_loans"), terms.texts("documents")) == (14, 1, ("عکس",))
    assert [(tier.first, tier.last, tier.amount) for tier in terms.tiers()] == [(1, 5, 100)]
    assert terms.decided_by("max_loans") == "child/audiovisual"


def test_rules_are_read_again_when_another_policy_is_in_force(library: Library) -> None:
    put_policy(library, {"loan_days": 1}, effective_from=days(1))
    assert library.policy.version == 1
    with library.store.read() as reader:
        library.keep_fresh(reader, TODAY)
        assert library.policy.version == 1
        pass_days(library, 1)
        assert library.policy.version == 1
        library.keep_fresh(reader, days(1))
    assert library.policy.version == 2


def test_categories_are_those_of_the_profile_and_the_librarys_own(library: Library) -> None:
    assert library.memberships == PUBLIC
    put_policy(library, {"loan_days": 1})
    assert set(library.memberships) <= set(ALL_CATEGORIES)
    assert library.categories.keys() - library.memberships.keys() == {VISITOR}


# Branch and calendar


def test_a_changed_branch_is_seen_after_forgetting(library: Library) -> None:
    branch = library.branch
    change(library, Branch, branch.id, space_shortage=True)
    assert library.branch.space_shortage is False
    library.forget_rules()
    assert library.branch.space_shortage is True


def test_opening_hours_and_single_days_make_the_calendar(library: Library) -> None:
    with library.store.write() as tx:
        for number, kind in ((1, DayKind.CLOSED), (2, DayKind.HOLIDAY), (6, DayKind.OPENED), (3, DayKind.EMERGENCY)):
            tx.insert(CalendarDay, day=days(number), kind=kind, name=kind.value)
        gone = tx.insert(CalendarDay, day=days(4), kind=DayKind.CLOSED, name="لغو شد")
        tx.record("calendar.closed", act(library))
    change(library, CalendarDay, gone, deleted_at=act(library).at)
    with library.store.read() as reader:
        calendar = stored_calendar(reader)
    assert calendar == Calendar(
        weekly_closed=frozenset({6}),
        closed_days={days(1): "closed", days(2): "holiday"},
        opened_days=frozenset({days(6)}),
        emergency_days=frozenset({days(3)}),
    )
    assert [calendar.is_open(days(number)) for number in range(8)] == [
        True, False, False, False, True, True, True, True,
    ]  # fmt: skip


def test_a_weekday_without_opening_hours_is_closed(library: Library) -> None:
    for hours in rows(library, OpeningHours, weekday=0):
        change(library, OpeningHours, hours.id, deleted_at=act(library).at)
    library.forget_rules()
    assert library.calendar.weekly_closed == {0, 6}
    assert not library.calendar.is_open(TODAY)
    assert row(library, Branch, library.branch.id).name == library.branch.name
