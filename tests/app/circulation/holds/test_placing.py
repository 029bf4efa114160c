import datetime as dt
import uuid
from typing import Any

import pytest

from app.circulation.holds.outcomes import AlreadyHeld, Held, HoldRefused
from app.circulation.holds.placing import PlaceRequest, place_hold
from app.library import Library
from app.outcome import NotFound, Sought
from app.refusal import Answer
from db.codes import Channel, Condition, HoldState, ItemStatus, LedgerKind, Role
from db.models.circulation import Hold, LedgerLine
from db.models.items import Item
from db.models.sync import JournalEntry
from tests.app.circulation.holds.holding import cancel, line_of, refused, wait
from tests.library import (
    TODAY,
    ACopy,
    AMember,
    act,
    add_copy,
    add_member,
    change,
    clock,
    lend,
    pass_days,
    put_policy,
    row,
    rows,
)


def test_a_hold_on_a_title_stands_at_the_end_of_its_line(library: Library, member: AMember, copy: ACopy) -> None:
    first = wait(library, add_member(library), copy)
    until = TODAY + dt.timedelta(30)
    request = PlaceRequest(member.card, copy.title_id, until=until, channel=Channel.POST)
    outcome = place_hold(library, request, act(library))
    assert isinstance(outcome, Held)
    assert (outcome.place.position, outcome.place.queue, outcome.item, outcome.fee) == (2, 2, None, 0)
    hold = row(library, Hold, outcome.place.hold_id)
    assert (hold.state, hold.item_id, hold.only_this_item, hold.wanted_until, hold.channel) == (
        HoldState.QUEUED, None, False, until, Channel.POST,
    )  # fmt: skip
    assert hold.priority > row(library, Hold, first).priority


def test_a_hold_on_a_copy_names_it(library: Library, member: AMember, copy: ACopy) -> None:
    hold = row(library, Hold, wait(library, member, copy, this_copy=True))
    assert (hold.item_id, hold.only_this_item, hold.title_id) == (copy.id, True, copy.title_id)


def test_the_journal_tells_the_hold(library: Library, member: AMember, copy: ACopy) -> None:
    before = len(rows(library, JournalEntry))
    wait(library, member, copy)
    (entry,) = rows(library, JournalEntry)[before:]
    assert entry.kind == "hold.placed"


def test_placing_after_many_cancels_never_collides(library: Library, copy: ACopy) -> None:
    members = [add_member(library) for _ in range(6)]
    holds = [wait(library, member, copy) for member in members]
    for hold in (holds[0], holds[5], holds[2]):
        cancel(library, hold)
    new = [wait(library, member, copy) for member in (members[5], members[0])]
    line = line_of(library, copy)
    assert [one.id for one in line] == [holds[1], holds[3], holds[4], *new]
    assert [one.position for one in line] == [1, 2, 3, 4, 5]
    assert len({one.priority for one in line}) == 5


def test_the_same_request_again_is_the_hold_it_made(library: Library, member: AMember, copy: ACopy) -> None:
    hold_id = wait(library, member, copy)
    entries = len(rows(library, JournalEntry))
    clock(library).advance(seconds=20)
    again = place_hold(library, PlaceRequest(member.card, copy.title_id), act(library))
    assert isinstance(again, AlreadyHeld)
    assert (again.place.hold_id, again.place.position) == (hold_id, 1)
    assert len(rows(library, JournalEntry)) == entries


def test_the_same_request_another_day_is_refused(library: Library, member: AMember, copy: ACopy) -> None:
    wait(library, member, copy)
    pass_days(library, 1)
    assert refused(library, member, copy) == ["hold.per_title"]


def test_the_title_and_then_its_copy_are_two_requests(library: Library, member: AMember, copy: ACopy) -> None:
    wait(library, member, copy)
    assert refused(library, member, copy, this_copy=True) == ["hold.per_title"]


def test_a_reader_may_hold_two_copies_where_the_policy_says_so(library: Library, member: AMember, copy: ACopy) -> None:
    other = add_copy(library, copy.title_id)
    put_policy(library, {"loan_days": 14, "max_per_title": 2})
    wait(library, member, copy, this_copy=True)
    wait(library, member, other, this_copy=True)
    clock(library).advance(seconds=16 * 60)
    assert refused(library, member, other, this_copy=True) == ["hold.already_on_item", "hold.per_title"]


def test_a_cancelled_hold_frees_its_place_in_the_counts(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "max_holds": 1, "max_per_day": 1})
    hold = wait(library, member, copy)
    other = add_copy(library)
    assert refused(library, member, other) == ["hold.limit", "hold.per_day"]
    cancel(library, hold)
    wait(library, member, other)


def test_holds_are_counted_by_the_type_of_the_material(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14}, {"item_type": "audiovisual", "max_per_type": 1})
    wait(library, member, copy)
    wait(library, member, add_copy(library, item_type="audiovisual"))
    assert refused(library, member, add_copy(library, item_type="audiovisual")) == ["hold.limit"]
    wait(library, member, add_copy(library))


def test_what_the_reader_has_in_hand_is_renewed_not_held(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    add_copy(library, copy.title_id)
    assert refused(library, member, copy) == ["hold.own_loan"]
    put_policy(library, {"loan_days": 14, "allow_hold_on_own_loan": True})
    wait(library, member, copy)


def test_a_book_on_the_shelf_is_fetched_where_the_policy_wants_that(
    library: Library, member: AMember, copy: ACopy
) -> None:
    put_policy(library, {"loan_days": 14, "hold_on_shelf": False})
    assert refused(library, member, copy) == ["hold.on_shelf"]
    lend(library, add_member(library), copy)
    wait(library, member, copy)


def test_a_reference_copy_on_the_shelf_is_not_a_free_one(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "hold_on_shelf": False})
    add_copy(library, copy.title_id, flags=("not_for_loan",))
    lend(library, add_member(library), copy)
    wait(library, member, copy)


def test_the_type_that_may_be_lent_decides(library: Library, member: AMember, copy: ACopy) -> None:
    """A title has a copy for reference and one for loan: it may be waited for."""
    put_policy(library, {"loan_days": 14}, {"item_type": "reference", "loanable": "no"})
    reference = add_copy(library, copy.title_id, item_type="reference")
    assert refused(library, member, reference, this_copy=True) == ["item.not_for_loan"]
    wait(library, member, copy)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"status": ItemStatus.MISSING}, "item.missing"),
        ({"status": ItemStatus.WEEDED_CONTENT}, "item.withdrawn"),
        ({"condition": Condition.DAMAGED}, "hold.damaged"),
        ({"on_minutes_id": uuid.UUID(int=3)}, "item.on_weeding_minutes"),
    ],
)
def test_a_copy_that_cannot_serve_is_not_waited_for(
    library: Library, member: AMember, copy: ACopy, values: dict[str, Any], code: str
) -> None:
    change(library, Item, copy.id, **values)
    assert refused(library, member, copy, this_copy=True) == [code]
    assert refused(library, member, copy) == [code]


def test_a_title_without_copies_is_not_waited_for(library: Library, member: AMember, copy: ACopy) -> None:
    change(library, Item, copy.id, deleted_at=act(library).at)
    assert refused(library, member, copy) == ["hold.no_copy"]


@pytest.mark.parametrize(("when", "charged"), [("placed", [(LedgerKind.HOLD_FEE, 5_000)]), ("collected", [])])
def test_the_fee_is_charged_when_it_falls_due(
    library: Library, member: AMember, copy: ACopy, when: str, charged: list[Any]
) -> None:
    put_policy(library, {"loan_days": 14, "hold_fee": 5_000, "hold_fee_when": when})
    hold = wait(library, member, copy)
    lines = rows(library, LedgerLine)
    assert [(line.kind, line.amount) for line in lines] == charged
    assert all((line.hold_id, line.member_id) == (hold, member.id) for line in lines)


def test_a_limit_is_lifted_with_a_reason_and_the_journal_keeps_it(
    library: Library, member: AMember, copy: ACopy
) -> None:
    put_policy(library, {"loan_days": 14, "max_holds": 0})
    request = PlaceRequest(member.card, copy.title_id, answer=Answer(frozenset({"hold.limit"})))
    outcome = place_hold(library, request, act(library))
    assert isinstance(outcome, HoldRefused)
    assert [refusal.code for refusal in outcome.refusals] == ["hold.limit", "reason.required"]
    wait(library, member, copy, answer=Answer(frozenset({"hold.limit"}), "پایان‌نامه"))


def test_a_trainee_places_holds_but_lifts_no_limit(library: Library, member: AMember, copy: ACopy) -> None:
    put_policy(library, {"loan_days": 14, "max_holds": 0})
    request = PlaceRequest(member.card, copy.title_id, answer=Answer(frozenset({"hold.limit"}), "لازم دارد"))
    outcome = place_hold(library, request, act(library, Role.TRAINEE))
    assert isinstance(outcome, HoldRefused)
    assert [refusal.code for refusal in outcome.refusals] == ["hold.limit", "role.not_allowed"]


def test_who_may_not_hold_is_refused(library: Library, member: AMember, copy: ACopy) -> None:
    outcome = place_hold(library, PlaceRequest(member.card, copy.title_id), act(library, Role.CATALOGUER))
    assert isinstance(outcome, HoldRefused)
    assert [refusal.code for refusal in outcome.refusals] == ["role.not_allowed"]
    assert rows(library, Hold) == []


def test_a_doubtful_clock_accuses_nobody(library: Library, copy: ACopy) -> None:
    """Reliability 2.7: what rests on the day does not count while the clock cannot be believed."""
    member = add_member(library, expires_on=TODAY)
    pass_days(library, 3)
    assert refused(library, member, copy) == ["member.expired"]
    outcome = place_hold(library, PlaceRequest(member.card, copy.title_id), act(library, doubtful=True))
    assert isinstance(outcome, Held)


@pytest.mark.parametrize(
    ("asked", "what"),
    [
        ({"member": "X"}, Sought.MEMBER),
        ({"item": "X", "title_id": None}, Sought.ITEM),
        ({"title_id": uuid.UUID(int=1)}, Sought.TITLE),
        ({"title_id": None}, Sought.TITLE),
    ],
)
def test_what_is_not_there_is_not_found(
    library: Library, member: AMember, copy: ACopy, asked: dict[str, Any], what: Sought
) -> None:
    whole: dict[str, Any] = {"member": member.card, "title_id": copy.title_id} | asked
    request = PlaceRequest(**whole)
    outcome = place_hold(library, request, act(library))
    assert isinstance(outcome, NotFound)
    assert outcome.what is what
