"""The questions with which the desk is told how to work: which way, until when, from which day."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.persian import jalali
from ui.circulation.asking import GIVING_UP, Asking, Question
from ui.circulation.at_desk import AtDesk
from ui.circulation.desk_keys import BOOK_DROP, DAY, DUE, RETURNING, YES
from ui.circulation.entries import DayEntry
from ui.circulation.modes import USUAL, WAYS, Modes, Way
from ui.session import Session
from ui.theme import Tone
from ui.widgets.labels import ltr
from ui.widgets.panel import Choice

THIS_DAY, AS_USUAL = "day", "usual"
PAST_DUE = "تاریخ بازگشت نمی‌تواند پیش از امروز باشد."
STILL_AHEAD = "این روز هنوز نرسیده است."
DAYS_AHEAD = ((7, "یک هفته"), (14, "دو هفته"), (30, "یک ماه"))


class ModeQuestions(QObject):
    """`changed`: the desk works otherwise from now on."""

    changed = Signal()

    def __init__(self, session: Session, desk: AtDesk, asking: Asking) -> None:
        super().__init__(asking)
        self._session, self._desk, self._asking = session, desk, asking

    def use_way(self, way: Way) -> None:
        """The next books leave in this way."""
        self._set(replace(self._desk.modes, way=way))

    def toggle_returning(self) -> None:
        """Only take back, or lend again; the count of a batch begins anew."""
        self._desk.returned = 0
        self._set(replace(self._desk.modes, returning=not self._desk.modes.returning))

    def ask(self) -> None:
        """Ctrl+M: everything that can be otherwise, in one place."""
        doers: dict[str, Callable[[], None]] = {
            DUE: self.ask_due,
            DAY: self.ask_day,
            RETURNING: self.toggle_returning,
            BOOK_DROP: self.ask_book_drop,
            AS_USUAL: lambda: self._set(USUAL),
        }

        def run(code: str) -> bool:
            if code in doers:
                doers[code]()
            else:
                self.use_way(Way(code))
            return True

        ways = tuple(Choice(way.value, text, f"Ctrl+{place}") for place, (way, text) in enumerate(WAYS.items(), 1))
        choices = (
            *ways,
            Choice(DUE, "تاریخ بازگشت به دلخواه…", "Ctrl+6"),
            Choice(DAY, "ثبت با تاریخ گذشته…", "Ctrl+7"),
            Choice(RETURNING, "فقط بازگشت", "Ctrl+8"),
            Choice(BOOK_DROP, "صندوق بازگشت…", "Ctrl+9"),
            Choice(AS_USUAL, "همه چیز مانند همیشه", "Ctrl+0"),
            GIVING_UP,
        )
        note = (
            f"تا عضو بعدی می‌ماند. کلیدهای بی‌پرسش: {ltr('Alt+1 … 5')}، {ltr(DUE)}، {ltr(DAY)}، {ltr(RETURNING)}، "
            f"{ltr(BOOK_DROP)}"
        )
        self._asking.ask(Question(Tone.INFO, "میز چگونه کار کند؟", (), choices, run, note=note))

    def ask_due(self) -> None:
        """Until when the next books are lent."""
        today = self._session.act().day
        entry = DayEntry(self._session, today, None, PAST_DUE)
        ahead = [(today + dt.timedelta(days=1), "فردا")]
        ahead += [(today + dt.timedelta(days=days), text) for days, text in DAYS_AHEAD]
        calendar = self._session.library.calendar
        quick = [(calendar.next_open(day), text) for day, text in ahead]
        self._ask_day("کتاب‌های بعدی تا چه روزی امانت داده شود؟", entry, quick, self._due)

    def ask_day(self) -> None:
        """From which past day loans and returns count (a power cut, a paper list)."""
        today = self._session.act().day
        entry = DayEntry(self._session, None, today, STILL_AHEAD)
        note = "امانت‌ها و بازگشت‌ها با این تاریخ ثبت می‌شود، تا عضو بعدی."
        self._ask_day(
            "امانت و بازگشت با چه تاریخی ثبت شود؟", entry, self._past(today), lambda day: self._on(day, today), note
        )

    def ask_book_drop(self) -> None:
        """A whole box of returns of one day; it goes on until Esc."""
        today = self._session.act().day
        entry = DayEntry(self._session, None, today, STILL_AHEAD)
        note = "همهٔ کتاب‌هایی که از این پس اسکن می‌شود با این تاریخ برمی‌گردد، تا Esc بزنید. جریمه تا همان روز است."
        quick = [*self._past(today), (today, "امروز")]
        self._ask_day("کتاب‌های صندوق در چه روزی برگشته است؟", entry, quick, lambda day: self._drop(day, today), note)

    def _past(self, today: dt.date) -> list[tuple[dt.date, str]]:
        yesterday = today - dt.timedelta(days=1)
        days = {yesterday: "دیروز", today - dt.timedelta(days=2): "پریروز"}
        days.setdefault(self._session.library.calendar.previous_open(yesterday), "آخرین روز باز")
        return list(days.items())

    def _on(self, day: dt.date, today: dt.date) -> None:
        self._set(replace(self._desk.modes, day=None if day == today else day))

    def _due(self, day: dt.date) -> None:
        self._set(replace(self._desk.modes, due_on=day))

    def _drop(self, day: dt.date, today: dt.date) -> None:
        self._desk.clear()
        self._set(Modes(day=None if day == today else day, returning=True))

    def _set(self, modes: Modes) -> None:
        self._desk.modes = modes
        self.changed.emit()

    def _ask_day(
        self,
        title: str,
        entry: DayEntry,
        quick: Sequence[tuple[dt.date, str]],
        take: Callable[[dt.date], None],
        note: str = "",
    ) -> None:
        def run(code: str) -> bool:
            day = entry.day() if code == THIS_DAY else dt.date.fromisoformat(code)
            if day is not None:
                take(day)
            return day is not None

        choices = (
            *(
                Choice(day.isoformat(), f"{text}: {jalali.day_month(day)}", f"Ctrl+{place}")
                for place, (day, text) in enumerate(quick, 1)
            ),
            Choice(THIS_DAY, "همین تاریخ", YES, "primary"),
            GIVING_UP,
        )
        self._asking.ask(Question(Tone.INFO, title, (), choices, run, note=note, extra=entry, focus=entry.edit))
