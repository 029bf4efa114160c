"""The chosen copy and the keys that reach it while the scan box has the focus."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from ui.weeding.card import DetailsCard
from ui.weeding.deciding import Deciding
from ui.weeding.listing import Listing
from ui.weeding.marks import CopyMarks
from ui.weeding.rows import Stand, WorkLine
from ui.widgets.arrows import MOVES
from ui.widgets.row_view import RowView
from ui.widgets.search_box import SearchBox

_SCROLLS: Mapping[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class BoxKeys(QObject):
    """While the box has the focus the arrows move in the list, with Ctrl in the card, where there is one; Delete takes
    from the list."""

    def __init__(self, box: SearchBox, view: RowView, card: DetailsCard | None, parent: QObject) -> None:
        super().__init__(parent)
        self._box, self._view, self._card = box, view, card
        box.edit.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        pressed = event.type() == QEvent.Type.KeyPress
        scrolls = event.key() in _SCROLLS and event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if self._card is not None and scrolls:
            if pressed:
                self._card.move_on(_SCROLLS[event.key()])
            return True
        if event.key() in MOVES:
            if pressed:
                QApplication.sendEvent(self._view, event)
            return True
        if event.key() == Qt.Key.Key_Delete and not self._box.edit.text():
            event.ignore()
            return event.type() == QEvent.Type.ShortcutOverride
        return super().eventFilter(watched, event)


class Chosen(QObject):
    """What can be done with the chosen copy. `must_answer` is sent instead while a question stands."""

    must_answer = Signal()

    def __init__(self, view: RowView, listing: Listing, deciding: Deciding, marks: CopyMarks, parent: QObject) -> None:
        super().__init__(parent)
        self._view, self._listing, self._deciding, self._marks = view, listing, deciding, marks
        view.row_ticked.connect(self.tick)

    @Slot()
    def put(self) -> None:
        """Insert: on the list, by the article that proposes it."""
        self._do(lambda line: self._listing.put(line.barcode, line.article))

    @Slot()
    def remove(self) -> None:
        """Delete: ask why it leaves the list."""
        self._do(lambda line: self._listing.ask_removal(line) if line.stand is Stand.LISTED else None)

    @Slot()
    def bind(self) -> None:
        """To the bindery instead."""
        self._do(self._deciding.bind)

    @Slot()
    def keep(self) -> None:
        """It stays on its shelf for good."""
        self._do(self._deciding.ask_keep)

    @Slot()
    def put_off(self) -> None:
        """Not now."""
        self._do(self._deciding.ask_later)

    @Slot()
    def mark(self) -> None:
        """Ctrl+E: its marks, its permit, its condition."""
        self._do(self._marks.ask)

    @Slot(object)
    def tick(self, line: WorkLine) -> None:
        """A click on the box of a row, or Space: on the list, or off it."""
        self._view.choose(line.item_id)
        if line.stand is Stand.LISTED:
            self.remove()
        else:
            self.put()

    def _do(self, run: Callable[[WorkLine], None]) -> None:
        if self._listing.is_asking():
            self.must_answer.emit()
            return
        for line in self._view.chosen()[:1]:
            run(line)
