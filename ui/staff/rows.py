"""The lists of people, of offices and of trainings: their columns."""

import datetime as dt
from collections.abc import Callable

from app.labels import OFFICE, ROLE
from app.persian import jalali
from app.persian.digits import number
from app.staff.offices import OfficeFacts
from app.staff.people import StaffFacts
from app.staff.training import TrainingFacts
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


def office_table(today: Callable[[], dt.date]) -> RowTable[OfficeFacts]:
    """Who, as what, and from when until when; those who are not in office today stand back."""

    def until(one: OfficeFacts) -> str:
        return jalali.short(one.until) if one.until else "اکنون" if one.since <= today() else "—"

    return RowTable(
        (
            Column("نام", text=lambda one: one.name, sub=_office, stretch=1, strong=True),
            Column(
                "از", text=lambda one: jalali.short(one.since), width=112, sort_key=lambda one: one.since, number=True
            ),
            Column(
                "تا", text=until, width=112, number=True,
                sort_key=lambda one: one.until or dt.date.max,
            ),
        ),
        key=lambda one: one.id,
        faded=lambda one: not one.holds_on(today()),
    )  # fmt: skip


def training_table() -> RowTable[TrainingFacts]:
    """What, to whom, when, and for how long."""
    return RowTable(
        (
            Column("آموزش", text=lambda one: one.subject, sub=_taught, stretch=1, strong=True),
            Column(
                "تاریخ", text=lambda one: jalali.short(one.held_on), width=112, number=True,
                sort_key=lambda one: one.held_on,
            ),
            Column(
                "ساعت", text=lambda one: number(one.hours) if one.hours else "", width=64, number=True,
                sort_key=lambda one: one.hours or 0,
            ),
        ),
        key=lambda one: one.id,
        also=lambda one: one.remark or "",
    )  # fmt: skip


def _taught(one: TrainingFacts) -> str:
    return " — ".join(part for part in (one.name, one.organiser or "") if part)


def _office(one: OfficeFacts) -> str:
    words = OFFICE.get(one.position, one.position)
    return f"{words} — کمیتهٔ وجین" if one.committee else words


def _way_in(person: StaffFacts) -> str:
    ways = [way for way, there in (("رمز", person.pin_hash), ("کارت", person.card)) if there]
    return " و ".join(ways) or "آزاد"


def _state(person: StaffFacts) -> tuple[str, Tone]:
    return ("مشغول کار", Tone.OK) if person.active else ("رفته", Tone.NEUTRAL)
