"""What became of a request about holds. A screen matches all of them."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TypeAlias

from app.circulation.facts import HoldFacts, ItemFacts, MemberFacts
from app.outcome import NotFound
from app.refusal import Refusal
from db.codes import HoldState


@dataclass(frozen=True, slots=True)
class HeldTitle:
    """A title somebody waits for."""

    id: uuid.UUID
    title: str
    main_creator: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A hold in its line: `position` from 1, None when it is in line no more; `queue` is how many are in line."""

    hold_id: uuid.UUID
    state: HoldState
    position: int | None
    queue: int


@dataclass(frozen=True, slots=True)
class Held:
    """Placed. `item` is the copy asked for, None for any; `fee` in rials was charged with it."""

    place: Place
    member: MemberFacts
    title: HeldTitle
    item: ItemFacts | None
    fee: int = 0


@dataclass(frozen=True, slots=True)
class AlreadyHeld:
    """The same was asked a moment ago: the request came twice, or after a crash."""

    place: Place
    member: MemberFacts
    title: HeldTitle
    item: ItemFacts | None


@dataclass(frozen=True, slots=True)
class HoldRefused:
    """Not placed; every reason."""

    member: MemberFacts
    title: HeldTitle
    item: ItemFacts | None
    refusals: tuple[Refusal, ...]


PlaceOutcome: TypeAlias = "Held | AlreadyHeld | HoldRefused | NotFound"


@dataclass(frozen=True, slots=True)
class Changed:
    """Cancelled, suspended, resumed or moved. `item` is the copy that stood on the hold shelf for it, `hold_for` the
    reader who gets that copy now. `already`: it was so before, nothing was changed."""

    hold: HoldFacts
    place: Place
    member: MemberFacts | None
    title: HeldTitle
    hold_for: MemberFacts | None = None
    item: ItemFacts | None = None
    already: bool = False

    @property
    def reshelve(self) -> ItemFacts | None:
        """The copy that nobody waits for any more: it goes back to its place."""
        return self.item if self.hold_for is None else None


@dataclass(frozen=True, slots=True)
class ChangeRefused:
    """Not changed; every reason."""

    refusals: tuple[Refusal, ...]


ChangeOutcome: TypeAlias = "Changed | ChangeRefused | NotFound"


@dataclass(frozen=True, slots=True)
class Expired:
    """What a night did to holds. `uncollected` stood on the hold shelf for too long, `unwanted` were not wanted any
    longer, `resumed` are in line again; `passed_on` copies went to the next reader, `reshelve` go back to their
    place."""

    uncollected: int = 0
    unwanted: int = 0
    resumed: int = 0
    passed_on: int = 0
    reshelve: int = 0

    def __add__(self, other: "Expired") -> "Expired":
        return Expired(
            self.uncollected + other.uncollected,
            self.unwanted + other.unwanted,
            self.resumed + other.resumed,
            self.passed_on + other.passed_on,
            self.reshelve + other.reshelve,
        )


@dataclass(frozen=True, slots=True)
class SetAside:
    """The copy stands on the hold shelf for `member` until `until`. `already`: it stood there before."""

    item: ItemFacts
    member: MemberFacts
    until: dt.date
    already: bool = False


@dataclass(frozen=True, slots=True)
class NobodyWaits:
    """The copy stands for nobody: it belongs in its place. `freed`: it came from the hold shelf, which is noted now."""

    item: ItemFacts
    freed: bool


@dataclass(frozen=True, slots=True)
class SetAsideRefused:
    """Not set aside; every reason."""

    item: ItemFacts
    refusals: tuple[Refusal, ...]
