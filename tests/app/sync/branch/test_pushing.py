"""What the branch sends, against a centre on paper."""

import datetime as dt

import pytest

from app.check import check_library
from app.library import Library
from app.sync.branch.streams import histories
from app.sync.branch.talk import RoundState
from app.sync.line import AWAY, BAD, BUSY, TOO_BIG, Call, LineLostError, Reply, Steps
from app.sync.queries import sync_state, waiting_entries
from app.sync.rows import changes_of
from db.models.members import Member
from db.models.sync import JournalEntry, Site
from tests.app.sync.branch.conftest import synced
from tests.app.sync.branch.paper_centre import PaperCentre, lost
from tests.library import ACopy, AMember, act, add_copy, add_member, change, clock, lend, rows, take_back


def acked(library: Library) -> list[int]:
    assert library.store.identity is not None
    with library.store.read() as reader:
        return [history.acked for history in histories(reader, library.store.identity.device_id)]


def busy_desk(library: Library, loans: int) -> None:
    member, copy = add_member(library), add_copy(library)
    for _ in range(loans):
        lend(library, member, copy)
        take_back(library, copy)


def test_a_branch_that_is_not_enrolled_talks_to_nobody(library: Library) -> None:
    centre = PaperCentre(library)
    assert synced(centre).state is RoundState.NOT_ENROLLED
    assert centre.calls == []


def test_everything_that_was_written_goes_up_once_and_in_order(library: Library, centre: PaperCentre) -> None:
    lend(library, add_member(library), add_copy(library))
    outcome = synced(centre)
    entries = rows(library, JournalEntry)
    sent = [entry for batch in centre.batches for entry in batch.entries]
    assert (outcome.state, outcome.sent, outcome.waiting) == (RoundState.DONE, len(entries), 0)
    assert [bytes(entry.body) for entry in sorted(entries, key=lambda one: one.seq)] == [one.body for one in sent]
    assert [one.personal for one in sent] == [entry.personal for entry in sorted(entries, key=lambda one: one.seq)]
    again = synced(centre)
    assert (again.sent, len(centre.batches)) == (0, len(centre.sizes))
    assert check_library(library).broken == ()


def test_batches_begin_at_two_kilobytes_and_grow(library: Library, centre: PaperCentre) -> None:
    busy_desk(library, 150)
    synced(centre)
    assert len(centre.sizes) > 4
    founding, *small = centre.sizes[:3]
    assert max(small) <= 2048 < founding  # one entry alone may be larger
    assert 2048 < max(centre.sizes[3:6]) <= 4096
    assert acked(library) == [len(rows(library, JournalEntry))]


def test_one_large_entry_goes_alone_in_a_larger_batch(library: Library, centre: PaperCentre) -> None:
    member = add_member(library)
    change(library, Member, member.id, note="".join(chr(0x600 + place % 200) for place in range(9_000)) * 2)
    synced(centre)
    assert acked(library) == [len(rows(library, JournalEntry))]


def test_a_lost_answer_is_made_up_for_by_the_same_batch_made_smaller(library: Library, centre: PaperCentre) -> None:
    synced(centre)
    busy_desk(library, 20)
    centre.after, before = lost(Call.PUSH), len(centre.sizes)
    outcome = synced(centre)
    assert (outcome.state, outcome.waiting) == (RoundState.DONE, 0)
    assert centre.sizes[before + 1] < centre.sizes[before]
    sent = [entry.body for batch in centre.batches for entry in batch.entries]
    assert len(set(sent)) == len(rows(library, JournalEntry))


def test_a_line_that_stays_dead_ends_the_round_and_keeps_everything(library: Library, centre: PaperCentre) -> None:
    add_member(library)

    def dead(call: Call, body: bytes) -> Reply | None:
        if call is Call.PUSH:
            raise LineLostError
        return None

    centre.before = dead
    outcome = synced(centre)
    assert (outcome.state, outcome.sent) == (RoundState.NO_LINE, 0)
    assert centre.calls.count(Call.PUSH) == 3
    assert outcome.waiting == len(rows(library, JournalEntry))
    centre.before = lambda *_: None
    assert synced(centre).waiting == 0


@pytest.mark.parametrize("status", [TOO_BIG, BAD])
def test_a_batch_that_is_not_taken_is_halved(library: Library, centre: PaperCentre, status: int) -> None:
    synced(centre)
    busy_desk(library, 60)
    centre.sizes.clear()
    centre.before = lambda call, body: Reply(status) if call is Call.PUSH and len(body) > 900 else None
    outcome = synced(centre)
    assert (outcome.state, outcome.waiting) == (RoundState.DONE, 0)
    assert max(centre.sizes) <= 900


def test_an_entry_the_centre_will_never_take_stops_the_round_for_a_person_to_look(
    library: Library, centre: PaperCentre
) -> None:
    centre.before = lambda call, _: Reply(BAD) if call is Call.PUSH else None
    assert synced(centre).state is RoundState.REFUSED
    with library.store.read() as reader:
        assert sync_state(reader, library.clock.read().at).state == "refused"


@pytest.mark.parametrize("status", [BUSY, AWAY])
def test_a_centre_that_asks_to_wait_is_left_alone(library: Library, centre: PaperCentre, status: int) -> None:
    busy_desk(library, 60)
    centre.before = lambda *_: Reply(status, b"", 90) if centre.calls.count(Call.PUSH) == 2 else None
    outcome = synced(centre)
    assert (outcome.state, outcome.retry_after, centre.calls[-1]) == (RoundState.WAIT, 90, Call.PUSH)
    assert 0 < outcome.sent < len(rows(library, JournalEntry))
    with library.store.read() as reader:
        told = sync_state(reader, library.clock.read().at)
    assert told.retry_at == library.clock.read().at + dt.timedelta(seconds=90)


def test_an_acknowledgement_of_another_history_is_not_believed(library: Library, centre: PaperCentre) -> None:
    """It is asked again; nothing counts as sent that the centre does not show to have."""
    add_member(library)

    def other(call: Call, body: bytes) -> Reply | None:
        if call is Call.PUSH:
            return centre._pushed([bytes(16)] * 2, 200)
        return None

    centre.before = other
    outcome = synced(centre)
    assert (outcome.state, outcome.sent) == (RoundState.WAIT, 0)
    assert acked(library) == [0]


def test_an_answer_signed_by_somebody_else_changes_nothing(library: Library, centre: PaperCentre) -> None:
    stranger = PaperCentre(library, key=centre.key)
    assert synced(stranger).state is RoundState.UNTRUSTED
    assert acked(library) == [0]
    assert rows(library, Site)[0].last_contact_at is None


def test_a_revoked_device_stops_and_the_desk_goes_on(library: Library, centre: PaperCentre) -> None:
    centre.says = {"revoked": [centre.key.public_key().public_bytes_raw()]}
    assert synced(centre).state is RoundState.REVOKED
    assert centre.calls == [Call.HELLO]
    lend(library, add_member(library), add_copy(library))


def test_what_hello_says_of_the_clocks_is_kept_and_carried_by_entries(library: Library, centre: PaperCentre) -> None:
    centre.ahead_ms = 20 * 365 * 86_400_000
    assert synced(centre).state is RoundState.DONE
    (site,) = rows(library, Site)
    assert site.skew_ms == centre.ahead_ms
    assert site.last_contact_at == library.clock.read().at
    clock(library).advance(seconds=300)
    stamp = library.clock.read()
    assert (stamp.skew_ms, stamp.server_age_min) == (centre.ahead_ms, 5)


def test_the_window_learns_what_waits_and_since_when(library: Library, centre: PaperCentre) -> None:
    synced(centre)
    clock(library).advance(days=6)
    add_member(library)
    clock(library).advance(days=1)
    with library.store.read() as reader:
        told = sync_state(reader, library.clock.read().at)
        assert waiting_entries(reader).entries == told.waiting == 1
    assert told.oldest_at == library.clock.read().at - dt.timedelta(days=1)
    assert (told.days_silent, told.enrolled, told.state) == (7, True, "done")


class Dies(Steps):
    """Ends the process at a step."""

    def __init__(self, name: str) -> None:
        self.name = name

    def reached(self, name: str) -> None:
        if name == self.name:
            raise KeyboardInterrupt


@pytest.mark.parametrize("step", ["push.answered", "push.kept", "hello.contact_kept", "pull.answered", "push.sending"])
def test_a_process_that_dies_anywhere_leaves_nothing_out_and_nothing_double(
    library: Library, centre: PaperCentre, step: str
) -> None:
    busy_desk(library, 40)
    with pytest.raises(KeyboardInterrupt):
        synced(centre, steps=Dies(step))
    assert synced(centre).waiting == 0
    links = centre.links[acked_epoch(library)]
    assert links == [bytes(one.chain) for one in sorted(rows(library, JournalEntry), key=lambda one: one.seq)]


def acked_epoch(library: Library) -> int:
    assert library.store.identity is not None
    return library.store.identity.epoch


def test_an_entry_says_who_lent_what_and_no_reader_outside_its_personal_part(
    library: Library, centre: PaperCentre
) -> None:
    member: AMember = add_member(library)
    copy: ACopy = add_copy(library)
    lend(library, member, copy)
    synced(centre)
    loan = centre.batches[-1].entries[-1]
    assert member.id.bytes not in loan.body
    assert any(member.id in change.values.values() for change in changes_of(loan.body, loan.personal).changes)
    assert act(library).day.toordinal() > 0
