"""Readers of the demo who wait: lines, a turn that is passed over, the hold shelf, the list to fetch by."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator

from app.circulation.holds.changing import HoldKey, suspend_hold
from app.circulation.holds.outcomes import Held
from app.circulation.holds.placing import PlaceRequest, place_hold
from app.demo.house import SHELF_DAYS
from app.demo.people import STAR
from app.demo.story import Copy, Reader, Story
from db.codes import Channel

LINES = (4, 3, 2, 3, 2)
TO_FETCH = 3


def borrow_the_wanted(story: Story) -> None:
    """Books of which there is one copy, and which others will wait for, are lent till after the last day."""
    readers = story.adults()
    for place, copy in enumerate(_single_copies(story)[:: len(LINES)][: len(LINES)]):
        back = story.end + dt.timedelta(days=place + 1)
        if story.lend_to_one_of(readers, copy, back):
            story.props[f"wanted {place}"] = copy.barcode


def wait_in_line(story: Story) -> None:
    """Lines of two to four for those books; in the first a turn is passed over, in the second the star waits, and
    somebody wants the book sent."""
    readers = _patient(story)
    for place, long in enumerate(LINES):
        for position in range(long):
            is_star = (place, position) == (1, 0) and STAR in story.cast
            channel = Channel.COURIER if (place, position) == (1, 1) else Channel.DESK
            wanted = story.cast[STAR] if is_star else next(readers, None)
            hold = _wait(story, wanted, story.title_of(f"wanted {place}"), channel)
            if hold is not None and (place, position) == (0, 1):
                suspend_hold(story.library, HoldKey(hold), story.act(), story.end + dt.timedelta(days=12))


def one_comes_in_time(story: Story) -> None:
    """A held copy comes back on the day from which its deadline is the day after the last."""
    calendar = story.library.calendar
    tomorrow = calendar.next_open(story.end + dt.timedelta(days=1))
    if "wanted 2" in story.props and calendar.add_open_days(story.day, SHELF_DAYS) == tomorrow:
        story.give_back(story.props["wanted 2"])


def stand_ready(story: Story) -> None:
    """Another one stands ready since today."""
    if "wanted 3" in story.props:
        story.give_back(story.props["wanted 3"])


def ask_for_what_is_here(story: Story) -> None:
    """Readers ask by telephone for books that stand on the shelf: they are to be fetched."""
    readers = reversed(list(_patient(story)))
    for number, copy in enumerate(_single_copies(story)[3::9][:TO_FETCH]):
        if any(_wait(story, reader, copy.title_id) for reader in readers):
            story.props[f"fetch {number}"] = copy.barcode


def _patient(story: Story) -> Iterator[Reader]:
    """Grown-ups who do not come too often."""
    return (reader for reader in story.adults() if reader.activity < 60)


def _wait(
    story: Story, reader: Reader | None, title: uuid.UUID | None, channel: Channel = Channel.DESK
) -> uuid.UUID | None:
    if reader is None or title is None:
        return None
    outcome = place_hold(story.library, PlaceRequest(reader.card, title, channel=channel), story.act())
    return outcome.place.hold_id if isinstance(outcome, Held) else None


def _single_copies(story: Story) -> list[Copy]:
    """Copies on the shelf that are the only one of their title, the most wanted first."""
    copies = Counter(copy.title_id for copy in story.copies)
    alone = [copy for copy in story.shelf(child=False) if copies[copy.title_id] == 1]
    return sorted(alone, key=lambda copy: (-copy.popularity, copy.barcode))
