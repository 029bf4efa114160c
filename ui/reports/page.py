"""The reports page: what is owed each quarter, and two looks at the collection."""

from collections.abc import Sequence

from app.persian.digits import number
from ui.keys import KeyHelp
from ui.page import Action
from ui.paper.preview import KEYS as PAPER_KEYS
from ui.parts_page import KEYS, PartsPage
from ui.reports.collection import Balance, HealthPart
from ui.reports.quarters import ANSWER, MAKE, SEND, SHOW, Quarters
from ui.reports.rows import QuarterRow
from ui.session import Session
from ui.theme import Tone

STALE_AFTER = frozenset({"items", "titles", "loans", "weeding", "binding", "exchange", "stocktake", "rules", "day"})


class ReportsPage(PartsPage):
    """Quarterly report, balance of subjects, health of the collection."""

    def __init__(self, session: Session) -> None:
        self.quarters, self.balance, self.health = Quarters(session), Balance(session), HealthPart(session)
        parts = (("گزارش فصلی", self.quarters), ("تناسب موضوعی", self.balance), ("سلامت مجموعه", self.health))
        super().__init__(session, parts, STALE_AFTER)
        for part in self.parts():
            part.said.connect(self.say)
            part.printed.connect(self.show_paper)
        _, balance, health = self.tiles
        self.quarters.counted.connect(self._count_owed)
        self.balance.counted.connect(lambda copies: balance.show_number(number(copies), "نسخه در ده رده"))
        self.health.counted.connect(lambda copies: health.show_number(number(copies), "نسخه نیازمند رسیدگی"))
        balance.show_number("—", "سهم رده‌ها از مجموعه و از امانت")
        health.show_number("—", "صحافی، ترمیم و جایگزینی")
        self.show_part(0)

    def parts(self) -> tuple[Quarters, Balance, HealthPart]:
        return self.quarters, self.balance, self.health

    def show_subject(self, year: int, number: int) -> None:
        self.show_part(0)
        self.quarters.choose(year, number)

    def key_help(self) -> tuple[KeyHelp, ...]:
        if self.shows_paper():
            return PAPER_KEYS
        return (
            KeyHelp("Ctrl+1 … 3", "گزارش فصلی، تناسب موضوعی، سلامت مجموعه"),
            KeyHelp(SHOW, "دیدن و چاپ گزارش"),
            KeyHelp(MAKE, "ساختن گزارش فصل"),
            KeyHelp(SEND, "ثبت نامهٔ ارسال"),
            KeyHelp(ANSWER, "ثبت پاسخ استان"),
        )

    def commands(self) -> tuple[Action, ...]:
        return (
            Action("گزارش‌های فصلی وجین و صحافی", lambda: self.show_part(0), KEYS[0]),
            Action("تناسب موضوعی مجموعه", lambda: self.show_part(1), KEYS[1]),
            Action("سلامت مجموعه", lambda: self.show_part(2), KEYS[2]),
        )

    def _count_owed(self, rows: Sequence[QuarterRow]) -> None:
        owed = [row for row in rows if row.owed]
        tile = self.tiles[0]
        if owed:
            tile.show_number(number(len(owed)), f"گزارش در نوبت: {owed[0].name}", Tone.WARN)
        else:
            tile.show_number("۰", "گزارشی در نوبت نیست")
