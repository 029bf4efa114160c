"""What the minutes of a shelf-reading say, handed to whoever sets them on paper; `reports` does."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from app.papers import Printed
from app.stocktake.reckoning import Reckoning


@dataclass(frozen=True, slots=True)
class StocktakePaper:
    """Everything printed: the library, the session reckoned up, who signs. Without a number it is a draft. `restored`
    copies stand in the library again by the choice of whoever closed the session."""

    library: str
    county: str
    city: str
    day: dt.date
    number: str | None
    signer: str
    reckoning: Reckoning
    restored: frozenset[UUID] = frozenset()


StocktakePrinter = Callable[[StocktakePaper], Printed]
"""Sets the minutes on paper; the same facts give the same bytes."""
