"""The steps of a piece of work as a row of chips with arrows: done, now, to come."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.persian.digits import number
from ui.style import look
from ui.theme import Look
from ui.widgets import paint

_ARROW = 34
_MARK = 18


class Steps(QWidget):
    """`current` counts from 0; the steps before it are done. A name may carry a term («رئیس اداره (۷ روز)»)."""

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_steps(self, names: Sequence[str], current: int) -> None:
        """Show these steps; a `current` beyond the last means all is done."""
        self._names = tuple(f"{number(place)} {name}" for place, name in enumerate(names, start=1))
        self._current = current
        now = self._names[current] if current < len(self._names) else "پایان یافته"
        self.setAccessibleName(f"مرحله: {now}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        worn = look()
        wide = sum(self._widths(worn)) + worn.px(_ARROW) * max(0, len(self._names) - 1)
        return QSize(wide, worn.px(26))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(80), look().px(26))

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, painter, right = look(), QPainter(self), self.width()
        spare = self.width() - self.sizeHint().width()
        squeeze = max(0, -spare) // max(1, len(self._names))
        for place, wide in enumerate(self._widths(worn)):
            chip = QRect(right - wide + squeeze, 0, wide - squeeze, self.height())
            self._paint_chip(painter, chip, place, worn)
            right = chip.left() - worn.px(_ARROW)
            if place + 1 < len(self._names):
                arrow = QRect(right, 0, worn.px(_ARROW), self.height())
                paint.sign(painter, arrow, "arrow-left", worn.theme.muted, worn.px(16))

    def _paint_chip(self, painter: QPainter, chip: QRect, place: int, worn: Look) -> None:
        theme = worn.theme
        fill, ink = theme.slate_soft, theme.slate
        if place < self._current:
            fill, ink = theme.green_soft, theme.green
        elif place == self._current:
            fill, ink = theme.primary, theme.on_primary
        paint.box(painter, chip, worn.px(12), fill)
        area = chip.adjusted(worn.px(10), 0, -worn.px(10), 0)
        if place < self._current:
            side = worn.px(_MARK - 4)
            paint.sign(painter, QRect(area.right() - side + 1, 0, side, self.height()), "check", ink, side)
            area.adjust(0, 0, -worn.px(_MARK), 0)
        font = worn.font(paint.PILL_PT, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        text = QFontMetrics(font).elidedText(self._names[place], paint.CUT, area.width())
        painter.drawText(area, paint.START, text)

    def _widths(self, worn: Look) -> list[int]:
        metrics = QFontMetrics(worn.font(paint.PILL_PT, bold=True))
        done = worn.px(_MARK)
        return [
            metrics.horizontalAdvance(name) + worn.px(21) + (done if place < self._current else 0)
            for place, name in enumerate(self._names)
        ]
