"""The page «تقویم کاری»: the month with its closures, the holidays of a year, the hours of the week."""

import datetime as dt
from collections.abc import Callable
from typing import assert_never

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from app.calendar.hours import Hours
from app.calendar.stored import DayRow, day_rows, days_between, hours_rows, week_on
from app.closures.days import Closure, close_days, open_days, remove_day
from app.closures.holidays import HolidayEdit, edit_holiday, take_year
from app.closures.hours import WeeklyHours, set_hours
from app.closures.outcomes import AlreadySo, DaysChanged, NoSuchDay
from app.closures.reads import due_counts
from app.nightly.queries import last_nights
from app.outcome import Refused
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import DayKind
from db.files import safe_write
from reports.lists import list_xlsx
from ui.keys import KeyHelp
from ui.page import Action, Page
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.timetable import said, words
from ui.timetable.board import CLOSE, EMERGENCY, OPEN, REMOVE, MonthBoard
from ui.timetable.closing import DO_IT, SAVE, Task
from ui.timetable.holidays import NEW, TAKE, HolidaysView
from ui.timetable.hours import TO_ALL, TO_EVEN, TO_ODD, HoursCard
from ui.widgets.ask_path import AskWhere, ask_where
from ui.widgets.banner import Banner
from ui.widgets.cards import StatTile
from ui.widgets.front import Front
from ui.widgets.labels import Label, ltr
from ui.widgets.layouts import column, row

MARGINS = (22, 18, 22, 18)
OWN_KINDS = (DayKind.CLOSED, DayKind.OPENED, DayKind.EMERGENCY)
AROUND = 366
"""Days before and after the month whose exceptions are listed."""
CHANGES = ("rules", "loans", "holds", "members", "money")
SOUNDS = {
    Tone.OK: Sound.CHECKED_IN,
    Tone.INFO: Sound.ATTENTION,
    Tone.WARN: Sound.ATTENTION,
    Tone.REFUSE: Sound.REFUSED,
}


class TimetablePage(Page):
    """Three tiles choose what is shown under them; what became of a change stands in the banner between."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session, self._library = session, session.library
        self._day = self._today()
        self.ask_where: AskWhere = ask_where
        self.banner = Banner()
        self.banner.hide()
        self.night = Label("", "muted")
        self.night.hide()
        self.tiles = (
            StatTile("ماه", clickable=True, key="Ctrl+1"),
            StatTile("تعطیلات رسمی", clickable=True, key="Ctrl+2"),
            StatTile("ساعت کار هفته", clickable=True, key="Ctrl+3"),
        )
        self.board, self.hours = MonthBoard(self._today), HoursCard(self._today)
        self.holidays = HolidaysView(self._today)
        stack = QWidget()
        self._stack = Front(stack)
        for part in (self.board, self.holidays, self.hours):
            self._stack.addWidget(part)
        whole = column(row(*self.tiles, gap=12), self.night, self.banner, stack, gap=12, margins=MARGINS)
        whole.setStretch(3, 1)
        self.setLayout(whole)
        self._connect()

    def on_shown(self) -> None:
        self.reload()
        self._focus()

    def on_escape(self) -> None:
        self.banner.hide()
        if self._stack.currentWidget() is not self.board:
            self.show_part(0)
        elif not self.board.closing.on_escape():
            self.board.grid.setFocus()

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (
            KeyHelp("Ctrl+1 … 3", "ماه، تعطیلات رسمی، ساعت کار"),
            KeyHelp("← → ↑ ↓", "روز و هفتهٔ پیش و بعد"),
            KeyHelp("PgUp PgDn", "ماه پیش و بعد؛ Home امروز"),
            KeyHelp("Space", "تعطیل یا باز کردن روز برگزیده"),
            *(KeyHelp(action.key, action.title) for action in self.commands()),
            KeyHelp(SAVE, "ثبت فرم"),
            KeyHelp(DO_IT, "تأیید تعطیلی اضطراری، پس از پیش‌نمایش"),
            KeyHelp(TO_ODD, "رونوشت ساعت‌های این روز به روزهای فرد"),
            KeyHelp(TO_EVEN, "رونوشت ساعت‌های این روز به روزهای زوج"),
            KeyHelp(TO_ALL, "رونوشت ساعت‌های این روز به همه، جز جمعه"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("تعطیل کردن روز", lambda: self._on_board(self.board.ask_close), CLOSE),
            Action("باز کردن روز", lambda: self._on_board(self.board.ask_open), OPEN),
            Action("تعطیلی اضطراری", lambda: self._on_board(self.board.ask_emergency), EMERGENCY),
            Action("برگرداندن تعطیلی یا بازگشایی", lambda: self._on_board(self.board.remove_chosen), REMOVE),
            Action("تعطیل رسمی تازه", self._new_holiday, NEW),
            Action("آوردن تعطیلات سال از فایل برنامه", lambda: self.take_year(self.holidays.year), TAKE),
        )

    def day(self) -> dt.date:
        """The day that is chosen."""
        return self._day

    @Slot(object)
    def go_to(self, day: dt.date) -> None:
        """Show another day, and its month."""
        self._day = day
        self._show_month()
        if jalali.year(day) != self.holidays.year:
            self._show_year(jalali.year(day))

    @Slot(int)
    def show_part(self, place: int) -> None:
        """0: the month, 1: holidays, 2: hours."""
        self._stack.setCurrentIndex(place)
        self._stack.invalidate()
        for number_, tile in enumerate(self.tiles):
            tile.set_chosen(number_ == place)
        self._focus()

    def reload(self) -> None:
        """Read everything anew."""
        self._show_month()
        self._show_year(self.holidays.year)
        with self._library.store.read() as reader:
            week = week_on(hours_rows(reader), self._today())
            night = last_nights(reader).words
        self.hours.show_week([week[weekday] for weekday in range(7)])
        open_days_ = sum(bool(hours) for hours in week.values())
        whole = sum(interval.closes - interval.opens for hours in week.values() for interval in hours)
        self.tiles[2].show_number(f"{number(round(whole / 60))} ساعت", f"در {number(open_days_)} روز")
        self.night.say(night)
        self.night.setVisible(bool(night) and self.banner.isHidden())

    @Slot(object, object, str)
    def change_days(self, task: Task, days: tuple[dt.date, ...], name: str) -> None:
        """What the form asks for; an emergency is shown first."""
        act = self._session.act()
        if task is Task.OPEN:
            self._told(open_days(self._library, days, name, act))
            return
        closure = Closure(days, name, emergency=task is Task.EMERGENCY)
        outcome = close_days(self._library, closure, act, preview=closure.emergency)
        if isinstance(outcome, DaysChanged) and outcome.preview:
            self._session.sounds.play(Sound.ATTENTION)
            self.board.closing.show_preview(outcome, name)
            self.board.grid.setFocus()
        else:
            self._told(outcome)

    @Slot(object, str)
    def close_in_emergency(self, days: tuple[dt.date, ...], name: str) -> None:
        """The preview was answered with its key."""
        self._told(close_days(self._library, Closure(days, name, emergency=True), self._session.act()))

    @Slot(object)
    def remove_exception(self, line: DayRow) -> None:
        """Take back a closure, an opening or an emergency."""
        outcome = remove_day(self._library, line.day, line.kind, self._session.act())
        if isinstance(outcome, NoSuchDay):
            self._say(Tone.WARN, "این روز پیش‌تر برگشته است")
            self.reload()
        else:
            self._told(outcome)

    @Slot(object, object)
    def save_hours(self, week: tuple[Hours, ...], since: dt.date) -> None:
        """New weekly hours."""
        hours = WeeklyHours(dict(enumerate(week)), since)
        self._tell(said.hours_told(set_hours(self._library, hours, self._session.act())))

    @Slot(object)
    def change_holiday(self, edit: HolidayEdit) -> None:
        """Add, rename, move or remove a holiday."""
        self._tell(said.holiday_told(edit_holiday(self._library, edit, self._session.act())))

    @Slot(int)
    def take_year(self, year: int) -> None:
        """The holidays of a year once more from the shipped file. Raises Trouble P-1233."""
        self._tell(said.year_told(take_year(self._library, year, self._session.act()), year))

    @Slot()
    def export(self) -> None:
        """The list in front as an Excel file. Raises Trouble P-120x."""
        year = to_persian(str(self.holidays.year))
        own = ("تعطیلی‌ها و بازگشایی‌ها", "closures.xlsx", self.board.list)
        official = (f"تعطیلات رسمی سال {year}", "holidays.xlsx", self.holidays.list)
        title, name, shown = own if self._stack.currentWidget() is self.board else official
        path = self.ask_where(self, name)
        if path is not None:
            headings, *lines = shown.sheet()
            safe_write(path, list_xlsx(title, headings, lines))
            self._say(Tone.OK, "فهرست نوشته شد", ltr(str(path)))

    def _told(self, outcome: DaysChanged | AlreadySo | Refused) -> None:
        match outcome:
            case DaysChanged():
                self.board.finish()
                done = "باز شد" if outcome.kind is DayKind.OPENED else "تعطیل شد"
                days = words.days_words(outcome.days or outcome.already)
                self._tell(said.Told(Tone.OK, f"{days} {done}", words.changed_detail(outcome)))
            case AlreadySo():
                self.board.finish()
                self._tell(said.Told(Tone.INFO, "تقویم همین را می‌گوید؛ چیزی تغییر نکرد"))
            case Refused():
                if self.board.closing.isVisible():
                    self._session.sounds.play(Sound.REFUSED)
                    self.board.closing.show_refusal(words.reasons(outcome.refusals))
                else:
                    self._tell(said.refused(outcome))
            case _:
                assert_never(outcome)

    def _tell(self, told: said.Told) -> None:
        self._session.sounds.play(SOUNDS[told.tone])
        self._say(told.tone, told.title, told.detail)
        if told.tone is Tone.OK:
            self._session.refresh.tell(*CHANGES)
            self.reload()

    def _say(self, tone: Tone, title: str, detail: str = "") -> None:
        self.banner.show_outcome(tone, title, *([detail] if detail else []))
        self.banner.show()
        self.night.hide()

    def _show_month(self) -> None:
        year, month, _ = jalali.to_jalali(self._day)
        first = jalali.from_jalali(year, month, 1)
        last = jalali.from_jalali(year, month, jalali.month_length(year, month))
        around = dt.timedelta(days=AROUND)
        with self._library.store.read() as reader:
            days = days_between(reader, first, last)
            due = due_counts(reader, first, last)
            exceptions = day_rows(reader, first - around, last + around, *OWN_KINDS)
        self.board.show_month(days, due, exceptions, self._day)
        opened = sum(facts.is_open for facts in days)
        self.tiles[0].show_number(f"{number(opened)} روز باز", words.month_words(year, month))

    @Slot(int)
    def _show_year(self, year: int) -> None:
        first, last = jalali.from_jalali(year, 1, 1), jalali.from_jalali(year, 12, jalali.month_length(year, 12))
        with self._library.store.read() as reader:
            rows = day_rows(reader, first, last, DayKind.HOLIDAY)
        self.holidays.show_year(year, rows)
        self.tiles[1].show_number(f"{number(len(rows))} روز", f"در {to_persian(str(year))}")

    def _new_holiday(self) -> None:
        self.show_part(1)
        self.holidays.begin()

    def _on_board(self, run: Callable[[], None]) -> None:
        self.show_part(0)
        run()

    def _focus(self) -> None:
        parts = (self.board.grid, self.holidays.list.view, self.hours.days[0].times[0])
        parts[self._stack.currentIndex()].setFocus()

    def _today(self) -> dt.date:
        return self._session.act().day

    def _connect(self) -> None:
        for place, tile in enumerate(self.tiles):
            tile.clicked.connect(self._opener(place))
        self.tiles[0].set_chosen(True)
        self.board.day_wanted.connect(self.go_to)
        self.board.removal_wanted.connect(self.remove_exception)
        self.board.closing.wanted.connect(self.change_days)
        self.board.closing.confirmed.connect(self.close_in_emergency)
        for shown in (self.board.list, self.holidays.list):
            shown.export_wanted.connect(self.export)
        self.hours.wanted.connect(self.save_hours)
        self.holidays.wanted.connect(self.change_holiday)
        self.holidays.year_wanted.connect(self._show_year)
        self.holidays.file_wanted.connect(self.take_year)

    def _opener(self, place: int) -> Callable[[], None]:
        return lambda: self.show_part(place)
