"""The list of what readers ask the library to buy."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from app.persian import jalali
from app.persian.digits import number, to_persian
from app.wishes.facts import HeldTitle, WishLine
from app.wishes.rules import title_and_creator
from reports.wish_list import NOBODY, state_words
from ui.theme import Tone
from ui.widgets.table import Column, RowTable
from ui.wishes.words import state_tone


@dataclass(frozen=True, slots=True)
class WishRow:
    """A wish and the titles of the library it may mean; none are sought for one that has ended."""

    line: WishLine
    held: tuple[HeldTitle, ...] = ()

    @property
    def title(self) -> str:
        """The title alone."""
        return title_and_creator(self.line.wish)[0] or self.line.wish

    @property
    def rest(self) -> str:
        """What else the wish says."""
        return self.line.wish.removeprefix(self.title).lstrip("،,؛;/ ")


def wish_table(today: Callable[[], dt.date]) -> RowTable[WishRow]:
    """Wishes, one a row."""

    def since(row: WishRow) -> str:
        days = (today() - row.line.asked_on).days
        return f"{number(days)} روز پیش" if days else "امروز"

    return RowTable(
        (
            Column(
                "کتاب درخواستی", lambda row: to_persian(row.title), sub=lambda row: to_persian(row.rest), stretch=3,
                strong=True,
            ),
            Column(
                "درخواست‌کننده", lambda row: row.line.name or NOBODY,
                sub=lambda row: to_persian(row.line.member_no or ""), width=140, stretch=1, spare=1,
            ),
            Column(
                "تاریخ", lambda row: jalali.short(row.line.asked_on), sub=since, width=104, number=True, spare=3,
                sort_key=lambda row: row.line.asked_on,
            ),
            Column(
                "در فهرست ما", lambda row: _held(row)[0], width=112, pill=True, tone=lambda row: _held(row)[1], spare=2,
            ),
            Column(
                "وضعیت", lambda row: state_words(row.line.state), width=136, pill=True,
                tone=lambda row: state_tone(row.line.state),
            ),
        ),
        key=lambda row: row.line.id,
        faded=lambda row: not row.line.is_open,
        also=lambda row: row.line.answer or "",
    )  # fmt: skip


def _held(row: WishRow) -> tuple[str, Tone]:
    if any(one.same for one in row.held):
        return "داریم", Tone.WARN
    return ("شاید داریم", Tone.INFO) if row.held else ("", Tone.NEUTRAL)
