from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests import library as lib
from tests.ui.sessions import session_on, window_of
from ui.page import Group, PageSpec
from ui.session import Session
from ui.weeding.page import WeedingPage
from ui.window import MainWindow


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> MainWindow:
    """A window with the page in it: keys go the way they go at the desk."""
    weeding = PageSpec("weeding", "وجین", "recycle", "F6", Group.COLLECTION, lambda: WeedingPage(session))
    return window_of(weeding, qtbot)


@pytest.fixture
def page(window: MainWindow) -> WeedingPage:
    shown = window.current_page()
    assert isinstance(shown, WeedingPage)
    return shown
