"""One line of plain text with parts in bold, colour or another size, without HTML."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.style import look
from ui.theme import BASE_PT, Tone


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a line. `role` is a text role of the theme (ink, muted); `tone`, where given, wins over it."""

    text: str
    strong: bool = False
    role: str = "ink"
    tone: Tone | None = None
    points: float = BASE_PT


class RunLabel(QWidget):
    """Shows parts one after another in reading order; what does not fit is faded out at the end by cutting."""

    def __init__(self, *parts: Part, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.text())

    def say(self, *parts: Part) -> None:
        """Show other parts."""
        self._parts = parts
        self.setAccessibleName(self.text())
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """The whole line."""
        return "".join(part.text for part in self._parts)

    def sizeHint(self) -> QSize:
        bounds = self._laid_out().boundingRect()
        return QSize(int(bounds.width()) + 2, int(bounds.height()) + 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(look().px(40), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        line = self._laid_out(self.width())
        line.draw(QPainter(self), QPointF(0, (self.height() - line.boundingRect().height()) / 2))

    def _laid_out(self, width: float = 1e5) -> QTextLayout:
        option = QTextOption(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignAbsolute)
        option.setTextDirection(Qt.LayoutDirection.RightToLeft)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout = QTextLayout(self.text(), look().font())
        layout.setTextOption(option)
        layout.setFormats(self._formats())
        layout.beginLayout()
        line = layout.createLine()
        if line.isValid():
            line.setLineWidth(width)
        layout.endLayout()
        return layout

    def _formats(self) -> list[QTextLayout.FormatRange]:
        made, at = [], 0
        for part in self._parts:
            run = QTextLayout.FormatRange()
            # QTextLayout counts UTF-16 units, Python counts characters.
            length = len(part.text.encode("utf-16-le")) // 2
            run.start, run.length, run.format = at, length, _format(part)
            at += length
            made.append(run)
        return made


def _format(part: Part) -> QTextCharFormat:
    worn = look()
    style = QTextCharFormat()
    style.setFont(worn.font(part.points, bold=part.strong))
    colour = worn.theme.hue(part.tone).ink if part.tone else worn.theme.roles()[part.role]
    style.setForeground(QColor(colour))
    return style
