"""States of the calendar page, for pictures."""

import datetime as dt
from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QApplication

from app.calendar.hours import Hours, Interval
from app.closures.days import Closure, close_days, open_days
from app.closures.hours import WeeklyHours, set_hours
from app.persian.jalali import from_jalali
from ui.session import Session
from ui.timetable.closing import Task
from ui.timetable.page import TimetablePage
from ui.window import MainWindow

AZAR = 9
MORNING, NOON = (Interval(450, 840),), (Interval(660, 1_050),)


def _page(window: MainWindow) -> TimetablePage:
    page = window.open_page("calendar")
    if not isinstance(page, TimetablePage):
        raise TypeError("the window has another page under «calendar»")
    return page


def _day(number: int, month: int = AZAR) -> dt.date:
    return from_jalali(1405, month, number)


def _year_so_far(session: Session) -> None:
    library, act = session.library, session.act()
    week: dict[int, Hours] = {weekday: MORNING if weekday % 2 else NOON for weekday in range(5)}
    week[5] = (Interval(450, 780),)
    set_hours(library, WeeklyHours(week), act)
    close_days(library, Closure((_day(18), _day(19)), "تعمیر سقف مخزن"), act)
    close_days(library, Closure((_day(3),), "برف سنگین", emergency=True), act)
    open_days(library, (_day(20),), "نمایشگاه کتاب", act)


def month(session: Session, window: MainWindow) -> None:
    """A month with all kinds of days."""
    _year_so_far(session)
    _page(window).go_to(_day(19))


def nowruz(_: Session, window: MainWindow) -> None:
    """The holidays of Nowruz."""
    _page(window).go_to(from_jalali(1406, 1, 2))


def closing(_: Session, window: MainWindow) -> None:
    """The form of a closure, with what speaks against it."""
    page = _page(window)
    page.go_to(_day(18))
    page.board.ask_close()
    page.board.closing.form.check()


def emergency(_: Session, window: MainWindow) -> None:
    """What an emergency would move, before it is done."""
    page = _page(window)
    page.go_to(_day(12))
    page.board.ask_emergency()
    page.change_days(Task.EMERGENCY, tuple(_day(number) for number in range(6, 19)), "برف و بسته شدن راه")


def done(session: Session, window: MainWindow) -> None:
    """An emergency that was done."""
    emergency(session, window)
    _page(window).board.closing.panel.chosen.emit("yes")


def refused(_: Session, window: MainWindow) -> None:
    """A closure that would leave no open day."""
    page = _page(window)
    page.board.ask_close()
    days = tuple(_day(1) + dt.timedelta(days=number) for number in range(400))
    page.change_days(Task.CLOSE, days, "")


def holidays(_: Session, window: MainWindow) -> None:
    """The holidays of a year, one of them chosen."""
    page = _page(window)
    page.show_part(1)
    page.holidays.year_wanted.emit(1406)
    page.holidays.list.view.choose_place(8)
    QApplication.processEvents()


def hours(session: Session, window: MainWindow) -> None:
    """Odd and even days, half Thursday, and a mistake."""
    _year_so_far(session)
    page = _page(window)
    page.show_part(2)
    page.hours.days[6].times[0].setText("۹")
    page.hours.send()


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "calendar-month": month,
    "calendar-nowruz": nowruz,
    "calendar-closing": closing,
    "calendar-emergency": emergency,
    "calendar-done": done,
    "calendar-refused": refused,
    "calendar-holidays": holidays,
    "calendar-hours": hours,
}
