"""Files of snapshots for whoever may have them (sync-protocol 10): those for all without a question, those of a branch
to its own devices."""

import re
from pathlib import Path

from app.centre import Centre
from app.sync.centre.devices import DeniedError
from app.sync.centre.pull import allowed
from app.sync.centre.snapshots import Shelf, unsealed
from app.sync.line import AWAY, BAD, DENIED, MISSING, OK, Reply
from app.sync.owners import Feed
from app.sync.wire import MalformedError
from db.trouble import Trouble

NAME = re.compile("[0-9a-f]{64}")
NOTHING = Reply(MISSING)


def manifest_reply(centre: Centre, folder: Path | None, feed: str, bearer: str) -> Reply:
    """The manifest of a feed's snapshot. Raises nothing but what a bug raises."""
    if feed not in set(Feed):
        return Reply(BAD, b"no such feed")
    try:
        if folder is None:
            return NOTHING
        return Reply(OK, _shelf(centre, folder, Feed(feed), bearer).manifest.read_bytes())
    except DeniedError as denied:
        return Reply(DENIED, denied.reason.encode())
    except OSError:
        return NOTHING
    except Trouble as trouble:
        return Reply(AWAY, trouble.code.encode(), 30)


def segment_reply(centre: Centre, folder: Path | None, name: str, bearer: str) -> Reply:
    """A segment, whole: one for all, or with a bearer one of its branch."""
    if not NAME.fullmatch(name):
        return Reply(BAD, b"no such segment")
    if folder is None:
        return NOTHING
    try:
        return Reply(OK, Shelf(folder, Feed.POLICY).segment(name).read_bytes())
    except OSError:
        return _of_branch(centre, folder, name, bearer) if bearer else NOTHING


def _of_branch(centre: Centre, folder: Path, name: str, bearer: str) -> Reply:
    try:
        kept = _shelf(centre, folder, Feed.BRANCH, bearer).segment(name).read_bytes()
        return Reply(OK, unsealed(centre, kept, bytes.fromhex(name)))
    except DeniedError as denied:
        return Reply(DENIED, denied.reason.encode())
    except (OSError, MalformedError):
        return NOTHING
    except Trouble as trouble:
        return Reply(AWAY, trouble.code.encode(), 30)


def _shelf(centre: Centre, folder: Path, feed: Feed, bearer: str) -> Shelf:
    if feed is not Feed.BRANCH:
        return Shelf(folder, feed)
    return Shelf(folder, feed, allowed(centre, bearer, feed).branch_id)
