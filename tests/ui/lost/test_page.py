"""What a person sees on the page of losses, and does there; by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.circulation.lost.queries import CaseKind
from db.codes import Condition, ItemStatus, LedgerKind
from db.models.circulation import LedgerLine
from db.models.items import Item
from db.models.members import Incident
from tests import library as lib
from tests.app.circulation.lost.cases import FEE, PRICE, balance, lose, policy, the_loan
from tests.ui.sessions import heard, scan, session_on, window_of
from ui.lost.page import LostPage
from ui.page import Group, PageSpec
from ui.session import Session
from ui.widgets.pills import Pill
from ui.window import MainWindow

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        policy(session.library)
        yield session


@pytest.fixture
def window(session: Session, qtbot: QtBot) -> MainWindow:
    lost = PageSpec("lost", "مفقودی", "help-circle", "Ctrl+F8", Group.DESK, lambda: LostPage(session))
    return window_of(lost, qtbot)


@pytest.fixture
def page(window: MainWindow) -> LostPage:
    shown = window.current_page()
    assert isinstance(shown, LostPage)
    return shown


@pytest.fixture
def lent(session: Session) -> tuple[lib.AMember, lib.ACopy]:
    member, copy = lib.add_member(session.library), lib.add_copy(session.library, "سووشون", price=PRICE)
    lib.lend(session.library, member, copy)
    return member, copy


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifiers)
    QApplication.processEvents()


def yes() -> None:
    press(Qt.Key.Key_Y, CONTROL | SHIFT)


def words(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def status(session: Session, copy: lib.ACopy) -> ItemStatus:
    found: ItemStatus = lib.row(session.library, Item, copy.id).status
    return found


def test_the_empty_page_says_what_it_is_for(page: LostPage) -> None:
    assert page.list.view._empty[0] == "هیچ نسخه‌ای گم، آسیب‌دیده یا مورد ادعا نیست"
    assert page.box.edit.hasFocus()
    assert "نسخه‌ای برگزیده نشده است" in words(page.card)


def test_a_scanned_copy_is_declared_lost_by_keys(
    session: Session, page: LostPage, lent: tuple[lib.AMember, lib.ACopy]
) -> None:
    member, copy = lent
    scan(page, copy.barcode)
    assert "سووشون" in words(page.card)
    press(Qt.Key.Key_G, CONTROL)
    assert page.acting.is_asking()
    press(Qt.Key.Key_Return)  # Enter answers nothing
    assert status(session, copy) is ItemStatus.ON_LOAN
    yes()
    assert status(session, copy) is ItemStatus.LOST
    assert balance(session.library, member) == PRICE + FEE
    assert page.banner.title() == "گم شده ثبت شد — «\u2068سووشون\u2069»"
    assert page.banner.offers_undo()
    assert [case.kind for case in page.list.table.shown_rows()] == [CaseKind.LOST]
    assert page.tiles[CaseKind.LOST].accessibleName().startswith("گم‌شده: ۱")
    assert page.box.edit.hasFocus()


def test_a_price_nobody_knows_is_asked_for_in_the_same_place(session: Session, page: LostPage) -> None:
    member, copy = lib.add_member(session.library), lib.add_copy(session.library)
    lib.lend(session.library, member, copy)
    scan(page, copy.barcode)
    press(Qt.Key.Key_G, CONTROL)
    yes()
    assert "بهای این نسخه ثبت نشده" in words(page.panel)
    assert page.acting.form is not None
    page.acting.form.set_values({"charge": 70_000})
    yes()
    assert balance(session.library, member) == 70_000 + FEE


def test_found_again_gives_back(session: Session, page: LostPage, lent: tuple[lib.AMember, lib.ACopy]) -> None:
    member, copy = lent
    lose(session.library, copy)
    page.reload()
    page.list.view.choose_place(0)
    press(Qt.Key.Key_F, CONTROL)
    yes()
    assert balance(session.library, member) == 0
    assert status(session, copy) is ItemStatus.AVAILABLE
    assert page.list.table.total() == 0
    assert heard(session)[-1] == "checked_in"


def test_the_same_book_is_delivered(session: Session, page: LostPage, lent: tuple[lib.AMember, lib.ACopy]) -> None:
    member, copy = lent
    lose(session.library, copy)
    scan(page, copy.barcode)
    press(Qt.Key.Key_R, CONTROL)
    assert page.acting.form is not None
    page.acting.form.set_values({"barcode": "NEW-7", "price": 120_000})
    yes()
    assert balance(session.library, member) == FEE
    assert len(lib.rows(session.library, Item, barcode="NEW-7")) == 1


def test_another_title_is_confirmed_with_the_form_as_it_was(
    session: Session, page: LostPage, lent: tuple[lib.AMember, lib.ACopy]
) -> None:
    _, copy = lent
    other = lib.add_copy(session.library, "کتاب دیگر")
    scan(page, copy.barcode)
    press(Qt.Key.Key_R, CONTROL)
    assert page.acting.form is not None
    page.acting.form.set_values({"existing": other.barcode})
    yes()
    assert "عنوان دیگری است" in words(page.panel)
    yes()
    assert status(session, copy) is ItemStatus.REPLACED


def test_a_claim_and_its_end(session: Session, page: LostPage, lent: tuple[lib.AMember, lib.ACopy]) -> None:
    _, copy = lent
    scan(page, copy.barcode)
    press(Qt.Key.Key_J, CONTROL)
    yes()
    assert the_loan(session.library, copy).claimed_returned_on == lib.TODAY
    assert not page.card.buttons["claim"].isVisible()
    press(Qt.Key.Key_B, CONTROL)
    yes()
    assert the_loan(session.library, copy).claimed_returned_on is None


def test_damage_wants_a_word_and_may_go_to_the_committee(
    session: Session, page: LostPage, lent: tuple[lib.AMember, lib.ACopy]
) -> None:
    member, copy = lent
    scan(page, copy.barcode)
    press(Qt.Key.Key_D, CONTROL)
    yes()
    assert page.acting.is_asking()
    assert page.acting.form is not None
    assert page.acting.form.mistakes() == {"note": "این خانه را پر کنید."}
    page.acting.form.set_values({"note": "پاره", "charge": 20_000, "condition": "damaged", "incident": True})
    yes()
    assert balance(session.library, member) == 20_000
    assert lib.row(session.library, Item, copy.id).condition is Condition.DAMAGED
    assert len(lib.rows(session.library, Incident)) == 1
    press(Qt.Key.Key_M, CONTROL)
    yes()
    assert lib.row(session.library, Item, copy.id).condition is Condition.GOOD


def test_ctrl_z_takes_the_loss_back(session: Session, page: LostPage, lent: tuple[lib.AMember, lib.ACopy]) -> None:
    member, copy = lent
    scan(page, copy.barcode)
    press(Qt.Key.Key_G, CONTROL)
    yes()
    page.undo()
    assert (balance(session.library, member), status(session, copy)) == (0, ItemStatus.ON_LOAN)
    assert page.list.table.total() == 0


def test_scans_wait_while_a_question_stands(
    session: Session, page: LostPage, lent: tuple[lib.AMember, lib.ACopy]
) -> None:
    _, copy = lent
    other = lib.add_copy(session.library, "کلیدر")
    scan(page, copy.barcode)
    press(Qt.Key.Key_G, CONTROL)
    scan(page, other.barcode)
    assert status(session, copy) is ItemStatus.ON_LOAN
    assert "۱ اسکن در نوبت است" in [pill.text() for pill in page.panel.findChildren(Pill) if pill.isVisible()]
    page.on_escape()
    assert not page.acting.is_asking()
    assert "کلیدر" in words(page.card)
    assert lib.rows(session.library, LedgerLine, kind=LedgerKind.LOST_ITEM) == []


def test_tiles_narrow_the_list_and_escape_widens_it(
    session: Session, page: LostPage, lent: tuple[lib.AMember, lib.ACopy]
) -> None:
    lose(session.library, lent[1])
    lose(session.library, lib.add_copy(session.library))
    page.reload()
    assert page.list.table.rowCount() == 2
    press(Qt.Key.Key_5, CONTROL)
    assert [case.kind for case in page.list.table.shown_rows()] == [CaseKind.MISSING]
    page.on_escape()
    assert page.list.table.rowCount() == 2


def test_money_is_taken_on_its_own_page(
    session: Session, page: LostPage, lent: tuple[lib.AMember, lib.ACopy], qtbot: QtBot
) -> None:
    member, copy = lent
    lose(session.library, copy)
    page.reload()
    scan(page, copy.barcode)
    with qtbot.waitSignal(page.money_wanted) as asked:
        press(Qt.Key.Key_P, CONTROL)
    assert asked.args == [member.number]


def test_a_card_shows_what_its_member_has_lost(
    session: Session, page: LostPage, lent: tuple[lib.AMember, lib.ACopy]
) -> None:
    member, copy = lent
    lose(session.library, copy)
    lose(session.library, lib.add_copy(session.library))
    page.reload()
    scan(page, member.card)
    assert [case.barcode for case in page.list.table.shown_rows()] == [copy.barcode]


@pytest.mark.parametrize("code", ["RAF-999999", "<b>x</b>"])
def test_an_unknown_code_is_told_and_leaves_nothing_chosen(code: str, session: Session, page: LostPage) -> None:
    scan(page, lib.add_copy(session.library).barcode)
    scan(page, code)
    assert page.banner.title() == "این شماره شناخته نشد"
    assert page.card.subject() is None
    assert heard(session)[-1] == "refused"
