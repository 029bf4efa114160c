from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests import library as lib
from tests.ui.sessions import session_on, window_of
from ui.page import Group, PageSpec
from ui.policies.page import PoliciesPage
from ui.session import Session
from ui.window import MainWindow


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> MainWindow:
    """A window with the page in it: keys go the way they go at the desk."""
    spec = PageSpec("policies", "قواعد امانت", "scale", "Ctrl+F5", Group.LAST, lambda: PoliciesPage(session))
    return window_of(spec, qtbot)


@pytest.fixture
def page(window: MainWindow) -> PoliciesPage:
    shown = window.current_page()
    assert isinstance(shown, PoliciesPage)
    return shown
