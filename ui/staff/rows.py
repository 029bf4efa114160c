"""The lists of people and of offices: their columns."""

import datetime as dt

from app.labels import OFFICE, ROLE
from app.persian import jalali
from app.staff.offices import OfficeFacts
from app.staff.people import StaffFacts
from ui.theme import Tone
from ui.widgets.table import Column, RowTable

ROW_HEIGHT = 46


def staff_table() -> RowTable[StaffFacts]:
    """Name and role, how they sign in, and whether they still work here."""
    return RowTable(
        (
            Column("نام", text=lambda one: one.name, sub=lambda one: ROLE[one.role], stretch=1, strong=True),
            Column("ورود", text=_way_in, width=120),
            Column("وضعیت", text=lambda one: _state(one)[0], tone=lambda one: _state(one)[1], pill=True, width=110),
        ),
        key=lambda one: one.id,
    )


def office_table() -> RowTable[OfficeFacts]:
    """Who, as what, and from when until when."""
    return RowTable(
        (
            Column("نام", text=lambda one: one.name, sub=_office, stretch=1, strong=True),
            Column(
                "از", text=lambda one: jalali.short(one.since), width=118, sort_key=lambda one: one.since, number=True
            ),
            Column(
                "تا", text=lambda one: jalali.short(one.until) if one.until else "اکنون", width=118, number=True,
                sort_key=lambda one: one.until or dt.date.max,
            ),
        ),
        key=lambda one: one.id,
        faded=lambda one: one.until is not None,
    )  # fmt: skip


def _office(one: OfficeFacts) -> str:
    words = OFFICE.get(one.position, one.position)
    return f"{words} — کمیتهٔ وجین" if one.committee else words


def _way_in(person: StaffFacts) -> str:
    ways = [way for way, there in (("رمز", person.pin_hash), ("کارت", person.card)) if there]
    return " و ".join(ways) or "آزاد"


def _state(person: StaffFacts) -> tuple[str, Tone]:
    return ("مشغول کار", Tone.OK) if person.active else ("رفته", Tone.NEUTRAL)
