import datetime as dt
import hashlib
from pathlib import Path

import pytest

from db.models.collection import MinutesRow
from tests.library import rows
from tests.server.desk.desks import Desk

WORN = {"reason": "worn", "unbindable": True}  # the only copies of their printings (002 م5-1-ج)


def test_each_copy_is_listed_or_refused_with_its_article(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B2")
    told = lending.ask("weeding.propose", **WORN, items=["B1", "B2", "B9", "\u202e", "۳"], remark="جلد پاره")
    assert told["outcome"] == "listed"
    listed, lent, unknown, garbled, third = told["lines"]
    assert (listed["outcome"], listed["article"], listed["row"], listed["barcode"]) == ("listed", "4-1-ج", 1, "B1")
    assert [(reason["code"], reason["rule"]) for reason in lent["refusals"]] == [("weeding.on_loan", "7-4")]
    assert (unknown["outcome"], garbled["outcome"]) == ("not_found", "not_found")
    assert (third["outcome"], third["barcode"]) == ("listed", "B3")


def test_listing_again_is_already_done(lending: Desk) -> None:
    lending.ask("weeding.propose", **WORN, items=["B1"])
    told = lending.ask("weeding.propose", **WORN, items=["B1"])
    assert (told["ok"], told["outcome"]) == (True, "already_done")


def test_when_no_copy_may_be_listed_every_reason_is_told(lending: Desk) -> None:
    told = lending.ask("weeding.propose", reason="duplicate", items=["B1", "B2"])
    assert (told["ok"], told["outcome"]) == (False, "refused")
    assert [reason["rule"] for reason in told["refusals"]] == ["5-1-ج", "4-1 تبصره"] * 2


def test_a_key_stands_for_each_copy_of_its_request(lending: Desk) -> None:
    request = {**WORN, "items": ["B1", "B2"], "key": "list-1"}
    assert lending.ask("weeding.propose", **request)["outcome"] == "listed"
    assert lending.ask("weeding.propose", **request)["outcome"] == "already_done"


def test_minutes_are_numbered_and_their_files_written_as_stored(lending: Desk, tmp_path: Path) -> None:
    lending.ask("weeding.propose", **WORN, items=["B1", "B2"])
    final = lending.ask("weeding.minutes", reason="worn")
    assert (final["outcome"], final["number"], final["rows"]) == ("finalised", "1405/1", 2)

    pdf, xlsx = tmp_path / "minutes.pdf", tmp_path / "minutes.xlsx"
    told = lending.ask("form", kind="weeding_worn", number="۱۴۰۵/۱", pdf=str(pdf), xlsx=str(xlsx))
    assert (told["outcome"], told["pages"], told["sha256"]) == ("written", final["pages"], final["sha256"])
    assert hashlib.sha256(pdf.read_bytes()).hexdigest() == told["sha256"]
    assert hashlib.sha256(xlsx.read_bytes()).hexdigest() == told["xlsx_sha256"]
    assert pdf.read_bytes().startswith(b"%PDF")


def test_minutes_without_rows_are_refused(desk: Desk) -> None:
    assert desk.ask("weeding.minutes", reason="worn")["refusals"][0]["code"] == "minutes.empty"


@pytest.mark.parametrize("number", ["1405/9", "1405", "", "1404/1", "../../etc", "1405/1\u202e"])
def test_a_form_that_is_not_in_the_archive_is_not_found(lending: Desk, number: str, tmp_path: Path) -> None:
    lending.ask("weeding.propose", **WORN, items=["B1"])
    lending.ask("weeding.minutes", reason="content")
    told = lending.ask("form", kind="weeding_worn", number=number, pdf=str(tmp_path / "a.pdf"))
    assert (told["outcome"], told["what"]) == ("not_found", "minutes")
    assert list(tmp_path.glob("*.pdf")) == []


def test_a_form_never_overwrites_a_file_of_another_kind(lending: Desk) -> None:
    lending.ask("weeding.propose", **WORN, items=["B1"])
    lending.ask("weeding.minutes", reason="worn")
    told = lending.ask("form", kind="weeding_worn", number="1405/1", pdf=lending.library.store.name)
    assert told["error"]["field"] == "pdf"


def test_a_folder_that_is_not_there_is_trouble(lending: Desk, tmp_path: Path) -> None:
    lending.ask("weeding.propose", **WORN, items=["B1"])
    lending.ask("weeding.minutes", reason="worn")
    told = lending.ask("form", kind="weeding_worn", number="1405/1", pdf=str(tmp_path / "nowhere" / "a.pdf"))
    assert told["error"]["code"] == "P-1203"


def test_other_papers_are_no_forms(desk: Desk) -> None:
    assert "در این نسخهٔ پیشخان نیست" in desk.ask("form", kind="letter", number="1405/1")["error"]["message"]


def test_a_cultural_package_goes_with_number_and_day_of_its_permit(lending: Desk) -> None:
    """002 م4-2 تبصره."""
    title = lending.ask("item.show", item="B1")["title_id"]
    lending.ask("item.add", title_id=title, barcode="B8", flags=["cultural_package"])
    lending.ask("item.add", title_id=title, barcode="B9", flags=["cultural_package"])
    stated = {"reason": "content", "items": ["B8"]}
    for half in ({}, {"permit": "۱۲/۳۴"}, {"permit_on": "1405/06/01"}):
        (line,) = lending.ask("weeding.propose", **stated, **half)["lines"]
        assert [refusal["code"] for refusal in line["refusals"]] == ["weeding.permit_needed"]
    told = lending.ask("weeding.propose", **stated, permit="۱۲/۳۴", permit_on="۱۴۰۵/۰۶/۰۱")
    assert told["outcome"] == "listed"
    told = lending.ask("item.edit", item="B9", permit_no="۱۲/۳۵", permit_on="2026-08-23")
    assert told["changed"] == ["permit_no", "permit_on"]
    assert lending.ask("weeding.propose", reason="content", items=["B9"])["outcome"] == "listed"
    kept = [(row.permit_no, row.permit_on) for row in rows(lending.library, MinutesRow)]
    assert kept == [("۱۲/۳۴", dt.date(2026, 8, 23)), ("۱۲/۳۵", dt.date(2026, 8, 23))]
    assert lending.ask("item.edit", item="B9", permit_on=None)["refusals"][0]["code"] == "field.required"
