"""The scanner against real keyboard layouts: key codes injected into an X server of our own, read by the real glue."""

import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from Xlib import X, display
from Xlib.ext import xtest

MISSING = [tool for tool in ("Xvfb", "setxkbmap", "xkbcomp") if shutil.which(tool) is None]
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")

ROOT = Path(__file__).parents[2]
# X key codes of the US keyboard a scanner pretends to be.
KEY_CODES = {c: n for n, c in enumerate("1234567890-", 10)} | {"R": 27, "A": 38, "F": 41, "s": 39, "l": 46, "h": 43}
SHIFT, ENTER, CONTROL, D, STX = 50, 36, 37, 40, 56
APPLICATION = """
import sys, time
from PySide6.QtCore import QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget
from app.devices.wedge import Prefix
from ui.scanner import Scanner

focus, prefix, order_ms = sys.argv[1], Prefix(sys.argv[2]), int(sys.argv[3])
app = QApplication([])
page = QWidget()
box, button = QLineEdit(), QPushButton("OK", autoDefault=True)
layout = QVBoxLayout(page)
layout.addWidget(box)
layout.addWidget(button)
button.clicked.connect(lambda: print("clicked", flush=True))
box.returnPressed.connect(lambda: print("typed", ascii(box.text()), flush=True))
order = QAction(parent=page, shortcut=QKeySequence("Ctrl+D"))
order.triggered.connect(lambda: (print("ordered", flush=True), time.sleep(order_ms / 1000)))
page.addAction(order)
scanner = Scanner(app, prefix)
scanner.scanned.connect(lambda scan: print(getattr(scan, "text", "unreadable"), flush=True))
page.show()
page.activateWindow()
(box if focus == "box" else button).setFocus()
def report_ready():
    if QGuiApplication.focusWindow() is None:
        QTimer.singleShot(20, report_ready)
    else:
        print("ready", flush=True)
report_ready()
app.exec()
"""


class Keyboard:
    """An X server of our own and the keys we strike on it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.display = display.Display(name)

    def set_layout(self, layout: str) -> None:
        subprocess.run(["setxkbmap", "-display", self.name, layout], check=True)

    def key(self, code: int, *held: int) -> None:
        for held_code in held:
            xtest.fake_input(self.display, X.KeyPress, held_code)
        xtest.fake_input(self.display, X.KeyPress, code)
        xtest.fake_input(self.display, X.KeyRelease, code)
        for held_code in held:
            xtest.fake_input(self.display, X.KeyRelease, held_code)
        self.display.sync()

    def strike(self, text: str, gap_ms: int) -> None:
        for character in text:
            self.key(KEY_CODES[character], *([SHIFT] if character.isupper() else []))
            time.sleep(gap_ms / 1000)

    def scan(self, code: str, gap_ms: int = 0) -> None:
        self.strike(code, gap_ms)
        self.key(ENTER)


class Program:
    """The small program under test and what it prints."""

    def __init__(self, display_name: str, focus: str, prefix: str, order_ms: int) -> None:
        environment = os.environ | {"DISPLAY": display_name, "QT_QPA_PLATFORM": "xcb", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", APPLICATION, focus, prefix, str(order_ms)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT)
        self.lines: queue.Queue[str] = queue.Queue()
        self.listener = threading.Thread(target=self.listen)
        self.listener.start()

    def listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.put(line.strip())

    def next(self) -> str:
        return self.lines.get(timeout=20)

    def close(self) -> list[str]:
        """End the program; what it printed that nobody has asked for."""
        self.process.terminate()
        self.listener.join()
        self.process.communicate()
        return [self.lines.get_nowait() for _ in range(self.lines.qsize())]


@pytest.fixture(scope="module")
def keyboard() -> Iterator[Keyboard]:
    # -noreset: else the server forgets the layout when the last program leaves it.
    ours, theirs = os.pipe()
    command = ["Xvfb", "-displayfd", str(theirs), "-screen", "0", "640x480x24", "-noreset", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[theirs], stderr=subprocess.DEVNULL)
    os.close(theirs)
    with os.fdopen(ours) as pipe:
        name = f":{pipe.readline().strip()}"
    keyboard = Keyboard(name)
    yield keyboard
    keyboard.display.close()
    server.terminate()
    server.wait(timeout=10)


@pytest.fixture
def start(keyboard: Keyboard) -> Iterator[Callable[..., Program]]:
    """Starts the program, ready for keys; at the end it must not have printed anything the test did not ask for."""
    programs: list[Program] = []

    def start(focus: str = "box", prefix: str = "none", order_ms: int = 0) -> Program:
        programs.append(Program(keyboard.name, focus, prefix, order_ms))
        assert programs[-1].next() == "ready"
        return programs[-1]

    yield start
    assert [program.close() for program in programs] == [[] for _ in programs]


@pytest.mark.parametrize("layout", ["us", "ir"])
@pytest.mark.parametrize("focus", ["box", "button"])
def test_a_scan_is_the_same_under_each_layout_and_speed_with_any_focus(
    keyboard: Keyboard, start: Callable[..., Program], layout: str, focus: str
) -> None:
    keyboard.set_layout(layout)
    program = start(focus)
    for gap_ms in (0, 2, 8, 15):
        keyboard.scan("RAF-001234", gap_ms)
        assert program.next() == "RAF-001234"


def test_persian_typing_arrives_with_a_scan_in_the_middle(keyboard: Keyboard, start: Callable[..., Program]) -> None:
    keyboard.set_layout("ir")
    program = start()
    keyboard.strike("slh", gap_ms=75)
    keyboard.scan("RAF-001234")
    assert program.next() == "RAF-001234"
    time.sleep(0.1)
    keyboard.strike("12", gap_ms=75)
    keyboard.key(ENTER)
    assert program.next() == f"typed {'سما۱۲'!a}"


def test_a_busy_desk_still_tells_typing_from_scanning(keyboard: Keyboard, start: Callable[..., Program]) -> None:
    keyboard.set_layout("us")
    program = start(order_ms=800)
    keyboard.key(D, CONTROL)
    assert program.next() == "ordered"
    keyboard.strike("12345", gap_ms=70)
    keyboard.key(ENTER)
    assert program.next() == "typed '12345'"
    keyboard.key(D, CONTROL)
    assert program.next() == "ordered"
    keyboard.scan("RAF-000001", gap_ms=5)
    keyboard.scan("RAF-000002", gap_ms=5)
    assert [program.next(), program.next()] == ["RAF-000001", "RAF-000002"]


@pytest.mark.parametrize("layout", ["us", "ir"])
def test_a_shortcut_hidden_in_a_barcode_does_not_fire_but_a_persons_does(
    keyboard: Keyboard, start: Callable[..., Program], layout: str
) -> None:
    keyboard.set_layout(layout)
    program = start()
    keyboard.strike("RAF", gap_ms=0)
    keyboard.key(D, CONTROL)
    keyboard.scan("001234")
    assert program.next() == "unreadable"
    if layout == "us":
        time.sleep(0.1)
        keyboard.key(D, CONTROL)
        assert program.next() == "ordered"


@pytest.mark.parametrize("layout", ["us", "ir"])
@pytest.mark.parametrize(("prefix", "keys"), [("f13", (191,)), ("stx", (STX, CONTROL))])
def test_a_prefix_makes_a_scan_of_a_short_slow_code(
    keyboard: Keyboard, start: Callable[..., Program], layout: str, prefix: str, keys: tuple[int, ...]
) -> None:
    keyboard.set_layout(layout)
    program = start(prefix=prefix)
    keyboard.key(*keys)
    keyboard.scan("7", gap_ms=60)
    assert program.next() == "7"
