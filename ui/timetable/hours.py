"""The weekly opening hours: a line a weekday with up to two intervals, copied to odd or even days with a key."""

import datetime as dt
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.calendar.hours import EVEN_DAYS, ODD_DAYS, Hours, Interval, clock_text, minutes, well_formed
from app.persian.digits import number, to_persian
from ui.style import look
from ui.theme import Tone
from ui.timetable.said import NAMES
from ui.widgets import paint
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.jalali_edit import JalaliDateEdit
from ui.widgets.labels import Label, mark
from ui.widgets.layouts import column, row
from ui.widgets.pills import Pill

SAVE, TO_ODD, TO_EVEN, TO_ALL = "Ctrl+S", "Ctrl+D", "Ctrl+E", "Ctrl+Shift+A"
INTERVALS = 2
FRIDAY = 6
WRONG_TIME = "ساعت را مانند ۸:۳۰ بنویسید."
HALF = "هر بازه آغاز و پایان می‌خواهد."
CROSSED = "بازه‌ها باید پس از آغازشان پایان یابند و روی هم نیفتند."


class _Day(QWidget):
    """The times of one weekday; empty means closed."""

    changed = Signal()

    def __init__(self, weekday: int) -> None:
        super().__init__()
        self.weekday = weekday
        self.times = tuple(_time(f"{NAMES[weekday]}، {word}") for word in ("از", "تا") * INTERVALS)
        for edit in self.times:
            edit.textChanged.connect(self.changed)
            edit.editingFinished.connect(self._tidy)

    def show_hours(self, hours: Hours) -> None:
        """Write these hours."""
        bounds = [bound for interval in hours[:INTERVALS] for bound in (interval.opens, interval.closes)]
        texts = [to_persian(clock_text(bound)) for bound in bounds]
        for edit, text in zip(self.times, [*texts, *[""] * len(self.times)], strict=False):
            edit.setText(text)

    def hours(self) -> Hours | None:
        """What is written; None when it cannot be read."""
        read: list[Interval] = []
        for opens, closes in zip(self.times[::2], self.times[1::2], strict=True):
            if not opens.text().strip() and not closes.text().strip():
                continue
            first, last = minutes(opens.text()), minutes(closes.text())
            if first is None or last is None:
                return None
            read.append(Interval(first, last))
        return tuple(sorted(read)) if well_formed(read) else None

    def mistake(self) -> str:
        """What is wrong, in words, or nothing."""
        texts = [edit.text().strip() for edit in self.times]
        if any(text and minutes(text) is None for text in texts):
            return WRONG_TIME
        if any(bool(first) != bool(last) for first, last in zip(texts[::2], texts[1::2], strict=True)):
            return HALF
        return "" if self.hours() is not None else CROSSED

    def has_focus(self) -> bool:
        """Whether the person writes here."""
        return any(edit.hasFocus() for edit in self.times)

    @Slot()
    def _tidy(self) -> None:
        for edit in self.times:
            found = minutes(edit.text())
            if found is not None:
                edit.setText(to_persian(clock_text(found)))


class HoursCard(Card):
    """`wanted` carries the hours of all weekdays and the day they hold from."""

    wanted = Signal(object, object)

    def __init__(self, today: Callable[[], dt.date]) -> None:
        self.days = tuple(_Day(weekday) for weekday in range(len(NAMES)))
        self.since = JalaliDateEdit(today)
        self.odd = Button("رونوشت به روزهای فرد", TO_ODD, icon="copy")
        self.even = Button("رونوشت به روزهای زوج", TO_EVEN, icon="copy")
        self.all = Button("رونوشت به همه، جز جمعه", TO_ALL, icon="copy")
        self.save = Button("ثبت ساعت کار", SAVE, "primary", "check")
        self.told = tuple(Pill() for _ in self.days)
        self.mistake = Label("", "error")
        self._last = self.days[0]
        self._today = today
        self.since.setFixedWidth(look().px(190))
        how = Label(
            "خانه‌های خالی یعنی آن روز تعطیل است. بازهٔ دوم برای کتابخانه‌هایی است که صبح و عصر باز می‌شوند؛ "
            "پنجشنبهٔ نیمه‌وقت یک بازهٔ کوتاه است.",
            "muted",
            wrap=True,
        )
        copies = row(self.odd, self.even, self.all, None)
        last = row(Label("از تاریخ", "muted"), self.since, self.save, self.mistake, gap=12)
        last.setStretch(3, 1)
        super().__init__(column(Label("ساعت کار هفته", "heading"), how, self._grid(), copies, last, None, gap=10))
        self.mistake.hide()
        self._connect()

    def show_week(self, week: Sequence[Hours]) -> None:
        """The hours of the seven weekdays, Saturday first, as they hold today."""
        for day, hours in zip(self.days, week, strict=True):
            day.show_hours(hours)
        self.since.set_day(self._today())
        self._say("")

    def week(self) -> tuple[Hours, ...] | None:
        """What is written, or None when something is wrong."""
        found = [day.hours() for day in self.days]
        return tuple(hours for hours in found if hours is not None) if None not in found else None

    @Slot()
    def copy_to_odd(self) -> None:
        """The hours of the day the person is at, to Sunday, Tuesday and Thursday."""
        self._copy(ODD_DAYS)

    @Slot()
    def copy_to_even(self) -> None:
        """… to Saturday, Monday and Wednesday."""
        self._copy(EVEN_DAYS)

    @Slot()
    def copy_to_all(self) -> None:
        """… to every day but Friday."""
        self._copy(range(FRIDAY))

    @Slot()
    def send(self) -> None:
        """Check what is written and hand it on."""
        wrong = next((day for day in self.days if day.mistake()), None)
        since = self.since.day()
        if wrong is not None:
            self._say(f"{NAMES[wrong.weekday]}: {wrong.mistake()}")
            wrong.times[0].setFocus()
        elif since is None:
            self._say("تاریخ آغاز را بنویسید.")
            self.since.setFocus()
        else:
            self._say("")
            self.wanted.emit(self.week(), since)

    def _copy(self, weekdays: Sequence[int]) -> None:
        hours = self._source().hours()
        if hours is None:
            self._say(f"{NAMES[self._source().weekday]}: {self._source().mistake()}")
            return
        for weekday in weekdays:
            self.days[weekday].show_hours(hours)

    def _source(self) -> _Day:
        self._last = next((day for day in self.days if day.has_focus()), self._last)
        return self._last

    def _say(self, text: str) -> None:
        self.mistake.say(text)
        self.mistake.setVisible(bool(text))

    def _grid(self) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look().px(10))
        grid.setVerticalSpacing(look().px(6))
        for place, heading in enumerate(("روز", "از", "تا", "و از", "تا", "مدت")):
            grid.addWidget(Label(heading, "muted"), 0, place)
        for line, (day, pill) in enumerate(zip(self.days, self.told, strict=True), start=1):
            grid.addWidget(Label(NAMES[day.weekday], "strong"), line, 0)
            for place, edit in enumerate(day.times, start=1):
                grid.addWidget(edit, line, place)
            grid.addWidget(pill, line, INTERVALS * 2 + 1)
        grid.setColumnStretch(INTERVALS * 2 + 2, 1)
        return made

    def _connect(self) -> None:
        for day, pill in zip(self.days, self.told, strict=True):
            day.changed.connect(self._teller(day, pill))
            self._tell(day, pill)
        self.odd.clicked.connect(self.copy_to_odd)
        self.even.clicked.connect(self.copy_to_even)
        self.all.clicked.connect(self.copy_to_all)
        self.save.clicked.connect(self.send)

    def _teller(self, day: _Day, pill: Pill) -> Callable[[], None]:
        return lambda: self._tell(day, pill)

    def _tell(self, day: _Day, pill: Pill) -> None:
        hours = day.hours()
        for edit in day.times:
            mark(edit, wrong=bool(edit.text().strip()) and minutes(edit.text()) is None)
        if hours is None:
            pill.show_state("نادرست", Tone.REFUSE)
        elif not hours:
            pill.show_state("تعطیل", Tone.NEUTRAL)
        else:
            whole = sum(interval.closes - interval.opens for interval in hours)
            pill.show_state(length_words(whole), Tone.OK)


def length_words(whole: int) -> str:
    """«۶ ساعت و ۳۰ دقیقه»."""
    hours, rest = divmod(whole, 60)
    parts = [f"{number(hours)} ساعت"] if hours else []
    return " و ".join([*parts, *([f"{number(rest)} دقیقه"] if rest else [])])


def _time(name: str) -> QLineEdit:
    edit = QLineEdit()
    edit.setMaxLength(8)
    edit.setFixedWidth(look().px(86))
    edit.setAlignment(paint.MIDDLE)
    edit.setAccessibleName(name)
    edit.returnPressed.connect(lambda: edit.focusNextPrevChild(True))
    return edit
