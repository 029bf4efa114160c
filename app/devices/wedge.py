"""Tells a scanner that plays keyboard from a person typing, by the time between keys. Pure: no Qt, no clock.

Keys that may be the beginning of a code are held back by the caller until it is clear who typed them: at most
`gap_ms + grace_ms` (45 ms). A scanner's keys then become one scan and nothing else; a person's are replayed exactly.
"""

from dataclasses import dataclass, replace
from enum import Enum, StrEnum, auto
from typing import Final

from app.devices import keymap
from app.devices.keymap import Key, Role

_NO_CHARACTER: Final = "\x1a"  # stands in a code for a chord or a function key, so that `read_scan` refuses the code
_CLOCK_WRAP: Final = 2**32  # X11 and Windows count milliseconds in 32 bits


class Prefix(StrEnum):
    """What the scanner was set up to send before each code."""

    NONE = "none"
    F13 = "f13"
    STX = "stx"


@dataclass(frozen=True, slots=True)
class WedgeSettings:
    """How to recognise the scanner.

    Without a prefix only the rhythm tells: keys at most `gap_ms` apart, at least `min_length` of them before Enter.
    People leave 60 ms and more, scanners 0 to 16. With a prefix nobody's typing is ever delayed, short codes count as
    well and slow (Bluetooth) scanners may take their time.
    """

    scan_code_offset: int = keymap.X11_OFFSET
    prefix: Prefix = Prefix.NONE
    gap_ms: int = 35
    min_length: int = 4
    grace_ms: int = 10

    @classmethod
    def for_prefix(cls, prefix: Prefix, scan_code_offset: int) -> "WedgeSettings":
        """The usual settings of a scanner that sends this prefix."""
        if prefix is Prefix.NONE:
            return cls(scan_code_offset)
        return cls(scan_code_offset, prefix, gap_ms=250, min_length=1)


class Fate(Enum):
    """What becomes of the key event just fed."""

    PASS = auto()
    """Goes on to its window."""
    HOLD = auto()
    """The caller keeps it, behind the ones already kept."""
    EAT = auto()
    """Nobody sees it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caller does, in this order.

    1. Send the `replay` oldest kept events to their windows; forget all kept events when there is a `code`.
    2. Read `code` where it is not None; where it is not `finished`, it is only to be reported as unreadable.
    3. Deal with the event itself by its `fate`.
    4. Where `tick_ms` is not 0: call `tick()` after so many ms without a key. This replaces a tick asked for before.
    """

    fate: Fate = Fate.PASS
    replay: int = 0
    code: str | None = None
    finished: bool = True
    tick_ms: int = 0


class Wedge:
    """The state between two keys. Feed it every key press and release in order, and the ticks it asks for."""

    def __init__(self, settings: WedgeSettings) -> None:
        self._settings = settings
        self._open = False
        """A burst has begun."""
        self._tail = False
        """A code has just ended: a second Enter or a line feed still belongs to it."""
        self._grace = False
        self._last_ms = 0
        self._code: list[str] = []
        self._kept = 0
        self._kept_down: set[str] = set()
        """Keys whose press is kept: their release is kept behind it."""
        self._eaten_down: set[str] = set()
        """Keys whose press nobody saw: nobody shall see their release."""

    def claims(self, key: Key) -> bool:
        """Whether a press of `key` now would be the scanner's, so that it must not trigger a keyboard shortcut."""
        repeated = key.auto_repeat and key.identity in self._eaten_down
        return repeated or self._in_burst(key) or self._in_tail(key) or self._is_prefix(key)

    def press(self, key: Key) -> Answer:
        if key.auto_repeat and key.identity in self._eaten_down:
            return Answer(Fate.EAT)
        self._eaten_down.discard(key.identity)
        if self._in_tail(key):
            self._last_ms = key.time_ms
            return self._eat(key)
        if not self._in_burst(key) or self._is_prefix(key):
            return self._press_outside(key, self._give_up())
        if key.role is Role.END and not key.chord:
            return self._end(key)
        return self._press_inside(key)

    def release(self, key: Key) -> Answer:
        down, fate = self._kept_down, Fate.HOLD
        if key.identity not in down:
            down, fate = self._eaten_down, Fate.EAT
        if key.identity not in down:
            return Answer()
        if not key.auto_repeat:
            down.discard(key.identity)
        self._kept += fate is Fate.HOLD
        return Answer(fate)

    def tick(self) -> Answer:
        """The time asked for has passed without a key.

        A busy desk may let the timer run out while keys already wait in the queue: hence one short wait more.
        """
        if self._open and not self._grace:
            self._grace = True
            return Answer(tick_ms=self._settings.grace_ms)
        return self._give_up()

    def _soon(self, key: Key) -> bool:
        return (key.time_ms - self._last_ms) % _CLOCK_WRAP <= self._settings.gap_ms

    def _in_burst(self, key: Key) -> bool:
        return self._open and self._soon(key)

    def _in_tail(self, key: Key) -> bool:
        return self._tail and self._soon(key) and key.role is not Role.MODIFIER and (key.role is Role.END or key.chord)

    def _is_prefix(self, key: Key) -> bool:
        match self._settings.prefix:
            case Prefix.F13:
                return keymap.is_f13(key, self._settings.scan_code_offset)
            case Prefix.STX:
                return keymap.is_stx(key, self._settings.scan_code_offset)
            case Prefix.NONE:
                return False

    def _press_outside(self, key: Key, before: Answer) -> Answer:
        """`before` settles the burst that came before this key."""
        if self._is_prefix(key):
            self._eat(key)
            return replace(before, fate=Fate.EAT, tick_ms=self._go_on(key))
        if self._may_begin(key):
            return replace(self._keep(key), replay=before.replay)
        return before

    def _may_begin(self, key: Key) -> bool:
        plain = key.role is Role.CHARACTER and not key.chord and not key.auto_repeat
        return plain and self._settings.prefix is Prefix.NONE and self._character(key) != _NO_CHARACTER

    def _press_inside(self, key: Key) -> Answer:
        if not key.chord or key.role is Role.MODIFIER:
            return self._keep(key)
        self._code.append(_NO_CHARACTER)
        return replace(self._eat(key), tick_ms=self._go_on(key))

    def _character(self, key: Key) -> str:
        if key.role is not Role.CHARACTER:
            return _NO_CHARACTER
        return keymap.character(key, self._settings.scan_code_offset) or _NO_CHARACTER

    def _keep(self, key: Key) -> Answer:
        if key.role is not Role.MODIFIER:
            self._code.append(self._character(key))
        self._kept += 1
        self._kept_down.add(key.identity)
        return Answer(Fate.HOLD, tick_ms=self._go_on(key))

    def _eat(self, key: Key) -> Answer:
        self._eaten_down.add(key.identity)
        return Answer(Fate.EAT)

    def _end(self, key: Key) -> Answer:
        if len(self._code) < self._settings.min_length:
            return self._give_up()
        code = self._drop()
        self._tail = True
        self._last_ms = key.time_ms
        return replace(self._eat(key), code=code)

    def _go_on(self, key: Key) -> int:
        self._open = True
        self._tail = self._grace = False
        self._last_ms = key.time_ms
        return self._settings.gap_ms

    def _give_up(self) -> Answer:
        """Close the burst without a scan: a person's keys go where they were meant to, half a code goes nowhere."""
        if self._settings.prefix is not Prefix.NONE and self._code:
            return Answer(code=self._drop(), finished=False)
        kept = self._kept
        self._close()
        return Answer(replay=kept)

    def _drop(self) -> str:
        code = "".join(self._code)
        self._eaten_down |= self._kept_down
        self._close()
        return code

    def _close(self) -> None:
        self._open = False
        self._kept = 0
        self._code.clear()
        self._kept_down.clear()
