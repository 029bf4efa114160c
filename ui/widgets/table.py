"""The one model behind every list: frozen rows, columns as data, texts made once per row.

`data()` and the painter answer from ready tuples only; formatting in `data()` was measured five times slower a page.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.persian.collation import sort_key
from app.persian.text import fold
from ui.theme import Tone

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex

_ROOT = QModelIndex()


class Align(Enum):
    """Where the text of a column stands; START is the right edge of a Persian window."""

    START = "start"
    MIDDLE = "middle"
    END = "end"


@dataclass(frozen=True, slots=True)
class Column(Generic[Row]):
    """One column of a list.

    `width` is in pixels of the 100 % design; columns with `stretch` share what is left. `sub` is a muted second line
    under the text. `tone` colours the text, or with `pill` the pill around it. `icon` names a sign shown in place of
    the text, which is then only copied and exported. Without `sort_key` a column sorts by its text in Persian order;
    columns of numbers and dates must give one. Where the list is too narrow, columns with `spare` give way, the highest
    first.
    """

    heading: str
    text: Callable[[Row], str]
    sub: Callable[[Row], str] | None = None
    align: Align = Align.START
    width: int = 120
    stretch: int = 0
    sort_key: Callable[[Row], Any] | None = None
    tone: Callable[[Row], Tone | None] | None = None
    pill: bool = False
    strong: bool = False
    number: bool = False
    spare: int = 0
    icon: Callable[[Row], str] | None = None


def tick_column(state: Callable[[Row], bool | None], heading: str = "") -> Column[Row]:
    """A column of tick boxes: ticked, open, or (None) closed to ticking."""
    signs = {True: ("square-check", "بله"), False: ("square", "خیر"), None: ("square-forbid", "—")}
    return Column(
        heading,
        text=lambda row: signs[state(row)][1],
        icon=lambda row: signs[state(row)][0],
        align=Align.MIDDLE,
        width=44,
        sort_key=lambda row: signs[state(row)][0],
    )


class Cell(NamedTuple):
    """What is shown in one place of the list."""

    text: str
    sub: str
    tone: Tone | None
    icon: str


@dataclass(slots=True)
class _Line(Generic[Row]):
    row: Row
    cells: tuple[Cell, ...]
    folded: str = ""  # made when somebody first filters

    def holds(self, words: Sequence[str], also: Callable[[Row], str] | None) -> bool:
        if not self.folded:
            self.fold(also)
        return all(word in self.folded for word in words)

    def fold(self, also: Callable[[Row], str] | None) -> None:
        self.folded = fold(" ".join(f"{cell.text} {cell.sub}" for cell in self.cells))
        if also:
            self.folded = f"{self.folded} {fold(also(self.row))}"


class RowTable(QAbstractTableModel, Generic[Row]):
    """Rows in columns, with sorting and filtering inside.

    `key` tells rows apart across refreshes (selection survives `set_rows`, `update_row` finds its place); `faded`
    greys a row; `tint` colours the paper under it; `also` is further text the filter looks at (a national id that has
    no column).
    """

    def __init__(
        self,
        columns: Sequence[Column[Row]],
        *,
        key: Callable[[Row], Hashable] = id,
        faded: Callable[[Row], bool] | None = None,
        tint: Callable[[Row], Tone | None] | None = None,
        also: Callable[[Row], str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key, self._faded, self._tint, self._also = key, faded, tint, also
        self._lines: list[_Line[Row]] = []
        self._shown: list[_Line[Row]] = []
        self._words: list[str] = []
        self._order: tuple[int, bool] | None = None

    # What a page does

    def set_rows(self, rows: Iterable[Row]) -> None:
        """Replace everything. Filter and order stay."""
        self.set_made([self._line(row) for row in rows])

    def set_made(self, made: "list[_Line[Row]]") -> None:
        """The same with rows that `made` has made."""
        self.beginResetModel()
        self._lines = made
        self._shown = self._arranged()
        self.endResetModel()

    def made(self, rows: Iterable[Row]) -> "list[_Line[Row]]":
        """Rows ready to be shown, texts and all; it touches nothing shown, so the line of long work may do it."""
        lines = [self._line(row) for row in rows]
        for line in lines:
            line.fold(self._also)
        return lines

    def append(self, made: "Iterable[_Line[Row]]") -> None:
        """Add rows that `made` has made after all others. Those whose key is in the list already are left out."""
        present = {self._key(line.row) for line in self._lines}
        new = [line for line in made if self._key(line.row) not in present]
        self._lines += new
        if self._order is not None:
            self.beginResetModel()
            self._shown = self._arranged()
            self.endResetModel()
            return
        shown = [line for line in new if not self._words or line.holds(self._words, self._also)]
        if shown:
            self.beginInsertRows(_ROOT, len(self._shown), len(self._shown) + len(shown) - 1)
            self._shown += shown
            self.endInsertRows()

    def insert_on_top(self, row: Row) -> None:
        """Add a row above all others, whatever the order: it is what has just happened."""
        line = self._line(row)
        self._lines.insert(0, line)
        if not line.holds(self._words, self._also):
            return
        self.beginInsertRows(_ROOT, 0, 0)
        self._shown.insert(0, line)
        self.endInsertRows()

    def update_row(self, row: Row) -> bool:
        """Show a row anew in its old place; False if no row with its key is in the list."""
        found = [line for line in self._lines if self._key(line.row) == self._key(row)]
        for line in found:
            line.row, line.cells, line.folded = row, self._line(row).cells, ""
        place = self.position_of(self._key(row))
        if place >= 0:
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(self.columns) - 1))
        return bool(found)

    def update_rows(self, rows: Iterable[Row]) -> None:
        """Show rows anew in their old places; those whose key is not in the list are left out."""
        new = {self._key(row): row for row in rows}
        for line in self._lines:
            row = new.get(self._key(line.row))
            if row is not None:
                line.row, line.cells, line.folded = row, self._line(row).cells, ""
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(self.columns) - 1))

    def remove_row(self, key: Hashable) -> None:
        """Take a row out of the list."""
        self._lines = [line for line in self._lines if self._key(line.row) != key]
        place = self.position_of(key)
        if place >= 0:
            self.beginRemoveRows(_ROOT, place, place)
            del self._shown[place]
            self.endRemoveRows()

    def set_filter(self, text: str) -> None:
        """Show only the rows that hold every word of `text`, in any column and any spelling the fold knows."""
        words = fold(text).split()
        if words == self._words:
            return
        self.beginResetModel()
        self._words = words
        self._shown = self._arranged()
        self.endResetModel()

    def row_at(self, position: int) -> Row:
        """The row shown at a position."""
        return self._shown[position].row

    def shown_rows(self) -> tuple[Row, ...]:
        """The rows that pass the filter, in the order shown."""
        return tuple(line.row for line in self._shown)

    def position_of(self, key: Hashable) -> int:
        """Where the row with this key is shown, or -1."""
        return next((place for place, line in enumerate(self._shown) if self._key(line.row) == key), -1)

    def key_at(self, position: int) -> Hashable:
        """The key of the row at a position."""
        return self._key(self._shown[position].row)

    def total(self) -> int:
        """How many rows there are, filtered out or not."""
        return len(self._lines)

    def is_filtered(self) -> bool:
        """Whether a filter is set."""
        return bool(self._words)

    def headings(self) -> tuple[str, ...]:
        """The headings, for copies and exports."""
        return tuple(column.heading for column in self.columns)

    def texts(self, position: int) -> tuple[str, ...]:
        """The texts of one row (with the second lines), for copies and exports."""
        cells = self._shown[position].cells
        return tuple(f"{cell.text} — {cell.sub}" if cell.sub else cell.text for cell in cells)

    # What the painter asks

    def cell(self, position: int, column: int) -> Cell:
        """The ready texts of one place."""
        return self._shown[position].cells[column]

    def is_faded(self, position: int) -> bool:
        """Whether the row is greyed."""
        return self._faded is not None and self._faded(self._shown[position].row)

    def tint_of(self, position: int) -> Tone | None:
        """The tone of the paper under the row."""
        return self._tint(self._shown[position].row) if self._tint else None

    # What Qt asks

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role != Qt.ItemDataRole.DisplayRole or not index.isValid():
            return None
        return self._shown[index.row()].cells[index.column()].text

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return self.columns[section].heading if 0 <= section < len(self.columns) else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order by a column; -1 goes back to the order the rows were given in."""
        self.layoutAboutToBeChanged.emit()
        self._order = (column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        before, self._shown = self._shown, self._arranged()
        places = {id(line): place for place, line in enumerate(self._shown)}
        old = self.persistentIndexList()
        new = [self.index(places[id(before[index.row()])], index.column()) for index in old]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _line(self, row: Row) -> _Line[Row]:
        return _Line(row, tuple(_cell(column, row) for column in self.columns))

    def _arranged(self) -> list[_Line[Row]]:
        lines = [line for line in self._lines if not self._words or line.holds(self._words, self._also)]
        if self._order is not None:
            number, backwards = self._order
            lines.sort(key=lambda line: self._sort_key(line, number), reverse=backwards)
        return lines

    def _sort_key(self, line: _Line[Row], number: int) -> Any:
        by = self.columns[number].sort_key
        return by(line.row) if by else sort_key(line.cells[number].text)


def _cell(column: Column[Row], row: Row) -> Cell:
    return Cell(
        column.text(row),
        column.sub(row) if column.sub else "",
        column.tone(row) if column.tone else None,
        column.icon(row) if column.icon else "",
    )
