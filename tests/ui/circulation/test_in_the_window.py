"""From the desk to other pages with whoever is on screen, and what the desk does not pay for at the start."""

import logging
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests import library as lib
from ui.app import DeskApp
from ui.circulation.desk import DeskPage
from ui.holds.page import HoldsPage
from ui.money.page import MoneyPage
from ui.preferences import read_preferences, write_preferences


@pytest.fixture
def app(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[DeskApp]:
    library = lib.found(tmp_path)
    write_preferences(tmp_path, replace(read_preferences(tmp_path), sounds=False))
    app = DeskApp(qapp, library, library.person(None), tmp_path, logging.getLogger("test"))
    app.show()
    qtbot.waitExposed(app.window)
    yield app
    app.close()


def desk(app: DeskApp) -> DeskPage:
    page = app.window.page("desk")
    assert isinstance(page, DeskPage)
    return page


def test_f9_shows_the_account_of_the_reader_on_screen(app: DeskApp) -> None:
    first, second = lib.add_member(app.session.library), lib.add_member(app.session.library, given_name="علی")
    for member in (first, second):
        app.window.open_page("desk")
        desk(app).select_member(member.card)
        QTest.keyClick(app.window, Qt.Key.Key_F9)
        money = app.window.current_page()
        assert isinstance(money, MoneyPage)
        account = money.account.account()
        assert account is not None
        assert account.member.id == member.id


def test_without_a_reader_f9_only_opens_the_accounts(app: DeskApp) -> None:
    QTest.keyClick(app.window, Qt.Key.Key_F9)
    money = app.window.current_page()
    assert isinstance(money, MoneyPage)
    assert money.account.account() is None


def test_a_hold_begins_with_reader_and_title_of_the_desk(app: DeskApp) -> None:
    library = app.session.library
    member, copy = lib.add_member(library), lib.add_copy(library, "کلیدر")
    lib.lend(library, member, copy)
    desk(app).select_member(member.card)
    desk(app).loans.view.choose_place(0)
    QTest.keyClick(app.window, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    page = app.window.current_page()
    assert isinstance(page, HoldsPage)
    assert "کلیدر" in page.placing.what.text()
    assert "رضایی" in page.placing.who.text()


def test_the_desk_is_made_without_what_only_paper_needs() -> None:
    made = "import sys; import ui.circulation.desk; print(sorted({'reportlab', 'PIL', 'openpyxl'} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", made], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
