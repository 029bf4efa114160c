import csv
import io
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.catalogue.importing.csv_cells import LONGEST_CELL, MOST_CELLS, Dialect, rows
from app.catalogue.importing.encodings import TextLine
from app.catalogue.importing.findings import Repair
from app.catalogue.importing.table import Line

COMMA = Dialect(",", 3)


def read(text: str, dialect: Dialect = COMMA) -> list[Line]:
    lines = (TextLine(number, line) for number, line in enumerate(text.split("\n"), 1))
    return list(rows(lines, dialect))


def cells(text: str, dialect: Dialect = COMMA) -> list[list[str]]:
    return [list(line.cells) for line in read(text, dialect)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b,c", [["a", "b", "c"]]),
        ("a,,", [["a", "", ""]]),
        ('"a, b",c', [["a, b", "c"]]),
        ('"a ""b""",c', [['a "b"', "c"]]),
        ('"",c', [["", "c"]]),
        ('"a\nb",c', [["a\nb", "c"]]),
        ('"a\n\n""b""\n",c\nd,e', [['a\n\n"b"\n', "c"], ["d", "e"]]),
        ('5" disk,c', [['5" disk', "c"]]),
        ('"a "b" c",d', [['a "b" c', "d"]]),
        ('"a" ,b', [["a", "b"]]),
    ],
)
def test_quoted_cells_are_read(text: str, expected: list[list[str]]) -> None:
    assert cells(text) == expected
    assert not any(line.repairs for line in read(text))


def test_an_unclosed_quotation_mark_costs_its_own_line_only() -> None:
    text = 'a,b,c\n"d,e,f\ng,h,i\n"j",k,l'
    assert cells(text) == [["a", "b", "c"], ['"d', "e", "f"], ["g", "h", "i"], ["j", "k", "l"]]
    assert [line.repairs for line in read(text)] == [(), (Repair.QUOTE_UNCLOSED,), (), ()]


def test_an_unclosed_quotation_mark_does_not_swallow_the_row_whose_quotation_mark_would_close_it() -> None:
    text = '"d,e,f\n"g",h,i'
    assert cells(text) == [['"d', "e", "f"], ["g", "h", "i"]]


def test_a_quoted_cell_ends_after_fifty_lines_at_most() -> None:
    long = '"' + "\n" * (LONGEST_CELL - 1) + '",b,c'
    assert len(read(long)) == 1
    assert len(read("\n" + '"' + "\n" * LONGEST_CELL + '",b,c')) == LONGEST_CELL + 2


def test_a_row_of_half_a_million_cells_is_one_row_of_few() -> None:
    for text in ("," * 500_000, '"a",' * 500_000, '"a,' * 500_000):
        (line,) = read(text)
        assert len(line.cells) == MOST_CELLS + 1


def test_a_cell_of_200000_letters_is_read_whole() -> None:
    assert cells(f'"{"ک" * 200_000}",b') == [["ک" * 200_000, "b"]]


def test_damaged_bytes_are_kept_with_the_row() -> None:
    lines = [TextLine(1, '"a\ufffd', b'"a\xff'), TextLine(2, 'ب",c')]
    (line,) = rows(lines, COMMA)
    assert line.raw == b'"a\xff\n' + 'ب",c'.encode()
    assert line.repairs == (Repair.UNREADABLE_LETTERS,)


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=12)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.lists(TEXTS, min_size=4, max_size=4), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_what_the_csv_module_writes_is_read_as_it_reads_it(table: list[list[str]], delimiter: str) -> None:
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows(table)
    text = written.getvalue().removesuffix("\n")
    expected = list(csv.reader(io.StringIO(written.getvalue(), newline=""), delimiter=delimiter))
    # Rows whose cells hold rows of their own are taken apart on purpose: that is what an unclosed mark looks like.
    if not any(line.count(delimiter) >= 3 for row in table for cell in row for line in cell.split("\n")):
        assert cells(text, Dialect(delimiter, 4)) == expected


def test_every_line_belongs_to_one_row_whatever_the_quotation_marks() -> None:
    chance = random.Random(7)
    for _ in range(300):
        text = "\n".join("".join(chance.choices('a",\n ', k=chance.randrange(30))) for _ in range(20))
        read_rows = read(text)
        assert "\n".join(str(line.raw) for line in read_rows) == text
