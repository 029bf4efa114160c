from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests import library as lib
from tests.library import AMember
from tests.ui.members import pages
from tests.ui.sessions import scan, session_on
from ui.members.page import MembersPage
from ui.session import Session


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def maryam(session: Session) -> AMember:
    """A member with a telephone."""
    return lib.add_member(
        session.library, given_name="مریم", family_name="رضایی", card="M-1", mobile="09123456789", address="آبگرم"
    )


@pytest.fixture
def zahra(session: Session) -> AMember:
    return lib.add_member(session.library, given_name="زهرا", family_name="زند", card="M-2")


@pytest.fixture
def desk(session: Session, maryam: AMember, zahra: AMember, qtbot: QtBot) -> MembersPage:
    """The page with Maryam chosen."""
    page = pages.shown(session, qtbot)
    scan(page, "M-1")
    return page
