"""The month with the chosen day beside it: what it is, what can be done with it, and the branch's own exceptions."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from app.calendar.rules import add_months
from app.calendar.stored import DayFacts, DayRow
from app.persian import jalali
from app.persian.digits import number
from db.codes import DayKind
from ui.style import look
from ui.timetable import words
from ui.timetable.closing import ClosingCard, Task
from ui.timetable.exceptions import ROW_HEIGHT, exceptions_table
from ui.timetable.month import MonthGrid
from ui.widgets.buttons import Button, IconButton
from ui.widgets.cards import Card
from ui.widgets.facts import Facts
from ui.widgets.labels import Label
from ui.widgets.layouts import Flow, column, row
from ui.widgets.pills import Pill
from ui.widgets.row_list import RowList

CLOSE, OPEN, EMERGENCY, REMOVE = "Ctrl+T", "Ctrl+O", "Ctrl+Shift+E", "Del"
_NARROW, _WIDE, _LEAST_BESIDE = 340, 400, 960
_DIRECTION = QBoxLayout.Direction
_NO_LIMIT = 16_777_215  # as Qt has it


class MonthBoard(QWidget):
    """`day_wanted` carries the day to go to; `removal_wanted` the exception to take back."""

    day_wanted = Signal(object)
    removal_wanted = Signal(object)

    def __init__(self, today: Callable[[], dt.date]) -> None:
        super().__init__()
        self.grid, self.closing = MonthGrid(), ClosingCard(today)
        self.month, self.day_name, self.state = Label("", "heading"), Label("", "heading"), Pill()
        self.facts = Facts()
        self.close_day = Button("تعطیل", CLOSE, icon="lock")
        self.open_day = Button("باز", OPEN, icon="lock-open")
        self.emergency = Button("تعطیلی اضطراری", EMERGENCY, "danger", "alert-triangle")
        self.remove = Button("برگرداندن", REMOVE, icon="arrow-back-up")
        self.list = RowList(
            exceptions_table(), title="تعطیلی‌ها و بازگشایی‌ها", noun="روز", tools=True, row_height=ROW_HEIGHT
        )
        self.list.filter.hide()
        self.list.set_empty("روزی جز روال هفته نیست", "روزی را برگزینید و تعطیل یا باز کنید.", "calendar")
        self._day, self._today = today(), today
        self._chosen: DayRow | None = None
        self._lay_out()
        self._connect()

    def show_month(
        self, days: Sequence[DayFacts], due: Mapping[dt.date, int], exceptions: Sequence[DayRow], day: dt.date
    ) -> None:
        """Show the month of a day, and the exceptions of the branch around it."""
        self._day = day
        year, month, _ = jalali.to_jalali(day)
        self.month.say(words.month_words(year, month))
        self.grid.show_month(days, due, day, self._today())
        self._show_day(due.get(day, 0))
        self.list.set_rows(tuple(exceptions))

    @Slot()
    def ask_close(self) -> None:
        """Ctrl+T: the form for an ordinary closure."""
        self._begin(Task.CLOSE)

    @Slot()
    def ask_open(self) -> None:
        """Ctrl+O: the form for an opening."""
        self._begin(Task.OPEN)

    @Slot()
    def ask_emergency(self) -> None:
        """Ctrl+Shift+E: the form for an emergency."""
        self._begin(Task.EMERGENCY)

    @Slot()
    def remove_chosen(self) -> None:
        """Take back the exception of the chosen day, or the one chosen in the list."""
        facts = self.grid.facts()
        own = [line for line in (facts.rows if facts else ()) if line.kind is not DayKind.HOLIDAY]
        chosen = self._chosen if self.list.view.hasFocus() else next(iter(own), self._chosen)
        if chosen is not None:
            self.removal_wanted.emit(chosen)

    def finish(self) -> None:
        """The form is done with; the month has the focus again."""
        self.closing.finish()
        self._make_room(for_form=False)
        self.grid.setFocus()

    def _begin(self, task: Task) -> None:
        self._make_room(for_form=True)
        self.closing.begin(task, self._day)

    def _make_room(self, *, for_form: bool) -> None:
        """The form stands in the place of the chosen day and the list, or it would be squeezed."""
        for part in (self.day_card, self.list):
            part.setVisible(not for_form)
        self._arrange()

    def _show_day(self, due: int) -> None:
        facts = self.grid.facts()
        self.day_name.say(jalali.long(self._day))
        if facts is None:
            return
        shown = words.look_of(facts)
        self.state.show_state(shown.word, shown.tone)
        names = "؛ ".join(row_.name for row_ in facts.rows if row_.name)
        uncertain = any(not row_.certain for row_ in facts.rows)
        self.facts.show_facts(
            (
                ("نام", names),
                ("ساعت کار", words.hours_text(facts.hours) if facts.is_open else ""),
                ("سررسید", f"{number(due)} امانت" if due else "امانتی در این روز برنمی‌گردد"),
                ("قطعیت", "شاید یک روز جابه‌جا شود" if uncertain else ""),
            )
        )
        self.remove.setEnabled(any(row_.kind is not DayKind.HOLIDAY for row_ in facts.rows) or bool(self._chosen))

    @Slot(object)
    def _choose(self, chosen: DayRow | None) -> None:
        self._chosen = chosen
        self.remove.setEnabled(chosen is not None or self.remove.isEnabled())

    def _lay_out(self) -> None:
        before, after = IconButton("chevron-right", "ماه پیش (PgUp)"), IconButton("chevron-left", "ماه بعد (PgDn)")
        before.clicked.connect(lambda: self.day_wanted.emit(add_months(self._day, -1)))
        after.clicked.connect(lambda: self.day_wanted.emit(add_months(self._day, 1)))
        today = Button("امروز", "Alt+Home", "quiet")
        today.clicked.connect(lambda: self.day_wanted.emit(self._today()))
        head = row(before, self.month, after, None, today, gap=8)
        month = column(head, self.grid, gap=10)
        month.setStretch(1, 1)
        titled = row(self.day_name, self.state, gap=10)
        titled.setStretch(0, 1)
        buttons = Flow(self.close_day, self.open_day, self.emergency, self.remove)
        self.day_card = Card(column(titled, self.facts, buttons, gap=10))
        side, beside_month = QWidget(), column(self.day_card, self.closing, self.list, gap=12)
        beside_month.setStretch(2, 1)
        beside_month.addStretch()
        side.setLayout(beside_month)
        side.setMinimumWidth(look().px(_NARROW))
        self.list.view.setMinimumHeight(look().px(ROW_HEIGHT))
        self._side, self._line = side, row(Card(month), side, gap=14)
        self._line.setStretch(0, 2)
        self._line.setStretch(1, 1)
        self.setLayout(self._line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Where the window is too narrow for both, the month stands above the rest, but below a form that is open."""
        fits, asking = self.width() >= look().px(_LEAST_BESIDE), self.day_card.isHidden()
        one_under_the_other = _DIRECTION.BottomToTop if asking else _DIRECTION.TopToBottom
        self._line.setDirection(_DIRECTION.LeftToRight if fits else one_under_the_other)
        self._side.setMaximumWidth(look().px(_WIDE) if fits else _NO_LIMIT)

    def _connect(self) -> None:
        self.grid.chosen.connect(self.day_wanted)
        self.grid.opened.connect(self._toggle)
        self.close_day.clicked.connect(self.ask_close)
        self.open_day.clicked.connect(self.ask_open)
        self.emergency.clicked.connect(self.ask_emergency)
        self.remove.clicked.connect(self.remove_chosen)
        self.list.view.current_row.connect(self._choose)
        self.list.view.row_opened.connect(lambda line: self.day_wanted.emit(line.day))
        self.closing.left.connect(self.finish)

    @Slot(object)
    def _toggle(self, _: dt.date) -> None:
        """Space on a day: the form for what it is not."""
        facts = self.grid.facts()
        if facts is not None:
            self._begin(Task.CLOSE if facts.is_open else Task.OPEN)
