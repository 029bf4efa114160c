"""Who waits for what: the titles with their lines, or what one reader waits for."""

import uuid
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.circulation.holds.queries import HoldRow, QueuedTitle, holds_of, queue_of, queued_titles
from db.codes import HoldState
from reports.lists import list_xlsx
from ui.holds.deeds import Deeds
from ui.holds.lists import CANCEL, SUSPEND
from ui.holds.papers import dated
from ui.holds.rows import line_table, title_table
from ui.session import Session
from ui.widgets.buttons import Button
from ui.widgets.front import Front
from ui.widgets.layouts import Flow, column, row
from ui.widgets.row_list import RowList
from ui.widgets.row_view import RowView

UP, DOWN = "Alt+Up", "Alt+Down"
EMPTY = (
    "کسی در صف کتابی نیست",
    "عضوی که کتاب در امانت دیگران را می‌خواهد، با Ctrl+N در صف آن نوشته می‌شود.",
    "bookmark",
)
NOT_CHOSEN = ("عنوانی را برگزینید", "صف آن و نوبت هر عضو اینجا می‌آید.", "users")
NOTHING_OF_READER = ("این عضو رزروی ندارد", "با Ctrl+N برای او رزرو ثبت کنید.", "bookmark")


class Queues(QWidget):
    """`counted` tells how many wait and for how many titles, `wanted_file` name and bytes of a file."""

    counted = Signal(int, int)
    wanted_file = Signal(str, bytes)

    def __init__(self, session: Session, deeds: Deeds) -> None:
        super().__init__()
        self._session, self._deeds = session, deeds
        self._reader: uuid.UUID | None = None
        self.titles = RowList(title_table(), noun="عنوان")
        self.titles.set_empty(*EMPTY)
        self.line = RowList(line_table(), title="صف", noun="نفر")
        self.line.set_empty(*NOT_CHOSEN)
        self.of_reader = RowList(line_table(by_title=True), noun="رزرو")
        self.of_reader.set_empty(*NOTHING_OF_READER)
        self.up, self.down = Button("زودتر", UP, icon="chevron-up"), Button("دیرتر", DOWN, icon="chevron-down")
        self.suspend, self.cancel = Button("معلق کردن", SUSPEND), Button("لغو رزرو", CANCEL, "danger")
        for each in (self.line, self.of_reader):
            each.filter.hide()
        lists, beside = QWidget(), QWidget()
        self._lists = Front(lists)
        self._lists.addWidget(self.line)
        self._lists.addWidget(self.of_reader)
        waiting = column(lists, Flow(self.up, self.down, self.suspend, self.cancel), gap=10)
        waiting.setStretch(0, 1)
        beside.setLayout(waiting)
        whole = row(self.titles, beside, gap=14)
        whole.setStretch(0, 1)
        whole.setStretch(1, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.titles.view)
        self._connect()

    def reload(self) -> None:
        """Read titles and lines anew; what was chosen stays chosen."""
        with self._session.library.store.read() as reader:
            titles = queued_titles(reader)
            of_reader = holds_of(reader, self._reader, self._session.act().day) if self._reader else []
        self.titles.set_rows(titles)
        self.of_reader.set_rows(of_reader)
        self.counted.emit(sum(title.queue for title in titles), len(titles))
        self._show_line()

    def show_reader(self, member_id: uuid.UUID, name: str) -> int:
        """What one reader waits for; how much that is."""
        self._reader = member_id
        self.of_reader.set_title(f"رزروهای {name}")
        self._lists.setCurrentIndex(1)
        self._lists.invalidate()
        self.reload()
        self.of_reader.view.choose_place(0)
        return self.of_reader.table.total()

    def shows_reader(self) -> bool:
        """Whether one reader's holds are in front."""
        return self._reader is not None

    def show_titles(self) -> None:
        """Back to the line of the chosen title."""
        self._reader = None
        self._lists.setCurrentIndex(0)
        self._lists.invalidate()
        self._show_buttons()

    def choose_title(self, title_id: uuid.UUID) -> None:
        """Bring the line of a title into sight."""
        self.show_titles()
        self.titles.view.choose(title_id)

    def hold(self) -> HoldRow | None:
        """The chosen hold."""
        shown = self.of_reader if self.shows_reader() else self.line
        chosen: tuple[HoldRow, ...] = shown.view.chosen()
        return chosen[0] if chosen else None

    def title(self) -> QueuedTitle | None:
        """The chosen title."""
        chosen: tuple[QueuedTitle, ...] = self.titles.view.chosen()
        return chosen[0] if chosen else None

    @Slot()
    def _show_line(self) -> None:
        title = self.title()
        rows: list[HoldRow] = []
        if title is not None:
            with self._session.library.store.read() as reader:
                rows = queue_of(reader, title.title_id)
        self.line.set_rows(rows)
        self.line.set_title(f"صف «{title.title}»" if title else "صف")
        self._show_buttons()

    @Slot()
    def _show_buttons(self) -> None:
        hold, by_title = self.hold(), not self.shows_reader()
        for button in (self.suspend, self.cancel):
            button.setEnabled(hold is not None)
        movable = hold is not None and hold.position is not None
        self.up.setEnabled(movable and hold is not None and hold.position != 1)
        self.down.setEnabled(movable and hold is not None and hold.position != _last(self.line))
        self.up.setVisible(by_title)
        self.down.setVisible(by_title)
        again = hold is not None and hold.state is HoldState.SUSPENDED
        self.suspend.set_words("از سر گرفتن" if again else "معلق کردن")

    def _move(self, step: int) -> None:
        hold = self.hold()
        if hold is not None:
            self._deeds.move(hold, step)

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

    def _connect(self) -> None:
        self.titles.view.current_row.connect(self._title_chosen)
        self.titles.view.row_opened.connect(self.into_line)
        for each, name in ((self.titles, "hold-titles"), (self.line, "hold-line"), (self.of_reader, "holds-of-member")):
            each.view.current_row.connect(self._show_buttons)
            each.export_wanted.connect(partial(self._export, each, name))
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.suspend.clicked.connect(self._suspend)
        self.cancel.clicked.connect(self._cancel)

    @Slot()
    def _title_chosen(self) -> None:
        self.show_titles()
        self._show_line()

    def _export(self, shown: RowList, name: str) -> None:
        """The rows shown as an Excel file."""
        headings, *rows = shown.sheet()
        title = f"صف‌های رزرو — {self._session.library.branch.name}"
        self.wanted_file.emit(f"{dated(name, self._session.act().day)}.xlsx", list_xlsx(title, headings, rows))

    def arrows(self) -> RowView:
        """The list that the arrows move in while the scan box has the focus."""
        return self.of_reader.view if self.shows_reader() else self.titles.view

    @Slot()
    def into_line(self) -> None:
        """Enter on a title, or the left arrow: the arrows choose among those who wait for it."""
        self.line.view.choose_place(0)
        self.line.view.setFocus()


def _last(line: RowList) -> int:
    return max((hold.position or 0 for hold in line.table.shown_rows()), default=0)
