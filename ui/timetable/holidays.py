"""The holidays of a Jalali year as a list, with a form to add, rename, move or remove one."""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from app.calendar.stored import DayRow
from app.closures.holidays import HolidayEdit
from app.persian import jalali
from app.persian.digits import to_persian
from ui.timetable.exceptions import ROW_HEIGHT, holidays_table
from ui.widgets.buttons import Button, IconButton, listen
from ui.widgets.cards import Card
from ui.widgets.form import Field, Form
from ui.widgets.form_inputs import Kind
from ui.widgets.form_values import day_of, text_of
from ui.widgets.labels import Label
from ui.widgets.layouts import column, row
from ui.widgets.row_list import RowList

NEW, SAVE, REMOVE, TAKE = "Ctrl+N", "Ctrl+S", "Ctrl+Delete", "Ctrl+Shift+I"
EARLIER, LATER = "Alt+PgUp", "Alt+PgDown"


def _fields() -> tuple[Field, ...]:
    return (
        Field("day", "روز", Kind.DATE, required=True, wide=True, help="برای جابه‌جایی، روز تازه را بنویسید."),
        Field("name", "مناسبت", required=True, longest=300, wide=True),
        Field("certain", "روز آن قطعی است", Kind.TICK, wide=True),
    )


class HolidaysView(QWidget):
    """`wanted` carries a `HolidayEdit`; `year_wanted` the Jalali year to show, `file_wanted` that to take in again."""

    wanted = Signal(object)
    year_wanted = Signal(int)
    file_wanted = Signal(int)

    def __init__(self, today: Callable[[], dt.date]) -> None:
        super().__init__()
        self.year = jalali.year(today())
        self._chosen: DayRow | None = None
        self.list = RowList(holidays_table(), title="تعطیلات رسمی", noun="روز", row_height=ROW_HEIGHT)
        self.list.set_empty(
            "برای این سال تعطیل رسمی ثبت نیست", "آن‌ها را از فایل برنامه بیاورید یا یکی‌یکی بیفزایید.", "calendar"
        )
        self.form = Form(_fields(), today, columns=1)
        self.heading, self.year_label = Label("", "heading"), Label("", "strong")
        self.new = Button("تعطیل تازه", NEW, icon="plus")
        self.save = Button("ثبت", SAVE, "primary", "check")
        self.remove = Button("برداشتن", REMOVE, "danger", "trash")
        self.take = Button("آوردن دوباره از فایل برنامه", TAKE, icon="download")
        self._lay_out()
        self._connect()
        self._show(None)

    def show_year(self, year: int, rows: Sequence[DayRow]) -> None:
        """The holidays of a year."""
        self.year = year
        self.year_label.say(f"سال {to_persian(str(year))}")
        self.list.set_rows(tuple(rows))

    @Slot()
    def begin(self) -> None:
        """An empty form."""
        self.list.view.clearSelection()
        self._show(None)
        self.form.input("day").setFocus()

    @Slot()
    def send(self) -> None:
        """Hand on what the form says."""
        if not self.form.check():
            return
        values = self.form.values()
        day = day_of(values, "day")
        if day is None:
            return
        known = self._chosen
        moves = known is not None and day != known.day
        self.wanted.emit(
            HolidayEdit(
                known.day if known is not None and moves else day,
                text_of(values, "name") or "",
                bool(values["certain"]),
                move_to=day if moves else None,
            )
        )

    @Slot()
    def remove_chosen(self) -> None:
        """Take the chosen holiday out of the calendar."""
        if self._chosen is not None:
            self.wanted.emit(HolidayEdit(self._chosen.day, remove=True))

    def _show(self, chosen: DayRow | None) -> None:
        self._chosen = chosen
        self.heading.say("تعطیل تازه" if chosen is None else "تغییر یا جابه‌جایی")
        self.remove.setEnabled(chosen is not None)
        if chosen is None:
            self.form.set_values({"certain": True})
        else:
            self.form.set_values({"day": chosen.day, "name": chosen.name, "certain": chosen.certain})

    @Slot(object)
    def _choose(self, chosen: DayRow | None) -> None:
        self._show(chosen)

    def _lay_out(self) -> None:
        earlier, later_ = (
            IconButton("chevron-right", f"سال پیش ({EARLIER})"),
            IconButton("chevron-left", f"سال بعد ({LATER})"),
        )
        earlier.clicked.connect(lambda: self.year_wanted.emit(self.year - 1))
        later_.clicked.connect(lambda: self.year_wanted.emit(self.year + 1))
        listen(self, "Alt+PgUp", lambda: self.year_wanted.emit(self.year - 1))
        listen(self, "Alt+PgDown", lambda: self.year_wanted.emit(self.year + 1))
        years = row(earlier, self.year_label, later_, None, self.take, gap=8)
        left = Card(
            column(self.heading, self.form, row(self.save, self.remove, None), row(self.new, None), None, gap=14)
        )
        beside = row(column(years, self.list, gap=10), left, gap=14)
        beside.setStretch(0, 3)
        beside.setStretch(1, 2)
        self.setLayout(beside)

    def _connect(self) -> None:
        self.list.view.current_row.connect(self._choose)
        self.new.clicked.connect(self.begin)
        self.save.clicked.connect(self.send)
        self.remove.clicked.connect(self.remove_chosen)
        self.take.clicked.connect(lambda: self.file_wanted.emit(self.year))
