"""Labels that show text and never interpret it.

Qt guesses HTML in labels and tooltips; a book title may say `<img src=…>`. Everything a person, a file or a scanner
supplied goes to the screen through `Label`, `say` or `hint`.
"""

import html
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.icons import pixmap
from ui.style import look
from ui.theme import Tone

Role = Literal["", "title", "heading", "strong", "muted", "small", "number", "error", "banner"]

_START = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
_NARROWEST, _WIDEST = 48, 560
_LTR, _AUTO, _END = "\u2066", "\u2068", "\u2069"
# Marks that would turn over the text around them; in somebody else's text they are dropped before it is shown.
_TURNING = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def untwisted(text: str) -> str:
    """The text without characters that control direction (ZWNJ stays: it belongs to spelling)."""
    return text.translate(_TURNING)


def ltr(text: str) -> str:
    """A left-to-right island for Persian sentences: ISBN, telephone, call number, key name."""
    return f"{_LTR}{untwisted(text)}{_END}"


def isolate(text: str) -> str:
    """Foreign text inside a sentence, with a direction of its own: it cannot disturb what stands around it."""
    return f"{_AUTO}{untwisted(text)}{_END}"


def say(label: QLabel, text: str) -> None:
    """Show `text` as it is, letter by letter."""
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)


def hint(widget: QWidget, text: str) -> None:
    """A tooltip that shows `text` as it is."""
    widget.setToolTip(tip(text) if text else "")


def tip(*lines: str) -> str:
    """Lines for a tooltip, escaped because Qt reads tooltips as HTML; no lines, no tooltip."""
    return f"<span>{'<br>'.join(html.escape(line) for line in lines)}</span>" if lines else ""


def mark(widget: QWidget, **marks: str | bool) -> None:
    """Set properties the style sheet selects on, and dress the widget and its children anew if one has changed."""
    changed = False
    for name, value in marks.items():
        told = str(value).lower() if isinstance(value, bool) else str(value)
        if widget.property(name) != told:
            widget.setProperty(name, told)
            changed = True
    if changed:
        for dressed in (widget, *widget.findChildren(QWidget)):
            dressed.style().unpolish(dressed)
            dressed.style().polish(dressed)
        widget.update()


def _lines(text: str, font: QFont, width: int) -> list[str]:
    """The text cut into the lines that fit."""
    option = QTextOption()
    option.setTextDirection(Qt.LayoutDirection.RightToLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    cut: list[str] = []
    for paragraph in text.split("\n"):
        layout = QTextLayout(paragraph, font)
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            units = paragraph.encode("utf-16-le")
            start = 2 * line.textStart()
            cut.append(units[start : start + 2 * line.textLength()].decode("utf-16-le").strip())
        layout.endLayout()
    return cut


class Label(QLabel):
    """Plain text in one of the roles of the style sheet; with `wrap` as many lines as it takes, otherwise one line that
    ends in … where there is no room (the whole text is in the tooltip then). No text, however long, widens the window.
    """

    def __init__(self, text: str = "", role: Role = "", *, wrap: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setWordWrap(wrap)
        say(self, text)

    def say(self, text: str) -> None:
        """Show another text."""
        say(self, text)
        self._note_what_is_cut()

    def set_tone(self, tone: Tone | None) -> None:
        """Colour the words, or take the colour away."""
        mark(self, tone=tone.value if tone else "")

    def sizeHint(self) -> QSize:
        natural = super().sizeHint()
        return natural if self.wordWrap() else QSize(min(natural.width(), look().px(_WIDEST)), natural.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), look().px(_NARROWEST)), self.fontMetrics().lineSpacing())

    def heightForWidth(self, width: int) -> int:
        if not self.wordWrap():
            return super().heightForWidth(width)
        return len(_lines(self.text(), self.font(), width)) * self.fontMetrics().lineSpacing()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._note_what_is_cut()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().windowText().color())
        if not self.wordWrap():
            painter.drawText(self.rect(), _START, self._cut())
            return
        # QLabel indents every wrapped right-to-left line but the last by the space it was broken at.
        tall = self.fontMetrics().lineSpacing()
        for place, line in enumerate(_lines(self.text(), self.font(), self.width())):
            painter.drawText(QRectF(0, place * tall, self.width(), tall), _START, line)

    def _cut(self) -> str:
        line = " ".join(self.text().splitlines())
        return self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, self.width())

    def _note_what_is_cut(self) -> None:
        if not self.wordWrap():
            cut = self.fontMetrics().horizontalAdvance(self.text()) > self.width()
            hint(self, self.text() if cut else "")


class IconLabel(QWidget):
    """A small sign in a colour of the theme."""

    def __init__(self, name: str = "", tone: Tone | None = None, size: int = 20, role: str = "muted") -> None:
        super().__init__()
        self._name, self._tone, self._size, self._role = name, tone, size, role
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_icon(self, name: str, tone: Tone | None = None) -> None:
        """Change the sign and its colour."""
        self._name, self._tone = name, tone
        self.update()

    def sizeHint(self) -> QSize:
        side = look().px(self._size)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self._name:
            return
        worn = look()
        colour = worn.theme.hue(self._tone).ink if self._tone else worn.theme.roles()[self._role]
        side = worn.px(self._size)
        picture = pixmap(self._name, colour, side, self.devicePixelRatioF())
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        QPainter(self).drawPixmap(box.topLeft(), picture)
