from pathlib import Path

import pytest

from app.catalogue.importing.columns import Column, chosen_map, column_of, guess_map
from db.trouble import Trouble


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("عنوان", Column.TITLE),
        ("نام كتاب", Column.TITLE),
        ("Title", Column.TITLE),
        ("نویسنده (پدیدآور)", Column.AUTHOR),
        ("مؤلف", Column.AUTHOR),
        ("پديدآور", Column.CREATORS),
        ("سال نشر", Column.YEAR),
        ("publication_year", Column.YEAR),
        ("شابک (ISBN)", Column.ISBN),
        ("رده", Column.DEWEY),
        ("رده‌بندی دیویی", Column.DEWEY),
        ("شماره ثبت", Column.ACCESSION_NO),
        ("بارکد", Column.BARCODE),
        ("باركد", Column.BARCODE),
        ("قیمت (ریال)", Column.PRICE),
        ("موضوع ۲", Column.SUBJECTS),
        ("subject1", Column.SUBJECTS),
        ("\u200fناشر ", Column.PUBLISHER),
        ("ردیف", None),
        ("", None),
        ("سال ۲", None),
        ("(" * 100_000, None),
    ],
)
def test_a_heading_names_its_field(heading: str, column: Column | None) -> None:
    assert column_of(heading) is column


def test_the_second_column_of_a_field_with_one_value_is_left_for_the_extras() -> None:
    guessed = guess_map(["عنوان", "نام کتاب", "موضوع ۱", "موضوع ۲", "ردیف"])
    assert guessed == {Column.TITLE: ("عنوان",), Column.SUBJECTS: ("موضوع ۱", "موضوع ۲")}


def test_a_chosen_map_names_fields_and_columns_of_the_file() -> None:
    columns, path = ("الف", "ب"), Path("list.csv")
    checked = chosen_map({"title": "الف", "subjects": ["ب"]}, columns, path)
    assert checked == {Column.TITLE: ("الف",), Column.SUBJECTS: ("ب",)}
    for wrong in ({"title": "ج"}, {"colour": "الف"}):
        with pytest.raises(Trouble, match="P-2106"):
            chosen_map(wrong, columns, path)


def test_a_status_is_that_of_a_copy_only_beside_its_number() -> None:
    """A shop's «وضعیت: ناموجود» says nothing of a copy here."""
    assert Column.STATUS not in guess_map(["عنوان", "وضعیت"])
    for number in ("شماره ثبت", "بارکد"):
        assert guess_map(["عنوان", number, "وضعیت"])[Column.STATUS] == ("وضعیت",)
