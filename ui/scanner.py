"""Every scan of every device as one signal, whatever has the focus."""

import sys
from collections import deque
from functools import partial
from typing import Final

import shiboken6
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QWindow

from app.devices.em4100 import OneScanATouch, read_tag
from app.devices.keymap import WINDOWS_OFFSET, X11_OFFSET, Key, Role
from app.devices.pcsc import PcscReader
from app.devices.scan import Flaw, Scan, Source, Unreadable, read_scan
from app.devices.serial_reader import LineParser, SerialReader, read_code
from app.devices.wedge import Answer, Fate, Prefix, Wedge, WedgeSettings

PCSC: Final = "PC/SC"
"""The name under which all PC/SC readers together tell their state; no port is called so."""
SCAN_CODE_OFFSET: Final = WINDOWS_OFFSET if sys.platform == "win32" else X11_OFFSET

_ROLES: Final[dict[int, Role]] = {
    Qt.Key.Key_Return: Role.END,
    Qt.Key.Key_Enter: Role.END,
    Qt.Key.Key_Tab: Role.END,
    Qt.Key.Key_Shift: Role.MODIFIER,
    Qt.Key.Key_CapsLock: Role.MODIFIER,
    Qt.Key.Key_Control: Role.MODIFIER,
    Qt.Key.Key_Alt: Role.MODIFIER,
    Qt.Key.Key_AltGr: Role.MODIFIER,
    Qt.Key.Key_Meta: Role.MODIFIER,
    Qt.Key.Key_F13: Role.F13,
}


class Scanner(QObject):
    """The scanner at the keyboard plug, any number of serial devices, and the PC/SC readers.

    `scanned` carries a `Scan` or an `Unreadable`, always on the GUI thread and never from inside the handling of a key.
    `state_changed` carries a port name (or `PCSC`) and a `ReaderState`. Make one for the whole program and `close` it
    at the end.
    """

    scanned = Signal(object)
    state_changed = Signal(str, str)
    _arrived = Signal(object)
    _told = Signal(str, str)

    def __init__(
        self, application: QCoreApplication, prefix: Prefix = Prefix.NONE, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._application = application
        self._wedge = Wedge(WedgeSettings.for_prefix(prefix, SCAN_CODE_OFFSET))
        self._kept: deque[tuple[QWindow, QKeyEvent]] = deque()
        self._replaying = False
        self._readers: dict[str, SerialReader | PcscReader] = {}
        self._since_start = QElapsedTimer()
        self._since_start.start()
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        application.installEventFilter(self)

    def use_prefix(self, prefix: Prefix) -> None:
        """From now on expect what the scanner was set up to send before each code."""
        self._replay(len(self._kept))
        self._wedge = Wedge(WedgeSettings.for_prefix(prefix, SCAN_CODE_OFFSET))

    def open_port(self, port: str, parse: LineParser = read_code, baud_rate: int = 9600) -> None:
        """Read the serial device at `port` (a name, or "VID:PID"), now and whenever it is plugged in again."""
        self._start(port, SerialReader(port, self._arrived.emit, partial(self._told.emit, port), parse, baud_rate))

    def open_card_port(self, port: str) -> None:
        """Read the serial card reader (125 kHz tags) at `port`, now and whenever it is plugged in again."""
        told = partial(self._told.emit, port)
        self._start(port, SerialReader(port, OneScanATouch(self._arrived.emit), told, read_tag))

    def open_pcsc(self) -> None:
        """Read contactless cards on every PC/SC reader, now and whenever one is plugged in."""
        self._start(PCSC, PcscReader(self._arrived.emit, partial(self._told.emit, PCSC)))

    def close_port(self, port: str) -> None:
        """Leave the port (or `PCSC`) to other programs; nothing happens where it was not open."""
        reader = self._readers.pop(port, None)
        if reader:
            reader.close()

    def close(self) -> None:
        """Give back the keyboard and all ports."""
        self._application.removeEventFilter(self)
        self._timer.stop()
        self._replay(len(self._kept))
        for port in list(self._readers):
            self.close_port(port)

    def _start(self, name: str, reader: SerialReader | PcscReader) -> None:
        self.close_port(name)
        self._readers[name] = reader
        reader.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Windows get every key first, whichever widget has the focus; all other objects are none of our business.
        if not isinstance(watched, QWindow) or not isinstance(event, QKeyEvent):
            return False
        match event.type():
            case QEvent.Type.ShortcutOverride:
                return self._claim(event)
            case QEvent.Type.KeyPress | QEvent.Type.KeyRelease if self._replaying:
                self._replaying = False
                return False
            case QEvent.Type.KeyPress:
                return self._obey(self._wedge.press(self._key(event)), watched, event)
            case QEvent.Type.KeyRelease:
                return self._obey(self._wedge.release(self._key(event)), watched, event)
            case _:
                return False

    def _claim(self, event: QKeyEvent) -> bool:
        """Qt tries shortcuts before it delivers the key. An accepted override makes it deliver the key instead."""
        if not self._wedge.claims(self._key(event)):
            return False
        event.accept()
        return True

    def _key(self, event: QKeyEvent) -> Key:
        modifiers = event.modifiers()
        return Key(
            scan_code=event.nativeScanCode(),
            text=event.text(),
            # When the key was struck, not when a busy desk comes to see it: else fast typing would look like a scan.
            time_ms=event.timestamp() or self._since_start.elapsed(),
            shift=bool(modifiers & Qt.KeyboardModifier.ShiftModifier),
            control=bool(modifiers & Qt.KeyboardModifier.ControlModifier),
            alt=bool(modifiers & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier)),
            auto_repeat=event.isAutoRepeat(),
            role=_ROLES.get(event.key(), Role.CHARACTER),
        )

    def _obey(self, answer: Answer, window: QWindow, event: QKeyEvent) -> bool:
        self._settle(answer)
        if answer.fate is Fate.HOLD:
            self._kept.append((window, _copy(event)))
        return answer.fate is not Fate.PASS

    def _settle(self, answer: Answer) -> None:
        self._replay(answer.replay)
        if answer.code is not None:
            self._kept.clear()
            self._arrived.emit(
                read_scan(answer.code, Source.KEYBOARD) if answer.finished else Unreadable(answer.code, Flaw.UNFINISHED)
            )
        if answer.tick_ms:
            self._timer.start(answer.tick_ms)

    def _replay(self, count: int) -> None:
        for window, event in [self._kept.popleft() for _ in range(count)]:
            if shiboken6.isValid(window):
                self._replaying = True
                QCoreApplication.sendEvent(window, event)
                self._replaying = False

    @Slot()
    def _on_timeout(self) -> None:
        self._settle(self._wedge.tick())

    @Slot(object)
    def _on_arrived(self, scan: Scan | Unreadable) -> None:
        self.scanned.emit(scan)

    @Slot(str, str)
    def _on_told(self, port: str, state: str) -> None:
        self.state_changed.emit(port, state)


def _copy(event: QKeyEvent) -> QKeyEvent:
    """The event to send again; Qt owns the one it handed us. (What `clone()` returns belongs to nobody and leaks.)"""
    return QKeyEvent(
        event.type(),
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        event.isAutoRepeat(),
        event.count(),
    )
