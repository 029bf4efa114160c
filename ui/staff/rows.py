"""The list of people: its columns."""

from app.labels import ROLE
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


def _way_in(person: StaffFacts) -> str:
    ways = [way for way, there in (("رمز", person.pin_hash), ("کارت", person.card)) if there]
    return " و ".join(ways) or "آزاد"


def _state(person: StaffFacts) -> tuple[str, Tone]:
    return ("مشغول کار", Tone.OK) if person.active else ("رفته", Tone.NEUTRAL)
