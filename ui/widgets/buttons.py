"""Buttons that show their key. None of them answers to Enter: scanners send Enter after every code."""

from collections.abc import Callable
from typing import Literal, NamedTuple

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.keys import WINDOW_KEYS
from ui.style import look
from ui.theme import BASE_PT, Look
from ui.widgets import paint
from ui.widgets.labels import hint, ltr

Kind = Literal["primary", "secondary", "danger", "quiet"]

_KEY_PT = 8.5
_ICON = 18


class Paints(NamedTuple):
    """The colours of a button in one state."""

    fill: str
    edge: str
    text: str
    key: str


class Pressable(QAbstractButton):
    """What all our buttons share: no Enter, a hand, a redraw under the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Some desktops let Enter press a focused button; a barcode ends in Enter.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
            return
        super().keyPressEvent(event)


def listen(owner: QWidget, key: str, run: Callable[[], object]) -> QShortcut:
    """Run something at a key while `owner` is on screen. «Ctrl+Enter» means both keys that are called Enter."""
    shortcut = QShortcut(owner)
    names = (key, key.replace("Enter", "Return"))
    shortcut.setKeys([QKeySequence(name) for name in dict.fromkeys(names)])
    shortcut.activated.connect(run)
    return shortcut


class Button(Pressable):
    """A button with words and, beside them, the key that does the same.

    The key is listened to while the button is on screen and enabled, except for the keys the window owns
    (`ui.keys.WINDOW_KEYS`), which are only shown.
    """

    def __init__(
        self, text: str, key: str = "", kind: Kind = "secondary", icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self._key, self._kind, self._icon = key, kind, icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if key and key not in WINDOW_KEYS:
            listen(self, key, self.click)

    def key(self) -> str:
        """The key shown on the button."""
        return self._key

    def kind(self) -> Kind:
        """How the button is dressed."""
        return self._kind

    def wear(self, kind: Kind) -> None:
        """Dress the button as another kind: the chosen one of several."""
        self._kind = kind
        self.update()

    def set_words(self, text: str, tip: str = "") -> None:
        """Change the words, and what the pointer is told."""
        self.setText(text)
        hint(self, tip)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        worn = look()
        width = QFontMetrics(worn.font(BASE_PT, bold=True)).horizontalAdvance(self.text()) + 2 * worn.px(14)
        if self._icon:
            width += worn.px(_ICON + 8)
        if self._key:
            width += self._key_width(worn) + worn.px(10)
        return QSize(width, worn.px(36))

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn = look()
        paints = self._paints(worn)
        painter = QPainter(self)
        focus = worn.theme.primary if self.hasFocus() else paints.edge
        paint.box(painter, self.rect(), worn.px(8), paints.fill, focus, 2 if self.hasFocus() else 1)
        area = self.rect().adjusted(worn.px(14), 0, -worn.px(14), 0)
        area = self._paint_icon(painter, area, paints, worn)
        area = self._paint_key(painter, area, paints, worn)
        painter.setFont(worn.font(BASE_PT, bold=True))
        painter.setPen(QColor(paints.text))
        painter.drawText(area, paint.START if self._key or self._icon else paint.MIDDLE, self.text())

    def _paint_icon(self, painter: QPainter, area: QRect, paints: Paints, worn: Look) -> QRect:
        if not self._icon:
            return area
        side = worn.px(_ICON)
        place = QRect(area.right() - side + 1, area.y(), side, area.height())
        paint.sign(painter, place, self._icon, paints.text, side)
        return area.adjusted(0, 0, -side - worn.px(8), 0)

    def _paint_key(self, painter: QPainter, area: QRect, paints: Paints, worn: Look) -> QRect:
        if not self._key:
            return area
        painter.setFont(worn.font(_KEY_PT))
        painter.setPen(QColor(paints.key))
        painter.drawText(area, paint.END, ltr(self._key))
        return area.adjusted(self._key_width(worn) + worn.px(10), 0, 0, 0)

    def _key_width(self, worn: Look) -> int:
        return QFontMetrics(worn.font(_KEY_PT)).horizontalAdvance(self._key)

    def _paints(self, worn: Look) -> Paints:
        theme = worn.theme
        lit = self.isDown() or (self.underMouse() and self.isEnabled())
        if not self.isEnabled():
            return Paints(theme.header, theme.line, theme.muted, theme.muted)
        if self._kind == "primary":
            fill = theme.primary_hover if lit else theme.primary
            return Paints(fill, "", theme.on_primary, theme.on_primary)
        if self._kind == "danger":
            return Paints(theme.red_soft if lit else theme.card, theme.red, theme.red, theme.muted)
        quiet = self._kind == "quiet"
        rest = "" if quiet else theme.card
        return Paints(theme.hover if lit else rest, "" if quiet else theme.line, theme.ink, theme.muted)


class IconButton(Pressable):
    """A button that is only a sign; `text` says in words what it does, to the pointer and to screen readers."""

    def __init__(self, icon: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setAccessibleName(text)
        hint(self, text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = look().px(32)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn = look()
        painter = QPainter(self)
        if self.underMouse() or self.hasFocus():
            edge = worn.theme.primary if self.hasFocus() else ""
            paint.box(painter, self.rect(), worn.px(8), worn.theme.hover, edge)
        paint.sign(painter, self.rect(), self._icon, worn.theme.muted, worn.px(_ICON))
