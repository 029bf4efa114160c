"""What is remembered of the nights: the last day whose work is done, the night in hand, and what the last run did."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.settings import Setting
from db.reading import Reader
from db.writing import Tx

KEPT: Setting[dict[str, Any]] = Setting("nightly", {})


@dataclass(frozen=True, slots=True)
class Kept:
    """`done`: the last day whose night has been worked; None before the first. `begun`: the steps done already of the
    night after it, and `counts` what they did. `last`: what the nights of the last run did together, and how many
    `nights` they were."""

    done: dt.date | None = None
    begun: tuple[str, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    last: Mapping[str, int] = field(default_factory=dict)
    nights: int = 0


def kept(reader: Reader) -> Kept:
    """What is remembered."""
    value = KEPT.read(reader)
    done = value.get("done")
    return Kept(
        dt.date.fromisoformat(done) if done else None,
        tuple(value.get("begun", ())),
        value.get("counts", {}),
        value.get("last", {}),
        value.get("nights", 0),
    )


def keep(tx: Tx, state: Kept) -> None:
    """Remember it. It belongs to no use case and makes no journal entry."""
    value = {
        "done": state.done.isoformat() if state.done else None,
        "begun": list(state.begun),
        "counts": dict(state.counts),
        "last": dict(state.last),
        "nights": state.nights,
    }
    KEPT.write(tx, value)
