"""The home page in the whole window: the desk stays the first page, a duty leads to where it is done."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.library import Library
from tests import library as lib
from ui.app import DeskApp
from ui.circulation.day_card import DayCard
from ui.circulation.waiting import read_waiting
from ui.home.page import HomePage
from ui.preferences import Preferences, write_preferences

WAIT_MS = 20_000


@pytest.fixture
def app(tmp_path: Path, qapp: QApplication, qtbot: QtBot) -> Iterator[DeskApp]:
    write_preferences(tmp_path, Preferences(sounds=False))
    library = lib.found(tmp_path)
    lib.add_copy(library)
    lib.pass_days(library, 200)
    made = DeskApp(qapp, library, library.person(None), tmp_path, logging.getLogger("test"))
    made.show()
    qtbot.waitExposed(made.window)
    yield made
    made.close()


def test_the_desk_comes_first_and_a_duty_leads_to_its_page(app: DeskApp, qtbot: QtBot) -> None:
    assert app.window.current_key() == "desk"
    assert not app.window.is_made("home")
    page = app.window.open_page("home")
    assert isinstance(page, HomePage)
    qtbot.waitUntil(lambda: not app.session.jobs.open_jobs(), timeout=WAIT_MS)
    page.page_wanted.emit("weeding")
    assert app.window.current_key() == "weeding"
    qtbot.waitUntil(lambda: not app.session.jobs.open_jobs(), timeout=WAIT_MS)


def test_a_library_renamed_is_renamed_in_the_navigation(app: DeskApp, qtbot: QtBot) -> None:
    page = app.window.open_page("settings")
    card = page.library.branch  # type: ignore[attr-defined]
    card.begin()
    card.form.input("name").set_value("کتابخانهٔ فردوسی")
    card.save_form()
    names = [label.text() for label in app.window.navigation.findChildren(QLabel)]
    assert "کتابخانهٔ فردوسی — آبگرم" in names


def test_the_desk_counts_late_duties_beside_what_waits(app: DeskApp, qtbot: QtBot) -> None:
    library: Library = app.session.library
    waiting = read_waiting(library, library.clock.read().day)
    assert waiting.late_duties == 1
    card = DayCard()
    qtbot.addWidget(card)
    card.show_waiting(waiting)
    assert any("۱ وظیفهٔ دیرشده" in label.text() for label in card.findChildren(QLabel))
