"""The calendar and the nights through the protocol. NOW is شنبه ۳۰ آبان ۱۴۰۵ (2026-11-21), Fridays are closed."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from app.calendar.rules import Weekday
from app.clock import SystemClock
from app.persian.jalali import from_jalali, month_length
from db.codes import Role
from tests.server.desk.desks import NOW, Desk, json_lines, run, says_so_in_persian

FINE = [{"loan_days": 14, "fine_per_day": 2_000, "period_days": 1, "skip_closed": False}]


def lent(desk: Desk, copy: str = "B1") -> str:
    """Lend a copy for a fortnight; the day it is due."""
    told = desk.ask("checkout", member="1001", item=copy)
    assert told["ok"], told
    return str(told["due"])


def due(desk: Desk, copy: str = "B1") -> str:
    return str(desk.ask("item.show", item=copy)["due"])


def codes(told: dict[str, Any]) -> list[str]:
    assert told["outcome"] == "refused"
    return [refusal["code"] for refusal in told["refusals"]]


def test_an_emergency_is_shown_done_repeated_and_taken_back(lending: Desk) -> None:
    lending.ask("policy.set", rows=FINE)
    assert lent(lending) == "2026-12-05"
    lending.ask("clock.advance", days=17)  # three days late; no night between counts twice
    flood = {"from": "1405/09/14", "to": "2026-12-06", "name": "سیل", "emergency": True}
    shown = lending.ask("calendar.close", **flood, preview=True)
    assert (shown["outcome"], shown["loans"], shown["fines"], shown["voided"]) == ("preview", 1, 1, 4_000)
    assert due(lending) == "2026-12-05"
    done = lending.ask("calendar.close", **flood)
    assert done | {"outcome": "preview"} == shown
    assert done["outcome"] == "closed"
    assert done["days"] == ["2026-12-05", "2026-12-06"]
    assert due(lending) == "2026-12-07"
    again = lending.ask("calendar.close", **flood)
    assert (again["outcome"], again["days"]) == ("already_done", ["2026-12-05", "2026-12-06"])
    back = lending.ask("calendar.open", **{key: flood[key] for key in ("from", "to")})
    assert (back["outcome"], back["restored"], back["voided"]) == ("opened", 1, -4_000)
    assert due(lending) == "2026-12-05"
    assert lending.ask("check")["broken"] == []


def test_an_ordinary_closure_moves_nothing_but_tells_what_is_due_on_it(lending: Desk) -> None:
    lent(lending)
    told = lending.ask("calendar.close", dates=["2026-12-05", "1405/09/11"], name="تعمیر سقف", jalali=True)
    assert (told["days"], told["due"], told["loans"]) == (["2026-12-02", "2026-12-05"], 1, 0)
    assert told["days_jalali"] == ["1405/09/11", "1405/09/14"]
    assert due(lending) == "2026-12-05"
    assert lent(lending, "B2") == "2026-12-06"
    assert lending.ask("calendar.remove", date="2026-12-05", kind="closed")["outcome"] == "removed"
    assert lent(lending, "B3") == "2026-12-05"
    assert lending.ask("calendar.remove", date="2026-12-05", kind="closed")["outcome"] == "not_found"


def test_a_friday_opens_for_once(lending: Desk) -> None:
    assert lending.ask("calendar.open", dates=["2026-11-27"], name="نمایشگاه کتاب")["outcome"] == "opened"
    (day,) = lending.ask("calendar.show", **{"from": "2026-11-27", "to": "2026-11-27"})["days"]
    assert day["open"]
    assert day["exceptions"] == [{"kind": "opened", "name": "نمایشگاه کتاب", "certain": True}]


def test_hours_of_odd_and_even_days_hold_from_their_day_on(lending: Desk) -> None:
    odd, even = [["07:30", "14:00"]], [["۱۱", "17:30"]]
    told = lending.ask(
        "calendar.hours", sunday=odd, tuesday=odd, saturday=even, monday=even, wednesday=even, thursday=[],
        since="1405/09/10",
    )  # fmt: skip
    assert (told["outcome"], told["since"]) == ("set", "2026-12-01")
    shown = lending.ask("calendar.show", **{"from": "1405/09/14", "to": "1405/09/20"})
    assert [day["hours"] for day in shown["days"]] == [[["11:00", "17:30"]], odd] * 2 + [[["11:00", "17:30"]], [], []]
    assert [day["open"] for day in shown["days"]] == [True] * 5 + [False] * 2
    assert shown["hours"]["saturday"] == [["11:00", "17:30"]]
    assert lending.ask("calendar.hours", thursday=[], since="1405/09/10")["outcome"] == "already_done"


def test_a_month_or_year_of_the_jalali_calendar_is_shown_whole(desk: Desk) -> None:
    assert len(desk.ask("calendar.show", year=1405, month=12)["days"]) == month_length(1405, 12)
    assert len(desk.ask("calendar.show", year=1403)["days"]) == 366
    month = desk.ask("calendar.show")["days"]
    assert (month[0]["date"], len(month)) == ("2026-10-23", 30)


def test_holidays_are_added_moved_removed_and_taken_from_the_file(desk: Desk) -> None:
    day = from_jalali(1406, 5, 2)
    added = desk.ask("calendar.holiday", date="1406/05/02", name="عزای عمومی")
    assert (added["outcome"], added["date"]) == ("added", day.isoformat())
    moved = desk.ask("calendar.holiday", date="1406/05/02", move_to="1406/05/03")
    assert (moved["outcome"], moved["date"]) == ("moved", (day + dt.timedelta(days=1)).isoformat())
    taken = desk.ask("calendar.year", year=1406)
    assert taken["outcome"] == "imported"
    assert len(taken["added"]) > 20
    assert desk.ask("calendar.year", year=1406)["outcome"] == "already_done"
    assert desk.ask("calendar.holiday", date="1406/05/03", remove=True)["outcome"] == "removed"
    assert desk.ask("calendar.holiday", date="1406/05/03", remove=True)["outcome"] == "not_found"


def test_a_key_is_used_once(desk: Desk) -> None:
    told = desk.ask("calendar.close", dates=["2026-12-01"], name="تعمیر", key="k1")
    assert told["outcome"] == "closed"
    again = desk.ask("calendar.close", dates=["2026-12-02"], name="تعمیر", key="k1")
    assert (again["outcome"], again["date"], again["name"]) == ("already_done", "2026-12-01", "تعمیر")
    assert desk.ask("calendar.hours", friday=[["08:00", "12:00"]], key="k2")["outcome"] == "set"
    assert desk.ask("calendar.hours", friday=[], key="k2")["since"] == NOW.date().isoformat()


@pytest.mark.parametrize(
    ("op", "fields", "code"),
    [
        ("calendar.close", {"dates": ["2026-12-01"]}, "field.required"),
        ("calendar.close", {"name": "تعمیر"}, "field.required"),
        ("calendar.close", {"dates": ["2056-12-01"], "name": "تعمیر"}, "calendar.too_far"),
        ("calendar.close", {"from": "2026-11-21", "to": "2027-11-21", "name": "تعمیر"}, "calendar.never_open"),
        (
            "calendar.close",
            {"from": "2026-11-21", "to": "2027-11-21", "name": "سیل", "emergency": True, "preview": True},
            "calendar.never_open",
        ),
        ("calendar.hours", {}, "field.required"),
        ("calendar.hours", {"saturday": [["13:00", "08:00"]]}, "calendar.hours"),
        (
            "calendar.hours",
            {weekday.value: [] for weekday in Weekday},
            "calendar.never_open",
        ),
        ("calendar.holiday", {"date": "2026-12-01"}, "field.required"),
        ("calendar.year", {"year": 1450}, "calendar.no_data"),
    ],
)
def test_what_makes_no_sense_is_refused_in_persian_and_changes_nothing(
    desk: Desk, op: str, fields: dict[str, Any], code: str
) -> None:
    before = desk.entries()
    told = desk.ask(op, **fields)
    assert code in codes(told)
    assert says_so_in_persian(told)
    assert desk.entries() == before


@pytest.mark.parametrize(
    ("op", "fields", "field"),
    [
        ("calendar.close", {"from": "2026-12-01", "name": "تعمیر"}, "to"),
        ("calendar.close", {"from": "2026-12-05", "to": "2026-12-01", "name": "تعمیر"}, "to"),
        ("calendar.close", {"dates": ["۱۴۰۵/۱۳/۰۱"], "name": "تعمیر"}, "dates[0]"),
        ("calendar.hours", {"saturday": [["هشت", "13:00"]]}, "saturday"),
        ("calendar.show", {"from": "2026-12-05", "to": "2026-12-01"}, "to"),
        ("calendar.show", {"month": 13, "year": 1405}, "month"),
        ("calendar.holiday", {"name": "بی‌تاریخ"}, "date"),
    ],
)
def test_a_field_that_cannot_be_read_is_named(desk: Desk, op: str, fields: dict[str, Any], field: str) -> None:
    told = desk.ask(op, **fields)
    assert told["error"]["field"] == field
    assert says_so_in_persian({"error": told["error"]})


def test_a_role_that_may_not_is_refused_but_may_look(desk: Desk) -> None:
    assistant = desk.as_role(Role.ASSISTANT)
    assert codes(assistant.ask("calendar.close", dates=["2026-12-01"], name="تعمیر")) == ["role.not_allowed"]
    assert codes(assistant.ask("calendar.hours", friday=[])) == ["role.not_allowed"]
    assert assistant.ask("calendar.show")["ok"]


class TestNights:
    def test_moving_the_clock_works_each_night_passed(self, lending: Desk) -> None:
        lending.ask("policy.set", rows=FINE)
        lent(lending)
        told = lending.ask("clock.advance", days=17)
        assert told["nights"][0]["day"] == "2026-11-22"
        assert [night["done"].get("fines", 0) for night in told["nights"]] == [0] * 16 + [1]
        assert lending.ask("member.show", member="1001")["debt"] == 6_000
        assert lending.ask("nightly.run")["nights"] == []
        assert lending.ask("clock.set", now="2026-12-01")["nights"] == []
        told = lending.ask("clock.set", now="2026-12-09")
        assert [night["day"] for night in told["nights"]] == ["2026-12-09"]

    def test_a_desk_that_opens_works_the_nights_missed(self, data: Path) -> None:
        lines = json_lines([{"op": "nightly.run"}])
        for day in ("2026-11-21", "2026-11-24"):
            code, answers, told = run("--data", str(data), "--test-clock", f"{day}T10:00:00+03:30", lines=lines)
            assert (code, answers[0]["nights"]) == (0, []), told

    def test_nothing_is_worked_while_the_clock_is_doubtful(self, desk: Desk) -> None:
        known = SystemClock(last_known=NOW, wall=lambda: NOW + dt.timedelta(days=400))
        desk.library.clock = known
        assert codes(desk.ask("nightly.run")) == ["clock.doubtful"]
