"""The light strip of headings above a list, with the sign of the order."""

from typing import Any

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from ui.style import look
from ui.theme import Look
from ui.widgets import paint
from ui.widgets.table import Align, RowTable

_HEADING_PT = 9.5
CELL_PADDING = 12


class RowHeader(QHeaderView):
    """Paints itself whole: headings at the start of their columns, rounded upper corners where it crowns a card."""

    def __init__(self, table: RowTable[Any], parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table = table
        self.crowns_card = True
        self.sorted_by = -1
        self.backwards = False
        self.setSectionsClickable(True)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)
        self.viewport().setAutoFillBackground(False)

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn = look()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self.viewport().rect()
        painter.fillPath(self._strip(area, worn), QColor(worn.theme.header))
        painter.fillRect(area.x(), area.bottom(), area.width(), 1, QColor(worn.theme.line))
        for number in range(self.count()):
            if self.isSectionHidden(number):
                continue
            place = QRect(self.sectionViewportPosition(number), 0, self.sectionSize(number), self.height())
            self._paint_heading(painter, place, number, worn)

    def _strip(self, area: QRect, worn: Look) -> QPainterPath:
        path = QPainterPath()
        if not self.crowns_card:
            path.addRect(QRectF(area))
            return path
        radius = worn.px(10) - 1
        path.setFillRule(Qt.FillRule.WindingFill)
        path.addRoundedRect(QRectF(area), radius, radius)
        path.addRect(QRectF(area).adjusted(0, radius, 0, 0))
        return path

    def _paint_heading(self, painter: QPainter, place: QRect, number: int, worn: Look) -> None:
        heading, align = self._table.columns[number].heading, self._table.columns[number].align
        ordered = number == self.sorted_by
        font = worn.font(_HEADING_PT, bold=ordered)
        painter.setFont(font)
        painter.setPen(QColor(worn.theme.ink if ordered else worn.theme.muted))
        area = place.adjusted(worn.px(CELL_PADDING), 0, -worn.px(CELL_PADDING), 0)
        text = QFontMetrics(font).elidedText(heading, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, FLAGS[align], text)
        if ordered:
            width = QFontMetrics(font).horizontalAdvance(text)
            sign = QRect(area.right() - width - worn.px(20), area.y(), worn.px(16), area.height())
            paint.sign(painter, sign, "chevron-down" if self.backwards else "chevron-up", worn.theme.ink, worn.px(14))


FLAGS = {Align.START: paint.START, Align.MIDDLE: paint.MIDDLE, Align.END: paint.END}
