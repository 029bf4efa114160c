from pathlib import Path

import pytest

from db.codes import Role
from tests.reports.reading import missing, raw_text
from tests.server.desk.desks import Desk

STOPS = [{"name": "ده‌بالا", "place": "کنار مدرسه", "hours": "9 تا 11"}, {"name": "ده‌پایین", "offset_days": 1}]


@pytest.fixture
def stop(lending: Desk) -> str:
    """The first stop of a fortnightly route that begins today."""
    told = lending.ask("route.add", name="دهستان شمالی", first_visit="1405/08/30", stops=STOPS)
    assert told["outcome"] == "added"
    return str(told["stops"][0]["stop"])


def test_a_route_is_shown_with_the_next_visit_of_each_stop(lending: Desk, stop: str) -> None:
    (route,) = lending.ask("route.show")["routes"]
    assert (route["every_days"], [stop["next_visit"] for stop in route["stops"]]) == (14, ["2026-11-21", "2026-11-22"])
    changed = lending.ask("route.edit", route=route["route"], every_days=7)
    assert (changed["outcome"], changed["every_days"], changed["name"]) == ("changed", 7, "دهستان شمالی")
    assert lending.ask("route.show", route=stop)["what"] == "route"


def test_a_keyed_route_is_made_once(lending: Desk) -> None:
    request = {"name": "راه", "first_visit": "1405/08/30", "key": "route-1"}
    first, again = lending.ask("route.add", **request), lending.ask("route.add", **request)
    assert (again["outcome"], again["route"]) == ("already_done", first["route"])


def test_stops_are_added_and_changed(lending: Desk, stop: str) -> None:
    route = lending.ask("route.show")["routes"][0]["route"]
    added = lending.ask("stop.add", route=route, name="ده‌دور", offset_days=2)
    assert (added["outcome"], added["position"]) == ("added", 3)
    changed = lending.ask("stop.edit", stop=added["stop"], hours="8 تا 10")
    assert (changed["name"], changed["hours"]) == ("ده‌دور", "8 تا 10")


def test_a_loan_at_a_stop_is_due_at_the_next_visit(lending: Desk, stop: str) -> None:
    lent = lending.ask("checkout", member="1001", item="B1", stop=stop)
    assert (lent["outcome"], lent["due"]) == ("checked_out", "2026-12-05")
    again = lending.ask("checkout", member="1001", item="B1", stop=stop)
    assert again["outcome"] == "already_done"
    moved = lending.ask("visit.move", stop=stop, day="2026-12-05", to="2026-12-07")
    assert (moved["outcome"], moved["moved_loans"], moved["next_visit"]) == ("changed", 1, "2026-12-07")
    assert lending.ask("visit.move", stop=stop, day="2026-12-05", to="2026-12-07")["outcome"] == "already_done"
    assert lending.ask("member.show", member="1001")["loans"][0]["due"] == "2026-12-07"


def test_a_whole_route_is_put_off_with_one_request(lending: Desk) -> None:
    stops = [{"name": "الف"}, {"name": "ب"}]
    made = lending.ask("route.add", name="راه", first_visit="1405/08/30", stops=stops)
    told = lending.ask("visit.cancel", route=made["route"], day="2026-11-21", key="off")
    assert [line["outcome"] for line in told["lines"]] == ["changed", "changed"]
    assert lending.ask("visit.cancel", route=made["route"], day="2026-11-21")["outcome"] == "already_done"
    rows = lending.ask("visit.list", route=made["route"], to="2026-12-06")["rows"]
    assert [(row["day"], row["cancelled"]) for row in rows] == [
        ("2026-11-21", True), ("2026-11-21", True), ("2026-12-05", False), ("2026-12-05", False),
    ]  # fmt: skip


def test_a_visit_is_done(lending: Desk, stop: str) -> None:
    assert lending.ask("visit.done", stop=stop, day="2026-11-21")["outcome"] == "changed"
    assert lending.ask("visit.list", stop=stop, to="2026-11-22")["rows"][0]["done"] is True


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"day": "2026-11-24", "to": "2026-11-25"}, "visit.unknown"),
        ({"day": "2026-11-21", "to": "2026-11-27"}, "visit.closed_day"),
        ({"day": "2026-12-05", "to": "2026-11-19"}, "visit.past"),
    ],
)
def test_a_visit_that_cannot_be_is_refused(lending: Desk, stop: str, fields: dict[str, str], code: str) -> None:
    told = lending.ask("visit.move", stop=stop, **fields)
    assert code in [reason["code"] for reason in told["refusals"]]
    assert lending.ask("visit.move", **fields)["error"]["field"] == "stop"


def test_the_lists_of_the_van_are_written(lending: Desk, stop: str, tmp_path: Path) -> None:
    assert lending.ask("stop.assign", member="1001", stop=stop)["outcome"] == "changed"
    assert lending.ask("stop.assign", member="1001", stop=stop)["outcome"] == "already_done"
    lending.ask("checkout", member="1001", item="B1", stop=stop)
    lending.ask("clock.advance", days=20)
    paper = tmp_path / "stop.pdf"
    told = lending.ask("stop.loans", stop=stop, pdf=str(paper))
    (reader,) = told["readers"]
    assert (told["day"], reader["name"], reader["loans"][0]["late"]) == ("2026-12-19", "علی رضایی", True)
    assert (
        missing(["ده‌بالا", "علی رضایی", "بوف کور", "۱۴ روز دیرکرد", "۹ تا ۱۱"], raw_text(paper.read_bytes(), "-raw"))
        == []
    )
    route = lending.ask("route.show")["routes"][0]["route"]
    packed = lending.ask("route.pack", route=route, day="2026-12-19", pdf=str(tmp_path / "pack.pdf"))
    assert [stop["name"] for stop in packed["stops"]] == ["ده‌بالا"]
    assert lending.ask("stop.loans", stop=stop, pdf="list.txt")["error"]["field"] == "pdf"


def test_who_may_not_travel_is_told(lending: Desk, stop: str) -> None:
    trainee = lending.as_role(Role.TRAINEE)
    for request in ({"op": "visit.cancel", "day": "2026-12-05"}, {"op": "stop.loans"}):
        op = request.pop("op")
        told = trainee.ask(op, stop=stop, **request)
        assert [reason["code"] for reason in told["refusals"]] == ["role.not_allowed"]
    told = trainee.ask("checkout", member="1001", item="B1", stop=stop)
    assert [reason["code"] for reason in told["refusals"]] == ["role.not_allowed"]


def test_people_who_come_to_a_hall_are_counted(lending: Desk) -> None:
    """000 §3-3-1: visitors of other places come with a letter."""
    assert lending.ask("visit.count", hall="پایان‌نامه‌ها", count=12)["today"] == 12
    named = lending.ask("visit.count", hall="پایان‌نامه‌ها", member="1001", letter_no="۱۲/۳", purpose="دیدن پایان‌نامه")
    assert named["today"] == 13
    assert lending.ask("visit.counts")["rows"] == [{"hall": "پایان‌نامه‌ها", "people": 13, "noted": 2, "with_letter": 1}]
    assert lending.ask("visit.count", hall="مرجع", count=2, member="1001")["refusals"][0]["code"] == "field.invalid"
    assert lending.ask("visit.count", hall="مرجع", member="4711")["what"] == "member"
