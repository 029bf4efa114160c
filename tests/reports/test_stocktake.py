"""Minutes of a shelf-reading on paper and in Excel."""

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app.circulation.outcomes import OfOtherBranch
from app.library import Library
from app.papers import Printed
from app.stocktake.closing import draft, preview
from app.stocktake.facts import IsbnInstead
from app.stocktake.paper import StocktakePaper
from app.stocktake.scanning import note
from db.codes import Condition, ItemStatus
from reports.stocktake import DRAFT, belongs_words, parts, print_stocktake, range_words, stranger_words
from tests import library as lib
from tests.app.stocktake.shelves import begun, book, codes, put, read_all, shelf
from tests.reports.reading import missing, raw_text


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = lib.found(tmp_path)
    with library.store:
        yield library


@pytest.fixture
def paper(library: Library) -> StocktakePaper:
    copies = shelf(library, 12)
    put(library, copies[2], ItemStatus.MISSING)
    put(library, copies[3], ItemStatus.WEEDED_WORN)
    put(library, copies[4], ItemStatus.IN_TRANSIT)
    session = begun(library, "100", "199")
    book(library, 250)
    read_all(library, session, [*codes(100, 101, 102, 103, 104, 109, 105, 106, 250), "X-12"])
    note(library, session, Condition.UNBINDABLE, lib.act(library))
    reckoning = preview(library, session)
    assert reckoning is not None
    return StocktakePaper("کتابخانهٔ ما", "اراک", "آبگرم", lib.TODAY, "1405/7", "زهرا کریمی", reckoning)


@pytest.fixture
def printed(paper: StocktakePaper) -> Printed:
    return print_stocktake(paper)


def test_the_paper_says_number_range_and_every_list_in_reading_order(printed: Printed) -> None:
    wanted = (
        "صورتجلسهٔ رف‌خوانی", "۱۴۰۵/۷", "محدوده", "۱۹۹", "۱۰۰ فلسفه و روان‌شناسی", "مفقود — ۴ نسخه",
        "جابه‌جا — ۱ نسخه", "پیداشده — ۱ نسخه", "ثبت‌شده در وجین — ۱ نسخه", "از قفسه‌ای دیگر — ۱ نسخه",
        "صحافی‌ناپذیر — ۱ نسخه", "X-۱۲", "مسئول کتابخانه", "زهرا کریمی",
    )  # fmt: skip
    told = raw_text(printed.pdf)
    assert missing(wanted, told) == []
    assert missing((DRAFT,), told) == [DRAFT]


def test_the_sheet_holds_every_line_with_what_was_found(printed: Printed) -> None:
    sheet = load_workbook(io.BytesIO(printed.xlsx)).worksheets[0]
    assert sheet.sheet_view.rightToLeft
    found = [str(row[0].value) for row in sheet.iter_rows(min_row=3)]
    assert found.count("مفقود") == 4
    assert found.count("جابه‌جا") == 1
    assert found[-1] == "ناشناخته"


def test_equal_facts_make_equal_bytes(paper: StocktakePaper, printed: Printed) -> None:
    assert print_stocktake(paper) == printed


def test_a_draft_says_that_nothing_was_done(library: Library) -> None:
    shelf(library, 2)
    made = draft(library, begun(library), print_stocktake, lib.act(library))
    assert made is not None
    assert missing((DRAFT,), raw_text(made.pdf)) == []


def test_many_missing_copies_take_as_many_pages_as_they_need(library: Library) -> None:
    shelf(library, 120)
    made = draft(library, begun(library), print_stocktake, lib.act(library))
    assert made is not None
    assert made.pages > 3


def test_a_range_and_a_place_are_said_in_words(library: Library, paper: StocktakePaper) -> None:
    assert range_words(paper.reckoning.session) == "از ۱۰۰ تا ۱۹۹"
    assert belongs_words(None) == ""
    [misplaced] = paper.reckoning.misplaced
    assert belongs_words(misplaced.belongs).startswith("میان «کتاب 108")


def test_the_minutes_say_what_was_done_about_each_copy_and_a_draft_what_would_be(library: Library) -> None:
    weeded, lent, left, _ = copies = shelf(library, 4)
    put(library, weeded, ItemStatus.WEEDED_WORN)
    for copy in (lent, left):
        lib.lend(library, lib.add_member(library), copy)
    session = begun(library)
    read_all(library, session, [copy.barcode for copy in copies])
    reckoning = preview(library, session)
    assert reckoning is not None
    restored = frozenset({weeded.id, lent.id})
    draft_ = StocktakePaper("کتابخانهٔ ما", "اراک", "آبگرم", lib.TODAY, None, "زهرا کریمی", reckoning, restored)
    done = replace(draft_, number="1405/7")
    for paper, wanted in (
        (draft_, ("وجین فرسوده است؛ موجود می‌شود", "در امانت است؛ بازگشت آن ثبت می‌شود", "در امانت می‌ماند")),
        (done, ("وجین فرسوده بود؛ موجود شد", "در امانت بود؛ بازگشت آن ثبت شد", "در امانت می‌ماند")),
    ):
        told = [said for part in parts(paper) for _, said in part.rows]
        assert [words for words in wanted if words not in told] == []
        sheet = load_workbook(io.BytesIO(print_stocktake(paper).xlsx)).worksheets[0]
        assert {str(row[-1].value) for row in sheet.iter_rows(min_row=3)} == set(wanted)


def test_what_a_strange_code_is_stands_beside_it(library: Library) -> None:
    shelf(library, 1)
    member = lib.add_member(library)
    session = begun(library)
    read_all(library, session, ["B-100", member.card, "9789643510657", "X-9"])
    made = draft(library, session, print_stocktake, lib.act(library))
    assert made is not None
    wanted = ("کدهای ناشناخته — ۳", "کارت عضویت است", "شابک کتابی است که ثبت نشده است", "دانسته نیست")
    assert missing(wanted, raw_text(made.pdf)) == []
    branch, isbn = OfOtherBranch("M-1", "کتابخانه میبد", "سفرنامه"), IsbnInstead("978", "بوستان", (12, 13))
    assert stranger_words(branch) == "از آنِ کتابخانه میبد: سفرنامه"
    assert stranger_words(isbn) == "شابک «بوستان» است، نه برچسب نسخه (شمارهٔ ثبت: ۱۲، ۱۳)"
