"""The lists of the van and of parcels."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from app.labels import CHANNEL, DISPATCH_STATE
from app.members.identity import show
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.routes.parcels import Parcel
from app.routes.queries import ReaderSheet, StopVisit
from db.codes import DispatchState
from ui.circulation.rows import titled
from ui.theme import Tone
from ui.widgets.labels import ltr
from ui.widgets.table import Column, RowTable

LONG_UNDER_WAY = 10


def visit_state(line: StopVisit, today: dt.date) -> tuple[str, Tone]:
    """How a visit stands, in a word or two."""
    visit = line.visit
    if visit.cancelled:
        return "لغو شده", Tone.REFUSE
    if visit.done:
        return "انجام شده", Tone.OK
    if visit.day < today:
        return "ثبت نشده", Tone.WARN
    if visit.day == today:
        return "امروز", Tone.WARN
    if visit.is_moved:
        return f"به‌جای {jalali.day_month(visit.planned)}", Tone.INFO
    return f"{number((visit.day - today).days)} روز مانده", Tone.NEUTRAL


def visit_table(today: dt.date) -> RowTable[StopVisit]:
    """The visits of the van, in the order in which they are made."""
    return RowTable(
        (
            Column("روز", lambda line: jalali.long(line.visit.day), width=176, sort_key=lambda line: line.visit.day),
            Column(
                "ایستگاه",
                lambda line: line.stop.name,
                sub=lambda line: " · ".join(
                    part for part in (line.stop.place or "", to_persian(line.stop.hours or "")) if part
                ),
                stretch=1,
                strong=True,
            ),
            Column("مسیر", lambda line: line.stop.route, width=130, spare=2),
            Column("عضو", lambda line: number(line.stop.members), width=60, number=True, spare=3),
            Column("در امانت", lambda line: number(line.stop.loans), width=74, number=True, spare=1),
            Column(
                "وضعیت",
                lambda line: visit_state(line, today)[0],
                width=132,
                pill=True,
                tone=lambda line: visit_state(line, today)[1],
                sort_key=lambda line: line.visit.day,
            ),
        ),
        key=lambda line: (line.stop.id, line.visit.planned),
        faded=lambda line: line.visit.cancelled or line.visit.done,
    )


@dataclass(frozen=True, slots=True)
class StopLine:
    """A book in a reader's hands, a book brought to them, or the reader alone."""

    key: object
    member_no: str
    name: str
    telephone: str
    title: str
    accession: str
    state: str
    tone: Tone
    due_on: dt.date | None


def stop_lines(readers: Sequence[ReaderSheet], day: dt.date) -> list[StopLine]:
    """The lines of a stop on a day."""
    return [line for one in readers for line in _lines_of(one, day)]


def _lines_of(one: ReaderSheet, day: dt.date) -> list[StopLine]:
    reader = one.reader
    phone = reader.mobile or reader.guardian_mobile
    who = (reader.member_no, reader.name, ltr(show(phone)) if phone else "")
    held = [
        StopLine(
            hold.hold_id, *who, titled(hold.title, hold.volume_no), number(hold.accession_no), "برایش ببرید",
            Tone.INFO, None,
        )
        for hold in one.holds
    ]  # fmt: skip
    lent = []
    for loan in one.loans:
        days = (day - loan.due_on).days
        state, tone = ("این بازدید", Tone.OK) if days == 0 else (f"تا {jalali.day_month(loan.due_on)}", Tone.NEUTRAL)
        if days > 0:
            state, tone = f"{number(days)} روز دیرکرد", Tone.REFUSE
        title, accession = titled(loan.title, loan.volume_no), number(loan.accession_no)
        lent.append(StopLine(loan.loan_id, *who, title, accession, state, tone, loan.due_on))
    return [*held, *lent] or [StopLine(reader.id, *who, "", "", "کتابی ندارد", Tone.NEUTRAL, None)]


def stop_table() -> RowTable[StopLine]:
    """Readers of a stop with their books."""
    return RowTable(
        (
            Column("عضو", lambda line: line.name, sub=lambda line: line.telephone, width=190, strong=True),
            Column("کتاب", lambda line: line.title, stretch=1),
            Column("شماره ثبت", lambda line: line.accession, width=92, number=True, spare=1),
            Column(
                "وضعیت",
                lambda line: line.state,
                width=132,
                pill=True,
                tone=lambda line: line.tone,
                sort_key=lambda line: line.due_on or dt.date.max,
            ),
        ),
        key=lambda line: line.key,
        also=lambda line: line.member_no,
    )


def parcel_state(parcel: Parcel, today: dt.date) -> tuple[str, Tone]:
    """Where a parcel is, and for how long."""
    days = parcel.days_under_way(today)
    if parcel.state is DispatchState.SENT and days is not None:
        way = "در راه" if parcel.outward else "در راه بازگشت"
        return f"{way} · {number(days)} روز", Tone.REFUSE if days > LONG_UNDER_WAY else Tone.INFO
    tones = {DispatchState.REQUESTED: Tone.WARN, DispatchState.ARRIVED: Tone.OK, DispatchState.CANCELLED: Tone.NEUTRAL}
    return DISPATCH_STATE[parcel.state], tones.get(parcel.state, Tone.NEUTRAL)


def parcel_table(today: dt.date) -> RowTable[Parcel]:
    """Parcels by post and courier."""
    return RowTable(
        (
            Column("عضو", lambda parcel: parcel.reader, sub=lambda parcel: parcel.title or "", stretch=1, strong=True),
            Column("راه", lambda parcel: CHANNEL[parcel.channel], width=96),
            Column(
                "درخواست",
                lambda parcel: jalali.day_month(parcel.requested_on),
                width=96,
                spare=2,
                sort_key=lambda parcel: parcel.requested_on,
            ),
            Column(
                "بازگشت تا",
                lambda parcel: jalali.day_month(parcel.due_on) if parcel.due_on else "",
                width=96,
                spare=1,
                sort_key=lambda parcel: parcel.due_on or dt.date.max,
            ),
            Column(
                "وضعیت",
                lambda parcel: parcel_state(parcel, today)[0],
                width=170,
                pill=True,
                tone=lambda parcel: parcel_state(parcel, today)[1],
            ),
        ),
        key=lambda parcel: parcel.id,
        faded=lambda parcel: parcel.state in (DispatchState.CANCELLED, DispatchState.ARRIVED),
        also=lambda parcel: f"{parcel.member_no} {parcel.tracking_no or ''}",
    )
