import uuid

import pytest

from db.codes import Role
from tests.server.desk.desks import Desk, says_so_in_persian

BOOK = {
    "title": "بوف کور",
    "creators": [{"name": "صادق هدایت"}, {"name": "دی. پی. کاستلو", "role": "translator"}],
    "publisher": "جاویدان",
    "year": 1356,
    "dewey": "8fa3.62",
    "subjects": ["داستان‌های فارسی"],
    "material": "book",
}


def test_a_title_is_added_and_found(desk: Desk) -> None:
    told = desk.ask("title.add", **BOOK)
    assert told["outcome"] == "added"
    for op in ("title.find", "search"):
        (row,) = desk.ask(op, q="بوف هدايت")["rows"]
        assert (row["title_id"], row["creator"], row["copies"]) == (told["title_id"], "صادق هدایت", 0)


def test_the_same_description_again_names_its_twin(desk: Desk) -> None:
    first = desk.ask("title.add", **BOOK)
    assert desk.ask("title.add", **BOOK)["twin"] == first["title_id"]


def test_what_is_wrong_with_a_title_is_told(desk: Desk) -> None:
    told = desk.ask("title.add", title="\u200c ", isbn="123", year=7)
    assert [reason["code"] for reason in told["refusals"]] == ["field.required", "field.invalid", "field.invalid"]
    assert says_so_in_persian(told)


def test_a_copy_gets_number_barcode_and_place_from_the_branch(desk: Desk) -> None:
    title_id = desk.ask("title.add", **BOOK)["title_id"]
    told = desk.ask("item.add", title_id=title_id, price=250_000, source="donation", flags=["core"])
    assert (told["outcome"], told["accession_no"], told["copy_no"]) == ("added", 1, 1)
    shown = desk.ask("item.show", item=told["barcode"])
    assert (shown["item"], shown["status"], shown["price"], shown["flags"]) == (
        told["item"], "available", 250_000, ["core"],
    )  # fmt: skip
    assert (shown["holder"], shown["due"], shown["last_loan"], shown["loan_count"]) == (None, None, None, 0)
    assert shown["call_number"] == told["call_number"]


def test_a_copy_may_bring_its_title_along(desk: Desk) -> None:
    first = desk.ask("item.add", title=BOOK, barcode="B1")
    second = desk.ask("item.add", title=BOOK, barcode="B2", accession_no=1200, accession_date="1380/01/05")
    assert second["title_id"] == first["title_id"]
    assert (second["accession_no"], second["copy_no"]) == (1200, 2)
    assert desk.ask("item.add", title=BOOK)["accession_no"] == 1201


@pytest.mark.parametrize("fields", [{}, {"title_id": str(uuid.uuid4()), "title": BOOK}])
def test_a_copy_has_one_title(desk: Desk, fields: dict[str, object]) -> None:
    assert desk.ask("item.add", **fields)["error"]["field"] == "title_id"


def test_a_copy_of_an_unknown_title_is_not_added(desk: Desk) -> None:
    told = desk.ask("item.add", title_id=str(uuid.uuid4()))
    assert (told["outcome"], told["what"]) == ("not_found", "title")


def test_numbers_in_use_and_garbled_barcodes_are_refused(desk: Desk) -> None:
    desk.ask("item.add", title=BOOK, barcode="B1")
    taken = desk.ask("item.add", title=BOOK, barcode="B1", accession_no=1)
    assert {reason["code"] for reason in taken["refusals"]} == {"item.barcode_taken", "item.accession_taken"}
    for garbled in ("\u202e12", "بارکد", "1,2", ""):
        assert desk.ask("item.add", title=BOOK, barcode=garbled)["refusals"][0]["code"] == "field.invalid"


def test_a_barcode_in_persian_digits_is_the_same_barcode(desk: Desk) -> None:
    assert desk.ask("item.add", title=BOOK, barcode="۱۲۳")["barcode"] == "123"
    assert desk.ask("item.add", title=BOOK, barcode="123")["refusals"][0]["code"] == "item.barcode_taken"


def test_who_holds_a_copy_is_shown_to_those_who_lend(lending: Desk) -> None:
    lending.ask("checkout", member="1001", item="B1")
    shown = lending.ask("item.show", item="B1")
    assert (shown["status"], shown["due"], shown["loan_count"], shown["last_loan"]) == (
        "on_loan", "2026-12-05", 1, "2026-11-21",
    )  # fmt: skip
    assert (shown["holder"]["card"], shown["holder"]["name"]) == ("1001", "علی رضایی")
    to_others = lending.as_role(Role.CATALOGUER).ask("item.show", item="B1")
    assert (to_others["status"], to_others["holder"]) == ("on_loan", None)


def test_search_filters_are_for_a_later_version(desk: Desk) -> None:
    assert desk.ask("search", q="بوف", filters={"material": "book"})["error"]["field"] == "filters"


def test_a_search_gives_as_many_rows_as_asked_for(lending: Desk) -> None:
    for number in range(5):
        lending.ask("title.add", title=f"تاریخ ایران جلد {number}")
    assert len(lending.ask("search", q="تاریخ", limit=3)["rows"]) == 3


@pytest.mark.parametrize("q", ["", "*", '"', "بوف\u0000", "'; DROP TABLE title; --", "\u202e", "a" * 300])
def test_no_query_breaks_the_search(lending: Desk, q: str) -> None:
    assert lending.ask("search", q=q)["outcome"] == "found"
    assert lending.ask("member.find", q=q)["outcome"] == "found"


def test_hostile_text_is_stored_as_text(desk: Desk) -> None:
    for title in ("=1+1", "<img src=/etc/passwd>", "&#x202e;", "'; DROP TABLE title; --"):
        told = desk.ask("item.add", title={"title": f"{title}\u202e\u0007"}, note=title, donor="=cmd|'/C calc'!A0")
        assert desk.ask("item.show", item=told["barcode"])["title"] == title
