"""When the next round is due: soon after a commit while on line, else every quarter of an hour, more and more seldom
while nothing answers (sync-protocol 8, 18). Pure: moments in, a moment out."""

import datetime as dt
from dataclasses import dataclass

AFTER_COMMIT = dt.timedelta(seconds=30)
EVERY = dt.timedelta(minutes=15)
SPREAD = 0.2
"""Rounds of many branches that began together drift apart by a fifth of the interval to either side."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What the rounds so far say of the next one. `ended_at` None: none yet; `failures` in a row; `not_before`: the
    centre asked to wait."""

    ended_at: dt.datetime | None = None
    failures: int = 0
    not_before: dt.datetime | None = None

    def after(self, now: dt.datetime, *, good: bool, retry_after: int | None = None) -> "Pace":
        """After a round that ended now; `good`: the line stood; `retry_after` seconds."""
        wait = None if retry_after is None else now + dt.timedelta(seconds=retry_after)
        return Pace(now, 0 if good else self.failures + 1, wait)


def next_round(pace: Pace, jitter: float, *, waiting_since: dt.datetime | None = None) -> dt.datetime | None:
    """When the next round begins; None: at once. `jitter` from 0 to 1 by chance; `waiting_since`: the commit of the
    oldest entry that waits."""
    if pace.ended_at is None:
        return None
    if pace.failures:
        backed_off = min(EVERY, AFTER_COMMIT * (1 << min(pace.failures - 1, 16)))
        due = pace.ended_at + backed_off * (0.5 + jitter / 2)
    else:
        due = pace.ended_at + EVERY * (1 - SPREAD + 2 * SPREAD * jitter)
        if waiting_since is not None:
            due = min(due, max(waiting_since, pace.ended_at) + AFTER_COMMIT)
    return due if pace.not_before is None else max(due, pace.not_before)


def is_due(pace: Pace, now: dt.datetime, jitter: float, *, waiting_since: dt.datetime | None = None) -> bool:
    """Whether a round should begin now. A clock that was set back does not put it off for ever."""
    due = next_round(pace, jitter, waiting_since=waiting_since)
    return due is None or now >= due or (pace.ended_at is not None and now < pace.ended_at - AFTER_COMMIT)


def may_ask(pace: Pace, now: dt.datetime) -> bool:
    """Whether a person may begin one now (F5): always, but for the time the centre asked to wait."""
    return pace.not_before is None or now >= pace.not_before
