"""The real card service with a card that exists only in this file (Debian's pcscd, vpcd and pyscard)."""

import importlib
import os
import queue
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from app.devices.pcsc import PcscReader
from app.devices.scan import Scan, Source, Unreadable
from app.devices.serial_reader import ReaderState

DEBIAN = Path("/usr/lib/python3/dist-packages")
DRIVER = Path("/usr/lib/pcsc/drivers/serial")
SOCKET = Path("/run/pcscd/pcscd.comm")
PORT = 20963
"""Of the virtual reader: below those that the system gives away, as Debian's own is not."""
READER = f"""FRIENDLYNAME "Virtual PCD"
DEVICENAME   /dev/null:{PORT:#x}
LIBPATH      {DRIVER / "libifdvpcd.so"}
CHANNELID    {PORT:#x}
"""
UID, OTHER = bytes.fromhex("04A1B2C3D4E5F6"), bytes.fromhex("DEADBEEF")
ATR = bytes.fromhex("3B8F8001804F0CA000000306030001000000006A")
OFF, ON, RESET, GET_ATR = 0, 1, 2, 4


def reason_to_skip() -> str:
    if sys.platform == "win32" or os.geteuid() != 0:
        return "only root can start a card service of its own"
    if not shutil.which("pcscd", path="/usr/sbin:/usr/bin"):
        return "pcscd is not installed"
    if not any(DRIVER.glob("libifdvpcd.so*")):
        return "vsmartcard-vpcd is not installed"
    if not (DEBIAN / "smartcard").is_dir():
        return "python3-pyscard is not installed"
    if subprocess.run(["pgrep", "-x", "pcscd"], capture_output=True, check=False).returncode == 0:
        return "a card service is running already"
    return ""


SKIP = reason_to_skip()
pytestmark = pytest.mark.skipif(bool(SKIP), reason=SKIP)


class Pcscd:
    """The card service as a process."""

    def __init__(self, folder: Path) -> None:
        self._config = folder / "vpcd"
        self._config.write_text(READER, encoding="ascii")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        for left in SOCKET.parent.glob("pcscd.*"):
            left.unlink()
        SOCKET.parent.mkdir(exist_ok=True)
        command = ["pcscd", "--foreground", "--config", str(self._config.parent)]
        found = os.environ | {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
        self._process = subprocess.Popen(command, env=found, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while not SOCKET.exists():
            assert time.monotonic() < deadline, "pcscd does not come up"
            time.sleep(0.02)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None


class VirtualCard:
    """A card on the virtual reader, from `with` to its end: frames of two bytes of length and what they hold."""

    def __init__(self, uid: bytes) -> None:
        self._uid = uid
        self._line = socket.socket()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> "VirtualCard":
        deadline = time.monotonic() + 10
        while self._line.connect_ex(("127.0.0.1", PORT)) != 0:
            assert time.monotonic() < deadline, "the virtual reader does not listen"
            self._line.close()
            self._line = socket.socket()
            time.sleep(0.02)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._line.close()

    def _serve(self) -> None:
        while head := self._exactly(2):
            asked = self._exactly(struct.unpack(">H", head)[0])
            if len(asked) == 1 and asked[0] in (OFF, ON, RESET):
                continue
            if asked == bytes([GET_ATR]):
                self._send(ATR)
            elif asked == bytes.fromhex("FFCA000000"):
                self._send(self._uid + b"\x90\x00")
            else:
                self._send(b"\x6d\x00")

    def _exactly(self, length: int) -> bytes:
        found = b""
        while len(found) < length:
            try:
                more = self._line.recv(length - len(found))
            except OSError:
                return b""
            if not more:
                return b""
            found += more
        return found

    def _send(self, answer: bytes) -> None:
        self._line.sendall(struct.pack(">H", len(answer)) + answer)


@pytest.fixture
def scard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """Debian's pyscard and nothing else of Debian's Python."""
    (tmp_path / "smartcard").symlink_to(DEBIAN / "smartcard")
    monkeypatch.syspath_prepend(str(tmp_path))
    try:
        yield importlib.import_module("smartcard.scard")
    except ImportError as error:
        pytest.skip(f"Debian's pyscard is for another Python: {error}")
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "smartcard"]:
            del sys.modules[name]


@pytest.fixture
def pcscd(tmp_path: Path) -> Iterator[Pcscd]:
    (tmp_path / "readers").mkdir()
    pcscd = Pcscd(tmp_path / "readers")
    yield pcscd
    pcscd.stop()


def test_a_card_is_read_through_the_real_service_and_its_restart(scard: ModuleType, pcscd: Pcscd) -> None:
    reports: queue.Queue[Scan | Unreadable | ReaderState] = queue.Queue()

    def told() -> Scan | Unreadable | ReaderState:
        return reports.get(timeout=15)

    reader = PcscReader(reports.put, reports.put, lambda: scard, poll_s=0.02, retry_s=0.05)
    reader.start()
    try:
        assert told() == ReaderState.LOST  # the service is down at the start
        pcscd.start()
        assert told() == ReaderState.CONNECTED
        with VirtualCard(UID):
            assert told() == Scan("04A1B2C3D4E5F6", Source.CARD, "04A1B2C3D4E5F6")
        pcscd.stop()
        assert told() == ReaderState.LOST
        pcscd.start()
        assert told() == ReaderState.CONNECTED
        with VirtualCard(OTHER):
            assert told() == Scan("DEADBEEF", Source.CARD, "DEADBEEF")
            with pytest.raises(queue.Empty):  # it lies and lies
                reports.get(timeout=0.3)
    finally:
        reader.close()
    assert told() == ReaderState.CLOSED
