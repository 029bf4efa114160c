"""The page of shelf-reading, by scanner and keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.devices.scan import Flaw, Unreadable
from db.codes import Condition, ItemStatus, StocktakeState
from db.codes import StocktakeFinding as Finding
from db.models.collection import BindingRow, Document, Stocktake, StocktakeScan
from db.models.items import Item
from tests import library as lib
from tests.app.stocktake.shelves import codes, put, shelf, status
from tests.ui.sessions import heard, scan, session_on, window_of
from ui.page import Group, PageSpec
from ui.session import Session
from ui.sounds import Sound
from ui.stocktake.page import StocktakePage
from ui.window import MainWindow

CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
WAIT_MS = 20_000


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def copies(session: Session) -> list[lib.ACopy]:
    return shelf(session.library, 8)


@pytest.fixture
def window(session: Session, copies: list[lib.ACopy], qtbot: QtBot) -> MainWindow:
    spec = PageSpec("stocktake", "رف‌خوانی", "checkup-list", "F5", Group.COLLECTION, lambda: StocktakePage(session))
    return window_of(spec, qtbot)


@pytest.fixture
def page(window: MainWindow) -> StocktakePage:
    shown = window.current_page()
    assert isinstance(shown, StocktakePage)
    return shown


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifiers)
    QApplication.processEvents()


def words(widget: QWidget) -> str:
    QApplication.processEvents()
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def begin(page: StocktakePage, name: str = "پاییز", first: str = "", last: str = "") -> None:
    page.starting.form.set_values({"name": name, "first": first, "last": last, "section": ""})
    press(Qt.Key.Key_S, CONTROL)


def shown(page: StocktakePage) -> list[Finding]:
    return [line.scan.finding for line in page.shelves.list.table.shown_rows()]


def test_the_empty_page_says_what_it_is_for_and_how_to_begin(page: StocktakePage) -> None:
    assert page.starting.list.view._empty[0] == "هنوز رف‌خوانی‌ای نشده است"
    assert "۸ نسخه باید در این قفسه‌ها باشد" in words(page)
    assert page.starting.form.input("name").edit.hasFocus()  # type: ignore[attr-defined]


def test_a_class_of_the_timetable_becomes_the_range(page: StocktakePage) -> None:
    page.starting.classes.view.choose_place(1)
    page.starting.classes.view.setFocus()
    press(Qt.Key.Key_Return)
    values = page.starting.form.values()
    assert (values["first"], values["last"], values["section"]) == ("۱۰۰", "۱۹۹", "main")


def test_a_range_without_copies_is_refused_beside_the_form(page: StocktakePage, session: Session) -> None:
    begin(page, first="۷۰۰", last="۷۹۹")
    assert "آغاز نشد" in words(page)
    assert lib.rows(session.library, Stocktake) == []
    press(Qt.Key.Key_Escape)
    assert "آغاز نشد" not in words(page)


def test_scans_are_told_one_by_one_with_their_own_sound(page: StocktakePage, session: Session) -> None:
    put(session.library, shelf(session.library, 1, 300)[0], ItemStatus.WEEDED_WORN)
    begin(page)
    for code in codes(100, 101, 106, 102, 300, 100):
        scan(page, code)
    scan(page, "X-9")
    assert shown(page) == [
        Finding.UNKNOWN, Finding.AGAIN, Finding.WEEDED, Finding.IN_PLACE, Finding.MISPLACED, Finding.IN_PLACE,
        Finding.IN_PLACE,
    ]  # fmt: skip
    assert heard(session)[-7:] == [
        Sound.CHECKED_IN, Sound.CHECKED_IN, Sound.CHECKED_IN, Sound.CHECKED_IN, Sound.REFUSED, Sound.CHECKED_IN,
        Sound.REFUSED,
    ]  # fmt: skip
    assert "برچسب ناشناخته" in words(page)


def test_a_misplaced_book_says_where_it_belongs(page: StocktakePage) -> None:
    begin(page)
    for code in codes(100, 104, 105, 102):
        scan(page, code)
    title = page.shelves.banner.accessibleName()
    assert title.startswith("جابه‌جا")
    assert "کتاب 101" in title
    assert "کتاب 103" in title


def test_an_unreadable_code_is_told_and_kept_out(page: StocktakePage, session: Session) -> None:
    begin(page)
    page.on_scan(Unreadable("\x07", Flaw.CONTROL_CHARACTER))
    assert "بارکد ناخوانا" in words(page)
    assert lib.rows(session.library, StocktakeScan) == []


def test_a_scan_before_any_session_is_not_lost_silently(page: StocktakePage, session: Session) -> None:
    scan(page, "B-100")
    assert "نخست رف‌خوانی را آغاز یا دنبال کنید" in words(page)
    assert heard(session)[-1] == Sound.REFUSED


def test_the_condition_is_noted_with_one_key(page: StocktakePage, session: Session) -> None:
    begin(page)
    scan(page, "B-100")
    press(Qt.Key.Key_3, CONTROL)
    assert [row.condition for row in lib.rows(session.library, StocktakeScan)] == [Condition.WORN]
    assert "فرسوده" in words(page)
    assert page.shelves.list.table.texts(0)[2] == "فرسوده"
    assert page.shelves.box.edit.hasFocus()


def test_the_list_is_narrowed_to_a_kind_of_finding(page: StocktakePage) -> None:
    begin(page)
    for code in (*codes(100, 104, 105, 102), "X-9"):
        scan(page, code)
    press(Qt.Key.Key_2, ALT)
    assert shown(page) == [Finding.MISPLACED]
    press(Qt.Key.Key_Escape)
    assert len(shown(page)) == 5


def test_progress_is_shown_by_class_and_by_scanner(page: StocktakePage) -> None:
    begin(page)
    scan(page, "B-100")
    scan(page, "B-101")
    assert page.shelves.side.bars.lines() == (("همه", 2, 8), ("۱۰۰ فلسفه و روان‌شناسی", 2, 8))
    press(Qt.Key.Key_J, CONTROL)
    scan(page, "B-106")
    assert "بارکدخوان ۲ (همین): ۱ اسکن" in words(page)
    press(Qt.Key.Key_J, CONTROL)
    press(Qt.Key.Key_J, CONTROL)
    assert "بارکدخوان ۱ (همین): ۲ اسکن" in words(page)


def test_the_last_scan_is_taken_back(page: StocktakePage) -> None:
    begin(page)
    scan(page, "B-100")
    scan(page, "B-105")
    page.undo()
    assert shown(page) == [Finding.IN_PLACE]
    assert page.shelves.side.bars.lines()[0] == ("همه", 1, 8)


def test_a_session_goes_on_after_a_break(page: StocktakePage, session: Session) -> None:
    begin(page)
    scan(page, "B-100")
    press(Qt.Key.Key_Escape)
    assert page.shelves.isHidden()
    page.starting.list.view.choose_place(0)
    press(Qt.Key.Key_Return)
    assert shown(page) == [Finding.IN_PLACE]
    scan(page, "B-101")
    assert len(lib.rows(session.library, StocktakeScan)) == 2


def test_a_file_is_read_beside_the_work(page: StocktakePage, session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "shelf.txt"
    path.write_text("B-100\nB-101\nB-102\nX-9\n", encoding="utf-8")
    begin(page)
    page.shelves.ask_which = lambda _parent, _filter: path
    press(Qt.Key.Key_O, CONTROL)
    qtbot.waitUntil(lambda: not session.jobs.open_jobs() and len(shown(page)) == 4, timeout=WAIT_MS)
    assert "سر جای خود: ۳" in words(page)
    assert page.shelves.side.bars.lines()[0] == ("همه", 3, 8)


def test_a_file_that_is_none_is_told_with_its_code(
    page: StocktakePage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "shelf.txt"
    path.write_bytes(b"%PDF-1.7")
    begin(page)
    page.shelves.ask_which = lambda _parent, _filter: path
    page.shelves.choose.click()
    qtbot.waitUntil(lambda: not session.jobs.open_jobs(), timeout=WAIT_MS)
    assert "P-2102" in words(page)


def test_closing_shows_everything_first_and_does_it_on_one_key(
    page: StocktakePage, session: Session, copies: list[lib.ACopy], qtbot: QtBot
) -> None:
    put(session.library, copies[0], ItemStatus.WEEDED_WORN)
    put(session.library, copies[1], ItemStatus.MISSING)
    begin(page)
    for code in codes(100, 101, 102, 103):
        scan(page, code)
    press(Qt.Key.Key_3, CONTROL)
    press(Qt.Key.Key_E, CONTROL)
    changes = page.finishing.list.table.shown_rows()
    assert changes[0].ticked is False
    assert {change.found for change in changes} == {"وجین شده است", "دیده نشد", "پیدا شد", "فرسوده"}
    press(Qt.Key.Key_Space)
    assert page.finishing.list.table.shown_rows()[0].ticked is True
    press(Qt.Key.Key_E, CONTROL)
    assert "۴ نسخه مفقود می‌شود، ۱ نسخهٔ پیداشده موجود می‌شود، ۱ نسخه به انتخاب شما" in words(page)
    press(Qt.Key.Key_Return)
    assert lib.rows(session.library, Document) == []  # Enter confirms nothing
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: len(lib.rows(session.library, Document)) == 2, timeout=WAIT_MS)
    qtbot.waitUntil(page.preview.isVisible, timeout=WAIT_MS)
    assert [status(session.library, copy) for copy in copies[:5]] == [ItemStatus.AVAILABLE] * 4 + [ItemStatus.MISSING]
    assert lib.rows(session.library, Stocktake)[0].state is StocktakeState.CLOSED
    press(Qt.Key.Key_Escape)
    assert "صورتجلسهٔ ۱۴۰۵/۱ ثبت شد" in words(page)
    assert "م ۱۳-۴" in words(page)
    press(Qt.Key.Key_B, CONTROL | SHIFT)
    assert "۱ نسخه به درخواست صحافی افزوده شد" in words(page)
    assert [row.item_id for row in lib.rows(session.library, BindingRow)] == [copies[3].id]


def test_the_frozen_minutes_open_from_the_list(page: StocktakePage, session: Session, qtbot: QtBot) -> None:
    begin(page)
    scan(page, "B-100")
    page.finish()
    page.finishing.panel.chosen.emit("yes")
    qtbot.waitUntil(page.preview.isVisible, timeout=WAIT_MS)
    press(Qt.Key.Key_Escape)
    page.starting.list.view.choose_place(0)
    page.starting.list.view.setFocus()
    press(Qt.Key.Key_Return)
    assert page.preview.isVisible()
    assert page.preview.paper().frozen
    assert page.preview.paper().pdf == lib.rows(session.library, Document)[0].content


def test_the_draft_is_marked_as_one(page: StocktakePage) -> None:
    begin(page)
    scan(page, "B-100")
    press(Qt.Key.Key_E, CONTROL)
    press(Qt.Key.Key_P, CONTROL)
    assert page.preview.isVisible()
    assert page.preview.paper().draft
    press(Qt.Key.Key_Escape)
    assert page.finishing.isVisible()


def test_what_is_shown_is_written_to_a_sheet(page: StocktakePage, tmp_path: Path) -> None:
    begin(page)
    scan(page, "B-100")
    page.finish()
    for part in (page.shelves, page.finishing):
        part.saving.ask_where = lambda _parent, name: tmp_path / name
        part.list.export_wanted.emit()
    for name, word in (("stocktake-scans.xlsx", "سر جای خود"), ("stocktake-end.xlsx", "دیده نشد")):
        [sheet] = load_workbook(tmp_path / name).worksheets
        assert word in [str(cell.value) for line in sheet.iter_rows() for cell in line]


def test_a_session_is_given_up_without_consequence(page: StocktakePage, session: Session) -> None:
    begin(page)
    scan(page, "B-100")
    press(Qt.Key.Key_E, CONTROL)
    press(Qt.Key.Key_D, CONTROL | SHIFT)
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert lib.rows(session.library, Stocktake)[0].state is StocktakeState.ABANDONED
    assert {row.status for row in lib.rows(session.library, Item)} == {ItemStatus.AVAILABLE}
    assert "رها شد" in words(page)
