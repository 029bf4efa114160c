"""What is checked of an Excel file before a parser may open it (reliability, section 3, "Excel in").

The parser is not handed the file but a fresh archive of the parts that were checked here, as they were unpacked here:
an archive whose two directories disagree, or whose sizes lie, has nobody left to lie to.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException, sax

from app.catalogue.importing.table import HEADING_ROWS
from db.trouble import Trouble

MOST_BYTES = 50 * 1024 * 1024
MOST_RATIO = 100
MOST_ENTRIES = 200
MOST_ROWS = 20_000
MOST_COLUMNS = 60

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"

_WANTED = re.compile(r"\[Content_Types\]\.xml|(?:_rels|xl)/(?:[\w.-]+/)*[\w.-]*\.(?:xml|rels)")
_SHEET = re.compile(r"xl/worksheets/[\w.-]+\.xml")
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_NO_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class CheckedWorkbook:
    """An Excel file as it may be parsed: its checked parts by name, and by sheet part the cells that hold formulas.

    Cells are (row, column), both from 0.
    """

    parts: Mapping[str, bytes]
    formulas: Mapping[str, frozenset[tuple[int, int]]]

    def part_of_sheet(self) -> dict[str, str]:
        """The name of each sheet's part by the sheet's name."""
        links = _elements(self.parts[RELATIONS], "Relationship")
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        sheets = _elements(self.parts[WORKBOOK], "sheet")
        linked = {sheet.get("name", ""): targets.get(sheet.get("id"), "") for sheet in sheets}
        return {name: target[1:] if target.startswith("/") else f"xl/{target}" for name, target in linked.items()}

    def archive(self) -> io.BytesIO:
        """The checked parts as an Excel file, not compressed."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
            for name, content in self.parts.items():
                archive.writestr(name, content)
        packed.seek(0)
        return packed


def check_workbook(path: Path, most_columns: int = MOST_COLUMNS) -> CheckedWorkbook:
    """The checked parts of an Excel file whose sheets have at most so many columns.

    Raises Trouble P-2102 if it is none, P-2103 if it is too big or made to do harm; OSError as the disk says.
    """
    if path.stat().st_size > MOST_BYTES:
        raise Trouble("P-2103", path=path, reason="bytes")
    content = path.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _unpack(archive, len(content), path)
    except _NO_ZIP as error:
        raise Trouble("P-2102", path=path, reason=str(error)) from error
    if missing := {WORKBOOK, RELATIONS} - parts.keys():
        raise Trouble("P-2102", path=path, reason=f"no {', '.join(missing)}")
    formulas = {name: _read(name, part, path, most_columns) for name, part in parts.items()}
    return CheckedWorkbook(parts, {name: cells for name, cells in formulas.items() if _SHEET.fullmatch(name)})


def _unpack(archive: zipfile.ZipFile, size: int, path: Path) -> dict[str, bytes]:
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    names = [entry.filename for entry in entries]
    suspect = {
        "entries": len(entries) > MOST_ENTRIES or len(set(names)) < len(names),
        "bytes": unpacked > MOST_BYTES,
        "ratio": unpacked > MOST_RATIO * size,
        "names": any(".." in name or "\\" in name or name.startswith("/") for name in names),
        "packing": any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries),
    }
    if reasons := [reason for reason, found in suspect.items() if found]:
        raise Trouble("P-2103", path=path, reason=", ".join(reasons))
    return {entry.filename: archive.read(entry) for entry in entries if _WANTED.fullmatch(entry.filename)}


def _read(name: str, part: bytes, path: Path, most_columns: int) -> frozenset[tuple[int, int]]:
    """Read a part through once: well-formed, no DTD, and a sheet no larger than allowed. The places of its formulas."""
    handler = _SheetHandler(path, most_columns) if _SHEET.fullmatch(name) else ContentHandler()
    try:
        sax.parseString(part, handler, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Trouble("P-2103", path=path, reason="dtd") from error
    except (SAXException, ValueError) as error:
        raise Trouble("P-2102", path=path, reason=f"{name}: {error}") from error
    return frozenset(handler.formulas) if isinstance(handler, _SheetHandler) else frozenset()


def _elements(part: bytes, tag: str) -> list[dict[str, str]]:
    """The attributes of the elements of a name, without namespaces; the part has been read through before."""
    handler = _ElementHandler(tag)
    sax.parseString(part, handler, forbid_dtd=True)
    return handler.found


class _ElementHandler(ContentHandler):
    """Collects the elements of one name."""

    def __init__(self, tag: str) -> None:
        super().__init__()
        self._tag = tag
        self.found: list[dict[str, str]] = []

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name is that of xml.sax
        if _local(name) == self._tag:
            self.found.append({_local(attribute): value for attribute, value in attrs.items()})


class _SheetHandler(ContentHandler):
    """Follows the cells of a sheet: where the filled ones are, and which hold formulas."""

    def __init__(self, path: Path, most_columns: int) -> None:
        super().__init__()
        self._most_columns = most_columns
        self.formulas: set[tuple[int, int]] = set()
        self._path = path
        self._row = -1
        self._column = -1

    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name is that of xml.sax
        tag = _local(name)
        if tag == "row":
            self._row, self._column = _number(attrs.get("r"), self._row + 1), -1
        elif tag == "c":
            self._cell(attrs.get("r"))
        elif tag in ("v", "is", "f"):
            self._filled()
            if tag == "f":
                self.formulas.add((self._row, self._column))

    def _cell(self, reference: str | None) -> None:
        self._column += 1
        if reference is not None:
            found = _CELL.fullmatch(reference)
            if found is None:
                raise ValueError(f"cell {reference!r}")
            self._column, self._row = _column_number(found[1]), int(found[2]) - 1

    def _filled(self) -> None:
        if self._row >= MOST_ROWS + HEADING_ROWS or self._column >= self._most_columns:
            raise Trouble("P-2103", path=self._path, reason="rows, columns", rows=MOST_ROWS, columns=self._most_columns)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _number(text: str | None, otherwise: int) -> int:
    return otherwise if text is None else int(text) - 1


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
