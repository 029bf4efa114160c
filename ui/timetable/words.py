"""What the calendar page says: the state of a day, what a closure moves, what became of a change."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.calendar.hours import Hours, clock_text
from app.calendar.stored import DayFacts
from app.closures.outcomes import DaysChanged, Moved
from app.labels import DAY_KIND
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.refusal import Refusal
from app.wording import way_out, why
from db.codes import DayKind
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.panel import Reason

OPEN, WEEKLY = "open", "weekly"


@dataclass(frozen=True, slots=True)
class DayLook:
    """How a kind of day is shown: word, sign and tone together, never the colour alone."""

    word: str
    icon: str
    tone: Tone


LOOKS: Mapping[str, DayLook] = MappingProxyType(
    {
        OPEN: DayLook("باز", "check", Tone.OK),
        WEEKLY: DayLook("تعطیل هفتگی", "moon", Tone.NEUTRAL),
        DayKind.HOLIDAY: DayLook(DAY_KIND[DayKind.HOLIDAY], "calendar", Tone.REFUSE),
        DayKind.CLOSED: DayLook(DAY_KIND[DayKind.CLOSED], "lock", Tone.WARN),
        DayKind.OPENED: DayLook("باز، جز روال هفته", "lock-open", Tone.OK),
        DayKind.EMERGENCY: DayLook(DAY_KIND[DayKind.EMERGENCY], "alert-triangle", Tone.REFUSE),
    }
)


def look_of(facts: DayFacts) -> DayLook:
    """The look of a day: of the exception that decides, or of the week."""
    decides = facts.rows[0] if facts.rows else None
    if decides is not None and (decides.kind is not DayKind.OPENED or facts.is_open):
        return LOOKS[decides.kind]
    return LOOKS[OPEN if facts.is_open else WEEKLY]


def name_of(facts: DayFacts) -> str:
    """What stands under the number of a day: the name of its exception, or its hours, or the word for it."""
    if facts.rows and facts.rows[0].name:
        return facts.rows[0].name
    return hours_text(facts.hours) if facts.is_open and facts.hours else look_of(facts).word


def hours_text(hours: Hours) -> str:
    """«۸ تا ۱۲ و ۱۶ تا ۲۰»."""
    return " و ".join(f"{_hour(interval.opens)} تا {_hour(interval.closes)}" for interval in hours)


def _hour(minutes: int) -> str:
    text = clock_text(minutes)
    hour, minute = text.split(":")
    return to_persian(text if minute != "00" else str(int(hour)))


def month_words(year: int, month: int) -> str:
    """«آذر ۱۴۰۵»."""
    return f"{jalali.month_name(month)} {to_persian(str(year))}"


def days_words(days: Sequence[dt.date]) -> str:
    """One day in full, days in a row as from … to …, others by their number."""
    if not days:
        return ""
    first, last = days[0], days[-1]
    if len(days) == 1:
        return jalali.long(first)
    if (last - first).days == len(days) - 1:
        return f"{jalali.day_month(first)} تا {jalali.day_month_year(last)} ({number(len(days))} روز)"
    return f"{number(len(days))} روز"


def moved_lines(moved: Moved) -> tuple[str, ...]:
    """What moves and what happens to fines, a line each; only what there is."""
    lines = (
        (moved.loans, f"تاریخ بازگشت {number(moved.loans)} امانت جابه‌جا می‌شود"),
        (moved.holds, f"مهلت {number(moved.holds)} کتاب در قفسهٔ رزرو جابه‌جا می‌شود"),
        (moved.restored, f"{number(moved.restored)} تاریخ به جای نخستین خود برمی‌گردد"),
        (moved.fines, _fines(moved)),
    )
    return tuple(words for count, words in lines if count)


def _fines(moved: Moved) -> str:
    loans, rials = number(moved.fines), number(abs(moved.rials))
    return f"از جریمهٔ {loans} امانت {rials} ریال {'کم' if moved.rials >= 0 else 'افزوده'} می‌شود"


def changed_detail(outcome: DaysChanged) -> str:
    """The second line after a change of days."""
    lines = [line.replace("می‌شود", "شد").replace("برمی‌گردد", "برگشت") for line in moved_lines(outcome.moved)]
    if outcome.due or outcome.deadlines:
        stay = number(outcome.due + outcome.deadlines)
        lines.append(f"{stay} تاریخ بازگشت یا مهلت رزرو در این روزها می‌ماند؛ برای جابه‌جایی، تعطیلی اضطراری بزنید")
    return "؛ ".join(lines)


def reasons(refusals: Sequence[Refusal]) -> tuple[Reason, ...]:
    """Refusals for a panel."""
    return tuple(Reason(why(refusal), way_out=way_out(refusal)) for refusal in refusals)


def quoted(name: str) -> str:
    """«سیل»."""
    return f"«{isolate(name)}»" if name else ""
