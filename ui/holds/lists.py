"""The two lists of copies: what to fetch from the shelves, and what stands on the hold shelf."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.circulation.holds.queries import HoldRow, ShelfRow, freed_copies, hold_shelf, pull_list
from reports.hold_lists import pull_xlsx, shelf_xlsx
from ui.holds.deeds import Deeds
from ui.holds.papers import dated, pull_paper, shelf_paper
from ui.holds.rows import pull_table, reshelve_table, shelf_table
from ui.session import Session
from ui.widgets.buttons import Button
from ui.widgets.layouts import Flow, column
from ui.widgets.row_list import RowList

PRINT, CANCEL, SUSPEND = "Ctrl+Shift+P", "Ctrl+Delete", "Ctrl+T"
PULL_EMPTY = (
    "کتابی برای برداشتن نیست",
    "هرگاه نسخه‌ای از کتاب رزروشده در قفسه باشد، اینجا به ترتیب قفسه می‌آید.",
    "circle-check",
)
SHELF_EMPTY = (
    "قفسهٔ رزرو خالی است",
    "کتاب رزروشده را اسکن کنید تا برای عضو کنار گذاشته شود و مهلت آن آغاز شود.",
    "bookmark",
)


class Fetching(QWidget):
    """What to fetch. `counted` tells how many, `printed` carries a paper, `wanted_file` name and bytes of a file."""

    counted = Signal(int)
    printed = Signal(object)
    wanted_file = Signal(str, bytes)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.list = RowList(pull_table(), title="به ترتیب قفسه", noun="کتاب")
        self.list.set_empty(*PULL_EMPTY)
        self.list.add_tool(button := Button("چاپ فهرست", PRINT, icon="printer"))
        button.clicked.connect(self.print_list)
        self.list.export_wanted.connect(self.export)
        self.setLayout(column(self.list))
        self.setFocusProxy(self.list.view)

    def reload(self) -> None:
        """Read what has to be fetched anew."""
        library = self._session.library
        with library.store.read() as reader:
            rows = pull_list(library, reader, self._session.act().day)
        self.list.set_rows(rows)
        self.counted.emit(len(rows))

    @Slot()
    def print_list(self) -> None:
        """Ctrl+Shift+P: the rows shown, on paper, with a place to tick."""
        rows = self.list.table.shown_rows()
        self.printed.emit(pull_paper(self._session.library.branch, rows, self._session.act().day))

    @Slot()
    def export(self) -> None:
        """The rows shown as an Excel file."""
        today = self._session.act().day
        self.wanted_file.emit(f"{dated('holds', today)}.xlsx", pull_xlsx(self.list.table.shown_rows(), today))


class Shelf(QWidget):
    """What stands on the hold shelf, and below it what has to leave it. `counted` tells how many and how many of them
    too long, `chosen` that another row was chosen."""

    counted = Signal(int, int)
    printed = Signal(object)
    wanted_file = Signal(str, bytes)
    chosen = Signal()

    def __init__(self, session: Session, deeds: Deeds) -> None:
        super().__init__()
        self._session, self._deeds = session, deeds
        self.list = RowList(shelf_table(session.act().day), title="به ترتیب مهلت", noun="کتاب")
        self.list.set_empty(*SHELF_EMPTY)
        self.back = RowList(reshelve_table(), title="به جای خود برگردد", noun="کتاب", row_height=40)
        self.back.filter.hide()
        self.list.add_tool(print_ := Button("چاپ فهرست", PRINT, icon="printer"))
        self.cancel = Button("لغو رزرو", CANCEL, "danger")
        self.suspend = Button("معلق کردن", SUSPEND)
        whole = column(self.list, Flow(self.suspend, self.cancel), self.back, gap=10)
        whole.setStretch(0, 3)
        whole.setStretch(2, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.list.view)
        print_.clicked.connect(self.print_list)
        self.list.export_wanted.connect(self.export)
        self.list.view.current_row.connect(self._show_buttons)
        self.cancel.clicked.connect(self._cancel)
        self.suspend.clicked.connect(self._suspend)

    def reload(self) -> None:
        """Read the hold shelf anew."""
        library, today = self._session.library, self._session.act().day
        with library.store.read() as reader:
            rows, back = hold_shelf(library, reader, today), freed_copies(reader, today)
        self.list.set_rows(rows)
        self.back.set_rows(back)
        self.back.setVisible(bool(back))
        self.counted.emit(len(rows), sum(row.over for row in rows))
        self._show_buttons()

    def hold(self) -> HoldRow | None:
        """The chosen hold."""
        chosen: tuple[ShelfRow, ...] = self.list.view.chosen()
        return chosen[0].hold if chosen else None

    @Slot()
    def print_list(self) -> None:
        """Ctrl+Shift+P: the rows shown, on paper."""
        rows, back = self.list.table.shown_rows(), self.back.table.shown_rows()
        self.printed.emit(shelf_paper(self._session.library.branch, rows, back, self._session.act().day))

    @Slot()
    def export(self) -> None:
        """The rows shown as an Excel file."""
        today = self._session.act().day
        self.wanted_file.emit(f"{dated('hold-shelf', today)}.xlsx", shelf_xlsx(self.list.table.shown_rows(), today))

    @Slot()
    def _cancel(self) -> None:
        hold = self.hold()
        if hold is not None:
            self._deeds.ask_cancel(hold)

    @Slot()
    def _suspend(self) -> None:
        hold = self.hold()
        if hold is not None:
            self._deeds.ask_suspension(hold)

    @Slot()
    def _show_buttons(self) -> None:
        for button in (self.cancel, self.suspend):
            button.setEnabled(self.hold() is not None)
        self.chosen.emit()
