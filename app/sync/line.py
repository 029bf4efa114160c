"""The line between a branch and the centre: the same calls over HTTP, in one process (tests), or through a proxy that
spoils them."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

OK, BAD, DENIED, MISSING, CONFLICT, TOO_BIG, UPGRADE, BUSY, AWAY = 200, 400, 403, 404, 409, 413, 426, 429, 503


class Call(StrEnum):
    """What a branch may ask (sync-protocol 5). Bodies are those of `app.sync.wire`: `push` takes a batch, the others a
    signed message; `pull` a PullAsked."""

    ENROL = "enrol"
    HELLO = "hello"
    ANCESTOR = "hello/ancestor"
    PUSH = "push"
    PULL = "pull"
    DIGEST = "digest"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `retry_after` in seconds, where the centre asks to wait."""

    status: int
    body: bytes = b""
    retry_after: int | None = None


class LineLostError(Exception):
    """Nothing came back: no line, a stall, a reset. Whether the centre took the call is not known."""


class UntrustedError(LineLostError):
    """Somebody answered who is not the centre: another certificate. Nothing was sent to them."""


class Line(Protocol):
    """A way to the centre."""

    def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:
        """One call. Raises LineLostError."""
        ...


@runtime_checkable
class Files(Protocol):
    """Where the files of snapshots are: at the centre, or in a folder (sync-protocol 10)."""

    def fetch(self, name: str, into: bytearray, most: int, bearer: str = "") -> Reply:
        """Add to `into` what is missing of a file after the bytes it holds already, up to `most` bytes in all. Status
        OK, or why not. Raises LineLostError; what came until then stays in `into`."""
        ...


class Steps:
    """Places where a test may end the world. Called by both sides at every point between two lasting effects."""

    def reached(self, name: str) -> None:
        """Go on; a test's own subclass raises instead."""
