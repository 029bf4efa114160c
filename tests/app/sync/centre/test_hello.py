"""What the centre says of every epoch a device names (sync-protocol 6), and what it writes down of the device."""

import datetime as dt

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.centre import Centre
from app.library import Library
from app.sync.line import BAD, DENIED, OK, Call
from app.sync.wire import (
    Ancestor,
    AncestorAsked,
    Checkpoint,
    Cursor,
    Hello,
    Progress,
    Verdict,
    open_message,
    seal_message,
)
from db.feeds import branch_feed
from db.journal import DECODER, next_chain
from db.models.sync import Device, FeedCursor, FeedHead, Stream
from tests.app.sync.centre.sending import Sender, journal, kept
from tests.library import add_copy, add_member, lend, take_back


def links(sender: Sender, library: Library) -> list[bytes]:
    """The chain of a journal, its beginning first."""
    chain = [sender.epoch.to_bytes(8, "big")]
    for entry in journal(library):
        chain.append(next_chain(chain[-1], entry.body))
    return chain


@pytest.fixture
def chain(library: Library, sender: Sender) -> list[bytes]:
    """Five entries, of which the centre has four."""
    member, copy = add_member(library), add_copy(library)
    lend(library, member, copy)
    take_back(library, copy)
    sender.push(journal(library)[:4])
    return links(sender, library)


def verdict(sender: Sender, head: int, link: bytes, epoch: int | None = None) -> Verdict:
    (said,) = sender.hello(Progress(epoch or sender.epoch, head, link, 0, b"")).verdicts
    return said


def test_an_epoch_nobody_heard_of_begins_at_one(sender: Sender, chain: list[bytes]) -> None:
    assert verdict(sender, 9, bytes(16), epoch=12345) == Verdict(12345, "ok", 0, b"")


def test_what_was_acknowledged_is_named_with_its_link(sender: Sender, chain: list[bytes]) -> None:
    assert verdict(sender, 5, chain[5]) == Verdict(sender.epoch, "ok", 4, chain[4])
    assert verdict(sender, 4, chain[4]).verdict == "ok"


def test_an_older_copy_of_the_database_is_told_that_it_is_one(sender: Sender, chain: list[bytes]) -> None:
    assert verdict(sender, 2, chain[2]) == Verdict(sender.epoch, "fork", 2, chain[2])


@pytest.mark.parametrize("head", [2, 4])
def test_another_history_under_the_same_numbers_is_a_fork(sender: Sender, chain: list[bytes], head: int) -> None:
    said = verdict(sender, head, bytes(16))
    assert (said.verdict, said.acked, said.chain) == ("fork", 4, chain[4])


def test_an_emptied_head_is_a_fork_too(sender: Sender, chain: list[bytes]) -> None:
    assert verdict(sender, 0, b"").verdict == "fork"


def test_several_epochs_are_answered_each(sender: Sender, chain: list[bytes]) -> None:
    said = sender.hello(Progress(1, 3, bytes(16), 0, b""), Progress(sender.epoch, 5, chain[5], 4, chain[4])).verdicts
    assert [(one.epoch, one.verdict, one.acked) for one in said] == [(1, "ok", 0), (sender.epoch, "ok", 4)]


def test_what_is_in_a_verified_backup_is_announced(centre: Centre, sender: Sender, chain: list[bytes]) -> None:
    with centre.write() as tx:
        tx.connection.execute(sa.update(Stream).where(Stream.epoch == sender.epoch).values(durable_through=3))
    assert verdict(sender, 5, chain[5]).durable == 3


def test_a_revoked_device_is_told_and_gets_nothing(centre: Centre, sender: Sender, chain: list[bytes]) -> None:
    with centre.write() as tx:
        gone = sa.update(Device).where(Device.id == sender.device_id)
        tx.connection.execute(gone.values(state="revoked", revoked_at=centre.now()))
    welcome = sender.hello(Progress(sender.epoch, 5, chain[5], 4, chain[4]))
    assert [one.verdict for one in welcome.verdicts] == ["revoked"]
    assert (welcome.bearer, welcome.heads) == ("", [])
    assert welcome.revoked == [sender.key.public_key().public_bytes_raw()]


def test_a_hello_of_somebody_else_is_refused(sender: Sender) -> None:
    told = seal_message(Hello(sender.device_id.bytes, 0, 1, "1", [], []), sender.key)
    assert sender.call(Call.HELLO, told).status == OK
    assert sender.call(Call.HELLO, told[:-1] + bytes([told[-1] ^ 1])).status == BAD
    forged = seal_message(Hello(sender.device_id.bytes, 0, 1, "1", [], []), Ed25519PrivateKey.generate())
    assert sender.call(Call.HELLO, forged).status == BAD
    unknown = seal_message(Hello(bytes(16), 0, 1, "1", [], []), sender.key)
    assert sender.call(Call.HELLO, unknown).status == DENIED


@pytest.mark.parametrize(("offered", "greatest"), [([5, 4, 2, 1], 4), ([5, 3, 1], 3), ([5], 0), ([], 0)])
def test_the_newest_common_link_is_found(sender: Sender, chain: list[bytes], offered: list[int], greatest: int) -> None:
    asked = AncestorAsked(sender.device_id.bytes, sender.epoch, [Checkpoint(seq, chain[seq]) for seq in offered])
    reply = sender.call(Call.ANCESTOR, seal_message(asked, sender.key))
    assert open_message(reply.body, Ancestor, sender.centre.keys.public_key) == Ancestor(sender.epoch, greatest)


def test_links_of_another_history_are_passed_over(sender: Sender, chain: list[bytes]) -> None:
    points = [Checkpoint(4, bytes(16)), Checkpoint(2, chain[2])]
    reply = sender.call(
        Call.ANCESTOR, seal_message(AncestorAsked(sender.device_id.bytes, sender.epoch, points), sender.key)
    )
    assert open_message(reply.body, Ancestor, sender.centre.keys.public_key).seq == 2


def test_what_a_device_says_is_kept_for_the_page_of_branches(centre: Centre, sender: Sender) -> None:
    now = centre.now()
    welcome = sender.hello(
        cursors=[Cursor("branch", 7, 12, 3), Cursor("nothing", 1, 1)], waiting=14,
        oldest_ms=int((now - dt.timedelta(days=6)).timestamp() * 1000), facts={"free_disk": 5_000, "rows": {"item": 3}},
    )  # fmt: skip
    (device,) = [one for one in kept(centre, Device) if one.id == sender.device_id]
    assert (device.waiting, device.seen_at, device.app_version, device.schema_version) == (14, now, "1.0", 1)
    assert device.skew_ms == -welcome.at_ms  # its clock stands at the beginning of 1970
    assert device.facts == {
        "free_disk": 5_000, "rows": {"item": 3}, "oldest_at": (now - dt.timedelta(days=6)).isoformat(),
    }  # fmt: skip
    sender.hello(cursors=[Cursor("branch", 7, 20)])
    (cursor,) = kept(centre, FeedCursor)
    assert (cursor.feed, cursor.pos, cursor.sub_pos) == ("branch", 20, 0)


def test_commands_wait_for_the_next_hello(centre: Centre, sender: Sender) -> None:
    with centre.write() as tx:
        tx.connection.execute(
            sa.update(Device).where(Device.id == sender.device_id).values(facts={"commands": ["digest_now"]})
        )
    assert sender.hello().commands == ["digest_now"]


@pytest.mark.parametrize("number", [-1, 1 << 63])
def test_numbers_that_are_none_are_refused(sender: Sender, number: int) -> None:
    told = Hello(sender.device_id.bytes, 0, 1, "1", [Progress(number, 1, b"", 0, b"")], [])
    assert sender.call(Call.HELLO, seal_message(told, sender.key)).status == BAD


def test_a_branch_that_has_read_further_than_the_feed_goes_tells_that_the_centre_was_turned_back(
    library: Library, centre: Centre, sender: Sender
) -> None:
    """A disk or a whole machine put back as it was runs on the same timeline: nothing else tells it."""
    add_member(library)
    sender.push(journal(library))
    page = sender.pull()
    was = Cursor("branch", page.epoch, page.pos)
    assert sender.hello(cursors=[was]).feed_epoch == page.epoch
    with centre.store.write() as tx:
        tx.connection.execute(
            sa.update(FeedHead).where(FeedHead.feed == branch_feed(library.branch.id)).values(pos=page.pos - 2)
        )
    anew = sender.hello(cursors=[was]).feed_epoch
    assert anew != page.epoch
    assert sender.hello(cursors=[was]).feed_epoch == anew
    add_copy(library)
    sender.push(journal(library, sender.sent))
    again = sender.pull(after=page.pos, epoch=page.epoch)
    assert (again.epoch, again.reset) == (anew, True)
    added = {change[1] for change in DECODER.decode(journal(library)[-1].body)[10]}
    assert {row.row for row in again.rows} >= added
