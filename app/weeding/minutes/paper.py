"""What an official minutes says, handed to whoever sets it on paper; `reports` does, `app` does not know how."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from app.papers import Printed
from app.weeding.reads import ListedCopy
from db.codes import Verdict, WeedingReason


@dataclass(frozen=True, slots=True)
class MinutesPaper:
    """Everything printed on minutes: heading, rows, number, and the head of the journal's chain.

    A row with `struck_at` is printed crossed out. `verdicts`: what was ruled, by the id of the copy, for the expert's
    column. `officers`: the names of those who sign, by the value of `reports.forms.spec.Signatory`; `guideline` the
    version it was drawn up by («ویراست ۱، پیش‌نویس»).
    """

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
    verdicts: Mapping[uuid.UUID, Verdict] = field(default_factory=dict)
    officers: Mapping[str, str] = field(default_factory=dict)
    guideline: str = ""


class MinutesPrinter(Protocol):
    """Sets minutes on paper; the same facts give the same bytes."""

    def __call__(self, paper: MinutesPaper, /) -> Printed:
        """The files for these facts."""
        ...
