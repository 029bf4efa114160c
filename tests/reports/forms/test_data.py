import dataclasses
import datetime as dt

import pytest

from reports.forms.data import FormRow, cell_text, with_persian_digits
from reports.forms.spec import Fact, FormKind
from tests.reports.forms.samples import form_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [("00123", "۰۰۱۲۳"), ("B0020001", "B0020001"), ("QA76/7", "QA76/7"), ("روستای 22 بهمن", "روستای ۲۲ بهمن")],
)
def test_numbers_are_persian_but_codes_with_latin_letters_are_not(text: str, expected: str) -> None:
    assert with_persian_digits(text) == expected


def test_a_title_stays_as_it_was_typed() -> None:
    assert cell_text(FormRow("تاریخ 2 (Windows 10)"), Fact.TITLE) == "تاریخ 2 (Windows 10)"


def test_the_accession_date_is_jalali() -> None:
    assert cell_text(FormRow("عنوان", accession_date=dt.date(2025, 12, 11)), Fact.ACCESSION_DATE) == "۱۴۰۴/۰۹/۲۰"
    assert cell_text(FormRow("عنوان"), Fact.ACCESSION_DATE) == ""


@pytest.mark.parametrize("name", ["شهید بهشتی", "کتابخانه عمومی شهید بهشتی", " کتابخانهٔ عمومی شهید بهشتی"])
def test_the_words_the_form_prints_are_not_said_twice(name: str) -> None:
    form = dataclasses.replace(form_of(FormKind.BINDING, 1), library=name)
    assert form.library_name() == "شهید بهشتی"
    assert form.closing_sentence().count("کتابخانه عمومی") == 1


def test_the_sentence_counts_the_rows_unless_told_otherwise() -> None:
    form = form_of(FormKind.WEEDING_CONTENT, 12)
    assert "تعداد ۱۲ نسخه" in form.closing_sentence()
    assert "تعداد ۹ نسخه" in dataclasses.replace(form, count=9).closing_sentence()
    assert "تعداد ۰ نسخه" in dataclasses.replace(form, count=0).closing_sentence()


def test_the_revision_is_named_from_the_second_on() -> None:
    form = form_of(FormKind.WEEDING_CONTENT, 1)
    assert form.number_text() == "شماره: ۱۴۰۴/۱۲"
    assert dataclasses.replace(form, revision=2).number_text() == "شماره: ۱۴۰۴/۱۲ (ویراست ۲)"
    assert dataclasses.replace(form, number=None).number_text() == ""


def test_the_sentence_counts_only_the_rows_that_stand() -> None:
    """002 م7-11: what was refused goes back to the shelf."""
    form = form_of(FormKind.WEEDING_WORN, 4)
    struck = dataclasses.replace(form.rows[1], struck=True)
    assert "تعداد ۳ نسخه" in dataclasses.replace(form, rows=(form.rows[0], struck, *form.rows[2:])).closing_sentence()


@pytest.mark.parametrize(
    ("revision", "guideline", "expected"),
    [
        (1, "", ""),
        (1, "ویراست 1، پیش‌نویس", "دستورالعمل ویراست ۱، پیش‌نویس"),
        (2, "ویراست ۱، پیش‌نویس", "ویراست ۲ صورتجلسه · دستورالعمل ویراست ۱، پیش‌نویس"),
    ],
)
def test_the_foot_says_by_what_editions_may_differ(revision: int, guideline: str, expected: str) -> None:
    form = dataclasses.replace(form_of(FormKind.WEEDING_WORN, 1), revision=revision, guideline=guideline)
    assert form.edition_text() == expected


@pytest.mark.parametrize(("ruling", "expected"), [("", "حذف شد"), ("رد: نیاز مراجعان", "حذف شد؛ رد: نیاز مراجعان")])
def test_a_struck_row_says_so_in_the_experts_column(ruling: str, expected: str) -> None:
    assert cell_text(FormRow("عنوان", ruling=ruling, struck=True), Fact.RULING) == expected
    assert cell_text(FormRow("عنوان", ruling=ruling), Fact.RULING) == ruling
