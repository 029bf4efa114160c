"""Files and records that the tests of the importers read."""

import random
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pymarc
import pytest

DATA = Path(__file__).parents[5] / "shared" / "data"

TITLES = ("تاریخ بیهقی", "شازده کوچولو", "مثنوی معنوی", "سووشون", "کلیدر", "فرهنگ فارسی", "قصه‌های خوب")
ENTRY = 12
LEADER = 24

Content = Mapping[str, str] | str
"""What is in a MARC field: its data, or its subfields by code."""


def data_file(name: str) -> Path:
    """A file of real data; the test is skipped where it is not at hand."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"real data is not at hand: {name}")
    return path


def marc(
    fields: Iterable[tuple[str, Content]] = (),
    *,
    number: int = 1,
    title: str = "تاریخ بیهقی",
    leader: str = "00000nam a2200000 i 4500",
) -> bytes:
    """A sound MARC21 record in UTF-8 with a title and an author, as pymarc writes it, and more fields as given."""
    standard: list[tuple[str, Content]] = [
        ("001", f"rec{number:05d}"),
        ("100", {"a": "بیهقی، محمد بن حسین،", "e": "نویسنده."}),
        ("245", {"a": f"{title} {number} /", "c": "ابوالفضل بیهقی."}),
        ("264", {"a": "تهران :", "b": "سخن،", "c": "۱۳۸۸."}),
        ("650", {"a": "ایران", "x": "تاریخ"}),
    ]
    given = list(fields)
    named = {tag for tag, _ in given}
    contents = [field for field in standard if field[0] not in named] + given
    ordered = [_field(tag, content) for tag, content in sorted(contents, key=lambda field: field[0])]
    return bytes(pymarc.Record(fields=ordered, leader=leader).as_marc())


def _field(tag: str, content: Content) -> pymarc.Field:
    if isinstance(content, str):
        return pymarc.Field(tag=tag, data=content)
    subfields = [pymarc.Subfield(code=code[0], value=value) for code, value in content.items()]
    return pymarc.Field(tag=tag, indicators=pymarc.Indicators("1", "0"), subfields=subfields)


def marc_file(count: int, seed: int = 1) -> list[bytes]:
    """Sound records of different lengths, numbered from 1."""
    chance = random.Random(seed)
    return [
        marc([("500", {"a": "یادداشت " * chance.randrange(1, 30)})], number=number, title=chance.choice(TITLES))
        for number in range(1, count + 1)
    ]


def with_leader(record: bytes, place: int, value: bytes) -> bytes:
    """The record with other bytes at a place of its leader."""
    return record[:place] + value + record[place + len(value) :]


def workbook(path: Path, rows: Sequence[Sequence[object]], *, title: str = "کتاب‌ها") -> Path:
    """An Excel file with one sheet, as openpyxl writes it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    book.close()
    return path


def repacked(source: Path, path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The Excel file with parts changed, or left out where `change` gives None."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return path


def sheet_xml(rows: str) -> bytes:
    """A sheet of an Excel file with these rows."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>'.encode()
