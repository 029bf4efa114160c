"""How much one asker may ask: bytes of a body, calls of a device, calls of an address.

Counted in this process alone, to share it fairly; what all processes together take from one address is limited by nginx
(installer/server/nginx-pishkhan.conf). Whatever can be guessed (passwords, second factors, enrolment codes) is counted
in the database instead (`app.review.guessing`).
"""

import contextlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import zstandard

from app.sync.wire import BATCH_MAGIC, MOST_RAW, MOST_SENT, MOST_SENT_ALONE, SEALED_MAGIC, declared_size

MOST_BODY = MOST_SENT_ALONE
"""Bytes of a batch of one entry, which may hold a scan."""
MOST_SMALL = 256 << 10
"""Bytes of a signed message: a digest of 256 buckets of all entities is the largest."""
BODY_SECONDS = 300
"""For a body: the slowest line brings the largest batch of several entries in less, and nobody holds a place for
ever."""
LEAST_SPEED = 2_000
"""Bytes a second that a large body has to bring beside: the speed of a 2G line."""
LARGE_AT_ONCE = 4
"""Large bodies in one process, from their first byte until they are answered: the memory they take is this many times
the largest entry, whoever sends them."""
AT_ONCE = 16
"""Calls that work on the database at the same time in one process; the rest wait for their turn."""
MOST_WAITING = 256
"""Calls that may wait; more are told to come back."""
KEPT = 20_000
PEEKED = 256
IDS = re.compile(rb"\xc4\x10(.{16})", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Allowed:
    """So many calls at once, and so many a second on average."""

    burst: int
    per_second: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process allows."""

    device: Allowed = Allowed(240, 20)
    address: Allowed = Allowed(2_000, 200)


@dataclass(slots=True)
class Buckets:
    """Leaking buckets by name; those not heard of longest are forgotten first, so that names made up by the thousand
    take no memory."""

    allowed: Allowed
    now: Callable[[], float] = time.monotonic
    _full: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait(self, name: str) -> int:
        """Seconds until this name may come again; 0 when it may now. Takes nothing."""
        over = self._level(name) + 1 - self.allowed.burst
        return 0 if over <= 0 else int(over / self.allowed.per_second) + 1

    def take(self, name: str) -> None:
        """Count one call."""
        level = self._level(name)
        self._full[name] = (level + 1, self.now())
        self._full.move_to_end(name)
        while len(self._full) > KEPT:
            self._full.popitem(last=False)

    def _level(self, name: str) -> float:
        level, at = self._full.get(name, (0.0, 0.0))
        return max(0.0, level - (self.now() - at) * self.allowed.per_second)


class Gate:
    """Who may come in now."""

    def __init__(self, limits: Limits | None = None, now: Callable[[], float] = time.monotonic) -> None:
        allowed = limits or Limits()
        self._devices = Buckets(allowed.device, now)
        self._addresses = Buckets(allowed.address, now)
        self.waiting = 0
        self._large = 0

    @contextlib.contextmanager
    def room(self, *, large: bool) -> Iterator[bool]:
        """A place for a body that is `large`, as long as the block lasts; False where all of them are taken."""
        if not large:
            yield True
        elif self._large >= LARGE_AT_ONCE:
            yield False
        else:
            self._large += 1
            try:
                yield True
            finally:
                self._large -= 1

    def address_wait(self, address: str) -> int:
        """Seconds this address has to wait; counts the call when it has not."""
        return _counted(self._addresses, address)

    def device_wait(self, address: str, device: str) -> int:
        """The same for a device. It is only claimed so far: hence together with its address, else anybody could use up
        the share of another."""
        return _counted(self._devices, f"{address} {device}") if device else 0


def is_large(body: bytes) -> bool:
    """Whether a body takes much memory: as it is, or once it is inflated."""
    if len(body) > MOST_SENT:
        return True
    declared = declared_size(body)
    return declared is not None and declared > MOST_RAW


def body_seconds(length: int) -> float:
    """How long a body of so many bytes may take to come."""
    return BODY_SECONDS + max(0, length - MOST_SENT) / LEAST_SPEED


def _counted(buckets: Buckets, name: str) -> int:
    wait = buckets.wait(name)
    if not wait:
        buckets.take(name)
    return wait


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who a body says it is from; nothing of it is proved yet."""

    branch: str = ""
    device: str = ""


def claimed(body: bytes) -> Claimed:
    """Look at the first bytes of a batch or a message, inflating no more than those."""
    packed = body[len(BATCH_MAGIC) :]
    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 23).stream_reader(packed) as reader:
            found = IDS.findall(reader.read(PEEKED))
    except zstandard.ZstdError:
        return Claimed()
    if body.startswith(BATCH_MAGIC) and len(found) > 1:
        return Claimed(found[0].hex(), found[1].hex())
    if body.startswith(SEALED_MAGIC) and found:
        return Claimed(device=found[0].hex())
    return Claimed()
