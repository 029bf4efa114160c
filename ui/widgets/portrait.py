"""The picture of a member, or a quiet sign where there is none."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.style import look
from ui.widgets import paint


class Portrait(QWidget):
    """72 by 92 pixels with round corners; the picture fills it and keeps its proportions."""

    def __init__(self) -> None:
        super().__init__()
        self._picture = QPixmap()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_picture(self, picture: QPixmap | None) -> None:
        """Show a picture, or the sign."""
        self._picture = picture or QPixmap()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px(72), look().px(92))

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, painter = look(), QPainter(self)
        radius = worn.px(8)
        if self._picture.isNull():
            paint.box(painter, self.rect(), radius, worn.theme.selected)
            paint.sign(painter, self.rect(), "user", worn.theme.primary, worn.px(36))
            return
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), radius, radius)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipPath(outline)
        painter.drawPixmap(self.rect(), self._picture, _part(self._picture, self.size()))


def _part(picture: QPixmap, shape: QSize) -> QRect:
    """The middle part of the picture that has the proportions of `shape`."""
    size = shape.scaled(picture.size(), Qt.AspectRatioMode.KeepAspectRatio)
    return QRect(
        (picture.width() - size.width()) // 2, (picture.height() - size.height()) // 2, size.width(), size.height()
    )
