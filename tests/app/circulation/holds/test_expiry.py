"""The nights: what time does to holds. The table of the five closed-day cases stands in `test_rules`."""

import datetime as dt
import uuid

import pytest

from app.circulation.holds.expiry import expire_holds
from app.circulation.holds.outcomes import Expired
from app.circulation.holds.queries import freed_copies
from app.circulation.pulling import pull_copy
from app.library import Library
from db.codes import DayKind, HoldState
from db.models.circulation import Hold
from db.models.sync import JournalEntry
from tests.app.circulation.holds.holding import close, expire, freed, line_of, shelf_of, state, suspend, wait
from tests.library import (
    TODAY,
    ACopy,
    AMember,
    act,
    add_copy,
    add_member,
    clock,
    lend,
    pass_days,
    put_policy,
    row,
    rows,
    take_back,
)

TUESDAY = TODAY + dt.timedelta(3)  # the deadline of what is set aside today: three open days


@pytest.fixture
def kept(library: Library, member: AMember, copy: ACopy) -> uuid.UUID:
    """The copy stands on the hold shelf for the member until Tuesday."""
    lend(library, add_member(library), copy)
    hold = wait(library, member, copy)
    take_back(library, copy)
    assert row(library, Hold, hold).shelf_until == TUESDAY
    return hold


def test_nothing_ends_on_the_day_of_the_deadline(library: Library, kept: uuid.UUID) -> None:
    pass_days(library, 3)
    assert expire(library) == Expired()
    assert not shelf_of(library)[0].over


def test_who_does_not_come_loses_the_hold_the_day_after(library: Library, copy: ACopy, kept: uuid.UUID) -> None:
    pass_days(library, 4)
    assert shelf_of(library)[0].over
    assert expire(library) == Expired(uncollected=1, reshelve=1)
    hold = row(library, Hold, kept)
    assert (hold.state, hold.end_reason, hold.shelf_until) == (HoldState.EXPIRED, "not_collected", TUESDAY)
    assert freed(library) == [copy.id]


def test_a_second_run_of_the_night_finds_nothing(library: Library, kept: uuid.UUID) -> None:
    pass_days(library, 4)
    expire(library)
    before = len(rows(library, JournalEntry))
    assert expire(library) == Expired()
    assert len(rows(library, JournalEntry)) == before


def test_the_next_gets_the_copy_in_the_same_entry_with_days_of_its_own(
    library: Library, copy: ACopy, kept: uuid.UUID
) -> None:
    following = wait(library, add_member(library), copy)
    pass_days(library, 4)
    before = len(rows(library, JournalEntry))
    assert expire(library) == Expired(uncollected=1, passed_on=1)
    (entry,) = rows(library, JournalEntry)[before:]
    assert entry.kind == "hold.expired"
    hold = row(library, Hold, following)
    assert (hold.state, hold.item_id, hold.shelf_since) == (HoldState.WAITING, copy.id, TODAY + dt.timedelta(4))
    assert hold.shelf_until == TODAY + dt.timedelta(8)  # Wednesday, Thursday, (Friday,) Saturday, Sunday
    assert freed(library) == []


def test_nights_that_were_missed_take_nobodys_days(library: Library, copy: ACopy, kept: uuid.UUID) -> None:
    """The PC was off for ten days: each missed night runs, but nobody could be told that the book had come."""
    following = wait(library, add_member(library), copy)
    pass_days(library, 14)
    done = [expire(library, TODAY + dt.timedelta(missed)) for missed in range(1, 15)]
    assert [(night, one) for night, one in enumerate(done, 1) if one != Expired()] == [
        (4, Expired(uncollected=1, passed_on=1))
    ]
    hold = row(library, Hold, following)
    assert (hold.state, hold.shelf_since) == (HoldState.WAITING, TODAY + dt.timedelta(14))


def test_the_pc_was_off_and_wakes_on_a_friday(library: Library, kept: uuid.UUID) -> None:
    """Koha case 4: open days went by unserved; the hold does not live on for ever."""
    pass_days(library, 6)
    assert expire(library).uncollected == 1


def test_the_pc_was_off_and_every_day_was_closed(library: Library, kept: uuid.UUID) -> None:
    """Koha case 3 over several days."""
    close(library, TODAY + dt.timedelta(4), TODAY + dt.timedelta(5))
    pass_days(library, 6)
    assert expire(library).uncollected == 0
    pass_days(library, 1)
    assert expire(library).uncollected == 1


def test_a_holiday_that_came_later_gives_the_day_back(library: Library, kept: uuid.UUID) -> None:
    close(library, TUESDAY)
    pass_days(library, 4)
    assert expire(library).uncollected == 0
    assert not shelf_of(library)[0].over
    pass_days(library, 1)
    assert expire(library).uncollected == 1


def test_an_emergency_on_the_deadline_gives_the_day_back_even_before_dates_were_moved(
    library: Library, kept: uuid.UUID
) -> None:
    close(library, TUESDAY, kind=DayKind.EMERGENCY)
    pass_days(library, 4)
    assert expire(library).uncollected == 0
    pass_days(library, 1)
    assert expire(library).uncollected == 1


def test_closed_days_end_holds_where_the_policy_says_so(library: Library, member: AMember, copy: ACopy) -> None:
    """Koha case 5, ExpireReservesOnHolidays."""
    put_policy(library, {"loan_days": 14, "expire_on_closed_days": True, "shelf_days": 5})
    lend(library, add_member(library), copy)
    hold = wait(library, member, copy)
    take_back(library, copy)
    assert row(library, Hold, hold).shelf_until == TODAY + dt.timedelta(5)  # Thursday
    pass_days(library, 6)  # Friday
    assert expire(library).uncollected == 1


def test_a_hold_that_is_wanted_no_longer_ends_with_its_reason(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, add_member(library), copy)
    hold = wait(library, member, copy, until=TODAY + dt.timedelta(2))
    following = wait(library, add_member(library), copy)
    pass_days(library, 2)
    assert expire(library) == Expired()
    pass_days(library, 1)
    assert expire(library) == Expired(unwanted=1)
    ended = row(library, Hold, hold)
    assert (ended.state, ended.end_reason) == (HoldState.EXPIRED, "not_wanted_longer")
    assert [(one.id, one.position) for one in line_of(library, copy)] == [(following, 1)]


def test_nobody_is_served_after_the_last_day_even_if_no_night_ran(
    library: Library, member: AMember, copy: ACopy
) -> None:
    lend(library, add_member(library), copy)
    wait(library, member, copy, until=TODAY + dt.timedelta(2))
    following = wait(library, add_member(library), copy)
    pass_days(library, 3)
    take_back(library, copy)
    assert state(library, following) is HoldState.WAITING


def test_a_copy_does_not_stand_longer_than_it_is_wanted(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, add_member(library), copy)
    hold = wait(library, member, copy, until=TODAY + dt.timedelta(1))
    take_back(library, copy)
    assert row(library, Hold, hold).shelf_until == TODAY + dt.timedelta(1)


def test_a_suspended_hold_that_is_wanted_no_longer_ends(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, add_member(library), copy)
    hold = wait(library, member, copy, until=TODAY + dt.timedelta(2))
    suspend(library, hold)
    pass_days(library, 3)
    assert expire(library).unwanted == 1


def test_who_comes_back_from_suspension_the_same_night_is_next(library: Library, copy: ACopy, kept: uuid.UUID) -> None:
    away = wait(library, add_member(library), copy)
    suspend(library, away, TODAY + dt.timedelta(4))
    pass_days(library, 4)
    assert expire(library) == Expired(uncollected=1, resumed=1, passed_on=1)
    assert state(library, away) is HoldState.WAITING


def test_a_doubtful_clock_ends_nothing(library: Library, kept: uuid.UUID) -> None:
    pass_days(library, 40)
    assert expire_holds(library, act(library, doubtful=True), clock(library).read().day) == Expired()
    assert shelf_of(library)


def test_many_holds_end_in_several_entries(library: Library, member: AMember) -> None:
    copy = add_copy(library)
    for _ in range(2):
        with library.store.write() as tx:
            for _ in range(300):
                tx.insert(
                    Hold, title_id=copy.title_id, member_id=member.id, placed_at=act(library).at, priority=1,
                    state=HoldState.QUEUED, wanted_until=TODAY,
                )  # fmt: skip
            tx.record("hold.placed", act(library))
    before = len(rows(library, JournalEntry))
    pass_days(library, 1)
    assert expire(library).unwanted == 600
    assert len(rows(library, JournalEntry)) - before == 2


def test_the_copy_is_asked_for_until_somebody_scans_it(library: Library, copy: ACopy, kept: uuid.UUID) -> None:
    pass_days(library, 4)
    expire(library)

    def asked_for() -> list[object]:
        with library.store.read() as reader:
            return [found.item.id for found in freed_copies(reader, clock(library).read().day)]

    assert asked_for() == [copy.id]
    pass_days(library, 1)
    pull_copy(library, copy.barcode, act(library))
    assert asked_for() == []


def test_a_copy_that_was_lent_meanwhile_is_not_asked_for(library: Library, copy: ACopy, kept: uuid.UUID) -> None:
    pass_days(library, 4)
    expire(library)
    lend(library, add_member(library), copy)
    take_back(library, copy)
    with library.store.read() as reader:
        assert freed_copies(reader, clock(library).read().day) == []
