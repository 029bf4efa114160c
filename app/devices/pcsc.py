"""Contactless cards on PC/SC readers, by a poll of our own on a thread of its own.

pyscard's CardMonitor ends for good when the card service restarts, so the service is asked a few times a second, in a
new context whenever the old one fails: it may be down at the start, restart, or lose its readers meanwhile.
"""

import importlib
import importlib.util
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Final, TypeAlias

from app.devices.scan import Flaw, Scan, Source, Unreadable, read_scan
from app.devices.serial_reader import ReaderState

_POLL_S: Final = 0.25
_PATIENCE_S: Final = 2.0
_GET_UID: Final = [0xFF, 0xCA, 0x00, 0x00, 0x00]
_FINE: Final = [0x90, 0x00]
_SHORT_UID: Final = 4
_RANDOM: Final = 0x08
"""ISO 14443-3: a number of four bytes that begins so is drawn anew at every touch."""
_INNER_SLOT: Final = "SAM"
"""In the names of slots inside a reader that hold a chip of its own, never a member's card."""

Presences: TypeAlias = Mapping[str, int | None]
"""Every reader, and a number that tells one presence of a card on it from the next; None where none lies."""


def is_installed() -> bool:
    """Whether the optional package for PC/SC readers is there."""
    return importlib.util.find_spec("smartcard") is not None


def load_scard() -> ModuleType:
    """PC/SC as it is: functions that answer a result code first, then the results.

    Raises ImportError where the package, or the system's own library behind it, is missing.
    """
    return importlib.import_module("smartcard.scard")


def card_number(uid: Sequence[int]) -> Scan | Unreadable:
    """The number of a contactless card: its UID in hex, upper case, in the order the card gives it.

    Not decimal: numbers of seven bytes have no decimal form that two makers agree on.
    """
    text = bytes(uid).hex().upper()
    if not text:
        return Unreadable(text, Flaw.NO_CARD_NUMBER)
    if len(uid) == _SHORT_UID and uid[0] == _RANDOM:
        return Unreadable(text, Flaw.CHANGING_NUMBER)
    return read_scan(text, Source.CARD)


class ServiceGoneError(Exception):
    """The card service does not answer (any more); a new context is needed."""


class CardService:
    """One context of the card service. Raises ServiceGoneError from the moment it ends."""

    def __init__(self, scard: ModuleType) -> None:
        self._scard = scard
        result, self._context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        self._expect(result)

    def close(self) -> None:
        """Give the context back."""
        self._scard.SCardReleaseContext(self._context)

    def presences(self) -> Presences:
        """What lies on which reader now."""
        result, found = self._scard.SCardListReaders(self._context, [])
        if result == self._scard.SCARD_E_NO_READERS_AVAILABLE:
            return {}
        self._expect(result)
        readers = [reader for reader in found if _INNER_SLOT not in reader.split()]
        if not readers:
            return {}
        asked = [(reader, self._scard.SCARD_STATE_UNAWARE) for reader in readers]
        result, states = self._scard.SCardGetStatusChange(self._context, 0, asked)
        self._expect(result)
        return {reader: self._presence(state) for reader, state, _ in states}

    def uid(self, reader: str) -> Sequence[int] | None:
        """The number of the card on a reader; empty where it gives none, None where it is gone already."""
        scard = self._scard
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        result, card, protocol = scard.SCardConnect(self._context, reader, scard.SCARD_SHARE_SHARED, protocols)
        if result != scard.SCARD_S_SUCCESS:
            return None
        frame = scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1
        result, answer = scard.SCardTransmit(card, frame, _GET_UID)
        scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
        if result != scard.SCARD_S_SUCCESS:
            return None
        return answer[:-2] if list(answer[-2:]) == _FINE else ()

    def _presence(self, state: int) -> int | None:
        if not state & self._scard.SCARD_STATE_PRESENT or state & self._scard.SCARD_STATE_MUTE:
            return None
        return state >> 16  # the service counts insertions and removals in the upper half

    def _expect(self, result: int) -> None:
        if result != self._scard.SCARD_S_SUCCESS:
            raise ServiceGoneError(result)


class Touches:
    """What lies on the readers, from poll to poll: a card that stays is one touch, also while the service restarts."""

    def __init__(self) -> None:
        self._lying: dict[str, tuple[int, Scan | Unreadable]] = {}

    def since_last(self, service: CardService, presences: Presences) -> Iterator[Scan | Unreadable]:
        """The touches since the last poll. A card that left before it could be read is tried at the next one."""
        self._lying = {reader: lying for reader, lying in self._lying.items() if presences.get(reader) is not None}
        for reader, presence in presences.items():
            before = self._lying.get(reader)
            if presence is None or (before is not None and before[0] == presence):
                continue
            uid = service.uid(reader)
            if uid is None:
                continue
            read = card_number(uid)
            self._lying[reader] = presence, read
            if before is None or before[1] != read:
                yield read


class PcscReader:
    """All PC/SC readers of this computer.

    `on_scan` and `on_state` are called on the reader's own thread; they must be quick and must not call `close`.
    CONNECTED: the service answers and has a reader. LOST: it does not, or has none, or the package is missing.
    """

    def __init__(
        self,
        on_scan: Callable[[Scan | Unreadable], None],
        on_state: Callable[[ReaderState], None],
        load: Callable[[], ModuleType] = load_scard,
        poll_s: float = _POLL_S,
        retry_s: float = 2.0,
    ) -> None:
        self._on_scan = on_scan
        self._on_state = on_state
        self._load = load
        self._poll_s = poll_s
        self._retry_s = retry_s
        self._state: ReaderState | None = None
        self._touches = Touches()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="card reader", daemon=True)

    def start(self) -> None:
        """Begin reading; the first state follows at once."""
        self._thread.start()

    def close(self) -> None:
        """Stop reading and wait for the thread; the last thing reported is CLOSED.

        A thread that hangs in a driver is not waited for beyond 2 s.
        """
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE_S)

    def _run(self) -> None:
        try:
            scard = self._load()
        except ImportError:
            self._tell(ReaderState.LOST)
            self._stop.wait()
        else:
            self._read_until_stopped(scard)
        self._tell(ReaderState.CLOSED)

    def _read_until_stopped(self, scard: ModuleType) -> None:
        while not self._stop.is_set():
            try:
                self._read_session(CardService(scard))
            except ServiceGoneError:
                self._tell(ReaderState.LOST)
                self._stop.wait(self._retry_s)

    def _read_session(self, service: CardService) -> None:
        try:
            while not self._stop.is_set():
                presences = service.presences()
                self._tell(ReaderState.CONNECTED if presences else ReaderState.LOST)
                for read in self._touches.since_last(service, presences):
                    self._on_scan(read)
                self._stop.wait(self._poll_s)
        finally:
            service.close()

    def _tell(self, state: ReaderState) -> None:
        if state is not self._state:
            self._state = state
            self._on_state(state)
