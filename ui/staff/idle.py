"""Nobody at the desk: told when neither key nor mouse has moved in the window for a while."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QWindow

_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
    }
)
_MINUTE_MS = 60_000


class IdleWatch(QObject):
    """Watches the native window only: widgets get many more events than a person makes."""

    idle = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.idle)

    def watch(self, window: QWindow) -> None:
        """Look after this window too."""
        window.installEventFilter(self)

    def set_minutes(self, minutes: int) -> None:
        """How long a desk may lie idle; 0 for as long as it likes."""
        self._timer.setInterval(minutes * _MINUTE_MS)
        self.touch()

    def touch(self) -> None:
        """Somebody is there: a scan from a serial port, a key, the mouse."""
        if self._timer.interval():
            self._timer.start()
        else:
            self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE:
            self.touch()
        return super().eventFilter(watched, event)
