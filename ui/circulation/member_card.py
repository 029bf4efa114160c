"""The reader on screen: who, until when, how many, what is owed, what waits, what was noted, and who is at home."""

import datetime as dt
from collections.abc import Iterator

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QVBoxLayout

from app.circulation.reader_card import ReaderCard
from app.clock import day_of
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import HoldState
from ui.circulation.at_desk import ReaderAtDesk
from ui.circulation.desk_keys import HOUSEHOLD, MONEY, RENEW_ALL, SEEN, SLIP
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, StatTile
from ui.widgets.labels import Label, isolate, ltr
from ui.widgets.layouts import Flow, column, emptied, row
from ui.widgets.notice import Notice
from ui.widgets.pills import Pill
from ui.widgets.portrait import Portrait

WIDTH = 322
MOST_NOTICES, MOST_LINES = 5, 2


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
    """The card beside the list of loans. Its buttons are the page's to connect."""

    def __init__(self) -> None:
        self._name, self._number, self._valid = Label("", "title"), Label("", "muted"), Label("", "muted")
        self._state, self._on_card = Pill("", Tone.OK), Pill("", Tone.INFO)
        self._portrait = Portrait()
        self._loans, self._debt = StatTile("امانت"), StatTile("بدهی (ریال)")
        self.money = Button("حساب", MONEY)
        self.renew_all = Button("تمدید همه", RENEW_ALL)
        self.slip = Button("برگه", SLIP)
        self.household = Button("خانواده", HOUSEHOLD)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(look().px(6))
        identity = column(self._name, self._number, self._valid, row(self._state, None), gap=1)
        head = row(self._portrait, identity, gap=12)
        head.setStretch(1, 1)
        buttons = Flow(self.money, self.renew_all, self.slip, self.household)
        tiles = row(self._loans, self._debt)
        super().__init__(column(head, self._on_card, tiles, self._notices, None, buttons, gap=8), padding=14)
        self._on_card.hide()
        self.setFixedWidth(look().px(WIDTH))

    def show_reader(self, reader: ReaderAtDesk, holder: ReaderAtDesk | None, *, seen: bool) -> None:
        """Show a reader; everything of the one before is gone. `holder` showed the card; `seen`: notes were read."""
        member = reader.card.member
        self._portrait.show_picture(_picture(reader.photo))
        self._name.say(isolate(reader.name))
        self._number.say(f"عضو {to_persian(member.member_no)} · {reader.card.category}")
        expires = member.expires_on
        self._valid.say(f"اعتبار تا {jalali.day_month_year(expires)}" if expires else "عضویت بی‌پایان")
        self._state.show_state(*standing(reader.card))
        self._on_card.show_state(f"با کارت {isolate(holder.name)}" if holder else "", Tone.INFO)
        self.show_counts(len(reader.card.loans), reader.card.limit, member.debt)
        emptied(self._notices)
        for notice in tuple(_notices(reader, seen=seen))[:MOST_NOTICES]:
            self._notices.addWidget(notice)
        self.household.setVisible(bool(reader.kin) or holder is not None)
        self.setAccessibleName(f"{reader.name}، {standing(reader.card)[0]}")

    def show_counts(self, loans: int, limit: int | None, debt: int) -> None:
        """The two numbers, which change with every scan."""
        full = limit is not None and loans >= limit
        self._loans.show_number(
            number(loans), "" if limit is None else f"از {number(limit)}", Tone.WARN if full else None
        )
        self._debt.show_number(number(debt), tone=Tone.WARN if debt > 0 else None)


def _picture(photo: bytes | None) -> QPixmap | None:
    if photo is None:
        return None
    picture = QPixmap()
    picture.loadFromData(photo)
    return picture


def _notices(reader: ReaderAtDesk, *, seen: bool) -> Iterator[Notice]:
    """The weightiest first; what has no place is one key away."""
    for reason, until in reader.card.bans[:MOST_LINES]:
        last = f" — تا {jalali.day_month_year(until)}" if until else ""
        yield Notice("عضو محروم است", (f"{isolate(reason)}{last}",), Tone.REFUSE)
    if reader.notes:
        lines = _shortened([isolate(note.text) for note in reader.notes])
        title = "یادداشت (دیده شد)" if seen else f"یادداشت · دیدم: {ltr(SEEN)}"
        yield Notice(title, lines, Tone.NEUTRAL if seen else Tone.WARN)
    yield from _late(reader.card)
    ready = [hold for hold in reader.holds if hold.state is HoldState.WAITING]
    if ready:
        first, *more = _shortened([f"«{isolate(hold.title)}»{_kept_until(hold.shelf_until)}" for hold in ready])
        yield Notice(f"رزرو آماده: {first}", more)
    yield from _elsewhere(reader)
    others = tuple(_others(reader))
    if others:
        yield Notice(others[0], others[1:], Tone.NEUTRAL)


def _elsewhere(reader: ReaderAtDesk) -> Iterator[Notice]:
    """What other libraries lent, as the centre told it: neither where nor what."""
    told = reader.elsewhere
    if told is None or not (told.loans or told.debt or told.banned):
        return
    lines = [words for words, so in (("آنجا بدهی دارد", told.debt), ("آنجا محروم است", told.banned)) if so]
    as_of = f"به گفتهٔ مرکز، {jalali.day_month(day_of(told.heard_at))}"
    tone = Tone.WARN if told.debt or told.banned else Tone.INFO
    yield Notice(f"از کتابخانه‌های دیگر: {number(told.loans)} کتاب", (*lines, as_of), tone)


def _others(reader: ReaderAtDesk) -> Iterator[str]:
    """What is good to know and asks for nothing: holds in line, the loans of those in the reader's care."""
    in_line = sum(hold.state is not HoldState.WAITING for hold in reader.holds)
    if in_line:
        yield f"{number(in_line)} رزرو در نوبت"
    members = [kin.card.member for kin in reader.in_care]
    if members:
        told = "، ".join(f"{isolate(member.given_name)} {number(member.open_loans)}" for member in members)
        yield f"خانواده، امانت: {told}"


def _late(card: ReaderCard) -> Iterator[Notice]:
    late = [loan for loan in card.loans if loan.due_on < card.today]
    if len(late) == 1:
        days = number((card.today - late[0].due_on).days)
        yield Notice(f"{days} روز دیرکرد: «{isolate(late[0].title)}»", (), Tone.WARN)
    elif late:
        yield Notice(
            f"{number(len(late))} کتاب دیرکرد دارد",
            _shortened([f"«{isolate(loan.title)}»" for loan in late]),
            Tone.WARN,
        )


def _kept_until(day: dt.date | None) -> str:
    return f" تا {jalali.day_month(day)}" if day else ""


def _shortened(lines: list[str]) -> tuple[str, ...]:
    """The first lines; the last one says how many more there are."""
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    return (*lines[: MOST_LINES - 1], f"{lines[MOST_LINES - 1]} و {number(len(lines) - MOST_LINES)} دیگر")
