"""The page «تقویم کاری» on a real library, by keyboard alone. TODAY is شنبه ۳۰ آبان ۱۴۰۵; Fridays are closed."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.calendar.hours import Interval
from app.calendar.rules import later
from app.closures.days import Closure, close_days
from app.library import Library
from app.nightly.service import run_due_nights
from app.persian import jalali
from db.codes import DayKind, Role
from db.models.circulation import Loan
from db.models.library import CalendarDay
from tests.library import TODAY, act, add_copy, add_member, change, found, lend, put_policy, row, rows
from tests.ui.sessions import heard, session_on
from ui.session import Session
from ui.theme import Tone
from ui.timetable.closing import Task
from ui.timetable.hours import length_words
from ui.timetable.page import TimetablePage
from ui.timetable.words import LOOKS, OPEN, days_words


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return found(tmp_path)


@pytest.fixture
def session(library: Library, tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(library, tmp_path) as session:
        yield session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> TimetablePage:
    page = TimetablePage(session)
    qtbot.addWidget(page)
    page.resize(1_140, 700)
    page.show()
    qtbot.waitExposed(page)
    page.on_shown()
    return page


def press(widget: QWidget, key: Qt.Key, with_: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(widget, key, with_)


def shortcut(page: QWidget, key: str) -> None:
    """Press a key that a visible button listens to."""
    for found_ in page.findChildren(QShortcut):
        owner = found_.parent()
        sequences = found_.keys()
        named = any(sequence.toString() == key for sequence in sequences)
        if named and isinstance(owner, QWidget) and owner.isVisible() and owner.isEnabled():
            found_.activated.emit()
            return
    raise AssertionError(f"nothing listens to {key}")


def days(*numbers: int) -> tuple[dt.date, ...]:
    return tuple(later(TODAY, number) for number in numbers)


def lent(library: Library, due: int) -> uuid.UUID:
    loan = lend(library, add_member(library), add_copy(library)).loan_id
    change(library, Loan, loan, due_on=later(TODAY, due))
    return loan


class TestMonth:
    def test_it_opens_on_today_in_its_jalali_month(self, page: TimetablePage) -> None:
        assert page.day() == TODAY
        assert page.board.month.text() == "آبان ۱۴۰۵"
        assert page.board.day_name.text() == "شنبه ۳۰ آبان ۱۴۰۵"
        assert page.board.state.text() == "باز"

    def test_saturday_stands_at_the_right_and_friday_at_the_left(self, page: TimetablePage) -> None:
        grid = page.board.grid
        first = jalali.from_jalali(1405, 8, 2)  # a Saturday
        places = [grid.place_of(later(first, number)) for number in range(8)]
        assert [place.x() for place in places[:7]] == sorted((place.x() for place in places[:7]), reverse=True)
        assert places[0].right() >= grid.width() - 2
        assert places[6].left() <= 2
        assert (places[7].x(), places[7].y() > places[0].y()) == (places[0].x(), True)

    @pytest.mark.parametrize(
        ("key", "away"),
        [(Qt.Key.Key_Left, 1), (Qt.Key.Key_Right, -1), (Qt.Key.Key_Down, 7), (Qt.Key.Key_Up, -7)],
    )
    def test_arrows_move_the_day_as_the_page_reads(self, page: TimetablePage, key: Qt.Key, away: int) -> None:
        press(page.board.grid, key)
        assert page.day() == later(TODAY, away)
        press(page.board.grid, Qt.Key.Key_Home)
        assert page.day() == TODAY

    def test_page_keys_move_by_jalali_months(self, page: TimetablePage) -> None:
        press(page.board.grid, Qt.Key.Key_PageDown)
        assert jalali.short(page.day()) == "۱۴۰۵/۰۹/۳۰"
        for _ in range(2):
            press(page.board.grid, Qt.Key.Key_PageUp)
        assert jalali.short(page.day()) == "۱۴۰۵/۰۷/۳۰"
        assert page.board.month.text() == "مهر ۱۴۰۵"

    def test_a_click_chooses_a_day(self, page: TimetablePage) -> None:
        day = jalali.from_jalali(1405, 8, 12)
        place: QPoint = page.board.grid.place_of(day).center()
        QTest.mouseClick(page.board.grid, Qt.MouseButton.LeftButton, pos=place)
        assert page.day() == day

    def test_each_kind_of_day_has_a_word_a_sign_and_a_tone_of_its_own(self) -> None:
        assert len({(shown.word, shown.icon) for shown in LOOKS.values()}) == len(LOOKS)
        assert LOOKS[OPEN].tone is Tone.OK
        assert set(DayKind) <= set(LOOKS)

    def test_the_day_tells_its_hours_and_how_many_loans_are_due(self, library: Library, page: TimetablePage) -> None:
        lent(library, 2)
        page.go_to(later(TODAY, 2))
        assert dict(page.board.facts.facts()) == {"ساعت کار": "۸ تا ۲۰", "سررسید": "۱ امانت"}


class TestClosing:
    def test_a_day_is_closed_by_keys_and_taken_back_by_one(self, library: Library, page: TimetablePage) -> None:
        page.go_to(later(TODAY, 3))
        shortcut(page, "Ctrl+T")
        page.board.closing.form.input("name").set_value("تعمیر سقف")
        shortcut(page, "Ctrl+S")
        assert page.banner.title() == "سه‌شنبه ۳ آذر ۱۴۰۵ تعطیل شد"
        (closed,) = rows(library, CalendarDay)
        assert (closed.day, closed.kind, closed.name) == (later(TODAY, 3), DayKind.CLOSED, "تعمیر سقف")
        assert page.board.state.text() == "تعطیلی کتابخانه"
        assert page.board.list.table.total() == 1
        shortcut(page, "Del")
        assert rows(library, CalendarDay) == []
        assert page.board.state.text() == "باز"

    def test_space_asks_for_what_the_day_is_not(self, page: TimetablePage) -> None:
        press(page.board.grid, Qt.Key.Key_Space)
        assert page.board.closing.title.text() == "تعطیل کردن روز"
        page.on_escape()
        page.go_to(later(TODAY, 6))
        press(page.board.grid, Qt.Key.Key_Space)
        assert page.board.closing.title.text() == "باز کردن روز"
        shortcut(page, "Ctrl+S")
        assert page.board.state.text() == "باز، جز روال هفته"

    def test_a_closure_without_a_name_is_refused_beside_the_form(self, library: Library, page: TimetablePage) -> None:
        shortcut(page, "Ctrl+T")
        shortcut(page, "Ctrl+S")
        assert page.board.closing.panel.is_open()
        assert rows(library, CalendarDay) == []
        page.on_escape()
        assert not page.board.closing.panel.is_open()
        assert page.board.closing.isVisible()
        page.on_escape()
        assert not page.board.closing.isVisible()

    def test_days_in_the_wrong_order_are_told_under_the_field(self, page: TimetablePage) -> None:
        shortcut(page, "Ctrl+T")
        page.board.closing.form.set_values({"first": TODAY, "last": later(TODAY, -1), "name": "تعمیر"})
        shortcut(page, "Ctrl+S")
        assert page.board.closing.form.mistakes() == {"last": "پایان پیش از آغاز است."}

    def test_what_stays_due_on_a_closed_day_is_told(self, library: Library, page: TimetablePage) -> None:
        lent(library, 3)
        page.change_days(Task.CLOSE, days(3), "تعمیر")
        assert "۱ تاریخ بازگشت" in page.banner.accessibleName()


class TestEmergency:
    def test_it_is_shown_first_and_done_only_with_its_key(self, library: Library, page: TimetablePage) -> None:
        loan = lent(library, 2)
        page.go_to(later(TODAY, 2))
        shortcut(page, "Ctrl+Shift+E")
        page.board.closing.form.input("name").set_value("سیل")
        shortcut(page, "Ctrl+S")
        panel = page.board.closing.panel
        assert panel.is_open()
        assert rows(library, CalendarDay) == []
        for widget in (panel, page.board.grid, page):
            press(widget, Qt.Key.Key_Return)
        assert rows(library, CalendarDay) == []
        shortcut(page, "Ctrl+Return")
        assert row(library, Loan, loan).due_on == later(TODAY, 3)
        assert "تاریخ بازگشت ۱ امانت جابه‌جا شد" in page.banner.accessibleName()
        assert heard(page._session)[-2:] == ["attention", "checked_in"]

    def test_giving_it_up_changes_nothing(self, library: Library, page: TimetablePage) -> None:
        page.change_days(Task.EMERGENCY, days(2), "سیل")
        page.on_escape()
        assert not page.board.closing.isVisible()
        assert rows(library, CalendarDay) == []

    def test_taking_it_back_restores_what_moved(self, library: Library, page: TimetablePage) -> None:
        loan = lent(library, 2)
        close_days(library, Closure(days(2), "سیل", emergency=True), act(library))
        page.go_to(later(TODAY, 2))
        shortcut(page, "Del")
        assert row(library, Loan, loan).due_on == later(TODAY, 2)
        assert "۱ تاریخ به جای نخستین خود برگشت" in page.banner.accessibleName()

    def test_other_pages_learn_of_it(self, session: Session, page: TimetablePage, qtbot: QtBot) -> None:
        with qtbot.waitSignal(session.refresh.changed) as told:
            page.close_in_emergency(days(2), "سیل")
        assert {"loans", "rules"} <= told.args[0]


class TestHours:
    def test_hours_are_written_copied_to_odd_and_even_days_and_kept(
        self, library: Library, page: TimetablePage
    ) -> None:
        shortcut(page, "Ctrl+3")
        hours = page.hours
        hours.days[1].times[0].setFocus()
        for edit, text in zip(hours.days[1].times, ("7:30", "14", "", ""), strict=True):
            edit.setText(text)
        shortcut(page, "Ctrl+D")
        hours.days[0].times[0].setFocus()
        hours.days[0].show_hours((Interval(660, 1_050),))
        shortcut(page, "Ctrl+E")
        shortcut(page, "Ctrl+S")
        assert page.banner.title() == "ساعت کار از ۳۰ آبان ۱۴۰۵ ثبت شد"
        assert [day.hours() for day in hours.days[:6]] == [(Interval(660, 1_050),), (Interval(450, 840),)] * 3
        assert library.calendar.is_open(TODAY)

    @pytest.mark.parametrize(
        ("texts", "told"),
        [
            (("هشت", "", "", ""), "ساعت را مانند ۸:۳۰ بنویسید."),
            (("8", "", "", ""), "هر بازه آغاز و پایان می‌خواهد."),
            (("14", "8", "", ""), "بازه‌ها باید پس از آغازشان پایان یابند و روی هم نیفتند."),
            (("8", "14", "13", "18"), "بازه‌ها باید پس از آغازشان پایان یابند و روی هم نیفتند."),
        ],
    )
    def test_what_is_wrong_is_said_with_its_day(self, page: TimetablePage, texts: tuple[str, ...], told: str) -> None:
        shortcut(page, "Ctrl+3")
        for edit, text in zip(page.hours.days[2].times, texts, strict=True):
            edit.setText(text)
        shortcut(page, "Ctrl+S")
        assert page.hours.mistake.text() == f"دوشنبه: {told}"

    def test_a_week_without_an_open_day_is_refused(self, page: TimetablePage) -> None:
        page.save_hours(((),) * 7, TODAY)
        assert page.banner.title().startswith("با این تغییر، کتابخانه تا یک سال")

    def test_a_length_is_told_in_hours_and_minutes(self) -> None:
        assert [length_words(whole) for whole in (390, 60, 30)] == ["۶ ساعت و ۳۰ دقیقه", "۱ ساعت", "۳۰ دقیقه"]


class TestHolidays:
    def test_a_year_is_taken_from_the_file_and_one_day_moved(self, library: Library, page: TimetablePage) -> None:
        shortcut(page, "Ctrl+2")
        assert page.holidays.list.table.total() == 0
        shortcut(page, "Ctrl+Shift+I")
        assert page.holidays.list.table.total() == 26
        page.holidays.list.view.choose_place(0)
        moved = jalali.from_jalali(1405, 1, 5)
        page.holidays.form.input("day").set_value(moved)
        shortcut(page, "Ctrl+S")
        assert page.banner.title().startswith("جابه‌جا شد")
        assert [line.day for line in rows(library, CalendarDay, day=moved)] == [moved]
        shortcut(page, "Ctrl+Shift+I")
        assert page.banner.title() == "تعطیلات ۱۴۰۵ همان است که بود"

    def test_one_is_added_and_removed(self, library: Library, page: TimetablePage) -> None:
        shortcut(page, "Ctrl+2")
        shortcut(page, "Ctrl+N")
        day = jalali.from_jalali(1405, 9, 15)
        page.holidays.form.set_values({"day": day, "name": "عزای عمومی", "certain": True})
        shortcut(page, "Ctrl+S")
        assert [line.name for line in rows(library, CalendarDay)] == ["عزای عمومی"]
        page.holidays.list.view.choose_place(0)
        shortcut(page, "Ctrl+Del")
        assert rows(library, CalendarDay) == []

    def test_the_year_follows_the_month_and_the_keys(self, page: TimetablePage) -> None:
        page.go_to(jalali.from_jalali(1406, 1, 3))
        assert page.holidays.year == 1406
        shortcut(page, "Ctrl+2")
        shortcut(page, "Alt+PgUp")
        assert page.holidays.year == 1405


@pytest.mark.parametrize(("part", "name", "words"), [(0, "closures", "تعمیر سقف"), (1, "holidays", "عید نوروز")])
def test_both_lists_are_written_as_excel(page: TimetablePage, tmp_path: Path, part: int, name: str, words: str) -> None:
    page.change_days(Task.CLOSE, days(2), "تعمیر سقف")
    page.take_year(1405)
    page.show_part(part)
    page.ask_where = lambda _, suggested: tmp_path / suggested
    (page.board.list, page.holidays.list)[part].export_wanted.emit()
    sheet = load_workbook(tmp_path / f"{name}.xlsx").active
    assert sheet is not None
    assert any(words in str(value) for line in sheet.values for value in line)


def test_a_person_without_the_right_is_told_and_nothing_changes(
    library: Library, session: Session, page: TimetablePage
) -> None:
    session.person = replace(session.person, role=Role.TRAINEE)
    page.close_in_emergency(days(2), "سیل")
    assert page.banner.title() == "این کار در اختیار کاربر کنونی نیست."
    assert rows(library, CalendarDay) == []


def test_what_the_last_nights_did_stands_on_the_page(library: Library, page: TimetablePage) -> None:
    assert page.night.isHidden()
    put_policy(library, {"loan_days": 7, "fine_per_day": 1_000, "skip_closed": False, "period_days": 1})
    lent(library, -2)
    run_due_nights(library, act(library))
    page.on_shown()
    assert page.night.text().startswith("دیشب: ")


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ((0,), "شنبه ۳۰ آبان ۱۴۰۵"),
        ((0, 1, 2), "۳۰ آبان تا ۲ آذر ۱۴۰۵ (۳ روز)"),
        ((0, 5), "۲ روز"),
        ((), ""),
    ],
)
def test_days_are_told_in_words(numbers: tuple[int, ...], told: str) -> None:
    assert days_words(days(*numbers)) == told
