"""Searching the archive from the window, and its binder list."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests import library as lib
from tests.app.weeding.minutes.on_the_way import finalised
from tests.ui.weeding.reading import CONTROL, press
from ui.session import Session
from ui.weeding.archive import SEEK_AFTER_MS, Archive
from ui.weeding.page import WeedingPage


def opened(session: Session, page: WeedingPage) -> Archive:
    """Two minutes of different days in the archive."""
    finalised(session.library, 2)
    lib.pass_days(session.library, 5)
    finalised(session.library, 1)
    press(Qt.Key.Key_B, CONTROL)
    return page.archive


def numbers(archive: Archive) -> list[str]:
    return [archive.list.table.texts(place)[0] for place in range(archive.list.table.rowCount())]


def seek(archive: Archive, qtbot: QtBot) -> None:
    with qtbot.waitSignal(archive.seek.changed, timeout=20 * SEEK_AFTER_MS):
        pass


def test_the_archive_is_searched_by_number_book_and_day(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    archive = opened(session, page)
    assert numbers(archive) == ["۱۴۰۵/۲", "۱۴۰۵/۱"]
    press(Qt.Key.Key_F, CONTROL)
    assert archive.seek.book.hasFocus()
    archive.seek.book.setText("كتاب شماره ۱")  # Arabic letters, Persian digits
    seek(archive, qtbot)
    assert numbers(archive) == ["۱۴۰۵/۱"]
    press(Qt.Key.Key_Escape)
    assert numbers(archive) == ["۱۴۰۵/۲", "۱۴۰۵/۱"]
    archive.seek.number.setText("2")
    seek(archive, qtbot)
    assert numbers(archive) == ["۱۴۰۵/۲"]
    archive.seek.clear()
    archive.seek.until.set_day(lib.TODAY)
    seek(archive, qtbot)
    assert numbers(archive) == ["۱۴۰۵/۱"]


def test_what_is_not_there_is_said_and_escape_shows_all_again(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    archive = opened(session, page)
    archive.seek.book.setText("نیست‌که‌نیست")
    seek(archive, qtbot)
    assert numbers(archive) == []
    press(Qt.Key.Key_Escape)
    assert len(numbers(archive)) == 2
    assert archive.isVisible()
    press(Qt.Key.Key_Escape)
    assert page.drafts.isVisible()


def test_the_binder_list_of_the_year_comes_on_the_screen(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    opened(session, page)
    press(Qt.Key.Key_J, CONTROL)
    assert page.preview.isVisible()
    paper = page.preview.paper()
    assert (paper.title, paper.sheet_name) == ("فهرست زونکن صورتجلسه‌های وجین", "binder.xlsx")
    qtbot.waitUntil(lambda: page.preview.pictures.count() > 0)
    press(Qt.Key.Key_Escape)
    assert page.archive.isVisible()
