"""The day in numbers and what waits to be done: what stands beside the list while nobody is at the desk."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout

from app.circulation.queries import DayCounts
from app.persian import jalali
from app.persian.digits import number
from ui.circulation.member_card import WIDTH
from ui.style import look
from ui.theme import Tone
from ui.widgets.cards import Card, StatTile
from ui.widgets.labels import Label, ltr
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import Notice


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits: copies to fetch for holds, readers to call today, reminders to send; what the last night did; and how
    many duties of the season are overdue."""

    to_pull: int
    to_call: int
    to_send: int
    night: str
    late_duties: int = 0


class DayCard(Card):
    """Numbers at once; what waits follows when it has been counted."""

    def __init__(self) -> None:
        self._date = Label("", "heading")
        self._tiles = {
            name: StatTile(words)
            for name, words in (
                ("lent", "امانت امروز"),
                ("returned", "بازگشت امروز"),
                ("out", "نزد اعضا"),
                ("overdue", "دیرکرده"),
            )
        }
        self._waiting = QVBoxLayout()
        self._waiting.setSpacing(look().px(8))
        self._how = Notice(
            "چگونه؟",
            (
                "کارت عضو را اسکن کنید، سپس کتاب‌ها را: امانت داده می‌شود.",
                "کتاب را بی کارت اسکن کنید: پس گرفته می‌شود.",
                "نام، عنوان یا شماره را هم می‌توان نوشت.",
            ),
        )
        tiles = column(
            row(self._tiles["lent"], self._tiles["returned"]), row(self._tiles["out"], self._tiles["overdue"]), gap=8
        )
        super().__init__(column(self._date, tiles, self._waiting, None, self._how, gap=12))
        self.setFixedWidth(look().px(WIDTH))

    def show_day(self, day: dt.date, counts: DayCounts) -> None:
        """The numbers of a day."""
        self._date.say(jalali.long(day))
        for name, tile in self._tiles.items():
            value = getattr(counts, name)
            tile.show_number(number(value), tone=Tone.WARN if name == "overdue" and value else None)

    def counted(self) -> bool:
        """Whether what waits is told."""
        return self._waiting.count() > 0

    def show_waiting(self, waiting: Waiting) -> None:
        """What there is to do, with the key of its page."""
        emptied(self._waiting)
        self._how.setVisible(not waiting.night)  # both have no room on the usual screen
        lines = tuple(_lines(waiting))
        self._waiting.addWidget(
            Notice("در انتظار", lines or ("کاری در انتظار نیست.",), Tone.WARN if lines else Tone.OK)
        )
        if waiting.night:
            self._waiting.addWidget(Notice("کارهای شبانه", (waiting.night,), Tone.NEUTRAL))


def _lines(waiting: Waiting) -> Iterator[str]:
    if waiting.to_pull:
        yield f"{number(waiting.to_pull)} کتاب برای رزرو از قفسه بردارید ({ltr('F4')})"
    if waiting.to_call:
        yield f"{number(waiting.to_call)} عضو برای تماس امروز ({ltr('Ctrl+F2')})"
    if waiting.to_send:
        yield f"{number(waiting.to_send)} یادآوری آمادهٔ ارسال ({ltr('Ctrl+F2')})"
    if waiting.late_duties:
        yield f"{number(waiting.late_duties)} وظیفهٔ دیرشده ({ltr('Ctrl+F1')})"
