"""Rows and columns of widgets in few words, and a layout that wraps.

Gaps are given for 100 % and scaled when the layout is made; after a change of scale pages are built anew.
"""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QLayoutItem, QVBoxLayout, QWidget

from ui.style import look

Item = QWidget | QLayout | int | None
Margins = tuple[int, int, int, int]  # left, top, right, bottom

_NONE: Margins = (0, 0, 0, 0)


def row(*items: Item, gap: int = 8, margins: Margins = _NONE) -> QHBoxLayout:
    """Side by side, the first at the right edge of a Persian window. None is a spring, a number a gap of that size."""
    made = QHBoxLayout()
    _fill(made, items, gap, margins)
    return made


def column(*items: Item, gap: int = 8, margins: Margins = _NONE) -> QVBoxLayout:
    """One under the other. None is a spring, a number a gap of that size."""
    made = QVBoxLayout()
    _fill(made, items, gap, margins)
    return made


def scaled(left: int, top: int, right: int, bottom: int) -> Margins:
    """Margins of the 100 % design at the scale worn now."""
    worn = look()
    return worn.px(left), worn.px(top), worn.px(right), worn.px(bottom)


def emptied(layout: QLayout) -> None:
    """Take every widget out of a layout; they are gone from the screen, and for their keys, at once."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _fill(made: QBoxLayout, items: tuple[Item, ...], gap: int, margins: Margins) -> None:
    made.setSpacing(look().px(gap))
    made.setContentsMargins(*scaled(*margins))
    for item in items:
        if item is None:
            made.addStretch(1)
        elif isinstance(item, int):
            made.addSpacing(look().px(item))
        elif isinstance(item, QLayout):
            made.addLayout(item)
        else:
            made.addWidget(item)


class Flow(QLayout):
    """Widgets in reading order, wrapped into as many lines as the width asks for."""

    def __init__(self, *widgets: QWidget, gap: int = 8) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self.setSpacing(look().px(gap))
        self.setContentsMargins(0, 0, 0, 0)
        for widget in widgets:
            self.addWidget(widget)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return max((place.bottom() + 1 for _, place in self._placed(width)), default=0)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._visible()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        return QSize(width, max((size.height() for size in sizes), default=0))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._visible()]
        return QSize(max((size.width() for size in sizes), default=0), max((s.height() for s in sizes), default=0))

    def setGeometry(self, area: QRect) -> None:
        super().setGeometry(area)
        for item, place in self._placed(area.width()):
            mirrored = QPoint(area.right() - place.right(), area.y() + place.y())
            item.setGeometry(QRect(mirrored, place.size()))

    def _visible(self) -> list[QLayoutItem]:
        return [item for item in self._items if not item.isEmpty()]

    def _placed(self, width: int) -> list[tuple[QLayoutItem, QRect]]:
        """Each item with its place, as if reading from the left; `setGeometry` turns it over."""
        placed: list[tuple[QLayoutItem, QRect]] = []
        y = 0
        for line in self._lines(width):
            tall = max(item.sizeHint().height() for item in line)
            x = 0
            for item in line:
                size = item.sizeHint()
                placed.append((item, QRect(QPoint(x, y + (tall - size.height()) // 2), size)))
                x += size.width() + self.spacing()
            y += tall + self.spacing()
        return placed

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = []
        room = -1
        for item in self._visible():
            if not lines or item.sizeHint().width() > room:
                lines.append([])
                room = width
            lines[-1].append(item)
            room -= item.sizeHint().width() + self.spacing()
        return lines
