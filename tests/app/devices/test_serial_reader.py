import os
import queue
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.devices.em4100 import OneScanATouch, read_tag
from app.devices.scan import Flaw, Scan, Source, Unreadable, read_scan
from app.devices.serial_reader import ReaderState, SerialReader, check_port, list_ports
from db.trouble import Trouble

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="pseudo terminals, which stand for the cable here, are not to be had on Windows"
)

CONNECTED, LOST, CLOSED = ReaderState.CONNECTED, ReaderState.LOST, ReaderState.CLOSED


class Cable:
    """A serial device that can be pulled out and plugged in again; `port` is the name it has when plugged in."""

    def __init__(self, folder: Path) -> None:
        self.port = folder / "ttyUSB0"
        self.ends: tuple[int, ...] = ()

    def plug(self) -> None:
        ours, theirs = os.openpty()
        self.ends = (ours, theirs)
        self.port.symlink_to(os.ttyname(theirs))

    def unplug(self) -> None:
        self.port.unlink()
        for end in self.ends:
            os.close(end)
        self.ends = ()

    def send(self, data: bytes) -> None:
        os.write(self.ends[0], data)


class Listener:
    """Collects what a reader reports, in order."""

    def __init__(self) -> None:
        self.reports: queue.Queue[Scan | Unreadable | ReaderState] = queue.Queue()

    def next(self, timeout_s: float = 5.0) -> Scan | Unreadable | ReaderState:
        return self.reports.get(timeout=timeout_s)

    def rest(self) -> list[Scan | Unreadable | ReaderState]:
        return [self.reports.get_nowait() for _ in range(self.reports.qsize())]


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    cable = Cable(tmp_path)
    yield cable
    if cable.ends:
        cable.unplug()


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def reader(cable: Cable, listener: Listener) -> Iterator[SerialReader]:
    reader = SerialReader(str(cable.port), listener.reports.put, listener.reports.put, retry_s=0.05)
    yield reader
    reader.close()


@pytest.fixture
def connected(cable: Cable, reader: SerialReader, listener: Listener) -> Cable:
    cable.plug()
    reader.start()
    assert listener.next() == CONNECTED
    return cable


def scan(text: str) -> Scan:
    return Scan(text, Source.SERIAL, text)


def number_of_open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_every_line_is_one_scan_in_order(connected: Cable, listener: Listener) -> None:
    codes = [f"RAF-{n:06}" for n in range(500)]
    for code in codes:
        connected.send(code.encode() + b"\r\n")
    assert [listener.next() for _ in codes] == [scan(code) for code in codes]


def test_a_code_torn_into_packets_is_joined(connected: Cable, listener: Listener) -> None:
    for packet in (b"\x02RA", b"F-0", b"01234", b"\x03"):
        connected.send(packet)
        time.sleep(0.02)
    assert listener.next() == scan("RAF-001234")


def test_garbage_is_unreadable_and_the_next_code_is_read(connected: Cable, listener: Listener) -> None:
    connected.send(b"\xff\xfe\x00\x07\rRAF-1\r")
    assert isinstance(listener.next(), Unreadable)
    assert listener.next() == scan("RAF-1")


def test_an_endless_line_is_one_refusal(connected: Cable, listener: Listener) -> None:
    connected.send(b"9" * 2_000 + b"\rRAF-1\r")
    refused = listener.next()
    assert isinstance(refused, Unreadable)
    assert refused.reason == Flaw.TOO_LONG
    assert listener.next() == scan("RAF-1")


def test_a_code_that_does_not_go_on_is_reported_and_its_rest_is_never_a_code(
    connected: Cable, listener: Listener
) -> None:
    connected.send(b"RAF-00")
    assert listener.next() == Unreadable("RAF-00", Flaw.UNFINISHED)
    connected.send(b"1234\rRAF-2\r")
    assert listener.next() == Unreadable("1234", Flaw.UNFINISHED)
    assert listener.next() == scan("RAF-2")


def test_unplugging_within_a_code_delivers_nothing_of_it(connected: Cable, listener: Listener) -> None:
    connected.send(b"RAF-1\rRAF-00")
    assert listener.next() == scan("RAF-1")
    connected.unplug()
    assert listener.next() == LOST
    connected.plug()
    assert listener.next() == CONNECTED
    connected.send(b"RAF-2\r")
    assert listener.next() == scan("RAF-2")


def test_forty_unplugs_lose_no_whole_code_and_accept_no_half_one(
    cable: Cable, reader: SerialReader, listener: Listener
) -> None:
    open_files = number_of_open_files()
    reader.start()
    assert listener.next() == LOST
    for n in range(40):
        cable.plug()
        assert listener.next() == CONNECTED
        cable.send(f"RAF-{n:06}\rRAF-9".encode())
        assert listener.next() == scan(f"RAF-{n:06}")
        cable.unplug()
        assert listener.next() == LOST
    reader.close()
    assert listener.rest() == [CLOSED]
    assert number_of_open_files() == open_files


def test_a_device_that_stays_away_is_reported_once(reader: SerialReader, listener: Listener) -> None:
    reader.start()
    time.sleep(0.3)
    assert listener.rest() == [LOST]


def test_closing_ends_the_thread_and_is_the_last_thing_reported(
    connected: Cable, reader: SerialReader, listener: Listener
) -> None:
    before = time.perf_counter()
    reader.close()
    assert time.perf_counter() - before < 1
    assert listener.rest() == [CLOSED]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("serial reader")]


def test_closing_does_not_wait_for_the_next_try(cable: Cable, listener: Listener) -> None:
    reader = SerialReader(str(cable.port), listener.reports.put, listener.reports.put, retry_s=60)
    reader.start()
    assert listener.next() == LOST
    before = time.perf_counter()
    reader.close()
    assert time.perf_counter() - before < 1


def test_a_reader_never_started_may_be_closed(reader: SerialReader, listener: Listener) -> None:
    reader.close()
    assert listener.rest() == []


def test_another_kind_of_device_brings_its_own_parser(cable: Cable, listener: Listener) -> None:
    cable.plug()
    reader = SerialReader(
        str(cable.port),
        listener.reports.put,
        listener.reports.put,
        parse=lambda line: read_scan(line[2:10], Source.CARD),
    )
    reader.start()
    assert listener.next() == CONNECTED
    cable.send(b"\x020A00C8D5E9FE\r\n\x03")
    assert listener.next() == Scan("00C8D5E9", Source.CARD, "00C8D5E9")
    reader.close()


@pytest.fixture
def tags(cable: Cable, listener: Listener) -> Iterator[Cable]:
    """A card reader on the cable, plugged in."""
    cable.plug()
    reader = SerialReader(
        str(cable.port), OneScanATouch(listener.reports.put), listener.reports.put, parse=read_tag, retry_s=0.05
    )
    reader.start()
    assert listener.next() == CONNECTED
    yield cable
    reader.close()


def tag(line: str, number: str) -> Scan:
    return Scan(number, Source.CARD, line)


@pytest.mark.parametrize("frame", [b"\x020A00C8D5E9FE\r\n\x03", b"\x020A00C8D5E9FE\x03", b"0A00C8D5E9FE\r"])
def test_a_card_reader_gives_one_scan_while_the_card_lies(tags: Cable, listener: Listener, frame: bytes) -> None:
    tags.send(frame * 20)
    tags.send(b"\x02000000000101\r\n\x03")
    assert listener.next() == tag("0A00C8D5E9FE", "0013161961")
    assert listener.next() == tag("000000000101", "0000000001")
    assert listener.rest() == []


def test_a_tag_torn_into_bytes_is_whole(tags: Cable, listener: Listener) -> None:
    for byte in b"\x020A00C8D5E9FE\r\n\x03":
        tags.send(bytes([byte]))
        time.sleep(0.005)
    assert listener.next() == tag("0A00C8D5E9FE", "0013161961")


def test_a_tag_with_a_wrong_check_sum_is_refused_and_read_again(tags: Cable, listener: Listener) -> None:
    tags.send(b"\x020A00C8D5E9FF\r\n\x03")
    assert listener.next() == Unreadable("0A00C8D5E9FF", Flaw.CHECKSUM)
    tags.send(b"\x020A00C8D5E9FE\r\n\x03")
    assert listener.next() == tag("0A00C8D5E9FE", "0013161961")


def test_noise_on_the_line_is_no_card(tags: Cable, listener: Listener) -> None:
    tags.send(b"\xff\x00\x80garbage\r\n")
    noise = listener.next()
    assert isinstance(noise, Unreadable)
    assert noise.reason is Flaw.NO_CARD_NUMBER
    tags.send(b"\xffnoise before the frame\x020A00C8D5E9FE\x03")
    assert listener.next() == tag("0A00C8D5E9FE", "0013161961")


def test_a_card_reader_may_be_unplugged_in_the_middle_of_a_tag(tags: Cable, listener: Listener) -> None:
    tags.send(b"\x020A00C8")
    tags.unplug()
    assert listener.next() == LOST
    tags.plug()
    assert listener.next() == CONNECTED
    tags.send(b"D5E9FE\x03\x02000000000101\x03")
    torn = listener.next()
    assert isinstance(torn, Unreadable)
    assert listener.next() == tag("000000000101", "0000000001")


def test_a_usb_device_that_is_not_there_is_lost(listener: Listener) -> None:
    reader = SerialReader("FFFF:FFFE", listener.reports.put, listener.reports.put)
    reader.start()
    assert listener.next() == LOST
    reader.close()


def test_ports_can_be_listed() -> None:
    assert all(port.name for port in list_ports())


def test_a_port_that_opens_passes_the_check(cable: Cable) -> None:
    cable.plug()
    check_port(str(cable.port))


def test_an_absent_port_is_trouble(cable: Cable) -> None:
    with pytest.raises(Trouble) as trouble:
        check_port(str(cable.port))
    assert trouble.value.code == "P-3101"
    assert trouble.value.context == {"port": str(cable.port)}


def test_a_port_in_use_is_trouble_of_another_kind(connected: Cable) -> None:
    with pytest.raises(Trouble) as trouble:
        check_port(str(connected.port))
    assert trouble.value.code == "P-3102"
