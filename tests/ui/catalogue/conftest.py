from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.catalogue.form import Creator
from db.codes import CreatorRole
from tests import library as lib
from tests.ui.catalogue.pages import shown
from tests.ui.sessions import session_on
from ui.catalogue.page import CataloguePage
from ui.session import Session


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> CataloguePage:
    """A page over three titles: سووشون with two copies, بوستان, and شازده کوچولو with a translator."""
    library = session.library
    first = lib.add_copy(library, lib.a_title("سووشون", creators=(Creator("دانشور، سیمین"),), isbn="9789642569816"))
    lib.add_copy(library, first.title_id)
    lib.add_copy(library, lib.a_title("بوستان"))
    people = (Creator("سنت‌اگزوپری، آنتوان دو"), Creator("شاملو، احمد", CreatorRole.TRANSLATOR))
    lib.add_copy(library, lib.a_title("شازده کوچولو", creators=people, subjects=("داستان‌های فرانسه",)))
    return shown(session, qtbot)
