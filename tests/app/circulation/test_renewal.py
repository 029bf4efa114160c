"""Renewing, against a real store."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from app.circulation.outcomes import RenewalRefused, Renewed, RenewedAll
from app.circulation.renewal import renew_all, renew_item
from app.library import Library
from app.outcome import NotFound, Sought
from app.refusal import Answer
from db.codes import Channel, LedgerKind, Role
from db.journal import DECODER
from db.models.circulation import LedgerLine, Loan
from db.models.items import Item
from db.models.sync import JournalEntry
from tests.library import (
    TODAY,
    ACopy,
    AMember,
    act,
    add_copy,
    add_member,
    change,
    clock,
    found,
    lend,
    pass_days,
    place_hold,
    put_policy,
    row,
    rows,
    take_back,
)


def renew(library: Library, copy: ACopy, role: Role = Role.HEAD, **request: Any) -> Renewed | RenewalRefused:
    outcome = renew_item(library, copy.barcode, act(library, role), **request)
    assert not isinstance(outcome, NotFound)
    return outcome


def renewed(library: Library, copy: ACopy, **request: Any) -> Renewed:
    outcome = renew(library, copy, **request)
    assert isinstance(outcome, Renewed), outcome
    return outcome


def refused(outcome: object) -> list[str]:
    assert isinstance(outcome, RenewalRefused), outcome
    return [refusal.code for refusal in outcome.refusals]


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


def test_a_renewal_counts_from_its_day(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, member, copy)
    pass_days(library, 10)
    outcome = renewed(library, copy)
    assert (outcome.loan_id, outcome.due_on, outcome.count) == (loan.loan_id, days(24), 1)
    stored = row(library, Loan, loan.loan_id)
    assert (stored.due_on, stored.first_due_on, stored.renewals, stored.unseen_renewals, stored.renewed_on) == (
        days(24), days(14), 1, 0, days(10),
    )  # fmt: skip
    assert rows(library, JournalEntry)[-1].kind == "loan.renewed"


def test_a_renewal_may_count_from_the_due_day(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "renew_from": "due", "renewal_days": 7})
    lend(library, member, copy)
    assert renewed(library, copy).due_on == days(21)


def test_a_new_due_date_on_a_closed_day_moves(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "renewal_days": 13})
    lend(library, member, copy)
    pass_days(library, 7)
    assert days(20).weekday() == 4
    assert renewed(library, copy).due_on == days(21)


def test_a_policy_that_came_meanwhile_decides_renewals(library: Library, member: AMember) -> None:
    first, second = add_copy(library), add_copy(library)
    for copy in (first, second):
        lend(library, member, copy)
    put_policy(library, {"loan_days": 30}, effective_from=days(1))
    assert library.policy.version == 1  # the desk stays open over midnight
    pass_days(library, 1)
    assert renewed(library, first).due_on == days(31)
    library.forget_rules()
    put_policy(library, {"loan_days": 40}, effective_from=days(2))
    assert library.policy.version == 2
    pass_days(library, 1)
    outcome = renew_all(library, member.card, act(library))
    assert isinstance(outcome, RenewedAll)
    assert {line.due_on for line in outcome.lines if isinstance(line, Renewed)} == {days(42)}


def test_a_renewal_that_gains_nothing_is_refused(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    assert refused(renew(library, copy)) == ["renewal.not_extended"]


def test_the_university_renews_once(tmp_path: Path) -> None:
    library = found(tmp_path, "university")
    with library.store:
        member, copy = add_member(library, "bachelor"), add_copy(library)
        lend(library, member, copy)
        pass_days(library, 5)
        assert renewed(library, copy).count == 1
        pass_days(library, 5)
        assert refused(renew(library, copy)) == ["renewal.too_many"]


def test_a_copy_that_is_not_lent_is_not_found_as_a_loan(library: Library, copy: ACopy) -> None:
    assert renew_item(library, copy.barcode, act(library)) == NotFound(Sought.ITEM, copy.barcode)
    assert renew_item(library, "۹۹۹", act(library)) == NotFound(Sought.ITEM, "۹۹۹")


def test_a_renewal_by_telephone_is_counted_apart(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "max_unseen": 1})
    loan = lend(library, member, copy)
    pass_days(library, 1)
    renewed(library, copy, unseen=True)
    assert row(library, Loan, loan.loan_id).unseen_renewals == 1
    pass_days(library, 1)
    assert refused(renew(library, copy, unseen=True)) == ["renewal.unseen_limit"]
    assert renewed(library, copy).count == 2
    assert row(library, Loan, loan.loan_id).unseen_renewals == 1


def test_somebody_who_waits_ends_the_renewals_unless_another_copy_serves(
    library: Library, member: AMember, copy: ACopy
) -> None:
    put_policy(library, {"loan_days": 14, "allow_if_other_copies": True})
    lend(library, member, copy)
    place_hold(library, add_member(library), copy)
    pass_days(library, 1)
    assert refused(renew(library, copy)) == ["renewal.on_hold"]
    second = add_copy(library, copy.title_id)
    change(library, Item, second.id, on_minutes_id=library.branch.id)
    assert refused(renew(library, copy)) == ["renewal.on_hold"]
    change(library, Item, second.id, on_minutes_id=None)
    assert renewed(library, copy).count == 1


def test_a_loan_in_the_hall_is_not_renewed(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy, channel=Channel.ONSITE)
    assert refused(renew(library, copy)) == ["renewal.onsite"]


def test_an_override_of_a_renewal_needs_permission_and_reason_and_is_recorded(
    library: Library, member: AMember, copy: ACopy
) -> None:
    put_policy(library, {"loan_days": 14, "max_renewals": 0})
    lend(library, member, copy)
    pass_days(library, 1)
    answer = Answer(frozenset({"renewal.too_many"}), "امتحان دارد")
    assert refused(renew(library, copy, Role.ASSISTANT, answer=answer)) == ["renewal.too_many", "role.not_allowed"]
    assert refused(renew(library, copy, answer=Answer(answer.override))) == ["renewal.too_many", "reason.required"]
    assert isinstance(renew(library, copy, Role.LIBRARIAN, answer=answer), Renewed)
    assert DECODER.decode(rows(library, JournalEntry)[-1].body)[9][:3] == [2, ["renewal.too_many"], "امتحان دارد"]


def test_somebody_who_does_not_lend_is_refused(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    pass_days(library, 1)
    assert refused(renew(library, copy, Role.CATALOGUER)) == ["role.not_allowed"]


# Late loans


def test_a_late_loan_is_fined_and_then_renewed(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "fine_per_day": 2_000, "ban_days_per_late_day": 1})
    loan = lend(library, member, copy)
    pass_days(library, 16)
    outcome = renewed(library, copy)
    assert (outcome.days_late, outcome.fine, outcome.due_on) == (2, 4_000, days(30))
    (line,) = rows(library, LedgerLine)
    assert (line.kind, line.amount, line.loan_id) == (LedgerKind.FINE, 4_000, loan.loan_id)
    assert take_back(library, copy).fine == 0
    assert len(rows(library, LedgerLine)) == 1


def test_the_fine_of_a_renewed_loan_is_forgiven_where_the_policy_says_so(
    library: Library, member: AMember, copy: ACopy
) -> None:
    put_policy(library, {"loan_days": 14, "fine_per_day": 2_000, "forgive_fine_on_renewal": True})
    lend(library, member, copy)
    pass_days(library, 16)
    assert renewed(library, copy).fine == 0
    assert rows(library, LedgerLine) == []


def test_in_doubtful_time_a_renewal_is_not_charged_nor_refused_for_lateness(
    library: Library, member: AMember, copy: ACopy
) -> None:
    put_policy(library, {"loan_days": 14, "fine_per_day": 2_000, "overdue_renewal": "block_item"})
    lend(library, member, copy)
    clock(library).set(dt.datetime(2038, 1, 19, tzinfo=dt.UTC))
    assert refused(renew(library, copy)) == ["member.expired", "renewal.overdue"]
    outcome = renew_item(library, copy.barcode, act(library, doubtful=True))
    assert isinstance(outcome, Renewed)
    assert rows(library, LedgerLine) == []


# All at once


def test_all_loans_of_a_reader_are_renewed_in_one_entry(library: Library, member: AMember) -> None:
    put_policy(library, {"loan_days": 14, "fine_per_day": 2_000})
    copies = [add_copy(library) for _ in range(3)]
    for copy in copies:
        lend(library, member, copy)
    place_hold(library, add_member(library), copies[1])
    pass_days(library, 15)
    entries = len(rows(library, JournalEntry))
    outcome = renew_all(library, "۰۰۰۰۰۱", act(library))
    assert isinstance(outcome, RenewedAll)
    told = {line.item.id: line for line in outcome.lines}
    assert [isinstance(told[copy.id], Renewed) for copy in copies] == [True, False, True]
    assert refused(told[copies[1].id]) == ["renewal.on_hold"]
    assert len(rows(library, JournalEntry)) == entries + 1
    assert sum(line.amount for line in rows(library, LedgerLine)) == 4_000


def test_where_nothing_can_be_renewed_nothing_is_written(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    entries = len(rows(library, JournalEntry))
    outcome = renew_all(library, member.card, act(library))
    assert isinstance(outcome, RenewedAll)
    assert [refused(line) for line in outcome.lines] == [["renewal.not_extended"]]
    assert len(rows(library, JournalEntry)) == entries


def test_nobody_has_nothing_to_renew(library: Library, member: AMember) -> None:
    assert renew_all(library, "M-99", act(library)) == NotFound(Sought.MEMBER, "M-99")
    outcome = renew_all(library, member.card, act(library))
    assert isinstance(outcome, RenewedAll)
    assert outcome.lines == ()


@pytest.mark.parametrize("late", ["block_item", "block_all"])
def test_a_late_loan_stops_itself_or_all(library: Library, member: AMember, late: str) -> None:
    put_policy(library, {"loan_days": 14, "overdue_renewal": late, "overdues_block": "no"})
    early, other = add_copy(library), add_copy(library)
    lend(library, member, early)
    pass_days(library, 8)
    lend(library, member, other)
    pass_days(library, 8)
    assert refused(renew(library, early)) == ["renewal.overdue"]
    outcome = renew(library, other)
    assert isinstance(outcome, Renewed) is (late == "block_item")
