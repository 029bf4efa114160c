"""What a person sees on the clearance page, and does there; by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.clearance.facts import BatchResult
from app.clearance.queries import latest_certificates
from app.clearance.reads import PDF
from app.devices.scan import Scan as AScan
from app.devices.scan import Source, Unreadable, read_scan
from db.codes import MemberState
from db.models.circulation import Clearance
from db.models.members import Member
from tests import library as lib
from tests.reports.test_clearance import scanned
from tests.ui.sessions import heard, scan, session_on, window_of
from ui.clearance.page import CHECKING, MANY, ONE, ClearancePage
from ui.page import Group, PageSpec
from ui.session import Session
from ui.window import MainWindow

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> MainWindow:
    spec = PageSpec("clearance", "تسویه‌حساب", "list-check", "Ctrl+F7", Group.DESK, lambda: ClearancePage(session))
    return window_of(spec, qtbot)


@pytest.fixture
def page(window: MainWindow) -> ClearancePage:
    shown = window.current_page()
    assert isinstance(shown, ClearancePage)
    return shown


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifiers)
    QApplication.processEvents()


def yes() -> None:
    press(Qt.Key.Key_Y, CONTROL | SHIFT)


def words(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def settle(page: ClearancePage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not page._session.jobs.open_jobs())


def shown(page: ClearancePage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.preview.pictures.count() > 0)
    qtbot.waitUntil(lambda: bool(QApplication.processEvents() or page.preview.pictures._made))


def test_a_card_is_checked_and_the_certificate_given(session: Session, page: ClearancePage, qtbot: QtBot) -> None:
    member = lib.add_member(session.library)
    scan(page, member.card)
    assert "تسویه شود؟" in words(page.one.panel)
    press(Qt.Key.Key_Return)  # Enter answers nothing
    assert lib.rows(session.library, Clearance) == []
    assert page.one.form is not None
    page.one.form.set_values({"reason": "فراغت از تحصیل"})
    yes()
    assert lib.row(session.library, Member, member.id).state is MemberState.CLEARED
    (certificate,) = lib.rows(session.library, Clearance)
    assert certificate.reason == "فراغت از تحصیل"
    shown(page, qtbot)
    assert page.preview.paper().title.endswith("شمارهٔ ۱")
    page.on_escape()
    assert [row.number for row in page.one.list.table.shown_rows()] == [1]


def test_every_reason_stands_beside_the_list(session: Session, page: ClearancePage) -> None:
    member = lib.add_member(session.library)
    lib.lend(session.library, member, lib.add_copy(session.library))
    scan(page, member.card)
    assert "۱ کتاب در امانت عضو است." in words(page.one.panel)
    assert heard(session)[-1] == "refused"
    yes()
    assert lib.rows(session.library, Clearance) == []
    page.on_escape()
    assert not page.one.panel.is_open()
    assert page.one.box.edit.hasFocus()


def test_who_was_cleared_before_gets_the_same_paper(session: Session, page: ClearancePage, qtbot: QtBot) -> None:
    member = lib.add_member(session.library)
    scan(page, member.card)
    yes()
    shown(page, qtbot)
    page.on_escape()
    scan(page, member.number)
    assert "پیش‌تر تسویه کرده است" in words(page.one.panel)
    yes()
    shown(page, qtbot)
    assert len(lib.rows(session.library, Clearance)) == 1


def test_an_unknown_card_is_told(session: Session, page: ClearancePage) -> None:
    scan(page, "M-9999")
    assert page.banner.title() == "این عضو شناخته نشد"


def a_certificate(session: Session, page: ClearancePage, qtbot: QtBot) -> dict[str, str]:
    """The codes on the paper of a certificate that was just given, by their format."""
    scan(page, lib.add_member(session.library).card)
    yes()
    shown(page, qtbot)
    page.on_escape()
    with session.library.store.read() as reader:
        (certificate,) = latest_certificates(reader)
        content = reader.one(PDF, document=certificate.document_id)
    assert content is not None
    return {"short" if text.startswith("TS") else "long": text for text in scanned(content, 203).values()}


def test_a_certificate_scanned_anywhere_on_the_page_is_judged(
    session: Session, page: ClearancePage, qtbot: QtBot
) -> None:
    codes = a_certificate(session, page, qtbot)
    scan(page, codes["short"])
    assert page._places.currentIndex() == CHECKING
    assert page.checking.verdict.title() == "برگه اصل است"
    page.show_part(ONE)
    long = read_scan(codes["long"], Source.SERIAL)
    assert isinstance(long, Unreadable)  # longer than any card or label
    page.on_scan(long)
    assert page.checking.verdict.title() == "برگه اصل است"
    assert "همین کتابخانه" in page.checking.lines.text()


def test_a_typed_code_is_judged_by_enter_and_a_forgery_told(
    session: Session, page: ClearancePage, qtbot: QtBot
) -> None:
    codes = a_certificate(session, page, qtbot)
    press(Qt.Key.Key_3, CONTROL)
    page.checking.code.setText(codes["long"][:-3] + "ABC")
    press(Qt.Key.Key_Return)
    assert page.checking.verdict.title() == "برگه دست‌کاری شده است"
    assert heard(session)[-1] == "refused"
    page.on_escape()
    assert page.checking.code.text() == ""


def test_other_long_codes_are_unreadable(page: ClearancePage) -> None:
    long = read_scan("9" * 100, Source.SERIAL)
    assert isinstance(long, Unreadable)
    page.on_scan(long)
    assert page.banner.title() == "بارکد ناخوانا"


@pytest.fixture
def people(session: Session) -> list[lib.AMember]:
    found = [lib.add_member(session.library) for _ in range(3)]
    lib.lend(session.library, found[2], lib.add_copy(session.library))
    return found


def a_file(folder: Path, people: list[lib.AMember]) -> Path:
    path = folder / "list.csv"
    path.write_text("شماره عضویت\n" + "\n".join([*(one.number for one in people), "999999"]), encoding="utf-8")
    return path


def test_a_list_is_looked_through_then_cleared(
    session: Session, page: ClearancePage, people: list[lib.AMember], tmp_path: Path, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_2, CONTROL)
    assert "فهرست دانش‌آموختگان" in words(page.many)
    page.many.ask_which = lambda *_: a_file(tmp_path, people)
    press(Qt.Key.Key_O, CONTROL)
    settle(page, qtbot)
    table = page.many.list.table
    assert [line.result for line in table.shown_rows()] == [
        BatchResult.MAY_BE, BatchResult.MAY_BE, BatchResult.REFUSED, BatchResult.UNKNOWN,
    ]  # fmt: skip
    assert lib.rows(session.library, Clearance) == []
    press(Qt.Key.Key_S, CONTROL)
    press(Qt.Key.Key_Return)
    assert lib.rows(session.library, Clearance) == []
    yes()
    settle(page, qtbot)
    assert len(lib.rows(session.library, Clearance)) == 2
    assert page.banner.title() == "۲ عضو تسویه شد"


def test_letters_and_report_are_papers(
    session: Session, page: ClearancePage, people: list[lib.AMember], tmp_path: Path, qtbot: QtBot
) -> None:
    page.show_part(MANY)
    page.many.open_file(a_file(tmp_path, people))
    settle(page, qtbot)
    page.many.print_letters()
    shown(page, qtbot)
    assert page.preview.paper().title == "نامهٔ تسویه‌حساب"
    assert page.preview.pictures.count() == 1
    page.on_escape()
    page.many.print_report()
    settle(page, qtbot)
    shown(page, qtbot)
    assert page.preview.paper().sheet


def test_a_file_that_is_no_list_is_told_in_its_place(
    session: Session, page: ClearancePage, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "list.xlsx"
    path.write_bytes(b"PK\x03\x04 no workbook")
    page.show_part(MANY)
    page.many.open_file(path)
    settle(page, qtbot)
    assert "P-2102" in words(page.many)
    assert page.many.empty.isVisible()


def test_a_scanned_card_comes_to_the_first_part(session: Session, page: ClearancePage) -> None:
    page.show_part(MANY)
    page.on_scan(AScan(lib.add_member(session.library).card, Source.KEYBOARD, ""))
    assert page._places.currentIndex() == ONE
