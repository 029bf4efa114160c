"""Publishing at the centre: looked at first, by whoever has every library in scope, and then at every branch."""

import io
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from app.policy.stored import FIRST_OF_CENTRE
from db.codes import DayKind
from db.models.library import CalendarDay, GuidelineVersion, LicensedLibrary, Policy
from server.centre.web.security import CSRF_FIELD
from tests.server.centre.web.browser import PHONE, Browser
from tests.server.centre.web.world import World

RULES = """
title = "قواعد کشوری"
profile = "public"
source = "بخشنامه"
[[rows]]
name = "همه"
source = "بخشنامه"
article = "۱"
loan_days = {days}
"""
LIST = "نام,نوع,استان,شهرستان,شماره مجوز\nکتابخانهٔ امید,نهادی,مرکزی,اراک,۱۲/۳۴\nکتابخانهٔ نور,مشارکتی,مرکزی,ساوه,\n"


def look(world: World, kind: str, raw: str | bytes, name: str, user: str = "admin") -> Any:
    """Give a file; the page that shows what it would change."""
    with world.client(user) as client:
        sent = {CSRF_FIELD: client.csrf("/account"), "kind": kind}
        file = raw.encode() if isinstance(raw, str) else raw
        return client.http.post(
            "/publishing/preview", data=sent, files={"file": (name, io.BytesIO(file))}, headers={"Origin": world.url}
        )


def send(world: World, page: str, user: str = "admin") -> Any:
    """Press the button of that page."""
    fields = {name: found[1] for name in ("kind", "name", "packed") if (found := _hidden(name, page))}
    with world.client(user) as client:
        answer = client.post("/publishing/publish", fields, of="/account")
        return client.get(answer.headers["location"]) if answer.status_code == 303 else answer


def _hidden(name: str, page: str) -> "re.Match[str] | None":
    return re.search(f'name="{name}" value="([^"]*)"', page)


def rows(world: World, model: type[Any]) -> list[Any]:
    table = model.__table__
    query = sa.select(table).where(table.c.branch_id == world.centre.id, table.c.deleted_at.is_(None))
    with world.centre.store.read() as reader:
        return list(reader.connection.execute(query))


def test_rules_are_looked_at_then_published_and_the_next_ones_compared_with_them(world: World) -> None:
    first = look(world, "policy", RULES.format(days=14), "rules.toml").text
    assert "قواعد کشوری" in first
    assert rows(world, Policy) == []
    assert f"نسخهٔ {'۱۰۰۰۰'} منتشر شد" in send(world, first).text
    assert rows(world, Policy)[0].version == FIRST_OF_CENTRE
    second = look(world, "policy", RULES.format(days=21), "rules.toml").text
    assert re.search(r'data-label="اکنون">۱۴</td><td data-label="پس از انتشار">۲۱<', second)
    assert "قواعد کشوری" not in second
    same = look(world, "policy", RULES.format(days=14), "rules.toml").text
    assert "چیزی تغییر نمی‌کند" in same
    assert "انتشار برای همهٔ کتابخانه‌ها" not in same


@pytest.mark.parametrize(
    ("kind", "raw", "name", "words"),
    [
        ("policy", "title = ", "r.toml", "متن آن TOML درستی نیست"),
        ("policy", b"\xff\xfe", "r.toml", "متن آن TOML درستی نیست"),
        ("policy", RULES.format(days=-5), "r.toml", "چیزی منتشر نمی‌شود"),
        ("guideline", "[terms]\ncounty_days = 0\n", "g.toml", "باید عددی از ۱ تا ۱۰۰۰ باشد"),
        ("libraries", "الف,ب\n۱,۲\n", "l.csv", "چیزی برای خواندن نبود"),
        ("libraries", b"PK\x03\x04nothing", "l.xlsx", "آنی نیست که نامش می‌گوید"),
        ("policy", "", "r.toml", "فایلی فرستاده نشد"),
        ("nothing", "x", "r.toml", "فایلی فرستاده نشد"),
    ],
)
def test_a_file_that_may_not_be_published_is_told_in_words(
    world: World, kind: str, raw: str | bytes, name: str, words: str
) -> None:
    answer = look(world, kind, raw, name)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text
    assert "انتشار برای همهٔ کتابخانه‌ها" not in answer.text
    assert "/tmp" not in answer.text


def test_figures_of_the_guideline_are_published(world: World) -> None:
    page = look(world, "guideline", "[terms]\ncounty_days = 9\n", "guideline.toml").text
    assert "مهلت شهرستان (روز)" in page
    send(world, page)
    (version,) = rows(world, GuidelineVersion)
    assert version.rules["terms"]["county_days"] == 9


def _as_xlsx(text: str) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet: Any = book.active
    for line in text.splitlines():
        sheet.append(line.split(","))
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize(("name", "write"), [("l.csv", str.encode), ("l.xlsx", _as_xlsx)])
def test_the_list_of_licensed_libraries_is_published_and_seen(
    world: World, name: str, write: Callable[[str], bytes]
) -> None:
    page = look(world, "libraries", write(LIST), name).text
    assert page.count("کتابخانهٔ تازه") == 2
    assert "۲ کتابخانه منتشر شد" in send(world, page).text
    assert sorted(one.name for one in rows(world, LicensedLibrary)) == ["کتابخانهٔ امید", "کتابخانهٔ نور"]
    changed = write(LIST.replace("۱۲/۳۴", "۵۶/۷۸") + ",نهادی,مرکزی,اراک,\n")
    page = look(world, "libraries", changed, name).text
    assert "سطر ۴:" in page
    assert re.search(r'data-label="چه">شمارهٔ مجوز<', page)
    assert "۱ کتابخانه منتشر شد" in send(world, page).text
    assert "چیزی تغییر نکرد" in send(world, page).text
    with world.client("admin") as client:
        listed = client.get("/publishing/libraries", params={"q": "اراك"}).text
    assert "۵۶/۷۸" in listed
    assert "کتابخانهٔ نور" not in listed


def test_a_day_is_said_and_taken_back(world: World) -> None:
    with world.client("admin") as client:

        def say(**fields: str) -> str:
            answer = client.post("/publishing/day", fields, of="/publishing")
            found = client.get(answer.headers["location"]) if answer.status_code == 303 else answer
            return str(found.text)

        assert "روز منتشر شد" in say(day="1405/12/20", day_kind="emergency", name="برف")
        (day,) = rows(world, CalendarDay)
        assert (day.kind, day.name) == (DayKind.EMERGENCY, "برف")
        assert "از پیش همین بود" in say(day="1405/12/20", day_kind="emergency", name="برف")
        assert "برف" in say(day="1405/13/40", day_kind="holiday", name="x")
        assert "پس گرفته شد" in say(day="1405/12/20", day_kind="nothing")
        assert "چیزی نگفته بود" in say(day="1405/12/20", day_kind="nothing")
    assert rows(world, CalendarDay) == []


def test_an_administrator_of_one_province_looks_and_publishes_nothing(world: World) -> None:
    page = look(world, "policy", RULES.format(days=14), "rules.toml", user="admin.markazi").text
    assert "محدودهٔ شما همه را در بر ندارد" in page
    assert "انتشار برای همهٔ کتابخانه‌ها" not in page
    real = look(world, "policy", RULES.format(days=14), "rules.toml").text
    assert send(world, real, user="admin.markazi").status_code == 422
    with world.client("admin.markazi") as client:
        fields = {"day": "1405/12/20", "day_kind": "holiday", "name": "x"}
        assert client.post("/publishing/day", fields, of="/account").status_code == 422
    assert rows(world, Policy) == []
    assert rows(world, CalendarDay) == []


@pytest.mark.parametrize("packed", ["", "not base64 at all", "eJw", "x" * 200])
def test_what_the_form_carries_is_not_believed(world: World, packed: str) -> None:
    with world.client("admin") as client:
        fields = {"kind": "policy", "name": "r.toml", "packed": packed}
        assert client.post("/publishing/publish", fields, of="/account").status_code == 422
    assert rows(world, Policy) == []


def test_a_file_is_published_by_hand_and_the_pages_are_good(
    world: World, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("files") / "rules.toml"
    file.write_text(RULES.format(days=14), encoding="utf-8")
    browser.sign_in(world, "admin")
    browser.resize(*PHONE)
    browser.open(world, "/publishing")
    browser.find("input[name=file]").send_keys(str(file))
    browser.press("پیش‌نمایش")
    assert browser.faults() == []
    assert not browser.is_wider_than_screen()
    browser.press("انتشار برای همهٔ کتابخانه‌ها")
    assert "هر کتابخانه در همگام‌سازی بعدی آن را می‌گیرد." in browser.text
    assert browser.faults() == []
