"""The lists of the page of binding."""

import datetime as dt
from collections.abc import Callable

from app.binding.facts import RowFacts
from app.binding.history import MendLine
from app.binding.queries import RequestLine, WaitingCopy
from app.labels import CONDITION
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import BindingState
from ui.binding.words import CONDITION_TONE, here, named, state_of, term
from ui.circulation.rows import titled
from ui.theme import Tone
from ui.widgets.table import Column, RowTable


def _rial(amount: int | None) -> str:
    return number(amount) if amount else ""


def draft_table() -> RowTable[RowFacts]:
    """Copies that are to go to the bindery."""
    return RowTable(
        (
            Column("ردیف", lambda row: number(row.position), width=52, number=True, sort_key=lambda row: row.position),
            Column(
                "نسخه",
                lambda row: titled(row.title, row.volume_no),
                sub=lambda row: row.main_creator or "",
                stretch=2,
                strong=True,
            ),
            Column(
                "شماره ثبت", lambda row: number(row.accession_no), width=92, number=True,
                sort_key=lambda row: row.accession_no, spare=1,
            ),
            Column(
                "ظاهر", lambda row: here(row)[0], width=118, pill=True, spare=2, tone=lambda row: here(row)[1],
            ),
            Column("کاری که باید بشود", lambda row: row.work or "", stretch=1),
        ),
        key=lambda row: row.item_id,
        also=lambda row: row.barcode,
    )  # fmt: skip


def waiting_table() -> RowTable[WaitingCopy]:
    """Copies that wait for a request."""
    return RowTable(
        (
            Column(
                "نسخه", lambda copy: titled(copy.title, copy.volume_no), sub=lambda copy: copy.main_creator or "",
                stretch=2, strong=True,
            ),
            Column(
                "شماره ثبت", lambda copy: number(copy.accession_no), width=92, number=True,
                sort_key=lambda copy: copy.accession_no, spare=2,
            ),
            Column("راهنمای قفسه", lambda copy: to_persian(copy.call_number or ""), width=130, spare=3),
            Column(
                "امانت", lambda copy: number(copy.loans), width=64, number=True, sort_key=lambda copy: copy.loans,
                spare=1,
            ),
            Column(
                "ظاهر", lambda copy: CONDITION[copy.condition], width=118, pill=True,
                tone=lambda copy: CONDITION_TONE.get(copy.condition, Tone.NEUTRAL),
            ),
        ),
        key=lambda copy: copy.id,
        also=lambda copy: copy.barcode,
    )  # fmt: skip


def request_table(today: Callable[[], dt.date]) -> RowTable[RequestLine]:
    """Requests with a number."""

    def gone(line: RequestLine) -> str:
        day = line.request.dispatched_on
        return f"فرستاده: {jalali.day_month(day)}" if day else "فرستاده نشده"

    return RowTable(
        (
            Column(
                "درخواست", lambda line: named(line.request), sub=gone, stretch=1, strong=True,
                sort_key=lambda line: (line.request.year, line.request.number),
            ),
            Column(
                "بازنگشته", _left, width=92, number=True,
                sort_key=lambda line: line.left,
            ),
            Column(
                "مهلت", lambda line: term(line, today())[0], width=136, pill=True,
                tone=lambda line: term(line, today())[1],
                sort_key=lambda line: line.request.due_on or dt.date.max,
            ),
        ),
        key=lambda line: line.request.id,
        faded=lambda line: line.request.state in (BindingState.RECEIVED, BindingState.CANCELLED),
        also=lambda line: line.request.outsourced_to or "",
    )  # fmt: skip


def _left(line: RequestLine) -> str:
    sent = line.request.dispatched_on is not None
    return f"{number(line.left)} از {number(line.copies)}" if sent else f"{number(line.copies)} نسخه"


def copies_table() -> RowTable[RowFacts]:
    """The copies of one request, with what became of them."""
    return RowTable(
        (
            Column(
                "نسخه", lambda row: titled(row.title, row.volume_no),
                sub=lambda row: " · ".join(part for part in (row.work or "", _came(row)) if part),
                stretch=1, strong=True,
            ),
            Column(
                "شماره ثبت", lambda row: number(row.accession_no), width=88, number=True,
                sort_key=lambda row: row.accession_no, spare=2,
            ),
            Column("هزینه (ریال)", lambda row: _rial(row.cost), width=100, number=True, spare=1),
            Column(
                "نتیجه", lambda row: state_of(row)[0], width=132, pill=True, tone=lambda row: state_of(row)[1],
            ),
        ),
        key=lambda row: row.id,
        faded=lambda row: row.received_on is not None,
        also=lambda row: row.barcode,
    )  # fmt: skip


def _came(row: RowFacts) -> str:
    return f"بازگشت: {jalali.day_month(row.received_on)}" if row.received_on and not row.stayed else ""


def mend_table() -> RowTable[MendLine]:
    """What was mended in the library."""
    return RowTable(
        (
            Column("روز", lambda line: jalali.day_month_year(line.day), width=124, sort_key=lambda line: line.day),
            Column(
                "نسخه", lambda line: titled(line.title, line.volume_no), sub=lambda line: line.work, stretch=1,
                strong=True,
            ),
            Column(
                "شماره ثبت", lambda line: number(line.accession_no), width=92, number=True,
                sort_key=lambda line: line.accession_no, spare=1,
            ),
            Column(
                "هزینه (ریال)", lambda line: _rial(line.cost), width=104, number=True,
                sort_key=lambda line: line.cost or 0, spare=2,
            ),
            Column("ثبت‌کننده", lambda line: to_persian(line.by), width=130, spare=3),
        ),
        key=lambda line: line.id,
        also=lambda line: line.barcode,
    )  # fmt: skip
