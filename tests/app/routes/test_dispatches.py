"""Books by post and courier (004 الف-3 «ارسال و برگشت کتاب»؛ 001 «پیک کتاب»)."""

import datetime as dt
import uuid

import pytest

from app.circulation.outcomes import CheckedIn, CheckoutRefused
from app.library import Library
from app.outcome import NotFound, Refused
from app.routes import parcels
from app.routes.dispatches import (
    ParcelStands,
    Posting,
    Wish,
    cancel_dispatch,
    dispatch_arrived,
    request_dispatch,
    return_arrived,
    return_posted,
    send_dispatch,
)
from app.routes.parcels import Parcel
from db.codes import Channel, ContactHealth, DispatchState, ItemStatus, Role
from db.models.circulation import Dispatch, LedgerLine, Loan
from db.models.items import Item
from db.models.members import MemberContact
from tests import library as lib
from tests.library import TODAY, ACopy, AMember, act


def after(days: int) -> dt.date:
    return TODAY + dt.timedelta(days=days)


@pytest.fixture
def member(library: Library) -> AMember:
    return lib.add_member(library, given_name="سارا", family_name="احمدی", address="آبگرم، کوچهٔ یکم، پلاک ۵")


@pytest.fixture
def copy(library: Library) -> ACopy:
    return lib.add_copy(library, "سووشون")


def asked(library: Library, member: AMember, copy: ACopy, **fields: object) -> Parcel:
    wish = Wish(member.card, item=copy.barcode, **fields)  # type: ignore[arg-type]
    outcome = request_dispatch(library, wish, act(library))
    assert isinstance(outcome, ParcelStands), outcome
    return outcome.parcel


def sent(library: Library, parcel: Parcel, copy: ACopy, **fields: object) -> Parcel:
    posting = Posting(copy.barcode, **fields)  # type: ignore[arg-type]
    outcome = send_dispatch(library, parcel.id, posting, act(library))
    assert isinstance(outcome, ParcelStands), outcome
    return outcome.parcel


def codes(outcome: object) -> list[str]:
    assert isinstance(outcome, Refused), outcome
    return [refusal.code for refusal in outcome.refusals]


def loan(library: Library) -> Loan:
    (found,) = lib.rows(library, Loan)
    row: Loan = found
    return row


def test_a_wish_takes_the_address_of_the_membership_and_is_noted_once(
    library: Library, member: AMember, copy: ACopy
) -> None:
    parcel = asked(library, member, copy)
    assert (parcel.state, parcel.address) == (DispatchState.REQUESTED, "آبگرم، کوچهٔ یکم، پلاک ۵")
    again = request_dispatch(library, Wish(member.card, item=copy.barcode), act(library))
    assert isinstance(again, ParcelStands)
    assert (again.changed, again.parcel.id) == (False, parcel.id)
    assert len(lib.rows(library, Dispatch)) == 1


@pytest.mark.parametrize(
    ("channel", "address", "expected"),
    [
        (Channel.DESK, "کوچهٔ دوم", ["dispatch.channel"]),
        (Channel.VAN, None, ["dispatch.channel", "dispatch.no_address"]),
        (Channel.COURIER, None, ["dispatch.no_address"]),
    ],
)
def test_a_wish_needs_a_way_and_an_address(
    library: Library, copy: ACopy, channel: Channel, address: str | None, expected: list[str]
) -> None:
    nowhere = lib.add_member(library)
    wish = Wish(nowhere.card, channel, item=copy.barcode, address=address)
    assert codes(request_dispatch(library, wish, act(library))) == expected
    assert lib.rows(library, Dispatch) == []


def test_an_address_known_to_be_wrong_is_not_posted_to(library: Library, member: AMember, copy: ACopy) -> None:
    (contact,) = lib.rows(library, MemberContact, member_id=member.id)
    lib.change(library, MemberContact, contact.id, health=ContactHealth.BAD)
    assert codes(request_dispatch(library, Wish(member.card, item=copy.barcode), act(library))) == [
        "dispatch.no_address"
    ]


def test_sending_lends_the_copy_by_post_from_that_day(library: Library, member: AMember, copy: ACopy) -> None:
    lib.pass_days(library, 2)
    parcel = sent(library, asked(library, member, copy), copy, tracking_no="۱۲۳۴۵", sent_on=after(1))
    row = loan(library)
    assert (row.channel, row.out_on, row.due_on) == (Channel.POST, after(1), after(15))
    assert (parcel.state, parcel.loan_id, parcel.sent_on) == (DispatchState.SENT, row.id, after(1))


def test_sending_twice_is_sending_once(library: Library, member: AMember, copy: ACopy) -> None:
    parcel = asked(library, member, copy)
    sent(library, parcel, copy)
    again = send_dispatch(library, parcel.id, Posting(copy.barcode), act(library))
    assert isinstance(again, ParcelStands)
    assert not again.changed
    assert len(lib.rows(library, Loan)) == 1


def test_a_crash_between_loan_and_parcel_is_repaired_by_the_same_request(
    library: Library, member: AMember, copy: ACopy
) -> None:
    parcel = asked(library, member, copy)
    lib.lend(library, member, copy, channel=Channel.POST)
    assert sent(library, parcel, copy).loan_id == loan(library).id


def test_every_check_of_the_desk_holds_for_a_parcel(library: Library, member: AMember, copy: ACopy) -> None:
    parcel = asked(library, member, copy)
    lib.change(library, Item, copy.id, status=ItemStatus.IN_BINDING)
    outcome = send_dispatch(library, parcel.id, Posting(copy.barcode), act(library))
    assert isinstance(outcome, CheckoutRefused)
    with library.store.read() as reader:
        known = parcels.parcel(reader, parcel.id)
    assert known is not None
    assert known.state is DispatchState.REQUESTED


@pytest.mark.parametrize(
    ("arrives", "due"),
    [
        pytest.param(0, 14, id="the same day"),
        pytest.param(4, 18, id="the whole period from the arrival"),
        pytest.param(6, 21, id="the twentieth is a Friday"),
    ],
)
def test_the_reader_has_the_whole_period_from_the_arrival(
    library: Library, member: AMember, copy: ACopy, arrives: int, due: int
) -> None:
    parcel = sent(library, asked(library, member, copy), copy)
    lib.pass_days(library, 10)
    outcome = dispatch_arrived(library, parcel.id, after(arrives), act(library))
    assert isinstance(outcome, ParcelStands)
    assert (outcome.parcel.state, loan(library).due_on) == (DispatchState.ARRIVED, after(due))
    again = dispatch_arrived(library, parcel.id, after(arrives), act(library))
    assert isinstance(again, ParcelStands)
    assert not again.changed


@pytest.mark.parametrize(("on", "expected"), [(-1, "dispatch.arrival_day"), (1, "dispatch.arrival_day")])
def test_a_parcel_arrives_between_posting_and_today(
    library: Library, member: AMember, copy: ACopy, on: int, expected: str
) -> None:
    parcel = sent(library, asked(library, member, copy), copy)
    assert codes(dispatch_arrived(library, parcel.id, after(on), act(library))) == [expected]


def test_a_parcel_not_sent_does_not_arrive(library: Library, member: AMember, copy: ACopy) -> None:
    assert codes(dispatch_arrived(library, asked(library, member, copy).id, None, act(library))) == [
        "dispatch.not_sent"
    ]


def test_the_days_of_the_post_cost_the_reader_nothing(library: Library, member: AMember, copy: ACopy) -> None:
    sent(library, asked(library, member, copy), copy)
    lib.pass_days(library, 14)
    on_its_way = return_posted(library, copy.barcode, None, "98765", act(library))
    assert isinstance(on_its_way, ParcelStands)
    lib.pass_days(library, 6)
    back = return_arrived(library, copy.barcode, None, act(library))
    assert isinstance(back, CheckedIn)
    assert (back.in_on, back.days_late, back.fine) == (after(14), 0, 0)
    assert lib.rows(library, LedgerLine) == []
    with library.store.read() as reader:
        assert parcels.open_parcels(reader) == [parcel for parcel in parcels.open_parcels(reader) if parcel.outward]


def test_the_post_mark_counts_where_nobody_told_of_the_posting(library: Library, member: AMember, copy: ACopy) -> None:
    sent(library, asked(library, member, copy), copy)
    lib.pass_days(library, 20)
    late = return_arrived(library, copy.barcode, after(16), act(library))
    assert isinstance(late, CheckedIn)
    assert (late.in_on, late.days_late) == (after(16), 2)


def test_a_book_posted_twice_is_one_parcel(library: Library, member: AMember, copy: ACopy) -> None:
    sent(library, asked(library, member, copy), copy)
    return_posted(library, copy.barcode, None, None, act(library))
    again = return_posted(library, copy.barcode, None, None, act(library))
    assert isinstance(again, ParcelStands)
    assert not again.changed


@pytest.mark.parametrize("on", [-1, 1])
def test_a_book_is_posted_between_loan_and_today(library: Library, member: AMember, copy: ACopy, on: int) -> None:
    sent(library, asked(library, member, copy), copy)
    assert codes(return_posted(library, copy.barcode, after(on), None, act(library))) == ["dispatch.posting_day"]


def test_a_wish_is_cancelled_and_a_parcel_on_its_way_is_not(library: Library, member: AMember, copy: ACopy) -> None:
    parcel = asked(library, member, copy)
    cancelled = cancel_dispatch(library, parcel.id, act(library))
    assert isinstance(cancelled, ParcelStands)
    assert cancelled.parcel.state is DispatchState.CANCELLED
    assert codes(send_dispatch(library, parcel.id, Posting(copy.barcode), act(library))) == ["dispatch.over"]
    other = sent(library, asked(library, member, copy), copy)
    assert codes(cancel_dispatch(library, other.id, act(library))) == ["dispatch.under_way"]


def test_the_list_tells_the_days_on_the_way(library: Library, member: AMember, copy: ACopy) -> None:
    sent(library, asked(library, member, copy), copy)
    today = lib.pass_days(library, 5)
    with library.store.read() as reader:
        (parcel,) = parcels.open_parcels(reader)
    assert (parcel.reader, parcel.title, parcel.days_under_way(today)) == ("سارا احمدی", "سووشون", 5)


def test_a_book_that_came_to_the_desk_is_not_on_its_way_any_more(
    library: Library, member: AMember, copy: ACopy
) -> None:
    sent(library, asked(library, member, copy), copy)
    return_posted(library, copy.barcode, None, None, act(library))
    lib.take_back(library, copy)
    with library.store.read() as reader:
        assert [parcel.outward for parcel in parcels.open_parcels(reader)] == [True]


def test_who_may_not_lend_sends_nothing(library: Library, member: AMember, copy: ACopy) -> None:
    wish = Wish(member.card, item=copy.barcode)
    assert codes(request_dispatch(library, wish, act(library, Role.CATALOGUER))) == ["role.not_allowed"]


def test_what_is_not_there_is_not_found(library: Library, member: AMember) -> None:
    nothing = uuid.uuid4()
    assert isinstance(request_dispatch(library, Wish(member.card, title_id=nothing), act(library)), NotFound)
    assert isinstance(request_dispatch(library, Wish(member.card, hold_id=nothing), act(library)), NotFound)
    assert isinstance(send_dispatch(library, nothing, Posting("1"), act(library)), NotFound)
    assert isinstance(return_posted(library, "999", None, None, act(library)), NotFound)
    assert isinstance(cancel_dispatch(library, nothing, act(library)), NotFound)
