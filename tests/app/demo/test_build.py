import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.check import check_library
from app.circulation.holds.queries import hold_shelf, pull_list, queued_titles
from app.circulation.queries import Event, day_counts, todays_events
from app.clock import TEHRAN, SettableClock
from app.demo.build import DemoPlan, build_demo
from app.demo.queries import card_with_loans, free_copies, late_card, parent_card, rich_card, worn_copies
from app.library import Library, last_known
from app.members.duplicates import duplicate_members
from app.members.queries import find_members
from app.nightly.service import NightsRun, run_due_nights
from app.notices.calls import call_list
from app.notices.contacts import Doubt, contacts_to_check
from app.policy.stored import policy_of_version, versions
from app.wishes.reads import held_titles, wishes
from db.codes import (
    CallResult,
    CardState,
    Channel,
    DayKind,
    DispatchState,
    HoldState,
    ItemStatus,
    LedgerKind,
    LoanEnd,
    MemberState,
    NoticeState,
    PaymentMethod,
    Role,
)
from db.models.circulation import (
    Amnesty,
    CallAttempt,
    Clearance,
    Dispatch,
    Hold,
    LedgerLine,
    Loan,
    Notice,
    Receipt,
    RouteVisit,
    Stop,
)
from db.models.collection import Document
from db.models.items import Item
from db.models.library import CalendarDay, CashSession, MovedDate, OpeningHours
from db.models.members import Alert, Member, MemberCard
from db.opening import open_library
from reports.printers import PRINTERS
from tests import library as lib

NOW = dt.datetime(2026, 12, 1, 10, 24, tzinfo=TEHRAN)
TODAY = NOW.date()
PLAN = DemoPlan(NOW, PRINTERS, days=80)
SMALLEST_PHOTO, LARGEST_PHOTO = 1_000, 15_000  # bytes


def opened(folder: Path) -> Iterator[Library]:
    build_demo(folder, PLAN)
    with open_library(folder, None) as store:
        yield Library(store, SettableClock(NOW))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    yield from opened(tmp_path_factory.mktemp("demo") / "library")


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    yield from opened(tmp_path_factory.mktemp("again") / "library")


def test_every_invariant_holds_in_the_demo_library(demo: Library) -> None:
    assert check_library(demo).broken == ()


def test_it_is_a_village_branch_full_of_books_and_readers(demo: Library) -> None:
    with demo.store.read() as reader:
        titles, copies, members = (
            reader.run(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("title", "item", "member")
        )
    assert titles >= 400
    assert copies > titles
    assert members >= 120
    assert {person.role for person in demo.people()} >= {Role.HEAD, Role.LIBRARIAN, Role.ASSISTANT}


def test_accession_numbers_rise_with_the_day_of_registration(demo: Library) -> None:
    items = sorted(lib.rows(demo, Item), key=lambda item: item.accession_no)
    days = [item.accession_date for item in items]
    assert days == sorted(days)
    assert days[0] < dt.date(2000, 1, 1)


def test_candidates_of_all_four_kinds_are_there(demo: Library) -> None:
    items = lib.rows(demo, Item)
    assert sum(item.condition in ("worn", "unbindable") for item in items) >= 25
    assert sum(item.copy_no > 2 for item in items) >= 20
    assert sum(item.last_loan_on is None and item.accession_date < dt.date(2021, 1, 1) for item in items) >= 60


def test_the_morning_has_loans_to_show(demo: Library) -> None:
    with demo.store.read() as reader:
        events = todays_events(reader, TODAY)
        counts = day_counts(reader, TODAY)
    assert counts.lent == sum(event.event is Event.LENT for event in events) > 0
    assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)


def test_there_is_something_to_show_on_every_picture(demo: Library) -> None:
    with demo.store.read() as reader:
        assert late_card(reader)
        assert len(worn_copies(reader)) >= 12
        assert all(card_with_loans(reader, loans, TODAY) for loans in (1, 2, 3))
        assert rich_card(reader)
        assert parent_card(reader)
        assert set(free_copies(reader)) <= {item.barcode for item in lib.rows(demo, Item, status=ItemStatus.AVAILABLE)}


def test_readers_ask_for_books_and_some_have_their_answer(demo: Library) -> None:
    with demo.store.read() as reader:
        asked = wishes(reader)
        held = {line.wish: held_titles(reader, line.wish, demo.store.dialect.name) for line in asked}
    assert Counter(line.state for line in asked) == {"asked": 5, "planned": 1, "refused": 1, "held": 1}
    assert {line.name == "" for line in asked} == {True, False}
    assert held["انسان خردمند، یووال نوح هراری"][0].same
    assert held["جنس دوم، سیمون دوبووار، توس، برای پایان‌نامه"] == ()


def test_children_belong_to_their_parents_and_a_few_readers_have_a_guarantor(demo: Library) -> None:
    members = {member.id: member for member in lib.rows(demo, Member)}
    children = [member for member in members.values() if member.guardian_id is not None]
    assert len(children) >= 25
    assert all(child.guardian_mobile == members[child.guardian_id].mobile for child in children)
    assert 2 <= sum(member.guarantor_id is not None for member in members.values()) <= 5
    assert {member.keep_history for member in members.values()} == {True, False}


def test_fifteen_photographs_are_drawn_and_small(demo: Library) -> None:
    photographs = {document.id: document for document in lib.rows(demo, Document, kind="photo")}
    shown = [photographs[member.photo_id] for member in lib.rows(demo, Member) if member.photo_id is not None]
    assert len(shown) == 15
    assert all(SMALLEST_PHOTO < len(photograph.content) <= LARGEST_PHOTO for photograph in shown)
    assert len({photograph.sha256 for photograph in shown}) == 15


def test_books_are_out_and_late_and_their_fines_have_grown_to_today(demo: Library) -> None:
    out = lib.rows(demo, Loan, in_at=None)
    late = [loan for loan in out if loan.due_on < TODAY and loan.lost_on is None and loan.claimed_returned_on is None]
    fined = {line.loan_id for line in lib.rows(demo, LedgerLine, kind=LedgerKind.FINE)}
    assert len(out) > 20
    assert len(late) >= 5
    with demo.store.read() as reader:
        counted = {book.loan_id for one in call_list(demo, reader, TODAY) for book in one.books}
    assert counted <= fined


def test_the_window_finds_no_night_to_catch_up_with(demo: Library) -> None:
    assert run_due_nights(demo, demo.act(demo.person(None))) == NightsRun(())


def test_nothing_has_happened_after_the_last_moment(demo: Library) -> None:
    last = last_known(demo.store)
    assert last is not None
    assert NOW - dt.timedelta(hours=2) < last <= NOW


def test_every_kind_of_money_is_in_the_ledger(demo: Library) -> None:
    lines = lib.rows(demo, LedgerLine)
    told = {LedgerKind.FINE, LedgerKind.DAMAGE, LedgerKind.LOST_ITEM, LedgerKind.CARD_FEE, LedgerKind.PAYMENT,
            LedgerKind.WAIVER, LedgerKind.AMNESTY, LedgerKind.VOID}  # fmt: skip
    assert told <= {line.kind for line in lines}
    assert all(line.reason for line in lines if line.kind in (LedgerKind.WAIVER, LedgerKind.AMNESTY))
    wallet = [receipt for receipt in lib.rows(demo, Receipt) if receipt.method is PaymentMethod.WALLET]
    assert len(wallet) == 1
    assert wallet[0].reference
    settled = Counter(line.settles for line in lines if line.kind is LedgerKind.PAYMENT)
    partly = [line for line in lines if line.kind is LedgerKind.DAMAGE and settled[line.id]]
    assert partly


def test_the_drawer_is_open_with_the_receipts_of_the_morning(demo: Library) -> None:
    sessions = sorted(lib.rows(demo, CashSession), key=lambda session: session.number)
    today = [line for line in lib.rows(demo, LedgerLine) if line.cash_session_id == sessions[-1].id]
    assert [session.closed_at is None for session in sessions] == [False] * (len(sessions) - 1) + [True]
    assert all(session.counted_amount == session.expected_amount for session in sessions[:-1])
    assert len(today) >= 2
    assert [campaign.until < TODAY for campaign in lib.rows(demo, Amnesty)] == [True]


def test_readers_wait_in_lines_one_is_passed_over_and_one_wants_the_courier(demo: Library) -> None:
    holds = lib.rows(demo, Hold)
    with demo.store.read() as reader:
        lines = [title.queue for title in queued_titles(reader)]
        shelf, to_fetch = hold_shelf(demo, reader, TODAY), pull_list(demo, reader, TODAY)
    assert {HoldState.QUEUED, HoldState.WAITING, HoldState.SUSPENDED} <= {hold.state for hold in holds}
    assert any(hold.channel is Channel.COURIER for hold in holds)
    assert max(lines) >= 3
    assert min(hold.shelf_until for hold in holds if hold.state is HoldState.WAITING) == TODAY + dt.timedelta(days=1)
    assert len(shelf) >= 2
    assert len(to_fetch) == 3


def test_books_are_lost_claimed_replaced_paid_for_damaged_and_missing(demo: Library) -> None:
    loans, items = lib.rows(demo, Loan), lib.rows(demo, Item)
    ends = Counter(loan.ended_as for loan in loans)
    states = Counter(item.status for item in items)
    assert (ends[LoanEnd.REPLACED], ends[LoanEnd.PAID]) == (1, 1)
    assert (states[ItemStatus.REPLACED], states[ItemStatus.LOST], states[ItemStatus.MISSING]) == (1, 2, 3)
    assert sum(item.condition == "damaged" for item in items) == 1
    assert [loan.in_at for loan in loans if loan.claimed_returned_on] == [None]
    assert max((TODAY - loan.due_on).days for loan in loans if loan.in_at is None) > 60


def test_the_van_has_four_stops_every_two_weeks_and_books_among_the_villages(demo: Library) -> None:
    stops = lib.rows(demo, Stop)
    visits = lib.rows(demo, RouteVisit)
    belonging = Counter(member.stop_id for member in lib.rows(demo, Member) if member.stop_id)
    assert sorted(stop.position for stop in stops) == [1, 2, 3, 4]
    assert all(belonging[stop.id] == 3 for stop in stops)
    assert any(visit.done for visit in visits)
    assert any(visit.cancelled for visit in visits)
    assert sum(loan.channel is Channel.VAN for loan in lib.rows(demo, Loan, in_at=None)) >= 4


def test_parcels_are_wanted_under_way_and_on_their_way_back(demo: Library) -> None:
    parcels = {(parcel.channel, parcel.outward, parcel.state) for parcel in lib.rows(demo, Dispatch)}
    assert parcels >= {
        (Channel.POST, True, DispatchState.SENT),
        (Channel.POST, True, DispatchState.ARRIVED),
        (Channel.POST, False, DispatchState.SENT),
        (Channel.COURIER, True, DispatchState.REQUESTED),
    }


def test_reminders_are_due_sent_and_failed_and_calls_came_to_this_and_that(demo: Library) -> None:
    notices, calls = lib.rows(demo, Notice), lib.rows(demo, CallAttempt)
    assert {NoticeState.DUE, NoticeState.SENT, NoticeState.FAILED} <= {notice.state for notice in notices}
    assert {notice.due_on for notice in notices if notice.state is NoticeState.DUE} >= {TODAY}
    assert {CallResult.NO_ANSWER, CallResult.PROMISED, CallResult.MESSAGE_LEFT} <= {call.result for call in calls}
    assert len({call.next_on for call in calls}) >= 4


def test_a_card_that_was_replaced_still_finds_its_reader(demo: Library) -> None:
    retired = lib.rows(demo, MemberCard, state=CardState.RETIRED)
    assert retired
    with demo.store.read() as reader:
        found = {card.number: [member.id for member in find_members(reader, card.number, TODAY)] for card in retired}
    assert [card.number for card in retired if card.member_id not in found[card.number]] == []


def test_notes_doubtful_numbers_twins_and_a_membership_that_waits(demo: Library) -> None:
    alerts, members = lib.rows(demo, Alert), Counter(member.state for member in lib.rows(demo, Member))
    with demo.store.read() as reader:
        doubts = {doubt.doubt for doubt in contacts_to_check(demo, reader)}
        twins = duplicate_members(reader)
    assert (
        sum(alert.member_id is not None for alert in alerts) == sum(alert.item_id is not None for alert in alerts) == 2
    )
    assert {Doubt.BAD, Doubt.DOUBTFUL} <= doubts
    assert len(twins) == 2
    assert (members[MemberState.PENDING], members[MemberState.CLEARED]) == (1, 1)
    assert [certificate.number for certificate in lib.rows(demo, Clearance)] == [1]


def test_hours_change_with_odd_and_even_days_and_a_day_of_snow_moves_what_is_due(demo: Library) -> None:
    hours = {(row.weekday, row.opens) for row in lib.rows(demo, OpeningHours, deleted_at=None) if row.until is None}
    emergencies = lib.rows(demo, CalendarDay, kind=DayKind.EMERGENCY)
    assert Counter(weekday for weekday, _ in hours) == {0: 2, 1: 1, 2: 2, 3: 1, 4: 2, 5: 1}
    assert len(emergencies) == 1
    assert {moved.was for moved in lib.rows(demo, MovedDate)} == {emergencies[0].day}


def test_an_older_version_of_the_rules_differs_in_one_figure(demo: Library) -> None:
    with demo.store.read() as reader:
        first, second = (policy_of_version(reader, version) for version in (1, 2))
        dates = [version.effective_from for version in versions(reader)]
    assert first is not None
    assert second is not None
    assert dates[0] <= TODAY
    assert first.resolve("", "ordinary", "book").number("shelf_days") == 3
    assert second.resolve("", "ordinary", "book").number("shelf_days") == 4


def content(library: Library) -> dict[str, list[tuple[object, ...]]]:
    """What a demo library holds, told without the ids of its rows."""
    numbers = {member.id: member.member_no for member in lib.rows(library, Member)}
    copies = {item.id: item.accession_no for item in lib.rows(library, Item)}
    photographs = {document.id: document.sha256 for document in lib.rows(library, Document, kind="photo")}
    told: dict[str, list[tuple[object, ...]]] = {
        "loans": [
            (copies[loan.item_id], numbers[loan.member_id], loan.out_at, loan.due_on, loan.in_at)
            for loan in lib.rows(library, Loan)
        ],
        "money": [
            (numbers[line.member_id], line.kind, line.amount, line.at, line.reason or "")
            for line in lib.rows(library, LedgerLine)
        ],
        "holds": [(numbers[hold.member_id], hold.placed_at, hold.state) for hold in lib.rows(library, Hold)],
        "calls": [(numbers[call.member_id], call.at, call.result) for call in lib.rows(library, CallAttempt)],
        "faces": [
            (member.member_no, photographs[member.photo_id]) for member in lib.rows(library, Member) if member.photo_id
        ],
    }
    return {name: sorted(rows, key=repr) for name, rows in told.items()}


def test_the_same_plan_makes_the_same_library(demo: Library, again: Library) -> None:
    first, second = content(demo), content(again)
    assert {name: digest(rows) for name, rows in first.items()} == {name: digest(rows) for name, rows in second.items()}


def digest(rows: list[tuple[object, ...]]) -> str:
    """One word for many rows."""
    return hashlib.sha256(repr(rows).encode()).hexdigest()
