"""Shapes that several widgets paint alike: rounded boxes, status pills, ticks."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen

from ui.icons import pixmap
from ui.theme import Look, Tone

PILL_PT = 9.0
_WIDEST_PILL = 260
START = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
END = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
MIDDLE = Qt.AlignmentFlag.AlignCenter
CUT = Qt.TextElideMode.ElideRight


def box(painter: QPainter, area: QRect | QRectF, radius: float, fill: str, edge: str = "", width: float = 1) -> None:
    """A rounded box with a crisp edge inside `area`."""
    inset = width / 2 if edge else 0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(edge), width) if edge else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(fill) if fill else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(area).adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def pill_height(look: Look) -> int:
    """The height of a status pill."""
    return look.px(22)


def pill_width(look: Look, text: str) -> int:
    """The width of a status pill around `text`."""
    return min(QFontMetrics(look.font(PILL_PT, bold=True)).horizontalAdvance(text) + look.px(20), look.px(_WIDEST_PILL))


def pill(painter: QPainter, area: QRect, text: str, tone: Tone, look: Look) -> None:
    """A status pill filling `area`."""
    hue = look.theme.hue(tone)
    box(painter, area, look.px(10), hue.paper)
    font = look.font(PILL_PT, bold=True)
    painter.setFont(font)
    painter.setPen(QColor(hue.ink))
    painter.drawText(area, MIDDLE, QFontMetrics(font).elidedText(text, CUT, area.width() - look.px(16)))


def sign(painter: QPainter, area: QRect, name: str, colour: str, side: int) -> None:
    """An icon in the middle of `area`."""
    device = painter.device()
    picture = pixmap(name, colour, side, device.devicePixelRatioF() if device else 1.0)
    corner = QPointF(area.x() + (area.width() - side) / 2, area.y() + (area.height() - side) / 2)
    painter.drawPixmap(corner, picture)
