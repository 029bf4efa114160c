import datetime as dt
import random
from pathlib import Path

import openpyxl
import pytest

from app.catalogue.importing.findings import Concern, Warn
from app.catalogue.importing.table import Table
from app.catalogue.importing.xlsx_guard import MOST_ROWS
from app.catalogue.importing.xlsx_reader import open_xlsx
from db.trouble import Trouble
from tests.app.catalogue.importing.samples import repacked, sheet_xml, workbook


def texts(table: Table) -> list[dict[str, str]]:
    return [{name: value for name, (value,) in row.values.items()} for row in table.rows()]


def test_cells_of_all_kinds_become_texts(tmp_path: Path) -> None:
    headings = ["عنوان", "سال نشر", "شابک", "قیمت", "تاریخ ثبت", "امانی"]
    rows: list[list[object]] = [
        ["فهرست کتاب‌ها"],
        [],
        [*headings],
        ["سووشون", 1348, 9789644170119, 450000.5, dt.date(2024, 3, 20), True],
    ]
    table = open_xlsx(workbook(tmp_path / "list.xlsx", rows))
    assert table.columns == tuple(headings)
    preamble, book = table.rows()
    assert (preamble.number, preamble.preamble) == (1, True)
    assert (book.number, [value for (value,) in book.values.values()]) == (
        4,
        ["سووشون", "1348", "9789644170119", "450000.5", "2024-03-20", "True"],
    )
    assert book.raw == '["سووشون", "1348", "9789644170119", "450000.5", "2024-03-20", "True"]'


def test_rows_keep_their_place_in_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["C4"], sheet["C5"], sheet["C9"] = "عنوان", "سووشون", "=1+1"
    book.save(path)
    first, last = open_xlsx(path).rows()
    assert (first.number, dict(first.values), first.formulas) == (5, {"عنوان": ("سووشون",)}, frozenset())
    assert (last.number, last.formulas) == (9, frozenset({"عنوان"}))


def test_the_visible_sheet_with_headings_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = openpyxl.Workbook()
    cover = book.active
    assert cover is not None
    cover.title = "جلد"
    cover.append(["کتابخانه عمومی"])
    hidden = book.create_sheet("پنهان")
    hidden.sheet_state = "hidden"
    hidden.append(["عنوان", "ناشر"])
    book.create_sheet("خالی")
    books = book.create_sheet("کتاب")
    books.append(["عنوان", "ناشر"])
    books.append(["سووشون", "خوارزمی"])
    book.save(path)
    table = open_xlsx(path)
    assert texts(table) == [{"عنوان": "سووشون", "ناشر": "خوارزمی"}]
    assert table.warnings == (Warn(Concern.OTHER_SHEETS, "کتاب", "جلد"),)


def test_an_empty_workbook_has_nothing_to_read(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="P-2104"):
        open_xlsx(workbook(tmp_path / "list.xlsx", []))


def test_twenty_thousand_rows_are_read(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("کتاب")
    sheet.append(["عنوان"])
    for number in range(MOST_ROWS):
        sheet.append([f"{number * 7919 % 100_003:x}"])
    book.save(path)
    assert sum(1 for _ in open_xlsx(path).rows()) == MOST_ROWS


def test_a_shared_text_that_is_not_there_is_trouble(tmp_path: Path) -> None:
    sheet = sheet_xml('<row r="1"><c r="A1" t="s"><v>999</v></c></row>')
    sound = workbook(tmp_path / "sound.xlsx", [["عنوان"]])
    path = repacked(sound, tmp_path / "made.xlsx", lambda name, part: sheet if name.endswith("sheet1.xml") else part)
    with pytest.raises(Trouble, match="P-2102"):
        open_xlsx(path)


PARTS = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"]
INSERTED = [b"<", b"&", b"99999999", b'"', b"</row>", b'r="ZZZ99999999"', bytes(8)]


def spoilt(content: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 2, 8))):
        place = chance.randrange(len(content) + 1)
        match chance.randrange(3):
            case 0:
                content = content[:place] + chance.randbytes(1) + content[place + 1 :]
            case 1:
                content = content[:place] + content[place + chance.randrange(30) :]
            case _:
                content = content[:place] + chance.choice(INSERTED) + content[place:]
    return content


def spoil_part(sound: Path, path: Path, part: str, chance: random.Random) -> None:
    repacked(sound, path, lambda name, content: spoilt(content, chance) if name == part else content)


def test_a_spoilt_file_is_read_or_is_trouble(tmp_path: Path) -> None:
    chance = random.Random(20)
    sound = workbook(tmp_path / "sound.xlsx", [["عنوان", "سال نشر"], ["سووشون", 1348], ["کلیدر", dt.date(2024, 3, 20)]])
    path = tmp_path / "spoilt.xlsx"
    codes = set()
    for number in range(400):
        if number % 2:
            path.write_bytes(spoilt(sound.read_bytes(), chance))
        else:
            spoil_part(sound, path, chance.choice(PARTS), chance)
        try:
            codes.add(f"{len(list(open_xlsx(path).rows()))} rows")
        except Trouble as trouble:
            codes.add(trouble.code)
    assert codes >= {"P-2102", "2 rows"}
