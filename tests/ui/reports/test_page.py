"""The reports page, worked by keyboard: the report that is owed, and two looks at the collection (002 م1، م3، م14)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.codes import Condition, Role
from db.models.collection import QuarterlyReport
from db.models.library import Staff
from tests import library as lib
from tests.reports.reading import missing, raw_text
from tests.ui.sessions import heard, session_on
from ui.reports.page import ReportsPage
from ui.session import Session
from ui.sounds import Sound

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        novel = lib.add_copy(session.library, lib.a_title("بوستان", dewey="8فا1.31"), condition=Condition.WORN)
        lib.add_copy(session.library, novel.title_id)
        yield session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> ReportsPage:
    made = ReportsPage(session)
    qtbot.addWidget(made)
    made.resize(1168, 735)
    made.show()
    made.on_shown()
    return made


def press(page: ReportsPage, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for modifier in modifiers:
        held |= modifier
    QTest.keyClick(page, key, held)


def test_the_report_that_is_owed_is_chosen_and_has_its_way(page: ReportsPage, session: Session, qtbot: QtBot) -> None:
    part = page.quarters
    chosen = part.list.view.chosen()[0]
    assert (chosen.name, chosen.state) == ("تابستان ۱۴۰۵", "ساخته نشده")
    press(page, Qt.Key.Key_N, CTRL)
    qtbot.waitUntil(lambda: page.shows_paper() and page.preview.pictures.count() > 0)
    page.on_escape()
    assert part.list.view.chosen()[0].state == "آمادهٔ ارسال"
    press(page, Qt.Key.Key_Return, CTRL)  # without a number nothing is sent
    assert stored(session).sent_on is None
    part.letter.set_values({"number": "۱۲/۳۴"})
    press(page, Qt.Key.Key_Return, CTRL)
    assert (stored(session).letter_no, stored(session).sent_on) == ("۱۲/۳۴", lib.TODAY)
    assert part.list.view.chosen()[0].state == "فرستاده شده"
    part.answer.set_values({"text": "بررسی شد"})
    press(page, Qt.Key.Key_Return, CTRL, SHIFT)
    assert stored(session).answer == "بررسی شد"
    assert heard(session) == [Sound.CHECKED_IN] * 3


def stored(session: Session) -> Any:
    (row,) = lib.rows(session.library, QuarterlyReport)
    return row


def test_a_running_quarter_is_a_draft_on_paper_and_cannot_be_made(page: ReportsPage, qtbot: QtBot) -> None:
    page.quarters.list.view.choose_place(0)
    page.quarters.make()
    assert "پایان نیافته" in page.banner.accessibleName()
    press(page, Qt.Key.Key_P, CTRL)
    qtbot.waitUntil(page.shows_paper)
    assert missing(["پیش‌نویس", "پاییز"], raw_text(page.preview.paper().pdf)) == []


def test_who_may_not_report_is_told_so(page: ReportsPage, session: Session) -> None:
    with session.library.store.write() as tx:
        trainee = tx.insert(Staff, name="کارآموز", role=Role.TRAINEE)
        tx.record("staff.added", session.act())
    session.person = next(one for one in session.library.people() if one.id == trainee)
    page.quarters.make()
    with session.library.store.read() as reader:
        assert reader.connection.execute(QuarterlyReport.__table__.select()).all() == []


def test_the_collection_is_read_when_it_comes_into_sight(page: ReportsPage, qtbot: QtBot) -> None:
    assert page.balance.list.table.total() == 0
    press(page, Qt.Key.Key_2, CTRL)
    assert page.balance.list.table.total() == 11
    press(page, Qt.Key.Key_3, CTRL)
    (row,) = page.health.list.table.shown_rows()
    assert (row.heading, row.copy.title) == ("برای صحافی", "بوستان")
    page.health.show_paper()
    qtbot.waitUntil(page.shows_paper)
    assert missing(["سلامت مجموعه", "بوستان"], raw_text(page.preview.paper().pdf)) == []
