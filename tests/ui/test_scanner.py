import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QThread
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.devices.scan import Flaw, Scan, Source, Unreadable
from app.devices.wedge import Prefix
from ui.scanner import SCAN_CODE_OFFSET, Scanner

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

KEYS = {c: (n, ord(c)) for n, c in enumerate("1234567890-", 2)} | {"R": (19, 82), "A": (30, 65), "F": (33, 70)}
PERSIAN = dict(zip("1234567890-RAF", "۱۲۳۴۵۶۷۸۹۰-\u064bؤإ", strict=True))
US = {c: c for c in PERSIAN}
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier


class DeskPage(QWidget):
    """A page with a box to type in, a button that Enter would press, and a shortcut."""

    def __init__(self) -> None:
        super().__init__()
        self.box, self.button = QLineEdit(), QPushButton("تأیید")
        self.clicks = self.orders = 0
        layout = QVBoxLayout(self)
        layout.addWidget(self.box)
        layout.addWidget(self.button)
        self.button.setAutoDefault(True)
        self.button.clicked.connect(self.count_click)
        self.action = QAction(parent=self, shortcut=QKeySequence("Ctrl+D"))
        self.action.triggered.connect(self.count_order)
        self.addAction(self.action)

    def count_click(self) -> None:
        self.clicks += 1

    def count_order(self) -> None:
        self.orders += 1


@pytest.fixture
def page(qtbot: QtBot) -> DeskPage:
    page = DeskPage()
    qtbot.addWidget(page)
    with qtbot.waitExposed(page):
        page.show()
    page.box.setFocus()
    return page


@pytest.fixture
def scanner(qapp: QApplication) -> Iterator[Scanner]:
    scanner = Scanner(qapp)
    yield scanner
    scanner.close()


@pytest.fixture
def scans(scanner: Scanner) -> list[Scan | Unreadable]:
    seen: list[Scan | Unreadable] = []
    scanner.scanned.connect(seen.append)
    return seen


def strike(window: QWindow, key: int, text: str, scan_code: int = 0, modifiers: Qt.KeyboardModifier = NONE) -> None:
    code = scan_code + SCAN_CODE_OFFSET if scan_code else 0
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QCoreApplication.sendEvent(window, QKeyEvent(kind, key, modifiers, code, 0, 0, text))


def send(window: QWindow, code: str, letters: dict[str, str], scan_codes: bool = True) -> None:
    """What the scanner sends for a code, without a pause."""
    for character in code:
        scan_code, key = KEYS[character]
        modifiers = SHIFT if character.isalpha() else NONE
        strike(window, key, letters[character], scan_code if scan_codes else 0, modifiers)
    strike(window, Qt.Key.Key_Return, "\r", 28)


def scanned(text: str, source: Source = Source.KEYBOARD) -> Scan:
    return Scan(text, source, text)


@pytest.mark.parametrize("letters", [US, PERSIAN], ids=["us", "persian"])
@pytest.mark.parametrize("scan_codes", [True, False])
@pytest.mark.parametrize("focus", ["box", "button", "nothing"])
def test_a_scan_is_one_signal_and_touches_nothing(
    qtbot: QtBot,
    page: DeskPage,
    scanner: Scanner,
    scans: list[Scan | Unreadable],
    letters: dict[str, str],
    scan_codes: bool,
    focus: str,
) -> None:
    if focus == "button":
        page.button.setFocus()
    elif focus == "nothing":
        page.box.clearFocus()
    with qtbot.waitSignal(scanner.scanned):
        send(page.windowHandle(), "RAF-001234", letters, scan_codes)
    qtbot.wait(60)
    assert scans == [scanned("RAF-001234")]
    assert page.box.text() == ""
    assert page.clicks == 0


@pytest.mark.parametrize("letters", [US, PERSIAN], ids=["us", "persian"])
@pytest.mark.parametrize("card", ["20013161", "0013161961", "00042949672950"])
def test_a_card_reader_that_plays_keyboard_is_a_scan(
    qtbot: QtBot, page: DeskPage, scanner: Scanner, scans: list[Scan | Unreadable], letters: dict[str, str], card: str
) -> None:
    with qtbot.waitSignal(scanner.scanned):
        for digit in card:  # such readers leave some milliseconds between keys
            strike(page.windowHandle(), KEYS[digit][1], letters[digit], KEYS[digit][0])
            QTest.qSleep(8)
        strike(page.windowHandle(), Qt.Key.Key_Return, "\r", 28)
    assert scans == [scanned(card)]
    assert page.box.text() == ""


def test_thirty_scans_fifty_milliseconds_apart_are_thirty_signals(
    qtbot: QtBot, page: DeskPage, scanner: Scanner, scans: list[Scan | Unreadable]
) -> None:
    codes = [f"RAF-{n:06}" for n in range(30)]
    for code in codes:
        send(page.windowHandle(), code, PERSIAN)
        qtbot.wait(50)
    qtbot.waitUntil(lambda: len(scans) == 30)
    assert scans == [scanned(code) for code in codes]
    assert page.box.text() == ""


def test_a_scan_reaches_an_open_dialog_page_and_does_not_answer_it(
    qtbot: QtBot, page: DeskPage, scanner: Scanner, scans: list[Scan | Unreadable]
) -> None:
    dialog = QDialog(page)
    ok = QPushButton("بله", dialog)
    ok.setDefault(True)
    ok.clicked.connect(dialog.accept)
    dialog.open()
    qtbot.waitUntil(lambda: dialog.windowHandle() is not None)
    with qtbot.waitSignal(scanner.scanned):
        send(dialog.windowHandle(), "RAF-000007", PERSIAN)
    qtbot.wait(60)
    assert dialog.isVisible()
    assert scans == [scanned("RAF-000007")]
    dialog.close()


def test_persian_typing_passes(qtbot: QtBot, page: DeskPage, scans: list[Scan | Unreadable], scanner: Scanner) -> None:
    for n, letter in enumerate("سلام ۱۲۳ پیشخان"):
        strike(page.windowHandle(), ord(letter), letter, 31)
        qtbot.wait(60 + n % 3 * 15)
    strike(page.windowHandle(), Qt.Key.Key_Return, "\r", 28)
    qtbot.wait(60)
    assert page.box.text() == "سلام ۱۲۳ پیشخان"
    assert scans == []


def test_typing_before_and_after_a_scan_stays(
    qtbot: QtBot, page: DeskPage, scanner: Scanner, scans: list[Scan | Unreadable]
) -> None:
    for letter in "abc":
        strike(page.windowHandle(), ord(letter), letter, 30)
        qtbot.wait(70)
    with qtbot.waitSignal(scanner.scanned):
        send(page.windowHandle(), "RAF-001234", US)
    for letter in "def":
        strike(page.windowHandle(), ord(letter), letter, 30)
        qtbot.wait(70)
    assert page.box.text() == "abcdef"
    assert scans == [scanned("RAF-001234")]


def test_a_persons_enter_presses_the_button_at_once(page: DeskPage, scanner: Scanner) -> None:
    page.button.setFocus()
    strike(page.windowHandle(), Qt.Key.Key_Return, "\r", 28)
    assert page.clicks == 1


def test_a_persons_shortcut_works(page: DeskPage, scanner: Scanner) -> None:
    QTest.keyClick(page.windowHandle(), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert page.orders == 1


def test_a_shortcut_hidden_in_a_barcode_does_not_fire_and_the_code_is_refused(
    qtbot: QtBot, page: DeskPage, scanner: Scanner, scans: list[Scan | Unreadable]
) -> None:
    window = page.windowHandle()
    with qtbot.waitSignal(scanner.scanned):
        for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
            QTest.keyClick(window, key)
        QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(window, Qt.Key.Key_4)
        QTest.keyClick(window, Qt.Key.Key_Return)
    assert page.orders == 0
    [refused] = scans
    assert isinstance(refused, Unreadable)
    assert refused.reason == Flaw.CONTROL_CHARACTER


def test_a_code_with_a_prefix_may_be_short_and_typing_is_not_delayed(
    qtbot: QtBot, page: DeskPage, scanner: Scanner, scans: list[Scan | Unreadable]
) -> None:
    scanner.use_prefix(Prefix.STX)
    window = page.windowHandle()
    strike(window, Qt.Key.Key_1, "1", 2)
    assert page.box.text() == "1"
    with qtbot.waitSignal(scanner.scanned):
        strike(window, Qt.Key.Key_B, "\x02", 48, Qt.KeyboardModifier.ControlModifier)
        send(window, "7", PERSIAN)
    assert scans == [scanned("7")]
    assert page.box.text() == "1"


def test_half_a_code_after_a_prefix_is_reported(
    qtbot: QtBot, page: DeskPage, scanner: Scanner, scans: list[Scan | Unreadable]
) -> None:
    scanner.use_prefix(Prefix.F13)
    with qtbot.waitSignal(scanner.scanned):
        strike(page.windowHandle(), Qt.Key.Key_F13, "")
        strike(page.windowHandle(), Qt.Key.Key_1, "1", 2)
    assert scans == [Unreadable("1", Flaw.UNFINISHED)]
    assert page.box.text() == ""


def test_keys_held_for_a_window_that_has_gone_go_nowhere(qtbot: QtBot, page: DeskPage, scanner: Scanner) -> None:
    other = QLineEdit()
    with qtbot.waitExposed(other):
        other.show()
    strike(other.windowHandle(), Qt.Key.Key_1, "1", 2)
    other.close()
    other.deleteLater()
    del other
    qtbot.wait(80)
    assert page.box.text() == ""


def test_closing_gives_back_the_keys_held_and_the_keyboard(page: DeskPage, scanner: Scanner) -> None:
    strike(page.windowHandle(), Qt.Key.Key_1, "1", 2)
    assert page.box.text() == ""
    scanner.close()
    assert page.box.text() == "1"
    strike(page.windowHandle(), Qt.Key.Key_2, "2", 3)
    assert page.box.text() == "12"


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo terminal stands for the cable")
def test_a_serial_scanner_uses_the_same_signal_on_the_gui_thread(
    qtbot: QtBot, qapp: QApplication, scanner: Scanner, tmp_path: Path
) -> None:
    ours, theirs = os.openpty()
    port = str(tmp_path / "ttyACM0")
    Path(port).symlink_to(os.ttyname(theirs))
    threads: list[QThread] = []
    scanner.scanned.connect(lambda _: threads.append(QThread.currentThread()))
    with qtbot.waitSignal(scanner.state_changed) as connected:
        scanner.open_port(port)
    with qtbot.waitSignal(scanner.scanned) as arrived:
        os.write(ours, b"RAF-001234\r\n")
    with qtbot.waitSignal(scanner.state_changed) as lost:
        os.close(ours)
        os.close(theirs)
    with qtbot.waitSignal(scanner.state_changed) as closed:
        scanner.close_port(port)
    assert arrived.args == [scanned("RAF-001234", Source.SERIAL)]
    assert threads == [qapp.thread()]
    assert [s.args for s in (connected, lost, closed)] == [[port, "connected"], [port, "lost"], [port, "closed"]]
