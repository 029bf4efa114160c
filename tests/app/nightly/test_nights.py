"""The work of the nights: for each day missed, once, in order; after a crash from where it stopped."""

import datetime as dt
import uuid
from dataclasses import replace

import pytest

from app.calendar.rules import later
from app.closures.days import Closure, close_days
from app.library import Library
from app.nightly import service
from app.nightly.queries import last_nights
from app.nightly.service import NightsRun, run_due_nights
from app.nightly.state import kept
from app.nightly.steps import STEPS, WORDS, Counts, Step
from app.outcome import Refused
from app.undo import Undone, undo_last
from db.act import Act
from db.codes import HoldState, LedgerKind
from db.models.circulation import Hold, LedgerLine, Loan
from db.models.sync import JournalEntry
from tests.library import (
    TODAY,
    AMember,
    act,
    add_copy,
    add_member,
    change,
    clock,
    lend,
    pass_days,
    place_hold,
    put_policy,
    row,
    rows,
)

FINE = {"loan_days": 7, "fine_per_day": 1_000, "skip_closed": False, "period_days": 1}


def run(library: Library, **options: object) -> NightsRun:
    outcome = run_due_nights(library, act(library), **options)  # type: ignore[arg-type]
    assert isinstance(outcome, NightsRun), outcome
    return outcome


def days_of(outcome: NightsRun) -> list[int]:
    return [(night.day - TODAY).days for night in outcome.nights]


def lent(library: Library, member: AMember, due: int) -> uuid.UUID:
    loan = lend(library, member, add_copy(library)).loan_id
    change(library, Loan, loan, due_on=later(TODAY, due))
    return loan


def owed(library: Library, loan: uuid.UUID) -> int:
    return sum(line.amount for line in rows(library, LedgerLine, loan_id=loan))


def entries(library: Library) -> int:
    with library.store.read() as reader:
        return int(reader.run("SELECT count(*) FROM journal").fetchone()[0])


class TestWhichNights:
    def test_the_first_time_only_this_night_is_due(self, library: Library) -> None:
        assert days_of(run(library)) == [0]
        assert days_of(run(library)) == []

    def test_every_missed_day_is_done_once_and_in_order(self, library: Library) -> None:
        run(library)
        pass_days(library, 4)
        assert days_of(run(library)) == [1, 2, 3, 4]
        assert days_of(run(library)) == []
        pass_days(library, 1)
        assert days_of(run(library)) == [5]

    def test_a_clock_set_back_runs_nothing_and_repeats_nothing_later(self, library: Library) -> None:
        run(library)
        pass_days(library, 3)
        run(library)
        clock(library).advance(days=-2)
        assert days_of(run(library)) == []
        clock(library).advance(days=3)
        assert days_of(run(library)) == [4]

    def test_a_doubtful_clock_runs_nothing_and_says_so(self, library: Library) -> None:
        outcome = run_due_nights(library, act(library, doubtful=True))
        assert isinstance(outcome, Refused)
        assert [refusal.code for refusal in outcome.refusals] == ["clock.doubtful"]
        assert days_of(run(library)) == [0]

    def test_what_counts_as_done_before_the_first_night_can_be_told(self, library: Library) -> None:
        pass_days(library, 3)
        assert days_of(run(library, after=TODAY)) == [1, 2, 3]


class TestCutShort:
    def test_a_night_goes_on_with_the_step_it_had_reached(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        done: list[str] = []

        def step(name: str, *, fails: bool = False) -> Step:
            def work(_: Library, __: Act, day: dt.date) -> Counts:
                if fails and done.count(name) == 0:
                    done.append(name)
                    raise KeyboardInterrupt
                done.append(f"{name}{(day - TODAY).days}")
                return {name: 1}

            return Step(name, work)

        monkeypatch.setattr(service, "STEPS", (step("a"), step("b", fails=True), step("c")))
        with pytest.raises(KeyboardInterrupt):
            run(library)
        assert run(library).nights[0].done == {"a": 1, "b": 1, "c": 1}
        assert done == ["a0", "b", "b0", "c0"]

    def test_the_nights_before_the_cut_are_not_done_again(self, library: Library) -> None:
        run(library)
        pass_days(library, 5)
        calls = 0

        def stop_in_the_third() -> None:
            nonlocal calls
            calls += 1
            if calls > 2 * len(STEPS):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(library, breathe=stop_in_the_third)
        assert days_of(run(library)) == [3, 4, 5]


class TestWhatIsDone:
    def test_fines_grow_by_the_day_and_a_second_run_adds_nothing(self, library: Library) -> None:
        put_policy(library, FINE)
        loan = lent(library, add_member(library), 1)
        run(library)
        pass_days(library, 3)
        assert [night.done.get("fines", 0) for night in run(library).nights] == [0, 0, 1]
        pass_days(library, 1)
        assert [night.done.get("fines", 0) for night in run(library).nights] == [1]
        assert owed(library, loan) == 3_000
        count = entries(library)
        run(library)
        assert (owed(library, loan), entries(library)) == (3_000, count)
        days = [line.day for line in rows(library, LedgerLine, loan_id=loan)]
        assert sorted(days) == [later(TODAY, 3), later(TODAY, 4)]

    def test_what_may_renew_itself_is_renewed_on_its_day_unseen_even_when_the_computer_was_off(
        self, library: Library
    ) -> None:
        put_policy(library, FINE | {"auto_renew": True, "max_renewals": 1})
        member = add_member(library)
        loan = lent(library, member, 2)
        run(library)
        pass_days(library, 5)
        run(library)
        renewed = row(library, Loan, loan)
        assert (renewed.due_on, renewed.renewals, renewed.unseen_renewals) == (later(TODAY, 9), 1, 1)
        assert owed(library, loan) == 0
        pass_days(library, 6)
        run(library)
        assert row(library, Loan, loan).renewals == 1  # once only, as the policy says
        assert owed(library, loan) == 2_000

    def test_a_loan_that_somebody_waits_for_is_not_renewed(self, library: Library) -> None:
        put_policy(library, FINE | {"auto_renew": True})
        copy = add_copy(library)
        loan = lend(library, add_member(library), copy).loan_id
        place_hold(library, add_member(library), copy)
        run(library)
        pass_days(library, 7)
        run(library)
        assert row(library, Loan, loan).renewals == 0

    def test_holds_nobody_collected_end_and_suspended_ones_go_on(self, library: Library) -> None:
        copy, other = add_copy(library), add_copy(library)
        uncollected = place_hold(
            library, add_member(library), copy, state=HoldState.WAITING, item_id=copy.id, shelf_since=TODAY,
            shelf_until=later(TODAY, 2),
        )  # fmt: skip
        suspended = place_hold(
            library, add_member(library), other, state=HoldState.SUSPENDED, suspended_until=later(TODAY, 2)
        )
        run(library)
        pass_days(library, 4)
        run(library)
        assert row(library, Hold, uncollected).state is HoldState.EXPIRED
        assert row(library, Hold, suspended).state is HoldState.QUEUED

    def test_a_book_that_is_very_late_counts_as_lost_on_the_day_it_became_so(self, library: Library) -> None:
        put_policy(library, FINE | {"long_overdue_days": 3, "charge_replacement": True, "default_price": 50_000})
        loan = lent(library, add_member(library), 1)
        run(library)
        pass_days(library, 10)
        run(library)
        assert row(library, Loan, loan).lost_on == later(TODAY, 5)
        fines = [line.amount for line in rows(library, LedgerLine, loan_id=loan, kind=LedgerKind.FINE)]
        assert sum(fines) == 4_000

    def test_an_emergency_that_was_cut_short_is_finished(self, library: Library) -> None:
        loan = lent(library, add_member(library), 2)
        close_days(library, Closure((later(TODAY, 3),), "سیل", emergency=True), act(library))
        change(library, Loan, loan, due_on=later(TODAY, 3))
        assert [dict(night.done) for night in run(library).nights] == [{"dates": 1}]
        assert row(library, Loan, loan).due_on == later(TODAY, 4)

    def test_the_entries_of_a_night_bear_its_day_and_the_true_moment_and_no_desk(self, library: Library) -> None:
        put_policy(library, FINE | {"auto_renew": True})
        lent(library, add_member(library), 2)
        run(library)
        pass_days(library, 5)
        run(library)
        (entry,) = [entry for entry in rows(library, JournalEntry) if entry.kind == "loan.renewed"]
        now = act(library)
        assert (entry.bdate, entry.at_ms) == (later(TODAY, 2), now.stamp.at_ms)
        assert (entry.desk, entry.staff_id) == (0, now.staff_id)

    def test_what_a_desk_did_can_still_be_taken_back_after_the_night(self, library: Library) -> None:
        put_policy(library, FINE)
        member = add_member(library)
        lent(library, add_member(library), -3)
        lend(library, member, add_copy(library))
        run(library)
        assert isinstance(undo_last(library, act(library)), Undone)


def test_what_the_last_run_did_is_told_in_a_line(library: Library) -> None:
    put_policy(library, FINE)
    lent(library, add_member(library), 1)
    with library.store.read() as reader:
        assert last_nights(reader).words == ""
    run(library)
    pass_days(library, 2)
    run(library)
    with library.store.read() as reader:
        assert last_nights(reader).words == "۲ شب گذشته: جریمهٔ ۱ امانت به‌روز شد"
        assert kept(reader).done == later(TODAY, 2)
    pass_days(library, 1)
    run(library)
    with library.store.read() as reader:
        assert last_nights(reader).words == "دیشب: جریمهٔ ۱ امانت به‌روز شد"


def test_after_years_only_the_last_nights_are_worked_and_the_fine_is_whole(library: Library) -> None:
    put_policy(library, FINE)
    loan = lent(library, add_member(library), 1)
    run(library)
    pass_days(library, 3_000)
    assert len(run(library).nights) == service.MOST_NIGHTS
    assert owed(library, loan) == 2_999 * 1_000


def test_every_thing_counted_has_words(library: Library) -> None:
    named = {name for step in STEPS for name in step.run(library, replace(act(library)), TODAY)}
    assert named <= WORDS.keys()
    assert all("{count}" in words for words in WORDS.values())
