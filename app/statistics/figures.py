"""What happened in a quarter, as figures that can be frozen: weeding by reason and class, binding, exchange, reading of
the shelves (002 م14-1). Pure."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ReasonFigures:
    """Copies of one reason in a quarter: on minutes finalised in it, on minutes sent, what became of those whose last
    ruling came in it, and how many were weeded. `minutes` counts documents, first editions only; `waiting` copies have
    no outcome yet, on the day of counting: their minutes are on the way, or they were approved while readers had them.
    """

    minutes: int = 0
    listed: int = 0
    sent: int = 0
    approved: int = 0
    rejected: int = 0
    redirected: int = 0
    weeded: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class BindingFigures:
    """Requests and copies asked for, sent and received in a quarter; `outcomes` by the code of `BindingOutcome`; cost
    in rials, of copies, of whole requests and of mends; mends made in the house; `away` stand at the bindery on the day
    of counting. What was asked for and stayed behind when the books left was neither sent nor received; a
    copy that the bindery lost was sent."""

    requests: int = 0
    asked: int = 0
    sent: int = 0
    received: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    cost: int = 0
    mended_here: int = 0
    away: int = 0


@dataclass(frozen=True, slots=True)
class ExchangeFigures:
    """Copies handed on in a quarter, by the code of `DisposalKind`: a copy counts at every centre it comes to. Weight
    of paper in grams, proceeds in rials."""

    copies: dict[str, int] = field(default_factory=dict)
    weight_g: int = 0
    proceeds: int = 0


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """A whole report. `weeded_by_class`: main class («8», «-» for none) to copies by reason."""

    reasons: dict[str, ReasonFigures]
    weeded_by_class: dict[str, dict[str, int]]
    binding: BindingFigures
    exchange: ExchangeFigures
    stocktakes: int

    def plain(self) -> dict[str, Any]:
        """As stored with the report."""
        return asdict(self)


def read_figures(plain: dict[str, Any]) -> QuarterFigures:
    """The figures of a stored report."""
    return QuarterFigures(
        reasons={reason: ReasonFigures(**counts) for reason, counts in plain["reasons"].items()},
        weeded_by_class=plain["weeded_by_class"],
        binding=BindingFigures(**plain["binding"]),
        exchange=ExchangeFigures(**plain["exchange"]),
        stocktakes=plain["stocktakes"],
    )
