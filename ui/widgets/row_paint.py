"""Paints the cells of a list from the ready texts of its model."""

from collections.abc import Callable
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from ui.style import look
from ui.theme import BASE_PT, SMALL_PT, Look, mixed
from ui.widgets import paint
from ui.widgets.labels import tip
from ui.widgets.row_header import CELL_PADDING, FLAGS
from ui.widgets.table import Align, Cell, Column, Index, RowTable

_ELIDE = Qt.TextElideMode.ElideRight


class _Fonts(NamedTuple):
    plain: QFont
    strong: QFont
    small: QFont
    number: QFont


class RowPainter(QStyledItemDelegate):
    """Fonts are made once per look, colours once per row; nothing is formatted here."""

    def __init__(self, table: RowTable[Any], hovered: Callable[[], int], parent: QObject) -> None:
        super().__init__(parent)
        self._table, self._hovered = table, hovered
        self._look = Look()
        self._fonts = _fonts(self._look)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        worn = self._wear()
        place, number = index.row(), index.column()
        area = _rect(option)
        paper = self._paper(place, option, worn)
        painter.fillRect(area, QColor(paper))
        painter.fillRect(area.x(), area.bottom(), area.width(), 1, QColor(worn.theme.line))
        if number == 0 and _is_selected(option):
            wide = worn.px(3)
            painter.fillRect(area.right() - wide + 1, area.y(), wide, area.height(), QColor(worn.theme.primary))
        cell, column = self._table.cell(place, number), self._table.columns[number]
        inner = area.adjusted(worn.px(CELL_PADDING), 0, -worn.px(CELL_PADDING), 0)
        ink = worn.theme.muted if self._table.is_faded(place) else worn.theme.ink
        if cell.icon:
            colour = worn.theme.primary if cell.icon == "square-check" else worn.theme.muted
            paint.sign(painter, area, cell.icon, colour, worn.px(20))
        elif column.pill:
            self._paint_pill(painter, inner, cell, column, worn)
        else:
            self._paint_text(painter, inner, cell, column, ink)

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """The whole text of a cell that is cut off."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return False
        cell, column = self._table.cell(index.row(), index.column()), self._table.columns[index.column()]
        room = _rect(option).width() - 2 * self._look.px(CELL_PADDING)
        lines = ((cell.text, self._font(column)), (cell.sub, self._fonts.small))
        cut = [text for text, font in lines if QFontMetrics(font).horizontalAdvance(text) > room]
        QToolTip.showText(event.globalPos(), tip(*cut), view)
        return True

    def _paint_text(self, painter: QPainter, area: QRect, cell: Cell, column: Column[object], ink: str) -> None:
        worn = self._look
        colour = worn.theme.hue(cell.tone).ink if cell.tone else ink
        if not cell.sub:
            _write(painter, area, cell.text, self._font(column), colour, column.align)
            return
        if not cell.text:
            _write(painter, area, cell.sub, self._fonts.small, worn.theme.muted, column.align)
            return
        middle = area.center().y()
        upper = QRect(area.x(), middle - worn.px(24), area.width(), worn.px(26))
        lower = QRect(area.x(), middle + worn.px(1), area.width(), worn.px(22))
        _write(painter, upper, cell.text, self._font(column), colour, column.align)
        _write(painter, lower, cell.sub, self._fonts.small, worn.theme.muted, column.align)

    def _paint_pill(self, painter: QPainter, area: QRect, cell: Cell, column: Column[object], worn: Look) -> None:
        if not cell.text or cell.tone is None:
            _write(painter, area, cell.text, self._fonts.plain, worn.theme.ink, column.align)
            return
        width = min(paint.pill_width(worn, cell.text), area.width())
        height = paint.pill_height(worn)
        left = area.x() if column.align is Align.END else area.right() - width + 1
        paint.pill(painter, QRect(left, area.center().y() - height // 2, width, height), cell.text, cell.tone, worn)

    def _paper(self, place: int, option: QStyleOptionViewItem, worn: Look) -> str:
        if _is_selected(option):
            return worn.theme.selected
        if place == self._hovered():
            return worn.theme.hover
        tint = self._table.tint_of(place)
        return mixed(worn.theme.hue(tint).paper, worn.theme.card, 0.55) if tint else worn.theme.card

    def _font(self, column: Column[object]) -> QFont:
        if column.number:
            return self._fonts.number
        return self._fonts.strong if column.strong else self._fonts.plain

    def _wear(self) -> Look:
        worn = look()
        if worn != self._look:
            self._look, self._fonts = worn, _fonts(worn)
        return worn


def _is_selected(option: QStyleOptionViewItem) -> bool:
    return bool(option.state & QStyle.StateFlag.State_Selected)


def _rect(option: QStyleOptionViewItem) -> QRect:
    return option.rect


def _fonts(worn: Look) -> _Fonts:
    return _Fonts(
        worn.font(BASE_PT), worn.font(BASE_PT, bold=True), worn.font(SMALL_PT), worn.font(BASE_PT, tabular=True)
    )


def _write(painter: QPainter, area: QRect, text: str, font: QFont, colour: str, align: Align) -> None:
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(area, FLAGS[align], QFontMetrics(font).elidedText(text, _ELIDE, area.width()))
