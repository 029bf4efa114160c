"""What a branch sends arrives as it is, once, in order; whatever is not right changes nothing."""

import datetime as dt
import random
import uuid
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.centre import Centre, found_centre, make_keys
from app.circulation.renewal import renew_item
from app.clock import SettableClock
from app.library import Library
from app.setup import found_library
from app.sync.centre import push
from app.sync.centre.folding import NotPlainError
from app.sync.line import BAD, CONFLICT, DENIED, OK, Call
from app.sync.owners import CENTRE_ONLY, PATCHED
from app.sync.wire import JournalBytes, Note, first_link
from app.undo import undo_last
from app.weeding.facts import Proposal
from app.weeding.service import Listed, propose
from db.codes import WeedingReason
from db.journal import DECODER
from db.models.circulation import LedgerLine, Loan
from db.models.collection import Document
from db.models.items import Item
from db.models.members import Member
from db.models.schema import synced_models
from db.models.sync import Device, JournalEntry, SetAside, Stream
from db.opening import create_store
from tests.app.sync.centre.sending import Sender, altered, journal, kept, same_rows, sender_of
from tests.db.rows import insert_sample
from tests.library import (
    MORNING,
    SET_UP,
    a_title,
    act,
    add_copy,
    add_member,
    add_pair,
    change,
    lend,
    pass_days,
    rows,
    take_back,
)

NOT_OF_A_BRANCH = CENTRE_ONLY | PATCHED.keys()


def busy(library: Library) -> None:
    """Months of a library: readers, copies, loans, a fine, an undo, minutes."""
    members = [add_member(library, mobile=f"0912111223{place}") for place in range(5)]
    copies = [add_copy(library, a_title(f"کتاب {place}")) for place in range(4)]
    for member, copy in zip(members[:3], copies, strict=False):
        lend(library, member, copy)
    renew_item(library, copies[0].barcode, act(library))
    pass_days(library, 40)
    take_back(library, copies[1])  # late: a fine
    lend(library, members[3], copies[3])
    undo_last(library, act(library))
    pair = add_pair(library)
    assert isinstance(propose(library, pair.barcode, Proposal(WeedingReason.CONTENT), act(library)), Listed)
    change(library, Member, members[2].id, national_id="0084575948")


def only_this_way(monkeypatch: pytest.MonkeyPatch, *, at_once: bool) -> None:
    """Let batches be applied at once, or one by one, and never the other way."""

    def refuse(*_: object) -> list[int]:
        raise NotPlainError if not at_once else AssertionError("not at once")

    monkeypatch.setattr(push, "apply_singly" if at_once else "apply_at_once", refuse)


@pytest.mark.parametrize("at_once", [True, False])
def test_all_that_a_branch_did_stands_at_the_centre_column_by_column(
    library: Library, centre: Centre, sender: Sender, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_this_way(monkeypatch, at_once=at_once)
    busy(library)
    entries = journal(library)
    pushed = sender.push(entries)
    assert pushed.acked == len(entries)
    assert pushed.notes == []
    assert same_rows(library, centre) > 40
    assert [entry.body for entry in entries] == [bytes(row.body) for row in ordered(centre, sender)]


def ordered(centre: Centre, sender: Sender) -> list[sa.Row[tuple[object, ...]]]:
    return sorted(kept(centre, JournalEntry, device_id=sender.device_id), key=lambda row: row.seq)


def test_in_batches_of_any_size_it_is_the_same(library: Library, centre: Centre, sender: Sender) -> None:
    busy(library)
    entries = journal(library)
    for place in range(0, len(entries), 3):
        assert sender.push(entries[place : place + 3]).notes == []
    same_rows(library, centre)


@pytest.mark.parametrize("at_once", [True, False])
def test_every_table_and_every_kind_of_value_arrives(
    library: Library, centre: Centre, sender: Sender, at_once: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_this_way(monkeypatch, at_once=at_once)
    chance = random.Random(5)
    for model in synced_models().values():
        if model in NOT_OF_A_BRANCH or model is LedgerLine:  # an account needs its reader: `busy` has one
            continue
        with library.store.write() as tx:
            insert_sample(tx, model, chance)
            tx.record("test.added", act(library))
    assert sender.push(journal(library)).notes == []
    same_rows(library, centre)


def test_summaries_of_copies_follow_what_came_in(library: Library, centre: Centre, sender: Sender) -> None:
    member, copy = add_member(library), add_copy(library)
    lend(library, member, copy)
    sender.push(journal(library))
    take_back(library, copy)
    pass_days(library, 3)
    lend(library, member, copy)
    sender.push(journal(library, sender.sent))
    (here,) = rows(library, Item)
    (there,) = kept(centre, Item)
    assert (there.loan_count, there.uses, there.last_loan_on) == (here.loan_count, here.uses, here.last_loan_on)
    assert (there.loan_count, there.shelf_key) == (2, here.shelf_key)
    undo_last(library, act(library))
    sender.push(journal(library, sender.sent))
    (there,) = kept(centre, Item)
    assert (there.loan_count, there.uses) == (1, 1)


def test_the_same_batch_twice_changes_nothing(library: Library, centre: Centre, sender: Sender) -> None:
    busy(library)
    batch = sender.batch(journal(library))
    first, second = (sender.opened(sender.call(Call.PUSH, batch)) for _ in range(2))
    assert (second.acked, second.chain, second.notes) == (first.acked, first.chain, [])
    assert len(kept(centre, JournalEntry, device_id=sender.device_id)) == first.acked
    assert len(kept(centre, LedgerLine)) == len(rows(library, LedgerLine))


def test_what_overlaps_is_skipped(library: Library, centre: Centre, sender: Sender) -> None:
    busy(library)
    entries = journal(library)
    whole = sender.batch(entries)
    sender.push(entries[:4])
    reply = sender.call(Call.PUSH, whole)
    assert (reply.status, sender.opened(reply).acked) == (OK, len(entries))
    same_rows(library, centre)


def test_a_gap_is_refused_and_names_where_the_centre_is(library: Library, centre: Centre, sender: Sender) -> None:
    busy(library)
    entries = journal(library)
    sender.push(entries[:2])
    at = sender.link
    sender.went(entries[2:4])
    reply = sender.call(Call.PUSH, sender.batch(entries[4:]))
    told = sender.opened(reply)
    assert (reply.status, told.error, told.acked, told.chain) == (CONFLICT, "gap", 2, at)
    assert len(kept(centre, JournalEntry, device_id=sender.device_id)) == 2


@pytest.mark.parametrize("where", ["again", "next"])
def test_another_history_under_the_same_numbers_is_a_fork(
    library: Library, centre: Centre, sender: Sender, where: str
) -> None:
    busy(library)
    entries = journal(library)
    sender.push(entries[:3])
    if where == "again":
        sender.sent, sender.link = 0, first_link(sender.epoch)
        entries = [altered(entries[0], kind="other.thing"), *entries[1:]]
    else:
        sender.link = bytes(16)
        entries = entries[3:]
    reply = sender.call(Call.PUSH, sender.batch(entries))
    assert (reply.status, sender.opened(reply).error, sender.opened(reply).acked) == (CONFLICT, "fork", 3)
    assert len(kept(centre, JournalEntry, device_id=sender.device_id)) == 3


def test_an_entry_sent_again_in_another_epoch_is_applied_once(library: Library, centre: Centre, sender: Sender) -> None:
    busy(library)
    entries = journal(library)
    sender.push(entries)
    eids = [row.eid for row in ordered(centre, sender)]
    other = replace(sender, epoch=sender.epoch + 1, sent=0, link=b"")
    moved = [
        altered(entry, seq=seq, eid=eid.bytes) for seq, (entry, eid) in enumerate(zip(entries, eids, strict=True), 1)
    ]
    assert other.push(moved).acked == len(entries)
    same_rows(library, centre)
    again = [row for row in ordered(centre, sender) if row.epoch == other.epoch]
    assert len(again) == len(entries)
    assert not any(row.applied for row in again)


def spoilt(raw: bytes, how: str) -> bytes:
    """A batch that something happened to on its way."""
    middle = len(raw) // 2
    return {
        "cut short": raw[:middle],
        "without its signature": raw[:-64],
        "one bit": raw[:middle] + bytes([raw[middle] ^ 1]) + raw[middle + 1 :],
        "nothing": b"",
        "noise": bytes(range(256)),
        "longer": raw + b"x",
    }[how]


@pytest.mark.parametrize("how", ["cut short", "without its signature", "one bit", "nothing", "noise", "longer"])
def test_a_spoilt_batch_changes_nothing(library: Library, centre: Centre, sender: Sender, how: str) -> None:
    busy(library)
    reply = sender.call(Call.PUSH, spoilt(sender.batch(journal(library)), how))
    assert reply.status == BAD
    assert kept(centre, Stream, device_id=sender.device_id) == []


def test_entries_in_another_order_are_refused(library: Library, centre: Centre, sender: Sender) -> None:
    busy(library)
    entries = journal(library)
    entries[3], entries[4] = entries[4], entries[3]
    pushed = sender.opened(sender.call(Call.PUSH, sender.batch(entries)))
    assert {note.seq for note in pushed.notes if note.what == "set_aside"} >= {4, 5}  # their bytes say another number


def test_a_forged_batch_is_refused(library: Library, centre: Centre, sender: Sender) -> None:
    busy(library)
    thief = replace(sender, key=Ed25519PrivateKey.generate())
    assert thief.call(Call.PUSH, thief.batch(journal(library))).status == BAD
    stranger = replace(sender, device_id=sender.branch_id)
    assert stranger.call(Call.PUSH, stranger.batch(journal(library))).status == DENIED
    assert kept(centre, Stream, device_id=sender.device_id) == []


def test_a_device_writes_for_its_own_branch_only(library: Library, centre: Centre, sender: Sender) -> None:
    other = centre.id
    reply = sender.call(Call.PUSH, sender.batch(journal(library), branch=other.bytes))
    assert reply.status == DENIED


@pytest.mark.parametrize("values", [{"state": "revoked"}, {"scopes": ["pull:branch"]}])
def test_a_device_that_may_no_longer_push_does_not(
    library: Library, centre: Centre, sender: Sender, values: dict[str, object]
) -> None:
    with centre.write() as tx:
        tx.connection.execute(sa.update(Device).where(Device.id == sender.device_id).values(values))
    assert sender.call(Call.PUSH, sender.batch(journal(library))).status == DENIED
    assert kept(centre, Stream, device_id=sender.device_id) == []


def test_rows_of_another_branch_are_set_aside_and_the_rest_goes_on(
    library: Library, centre: Centre, sender: Sender
) -> None:
    busy(library)
    sender.push(journal(library))
    thief = Sender(centre, uuid.uuid4(), uuid.uuid4(), 5).enrol()
    (branch,) = [row for row in kept(centre, Member) if row.national_id]
    steal = [14, branch.id.bytes, branch.ver, 1, {}]
    number = DECODER.decode(journal(library)[1].body)[10][0][0]
    steal[0] = number
    entry = altered(journal(library)[0], changes=[steal])
    later = altered(journal(library)[0], seq=2, changes=[])
    pushed = thief.push([replace(entry, personal=None), replace(later, personal=None)])
    assert pushed.acked == 2
    assert [note.what for note in pushed.notes if note.seq == 1] == ["set_aside", "case"]
    (now,) = [row for row in kept(centre, Member) if row.id == branch.id]
    assert (now.ver, now.branch_id) == (branch.ver, library.branch.id)


def test_what_only_the_centre_writes_is_set_aside(library: Library, centre: Centre, sender: Sender) -> None:
    chance = random.Random(1)
    for model in NOT_OF_A_BRANCH:
        with library.store.write() as tx:
            insert_sample(tx, model, chance)
            tx.record("test.added", act(library))
    entries = journal(library)
    pushed = sender.push(entries)
    assert pushed.acked == len(entries)
    assert len([note for note in pushed.notes if note.what == "set_aside"]) == len(NOT_OF_A_BRANCH)
    assert {row.reason.split()[0] for row in kept(centre, SetAside)} == {"centre_only"}


def test_an_unknown_entity_is_kept_and_what_follows_is_applied(
    library: Library, centre: Centre, sender: Sender
) -> None:
    add_member(library)
    entries = journal(library)
    number, row_id, *rest = DECODER.decode(entries[1].body)[10][0]
    assert number
    newer = altered(entries[1], changes=[[4_000, row_id, *rest]], schema=9)
    add_copy(library)
    following = journal(library, 2)
    pushed = sender.push([entries[0], newer, *following])
    assert pushed.acked == 3
    assert Note(2, "set_aside", "newer entity 4000") in pushed.notes
    assert len(kept(centre, Item)) == 1
    (aside,) = kept(centre, SetAside)
    assert (aside.position, aside.schema_version, aside.replayed_at) == (2, 9, None)


def test_a_clock_that_is_twenty_years_off_stops_nothing(library: Library, centre: Centre, sender: Sender) -> None:
    busy(library)
    ahead = [
        altered(entry, at_ms=DECODER.decode(entry.body)[3] + int(dt.timedelta(days=7_305).total_seconds() * 1_000))
        for entry in journal(library)
    ]
    pushed = sender.push(ahead)
    assert pushed.notes == [Note(1, "clock")]
    assert len(kept(centre, Loan)) == len(rows(library, Loan)) + 1  # the one that was undone too


def test_rows_whose_names_were_erased_are_applied_without_them(
    library: Library, centre: Centre, sender: Sender
) -> None:
    member, copy = add_member(library), add_copy(library)
    lend(library, member, copy)
    sender.push([JournalBytes(entry.body, None) for entry in journal(library)])
    (there,) = kept(centre, Member)
    assert (there.given_name, there.family_name, there.national_id, there.category) == ("", "", None, "ordinary")
    (loan,) = kept(centre, Loan)
    assert loan.member_id is None


def test_national_ids_lie_encrypted_and_equal_ones_are_equal(library: Library, centre: Centre, sender: Sender) -> None:
    add_member(library, national_id="0084575948")
    sender.push(journal(library))
    (there,) = kept(centre, Member)
    assert there.national_id == centre.cipher.encrypt("0084575948")
    assert "0084575948" not in there.search_key + there.national_id


def test_neither_the_journal_nor_what_is_set_aside_tells_who_a_reader_is(
    library: Library, centre: Centre, sender: Sender
) -> None:
    add_member(library, national_id="0084575948", family_name="بوستان")
    add_member(library, national_id="0013542419", family_name="بوستان")
    add_member(library, national_id="0499370899", family_name="بوستان")
    *before, singly, refused = journal(library)
    _, row_id, *rest = DECODER.decode(refused.body)[10][0]
    newer = altered(refused, changes=[[4_000, row_id, *rest]], schema=9)
    sender.push(before)
    assert sender.push([singly, newer]).notes[0].what == "set_aside"
    personal = [bytes(row.personal) for row in kept(centre, JournalEntry) if row.personal]
    told = [*personal, *(bytes(row.raw) for row in kept(centre, SetAside))]
    for name in ("0084575948", "0013542419", "0499370899", "بوستان"):
        assert not [raw for raw in told if name.encode() in raw]
    assert sorted(map(centre.cipher.unseal, personal)) == sorted(entry.personal or b"" for entry in journal(library))
    assert {centre.cipher.decrypt(row.national_id) for row in kept(centre, Member)} == {"0084575948", "0013542419"}


def test_an_older_program_said_less_and_is_understood(library: Library, centre: Centre, sender: Sender) -> None:
    add_copy(library)
    entries = journal(library)
    changes = DECODER.decode(entries[1].body)[10]
    changes[-1][4] = changes[-1][4][:15]  # the last columns of a copy were not there yet
    assert sender.push([entries[0], altered(entries[1], changes=changes)]).notes == []
    (copy,) = kept(centre, Item)
    assert (copy.renewable, copy.status, copy.loan_count) == (True, "available", 0)


def test_positions_are_told_so_that_nothing_of_it_is_sent_back(
    library: Library, centre: Centre, sender: Sender
) -> None:
    busy(library)
    entries = journal(library)
    first, second = sender.push(entries[:5]), sender.push(entries[5:])
    assert (first.feed[0], first.feed[1]) == (0, second.feed[0])
    assert sender.pull(after=second.feed[1]).rows == []
    assert len(sender.pull(after=first.feed[0]).rows) > 40


def test_what_a_device_says_of_itself_is_written_down(library: Library, centre: Centre, sender: Sender) -> None:
    sender.push(journal(library), app="2.1")
    (device,) = [row for row in kept(centre, Device) if row.id == sender.device_id]
    assert (device.seen_at, device.app_version, device.schema_version) == (centre.now(), "2.1", 1)


def test_two_branches_with_the_same_numbers_do_not_meet(
    library: Library, centre: Centre, sender: Sender, tmp_path: Path
) -> None:
    other, _ = found_library(tmp_path / "other", SET_UP, SettableClock(MORNING))
    with other.store:
        for one in (library, other):
            busy(one)
        sender.push(journal(library))
        sender_of(centre, other).push(journal(other))
        assert same_rows(library, centre) == same_rows(other, centre)


def test_scanned_papers_go_one_by_one(
    library: Library, centre: Centre, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "MOST_AT_ONCE", 10_000)
    monkeypatch.setattr(push, "apply_at_once", None)
    with library.store.write() as tx:
        tx.insert(
            Document, kind="attachment", media_type="image/png", file_name="a.png", content=bytes(range(256)) * 100,
            sha256="", made_at=act(library).at,
        )  # fmt: skip
        tx.record("paper.filed", act(library))
    sender.push(journal(library))
    same_rows(library, centre)


def test_a_centre_on_one_file_is_as_right(library: Library, tmp_path: Path) -> None:
    store, _ = create_store(tmp_path / "centre", None)
    with store:
        centre = found_centre(store, "مرکز", SettableClock(MORNING), make_keys(tmp_path / "keys"))
        busy(library)
        sender = sender_of(centre, library)
        pushed = sender.push(journal(library))
        assert [note.what for note in pushed.notes] == ["clock"]  # it stands where the branch began
        same_rows(library, centre)
        assert sender.pull(after=pushed.feed[1]).rows == []
        assert len(sender.pull().rows) > 40
