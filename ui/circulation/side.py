"""The part beside the list: the reader's card, or the day's card while nobody is at the desk."""

import datetime as dt

from PySide6.QtWidgets import QWidget

from app.circulation.queries import DayCounts
from ui.circulation.at_desk import ReaderAtDesk
from ui.circulation.day_card import DayCard
from ui.circulation.member_card import WIDTH, MemberCard
from ui.style import look
from ui.widgets.front import Front


class Side(QWidget):
    """One of the two cards in front."""

    def __init__(self) -> None:
        super().__init__()
        self.member, self.day = MemberCard(), DayCard()
        self._stack = Front()
        self._stack.addWidget(self.day)
        self._stack.addWidget(self.member)
        self.setLayout(self._stack)
        self.setFixedWidth(look().px(WIDTH))

    def show_reader(self, reader: ReaderAtDesk, holder: ReaderAtDesk | None, *, seen: bool) -> None:
        """Bring the reader's card to the front."""
        self.member.show_reader(reader, holder, seen=seen)
        self._stack.setCurrentWidget(self.member)

    def show_day(self, day: dt.date, counts: DayCounts) -> None:
        """Nobody is here."""
        self.day.show_day(day, counts)
        self._stack.setCurrentWidget(self.day)
