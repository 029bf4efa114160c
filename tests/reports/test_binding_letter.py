"""The letter of a binding request on paper (002 م13-4)."""

import dataclasses
import datetime as dt

import pytest

from app.binding.letter import CoverLetter
from reports.binding_letter import print_cover_letter
from reports.preview import page_count
from tests.reports.branches import BRANCH
from tests.reports.reading import missing, raw_text, squeezed

LETTER = CoverLetter(
    BRANCH, "1405/3", dt.date(2026, 11, 21), 47, 2, "۱۴۰۵/ص/۸۸", dt.date(2026, 11, 23), "پریسا نوری"
)  # fmt: skip


def test_it_goes_to_the_head_of_the_county_with_form_day_and_copies() -> None:
    pdf = print_cover_letter(LETTER)
    wanted = [
        "درخواست صحافی منابع", "رئیس محترم", "کتابخانه‌های عمومی شهرستان اراک", "شهید بهشتی", "۱۴۰۵/ص/۸۸", "۱۴۰۵/۰۹/۰۲",
        "۴۷ نسخه", "فرم شماره یک", "۱۴۰۵/۳ و تاریخ ۳۰ آبان ۱۴۰۵", "۲ صفحه", "کل استان مرکزی", "برون‌سپاری",
        "مسئول کتابخانه پریسا نوری",
    ]  # fmt: skip
    assert missing(wanted, raw_text(pdf, "-raw")) == []
    assert page_count(pdf) == 1
    assert pdf == print_cover_letter(LETTER)


def test_what_was_not_noted_yet_is_written_in_by_hand() -> None:
    text = raw_text(print_cover_letter(dataclasses.replace(LETTER, letter_no=None, letter_on=None)), "-raw")
    assert squeezed(text).count("." * 16) == 2
    assert missing(["۱۴۰۵/ص/۸۸", "۱۴۰۵/۰۹/۰۲"], text) == ["۱۴۰۵/ص/۸۸", "۱۴۰۵/۰۹/۰۲"]
    assert "...." not in squeezed(raw_text(print_cover_letter(LETTER), "-raw"))


@pytest.mark.parametrize("name", ["", "م" * 120, "Ali (Reza) <b>", "=1+1"])
def test_any_name_is_printed_as_text(name: str) -> None:
    assert page_count(print_cover_letter(dataclasses.replace(LETTER, signer=name, letter_no=name or None))) == 1
