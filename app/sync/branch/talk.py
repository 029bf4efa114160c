"""A round's conversation with the centre: who talks to whom, over which line, and what its answers mean."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.directives.exchanges import ExchangePrinters
from app.library import Library
from app.sync.line import AWAY, BAD, BUSY, CONFLICT, DENIED, OK, TOO_BIG, UPGRADE, Call, Line, Reply, Steps
from app.sync.wire import Welcome, encode, open_message, seal_message
from db.act import Act
from db.codes import Role
from db.store import Store

NO_DESK = 0
"""The desk under which synchronisation writes entries: no desk's last action, so that Ctrl+Z never meets them."""
T = TypeVar("T", bound=msgspec.Struct)


class RoundState(StrEnum):
    """How a round ended: well; before anything was said; or what stopped it."""

    DONE = "done"
    NOT_ENROLLED = "not_enrolled"
    BUSY = "busy"
    NO_LINE = "no_line"
    WAIT = "wait"
    UPGRADE = "upgrade"
    REVOKED = "revoked"
    DENIED = "denied"
    REFUSED = "refused"
    UNTRUSTED = "untrusted"
    GUARDED = "guarded"


TROUBLES: Mapping[RoundState, str] = MappingProxyType(
    {
        RoundState.NOT_ENROLLED: "P-2427",
        RoundState.BUSY: "P-2441",
        RoundState.NO_LINE: "P-2416",
        RoundState.WAIT: "P-2442",
        RoundState.UPGRADE: "P-2443",
        RoundState.REVOKED: "P-2444",
        RoundState.DENIED: "P-2445",
        RoundState.REFUSED: "P-2446",
        RoundState.UNTRUSTED: "P-2415",
        RoundState.GUARDED: "P-2447",
    }
)
"""The message, in three parts, of what keeps a round from its end (sync-protocol 21)."""


class RoundEndedError(Exception):
    """The round cannot go on: the reason is the state it ends in."""

    def __init__(self, state: RoundState, retry_after: int | None = None) -> None:
        super().__init__(state)
        self.state = state
        self.retry_after = retry_after


class AgainError(Exception):
    """Both sides have to compare where they stand once more: the round begins anew with a hello."""


@dataclass(frozen=True, slots=True)
class Centre:
    """The centre as this branch knows it: the id its rows bear, and the key it signs with."""

    id: uuid.UUID | None
    public_key: bytes


@dataclass
class Talk:
    """One round: the library, the line, and what has been said and done so far."""

    library: Library
    line: Line
    key: Ed25519PrivateKey
    centre: Centre
    pause: Callable[[], None]
    steps: Steps
    random: Callable[[int], int]
    welcome: Welcome | None = None
    heads: dict[str, int] = field(default_factory=dict)
    """Where the feeds stand at the centre, as far as it said."""
    sent: int = 0
    received: int = 0
    repaired: int = 0
    directives: int = 0
    reopened: str | None = None
    notes: list[str] = field(default_factory=list)
    guarded: list[tuple[str, str, int, int]] = field(default_factory=list)
    read_to_end: set[str] = field(default_factory=set)
    """Feeds that this round has read to their end."""
    printers: ExchangePrinters | None = None
    """Who sets the minutes of what the centre asks for; without them that waits."""
    upgrade: bool = False
    """The centre no longer feeds this version; it still takes what is pushed."""

    @property
    def store(self) -> Store:
        """The database of the branch."""
        return self.library.store

    @property
    def device(self) -> uuid.UUID:
        """This installation."""
        return _known(self.store.identity).device_id

    @property
    def branch_id(self) -> uuid.UUID:
        """The branch."""
        return self.store.branch_id

    @property
    def said(self) -> Welcome:
        """The answer to the last hello."""
        return _known(self.welcome)

    def act(self) -> Act:
        """An act of the house itself, now."""
        return Act(None, Role.ADMINISTRATOR, NO_DESK, self.library.clock.read())

    def ask(self, call: Call, message: msgspec.Struct, kind: type[T]) -> T:
        """A signed question and its answer. Raises LineLostError, MalformedError, RoundEndedError."""
        return self.opened(self.send(call, seal_message(message, self.key)), kind)

    def pull(self, message: msgspec.Struct, kind: type[T]) -> T:
        """A question that the bearer of the hello is enough for."""
        return self.opened(self.send(Call.PULL, encode(message), self.said.bearer), kind)

    def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:
        """One call; what the centre has to say against it ends the round, but for what concerns a batch alone."""
        self.steps.reached(f"{call.value}.sending")
        reply = self.line.send(call, body, bearer)
        self.steps.reached(f"{call.value}.answered")
        if reply.status in (OK, CONFLICT) or (call is Call.PUSH and reply.status in (TOO_BIG, BAD)):
            return reply
        raise RoundEndedError(MEANING.get(reply.status, RoundState.WAIT), reply.retry_after)

    def opened(self, reply: Reply, kind: type[T]) -> T:
        """What the centre said, proved to be its word."""
        return open_message(reply.body, kind, self.centre.public_key)


MEANING = {
    BAD: RoundState.REFUSED,
    DENIED: RoundState.DENIED,
    TOO_BIG: RoundState.REFUSED,
    UPGRADE: RoundState.UPGRADE,
    BUSY: RoundState.WAIT,
    AWAY: RoundState.WAIT,
}

K = TypeVar("K")


def _known(value: K | None) -> K:
    if value is None:
        raise RuntimeError("asked before it was known")
    return value
