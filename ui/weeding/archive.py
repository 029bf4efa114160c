"""The archive: every finalised minutes, with the step it has come to. A paper is opened from here and never changes."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.weeding.queries import ArchivedMinutes
from db.codes import MinutesState
from reports.lists import list_xlsx
from ui.keys import ESCAPE
from ui.paper.saving import SavePanel
from ui.weeding.rows import archive_table
from ui.widgets.buttons import Button
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList
from ui.widgets.steps import Steps

OPEN = "Ctrl+O"
TITLE = "بایگانی صورتجلسه‌های وجین"
STEPS = (
    "تهیهٔ فهرست",
    "ادارهٔ شهرستان (۷ روز)",
    "کارشناس استان (۱۰ روز)",
    "تغییر وضعیت",
    "تحویل",
)
"""The way of minutes (002 م7-5، م7-8، نمودار 1)."""

_STEP = {
    MinutesState.DRAFT: 0,
    MinutesState.FINALISED: 1,
    MinutesState.AT_COUNTY: 1,
    MinutesState.CORRECTION: 1,
    MinutesState.AT_PROVINCE: 2,
    MinutesState.AT_HEAD_OFFICE: 2,
    MinutesState.RULED: 3,
    MinutesState.CLOSED: len(STEPS),
}


def step_of(state: MinutesState) -> int:
    """The step that minutes in this state have come to, from 0; beyond the last when all is done."""
    return _STEP[state]


class Archive(QWidget):
    """`opened` carries the minutes whose paper is wanted; `closed` leads back to the lists."""

    opened = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.list = RowList(archive_table(), noun="صورتجلسه")
        self.list.set_empty(
            "هنوز صورتجلسه‌ای نهایی نشده است",
            "نسخه‌ها را اسکن کنید و صورتجلسه را نهایی کنید؛ برگه‌ی آن برای همیشه اینجا می‌ماند.",
            "file-text",
        )
        self.steps = Steps()
        self.steps.show_steps(STEPS, 0)
        self._open = Button("باز کردن برگه", OPEN, "primary", "eye")
        back = Button("بازگشت به فهرست‌ها", ESCAPE)
        heading = row(Label(TITLE, "title"), None, self._open, back, gap=10)
        self.saving = SavePanel()
        whole = column(heading, self.steps, self.saving, self.list, gap=14)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self.setFocusProxy(self.list.view)
        self.list.view.current_row.connect(self._show_step)
        self.list.view.row_opened.connect(self.opened)
        self.list.export_wanted.connect(self.export)
        self._open.clicked.connect(self._open_chosen)
        back.clicked.connect(self.on_escape)

    def show_minutes(self, minutes: list[ArchivedMinutes]) -> None:
        """Show the archive, the first of it chosen."""
        self.list.set_rows(minutes)
        self.steps.setVisible(bool(minutes))
        self._open.setEnabled(bool(minutes))
        if not self.list.view.chosen():
            self.list.view.choose_place(0)

    def on_escape(self) -> None:
        """Close the question about a file, else the archive."""
        if self.saving.is_open():
            self.saving.close_question()
        else:
            self.closed.emit()

    @Slot()
    def export(self) -> None:
        """The rows shown as an Excel file."""
        headings, *rows = self.list.sheet()
        self.saving.save(self, "weeding-archive.xlsx", list_xlsx(TITLE, headings, rows))

    @Slot(object)
    def _show_step(self, minutes: ArchivedMinutes) -> None:
        self.steps.show_steps(STEPS, step_of(minutes.state))

    def _open_chosen(self) -> None:
        for minutes in self.list.view.chosen()[:1]:
            self.opened.emit(minutes)
