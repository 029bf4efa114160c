"""Emergency closures (S1 §مقدمه; circulation-anchors 7 no. 7): what is due moves, fines of those days go, and all of it
returns when the closure is taken back. The week: 2026-11-21 is a Saturday, 2026-11-27 a Friday."""

import datetime as dt
import tempfile
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.calendar.rules import later
from app.circulation.lateness import accrue_fines
from app.closures import adjusting
from app.closures.adjusting import finish_adjusting
from app.closures.days import Closure, close_days, open_days, remove_day
from app.closures.outcomes import AlreadySo, DaysChanged, Moved
from app.ledger.reads import ledger_of_loan
from app.library import Library
from app.outcome import Refused
from db.codes import DayKind, HoldState, LedgerKind, Role
from db.models.circulation import Hold, LedgerLine, Loan
from db.models.library import CalendarDay, MovedDate
from tests.library import (
    TODAY,
    ACopy,
    AMember,
    act,
    add_copy,
    add_member,
    change,
    found,
    lend,
    pass_days,
    place_hold,
    put_policy,
    row,
    rows,
    take_back,
)

FINE = {"loan_days": 7, "fine_per_day": 1_000, "skip_closed": False, "period_days": 1}


def days(*numbers: int) -> tuple[dt.date, ...]:
    """Days counted from today."""
    return tuple(later(TODAY, number) for number in numbers)


def emergency(library: Library, *numbers: int, preview: bool = False) -> DaysChanged:
    outcome = close_days(library, Closure(days(*numbers), "سیل", emergency=True), act(library), preview=preview)
    assert isinstance(outcome, DaysChanged), outcome
    return outcome


def lent(library: Library, member: AMember, due: int, copy: ACopy | None = None) -> uuid.UUID:
    """A loan due so many days from today."""
    loan = lend(library, member, copy or add_copy(library)).loan_id
    change(library, Loan, loan, due_on=later(TODAY, due))
    return loan


def due(library: Library, loan: uuid.UUID) -> int:
    """When a loan is due, in days from today."""
    found: dt.date = row(library, Loan, loan).due_on
    return (found - TODAY).days


def owed(library: Library, loan: uuid.UUID) -> int:
    with library.store.read() as reader:
        return sum(debt.unsettled for debt in ledger_of_loan(reader, loan).debts)


def entries(library: Library) -> int:
    with library.store.read() as reader:
        return int(reader.run("SELECT count(*) FROM journal").fetchone()[0])


def everything(library: Library) -> list[object]:
    return [rows(library, model) for model in (Loan, Hold, LedgerLine, CalendarDay, MovedDate)]


def test_what_is_due_on_the_closed_days_moves_to_the_next_open_day_and_nothing_else_does(library: Library) -> None:
    member = add_member(library)
    loans = [lent(library, member, day) for day in (1, 2, 3, 4, 5)]
    outcome = emergency(library, 2, 3, 4, 5)  # Monday to Thursday; 6 is a Friday
    assert [due(library, loan) for loan in loans] == [1, 7, 7, 7, 7]
    assert (outcome.days, outcome.moved) == (days(2, 3, 4, 5), Moved(loans=4))
    kept = {(move.row_id, move.was, move.became) for move in rows(library, MovedDate)}
    assert kept == {
        (loan, later(TODAY, day), later(TODAY, 7)) for loan, day in zip(loans[1:], (2, 3, 4, 5), strict=True)
    }


def test_deadlines_of_the_hold_shelf_move_too(library: Library) -> None:
    copy, member = add_copy(library), add_member(library)
    hold = place_hold(
        library, member, copy, state=HoldState.WAITING, item_id=copy.id, shelf_since=TODAY, shelf_until=later(TODAY, 2)
    )
    queued = place_hold(library, add_member(library), copy, 2)
    assert emergency(library, 1, 2).moved == Moved(holds=1)
    assert row(library, Hold, hold).shelf_until == later(TODAY, 3)
    assert row(library, Hold, queued).ver == 1


def test_a_preview_tells_the_very_same_and_changes_nothing(library: Library) -> None:
    put_policy(library, FINE)
    member = add_member(library)
    loans = [lent(library, member, day) for day in (1, 2, 3)]
    pass_days(library, 5)
    accrue_fines(library, act(library))
    before, count = everything(library), entries(library)
    shown = emergency(library, 2, 3, 9, preview=True)
    assert (everything(library), entries(library)) == (before, count)
    assert library.calendar.is_open(later(TODAY, 2))
    done = emergency(library, 2, 3, 9)
    assert shown.preview
    assert (shown.days, shown.moved) == (done.days, done.moved)
    assert done.moved.fines == len(loans)


def test_the_second_run_is_harmless(library: Library) -> None:
    put_policy(library, FINE)
    lent(library, add_member(library), 2)
    pass_days(library, 4)
    accrue_fines(library, act(library))
    emergency(library, 1, 2)
    before, count = everything(library), entries(library)
    again = close_days(library, Closure(days(1, 2), "سیل", emergency=True), act(library))
    assert again == AlreadySo(days(1, 2))
    assert (everything(library), entries(library)) == (before, count)


def test_days_already_past_are_allowed_and_their_fines_are_taken_back_by_opposite_lines(library: Library) -> None:
    put_policy(library, FINE)
    member = add_member(library)
    loan = lent(library, member, 1)  # Sunday
    pass_days(library, 5)  # Thursday: four days late
    accrue_fines(library, act(library))
    assert owed(library, loan) == 4_000
    outcome = emergency(library, 2, 3)  # a flood on Monday and Tuesday
    assert outcome.moved == Moved(fines=1, rials=2_000)
    assert owed(library, loan) == 2_000
    lines = rows(library, LedgerLine, loan_id=loan)
    assert sum(line.amount for line in lines) == 2_000
    assert {line.kind for line in lines} == {LedgerKind.FINE, LedgerKind.VOID}
    pass_days(library, 1)
    accrue_fines(library, act(library))
    assert owed(library, loan) == 3_000


def test_a_loan_due_in_the_flood_itself_is_late_only_against_its_new_date(library: Library) -> None:
    put_policy(library, FINE)
    loan = lent(library, add_member(library), 1)
    pass_days(library, 5)
    accrue_fines(library, act(library))
    outcome = emergency(library, 1, 2)  # due again on Tuesday, now Thursday
    assert (due(library, loan), owed(library, loan)) == (3, 2_000)
    assert outcome.moved == Moved(loans=1, fines=1, rials=2_000)


def test_what_was_waived_stays_waived_and_what_was_paid_is_held_for_the_reader(library: Library) -> None:
    put_policy(library, FINE)
    member = add_member(library)
    waived, paid = (lent(library, member, 1) for _ in range(2))
    pass_days(library, 5)
    accrue_fines(library, act(library))
    for loan, kind in ((waived, LedgerKind.WAIVER), (paid, LedgerKind.PAYMENT)):
        (line,) = rows(library, LedgerLine, loan_id=loan)
        with library.store.write() as tx:
            tx.insert(
                LedgerLine, member_id=member.id, loan_id=loan, kind=kind, amount=-4_000, at=act(library).at, day=TODAY,
                settles=line.id, staff_id=act(library).staff_id, reason="آزمون",
            )  # fmt: skip
            tx.record("payment.taken", act(library))
    emergency(library, 1, 2)
    assert owed(library, waived) == 0
    lines = rows(library, LedgerLine, member_id=member.id)
    assert sum(line.amount for line in lines) == -2_000  # of the paid 4,000 the half


def test_a_book_that_came_back_before_the_flood_was_entered_is_not_fined_for_it_either(library: Library) -> None:
    put_policy(library, FINE)
    member, copy = add_member(library), add_copy(library)
    loan = lent(library, member, 1, copy)
    pass_days(library, 5)
    assert take_back(library, copy).fine == 4_000
    assert emergency(library, 2, 3).moved == Moved(fines=1, rials=2_000)
    assert owed(library, loan) == 2_000


def test_no_fine_is_computed_while_the_clock_is_doubtful(library: Library) -> None:
    put_policy(library, FINE)
    loan = lent(library, add_member(library), 1)
    pass_days(library, 5)
    accrue_fines(library, act(library))
    outcome = close_days(library, Closure(days(2, 3), "سیل", emergency=True), act(library, doubtful=True))
    assert isinstance(outcome, DaysChanged)
    assert owed(library, loan) == 4_000
    accrue_fines(library, act(library))
    assert owed(library, loan) == 2_000


class TestTakingBack:
    def test_the_originals_return(self, library: Library) -> None:
        member = add_member(library)
        loans = [lent(library, member, day) for day in (2, 3)]
        emergency(library, 2, 3)
        outcome = open_days(library, days(2, 3), "", act(library))
        assert isinstance(outcome, DaysChanged)
        assert (outcome.days, outcome.moved) == (days(2, 3), Moved(restored=2))
        assert [due(library, loan) for loan in loans] == [2, 3]
        assert rows(library, MovedDate) == rows(library, CalendarDay) == []

    def test_a_date_that_was_changed_since_stays(self, library: Library) -> None:
        loan = lent(library, add_member(library), 2)
        emergency(library, 2)
        change(library, Loan, loan, due_on=later(TODAY, 20))
        open_days(library, days(2), "", act(library))
        assert due(library, loan) == 20

    def test_the_fines_of_those_days_return_with_the_dates(self, library: Library) -> None:
        put_policy(library, FINE)
        loan = lent(library, add_member(library), 1)
        pass_days(library, 5)
        accrue_fines(library, act(library))
        emergency(library, 1, 2)
        remove_day(library, days(2)[0], DayKind.EMERGENCY, act(library))
        open_days(library, days(1), "", act(library))
        assert (due(library, loan), owed(library, loan)) == (1, 4_000)

    @pytest.mark.parametrize("order", [(1, 2), (2, 1)])
    def test_two_closures_one_after_the_other_lead_back_to_the_first_date(
        self, library: Library, order: tuple[int, ...]
    ) -> None:
        loan = lent(library, add_member(library), 1)
        emergency(library, 1)
        emergency(library, 2)
        assert due(library, loan) == 3
        open_days(library, days(order[0]), "", act(library))
        assert due(library, loan) == (1 if order[0] == 1 else 2)
        open_days(library, days(order[1]), "", act(library))
        assert due(library, loan) == 1
        assert rows(library, MovedDate) == []

    def test_a_book_returned_meanwhile_is_left_alone(self, library: Library) -> None:
        copy = add_copy(library)
        loan = lent(library, add_member(library), 2, copy)
        emergency(library, 2)
        take_back(library, copy)
        open_days(library, days(2), "", act(library))
        assert due(library, loan) == 3


def test_more_than_one_entry_holds_is_finished_in_several_and_again_after_a_power_cut(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_policy(library, {"loan_days": 7, "max_loans_all_types": None})
    member = add_member(library)
    loans = [lent(library, member, 2) for _ in range(20)]
    monkeypatch.setattr(adjusting, "LEAST_ROOM", 500 - 6)  # three loans an entry
    begun = entries(library)
    with monkeypatch.context() as cut:
        cut.setattr(adjusting.Adjustment, "_one_more", _power_cut)
        with pytest.raises(KeyboardInterrupt):
            emergency(library, 2)
    moved = [due(library, loan) for loan in loans].count(3)
    assert 0 < moved < 20
    assert finish_adjusting(library, act(library)).loans == 20 - moved
    assert {due(library, loan) for loan in loans} == {3}
    assert entries(library) > begun + 4
    assert finish_adjusting(library, act(library)) == Moved()


def _power_cut(*_: object) -> None:
    raise KeyboardInterrupt


def test_it_is_the_right_of_those_who_may_change_the_calendar(library: Library) -> None:
    refused = close_days(library, Closure(days(2), "سیل", emergency=True), act(library, Role.ASSISTANT))
    assert isinstance(refused, Refused)
    assert [refusal.code for refusal in refused.refusals] == ["role.not_allowed"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    dues=st.lists(st.integers(0, 14), min_size=1, max_size=4),
    closures=st.lists(st.sets(st.integers(0, 15), min_size=1, max_size=4), min_size=1, max_size=4),
    back=st.randoms(use_true_random=False),
)
def test_after_any_closures_nothing_is_due_on_a_closed_day_and_taking_all_back_restores_all(
    dues: list[int], closures: list[set[int]], back: object
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        library = found(Path(folder))
        with library.store:
            put_policy(library, {"loan_days": 7})
            member = add_member(library)
            wanted = [day + (day % 7 == 6) for day in dues]  # not on a Friday
            loans = [lent(library, member, day) for day in wanted]
            for closed in closures:
                close_days(library, Closure(days(*closed), "سیل", emergency=True), act(library))
                assert all(library.calendar.is_open(row(library, Loan, loan).due_on) for loan in loans)
            order = sorted(set().union(*closures))
            back.shuffle(order)  # type: ignore[attr-defined]
            for number in order:
                remove_day(library, days(number)[0], DayKind.EMERGENCY, act(library))
                assert all(library.calendar.is_open(row(library, Loan, loan).due_on) for loan in loans)
            assert [due(library, loan) for loan in loans] == wanted
            assert rows(library, MovedDate) == []
