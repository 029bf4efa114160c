import io
import struct
import zipfile
from pathlib import Path

import pytest

from app.catalogue.importing.xlsx_guard import MOST_COLUMNS, MOST_ENTRIES, MOST_ROWS, check_workbook
from db.trouble import Trouble
from tests.app.catalogue.importing.samples import repacked, sheet_xml, workbook

SHEET = "xl/worksheets/sheet1.xml"
ROWS = [["عنوان", "ناشر"], ["سووشون", "خوارزمی"]]


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return workbook(tmp_path / "sound.xlsx", ROWS)


def with_sheet(sound: Path, content: bytes) -> Path:
    return repacked(sound, sound.with_name("made.xlsx"), lambda name, part: content if name == SHEET else part)


def trouble_of(path: Path) -> tuple[str, str]:
    with pytest.raises(Trouble) as trouble:
        check_workbook(path)
    return trouble.value.code, str(trouble.value.context["reason"])


def test_a_sound_file_is_unpacked_and_packed_again(sound: Path) -> None:
    checked = check_workbook(sound)
    assert checked.part_of_sheet() == {"کتاب‌ها": SHEET}
    assert checked.formulas == {SHEET: frozenset()}
    with zipfile.ZipFile(checked.archive()) as archive, zipfile.ZipFile(sound) as original:
        assert archive.read(SHEET) == original.read(SHEET)


def test_formulas_are_found(tmp_path: Path) -> None:
    path = workbook(tmp_path / "formulas.xlsx", [*ROWS, ["=1+1", "سخن"]])
    assert check_workbook(path).formulas == {SHEET: frozenset({(2, 0)})}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 and no more",
        b"title,author\n",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
        b"PK\x05\x06" + bytes(18),
    ],
)
def test_what_is_no_excel_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(content)
    assert trouble_of(path)[0] == "P-2102"


def test_an_archive_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<document/>")
    assert trouble_of(path)[0] == "P-2102"


def test_a_file_of_zeros_that_unpacks_to_much_more_is_refused(sound: Path) -> None:
    path = with_sheet(sound, sheet_xml("<row/>" * 2_000_000))
    assert path.stat().st_size < 200_000
    assert trouble_of(path) == ("P-2103", "ratio")


def test_a_file_of_more_than_fifty_megabytes_unpacked_is_refused(sound: Path) -> None:
    code, reason = trouble_of(with_sheet(sound, sheet_xml(" " * (51 << 20))))
    assert code == "P-2103"
    assert "bytes" in reason


def test_too_many_parts_are_refused(sound: Path, tmp_path: Path) -> None:
    path = repacked(sound, tmp_path / "made.xlsx", lambda _name, part: part)
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(MOST_ENTRIES):
            archive.writestr(f"xl/media/{number}.png", b"")
    assert trouble_of(path) == ("P-2103", "entries")


@pytest.mark.parametrize("name", ["../../evil.xml", "/etc/passwd", "xl\\..\\evil.xml"])
def test_names_that_lead_out_of_the_archive_are_refused(sound: Path, tmp_path: Path, name: str) -> None:
    path = repacked(sound, tmp_path / "made.xlsx", lambda _name, part: part)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, b"")
    assert trouble_of(path) == ("P-2103", "names")


def test_a_rare_packing_is_refused(sound: Path, tmp_path: Path) -> None:
    path = repacked(sound, tmp_path / "made.xlsx", lambda _name, part: part)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("xl/extra.xml", b"<a/>")
    assert trouble_of(path) == ("P-2103", "packing")


def test_a_size_that_lies_brings_in_no_more_than_it_says(sound: Path, tmp_path: Path) -> None:
    rows = sheet_xml('<row r="1"><c r="A1" t="inlineStr"><is><t>عنوان</t></is></c></row>' + "<row/>" * 1_000)
    path = with_sheet(sound, rows)
    content = path.read_bytes()
    lying = content.replace(struct.pack("<L", len(rows)), struct.pack("<L", 100))
    assert lying != content
    path.write_bytes(lying)
    assert trouble_of(path)[0] == "P-2102"


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
        "<!DOCTYPE worksheet>",
    ],
)
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_a_dtd_anywhere_is_refused(sound: Path, tmp_path: Path, declaration: str, part: str) -> None:
    def change(name: str, content: bytes) -> bytes:
        return declaration.encode() + content.split(b"?>\n")[-1] if name == part else content

    assert trouble_of(repacked(sound, tmp_path / "made.xlsx", change)) == ("P-2103", "dtd")


@pytest.mark.parametrize(
    "rows",
    [
        f'<row r="{MOST_ROWS + 100}"><c r="A{MOST_ROWS + 100}"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZ1"><v>1</v></c></row>',
        "<row>" + "<c><v>1</v></c>" * (MOST_COLUMNS + 1) + "</row>",
        '<row r="99999999"><c><f>1</f></c></row>',
    ],
)
def test_too_many_rows_or_columns_are_refused(sound: Path, rows: str) -> None:
    assert trouble_of(with_sheet(sound, sheet_xml(rows))) == ("P-2103", "rows, columns")


def test_empty_rows_that_only_have_a_colour_do_not_count(sound: Path) -> None:
    path = with_sheet(
        sound, sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>')
    )
    assert check_workbook(path).formulas == {SHEET: frozenset()}


@pytest.mark.parametrize("rows", ['<row r="x"/>', '<c r="1A"/>', '<c r="A0"/>', "<row>", '<row r="1" r="2"/>'])
def test_a_sheet_that_is_no_sheet_is_refused(sound: Path, rows: str) -> None:
    assert trouble_of(with_sheet(sound, sheet_xml(rows)))[0] == "P-2102"


def test_an_archive_inside_the_archive_is_left_alone(sound: Path, tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("a", b"0" * 1000)
    path = repacked(sound, tmp_path / "made.xlsx", lambda _name, part: part)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/embeddings/package.xlsx", inner.getvalue())
    assert "xl/embeddings/package.xlsx" not in check_workbook(path).parts
