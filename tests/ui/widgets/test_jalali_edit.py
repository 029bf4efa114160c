from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from ui.widgets.jalali_edit import DatePopup, JalaliDateEdit

TODAY = date(2025, 12, 30)  # 9 Dey 1404


@pytest.fixture
def edit(qtbot: QtBot) -> JalaliDateEdit:
    made = JalaliDateEdit(lambda: TODAY)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("typed", ["1405/3/11", "۱۴۰۵/۰۳/۱۱", "14050311", " 1405-03-11 "])
def test_a_date_may_be_typed_in_any_usual_way(edit: JalaliDateEdit, typed: str) -> None:
    edit.edit.setText(typed)
    edit.edit.editingFinished.emit()

    assert edit.day() == date(2026, 6, 1)
    assert edit.edit.text() == "۱۴۰۵/۰۳/۱۱"
    assert not edit.is_wrong()


def test_the_thirtieth_of_esfand_exists_only_in_leap_years(edit: JalaliDateEdit) -> None:
    edit.edit.setText("۱۴۰۳/۱۲/۳۰")
    assert edit.day() == date(2025, 3, 20)
    for year in ("۱۴۰۴", "۱۴۰۵"):
        edit.edit.setText(f"{year}/۱۲/۳۰")
        assert edit.day() is None
        assert edit.is_wrong()


def test_an_empty_field_is_no_mistake(edit: JalaliDateEdit) -> None:
    edit.set_day(TODAY)
    edit.set_day(None)

    assert edit.day() is None
    assert not edit.is_wrong()


def test_a_wrong_date_stays_to_be_mended_and_is_marked(edit: JalaliDateEdit) -> None:
    edit.edit.setText("۱۴۰۵/۱۳/۱")
    edit.edit.editingFinished.emit()
    assert edit.edit.text() == "۱۴۰۵/۱۳/۱"
    assert edit.edit.property("wrong") == "true"
    edit.edit.setText("۱۴۰۵/۱۲/۱")
    assert edit.edit.property("wrong") == "false"


def test_the_calendar_opens_on_the_date_and_hands_back_the_one_picked(edit: JalaliDateEdit, qtbot: QtBot) -> None:
    QTest.keyClick(edit.edit, Qt.Key.Key_Down)
    popup = edit.findChild(DatePopup)
    assert popup is not None
    assert popup.calendar.selectedDate() == QDate(2025, 12, 30)
    popup.calendar.clicked.emit(QDate(2026, 6, 1))

    assert edit.day() == date(2026, 6, 1)
    assert not popup.isVisible()


def test_only_friday_is_red_in_the_calendar(qtbot: QtBot, edit: JalaliDateEdit) -> None:
    edit.open_calendar()
    popup = edit.findChild(DatePopup)
    assert popup is not None
    colours = {
        day: popup.calendar.weekdayTextFormat(day).foreground().color().name()
        for day in (Qt.DayOfWeek.Friday, Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday)
    }
    popup.hide()

    assert colours[Qt.DayOfWeek.Friday] == "#b42318"
    assert colours[Qt.DayOfWeek.Saturday] == colours[Qt.DayOfWeek.Sunday] == "#1f2a37"
