"""What a file is, by its first bytes and not by its name."""

import re
from enum import StrEnum
from pathlib import Path

from app.catalogue.importing.encodings import looks_like_utf16
from app.catalogue.importing.marc_record import SUBFIELD
from app.catalogue.importing.marc_split import FIELD_END
from db.trouble import Trouble


class FileFormat(StrEnum):
    """The file formats that books are read from."""

    MARC21 = "marc21"
    XLSX = "xlsx"
    CSV = "csv"
    JSONL = "jsonl"


MOST_BYTES = {
    FileFormat.MARC21: 300 * 1024 * 1024,
    FileFormat.XLSX: 50 * 1024 * 1024,
    FileFormat.CSV: 100 * 1024 * 1024,
    FileFormat.JSONL: 100 * 1024 * 1024,
}

_HEAD = 1 << 16
_ZIP = b"PK\x03\x04"
_OBJECT = (b"{", b"\xff\xfe{\x00", b"\xfe\xff\x00{", b"{\x00", b"\x00{")
_FOREIGN = {  # what librarians pick by mistake
    "pdf": re.compile(rb"%PDF"),
    "xls": re.compile(rb"\xd0\xcf\x11\xe0"),  # Excel before 2007, or an Excel file with a password
    "image": re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|BM"),
    "archive": re.compile(rb"Rar!|7z\xbc\xaf|\x1f\x8b"),
    "database": re.compile(rb"SQLite format 3"),
    "markup": re.compile(rb"<(?:[!?]|html|head|body|table|collection|record)", re.IGNORECASE),
    "json": re.compile(rb"\[\s*[\[{]"),
    "rtf": re.compile(rb"\{\\rtf"),
    "binary": re.compile(rb"(?s:.*?)\x00\x00\x00"),
}
_BY_SUFFIX = {
    ".mrc": FileFormat.MARC21,
    ".marc": FileFormat.MARC21,
    ".iso": FileFormat.MARC21,
    ".iso2709": FileFormat.MARC21,
    ".xlsx": FileFormat.XLSX,
    ".xlsm": FileFormat.XLSX,
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".txt": FileFormat.CSV,
    ".jsonl": FileFormat.JSONL,
    ".ndjson": FileFormat.JSONL,
}
_BINARY = frozenset({FileFormat.MARC21, FileFormat.XLSX})


def promised_by_name(path: Path) -> FileFormat | None:
    """The format that the file's name promises."""
    return _BY_SUFFIX.get(path.suffix.lower())


def format_of(path: Path, wanted: FileFormat | None = None) -> FileFormat:
    """The format of a file's content.

    Raises Trouble P-2102 if it is none that is read, or not the one that is wanted or that the name of a binary file
    promises; P-2103 if the file is too big; P-2104 if it is empty; OSError as the disk says.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.strip():
        raise Trouble("P-2104", path=path)
    found = _by_content(head, path)
    promised = wanted or promised_by_name(path)
    if found is not promised and (wanted or promised in _BINARY):
        raise Trouble("P-2102", path=path, wanted=promised, found=found)
    if path.stat().st_size > MOST_BYTES[found]:
        raise Trouble("P-2103", path=path, reason="bytes", most=MOST_BYTES[found])
    return found


def _by_content(head: bytes, path: Path) -> FileFormat:
    if head.startswith(_ZIP):
        return FileFormat.XLSX
    if FIELD_END in head and SUBFIELD in head and not looks_like_utf16(head):
        return FileFormat.MARC21
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if foreign := next((kind for kind, mark in _FOREIGN.items() if mark.match(plain)), None):
        raise Trouble("P-2102", path=path, found=foreign)
    return FileFormat.JSONL if plain.startswith(_OBJECT) else FileFormat.CSV
