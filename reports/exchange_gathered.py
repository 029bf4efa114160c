"""The deliveries of a quarter as a file for the General Office of Resources (نمودار ۲-۹؛ 002 م7-19)."""

from collections.abc import Iterator, Sequence

from app.labels import BRANCH_KIND, DISPOSAL_KIND, EXCHANGE_LEVEL, HANDOVER, WEEDING_REASON
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.persian.jalali import Quarter
from app.review.exchange_gathered import HandedOn
from reports.exchange import kilograms
from reports.lists import list_xlsx
from reports.overview import Place, csv_file, plain, quarter_words

HEADINGS = (
    "شهرستان", "کتابخانهٔ وجین‌کننده", "علت وجین", "تحویل", "مرکز مبادله", "تاریخ", "شمارهٔ صورتجلسه", "نسخه",
    "گیرنده", "نوع گیرنده", "شهرستان گیرنده", "شمارهٔ مجوز گیرنده", "شمارهٔ رسید", "شمارهٔ نامه", "وزن (کیلوگرم)",
    "عواید (ریال)", "تاریخ واریز", "شمارهٔ رسید واریز", "شمارهٔ نامهٔ اطلاع",
)  # fmt: skip


def gathered_xlsx(rows: Sequence[HandedOn], quarter: Quarter, place: Place) -> bytes:
    """Every handover, by library and day."""
    title = f"گزارش مبادله و تحویل منابع وجینی {quarter_words(quarter)} — {place.words} · تهیه: {place.by}"
    return list_xlsx(title, HEADINGS, list(_rows(rows)))


def gathered_csv(rows: Sequence[HandedOn]) -> bytes:
    """The same as plain text for other programs: Latin digits."""
    return csv_file(HEADINGS, _rows(rows))


def _rows(handovers: Sequence[HandedOn]) -> Iterator[tuple[str, ...]]:
    for one in handovers:
        yield (
            one.county, one.library, WEEDING_REASON[one.reason], HANDOVER[one.kind],
            EXCHANGE_LEVEL[one.level] if one.level else "", jalali.short(one.handed_on), to_persian(one.number),
            plain(one.copies), one.to or one.centre or DISPOSAL_KIND[one.kind],
            BRANCH_KIND[one.to_kind] if one.to_kind else "", one.to_county or "", to_persian(one.to_licence or ""),
            to_persian(one.receipt_no or ""), to_persian(one.letter_no or ""),
            "" if one.weight_g is None else kilograms(one.weight_g),
            "" if one.proceeds is None else number(one.proceeds),
            jalali.short(one.paid_on) if one.paid_on else "", to_persian(one.proceeds_receipt_no or ""),
            to_persian(one.proceeds_notice_no or ""),
        )  # fmt: skip
