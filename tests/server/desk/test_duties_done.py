"""Every duty through the real steps: it comes when its day is near, goes when it is done, and comes back when that is
taken back (002 م7, م13, م14; 003 م3-7)."""

from typing import Any

from tests.server.desk.desks import Desk

LETTER = {"letter_no": "۱۲/۵"}
WORN = {"reason": "worn", "unbindable": True, "confirm": ["weeding.not_worn", "weeding.unbindable_needed"]}


def kinds(desk: Desk) -> set[str]:
    """What the calendar of duties names now."""
    return {row["kind"] for row in desk.ask("duties")["rows"]}


def do(desk: Desk, op: str, **fields: Any) -> dict[str, Any]:
    told = desk.ask(op, **fields)
    assert told["ok"], (op, told)
    return told


def wait(desk: Desk, days: int) -> None:
    do(desk, "clock.advance", days=days)


def finalised(desk: Desk) -> str:
    do(desk, "weeding.propose", items=["B1"], **WORN)
    return str(do(desk, "weeding.minutes", reason="worn")["number"])


def test_minutes_pass_their_duties_from_step_to_step(lending: Desk) -> None:
    do(lending, "weeding.propose", items=["B1"], **WORN)
    assert not kinds(lending) & {"draft_piled", "send_minutes"}
    wait(lending, 92)
    assert "draft_piled" in kinds(lending)
    assert "weed_season" not in kinds(lending)
    number = do(lending, "weeding.minutes", reason="worn")["number"]
    assert "send_minutes" in kinds(lending)
    assert not kinds(lending) & {"draft_piled", "weed_season"}
    do(lending, "weeding.send", number=number, **LETTER)
    assert "county_answer" in kinds(lending)
    assert "send_minutes" not in kinds(lending)
    do(lending, "weeding.correct", number=number, level="county", remark="سال نشر", **LETTER)
    assert "correction" in kinds(lending)
    assert "county_answer" not in kinds(lending)
    do(lending, "weeding.reissue", number=number)
    assert "county_answer" in kinds(lending)
    do(lending, "weeding.rule", number=number, level="county", verdict="approve", **LETTER)
    assert kinds(lending) & {"county_answer", "province_answer"} == {"province_answer"}
    do(lending, "weeding.rule", number=number, level="province", verdict="approve", **LETTER)
    assert kinds(lending) & {"province_answer", "final_list"} == {"final_list"}
    do(lending, "weeding.close", number=number)
    assert {"pack", "send_list"} <= kinds(lending)
    assert "final_list" not in kinds(lending)
    do(lending, "weeding.send", number=number, **LETTER)
    assert "send_list" not in kinds(lending)


def test_minutes_that_are_taken_back_are_no_duty(lending: Desk) -> None:
    number = finalised(lending)
    assert "send_minutes" in kinds(lending)
    do(lending, "weeding.withdraw", number=number, reason="پشیمان شدیم")
    assert not kinds(lending) & {"send_minutes", "draft_piled"}


def test_a_package_passes_its_duties_and_packing_taken_back_brings_the_first_one_back(lending: Desk) -> None:
    number = finalised(lending)
    do(lending, "weeding.send", number=number, **LETTER)
    for level in ("county", "province"):
        do(lending, "weeding.rule", number=number, level=level, verdict="approve", **LETTER)
    do(lending, "weeding.close", number=number)
    wait(lending, 80)
    assert kinds(lending) & {"pack", "hand_over"} == {"pack"}
    do(lending, "exchange.pack", reason="worn")
    assert kinds(lending) & {"pack", "hand_over"} == {"hand_over"}
    do(lending, "undo")
    assert kinds(lending) & {"pack", "hand_over"} == {"pack"}
    package = do(lending, "exchange.pack", reason="worn")["package"]
    do(lending, "exchange.unpack", package=package)
    assert kinds(lending) & {"pack", "hand_over"} == {"pack"}
    package = do(lending, "exchange.pack", reason="worn")["package"]
    do(lending, "exchange.hand", package=package, receipt_no="۱", **LETTER)
    assert kinds(lending) & {"pack", "hand_over", "package_out"} == {"package_out"}
    do(lending, "exchange.send_on", package=package, receipt_no="۲", **LETTER)
    do(lending, "exchange.recycle", package=package, centre="بازیافت", weight=1.5, receipt_no="۳")
    assert kinds(lending) & {"package_out", "proceeds"} == {"proceeds"}
    do(lending, "exchange.proceeds", package=package, amount=90_000, receipt_no="۷", notice_no="۹")
    assert not kinds(lending) & {"package_out", "proceeds", "pack"}


def test_binding_passes_its_duties_and_what_is_given_up_is_owed_again(lending: Desk) -> None:
    wait(lending, 100)
    assert "binding_request" in kinds(lending)
    do(lending, "binding.request", items=["B1"])
    number = do(lending, "binding.finalise")["number"]
    ours = {"binding_request", "binding_send", "binding_back"}
    assert kinds(lending) & ours == {"binding_send"}
    do(lending, "binding.cancel", request=number, reason="صحاف نیست")
    assert kinds(lending) & ours == {"binding_request"}
    do(lending, "binding.request", items=["B1"])
    number = do(lending, "binding.finalise")["number"]
    do(lending, "binding.dispatch", request=number)
    assert kinds(lending) & ours == {"binding_back"}
    wait(lending, 13)
    assert {"binding_back", "binding_status"} <= kinds(lending)
    do(lending, "binding.receive", item="B1")
    assert not kinds(lending) & {"binding_back", "binding_status"}
    do(lending, "undo")
    assert {"binding_back", "binding_status"} <= kinds(lending)


def test_a_report_is_owed_sent_waited_for_and_done(lending: Desk) -> None:
    do(lending, "mending.add", item="B1", work="چسب عطف")
    do(lending, "undo")
    wait(lending, 40)  # ۱۰ دی
    assert "branch_report" not in kinds(lending)
    do(lending, "mending.add", item="B1", work="چسب عطف")
    wait(lending, 90)  # ۱۱ فروردین
    assert "branch_report" in kinds(lending)
    named = {"year": 1405, "quarter": 4}
    assert lending.ask("report.list")["needed"] == [named]
    do(lending, "report.quarter", **named, make=True)
    assert "branch_report" in kinds(lending)  # made, not sent
    do(lending, "report.send", **named, **LETTER)
    assert kinds(lending) & {"branch_report", "county_report", "report_answer"} == {"county_report", "report_answer"}
    do(lending, "report.answer", **named, answer="بررسی شد")
    assert "report_answer" not in kinds(lending)


def test_shelf_reading_is_reminded_of_after_a_year_and_while_it_lies(lending: Desk) -> None:
    wait(lending, 360)
    assert "stocktake_yearly" in kinds(lending)
    session = do(lending, "stocktake.start", name="همه")["session"]
    assert kinds(lending) & {"stocktake_yearly", "stocktake_idle"} == {"stocktake_idle"}
    do(lending, "stocktake.abandon", session=session)
    assert kinds(lending) & {"stocktake_yearly", "stocktake_idle"} == {"stocktake_yearly"}


def test_a_new_library_is_told_how_much_is_left_to_enter(lending: Desk) -> None:
    wait(lending, 20)
    before = next(row for row in lending.ask("duties")["rows"] if row["kind"] == "data_entry")
    assert before["deadline"].endswith("فهرست‌نویسی مادهٔ ۳-۷")
    do(lending, "item.add", title={"title": "کتابی دیگر"}, barcode="B-NEW")
    after = next(row for row in lending.ask("duties")["rows"] if row["kind"] == "data_entry")
    assert after["count"] == before["count"] - 1
    wait(lending, 80)
    assert "data_entry" not in kinds(lending)


def test_the_turn_of_the_year_comes_on_its_day_though_library_and_computer_are_closed(lending: Desk) -> None:
    """۱ فروردین is a holiday: the report is owed on it nevertheless, and late the day after (002 م14-1)."""
    do(lending, "mending.add", item="B1", work="چسب")  # ۳۰ آبان
    wait(lending, 40)
    do(lending, "report.quarter", make=True)
    do(lending, "report.send", **LETTER)
    do(lending, "mending.add", item="B1", work="چسب دیگر")
    days = {"from": "2027-03-20", "to": "2027-03-24"}
    do(lending, "calendar.close", **days, name="نوروز", emergency=True)
    wait(lending, 80)  # the computer is off until ۱ فروردین ۱۴۰۶
    told = next(row for row in lending.ask("duties", jalali=True)["rows"] if row["kind"] == "branch_report")
    assert (told["due_jalali"], told["days"], told["weight"]) == ("1406/01/01", 0, "soon")
    wait(lending, 1)
    told = next(row for row in lending.ask("duties")["rows"] if row["kind"] == "branch_report")
    assert told["weight"] == "late"


def test_a_term_that_moved_moves_what_comes_and_not_what_has_been_written(lending: Desk) -> None:
    """Another version of the guideline: the day on the minutes stays as it was told (002 opening note)."""
    first = finalised(lending)
    do(lending, "weeding.send", number=first, **LETTER)
    before = next(row for row in lending.ask("duties")["rows"] if row["kind"] == "county_answer")
    do(lending, "guideline.set", terms={"county_days": 3, "season_months": 1}, source="بخشنامه", title="ویراست دوم")
    after = next(row for row in lending.ask("duties")["rows"] if row["kind"] == "county_answer")
    assert after["due"] == before["due"]
    wait(lending, 40)
    assert "weed_season" in kinds(lending)  # a season of one month
