"""A list of licensed libraries as the province sends it: text or Excel, columns told by their headings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError

from app.catalogue.importing.table import HEADING_ROWS, Line
from app.exchange.libraries import LibraryForm, set_library
from app.form import invalid
from app.imports.lines import MOST_LINES, LineEnd, LineReport, LinesDone, Result, refused, unreadable, write_side_file
from app.imports.member_file import named_cells, table_lines
from app.labels import BRANCH_KIND
from app.library import Library
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.text import compact
from app.refusal import Refusal
from db.act import Act
from db.codes import BranchKind
from db.trouble import Trouble

LONGEST_CELL = 500
_HEADINGS: Mapping[str, str] = {
    "name": "نام؛ نام کتابخانه؛ کتابخانه؛ عنوان کتابخانه؛ name؛ library",
    "kind": "نوع؛ نوع کتابخانه؛ وابستگی؛ kind؛ type",
    "province": "استان؛ province",
    "county": "شهرستان؛ county",
    "licence_no": "شماره مجوز؛ مجوز؛ شماره پروانه؛ پروانه؛ licence no؛ license no",
    "licensed_until": "اعتبار مجوز؛ اعتبار؛ اعتبار تا؛ پایان مجوز؛ licensed until",
    "founded_on": "تاریخ تأسیس؛ تأسیس؛ تاریخ افتتاح؛ founded on",
    "to_be_founded": "در شرف تأسیس؛ to be founded",
    "address": "نشانی؛ آدرس؛ address",
}
FIELDS: Mapping[str, str] = {
    compact(heading): field for field, words in _HEADINGS.items() for heading in words.split("؛")
}
DATES = ("founded_on", "licensed_until")
NO = frozenset(map(compact, ("", "خیر", "نه", "no", "false", "0", "-")))
KINDS: Mapping[str, BranchKind] = {
    **{compact(label): kind for kind, label in BRANCH_KIND.items()},
    **{compact(kind.value): kind for kind in BranchKind},
}
FORMULA = "به‌جای مقدار، فرمول اکسل نوشته شده است. مقدارها را جای فرمول بگذارید."
ADDED, CHANGED = "کتابخانه ثبت شد.", "مشخصات کتابخانه به‌روز شد."
AS_BEFORE = "این کتابخانه همین‌گونه ثبت بود؛ چیزی عوض نشد."
_Reader = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class LibraryLine:
    """A line of the list, its cells by field."""

    line: int
    raw: str
    cells: Mapping[str, str]
    formula: bool = False


def read_library_list(path: Path) -> tuple[LibraryLine, ...]:
    """The libraries in a file, line by line.

    Raises Trouble P-2101 (cannot be read), P-2102 (not what it should be), P-2103 (too big, or made to do harm),
    P-2104 (no headings of such a list, or nothing under them), P-2105 (the encoding cannot be told).
    """
    try:
        if not path.is_file():  # a device or a pipe would be read for ever
            raise Trouble("P-2101", path=path, reason="no file")
        source = list(islice(table_lines(path), MOST_LINES + 1))
    except (OSError, CalamineError) as error:
        raise Trouble("P-2101", path=path, reason=str(error)) from error
    if len(source) > MOST_LINES:
        raise Trouble("P-2103", path=path, reason="lines", most=MOST_LINES)
    lines = tuple(_libraries(source))
    if not lines:
        raise Trouble("P-2104", path=path)
    return lines


def _libraries(source: list[Line]) -> Iterator[LibraryLine]:
    for start, line in enumerate(source[:HEADING_ROWS]):
        named = [FIELDS.get(compact(cell[:LONGEST_CELL])) for cell in line.cells]
        if len(set(named) - {None}) > 1 and "name" in named:
            return (_line(below, named) for below in source[start + 1 :] if any(cell.strip() for cell in below.cells))
    return iter(())


def _line(line: Line, named: list[str | None]) -> LibraryLine:
    return LibraryLine(line.number, *named_cells(line, named))


def take_in_libraries(
    library: Library, lines: tuple[LibraryLine, ...], name: str, act: Act, side_folder: Path | None
) -> LinesDone:
    """Register every line, or bring it up to date; those that could not be kept go into a file in `side_folder`.

    The same file again changes nothing. Raises Trouble P-120x.
    """
    reports = [LineReport(line.line, line.raw, _take(library, line, act)) for line in lines]
    side = write_side_file(side_folder / f"{name}.jsonl", reports) if side_folder else ()
    return LinesDone(tuple(reports), side)


def _take(library: Library, line: LibraryLine, act: Act) -> Result:
    if line.formula:
        return unreadable("formula", FORMULA)
    read = form_of(line.cells)
    if isinstance(read, Refusal):
        return refused((read,))
    outcome = set_library(library, read, act)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    if isinstance(outcome, NotFound):
        raise TypeError("a line names no library by its id")
    if not outcome.changed:
        return Result(LineEnd.ALREADY, LineEnd.ALREADY, AS_BEFORE)
    word, text = ("added", ADDED) if outcome.added else ("updated", CHANGED)
    return Result(LineEnd.DONE, word, text)


def form_of(cells: Mapping[str, str]) -> LibraryForm | Refusal:
    """What the cells of a line say of a library, or what is wrong with one of them."""
    said: dict[str, Any] = {"name": "", **cells}
    for field in DATES:
        if field in said:
            said[field] = jalali.parse(said[field].partition("T")[0])
            if said[field] is None:
                return invalid(field, cells[field])
    if "kind" in said:
        kind = KINDS.get(compact(said["kind"])) or KINDS.get(compact(f"کتابخانهٔ {said['kind']}"))
        if kind is None:
            return invalid("library_kind", cells["kind"])
        said["kind"] = kind
    if "to_be_founded" in said:
        said["to_be_founded"] = compact(said["to_be_founded"]) not in NO
    return LibraryForm(**said)
