"""The reports page, worked by keyboard: the report that is owed, and two looks at the collection (002 م1، م3، م14)."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db.codes import Condition, Role
from db.models.collection import Mending, QuarterlyReport
from db.models.library import Staff
from tests import library as lib
from tests.reports.reading import missing, raw_text
from tests.ui.sessions import heard, session_on
from ui.reports.page import ReportsPage
from ui.session import Session
from ui.sounds import Sound

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


SUMMER = dt.date(2026, 8, 1)


def mended(session: Session, copy: lib.ACopy, day: dt.date) -> None:
    """A book was mended: the report on that season is owed (002 م14-1)."""
    with session.library.store.write() as tx:
        tx.insert(Mending, item_id=copy.id, day=day, work="چسب", staff_id=session.act().staff_id)
        tx.record("mending.added", session.act())


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        novel = lib.add_copy(session.library, lib.a_title("بوستان", dewey="8فا1.31"), condition=Condition.WORN)
        lib.add_copy(session.library, novel.title_id)
        mended(session, novel, SUMMER)
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
    assert page.tiles[0].accessibleName() == "گزارش فصلی: ۱ گزارش در نوبت: تابستان ۱۴۰۵"
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
    assert "در نوبت نیست" in page.tiles[0].accessibleName()
    part.answer.set_values({"text": "بررسی شد", "on": lib.TODAY - dt.timedelta(days=400)})
    press(page, Qt.Key.Key_Return, CTRL, SHIFT)  # answered before it was sent
    assert stored(session).answer is None
    part.answer.set_values({"text": "بررسی شد", "on": lib.TODAY})
    press(page, Qt.Key.Key_Return, CTRL, SHIFT)
    assert (stored(session).answer, stored(session).answered_on) == ("بررسی شد", lib.TODAY)
    assert heard(session) == [Sound.CHECKED_IN, Sound.CHECKED_IN, Sound.REFUSED, Sound.CHECKED_IN]


def stored(session: Session) -> Any:
    (row,) = lib.rows(session.library, QuarterlyReport)
    return row


def test_a_season_without_work_owes_nothing_and_an_old_one_that_does_is_still_shown(
    page: ReportsPage, session: Session
) -> None:
    rows = page.quarters.list.table.shown_rows()
    assert {row.name: row.state for row in rows}["بهار ۱۴۰۵"] == "کاری نبود"
    with session.library.store.write() as tx:
        tx.insert(QuarterlyReport, year=1401, quarter=3, due_on=dt.date(2022, 12, 22))
        tx.record("report.made", session.act())
    page.quarters.reload()
    assert page.quarters.list.table.shown_rows()[-1].name == "پاییز ۱۴۰۱"
    page.show_subject(1401, 3)
    assert page.quarters.list.view.chosen()[0].name == "پاییز ۱۴۰۱"


def test_what_is_written_for_one_season_is_not_kept_for_another(page: ReportsPage) -> None:
    part = page.quarters
    part.letter.set_values({"number": "۱۲/۳۴"})
    part.reload()
    assert part.letter.values()["number"] == "۱۲/۳۴"
    part.list.view.choose_place(2)
    assert not part.letter.values()["number"]


def test_a_running_quarter_is_a_draft_on_paper_and_cannot_be_made(page: ReportsPage, qtbot: QtBot) -> None:
    page.quarters.list.view.choose_place(0)
    page.quarters.make()
    qtbot.waitUntil(lambda: "پایان نیافته" in page.banner.accessibleName())
    press(page, Qt.Key.Key_P, CTRL)
    qtbot.waitUntil(page.shows_paper)
    assert missing(["پیش‌نویس", "پاییز"], raw_text(page.preview.paper().pdf)) == []


def test_a_report_is_made_once_beside_the_window(page: ReportsPage, session: Session, qtbot: QtBot) -> None:
    gate = Event()
    session.jobs.start("کاری دراز", lambda _: gate.wait(10))
    press(page, Qt.Key.Key_N, CTRL)
    press(page, Qt.Key.Key_N, CTRL)
    page.quarters.list.view.choose_place(3)  # the window goes on
    assert len(session.jobs.open_jobs()) == 2
    gate.set()
    qtbot.waitUntil(lambda: page.shows_paper() and page.preview.pictures.count() > 0)
    assert "تابستان ۱۴۰۵" in page.preview.paper().title
    assert stored(session).document_id is not None


def test_who_may_not_report_is_told_so(page: ReportsPage, session: Session, qtbot: QtBot) -> None:
    with session.library.store.write() as tx:
        trainee = tx.insert(Staff, name="کارآموز", role=Role.TRAINEE)
        tx.record("staff.added", session.act())
    session.person = next(one for one in session.library.people() if one.id == trainee)
    page.quarters.make()
    qtbot.waitUntil(lambda: not session.jobs.open_jobs())
    assert page.banner.accessibleName()
    with session.library.store.read() as reader:
        assert reader.connection.execute(QuarterlyReport.__table__.select()).all() == []


def test_the_collection_is_read_when_it_comes_into_sight(page: ReportsPage, qtbot: QtBot) -> None:
    assert page.balance.list.table.total() == 0
    press(page, Qt.Key.Key_2, CTRL)
    qtbot.waitUntil(lambda: page.balance.list.table.total() == 11)
    assert page.tiles[1].accessibleName().startswith("تناسب موضوعی: ۲ ")
    press(page, Qt.Key.Key_3, CTRL)
    qtbot.waitUntil(lambda: page.health.list.table.total() == 1)
    (row,) = page.health.list.table.shown_rows()
    assert (row.heading, row.copy.title) == ("برای صحافی", "بوستان")
    page.health.show_paper()
    qtbot.waitUntil(page.shows_paper)
    assert missing(["سلامت مجموعه", "بوستان"], raw_text(page.preview.paper().pdf)) == []
