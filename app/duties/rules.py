"""The calendar of duties: what the guideline wants done, by which day, and how near that day is (002 م7, م13, م14).

Official days do not move with closed days. A term that has passed approves nothing and sends nothing by itself (002
م7-4): it is shown as overdue, and no more. Pure.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from app.calendar.rules import add_months, later
from app.duties.facts import (
    BindingFacts,
    DutyFacts,
    MinutesFacts,
    PackageFacts,
    ReportFacts,
    StocktakeFacts,
    WaitingCopies,
)
from app.guideline.table import Terms
from app.persian import jalali
from app.persian.jalali import Quarter
from app.statistics.quarters import quarter_of, report_days
from db.codes import BindingState, DisposalKind, DisposalState, ExchangeLevel, MinutesState, WeedingReason

# Our own measure, the guideline has none: how long before a day it is announced and pressed for.
NEAR_DAYS, PRESSING_DAYS = 14, 3
IDLE_DAYS = 7
READ_EVERY_MONTHS = 12


class DutyKind(StrEnum):
    """What is to be done, or waited for."""

    COUNTY_ANSWER = "county_answer"
    PROVINCE_ANSWER = "province_answer"
    HEAD_OFFICE_ANSWER = "head_office_answer"
    CORRECTION = "correction"
    FINAL_LIST = "final_list"
    SEND_LIST = "send_list"
    SEND_MINUTES = "send_minutes"
    DRAFT_PILED = "draft_piled"
    WEED_SEASON = "weed_season"
    WEED_AFTER_STOCKTAKE = "weed_after_stocktake"
    SET_ASIDE = "set_aside"
    PACK = "pack"
    HAND_OVER = "hand_over"
    PACKAGE_OUT = "package_out"
    TO_STORE = "to_store"
    PROCEEDS = "proceeds"
    BINDING_SEND = "binding_send"
    BINDING_BACK = "binding_back"
    BINDING_STATUS = "binding_status"
    BINDING_REQUEST = "binding_request"
    BRANCH_REPORT = "branch_report"
    COUNTY_REPORT = "county_report"
    REPORT_ANSWER = "report_answer"
    STOCKTAKE_IDLE = "stocktake_idle"
    STOCKTAKE_YEARLY = "stocktake_yearly"
    DATA_ENTRY = "data_entry"


class DutyWeight(IntEnum):
    """How it presses; the heaviest first."""

    LATE = 0
    SOON = 1
    INFO = 2


@dataclass(frozen=True, slots=True)
class Subject:
    """What a duty is about, as far as it applies: the reason of weeding, the number of the paper («۱۴۰۵/۳» is 1405, 3),
    a count of copies, a name, a season 1 to 4 of `year`."""

    reason: WeedingReason | None = None
    year: int | None = None
    number: int | None = None
    count: int = 0
    name: str = ""


NOTHING = Subject()


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the calendar. `due_on` is the last day it is in time, None where nothing names one; `since` the day
    it began; `page` the page of the window where it is done; `article` of the guideline, empty for a custom of ours."""

    kind: DutyKind
    weight: DutyWeight
    page: str
    article: str
    due_on: dt.date | None = None
    since: dt.date | None = None
    subject: Subject = NOTHING


def duties(facts: DutyFacts, today: dt.date, terms: Terms) -> tuple[Duty, ...]:
    """Everything that is owed or waited for, the most pressing first."""
    found = [
        *(duty for one in facts.minutes for duty in _of_minutes(one, today, terms)),
        *(duty for copies in facts.waiting for duty in _set_aside(copies)),
        *_season(facts, today, terms),
        *_after_stocktake(facts, today, terms),
        *_packages(facts, today, terms),
        *(duty for request in facts.binding for duty in _of_binding(request, today, terms)),
        *_binding_owed(facts, today, terms),
        *_reports(facts, today, terms),
        *_stocktakes(facts, today),
        *_data_entry(facts, today, terms),
    ]
    return tuple(sorted(found, key=lambda duty: (duty.weight, duty.due_on or dt.date.max, duty.kind)))


def ours(due_on: dt.date, today: dt.date, near: int = PRESSING_DAYS) -> DutyWeight:
    """The weight of what we owe: the day itself is still in time."""
    if today > due_on:
        return DutyWeight.LATE
    return DutyWeight.SOON if today >= later(due_on, -near) else DutyWeight.INFO


def theirs(due_on: dt.date, today: dt.date) -> DutyWeight:
    """The weight of what others owe us: nothing to do before the day has passed."""
    return DutyWeight.LATE if today > due_on else DutyWeight.INFO


def _of_minutes(minutes: MinutesFacts, today: dt.date, terms: Terms) -> Iterator[Duty]:
    subject = Subject(minutes.reason, minutes.year, minutes.number, minutes.rows)
    state, since = minutes.state, minutes.since
    match state:
        case MinutesState.DRAFT:
            yield from _draft(minutes, subject, today, terms)
        case MinutesState.FINALISED:
            due = add_months(since, terms.season_months)
            weight = DutyWeight.LATE if today > due else DutyWeight.SOON if today > since else DutyWeight.INFO
            yield Duty(DutyKind.SEND_MINUTES, weight, "weeding", "7-3", due, since, subject)
        case MinutesState.AT_COUNTY:
            due = minutes.answer_due_on or later(since, terms.county_days)
            yield Duty(DutyKind.COUNTY_ANSWER, theirs(due, today), "weeding", "7-5", due, since, subject)
        case MinutesState.AT_PROVINCE:
            due = minutes.answer_due_on or later(since, terms.province_days)
            yield Duty(DutyKind.PROVINCE_ANSWER, theirs(due, today), "weeding", "7-8", due, since, subject)
        case MinutesState.AT_HEAD_OFFICE:
            yield Duty(DutyKind.HEAD_OFFICE_ANSWER, DutyWeight.INFO, "weeding", "14-4", None, since, subject)
        case MinutesState.CORRECTION:
            due = minutes.answer_due_on or later(since, terms.correction_days)
            yield Duty(DutyKind.CORRECTION, ours(due, today), "weeding", "7-9", due, since, subject)
        case MinutesState.RULED:
            due = minutes.answer_due_on or later(since, terms.correction_days)
            yield Duty(DutyKind.FINAL_LIST, ours(due, today), "weeding", "7-9", due, since, subject)
        case MinutesState.CLOSED if minutes.rows:  # `since` the ruling: the week for the list began there
            due = minutes.answer_due_on or later(since, terms.correction_days)
            yield Duty(DutyKind.SEND_LIST, ours(due, today), "weeding", "7-12", due, since, subject)


def _draft(minutes: MinutesFacts, subject: Subject, today: dt.date, terms: Terms) -> Iterator[Duty]:
    """Copies set apart must not pile up: every season their list goes out."""
    due = add_months(minutes.since, terms.season_months)
    if minutes.rows and today >= later(due, -NEAR_DAYS):
        yield Duty(DutyKind.DRAFT_PILED, ours(due, today, NEAR_DAYS), "weeding", "7-3", due, minutes.since, subject)


def _set_aside(copies: WaitingCopies) -> Iterator[Duty]:
    subject = Subject(copies.reason, copies.year, copies.number, copies.lent + copies.back)
    if subject.count:
        weight = DutyWeight.SOON if copies.back else DutyWeight.INFO
        yield Duty(DutyKind.SET_ASIDE, weight, "weeding", "8-1", None, copies.closed_on, subject)


def _season(facts: DutyFacts, today: dt.date, terms: Terms) -> Iterator[Duty]:
    """Every season the shelves are looked through. Nothing is late where nothing was set apart: a draft that waits has
    a clock of its own."""
    last = facts.last_minutes_on or facts.begun_on
    drafted = any(one.state is MinutesState.DRAFT and one.rows for one in facts.minutes)
    if last is None or not facts.copies or drafted:
        return
    due = add_months(last, terms.season_months)
    if today >= due:
        yield Duty(DutyKind.WEED_SEASON, DutyWeight.INFO, "weeding", "7-3", None, facts.last_minutes_on)


def _after_stocktake(facts: DutyFacts, today: dt.date, terms: Terms) -> Iterator[Duty]:
    """What the shelf-reading found worn goes onto minutes, or to the bindery, that season: until the last copy has."""
    last = facts.last_stocktake
    if last is not None and last.closed_on is not None and last.worn:
        due = add_months(last.closed_on, terms.season_months)
        subject = Subject(count=last.worn, name=last.name)
        weight = ours(due, today, NEAR_DAYS)
        yield Duty(DutyKind.WEED_AFTER_STOCKTAKE, weight, "weeding", "7-3", due, last.closed_on, subject)


def _packages(facts: DutyFacts, today: dt.date, terms: Terms) -> Iterator[Duty]:
    for copies in facts.unpacked:
        due = add_months(copies.since, terms.season_months)
        subject = Subject(copies.reason, count=copies.copies)
        yield Duty(DutyKind.PACK, ours(due, today, NEAR_DAYS), "exchange", "7-1", due, copies.since, subject)
    for package in facts.packages:
        yield from _package(package, today, terms)


def _package(package: PackageFacts, today: dt.date, terms: Terms) -> Iterator[Duty]:
    subject = Subject(package.reason, count=package.copies)
    state, level = package.state, package.level
    if state is DisposalState.PACKED:
        due = add_months(package.packed_on, terms.season_months)
        weight = ours(due, today, NEAR_DAYS)
        yield Duty(DutyKind.HAND_OVER, weight, "exchange", "7-3", due, package.packed_on, subject)
    elif package.kind is DisposalKind.RECYCLING:
        if level is None:
            yield Duty(DutyKind.PROCEEDS, DutyWeight.SOON, "exchange", "10-2", None, package.handed_on, subject)
        else:
            yield Duty(DutyKind.PACKAGE_OUT, DutyWeight.INFO, "exchange", "7-23", None, package.handed_on, subject)
    elif state is DisposalState.ANNOUNCED and level is ExchangeLevel.PROVINCE and package.announced_on:
        due = add_months(package.announced_on, terms.exchange_months)
        weight = ours(due, today, 0)
        yield Duty(DutyKind.TO_STORE, weight, "exchange", "7-21", due, package.announced_on, subject)
    else:
        since = package.announced_on or package.handed_on
        yield Duty(DutyKind.PACKAGE_OUT, DutyWeight.INFO, "exchange", "7-17", None, since, subject)


def _of_binding(request: BindingFacts, today: dt.date, terms: Terms) -> Iterator[Duty]:
    subject = Subject(year=request.year, number=request.number, count=request.away)
    if not request.away:
        return
    sent = request.dispatched_on
    due = request.due_on or add_months(sent or request.requested_on, terms.binding_months)
    if request.state is BindingState.REQUESTED or sent is None:  # the bindery waits for us
        yield Duty(DutyKind.BINDING_SEND, ours(due, today), "binding", "13-5", due, request.requested_on, subject)
        return
    yield Duty(DutyKind.BINDING_BACK, theirs(due, today), "binding", "13-7", due, sent, subject)
    if request.unmarked:
        due = later(sent, terms.binding_status_days)
        if today >= later(due, -PRESSING_DAYS):
            subject = Subject(year=request.year, number=request.number, count=request.unmarked)
            yield Duty(DutyKind.BINDING_STATUS, ours(due, today, 0), "binding", "13-11", due, sent, subject)


def _binding_owed(facts: DutyFacts, today: dt.date, terms: Terms) -> Iterator[Duty]:
    """Reminded of after a season, an alarm after half a year (002 م13-4, م13-10)."""
    last = facts.last_binding_on or facts.begun_on
    if last is None or not facts.copies or today < add_months(last, terms.season_months):
        return
    due = add_months(last, terms.binding_every_months)
    weight = DutyWeight.LATE if today > due else DutyWeight.SOON
    article = "13-10" if today > due else "13-4"
    yield Duty(DutyKind.BINDING_REQUEST, weight, "binding", article, due, facts.last_binding_on)


def _reports(facts: DutyFacts, today: dt.date, terms: Terms) -> Iterator[Duty]:
    """Owed on seasons in which weeding or binding was done («در صورت انجام», 002 م14-1), however long ago."""
    stored = {(report.year, report.quarter): report for report in facts.reports}
    worked = {(quarter.year, quarter.number) for quarter in map(jalali.quarter, facts.worked_on)}
    for year, number in sorted(stored.keys() | worked):
        report = stored.get((year, number), ReportFacts(year, number))
        yield from _report(quarter_of(year, number), report, today, terms)


def _report(quarter: Quarter, report: ReportFacts, today: dt.date, terms: Terms) -> Iterator[Duty]:
    days = report_days(quarter, terms)
    subject = Subject(year=quarter.year, number=quarter.number, name=quarter.name)
    if report.sent_on is None:
        if today >= later(days.due_on, -NEAR_DAYS):
            weight = ours(days.due_on, today)
            yield Duty(DutyKind.BRANCH_REPORT, weight, "reports", "14-1", days.due_on, quarter.end, subject)
        return
    if days.due_on <= today <= days.county_on:
        yield Duty(DutyKind.COUNTY_REPORT, DutyWeight.INFO, "reports", "14-2", days.county_on, report.sent_on, subject)
    if report.answered_on is None:
        due = report.answer_due_on or days.answer_on
        yield Duty(DutyKind.REPORT_ANSWER, theirs(due, today), "reports", "14-3", due, report.sent_on, subject)


def _stocktakes(facts: DutyFacts, today: dt.date) -> Iterator[Duty]:
    for stocktake in facts.open_stocktakes:
        yield _open_stocktake(stocktake, today)
    last = facts.last_stocktake.closed_on if facts.last_stocktake else facts.begun_on
    if facts.open_stocktakes or last is None or not facts.copies:
        return
    due = add_months(last, READ_EVERY_MONTHS)
    if today >= later(due, -NEAR_DAYS):
        since = last if facts.last_stocktake else None
        yield Duty(DutyKind.STOCKTAKE_YEARLY, DutyWeight.SOON, "stocktake", "", due, since)


def _open_stocktake(stocktake: StocktakeFacts, today: dt.date) -> Duty:
    last = stocktake.last_scan_on or stocktake.opened_on
    weight = DutyWeight.SOON if today >= later(last, IDLE_DAYS) else DutyWeight.INFO
    return Duty(DutyKind.STOCKTAKE_IDLE, weight, "stocktake", "", None, last, Subject(name=stocktake.name))


def _data_entry(facts: DutyFacts, today: dt.date, terms: Terms) -> Iterator[Duty]:
    """What each librarian of a new library enters in a month, told before the month is over (003 م3-7)."""
    if facts.begun_on is None:
        return
    plan = terms.volumes_a_month * facts.librarians
    for month in range(1, terms.new_library_months + 1):
        due = add_months(facts.begun_on, month)
        if today <= due:
            missing = month * plan - facts.entered
            if missing > 0 and today >= later(due, -NEAR_DAYS):
                subject = Subject(count=missing)
                yield Duty(DutyKind.DATA_ENTRY, DutyWeight.SOON, "catalogue", "003 3-7", due, facts.begun_on, subject)
            return
