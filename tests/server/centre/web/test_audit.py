"""The audit page: every decision and every sign-in, found by person, day and kind."""

import re

from app.persian import jalali
from app.review.accounts import AccountChanged, switch_account
from app.review.kept_accounts import account_named
from tests.server.centre.web.world import PEOPLE, World, later


def lines(page: str) -> list[str]:
    """The lines of the table as text."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("</tr>") if "<td" in row]


def switched_off(world: World, user_name: str, by: str) -> None:
    path = f"/accounts/{world.people[user_name]}"
    with world.client(by) as client:
        client.post(path + "/switch-off", of=path)


def test_decision_is_told_with_who_and_about_whom(world: World) -> None:
    later(world, days=1)
    switched_off(world, "auditor", "admin")
    with world.client("admin") as client:
        newest = lines(client.get("/audit").text)[0]
    assert newest.startswith("بستن حساب کاربری لیلا صادقی")
    assert newest.endswith("حساب auditor")


def test_found_by_person_kind_and_day(world: World) -> None:
    later(world, days=2)
    day = world.clock.read().day
    switched_off(world, "county", "admin.markazi")
    switched_off(world, "auditor", "admin")
    typed = jalali.short(day)
    with world.client("admin") as client:
        people = world.people
        assert len(lines(client.get("/audit", params={"since": typed, "until": typed}).text)) == 2
        mine = lines(client.get("/audit", params={"person": str(people["admin.markazi"])}).text)
        assert [line for line in mine if "county" in line] == mine
        assert len(mine) == 1
        made = lines(client.get("/audit", params={"kind": "account.added"}).text)
        assert len(made) == len(PEOPLE)
        assert lines(client.get("/audit", params={"until": "1400/01/01"}).text) == []
        assert "رویدادی با این شرط‌ها نیست" in client.get("/audit", params={"until": "1400/01/01"}).text


def test_province_sees_what_its_own_people_did(world: World) -> None:
    switched_off(world, "county", "admin.markazi")
    switched_off(world, "auditor", "admin")
    with world.client("admin.markazi") as client:
        seen = lines(client.get("/audit").text)
    assert len(seen) == 1
    assert "کاوه نوری" in seen[0]


def test_long_list_comes_in_pages(world: World) -> None:
    centre, auditor = world.centre, world.people["auditor"]
    with centre.store.read() as reader:
        admin = account_named(reader, "admin")
    assert admin is not None
    for number in range(52):
        act = centre.act(admin.id, admin.role)
        assert isinstance(switch_account(centre, admin, auditor, number % 2 == 1, act), AccountChanged)
    with world.client("admin") as client:
        first, second = client.get("/audit").text, client.get("/audit?page=2").text
    assert len(lines(first)) == 50
    assert "صفحهٔ ۱" in first
    assert 'rel="next"' in first
    assert 'rel="next"' not in second
    assert len(lines(second)) == 52 + len(PEOPLE) + 1 - 50


def test_sign_ins_are_listed_good_and_bad(world: World) -> None:
    with world.client() as client:
        client.post("/sign-in", {"user_name": "county", "password": "نه این گذرواژه"})
        client.post("/sign-in", {"user_name": "stranger", "password": "نه این گذرواژه"})
    with world.client("admin") as client:
        seen = lines(client.get("/audit/sign-ins").text)
        mine = lines(client.get("/audit/sign-ins", params={"person": str(world.people["county"])}).text)
    assert len(seen) == 2
    assert seen[0].startswith("نام ناشناخته")
    assert "پذیرفته نشد" in seen[1]
    assert "127.0.0.1" in seen[1]
    assert len(mine) == 1
    with world.client("admin.markazi") as client:
        assert lines(client.get("/audit/sign-ins").text) == mine
