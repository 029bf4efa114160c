"""Signatories, committee and the facts of the library at the headless desk."""

from pathlib import Path

from db.codes import Role
from tests.reports.reading import missing, raw_text
from tests.server.desk.desks import Desk


def test_an_office_is_given_listed_and_ended(desk: Desk) -> None:
    first = desk.ask("office.set", position="branch_head", name="زهرا کریمی", since="1404/01/01", key="o")
    assert first["outcome"] == "set"
    second = desk.ask("office.set", position="branch_head", name="رضا احمدی")
    assert second["ended"] == "زهرا کریمی"
    desk.ask("office.set", position="cataloguer", name="نرگس صفری", committee=True)
    told = desk.ask("office.list")
    assert [(one["words"], one["name"], one["until"]) for one in told["rows"]] == [
        ("مسئول کتابخانه", "رضا احمدی", None),
        ("مسئول کتابخانه", "زهرا کریمی", "2026-11-20"),
        ("فهرست‌نویس", "نرگس صفری", None),
    ]
    assert told["signing"] == {"branch_head": "رضا احمدی"}
    assert told["committee"] == {"cataloguer": "نرگس صفری"}
    assert desk.ask("office.list", on="1404/06/01")["signing"] == {"branch_head": "زهرا کریمی"}
    ended = desk.ask("office.end", office=second["office"])
    assert (ended["outcome"], ended["until"]) == ("ended", "2026-11-21")
    again = desk.ask("office.set", position="branch_head", name="کسی دیگر", since="1404/01/01", key="o")
    assert (again["outcome"], again["office"]) == ("already_done", first["office"])
    assert desk.ask("office.end", office="01a2b3c4-0000-7000-8000-000000000000")["outcome"] == "not_found"
    assert desk.ask("office.set", position="king", name="الف")["refusals"][0]["code"] == "field.invalid"


def test_the_library_is_shown_and_changed_and_what_is_left_out_stays(desk: Desk) -> None:
    assert desk.ask("branch.show")["space_shortage"] is False
    changed = desk.ask("branch.set", space_shortage=True, phone="۰۸۶", founded_on="1380/01/01")
    assert (changed["outcome"], sorted(changed["fields"])) == ("changed", ["founded_on", "phone", "space_shortage"])
    shown = desk.ask("branch.show", jalali=True)
    assert (shown["name"], shown["space_shortage"], shown["founded_on_jalali"]) == (
        "کتابخانه عمومی شهید بهشتی", True, "1380/01/01",
    )  # fmt: skip
    assert desk.ask("branch.set", phone="")["fields"] == ["phone"]
    assert desk.ask("branch.show")["phone"] is None
    assert desk.ask("branch.set", name=" ")["refusals"][0]["code"] == "field.required"
    assert desk.as_role(Role.LIBRARIAN).ask("branch.set", city="ساوه")["refusals"][0]["code"] == "role.not_allowed"


def worn(desk: Desk, barcode: str, pdf: Path) -> str:
    """Minutes of one worn copy, with their paper; the number."""
    confirmed = ["weeding.not_worn", "weeding.unbindable_needed"]
    listed = desk.ask("weeding.propose", reason="worn", items=[barcode], unbindable=True, confirm=confirmed)
    assert listed["ok"], listed
    made = desk.ask("weeding.minutes", reason="worn")
    desk.ask("form", kind="weeding_worn", number=made["number"], pdf=str(pdf))
    return str(made["number"])


def test_a_paper_names_who_was_in_office_on_its_day_and_keeps_the_name(lending: Desk, tmp_path: Path) -> None:
    """Nobody, then one, then another on the very day, then a gap: each paper says what held when it was made."""
    papers = [tmp_path / f"{place}.pdf" for place in range(4)]
    again = tmp_path / "again.pdf"
    numbers = [worn(lending, "B1", papers[0])]
    lending.ask("office.set", position="branch_head", name="سیمین نوری")
    numbers.append(worn(lending, "B2", papers[1]))
    lending.ask("clock.advance", days=1)
    second = lending.ask("office.set", position="branch_head", name="زهرا بیات")  # on the day of the minutes
    numbers.append(worn(lending, "B3", papers[2]))
    lending.ask("office.end", office=second["office"])
    lending.ask("clock.advance", days=1)
    lending.ask("item.add", title={"title": "کتاب دیگر"}, barcode="B4")
    numbers.append(worn(lending, "B4", papers[3]))
    names = ["سیمین نوری", "زهرا بیات"]
    told = [[name for name in names if not missing([name], raw_text(paper.read_bytes()))] for paper in papers]
    assert told == [[], ["سیمین نوری"], ["زهرا بیات"], []]
    assert missing(["مسئول کتابخانه عمومی", "نام و نام خانوادگی"], raw_text(papers[0].read_bytes())) == []
    for number, paper in zip(numbers, papers, strict=True):
        lending.ask("form", kind="weeding_worn", number=number, pdf=str(again))
        assert again.read_bytes() == paper.read_bytes()


def test_minutes_of_a_shelf_reading_and_reports_name_the_head_in_office_too(lending: Desk, tmp_path: Path) -> None:
    read, report = tmp_path / "read.pdf", tmp_path / "report.pdf"
    lending.ask("office.set", position="branch_head", name="سیمین نوری")
    lending.ask("office.set", position="cataloguer", name="نرگس صفری", committee=True)
    session = lending.ask("stocktake.start", name="همه")["session"]
    for barcode in ("B1", "B2", "B3"):
        lending.ask("stocktake.scan", session=session, barcode=barcode)
    told = lending.ask("stocktake.close", session=session)
    assert told["outcome"] == "closed", told
    lending.ask("stocktake.report", session=session, pdf=str(read))
    lending.ask("report.quarter", year=1405, quarter=2, make=True, pdf=str(report))
    assert missing(["مسئول کتابخانه", "سیمین نوری"], raw_text(read.read_bytes())) == []
    assert missing(["سیمین نوری", "کمیتهٔ وجین", "فهرست‌نویس", "نرگس صفری"], raw_text(report.read_bytes())) == []
