"""What a binding request says, handed to whoever sets it on paper; `reports` does, `app` does not know how."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.binding.facts import RowFacts
from app.papers import Printed


@dataclass(frozen=True, slots=True)
class BindingPaper:
    """Everything printed on form no. 1 (002 پیوست پنج). `officers`: names by the word of the signatory."""

    library: str
    province: str
    county: str
    city: str
    grade: str
    day: dt.date
    number: str | None
    chain_head: str | None
    rows: tuple[RowFacts, ...]
    officers: Mapping[str, str]

    @property
    def draft(self) -> bool:
        """Whether it is marked as a draft on every page."""
        return self.number is None


class BindingPrinter(Protocol):
    """Sets a request on paper; the same facts give the same bytes."""

    def __call__(self, paper: BindingPaper, /) -> Printed:
        """The files for these facts."""
        ...
