from pathlib import Path

import pytest

from app.catalogue.importing.csv_cells import Dialect
from app.catalogue.importing.csv_reader import dialect_of, open_csv
from app.catalogue.importing.encodings import Encoding
from app.catalogue.importing.findings import Concern, Warn
from app.catalogue.importing.table import Table


def table(tmp_path: Path, text: str) -> Table:
    path = tmp_path / "list.csv"
    path.write_bytes(text.encode())
    return open_csv(path, Encoding.UTF_8)


@pytest.mark.parametrize(
    ("lines", "dialect"),
    [
        (["عنوان,ناشر", "الف,ب"], Dialect(",", 2)),
        (["عنوان;ناشر", "الف, ب, ج, د;ه"], Dialect(";", 2)),
        (["عنوان\tناشر\tسال", "الف, ب\tپ\t1390"], Dialect("\t", 3)),
        (["sep=|", "a|b,c", "d|e"], Dialect("|", 2)),
        (["عنوان", "الف"], Dialect(",", 1)),
        ([], Dialect(",", 1)),
    ],
)
def test_the_delimiter_is_found(lines: list[str], dialect: Dialect) -> None:
    assert dialect_of(lines) == dialect


def test_rows_come_by_heading_and_blank_lines_are_no_rows(tmp_path: Path) -> None:
    found = table(tmp_path, "عنوان,ناشر\n\nسووشون,خوارزمی\n,,\nکلیدر,\n")
    assert found.columns == ("عنوان", "ناشر")
    assert found.total == 5
    assert [(row.number, dict(row.values)) for row in found.rows()] == [
        (3, {"عنوان": ("سووشون",), "ناشر": ("خوارزمی",)}),
        (5, {"عنوان": ("کلیدر",)}),
    ]


def test_lines_above_the_headings_are_marked(tmp_path: Path) -> None:
    found = table(tmp_path, "فهرست کتابخانه,,\nتاریخ: ۱۴۰۴,,\nردیف,عنوان,ناشر\n1,سووشون,خوارزمی\n")
    assert found.columns == ("ردیف", "عنوان", "ناشر")
    assert [(row.number, row.preamble) for row in found.rows()] == [(1, True), (2, True), (4, False)]


def test_the_title_alone_makes_headings_where_no_row_names_more(tmp_path: Path) -> None:
    assert table(tmp_path, "کد,عنوان,رنگ\n1,سووشون,آبی\n").columns == ("کد", "عنوان", "رنگ")
    assert table(tmp_path, "عنوان\nنام,ناشر\nسووشون,سخن\n").columns == ("عنوان",)
    assert table(tmp_path, "عنوان فهرست,\nعنوان,\nعنوان,ناشر\n").columns == ("عنوان", "ناشر")
    assert table(tmp_path, "سووشون,کتاب\nکلیدر,کتاب\n").columns == ("ستون ۱", "ستون ۲")


def test_a_file_without_headings_numbers_its_columns(tmp_path: Path) -> None:
    found = table(tmp_path, "سووشون,دانشور\nکلیدر,دولت‌آبادی\n")
    assert found.columns == ("ستون ۱", "ستون ۲")
    assert found.warnings == (Warn(Concern.NO_HEADINGS),)
    assert [row.values["ستون ۱"] for row in found.rows()] == [("سووشون",), ("کلیدر",)]


def test_doubled_and_empty_headings_are_told_apart(tmp_path: Path) -> None:
    found = table(tmp_path, "عنوان,عنوان,,عنوان (۲),ناشر\n")
    assert found.columns == ("عنوان", "عنوان (۲)", "ستون ۳", "عنوان (۲) (۴)", "ناشر")


def test_cells_beyond_the_headings_are_named(tmp_path: Path) -> None:
    (row,) = table(tmp_path, "عنوان,ناشر\nتاریخ, جلد دوم,سخن,\n").rows()
    assert row.unnamed == ("ستون ۳",)
    assert row.values["ستون ۳"] == ("سخن",)


def test_the_hint_of_excel_is_no_row(tmp_path: Path) -> None:
    found = table(tmp_path, "sep=;\nعنوان;ناشر\nسووشون;خوارزمی\n")
    assert found.columns == ("عنوان", "ناشر")
    assert [row.number for row in found.rows()] == [3]
