"""The lists of the holds page: what to fetch, what stands on the hold shelf, who waits."""

import datetime as dt
import uuid
from dataclasses import dataclass

from app.circulation.holds.queries import HoldRow, PullRow, QueuedTitle, ReshelveRow, ShelfRow
from app.clock import day_of
from app.labels import CHANNEL, NOTICE_STATE
from app.members.identity import show
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import Channel, HoldState, NoticeState
from ui.circulation.rows import titled
from ui.theme import Tone
from ui.widgets.labels import ltr
from ui.widgets.table import Column, RowTable

SOON_DAYS = 1


def who(hold: HoldRow) -> str:
    """The reader's name."""
    return hold.member or "عضو حذف‌شده"


def accession(hold: HoldRow) -> str:
    """«شماره ثبت ۱۲»; "" for a hold without a copy."""
    return "" if hold.accession_no is None else f"شماره ثبت {number(hold.accession_no, grouped=False)}"


def telephone(hold: HoldRow) -> str:
    """The reader's mobile number, standing from left to right."""
    return ltr(show(hold.mobile)) if hold.mobile else f"عضو {to_persian(hold.member_no)}"


def pull_table() -> RowTable[PullRow]:
    """Copies to fetch, in the order of the shelf."""
    return RowTable(
        (
            Column("رده", lambda row: row.item.call_number or "—", width=170, sort_key=lambda row: row.shelf_key),
            Column(
                "کتاب",
                lambda row: titled(row.item.title, row.item.volume_no),
                sub=lambda row: row.item.main_creator or "",
                stretch=2,
                strong=True,
            ),
            Column(
                "شماره ثبت",
                lambda row: number(row.item.accession_no, grouped=False),
                width=96,
                number=True,
                spare=1,
                sort_key=lambda row: row.item.accession_no,
            ),
            Column("برای", lambda row: who(row.hold), sub=lambda row: _by_way(row.hold), stretch=1),
            Column("در صف", lambda row: number(row.waiting), width=70, spare=2, sort_key=lambda row: row.waiting),
        ),
        key=lambda row: row.hold.id,
        also=lambda row: f"{row.item.barcode} {row.hold.member_no}",
    )


def _by_way(hold: HoldRow) -> str:
    told = f"عضو {to_persian(hold.member_no)}"
    return told if hold.channel is Channel.DESK else f"{told} · {CHANNEL[hold.channel]}"


def deadline(row: ShelfRow, today: dt.date) -> str:
    """How long the copy stands for its reader."""
    until = row.hold.shelf_until
    if row.over or until is None:
        return "مهلت گذشت"
    days = (until - today).days
    return f"{number(days)} روز مانده" if days > 0 else "امروز"


def deadline_tone(row: ShelfRow, today: dt.date) -> Tone:
    """The colour of that."""
    until = row.hold.shelf_until
    if row.over or until is None:
        return Tone.REFUSE
    return Tone.WARN if (until - today).days <= SOON_DAYS else Tone.NEUTRAL


def told_words(hold: HoldRow) -> str:
    """Whether the reader knows."""
    return NOTICE_STATE[hold.notice] if hold.notice else "خبر داده نشده"


def _told_tone(hold: HoldRow) -> Tone:
    if hold.notice is None or hold.notice is NoticeState.FAILED:
        return Tone.WARN
    return Tone.OK if hold.notice is NoticeState.SENT else Tone.NEUTRAL


def shelf_table(today: dt.date) -> RowTable[ShelfRow]:
    """What stands on the hold shelf, the earliest deadline first."""
    return RowTable(
        (
            Column("عضو", lambda row: who(row.hold), sub=lambda row: telephone(row.hold), stretch=1, strong=True),
            Column(
                "کتاب",
                lambda row: titled(row.hold.title, row.hold.volume_no),
                sub=lambda row: accession(row.hold),
                stretch=2,
            ),
            Column(
                "نگه داشته تا",
                lambda row: jalali.day_month_year(row.hold.shelf_until) if row.hold.shelf_until else "",
                width=126,
                spare=1,
                sort_key=lambda row: row.hold.shelf_until or dt.date.min,
            ),
            Column(
                "مهلت",
                lambda row: deadline(row, today),
                width=122,
                pill=True,
                tone=lambda row: deadline_tone(row, today),
                sort_key=lambda row: row.hold.shelf_until or dt.date.min,
            ),
            Column(
                "خبر",
                lambda row: told_words(row.hold),
                width=128,
                pill=True,
                spare=2,
                tone=lambda row: _told_tone(row.hold),
            ),
        ),
        key=lambda row: row.hold.id,
        also=lambda row: f"{row.hold.barcode} {row.hold.member_no}",
    )


def reshelve_table() -> RowTable[ReshelveRow]:
    """Copies that go back to their place."""
    return RowTable(
        (
            Column("رده", lambda row: row.item.call_number or "—", width=170),
            Column("کتاب", lambda row: titled(row.item.title, row.item.volume_no), stretch=1, strong=True),
            Column("شماره ثبت", lambda row: number(row.item.accession_no, grouped=False), width=96, number=True),
            Column("از", lambda row: jalali.day_month(day_of(row.since)), width=96, spare=1),
        ),
        key=lambda row: row.item.id,
        also=lambda row: row.item.barcode,
    )


def title_table() -> RowTable[QueuedTitle]:
    """The titles somebody waits for."""
    return RowTable(
        (
            Column("عنوان", lambda row: row.title, sub=lambda row: row.main_creator or "", stretch=1, strong=True),
            Column("در صف", lambda row: number(row.queue), width=66, sort_key=lambda row: row.queue),
            Column("آماده", lambda row: number(row.on_shelf), width=62, spare=1, sort_key=lambda row: row.on_shelf),
            Column("نسخه", lambda row: number(row.copies), width=62, spare=2, sort_key=lambda row: row.copies),
        ),
        key=lambda row: row.title_id,
    )


def state_words(hold: HoldRow) -> str:
    """Where the hold stands, in a few words."""
    if hold.state is HoldState.WAITING:
        return f"آماده تا {jalali.day_month(hold.shelf_until)}" if hold.shelf_until else "آمادهٔ تحویل"
    if hold.state is HoldState.SUSPENDED:
        return f"معلق تا {jalali.day_month(hold.suspended_until)}" if hold.suspended_until else "معلق"
    return "در صف"


STATE_TONE = {HoldState.WAITING: Tone.OK, HoldState.SUSPENDED: Tone.WARN}


def line_table(*, by_title: bool = False) -> RowTable[HoldRow]:
    """Who waits for a title; `by_title`: what one reader waits for."""
    return RowTable(
        (
            Column(
                "نوبت",
                lambda hold: number(hold.position) if hold.position else "—",
                width=52,
                number=True,
                sort_key=lambda hold: hold.position or 0,
            ),
            Column(
                "عنوان" if by_title else "عضو",
                (lambda hold: hold.title) if by_title else who,
                sub=(lambda hold: hold.main_creator or "") if by_title else telephone,
                stretch=1,
                strong=True,
            ),
            Column(
                "از",
                lambda hold: jalali.day_month(day_of(hold.placed_at)),
                width=86,
                spare=1,
                sort_key=lambda hold: hold.placed_at,
            ),
            Column("خواسته", _wanted, width=110, spare=2),
            Column(
                "وضعیت",
                state_words,
                width=116,
                pill=True,
                tone=lambda hold: STATE_TONE.get(hold.state, Tone.NEUTRAL),
            ),
        ),
        key=lambda hold: hold.id,
        also=lambda hold: hold.member_no,
    )


def _wanted(hold: HoldRow) -> str:
    if hold.only_this_item and hold.accession_no is not None:
        return f"ثبت {number(hold.accession_no, grouped=False)}"
    return f"تا {jalali.day_month(hold.wanted_until)}" if hold.wanted_until else "هر نسخه"


@dataclass(frozen=True, slots=True)
class Find:
    """A reader or a title found by typing. `code` finds the reader again, `title_id` is that of a title."""

    key: str
    name: str
    detail: str
    kind: str
    state: str
    tone: Tone
    code: str = ""
    title_id: uuid.UUID | None = None


def find_table() -> RowTable[Find]:
    """What typing has found."""
    return RowTable(
        (
            Column("یافته", lambda found: found.name, sub=lambda found: found.detail, stretch=1, strong=True),
            Column("گونه", lambda found: found.kind, width=80),
            Column("وضعیت", lambda found: found.state, width=150, pill=True, tone=lambda found: found.tone),
        ),
        key=lambda found: found.key,
    )
