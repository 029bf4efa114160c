"""The lists of the calendar page: what the branch itself closed and opened, and the holidays of a year."""

from app.calendar.stored import DayRow
from app.persian import jalali
from ui.theme import Tone
from ui.timetable.words import LOOKS
from ui.widgets.table import Column, RowTable

ROW_HEIGHT = 46


def exceptions_table() -> RowTable[DayRow]:
    """Closures and openings of the branch."""
    return RowTable(
        (
            Column("روز", text=_long, sub=_name, stretch=1, strong=True, sort_key=_day),
            Column("چگونه", text=_word, tone=_tone, pill=True, width=140),
        ),
        key=lambda row: row.id,
    )


def holidays_table() -> RowTable[DayRow]:
    """Official holidays of a Jalali year."""
    return RowTable(
        (
            Column("روز", text=_short, sub=_weekday, width=150, strong=True, sort_key=_day),
            Column("مناسبت", text=_name, stretch=1),
            Column("قطعیت", text=_certainty, tone=_trust, pill=True, width=150),
        ),
        key=lambda row: row.id,
    )


def _day(row: DayRow) -> object:
    return row.day


def _long(row: DayRow) -> str:
    return jalali.long(row.day)


def _short(row: DayRow) -> str:
    return jalali.day_month(row.day)


def _weekday(row: DayRow) -> str:
    return jalali.weekday_name(row.day)


def _name(row: DayRow) -> str:
    return row.name


def _word(row: DayRow) -> str:
    return LOOKS[row.kind].word


def _tone(row: DayRow) -> Tone:
    return LOOKS[row.kind].tone


def _certainty(row: DayRow) -> str:
    return "قطعی" if row.certain else "شاید یک روز جابه‌جا"


def _trust(row: DayRow) -> Tone:
    return Tone.OK if row.certain else Tone.WARN
