"""The home page on a real library; by keyboard alone."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.duties.rules import Duty, DutyKind, DutyWeight
from app.persian.jalali import from_jalali
from db.codes import DayKind
from db.models.library import CalendarDay
from tests import library as lib
from tests.ui.sessions import session_on, window_of
from ui.home.page import FIGURES, HomePage
from ui.home.words import greeting, opening_words, pressing_words
from ui.page import Group, PageSpec
from ui.session import Session
from ui.theme import Tone
from ui.window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
WAIT_MS = 20_000


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> MainWindow:
    spec = PageSpec("home", "امروز", "home", "Ctrl+F1", Group.DESK, lambda: HomePage(session))
    made = window_of(spec, qtbot)
    qtbot.waitUntil(lambda: not session.jobs.open_jobs(), timeout=WAIT_MS)
    return made


@pytest.fixture
def page(window: MainWindow) -> HomePage:
    shown = window.current_page()
    assert isinstance(shown, HomePage)
    return shown


def tile(page: HomePage, name: str) -> str:
    return page.tiles[name].accessibleName()


def leave_lying(session: Session, page: HomePage) -> None:
    """Nobody asked for binding for two hundred days."""
    lib.add_copy(session.library)
    lib.pass_days(session.library, 200)
    page.on_shown()


def test_an_empty_library_greets_and_owes_nothing(page: HomePage) -> None:
    assert page.greeting.text() == "صبح بخیر، \u2068زهرا کریمی\u2069 · شنبه ۳۰ آبان ۱۴۰۵"
    assert (page.hours.text(), page.hours.tone()) == ("ساعت کار: ۸ تا ۲۰", Tone.OK)
    assert page.pressing.isHidden()
    assert page.duties.table.total() == 0
    assert page.advice.isHidden()
    assert [tile(page, name) for name in FIGURES] == [f"{words}: ۰" for words in FIGURES.values()]


def test_the_figures_follow_what_happened_when_the_page_comes_back(page: HomePage, session: Session) -> None:
    copy = lib.add_copy(session.library)
    lib.lend(session.library, lib.add_member(session.library), copy)
    page.on_shown()
    assert (tile(page, "lent"), tile(page, "out"), tile(page, "new_members")) == (
        "امانت: ۱", "نزد اعضا: ۱", "عضو تازه: ۱",
    )  # fmt: skip


def test_a_duty_is_shown_with_its_words_and_enter_goes_to_its_page(
    page: HomePage, session: Session, qtbot: QtBot
) -> None:
    leave_lying(session, page)
    assert page.duties.table.texts(0)[0].startswith("درخواست صحافی — تا پنجشنبه ۳۰ اردیبهشت ۱۴۰۶")
    assert page.pressing.text() == "۱ کار دیرشده"
    assert page.advice.text().startswith("درخواست صحافی دیر شده است: آن را بنویسید و با نامه بفرستید.")
    assert page.duties.view.hasFocus()
    with qtbot.waitSignal(page.duty_wanted) as wanted:
        QTest.keyClick(page.duties.view, Qt.Key.Key_Return)
    assert wanted.args[0].page == "binding"


def test_a_day_that_begins_with_the_page_in_front_brings_its_duties(page: HomePage, session: Session) -> None:
    lib.add_copy(session.library)
    lib.pass_days(session.library, 200)
    assert page.duties.table.total() == 0
    session.refresh.tell("day")
    assert page.pressing.text() == "۱ کار دیرشده"
    assert "خرداد" in page.greeting.text()


def test_a_click_goes_there_too(page: HomePage, session: Session, qtbot: QtBot) -> None:
    leave_lying(session, page)
    index = page.duties.table.index(0, 0)
    with qtbot.waitSignal(page.duty_wanted):
        page.duties.view.clicked.emit(index)


def test_the_charts_are_counted_beside_the_desk(page: HomePage, session: Session, qtbot: QtBot) -> None:
    lib.lend(session.library, lib.add_member(session.library), lib.add_copy(session.library))
    page.on_shown()
    qtbot.waitUntil(lambda: not session.jobs.open_jobs(), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: "آبا: ۱" in page.months.chart.accessibleName(), timeout=WAIT_MS)
    assert "امانت هر ماه، آذر ۱۴۰۴ تا آبان ۱۴۰۵" in page.months.chart.accessibleName()
    assert "۸۰۰ ادبیات: ۱" in page.classes.chart.accessibleName()


def test_the_charts_are_saved_as_pictures(page: HomePage, tmp_path: Path) -> None:
    target = tmp_path / "chart.png"
    names: list[str] = []

    def ask(_: object, name: str) -> Path:
        names.append(name)
        return target

    page.saving.ask_where = ask
    page.months.save_wanted.emit()
    assert target.read_bytes().startswith(b"\x89PNG")
    page.save_classes()
    assert names == ["loans-by-month-1405-08-30.png", "loans-by-class-1405-08-30.png"]
    assert page.banner.title() == "ذخیره شد"


def test_the_duties_are_saved_for_excel(page: HomePage, session: Session, tmp_path: Path) -> None:
    leave_lying(session, page)
    target = tmp_path / "duties.xlsx"
    page.saving.ask_where = lambda *_: target
    page.duties.export_wanted.emit()
    assert target.read_bytes().startswith(b"PK")


def test_the_handover_page_is_made_with_one_key_and_esc_leads_back(
    page: HomePage, session: Session, qtbot: QtBot
) -> None:
    leave_lying(session, page)
    QTest.keyClick(page.duties.view, Qt.Key.Key_P, CONTROL)
    qtbot.waitUntil(page.shows_paper, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not session.jobs.open_jobs() and page.preview.pictures.count() == 1, timeout=WAIT_MS)
    page.on_escape()
    assert not page.shows_paper()
    assert page.duties.view.hasFocus()


def test_a_holiday_says_its_name(session: Session) -> None:
    library = session.library
    with library.store.write() as tx:
        tx.insert(CalendarDay, day=lib.TODAY, kind=DayKind.HOLIDAY, name="عید", certain=True)
        tx.record("test.put", session.act())
    library.forget_rules()
    with library.store.read() as reader:
        assert opening_words(library, reader, lib.TODAY) == ("امروز تعطیل است — عید", Tone.WARN)
        friday = from_jalali(1405, 9, 6)
        assert opening_words(library, reader, friday) == ("امروز تعطیل است", Tone.WARN)


@pytest.mark.parametrize(("hours", "words"), [(0, "صبح بخیر"), (3, "روز بخیر"), (7, "روز بخیر"), (8, "عصر بخیر")])
def test_the_greeting_goes_by_the_hour(hours: int, words: str) -> None:
    assert greeting(lib.MORNING + dt.timedelta(hours=hours)) == words


def test_what_presses_is_counted_in_words() -> None:
    def duty(weight: DutyWeight) -> Duty:
        return Duty(DutyKind.CORRECTION, weight, "weeding", "7-9")

    late, soon, info = (duty(weight) for weight in DutyWeight)
    assert pressing_words([late, late, soon]) == ("۲ کار دیرشده", Tone.REFUSE)
    assert pressing_words([soon, info]) == ("۱ کار پیش رو", Tone.WARN)
    assert pressing_words([info]) == ("", Tone.NEUTRAL)
