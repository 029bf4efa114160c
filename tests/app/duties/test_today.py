"""The figures and charts of the home page."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.circulation.queries import COUNTS, TODAYS_LOANS, TODAYS_RETURNS
from app.clock import midnight
from app.duties.today import (
    BY_CLASS,
    BY_DAY,
    OTHER_FIGURES,
    ClassLoans,
    TodayFigures,
    loans_by_class,
    loans_by_month,
    today_figures,
)
from app.library import Library
from app.visitors import VisitForm, count_visit
from db.frozen import Frozen
from tests.library import TODAY, a_title, act, add_copy, add_member, found, lend, pass_days, take_back


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def figures(library: Library) -> TodayFigures:
    with library.store.read() as reader:
        return today_figures(reader, library.clock.read().day)


def test_the_day_is_counted(library: Library) -> None:
    member = add_member(library)
    first, second = add_copy(library), add_copy(library)
    lend(library, member, first)
    lend(library, member, second)
    take_back(library, first)
    count_visit(library, VisitForm("مخزن", 7), act(library))
    assert figures(library) == TodayFigures(2, 1, 0, 7, 1, 1, 0, 0)
    pass_days(library, 40)
    assert figures(library) == TodayFigures(0, 0, 0, 0, 0, 1, 1, 0)


def test_loans_are_counted_by_jalali_month_and_the_oldest_comes_first(library: Library) -> None:
    member = add_member(library)
    copy = add_copy(library)
    for days in (0, 1, 30, 300):  # ۳۰ آبان، ۱ آذر، ۱ دی ۱۴۰۵، ۲۶ مهر ۱۴۰۶
        pass_days(library, days)
        lend(library, member, copy)
        take_back(library, copy)
    with library.store.read() as reader:
        months = loans_by_month(reader, TODAY + dt.timedelta(days=40))
        later = loans_by_month(reader, library.clock.read().day)
    assert [(one.year, one.month) for one in (months[0], months[-1])] == [(1404, 11), (1405, 10)]
    assert [one.loans for one in months] == [0] * 9 + [1, 1, 1]
    assert [one.loans for one in later] == [1, 1, 1] + [0] * 8 + [1]


def test_loans_are_counted_by_class_and_works_without_one_only_where_there_are(library: Library) -> None:
    member = add_member(library)
    for place, dewey in enumerate(("8فا3.62", "8فا1.31", "297.1")):
        lend(library, member, add_copy(library, a_title(f"کتاب {place}", dewey=dewey)))
    with library.store.read() as reader:
        classes = {one.main: one.loans for one in loans_by_class(reader, TODAY)}
        assert loans_by_class(reader, TODAY)[8] == ClassLoans(8, 2)
    assert len(classes) == 10
    assert (classes[2], classes[8], classes[5]) == (1, 2, 0)


def plan(library: Library, frozen: Frozen[Any]) -> list[str]:
    values = {"start": midnight(TODAY), "end": midnight(TODAY), "since": TODAY, "day": TODAY, "today": TODAY}
    with library.store.read() as reader:
        compiled = library.store.compiled(frozen.statement)
        rows = reader.driver.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", compiled.bind(values)).fetchall()
    return [row[-1] for row in rows if "loan" in row[-1]]


@pytest.mark.parametrize("frozen", [COUNTS, TODAYS_LOANS, TODAYS_RETURNS, OTHER_FIGURES, BY_DAY, BY_CLASS])
def test_nothing_of_the_day_reads_all_loans_that_ever_were(library: Library, frozen: Frozen[Any]) -> None:
    """Open loans stand in an index of their own, which may be read whole."""
    for step in plan(library, frozen):
        assert step.startswith("SEARCH") or "open_loan_of_member" in step, step
