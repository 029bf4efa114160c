"""What an official minutes says, handed to whoever sets it on paper; `reports` does, `app` does not know how."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol

from app.weeding.reads import ListedCopy
from db.codes import WeedingReason


@dataclass(frozen=True, slots=True)
class MinutesPaper:
    """Everything printed on minutes: heading, rows, number, and the head of the journal's chain."""

    reason: WeedingReason
    library: str
    province: str
    county: str
    city: str
    grade: str
    day: dt.date
    number: str | None
    revision: int
    chain_head: str | None
    rows: tuple[ListedCopy, ...]
    draft: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """The two files of minutes."""

    pdf: bytes
    xlsx: bytes
    pages: int


class MinutesPrinter(Protocol):
    """Sets minutes on paper; the same facts give the same bytes."""

    def __call__(self, paper: MinutesPaper, /) -> Printed:
        """The files for these facts."""
        ...
