"""Small rounded marks: a state in one or two words, a key on the keyboard."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.style import look
from ui.theme import Tone
from ui.widgets import paint
from ui.widgets.labels import ltr


class Pill(QWidget):
    """A state, as in «مجاز به امانت». Plain text, painted, never interpreted."""

    def __init__(self, text: str = "", tone: Tone = Tone.NEUTRAL, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text, self._tone = text, tone
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def show_state(self, text: str, tone: Tone) -> None:
        """Change the words and their tone; no words, no pill."""
        self._text, self._tone = text, tone
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The words shown."""
        return self._text

    def tone(self) -> Tone:
        """The tone shown."""
        return self._tone

    def sizeHint(self) -> QSize:
        worn = look()
        return QSize(paint.pill_width(worn, self._text), paint.pill_height(worn))

    def paintEvent(self, _event: QPaintEvent) -> None:
        paint.pill(QPainter(self), self.rect(), self._text, self._tone, look())


class KeyCap(QWidget):
    """A key as it looks on the keyboard: Ctrl+K."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(key)

    def sizeHint(self) -> QSize:
        worn = look()
        wide = QFontMetrics(worn.font(paint.PILL_PT)).horizontalAdvance(self._key) + worn.px(16)
        return QSize(max(wide, worn.px(32)), worn.px(24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, painter = look(), QPainter(self)
        paint.box(painter, self.rect(), worn.px(5), worn.theme.header, worn.theme.line)
        painter.setFont(worn.font(paint.PILL_PT))
        painter.setPen(QColor(worn.theme.ink))
        painter.drawText(self.rect(), paint.MIDDLE, ltr(self._key))
