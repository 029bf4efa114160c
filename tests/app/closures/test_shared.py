"""Several desks at one PostgreSQL: a calendar changed at one holds at the next scan of the other."""

from collections.abc import Iterator

import pytest

from app.calendar.rules import later
from app.closures.days import Closure, close_days, open_days
from app.closures.hours import WeeklyHours, set_hours
from app.closures.outcomes import DaysChanged, Moved
from db.models.circulation import Loan
from tests.library import TODAY, act, add_copy, add_member, lend, put_policy, row
from tests.shared import desk, shared_url


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with shared_url() as address:
        yield address


def test_every_change_of_the_calendar_is_seen_at_the_other_desk(url: str) -> None:
    with desk(url) as one, desk(url) as two:
        put_policy(one, {"loan_days": 14})
        member = add_member(one)
        loan = lend(two, member, add_copy(one))
        assert loan.due_on == later(TODAY, 14)
        flood = close_days(one, Closure((later(TODAY, 14),), "سیل", emergency=True), act(one))
        assert isinstance(flood, DaysChanged)
        assert flood.moved == Moved(loans=1)
        assert lend(two, member, add_copy(one)).due_on == later(TODAY, 15)
        set_hours(one, WeeklyHours({1: ()}), act(one))  # no Sundays: the next open day is a Monday
        assert lend(two, member, add_copy(one)).due_on == later(TODAY, 16)
        open_days(two, (later(TODAY, 14),), "", act(two))
        assert row(one, Loan, loan.loan_id).due_on == later(TODAY, 14)
        assert lend(one, member, add_copy(one)).due_on == later(TODAY, 14)
