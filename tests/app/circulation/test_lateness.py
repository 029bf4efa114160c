"""Fines that grow by the day, and what settles them."""

import datetime as dt
from typing import Any

import pytest

from app.accounts.outcomes import Paid
from app.accounts.payments import Payment, pay
from app.accounts.waivers import Waiver, waive
from app.check import check_library
from app.circulation.lateness import Accrued, accrue_fines
from app.circulation.outcomes import Renewed
from app.circulation.renewal import renew_item
from app.ledger.fines import MERGE_AT
from app.ledger.lines import Ledger
from app.ledger.reads import ledger_of
from app.library import Library
from app.undo import Undone, undo_last
from db.codes import DayKind, LedgerKind
from db.models.circulation import LedgerLine, Loan
from db.models.library import CalendarDay
from db.models.sync import JournalEntry
from tests.library import (
    TODAY,
    ACopy,
    AMember,
    act,
    add_copy,
    add_member,
    change,
    lend,
    pass_days,
    place_hold,
    put_policy,
    rows,
    take_back,
)

FINE: dict[str, Any] = {"loan_days": 14, "fine_per_day": 1_000, "max_renewals": 9}


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def account(library: Library, member: AMember) -> Ledger:
    with library.store.read() as reader:
        return ledger_of(reader, member.id)


def nights(library: Library, number: int) -> None:
    """So many nights, with the nightly work of each."""
    for _ in range(number):
        pass_days(library, 1)
        accrue_fines(library, act(library))


def late(library: Library, member: AMember, copy: ACopy, by: int, **policy: Any) -> None:
    """A copy lent, and so many days (a Friday among each seven) gone since it was due."""
    put_policy(library, FINE | policy)
    lend(library, member, copy)
    pass_days(library, 14 + by)


def fines(library: Library) -> list[int]:
    return [line.amount for line in rows(library, LedgerLine, kind=LedgerKind.FINE)]


def test_a_fine_grows_by_a_line_a_day(library: Library, member: AMember, copy: ACopy) -> None:
    late(library, member, copy, 0)
    nights(library, 3)
    assert fines(library) == [1_000, 1_000, 1_000]
    assert {line.due_on for line in rows(library, LedgerLine)} == {days(14)}
    assert account(library, member).outstanding == 3_000
    assert rows(library, JournalEntry)[-1].kind == "fines.accrued"


def test_the_second_run_of_a_night_writes_nothing(library: Library, member: AMember, copy: ACopy) -> None:
    late(library, member, copy, 2)
    assert accrue_fines(library, act(library)) == Accrued(1, 1, 2_000)
    entries = len(rows(library, JournalEntry))
    assert accrue_fines(library, act(library)) == Accrued(1, 0, 0)
    assert len(rows(library, JournalEntry)) == entries


def test_nights_that_were_missed_come_in_one_line(library: Library, member: AMember, copy: ACopy) -> None:
    late(library, member, copy, 5)
    accrue_fines(library, act(library))
    assert fines(library) == [5_000]


def test_a_return_charges_only_what_the_nights_have_not(library: Library, member: AMember, copy: ACopy) -> None:
    late(library, member, copy, 3)
    accrue_fines(library, act(library))
    pass_days(library, 2)
    back = take_back(library, copy)
    assert back.fine == 5_000
    assert fines(library) == [3_000, 2_000]
    assert account(library, member).balance == 5_000


def test_a_book_in_time_has_no_line_and_a_closed_day_adds_none(library: Library, member: AMember, copy: ACopy) -> None:
    late(library, member, copy, 0)
    assert accrue_fines(library, act(library)) == Accrued()
    pass_days(library, 6)  # Friday
    accrue_fines(library, act(library))
    assert fines(library) == [5_000]


def test_an_emergency_closure_takes_its_days_out_again(library: Library, member: AMember, copy: ACopy) -> None:
    late(library, member, copy, 4)
    accrue_fines(library, act(library))
    with library.store.write() as tx:
        for day in (days(16), days(17)):
            tx.insert(CalendarDay, day=day, kind=DayKind.EMERGENCY, name="برف")
        tx.record("test.changed", act(library))
    library.forget_rules()
    accrue_fines(library, act(library))
    assert account(library, member).outstanding == 2_000
    assert check_library(library).broken == ()


def test_a_return_dated_back_lowers_what_had_grown(library: Library, member: AMember, copy: ACopy) -> None:
    """note 3.5: back-dated returns must lower the running fine (Koha bug 22539)."""
    late(library, member, copy, 0)
    nights(library, 4)
    back = take_back(library, copy, in_on=days(15))
    assert (back.fine, back.credit) == (1_000, 0)
    assert account(library, member).balance == 1_000
    assert check_library(library).broken == ()


def test_a_return_dated_before_the_due_day_leaves_no_fine(library: Library, member: AMember, copy: ACopy) -> None:
    late(library, member, copy, 4)
    accrue_fines(library, act(library))
    assert take_back(library, copy, in_on=days(10)).fine == 0
    assert account(library, member).debts == ()


def test_what_was_paid_too_much_is_owed_to_the_reader(library: Library, member: AMember, copy: ACopy) -> None:
    late(library, member, copy, 4)
    accrue_fines(library, act(library))
    assert isinstance(pay(library, Payment(member.card, 3_000), act(library)), Paid)
    back = take_back(library, copy, in_on=days(15))
    assert (back.fine, back.credit) == (1_000, 2_000)
    assert (account(library, member).outstanding, account(library, member).refundable) == (0, 3_000)


@pytest.mark.parametrize(
    ("waived", "in_on", "owed"),
    [  # four days late: 1,000 rials in the first night, 3,000 in another
        (3_500, 16, 0),  # 2,000 are left, more had been waived
        (1_500, 16, 500),
        (2_500, 15, 0),
        (500, 15, 500),
        (4_000, 13, 0),
    ],
)
def test_what_was_waived_stays_waived_when_the_fine_is_lowered(
    library: Library, member: AMember, copy: ACopy, waived: int, in_on: int, owed: int
) -> None:
    late(library, member, copy, 1)
    accrue_fines(library, act(library))
    pass_days(library, 3)
    accrue_fines(library, act(library))
    waive(library, Waiver(member.card, "نیازمند", waived), act(library))
    take_back(library, copy, in_on=days(in_on))
    ledger = account(library, member)
    assert (ledger.outstanding, ledger.balance, ledger.refundable) == (owed, owed, 0)
    assert check_library(library).broken == ()


def test_a_renewal_settles_the_fine_and_the_new_due_date_begins_anew(
    library: Library, member: AMember, copy: ACopy
) -> None:
    late(library, member, copy, 1)
    accrue_fines(library, act(library))
    pass_days(library, 1)
    renewed = renew_item(library, copy.barcode, act(library))
    assert isinstance(renewed, Renewed)
    assert renewed.fine == 2_000
    nights(library, 14)
    assert account(library, member).outstanding == 2_000
    pass_days(library, 3)
    assert take_back(library, copy).fine == 3_000
    assert account(library, member).outstanding == 5_000


def test_where_the_policy_forgives_it_a_renewal_takes_back_what_had_grown(
    library: Library, member: AMember, copy: ACopy
) -> None:
    late(library, member, copy, 4, forgive_fine_on_renewal=True)
    accrue_fines(library, act(library))
    renew_item(library, copy.barcode, act(library))
    assert account(library, member).balance == 0


def test_the_fine_of_a_lost_copy_stops_and_is_not_doubled_when_it_is_found(
    library: Library, member: AMember, copy: ACopy
) -> None:
    """note 3.5: lost, then found must not double the fine (Koha bug 22877)."""
    late(library, member, copy, 3)
    accrue_fines(library, act(library))
    (loan,) = rows(library, Loan)
    change(library, Loan, loan.id, lost_on=days(17))
    nights(library, 20)
    assert account(library, member).outstanding == 3_000
    assert take_back(library, copy).fine == 3_000
    assert account(library, member).outstanding == 3_000


def test_the_fine_stops_on_the_day_a_reader_claims_to_have_returned(
    library: Library, member: AMember, copy: ACopy
) -> None:
    late(library, member, copy, 2)
    (loan,) = rows(library, Loan)
    change(library, Loan, loan.id, claimed_returned_on=days(16))
    nights(library, 9)
    assert account(library, member).outstanding == 2_000


def test_a_doubtful_clock_computes_nothing(library: Library, member: AMember, copy: ACopy) -> None:
    late(library, member, copy, 300)
    assert accrue_fines(library, act(library, doubtful=True)) == Accrued()
    assert fines(library) == []


def test_a_copy_that_somebody_waits_for_costs_more_from_the_day_it_does(
    library: Library, member: AMember, copy: ACopy
) -> None:
    """000 §3-1-2: 2000 rials a day, 4000 for a book that is reserved."""
    late(library, member, copy, 3, fine_per_day=2_000, fine_per_day_reserved=4_000)
    accrue_fines(library, act(library))
    assert account(library, member).outstanding == 6_000
    place_hold(library, add_member(library), copy)
    pass_days(library, 1)
    accrue_fines(library, act(library))
    assert account(library, member).outstanding == 16_000


def test_a_fine_that_reached_its_cap_grows_no_more(library: Library, member: AMember, copy: ACopy) -> None:
    late(library, member, copy, 0, fine_cap=2_500)
    nights(library, 6)
    assert fines(library) == [1_000, 1_000, 500]


def test_a_fine_of_zero_makes_no_line(library: Library, member: AMember, copy: ACopy) -> None:
    """note 3.5: Koha bug 13841."""
    late(library, member, copy, 9, fine_per_day=0)
    assert accrue_fines(library, act(library)) == Accrued(1, 0, 0)
    assert rows(library, LedgerLine) == []


def test_a_fine_of_years_stays_a_few_lines(library: Library, member: AMember, copy: ACopy) -> None:
    late(library, member, copy, 0)
    nights(library, 3 * MERGE_AT)
    ledger = account(library, member)
    assert len(ledger.debts) <= MERGE_AT
    assert ledger.outstanding == 36_000  # 42 nights, six of them Fridays
    assert check_library(library).broken == ()


def test_many_late_loans_are_more_than_one_entry(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.circulation.lateness.MOST_LINES", 2)
    put_policy(library, FINE)
    for _ in range(5):
        lend(library, add_member(library), add_copy(library))
    pass_days(library, 15)
    assert accrue_fines(library, act(library)) == Accrued(5, 5, 5_000)
    assert [entry.kind for entry in rows(library, JournalEntry)].count("fines.accrued") == 3


def test_undoing_a_return_restores_the_ledger_exactly(library: Library, member: AMember, copy: ACopy) -> None:
    late(library, member, copy, 0)
    nights(library, 4)
    before = account(library, member)
    take_back(library, copy, in_on=days(15))
    assert account(library, member).balance == 1_000
    assert isinstance(undo_last(library, act(library)), Undone)
    after = account(library, member)
    assert [(debt.line, debt.unsettled) for debt in after.debts] == [
        (debt.line, debt.unsettled) for debt in before.debts
    ]
    assert after.balance == 4_000
    nights(library, 1)
    assert take_back(library, copy, in_on=days(16)).fine == 2_000
    assert account(library, member).balance == 2_000
    assert check_library(library).broken == ()


def test_a_return_whose_fine_was_paid_at_another_desk_is_not_undone(
    library: Library, member: AMember, copy: ACopy
) -> None:
    late(library, member, copy, 3)
    take_back(library, copy)
    pay(library, Payment(member.card, 3_000), act(library, desk=2))
    outcome = undo_last(library, act(library))
    assert [refusal.code for refusal in getattr(outcome, "refusals", ())] == ["undo.changed_since"]
    assert account(library, member).balance == 0


def test_money_is_not_taken_back_with_the_undo_key(library: Library, member: AMember, copy: ACopy) -> None:
    late(library, member, copy, 3)
    take_back(library, copy)
    pay(library, Payment(member.card, 3_000), act(library))
    outcome = undo_last(library, act(library))
    assert [refusal.code for refusal in getattr(outcome, "refusals", ())] == ["undo.not_undoable"]
