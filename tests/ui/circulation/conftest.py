from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests import library as lib
from tests.ui.sessions import session_on
from ui.circulation.desk import DeskPage
from ui.session import Session


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def desk(session: Session, qtbot: QtBot) -> Iterator[DeskPage]:
    page = DeskPage(session)
    qtbot.addWidget(page)
    page.resize(1168, 735)
    page.show()
    page.on_shown()
    yield page
    page.close()
