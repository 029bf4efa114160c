"""The writing of the demo library: Persian letters, half-spaces and digits as they should be."""

import re
import unicodedata

import pytest

from app.persian.text import clean
from tests.resources.reading import rows, several

ALL_ROWS = [
    (f"{file} {line}", row)
    for file in ("titles.csv", "members.csv", "staff.csv")
    for line, row in enumerate(rows(file), start=2)
]

ZWNJ = "\u200c"
LOOSE_PREFIX = re.compile(r"(?<!\S)(?:می|نمی) (?=[آ-ی])")
LOOSE_PLURAL = re.compile(r"[آ-ی] (?:ها|های|هایی|هایم|هایش)(?![آ-ی])")
MISPLACED_ZWNJ = re.compile(rf"^{ZWNJ}|{ZWNJ}$|{ZWNJ}[^آ-ی]|[^آ-ی]{ZWNJ}")
MOJIBAKE = re.compile("[\u00c0-\u00ff\u0192\ufffd]|\u200e|\u200f|[\u202a-\u202e]")
FOREIGN_LETTER = re.compile("[يكىۀە\u0640٠-٩]")


@pytest.mark.parametrize("wrong", [MOJIBAKE, FOREIGN_LETTER, LOOSE_PREFIX, LOOSE_PLURAL, MISPLACED_ZWNJ])
def test_every_text_is_clean_persian(wrong: re.Pattern[str]) -> None:
    found = [
        (place, cell)
        for place, row in ALL_ROWS
        for column, value in row.items()
        for cell in several(value)
        if column != "isbn" and wrong.search(cell)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (MOJIBAKE, "Ú©ØªØ§Ø¨"),
        (FOREIGN_LETTER, "كتابخانه"),
        (LOOSE_PREFIX, "چراغ‌ها را من خاموش می کنم"),
        (LOOSE_PREFIX, "نمی دانم"),
        (LOOSE_PLURAL, "کتاب های تازه"),
        (MISPLACED_ZWNJ, f"کتاب{ZWNJ} تازه"),
        (MISPLACED_ZWNJ, f"کتاب{ZWNJ}{ZWNJ}ها"),
    ],
)
def test_the_checks_of_the_writing_find_what_they_look_for(wrong: re.Pattern[str], text: str) -> None:
    assert wrong.search(text)


def test_every_text_is_stored_as_the_program_would_store_it() -> None:
    for place, row in ALL_ROWS:
        for value in row.values():
            assert value == clean(value), place
            assert unicodedata.is_normalized("NFC", value), place


def test_persian_texts_have_persian_digits() -> None:
    columns = ("title", "publisher", "subjects", "edition", "note", "address", "restriction_reason")
    assert [place for place, row in ALL_ROWS for name in columns if re.search("[0-9]", row.get(name, ""))] == []
