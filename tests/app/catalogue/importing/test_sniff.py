from pathlib import Path

import pytest

from app.catalogue.importing.sniff import FileFormat, format_of
from db.trouble import Trouble
from tests.app.catalogue.importing.samples import marc, workbook

JSON = '{"title": "کلیدر"}\n'


def file(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.mrc", marc(), FileFormat.MARC21),
        ("a.iso", b"\r\n" + marc(), FileFormat.MARC21),
        ("a.dat", b"junk!" + marc()[5:], FileFormat.MARC21),
        ("a", marc(), FileFormat.MARC21),
        ("a.csv", marc(), FileFormat.MARC21),
        ("a.jsonl", JSON.encode(), FileFormat.JSONL),
        ("a.txt", b"\xef\xbb\xbf\n" + JSON.encode(), FileFormat.JSONL),
        ("a.csv", JSON.encode("utf-16"), FileFormat.JSONL),
        ("a.csv", "عنوان,ناشر\n".encode(), FileFormat.CSV),
        ("a.csv", "عنوان؟,ناشر؞\n".encode("utf-16-le"), FileFormat.CSV),
        ("a.csv", b"10001,9789644170119,abcdefg\n", FileFormat.CSV),
        ("a.tsv", "«عنوان»\tناشر".encode("cp1256"), FileFormat.CSV),
        ("a.csv", "<U+06F1>,[بی‌نا]".encode(), FileFormat.CSV),
    ],
)
def test_the_content_tells_the_format(tmp_path: Path, name: str, content: bytes, found: FileFormat) -> None:
    assert format_of(file(tmp_path, name, content)) is found


def test_an_excel_file_is_one_by_any_name(tmp_path: Path) -> None:
    for name in ("a.xlsx", "a.csv", "a"):
        assert format_of(workbook(tmp_path / name, [["عنوان"]])) is FileFormat.XLSX


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", "عنوان,ناشر\n".encode()),
        ("a.mrc", "عنوان,ناشر\n".encode()),
        ("a.csv", b"%PDF-1.7"),
        ("a.csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a.csv", b"<!DOCTYPE html><table>"),
        ("a.xls", b"<html><table>"),
        ("a.json", b'[{"title": "a"}]'),
        ("a.csv", b"MZ\x90\x00\x03\x00\x00\x00\x04"),
        ("a.gz", b"\x1f\x8b\x08\x08"),
    ],
)
def test_what_is_not_what_it_should_be_is_trouble(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(Trouble, match="P-2102"):
        format_of(file(tmp_path, name, content))


def test_a_format_that_is_asked_for_must_be_found(tmp_path: Path) -> None:
    path = file(tmp_path, "a.csv", "عنوان,ناشر\n".encode())
    assert format_of(path, FileFormat.CSV) is FileFormat.CSV
    with pytest.raises(Trouble, match="P-2102"):
        format_of(path, FileFormat.MARC21)


@pytest.mark.parametrize("content", [b"", b"  \r\n\t"])
def test_an_empty_file_has_nothing_to_read(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(Trouble, match="P-2104"):
        format_of(file(tmp_path, "a.csv", content))


def test_a_file_that_is_too_big_is_not_opened(tmp_path: Path) -> None:
    path = file(tmp_path, "a.csv", b"title,author\n" * 6_000)
    with path.open("r+b") as big:
        big.truncate(101 << 20)
    with pytest.raises(Trouble, match="P-2103"):
        format_of(path, FileFormat.CSV)
