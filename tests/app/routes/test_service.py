"""Routes and stops as they are stored, visits that change, and the due dates that go along (004 الف-2)."""

import datetime as dt
import uuid

import pytest

from app.circulation.checkout import CheckoutRequest
from app.circulation.outcomes import CheckedOut, CheckoutRefused
from app.library import Library
from app.outcome import NotFound, Refused
from app.routes import queries, reads
from app.routes.changing import VisitChanged, cancel_visit, finish_visit, move_visit
from app.routes.lending import lend_at_stop
from app.routes.reads import StopRow
from app.routes.service import (
    RouteForm,
    RouteStored,
    StopAssigned,
    StopForm,
    add_route,
    add_stop,
    assign_stop,
    edit_route,
    edit_stop,
)
from app.undo import Undone, undo_last
from db.codes import Channel, HoldState, Role
from db.models.circulation import Loan, RouteVisit
from db.models.members import Member
from tests import library as lib
from tests.library import TODAY, AMember, act


def after(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


def lend(library: Library, member: AMember, stop: StopRow, **fields: object) -> CheckedOut:
    request = CheckoutRequest(member.card, lib.add_copy(library).barcode, **fields)  # type: ignore[arg-type]
    outcome = lend_at_stop(library, request, stop.id, act(library))
    assert isinstance(outcome, CheckedOut), outcome
    return outcome


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def due(library: Library, lent: CheckedOut) -> dt.date:
    found: dt.date = lib.row(library, Loan, lent.loan_id).due_on
    return found


def test_a_route_is_kept_with_its_stops_in_the_order_of_the_way(library: Library, stops: tuple[StopRow, ...]) -> None:
    assert [(stop.name, stop.position, stop.offset_days) for stop in stops] == [("ده‌بالا", 1, 0), ("ده‌پایین", 2, 1)]
    added = add_stop(library, stops[0].route_id, StopForm("ده‌دور", 3), act(library))
    assert isinstance(added, StopRow)
    assert added.position == 3


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (RouteForm(" ", TODAY), ["field.required"]),
        (RouteForm("راه", TODAY, 0), ["field.invalid"]),
        (RouteForm("راه", TODAY, 367), ["field.invalid"]),
        (RouteForm("", TODAY, -1, stops=(StopForm("", -2),)), ["field.required", "field.invalid"] * 2),
    ],
)
def test_every_fault_of_a_route_is_told_and_nothing_is_kept(
    library: Library, form: RouteForm, expected: list[str]
) -> None:
    assert codes(add_route(library, form, act(library))) == expected
    with library.store.read() as reader:
        assert reads.routes(reader) == []


def test_a_trainee_makes_no_routes(library: Library) -> None:
    assert codes(add_route(library, RouteForm("راه", TODAY), act(library, Role.TRAINEE))) == ["role.not_allowed"]


def test_a_route_out_of_use_is_not_visited_any_more(library: Library, stop: StopRow) -> None:
    changed = edit_route(library, stop.route_id, RouteForm(stop.route, TODAY, 14, active=False), act(library))
    assert isinstance(changed, RouteStored)
    with library.store.read() as reader:
        assert reads.next_visit(reader, changed.stops[0], library.calendar, TODAY) is None
        assert reads.visits_of(reader, changed.stops[0], library.calendar, TODAY, after(60)) == []


def test_a_stop_changes_its_place_and_hours(library: Library, stop: StopRow) -> None:
    changed = edit_stop(library, stop.id, StopForm("ده‌بالا", place="جلوی مسجد"), act(library))
    assert isinstance(changed, StopRow)
    assert (changed.place, changed.hours) == ("جلوی مسجد", None)


def test_what_is_not_there_is_not_found(library: Library) -> None:
    nowhere, form = uuid.uuid4(), StopForm("ده")
    assert isinstance(edit_route(library, nowhere, RouteForm("راه", TODAY), act(library)), NotFound)
    assert isinstance(add_stop(library, nowhere, form, act(library)), NotFound)
    assert isinstance(edit_stop(library, nowhere, form, act(library)), NotFound)
    assert isinstance(cancel_visit(library, nowhere, TODAY, act(library)), NotFound)
    assert isinstance(assign_stop(library, lib.add_member(library).card, nowhere, act(library)), NotFound)


def test_a_reader_belongs_to_a_stop_until_another_is_named(library: Library, stop: StopRow) -> None:
    member = lib.add_member(library)
    first = assign_stop(library, member.card, stop.id, act(library))
    again = assign_stop(library, member.card, stop.id, act(library))
    assert [(one.changed, one.stop_id) for one in (first, again) if isinstance(one, StopAssigned)] == [
        (True, stop.id),
        (False, stop.id),
    ]
    assign_stop(library, member.card, None, act(library))
    assert lib.row(library, Member, member.id).stop_id is None


def test_a_book_lent_from_the_van_is_due_at_the_next_visit(library: Library, stop: StopRow) -> None:
    lent = lend(library, lib.add_member(library), stop)
    row = lib.row(library, Loan, lent.loan_id)
    assert (row.due_on, row.first_due_on, row.channel, row.stop_id) == (after(14), after(14), Channel.VAN, stop.id)


def test_the_visit_decides_and_not_the_loan_period(library: Library, stop: StopRow) -> None:
    lib.put_policy(library, {"loan_days": 7})  # 004 ب-2: seven days in the centre
    assert due(library, lend(library, lib.add_member(library), stop)) == after(14)


def test_a_due_date_set_by_hand_stands(library: Library, stop: StopRow) -> None:
    lent = lend(library, lib.add_member(library), stop, due_on=after(5))
    assert due(library, lent) == after(5)


def test_every_check_of_the_desk_holds_in_the_van(library: Library, stop: StopRow) -> None:
    member = lib.add_member(library, expires_on=TODAY)
    lib.pass_days(library, 3)
    outcome = lend_at_stop(library, CheckoutRequest(member.card, lib.add_copy(library).barcode), stop.id, act(library))
    assert isinstance(outcome, CheckoutRefused)
    assert [refusal.code for refusal in outcome.refusals] == ["member.expired"]


def test_the_driver_lends_and_an_assistant_of_the_desk_does_not(library: Library, stop: StopRow) -> None:
    member, copy = lib.add_member(library), lib.add_copy(library)
    request = CheckoutRequest(member.card, copy.barcode)
    assert codes(lend_at_stop(library, request, stop.id, act(library, Role.ASSISTANT))) == ["role.not_allowed"]
    assert isinstance(lend_at_stop(library, request, stop.id, act(library, Role.VAN_DRIVER)), CheckedOut)


def test_when_a_visit_is_put_off_its_books_are_due_when_the_van_comes(
    library: Library, stops: tuple[StopRow, ...]
) -> None:
    member = lib.add_member(library)
    here, elsewhere = lend(library, member, stops[0]), lend(library, member, stops[1])
    moved = move_visit(library, stops[0].id, after(14), after(17), act(library))
    assert isinstance(moved, VisitChanged)
    assert (moved.changed, moved.moved_loans, moved.next_day) == (True, 1, after(17))
    assert (due(library, here), lib.row(library, Loan, here.loan_id).first_due_on) == (after(17), after(14))
    assert due(library, elsewhere) == after(15)


def test_putting_the_same_visit_off_again_changes_nothing(library: Library, stop: StopRow) -> None:
    lend(library, lib.add_member(library), stop)
    move_visit(library, stop.id, after(14), after(17), act(library))
    again = move_visit(library, stop.id, after(14), after(17), act(library))
    assert isinstance(again, VisitChanged)
    assert (again.changed, again.moved_loans) == (False, 0)
    assert len(lib.rows(library, RouteVisit)) == 1


def test_when_a_visit_falls_out_its_books_are_due_at_the_one_after(library: Library, stop: StopRow) -> None:
    lent = lend(library, lib.add_member(library), stop)
    fallen = cancel_visit(library, stop.id, after(14), act(library))
    assert isinstance(fallen, VisitChanged)
    assert (fallen.moved_loans, fallen.next_day) == (1, after(28))
    assert due(library, lent) == after(28)
    again = cancel_visit(library, stop.id, after(14), act(library))
    assert isinstance(again, VisitChanged)
    assert (again.changed, due(library, lent)) == (False, after(28))


def test_a_visit_made_earlier_shortens_no_promise(library: Library, stop: StopRow) -> None:
    lent = lend(library, lib.add_member(library), stop)
    move_visit(library, stop.id, after(14), after(12), act(library))
    assert due(library, lent) == after(14)


def test_a_visit_put_off_twice_takes_its_books_along_twice(library: Library, stop: StopRow) -> None:
    lent = lend(library, lib.add_member(library), stop)
    move_visit(library, stop.id, after(14), after(16), act(library))
    move_visit(library, stop.id, after(16), after(18), act(library))
    assert due(library, lent) == after(18)
    assert len(lib.rows(library, RouteVisit)) == 1


def test_undo_brings_the_visit_and_the_due_dates_back(library: Library, stop: StopRow) -> None:
    lent = lend(library, lib.add_member(library), stop)
    cancel_visit(library, stop.id, after(14), act(library))
    assert isinstance(undo_last(library, act(library)), Undone)
    assert due(library, lent) == after(14)
    assert lib.rows(library, RouteVisit) == []


@pytest.mark.parametrize(
    ("day", "to", "expected"),
    [
        (13, 16, ["visit.unknown"]),
        (14, 20, ["visit.closed_day"]),
        (14, -1, ["visit.past", "visit.closed_day"]),
    ],
)
def test_a_visit_is_put_off_only_to_a_day_on_which_the_van_can_come(
    library: Library, stop: StopRow, day: int, to: int, expected: list[str]
) -> None:
    assert codes(move_visit(library, stop.id, after(day), after(to), act(library))) == expected


def test_a_visit_is_done_once_its_day_has_come(library: Library, stop: StopRow) -> None:
    assert codes(finish_visit(library, stop.id, after(14), act(library))) == ["visit.ahead"]
    done = finish_visit(library, stop.id, TODAY, act(library))
    again = finish_visit(library, stop.id, TODAY, act(library))
    assert [one.changed for one in (done, again) if isinstance(one, VisitChanged)] == [True, False]
    assert codes(move_visit(library, stop.id, TODAY, after(2), act(library))) == ["visit.done"]
    assert codes(cancel_visit(library, stop.id, TODAY, act(library))) == ["visit.done"]


def test_a_cancelled_visit_was_not_made(library: Library, stop: StopRow) -> None:
    cancel_visit(library, stop.id, TODAY, act(library))
    assert codes(finish_visit(library, stop.id, TODAY, act(library))) == ["visit.cancelled"]


def test_the_sheet_of_a_stop_tells_who_has_what_and_what_is_brought(library: Library, stop: StopRow) -> None:
    home = lib.add_member(library, given_name="زهرا", family_name="آقایی")
    guest = lib.add_member(library, given_name="علی", family_name="بابایی")
    lib.add_member(library, family_name="شهری")
    assign_stop(library, home.card, stop.id, act(library))
    lend(library, guest, stop)
    kept = lib.add_copy(library, "کلیدر")
    lib.place_hold(library, home, kept, state=HoldState.WAITING, item_id=kept.id, shelf_until=after(20))
    with library.store.read() as reader:
        sheet = queries.stop_sheet(reader, stop, after(14))
    assert [(one.reader.name, len(one.loans), len(one.holds)) for one in sheet.readers] == [
        ("زهرا آقایی", 0, 1),
        ("علی بابایی", 1, 0),
    ]
    assert [hold.title for hold in sheet.to_bring] == ["کلیدر"]


def test_the_packing_list_is_of_the_stops_of_the_day(library: Library, stops: tuple[StopRow, ...]) -> None:
    with library.store.read() as reader:
        today = queries.sheets_of_day(library, reader, stops[0].route_id, TODAY)
        tomorrow = queries.sheets_of_day(library, reader, stops[0].route_id, after(1))
    assert [sheet.stop.name for sheet in today] == ["ده‌بالا"]
    assert [sheet.stop.name for sheet in tomorrow] == ["ده‌پایین"]


def test_the_calendar_of_the_van_is_in_the_order_of_the_way(library: Library, stops: tuple[StopRow, ...]) -> None:
    with library.store.read() as reader:
        found = queries.coming_visits(library, reader, TODAY, after(16))
    assert [(line.stop.name, line.visit.day) for line in found] == [
        ("ده‌بالا", TODAY), ("ده‌پایین", after(1)), ("ده‌بالا", after(14)), ("ده‌پایین", after(15)),
    ]  # fmt: skip
