import os
import sys
import tty
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import ui.scanner
from app.devices.pcsc import PcscReader
from app.devices.scan import Flaw, Scan, Source, Unreadable
from tests.app.devices.test_pcsc import NUMBER, UID, Pcscd
from ui.preferences import Preferences
from ui.readers import CARD, CONTACTLESS, SCANNER, Readers
from ui.scanner import Scanner
from ui.theme import Tone

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal stands for the cable")


class Line:
    """A pseudo terminal under a name that can be taken away."""

    def __init__(self, path: Path) -> None:
        self.ours, theirs = os.openpty()
        tty.setraw(theirs)
        self.ends = (self.ours, theirs)
        self.port = str(path)
        path.symlink_to(os.ttyname(theirs))

    def cut(self) -> None:
        Path(self.port).unlink()
        for end in self.ends:
            os.close(end)


class Status:
    """What the status line shows."""

    def __init__(self) -> None:
        self.words: dict[str, str] = {}
        self.tones: dict[str, Tone] = {}

    def show(self, name: str, words: str, tone: Tone) -> None:
        self.words[name], self.tones[name] = words, tone


@pytest.fixture
def scanner(qapp: QApplication) -> Iterator[Scanner]:
    scanner = Scanner(qapp)
    yield scanner
    scanner.close()


@pytest.fixture
def status() -> Status:
    return Status()


@pytest.fixture
def readers(scanner: Scanner, status: Status) -> Readers:
    return Readers(scanner, status.show)


@pytest.fixture
def scans(scanner: Scanner) -> list[Scan | Unreadable]:
    seen: list[Scan | Unreadable] = []
    scanner.scanned.connect(seen.append)
    return seen


def test_without_devices_the_keyboard_scanner_is_ready_and_nothing_else_is_said(
    readers: Readers, status: Status
) -> None:
    readers.apply(Preferences())
    assert status.words == {SCANNER: "اسکنر صفحه‌کلیدی آماده", CARD: "", CONTACTLESS: ""}


def test_a_card_reader_stands_beside_the_scanner_and_may_be_unplugged(
    readers: Readers, status: Status, scans: list[Scan | Unreadable], tmp_path: Path, qtbot: QtBot
) -> None:
    first, second = Line(tmp_path / "ttyUSB0"), Line(tmp_path / "ttyUSB1")
    readers.apply(Preferences(scanner_port=first.port, card_port=second.port))
    qtbot.waitUntil(lambda: "متصل" in status.words[SCANNER] and "آماده" in status.words[CARD])
    os.write(first.ours, b"RAF-000001\r")
    qtbot.waitUntil(lambda: len(scans) == 1)
    os.write(second.ours, b"\x020A00C8D5E9FE\r\n\x03" * 5 + b"\x020000000000AA\r\n\x03")
    qtbot.waitUntil(lambda: len(scans) == 2)
    second.cut()
    qtbot.waitUntil(lambda: status.words[CARD] == "کارت‌خوان قطع است")
    assert status.tones[CARD] is Tone.WARN
    assert "متصل" in status.words[SCANNER]
    assert scans == [
        Scan("RAF-000001", Source.SERIAL, "RAF-000001"),
        Scan("0013161961", Source.CARD, "0A00C8D5E9FE"),
    ]
    readers.apply(Preferences())
    assert status.words[CARD] == ""
    first.cut()


def test_a_port_goes_from_the_scanner_to_the_card_reader(
    readers: Readers, status: Status, scans: list[Scan | Unreadable], tmp_path: Path, qtbot: QtBot
) -> None:
    line = Line(tmp_path / "ttyUSB0")
    readers.apply(Preferences(scanner_port=line.port))
    qtbot.waitUntil(lambda: "متصل" in status.words[SCANNER])
    readers.apply(Preferences(card_port=line.port))
    qtbot.waitUntil(lambda: "آماده" in status.words[CARD])
    assert status.words[SCANNER] == "اسکنر صفحه‌کلیدی آماده"
    os.write(line.ours, b"RAF-000001\r")
    qtbot.waitUntil(lambda: len(scans) == 1)
    assert scans == [Unreadable("RAF-000001", Flaw.NO_CARD_NUMBER)]
    readers.apply(Preferences())
    line.cut()


def test_contactless_readers_are_switched_on_and_off(
    readers: Readers,
    status: Status,
    scans: list[Scan | Unreadable],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pcscd = Pcscd()

    def fast(on_scan: object, on_state: object) -> PcscReader:
        return PcscReader(on_scan, on_state, pcscd.module, poll_s=0.005, retry_s=0.01)  # type: ignore[arg-type]

    monkeypatch.setattr(ui.scanner, "PcscReader", fast)
    readers.apply(Preferences(card_pcsc=True))
    qtbot.waitUntil(lambda: status.words[CONTACTLESS] == "کارت‌خوان بدون‌تماس آماده")
    pcscd.put(UID)
    qtbot.waitUntil(lambda: len(scans) == 1)
    assert scans == [Scan(NUMBER, Source.CARD, NUMBER)]
    pcscd.stop()
    qtbot.waitUntil(lambda: status.words[CONTACTLESS] == "کارت‌خوان بدون‌تماس قطع است")
    readers.apply(Preferences())
    assert status.words[CONTACTLESS] == ""
    assert pcscd.contexts == set()


def test_switched_on_without_the_package_the_reader_is_told_to_be_lost(
    readers: Readers, status: Status, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "smartcard", ModuleType("smartcard"))  # a package without `scard`
    readers.apply(Preferences(card_pcsc=True))
    qtbot.waitUntil(lambda: "قطع" in status.words[CONTACTLESS])
    readers.apply(Preferences())
