"""Files of the quarterly overview: figures by library and reason (002 م14-2), and every weeded copy (م7-22)."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.labels import WEEDING_REASON
from app.persian import jalali
from app.persian.digits import GROUP_SEPARATOR, number, to_latin, to_persian
from app.persian.jalali import Quarter
from app.review.overviews import Overview, WeededTitle
from app.statistics.figures import ReasonFigures
from db.codes import WeedingReason
from reports.lists import list_xlsx
from reports.text import printable

COUNTS = {
    "minutes": "صورتجلسه", "listed": "فهرست‌شده", "sent": "فرستاده", "approved": "تأیید", "rejected": "رد",
    "redirected": "به مبادله", "weeded": "وجین‌شده", "waiting": "در راه",
}  # fmt: skip
FIGURES = ("شهرستان", "کتابخانه", "گزارش", "دلیل وجین", *COUNTS.values())
TITLES = (
    "شهرستان", "کتابخانه", "دلیل وجین", "عنوان", "مؤلّف", "سال نشر", "شمارهٔ ثبت", "شمارهٔ نسخه", "ردهٔ اصلی",
    "شمارهٔ صورتجلسه", "تاریخ وجین",
)  # fmt: skip
BOM = "\ufeff"
"""Excel reads a CSV file as UTF-8 only where it begins so."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Place:
    """Whose report it is: province and county are empty where the scope is wider."""

    province: str
    county: str
    by: str

    @property
    def words(self) -> str:
        """«شهرستان اراک، استان مرکزی»."""
        if not self.province:
            return "سراسر کشور"
        return f"شهرستان {self.county}، استان {self.province}" if self.county else f"استان {self.province}"


def overview_xlsx(found: Overview, place: Place) -> bytes:
    """Figures of every library, reason by reason, with sums."""
    title = f"گزارش فصلی وجین {quarter_words(found.quarter)} — {place.words} · تهیه: {place.by}"
    return list_xlsx(title, FIGURES, list(_figure_rows(found)))


def overview_csv(found: Overview) -> bytes:
    """The same as plain text for other programs: Latin digits."""
    return csv_file(FIGURES, _figure_rows(found))


def titles_xlsx(rows: Sequence[WeededTitle], quarter: Quarter, place: Place) -> bytes:
    """Every copy weeded, by library and reason."""
    title = f"فهرست منابع وجینی {quarter_words(quarter)} به تفکیک کتابخانه و علت — {place.words} · تهیه: {place.by}"
    return list_xlsx(title, TITLES, list(_title_rows(rows)))


def titles_csv(rows: Sequence[WeededTitle]) -> bytes:
    """The same as plain text for other programs: Latin digits."""
    return csv_file(TITLES, _title_rows(rows))


def quarter_words(quarter: Quarter) -> str:
    """«تابستان ۱۴۰۵»."""
    return f"{quarter.name} {number(quarter.year, grouped=False)}"


def _figure_rows(found: Overview) -> Iterator[tuple[str, ...]]:
    for branch in found.branches:
        told = "فرستاده" if branch.sent else "نرسیده"
        for reason in WeedingReason:
            figures = branch.of(reason)
            if figures != ReasonFigures():
                yield (branch.county, branch.library, told, WEEDING_REASON[reason], *_counts(figures))
        yield (branch.county, branch.library, told, "جمع", *_counts(branch.total))
    for reason, figures in found.by_reason().items():
        yield ("همه", "همهٔ کتابخانه‌ها", "", WEEDING_REASON[reason], *_counts(figures))


def _counts(figures: ReasonFigures) -> Iterator[str]:
    return (number(getattr(figures, name)) for name in COUNTS)


def _title_rows(rows: Sequence[WeededTitle]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        yield (
            row.county, row.library, WEEDING_REASON[row.reason], row.title, row.main_creator or "",
            plain(row.year), plain(row.accession_no), plain(row.copy_no), row.class_no or "",
            to_persian(row.number), jalali.short(row.executed_on),
        )  # fmt: skip


def plain(value: int | None) -> str:
    """A number without groups; nothing for none."""
    return "" if value is None else number(value, grouped=False)


def csv_file(headings: Sequence[str], rows: Iterator[tuple[str, ...]]) -> bytes:
    """Rows as plain text for other programs: Latin digits, no formulas."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return (BOM + written.getvalue()).encode()


def _cell(text: str) -> str:
    """Numbers and days in Latin digits; nothing of a title becomes a formula where the file is opened."""
    latin = to_latin(text).replace(GROUP_SEPARATOR, "")
    if latin.isascii() and latin.replace("/", "").isdigit():
        return latin
    plain = printable(text)
    return f"'{plain}" if plain.startswith(FORMULA) else plain
