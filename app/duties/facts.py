"""What the calendar of duties is worked out from: plain rows of the things that wait. Pure."""

import datetime as dt
from dataclasses import dataclass, field

from db.codes import BindingState, DisposalKind, DisposalState, ExchangeLevel, MinutesState, RulingLevel, WeedingReason


@dataclass(frozen=True, slots=True)
class MinutesFacts:
    """Weeding minutes that are on their way, or closed while their final list has not gone out. `since` is the day of
    the last step, of closed ones that of the ruling, for a draft the day it was begun; `rows` the copies on it that are
    not struck."""

    reason: WeedingReason
    state: MinutesState
    since: dt.date
    rows: int
    year: int | None = None
    number: int | None = None
    answer_due_on: dt.date | None = None
    asked_by: RulingLevel | None = None


@dataclass(frozen=True, slots=True)
class WaitingCopies:
    """Approved copies of closed minutes that were with readers then: `lent` still are, `back` have come home."""

    reason: WeedingReason
    year: int | None
    number: int | None
    closed_on: dt.date
    lent: int
    back: int


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Weeded copies of one reason that are in no package, the first of them since a day."""

    reason: WeedingReason
    copies: int
    since: dt.date


@dataclass(frozen=True, slots=True)
class BindingFacts:
    """A binding request that is out. `away` copies have not come back, `unmarked` of them are not «در حال صحّافی»."""

    state: BindingState
    requested_on: dt.date
    dispatched_on: dt.date | None
    due_on: dt.date | None
    away: int
    unmarked: int
    year: int | None = None
    number: int | None = None


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """A package of weeded copies that is not done with; `level` is the exchange centre that holds it."""

    kind: DisposalKind
    reason: WeedingReason
    state: DisposalState
    level: ExchangeLevel | None
    packed_on: dt.date
    handed_on: dt.date | None = None
    announced_on: dt.date | None = None
    copies: int = 0


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """A quarterly report as far as it has come (002 م14); `answer_due_on` None: by the official day."""

    year: int
    quarter: int
    made: bool = False
    sent_on: dt.date | None = None
    answer_due_on: dt.date | None = None
    answered_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class StocktakeFacts:
    """A shelf-reading: open since a day with its last scan, or closed. `worn` copies were noted as worn or damaged and
    still stand so on the shelf: on no minutes, on no binding request, not mended."""

    name: str
    opened_on: dt.date
    last_scan_on: dt.date | None = None
    closed_on: dt.date | None = None
    worn: int = 0


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """Everything the duties of a day depend on.

    `begun_on` is the day this library began to work with the program, `copies` whether it has any; while it is new
    `entered` counts them and `librarians` who enters them. `worked_on` are the days on which weeding or binding was
    done, of the last two years; `last_binding_on` the newest binding request, `last_minutes_on` the newest finalised
    minutes.
    """

    begun_on: dt.date | None = None
    copies: bool = False
    entered: int = 0
    librarians: int = 0
    minutes: tuple[MinutesFacts, ...] = ()
    waiting: tuple[WaitingCopies, ...] = ()
    unpacked: tuple[Unpacked, ...] = ()
    packages: tuple[PackageFacts, ...] = ()
    binding: tuple[BindingFacts, ...] = ()
    open_stocktakes: tuple[StocktakeFacts, ...] = ()
    last_stocktake: StocktakeFacts | None = None
    reports: tuple[ReportFacts, ...] = ()
    worked_on: frozenset[dt.date] = field(default_factory=frozenset)
    last_binding_on: dt.date | None = None
    last_minutes_on: dt.date | None = None
