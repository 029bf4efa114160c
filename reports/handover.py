"""The handover page of a library of one person (circulation note §7-22): what is open, on one page."""

import datetime as dt
from collections.abc import Sequence

from app.duties.words import title, when
from app.handover import OpenNow
from app.labels import DISPATCH_STATE, MINUTES_STATE, WEEDING_REASON
from app.library import BranchFacts
from app.members.identity import show
from app.persian import jalali
from app.persian.digits import number, to_persian
from db.codes import WeedingReason
from reports.sheets import Column, Row, Sheet

ROWS = 15
"""Rows that the page has room for beside its six headings: what does not fit is counted, so that the page stays
one."""
LONGEST = 38
NOTHING = "چیزی نیست."


def handover_page(branch: BranchFacts, open_now: OpenNow, today: dt.date) -> bytes:
    """The page; longer parts end in «و … مورد دیگر»."""
    days = f"{jalali.long(today)} · روز کاری بعد: {jalali.long(open_now.next_open)}"
    made = Sheet("برگهٔ تحویل کار", days, branch.name)
    parts = (open_now.holds, open_now.late, open_now.minutes, open_now.visits, open_now.parcels, open_now.duties)
    most = _most([len(part) for part in parts])
    _part(
        made, most, "رزروهایی که باید خبر داده شود",
        (Column("عضو", 34), Column("تلفن", 26, centred=True), Column("کتاب", 60), Column("مهلت", 24, centred=True)),
        [Row((one.name, _phone(one.mobile), _cut(one.title), _day(one.shelf_until))) for one in open_now.holds],
    )  # fmt: skip
    _part(
        made, most, "دیرکردهای بیش از سی روز",
        (Column("عضو", 34), Column("تلفن", 26, centred=True), Column("کتاب", 60), Column("دیرکرد", 24, centred=True)),
        [
            Row(
                (
                    one.name, _phone(one.telephones[0].value if one.telephones else None),
                    _titles([book.title for book in one.books]), f"{number(one.late)} روز",
                )
            )
            for one in open_now.late
        ],
    )  # fmt: skip
    _part(
        made, most, "صورتجلسه‌های در انتظار پاسخ",
        (Column("صورتجلسه", 60), Column("وضعیت", 50), Column("مهلت پاسخ", 30, centred=True)),
        [
            Row((_minutes(one.reason, one.year, one.number), MINUTES_STATE[one.state], _day(one.answer_due_on)))
            for one in open_now.minutes
        ],
    )  # fmt: skip
    _part(
        made, most, "بازدیدهای سیار روز کاری بعد",
        (Column("ایستگاه", 40), Column("جا", 60), Column("ساعت", 30, centred=True)),
        [
            Row((line.stop.name, _cut(line.stop.place or ""), to_persian(line.stop.hours or "")))
            for line in open_now.visits
        ],
    )  # fmt: skip
    _part(
        made, most, "بسته‌های پست و پیک",
        (Column("عضو", 40), Column("کتاب", 60), Column("وضعیت", 30, centred=True)),
        [Row((one.reader, _cut(one.title or ""), DISPATCH_STATE[one.state])) for one in open_now.parcels],
    )  # fmt: skip
    _part(
        made, most, "وظیفه‌های فصل و مهلت‌ها",
        (Column("کار", 110), Column("مهلت", 30, centred=True)),
        [Row((title(duty), when(duty, today))) for duty in open_now.duties],
    )  # fmt: skip
    return made.pdf()


def _part(made: Sheet, most: int, title: str, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    made.heading(f"{title} ({number(len(rows))})")
    if not rows:
        made.paragraph(NOTHING)
        return
    shown = list(rows[:most])
    made.table(columns, shown)
    if len(rows) > len(shown):
        made.paragraph(f"و {number(len(rows) - len(shown))} مورد دیگر.")


def _most(counts: Sequence[int]) -> int:
    """How many rows of each part can be shown."""
    return next(most for most in range(ROWS, 0, -1) if sum(min(count, most) for count in counts) <= ROWS)


def _titles(titles: Sequence[str]) -> str:
    more = f" و {number(len(titles) - 1)} دیگر" if len(titles) > 1 else ""
    return f"{_cut(titles[0])}{more}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST].rstrip()}…"


def _phone(value: str | None) -> str:
    return show(value) if value else ""


def _day(day: dt.date | None) -> str:
    return jalali.short(day) if day else ""


def _minutes(reason: WeedingReason, year: int | None, sequence: int | None) -> str:
    number_words = to_persian(f"{year}/{sequence}") if year and sequence else ""
    return f"{WEEDING_REASON[reason]} {number_words}".strip()
