"""The home page in the whole window: the desk stays the first page, a duty leads to where it is done."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.duties.rules import Duty, DutyKind, DutyWeight, Subject
from app.library import Library
from db.codes import WeedingReason
from tests import library as lib
from ui.app import DeskApp
from ui.circulation.day_card import DayCard
from ui.circulation.waiting import read_waiting
from ui.home.page import HomePage
from ui.home.ways import way_of
from ui.page import Page
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
    page.duty_wanted.emit(next(line.duty for line in page.duties.table.shown_rows()))
    assert app.window.current_key() == "binding"
    qtbot.waitUntil(lambda: not app.session.jobs.open_jobs(), timeout=WAIT_MS)


PAGES = {
    "weeding": ("county_answer", "province_answer", "head_office_answer", "correction", "final_list", "send_list",
                "send_minutes", "set_aside", "draft_piled", "weed_season", "weed_after_stocktake"),
    "exchange": ("pack", "hand_over", "package_out", "to_store", "proceeds"),
    "binding": ("binding_send", "binding_back", "binding_status", "binding_request"),
    "reports": ("branch_report", "county_report", "report_answer"),
    "stocktake": ("stocktake_idle", "stocktake_yearly"),
    "catalogue": ("data_entry",),
}  # fmt: skip


def test_every_kind_of_duty_leads_to_a_part_that_its_page_has(app: DeskApp, qtbot: QtBot) -> None:
    assert sorted(kind for kinds in PAGES.values() for kind in kinds) == sorted(DutyKind)
    for key, kinds in PAGES.items():
        page = app.window.open_page(key)
        assert isinstance(page, Page)
        commands = {action.key for action in page.commands()}
        for kind in kinds:
            way = way_of(Duty(DutyKind(kind), DutyWeight.SOON, key, "", subject=Subject(WeedingReason.WORN)))
            assert way == "" or way in commands, kind
    qtbot.waitUntil(lambda: not app.session.jobs.open_jobs(), timeout=WAIT_MS)


def test_a_duty_brings_its_part_and_its_season_to_the_front(app: DeskApp, qtbot: QtBot) -> None:
    home = app.window.open_page("home")
    assert isinstance(home, HomePage)
    home.duty_wanted.emit(Duty(DutyKind.PACK, DutyWeight.SOON, "exchange", "7-1"))
    exchange = app.window.current_page()
    assert exchange.ready.isVisible()  # type: ignore[union-attr]
    spring = Subject(year=1405, number=1, name="بهار")
    home.duty_wanted.emit(Duty(DutyKind.REPORT_ANSWER, DutyWeight.LATE, "reports", "14-3", subject=spring))
    assert app.window.current_page().quarters.list.view.chosen()[0].name == "بهار ۱۴۰۵"  # type: ignore[union-attr]
    home.duty_wanted.emit(Duty(DutyKind.CORRECTION, DutyWeight.LATE, "weeding", "7-9", subject=spring))
    assert app.window.current_page().tracking.isVisible()  # type: ignore[union-attr]
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
