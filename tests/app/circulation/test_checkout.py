"""Lending, against a real store."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.catalogue import queries, service
from app.catalogue import writing as catalogue_writing
from app.circulation import alerts, finding, household, reads
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import AlreadyLent, CheckedOut, CheckoutOutcome, CheckoutRefused, Renewed
from app.circulation.renewal import renew_item
from app.items import writing as item_writing
from app.library import Library
from app.members import queries as member_queries
from app.members import writing as member_writing
from app.outcome import NotFound, Sought
from app.policy.categories import UNIVERSITY
from app.refusal import Answer, Weight
from app.undo import undo_last
from app.weeding import reads as weeding_reads
from db.codes import CardState, Channel, HoldState, ItemStatus, Role
from db.frozen import Frozen
from db.journal import DECODER
from db.models.circulation import Hold, Loan
from db.models.items import Item, ItemStatusChange
from db.models.members import Member, MemberCard
from db.models.sync import JournalEntry
from tests.library import (
    MORNING,
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
    past_loans,
    place_hold,
    put_policy,
    reopened,
    row,
    rows,
    take_back,
)

DATA = Path(__file__).parents[4] / "shared" / "data"


def ask(
    library: Library, member: AMember, copy: ACopy, role: Role = Role.HEAD, *, doubtful: bool = False, **request: Any
) -> CheckoutOutcome:
    return check_out(
        library, CheckoutRequest(member.card, copy.barcode, **request), act(library, role, doubtful=doubtful)
    )


def refused(outcome: CheckoutOutcome) -> list[str]:
    assert isinstance(outcome, CheckoutRefused), outcome
    return [refusal.code for refusal in outcome.refusals]


def override(*codes: str, reason: str = "مدیر اجازه داد") -> Answer:
    return Answer(frozenset(codes), reason)


def confirm(*codes: str) -> Answer:
    return Answer(confirm=frozenset(codes))


def days(number: int) -> dt.date:
    return TODAY + dt.timedelta(days=number)


# The limits of each category


LOAN_TABLE = DATA / "loan_table.json"
NO_DATA = pytest.mark.skipif(
    not LOAN_TABLE.exists(), reason="the loan table of the university lies beside the checkout"
)


def loan_table() -> list[tuple[str, int, int]]:
    """Category, items and days of the eleven rows of 000 §3-1-2, in their order."""
    if not LOAN_TABLE.exists():
        return []
    table = json.loads(LOAN_TABLE.read_text(encoding="utf-8"))["rows"]
    return [(code, row["max_items"], row["max_days"]) for code, row in zip(UNIVERSITY, table, strict=True)]


@NO_DATA
@pytest.mark.parametrize(("category", "items", "period"), loan_table())
def test_the_university_lends_so_many_copies_for_so_many_days(
    tmp_path: Path, category: str, items: int, period: int
) -> None:
    library = found(tmp_path, "university")
    with library.store:
        member = add_member(library, category)
        title = add_copy(library).title_id
        copies = [add_copy(library, title) for _ in range(items + 1)]
        loans = [lend(library, member, copy) for copy in copies[:items]]
        due = library.calendar.next_open(days(period))
        assert {loan.due_on for loan in loans} == {due}
        assert {loan.rule for loan in loans} == {f"{category}/*"}
        outcome = ask(library, member, copies[-1])
        assert refused(outcome) == ["limit.total"]
        assert isinstance(outcome, CheckoutRefused)
        assert (outcome.refusals[0].limit, outcome.refusals[0].have) == (items, items)


@NO_DATA
def test_the_eleven_rows_of_the_university_are_all_there() -> None:
    assert len(loan_table()) == 11


def test_kanoon_lends_two_books_for_seven_days(tmp_path: Path) -> None:
    library = found(tmp_path, "kanoon")
    with library.store:
        member = add_member(library, "member")
        assert lend(library, member, add_copy(library)).due_on == days(7)
        lend(library, member, add_copy(library))
        assert refused(ask(library, member, add_copy(library))) == ["limit.total"]


def test_a_public_library_lends_five_for_each_national_id_for_fourteen_days(library: Library) -> None:
    member = add_member(library, national_id="0499370899")
    loans = [lend(library, member, add_copy(library)) for _ in range(5)]
    assert {loan.due_on for loan in loans} == {days(14)}
    assert refused(ask(library, member, add_copy(library))) == ["limit.total", "limit.national_id"]


def test_five_for_each_national_id_holds_for_a_member_without_one_too(library: Library, member: AMember) -> None:
    put_policy(library, {"loan_days": 14, "max_items_per_national_id": 1})
    lend(library, member, add_copy(library))
    assert refused(ask(library, member, add_copy(library))) == ["limit.national_id"]


def test_a_ceiling_of_one_type_leaves_the_others_free(library: Library, member: AMember) -> None:
    put_policy(library, {"loan_days": 14}, {"item_type": "audiovisual", "max_loans": 1})
    lend(library, member, add_copy(library, item_type="audiovisual"))
    assert refused(ask(library, member, add_copy(library, item_type="audiovisual"))) == ["limit.item_type"]
    lend(library, member, add_copy(library))


# The due date


def test_a_due_date_on_a_closed_day_moves_to_the_next_open_one(library: Library, member: AMember) -> None:
    put_policy(library, {"loan_days": 13})
    assert days(13).weekday() == 4  # a Friday, closed
    assert lend(library, member, add_copy(library)).due_on == days(14)


def test_a_due_date_does_not_pass_the_end_of_the_membership(library: Library) -> None:
    put_policy(library, {"loan_days": 14, "cap_at_membership_expiry": True})
    member = add_member(library, expires_on=days(10))
    assert lend(library, member, add_copy(library)).due_on == days(10)


def test_an_expired_member_let_through_by_the_head_gets_the_whole_period(library: Library) -> None:
    put_policy(library, {"loan_days": 14, "cap_at_membership_expiry": True})
    member = add_member(library, joined_on=days(-100), expires_on=days(-1))
    outcome = ask(library, member, add_copy(library), answer=override("member.expired"))
    assert isinstance(outcome, CheckedOut)
    assert outcome.due_on == days(14)


def test_a_due_date_set_by_hand_is_kept(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, member, copy, due_on=days(3))
    assert row(library, Loan, loan.loan_id).due_on == days(3)


def test_use_in_the_hall_is_due_the_same_day(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, member, copy, channel=Channel.ONSITE)
    assert loan.due_on == TODAY
    assert row(library, Loan, loan.loan_id).channel is Channel.ONSITE


def test_a_reference_book_is_lent_in_the_hall_only(library: Library, member: AMember) -> None:
    copy = add_copy(library, item_type="reference")
    assert refused(ask(library, member, copy)) == ["item.not_for_loan"]
    lend(library, member, copy, channel=Channel.ONSITE)


@pytest.mark.parametrize(
    ("policy", "due"),
    [
        ({"high_holds_over": 1, "high_holds_days": 3}, 3),
        ({"high_holds_over": 2, "high_holds_days": 3}, 14),
        ({"high_holds_over": 1, "high_holds_days": 30}, 14),
        ({"high_holds_over": 1}, 14),
        ({"high_holds_days": 3}, 14),
    ],
)
def test_where_many_others_wait_the_period_is_shorter(
    library: Library, member: AMember, copy: ACopy, policy: dict[str, int], due: int
) -> None:
    put_policy(library, {"loan_days": 14} | policy)
    for priority in (2, 3):
        place_hold(library, add_member(library), copy, priority)
    place_hold(library, member, copy, 1)
    assert lend(library, member, copy).due_on == days(due)


# Finding


def test_a_copy_is_found_by_barcode_and_by_accession_number_in_any_digits(library: Library, member: AMember) -> None:
    copies = [add_copy(library) for _ in range(4)]
    keys = (copies[0].barcode, str(copies[1].accession_no), "۳", " RAF-۰۰۰۰۰٤ ")
    outcomes = [check_out(library, CheckoutRequest(member.card, key), act(library)) for key in keys]
    assert [outcome.item.id for outcome in outcomes if isinstance(outcome, CheckedOut)] == [copy.id for copy in copies]


def test_a_barcode_comes_before_an_accession_number(library: Library, member: AMember) -> None:
    add_copy(library)
    labelled = add_copy(library, barcode="1")
    outcome = check_out(library, CheckoutRequest(member.card, "1"), act(library))
    assert isinstance(outcome, CheckedOut)
    assert outcome.item.id == labelled.id


@pytest.mark.parametrize("key", ["C-77", "C-۷۷", "12345", "۱۲۳۴۵", "0499370899", "٠٤٩٩٣٧٠٨٩٩", "\u200e12345 "])
def test_a_member_is_found_by_card_member_number_and_national_id_in_any_digits(
    library: Library, copy: ACopy, key: str
) -> None:
    member = add_member(library, card="C-77", member_no="۱۲۳۴۵", national_id="0499370899")
    outcome = check_out(library, CheckoutRequest(key, copy.barcode), act(library))
    assert isinstance(outcome, CheckedOut)
    assert outcome.member.id == member.id


@pytest.mark.parametrize("key", ["", "M-9999", "9" * 30, "<img src=x>", "%", "' OR 1=1 --", "\x00", "ا" * 500])
def test_what_nobody_carries_is_not_found_and_changes_nothing(
    library: Library, member: AMember, copy: ACopy, key: str
) -> None:
    before = len(rows(library, JournalEntry))
    assert check_out(library, CheckoutRequest(key, copy.barcode), act(library)) == NotFound(Sought.MEMBER, key)
    assert check_out(library, CheckoutRequest(member.card, key), act(library)) == NotFound(Sought.ITEM, key)
    assert len(rows(library, JournalEntry)) == before


# The same scan again


def test_a_doubled_scan_is_the_loan_it_made(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, member, copy)
    clock(library).advance(seconds=2)
    again = ask(library, member, copy)
    assert isinstance(again, AlreadyLent)
    assert again.loan.id == loan.loan_id
    assert again.loan.due_on == loan.due_on
    assert len(rows(library, Loan)) == 1


def test_a_scan_after_a_crash_is_the_loan_it_made(library: Library, tmp_path: Path) -> None:
    member, copy = add_member(library), add_copy(library)
    loan = lend(library, member, copy)
    library.store.close()
    later = reopened(tmp_path / "library", MORNING + dt.timedelta(minutes=3))
    with later.store:
        again = ask(later, member, copy)
        assert isinstance(again, AlreadyLent)
        assert again.loan.id == loan.loan_id


def test_a_back_dated_scan_that_comes_twice_is_one_loan(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, member, copy, out_on=days(-2))
    again = ask(library, member, copy, out_on=days(-2))
    assert isinstance(again, AlreadyLent)
    assert again.loan.id == loan.loan_id


def test_the_same_copy_on_another_day_asks_whether_to_renew(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, member, copy)
    pass_days(library, 3)
    outcome = ask(library, member, copy)
    assert isinstance(outcome, CheckoutRefused)
    assert [(refusal.code, refusal.weight) for refusal in outcome.refusals] == [
        ("item.on_loan_same_member", Weight.CONFIRM)
    ]
    renewed = ask(library, member, copy, answer=confirm("item.on_loan_same_member"))
    assert isinstance(renewed, Renewed)
    assert (renewed.loan_id, renewed.due_on, renewed.count) == (loan.loan_id, days(17), 1)
    assert len(rows(library, Loan)) == 1


def test_a_renewal_at_the_desk_obeys_the_rules_of_renewal_and_tells_all_reasons(
    library: Library, member: AMember, copy: ACopy
) -> None:
    put_policy(library, {"loan_days": 14, "max_renewals": 0, "max_loans_all_types": 1, "overdues_block": "block"})
    lend(library, member, copy)
    pass_days(library, 20)
    assert refused(ask(library, member, copy)) == ["item.on_loan_same_member", "renewal.too_many"]
    assert refused(ask(library, member, copy, answer=confirm("item.on_loan_same_member"))) == ["renewal.too_many"]
    answer = Answer(frozenset({"renewal.too_many"}), "سفر بود", frozenset({"item.on_loan_same_member"}))
    assert isinstance(ask(library, member, copy, answer=answer), Renewed)


# Other people's copies


def test_a_copy_on_another_card_is_refused_with_its_due_date(library: Library, member: AMember, copy: ACopy) -> None:
    loan = lend(library, add_member(library), copy)
    outcome = ask(library, member, copy)
    assert refused(outcome) == ["item.on_loan"]
    assert isinstance(outcome, CheckoutRefused)
    assert outcome.refusals[0].facts["due_on"] == loan.due_on


def test_a_copy_waiting_for_another_is_refused(library: Library, member: AMember, copy: ACopy) -> None:
    place_hold(library, add_member(library), copy, state=HoldState.WAITING, item_id=copy.id)
    assert refused(ask(library, member, copy)) == ["hold.waiting_for_other"]


def test_the_readers_own_hold_ends_with_the_loan(library: Library, member: AMember, copy: ACopy) -> None:
    queued = place_hold(library, member, copy, 1)
    waiting = place_hold(library, member, copy, 2, state=HoldState.WAITING, item_id=copy.id)
    assert lend(library, member, copy).filled_hold is True
    assert row(library, Hold, waiting).state is HoldState.FILLED
    assert row(library, Hold, waiting).item_id == copy.id
    assert row(library, Hold, queued).state is HoldState.QUEUED
    assert lend(library, add_member(library), add_copy(library)).filled_hold is False


def test_a_hold_on_another_copy_alone_goes_on(library: Library, member: AMember, copy: ACopy) -> None:
    wanted = add_copy(library, copy.title_id)
    hold = place_hold(library, member, wanted, only_this_item=True, item_id=wanted.id)
    assert lend(library, member, copy).filled_hold is False
    assert row(library, Hold, hold).state is HoldState.QUEUED
    assert lend(library, member, wanted).filled_hold is True


def test_a_copy_for_which_others_wait_is_lent_after_a_yes(library: Library, member: AMember, copy: ACopy) -> None:
    hold = place_hold(library, add_member(library), copy)
    assert refused(ask(library, member, copy)) == ["hold.queued_for_other"]
    assert isinstance(ask(library, member, copy, answer=confirm("hold.queued_for_other")), CheckedOut)
    assert row(library, Hold, hold).state is HoldState.QUEUED


# Copies that are not there


def test_a_weeded_copy_is_refused_whoever_asks(library: Library, member: AMember, copy: ACopy) -> None:
    change(library, Item, copy.id, status=ItemStatus.WEEDED_WORN)
    answer = override("item.withdrawn")
    assert refused(ask(library, member, copy, answer=answer)) == ["item.withdrawn", "role.not_allowed"]


def test_a_copy_on_weeding_minutes_is_refused_even_to_the_head(library: Library, member: AMember, copy: ACopy) -> None:
    """002 م7-4: until the answer has come it does not leave the library."""
    change(library, Item, copy.id, on_minutes_id=library.branch.id)
    answer = override("item.on_weeding_minutes")
    assert refused(ask(library, member, copy, answer=answer)) == ["item.on_weeding_minutes", "role.not_allowed"]
    lend(library, member, copy, channel=Channel.ONSITE)


def test_a_lost_copy_brought_to_the_desk_is_found_and_lent_after_a_yes(
    library: Library, member: AMember, copy: ACopy
) -> None:
    change(library, Item, copy.id, status=ItemStatus.MISSING)
    assert refused(ask(library, member, copy)) == ["item.missing"]
    assert isinstance(ask(library, member, copy, answer=confirm("item.missing")), CheckedOut)
    (noted,) = rows(library, ItemStatusChange, item_id=copy.id)
    assert (noted.was, noted.became, noted.why) == (ItemStatus.MISSING, ItemStatus.AVAILABLE, "found")
    assert row(library, Item, copy.id).status is ItemStatus.ON_LOAN


def test_parts_are_counted_before_they_leave(library: Library, member: AMember) -> None:
    copy = add_copy(library, flags=("parts",))
    assert refused(ask(library, member, copy)) == ["item.parts"]
    assert isinstance(ask(library, member, copy, answer=confirm("item.parts")), CheckedOut)


def test_a_title_in_hand_or_read_before_is_asked_about_where_the_policy_wants_it(
    library: Library, member: AMember, copy: ACopy
) -> None:
    put_policy(library, {"loan_days": 14, "second_copy": "confirm", "read_before": "confirm"})
    second = add_copy(library, copy.title_id)
    lend(library, member, copy)
    assert refused(ask(library, member, second)) == ["title.second_copy"]
    take_back(library, copy)
    assert refused(ask(library, member, second)) == ["title.read_before"]
    lend(library, add_member(library), second)


# Overrides


def test_an_override_needs_a_reason(library: Library, member: AMember) -> None:
    put_policy(library, {"loan_days": 14, "max_loans_all_types": 0})
    copy = add_copy(library)
    assert refused(ask(library, member, copy, answer=override("limit.total", reason="  "))) == [
        "limit.total",
        "reason.required",
    ]
    assert isinstance(ask(library, member, copy, answer=override("limit.total")), CheckedOut)


@pytest.mark.parametrize(
    ("role", "code", "may"),
    [
        (Role.HEAD, "limit.total", True),
        (Role.LIBRARIAN, "limit.total", True),
        (Role.ASSISTANT, "limit.total", False),
        (Role.HEAD, "member.expired", True),
        (Role.LIBRARIAN, "member.expired", False),
    ],
)
def test_an_override_needs_permission(library: Library, role: Role, code: str, may: bool) -> None:
    put_policy(library, {"loan_days": 14, "max_loans_all_types": 0 if code == "limit.total" else 9})
    expires = days(-1) if code == "member.expired" else days(30)
    member = add_member(library, joined_on=days(-40), expires_on=expires)
    copy = add_copy(library)
    first = ask(library, member, copy, role)
    assert isinstance(first, CheckoutRefused)
    assert [(refusal.code, refusal.overridable) for refusal in first.refusals] == [(code, may)]
    second = ask(library, member, copy, role, answer=override(code))
    if may:
        assert isinstance(second, CheckedOut)
    else:
        assert refused(second) == [code, "role.not_allowed"]


def test_an_override_is_recorded_in_loan_and_journal(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "max_loans_all_types": 0})
    place_hold(library, add_member(library), copy)
    answer = Answer(frozenset({"limit.total"}), " نویسندهٔ کتاب است ", frozenset({"hold.queued_for_other"}))
    outcome = ask(library, member, copy, answer=answer)
    assert isinstance(outcome, CheckedOut)
    loan = row(library, Loan, outcome.loan_id)
    assert (loan.overrides, loan.override_reason) == (["limit.total", "hold.queued_for_other"], "نویسندهٔ کتاب است")
    entry = rows(library, JournalEntry)[-1]
    version, lifted, reason, seen = DECODER.decode(entry.body)[9]
    assert entry.kind == "loan.opened"
    assert (version, lifted, reason) == (2, ["limit.total", "hold.queued_for_other"], "نویسندهٔ کتاب است")
    assert seen == {"open_loans": 0, "debt": 0}


def test_an_ordinary_loan_overrides_nothing(library: Library, member: AMember, copy: ACopy) -> None:
    loan = row(library, Loan, lend(library, member, copy).loan_id)
    assert (loan.overrides, loan.override_reason) == ([], None)


@pytest.mark.parametrize("role", [Role.CATALOGUER, Role.AUDITOR, Role.PROVINCE_REVIEWER])
def test_somebody_who_does_not_lend_is_refused(library: Library, member: AMember, copy: ACopy, role: Role) -> None:
    assert refused(ask(library, member, copy, role)) == ["role.not_allowed"]


# Days other than today, and doubtful ones


def test_a_back_dated_loan_counts_from_its_day(library: Library, member: AMember, copy: ACopy) -> None:
    loan = row(library, Loan, lend(library, member, copy, out_on=days(-5)).loan_id)
    assert (loan.out_on, loan.due_on, loan.out_at) == (days(-5), days(9), MORNING)
    assert row(library, Item, copy.id).last_loan_on == days(-5)


def test_a_loan_dated_ahead_counts_as_today(library: Library, member: AMember, copy: ACopy) -> None:
    assert lend(library, member, copy, out_on=days(5)).out_on == TODAY


def test_a_back_dated_loan_remembers_the_policy_that_decided_it(library: Library, member: AMember) -> None:
    version = put_policy(library, {"loan_days": 3})
    loan = lend(library, member, add_copy(library), out_on=days(-1))
    assert (loan.policy_version, loan.due_on) == (version, days(2))
    assert row(library, Loan, loan.loan_id).policy_version == version


def test_in_doubtful_time_loans_go_on(library: Library, copy: ACopy) -> None:
    member = add_member(library, expires_on=days(30))
    clock(library).set(dt.datetime(2038, 1, 19, 9, 0, tzinfo=dt.UTC))
    assert refused(ask(library, member, copy)) == ["member.expired"]
    assert isinstance(ask(library, member, copy, doubtful=True), CheckedOut)


def test_a_computer_that_believes_in_1970_still_lends(library: Library, member: AMember, copy: ACopy) -> None:
    clock(library).set(dt.datetime(1970, 1, 1, tzinfo=dt.UTC))
    library.forget_rules()
    assert isinstance(ask(library, member, copy, doubtful=True), CheckedOut)


def test_a_policy_that_comes_into_force_at_midnight_decides_the_next_loan(library: Library, member: AMember) -> None:
    put_policy(library, {"loan_days": 3}, effective_from=days(1))
    assert lend(library, member, add_copy(library)).due_on == days(14)
    pass_days(library, 1)
    assert lend(library, member, add_copy(library)).due_on == days(4)


# Counters


def counters(library: Library, copy: ACopy) -> tuple[int, int, dt.date | None]:
    item = row(library, Item, copy.id)
    return item.loan_count, item.uses, item.last_loan_on


def test_the_counters_follow_every_loan_and_every_undo(library: Library, member: AMember, copy: ACopy) -> None:
    assert counters(library, copy) == (0, 0, None)
    lend(library, member, copy)
    assert counters(library, copy) == (1, 1, TODAY)
    take_back(library, copy)
    assert counters(library, copy) == (1, 1, TODAY)
    undo_last(library, act(library))
    assert counters(library, copy) == (1, 1, TODAY)
    take_back(library, copy)
    pass_days(library, 2)
    lend(library, member, copy)
    assert counters(library, copy) == (2, 2, days(2))
    undo_last(library, act(library))
    assert counters(library, copy) == (1, 1, TODAY)
    lend(library, member, copy, out_on=days(-9))
    assert counters(library, copy) == (2, 2, TODAY)


# A busy reader


def test_a_member_with_a_thousand_past_loans_is_served_like_any_other(library: Library, member: AMember) -> None:
    old = add_copy(library)
    past_loans(library, member, old, 1_000)
    assert lend(library, member, old).due_on == days(14)
    assert isinstance(ask(library, member, old), AlreadyLent)
    loan_count, uses, last = counters(library, old)
    assert (loan_count, uses, last) == (1_001, 1_001, TODAY)
    pass_days(library, 1)
    assert isinstance(renew_item(library, old.barcode, act(library)), Renewed)
    assert take_back(library, old).days_late == 0


WRITING = (member_writing, item_writing, catalogue_writing)
STATEMENTS: dict[str, Frozen[Any]] = {
    f"{module.__name__}.{name}": statement
    for module in (reads, finding, alerts, household, *WRITING, weeding_reads, service, queries)
    for name, statement in vars(module).items()
    if isinstance(statement, Frozen)
} | {
    f"members.queries.{name}": statement
    for name, statement in vars(member_queries).items()
    if isinstance(statement, Frozen) and name != "ALL_MEMBERS"
}
WHOLE_TABLES = {"app.catalogue.queries.COUNTS", "app.catalogue.queries.MARKS_IN_CLASS"}
"""Statements that are about all titles: figures of the status line, and the marks of one class."""
LARGE = ("loan", "item", "member", "member_card", "title", "hold", "ledger_line", "restriction", "local_use")


@pytest.fixture(scope="module")
def open_library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """One library for all tests that only ask for plans."""
    library = found(tmp_path_factory.mktemp("plans"))
    with library.store:
        yield library


@pytest.mark.parametrize("name", sorted(STATEMENTS.keys() - WHOLE_TABLES))
def test_no_statement_of_the_desk_reads_a_whole_table(open_library: Library, name: str) -> None:
    library = open_library
    compiled = library.store.compiled(STATEMENTS[name].statement)
    values = [compiled.constants.get(parameter) for parameter in compiled.names]
    with library.store.read() as reader:
        plan = [line[3] for line in reader.driver.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", values).fetchall()]
    assert plan
    scans = [line for line in plan if line.startswith("SCAN ") and line.split()[1] in LARGE]
    assert scans == []


def plan_of(library: Library, statement: Frozen[Any]) -> list[str]:
    compiled = library.store.compiled(statement.statement)
    values = [compiled.constants.get(parameter) for parameter in compiled.names]
    with library.store.read() as reader:
        plan = reader.driver.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", values).fetchall()
    return [line[3] for line in plan]


def test_what_a_reader_has_is_counted_from_one_index_without_the_table(open_library: Library) -> None:
    """Flat in history (performance, P2): a thousand past loans are not even looked at, a hundred open ones read from
    the index alone."""
    plan = plan_of(open_library, reads.STANDING)
    of_loans = [line for line in plan if " loan" in line]
    assert of_loans == [
        "SEARCH loan USING COVERING INDEX open_loan_of_member (member_id=?)",
        "SEARCH loan_1 USING COVERING INDEX open_loan_of_member (member_id=?)",
    ]
    assert {line.split()[3] for line in plan if " member_" in line} == {"INDEX"}


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (reads.OPEN_LOAN_OF_ITEM, "one_open_loan (branch_id=? AND item_id=?)"),
        (reads.OTHER_LATE_LOAN, "open_loan_of_member (member_id=? AND due_on<?)"),
        (reads.OPEN_LOAN_OF_TITLE, "open_loan_of_member (member_id=?)"),
        (reads.LOAN_OF_TITLE, "loan_of_item (item_id=?)"),
        (reads.ALERTS_OF_MEMBER, "alert_of_member (member_id=?)"),
        (reads.ALERTS_OF_ITEM, "alert_of_item (item_id=?)"),
        (finding.FOREIGN_TITLE, "one_barcode (branch_id=? AND barcode=?)"),
        (finding.COPIES_BY_ISBN, "title_by_isbn (branch_id=? AND isbn=?)"),
        (household.OF_GUARDIAN, "member_by_guardian (guardian_id=?)"),
        (household.OF_GUARANTOR, "member_by_guarantor (guarantor_id=?)"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_statement_finds_its_rows_by_the_index_made_for_it(
    open_library: Library, statement: Frozen[Any], index: str
) -> None:
    assert any(index in line for line in plan_of(open_library, statement))


def test_the_card_state_is_told_only_when_the_card_was_read(library: Library) -> None:
    member = add_member(library, card="C-1")
    (card,) = rows(library, MemberCard, member_id=member.id)
    change(library, MemberCard, card.id, state=CardState.LOST)
    copy = add_copy(library)
    assert refused(ask(library, member, copy)) == ["member.card_lost"]
    assert isinstance(check_out(library, CheckoutRequest(member.number, copy.barcode), act(library)), CheckedOut)


def test_a_removed_member_is_not_found(library: Library, copy: ACopy) -> None:
    member = add_member(library)
    undo_last(library, act(library))
    assert ask(library, member, copy) == NotFound(Sought.MEMBER, member.card)
    assert row(library, Member, member.id).deleted_at is not None
