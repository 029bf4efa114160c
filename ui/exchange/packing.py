"""What is ready to be packed, group by group (002 م7-1)."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.exchange.packing import Stands, pack
from app.exchange.queries import Group, groups
from app.exchange.stages import Step
from app.outcome import Refused
from app.persian.digits import number
from app.weeding.reads import find_copy
from ui.exchange import words
from ui.exchange.packages import MAIN
from ui.exchange.rows import group_table, ready_table
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.labels import isolate
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList

SOME = "Ctrl+Shift+Enter"
WIDTH = 372


class ReadyPart(QWidget):
    """`packed` carries the id of the package; `counted` how many copies wait in how many groups."""

    said = Signal(object)
    packed = Signal(object)
    counted = Signal(int, int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.groups = RowList(group_table(), tools=False)
        self.groups.set_empty("گروهی آماده نیست")
        self.copies = RowList(ready_table(), noun="نسخه")
        self.copies.set_empty(
            "نسخه‌ای آمادهٔ بسته‌بندی نیست",
            "نسخه‌هایی که صورتجلسهٔ وجین آن‌ها تأیید و بسته شد، به تفکیک چهار گروه اینجا می‌آید (م ۷-۱).",
            "package",
        )
        self._all = Button("بسته‌بندی این گروه", MAIN, "primary", "package")
        self._some = Button("تنها نسخه‌های برگزیده", SOME, icon="check")
        side = QWidget()
        side.setLayout(column(self.groups, self._all, self._some, gap=10))
        side.setFixedWidth(look().px(WIDTH))
        whole = row(self.copies, side, gap=14)
        whole.setStretch(0, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.groups.view)
        self.groups.view.current_row.connect(self._show)
        self._all.clicked.connect(self.pack_all)
        self._some.clicked.connect(self.pack_chosen)

    def reload(self) -> None:
        """Read the groups anew."""
        with self._session.library.store.read() as reader:
            found = groups(reader)
        self.groups.set_rows(found)
        self.counted.emit(sum(len(group.copies) for group in found), len(found))
        if not self.groups.view.chosen():
            self.groups.view.choose_place(0)
        self._show(self.chosen())

    def chosen(self) -> Group | None:
        """The group that is chosen."""
        return next(iter(self.groups.view.chosen()), None)

    def on_escape(self) -> bool:
        """Nothing stands open here."""
        return False

    def take(self, code: str) -> None:
        """A scanned copy is chosen in its group."""
        with self._session.library.store.read() as reader:
            copy = find_copy(reader, code)
            found = groups(reader)
        for group in found:
            for ready in group.copies:
                if copy is not None and ready.item_id == copy.id:
                    self.groups.view.choose((group.reason, group.way))
                    self.copies.view.choose(ready.minutes_row_id)
                    return
        told = "تنها نسخه‌ای بسته‌بندی می‌شود که صورتجلسهٔ آن تأیید و بسته شده باشد (م ۷-۴)."
        self.said.emit(Said(Tone.REFUSE, isolate(code), (told,), Sound.REFUSED))

    @Slot()
    def pack_all(self) -> None:
        """Ctrl+Enter: the whole group."""
        self._pack(self.chosen(), None)

    @Slot()
    def pack_chosen(self) -> None:
        """Ctrl+Shift+Enter: the copies that are chosen."""
        copies = self.copies.view.chosen()
        if copies:
            self._pack(self.chosen(), [copy.barcode for copy in copies])

    def _pack(self, group: Group | None, items: list[str] | None) -> None:
        if group is None:
            return
        outcome = pack(self._session.library, group.reason, self._session.act(), items, redirected=group.redirected)
        if isinstance(outcome, Stands):
            title = f"{words.DONE[Step.PACK]} — {words.group_words(group)}"
            self.said.emit(words.done(title, f"{number(outcome.copies)} نسخه", undo="بسته‌بندی"))
            self._session.refresh.tell("exchange")
            self.reload()
            self.packed.emit(outcome.package.id)
        elif isinstance(outcome, Refused):
            self.said.emit(words.refused(outcome.refusals))

    @Slot(object)
    def _show(self, group: Group | None) -> None:
        self.copies.set_rows(group.copies if group else ())
        for button in (self._all, self._some):
            button.setVisible(group is not None)
