import random
from collections import Counter
from pathlib import Path

import pytest

from app.catalogue.importing.columns import Column
from app.catalogue.importing.encodings import Encoding
from app.catalogue.importing.findings import Concern, GoodsKind, Reason, Repair, Warn
from app.catalogue.importing.reader import open_reader
from app.catalogue.importing.record import Good, NotABook, Outcome, Refused, Repaired
from app.catalogue.importing.sniff import FileFormat
from db.codes import Material
from db.trouble import Trouble
from tests.app.catalogue.importing.samples import data_file, marc, marc_file, workbook

LIST = "عنوان,نویسنده,سال نشر,بها\nسووشون,سیمین دانشور,1348,450000\nکلیدر,محمود دولت‌آبادی,1363,\n"


def file(tmp_path: Path, content: str | bytes, name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def titles(outcomes: tuple[Outcome, ...] | list[Outcome]) -> list[str]:
    return [outcome.record.title for outcome in outcomes if isinstance(outcome, Good | Repaired)]


def kinds(outcomes: list[Outcome]) -> Counter[str]:
    return Counter(type(outcome).__name__ for outcome in outcomes)


def test_a_list_is_looked_into_and_then_read(tmp_path: Path) -> None:
    reader = open_reader(file(tmp_path, LIST))
    assert (reader.format, reader.encoding, reader.total) == (FileFormat.CSV, Encoding.UTF_8, 3)
    preview = reader.preview(1)
    assert preview.columns == ("عنوان", "نویسنده", "سال نشر", "بها")
    assert preview.column_map == {
        Column.TITLE: ("عنوان",),
        Column.AUTHOR: ("نویسنده",),
        Column.YEAR: ("سال نشر",),
        Column.PRICE: ("بها",),
    }
    assert titles(preview.outcomes) == ["سووشون"]
    assert preview.warnings == (Warn(Concern.PRICE_UNIT, "بها"),)
    for _ in range(2):
        assert titles(list(reader.outcomes())) == ["سووشون", "کلیدر"]
    assert max(outcome.line for outcome in reader.outcomes()) == reader.total


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_list_is_read_in_any_encoding(tmp_path: Path, codec: str) -> None:
    reader = open_reader(file(tmp_path, LIST.encode(codec)))
    assert reader.columns[0] == "عنوان"
    assert titles(list(reader.outcomes())) == ["سووشون", "کلیدر"]


def test_windows_1256_is_found_or_chosen(tmp_path: Path) -> None:
    content = LIST.replace("ی", "ي").replace("ک", "ك").encode("cp1256")
    path = file(tmp_path, content)
    for encoding in (None, Encoding.CP1256):
        assert titles(list(open_reader(path, encoding=encoding).outcomes())) == ["سووشون", "كليدر"]


def test_an_excel_file_is_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "list.xlsx", [["عنوان", "سال نشر", "ردیف"], ["سووشون", 1348, "=ROW()"], ["=1+1", 1, 2]])
    reader = open_reader(path)
    assert (reader.format, reader.encoding, reader.total) == (FileFormat.XLSX, None, 3)
    book, refused = reader.outcomes()
    assert titles([book]) == ["سووشون"]
    assert isinstance(refused, Refused)
    assert (refused.line, refused.code, refused.raw) == (3, Reason.FORMULA, '["", "1", "2"]')


def test_a_marc_file_is_read(tmp_path: Path) -> None:
    reader = open_reader(file(tmp_path, b"".join(marc_file(5)), "books.mrc"))
    assert (reader.format, reader.total, reader.preview(2).columns) == (FileFormat.MARC21, 5, ())
    assert len(titles(list(reader.outcomes()))) == 5


def test_json_lines_are_read(tmp_path: Path) -> None:
    reader = open_reader(file(tmp_path, '{"title": "کلیدر", "authors": ["الف ب", "پ ت"]}\nx\n', "list.jsonl"))
    book, refused = reader.outcomes()
    assert isinstance(book, Good)
    assert [creator.name for creator in book.record.creators] == ["الف ب", "پ ت"]
    assert isinstance(refused, Refused)
    assert refused.code is Reason.JSON_INVALID


def test_a_person_may_choose_the_columns(tmp_path: Path) -> None:
    path = file(tmp_path, "الف,ب,پ\nسووشون,دانشور,1348\n")
    reader = open_reader(path)
    assert reader.preview(5).warnings == (Warn(Concern.NO_HEADINGS), Warn(Concern.NO_TITLE_COLUMN))
    with pytest.raises(Trouble, match="P-2106"):
        reader.outcomes()
    chosen = open_reader(path, column_map={"title": "ستون ۱", "author": ["ستون ۲"]})
    assert titles(list(chosen.outcomes())) == ["الف", "سووشون"]
    with pytest.raises(Trouble, match="P-2106"):
        open_reader(path, column_map={"title": "عنوان"})


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("list.xlsx", LIST.encode(), "P-2102"),
        ("list.xlsx", b"PK\x03\x04" + bytes(100), "P-2102"),
        ("list.csv", b"", "P-2104"),
        ("list.csv", b"\x93\xfa\x96\x7b\x8c\xea,\x83\x5e\n" * 9, "P-2105"),
        ("list.jsonl", b"{\n{\n", "P-2104"),
    ],
)
def test_a_file_that_cannot_be_read_is_trouble(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    with pytest.raises(Trouble) as trouble:
        open_reader(file(tmp_path, content, name))
    assert trouble.value.code == code


def test_what_is_no_file_is_trouble(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.csv", tmp_path):
        with pytest.raises(Trouble, match="P-2101"):
            open_reader(path)


def test_a_file_that_goes_away_is_trouble(tmp_path: Path) -> None:
    path = file(tmp_path, LIST)
    outcomes = open_reader(path).outcomes()
    path.unlink()
    with pytest.raises(Trouble, match="P-2101"):
        list(outcomes)


def test_a_name_that_differs_from_the_content_is_said(tmp_path: Path) -> None:
    reader = open_reader(file(tmp_path, marc(), "books.csv"))
    assert reader.warnings == (Warn(Concern.NAME_DIFFERS, ".csv", "marc21"),)


def test_mended_rows_say_so(tmp_path: Path) -> None:
    content = LIST.encode() + '"جای خالی,بلقیس سلیمانی,1384,\n'.encode() + b"\xff\xff,\xff,,\n<U+06F1>,,,\n"
    *_, quote, letters, escaped = open_reader(file(tmp_path, content)).outcomes()
    assert isinstance(quote, Repaired)
    assert quote.what == (Repair.QUOTE_UNCLOSED,)
    assert isinstance(letters, Repaired)
    assert letters.what == (Repair.UNREADABLE_LETTERS,)
    assert isinstance(escaped, Repaired)
    assert (escaped.what, escaped.record.title) == ((Repair.ESCAPED_LETTERS,), "۱")


def test_a_title_of_200000_letters_is_cut_with_a_warning(tmp_path: Path) -> None:
    reader = open_reader(file(tmp_path, f'عنوان,ناشر\n"{"ک" * 200_000}",سخن\n'))
    (outcome,) = reader.outcomes()
    assert isinstance(outcome, Good)
    assert outcome.record.title == "ک" * 2_000
    assert [warning.code for warning in outcome.warnings] == [Concern.TEXT_CAPPED]


def test_968_goods_of_a_bookshop_are_893_books_and_75_others() -> None:
    reader = open_reader(data_file("fa_books_30book.jsonl"))
    outcomes = list(reader.outcomes())
    assert kinds(outcomes) == {"Good": 893, "NotABook": 75}
    assert {outcome.kind for outcome in outcomes if isinstance(outcome, NotABook)} == {GoodsKind.GOODS}
    records = [outcome.record for outcome in outcomes if isinstance(outcome, Good)]
    assert Counter(record.material for record in records) == {
        Material.BOOK: 738,
        Material.CHILD_BOOK: 98,
        Material.YOUNG_ADULT_BOOK: 54,
        Material.SCHOOL_AID: 3,
    }
    assert sum(record.isbn is not None for record in records) == 872
    assert all(record.year and record.subjects for record in records)
    assert reader.column_map[Column.SUBJECTS] == ("subject1", "subject2")


def test_26210_titles_are_all_accounted_for() -> None:
    reader = open_reader(data_file("fa_titles_isbn.csv"))
    outcomes = list(reader.outcomes())
    assert len(outcomes) == 26_210
    assert kinds(outcomes) == {"Good": 26_198, "NotABook": 11, "Refused": 1}
    assert [outcome.line for outcome in outcomes] == list(range(2, 26_212))
    assert reader.column_map[Column.ISBN] == ("isbn_raw", "isbn13_valid")
    assert reader.column_map[Column.SUBJECTS] == ("category",)
    isbns = [outcome.record.isbn for outcome in outcomes if isinstance(outcome, Good) and outcome.record.isbn]
    assert len(isbns) == 21_962
    assert not any(isbn.startswith(("978000", "978200", "979964", "979600", "9790")) for isbn in isbns)


def spoilt(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 2, 8))):
        place = chance.randrange(len(content))
        inserted = chance.choice((b'"', b"\x00", b"\xff", b"\r", b"\n", b",", b"\x1e", b"{", b"\\", b"\xe2\x80\xae"))
        cut = chance.choice((0, 0, 1, 30))
        content = content[:place] + inserted + content[place + cut :]
    return content


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("list.csv", LIST.encode() * 4),
        ("list.csv", LIST.encode("utf-16")),
        ("list.csv", LIST.replace(",", "\t").encode("cp1256", "replace")),
        ("list.jsonl", b'{"title": "a", "authors": ["b", "c"], "year": 1380}\n' * 6),
        ("books.mrc", b"".join(marc_file(3))),
    ],
)
def test_a_spoilt_file_is_read_or_is_trouble(tmp_path: Path, name: str, content: bytes) -> None:
    chance = random.Random(11)
    seen = set()
    for _ in range(300):
        path = file(tmp_path, spoilt(content, chance), name)
        try:
            reader = open_reader(path)
            lines = [outcome.line for outcome in reader.outcomes()]
        except Trouble as trouble:
            seen.add(trouble.code)
            continue
        seen.add("read")
        assert lines == sorted(set(lines))
        assert not lines or lines[-1] <= reader.total
    assert "read" in seen
    assert seen <= {"read", "P-2102", "P-2104", "P-2105", "P-2106"}
