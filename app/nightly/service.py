"""Nightly work when the computer next wakes: for each day missed, once, in order, whatever desk wakes first."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from app.calendar.rules import later
from app.library import Library
from app.nightly.state import Kept, keep, kept
from app.nightly.steps import STEPS, Counts, Step
from app.outcome import Refused
from app.refusal import Refusal
from db.act import Act
from db.alone import alone
from db.codes import Role
from db.trouble import StaleRowError

THE_HOUSE = 0
"""The desk under which nights stand in the journal: no desk's last action, so that Ctrl+Z never meets them."""
TRIES = 5
MOST_NIGHTS = 400
"""After a longer absence only the last nights are worked one by one: every step looks at how things stand on its day,
not at what happened on it."""


@dataclass(frozen=True, slots=True)
class Night:
    """The work of one day that is done, and how many rows it touched, by the names of `app.nightly.steps.WORDS`."""

    day: dt.date
    done: Counts


@dataclass(frozen=True, slots=True)
class NightsRun:
    """The nights that were worked now, the earliest first; none when nothing was due, or another desk is at it
    (`busy`)."""

    nights: tuple[Night, ...]
    busy: bool = False


NightsOutcome: TypeAlias = NightsRun | Refused


def run_due_nights(
    library: Library, act: Act, *, after: dt.date | None = None, breathe: Callable[[], None] = lambda: None
) -> NightsOutcome:
    """Do the nightly work of every day since the last one done, up to `act.day`, each step in transactions of its own.

    A run that was cut short goes on with the step it had reached. While the clock is doubtful nothing is done, and
    neither when it was set back. `after`: the day that counts as done while none is remembered (the day before
    `act.day` if left out). `breathe` is called between steps, and may raise to stop there.

    Raises StaleRowError when another desk was faster again and again, and whatever the steps raise.
    """
    if act.stamp.doubtful:
        return Refused((Refusal("clock.doubtful", facts={"today": act.day}),))
    with library.store.read() as reader:
        if not any(_due(kept(reader), act.day, after)):
            return NightsRun(())
    with alone(library.store, "nightly") as mine:
        return NightsRun(tuple(_nights(library, act, after, breathe)), busy=False) if mine else NightsRun((), busy=True)


def _nights(library: Library, act: Act, after: dt.date | None, breathe: Callable[[], None]) -> Iterator[Night]:
    with library.store.read() as reader:
        state = kept(reader)  # read anew: another desk may have done them while this one waited
    act = replace(act, role=Role.HEAD, desk=THE_HOUSE, key=None)
    days = list(_due(state, act.day, after))
    total = Counter[str]()
    for day in days:
        done = _night(library, act, day, state, breathe)
        total.update(done)
        state = Kept(done=day, last=total, nights=len(days))
        _remember(library, state)
        yield Night(day, {name: count for name, count in done.items() if count})


def _due(state: Kept, today: dt.date, after: dt.date | None) -> Iterator[dt.date]:
    """The days whose night has not been worked, in order."""
    done = max(state.done or after or later(today, -1), later(today, -MOST_NIGHTS))
    return (later(done, number) for number in range(1, (today - done).days + 1))


def _night(library: Library, act: Act, day: dt.date, state: Kept, breathe: Callable[[], None]) -> Counts:
    """One night, from the step on at which it was cut short."""
    begun, counts = list(state.begun), Counter(state.counts)
    for step in STEPS:
        if step.name not in begun and (day == act.day or not step.last_only):
            breathe()
            counted = _step(library, step, act, day)
            begun.append(step.name)
            counts.update(counted)
            if any(counted.values()):
                _remember(library, replace(state, begun=tuple(begun), counts=counts))
    return counts


def _step(library: Library, step: Step, act: Act, day: dt.date) -> Counts:
    for _ in range(TRIES - 1):
        try:
            return step.run(library, act, day)
        except StaleRowError:  # another desk was faster: asked again, the rows are right
            continue
    return step.run(library, act, day)


def _remember(library: Library, state: Kept) -> None:
    with library.store.write() as tx:
        keep(tx, state)
