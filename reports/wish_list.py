"""The list of what readers ask the library to buy, on paper and in Excel (000 §1-2-الف: فهرست درخواست‌های مراجعان)."""

import datetime as dt
from collections.abc import Sequence

from app.labels import WISH_STATE
from app.library import BranchFacts
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.wishes.facts import WishLine
from db.codes import WishState
from reports.lists import list_xlsx
from reports.sheets import Column, Row, Sheet

TITLE = "فهرست درخواست‌های خرید مراجعان"
NOBODY = "بی‌نام"
_COLUMNS = (
    Column("ردیف", 8, centred=True),
    Column("کتاب درخواستی", 62),
    Column("درخواست‌کننده", 28),
    Column("تاریخ", 18, centred=True),
    Column("وضعیت", 22, centred=True),
    Column("پاسخ", 44),
)


def state_words(state: str) -> str:
    """The words of a state; one of a newer version has none here."""
    return next((words for known, words in WISH_STATE.items() if known == state), state)


def wishes_pdf(branch: BranchFacts, lines: Sequence[WishLine], day: dt.date) -> bytes:
    """The list on A4. Equal facts make equal bytes."""
    sheet = Sheet(TITLE, jalali.long(day), branch.name)
    if not lines:
        sheet.paragraph("درخواستی نیست.")
        return sheet.pdf()
    sheet.paragraph(_counted(lines))
    sheet.table(_COLUMNS, [Row(cells) for cells in _cells(lines)])
    return sheet.pdf()


def wishes_xlsx(lines: Sequence[WishLine]) -> bytes:
    """The same as an Excel file."""
    return list_xlsx(TITLE, tuple(column.heading for column in _COLUMNS), _cells(lines))


def _counted(lines: Sequence[WishLine]) -> str:
    counts = {state: sum(line.state == state for line in lines) for state in WishState}
    told = (f"{WISH_STATE[state]}: {number(count)}" for state, count in counts.items() if count)
    return f"{number(len(lines))} درخواست · {' · '.join(told)}"


def _cells(lines: Sequence[WishLine]) -> list[tuple[str, ...]]:
    return [
        (
            number(place),
            to_persian(line.wish),
            line.name or NOBODY,
            jalali.short(line.asked_on),
            state_words(line.state),
            to_persian(line.answer or ""),
        )
        for place, line in enumerate(lines, 1)
    ]
