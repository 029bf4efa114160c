import datetime as dt

import pytest

from app.clock import SystemClock
from app.library import Library
from tests.server.desk.desks import Desk


def test_ping_tells_who_answers_and_what_day_it_is(desk: Desk) -> None:
    told = desk.ask("ping", jalali=True)
    assert (told["outcome"], told["branch"], told["user"], told["role"]) == (
        "pong", "کتابخانه عمومی شهید بهشتی", "زهرا کریمی", "head",
    )  # fmt: skip
    assert (told["today"], told["today_jalali"], told["now_jalali"]) == ("2026-11-21", "1405/08/30", "1405/08/30")


def test_a_sound_library_has_nothing_broken(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    told = lending.ask("check")
    assert told["broken"] == []
    assert {"one_open_loan", "journal", "file"} <= set(told["checked"])


def test_what_is_broken_is_told(lending: Desk) -> None:
    with lending.library.store.write() as tx:
        tx.run("DELETE FROM counter WHERE name = 'accession'")
    assert [broken["invariant"] for broken in lending.ask("check")["broken"]] == ["accession_numbers"]


def test_the_test_clock_is_set_and_moved(desk: Desk) -> None:
    assert desk.ask("clock.set", now="1405/12/29 23:30")["today"] == "2027-03-20"
    assert desk.ask("clock.advance", days=1)["today"] == "2027-03-21"
    assert desk.ask("clock.set", now="2026-11-21T00:15:00+03:30")["today"] == "2026-11-21"


@pytest.mark.parametrize("days", [0, -1, 10_000, "1"])
def test_the_clock_does_not_move_by_nonsense(desk: Desk, days: object) -> None:
    assert desk.ask("clock.advance", days=days)["error"]["field"] == "days"


def test_the_clock_stops_at_the_end_of_its_years(desk: Desk) -> None:
    desk.ask("clock.set", now="2200-12-01")
    assert desk.ask("clock.advance", days=365)["error"]["code"] == "request.invalid"
    assert desk.ask("ping")["today"] == "2200-12-01"


def test_a_real_clock_is_not_set(desk: Desk) -> None:
    real = Desk(Library(desk.library.store, SystemClock()))
    for told in (real.ask("clock.set", now="2026-01-01"), real.ask("clock.advance", days=1)):
        assert "تنظیم‌پذیر نیست" in told["error"]["message"]
    assert abs(dt.datetime.fromisoformat(real.ask("ping")["now"]) - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=1)
