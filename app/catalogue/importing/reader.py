"""Opening a file of books, whatever its format: first a look into it, then what becomes of every record."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from app.catalogue.importing.columns import Column, ColumnMap, chosen_map, guess_map
from app.catalogue.importing.csv_reader import open_csv
from app.catalogue.importing.encodings import Encoding, encoding_of
from app.catalogue.importing.findings import Concern, Warn
from app.catalogue.importing.jsonl_reader import open_jsonl
from app.catalogue.importing.marc21_reader import count_records, marc21_outcomes
from app.catalogue.importing.prices import names_unit
from app.catalogue.importing.record import Outcome
from app.catalogue.importing.sniff import FileFormat, format_of, promised_by_name
from app.catalogue.importing.statuses import AS_SAID, SAID, StatusWish
from app.catalogue.importing.table import Table
from app.catalogue.importing.tabular import outcome_of
from app.catalogue.importing.xlsx_reader import open_xlsx
from app.persian.digits import parse_int
from app.persian.text import clean, compact
from db.trouble import Trouble

_LOOKED_AT = 50
"""Rows whose prices are looked at for a unit."""
_STATUSES_AMONG, _MOST_STATUSES = 5_000, 40
"""Rows whose statuses are looked at, and how many different ones are shown."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a person is shown before the import: columns, their map, the first outcomes, warnings about the whole file,
    and the words and codes that say how copies stand.

    A MARC file has no columns and no map.
    """

    columns: tuple[str, ...]
    column_map: ColumnMap
    outcomes: tuple[Outcome, ...]
    warnings: tuple[Warn, ...]
    statuses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reader:
    """A file ready to be read; `total` is the highest line that an outcome can have, for showing progress.

    `encoding` is None where the file itself says it (Excel, MARC).
    """

    path: Path
    format: FileFormat
    encoding: Encoding | None
    total: int
    columns: tuple[str, ...]
    column_map: ColumnMap
    warnings: tuple[Warn, ...]
    _read: Callable[[], Iterator[Outcome]]
    _said: Callable[[], tuple[str, ...]] = tuple

    def preview(self, n: int) -> Preview:
        """The first `n` outcomes, and what was noticed of the file."""
        with _reading(self.path):
            said = self._said()
        return Preview(self.columns, self.column_map, tuple(islice(self._outcomes(), n)), self.warnings, said)

    def outcomes(self) -> Iterator[Outcome]:
        """What becomes of each record, one outcome for each, in the order of the file; from the start each time.

        Raises Trouble P-2106 if a table has no column for the title, P-2101 if the file cannot be read any more.
        """
        if self.format is not FileFormat.MARC21 and Column.TITLE not in self.column_map:
            raise Trouble("P-2106", path=self.path, field=Column.TITLE, column="")
        return self._outcomes()

    def _outcomes(self) -> Iterator[Outcome]:
        with _reading(self.path):
            yield from self._read()


@dataclass(frozen=True, slots=True)
class _Opened:
    """A table that lies open, and what was noticed on the way to it."""

    path: Path
    kind: FileFormat
    encoding: Encoding | None
    table: Table
    warnings: tuple[Warn, ...]


def open_reader(
    path: Path,
    format: FileFormat | None = None,  # noqa: A002
    column_map: Mapping[str, str | Sequence[str]] | None = None,
    encoding: Encoding | None = None,
    statuses: StatusWish = AS_SAID,
) -> Reader:
    """A reader for the file; what is not said is found out from its content.

    `column_map` names the column or columns of each field (`Column`), instead of the map guessed from the headings;
    `statuses` says how the statuses of copies are read.

    Raises Trouble P-2101 (missing, or cannot be read), P-2102 (not what it should be), P-2103 (too big, or made to do
    harm), P-2104 (nothing in it), P-2105 (the encoding cannot be told), P-2106 (the map names what is not there).
    """
    with _reading(path):
        if not path.is_file():
            raise Trouble("P-2101", path=path, reason="no file")
        found = format_of(path, format)
        differs = promised_by_name(path) not in (None, found)
        warnings = (Warn(Concern.NAME_DIFFERS, path.suffix, found),) if differs else ()
        if found is FileFormat.MARC21:
            return _marc_reader(path, encoding, statuses, warnings)
        if found is not FileFormat.XLSX:
            encoding = encoding or encoding_of(path)
        opened = _Opened(path, found, encoding, _open_table(path, found, encoding), warnings)
        if not opened.table.columns:
            raise Trouble("P-2104", path=path)
        headings = opened.table.columns
        columns = guess_map(headings) if column_map is None else chosen_map(column_map, headings, path)
        return _table_reader(opened, columns, statuses)


def _marc_reader(path: Path, encoding: Encoding | None, statuses: StatusWish, warnings: tuple[Warn, ...]) -> Reader:
    total = count_records(path)

    def read() -> Iterator[Outcome]:
        return marc21_outcomes(path, encoding, statuses)

    return Reader(path, FileFormat.MARC21, encoding, total, (), {}, warnings, read)


def _table_reader(opened: _Opened, columns: ColumnMap, statuses: StatusWish) -> Reader:
    table = opened.table
    noticed = (*opened.warnings, *table.warnings, *_doubts(table, columns))

    def read() -> Iterator[Outcome]:
        return (outcome_of(row, columns, statuses) for row in table.rows())

    def said() -> tuple[str, ...]:
        return _said(table, columns)

    return Reader(opened.path, opened.kind, opened.encoding, table.total, table.columns, columns, noticed, read, said)


def _said(table: Table, columns: ColumnMap) -> tuple[str, ...]:
    """The words and codes in the columns of statuses, each once."""
    headings = columns.get(Column.STATUS, ())
    found: dict[str, str] = {}
    for row in islice(table.rows(), _STATUSES_AMONG) if headings else ():
        for text in (text for heading in headings for text in row.values.get(heading, ())):
            found.setdefault(compact(text[:200]), clean(text, SAID))
        if len(found) >= _MOST_STATUSES:
            break
    return tuple(text for key, text in found.items() if key)


def _open_table(path: Path, kind: FileFormat, encoding: Encoding | None) -> Table:
    if encoding is None:
        return open_xlsx(path)
    return open_jsonl(path, encoding) if kind is FileFormat.JSONL else open_csv(path, encoding)


def _doubts(table: Table, columns: ColumnMap) -> Iterator[Warn]:
    """What to ask before the import."""
    if Column.TITLE not in columns:
        yield Warn(Concern.NO_TITLE_COLUMN)
    for heading in columns.get(Column.PRICE, ()):
        cells = (text for row in islice(table.rows(), _LOOKED_AT) for text in row.values.get(heading, ()))
        if not names_unit(heading) and any(parse_int(cell) is not None for cell in cells):
            yield Warn(Concern.PRICE_UNIT, heading)


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[None]:
    """What the disk says, as Trouble."""
    try:
        yield
    except OSError as error:
        raise Trouble("P-2101", path=path, reason=error.strerror or type(error).__name__) from error
