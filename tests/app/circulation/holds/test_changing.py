import datetime as dt
import uuid

import pytest

from app.circulation.holds.changing import HoldKey, cancel_hold, move_hold, resume_hold, suspend_hold
from app.circulation.holds.outcomes import Changed, ChangeRefused
from app.library import Library
from app.outcome import NotFound, Sought
from app.refusal import Answer
from db.codes import HoldState, Role
from db.models.circulation import Hold
from db.models.sync import JournalEntry
from tests.app.circulation.holds.holding import cancel, expire, freed, line_of, shelf_of, state, suspend, wait
from tests.library import TODAY, ACopy, AMember, act, add_copy, add_member, lend, pass_days, row, rows, take_back


@pytest.fixture
def line(library: Library, copy: ACopy) -> list[uuid.UUID]:
    """Three readers wait; the copy is with a fourth."""
    lend(library, add_member(library), copy)
    return [wait(library, add_member(library), copy) for _ in range(3)]


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, ChangeRefused), outcome
    return [refusal.code for refusal in outcome.refusals]


def test_who_cancels_lets_the_others_move_up_in_their_order(
    library: Library, copy: ACopy, line: list[uuid.UUID]
) -> None:
    priorities = [row(library, Hold, hold).priority for hold in line]
    outcome = cancel(library, line[1], "  خودش خرید ")
    assert (outcome.place.state, outcome.place.position, outcome.place.queue) == (HoldState.CANCELLED, None, 2)
    assert [(one.id, one.position) for one in line_of(library, copy)] == [(line[0], 1), (line[2], 2)]
    assert [row(library, Hold, hold).priority for hold in line] == priorities
    ended = row(library, Hold, line[1])
    assert (ended.end_reason, ended.ended_at is not None) == ("خودش خرید", True)


def test_a_copy_on_the_hold_shelf_goes_to_the_next_at_once(
    library: Library, copy: ACopy, line: list[uuid.UUID]
) -> None:
    take_back(library, copy)
    before = len(rows(library, JournalEntry))
    outcome = cancel(library, line[0])
    assert outcome.hold_for is not None
    assert outcome.reshelve is None
    (kept,) = shelf_of(library)
    assert (kept.hold.id, kept.hold.item_id, kept.hold.shelf_since) == (line[1], copy.id, TODAY)
    assert len(rows(library, JournalEntry)) == before + 1
    assert freed(library) == []


def test_a_copy_nobody_waits_for_any_more_is_to_be_put_back(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, add_member(library), copy)
    hold = wait(library, member, copy)
    take_back(library, copy)
    outcome = cancel(library, hold)
    assert outcome.hold_for is None
    assert outcome.reshelve is not None
    assert outcome.reshelve.id == copy.id
    assert freed(library) == [copy.id]


def test_cancelling_again_changes_nothing(library: Library, line: list[uuid.UUID]) -> None:
    cancel(library, line[0])
    before = len(rows(library, JournalEntry))
    again = cancel(library, line[0])
    assert (again.already, again.place.state) == (True, HoldState.CANCELLED)
    assert len(rows(library, JournalEntry)) == before


def test_a_hold_is_named_by_reader_and_title_or_copy(library: Library, member: AMember, copy: ACopy) -> None:
    hold = wait(library, member, copy)
    key = HoldKey(member=member.card, item=copy.barcode)
    suspended = suspend_hold(library, key, act(library))
    assert isinstance(suspended, Changed)
    assert suspended.hold.id == hold
    key = HoldKey(member=member.number, title_id=copy.title_id)
    assert isinstance(cancel_hold(library, key, act(library)), Changed)
    again = cancel_hold(library, key, act(library))
    assert isinstance(again, Changed)
    assert (again.hold.id, again.already) == (hold, True)


@pytest.mark.parametrize(
    ("key", "what"),
    [
        (HoldKey(uuid.UUID(int=1)), Sought.HOLD),
        (HoldKey(member="X", item="X"), Sought.MEMBER),
    ],
)
def test_what_is_not_there_is_not_found(library: Library, key: HoldKey, what: Sought) -> None:
    for verb in (cancel_hold, suspend_hold, resume_hold):
        outcome = verb(library, key, act(library))
        assert isinstance(outcome, NotFound)
        assert outcome.what is what


def test_a_reader_who_waits_for_nothing_has_no_hold(library: Library, member: AMember, copy: ACopy) -> None:
    for key, what in (
        (HoldKey(member=member.card, item="X"), Sought.ITEM),
        (HoldKey(member=member.card, title_id=copy.title_id), Sought.HOLD),
    ):
        outcome = cancel_hold(library, key, act(library))
        assert isinstance(outcome, NotFound)
        assert outcome.what is what
    assert isinstance(move_hold(library, uuid.UUID(int=1), 1, act(library)), NotFound)


# Suspension


def test_who_is_suspended_is_passed_over_and_keeps_the_place(
    library: Library, copy: ACopy, line: list[uuid.UUID]
) -> None:
    suspend(library, line[0], TODAY + dt.timedelta(5))
    back = take_back(library, copy)
    assert back.hold_for is not None
    assert state(library, line[1]) is HoldState.WAITING
    assert [(one.id, one.position) for one in line_of(library, copy)] == [(line[0], 1), (line[1], None), (line[2], 2)]


def test_a_suspension_ends_by_itself_even_if_no_night_ran(library: Library, copy: ACopy, line: list[uuid.UUID]) -> None:
    suspend(library, line[0], TODAY + dt.timedelta(5))
    pass_days(library, 5)
    take_back(library, copy)
    assert state(library, line[0]) is HoldState.WAITING
    assert row(library, Hold, line[0]).suspended_until is None


def test_the_night_resumes_a_suspension_that_is_over(library: Library, line: list[uuid.UUID]) -> None:
    suspend(library, line[0], TODAY + dt.timedelta(5))
    pass_days(library, 4)
    assert expire(library).resumed == 0
    pass_days(library, 1)
    assert expire(library).resumed == 1
    assert state(library, line[0]) is HoldState.QUEUED
    assert expire(library).resumed == 0


def test_without_a_day_it_lasts_until_somebody_resumes_it(library: Library, copy: ACopy, line: list[uuid.UUID]) -> None:
    suspend(library, line[0])
    pass_days(library, 300)
    assert expire(library).resumed == 0
    outcome = resume_hold(library, HoldKey(line[0]), act(library))
    assert isinstance(outcome, Changed)
    assert (outcome.place.state, outcome.place.position) == (HoldState.QUEUED, 1)
    again = resume_hold(library, HoldKey(line[0]), act(library))
    assert isinstance(again, Changed)
    assert again.already


def test_suspending_a_hold_that_waits_gives_its_copy_to_the_next(
    library: Library, copy: ACopy, line: list[uuid.UUID]
) -> None:
    take_back(library, copy)
    outcome = suspend(library, line[0], TODAY + dt.timedelta(9))
    assert outcome.hold_for is not None
    assert [state(library, hold) for hold in line] == [HoldState.SUSPENDED, HoldState.WAITING, HoldState.QUEUED]
    hold = row(library, Hold, line[0])
    assert (hold.item_id, hold.shelf_since, hold.shelf_until) == (None, None, None)


def test_a_hold_on_one_copy_still_names_it_after_a_suspension(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, add_member(library), copy)
    hold = wait(library, member, copy, this_copy=True)
    take_back(library, copy)
    suspend(library, hold)
    assert row(library, Hold, hold).item_id == copy.id


def test_suspending_the_same_again_changes_nothing(library: Library, line: list[uuid.UUID]) -> None:
    until = TODAY + dt.timedelta(5)
    suspend(library, line[0], until)
    before = len(rows(library, JournalEntry))
    assert suspend(library, line[0], until).already
    assert len(rows(library, JournalEntry)) == before
    assert not suspend(library, line[0], until + dt.timedelta(1)).already


@pytest.mark.parametrize("days", [0, -1])
def test_a_suspension_ends_after_today(library: Library, line: list[uuid.UUID], days: int) -> None:
    outcome = suspend_hold(library, HoldKey(line[0]), act(library), TODAY + dt.timedelta(days))
    assert codes(outcome) == ["hold.until_past"]


def test_a_hold_that_is_over_is_neither_suspended_nor_moved(library: Library, line: list[uuid.UUID]) -> None:
    cancel(library, line[0])
    for outcome in (
        suspend_hold(library, HoldKey(line[0]), act(library)),
        resume_hold(library, HoldKey(line[0]), act(library)),
        move_hold(library, line[0], 1, act(library)),
    ):
        assert codes(outcome) == ["hold.ended"]


# Moving


@pytest.mark.parametrize(("who", "to", "order"), [(2, 1, [2, 0, 1]), (0, 3, [1, 2, 0]), (0, 99, [1, 2, 0])])
def test_a_hold_is_moved_in_its_line(
    library: Library, copy: ACopy, line: list[uuid.UUID], who: int, to: int, order: list[int]
) -> None:
    outcome = move_hold(library, line[who], to, act(library), "پایان‌نامه")
    assert isinstance(outcome, Changed)
    assert outcome.place.position == min(to, 3)
    assert [one.id for one in line_of(library, copy)] == [line[place] for place in order]


def test_moving_to_the_own_place_changes_nothing(library: Library, line: list[uuid.UUID]) -> None:
    before = len(rows(library, JournalEntry))
    outcome = move_hold(library, line[1], 2, act(library))
    assert isinstance(outcome, Changed)
    assert outcome.already
    assert len(rows(library, JournalEntry)) == before


def test_a_hold_whose_book_is_here_is_in_line_no_more(library: Library, copy: ACopy, line: list[uuid.UUID]) -> None:
    take_back(library, copy)
    assert codes(move_hold(library, line[0], 2, act(library))) == ["hold.not_in_line"]


@pytest.mark.parametrize("role", [Role.TRAINEE, Role.ASSISTANT])
def test_only_who_may_set_rules_aside_moves_a_hold(library: Library, line: list[uuid.UUID], role: Role) -> None:
    assert codes(move_hold(library, line[2], 1, act(library, role))) == ["role.not_allowed"]


def test_who_may_not_hold_changes_nothing(library: Library, line: list[uuid.UUID]) -> None:
    for outcome in (
        cancel_hold(library, HoldKey(line[0]), act(library, Role.CATALOGUER)),
        suspend_hold(library, HoldKey(line[0]), act(library, Role.CATALOGUER)),
        resume_hold(library, HoldKey(line[0]), act(library, Role.CATALOGUER)),
    ):
        assert codes(outcome) == ["role.not_allowed"]
    assert [state(library, hold) for hold in line] == [HoldState.QUEUED] * 3


def test_a_second_copy_still_serves_the_line_in_order(library: Library, copy: ACopy, line: list[uuid.UUID]) -> None:
    other = add_copy(library, copy.title_id)
    lend(library, add_member(library), other, answer=Answer(confirm=frozenset({"hold.queued_for_other"})))
    take_back(library, other)
    assert state(library, line[0]) is HoldState.WAITING
    take_back(library, copy)
    assert [state(library, hold) for hold in line] == [HoldState.WAITING, HoldState.WAITING, HoldState.QUEUED]
