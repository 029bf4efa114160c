"""Choosing and ticking, painted in the look of the other fields."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QListView, QSizePolicy, QWidget

from ui.style import look
from ui.theme import BASE_PT
from ui.widgets import paint

_SIDE = 20


class Choice(QComboBox):
    """A list of words with codes behind them. The wheel does not change it: it turns while pages scroll."""

    def __init__(self, options: tuple[tuple[str, str], ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setView(QListView())
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_options(options)

    def set_options(self, options: tuple[tuple[str, str], ...]) -> None:
        """Offer (code, words) pairs; the first is chosen."""
        self.clear()
        for code, words in options:
            self.addItem(words, code)

    def code(self) -> str:
        """The code of the choice, "" while there is none."""
        chosen = self.currentData()
        return chosen if isinstance(chosen, str) else ""

    def choose(self, code: str) -> None:
        """Choose by code; an unknown code chooses nothing."""
        self.setCurrentIndex(self.findData(code))

    def sizeHint(self) -> QSize:
        worn = look()
        metrics = QFontMetrics(worn.font(BASE_PT))
        widest = max((metrics.horizontalAdvance(self.itemText(place)) for place in range(self.count())), default=0)
        return QSize(max(widest + worn.px(60), worn.px(120)), worn.px(34))

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(100), look().px(34))

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, painter = look(), QPainter(self)
        theme = worn.theme
        fill = theme.card if self.isEnabled() else theme.header
        paint.box(painter, self.rect(), worn.px(8), fill, theme.primary if self.hasFocus() else theme.line)
        arrow = QRect(worn.px(6), 0, worn.px(_SIDE), self.height())
        paint.sign(painter, arrow, "chevron-down", theme.muted, worn.px(16))
        area = self.rect().adjusted(worn.px(32), 0, -worn.px(12), 0)
        font = worn.font(BASE_PT)
        painter.setFont(font)
        painter.setPen(QColor(theme.ink if self.isEnabled() else theme.muted))
        painter.drawText(area, paint.START, QFontMetrics(font).elidedText(self.currentText(), paint.CUT, area.width()))


class Tick(QCheckBox):
    """A tick box with words."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        worn = look()
        words = QFontMetrics(worn.font(BASE_PT)).horizontalAdvance(self.text())
        return QSize(words + worn.px(_SIDE + 12), worn.px(30))

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, painter = look(), QPainter(self)
        theme, side = worn.theme, worn.px(_SIDE)
        colour = theme.primary if self.isChecked() or self.hasFocus() else theme.muted
        place = QRect(self.width() - side, 0, side, self.height())
        paint.sign(painter, place, "square-check" if self.isChecked() else "square", colour, side)
        painter.setFont(worn.font(BASE_PT))
        painter.setPen(QColor(theme.ink if self.isEnabled() else theme.muted))
        painter.drawText(self.rect().adjusted(0, 0, -side - worn.px(8), 0), paint.START, self.text())

    def hitButton(self, _pos: object) -> bool:
        return True
