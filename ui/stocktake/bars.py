"""How far each class has been read, as bars that fill."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.persian.digits import number, percent
from app.statistics.classes import class_words
from app.stocktake.tally import ClassProgress, Progress
from ui.style import look
from ui.theme import SMALL_PT, Look, Tone
from ui.widgets import paint

_ROW, _BAR = 38, 8
WHOLE = "همه"


class ClassBars(QWidget):
    """A bar for the whole session and one for each class: the label, how many of how many, and what is filled."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[tuple[str, int, int], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_progress(self, progress: Progress) -> None:
        """Show how far a session has come."""
        self._lines = ((WHOLE, progress.seen, progress.expected), *_lines(progress.classes))
        told = "، ".join(f"{label}: {number(seen)} از {number(all_)}" for label, seen, all_ in self._lines)
        self.setAccessibleName(f"پیشرفت رف‌خوانی. {told}")
        self.updateGeometry()
        self.update()

    def lines(self) -> tuple[tuple[str, int, int], ...]:
        """Label, seen and expected of every bar."""
        return self._lines

    def sizeHint(self) -> QSize:
        return QSize(look().px(260), look().px(_ROW * max(1, len(self._lines))))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(120), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, painter = look(), QPainter(self)
        for place, line in enumerate(self._lines):
            top = worn.px(_ROW) * place
            self._paint_line(painter, QRect(0, top, self.width(), worn.px(_ROW)), line, worn)

    def _paint_line(self, painter: QPainter, area: QRect, line: tuple[str, int, int], worn: Look) -> None:
        label, seen, expected = line
        words = area.adjusted(0, 0, 0, -worn.px(_BAR + 8))
        figures = f"{number(seen)} از {number(expected)} · {percent(seen, expected)}"
        room = QFontMetrics(worn.font(SMALL_PT)).horizontalAdvance(figures) + worn.px(8)
        painter.setFont(worn.font(SMALL_PT, bold=label == WHOLE))
        painter.setPen(QColor(worn.theme.ink))
        name = words.adjusted(room, 0, 0, 0)
        painter.drawText(name, paint.START, painter.fontMetrics().elidedText(label, paint.CUT, name.width()))
        painter.setFont(worn.font(SMALL_PT))
        painter.setPen(QColor(worn.theme.muted))
        painter.drawText(words, paint.END, figures)
        track = QRectF(area.x(), words.bottom() + worn.px(2), area.width(), worn.px(_BAR))
        paint.box(painter, track, worn.px(4), worn.theme.header)
        if seen and expected:
            wide = max(track.height(), track.width() * min(seen, expected) / expected)
            fill = worn.theme.hue(Tone.OK).ink if seen >= expected else worn.theme.primary
            paint.box(painter, QRectF(track.right() - wide, track.y(), wide, track.height()), worn.px(4), fill)


def _lines(classes: Sequence[ClassProgress]) -> tuple[tuple[str, int, int], ...]:
    return tuple((class_words(one.main_class), one.seen, one.expected) for one in classes)
