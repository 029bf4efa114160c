from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.devices.scan import Flaw, Unreadable
from db.codes import ItemStatus
from db.models.circulation import Loan
from db.models.items import Item
from tests import library as lib
from tests.ui.sessions import heard, scan, session_on
from ui.circulation import words
from ui.circulation.desk import DeskPage
from ui.scanner import Scanner
from ui.session import Session
from ui.typing import type_code


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def desk(session: Session, qtbot: QtBot) -> DeskPage:
    page = DeskPage(session)
    qtbot.addWidget(page)
    page.resize(1168, 735)
    page.show()
    page.on_shown()
    return page


def titles(page: DeskPage) -> list[str]:
    table = page.loans.table
    return [table.row_at(place).title for place in range(table.rowCount())]


def status(session: Session, copy: lib.ACopy) -> str:
    return str(lib.row(session.library, Item, copy.id).status)


def said(page: DeskPage) -> str:
    return page.banner.title()


def reasons(page: DeskPage) -> str:
    return " ".join(label.text() for label in page.panel.findChildren(QLabel))


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


def test_all_reasons_of_a_refusal_are_told_at_once(session: Session, desk: DeskPage) -> None:
    row = {"loan_days": 14, "max_loans_all_types": 1, "debt_limit": 0}
    lib.put_policy(session.library, {"values": row}, {"item_type": "reference", "values": {"loanable": "no"}})
    member = lib.add_member(session.library)
    lib.lend(session.library, member, lib.add_copy(session.library))
    reference = lib.add_copy(session.library, lib.a_title("فرهنگ معین"), item_type="reference")
    scan(desk, member.card)
    scan(desk, reference.barcode)
    assert "امانت داده نمی‌شود" in reasons(desk)
    assert "سقف ۱ است" in reasons(desk)
    assert "از کتابخانه بیرون برده نمی‌شود" in reasons(desk)
    assert heard(session)[-1] == "refused"


def test_scans_wait_visibly_while_a_question_is_open_and_go_on_after_it(session: Session, desk: DeskPage) -> None:
    lib.put_policy(session.library, {"values": {"loan_days": 14, "max_loans_all_types": 1}})
    member = lib.add_member(session.library)
    first, second = lib.add_copy(session.library), lib.add_copy(session.library)
    other = lib.add_member(session.library, given_name="علی")
    scan(desk, member.card)
    scan(desk, first.barcode)
    scan(desk, second.barcode)
    assert desk.panel.is_open()
    scan(desk, other.card)
    scan(desk, second.barcode)
    assert "۲ اسکن" in " ".join(label.text() for label in desk.box.findChildren(type(desk.box._waiting)))
    desk.on_escape()
    assert [loan.member_id for loan in lib.rows(session.library, Loan, item_id=second.id)] == [other.id]


def test_a_limit_is_overridden_by_key_with_a_reason_that_is_kept(session: Session, desk: DeskPage) -> None:
    lib.put_policy(session.library, {"values": {"loan_days": 14, "max_loans_all_types": 1}})
    member = lib.add_member(session.library)
    first, second = lib.add_copy(session.library), lib.add_copy(session.library)
    scan(desk, member.card)
    scan(desk, first.barcode)
    scan(desk, second.barcode)
    desk.panel.chosen.emit(words.OVERRIDE)
    desk.panel.chosen.emit("به تشخیص کتابدار")
    loans = lib.rows(session.library, Loan, item_id=second.id)
    assert [loan.override_reason for loan in loans] == ["به تشخیص کتابدار"]
    assert not desk.panel.is_open()


def test_a_book_of_another_reader_can_be_taken_back_from_the_refusal(session: Session, desk: DeskPage) -> None:
    holder, other = lib.add_member(session.library), lib.add_member(session.library, given_name="علی")
    copy = lib.add_copy(session.library)
    lib.lend(session.library, holder, copy)
    scan(desk, other.card)
    scan(desk, copy.barcode)
    desk.panel.chosen.emit(words.TAKE_BACK)
    assert status(session, copy) == ItemStatus.AVAILABLE


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


def test_renew_all_tells_what_was_renewed_and_what_was_not(session: Session, desk: DeskPage) -> None:
    member = lib.add_member(session.library)
    free, wanted = lib.add_copy(session.library), lib.add_copy(session.library, "کلیدر")
    lib.lend(session.library, member, free)
    lib.lend(session.library, member, wanted)
    lib.place_hold(session.library, lib.add_member(session.library, given_name="علی"), wanted)
    lib.pass_days(session.library, 5)
    scan(desk, member.card)
    desk.renew_all()
    assert said(desk) == "۱ از ۲ امانت تمدید شد"
    assert "کلیدر" in reasons(desk)


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
