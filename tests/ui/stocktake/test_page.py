"""The page of shelf-reading, by scanner and keyboard."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.devices.scan import Flaw, Unreadable
from app.papers import Printed
from app.stocktake.applying import Back
from app.stocktake.facts import PastScan, ShelfCopy
from app.stocktake.paper import StocktakePaper
from app.stocktake.queries import SHOWN
from app.stocktake.reckoning import Reckoning, StrangeCode
from db.codes import Condition, ItemStatus, StocktakeState
from db.codes import StocktakeFinding as Finding
from db.models.collection import BindingRow, Document, Stocktake, StocktakeScan
from db.models.items import Item
from db.trouble import Trouble
from reports.stocktake import print_stocktake
from tests import library as lib
from tests.app.stocktake.shelves import codes, put, read, shelf, status
from tests.ui.sessions import heard, scan, session_on, window_of
from ui.jobs import Token
from ui.page import Group, PageSpec
from ui.session import Session
from ui.sounds import Sound
from ui.stocktake import end_work
from ui.stocktake.counting import REREAD, _count
from ui.stocktake.page import StocktakePage
from ui.stocktake.rows import Change, changes_of, code_words
from ui.stocktake.words import to_hold_shelf
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


def to_the_end(page: StocktakePage, qtbot: QtBot) -> None:
    """The lists before closing."""
    page.finish()
    reckoned(page, qtbot)


def reckoned(page: StocktakePage, qtbot: QtBot) -> None:
    """They have been reckoned up beside the window."""
    qtbot.waitUntil(lambda: not page.finishing.work.is_busy(), timeout=WAIT_MS)


def shown(page: StocktakePage) -> list[Finding]:
    return [line.scan.finding for line in page.shelves.list.table.shown_rows()]


def counted(page: StocktakePage, qtbot: QtBot) -> None:
    """What had to be counted for the shelves has been, beside the window."""
    qtbot.waitUntil(lambda: page.shelves.counting._job is None, timeout=WAIT_MS)


def test_the_empty_page_says_what_it_is_for_and_how_to_begin(page: StocktakePage, qtbot: QtBot) -> None:
    assert page.starting.list.view._empty[0] == "هنوز رف‌خوانی‌ای نشده است"
    qtbot.waitUntil(lambda: "۸ نسخه باید در این قفسه‌ها باشد" in words(page), timeout=WAIT_MS)
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


def test_progress_is_shown_by_class_and_by_scanner(page: StocktakePage, qtbot: QtBot) -> None:
    begin(page)
    scan(page, "B-100")
    scan(page, "B-101")
    counted(page, qtbot)
    assert page.shelves.side.bars.lines() == (("همه", 2, 8), ("۱۰۰ فلسفه و روان‌شناسی", 2, 8))
    press(Qt.Key.Key_J, CONTROL)
    scan(page, "B-106")
    assert "بارکدخوان ۲ (همین): ۱ اسکن" in words(page)
    press(Qt.Key.Key_J, CONTROL)
    press(Qt.Key.Key_J, CONTROL)
    assert "بارکدخوان ۱ (همین): ۲ اسکن" in words(page)


def test_what_other_desks_read_is_counted_too_before_long(page: StocktakePage, session: Session, qtbot: QtBot) -> None:
    begin(page)
    counted(page, qtbot)
    reading = page.shelves.session_id()
    assert reading is not None
    read(session.library, reading, "B-107", scanner=2)
    for _ in range(REREAD - 1):
        scan(page, "B-100")
    assert page.shelves.side.bars.lines()[0] == ("همه", 1, 8)
    scan(page, "B-101")
    counted(page, qtbot)
    assert page.shelves.side.bars.lines()[0] == ("همه", 3, 8)
    assert "بارکدخوان ۲: ۱ اسکن" in words(page)


def test_the_last_scan_is_taken_back(page: StocktakePage, qtbot: QtBot) -> None:
    begin(page)
    scan(page, "B-100")
    scan(page, "B-105")
    page.undo()
    counted(page, qtbot)
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
    reckoned(page, qtbot)
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
    to_the_end(page, qtbot)
    page.finishing.panel.chosen.emit("yes")
    qtbot.waitUntil(page.preview.isVisible, timeout=WAIT_MS)
    press(Qt.Key.Key_Escape)
    page.starting.list.view.choose_place(0)
    page.starting.list.view.setFocus()
    press(Qt.Key.Key_Return)
    assert page.preview.isVisible()
    assert page.preview.paper().frozen
    assert page.preview.paper().pdf == lib.rows(session.library, Document)[0].content


def test_the_draft_is_marked_as_one(page: StocktakePage, qtbot: QtBot) -> None:
    begin(page)
    scan(page, "B-100")
    press(Qt.Key.Key_E, CONTROL)
    reckoned(page, qtbot)
    press(Qt.Key.Key_P, CONTROL)
    qtbot.waitUntil(page.preview.isVisible, timeout=WAIT_MS)
    assert page.preview.paper().draft
    press(Qt.Key.Key_Escape)
    assert page.finishing.isVisible()


def test_what_is_shown_is_written_to_a_sheet(page: StocktakePage, qtbot: QtBot, tmp_path: Path) -> None:
    begin(page)
    scan(page, "B-100")
    to_the_end(page, qtbot)
    for part in (page.shelves, page.finishing):
        part.saving.ask_where = lambda _parent, name: tmp_path / name
        part.list.export_wanted.emit()
    for name, word in (("stocktake-scans.xlsx", "سر جای خود"), ("stocktake-end.xlsx", "دیده نشد")):
        [sheet] = load_workbook(tmp_path / name).worksheets
        assert word in [str(cell.value) for line in sheet.iter_rows() for cell in line]


def test_a_session_is_given_up_without_consequence(page: StocktakePage, session: Session, qtbot: QtBot) -> None:
    begin(page)
    scan(page, "B-100")
    press(Qt.Key.Key_E, CONTROL)
    reckoned(page, qtbot)
    press(Qt.Key.Key_D, CONTROL | SHIFT)
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert lib.rows(session.library, Stocktake)[0].state is StocktakeState.ABANDONED
    assert {row.status for row in lib.rows(session.library, Item)} == {ItemStatus.AVAILABLE}
    assert "رها شد" in words(page)


# Lent by the books, strangers, and what is asked before the end


def test_a_lent_book_on_the_shelf_is_given_back_by_choice_and_the_next_reader_is_named(
    page: StocktakePage, session: Session, copies: list[lib.ACopy], qtbot: QtBot
) -> None:
    library = session.library
    lib.lend(library, lib.add_member(library, family_name="رضایی"), copies[1])
    waiting = lib.add_member(library, given_name="بهرام", family_name="کاظمی")
    lib.place_hold(library, waiting, copies[1])
    begin(page)
    for code in codes(*range(100, 108)):
        scan(page, code)
    press(Qt.Key.Key_E, CONTROL)
    reckoned(page, qtbot)
    [lent] = [change for change in page.finishing.list.table.shown_rows() if change.ticked is not None]
    assert "رضایی" in lent.known
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_E, CONTROL)
    assert "۱ نسخهٔ امانتی بی‌جریمه بازگردانده می‌شود" in words(page)
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    qtbot.waitUntil(page.preview.isVisible, timeout=WAIT_MS)
    press(Qt.Key.Key_Escape)
    told = words(page)
    assert "بازگشت ۱ نسخه ثبت شد" in page.banner.accessibleName()
    assert "را از قفسه به قفسهٔ رزرو ببرید" in told
    assert "کاظمی" in told
    assert status(library, copies[1]) is ItemStatus.AVAILABLE


@pytest.mark.parametrize(("number", "warned"), [(8, False), (7, True), (0, True)])
def test_a_shelf_left_halfway_is_told_before_its_books_are_called_missing(
    page: StocktakePage, qtbot: QtBot, number: int, warned: bool
) -> None:
    begin(page)
    for code in codes(*range(100, 100 + number)):
        scan(page, code)
    to_the_end(page, qtbot)
    page.finishing.ask()
    assert ("نخست آن را بخوانید" in words(page)) is warned


def test_a_code_that_is_no_label_says_what_it_is(page: StocktakePage, session: Session, qtbot: QtBot) -> None:
    member = lib.add_member(session.library)
    begin(page)
    for code, told in (
        (member.card, "کارت عضویت است"),
        ("9789643510657", "شابک کتابی است که ثبت نشده"),
        ("X-1", "کنار بگذارید"),
    ):
        scan(page, code)
        assert told in page.shelves.banner.accessibleName(), code
    to_the_end(page, qtbot)
    assert "کارت عضویت است" in page.finishing.unknown.text()


def test_a_desk_reads_with_the_scanner_of_its_own_number(page: StocktakePage, session: Session) -> None:
    """Two desks of one library go along two shelves: neither makes the other's books wrong."""
    session.desk = 3
    begin(page)
    scan(page, "B-100")
    assert [row.scanner for row in lib.rows(session.library, StocktakeScan)] == [3]
    assert "بارکدخوان ۳ (همین)" in words(page)


def test_what_is_beyond_binding_is_named_as_due_for_weeding(page: StocktakePage, qtbot: QtBot) -> None:
    begin(page)
    scan(page, "B-100")
    press(Qt.Key.Key_5, CONTROL)
    to_the_end(page, qtbot)
    page.finishing.panel.chosen.emit("yes")
    qtbot.waitUntil(page.preview.isVisible, timeout=WAIT_MS)
    press(Qt.Key.Key_Escape)
    assert "۱ نسخهٔ صحافی‌ناپذیر اکنون نامزد وجین است" in words(page)


def test_many_kept_books_and_strange_codes_are_counted_not_listed() -> None:
    copy = ShelfCopy(
        uuid4(), 1, 1, "B-1", "بوستان", None, None, None, "", "main", ItemStatus.MISSING, Condition.GOOD, None
    )
    told = to_hold_shelf([Back(copy, None, 0, 0)] * 8)
    assert len(told) == 6
    assert "۳ نسخهٔ رزروشدهٔ دیگر" in told[-1]
    at = lib.MORNING
    strange = [
        StrangeCode(PastScan(uuid4(), 1, 1, place, f"X-{place}", None, at, None, Finding.UNKNOWN), None)
        for place in range(20)
    ]
    assert code_words(strange).endswith("و ۸ کد دیگر")


def test_a_group_lists_what_was_found_however_long_ago(page: StocktakePage, session: Session) -> None:
    """The list of all scans is cut at the newest; that of the misplaced ones is not cut with it."""
    shelf(session.library, SHOWN + 5, first=300)
    begin(page)
    reading = page.shelves.session_id()
    assert reading is not None
    for code in codes(101, 102, 103, 100, *range(300, 305 + SHOWN)):
        read(session.library, reading, code)
    page.shelves.reload()
    assert len(shown(page)) == SHOWN
    assert Finding.MISPLACED not in shown(page)
    press(Qt.Key.Key_2, ALT)
    assert shown(page) == [Finding.MISPLACED]


def test_a_scan_that_puts_another_right_changes_both_groups(page: StocktakePage) -> None:
    begin(page)
    press(Qt.Key.Key_2, ALT)
    for code in codes(100, 106, 101, 102):
        scan(page, code)
    assert [line.scan.code for line in page.shelves.list.table.shown_rows()] == ["B-106"]
    press(Qt.Key.Key_1, ALT)
    assert shown(page) == [Finding.IN_PLACE, Finding.IN_PLACE, Finding.MISPLACED, Finding.IN_PLACE]
    for code in codes(105, 103):
        scan(page, code)
    assert shown(page)[:2] == [Finding.IN_PLACE, Finding.MISPLACED]


# Long work stands in a line of its own: the window goes on


@contextmanager
def held_up(session: Session) -> Iterator[None]:
    """Other work stands before ours in the line until the block ends."""
    gate = Event()
    session.jobs.start("کاری دراز", lambda _: gate.wait(10))
    try:
        yield
    finally:
        gate.set()


def test_the_lists_are_reckoned_up_beside_the_window_and_a_scan_goes_on(
    page: StocktakePage, session: Session, qtbot: QtBot
) -> None:
    begin(page)
    counted(page, qtbot)
    with held_up(session):
        press(Qt.Key.Key_E, CONTROL)
        assert page.finishing.work.isVisible()
        assert "سنجیده می‌شوند" in page.finishing.list.view._empty[0]
        for key, modifiers in ((Qt.Key.Key_E, CONTROL), (Qt.Key.Key_P, CONTROL), (Qt.Key.Key_D, CONTROL | SHIFT)):
            press(key, modifiers)  # nothing to be closed, printed or given up yet
        assert not page.finishing.panel.is_open()
        buttons = (page.finishing.close_, page.finishing.draft, page.finishing.give_up)
        assert not any(button.isEnabled() for button in buttons)
        scan(page, "B-100")
        assert page.shelves.isVisible()
        assert shown(page) == [Finding.IN_PLACE]
    qtbot.waitUntil(lambda: not session.jobs.open_jobs(), timeout=WAIT_MS)
    assert page.shelves.isVisible()
    assert all(button.isEnabled() for button in buttons)
    assert page.finishing.list.table.rowCount() == 0  # what nobody waited for any more tells nothing


def test_lists_that_are_ready_when_somebody_has_gone_back_are_not_shown(
    page: StocktakePage, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(page)
    counted(page, qtbot)
    began, gate = Event(), Event()

    def slowly(reckoning: Reckoning, chosen: Collection[UUID]) -> Iterator[Change]:
        began.set()
        gate.wait(10)
        return changes_of(reckoning, chosen)

    monkeypatch.setattr(end_work, "changes_of", slowly)
    page.finish()
    qtbot.waitUntil(began.is_set, timeout=WAIT_MS)
    scan(page, "B-100")
    gate.set()
    qtbot.waitUntil(lambda: not session.jobs.open_jobs(), timeout=WAIT_MS)
    assert page.finishing.list.table.rowCount() == 0
    assert page.shelves.isVisible()


@pytest.mark.parametrize("by_key", [True, False])
def test_reckoning_up_is_stopped_and_the_shelves_are_in_front_again(
    page: StocktakePage, session: Session, qtbot: QtBot, by_key: bool
) -> None:
    begin(page)
    with held_up(session):
        press(Qt.Key.Key_E, CONTROL)
        if by_key:
            press(Qt.Key.Key_Escape)
        else:
            page.finishing.work.progress.cancel_wanted.emit()
        assert page.shelves.isVisible()
        assert not page.finishing.work.is_busy()
    to_the_end(page, qtbot)
    assert page.finishing.list.table.rowCount() == 8


def test_a_draft_is_made_beside_the_window_and_can_be_stopped(
    page: StocktakePage, session: Session, qtbot: QtBot
) -> None:
    begin(page)
    to_the_end(page, qtbot)
    with held_up(session):
        press(Qt.Key.Key_P, CONTROL)
        assert page.finishing.work.is_busy()
        page.finishing.work.progress.cancel_wanted.emit()
    qtbot.waitUntil(lambda: not session.jobs.open_jobs(), timeout=WAIT_MS)
    assert page.finishing.isVisible()
    assert "متوقف شد" in words(page.finishing)


def test_while_a_session_is_closed_its_scans_are_refused_and_nothing_waits_for_the_store(
    page: StocktakePage, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The closing is one transaction; a scan that waited for it would stop the window."""
    begin(page)
    scan(page, "B-100")
    to_the_end(page, qtbot)
    reading = page.shelves.session_id()
    assert reading is not None
    inside, go_on = Event(), Event()

    def slow(paper: StocktakePaper) -> Printed:
        inside.set()
        go_on.wait(10)
        return print_stocktake(paper)

    monkeypatch.setattr(end_work, "print_stocktake", slow)
    press(Qt.Key.Key_E, CONTROL)
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    try:
        qtbot.waitUntil(inside.is_set, timeout=WAIT_MS)
        scan(page, "B-101")
        told = page.finishing.banner.accessibleName()
        assert "در حال پایان است" in told
        assert "B-101" in told
        assert heard(session)[-1] == Sound.REFUSED
        page.on_scan(Unreadable("\x07", Flaw.CONTROL_CHARACTER))
        page.undo()
        press(Qt.Key.Key_Escape)
        page.open_session(reading)
        page.finish()
        assert page.finishing.isVisible()
        qtbot.waitUntil(page.finishing.work.progress._cancel.isHidden, timeout=WAIT_MS)
        assert page.finishing.work.progress.isVisible()
    finally:
        go_on.set()
    qtbot.waitUntil(page.preview.isVisible, timeout=WAIT_MS)
    assert [row.code for row in lib.rows(session.library, StocktakeScan)] == ["B-100"]
    assert lib.rows(session.library, Stocktake)[0].state is StocktakeState.CLOSED


def test_a_closing_that_waits_in_the_line_is_stopped_before_anything_is_done(
    page: StocktakePage, session: Session, qtbot: QtBot
) -> None:
    begin(page)
    to_the_end(page, qtbot)
    with held_up(session):
        press(Qt.Key.Key_E, CONTROL)
        press(Qt.Key.Key_Y, CONTROL | SHIFT)
        assert page.finishing.is_closing()
        assert page.finishing.work.progress._cancel.isVisible()
        page.finishing.work.progress.cancel_wanted.emit()
    qtbot.waitUntil(lambda: not page.finishing.is_closing(), timeout=WAIT_MS)
    assert "چیزی تغییر نکرد" in page.finishing.banner.accessibleName()
    assert lib.rows(session.library, Stocktake)[0].state is StocktakeState.OPEN
    assert lib.rows(session.library, Document) == []


def test_what_fails_in_the_line_leaves_the_page_ready(
    page: StocktakePage, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Trouble("P-1101", path="library.db")

    begin(page)
    to_the_end(page, qtbot)
    monkeypatch.setattr(end_work, "close", full)
    press(Qt.Key.Key_E, CONTROL)
    with qtbot.captureExceptions() as caught:
        press(Qt.Key.Key_Y, CONTROL | SHIFT)
        qtbot.waitUntil(lambda: not page.finishing.is_closing(), timeout=WAIT_MS)
    assert [getattr(error[1], "code", "") for error in caught] == ["P-1101"]
    assert not page.finishing.work.isVisible()
    press(Qt.Key.Key_E, CONTROL)
    assert page.finishing.panel.is_open()


def test_scans_made_while_the_shelves_are_counted_are_counted_once(
    page: StocktakePage, session: Session, qtbot: QtBot
) -> None:
    begin(page)
    with held_up(session):
        page.shelves.reload()
        for code in codes(100, 101, 102):
            scan(page, code)
    counted(page, qtbot)
    scan(page, "B-103")
    assert page.shelves.side.bars.lines()[0] == ("همه", 4, 8)
    assert "بارکدخوان ۱ (همین): ۴ اسکن" in words(page)


def test_scans_after_the_counting_are_added_to_it(page: StocktakePage, session: Session, qtbot: QtBot) -> None:
    """The count is of one moment: what was read since is not in it."""
    begin(page)
    counted(page, qtbot)
    reading = page.shelves.session_id()
    assert reading is not None
    made = _count(session.library, reading, [], Token(lambda _: None))
    page.shelves.counting._job = waited = session.jobs.start("شمارش", lambda _: made)
    waited.finished.connect(page.shelves.counting._finished)
    scan(page, "B-100")
    counted(page, qtbot)
    assert page.shelves.side.bars.lines()[0] == ("همه", 1, 8)


def test_a_tick_changes_its_own_line_and_the_order_stays(
    page: StocktakePage, session: Session, copies: list[lib.ACopy], qtbot: QtBot
) -> None:
    for copy in copies[:2]:
        put(session.library, copy, ItemStatus.WEEDED_WORN)
    begin(page)
    for code in codes(100, 101, 102):
        scan(page, code)
    to_the_end(page, qtbot)
    listed = page.finishing.list.table
    assert [change.ticked for change in listed.shown_rows()][:2] == [False, False]
    press(Qt.Key.Key_Space)
    assert [change.ticked for change in listed.shown_rows()][:2] == [True, False]
    page.finishing.all.click()
    assert [change.ticked for change in listed.shown_rows()][:2] == [True, True]
    page.finishing.all.click()
    assert [change.ticked for change in listed.shown_rows()][:2] == [False, False]
    page.finishing.ask()
    page.finishing.all.click()  # what stands in the question does not change any more
    assert [change.ticked for change in listed.shown_rows()][:2] == [False, False]
