"""First filling: the rows of a feed out of the files of a snapshot, then the ordinary pull from the place they lead to
(sync-protocol 10).

The manifest is believed by the pinned key of the centre, each segment by the hash that stands in it. Segments that were
taken are remembered, so that a lost line costs at most the segment it was lost in, and of that only what has not come.
Whatever is wrong with them costs time, never rows: the ordinary pull brings the same. What a snapshot does not hold is
never a deletion.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from app.settings import Setting
from app.sync.branch.cursors import Position, move_to, position
from app.sync.branch.guarding import Guard
from app.sync.branch.taking import in_slices, take_slice
from app.sync.branch.talk import MEANING, RoundEndedError, RoundState, Talk
from app.sync.line import AWAY, BUSY, DENIED, OK, Files, LineLostError, UntrustedError
from app.sync.owners import Feed
from app.sync.segments import Segment, SegmentSaid, Snapshot, open_segment
from app.sync.wire import FRAME, MOST_SENT_ALONE, FeedRow, MalformedError, open_message

WORTH = 1_000
"""Positions of a feed from which on it is asked whether there is a snapshot: what is less comes in a few pages."""
TRIES = 3
"""Times a segment is asked for in a row without another byte of it coming."""
REFUSED = "snapshot_refused"
TAKEN: Setting[dict[str, list[str]]] = Setting("segments_taken", {}, scope="sync")
"""By feed the hashes of the segments that were taken, while the filling is under way."""
UNION_HELD: Setting[dict[str, Any]] = Setting("union_held", {}, scope="sync")
"""Up to which place {epoch, pos} the whole union is here, once a branch has taken it."""


def fill(talk: Talk, feed: Feed, files: Files, guard: Guard, *, lifted: bool = False) -> bool:
    """Take the snapshot of a feed, if there is one, and stand where it leads. False where the guard against mass
    deletion stopped it.

    Raises LineLostError (the next time goes on from there), RoundEndedError.
    """
    try:
        manifest = _manifest(talk, feed, files)
        if manifest is None:
            return True
        for said in _missing(talk, feed, manifest):
            segment = _segment(talk, feed, files, said)
            if segment is None:
                return True
            if not lifted:
                with talk.store.read() as reader:
                    stopped = guard.against(reader, segment.rows, [])
                if stopped is not None:
                    talk.guarded.append((feed.value, stopped.table, stopped.removed, stopped.of))
                    return False
            _take(talk, feed, segment.rows)
            _remember(talk, feed, said)
    except MalformedError:
        talk.notes.append(REFUSED)
        _forget(talk, feed)
        return True
    _stand(talk, feed, manifest)
    return True


def _manifest(talk: Talk, feed: Feed, files: Files) -> Snapshot | None:
    """The manifest, where it leads further than where we stand. Raises MalformedError for a forged or foreign one."""
    raw = bytearray()
    if not _answered(files, f"snap/{feed}/manifest", raw, FRAME, _bearer(talk)):
        return None
    manifest = open_message(bytes(raw), Snapshot, talk.centre.public_key)
    branch = talk.branch_id.bytes if feed is Feed.BRANCH else b""
    if (manifest.feed, manifest.branch) != (feed.value, branch):
        raise MalformedError("another snapshot")
    if talk.welcome is not None and manifest.epoch != talk.welcome.feed_epoch:
        return None  # the centre was restored since; it will be made anew
    with talk.store.read() as reader:
        here = position(reader, talk.device, feed)
        held = UNION_HELD.read(reader) if feed is Feed.BIB else {"epoch": here.epoch, "pos": here.pos}
    known = held.get("pos", 0) if held.get("epoch") == manifest.epoch else 0
    return manifest if manifest.pos > known else None


def _missing(talk: Talk, feed: Feed, manifest: Snapshot) -> Iterator[SegmentSaid]:
    with talk.store.read() as reader:
        taken = frozenset(TAKEN.read(reader).get(feed.value, ()))
    return (said for said in manifest.segments if said.sha256.hex() not in taken)


def _segment(talk: Talk, feed: Feed, files: Files, said: SegmentSaid) -> Segment | None:
    """A segment, proved by its hash; None where it is not there any more."""
    if said.size > MOST_SENT_ALONE:
        raise MalformedError("too big")
    got, lost = bytearray(), 0
    while len(got) < said.size:
        had = len(got)
        try:
            if not _answered(files, f"seg/{said.sha256.hex()}", got, said.size, _bearer(talk)):
                return None
        except LineLostError as error:
            lost = 0 if len(got) > had else lost + 1
            if lost == TRIES or isinstance(error, UntrustedError):
                raise
        else:
            _refuse_cut(got, had, said.size)
    talk.steps.reached("snapshot.segment_fetched")
    segment = open_segment(bytes(got), said)
    branch = talk.branch_id.bytes if feed is Feed.BRANCH else b""
    if (segment.feed, segment.branch) != (feed.value, branch):
        raise MalformedError("another snapshot")
    return segment


def _refuse_cut(got: bytearray, had: int, size: int) -> None:
    if len(got) == had and had < size:
        raise MalformedError("cut short")


def _answered(files: Files, name: str, into: bytearray, most: int, bearer: str) -> bool:
    try:
        reply = files.fetch(name, into, most, bearer)
    except LineLostError:
        if len(into) > most:
            raise MalformedError("too big") from None
        raise
    if reply.status in (DENIED, BUSY, AWAY):
        raise RoundEndedError(MEANING.get(reply.status, RoundState.WAIT), reply.retry_after)
    return reply.status == OK


def _bearer(talk: Talk) -> str:
    return "" if talk.welcome is None else talk.welcome.bearer


def _take(talk: Talk, feed: Feed, rows: Sequence[FeedRow]) -> None:
    for some in in_slices(rows, talk.store, talk.pause):
        with talk.store.read() as reader:
            here = position(reader, talk.device, feed)
        talk.received += take_slice(talk.library, talk.device, feed, some, here).rows
        talk.steps.reached("snapshot.slice_taken")


def _remember(talk: Talk, feed: Feed, said: SegmentSaid) -> None:
    with talk.store.write() as tx:
        taken = TAKEN.read(tx)
        TAKEN.write(tx, taken | {feed.value: [*taken.get(feed.value, ()), said.sha256.hex()]})
    talk.steps.reached("snapshot.segment_taken")


def _forget(talk: Talk, feed: Feed) -> None:
    with talk.store.write() as tx:
        TAKEN.write(tx, {name: taken for name, taken in TAKEN.read(tx).items() if name != feed.value})


def _stand(talk: Talk, feed: Feed, manifest: Snapshot) -> None:
    """All of it is here: go on from its place. Where we have read further in the feed already we stay there."""
    with talk.store.write() as tx:
        here = position(tx, talk.device, feed)
        if here.epoch == manifest.epoch or feed is not Feed.BIB or here == Position():
            sub_pos = here.sub_pos if here.epoch == manifest.epoch else 0
            pos = max(here.pos, manifest.pos) if here.epoch == manifest.epoch else manifest.pos
            move_to(tx, talk.device, feed, Position(manifest.epoch, pos, sub_pos))
        if feed is Feed.BIB:
            UNION_HELD.write(tx, {"epoch": manifest.epoch, "pos": manifest.pos})
        TAKEN.write(tx, {name: taken for name, taken in TAKEN.read(tx).items() if name != feed.value})
    talk.steps.reached("snapshot.done")
