"""Slips for till rolls of 58 and 80 mm: due dates (004 ب-1: «ثبت زمان برگشت کتاب»), and what came back."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from app.library import BranchFacts
from app.notices.slips import BackLine, DueLine, SlipReader
from app.notices.texts import phone_words
from app.persian import jalali
from app.persian.digits import number, to_persian
from reports.pdf.paper import CENTRE
from reports.rolls import TILL_ROLLS, Entry, Gap, Text, slip
from reports.stop_list import titled

ROLLS: Final = tuple(TILL_ROLLS)
"""The widths of the rolls, in millimetres."""


def due_slip(
    branch: BranchFacts, reader: SlipReader, lines: Sequence[DueLine], today: dt.date, width: int = 80
) -> bytes:
    """What the reader has and until when. `width` of the roll is one of `ROLLS`."""
    entries: list[Entry] = [*_head(branch, "برگهٔ امانت", today)]
    entries += [Text(reader.short_name, 9, bold=True, beside=f"عضو {to_persian(reader.member_no)}"), Gap(4)]
    for line in lines:
        entries += [
            Text(titled(line.title, line.volume_no), 9),
            Text(f"بازگشت تا {jalali.long(line.due_on)}", 9.5, bold=True),
            Gap(4),
        ]
    if not lines:
        entries.append(Text("کتابی در امانت نیست.", 9))
    return slip(f"برگهٔ امانت {reader.member_no}", [*entries, *_foot(branch, "تمدید")], TILL_ROLLS[width])


def return_slip(
    branch: BranchFacts, reader: SlipReader | None, lines: Sequence[BackLine], today: dt.date, width: int = 80
) -> bytes:
    """Which books came back when, and what was charged: the reader's proof."""
    entries: list[Entry] = [*_head(branch, "برگهٔ بازگشت", today)]
    if reader is not None:
        entries += [Text(reader.short_name, 9, bold=True, beside=f"عضو {to_persian(reader.member_no)}"), Gap(4)]
    for line in lines:
        title = titled(line.title, line.volume_no)
        entries += [Text(title, 9), Text(f"برگشت: {jalali.day_month_year(line.in_on)}", 9, bold=True)]
        if line.fine:
            entries.append(Text("جریمهٔ دیرکرد", 9, beside=f"{number(line.fine)} ریال"))
        entries.append(Gap(4))
    return slip("برگهٔ بازگشت", [*entries, *_foot(branch, "پرسش")], TILL_ROLLS[width])


def _head(branch: BranchFacts, title: str, today: dt.date) -> tuple[Entry, ...]:
    return (
        Text(branch.name, 10, bold=True, anchor=CENTRE),
        Text(title, 9, beside=jalali.short(today)),
        Gap(4, ruled=True),
    )


def _foot(branch: BranchFacts, what_for: str) -> tuple[Entry, ...]:
    phone = phone_words(branch.phone)
    told = (Text(f"{what_for}: {phone}", 8.5, anchor=CENTRE),) if phone else ()
    return (Gap(3, ruled=True), *told)
