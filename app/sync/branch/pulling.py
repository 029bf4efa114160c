"""Pull: the feeds in their order, page after page from where we stand (sync-protocol 8, 9)."""

from collections.abc import Sequence

from app.sync.branch.cursors import Position, move_to, position
from app.sync.branch.filling import UNION_HELD, WORTH, fill
from app.sync.branch.guarding import LIFTED, Guard, is_lifted
from app.sync.branch.streams import waiting
from app.sync.branch.taking import in_slices, remove_ended, replay, take_slice
from app.sync.branch.talk import Talk
from app.sync.line import Files
from app.sync.owners import Feed
from app.sync.wire import FeedRow, Page, PullAsked

SHARED = frozenset({Feed.BIB})
"""Feeds of subscribed rows: a place in them is a pair, so it is stored only when a page is done."""


def pull_all(talk: Talk) -> None:
    """Read every feed to its end: what the branch owns or edits only while nothing of ours is on its way."""
    with talk.store.read() as reader:
        behind = waiting(reader, talk.device)
    for feed in Feed:
        if feed is Feed.BRANCH and behind:
            continue
        _pull(talk, feed)
    replay(talk.library, talk.device)
    talk.steps.reached("pull.replayed")
    talk.library.forget_rules()


def _pull(talk: Talk, feed: Feed) -> None:
    guard = Guard()
    with talk.store.read() as reader:
        here = position(reader, talk.device, feed)
        lifted = is_lifted(reader, feed)
    more = not _at_head(talk, feed, here)
    page = _first(talk, feed, here, guard, lifted=lifted) if more else None
    if more and page is None:
        return
    while page is not None:
        ended = [(int(entity), bytes(row)) for entity, row, *_ in page.ended]
        if not lifted:
            with talk.store.read() as reader:
                stopped = guard.against(reader, page.rows, ended)
            if stopped is not None:
                talk.guarded.append((feed.value, stopped.table, stopped.removed, stopped.of))
                return
        _take(talk, feed, page, ended)
        here = Position(page.epoch, page.pos, page.sub_pos)
        page = _asked(talk, feed, here) if page.more else None
    talk.read_to_end.add(feed.value)
    if lifted:
        with talk.store.write() as tx:
            LIFTED.write(tx, {name: place for name, place in LIFTED.read(tx).items() if name != feed.value})


def _first(talk: Talk, feed: Feed, here: Position, guard: Guard, *, lifted: bool) -> Page | None:
    """The first page; where the whole feed would come, behind its snapshot. None where the guard stopped that.

    The whole union does not come by itself, since a branch needs few of its records: a person asks for it
    (`fill_union`).
    """
    page = _asked(talk, feed, here) if here.pos else None
    worth = feed not in SHARED and talk.heads.get(feed.value, 0) >= WORTH
    anew = page is None or (page.reset and not page.reset_from and page.more)
    if worth and anew and isinstance(talk.line, Files):
        if not fill(talk, feed, talk.line, guard, lifted=lifted):
            return None
        page = None
        with talk.store.read() as reader:
            here = position(reader, talk.device, feed)
    return page or _asked(talk, feed, here)


def _asked(talk: Talk, feed: Feed, here: Position) -> Page:
    with talk.store.read() as reader:
        held = UNION_HELD.read(reader) if feed is Feed.BIB else {}
    have = int(held["pos"]) if held.get("epoch") == here.epoch else 0
    asked = PullAsked(talk.device.bytes, feed.value, here.epoch, here.pos, here.sub_pos, have=have)
    return talk.pull(asked, Page)


def _at_head(talk: Talk, feed: Feed, here: Position) -> bool:
    """Whether there can be nothing new, as far as the centre said at hello."""
    head = talk.heads.get(feed.value)
    return feed not in SHARED and head is not None and here.epoch == talk.said.feed_epoch and here.pos >= head


def _take(talk: Talk, feed: Feed, page: Page, ended: Sequence[tuple[int, bytes]]) -> None:
    left = len(page.rows)
    for rows in in_slices(page.rows, talk.store, talk.pause):
        left -= len(rows)
        with talk.store.read() as reader:
            here = position(reader, talk.device, feed)
        place = _after(feed, page, rows, here, last=not left and not ended)
        talk.received += take_slice(talk.library, talk.device, feed, rows, place).rows
        talk.steps.reached("pull.slice_taken")
    if ended or not page.rows:
        with talk.store.write() as tx:
            if ended:  # what goes now may have come with the whole union
                remove_ended(tx, ended)
                UNION_HELD.write(tx, {})
            move_to(tx, talk.device, feed, Position(page.epoch, page.pos, page.sub_pos))
        talk.pause()


def _after(feed: Feed, page: Page, rows: Sequence[FeedRow], here: Position, *, last: bool) -> Position:
    """Where we stand after a slice of a page."""
    if last:
        return Position(page.epoch, page.pos, page.sub_pos)
    if feed in SHARED or (page.reset and here.epoch != page.epoch and not rows):
        return here
    return Position(page.epoch, rows[-1].pos, page.sub_pos)
