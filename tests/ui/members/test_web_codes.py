"""The code of a reader's pages at the window: asked for first, then on paper."""

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.models.centre import MemberLogin
from db.models.sync import Peer
from tests.library import MORNING, rows
from tests.ui.members.pages import CTRL, answer, press, words
from ui.members.page import MembersPage
from ui.members.side import WEB_CODE
from ui.session import Session


@pytest.fixture
def joined(session: Session) -> Session:
    with session.library.store.write() as tx:
        tx.connection.execute(sa.insert(Peer).values(url="https://markaz.example", enrolled_at=MORNING))
    return session


def test_the_key_asks_and_the_answer_puts_the_code_on_paper(joined: Session, desk: MembersPage, qtbot: QtBot) -> None:
    assert WEB_CODE == "Ctrl+G"
    press(Qt.Key.Key_G, CTRL)
    assert "کد پیشین از کار می‌افتد" in words(desk.panel)
    assert rows(joined.library, MemberLogin) == []
    answer(desk, paper="a6")
    qtbot.waitUntil(lambda: not desk.preview.isHidden())
    assert len(rows(joined.library, MemberLogin)) == 1
    assert "M-1" in words(desk.preview)


def test_the_question_can_be_left(joined: Session, desk: MembersPage) -> None:
    press(Qt.Key.Key_G, CTRL)
    desk.on_escape()
    assert rows(joined.library, MemberLogin) == []


def test_a_library_without_a_centre_is_told_so(session: Session, desk: MembersPage) -> None:
    press(Qt.Key.Key_G, CTRL)
    answer(desk, paper="80")
    assert "هنوز به مرکز نپیوسته است" in words(desk.panel)
    assert rows(session.library, MemberLogin) == []
