from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests import library as lib
from tests.ui.sessions import session_on, window_of
from ui.money.page import MoneyPage
from ui.page import Group, PageSpec
from ui.session import Session
from ui.window import MainWindow


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def member(session: Session) -> lib.AMember:
    return lib.add_member(session.library)


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> MainWindow:
    """A window with the page in it: keys go the way they go at the desk."""
    money = PageSpec("money", "حساب‌ها", "cash", "F9", Group.DESK, lambda: MoneyPage(session))
    return window_of(money, qtbot)


@pytest.fixture
def page(window: MainWindow) -> MoneyPage:
    shown = window.current_page()
    assert isinstance(shown, MoneyPage)
    return shown
