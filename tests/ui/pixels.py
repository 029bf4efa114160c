"""Looking at what a widget paints."""

from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget


def places_of(widget: QWidget, colour: str) -> list[QPoint]:
    """Where the widget paints exactly this colour."""
    picture = widget.grab().toImage()
    wanted = QColor(colour).rgb()
    wide, tall = picture.width(), picture.height()
    return [QPoint(x, y) for y in range(tall) for x in range(wide) if picture.pixel(x, y) == wanted]
