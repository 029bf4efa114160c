"""The lists of the page of other libraries."""

import datetime as dt
from collections.abc import Callable

from app.circulation.elsewhere import Sighting
from app.conflicts.away import AwayCopy, AwayWhy
from app.labels import AWAY_WHY, REQUEST_STATE
from app.persian import jalali
from app.persian.digits import number
from app.union.asking import RequestRow, RequestState
from app.union.record import UnionRecord
from db.codes import ReturnSeenState
from reports.strangers import loan_words
from ui.catalogue.words import isbn_words, year_words
from ui.circulation.rows import titled
from ui.network import words
from ui.theme import Tone
from ui.widgets.labels import isolate, ltr
from ui.widgets.table import Column, RowTable

WHY_TONE = {AwayWhy.BROUGHT: Tone.INFO, AwayWhy.SENT: Tone.INFO, AwayWhy.UNDER_WAY: Tone.NEUTRAL}
REQUEST_TONE = {
    RequestState.ASKED: Tone.WARN,
    RequestState.APART: Tone.WARN,
    RequestState.ANSWERED: Tone.OK,
    RequestState.REFUSED: Tone.INFO,
}


def strangers_table(today: Callable[[], dt.date]) -> RowTable[Sighting]:
    """Copies of other libraries, with how long they have stood here or when they went."""

    def since(row: Sighting) -> str:
        if row.sent_home_on is not None:
            return f"فرستاده: {jalali.day_month(row.sent_home_on)}"
        return words.waited((today() - row.day).days)

    return RowTable(
        (
            Column("برچسب", lambda row: ltr(row.barcode), sub=lambda row: row.remark or "", width=140, strong=True),
            Column(
                "کتابخانه", lambda row: row.library or "نامعلوم: مهر را بخوانید", stretch=1,
                tone=lambda row: None if row.library else Tone.WARN,
            ),
            Column(
                "اینجا از", lambda row: jalali.day_month(row.day), sub=since, width=112, sort_key=lambda row: row.at
            ),
            Column(
                "امانت آنجا", loan_words, width=118, pill=True, spare=1,
                tone=lambda row: Tone.OK if row.state is ReturnSeenState.CLOSED else Tone.WARN,
            ),
        ),
        key=lambda row: row.id,
        faded=lambda row: row.sent_home_on is not None,
    )  # fmt: skip


def away_table(today: Callable[[], dt.date]) -> RowTable[AwayCopy]:
    """Our copies at other libraries."""
    return RowTable(
        (
            Column(
                "کتاب", lambda row: titled(row.title, row.volume_no), stretch=2, strong=True,
                sub=lambda row: f"شماره ثبت {number(row.accession_no)} · {ltr(row.barcode)}",
            ),
            Column("کتابخانه", lambda row: row.library or "—", stretch=1),
            Column(
                "از", lambda row: jalali.day_month(row.since) if row.since else "—", width=116,
                sub=lambda row: words.waited((today() - row.since).days) if row.since else "",
                sort_key=lambda row: row.since or dt.date.max,
            ),
            Column(
                "چرا", lambda row: AWAY_WHY[row.why], width=232, pill=True,
                tone=lambda row: WHY_TONE.get(row.why, Tone.WARN),
            ),
        ),
        key=lambda row: row.item_id,
    )  # fmt: skip


def request_table() -> RowTable[RequestRow]:
    """Requests for records, the newest first."""
    return RowTable(
        (
            Column(
                "کتاب", lambda row: row.description, stretch=1, strong=True,
                sub=lambda row: f"برای «{isolate(row.title)}»" if row.title else "",
            ),
            Column(
                "درخواست", lambda row: jalali.day_month(row.asked_on), width=96, spare=1,
                sort_key=lambda row: row.asked_on,
            ),
            Column(
                "وضعیت", lambda row: REQUEST_STATE[row.state], width=178, pill=True,
                tone=lambda row: REQUEST_TONE.get(RequestState(row.state), Tone.NEUTRAL),
            ),
        ),
        key=lambda row: row.id,
        faded=lambda row: row.state == RequestState.WITHDRAWN,
        also=lambda row: row.words,
    )  # fmt: skip


def record_table() -> RowTable[UnionRecord]:
    """Records of the union that were found."""
    return RowTable(
        (
            Column("عنوان", words.whole_title, sub=words.names_of, stretch=1, strong=True),
            Column("ناشر", lambda record: record.publisher or "", width=120, spare=2),
            Column("سال", lambda record: year_words(record.year), width=64, number=True, spare=1),
            Column("شابک", lambda record: isbn_words(record.isbn), width=154, spare=3),
        ),
        key=lambda record: record.id,
    )
