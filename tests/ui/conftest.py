import os
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from ui.style import apply_theme

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# The offscreen platform says so of every window with size limits, every pop-up and every raised window.
_NOT_OURS = pytest.mark.qt_log_ignore("This plugin does not support")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/ui/" in item.path.as_posix():
            item.add_marker(_NOT_OURS)


@pytest.fixture(autouse=True)
def no_widget_is_left() -> Iterator[None]:
    """What a test has closed is deleted here and not by the garbage collector, which may run on a worker's thread."""
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    """The application in the light theme at 100 %."""
    apply_theme(qapp)
    return qapp
