"""The log of mends, the history of a copy, clocks and costs (002 م13-3, 13-4, 13-9, 13-10)."""

import datetime as dt

import pytest

from app.binding import history, queries
from app.binding.history import CopyHistory
from app.binding.mending import Mended, MendWithdrawn, mend, withdraw_mend
from app.binding.queries import BindingClock
from app.binding.receiving import receive_request
from app.binding.sending import cancel
from app.library import Library
from app.outcome import NotFound, Sought
from app.persian.jalali import from_jalali
from app.undo import undo_last
from db.codes import BindingOutcome, BindingState, Condition, ItemStatus, Role, StocktakeState
from db.models.collection import Mending, Stocktake
from db.models.items import Item
from db.models.sync import JournalEntry
from db.types import new_id
from tests.app.binding.scene import back, listed, refused, requested, sent
from tests.library import (
    TODAY,
    ACopy,
    act,
    add_copy,
    add_member,
    change,
    clock,
    lend,
    pass_days,
    place_hold,
    row,
    rows,
)

DAY = dt.timedelta(1)


def mended(library: Library, copy: ACopy, work: str = "چسب عطف", **fields: object) -> Mended:
    outcome = mend(library, copy.barcode, work, act(library), **fields)  # type: ignore[arg-type]
    assert isinstance(outcome, Mended), outcome
    return outcome


def story(library: Library, copy: ACopy) -> CopyHistory:
    with library.store.read() as reader:
        return history.history_of(reader, copy.id)


def clock_of(library: Library) -> BindingClock:
    with library.store.read() as reader:
        return queries.binding_clock(reader, act(library).day, library.guideline.terms)


def test_a_mend_needs_no_request_and_may_make_a_copy_better(library: Library, copy: ACopy) -> None:
    """002 م13-3."""
    change(library, Item, copy.id, condition=Condition.DAMAGED)
    outcome = mended(library, copy, " چسب\u202e عطف ", cost=20_000, condition=Condition.GOOD)
    stored = row(library, Mending, outcome.mending_id)
    assert (stored.work, stored.cost, stored.day, stored.staff_id) == ("چسب عطف", 20_000, TODAY, act(library).staff_id)
    assert row(library, Item, copy.id).condition is Condition.GOOD
    undo_last(library, act(library))
    assert rows(library, Mending) == []
    assert row(library, Item, copy.id).condition is Condition.DAMAGED


def test_the_same_mend_twice_a_day_is_one(library: Library, copy: ACopy) -> None:
    mended(library, copy)
    before = len(rows(library, JournalEntry))
    assert mended(library, copy).already
    assert len(rows(library, JournalEntry)) == before
    assert not mended(library, copy, "جلد").already
    pass_days(library, 1)
    assert not mended(library, copy).already


def test_the_cost_of_a_mend_may_be_written_after_it(library: Library, copy: ACopy) -> None:
    first = mended(library, copy)
    told = mended(library, copy, cost=20_000)
    assert (told.mending_id, told.already, row(library, Mending, first.mending_id).cost) == (
        first.mending_id, False, 20_000,
    )  # fmt: skip
    assert mended(library, copy, cost=20_000).already
    assert mended(library, copy).already
    change(library, Item, copy.id, condition=Condition.DAMAGED)
    before = row(library, Mending, first.mending_id).ver
    assert not mended(library, copy, cost=20_000, condition=Condition.GOOD).already
    assert row(library, Mending, first.mending_id).ver == before
    assert len(rows(library, Mending)) == 1


def test_a_mend_that_was_written_by_mistake_comes_off_the_log(library: Library, copy: ACopy) -> None:
    change(library, Item, copy.id, condition=Condition.DAMAGED)
    mending_id = mended(library, copy, condition=Condition.GOOD).mending_id
    pass_days(library, 2)
    assert refused(withdraw_mend(library, mending_id, act(library, Role.TRAINEE))) == ["role.not_allowed"]
    outcome = withdraw_mend(library, mending_id, act(library))
    assert isinstance(outcome, MendWithdrawn)
    assert rows(library, Mending) == []
    assert row(library, Item, copy.id).condition is Condition.GOOD
    assert withdraw_mend(library, mending_id, act(library)) == NotFound(Sought.MENDING, str(mending_id))


def test_what_is_not_mended_here_is_refused(library: Library, copy: ACopy) -> None:
    away, lent = add_copy(library), add_copy(library)
    sent(library, away)
    lend(library, add_member(library), lent)
    change(library, Item, copy.id, condition=Condition.GOOD)
    for other in (away, lent):
        assert refused(mend(library, other.barcode, "چسب", act(library))) == ["mending.not_here"]
    outcome = mend(library, copy.barcode, "  ", act(library, Role.TRAINEE), -1, Condition.WORN)
    assert refused(outcome) == ["role.not_allowed", "field.required", "field.invalid", "field.invalid"]
    assert mend(library, "ندارد", "چسب", act(library)) == NotFound(Sought.ITEM, "ندارد")


def test_the_log_tells_a_period_the_newest_first(library: Library, copy: ACopy) -> None:
    mended(library, copy)
    pass_days(library, 2)
    mended(library, add_copy(library), "جلد", cost=5_000)
    with library.store.read() as reader:
        lines = history.mends(reader, TODAY, TODAY + 2 * DAY)
        assert [line.work for line in lines] == ["جلد", "چسب عطف"]
        assert (lines[0].by, lines[0].cost) == ("زهرا کریمی", 5_000)
        assert len(history.mends(reader, TODAY, TODAY + DAY)) == 1


def test_a_copy_tells_every_request_and_mend_it_had(library: Library, copy: ACopy) -> None:
    sent(library, copy)
    back(library, copy, BindingOutcome.NOT_DONE, cost=10)
    mended(library, copy)
    cancel(library, requested(library, copy).request_id, "", act(library))
    pass_days(library, 1)
    listed(library, copy)
    told = story(library, copy)
    assert [(once.request.state, once.outcome, once.cost) for once in told.requests] == [
        (BindingState.DRAFT, None, None),
        (BindingState.RECEIVED, BindingOutcome.NOT_DONE, 10),
    ]
    assert [line.work for line in told.mends] == ["چسب عطف"]
    assert story(library, add_copy(library)) == CopyHistory((), ())


def test_costs_are_added_up_by_request_and_period(library: Library, copy: ACopy) -> None:
    """002 م13-9: optional, for whoever wants to know."""
    first = sent(library, copy, add_copy(library)).request.id
    back(library, copy, cost=100)
    pass_days(library, 10)
    receive_request(library, first, BindingOutcome.BOUND, act(library), 700)
    mended(library, copy, cost=5)
    with library.store.read() as reader:
        assert history.costs(reader, TODAY, TODAY + 10 * DAY) == history.Costs((("1405/1", 800),), 5)
        assert history.costs(reader, TODAY, TODAY + 10 * DAY).total == 805
        assert history.costs(reader, TODAY, TODAY + DAY).total == 100
        (line,) = queries.numbered(reader)
        assert (line.copies, line.back, line.left, line.spent) == (2, 2, 0, 800)


def test_a_request_is_overdue_after_its_month(library: Library, copy: ACopy) -> None:
    """002 م13-7."""
    request = requested(library, copy)
    clock(library).set(dt.datetime.combine(request.due_on, dt.time(9), clock(library).read().at.tzinfo))
    assert clock_of(library).overdue == ()
    pass_days(library, 1)
    (line,) = clock_of(library).overdue
    assert (line.request.written, line.is_overdue(act(library).day), line.left) == ("1405/1", True, 1)
    cancel(library, request.request_id, "", act(library))
    assert clock_of(library).overdue == ()


def test_what_is_underway_stands_first_due_first(library: Library) -> None:
    one = requested(library, add_copy(library))
    pass_days(library, 1)
    two = sent(library, add_copy(library)).request
    done = sent(library, late := add_copy(library)).request
    back(library, late)
    with library.store.read() as reader:
        assert [line.request.id for line in queries.underway(reader)] == [one.request_id, two.id]
        assert [line.request.id for line in queries.numbered(reader)] == [done.id, two.id, one.request_id]
        assert queries.request_named(reader, "1405/2") is not None
        assert [queries.request_named(reader, name) for name in ("1405/9", "1405", "", "x/1", "1405/²")] == [None] * 5


@pytest.mark.parametrize(
    ("days", "reminds", "alarms"),
    [(0, False, False), (89, False, False), (90, True, False), (180, True, False), (181, True, True)],
)
def test_a_season_without_a_request_reminds_and_half_a_year_alarms(
    library: Library, copy: ACopy, days: int, reminds: bool, alarms: bool
) -> None:
    """002 م13-4, م13-10: counted from the last request, over the turn of the year; the last day is in time."""
    requested(library, copy)
    pass_days(library, days)
    told = clock_of(library)
    assert (told.last_on, told.season_on, told.alarm_on) == (
        TODAY, from_jalali(1405, 11, 30), from_jalali(1406, 2, 30),
    )  # fmt: skip
    assert (told.season_passed, told.alarm) == (reminds, alarms)


def test_without_any_request_the_clock_runs_from_the_first_day(library: Library) -> None:
    told = clock_of(library)
    assert (told.last_on, told.season_on, told.season_passed) == (None, from_jalali(1405, 11, 30), False)


def test_a_shelf_reading_that_ended_since_the_last_request_is_told(library: Library, copy: ACopy) -> None:
    """002 م13-4: after the reading of the shelves."""
    with library.store.write() as tx:
        tx.insert(
            Stocktake, name="۸", state=StocktakeState.CLOSED, opened_at=act(library).at, closed_at=act(library).at,
            opened_by=act(library).staff_id,
        )  # fmt: skip
        tx.record("test.changed", act(library))
    assert clock_of(library).stocktake_on == TODAY
    requested(library, copy)
    assert clock_of(library).stocktake_on is None


WAITS: list[tuple[str, dict[str, object], bool]] = [
    ("worn", {}, True),
    ("damaged", {"condition": Condition.DAMAGED}, True),
    ("sound", {"condition": Condition.GOOD}, False),
    ("new", {"condition": Condition.NEW}, False),
    ("beyond binding: a candidate of the worn (4-1-ج)", {"condition": Condition.UNBINDABLE}, False),
    ("lost", {"status": ItemStatus.MISSING}, False),
    ("weeded", {"status": ItemStatus.WEEDED_CONTENT}, False),
    ("at the bindery", {"status": ItemStatus.IN_BINDING}, False),
    ("on weeding minutes (7-4)", {"on_minutes_id": new_id()}, False),
]


@pytest.mark.parametrize(("facts", "waits"), [case[1:] for case in WAITS], ids=[case[0] for case in WAITS])
def test_what_waits_for_binding(library: Library, copy: ACopy, facts: dict[str, object], waits: bool) -> None:
    """002 م1: what is to be bound; what a request may name and none does."""
    change(library, Item, copy.id, **{"condition": Condition.WORN} | facts)
    with library.store.read() as reader:
        assert [one.id for one in queries.waiting(reader)] == ([copy.id] if waits else [])


def test_what_is_asked_for_or_kept_for_a_reader_does_not_wait(library: Library, copy: ACopy) -> None:
    kept = add_copy(library)
    for one in (copy, kept):
        change(library, Item, one.id, condition=Condition.WORN)
    place_hold(
        library, add_member(library), kept, state="waiting", item_id=kept.id, shelf_since=TODAY, shelf_until=TODAY
    )
    with library.store.read() as reader:
        (waiting,) = queries.waiting(reader)
    assert (waiting.id, waiting.barcode, waiting.condition) == (copy.id, copy.barcode, Condition.WORN)
    listed(library, copy)
    with library.store.read() as reader:
        assert queries.waiting(reader) == ()


def test_a_mend_waits_until_the_copy_is_here(library: Library, copy: ACopy) -> None:
    change(library, Item, copy.id, status=ItemStatus.IN_PROCESSING)
    mended(library, copy)
