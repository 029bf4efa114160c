"""What pictures of the pages share: waiting for work in the background without stopping it."""

from collections.abc import Callable
from time import sleep

from PySide6.QtWidgets import QApplication

_PATIENCE, _STEP, _SETTLING = 8.0, 0.01, 30  # seconds, seconds, steps


def wait_until(ready: Callable[[], bool]) -> None:
    """Let the window and its jobs go on until `ready`, then until the page has come to rest. QTest.qWait would keep the
    interpreter from the jobs."""
    for _ in range(round(_PATIENCE / _STEP)):
        QApplication.processEvents()
        if ready():
            break
        sleep(_STEP)
    for _ in range(_SETTLING):
        QApplication.processEvents()
        sleep(_STEP)
