"""The whole window: devices at one end, rows in the store at the other."""

import logging
import os
import tty
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea
from pytestqt.qtbot import QtBot

from app.library import Library
from db.models.circulation import Loan
from tests import library as lib
from ui.app import DeskApp
from ui.circulation.desk import DeskPage
from ui.preferences import Preferences, read_preferences, write_preferences
from ui.readers import SCANNER
from ui.typing import type_code

LOG = logging.getLogger("test")


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return lib.found(tmp_path)


@pytest.fixture
def open_app(library: Library, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[Callable[[], DeskApp]]:
    opened: list[DeskApp] = []

    def open_it() -> DeskApp:
        write_preferences(tmp_path, replace(read_preferences(tmp_path), sounds=False))
        app = DeskApp(qapp, library, library.person(None), tmp_path, LOG)
        opened.append(app)
        app.show()
        qtbot.waitExposed(app.window)
        return app

    yield open_it
    for app in opened:
        app.close()


def desk(app: DeskApp) -> DeskPage:
    page = app.window.current_page()
    assert isinstance(page, DeskPage)
    return page


def test_thirty_scans_fifty_milliseconds_apart_give_thirty_rows(
    library: Library, open_app: Callable[[], DeskApp], qtbot: QtBot
) -> None:
    lib.put_policy(library, {"values": {"loan_days": 14}})
    member = lib.add_member(library, card="M-0001")
    copies = [lib.add_copy(library, f"کتاب {number}") for number in range(30)]
    app = open_app()
    type_code(app.window.windowHandle(), member.card)
    QTest.qWait(50)
    for copy in copies:
        type_code(app.window.windowHandle(), copy.barcode)
        QTest.qWait(50)
    qtbot.waitUntil(lambda: desk(app).loans.table.total() == 30)
    assert len(lib.rows(library, Loan)) == 30


def test_a_scan_reaches_the_desk_whatever_has_the_focus(
    library: Library, open_app: Callable[[], DeskApp], qtbot: QtBot
) -> None:
    member, copy = lib.add_member(library, card="M-0001"), lib.add_copy(library)
    app = open_app()
    for focused in (desk(app).loans.view, desk(app).box.edit):
        focused.setFocus()
        type_code(app.window.windowHandle(), member.card)
        QTest.qWait(60)
    type_code(app.window.windowHandle(), copy.barcode)
    qtbot.waitUntil(lambda: len(lib.rows(library, Loan)) == 1)


def test_a_serial_scanner_lends_a_book_and_may_be_unplugged(
    library: Library, open_app: Callable[[], DeskApp], tmp_path: Path, qtbot: QtBot
) -> None:
    member, copy = lib.add_member(library, card="M-0001"), lib.add_copy(library)
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    write_preferences(tmp_path, Preferences(scanner_port=os.ttyname(theirs)))
    app = open_app()
    qtbot.waitUntil(lambda: "متصل" in app.window.status.device_text(SCANNER))
    os.write(ours, f"{member.card}\r".encode())
    QTest.qWait(80)
    os.write(ours, f"{copy.barcode}\r\n".encode())
    qtbot.waitUntil(lambda: len(lib.rows(library, Loan)) == 1)
    os.write(ours, b"RAF-00")
    os.close(ours)
    os.close(theirs)
    qtbot.waitUntil(lambda: "قطع" in app.window.status.device_text(SCANNER))
    assert len(lib.rows(library, Loan)) == 1


def test_every_page_opens_by_its_key(open_app: Callable[[], DeskApp]) -> None:
    app = open_app()
    for spec in app._pages():
        page = app.window.open_page(spec.key)
        QTest.qWait(5)
        assert page.isVisible(), spec.key


def test_the_status_line_tells_date_user_and_what_waits(open_app: Callable[[], DeskApp]) -> None:
    words = " ".join(label.text() for label in open_app().window.status.findChildren(QLabel))
    assert "شنبه ۳۰ آبان ۱۴۰۵" in words
    assert "زهرا کریمی (مسئول کتابخانه)" in words
    assert "همه چیز روی همین رایانه" in words


def test_another_scale_rebuilds_the_window_on_the_same_page(open_app: Callable[[], DeskApp], qtbot: QtBot) -> None:
    app = open_app()
    app.window.open_page("members")
    first = app.window
    app.apply(replace(app.session.preferences, scale=150, dark=True))
    qtbot.waitUntil(lambda: app.window is not first)
    assert app.window.current_key() == "members"
    assert read_preferences(app.session.folder).scale == 150


def test_a_reader_chosen_elsewhere_comes_to_the_desk(library: Library, open_app: Callable[[], DeskApp]) -> None:
    member = lib.add_member(library)
    app = open_app()
    app.window.open_page("members")
    app._to_desk(member.card)
    assert "مریم رضایی" in desk(app).banner.title()


def test_closing_lets_go_of_the_library(library: Library, tmp_path: Path, qapp: QApplication) -> None:
    app = DeskApp(qapp, library, library.person(None), tmp_path, LOG)
    app.close()
    with closing(lib.reopened(tmp_path / "library").store):
        pass


@pytest.mark.parametrize("page", ["desk", "members", "catalogue", "weeding"])
def test_a_page_of_daily_work_fits_the_usual_branch_screen_without_scrolling(
    library: Library, open_app: Callable[[], DeskApp], page: str
) -> None:
    lib.add_member(library)
    lib.add_copy(library)
    app = open_app()
    app.window.open_page(page)
    app.window.resize(1366, 768)
    QTest.qWait(20)
    area = app.window._stack.currentWidget()
    assert isinstance(area, QScrollArea)
    assert (app.window.width(), app.window.height()) == (1366, 768)
    assert (area.verticalScrollBar().maximum(), area.horizontalScrollBar().maximum()) == (0, 0)
