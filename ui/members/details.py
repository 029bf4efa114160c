"""The card of the chosen member: who, until when, how to reach them, what they have, what stands against them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.circulation.alerts import AlertRow
from app.circulation.reader_card import ReaderCard
from app.members.form import MemberForm
from app.members.identity import national_id, to_e164
from app.members.queries import LoanRow, MemberDetails
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import AlertWeight, MemberState
from ui.circulation.rows import titled
from ui.members.cards import BIND
from ui.members.rows import expiry_tone, standing, telephone
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card, StatTile
from ui.widgets.empty import EmptyPage
from ui.widgets.facts import Fact, Facts
from ui.widgets.labels import Label, isolate, ltr
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import Notice
from ui.widgets.pills import Pill
from ui.widgets.portrait import Portrait
from ui.widgets.scroll import Scroll

WIDTH = 330
TO_DESK, EDIT, RENEW, MORE = "Ctrl+D", "Ctrl+E", "Ctrl+R", "Ctrl+J"
APPROVE = f"شمارهٔ نامه را در «ویرایش» ({ltr(EDIT)}) بنویسید؛ عضویت همان دم فعال می‌شود."


@dataclass(frozen=True, slots=True)
class Chosen:
    """A member as the card shows them. `missing` are the papers that the policy asks for and nobody has handed in,
    `photo` is JPEG."""

    card: ReaderCard
    details: MemberDetails
    form: MemberForm
    photo: bytes | None = None
    notes: tuple[AlertRow, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Given name first, as people are spoken of."""
        return f"{self.card.member.given_name} {self.card.member.family_name}"

    @property
    def key(self) -> str:
        """What the desk knows the member by: the card, else the number."""
        return self.card.member.card or self.card.member.member_no


class DetailsCard(Card):
    """Shows one member, or says that none is chosen. `desk_wanted` asks for the desk with this member."""

    desk_wanted = Signal(str)

    def __init__(self) -> None:
        self._chosen: Chosen | None = None
        self._name, self._number, self._valid = Label("", "heading"), Label("", "muted"), Label("", "muted")
        self._state = Pill("", Tone.OK)
        self.portrait = Portrait()
        self._loans, self._debt = StatTile("امانت"), StatTile("بدهی (ریال)")
        self._notices = QVBoxLayout()
        self._notices.setSpacing(look().px(8))
        self.facts = Facts()
        self.to_desk = Button("برو به میز امانت", TO_DESK, "primary", "arrows-exchange")
        self.edit, self.cards, self.more = Button("ویرایش", EDIT), Button("کارت‌ها", BIND), Button("بیشتر", MORE)
        self._nobody = EmptyPage("user", "عضوی برگزیده نشده است", "کارت را اسکن کنید یا نام را بنویسید.")
        self._somebody = self._laid_out()
        super().__init__(column(self._nobody, self._somebody, gap=0))
        self.setFixedWidth(look().px(WIDTH))
        self.to_desk.clicked.connect(self._ask_for_desk)
        self.clear()

    def chosen(self) -> Chosen | None:
        """Whom the card shows."""
        return self._chosen

    def clear(self) -> None:
        """Nobody is chosen: nothing of the one before stays."""
        self._chosen = None
        self._somebody.hide()
        self._nobody.show()
        self.facts.show_facts(())
        self._name.say("")
        self.setAccessibleName("عضوی برگزیده نشده است")

    def show_member(self, chosen: Chosen) -> None:
        """Show this member."""
        self._chosen = chosen
        member, today = chosen.card.member, chosen.card.today
        self._name.say(isolate(chosen.name))
        self._number.say(f"عضو {to_persian(member.member_no)} · {chosen.card.category}")
        expires = member.expires_on
        self._valid.say(f"اعتبار تا {jalali.day_month_year(expires)}" if expires else "عضویت بی‌پایان")
        self._valid.set_tone(expiry_tone(expires, today))
        self._state.show_state(*standing(member, today))
        self.portrait.show_picture(picture(chosen.photo))
        limit = chosen.card.limit
        self._loans.show_number(number(len(chosen.card.loans)), f"از {number(limit)}" if limit is not None else "")
        self._debt.show_number(number(member.debt), tone=Tone.WARN if member.debt > 0 else None)
        self._show_notices(tuple(_notices(chosen)))
        self.facts.show_facts(tuple(_facts(chosen)))
        self._nobody.hide()
        self._somebody.show()
        self._scroll.to_top()
        self.setAccessibleName(f"{chosen.name}، {standing(member, today)[0]}")

    def _ask_for_desk(self) -> None:
        if self._chosen is not None:
            self.desk_wanted.emit(self._chosen.key)

    def _show_notices(self, notices: Sequence[Notice]) -> None:
        emptied(self._notices)
        for notice in notices:
            self._notices.addWidget(notice)

    def _laid_out(self) -> QWidget:
        identity = column(self._name, self._number, self._valid, row(self._state, None), gap=1)
        head = row(self.portrait, identity, gap=12)
        head.setStretch(1, 1)
        body = QWidget()
        body.setLayout(column(self._notices, self.facts, None, gap=12))
        self._scroll = Scroll(body)
        ways = column(row(self.to_desk, self.more, None), row(self.edit, self.cards, None))
        whole = column(head, row(self._loans, self._debt), self._scroll, ways, gap=12)
        whole.setStretch(2, 1)
        made = QWidget()
        made.setLayout(whole)
        return made


def picture(photo: bytes | None) -> QPixmap | None:
    """A photograph as the screen paints it."""
    made = QPixmap()
    return made if photo is not None and made.loadFromData(photo) else None


def _notices(chosen: Chosen) -> Iterator[Notice]:
    card = chosen.card
    if card.member.state is MemberState.PENDING:
        yield Notice("عضویت در انتظار تأیید است", (APPROVE,), Tone.WARN)
    for note in chosen.notes:
        ended = note.until is not None and note.until < card.today
        if not ended:
            yield Notice(
                "یادداشت", (isolate(note.text),), Tone.WARN if note.weight is AlertWeight.CONFIRM else Tone.INFO
            )
    for reason, until in card.bans:
        words = f"تا {jalali.day_month_year(until)}" if until else "تا اطلاع بعدی"
        yield Notice(f"محروم {words}", (isolate(reason),), Tone.REFUSE)
    for hold in card.holds:
        until_words = f"، تا {jalali.day_month(hold.shelf_until)}" if hold.shelf_until else ""
        yield Notice("رزرو آمادهٔ تحویل", (f"«{isolate(hold.title)}» روی قفسهٔ رزرو{until_words}",))
    late = [loan for loan in card.loans if loan.due_on < card.today]
    in_time = [loan for loan in card.loans if loan.due_on >= card.today]
    if chosen.missing:
        yield Notice("مدارکی که نیاورده است", tuple(map(isolate, chosen.missing)), Tone.NEUTRAL)
    if late:
        yield Notice("دیرکرده", tuple(_loan(loan, card.today) for loan in late), Tone.WARN)
    if in_time:
        yield Notice("در امانت", tuple(_loan(loan, card.today) for loan in in_time), Tone.NEUTRAL)


def _loan(loan: LoanRow, today: dt.date) -> str:
    title = f"«{isolate(titled(loan.title, loan.volume_no))}»"
    days = (today - loan.due_on).days
    return f"{title} — {number(days)} روز دیرکرد" if days > 0 else f"{title} — تا {jalali.day_month(loan.due_on)}"


def _facts(chosen: Chosen) -> Iterator[Fact]:
    member, details, form = chosen.card.member, chosen.details, chosen.form
    yield "کارت", ltr(member.card) if member.card else "کارت ندارد"
    yield "تلفن همراه", telephone(member.mobile)
    yield "تلفن ثابت", telephone(to_e164(form.phone) or form.phone) if form.phone else ""
    yield "رایانامه", ltr(form.email) if form.email else ""
    yield "سرپرست", _said(details.guardian)
    yield "عضویت سرپرست", ltr(to_persian(form.guardian_member)) if form.guardian_member else ""
    yield "تلفن سرپرست", telephone(details.guardian_mobile)
    yield "نشانی", _address(details)
    yield "نام پدر", _said(details.father_name)
    yield "کد ملی", _national_id(details.national_id)
    yield "تولد", _birth(details.birth_date, chosen.card.today)
    yield "گروه سنی", _said(details.age_group)
    yield "تحصیلات", _said(form.education)
    yield "شغل", _said(form.job)
    yield "ضامن", _said(details.guarantor)
    yield "شمارهٔ نامه", _said(form.letter_no)
    yield "رابط", _said(form.liaison)
    yield "علاقه‌مندی", "، ".join(isolate(tag) for tag in details.interests)
    yield "عضو از", jalali.day_month_year(details.joined_on)
    yield "یادداشت", _said(details.note)


def _said(text: str | None) -> str:
    return isolate(text) if text else ""


def _address(details: MemberDetails) -> str:
    doubt = "نامعتبر است" if details.address_unknown else ""
    return " — ".join(part for part in (_said(details.address), doubt) if part)


def _national_id(stored: str | None) -> str:
    if not stored:
        return ""
    doubt = "" if national_id(stored).value else " — شماره‌ای است که با قاعدهٔ کد ملی نمی‌خواند"
    return f"{ltr(to_persian(stored))}{doubt}"


def _birth(day: dt.date | None, today: dt.date) -> str:
    if day is None:
        return ""
    born, now = jalali.to_jalali(day), jalali.to_jalali(today)
    age = now[0] - born[0] - (now[1:] < born[1:])
    return f"{jalali.day_month_year(day)} ({number(age)} ساله)"
