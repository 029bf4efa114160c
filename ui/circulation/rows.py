"""The rows of the desk's lists, formatted once, and the columns that show them."""

import datetime as dt
import uuid
from dataclasses import dataclass

from app.catalogue.queries import CopyRow, TitleRow
from app.circulation.outcomes import CheckedOut
from app.circulation.queries import DayEvent, Event
from app.clock import TEHRAN, day_of
from app.labels import ITEM_STATUS
from app.members.queries import LoanRow, MemberRow
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import ItemStatus
from ui.theme import Tone
from ui.widgets.table import Column, RowTable

SOON_DAYS = 2
Mark = tuple[str, Tone]
"""What is written beside a loan in place of its state: what has just become of it."""


def clock_words(moment: dt.datetime) -> str:
    """«۱۰:۲۴» in Tehran."""
    return to_persian(moment.astimezone(TEHRAN).strftime("%H:%M"))


def titled(title: str, volume: str | None) -> str:
    """«کلیدر، جلد ۲»."""
    return f"{title}، جلد {to_persian(volume)}" if volume else title


@dataclass(frozen=True, slots=True)
class LoanView:
    """An open loan of the reader on screen."""

    loan_id: uuid.UUID
    item_id: uuid.UUID
    barcode: str
    title: str
    creator: str
    accession_no: int
    accession: str
    call_number: str
    out_at: dt.datetime
    lent: str
    due_on: dt.date
    due: str
    state: str
    tone: Tone


def loan_view(loan: LoanRow, today: dt.date, *, fresh: bool = False, mark: Mark | None = None) -> LoanView:
    """A loan as its row shows it."""
    state, tone = mark or _loan_state(loan.due_on, today, fresh=fresh)
    lent = f"امروز {clock_words(loan.out_at)}" if loan.out_on == today else jalali.day_month(loan.out_on)
    return LoanView(
        loan_id=loan.loan_id,
        item_id=loan.item_id,
        barcode=loan.barcode,
        title=titled(loan.title, loan.volume_no),
        creator=loan.main_creator or "",
        accession_no=loan.accession_no,
        accession=number(loan.accession_no),
        call_number=loan.call_number or "",
        out_at=loan.out_at,
        lent=lent,
        due_on=loan.due_on,
        due=jalali.day_month_year(loan.due_on),
        state=state,
        tone=tone,
    )


def fresh_loan(outcome: CheckedOut, at: dt.datetime) -> LoanView:
    """The row of a loan made this moment, without asking the store again."""
    item = outcome.item
    row = LoanRow(
        outcome.loan_id, item.id, item.title, item.main_creator, item.volume_no, item.accession_no, item.barcode,
        item.call_number, at, outcome.out_on, outcome.due_on, 0,
    )  # fmt: skip
    return loan_view(row, day_of(at), fresh=outcome.out_on == day_of(at))


def _loan_state(due_on: dt.date, today: dt.date, *, fresh: bool) -> tuple[str, Tone]:
    days = (due_on - today).days
    if days < 0:
        return f"{number(-days)} روز دیرکرد", Tone.REFUSE
    if fresh:
        return "تازه", Tone.OK
    if days == 0:
        return "امروز", Tone.WARN
    return f"{number(days)} روز مانده", Tone.WARN if days <= SOON_DAYS else Tone.NEUTRAL


def loan_table() -> RowTable[LoanView]:
    """The loans of the reader on screen."""
    return RowTable(
        (
            Column("عنوان", lambda loan: loan.title, sub=lambda loan: loan.creator, stretch=1, strong=True),
            Column(
                "شماره ثبت",
                lambda loan: loan.accession,
                width=96,
                number=True,
                spare=3,
                sort_key=lambda loan: loan.accession_no,
            ),
            Column("رده", lambda loan: loan.call_number, width=150, spare=1),
            Column("امانت", lambda loan: loan.lent, width=112, spare=2, sort_key=lambda loan: loan.out_at),
            Column("بازگشت", lambda loan: loan.due, width=126, tone=_late, sort_key=lambda loan: loan.due_on),
            Column(
                "وضعیت",
                lambda loan: loan.state,
                width=128,
                pill=True,
                tone=lambda loan: loan.tone,
                sort_key=lambda loan: loan.due_on,
            ),
        ),
        key=lambda loan: loan.loan_id,
        tint=lambda loan: Tone.OK if loan.tone is Tone.OK else None,
    )


def _late(loan: LoanView) -> Tone | None:
    return Tone.REFUSE if loan.tone is Tone.REFUSE else None


EVENT_WORDS = {
    Event.LENT: ("امانت", Tone.OK),
    Event.RETURNED: ("بازگشت", Tone.INFO),
    Event.RENEWED: ("تمدید", Tone.NEUTRAL),
    Event.USED: ("استفاده در محل", Tone.NEUTRAL),
}


def event_table() -> RowTable[DayEvent]:
    """What happened at the desk today."""
    return RowTable(
        (
            Column("ساعت", lambda event: clock_words(event.at), width=70, sort_key=lambda event: event.at),
            Column(
                "عنوان", lambda event: event.title, sub=lambda event: event.main_creator or "", stretch=3, strong=True
            ),
            Column(
                "شماره ثبت",
                lambda event: number(event.accession_no),
                width=96,
                number=True,
                spare=2,
                sort_key=lambda event: event.accession_no,
            ),
            Column("عضو", lambda event: event.member or "—", stretch=2),
            Column(
                "بازگشت تا",
                lambda event: jalali.day_month_year(event.due_on) if event.due_on and event.event is Event.LENT else "",
                width=126,
                spare=1,
                sort_key=lambda event: event.due_on or dt.date.min,
            ),
            Column(
                "کار",
                lambda event: EVENT_WORDS[event.event][0],
                width=130,
                pill=True,
                tone=lambda event: EVENT_WORDS[event.event][1],
            ),
        ),
        key=lambda event: event.key,
    )


MEMBER, COPY = "عضو", "کتاب"


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found by typing: a reader or a copy. `code` is what a scan of it would give."""

    code: str
    name: str
    detail: str
    kind: str
    state: str
    tone: Tone


def member_hit(member: MemberRow) -> Hit:
    """A reader found."""
    state = ("دیرکرد دارد", Tone.WARN) if member.overdue else (f"{number(member.open_loans)} امانت", Tone.NEUTRAL)
    detail = f"عضو {to_persian(member.member_no)}"
    name = f"{member.given_name} {member.family_name}"
    return Hit(member.card or member.member_no, name, detail, MEMBER, *state)


def copy_hit(title: TitleRow, copy: CopyRow) -> Hit:
    """A copy of a title found."""
    tone = Tone.OK if copy.status is ItemStatus.AVAILABLE else Tone.NEUTRAL
    detail = " · ".join(part for part in (title.main_creator, f"شماره ثبت {number(copy.accession_no)}") if part)
    return Hit(copy.barcode, titled(title.title, copy.volume_no), detail, COPY, ITEM_STATUS[copy.status], tone)


def hit_table() -> RowTable[Hit]:
    """What typing in the scan box has found."""
    return RowTable(
        (
            Column("یافته", lambda hit: hit.name, sub=lambda hit: hit.detail, stretch=1, strong=True),
            Column("گونه", lambda hit: hit.kind, width=90),
            Column("وضعیت", lambda hit: hit.state, width=150, pill=True, tone=lambda hit: hit.tone),
        ),
        key=lambda hit: hit.code,
    )
