"""A table of any file kind, the same to those who read books from it: headings, and rows of texts by heading."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

from app.catalogue.importing.columns import LONGEST_HEADING, Column, column_of
from app.catalogue.importing.findings import Concern, Reason, Repair, Warn
from app.catalogue.importing.texts import unescape
from app.persian.digits import to_persian
from app.persian.text import clean

HEADING_ROWS = 10
"""Headings are looked for in so many rows from the top: lists often carry a name and a date above them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of cells as the file gives it: where it starts, its cells, and itself word for word.

    `formulas` are the positions of cells that hold a formula instead of a value.
    """

    number: int
    cells: tuple[str, ...]
    raw: bytes | str
    repairs: tuple[Repair, ...] = ()
    formulas: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """One row by heading; a cell of a JSON list has several texts.

    `formulas` are the headings over formulas, `unnamed` names the filled cells beyond the last heading. A refused row
    carries its reason and no values.
    """

    number: int
    values: Mapping[str, tuple[str, ...]]
    raw: bytes | str
    repairs: tuple[Repair, ...] = ()
    formulas: frozenset[str] = frozenset()
    unnamed: tuple[str, ...] = ()
    refusal: Reason | None = None
    preamble: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A file opened as a table: the headings, how many lines it has at most, and its rows, from the start each time."""

    columns: tuple[str, ...]
    total: int
    rows: Callable[[], Iterator[Row]]
    warnings: tuple[Warn, ...] = ()


@dataclass(frozen=True, slots=True)
class Headings:
    """Where the headings stand and how they read; `line` 0 means that there are none and columns are numbered."""

    line: int
    columns: tuple[str, ...] = field(default=())


def find_headings(lines: Iterable[Line]) -> Headings:
    """The headings: the first of the top rows that names two fields of ours, else the first that names the title."""
    top = [line for line in islice(lines, HEADING_ROWS) if any(cell.strip() for cell in line.cells)]
    named = [(line, {column_of(cell) for cell in line.cells} - {None}) for line in top]
    several = (line for line, columns in named if len(columns) > 1)
    only_title = (line for line, columns in named if Column.TITLE in columns)
    if found := next(chain(several, only_title), None):
        return Headings(found.number, _unique(found.cells))
    width = max((len(line.cells) for line in top), default=0)
    return Headings(0, _unique(("",) * width))


def table_of(lines: Callable[[], Iterator[Line]], total: int, warnings: Sequence[Warn] = ()) -> Table:
    """The table that a source of lines holds; `lines` is called again for each pass through the file."""
    headings = find_headings(lines())
    noted = () if headings.line else (Warn(Concern.NO_HEADINGS),)
    return Table(headings.columns, total, lambda: _rows(lines(), headings), (*warnings, *noted))


def _rows(lines: Iterable[Line], headings: Headings) -> Iterator[Row]:
    for line in lines:
        if line.number == headings.line or not (line.formulas or any(cell.strip() for cell in line.cells)):
            continue
        if line.number < headings.line:
            yield Row(line.number, {}, line.raw, preamble=True)
        else:
            yield _row(line, headings.columns)


def _row(line: Line, columns: tuple[str, ...]) -> Row:
    mended = tuple(unescape(cell) for cell in line.cells)
    repairs = line.repairs if mended == line.cells else (*line.repairs, Repair.ESCAPED_LETTERS)
    beyond = tuple(_numbered(place) for place in range(len(columns) + 1, len(mended) + 1))
    names = (*columns, *beyond)
    values = {name: (cell,) for name, cell in zip(names, mended, strict=False) if cell.strip()}
    formulas = frozenset(names[place] for place in line.formulas if place < len(names))
    unnamed = tuple(name for name in beyond if name in values)
    return Row(line.number, values, line.raw, repairs, formulas, unnamed)


def _unique(cells: Iterable[str]) -> tuple[str, ...]:
    """Headings without doubles; an empty one is named after its place."""
    names: dict[str, None] = {}
    for place, cell in enumerate(cells, 1):
        name = clean(cell, LONGEST_HEADING) or _numbered(place)
        while name in names:
            name = f"{name} ({to_persian(str(place))})"
        names[name] = None
    return tuple(names)


def _numbered(place: int) -> str:
    return f"ستون {to_persian(str(place))}"
