"""Reads a serial scanner or card reader on a thread of its own, and comes back by itself after an unplugged cable."""

import errno
import re
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import serial
from serial.tools import list_ports as system_ports

from app.devices.lines import Line, LineSplitter
from app.devices.scan import Flaw, Scan, Source, Unreadable, read_scan
from db.trouble import Trouble

if sys.platform == "win32":
    PORT_ERRORS: tuple[type[Exception], ...] = (OSError,)
else:
    import termios

    PORT_ERRORS = (OSError, termios.error)  # pyserial lets the latter through when a device goes while it is opened

_POLL_S: Final = 0.1
_STALLED_POLLS: Final = 10  # a line that does not go on for a second will not be finished
_PATIENCE_S: Final = 2.0
_VID_PID: Final = re.compile(r"[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}")

_DENIED: Final = frozenset({errno.EACCES, errno.EPERM, errno.EBUSY, errno.EAGAIN})

LineParser = Callable[[str], Scan | Unreadable]


class ReaderState(StrEnum):
    """Where a reader stands. A lost device is a state, not an error."""

    CONNECTED = "connected"
    LOST = "lost"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Port:
    """A serial port the computer has now: `name` (COM3, /dev/ttyUSB0), the maker's words, USB ids "1a86:7523" or ""."""

    name: str
    description: str
    vid_pid: str


def list_ports() -> list[Port]:
    """The serial ports of this computer, USB devices first."""
    ports = [
        Port(p.device, p.description or "", "" if p.vid is None else f"{p.vid:04x}:{p.pid or 0:04x}")
        for p in system_ports.comports()
    ]
    return sorted(ports, key=lambda port: (not port.vid_pid, port.name))


def check_port(port: str, baud_rate: int = 9600) -> None:
    """Open the port once and close it, for the settings page.

    Raises Trouble P-3101 where it is absent or does not answer, P-3102 where another program has it or it is forbidden.
    """
    try:
        _open(port, baud_rate).close()
    except PORT_ERRORS as error:
        raise Trouble("P-3102" if _is_denied(error) else "P-3101", port=port) from error


def read_code(line: str) -> Scan | Unreadable:
    """The usual parser: the line is the code."""
    return read_scan(line, Source.SERIAL)


class SerialReader:
    """One device on one port.

    `port` is a port name, or "VID:PID" in hex to follow a USB device to whatever port it is plugged into. `parse` makes
    a scan of one line. `on_scan` and `on_state` are called on the reader's own thread; they must be quick and must not
    call `close`. Half a line that was on its way when the device went is never delivered; one that simply does not go
    on is reported as unreadable.
    """

    def __init__(
        self,
        port: str,
        on_scan: Callable[[Scan | Unreadable], None],
        on_state: Callable[[ReaderState], None],
        parse: LineParser = read_code,
        baud_rate: int = 9600,
        retry_s: float = 2.0,
    ) -> None:
        self._port = port
        self._on_scan = on_scan
        self._on_state = on_state
        self._parse = parse
        self._baud_rate = baud_rate
        self._retry_s = retry_s
        self._state: ReaderState | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"serial reader {port}", daemon=True)

    def start(self) -> None:
        """Begin reading; the first state follows at once."""
        self._thread.start()

    def close(self) -> None:
        """Stop reading and wait for the thread (about 0.1 s); the last thing reported is CLOSED.

        A thread that hangs in the driver, opening a Bluetooth port whose device is off, is not waited for beyond 2 s.
        """
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(_PATIENCE_S)

    def _run(self) -> None:
        while not self._stop.is_set():
            self._read_session()
            if not self._stop.is_set():
                self._tell(ReaderState.LOST)
                self._stop.wait(self._retry_s)
        self._tell(ReaderState.CLOSED)

    def _read_session(self) -> None:
        splitter = LineSplitter()
        quiet_polls = 0
        for packet in self._packets():
            self._tell(ReaderState.CONNECTED)
            quiet_polls = 0 if packet else quiet_polls + 1
            for line in splitter.feed(packet):
                self._deliver(line)
            unfinished = splitter.give_up() if quiet_polls == _STALLED_POLLS else None
            if unfinished:
                self._deliver(unfinished)

    def _packets(self) -> Iterator[bytes]:
        """What arrives from opening the port until it is lost; b"" for every poll without data."""
        try:
            with _open(self._port, self._baud_rate) as device:
                yield b""
                while not self._stop.is_set():
                    yield device.read(max(1, device.in_waiting))
        except PORT_ERRORS:
            return

    def _deliver(self, line: Line) -> None:
        self._on_scan(Unreadable(line.text, Flaw.UNFINISHED) if line.torn else self._parse(line.text))

    def _tell(self, state: ReaderState) -> None:
        if state is not self._state:
            self._state = state
            self._on_state(state)


def _open(port: str, baud_rate: int) -> serial.Serial:
    name = _find(port) if _VID_PID.fullmatch(port) else port
    # Exclusive: two programs on one scanner would each get half of every code. (Windows ports are always exclusive.)
    exclusive = None if sys.platform == "win32" else True
    return serial.Serial(name, baud_rate, timeout=_POLL_S, exclusive=exclusive)


def _find(vid_pid: str) -> str:
    for port in list_ports():
        if port.vid_pid == vid_pid.lower():
            return port.name
    raise FileNotFoundError(vid_pid)


def _is_denied(error: Exception) -> bool:
    # On Windows pyserial hands the reason on in words only.
    return getattr(error, "errno", None) in _DENIED or "PermissionError" in str(error)
