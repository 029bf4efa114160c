from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.devices.scan import Flaw, Unreadable
from db.codes import ItemStatus
from db.models.circulation import Loan
from tests import library as lib
from tests.ui.circulation.desks import said, status, titles
from tests.ui.sessions import heard, scan
from ui.circulation.desk import DeskPage
from ui.scanner import Scanner
from ui.session import Session
from ui.typing import type_code


def test_a_card_and_a_book_make_a_loan_that_is_seen_and_heard(session: Session, desk: DeskPage) -> None:
    member, copy = lib.add_member(session.library), lib.add_copy(session.library, "سووشون")
    scan(desk, member.card)
    assert "مریم رضایی" in said(desk)
    scan(desk, copy.barcode)
    assert said(desk) == "امانت داده شد — «\u2068سووشون\u2069»"
    assert titles(desk) == ["سووشون"]
    assert status(session, copy) == ItemStatus.ON_LOAN
    assert heard(session)[-1] == "checked_out"


def test_a_book_without_a_reader_on_screen_is_taken_back(session: Session, desk: DeskPage) -> None:
    member, copy = lib.add_member(session.library), lib.add_copy(session.library, "بوف کور")
    lib.lend(session.library, member, copy)
    lib.pass_days(session.library, 2)
    scan(desk, copy.barcode)
    assert said(desk).startswith("بازگشت — «")
    assert status(session, copy) == ItemStatus.AVAILABLE
    assert heard(session)[-1] == "checked_in"


def test_thirty_scans_give_thirty_rows(session: Session, desk: DeskPage) -> None:
    lib.put_policy(session.library, {"values": {"loan_days": 14}})
    member = lib.add_member(session.library)
    copies = [lib.add_copy(session.library, f"کتاب {number}") for number in range(30)]
    scan(desk, member.card)
    for copy in copies:
        scan(desk, copy.barcode)
    assert len(titles(desk)) == 30
    assert len(lib.rows(session.library, Loan)) == 30


def test_an_unknown_code_clears_the_reader_on_screen(session: Session, desk: DeskPage) -> None:
    member = lib.add_member(session.library)
    scan(desk, member.card)
    scan(desk, "NOBODY-1")
    assert said(desk) == "این شماره شناخته نشد"
    assert heard(session)[-1] == "refused"
    copy = lib.add_copy(session.library)
    scan(desk, copy.barcode)
    assert status(session, copy) == ItemStatus.AVAILABLE, "nothing may be lent to the reader who was there before"


def test_an_unreadable_code_is_told_and_changes_nothing(session: Session, desk: DeskPage) -> None:
    member = lib.add_member(session.library)
    scan(desk, member.card)
    desk.on_scan(Unreadable("\x07", Flaw.CONTROL_CHARACTER))
    assert said(desk) == "بارکد ناخوانا"
    assert lib.rows(session.library, Loan) == []


def test_escape_brings_the_next_member(session: Session, desk: DeskPage) -> None:
    scan(desk, lib.add_member(session.library).card)
    desk.on_escape()
    copy = lib.add_copy(session.library)
    scan(desk, copy.barcode)
    assert lib.rows(session.library, Loan) == []


def test_undo_takes_the_last_loan_back_and_says_so(session: Session, desk: DeskPage) -> None:
    member, copy = lib.add_member(session.library), lib.add_copy(session.library)
    scan(desk, member.card)
    scan(desk, copy.barcode)
    assert desk.banner.offers_undo()
    desk.undo()
    assert said(desk) == "واگرد شد — امانت دادن"
    assert status(session, copy) == ItemStatus.AVAILABLE
    assert titles(desk) == []


def test_typing_a_name_or_title_finds_in_place(session: Session, desk: DeskPage) -> None:
    lib.add_member(session.library, given_name="نگار", family_name="شریفی")
    lib.add_copy(session.library, "شاهنامه")
    desk.box.typed.emit("شاهن")
    assert [desk.hits.table.row_at(place).name for place in range(desk.hits.table.rowCount())] == ["شاهنامه"]
    desk.box.typed.emit("شريفي")
    assert desk.hits.table.row_at(0).name == "نگار شریفی"


def test_a_typed_accession_number_acts_like_a_scan(session: Session, desk: DeskPage) -> None:
    member, copy = lib.add_member(session.library), lib.add_copy(session.library)
    scan(desk, member.card)
    desk.box.submitted.emit("۱" if copy.accession_no == 1 else str(copy.accession_no))
    assert status(session, copy) == ItemStatus.ON_LOAN


def test_a_hostile_name_is_shown_as_text(session: Session, desk: DeskPage) -> None:
    name = "<img src='/tmp/x.png'>"
    member = lib.add_member(session.library, given_name=name, family_name="=1+1")
    scan(desk, member.card)
    shown = [label for label in desk.side.findChildren(QLabel) if "img" in label.text()]
    assert shown
    assert all(label.textFormat().name == "PlainText" for label in shown)


def test_a_doubled_scan_makes_no_second_loan(session: Session, desk: DeskPage) -> None:
    member, copy = lib.add_member(session.library), lib.add_copy(session.library)
    scan(desk, member.card)
    scan(desk, copy.barcode)
    scan(desk, copy.barcode)
    assert said(desk).startswith("همین چند لحظه پیش ثبت شد")
    assert len(lib.rows(session.library, Loan)) == 1


def test_real_keys_of_a_scanner_lend_a_book(session: Session, desk: DeskPage, qtbot: QtBot) -> None:
    member, copy = lib.add_member(session.library, card="M-0001"), lib.add_copy(session.library)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    scanner = Scanner(app)
    scanner.scanned.connect(desk.on_scan)
    try:
        for code in (member.card, copy.barcode):
            with qtbot.waitSignal(scanner.scanned):
                type_code(desk.windowHandle(), code)
    finally:
        scanner.close()
    QTest.qWait(1)
    assert status(session, copy) == ItemStatus.ON_LOAN
