"""Bar charts in the colours of the theme, with Persian digits; the first bar stands at the right, as columns do."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QImageWriter, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.persian.digits import number
from ui.style import look
from ui.theme import SMALL_PT, Look, Tone
from ui.widgets import paint


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label (ready Persian text) and its value, zero or more."""

    label: str
    value: int
    tone: Tone | None = None


class BarChart(QWidget):
    """Upright bars for time, lying bars (`lying=True`) for things with long names."""

    def __init__(self, *, lying: bool = False) -> None:
        super().__init__()
        self._bars: tuple[Bar, ...] = ()
        self._caption = ""
        self._lying = lying
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_bars(self, bars: Sequence[Bar], caption: str = "") -> None:
        """Show these bars; `caption` says under them what is counted and over what time."""
        self._bars, self._caption = tuple(bars), caption
        told = "، ".join(f"{bar.label}: {number(bar.value)}" for bar in bars)
        self.setAccessibleName(f"{caption}. {told}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        height = 30 * max(1, len(self._bars)) + 28 if self._lying else 150
        return QSize(look().px(300), look().px(height))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(120), look().px(110))

    def png(self, width: int = 1200, height: int = 600) -> bytes:
        """The chart as a PNG file's content, on the colour of a card."""
        picture = QImage(width, height, QImage.Format.Format_RGB32)
        worn = look()
        doubled = Look(worn.theme, 200)
        picture.fill(QColor(worn.theme.card))
        painter = QPainter(picture)
        margin = doubled.px(16)
        self._paint(painter, picture.rect().adjusted(margin, margin, -margin, -margin), doubled)
        painter.end()
        kept = QByteArray()
        buffer = QBuffer(kept)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, b"png").write(picture)
        return bytes(kept.data())

    def paintEvent(self, _event: QPaintEvent) -> None:
        self._paint(QPainter(self), self.rect(), look())

    def _paint(self, painter: QPainter, area: QRect, worn: Look) -> None:
        caption = worn.px(24) if self._caption else 0
        painter.setFont(worn.font(SMALL_PT))
        painter.setPen(QColor(worn.theme.muted))
        painter.drawText(area.adjusted(0, area.height() - caption, 0, 0), paint.START, self._caption)
        plot = area.adjusted(0, 0, 0, -caption)
        if not any(bar.value for bar in self._bars):
            painter.drawText(plot, paint.MIDDLE, "هنوز چیزی برای نشان دادن نیست")
        elif self._lying:
            self._paint_lying(painter, plot, worn)
        else:
            self._paint_upright(painter, plot, worn)

    def _paint_upright(self, painter: QPainter, plot: QRect, worn: Look) -> None:
        text, most = worn.px(20), max(bar.value for bar in self._bars)
        ground = plot.bottom() - text
        room = ground - plot.top() - text
        step = plot.width() / len(self._bars)
        thick = min(step * 0.62, worn.px(40))
        painter.fillRect(plot.x(), ground, plot.width(), 1, QColor(worn.theme.line))
        for place, bar in enumerate(self._bars):
            tall = round(room * bar.value / most)
            centre = plot.right() + 1 - step * (place + 0.5)
            _box(painter, QRectF(centre - thick / 2, ground - tall, thick, tall), bar, worn, upright=True)
            slot = QRect(round(centre - step / 2), 0, round(step), text)
            _write(painter, slot.translated(0, ground + worn.px(1)), bar.label, worn.theme.muted)
            _write(painter, slot.translated(0, ground - tall - text), number(bar.value), worn.theme.ink)

    def _paint_lying(self, painter: QPainter, plot: QRect, worn: Look) -> None:
        metrics = QFontMetrics(worn.font(SMALL_PT))
        most = max(bar.value for bar in self._bars)
        labels = min(max(metrics.horizontalAdvance(bar.label) for bar in self._bars), plot.width() // 2) + worn.px(10)
        figures = max(metrics.horizontalAdvance(number(bar.value)) for bar in self._bars) + worn.px(10)
        step = plot.height() / len(self._bars)
        thick = min(step * 0.62, worn.px(20))
        room = plot.width() - labels - figures
        start = plot.right() + 1 - labels
        for place, bar in enumerate(self._bars):
            top = plot.y() + step * (place + 0.5) - thick / 2
            long = room * bar.value / most
            _box(painter, QRectF(start - long, top, long, thick), bar, worn, upright=False)
            slot = QRect(start + worn.px(8), round(top), labels - worn.px(8), round(thick))
            _write(painter, slot, bar.label, worn.theme.muted, paint.START)
            end = QRect(round(start - long) - figures, round(top), figures - worn.px(6), round(thick))
            _write(painter, end, number(bar.value), worn.theme.ink, paint.START)


def _write(painter: QPainter, area: QRect, text: str, colour: str, flags: Qt.AlignmentFlag = paint.MIDDLE) -> None:
    painter.setPen(QColor(colour))
    painter.drawText(area, flags, painter.fontMetrics().elidedText(text, paint.CUT, area.width()))


def _box(painter: QPainter, area: QRectF, bar: Bar, worn: Look, *, upright: bool) -> None:
    if not bar.value:
        return
    fill = worn.theme.hue(bar.tone).ink if bar.tone else worn.theme.primary
    least = area.united(area.adjusted(0, -2, 0, 0) if upright else area.adjusted(-2, 0, 0, 0))
    paint.box(painter, least, min(worn.px(3), least.width() / 2, least.height() / 2), fill)
