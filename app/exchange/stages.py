"""The way of a package of weeded copies out of the house, as a table: what may be done at which stage
(002 م7-16 … م7-23؛ نمودار ۱، ۲). What does not stand here is refused. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from app.labels import EXCHANGE_STAGE, EXCHANGE_STEP
from app.refusal import Refusal
from db.codes import DisposalKind, DisposalState, ExchangeLevel

PACKED, HANDED, ANNOUNCED = DisposalState.PACKED, DisposalState.HANDED, DisposalState.ANNOUNCED
FINISHED, CANCELLED = DisposalState.FINISHED, DisposalState.CANCELLED
COUNTY, PROVINCE, NATIONAL = ExchangeLevel.COUNTY, ExchangeLevel.PROVINCE, ExchangeLevel.NATIONAL


class Way(StrEnum):
    """Which way a package goes: to other libraries, or, worn and past mending, to recycling (002 م7-23)."""

    EXCHANGE = "exchange"
    RECYCLING = "recycling"


class Step(StrEnum):
    """What is done with a package."""

    PACK = "pack"
    UNPACK = "unpack"
    HAND = "hand"
    ANNOUNCE = "announce"
    REQUEST = "request"
    GIVE = "give"
    SEND_ON = "send_on"
    STORE = "store"
    REDIRECT = "redirect"
    RECYCLE = "recycle"
    PROCEEDS = "proceeds"
    FINISH = "finish"


KIND_OF_WAY: Mapping[Way, DisposalKind] = MappingProxyType(
    {Way.EXCHANGE: DisposalKind.COUNTY_CENTRE, Way.RECYCLING: DisposalKind.RECYCLING}
)
"""The kind of a package that is no handover out of another one."""
PACKAGES = frozenset(KIND_OF_WAY.values())


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a package stands; `level` is the exchange centre that holds it, None while the library or, in the end, the
    recycling centre does."""

    state: DisposalState
    level: ExchangeLevel | None = None

    @property
    def key(self) -> str:
        """As labels and answers name it: «announced/county»."""
        return f"{self.state}/{self.level}" if self.level else str(self.state)


@dataclass(frozen=True, slots=True)
class Transition:
    """A step that is allowed, what it makes of the package, and the article that says so."""

    becomes: Stage
    article: str


IN_HOUSE = Stage(PACKED)
AT_COUNTY, IN_COUNTY = Stage(HANDED, COUNTY), Stage(ANNOUNCED, COUNTY)
AT_PROVINCE, IN_PROVINCE = Stage(HANDED, PROVINCE), Stage(ANNOUNCED, PROVINCE)
GIVEN_IN_COUNTY, GIVEN_IN_PROVINCE = Stage(FINISHED, COUNTY), Stage(FINISHED, PROVINCE)
IN_STORE, AT_RECYCLER, RECYCLED = Stage(FINISHED, NATIONAL), Stage(HANDED), Stage(FINISHED)
DISSOLVED = Stage(CANCELLED)
STAGES = (
    IN_HOUSE, AT_COUNTY, IN_COUNTY, AT_PROVINCE, IN_PROVINCE, GIVEN_IN_COUNTY, GIVEN_IN_PROVINCE, IN_STORE,
    AT_RECYCLER, RECYCLED, DISSOLVED,
)  # fmt: skip
OVER = frozenset({FINISHED, CANCELLED})

TRANSITIONS: Mapping[tuple[Way, Stage, Step], Transition] = MappingProxyType(
    {
        (Way.EXCHANGE, IN_HOUSE, Step.PACK): Transition(IN_HOUSE, "7-1"),
        (Way.EXCHANGE, IN_HOUSE, Step.UNPACK): Transition(DISSOLVED, "7-1"),
        (Way.EXCHANGE, IN_HOUSE, Step.HAND): Transition(AT_COUNTY, "نمودار ۱-۶"),
        (Way.EXCHANGE, AT_COUNTY, Step.ANNOUNCE): Transition(IN_COUNTY, "نمودار ۲-۲"),
        (Way.EXCHANGE, IN_COUNTY, Step.REQUEST): Transition(IN_COUNTY, "7-17"),
        (Way.EXCHANGE, IN_COUNTY, Step.GIVE): Transition(IN_COUNTY, "7-16"),
        (Way.EXCHANGE, IN_COUNTY, Step.FINISH): Transition(GIVEN_IN_COUNTY, "7-19"),
        (Way.EXCHANGE, IN_COUNTY, Step.SEND_ON): Transition(AT_PROVINCE, "7-18"),
        (Way.EXCHANGE, AT_PROVINCE, Step.ANNOUNCE): Transition(IN_PROVINCE, "7-20"),
        (Way.EXCHANGE, IN_PROVINCE, Step.REQUEST): Transition(IN_PROVINCE, "7-20"),
        (Way.EXCHANGE, IN_PROVINCE, Step.GIVE): Transition(IN_PROVINCE, "7-20"),
        (Way.EXCHANGE, IN_PROVINCE, Step.FINISH): Transition(GIVEN_IN_PROVINCE, "نمودار ۲-۸"),
        (Way.EXCHANGE, IN_PROVINCE, Step.STORE): Transition(IN_STORE, "7-21"),
        (Way.RECYCLING, IN_HOUSE, Step.PACK): Transition(IN_HOUSE, "7-1"),
        (Way.RECYCLING, IN_HOUSE, Step.UNPACK): Transition(DISSOLVED, "7-1"),
        (Way.RECYCLING, IN_HOUSE, Step.HAND): Transition(AT_COUNTY, "نمودار ۲-۱"),
        (Way.RECYCLING, AT_COUNTY, Step.SEND_ON): Transition(AT_PROVINCE, "7-23"),
        (Way.RECYCLING, AT_COUNTY, Step.REDIRECT): Transition(AT_COUNTY, "10-3"),
        (Way.RECYCLING, AT_PROVINCE, Step.REDIRECT): Transition(AT_PROVINCE, "10-3"),
        (Way.RECYCLING, AT_PROVINCE, Step.RECYCLE): Transition(AT_RECYCLER, "7-23"),
        (Way.RECYCLING, AT_RECYCLER, Step.PROCEEDS): Transition(RECYCLED, "10-2"),
    }
)
ARTICLE: Mapping[Step, str] = MappingProxyType(
    {
        Step.PACK: "7-1", Step.UNPACK: "7-1", Step.HAND: "نمودار ۱-۶", Step.ANNOUNCE: "7-20", Step.REQUEST: "7-17",
        Step.GIVE: "7-16", Step.SEND_ON: "7-18", Step.STORE: "7-21", Step.REDIRECT: "10-3",
        Step.RECYCLE: "7-23", Step.PROCEEDS: "10-2",
        Step.FINISH: "7-19",
    }
)  # fmt: skip
"""The article that a refused step is told with."""
AMONG_LIBRARIES = frozenset({Step.ANNOUNCE, Step.REQUEST, Step.GIVE, Step.STORE, Step.FINISH})
AT_THE_RECYCLER = frozenset({Step.RECYCLE, Step.PROCEEDS})


def way_of(kind: DisposalKind) -> Way:
    """The way of a package by its kind."""
    return Way.RECYCLING if kind is DisposalKind.RECYCLING else Way.EXCHANGE


def step(way: Way, stage: Stage, wanted: Step) -> Transition | Refusal:
    """What a step makes of a package at this stage, or why it may not be taken."""
    if allowed := TRANSITIONS.get((way, stage, wanted)):
        return allowed
    if way is Way.RECYCLING and wanted in AMONG_LIBRARIES:
        return Refusal("exchange.worn_to_recycling", "7-23")
    if way is Way.EXCHANGE and wanted in AT_THE_RECYCLER:
        return Refusal("exchange.not_worn", "7-23")
    return stage_refusal(stage, wanted)


def stage_refusal(stage: Stage, wanted: Step) -> Refusal:
    """It is not the turn of this step."""
    words = EXCHANGE_STAGE.get(stage.key, stage.key)
    return Refusal("exchange.stage", ARTICLE[wanted], facts={"stage": words, "step": EXCHANGE_STEP[wanted]})


def next_steps(way: Way, stage: Stage) -> tuple[Step, ...]:
    """What may be done now, in the order of the way."""
    return tuple(wanted for wanted in Step if (way, stage, wanted) in TRANSITIONS)
