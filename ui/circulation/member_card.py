"""The reader on screen: who, until when, how many, what is owed, what waits. And the day in numbers when there is
nobody."""

import datetime as dt

from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.circulation.queries import DayCounts
from app.circulation.reader_card import ReaderCard
from app.persian import jalali
from app.persian.digits import number, to_persian
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, StatTile
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, row
from ui.widgets.notice import Notice
from ui.widgets.pills import Pill
from ui.widgets.portrait import Portrait

WIDTH = 322
MOST_NOTICES = 4


def standing(card: ReaderCard) -> tuple[str, Tone]:
    """The one word that matters before a loan."""
    if card.is_expired:
        return "عضویت پایان یافته", Tone.REFUSE
    if card.bans:
        return "محروم از امانت", Tone.REFUSE
    if card.member.overdue:
        return "دیرکرد دارد", Tone.WARN
    return "مجاز به امانت", Tone.OK


class MemberCard(Card):
    """The card beside the list of loans."""

    def __init__(self, renew_all: Button) -> None:
        self._name, self._number, self._valid = Label("", "heading"), Label("", "muted"), Label("", "muted")
        self._state = Pill("", Tone.OK)
        self._loans, self._debt = StatTile("امانت"), StatTile("بدهی (ریال)")
        self._notices = QVBoxLayout()
        self._notices.setSpacing(look().px(12))
        identity = column(self._name, self._number, self._valid, row(self._state, None), gap=1)
        head = row(Portrait(), identity, gap=12)
        head.setStretch(1, 1)
        super().__init__(column(head, row(self._loans, self._debt), self._notices, None, Flow(renew_all), gap=12))
        self.setFixedWidth(look().px(WIDTH))

    def show_reader(self, reader: ReaderCard) -> None:
        """Show a reader; everything of the one before is gone."""
        member = reader.member
        self._name.say(f"{member.given_name} {member.family_name}")
        self._number.say(f"عضو {to_persian(member.member_no)} · {reader.category}")
        expires = member.expires_on
        self._valid.say(f"اعتبار تا {jalali.day_month_year(expires)}" if expires else "عضویت بی‌پایان")
        self._state.show_state(*standing(reader))
        self.show_counts(len(reader.loans), reader.limit, member.debt)
        self._show_notices(reader)
        self.setAccessibleName(f"{member.given_name} {member.family_name}، {standing(reader)[0]}")

    def show_counts(self, loans: int, limit: int | None, debt: int) -> None:
        """The two numbers, which change with every scan."""
        full = limit is not None and loans >= limit
        self._loans.show_number(
            number(loans), "" if limit is None else f"از {number(limit)}", Tone.WARN if full else None
        )
        self._debt.show_number(number(debt), tone=Tone.WARN if debt > 0 else None)

    def _show_notices(self, reader: ReaderCard) -> None:
        while (item := self._notices.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        for notice in _notices(reader)[:MOST_NOTICES]:
            self._notices.addWidget(notice)


def _notices(reader: ReaderCard) -> list[Notice]:
    notices = [Notice("عضو محروم است", (f"{reason}{_until(until)}",), Tone.REFUSE) for reason, until in reader.bans]
    late = [loan for loan in reader.loans if loan.due_on < reader.today]
    if len(late) == 1:
        days = number((reader.today - late[0].due_on).days)
        notices.append(Notice(f"یک کتاب {days} روز دیرکرد دارد", (f"«{isolate(late[0].title)}»",), Tone.WARN))
    elif late:
        titles = tuple(f"«{isolate(loan.title)}»" for loan in late[:3])
        notices.append(Notice(f"{number(len(late))} کتاب دیرکرد دارد", titles, Tone.WARN))
    for hold in reader.holds[:2]:
        until = f"، تا {jalali.day_month(hold.shelf_until)}" if hold.shelf_until else ""
        notices.append(Notice("رزرو آمادهٔ تحویل", (f"«{isolate(hold.title)}» روی قفسهٔ رزرو{until}",)))
    return notices


def _until(until: dt.date | None) -> str:
    return f" — تا {jalali.day_month_year(until)}" if until else ""


class DayCard(Card):
    """The day in numbers: what stands beside the list while no reader is on screen."""

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
        how = Notice(
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
        super().__init__(column(self._date, tiles, how, None, gap=12))
        self.setFixedWidth(look().px(WIDTH))

    def show_day(self, day: dt.date, counts: DayCounts) -> None:
        """The numbers of a day."""
        self._date.say(jalali.long(day))
        for name, tile in self._tiles.items():
            value = getattr(counts, name)
            tile.show_number(number(value), tone=Tone.WARN if name == "overdue" and value else None)


class Side(QWidget):
    """The reader's card or the day's card."""

    def __init__(self, renew_all: Button) -> None:
        super().__init__()
        self.member, self.day = MemberCard(renew_all), DayCard()
        self._stack = QStackedLayout()
        self._stack.addWidget(self.day)
        self._stack.addWidget(self.member)
        self.setLayout(self._stack)
        self.setFixedWidth(look().px(WIDTH))

    def show_reader(self, reader: ReaderCard) -> None:
        """Bring the reader's card to the front."""
        self.member.show_reader(reader)
        self._stack.setCurrentWidget(self.member)

    def show_day(self, day: dt.date, counts: DayCounts) -> None:
        """Nobody is on screen."""
        self.day.show_day(day, counts)
        self._stack.setCurrentWidget(self.day)
