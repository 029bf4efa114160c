"""Changing places at the desk, and the lock over a half-done screen."""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.demo.centre import know_centre
from app.library import Library
from app.staff.service import StaffForm, StaffSaved, add_person, set_pin
from db.models.circulation import Loan
from db.models.sync import JournalEntry
from tests import library as lib
from ui.app import DeskApp
from ui.circulation.desk import DeskPage
from ui.preferences import Preferences, write_preferences
from ui.sync import rounds
from ui.typing import type_code

HEAD_PIN, PIN, CARD = "2718", "3141", "S-0007"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    library = lib.found(tmp_path)
    set_pin(library, library.person(None).id, HEAD_PIN, lib.act(library))
    saved = add_person(library, StaffForm("نرگس بیات", pin=PIN, card=CARD), lib.act(library))
    assert isinstance(saved, StaffSaved)
    return library


@pytest.fixture
def app(library: Library, tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[DeskApp]:
    write_preferences(tmp_path, Preferences(sounds=False))
    made = DeskApp(qapp, library, library.person(None), tmp_path, logging.getLogger("test"))
    made.show()
    qtbot.waitExposed(made.window)
    yield made
    made.close()


def desk(app: DeskApp) -> DeskPage:
    page = app.window.current_page()
    assert isinstance(page, DeskPage)
    return page


def show(app: DeskApp, code: str) -> None:
    type_code(app.window.windowHandle(), code)
    QTest.qWait(60)


def choose(app: DeskApp, name: str) -> None:
    found = next(place for place in range(app.sign_in.people.count()) if name in app.sign_in.people.itemText(place))
    app.sign_in.people.setCurrentIndex(found)


def test_somebody_else_takes_over_by_name_and_pin(app: DeskApp, library: Library) -> None:
    QTest.keyClick(app.window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert app.sign_in.isVisible()
    choose(app, "بیات")
    QTest.keyClicks(app.sign_in.pin, PIN, delay=40)
    QTest.keyClick(app.sign_in.pin, Qt.Key.Key_Return)
    assert app.session.person.name == "نرگس بیات"
    assert app.sign_in.isHidden()


def test_a_wrong_pin_says_so_and_changes_nothing(app: DeskApp) -> None:
    app.switch()
    choose(app, "بیات")
    app.sign_in.pin.setText("0000")
    app.sign_in.take_pin()
    assert app.session.person.name == "زهرا کریمی"
    assert "۳ بار دیگر" in app.sign_in._said.text()
    assert app.sign_in.pin.text() == ""
    app.window.escape()
    app.sign_in.dismiss()
    assert app.sign_in.isHidden()


def test_a_staff_card_changes_places_in_the_middle_of_work(app: DeskApp, library: Library) -> None:
    member, copy = lib.add_member(library), lib.add_copy(library)
    show(app, member.card)
    show(app, CARD)
    assert app.session.person.name == "نرگس بیات"
    show(app, copy.barcode)
    assert [loan.member_id for loan in lib.rows(library, Loan)] == [member.id]
    entry = lib.rows(library, JournalEntry)[-1]
    assert (entry.kind, entry.staff_id) == ("loan.opened", app.session.person.id)


def test_a_locked_desk_hears_nothing_but_its_people_and_keeps_the_half_done_screen(
    app: DeskApp, library: Library
) -> None:
    member, copy = lib.add_member(library), lib.add_copy(library)
    show(app, member.card)
    app.lock()
    show(app, copy.barcode)
    for key in (Qt.Key.Key_F2, Qt.Key.Key_Escape, Qt.Key.Key_F10):
        QTest.keyClick(app.window, key)
    app.sign_in.dismiss()
    assert app.sign_in.isVisible()
    assert app.window.current_key() == "desk"
    assert lib.rows(library, Loan) == []
    app.sign_in.pin.setText(HEAD_PIN)
    app.sign_in.take_pin()
    assert app.sign_in.isHidden()
    assert "مریم رضایی" in desk(app).banner.title()
    show(app, copy.barcode)
    assert len(lib.rows(library, Loan)) == 1


def test_a_card_opens_a_locked_desk(app: DeskApp) -> None:
    app.lock()
    show(app, "S-0008")
    assert app.sign_in.isVisible()
    show(app, CARD)
    assert app.sign_in.isHidden()
    assert app.session.person.name == "نرگس بیات"


def test_an_idle_desk_locks_itself_and_a_key_puts_that_off(app: DeskApp, qtbot: QtBot) -> None:
    app._idle._timer.setInterval(150)
    app._idle.touch()
    QTest.qWait(100)
    QTest.keyClick(app.window.windowHandle(), Qt.Key.Key_Shift)
    QTest.qWait(100)
    assert not app.sign_in.is_locked
    qtbot.waitUntil(lambda: app.sign_in.is_locked)


def test_never_means_never(app: DeskApp) -> None:
    app.apply(replace(app.session.preferences, lock_minutes=0))
    assert not app._idle._timer.isActive()


def test_where_nobody_has_a_pin_or_card_nothing_is_locked(
    tmp_path_factory: pytest.TempPathFactory, qapp: QApplication
) -> None:
    folder = tmp_path_factory.mktemp("open")
    library = lib.found(folder)
    made = DeskApp(qapp, library, library.person(None), folder, logging.getLogger("test"))
    made.show()
    made.lock()
    assert not made.sign_in.is_locked
    made.close()


def test_where_the_centre_was_silent_too_long_its_package_opens_the_desk(
    library: Library, app: DeskApp, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    know_centre(library, silent=dt.timedelta(days=181))
    app.lock()
    choose(app, "نرگس")
    app.sign_in.pin.setText(PIN)
    assert not app.sign_in.bring.isVisible()
    app.sign_in.take_pin()
    assert app.sign_in.is_locked
    assert app.sign_in.bring.isVisible()
    (tmp_path / "bad.psu").write_bytes(b"not a package")
    app.sign_in.ask_which = lambda *_: tmp_path / "bad.psu"
    app.sign_in.bring.click()
    qtbot.waitUntil(lambda: "آسیب دیده" in app.sign_in._said.text())
    monkeypatch.setattr(rounds, "take_file", lambda *_: know_centre(library, silent=dt.timedelta()))
    app.sign_in.bring.click()
    qtbot.waitUntil(lambda: "آورده شد" in app.sign_in._said.text())
    app.sign_in.pin.setText(PIN)
    app.sign_in.take_pin()
    assert not app.sign_in.is_locked
