"""Who may make, change and close accounts: the country all, a province its own, nobody their own."""

import uuid
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.outcome import NotFound, Refused
from app.review.accounts import (
    REACH,
    AccountAdded,
    AccountChanged,
    AccountForm,
    Done,
    add_account,
    change_account,
    found_administrator,
    reset_password,
    reset_second_factor,
    switch_account,
)
from app.review.kept_accounts import accounts_within, secrets_of
from app.review.own_secrets import choose_password
from app.review.passwords import matches
from db.codes import Role, RulingLevel
from db.journal import DECODER
from db.models.centre import Reviewer
from db.models.library import Staff
from db.models.sync import JournalEntry
from tests.app.review.worlds import person, world
from tests.centres import fresh_centre
from tests.server.centre.web.world import MARKAZI, PASSWORD, PEOPLE, YAZD, World

__all__ = ["world"]

FORM = AccountForm("reza.amini", "رضا امینی", Role.COUNTY_HEAD, MARKAZI, "اراک")


def add(world: World, by: str, form: AccountForm = FORM) -> AccountAdded | Refused:
    who = person(world, by)
    return add_account(world.centre, who, form, world.centre.act(who.id, who.role))


def codes(outcome: object) -> set[str]:
    assert isinstance(outcome, Refused), outcome
    return {refusal.code for refusal in outcome.refusals}


def test_new_account_has_the_level_of_its_role_and_a_first_password(world: World) -> None:
    added = add(world, "admin")
    assert isinstance(added, AccountAdded)
    found = person(world, "reza.amini")
    assert (found.level, found.must_change, found.guarded, found.active) == (RulingLevel.COUNTY, True, False, True)
    with world.centre.store.read() as reader:
        assert matches(secrets_of(reader, added.id)[0], added.password)


# role, province, county → what speaks against it (000 §4-1; 002 م7-5، م7-8، م10-3)
FORMS = [
    (Role.COUNTY_HEAD, MARKAZI, "ساوه", set()),
    (Role.COUNTY_HEAD, MARKAZI, "", {"field.required"}),
    (Role.COUNTY_HEAD, "", "ساوه", {"field.required"}),
    (Role.PROVINCE_REVIEWER, MARKAZI, "", set()),
    (Role.PROVINCE_REVIEWER, MARKAZI, "ساوه", {"account.place"}),
    (Role.PROVINCE_REVIEWER, "", "", {"field.required"}),
    (Role.RESOURCES_OFFICE, "", "", set()),
    (Role.RESOURCES_OFFICE, MARKAZI, "", {"account.place"}),
    (Role.LIBRARY_AFFAIRS, MARKAZI, "ساوه", set()),
    (Role.AUDITOR, "", "", set()),
    (Role.ADMINISTRATOR, MARKAZI, "", set()),
    (Role.ADMINISTRATOR, MARKAZI, "ساوه", {"account.place"}),
    (Role.HEAD, MARKAZI, "", {"field.invalid"}),
    (Role.LIBRARIAN, "", "", {"field.invalid"}),
    (None, "", "", {"field.invalid"}),
]


@pytest.mark.parametrize(("role", "province", "county", "refused"), FORMS)
def test_role_and_place_belong_together(
    world: World, role: Role | None, province: str, county: str, refused: set[str]
) -> None:
    outcome = add(world, "admin", AccountForm("reza.amini", "رضا امینی", role, province, county))
    assert (codes(outcome) if refused else isinstance(outcome, AccountAdded)) == (refused or True)


@pytest.mark.parametrize("name", ["", "ab", "رضا", "1reza", "reza amini", "reza@x", "x" * 41])
def test_user_name_is_one_that_can_be_told_on_the_telephone(world: World, name: str) -> None:
    assert codes(add(world, "admin", AccountForm(name, "رضا", Role.AUDITOR))) == {"account.user_name"}


def test_user_name_is_taken_once_however_it_is_typed(world: World) -> None:
    assert codes(add(world, "admin", AccountForm(" COUNTY ", "رضا", Role.AUDITOR))) == {"account.name_taken"}


@pytest.mark.parametrize("form", [FORM, AccountForm("reza", "رضا", Role.ADMINISTRATOR, MARKAZI)])
def test_administrator_of_a_province_adds_within_it(world: World, form: AccountForm) -> None:
    assert isinstance(add(world, "admin.markazi", form), AccountAdded)


@pytest.mark.parametrize(
    ("role", "province", "county"),
    [
        (Role.COUNTY_HEAD, YAZD, "یزد"),
        (Role.PROVINCE_REVIEWER, YAZD, ""),
        (Role.ADMINISTRATOR, "", ""),
        (Role.RESOURCES_OFFICE, "", ""),
        (Role.AUDITOR, "", ""),
    ],
)
def test_administrator_of_a_province_adds_nobody_beyond(world: World, role: Role, province: str, county: str) -> None:
    outcome = add(world, "admin.markazi", AccountForm("reza", "رضا", role, province, county))
    assert codes(outcome) == {"account.out_of_reach"}


@pytest.mark.parametrize("by", [one.user_name for one in PEOPLE if one.role is not Role.ADMINISTRATOR])
def test_other_roles_manage_nobody(world: World, by: str) -> None:
    assert "account.out_of_reach" in codes(add(world, by))
    outcome = _deeds(world, by, "county")
    assert {type(one) for one in outcome} <= {Refused, NotFound}


def _deeds(world: World, by: str, whom: str) -> list[Done]:
    """Everything that can be done to an account, tried by somebody."""
    who, account_id = person(world, by), person(world, whom).id
    centre, act = world.centre, world.centre.act(who.id, who.role)
    deeds: list[Callable[[], Done]] = [
        lambda: change_account(centre, who, account_id, AccountForm("", "رضا", Role.ADMINISTRATOR), act),
        lambda: switch_account(centre, who, account_id, False, act),
        lambda: reset_password(centre, who, account_id, act),
        lambda: reset_second_factor(centre, who, account_id, act),
    ]
    return [deed() for deed in deeds]


@pytest.mark.parametrize("by", ["admin", "admin.markazi"])
def test_nobody_raises_or_closes_their_own_account(world: World, by: str) -> None:
    assert [codes(outcome) for outcome in _deeds(world, by, by)] == [{"account.own"}] * 4


@pytest.mark.parametrize("whom", ["yazd", "admin", "office", "auditor"])
def test_accounts_beyond_the_province_are_not_there_for_it(world: World, whom: str) -> None:
    assert all(isinstance(outcome, NotFound) for outcome in _deeds(world, "admin.markazi", whom))


def test_administrator_of_a_province_cannot_lift_somebody_above_it(world: World) -> None:
    outcome = _deeds(world, "admin.markazi", "county")[0]
    assert codes(outcome) == {"account.out_of_reach"}
    assert person(world, "county").role is Role.COUNTY_HEAD


def test_change_is_kept_and_ends_what_is_open(world: World) -> None:
    who = person(world, "admin")
    world.token("county")
    form = AccountForm("ignored", "مینا اکبری‌نیا", Role.PROVINCE_REVIEWER, "مركزي")
    county = person(world, "county").id
    act = world.centre.act(who.id, who.role)
    assert isinstance(change_account(world.centre, who, county, form, act), AccountChanged)
    found = person(world, "county")
    assert (found.name, found.level) == ("مینا اکبری‌نیا", RulingLevel.PROVINCE)
    assert (found.province, found.county) == (MARKAZI, None)
    with world.centre.store.read() as reader:
        assert reader.connection.execute(sa.text("SELECT count(*) FROM web_session")).scalar() == 0


def test_unknown_account_is_not_found(world: World) -> None:
    who = person(world, "admin")
    outcome = switch_account(world.centre, who, uuid.uuid4(), False, world.centre.act(who.id, who.role))
    assert isinstance(outcome, NotFound)


def test_every_decision_is_in_the_journal_of_the_centre(world: World) -> None:
    assert [type(outcome) for outcome in _deeds(world, "admin", "county")] == [AccountChanged] * 4
    who = person(world, "auditor")
    choose_password(world.centre, who, PASSWORD, "دریا کوه جنگل 7", world.centre.act(who.id, who.role))
    with world.centre.store.read() as reader:
        chosen = sa.select(JournalEntry.kind, JournalEntry.staff_id, JournalEntry.body)
        rows = reader.connection.execute(chosen.order_by(JournalEntry.seq.desc()).limit(5)).all()
        names = dict(reader.connection.execute(sa.select(Staff.id, Staff.active)).all())
    assert [row.kind for row in reversed(rows)] == [
        "account.changed", "account.switched_off", "account.password_reset", "account.second_factor_reset",
        "account.password_chosen",
    ]  # fmt: skip
    assert [DECODER.decode(row.body)[9][3]["user_name"] for row in rows] == ["auditor", *["county"] * 4]
    assert {row.staff_id for row in rows[1:]} == {person(world, "admin").id}
    assert names[person(world, "county").id] is False


def test_no_secret_is_in_the_journal(world: World) -> None:
    who = person(world, "admin")
    added = add(world, "admin")
    assert isinstance(added, AccountAdded)
    reset = reset_password(world.centre, who, added.id, world.centre.act(who.id, who.role))
    assert isinstance(reset, AccountChanged)
    with world.centre.store.read() as reader:
        bodies = list(reader.connection.execute(sa.select(JournalEntry.body, JournalEntry.before)))
        hashes = list(reader.connection.execute(sa.select(Reviewer.password_hash)).scalars())
    text = b"".join(bytes(part) for row in bodies for part in row if part)
    assert added.password.encode() not in text
    assert (reset.password or "?").encode() not in text
    assert not [kept for kept in hashes if kept.encode() in text]
    assert all(kept.startswith("$argon2id$") for kept in hashes)


def test_first_administrator_is_made_once() -> None:
    with fresh_centre() as centre:
        made = found_administrator(centre, "Admin", "لیلا صادقی")
        assert made is not None
        assert found_administrator(centre, "second", "کسی دیگر") is None
        with centre.store.read() as reader:
            (only,) = reader.connection.execute(sa.select(Reviewer.user_name, Reviewer.role, Reviewer.must_change))
        assert tuple(only) == ("admin", Role.ADMINISTRATOR, True)


def test_list_holds_those_within_reach_alone(world: World) -> None:
    with world.centre.store.read() as reader:
        seen = {by: {one.user_name for one in accounts_within(reader, person(world, by))} for by in ("admin", "yazd")}
    assert seen == {"admin": {one.user_name for one in PEOPLE}, "yazd": {"yazd"}}


def test_every_role_that_rules_has_its_level() -> None:
    assert {reach.level for reach in REACH.values()} == {None, *RulingLevel}
