"""Finding titles as readers type them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.form import Creator, TitleForm
from app.catalogue.queries import search_titles, title_row
from app.library import Library
from db.codes import CreatorRole, ItemStatus
from db.models.items import Item
from tests.library import a_title, add_copy, add_member, change, found, lend

BOOKS = (
    TitleForm(
        "روان‌شناسی رشد", (Creator("برک، لورا"), Creator("سیدمحمدی، یحیی", CreatorRole.TRANSLATOR)),
        publisher="ارسباران", year=1398, isbn="9789646184619", subjects=("روان‌شناسی کودک",), series="درس‌نامه‌ها",
    ),
    TitleForm("کتاب‌های آسمانی", (Creator("مطهری، مرتضی"),), publisher="صدرا", subjects=("قرآن -- تفسیر",)),
    TitleForm("آیین زندگی", (Creator("کارنگی، دیل"),), publisher="پیکان", subtitle="راه و رسم دوست‌یابی"),
    TitleForm("مسائل فیزیک ۲", (Creator("هالیدی، دیوید"),), publisher="فاطمی"),
)  # fmt: skip


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        for book in BOOKS:
            add_copy(library, book)
        yield library


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """The same books for all tests that only read."""
    library = found(tmp_path_factory.mktemp("shelf"))
    with library.store:
        for book in BOOKS:
            add_copy(library, book)
        yield library


def titles(library: Library, query: str, limit: int = 20) -> list[str]:
    with library.store.read() as reader:
        return [hit.title for hit in search_titles(reader, query, limit, "sqlite")]


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("روان‌شناسی رشد", "روان‌شناسی رشد"),
        ("روانشناسی", "روان‌شناسی رشد"),
        ("روان شناسی", "روان‌شناسی رشد"),
        ("روانشناسي", "روان‌شناسی رشد"),
        ("رشد روان", "روان‌شناسی رشد"),
        ("روانش", "روان‌شناسی رشد"),
        ("برک", "روان‌شناسی رشد"),
        ("لورا برک", "روان‌شناسی رشد"),
        ("سید محمدی", "روان‌شناسی رشد"),
        ("سيدمحمدي", "روان‌شناسی رشد"),
        ("ارسباران", "روان‌شناسی رشد"),
        ("درسنامه", "روان‌شناسی رشد"),
        ("کودک رشد", "روان‌شناسی رشد"),
        ("978-964-6184-61-9", "روان‌شناسی رشد"),
        ("۹۷۸۹۶۴۶۱۸۴۶۱۹", "روان‌شناسی رشد"),
        ("964-6184-61-8", "روان‌شناسی رشد"),
        ("9789646184619", "روان‌شناسی رشد"),
        ("کتابهای آسمانی", "کتاب‌های آسمانی"),
        ("كتاب هاي آسماني", "کتاب‌های آسمانی"),
        ("کتاب‌های اسمانی", "کتاب‌های آسمانی"),
        ("مطهرى", "کتاب‌های آسمانی"),
        ("قران", "کتاب‌های آسمانی"),
        ("تفسیر", "کتاب‌های آسمانی"),
        ("آئین زندگی", "آیین زندگی"),
        ("ايين زندگي", "آیین زندگی"),
        ("دوست یابی", "آیین زندگی"),
        ("فیزیک 2", "مسائل فیزیک ۲"),
        ("فیزیک ٢", "مسائل فیزیک ۲"),
        ("مسایل فیزیک", "مسائل فیزیک ۲"),
        ("  مسائل   فیزیک ", "مسائل فیزیک ۲"),
    ],
)
def test_a_title_is_found_by_any_spelling_of_any_of_its_words(shelf: Library, query: str, title: str) -> None:
    assert titles(shelf, query) == [title]


@pytest.mark.parametrize(
    "query",
    [
        "",
        " ",
        "\u200c",
        "!!",
        "شیمی",
        "روان شیمی",
        '"',
        "(",
        "NOT",
        "AND OR",
        "روان*شیمی",
        "NEAR(",
        "words:x",
        "\x00",
        "ا" * 5_000,
    ],
)
def test_what_no_title_holds_finds_nothing(shelf: Library, query: str) -> None:
    assert titles(shelf, query) == []


def test_titles_that_begin_with_the_query_come_first(library: Library) -> None:
    add_copy(library, "خاطرات زندگی")
    add_copy(library, "زندگی")
    add_copy(library, "زندگی‌نامه")
    assert titles(library, "زندگی")[:2] == ["زندگی", "زندگی‌نامه"]
    assert set(titles(library, "زندگی")) == {"زندگی", "زندگی‌نامه", "خاطرات زندگی", "آیین زندگی"}
    assert len(titles(library, "زندگی", limit=1)) == 1


def test_an_unknown_isbn_is_searched_as_a_word(library: Library) -> None:
    add_copy(library, "شابک 9789644453106")
    assert titles(library, "9789644453106") == ["شابک 9789644453106"]


def test_a_row_counts_copies_and_those_on_the_shelf(library: Library) -> None:
    first = add_copy(library, a_title("بوستان"))
    copies = [first, *(add_copy(library, first.title_id) for _ in range(3))]
    lend(library, add_member(library), copies[0])
    change(library, Item, copies[1].id, status=ItemStatus.MISSING)
    with library.store.read() as reader:
        told = title_row(reader, first.title_id)
    assert told is not None
    assert (told.title, told.copies, told.available) == ("بوستان", 4, 2)
