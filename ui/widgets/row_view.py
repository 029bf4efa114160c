"""How a list looks and answers: tall rows of two lines, a light header, pills, hover, copy."""

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView

from ui.style import look
from ui.theme import BASE_PT, Look
from ui.widgets import paint
from ui.widgets.row_header import RowHeader
from ui.widgets.row_paint import RowPainter
from ui.widgets.table import Column, RowTable

ROW_HEIGHT = 58
_HEADER_HEIGHT = 38
_LEAST_STRETCH = 140
_GROWTH = 1.6
_SELECT = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class RowView(QTableView):
    """The view of a `RowTable`."""

    current_row = Signal(object)  # the row the selection came to
    row_opened = Signal(object)  # double click or Enter
    row_ticked = Signal(object)  # a click on a tick box, or Space

    def __init__(self, table: RowTable[Any], row_height: int = ROW_HEIGHT) -> None:
        super().__init__()
        self._table, self._row_height = table, row_height
        self._hovered = -1
        self._empty = ("", "", "")
        self._kept: object = None
        self._header = RowHeader(table, self)
        self.setHorizontalHeader(self._header)
        self._set_manners()
        self.setModel(table)
        self.setItemDelegate(RowPainter(table, self.hovered, self))
        self._header.sectionClicked.connect(self._sort_by)
        self.doubleClicked.connect(lambda index: self.row_opened.emit(self._table.row_at(index.row())))
        self.clicked.connect(self._tick_clicked)
        table.modelAboutToBeReset.connect(self._keep_place)
        table.modelReset.connect(self._find_place)
        self._fit()

    def _set_manners(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.verticalHeader().hide()

    def table(self) -> RowTable[Any]:
        """The model."""
        return self._table

    def header(self) -> RowHeader:
        """The header above the columns."""
        return self._header

    def hovered(self) -> int:
        """The position of the row under the pointer, or -1."""
        return self._hovered

    def set_empty(self, title: str, how: str = "", icon: str = "") -> None:
        """What an empty list says: what it is for, and how to begin."""
        self._empty = (title, how, icon)
        self.viewport().update()

    def choose(self, key: object) -> None:
        """Select the row with this key and bring it into sight."""
        self.choose_place(self._table.position_of(key))

    def choose_place(self, place: int) -> None:
        """Select the row shown at a place, if there is one."""
        if 0 <= place < self._table.rowCount():
            # Said outright: setCurrentIndex() would ask which modifier keys are held down (Ctrl of Ctrl+K).
            self.selectionModel().setCurrentIndex(self._table.index(place, 0), _SELECT)

    def chosen(self) -> tuple[Any, ...]:
        """The selected rows, in the order shown."""
        places = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tuple(self._table.row_at(place) for place in places)

    def copy(self) -> None:
        """Put the selected rows, or all of them, on the clipboard as lines of tab-separated texts."""
        places = sorted({index.row() for index in self.selectionModel().selectedRows()})
        QGuiApplication.clipboard().setText(as_lines(self._table, places or range(self._table.rowCount())))

    def sizeHint(self) -> QSize:
        # Small, so that a question above the list makes the list shorter and not the page longer.
        worn = look()
        return QSize(worn.px(320), worn.px(_HEADER_HEIGHT + 2 * self._row_height))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_width()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        index = self.currentIndex()
        if index.isValid() and self.selectionModel().isRowSelected(index.row(), QModelIndex()):
            self.current_row.emit(self._table.row_at(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif index.isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.row_opened.emit(self._table.row_at(index.row()))
        elif index.isValid() and event.key() == Qt.Key.Key_Space:
            self.row_ticked.emit(self._table.row_at(index.row()))
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._table.rowCount() == 0:
            self._paint_empty(QPainter(self.viewport()), look())

    def _hover(self, position: int) -> None:
        for place in {position, self._hovered} - {-1}:
            self.viewport().update(0, self.rowViewportPosition(place), self.viewport().width(), self.rowHeight(place))
        self._hovered = position

    def _fit(self) -> None:
        worn = look()
        self.verticalHeader().setDefaultSectionSize(worn.px(self._row_height))
        self._header.setFixedHeight(worn.px(_HEADER_HEIGHT))
        self.viewport().update()
        self._share_width()

    def _share_width(self) -> None:
        worn, columns = look(), self._table.columns
        least = [worn.px(_LEAST_STRETCH if column.stretch else column.width) for column in columns]
        for number in _too_many(columns, least, self.viewport().width()):
            least[number] = 0
        for number, width in enumerate(_shared(columns, least, self.viewport().width())):
            self.setColumnHidden(number, width == 0)
            self._header.resizeSection(number, width)

    def _sort_by(self, column: int) -> None:
        ascending, descending = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
        if self._header.sorted_by != column:
            self._header.sorted_by, self._header.backwards = column, False
        elif not self._header.backwards:
            self._header.backwards = True
        else:
            self._header.sorted_by, self._header.backwards = -1, False
        self._table.sort(self._header.sorted_by, descending if self._header.backwards else ascending)
        self._header.viewport().update()

    def _tick_clicked(self, index: QModelIndex) -> None:
        if self._table.columns[index.column()].icon is not None:
            self.row_ticked.emit(self._table.row_at(index.row()))

    def _keep_place(self) -> None:
        index = self.currentIndex()
        self._kept = self._table.key_at(index.row()) if index.isValid() else None

    def _find_place(self) -> None:
        self._hovered = -1
        if self._kept is not None:
            self.choose(self._kept)

    def _paint_empty(self, painter: QPainter, worn: Look) -> None:
        title, how, icon = self._empty
        if self._table.is_filtered():
            title, how, icon = "چیزی با این واژه‌ها پیدا نشد", "واژه‌ی دیگری بنویسید یا صافی را پاک کنید.", "filter"
        middle = self.viewport().rect().adjusted(worn.px(24), 0, -worn.px(24), 0)
        middle.moveTop(middle.top() - worn.px(20))
        if icon:
            top = QRect(middle.x(), middle.center().y() - worn.px(66), middle.width(), worn.px(40))
            paint.sign(painter, top, icon, worn.theme.line, worn.px(40))
        painter.setFont(worn.font(BASE_PT + 1, bold=True))
        painter.setPen(worn.theme.muted)
        painter.drawText(middle, paint.MIDDLE, title)
        painter.setFont(worn.font(BASE_PT))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
        painter.drawText(middle.adjusted(0, middle.height() // 2 + worn.px(16), 0, worn.px(20)), flags, how)


def _too_many(columns: Sequence[Column[Any]], widths: Sequence[int], room: int) -> list[int]:
    """The numbers of the columns that give way so that the others fit."""
    going: list[int] = []
    for number in sorted(range(len(columns)), key=lambda number: -columns[number].spare):
        if sum(widths) - sum(widths[gone] for gone in going) <= room or not columns[number].spare:
            break
        going.append(number)
    return going


def _shared(columns: Sequence[Column[Any]], least: Sequence[int], room: int) -> list[int]:
    """The width of each column. What is left over goes to the stretching columns; once they have twice their least, the
    others grow a little too, up to `_GROWTH` times: otherwise the eye loses the line on the way across a wide screen.
    """
    enough = sum(wide for column, wide in zip(columns, least, strict=True) if column.stretch)
    left = max(0, room - sum(least) - enough)
    growing = [0 if column.stretch or column.icon else wide for column, wide in zip(columns, least, strict=True)]
    share = min(_GROWTH - 1, left / 2 / max(1, sum(growing)))
    widths = [wide + int(grown * share) for wide, grown in zip(least, growing, strict=True)]
    left = max(0, room - sum(widths))
    shares = max(1, sum(column.stretch for column in columns))
    return [wide + left * column.stretch // shares for wide, column in zip(widths, columns, strict=True)]


def as_lines(table: RowTable[Any], positions: Iterable[int]) -> str:
    """Headings and rows as tab-separated lines a spreadsheet can take without running any of it."""
    rows = [table.headings(), *(table.texts(place) for place in positions)]
    return "\n".join("\t".join(_harmless(text) for text in row) for row in rows)


def _harmless(text: str) -> str:
    flat = " ".join(text.split())
    return f"'{flat}" if flat.startswith(_FORMULA_STARTS) else flat
