"""The dark strip at the right: the name of the program and the library, the pages with their keys."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.page import Group, PageSpec
from ui.style import look
from ui.theme import BASE_PT, mixed
from ui.widgets import paint
from ui.widgets.buttons import Pressable
from ui.widgets.labels import Label, hint
from ui.widgets.layouts import column

_WIDTH = 198
_NARROW = 64
_HIGH = 25  # so that all pages fit the usual branch screen
_KEY_PT = 8.0


class NavButton(Pressable):
    """One page: icon, name, key."""

    def __init__(self, spec: PageSpec) -> None:
        super().__init__()
        self.spec = spec
        self._compact = False
        self.setText(spec.title)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_compact(self, compact: bool) -> None:
        """Show only the sign and the key; the name goes to the tooltip."""
        self._compact = compact
        hint(self, self.spec.title if compact else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(look().px((_NARROW if self._compact else _WIDTH) - 20), look().px(_HIGH))

    def paintEvent(self, _event: QPaintEvent) -> None:
        worn, painter = look(), QPainter(self)
        theme, on = worn.theme, self.isChecked()
        if on or self.underMouse() or self.hasFocus():
            fill = theme.nav_on if on else mixed(theme.nav_on, theme.nav, 0.55)
            paint.box(painter, self.rect(), worn.px(8), fill, theme.nav_muted if self.hasFocus() else "")
        side = worn.px(20)
        colour = theme.nav_on_ink if on else theme.nav_muted
        if self._compact:
            paint.sign(painter, self.rect(), self.spec.icon, colour, side)
            return
        area = self.rect().adjusted(worn.px(10), 0, -worn.px(10), 0)
        sign = QRect(area.right() - side + 1, 0, side, self.height())
        paint.sign(painter, sign, self.spec.icon, colour, side)
        area = self._paint_key(painter, area)
        font = worn.font(BASE_PT, bold=on)
        painter.setFont(font)
        painter.setPen(QColor(theme.nav_on_ink if on else theme.nav_ink))
        words = area.adjusted(0, 0, -side - worn.px(10), 0)
        painter.drawText(words, paint.START, QFontMetrics(font).elidedText(self.text(), paint.CUT, words.width()))

    def _paint_key(self, painter: QPainter, area: QRect) -> QRect:
        if not self.spec.shortcut:
            return area
        worn = look()
        font = worn.font(_KEY_PT)
        wide = max(worn.px(24), QFontMetrics(font).horizontalAdvance(self.spec.shortcut) + worn.px(8))
        high = worn.px(19)
        cap = QRect(area.x(), (self.height() - high) // 2, wide, high)
        paint.box(painter, cap, worn.px(4), "", worn.theme.nav_line)
        painter.setFont(font)
        painter.setPen(QColor(worn.theme.nav_muted))
        painter.drawText(cap, paint.MIDDLE, self.spec.shortcut)
        return area.adjusted(wide + worn.px(6), 0, 0, 0)


class Navigation(QFrame):
    """`asked` carries the key of the page whose entry was pressed."""

    asked = Signal(str)

    def __init__(self, specs: Sequence[PageSpec], library: str) -> None:
        super().__init__()
        self.setObjectName("nav")
        self._buttons = {spec.key: NavButton(spec) for spec in specs}
        self._only_one = QButtonGroup(self)
        brand = Label("پیشخان")
        brand.setObjectName("brand")
        self._library = Label(library, wrap=True)
        self._head = QWidget()
        self._head.setLayout(column(brand, self._library, gap=4, margins=(20, 12, 24, 8)))
        self._gap = QWidget()
        self._gap.setFixedHeight(look().px(14))
        self._scroll = self._entries()
        self.setLayout(column(self._head, self._gap, self._scroll, gap=0))
        self.set_compact(False)
        for key, button in self._buttons.items():
            self._only_one.addButton(button)
            button.clicked.connect(lambda _=False, key=key: self.asked.emit(key))

    def show_current(self, key: str) -> None:
        """Light the entry of the page in front, and bring it into sight on a low screen."""
        self._buttons[key].setChecked(True)
        self._scroll.ensureWidgetVisible(self._buttons[key])

    def set_compact(self, compact: bool) -> None:
        """Shrink to signs, where the screen is narrow for the scale."""
        self._head.setVisible(not compact)
        self._gap.setVisible(compact)
        for button in self._buttons.values():
            button.set_compact(compact)
        self.setFixedWidth(look().px(_NARROW if compact else _WIDTH))

    def set_library(self, name: str) -> None:
        """The name of the library under the name of the program."""
        self._library.say(name)

    def _entries(self) -> QScrollArea:
        entries = column(gap=1, margins=(10, 0, 10, 8))
        for group in Group:
            buttons = [button for button in self._buttons.values() if button.spec.group is group]
            if group is Group.LAST:
                entries.addStretch(1)
            if buttons and group is not Group.DESK:
                _add_rule(entries)
            for button in buttons:
                entries.addWidget(button)
        if not any(button.spec.group is Group.LAST for button in self._buttons.values()):
            entries.addStretch(1)
        inner = QWidget()
        inner.setLayout(entries)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return scroll


def _add_rule(entries: QVBoxLayout) -> None:
    rule = QFrame()
    rule.setObjectName("rule")
    rule.setFixedHeight(1)
    entries.addLayout(column(rule, margins=(10, 4, 10, 4)))
