"""Signatories and committee on the staff page."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.staff.offices import committee_on, officers_on
from tests import library as lib
from tests.ui.sessions import heard, session_on
from ui.session import Session
from ui.sounds import Sound
from ui.staff.page import StaffPage

CONTROL = Qt.KeyboardModifier.ControlModifier
TODAY = lib.TODAY


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> StaffPage:
    made = StaffPage(session)
    qtbot.addWidget(made)
    made.resize(1168, 735)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.on_shown()
    QTest.keyClick(made.people.view, Qt.Key.Key_O, CONTROL)
    return made


def put(page: StaffPage, **values: str | dt.date | None) -> None:
    page.offices.form.set_values(values)
    page.offices.save_office()


def signing(session: Session) -> dict[str, str]:
    with session.library.store.read() as reader:
        return dict(officers_on(reader, TODAY))


def test_a_key_brings_the_signatories_to_the_front_and_two_presses_more_the_permissions(page: StaffPage) -> None:
    assert page.offices.isVisible()
    assert not page.permissions.isVisible()
    page.turn_over()
    page.turn_over()
    assert page.permissions.isVisible()


def test_a_new_holder_takes_over_and_the_one_before_is_kept_below(page: StaffPage, session: Session) -> None:
    put(page, position="branch_head", name="سیمین نوری", since=TODAY - dt.timedelta(days=100))
    put(page, position="branch_head", name="زهرا کریمی")
    assert signing(session) == {"branch_head": "زهرا کریمی"}
    assert page.banner.title() == "مسئول کتابخانه: \u2068زهرا کریمی\u2069"
    assert [page.offices.list.table.row_at(place).name for place in range(2)] == ["زهرا کریمی", "سیمین نوری"]
    assert heard(session)[-1] == Sound.CHECKED_IN


def test_a_seat_of_the_librarys_own_belongs_to_the_committee(page: StaffPage, session: Session) -> None:
    put(page, position="other", other="نمایندهٔ انجمن", name="رضا احمدی")
    put(page, position="reference", name="نرگس صفری")
    with session.library.store.read() as reader:
        assert committee_on(reader, TODAY) == {"نمایندهٔ انجمن": "رضا احمدی", "reference": "نرگس صفری"}
    assert signing(session) == {}


def test_a_seat_without_a_name_is_told_under_its_field(page: StaffPage, session: Session) -> None:
    put(page, position="other", name="رضا احمدی")
    assert set(page.offices.form.mistakes()) == {"other"}
    put(page, position="branch_head", name="")
    assert set(page.offices.form.mistakes()) == {"name"}
    assert signing(session) == {}


def test_the_chosen_office_ends_today(page: StaffPage, session: Session) -> None:
    put(page, position="branch_head", name="زهرا کریمی", since=TODAY - dt.timedelta(days=9))
    page.offices.end_chosen()
    assert page.banner.title() == "پایان سمت — \u2068زهرا کریمی\u2069"
    with session.library.store.read() as reader:
        assert officers_on(reader, TODAY + dt.timedelta(days=1)) == {}


def test_a_day_that_is_none_ends_no_office(page: StaffPage, session: Session) -> None:
    put(page, position="branch_head", name="زهرا کریمی")
    last = page.offices.form.input("until").findChild(QLineEdit)
    assert last is not None
    last.setText("۱۴۰۵/۱۳/۴۰")
    page.offices.end_chosen()
    assert heard(session)[-1] == Sound.REFUSED
    assert "until" in page.offices.form.mistakes()
    assert page.offices.list.table.row_at(0).until is None
    page.offices.form.input("until").set_value(TODAY)
    page.offices.end_chosen()
    assert page.offices.list.table.row_at(0).until == TODAY
    assert not last.text()


def test_an_office_may_have_its_last_day_and_end_on_another(page: StaffPage, session: Session) -> None:
    put(page, position="branch_head", name="زهرا کریمی", until=TODAY + dt.timedelta(days=30))
    page.offices.form.set_values({"position": "branch_head", "until": TODAY + dt.timedelta(days=5)})
    page.offices.end_chosen()
    for days, name in ((5, {"branch_head": "زهرا کریمی"}), (6, {})):
        with session.library.store.read() as reader:
            assert officers_on(reader, TODAY + dt.timedelta(days=days)) == name
    put(page, position="county_head", name="کاوه شریفی", since=TODAY, until=TODAY - dt.timedelta(days=1))
    assert set(page.offices.form.mistakes()) == {"until"}


def test_who_is_named_for_later_stands_back_and_an_empty_office_is_told(page: StaffPage) -> None:
    assert "مسئول کتابخانه" in page.offices.vacant.text()
    put(page, position="branch_head", name="زهرا کریمی")
    assert "مسئول کتابخانه" not in page.offices.vacant.text()
    assert "رئیس ادارهٔ شهرستان" in page.offices.vacant.text()
    put(page, position="branch_head", name="رضا احمدی", since=TODAY + dt.timedelta(days=9))
    rows = {page.offices.list.table.row_at(place).name: page.offices.list.table.texts(place) for place in range(2)}
    assert rows["رضا احمدی"][-1] == "—"
    assert rows["زهرا کریمی"][-1] != "اکنون"  # until the day before
