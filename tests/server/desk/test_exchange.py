"""Exchange and disposal through the protocol (002 م7-16 … م7-24، م10-2)."""

from pathlib import Path
from typing import Any

import pytest

from db.codes import Role, Verdict
from tests.app.exchange.weeded import CONTENT, DUPLICATE, WORN, weeded
from tests.reports.reading import raw_text
from tests.server.desk.desks import Desk, says_so_in_persian


def codes(told: dict[str, Any]) -> list[str]:
    assert told["outcome"] == "refused", told
    assert says_so_in_persian(told)
    return [reason["code"] for reason in told["refusals"]]


def a_library(desk: Desk, name: str = "کتابخانه عمومی نور", **fields: Any) -> str:
    told = desk.ask("library.add", name=name, **{"licence_no": "12/4", "founded_on": "1380/01/01", **fields})
    assert told["outcome"] == "added", told
    return str(told["library"])


def in_county(desk: Desk, number: int = 3) -> str:
    weeded(desk.library, number, CONTENT)
    package = str(desk.ask("exchange.pack", reason="content")["package"])
    assert desk.ask("exchange.hand", package=package, receipt_no="ر-۱")["stage"] == "handed/county"
    assert desk.ask("exchange.announce", package=package)["stage"] == "announced/county"
    return package


def test_from_the_shelf_to_another_library(desk: Desk, tmp_path: Path) -> None:
    copies = weeded(desk.library, 3, DUPLICATE)
    (group,) = desk.ask("exchange.ready")["groups"]
    assert (group["reason"], group["way"], group["count"]) == ("duplicate", "exchange", 3)
    told = desk.ask("exchange.pack", reason="duplicate", key="k-1")
    package = told["package"]
    assert (told["outcome"], told["copies"]) == ("packed", 3)
    again = desk.ask("exchange.pack", reason="duplicate", key="k-1")
    assert (again["outcome"], again["package"]) == ("already_done", package)
    assert desk.ask("exchange.hand", package=package, letter_no="۱۲/۵")["outcome"] == "handed"
    assert desk.ask("exchange.hand", package=package)["outcome"] == "already_done"
    assert desk.ask("exchange.announce", package=package)["outcome"] == "announced"
    near = a_library(desk)
    asked = desk.ask("exchange.request", package=package, library=near, items=[copies[0].barcode, str(copies[1].id)])
    assert (asked["outcome"], len(asked["items"])) == ("requested", 2)
    proposed = desk.ask("exchange.allocate", package=package)
    assert [(one["rank"], one["copies"]) for one in proposed["shares"]] == [("institutional", 2)]
    assert len(proposed["left"]) == 1
    (delivery,) = desk.ask("exchange.allocate", package=package, confirm=True)["deliveries"]
    told = desk.ask("exchange.deliver", delivery=delivery["delivery"], receipt_no="ر-۲", key="k-2")
    assert (told["outcome"], told["number"], told["copies"]) == ("delivered", "1405/1", 2)
    again = desk.ask("exchange.deliver", delivery=delivery["delivery"], receipt_no="ر-۲", key="k-2")
    assert (again["outcome"], again["number"]) == ("already_done", 1)
    assert desk.ask("exchange.deliver", delivery=delivery["delivery"])["outcome"] == "already_done"
    pdf, xlsx = tmp_path / "d.pdf", tmp_path / "d.xlsx"
    first = desk.ask("exchange.form", delivery=delivery["delivery"], pdf=str(pdf), xlsx=str(xlsx))
    assert first["outcome"] == "written"
    assert "کتابخانه عمومی نور" in raw_text(pdf.read_bytes())
    kept = pdf.read_bytes()
    desk.ask("exchange.form", delivery=delivery["delivery"], pdf=str(pdf))
    assert pdf.read_bytes() == kept
    where = desk.ask("exchange.find", item=copies[0].barcode)
    assert (where["library"], where["status"]) == ("کتابخانه عمومی نور", "weeded_duplicate")
    assert desk.ask("check")["broken"] == []


def test_a_receipt_comes_with_the_van(desk: Desk) -> None:
    package = in_county(desk)
    desk.ask("exchange.send_on", package=package)
    early = desk.ask("exchange.receive", package=package, level="national", receipt_no="ن-۱")
    assert codes(early) == ["exchange.stage"]
    told = desk.ask("exchange.receive", package=package, level="province", receipt_no="ا-۳", key="k-1")
    assert (told["outcome"], told["stage"]) == ("received", "handed/province")
    again = desk.ask("exchange.receive", package=package, level="province", receipt_no="ا-۳", key="k-1")
    assert again["outcome"] == "already_done"
    same = desk.ask("exchange.receive", package=package, level="province", receipt_no="ا-۳")
    assert same["outcome"] == "already_done"
    other = desk.ask("exchange.receive", package=package, level="county", receipt_no="ر-۲")
    assert codes(other) == ["exchange.receipt_stands"]
    receipts = [one["receipt_no"] for one in desk.ask("exchange.show", package=package)["handovers"]]
    assert receipts == ["ر-۱", "ا-۳"]


def test_what_is_left_goes_on_and_is_reported(desk: Desk, tmp_path: Path) -> None:
    package = in_county(desk)
    sent = desk.ask("exchange.send_on", package=package, letter_no="۵")
    assert (sent["outcome"], sent["stage"], sent["copies"]) == ("sent_on", "handed/province", 3)
    report = desk.ask("exchange.report", package=package, pdf=str(tmp_path / "r.pdf"), xlsx=str(tmp_path / "r.xlsx"))
    assert (report["received"], report["given"], report["left"]) == (3, [], 3)
    assert (tmp_path / "r.xlsx").read_bytes()[:2] == b"PK"
    assert codes(desk.ask("exchange.send_on", package=package, store=True, letter_no="۶")) == ["exchange.stage"]
    desk.ask("exchange.announce", package=package)
    (row,) = desk.ask("exchange.list")["rows"]
    assert (row["days_left"], row["next"]) == (180, ["request", "give", "store", "finish"])
    early = desk.ask("exchange.send_on", package=package, store=True, letter_no="۶")
    assert codes(early) == ["exchange.too_early"]
    assert "۱۴۰۶/۰۲/۳۰" in early["refusals"][0]["message"]
    desk.ask("clock.advance", days=180)
    assert desk.ask("exchange.send_on", package=package, store=True, letter_no="۶")["stage"] == "finished/national"
    shown = desk.ask("exchange.show", package=package)
    assert [one["kind"] for one in shown["handovers"]] == ["county_centre", "province_store", "national_store"]


def test_the_list_is_sent_to_the_libraries(desk: Desk, tmp_path: Path) -> None:
    """002 م7-16، م7-20."""
    package = in_county(desk)
    pdf, xlsx = tmp_path / "o.pdf", tmp_path / "o.xlsx"
    told = desk.ask("exchange.offer", package=package, pdf=str(pdf), xlsx=str(xlsx))
    assert (told["outcome"], told["copies"], told["level"]) == ("found", 3, "county")
    assert "آموزش رایانه" in raw_text(pdf.read_bytes())
    assert xlsx.read_bytes()[:2] == b"PK"
    desk.ask("exchange.send_on", package=package)
    assert codes(desk.ask("exchange.offer", package=package)) == ["exchange.stage"]
    nobody = desk.ask("exchange.offer", package="00000000-0000-0000-0000-000000000001")
    assert nobody["outcome"] == "not_found"
    wrong = desk.ask("exchange.offer", package=package, pdf=str(tmp_path / "o.txt"))
    assert wrong["error"]["code"] == "request.invalid"


def test_worn_copies_to_recycling(desk: Desk) -> None:
    weeded(desk.library, 2, WORN)
    weeded(desk.library, 1, WORN, verdict=Verdict.REDIRECT)
    package = desk.ask("exchange.pack", reason="worn")["package"]
    assert desk.ask("exchange.pack", reason="worn", redirected=True)["way"] == "exchange"
    desk.ask("exchange.hand", package=package)
    assert codes(desk.ask("exchange.announce", package=package)) == ["exchange.worn_to_recycling"]
    desk.ask("exchange.send_on", package=package)
    copies = weeded(desk.library, 1, WORN)
    assert codes(desk.ask("exchange.redirect", package=package, items=[copies[0].barcode])) == [
        "exchange.not_in_package"
    ]
    absurd = desk.ask("exchange.recycle", package=package, centre="کاغذسازی البرز", weight=12_250)
    assert codes(absurd) == ["exchange.weight_absurd"]
    assert "۱۲۲۵۰ کیلوگرم" in absurd["refusals"][0]["message"]
    recycle = {"package": package, "centre": "کاغذسازی البرز", "weight": 12.25, "receipt_no": "ب-۳", "letter_no": "۵/۳"}
    told = desk.ask("exchange.recycle", **recycle, key="k-1")
    assert (told["outcome"], told["number"], told["weight"]) == ("recycled", "1405/1", 12.25)
    assert desk.ask("exchange.recycle", package=package, centre="دیگر", weight=1)["outcome"] == "already_done"
    unproven = desk.ask("exchange.proceeds", package=package, amount=2_500_000, notice_no="۹")
    assert codes(unproven) == ["exchange.proceeds_receipt"]
    amount = {"package": package, "amount": 2_500_000, "notice_no": "۹", "receipt_no": "۷۷"}
    paid = desk.ask("exchange.proceeds", **amount, key="k-2")
    assert paid["outcome"] == "paid"
    recycling = desk.ask("exchange.show", package=package)["handovers"][-1]
    assert (recycling["proceeds"], recycling["weight"], recycling["copies"]) == (2_500_000, 12.25, 2)
    assert (recycling["proceeds_receipt_no"], recycling["proceeds_notice_no"]) == ("۷۷", "۹")
    assert recycling["proceeds_notice_on"] == recycling["paid_on"]
    assert (recycling["receipt_no"], recycling["letter_no"]) == ("ب-۳", "۵/۳"), "those of the handover stay"
    again = desk.ask("exchange.recycle", **recycle, key="k-1")
    assert (again["outcome"], again["package"], again["delivery"], again["number"]) == (
        "already_done", package, told["delivery"], 1,
    )  # fmt: skip
    again = desk.ask("exchange.proceeds", **amount, key="k-2")
    assert (again["outcome"], again["package"], again["delivery"]) == ("already_done", package, told["delivery"])
    assert (again["amount"], again["proceeds_receipt_no"], again["proceeds_notice_no"]) == (2_500_000, "۷۷", "۹")


def test_worn_copies_of_use_go_back_to_the_libraries(desk: Desk) -> None:
    """002 م10-3."""
    copies = weeded(desk.library, 2, WORN)
    package = desk.ask("exchange.pack", reason="worn")["package"]
    desk.ask("exchange.hand", package=package)
    told = desk.ask("exchange.redirect", package=package, items=[copies[0].barcode], remark="قابل ترمیم", key="k-1")
    assert (told["outcome"], told["way"], told["copies"]) == ("redirected", "exchange", 1)
    assert told["stage"] == "handed/county"
    again = desk.ask("exchange.redirect", package=package, items=[copies[0].barcode], remark="قابل ترمیم", key="k-1")
    assert again["outcome"] == "already_done"
    rows = {row["way"]: row["copies"] for row in desk.ask("exchange.list")["rows"]}
    assert rows == {"recycling": 1, "exchange": 1}
    assert desk.ask("check")["broken"] == []


def test_bad_input_is_refused_with_article_and_way_out(lending: Desk) -> None:
    assert codes(lending.ask("exchange.pack", reason="content")) == ["exchange.nothing_ready"]
    unruled = lending.ask("exchange.pack", reason="content", items=["B1"])
    assert codes(unruled) == ["exchange.not_ruled"]
    assert unruled["refusals"][0]["rule"] == "7-4"
    package = in_county(lending)
    stranger = a_library(lending, licence_no=None)
    told = lending.ask("exchange.request", package=package, library=stranger)
    assert codes(told) == ["exchange.unlicensed"]
    assert told["refusals"][0]["rule"] == "7-24"
    assert codes(lending.ask("exchange.recycle", package=package, centre="کاغذسازی", weight=1)) == ["exchange.not_worn"]
    branch = lending.library.branch
    itself = a_library(lending, branch.name, county=branch.county)
    told = lending.ask("exchange.request", package=package, library=itself)
    assert codes(told) == ["exchange.own_library"]
    nobody = lending.ask("exchange.show", package="00000000-0000-0000-0000-000000000001")
    assert nobody["outcome"] == "not_found"
    assert says_so_in_persian(nobody)


@pytest.mark.parametrize("weight", [0, -1, 1e9, "۱۲"])
def test_a_weight_that_is_none(desk: Desk, weight: object) -> None:
    nothing = "00000000-0000-0000-0000-000000000001"
    told = desk.ask("exchange.recycle", package=nothing, centre="کاغذسازی", weight=weight)
    assert told["error"]["code"] == "request.invalid"


def test_who_may_do_it(desk: Desk) -> None:
    package = in_county(desk)
    assistant = desk.as_role(Role.ASSISTANT)
    assert codes(assistant.ask("exchange.send_on", package=package)) == ["role.not_allowed"]
    assert codes(assistant.ask("library.add", name="نور")) == ["role.not_allowed"]
    assert assistant.ask("exchange.list")["ok"]


def test_libraries_are_written_once_and_changed(desk: Desk) -> None:
    library = a_library(desk)
    same = desk.ask("library.add", name="کتابخانه عمومی نور", licence_no="12/4", founded_on="1380/01/01")
    assert (same["outcome"], same["library"]) == ("already_done", library)
    until = desk.ask(
        "library.add", library=library, name="کتابخانه عمومی نور", licence_no="13", licensed_until="1406/01/01"
    )
    assert (until["outcome"], until["licence_no"]) == ("changed", "13")
    a_library(desk, "ساوه", county="ساوه")
    clash = desk.ask("library.add", library=library, name="ساوه", county="ساوه")
    assert codes(clash) == ["library.known"]
    assert [one["name"] for one in desk.ask("library.list")["rows"]] == ["کتابخانه عمومی نور", "ساوه"]
    assert codes(desk.ask("library.add", name=" ")) == ["field.required"]


def test_a_list_of_libraries_is_taken_in(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "libraries.csv"
    file.write_text(
        "فهرست کتابخانه‌های استان\n"
        "نام کتابخانه,نوع,شهرستان,شماره مجوز,اعتبار مجوز,تاریخ تأسیس,در شرف تأسیس\n"
        "کتابخانه عمومی امام علی,نهادی,اراک,۱۲۳,1407/01/01,1380/05/01,\n"
        "کتابخانه نو,نهادی,اراک,,,,بله\n"
        "کتابخانه نادرست,نامعلوم,اراک,۵,,,\n"
        "کتابخانه بدتاریخ,مستقل,اراک,۶,1405/13/01,,\n",
        encoding="utf-8",
    )
    told = desk.ask("library.import", file=str(file))
    assert (told["outcome"], told["done"], told["refused"]) == ("imported", 2, 2)
    assert says_so_in_persian(told)
    assert Path(told["side_file"]).read_text(encoding="utf-8").count("\n") == 2
    rows = {one["name"]: one for one in desk.ask("library.list")["rows"]}
    assert rows["کتابخانه نو"]["to_be_founded"] is True
    assert rows["کتابخانه عمومی امام علی"]["licence_no"] == "123"
    again = desk.ask("library.import", file=str(file))
    assert (again["done"], again["already_done"]) == (0, 2)
    assert desk.ask("library.import", file=str(tmp_path / "none.csv"))["error"]["code"] == "P-2101"
