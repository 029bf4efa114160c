"""What the branch takes from the feeds, against a centre on paper."""

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from app.check import check_library
from app.library import Library
from app.outcome import Refused
from app.sync.branch import taking
from app.sync.branch.cursors import Position, position
from app.sync.branch.guarding import RemovalConfirmed, confirm_removal, too_many
from app.sync.branch.rounds import sync_round
from app.sync.branch.talk import RoundState
from app.sync.line import UPGRADE, Call, Reply
from app.sync.owners import Feed
from app.sync.queries import Guarded, sync_state
from app.sync.wire import FeedRow, Header, Pushed
from db.codes import CaseKind, CataloguingStatus, DayKind, Material, Role
from db.models.catalogue import Title
from db.models.centre import Redirect, SyncCase, UnionTitle
from db.models.items import Item
from db.models.library import CalendarDay
from db.models.members import Member
from db.models.sync import JournalEntry, SetAside
from tests.app.sync.branch.conftest import synced
from tests.app.sync.branch.feed_rows import as_it_stands, sent_row
from tests.app.sync.branch.paper_centre import CENTRE, PaperCentre
from tests.library import TODAY, act, add_copy, add_member, change, row, rows

NOON = dt.datetime(2026, 11, 20, 8, 30, tzinfo=dt.UTC)


def here(library: Library, feed: Feed) -> Position:
    assert library.store.identity is not None
    with library.store.read() as reader:
        return position(reader, library.store.identity.device_id, feed)


def case(library: Library, pos: int, **values: Any) -> FeedRow:
    facts: dict[str, Any] = {
        "kind": CaseKind.OVER_LIMIT, "rows": [], "stories": {}, "choices": ["keep"], "opened_at": NOON,
    }  # fmt: skip
    return sent_row(SyncCase, library.branch.id, pos, **(facts | values))


def closed_day(pos: int, day: dt.date) -> FeedRow:
    return sent_row(CalendarDay, CENTRE, pos, day=day, kind=DayKind.CLOSED, name="بزرگداشت")


def members_named(library: Library, number: int) -> list[uuid.UUID]:
    """As many readers as nobody wants to enrol one by one."""
    first = row(library, Member, add_member(library).id)
    with library.store.write() as tx:
        for place in range(number - 1):
            plain = {name: value for name, value in first._mapping.items() if name not in ("id", "ver", "national_id")}
            tx.insert(Member, **(plain | {"member_no": f"9{place:05d}"}))
            if tx.room == 0:
                tx.make_room("member.added", act(library), 1)
        tx.record("member.added", act(library))
    return [one.id for one in rows(library, Member)]


def gone(library: Library, ids: list[uuid.UUID]) -> list[FeedRow]:
    """Tombstones of these readers."""
    return [as_it_stands(library, Member, member, place, ver=9, deleted_at=NOON) for place, member in enumerate(ids, 1)]


def test_rows_are_taken_and_the_place_in_the_feed_is_kept(library: Library, centre: PaperCentre) -> None:
    centre.feeds = {"branch": [case(library, 4)], "policy": [closed_day(2, TODAY)]}
    outcome = synced(centre)
    assert (outcome.received, outcome.conflicts) == (2, 1)
    assert here(library, Feed.BRANCH) == Position(9, 4, 0)
    assert here(library, Feed.POLICY) == Position(9, 2, 0)
    assert synced(centre).received == 0


def test_a_row_from_a_feed_is_not_journalled_again(library: Library, centre: PaperCentre) -> None:
    synced(centre)
    before = len(rows(library, JournalEntry))
    centre.feeds = {"branch": [case(library, 4)], "policy": [closed_day(2, TODAY)]}
    synced(centre)
    assert len(rows(library, JournalEntry)) == before


def test_a_feed_that_stands_where_we_stand_is_not_asked(library: Library, centre: PaperCentre) -> None:
    centre.feeds = {"policy": [closed_day(2, TODAY)], "branch": [], "bib": []}
    synced(centre)
    calls = len(centre.calls)
    synced(centre)
    assert (
        centre.calls[calls:].count(Call.PULL) == 1
    )  # the feed of subscribed rows has two heads, of which it is told one


def test_our_own_rows_wait_until_nothing_of_ours_is_on_its_way_the_centres_do_not(
    library: Library, centre: PaperCentre
) -> None:
    synced(centre)
    centre.feeds = {"branch": [case(library, 4)], "policy": [closed_day(2, TODAY)]}
    busy = iter([True, False, False])

    def desk(call: Call, reply: Reply) -> Reply:
        if call is Call.HELLO and next(busy):
            for _ in range(5):  # one batch after the other; the desk is faster each time
                add_member(library)
            centre.after = lambda call, reply: (add_member(library), reply)[1] if call is Call.PUSH else reply
        return reply

    centre.after = desk
    outcome = synced(centre)
    assert outcome.waiting > 0
    assert (len(rows(library, SyncCase)), len(rows(library, CalendarDay, day=TODAY))) == (0, 1)
    centre.after = lambda _, reply: reply
    synced(centre)
    assert len(rows(library, SyncCase)) == 1


def test_a_slice_a_transaction_with_its_place_and_a_pause_between(
    library: Library, centre: PaperCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.feeds = {"branch": [case(library, pos) for pos in range(1, 126)]}
    synced_before = synced(centre)
    assert synced_before.received == 125
    seen: list[int] = []
    pauses: list[int] = []
    real = taking._take_read

    def watched(*args: Any) -> taking.Taken:
        seen.append(len(args[-1]))
        return real(*args)

    monkeypatch.setattr(taking, "_take_read", watched)
    centre.feeds = {"branch": [case(library, pos) for pos in range(126, 251)]}
    sync_round(library, centre, centre.key, pause=lambda: pauses.append(here(library, Feed.BRANCH).pos))
    assert seen == [taking.SLICE] * 5
    assert taking.SLICE <= 50
    assert [place for place in pauses if place > 125][:5] == [150, 175, 200, 225, 250]


def test_a_desk_that_breaks_in_between_two_slices_loses_nothing(library: Library, centre: PaperCentre) -> None:
    """What it changed meanwhile is newer here; the centre's answer to it comes later."""
    member = add_member(library)
    synced(centre)
    filling = [case(library, pos) for pos in range(1, 51)]
    centre.feeds = {"branch": [*filling, as_it_stands(library, Member, member.id, 51, ver=2, mobile="09120000000")]}

    def desk() -> None:
        if len(rows(library, SyncCase)) == 50 and row(library, Member, member.id).mobile is None:
            change(library, Member, member.id, mobile="09121111111")

    outcome = sync_round(library, centre, centre.key, pause=desk)
    assert row(library, Member, member.id).mobile == "09121111111"
    assert (outcome.state, outcome.waiting, here(library, Feed.BRANCH).pos) == (RoundState.DONE, 0, 51)


def test_on_equal_versions_the_centre_counts_and_an_older_one_does_not(library: Library, centre: PaperCentre) -> None:
    member, other = add_member(library), add_member(library)
    synced(centre)
    centre.feeds = {
        "branch": [
            as_it_stands(library, Member, member.id, 1, mobile="09123333333"),
            as_it_stands(library, Member, other.id, 2, ver=0, mobile="09124444444"),
        ]
    }
    synced(centre)
    assert row(library, Member, member.id).mobile == "09123333333"
    assert row(library, Member, other.id).mobile is None


def test_after_new_rules_came_every_desk_reads_them_anew(library: Library, centre: PaperCentre) -> None:
    assert library.calendar.is_open(TODAY)
    centre.feeds = {"policy": [closed_day(2, TODAY)]}
    synced(centre)
    assert not library.calendar.is_open(TODAY)


def test_a_row_of_a_newer_program_is_kept_and_taken_after_the_upgrade(
    library: Library, centre: PaperCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = sent_row(SyncCase, library.branch.id, 4, kind=CaseKind.OVER_LIMIT, rows=[], stories={}, choices=[],
                     opened_at=NOON)  # fmt: skip
    newer = FeedRow(newer.entity, newer.row, newer.branch, newer.ver, None, newer.data, 2, 4)
    centre.feeds = {"branch": [newer, case(library, 5)]}
    outcome = synced(centre)
    assert (outcome.received, outcome.set_aside) == (1, 1)
    assert (here(library, Feed.BRANCH).pos, synced(centre).set_aside) == (5, 1)
    monkeypatch.setattr(taking, "SCHEMA_VERSION", 2)
    assert synced(centre).set_aside == 0
    assert len(rows(library, SyncCase)) == 2
    (settled,) = rows(library, SetAside)
    assert settled.replayed_at is not None
    assert settled.raw == b"", "it may say who a reader is, and nobody would erase it there"


def test_a_row_that_comes_before_the_one_that_makes_room_for_it_is_taken_at_the_end(
    library: Library, centre: PaperCentre
) -> None:
    copy = add_copy(library)
    synced(centre)
    twin = as_it_stands(library, Item, copy.id, 1, id=uuid.uuid4())
    renumbered = as_it_stands(library, Item, copy.id, 2, ver=2, accession_no=77, barcode="B-77")
    centre.feeds = {"branch": [twin, renumbered]}
    outcome = synced(centre)
    assert (outcome.set_aside, len(rows(library, SetAside))) == (0, 1)
    assert sorted(item.accession_no for item in rows(library, Item)) == [copy.accession_no, 77]


def test_numbers_of_rows_that_came_are_not_given_again(library: Library, centre: PaperCentre) -> None:
    copy = add_copy(library)
    synced(centre)
    centre.feeds = {"branch": [as_it_stands(library, Item, copy.id, 1, id=uuid.uuid4(), accession_no=500, barcode="x")]}
    synced(centre)
    assert add_copy(library, copy.title_id).accession_no == 501
    assert check_library(library).broken == ()


def test_a_union_record_no_longer_subscribed_goes_without_a_trace(library: Library, centre: PaperCentre) -> None:
    title = add_copy(library).title_id
    record: dict[str, Any] = {
        "title": "بوستان",
        "material": Material.BOOK,
        "status": CataloguingStatus.ORIGINAL,
        "language": "fa",
        "born_at": CENTRE,
    }
    known = sent_row(UnionTitle, CENTRE, 1, **record)
    redirect = sent_row(Redirect, library.branch.id, 3, entity="title", old_id=title, new_id=uuid.uuid4(), made_at=NOON,
                        made_by="فهرست‌نویس")  # fmt: skip
    centre.feeds = {"bib": [known], "branch": [redirect]}
    synced(centre)
    assert len(rows(library, UnionTitle)) == 1
    centre.ended = [[known.entity, known.row], [as_it_stands(library, Title, title, 1).entity, title.bytes]]
    synced(centre)
    assert rows(library, UnionTitle, deleted_at=None) == []
    assert len(rows(library, Title)) == 1  # never a row of one's own


@pytest.mark.parametrize(
    ("removed", "of", "stops"),
    [(20, 20, False), (21, 400, True), (21, 420, False), (200, 9000, False), (201, 9000, True)],
)
def test_more_than_a_twentieth_or_two_hundred_rows_are_asked_about(removed: int, of: int, stops: bool) -> None:
    assert too_many(removed, of) is stops


def test_a_pull_that_would_remove_very_much_stops_and_asks(library: Library, centre: PaperCentre) -> None:
    ids = members_named(library, 120)
    synced(centre)
    centre.feeds = {"branch": gone(library, ids[:40])}
    outcome = synced(centre)
    assert (outcome.state, outcome.received, len(rows(library, Member))) == (RoundState.GUARDED, 0, 120)
    with library.store.read() as reader:
        told = sync_state(reader, library.clock.read().at)
    assert told.guarded == (Guarded("branch", "member", 40, 120),)
    assert synced(centre).state is RoundState.GUARDED


def test_page_by_page_does_not_lead_round_the_guard(library: Library, centre: PaperCentre) -> None:
    ids = members_named(library, 120)
    synced(centre)
    centre.page_rows = 10
    centre.feeds = {"branch": gone(library, ids[:40])}
    assert synced(centre).state is RoundState.GUARDED
    assert len(rows(library, Member)) >= 120 - 20


def test_whoever_may_lets_the_pull_go_on_once(library: Library, centre: PaperCentre) -> None:
    ids = members_named(library, 120)
    synced(centre)
    centre.feeds = {"branch": gone(library, ids[:40])}
    synced(centre)
    trainee = confirm_removal(library, ["branch"], act(library, Role.TRAINEE))
    assert isinstance(trainee, Refused)
    assert synced(centre).state is RoundState.GUARDED
    assert confirm_removal(library, ["branch"], act(library)) == RemovalConfirmed(("branch",))
    outcome = synced(centre)
    assert (outcome.state, outcome.received, len(rows(library, Member))) == (RoundState.DONE, 40, 80)
    centre.feeds = {"branch": gone(library, ids)}
    centre.feeds["branch"] = [FeedRow(*_moved(one, 100)) for one in centre.feeds["branch"]]
    assert synced(centre).state is RoundState.GUARDED


def _moved(one: FeedRow, by: int) -> tuple[Any, ...]:
    return (one.entity, one.row, one.branch, one.ver + 1, one.deleted_ms, one.data, one.schema, one.pos + by)


def test_what_was_pushed_as_it_was_sent_is_not_fed_back(library: Library, centre: PaperCentre) -> None:
    synced(centre)
    centre.feeds = {"branch": [case(library, 4)]}
    synced(centre)
    headers: list[Header] = []

    def echo(call: Call, reply: Reply) -> Reply:
        if call is Call.PUSH:
            headers.append(centre.batches[-1].header)
            have = centre.links[centre.batches[-1].header.epoch]
            return centre._said(Pushed(len(have), have[-1], feed=[4, 6], server_epoch=7))
        return reply

    centre.after = echo
    add_member(library)
    asked = len(centre.calls)
    synced(centre)
    assert headers[0].cursor == 4
    assert here(library, Feed.BRANCH) == Position(9, 6, 0)
    assert Call.PULL in centre.calls[asked:]


def test_a_centre_that_no_longer_feeds_this_version_still_takes_what_is_sent(
    library: Library, centre: PaperCentre
) -> None:
    centre.says = {"schema_from": 2, "schema_to": 3}
    outcome = synced(centre)
    assert (outcome.state, outcome.waiting) == (RoundState.UPGRADE, 0)
    assert Call.PULL not in centre.calls
    centre.says = {}
    centre.before = lambda call, _: Reply(UPGRADE) if call is Call.PULL else None
    add_member(library)
    outcome = synced(centre)
    assert (outcome.state, outcome.waiting) == (RoundState.UPGRADE, 0)


def test_a_feed_of_another_history_of_the_centre_is_read_from_where_it_says(
    library: Library, centre: PaperCentre
) -> None:
    centre.feeds = {"branch": [case(library, 4)]}
    synced(centre)
    with library.store.write() as tx:
        tx.connection.execute(sa.text("UPDATE feed_cursor SET feed_epoch = 8, pos = 400"))
    centre.feeds["branch"].append(case(library, 5))
    synced(centre)
    assert here(library, Feed.BRANCH) == Position(9, 5, 0)
    assert len(rows(library, SyncCase)) == 2


def test_a_database_in_trouble_is_told_as_trouble(
    library: Library, centre: PaperCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    centre.feeds = {"branch": [sent_row(SyncCase, library.branch.id, 1, kind=CaseKind.OVER_LIMIT, rows=[], stories={},
                                        choices=[], opened_at=NOON)]}  # fmt: skip

    def full(*_: Any) -> bool:
        raise OSError(28, "no space left")

    monkeypatch.setattr(taking, "take", full)
    with pytest.raises(OSError, match="no space"):
        synced(centre)
    assert here(library, Feed.BRANCH).pos == 0
