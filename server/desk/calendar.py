"""The calendar at the headless desk: closures, openings, weekly hours, holidays; and the work of the nights."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, assert_never

from msgspec import Meta

from app.calendar.hours import Hours, Interval, clock_text, minutes
from app.calendar.rules import Weekday, later
from app.calendar.stored import DayFacts, days_between, hours_rows, week_on
from app.closures.checks import MOST_DAYS
from app.closures.days import Closure, close_days, open_days, remove_day
from app.closures.holidays import HolidayEdit, edit_holiday, take_year
from app.closures.hours import WeeklyHours, set_hours
from app.closures.outcomes import AlreadySo, DaysChanged, DaysOutcome, HolidayChanged, HoursSet, NoSuchDay, YearTaken
from app.nightly.service import NightsRun, run_due_nights
from app.outcome import Refused
from app.persian import jalali
from db.codes import DayKind
from server.desk.answers import Facts, done, invalid, refused
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, day

Days = Annotated[tuple[Day, ...], Meta(max_length=MOST_DAYS)]
Clock = Annotated[str, Meta(max_length=8)]
Intervals = Annotated[tuple[tuple[Clock, Clock], ...], Meta(max_length=8)]
JalaliYear = Annotated[int, Meta(ge=1300, le=1500)]
CORRECT = "آن را درست کنید و دوباره بفرستید."
NO_SUCH_DAY = "تقویم در این روز چنین چیزی ندارد. روز را بررسی کنید."


class SomeDays(Request, rename={"first": "from", "last": "to"}, kw_only=True):
    """Days one by one, or from one to another."""

    dates: Days = ()
    first: Day | None = None
    last: Day | None = None
    name: Line = ""
    preview: bool = False


class CalendarClose(SomeDays, kw_only=True):
    """Close days; with `emergency` everything due on them moves."""

    emergency: bool = False


class CalendarRemove(Request, kw_only=True):
    """Take one exception of the branch back."""

    date: Day
    kind: DayKind


class CalendarHours(Request, kw_only=True):
    """The hours of some weekdays, from a day on: [["08:00", "13:00"], …]; an empty list means closed."""

    saturday: Intervals | None = None
    sunday: Intervals | None = None
    monday: Intervals | None = None
    tuesday: Intervals | None = None
    wednesday: Intervals | None = None
    thursday: Intervals | None = None
    friday: Intervals | None = None
    since: Day | None = None


class CalendarShow(Request, rename={"first": "from", "last": "to"}, kw_only=True):
    """The days from one to another, or those of a Jalali year or month; of this month when nothing is said."""

    first: Day | None = None
    last: Day | None = None
    year: JalaliYear | None = None
    month: Annotated[int, Meta(ge=1, le=12)] | None = None


class CalendarHoliday(Request, kw_only=True):
    """Add, rename, move or remove the holiday of a day."""

    date: Day
    name: Line = ""
    certain: bool | None = None
    move_to: Day | None = None
    remove: bool = False


class CalendarYear(Request, kw_only=True):
    """The holidays of a Jalali year once more from the shipped file."""

    year: JalaliYear


def close(session: Session, request: CalendarClose) -> Facts:
    """Close days."""
    days = _days(request)
    if isinstance(days, dict):
        return days
    closure = Closure(days, request.name, request.emergency)
    outcome = close_days(session.library, closure, session.act(request.key), preview=request.preview)
    return _days_told(outcome, "closed")


def open_(session: Session, request: SomeDays) -> Facts:
    """Open days; a closure or an emergency is taken back."""
    days = _days(request)
    if isinstance(days, dict):
        return days
    return _days_told(
        open_days(session.library, days, request.name, session.act(request.key), preview=request.preview), "opened"
    )


def remove(session: Session, request: CalendarRemove) -> Facts:
    """Take one exception back, as if it had never been entered."""
    outcome = remove_day(session.library, request.date.value, request.kind, session.act(request.key))
    return _no_such_day() if isinstance(outcome, NoSuchDay) else _days_told(outcome, "removed")


def hours(session: Session, request: CalendarHours) -> Facts:
    """Set weekly hours."""
    week: dict[int, Hours] = {}
    for weekday in Weekday:
        given: tuple[tuple[str, str], ...] | None = getattr(request, weekday.value)
        if given is not None:
            read = _hours(given)
            if read is None:
                return invalid(
                    f"ساعت‌های «{weekday.value}» خوانا نیست.", 'هر بازه را چنین بنویسید: ["08:00", "13:00"].', weekday
                )
            week[weekday.number] = read
    outcome = set_hours(session.library, WeeklyHours(week, day(request.since)), session.act(request.key))
    match outcome:
        case HoursSet():
            names = tuple(Weekday)
            return done("set", since=outcome.since, weekdays=[names[number].value for number in outcome.weekdays])
        case AlreadySo():
            return done("already_done")
        case Refused():
            return refused(outcome.refusals)
        case _:
            assert_never(outcome)


def show(session: Session, request: CalendarShow) -> Facts:
    """Days with what is known of them, and the hours of the week that holds on the first of them."""
    bounds = _bounds(session, request)
    if isinstance(bounds, dict):
        return bounds
    first, last = bounds
    with session.library.store.read() as reader:
        days = days_between(reader, first, last)
        week = week_on(hours_rows(reader), first)
    return done("found", days=[_day(facts) for facts in days], hours=_week(week))


def holiday(session: Session, request: CalendarHoliday) -> Facts:
    """Change one holiday."""
    edit = HolidayEdit(request.date.value, request.name, request.certain, day(request.move_to), request.remove)
    outcome = edit_holiday(session.library, edit, session.act(request.key))
    match outcome:
        case HolidayChanged():
            return done(outcome.change.value, date=outcome.day, name=outcome.name, due=outcome.due)
        case AlreadySo():
            return done("already_done")
        case NoSuchDay():
            return _no_such_day()
        case Refused():
            return refused(outcome.refusals)
        case _:
            assert_never(outcome)


def year(session: Session, request: CalendarYear) -> Facts:
    """Take the holidays of a Jalali year from the shipped file once more."""
    taken = take_year(session.library, request.year, session.act(request.key))
    match taken:
        case YearTaken():
            return done(
                "imported", year=taken.year, added=taken.added, corrected=taken.corrected, dropped=taken.dropped,
                kept=taken.kept,
            )  # fmt: skip
        case AlreadySo():
            return done("already_done", kept=taken.days)
        case Refused():
            return refused(taken.refusals)
        case _:
            assert_never(taken)


def run_nights(session: Session, _: Request) -> Facts:
    """The nightly work that is due."""
    return nights_told(session)


def nights_told(session: Session, after: dt.date | None = None) -> Facts:
    """Do the nightly work that is due, and tell of it. `after`: the day that counts as done when there was no night."""
    outcome = run_due_nights(session.library, session.act(), after=after)
    match outcome:
        case NightsRun():
            nights = [{"day": night.day, "done": dict(night.done)} for night in outcome.nights]
            return done("nights", nights=nights, busy=outcome.busy)
        case Refused():
            return refused(outcome.refusals)
        case _:
            assert_never(outcome)


def _days_told(outcome: DaysOutcome, word: str) -> Facts:
    match outcome:
        case DaysChanged():
            moved = outcome.moved
            return done(
                "preview" if outcome.preview else word,
                days=outcome.days, already=outcome.already, loans=moved.loans, holds=moved.holds,
                restored=moved.restored, fines=moved.fines, voided=moved.rials, due=outcome.due,
                deadlines=outcome.deadlines,
            )  # fmt: skip
        case AlreadySo():
            return done("already_done", days=outcome.days)
        case Refused():
            return refused(outcome.refusals)
        case _:
            assert_never(outcome)


def _days(request: SomeDays) -> tuple[dt.date, ...] | Facts:
    days = {field.value for field in request.dates}
    first, last = day(request.first), day(request.last)
    if (first is None) != (last is None):
        return invalid("«from» و «to» با هم می‌آیند.", CORRECT, "from" if first is None else "to")
    if first is not None and last is not None:
        if not 0 <= (last - first).days < MOST_DAYS:
            return invalid("«to» باید از «from» به بعد و تا یک سال پس از آن باشد.", CORRECT, "to")
        days |= {later(first, number) for number in range((last - first).days + 1)}
    return tuple(sorted(days))


def _bounds(session: Session, request: CalendarShow) -> tuple[dt.date, dt.date] | Facts:
    first, last = day(request.first), day(request.last)
    if first is not None and last is not None:
        if not 0 <= (last - first).days < MOST_DAYS:
            return invalid("«to» باید از «from» به بعد و تا یک سال پس از آن باشد.", CORRECT, "to")
        return first, last
    year, month, _ = jalali.to_jalali(first or session.library.clock.read().day)
    if request.year is not None:
        year, month = request.year, request.month or 0
    first_month, last_month = (month, month) if month else (1, 12)
    end = jalali.from_jalali(year, last_month, jalali.month_length(year, last_month))
    return jalali.from_jalali(year, first_month, 1), end


def _hours(given: tuple[tuple[str, str], ...]) -> Hours | None:
    read = [(minutes(opens), minutes(closes)) for opens, closes in given]
    if any(bound is None for pair in read for bound in pair):
        return None
    return tuple(Interval(opens, closes) for opens, closes in read if opens is not None and closes is not None)


def _day(facts: DayFacts) -> Facts:
    return {
        "date": facts.day,
        "open": facts.is_open,
        "exceptions": [{"kind": row.kind, "name": row.name, "certain": row.certain} for row in facts.rows],
        "hours": _intervals(facts.hours),
    }


def _week(week: Mapping[int, Hours]) -> Facts:
    return {weekday.value: _intervals(week[weekday.number]) for weekday in Weekday}


def _intervals(hours: Hours) -> list[list[str]]:
    return [[clock_text(interval.opens), clock_text(interval.closes)] for interval in hours]


def _no_such_day() -> Facts:
    return {"ok": False, "outcome": "not_found", "what": "day", "message": NO_SUCH_DAY}
