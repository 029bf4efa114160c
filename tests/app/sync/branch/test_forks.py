"""Two histories of one device: how the branch finds where they part, and goes on in a new epoch (sync-protocol 6)."""

import uuid

import pytest
import sqlalchemy as sa

from app.check import check_library
from app.library import Library
from app.sync.branch.greeting import POINTS, _doubling, _spread
from app.sync.branch.talk import RoundState
from app.sync.line import Call
from app.sync.queries import sync_state
from app.sync.rows import changes_of, raw_body
from db.models.sync import JournalEntry, Site, Stream
from tests.app.sync.branch.conftest import synced
from tests.app.sync.branch.paper_centre import PaperCentre
from tests.library import act, add_member, rows


def epoch(library: Library) -> int:
    assert library.store.identity is not None
    return library.store.identity.epoch


def entries(library: Library, of: int) -> list[sa.Row[tuple[object, ...]]]:
    return sorted(rows(library, JournalEntry, epoch=of), key=lambda one: one.seq)


def stream(library: Library, of: int) -> sa.Row[tuple[object, ...]]:
    (found,) = rows(library, Stream, epoch=of)
    return found  # type: ignore[no-any-return]


def another_history(centre: PaperCentre, of: int, common: int, more: int) -> None:
    """The centre got other entries after so many."""
    centre.links[of] = centre.links[of][:common] + [uuid.uuid4().bytes for _ in range(more)]


@pytest.fixture
def forked(library: Library, centre: PaperCentre) -> int:
    """Five entries are at the centre, of which it shows another fourth and fifth; two more wait here. The old epoch."""
    for _ in range(4):
        add_member(library)
    synced(centre)
    was = epoch(library)
    assert len(centre.links[was]) == 5
    another_history(centre, was, 3, 6)
    for _ in range(2):
        add_member(library)
    return was


def test_entries_after_the_fork_go_on_in_a_new_epoch_with_their_ids(
    library: Library, centre: PaperCentre, forked: int
) -> None:
    before = entries(library, forked)
    outcome = synced(centre)
    assert (outcome.state, outcome.reopened, outcome.waiting) == (RoundState.DONE, "forked", 0)
    new = epoch(library)
    moved = entries(library, new)
    assert new != forked
    assert [one.eid for one in moved] == [one.eid for one in before[3:]]
    assert [one.seq for one in moved] == [1, 2, 3, 4]
    assert [one.moved for one in entries(library, forked)] == [False] * 3 + [True] * 4
    old = stream(library, forked)
    assert (old.head_seq, old.closed_at is not None) == (3, True)
    assert (stream(library, new).parent_epoch, stream(library, new).parent_seq) == (forked, 3)
    assert centre.links[new] == [one.chain for one in moved]
    assert check_library(library).broken == ()


def test_moved_entries_say_the_same_as_before_and_name_themselves(
    library: Library, centre: PaperCentre, forked: int
) -> None:
    before = entries(library, forked)[3:]
    synced(centre)
    for old, new in zip(before, entries(library, epoch(library)), strict=True):
        told, was = changes_of(new.body, new.personal), changes_of(old.body, old.personal)
        assert told.changes == was.changes
        assert (told.eid, raw_body(old.body).eid) == (old.eid, None)
        assert (new.before, new.personal, new.kind, new.at_ms) == (old.before, old.personal, old.kind, old.at_ms)


def test_the_second_sync_after_a_fork_is_silent(library: Library, centre: PaperCentre, forked: int) -> None:
    synced(centre)
    new, calls = epoch(library), len(centre.calls)
    outcome = synced(centre)
    assert (outcome.sent, outcome.reopened, epoch(library)) == (0, None, new)
    assert Call.ANCESTOR not in centre.calls[calls:]


def test_a_rewound_database_opens_a_new_epoch_with_nothing_to_move(library: Library, centre: PaperCentre) -> None:
    synced(centre)
    was = epoch(library)
    another_history(centre, was, 1, 4)
    outcome = synced(centre)
    assert (outcome.reopened, outcome.sent, epoch(library) == was) == ("rewound", 0, False)
    assert entries(library, epoch(library)) == []
    assert Call.ANCESTOR not in centre.calls
    add_member(library)
    assert synced(centre).waiting == 0
    with library.store.read() as reader:
        told = sync_state(reader, library.clock.read().at)
    assert (told.reopened, told.reopened_at) == ("rewound", library.clock.read().at)


def test_a_restored_centre_gets_everything_again_also_of_closed_epochs(
    library: Library, centre: PaperCentre, forked: int
) -> None:
    synced(centre)
    new = epoch(library)
    add_member(library)
    synced(centre)
    whole = {of: list(links) for of, links in centre.links.items()}
    centre.links = {forked: whole[forked][:1]}
    assert synced(centre).state is RoundState.DONE
    assert centre.links == {forked: whole[forked][:3], new: whole[new]}


def test_a_closed_epoch_the_centre_has_for_good_is_named_no_more(
    library: Library, centre: PaperCentre, forked: int
) -> None:
    synced(centre)
    synced(centre)
    assert {one.epoch for one in centre.hellos[-1].epochs} == {forked, epoch(library)}
    with library.store.write() as tx:
        tx.connection.execute(sa.update(Stream).where(Stream.epoch == forked).values(durable_through=3))
    synced(centre)
    assert {one.epoch for one in centre.hellos[-1].epochs} == {epoch(library)}


def test_another_desk_that_still_writes_into_the_closed_epoch_goes_on_in_the_new_one(
    library: Library, centre: PaperCentre, forked: int
) -> None:
    identity = library.store.identity
    synced(centre)
    new = library.store.identity
    library.store.identity = identity  # what the other desk remembers
    add_member(library)
    assert library.store.identity == new
    assert len(entries(library, forked)) == 7
    assert check_library(library).broken == ()


def test_the_clock_still_knows_the_last_believed_moment(library: Library, centre: PaperCentre) -> None:
    from app.library import last_known

    before = last_known(library.store)
    synced(centre)
    another_history(centre, epoch(library), 1, 4)
    synced(centre)
    assert (last_known(library.store), before is None) == (before, False)


def test_a_long_history_is_searched_with_two_questions(library: Library, centre: PaperCentre) -> None:
    for _ in range(130):
        add_member(library)
    synced(centre)
    was = epoch(library)
    another_history(centre, was, 47, 200)
    synced(centre)
    assert centre.calls.count(Call.ANCESTOR) == 2
    (site,) = rows(library, Site)
    assert 47 - (131 - 47) // POINTS - 1 <= stream(library, was).head_seq <= 47
    assert len(entries(library, site.epoch)) == 131 - stream(library, was).head_seq
    assert act(library).desk == 1


@pytest.mark.parametrize("head", [0, 1, 2, 31, 32, 33, 1000, 60_000])
def test_the_first_question_names_the_head_and_doubling_distances(head: int) -> None:
    places = _doubling(head)
    assert len(places) <= POINTS
    assert all(0 < place <= head for place in places)
    assert not head or places[0] == head


@pytest.mark.parametrize(("low", "high"), [(0, 1), (5, 6), (5, 8), (0, 33), (0, 34), (10, 5000)])
def test_the_second_question_lies_in_between(low: int, high: int) -> None:
    places = _spread(low, high)
    assert all(low < place < high for place in places)
    assert len(set(places)) == len(places) == min(POINTS, high - low - 1)
    assert not places or places[-1] == high - 1
