"""Push: batch after batch of the journal, one at a time, until the centre has acknowledged all (sync-protocol 7,
18)."""

from dataclasses import dataclass, replace

from app.sync.branch.cursors import Position, move_to, position
from app.sync.branch.growth import Growth
from app.sync.branch.streams import (
    ENTRIES_AFTER,
    SIZES_AFTER,
    History,
    agrees,
    as_many,
    histories,
    keep_acked,
    link_at,
)
from app.sync.branch.talk import AgainError, RoundEndedError, RoundState, Talk
from app.sync.line import BAD, CONFLICT, TOO_BIG, Call, LineLostError
from app.sync.owners import Feed
from app.sync.wire import MOST_SENT, PROTOCOL, Header, JournalBytes, Pushed, first_link, make_batch
from app.version import VERSION
from db.journal import SCHEMA_VERSION

TRIES = 3
"""Times a batch is sent, smaller each time, before the line counts as lost."""
MOST_PASSES = 4
UNKNOWN = 1 << 62
"""Stands for «somewhere after where we are»."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """A batch as it goes out, with so many entries of so many bytes."""

    raw: bytes
    count: int
    unpacked: int


def push_all(talk: Talk) -> None:
    """Send what waits of every epoch, oldest first, and what the desk adds meanwhile.

    Raises AgainError where the centre stands elsewhere than it said, LineLostError, RoundEndedError.
    """
    growth = Growth()
    for _ in range(MOST_PASSES):  # a desk that never rests must not keep the round from its end
        with talk.store.read() as reader:
            behind = [history for history in histories(reader, talk.device) if history.waiting]
        if not behind:
            return
        for history in behind:
            growth = _push(talk, history, growth)


def _push(talk: Talk, history: History, growth: Growth) -> Growth:
    acked = history.acked
    while acked < history.head:
        pushed, growth = _deliver(talk, history, acked, growth)
        if pushed.acked <= acked:
            raise AgainError("nothing was taken")
        _keep(talk, history, acked, pushed)
        acked = pushed.acked
        talk.pause()
    return growth


def _deliver(talk: Talk, history: History, acked: int, growth: Growth) -> tuple[Pushed, Growth]:
    """Send the next batch, smaller when it does not get through. Returns what the centre said."""
    lost = 0
    while True:
        cut = _cut(talk, history, acked, growth)
        try:
            reply = talk.send(Call.PUSH, cut.raw)
        except LineLostError:
            lost += 1
            growth = growth.failed()
            if lost == TRIES:
                raise
            continue
        if reply.status not in (TOO_BIG, BAD):
            break
        if cut.count == 1:  # one entry that the centre will not have: a person must look
            raise RoundEndedError(RoundState.REFUSED)
        growth = replace(growth.failed(), size=min(growth.size, len(cut.raw)) // 2)
    pushed = talk.opened(reply, Pushed)
    if reply.status == CONFLICT or pushed.error:
        raise AgainError(pushed.error)
    return pushed, growth.learnt(cut.unpacked, len(cut.raw)).succeeded(talk.said.most_sent or MOST_SENT)


def _cut(talk: Talk, history: History, acked: int, growth: Growth) -> _Cut:
    """A batch of about the size that may be; one entry alone may be larger."""
    size = min(growth.size, talk.said.most_sent or MOST_SENT)
    with talk.store.read() as reader:
        where = {"device": talk.device, "epoch": history.epoch, "seq": acked}
        count = as_many(reader.all(SIZES_AFTER, **where, until=history.head), growth.unpacked)
        found = reader.all(ENTRIES_AFTER, **where, until=acked + count)
        before = link_at(reader, talk.device, history.epoch, acked) or first_link(history.epoch)
        cursor = position(reader, talk.device, Feed.BRANCH)
    if not found:
        raise AgainError("entries are missing")
    count = len(found)
    while True:
        header = Header(
            PROTOCOL, talk.branch_id.bytes, talk.device.bytes, history.epoch, acked + 1, acked + count, before,
            found[count - 1][1], SCHEMA_VERSION, VERSION, cursor.pos,
        )  # fmt: skip
        raw = make_batch(header, [entry for entry, _ in found[:count]], talk.key)
        if len(raw) <= size or count == 1:
            return _Cut(raw, count, sum(_bytes_of(entry) for entry, _ in found[:count]))
        count = max(1, min(count - 1, count * size // len(raw)))


def _bytes_of(entry: JournalBytes) -> int:
    return len(entry.body) + len(entry.personal or b"")


def _keep(talk: Talk, history: History, before: int, pushed: Pushed) -> None:
    """What the centre has acknowledged, and that its feed need not tell us our own rows again."""
    with talk.store.write() as tx:
        if pushed.acked > history.head or not agrees(tx, talk.device, history.epoch, pushed.acked, pushed.chain):
            raise AgainError("the centre has another history")
        keep_acked(tx, talk.device, history.epoch, pushed.acked)
        if not _spared(talk, pushed):
            talk.heads[Feed.BRANCH] = UNKNOWN
        else:
            here = position(tx, talk.device, Feed.BRANCH)
            start, end = pushed.feed
            if here.pos == start and (here.epoch == talk.said.feed_epoch or here == Position()):
                move_to(tx, talk.device, Feed.BRANCH, Position(talk.said.feed_epoch, end, here.sub_pos))
            talk.heads[Feed.BRANCH] = max(end, talk.heads.get(Feed.BRANCH, 0))
    talk.sent += pushed.acked - before
    talk.notes.extend(note.what for note in pushed.notes)
    talk.steps.reached("push.kept")


def _spared(talk: Talk, pushed: Pushed) -> bool:
    """Whether the centre took every row as it was sent, and is still the one that said hello."""
    return len(pushed.feed) == 2 and pushed.server_epoch in (0, talk.said.server_epoch)
