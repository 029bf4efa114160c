"""What stands against a loan or a return: told at once, answered by keys that no scanner sends, waited for."""

import dataclasses
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.circulation.lost.declaring import LostRequest, declare_lost
from app.exchange.packing import pack
from db.codes import ItemStatus, Role, WeedingReason
from db.models.circulation import Loan
from db.models.items import Item, ItemStatusChange
from tests import library as lib
from tests.app.exchange.weeded import weeded
from tests.ui.circulation.desks import (
    a_copy,
    badge,
    choose,
    is_ready,
    not_for_loan,
    question,
    said,
    status,
    with_parts,
    words_in,
)
from tests.ui.sessions import heard, scan
from ui.circulation import words
from ui.circulation.desk import DeskPage
from ui.session import Session
from ui.widgets.inputs import Tick

ISBN = "9789643513214"
ONE_LOAN = {"values": {"loan_days": 14, "max_loans_all_types": 1}}
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
Prepare = Callable[[Session], str]


def on_loan_elsewhere(session: Session) -> str:
    copy = lib.add_copy(session.library)
    lib.lend(session.library, lib.add_member(session.library, given_name="علی"), copy)
    return copy.barcode


def several(session: Session) -> str:
    title = lib.a_title("شاهنامه", isbn=ISBN)
    for _ in range(2):
        lib.add_copy(session.library, title)
    return ISBN


OUTCOMES: dict[str, tuple[Prepare, str]] = {
    "lent": (a_copy, "امانت داده شد"),
    "on another card": (on_loan_elsewhere, "نیاز به پاسخ شما"),
    "parts to be counted": (with_parts, "نیاز به پاسخ شما"),
    "not for loan": (not_for_loan, "انجام نشد"),
    "several copies of one ISBN": (several, "چند نسخه"),
    "unknown": (lambda _: "RAF-9999", "این شماره شناخته نشد"),
    "another card": (lambda session: lib.add_member(session.library, given_name="سارا").card, "سارا"),
}


@pytest.mark.parametrize("kind", OUTCOMES)
def test_after_every_outcome_the_box_is_empty_and_has_the_focus(session: Session, desk: DeskPage, kind: str) -> None:
    prepare, title = OUTCOMES[kind]
    member = lib.add_member(session.library)
    scan(desk, member.card)
    scan(desk, prepare(session))
    assert title in said(desk)
    assert is_ready(desk)


@pytest.mark.parametrize("kind", ["lent", "not for loan"])
def test_the_focus_comes_back_from_the_list(session: Session, desk: DeskPage, kind: str) -> None:
    scan(desk, lib.add_member(session.library).card)
    code = OUTCOMES[kind][0](session)
    desk.loans.view.setFocus()
    scan(desk, code)
    assert is_ready(desk)
    desk.loans.view.setFocus()
    desk.asking.close()
    assert is_ready(desk) is (kind == "not for loan"), "a question that is answered gives the focus back"


@pytest.mark.parametrize("kind", ["on another card", "parts to be counted", "not for loan"])
def test_enter_answers_no_question_and_neither_does_a_scan(session: Session, desk: DeskPage, kind: str) -> None:
    member, prepare = lib.add_member(session.library), OUTCOMES[kind][0]
    scan(desk, member.card)
    scan(desk, prepare(session))
    before = len(lib.rows(session.library, Loan))
    for target in (desk.box.edit, desk.panel):
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QApplication.sendEvent(target, QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier))
    scan(desk, a_copy(session))
    assert desk.panel.is_open()
    assert len(lib.rows(session.library, Loan)) == before


def test_all_reasons_of_a_refusal_are_told_at_once(session: Session, desk: DeskPage) -> None:
    row = {"loan_days": 14, "max_loans_all_types": 1, "debt_limit": 0}
    lib.put_policy(session.library, {"values": row}, {"item_type": "reference", "values": {"loanable": "no"}})
    member = lib.add_member(session.library)
    lib.lend(session.library, member, lib.add_copy(session.library))
    reference = lib.add_copy(session.library, lib.a_title("فرهنگ معین"), item_type="reference")
    scan(desk, member.card)
    scan(desk, reference.barcode)
    assert "امانت داده نمی‌شود" in question(desk)
    assert "سقف ۱ است" in question(desk)
    assert "از کتابخانه بیرون برده نمی‌شود" in question(desk)
    assert heard(session)[-1] == "refused"


def test_a_refusal_names_number_rule_and_way_out(session: Session, desk: DeskPage) -> None:
    lib.put_policy(session.library, ONE_LOAN)
    member = lib.add_member(session.library)
    lib.lend(session.library, member, lib.add_copy(session.library))
    scan(desk, member.card)
    scan(desk, a_copy(session))
    told = question(desk)
    assert "۱ امانت نزد عضو است؛ سقف ۱ است." in told
    assert "قاعده: همهٔ اعضا · همهٔ منابع" in told
    assert "یک کتاب پس بگیرید." in told


def test_scans_wait_visibly_while_a_question_is_open_and_go_on_after_it(session: Session, desk: DeskPage) -> None:
    lib.put_policy(session.library, ONE_LOAN)
    member = lib.add_member(session.library)
    first, second = lib.add_copy(session.library), lib.add_copy(session.library)
    other = lib.add_member(session.library, given_name="علی")
    scan(desk, member.card)
    scan(desk, first.barcode)
    scan(desk, second.barcode)
    assert desk.panel.is_open()
    scan(desk, other.card)
    scan(desk, second.barcode)
    assert "۲ اسکن" in badge(desk)
    desk.on_escape()
    assert [loan.member_id for loan in lib.rows(session.library, Loan, item_id=second.id)] == [other.id]


def test_a_book_on_another_card_is_taken_back_and_lent_with_one_key(session: Session, desk: DeskPage) -> None:
    code = on_loan_elsewhere(session)
    member = lib.add_member(session.library, given_name="سارا")
    scan(desk, member.card)
    scan(desk, code)
    assert "پس بگیر و امانت بده" in [button.text() for button in desk.panel.findChildren(type(desk.next))]
    choose(desk, words.YES)
    assert [loan.in_at is None for loan in lib.rows(session.library, Loan)] == [False, True]
    assert "نخست از \u2068علی رضایی\u2069 پس گرفته شد" in words_in(desk.strip)


def test_a_book_of_another_reader_can_be_taken_back_from_the_refusal(session: Session, desk: DeskPage) -> None:
    holder, other = lib.add_member(session.library), lib.add_member(session.library, given_name="علی")
    copy = lib.add_copy(session.library)
    lib.lend(session.library, holder, copy)
    scan(desk, other.card)
    scan(desk, copy.barcode)
    choose(desk, words.TAKE_BACK)
    assert status(session, copy) == ItemStatus.AVAILABLE


def test_parts_are_counted_before_the_loan(session: Session, desk: DeskPage) -> None:
    scan(desk, lib.add_member(session.library).card)
    scan(desk, with_parts(session))
    assert "لوح فشرده" in question(desk)
    assert desk.panel.findChildren(Tick) == [], "parts are counted for each book"
    choose(desk, words.YES)
    assert "امانت داده شد" in said(desk)


def test_a_scanned_isbn_of_several_copies_is_chosen_by_key(session: Session, desk: DeskPage, qtbot: QtBot) -> None:
    scan(desk, lib.add_member(session.library).card)
    scan(desk, several(session))
    assert is_ready(desk)
    qtbot.wait(1)
    QTest.keyClick(desk, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert [loan.item_id for loan in lib.rows(session.library, Loan)] == [copies(session)[1]]


def copies(session: Session) -> list[object]:
    return [item.id for item in lib.rows(session.library, Item)]


def test_a_typed_isbn_of_several_copies_is_chosen_by_arrows_and_enter(session: Session, desk: DeskPage) -> None:
    scan(desk, lib.add_member(session.library).card)
    desk.box.submitted.emit(several(session))
    view = desk.focusWidget()
    QTest.keyClick(view, Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert [loan.item_id for loan in lib.rows(session.library, Loan)] == [copies(session)[1]]
    assert is_ready(desk)


def test_a_lost_book_that_comes_back_was_found_and_its_price_given_back(session: Session, desk: DeskPage) -> None:
    loser, copy = lib.add_member(session.library), lib.add_copy(session.library, price=90_000)
    lib.lend(session.library, loser, copy)
    declare_lost(session.library, LostRequest(copy.barcode), lib.act(session.library))
    scan(desk, copy.barcode)
    assert "بازگشت — " in said(desk)
    assert "۹۰٬۰۰۰ ریال بهای کتاب" in words_in(desk.strip)


@pytest.mark.parametrize("with_card", [False, True])
def test_a_weeded_copy_in_the_stacks_is_put_right_where_it_was_scanned(
    session: Session, desk: DeskPage, with_card: bool
) -> None:
    """002 م8-4: the alarm, and the offer; nothing changes before it is chosen."""
    (copy,) = weeded(session.library, 1)
    if with_card:
        scan(desk, lib.add_member(session.library).card)
    scan(desk, copy.barcode)
    assert heard(session)[-1] == "refused"
    assert "وجین یا خارج شده" in question(desk)
    assert status(session, copy) == "weeded_content"
    QTest.keyClick(desk.window(), Qt.Key.Key_K, CTRL_SHIFT)
    assert status(session, copy) == "available"
    assert "به «موجود» برگشت" in said(desk)
    (told,) = lib.rows(session.library, ItemStatusChange, became=ItemStatus.AVAILABLE)
    assert told.remark == "در مخزن پیدا شد (م ۸-۴)"
    assert is_ready(desk)


def test_who_may_not_finalise_minutes_is_offered_no_restoring(session: Session, desk: DeskPage) -> None:
    """002 م8-4."""
    (copy,) = weeded(session.library, 1)
    session.person = dataclasses.replace(session.person, role=Role.LIBRARIAN)
    scan(desk, copy.barcode)
    assert "وضعیت آن را اصلاح کنید" in question(desk)
    QTest.keyClick(desk.window(), Qt.Key.Key_K, CTRL_SHIFT)
    assert status(session, copy) == "weeded_content"


def test_a_copy_that_is_packed_is_taken_out_of_its_package_first(session: Session, desk: DeskPage) -> None:
    copies = weeded(session.library, 2)
    pack(session.library, WeedingReason.CONTENT, lib.act(session.library))
    scan(desk, copies[0].barcode)
    QTest.keyClick(desk.window(), Qt.Key.Key_K, CTRL_SHIFT)
    assert "بسته" in said(desk)
    assert status(session, copies[0]) == "weeded_content"
