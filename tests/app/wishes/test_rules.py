"""000 §1-2-الف: readers order books by the criteria of the library."""

import datetime as dt
import uuid

import pytest

from app.wishes.facts import HeldTitle, WishForm, WishLine
from app.wishes.rules import (
    LONGEST_WISH,
    answer_problems,
    answer_words,
    is_same,
    isbns_of,
    title_and_creator,
    wish_problems,
    wish_words,
)
from db.codes import WishState

ISBN = "9789643052454"
BOOK = HeldTitle(uuid.uuid4(), "سووشون", "دانشور، سیمین", "خوارزمی", 1380, None, 2, 1)
GONE = HeldTitle(uuid.uuid4(), "سووشون", None, None, None, None, 0, 0)


def line(state: str = WishState.ASKED, answer: str | None = None) -> WishLine:
    return WishLine(uuid.uuid4(), 1, "سووشون", dt.date(2026, 11, 21), state, answer, None, None, None, None)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        (WishForm("کلیدر"), "کلیدر"),
        (WishForm(" کلیدر ", "محمود دولت‌آبادی", " ", 1386), "کلیدر، محمود دولت‌آبادی، ۱۳۸۶"),
        (WishForm("کلیدر", publisher="فرهنگ معاصر", note="جلد ۳"), "کلیدر، فرهنگ معاصر، جلد ۳"),
        (WishForm("کلیدر", isbn="978-964-305-245-4"), f"کلیدر، شابک {ISBN}"),
    ],
)
def test_a_wish_is_one_line_with_title_and_creator_first(form: WishForm, words: str) -> None:
    assert wish_words(form) == words


def test_a_wish_ends_where_the_store_ends() -> None:
    assert len(wish_words(WishForm("ک" * 900, "ب" * 900))) == LONGEST_WISH


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (WishForm("کلیدر", year=1386, isbn=ISBN), []),
        (WishForm(" ", isbn="978", year=7), ["title", "isbn", "year"]),
    ],
)
def test_every_field_that_is_wrong_is_told(form: WishForm, fields: list[str]) -> None:
    assert [refusal.facts["field"] for refusal in wish_problems(form)] == fields


@pytest.mark.parametrize(
    ("wish", "parts"),
    [
        ("تاریخ جهانگشا، جوینی، هرمس", ("تاریخ جهانگشا", "جوینی")),
        ("تاریخ جهانگشا", ("تاریخ جهانگشا", "")),
        (f"شابک {ISBN}، کلیدر؛ دولت‌آبادی", ("کلیدر", "دولت‌آبادی")),
        (" ، ", ("", "")),
    ],
)
def test_title_and_creator_are_read_from_what_a_reader_wrote(wish: str, parts: tuple[str, str]) -> None:
    assert title_and_creator(wish) == parts


def test_a_code_of_a_bookshop_names_no_book() -> None:
    assert isbns_of(f"کلیدر {ISBN} 9782000000008") == [ISBN]


def test_a_title_is_known_in_any_spelling_and_without_what_follows_its_colon() -> None:
    assert is_same("انسان خردمند", "انسان خردمند: تاریخ مختصر بشر")
    assert is_same("كتاب ها", "کتاب‌ها")
    assert not is_same("انسان", "انسان خردمند")
    assert not is_same("،", "")


@pytest.mark.parametrize(
    ("state", "answer", "note", "title", "codes"),
    [
        (WishState.ASKED, WishState.PLANNED, "", None, []),
        (WishState.PLANNED, WishState.BOUGHT, "", BOOK, []),
        (WishState.ASKED, WishState.HELD, "", BOOK, []),
        (WishState.ASKED, WishState.REFUSED, "تکراری", None, []),
        (WishState.ASKED, WishState.REFUSED, "", None, ["reason.required"]),
        (WishState.ASKED, WishState.BOUGHT, "", None, ["field.required"]),
        (WishState.ASKED, WishState.HELD, "", GONE, ["wish.no_copy"]),
        (WishState.ASKED, WishState.ASKED, "", None, ["field.invalid"]),
        (WishState.REFUSED, WishState.PLANNED, "", None, ["wish.answered"]),
        ("of a newer version", WishState.PLANNED, "", None, ["wish.answered"]),
    ],
)
def test_what_speaks_against_an_answer(
    state: str, answer: WishState, note: str, title: HeldTitle | None, codes: list[str]
) -> None:
    assert [refusal.code for refusal in answer_problems(line(state), answer, note, title)] == codes


@pytest.mark.parametrize(
    ("answer", "note", "title", "words"),
    [
        (WishState.PLANNED, "", None, "خریداری می‌شود."),
        (WishState.PLANNED, "تا نوروز", None, "خریداری می‌شود. تا نوروز"),
        (WishState.BOUGHT, "", BOOK, "خریداری و در کتابخانه ثبت شد: «سووشون»، دانشور، سیمین."),
        (WishState.REFUSED, "کتاب آزمون خریداری نمی‌شود.", None, "خریداری نمی‌شود. کتاب آزمون خریداری نمی‌شود."),
        (WishState.HELD, "", BOOK, "کتابخانه این کتاب را دارد: «سووشون»، دانشور، سیمین."),
    ],
)
def test_the_reader_reads_the_answer_in_words(
    answer: WishState, note: str, title: HeldTitle | None, words: str
) -> None:
    assert answer_words(answer, note, title) == words
