"""The clocks of the guideline, each line before, on and after its day (002 م7, م13, م14; requirements, part G)."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

import pytest

from app.duties.facts import (
    BindingFacts,
    DutyFacts,
    MinutesFacts,
    PackageFacts,
    ReportFacts,
    StocktakeFacts,
    Unpacked,
    WaitingCopies,
)
from app.duties.rules import Duty, DutyWeight, duties
from app.duties.rules import DutyKind as K
from app.guideline.table import Terms
from app.persian.jalali import from_jalali as day
from app.persian.jalali import is_leap, short_latin
from db.codes import BindingState, DisposalKind, DisposalState, ExchangeLevel, RulingLevel, WeedingReason
from db.codes import MinutesState as S

TERMS = Terms()
LATE, SOON, INFO = DutyWeight.LATE, DutyWeight.SOON, DutyWeight.INFO
WORN = WeedingReason.WORN


def minutes(state: S, since: dt.date, **fields: Any) -> DutyFacts:
    return DutyFacts(minutes=(MinutesFacts(WORN, state, since, **{"rows": 9} | fields),))


def bound(requested: dt.date, sent: dt.date | None = None, unmarked: int = 4) -> DutyFacts:
    state = BindingState.DISPATCHED if sent else BindingState.REQUESTED
    return DutyFacts(
        binding=(BindingFacts(state, requested, sent, None, away=4, unmarked=unmarked, year=1405, number=2),)
    )


def package(state: DisposalState, level: ExchangeLevel | None, **days: dt.date) -> DutyFacts:
    facts = PackageFacts(
        DisposalKind.COUNTY_CENTRE, WORN, state, level, **{"packed_on": day(1405, 1, 10)} | days, copies=7
    )
    return DutyFacts(packages=(facts,))


def worked(*days: dt.date) -> DutyFacts:
    return DutyFacts(worked_on=frozenset(days))


@dataclass(frozen=True)
class Clock:
    """One clock: the last day it is in time, and what is shown on days around it (None: nothing)."""

    source: str
    kind: K
    facts: DutyFacts
    due: dt.date
    shown: tuple[tuple[dt.date, DutyWeight | None], ...]


CLOCKS = [
    Clock("م7-5: a week", K.COUNTY_ANSWER, minutes(S.AT_COUNTY, day(1405, 3, 28)), day(1405, 4, 4), (
        (day(1405, 3, 28), INFO), (day(1405, 4, 4), INFO), (day(1405, 4, 5), LATE),
    )),
    Clock("م7-8: ten days, over the end of a year of 29 Esfand", K.PROVINCE_ANSWER,
        minutes(S.AT_PROVINCE, day(1404, 12, 25)), day(1405, 1, 6), (
        (day(1404, 12, 29), INFO), (day(1405, 1, 6), INFO), (day(1405, 1, 7), LATE),
    )),
    Clock("م7-8: ten days, over 30 Esfand of a leap year", K.PROVINCE_ANSWER,
        minutes(S.AT_PROVINCE, day(1403, 12, 25)), day(1404, 1, 5), (
        (day(1403, 12, 30), INFO), (day(1404, 1, 5), INFO), (day(1404, 1, 6), LATE),
    )),
    Clock("the day on the row goes before the reckoned one", K.COUNTY_ANSWER,
        minutes(S.AT_COUNTY, day(1405, 3, 1), answer_due_on=day(1405, 3, 20)), day(1405, 3, 20), (
        (day(1405, 3, 20), INFO), (day(1405, 3, 21), LATE),
    )),
    Clock("م7-9: corrections within a week", K.CORRECTION,
        minutes(S.CORRECTION, day(1405, 6, 28), asked_by=RulingLevel.COUNTY), day(1405, 7, 4), (
        (day(1405, 6, 31), INFO), (day(1405, 7, 1), SOON), (day(1405, 7, 4), SOON), (day(1405, 7, 5), LATE),
    )),
    Clock("م7-9: the final list within a week", K.FINAL_LIST, minutes(S.RULED, day(1405, 2, 1)), day(1405, 2, 8), (
        (day(1405, 2, 4), INFO), (day(1405, 2, 5), SOON), (day(1405, 2, 8), SOON), (day(1405, 2, 9), LATE),
    )),
    Clock("م7-12: by letter, within the same week", K.SEND_LIST,
        minutes(S.CLOSED, day(1405, 2, 1), rows=4), day(1405, 2, 8), (
        (day(1405, 2, 4), INFO), (day(1405, 2, 5), SOON), (day(1405, 2, 8), SOON), (day(1405, 2, 9), LATE),
    )),
    Clock("م7-3: what is finalised goes out", K.SEND_MINUTES, minutes(S.FINALISED, day(1405, 4, 31)),
        day(1405, 7, 30), (
        (day(1405, 4, 31), INFO), (day(1405, 5, 1), SOON), (day(1405, 7, 30), SOON), (day(1405, 8, 1), LATE),
    )),
    Clock("م7-3: no piling up beyond a season", K.DRAFT_PILED, minutes(S.DRAFT, day(1405, 3, 31)), day(1405, 6, 31), (
        (day(1405, 6, 16), None), (day(1405, 6, 17), SOON), (day(1405, 6, 31), SOON), (day(1405, 7, 1), LATE),
    )),
    Clock("م7-3: after a shelf-reading that found worn copies", K.WEED_AFTER_STOCKTAKE,
        DutyFacts(last_stocktake=StocktakeFacts("مخزن", day(1405, 1, 20), closed_on=day(1405, 2, 1), worn=12)),
        day(1405, 5, 1), (
        (day(1405, 2, 1), INFO), (day(1405, 4, 18), SOON), (day(1405, 5, 1), SOON), (day(1405, 5, 2), LATE),
    )),
    Clock("م7-1: weeded copies are packed", K.PACK, DutyFacts(unpacked=(Unpacked(WORN, 5, day(1405, 7, 1)),)),
        day(1405, 10, 1), (
        (day(1405, 7, 1), INFO), (day(1405, 9, 17), SOON), (day(1405, 10, 1), SOON), (day(1405, 10, 2), LATE),
    )),
    Clock("م7-3: and handed over", K.HAND_OVER, package(DisposalState.PACKED, None, packed_on=day(1405, 11, 30)),
        day(1406, 2, 30), (
        (day(1405, 12, 1), INFO), (day(1406, 2, 16), SOON), (day(1406, 2, 30), SOON), (day(1406, 2, 31), LATE),
    )),
    Clock("م7-21: six months without a request", K.TO_STORE,
        package(DisposalState.ANNOUNCED, ExchangeLevel.PROVINCE, announced_on=day(1405, 6, 31)), day(1405, 12, 29), (
        (day(1405, 12, 28), INFO), (day(1405, 12, 29), SOON), (day(1406, 1, 1), LATE),
    )),
    Clock("م7-21: six months to 30 Esfand of a leap year", K.TO_STORE,
        package(DisposalState.ANNOUNCED, ExchangeLevel.PROVINCE, announced_on=day(1403, 6, 31)), day(1403, 12, 30), (
        (day(1403, 12, 29), INFO), (day(1403, 12, 30), SOON), (day(1404, 1, 1), LATE),
    )),
    Clock("م13-5: the books go with the request", K.BINDING_SEND, bound(day(1405, 6, 31)), day(1405, 7, 30), (
        (day(1405, 6, 31), INFO), (day(1405, 7, 30), SOON), (day(1405, 8, 1), LATE),
    )),
    Clock("م13-7: a month at the bindery, since they went", K.BINDING_BACK,
        bound(day(1405, 6, 1), day(1405, 6, 31)), day(1405, 7, 30), (
        (day(1405, 6, 31), INFO), (day(1405, 7, 30), INFO), (day(1405, 8, 1), LATE),
    )),
    Clock("م13-11: the status after two weeks", K.BINDING_STATUS, bound(day(1405, 1, 1), day(1405, 1, 20)),
        day(1405, 2, 3), (
        (day(1405, 1, 30), None), (day(1405, 1, 31), INFO), (day(1405, 2, 3), SOON), (day(1405, 2, 4), LATE),
    )),
    Clock("م13-4, م13-10: reminded of after three months, an alarm after six", K.BINDING_REQUEST,
        DutyFacts(copies=True, last_binding_on=day(1405, 1, 31)), day(1405, 7, 30), (
        (day(1405, 4, 30), None), (day(1405, 4, 31), SOON), (day(1405, 7, 30), SOON), (day(1405, 8, 1), LATE),
    )),
    Clock("م13-10: a library that never asked, since it began", K.BINDING_REQUEST,
        DutyFacts(copies=True, begun_on=day(1405, 1, 1)), day(1405, 7, 1), (
        (day(1405, 3, 31), None), (day(1405, 4, 1), SOON), (day(1405, 7, 1), SOON), (day(1405, 7, 2), LATE),
    )),
    Clock("م14-1: spring, on 1 Tir", K.BRANCH_REPORT, worked(day(1405, 1, 1)), day(1405, 4, 1), (
        (day(1405, 3, 17), None), (day(1405, 3, 18), INFO), (day(1405, 3, 29), SOON), (day(1405, 4, 1), SOON),
        (day(1405, 4, 2), LATE),
    )),
    Clock("م14-1: summer, on 1 Mehr", K.BRANCH_REPORT, worked(day(1405, 6, 31)), day(1405, 7, 1), (
        (day(1405, 6, 31), SOON), (day(1405, 7, 1), SOON), (day(1405, 7, 2), LATE),
    )),
    Clock("م14-1: autumn, on 1 Dey", K.BRANCH_REPORT, worked(day(1405, 9, 30)), day(1405, 10, 1), (
        (day(1405, 10, 1), SOON), (day(1405, 10, 2), LATE),
    )),
    Clock("م14-1: winter, on 1 Farvardin, after 29 Esfand", K.BRANCH_REPORT, worked(day(1405, 12, 29)),
        day(1406, 1, 1), (
        (day(1405, 12, 29), SOON), (day(1406, 1, 1), SOON), (day(1406, 1, 2), LATE),
    )),
    Clock("م14-1: winter, on 1 Farvardin, after 30 Esfand", K.BRANCH_REPORT, worked(day(1403, 12, 30)),
        day(1404, 1, 1), (
        (day(1403, 12, 30), SOON), (day(1404, 1, 1), SOON), (day(1404, 1, 2), LATE),
    )),
    Clock("م14-2: the county's on the fifteenth, for information", K.COUNTY_REPORT,
        DutyFacts(reports=(ReportFacts(1405, 1, made=True, sent_on=day(1405, 4, 1)),)), day(1405, 4, 15), (
        (day(1405, 3, 31), None), (day(1405, 4, 1), INFO), (day(1405, 4, 15), INFO), (day(1405, 4, 16), None),
    )),
    Clock("م14-3: spring answered by 1 Mordad", K.REPORT_ANSWER,
        DutyFacts(reports=(ReportFacts(1405, 1, made=True, sent_on=day(1405, 4, 1)),)), day(1405, 5, 1), (
        (day(1405, 4, 2), INFO), (day(1405, 5, 1), INFO), (day(1405, 5, 2), LATE),
    )),
    Clock("م14-3: summer by 1 Aban", K.REPORT_ANSWER,
        DutyFacts(reports=(ReportFacts(1405, 2, made=True, sent_on=day(1405, 7, 3)),)), day(1405, 8, 1), (
        (day(1405, 8, 1), INFO), (day(1405, 8, 2), LATE),
    )),
    Clock("م14-3: autumn by 1 Bahman", K.REPORT_ANSWER,
        DutyFacts(reports=(ReportFacts(1405, 3, made=True, sent_on=day(1405, 10, 1)),)), day(1405, 11, 1), (
        (day(1405, 11, 1), INFO), (day(1405, 11, 2), LATE),
    )),
    Clock("م14-3: winter by 1 Ordibehesht", K.REPORT_ANSWER,
        DutyFacts(reports=(ReportFacts(1404, 4, made=True, sent_on=day(1405, 1, 5)),)), day(1405, 2, 1), (
        (day(1405, 2, 1), INFO), (day(1405, 2, 2), LATE),
    )),
    Clock("a shelf-reading every year", K.STOCKTAKE_YEARLY,
        DutyFacts(copies=True, last_stocktake=StocktakeFacts("مخزن", day(1404, 1, 1), closed_on=day(1404, 2, 10))),
        day(1405, 2, 10), (
        (day(1405, 1, 26), None), (day(1405, 1, 27), SOON), (day(1405, 2, 10), SOON), (day(1406, 2, 10), SOON),
    )),
]  # fmt: skip
ROWS = [
    pytest.param(clock, today, weight, id=f"{clock.source} — {short_latin(today)}")
    for clock in CLOCKS
    for today, weight in clock.shown
]


def of_kind(facts: DutyFacts, today: dt.date, kind: K, terms: Terms = TERMS) -> Duty | None:
    found = [duty for duty in duties(facts, today, terms) if duty.kind is kind]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(("clock", "today", "weight"), ROWS)
def test_every_clock_before_on_and_after_its_day(clock: Clock, today: dt.date, weight: DutyWeight | None) -> None:
    duty = of_kind(clock.facts, today, clock.kind)
    assert (duty.weight if duty else None) == weight
    if duty:
        assert duty.due_on == clock.due


def test_the_years_of_the_table_end_as_it_says() -> None:
    assert (is_leap(1403), is_leap(1404), is_leap(1405)) == (True, False, False)


def test_the_terms_are_those_of_the_guideline_in_force() -> None:
    terms = replace(TERMS, county_days=3, binding_months=2, exchange_months=1, season_months=1)
    since = day(1405, 1, 1)
    assert due(minutes(S.AT_COUNTY, since), since, K.COUNTY_ANSWER, terms) == day(1405, 1, 4)
    assert due(bound(since), since, K.BINDING_SEND, terms) == day(1405, 3, 1)
    assert due(bound(since, since), since, K.BINDING_BACK, terms) == day(1405, 3, 1)
    out = package(DisposalState.ANNOUNCED, ExchangeLevel.PROVINCE, announced_on=since)
    assert due(out, since, K.TO_STORE, terms) == day(1405, 2, 1)


def test_the_days_of_the_reports_are_those_of_the_guideline_in_force() -> None:
    terms = replace(TERMS, report_day=5, county_report_day=31, report_answer_day=10)
    summer = worked(day(1405, 5, 1))
    assert due(summer, day(1405, 7, 1), K.BRANCH_REPORT, terms) == day(1405, 7, 5)
    sent = DutyFacts(reports=(ReportFacts(1405, 2, made=True, sent_on=day(1405, 7, 5)),))
    assert due(sent, day(1405, 7, 6), K.COUNTY_REPORT, terms) == day(1405, 7, 30)  # Mehr has no 31st
    assert due(sent, day(1405, 7, 6), K.REPORT_ANSWER, terms) == day(1405, 8, 10)


def due(facts: DutyFacts, today: dt.date, kind: K, terms: Terms) -> dt.date | None:
    duty = of_kind(facts, today, kind, terms)
    assert duty is not None
    return duty.due_on


def test_a_passed_term_stays_a_reminder_for_ever_and_approves_nothing() -> None:
    duty = of_kind(minutes(S.AT_PROVINCE, day(1404, 1, 1)), day(1405, 1, 1), K.PROVINCE_ANSWER)
    assert duty is not None
    assert duty.weight is LATE
    assert duty.article == "7-8"


def test_the_head_office_has_no_term() -> None:
    duty = of_kind(minutes(S.AT_HEAD_OFFICE, day(1404, 1, 1)), day(1405, 1, 1), K.HEAD_OFFICE_ANSWER)
    assert duty is not None
    assert (duty.weight, duty.due_on, duty.article) == (INFO, None, "14-4")


def test_an_empty_draft_and_a_draft_of_this_season_are_no_duty() -> None:
    assert duties(minutes(S.DRAFT, day(1404, 1, 1), rows=0), day(1405, 1, 1), TERMS) == ()
    assert duties(minutes(S.DRAFT, day(1405, 1, 1)), day(1405, 2, 1), TERMS) == ()


def test_a_shelf_reading_is_settled_when_its_last_worn_copy_is() -> None:
    read = StocktakeFacts("مخزن", day(1405, 1, 20), closed_on=day(1405, 2, 1), worn=1)
    elsewhere = DutyFacts(last_stocktake=read, last_minutes_on=day(1405, 2, 5), last_binding_on=day(1405, 2, 5))
    assert of_kind(elsewhere, day(1405, 3, 1), K.WEED_AFTER_STOCKTAKE) is not None
    settled = replace(elsewhere, last_stocktake=replace(read, worn=0))
    assert of_kind(settled, day(1405, 3, 1), K.WEED_AFTER_STOCKTAKE) is None


def test_every_season_the_shelves_are_looked_through() -> None:
    """002 م7-3: after the last minutes, or since the library began; a draft with copies has its own clock."""
    facts = DutyFacts(copies=True, last_minutes_on=day(1405, 1, 31))
    assert of_kind(facts, day(1405, 4, 30), K.WEED_SEASON) is None
    duty = of_kind(facts, day(1405, 4, 31), K.WEED_SEASON)
    assert duty is not None
    assert (duty.weight, duty.due_on, duty.since, duty.article) == (INFO, None, day(1405, 1, 31), "7-3")
    drafted = replace(facts, minutes=(MinutesFacts(WORN, S.DRAFT, day(1405, 4, 1), rows=1),))
    assert of_kind(drafted, day(1405, 4, 31), K.WEED_SEASON) is None
    empty = replace(facts, minutes=(MinutesFacts(WORN, S.DRAFT, day(1405, 4, 1), rows=0),))
    assert of_kind(empty, day(1405, 4, 31), K.WEED_SEASON) is not None
    begun = DutyFacts(copies=True, begun_on=day(1405, 1, 1))
    assert of_kind(begun, day(1405, 4, 1), K.WEED_SEASON) is not None


@pytest.mark.parametrize(
    ("today", "entered", "missing"),
    [
        (day(1405, 1, 15), 0, None), (day(1405, 1, 18), 0, 1_500), (day(1405, 2, 1), 1_499, 1),
        (day(1405, 2, 1), 1_500, None), (day(1405, 2, 20), 1_500, 1_500), (day(1405, 4, 1), 4_000, 500),
        (day(1405, 4, 2), 0, None),
    ],
)  # fmt: skip
def test_a_new_library_enters_its_share_each_month_for_three_months(
    today: dt.date, entered: int, missing: int | None
) -> None:
    """003 م3-7: 750 volumes a librarian a month; two librarians, from 1 Farvardin."""
    facts = DutyFacts(begun_on=day(1405, 1, 1), entered=entered, librarians=2)
    duty = of_kind(facts, today, K.DATA_ENTRY)
    assert (duty.subject.count if duty else None) == missing
    if duty:
        assert (duty.weight, duty.page) == (SOON, "catalogue")


def test_approved_copies_that_came_home_press_and_those_with_readers_wait() -> None:
    waits = WaitingCopies(WORN, 1405, 3, day(1405, 2, 1), lent=2, back=0)
    duty = of_kind(DutyFacts(waiting=(waits,)), day(1405, 3, 1), K.SET_ASIDE)
    assert duty is not None
    assert (duty.weight, duty.subject.count) == (INFO, 2)
    duty = of_kind(DutyFacts(waiting=(replace(waits, back=1),)), day(1405, 3, 1), K.SET_ASIDE)
    assert duty is not None
    assert (duty.weight, duty.subject.count) == (SOON, 3)


@pytest.mark.parametrize(
    ("kind", "state", "level", "duty", "weight"),
    [
        (DisposalKind.COUNTY_CENTRE, DisposalState.HANDED, ExchangeLevel.COUNTY, K.PACKAGE_OUT, INFO),
        (DisposalKind.COUNTY_CENTRE, DisposalState.ANNOUNCED, ExchangeLevel.COUNTY, K.PACKAGE_OUT, INFO),
        (DisposalKind.COUNTY_CENTRE, DisposalState.HANDED, ExchangeLevel.PROVINCE, K.PACKAGE_OUT, INFO),
        (DisposalKind.RECYCLING, DisposalState.HANDED, ExchangeLevel.PROVINCE, K.PACKAGE_OUT, INFO),
        (DisposalKind.RECYCLING, DisposalState.HANDED, None, K.PROCEEDS, SOON),
    ],
)
def test_a_package_on_its_way_is_shown_and_recycling_without_money_presses(
    kind: DisposalKind, state: DisposalState, level: ExchangeLevel | None, duty: K, weight: DutyWeight
) -> None:
    one = PackageFacts(kind, WORN, state, level, day(1405, 1, 1), day(1405, 1, 5), day(1405, 1, 6), 7)
    found = duties(DutyFacts(packages=(one,)), day(1405, 2, 1), TERMS)
    assert [(one.kind, one.weight) for one in found] == [(duty, weight)]


def test_a_bindery_that_is_done_or_copies_marked_already_owe_nothing() -> None:
    done = replace(bound(day(1405, 1, 1)).binding[0], away=0)
    assert duties(DutyFacts(binding=(done,)), day(1405, 6, 1), TERMS) == ()
    marked = bound(day(1405, 1, 1), day(1405, 1, 2), unmarked=0)
    assert of_kind(marked, day(1405, 6, 1), K.BINDING_STATUS) is None


def test_no_report_is_owed_where_nothing_was_done() -> None:
    """«در صورت انجام وجین و صحّافی» (002 م14-1)."""
    assert duties(worked(), day(1405, 4, 2), TERMS) == ()
    assert of_kind(worked(day(1405, 4, 1)), day(1405, 4, 2), K.BRANCH_REPORT) is None


def test_reports_of_former_quarters_stay_owed_and_answered_ones_are_done() -> None:
    facts = worked(day(1402, 2, 1), day(1404, 8, 1), day(1404, 11, 1), day(1405, 2, 1))
    found = [duty.subject for duty in duties(facts, day(1405, 4, 2), TERMS)]
    assert [(one.year, one.number, one.name) for one in found] == [
        (1402, 1, "بهار"), (1404, 3, "پاییز"), (1404, 4, "زمستان"), (1405, 1, "بهار"),
    ]  # fmt: skip
    waiting = DutyFacts(reports=(ReportFacts(1402, 1, made=True, sent_on=day(1402, 4, 1)),))
    assert of_kind(waiting, day(1405, 4, 2), K.REPORT_ANSWER) is not None
    done = ReportFacts(1405, 1, made=True, sent_on=day(1405, 4, 1), answered_on=day(1405, 4, 20))
    assert duties(DutyFacts(reports=(done,), worked_on=frozenset({day(1405, 1, 5)})), day(1405, 6, 1), TERMS) == ()


def test_a_shelf_reading_left_for_a_week_presses_and_hides_the_yearly_one() -> None:
    opened = StocktakeFacts("مخزن", day(1405, 1, 1), last_scan_on=day(1405, 1, 10))
    facts = DutyFacts(
        copies=True, begun_on=day(1390, 1, 1), last_binding_on=day(1405, 1, 1), last_minutes_on=day(1405, 1, 1),
        open_stocktakes=(opened,),
    )  # fmt: skip
    for today, weight in ((day(1405, 1, 16), INFO), (day(1405, 1, 17), SOON)):
        found = duties(facts, today, TERMS)
        assert [(one.kind, one.weight) for one in found] == [(K.STOCKTAKE_IDLE, weight)]


def test_a_library_without_copies_owes_nothing() -> None:
    assert duties(DutyFacts(begun_on=day(1390, 1, 1)), day(1405, 1, 1), TERMS) == ()


def test_the_most_pressing_comes_first_then_the_earliest_day() -> None:
    since = day(1405, 1, 1)
    facts = DutyFacts(
        minutes=(
            MinutesFacts(WORN, S.AT_PROVINCE, since, 1),
            MinutesFacts(WORN, S.AT_COUNTY, since, 1),
            MinutesFacts(WORN, S.AT_HEAD_OFFICE, since, 1),
            MinutesFacts(WORN, S.CORRECTION, day(1405, 1, 5), 1),
        )
    )
    found = duties(facts, day(1405, 1, 12), TERMS)
    assert [(one.kind, one.weight) for one in found] == [
        (K.COUNTY_ANSWER, LATE), (K.PROVINCE_ANSWER, LATE), (K.CORRECTION, SOON), (K.HEAD_OFFICE_ANSWER, INFO),
    ]  # fmt: skip
