"""What a reminder says, and how long an SMS may be (70 letters, 67 a part: GSM 03.38 with UCS-2)."""

import datetime as dt

import pytest

from app.notices.texts import Blanks, letter_text, phone_words, sms_parts, sms_text, templates, titles_words
from db.codes import NoticeKind
from tests.persian_words import faults

DAY = dt.date(2026, 12, 5)
LONG = "از پاریز تا پاریس: هفت شهر، هفت جوش، هفت رنگ و داستان‌های دیگر از سفرهای دور و دراز"


def blanks(*titles: str) -> Blanks:
    return Blanks("کتابخانه عمومی شهید بهشتی", "086-3456-7890", titles, DAY, 12)


@pytest.mark.parametrize(("letters", "parts"), [(0, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)])
def test_parts_are_counted_as_a_provider_does(letters: int, parts: int) -> None:
    assert sms_parts("ب" * letters) == parts


def test_every_kind_has_its_words() -> None:
    assert set(templates()) == set(NoticeKind)
    assert [fault for words in templates().values() for fault in faults(words.letter)] == []


@pytest.mark.parametrize("kind", list(NoticeKind))
@pytest.mark.parametrize("titles", [("بوف کور",), (LONG,), (LONG,) * 2, (LONG,) * 7], ids=["1", "long", "2", "7"])
def test_an_sms_is_never_longer_than_is_paid_for(kind: NoticeKind, titles: tuple[str, ...]) -> None:
    text = sms_text(kind, blanks(*titles), 2)
    assert sms_parts(text) <= 2
    assert "{" not in text


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (("بوف کور",), "«بوف کور»"),
        (("بوف کور", "سووشون"), "«بوف کور» و «سووشون»"),
        (("الف", "ب", "ج"), "«الف»، «ب» و «ج»"),
        (("الف", "ب", "ج", "د", "ه"), "«الف»، «ب»، «ج» و ۲ کتاب دیگر"),
        ((), "۰ کتاب"),
    ],
)
def test_titles_are_told_and_the_rest_is_counted(titles: tuple[str, ...], expected: str) -> None:
    assert titles_words(titles) == expected


def test_a_short_message_tells_titles_dates_and_telephone() -> None:
    text = sms_text(NoticeKind.OVERDUE_1, blanks("بوف کور"), 3)
    assert "«بوف کور»" in text
    assert "۱۴ آذر" in text
    assert "۰۸۶" in text


def test_a_library_without_a_telephone_leaves_no_gap() -> None:
    text = sms_text(NoticeKind.DUE_SOON, Blanks("کتابخانه", None, ("بوف کور",), DAY), 2)
    assert phone_words(None) == ""
    assert not text.endswith(" ")
    assert "تلفن" not in text


def test_a_letter_has_a_paragraph_of_its_own() -> None:
    assert letter_text(NoticeKind.OVERDUE_3) != letter_text(NoticeKind.OVERDUE_1)
