"""Quarterly reports and the reports of the collection through the protocol, with their papers read back."""

from pathlib import Path

from openpyxl import load_workbook

from tests.reports.reading import missing, raw_text
from tests.server.desk.desks import Desk, says_so_in_persian


def test_the_report_that_is_owed_is_told_made_sent_and_answered(desk: Desk, tmp_path: Path) -> None:
    told = desk.ask("report.list", jalali=True)
    assert (told["owed"]["year"], told["owed"]["quarter"], told["owed"]["due_jalali"]) == (1405, 2, "1405/07/01")
    assert told["needed"] == []  # nothing was done in summer
    pdf, xlsx = tmp_path / "q.pdf", tmp_path / "q.xlsx"
    desk.ask("office.set", position="branch_head", name="سیمین نوری")
    made = desk.ask("report.quarter", make=True, pdf=str(pdf), xlsx=str(xlsx), key="q-1")
    assert (made["outcome"], made["year"], made["quarter"]) == ("made", 1405, 2)
    text = raw_text(pdf.read_bytes())
    assert missing(["گزارش وجین و صحافی تابستان ۱۴۰۵", "ویراست", "پیش‌نویس", "مسئول کتابخانه", "سیمین نوری"], text) == []
    sheet = load_workbook(xlsx).worksheets[0]
    assert sheet.sheet_view.rightToLeft
    assert desk.ask("report.quarter", make=True, key="q-1")["outcome"] == "already_done"
    sent = desk.ask("report.send", letter_no="۱۲/۴۵", letter_on="1405/08/30", jalali=True)
    assert (sent["outcome"], sent["letter_no"], sent["answer_due_jalali"]) == ("sent", "۱۲/۴۵", "1405/08/01")
    answered = desk.ask("report.answer", answer="بررسی شد")
    assert (answered["outcome"], answered["answer"]) == ("answered", "بررسی شد")
    assert [row["quarter"] for row in desk.ask("report.list")["rows"]] == [2]
    assert desk.ask("check")["broken"] == []


def test_a_running_quarter_can_be_seen_and_not_frozen(desk: Desk, tmp_path: Path) -> None:
    pdf = tmp_path / "draft.pdf"
    told = desk.ask("report.quarter", year=1405, quarter=3, pdf=str(pdf))
    assert (told["outcome"], told["figures"]["reasons"]["worn"]["weeded"]) == ("found", 0)
    assert missing(["پیش‌نویس", "پاییز"], raw_text(pdf.read_bytes())) == []
    refused = desk.ask("report.quarter", year=1405, quarter=3, make=True)
    assert [reason["code"] for reason in refused["refusals"]] == ["report.too_early"]
    assert says_so_in_persian(refused)
    assert desk.ask("report.quarter", pdf=str(tmp_path / "q.txt"))["ok"] is False


def test_the_collection_is_weighed_and_its_needs_are_listed(lending: Desk, tmp_path: Path) -> None:
    lending.ask("item.edit", item="B1", condition="worn", reason="پارگی جلد")
    paths = {name: tmp_path / name for name in ("b.pdf", "b.xlsx", "h.pdf", "h.xlsx")}
    told = lending.ask("report.balance", pdf=str(paths["b.pdf"]), xlsx=str(paths["b.xlsx"]))
    assert len(told["rows"]) == 11
    assert sum(row["copies"] for row in told["rows"]) >= 2
    health = lending.ask("report.health", pdf=str(paths["h.pdf"]), xlsx=str(paths["h.xlsx"]))
    assert [copy["condition"] for copy in health["bind"]] == ["worn"]
    assert missing(["تناسب موضوعی", "سهم از امانت", "۸۰۰ ادبیات"], raw_text(paths["b.pdf"].read_bytes())) == []
    assert missing(["سلامت مجموعه", "برای صحافی", "فرسوده"], raw_text(paths["h.pdf"].read_bytes())) == []
    assert all(load_workbook(paths[name]).worksheets[0].sheet_view.rightToLeft for name in ("b.xlsx", "h.xlsx"))
