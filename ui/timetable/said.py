"""What became of a change of hours or holidays, in words for the banner."""

from dataclasses import dataclass
from typing import assert_never

from app.closures.outcomes import (
    AlreadySo,
    HolidayChange,
    HolidayChanged,
    HolidayOutcome,
    HoursOutcome,
    HoursSet,
    NoSuchDay,
    YearOutcome,
    YearTaken,
)
from app.labels import WEEKDAY
from app.outcome import Refused
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.wording import way_out, why
from ui.theme import Tone
from ui.timetable.words import quoted

NAMES = tuple(WEEKDAY.values())
HOLIDAY_WORDS = {
    HolidayChange.ADDED: "افزوده شد",
    HolidayChange.CHANGED: "ثبت شد",
    HolidayChange.MOVED: "جابه‌جا شد",
    HolidayChange.REMOVED: "برداشته شد",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line and its detail; OK means that rows have changed."""

    tone: Tone
    title: str
    detail: str = ""


def refused(outcome: Refused) -> Told:
    """The first thing that speaks against it, and the way out."""
    first = outcome.refusals[0]
    return Told(Tone.REFUSE, why(first), way_out(first))


def hours_told(outcome: HoursOutcome) -> Told:
    """New weekly hours."""
    match outcome:
        case HoursSet():
            names = "، ".join(NAMES[weekday] for weekday in outcome.weekdays)
            return Told(Tone.OK, f"ساعت کار از {jalali.day_month_year(outcome.since)} ثبت شد", names)
        case AlreadySo():
            return Told(Tone.INFO, "ساعت کار همین است که بود")
        case Refused():
            return refused(outcome)
        case _:
            assert_never(outcome)


def holiday_told(outcome: HolidayOutcome) -> Told:
    """One holiday added, renamed, moved or removed."""
    match outcome:
        case HolidayChanged():
            stays = f"{number(outcome.due)} امانت در این روز سررسید دارد و می‌ماند" if outcome.due else ""
            named = f"{quoted(outcome.name)}، {jalali.long(outcome.day)}"
            return Told(Tone.OK, f"{HOLIDAY_WORDS[outcome.change]}: {named}", stays)
        case AlreadySo():
            return Told(Tone.INFO, "همین ثبت است")
        case NoSuchDay():
            return Told(Tone.WARN, "در این روز تعطیل رسمی ثبت نیست")
        case Refused():
            return refused(outcome)
        case _:
            assert_never(outcome)


def year_told(outcome: YearOutcome, year: int) -> Told:
    """A year taken from the shipped file once more."""
    named = to_persian(str(year))
    match outcome:
        case YearTaken():
            told = (
                (len(outcome.added), "روز افزوده شد"),
                (len(outcome.corrected), "روز درست شد"),
                (len(outcome.dropped), "روز برداشته شد"),
                (len(outcome.kept), "روز به تصمیم شما ماند"),
            )
            detail = "؛ ".join(f"{number(count)} {text}" for count, text in told if count)
            return Told(Tone.OK, f"تعطیلات {named} از فایل برنامه آمد", detail)
        case AlreadySo():
            kept = f"{number(len(outcome.days))} روز به تصمیم شما مانده است" if outcome.days else ""
            return Told(Tone.INFO, f"تعطیلات {named} همان است که بود", kept)
        case Refused():
            return refused(outcome)
        case _:
            assert_never(outcome)
