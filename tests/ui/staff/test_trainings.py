"""Trainings on the staff page (002 م13-1)."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.persian import jalali
from app.staff.training import TrainingFacts, trainings
from db.codes import Role
from db.models.library import Staff
from tests import library as lib
from tests.ui.sessions import heard, session_on
from ui.session import Session
from ui.sounds import Sound
from ui.staff.page import TRAININGS, StaffPage

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
TODAY = lib.TODAY


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    library = lib.found(tmp_path)
    with session_on(library, tmp_path) as session:
        with library.store.write() as tx:
            tx.insert(Staff, name="نرگس صفری", role=Role.LIBRARIAN)
            tx.record("staff.added", lib.act(library))
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
    made.turn_to(TRAININGS)
    return made


def press(page: StaffPage, key: Qt.Key, modifier: Qt.KeyboardModifier = CONTROL | SHIFT) -> None:
    QTest.keyClick(QApplication.focusWidget() or page, key, modifier)


def write(page: StaffPage, **values: str | int | bool | dt.date | None) -> None:
    press(page, Qt.Key.Key_N)
    page.trainings.form.set_values(values)
    press(page, Qt.Key.Key_S)


def recorded(session: Session) -> list[TrainingFacts]:
    with session.library.store.read() as reader:
        return list(trainings(reader))


def test_the_third_card_in_turn_is_that_of_the_trainings(page: StaffPage) -> None:
    press(page, Qt.Key.Key_O, CONTROL)
    assert page.permissions.isVisible()
    press(page, Qt.Key.Key_O, CONTROL)
    press(page, Qt.Key.Key_O, CONTROL)
    assert page.trainings.isVisible()
    assert not page.offices.isVisible()
    assert page.trainings.form.input("subject").focusProxy() is QApplication.focusWidget()


def test_a_training_is_recorded_for_the_chosen_person(page: StaffPage, session: Session) -> None:
    page.people.view.choose_place(1)
    write(page, subject="صحافی پایه", held_on=TODAY - dt.timedelta(days=3), hours=16, organiser="ادارهٔ کل استان")
    (one,) = recorded(session)
    assert (one.name, one.subject, one.hours) == ("نرگس صفری", "صحافی پایه", 16)
    assert page.banner.title() == "ثبت شد — \u2068صحافی پایه\u2069"
    day = jalali.short(TODAY - dt.timedelta(days=3))
    assert page.trainings.list.table.texts(0) == ("صحافی پایه — نرگس صفری — ادارهٔ کل استان", day, "۱۶")
    assert heard(session)[-1] == Sound.CHECKED_IN


def test_one_tick_records_it_for_everybody(page: StaffPage, session: Session) -> None:
    write(page, subject="صحافی پایه", everybody=True)
    assert {one.name for one in recorded(session)} == {"زهرا کریمی", "نرگس صفری"}
    write(page, subject="صحافی پایه", everybody=True)
    assert len(recorded(session)) == 2
    assert page.banner.title() == "این آموزش ثبت بود"


def test_another_person_begins_another_training(page: StaffPage, session: Session) -> None:
    page.people.view.choose_place(0)
    write(page, subject="صحافی پایه")
    page.people.view.choose_place(1)
    page.trainings.form.set_values({"subject": "ترمیم"})
    press(page, Qt.Key.Key_S)
    assert {(one.name, one.subject) for one in recorded(session)} == {
        ("زهرا کریمی", "صحافی پایه"), ("نرگس صفری", "ترمیم"),
    }  # fmt: skip


def test_the_chosen_training_is_corrected_and_taken_away(page: StaffPage, session: Session) -> None:
    write(page, subject="صحافی", hours=4)
    page.trainings.form.set_values({"subject": "صحافی پیشرفته", "hours": 8})
    press(page, Qt.Key.Key_S)
    assert [(one.subject, one.hours) for one in recorded(session)] == [("صحافی پیشرفته", 8)]
    assert "اصلاح شد" in page.banner.title()
    press(page, Qt.Key.Key_Delete, CONTROL)
    assert recorded(session) == []
    assert "برداشته شد" in page.banner.title()
    press(page, Qt.Key.Key_Delete, CONTROL)


def test_what_is_wrong_stands_under_its_field(page: StaffPage, session: Session) -> None:
    write(page, subject="")
    assert set(page.trainings.form.mistakes()) == {"subject"}
    write(page, subject="صحافی", held_on=TODAY + dt.timedelta(days=1), hours=4_000)
    assert set(page.trainings.form.mistakes()) == {"held_on", "hours"}
    assert recorded(session) == []
    page.new_person()
    write(page, subject="صحافی")
    assert recorded(session) == []
    assert "چنین کارمندی" in page.banner.title()
