"""The schedules notice what is broken: faults planted in either side, each caught (sync-anchors 5)."""

import uuid
from collections.abc import Callable, Sequence

import pytest

from app.library import Library
from app.sync.branch import greeting, pulling, pushing
from app.sync.branch.cursors import Position
from app.sync.branch.growth import Growth
from app.sync.branch.streams import History, link_at
from app.sync.branch.taking import Taken, take_slice
from app.sync.branch.talk import Talk
from app.sync.centre import hello
from app.sync.line import LineLostError
from app.sync.owners import Feed
from app.sync.wire import FeedRow, Progress, Pushed, Verdict
from db.reading import Reader
from tests.sync.test_schedules import run

Plant = Callable[[pytest.MonkeyPatch], None]
MOST = 60
"""Schedules within which a planted fault must be found."""


def _histories_told_by_their_number_alone(patch: pytest.MonkeyPatch) -> None:
    """A sequence number is taken for a history: a restored copy goes on where the centre stands."""
    ours = hello._verdict

    def verdict(reader: Reader, device: object, said: Progress) -> Verdict:
        told = ours(reader, device, said)  # type: ignore[arg-type]
        return Verdict(said.epoch, "ok", min(told.acked, said.head), told.chain, told.durable)

    patch.setattr(hello, "_verdict", verdict)
    patch.setattr(greeting, "agrees", lambda *_: True)
    patch.setattr(pushing, "agrees", lambda *_: True)


def _what_was_sent_counts_as_arrived(patch: pytest.MonkeyPatch) -> None:
    """A branch does not wait for the answer, and does not ask at hello what the centre has."""
    ours = pushing._deliver

    def deliver(talk: Talk, history: History, acked: int, growth: Growth) -> tuple[Pushed, Growth]:
        last = acked + pushing._cut(talk, history, acked, growth).count
        try:
            return ours(talk, history, acked, growth)
        except LineLostError:
            with talk.store.read() as reader:
                return Pushed(last, link_at(reader, talk.device, history.epoch, last) or b""), growth

    patch.setattr(pushing, "_deliver", deliver)
    patch.setattr(greeting, "_follow", lambda *_: None)


def _a_row_of_a_slice_is_passed_over(patch: pytest.MonkeyPatch) -> None:
    """The branch stands behind a row that it never took."""

    def slice_but_one(
        library: Library, device: uuid.UUID, feed: Feed, rows: Sequence[FeedRow], place: Position
    ) -> Taken:
        return take_slice(library, device, feed, rows[1:], place)

    patch.setattr(pulling, "take_slice", slice_but_one)


PLANTED = (_histories_told_by_their_number_alone, _what_was_sent_counts_as_arrived, _a_row_of_a_slice_is_passed_over)


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__.strip("_"))
def test_a_planted_fault_is_caught(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    with pytest.raises(AssertionError, match="seed"):
        for seed in range(MOST):
            run(seed)
