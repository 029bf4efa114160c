import queue
import sys
import threading
from collections.abc import Iterator
from types import ModuleType

import pytest

from app.devices.pcsc import PcscReader, card_number, load_scard
from app.devices.scan import Flaw, Scan, Source, Unreadable
from app.devices.serial_reader import ReaderState

CONNECTED, LOST, CLOSED = ReaderState.CONNECTED, ReaderState.LOST, ReaderState.CLOSED
FINE, NO_SERVICE, NO_READERS, INVALID_HANDLE, NO_CARD = 0, 0x8010001D, 0x8010002E, 0x80100003, 0x8010000C
PRESENT, MUTE = 0x20, 0x200
UID, OTHER = [0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6], [0xDE, 0xAD, 0xBE, 0xEF]
NUMBER, OTHER_NUMBER = "04A1B2C3D4E5F6", "DEADBEEF"


class Pcscd:
    """The card service, its readers and what lies on them, behind the functions of `smartcard.scard`."""

    def __init__(self) -> None:
        self.running = True
        self.readers: dict[str, list[int] | None] = {"ACR122U 00": None}
        self.moves = dict.fromkeys(self.readers, 0)
        self.mute = self.taken = False
        self.answer_ends = [0x90, 0x00]
        self.contexts: set[int] = set()
        self.opened = 0
        self.lock = threading.Lock()

    def plug(self, reader: str) -> None:
        with self.lock:
            self.readers[reader], self.moves[reader] = None, 0

    def unplug(self, reader: str) -> None:
        with self.lock:
            del self.readers[reader]

    def put(self, uid: list[int] | None, reader: str = "ACR122U 00") -> None:
        """Lay a card on a reader, or take it away."""
        with self.lock:
            self.readers[reader] = uid
            self.moves[reader] += 1

    def swap(self, uid: list[int], reader: str = "ACR122U 00") -> None:
        """Another card, faster than anybody polls."""
        with self.lock:
            self.readers[reader] = uid
            self.moves[reader] += 2

    def stop(self) -> None:
        with self.lock:
            self.running = False
            self.contexts.clear()

    def start(self) -> None:
        with self.lock:
            self.running = True

    def module(self) -> ModuleType:
        """What `import smartcard.scard` gives."""
        made = ModuleType("scard")
        for name, value in {
            "SCARD_S_SUCCESS": FINE, "SCARD_E_NO_READERS_AVAILABLE": NO_READERS, "SCARD_SCOPE_USER": 0,
            "SCARD_STATE_UNAWARE": 0, "SCARD_STATE_PRESENT": PRESENT, "SCARD_STATE_MUTE": MUTE,
            "SCARD_SHARE_SHARED": 2, "SCARD_PROTOCOL_T0": 1, "SCARD_PROTOCOL_T1": 2, "SCARD_PCI_T0": "t0",
            "SCARD_PCI_T1": "t1", "SCARD_LEAVE_CARD": 0, "SCardEstablishContext": self._establish,
            "SCardReleaseContext": self._release, "SCardListReaders": self._list, "SCardGetStatusChange": self._status,
            "SCardConnect": self._connect, "SCardTransmit": self._transmit, "SCardDisconnect": lambda *_: FINE,
        }.items():  # fmt: skip
            setattr(made, name, value)
        return made

    def _establish(self, _scope: int) -> tuple[int, int]:
        with self.lock:
            if not self.running:
                return NO_SERVICE, 0
            self.opened += 1
            self.contexts.add(self.opened)
            return FINE, self.opened

    def _release(self, context: int) -> int:
        with self.lock:
            self.contexts.discard(context)
        return FINE

    def _list(self, context: int, _groups: list[str]) -> tuple[int, list[str]]:
        with self.lock:
            if context not in self.contexts:
                return INVALID_HANDLE, []
            return (FINE, list(self.readers)) if self.readers else (NO_READERS, [])

    def _status(
        self, context: int, _timeout_ms: int, states: list[tuple[str, int]]
    ) -> tuple[int, list[tuple[str, int, list[int]]]]:
        with self.lock:
            if context not in self.contexts or any(reader not in self.readers for reader, _ in states):
                return INVALID_HANDLE, []
            return FINE, [(reader, self._state(reader), []) for reader, _ in states]

    def _state(self, reader: str) -> int:
        lies = self.readers[reader] is not None
        return (self.moves[reader] << 16) | (PRESENT if lies else 0) | (MUTE if lies and self.mute else 0)

    def _connect(self, _context: int, reader: str, _share: int, _protocols: int) -> tuple[int, str, int]:
        with self.lock:
            if self.taken or self.readers.get(reader) is None:
                return NO_CARD, "", 0
            return FINE, reader, 2

    def _transmit(self, card: str, protocol: str, command: list[int]) -> tuple[int, list[int]]:
        assert (protocol, command) == ("t1", [0xFF, 0xCA, 0, 0, 0])
        with self.lock:
            uid = self.readers.get(card)
            return (NO_CARD, []) if uid is None else (FINE, [*uid, *self.answer_ends])


class Desk:
    """A reader on a service, and what it reports, in order."""

    def __init__(self, pcscd: Pcscd) -> None:
        self.reports: queue.Queue[Scan | Unreadable | ReaderState] = queue.Queue()
        self.reader = PcscReader(self.reports.put, self.reports.put, pcscd.module, poll_s=0.005, retry_s=0.01)

    def next(self) -> str:
        report = self.reports.get(timeout=5)
        if isinstance(report, Unreadable):
            return report.reason.value
        return report.text if isinstance(report, Scan) else report.value

    def silent(self) -> bool:
        """Whether nothing is reported for ten polls."""
        try:
            self.reports.get(timeout=0.05)
        except queue.Empty:
            return True
        return False


@pytest.fixture
def pcscd() -> Pcscd:
    return Pcscd()


@pytest.fixture
def desk(pcscd: Pcscd) -> Iterator[Desk]:
    desk = Desk(pcscd)
    yield desk
    desk.reader.close()


@pytest.fixture
def ready(desk: Desk) -> Desk:
    desk.reader.start()
    assert desk.next() == CONNECTED
    return desk


def test_a_card_is_one_scan_for_as_long_as_it_lies(pcscd: Pcscd, ready: Desk) -> None:
    pcscd.put(UID)
    assert ready.next() == NUMBER
    assert ready.silent()
    pcscd.put(None)
    assert ready.silent()
    pcscd.put(UID)
    assert ready.next() == NUMBER


def test_a_card_swapped_between_two_polls_is_seen(pcscd: Pcscd, ready: Desk) -> None:
    pcscd.put(UID)
    assert ready.next() == NUMBER
    pcscd.swap(OTHER)
    assert ready.next() == OTHER_NUMBER
    pcscd.swap(OTHER)
    assert ready.silent()


def test_two_readers_each_give_their_card(pcscd: Pcscd, ready: Desk) -> None:
    pcscd.plug("Omnikey 01")
    pcscd.put(UID)
    pcscd.put(OTHER, "Omnikey 01")
    assert {ready.next(), ready.next()} == {NUMBER, OTHER_NUMBER}
    pcscd.put(None)
    pcscd.put(UID, "Omnikey 01")
    assert ready.next() == NUMBER
    assert ready.silent()


def test_the_chip_inside_a_reader_is_nobodys_card(pcscd: Pcscd, ready: Desk) -> None:
    pcscd.plug("ACS ACR1281 SAM Interface 02")
    pcscd.put(OTHER, "ACS ACR1281 SAM Interface 02")
    assert ready.silent()


def test_a_service_that_restarts_is_found_again_and_the_card_still_lying_is_no_new_touch(
    pcscd: Pcscd, ready: Desk
) -> None:
    pcscd.put(UID)
    assert ready.next() == NUMBER
    pcscd.stop()
    assert ready.next() == LOST
    assert ready.silent()
    pcscd.start()
    assert ready.next() == CONNECTED
    pcscd.swap(UID)
    assert ready.silent()
    pcscd.put(None)
    assert ready.silent()
    pcscd.put(OTHER)
    assert ready.next() == OTHER_NUMBER
    assert pcscd.opened == 2


def test_a_service_that_is_down_at_the_start_is_waited_for(pcscd: Pcscd, desk: Desk) -> None:
    pcscd.stop()
    desk.reader.start()
    assert desk.next() == LOST
    pcscd.start()
    assert desk.next() == CONNECTED
    pcscd.put(UID)
    assert desk.next() == NUMBER


def test_a_reader_unplugged_is_lost_and_comes_back(pcscd: Pcscd, ready: Desk) -> None:
    pcscd.unplug("ACR122U 00")
    assert ready.next() == LOST
    pcscd.plug("ACR122U 00")
    assert ready.next() == CONNECTED
    pcscd.put(UID)
    assert ready.next() == NUMBER


def test_a_card_in_the_hands_of_another_program_is_read_when_it_is_free(pcscd: Pcscd, ready: Desk) -> None:
    pcscd.taken = True
    pcscd.put(UID)
    assert ready.silent()
    pcscd.taken = False
    assert ready.next() == NUMBER


def test_a_card_that_does_not_wake_is_not_there(pcscd: Pcscd, ready: Desk) -> None:
    pcscd.mute = True
    pcscd.put(UID)
    assert ready.silent()


def test_a_chip_without_a_number_is_told_once(pcscd: Pcscd, ready: Desk) -> None:
    pcscd.answer_ends = [0x6A, 0x81]
    pcscd.put([])
    assert ready.next() == Flaw.NO_CARD_NUMBER
    assert ready.silent()


def test_closing_ends_the_thread_gives_back_the_context_and_is_told_last(pcscd: Pcscd, ready: Desk) -> None:
    ready.reader.close()
    assert ready.next() == CLOSED
    assert ready.silent()
    assert pcscd.contexts == set()
    assert not [thread for thread in threading.enumerate() if thread.name == "card reader"]


def test_without_the_package_the_reader_is_lost_and_may_be_closed() -> None:
    def missing() -> ModuleType:
        raise ImportError("smartcard")

    reports: list[ReaderState] = []
    reader = PcscReader(lambda _: None, reports.append, missing)
    reader.start()
    reader.close()
    assert reports == [LOST, CLOSED]


def test_a_reader_never_started_may_be_closed(desk: Desk) -> None:
    desk.reader.close()
    assert desk.silent()


@pytest.mark.parametrize(
    ("uid", "read"),
    [
        (UID, Scan(NUMBER, Source.CARD, NUMBER)),
        (OTHER, Scan(OTHER_NUMBER, Source.CARD, OTHER_NUMBER)),
        ([0x04, 0x0A, 0x00, 0x01], Scan("040A0001", Source.CARD, "040A0001")),
        ([0x08, 0x01, 0x02, 0x03], Unreadable("08010203", Flaw.CHANGING_NUMBER)),
        ([0x08, 1, 2, 3, 4, 5, 6], Scan("08010203040506", Source.CARD, "08010203040506")),
        ([], Unreadable("", Flaw.NO_CARD_NUMBER)),
        ([0xFF] * 40, Unreadable("FF" * 40, Flaw.TOO_LONG)),
    ],
)
def test_a_number_is_the_uid_in_hex(uid: list[int], read: Scan | Unreadable) -> None:
    assert card_number(uid) == read


def test_the_package_is_asked_for_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "smartcard", None)
    with pytest.raises(ImportError):
        load_scard()
