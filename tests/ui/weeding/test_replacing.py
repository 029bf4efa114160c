"""Which book takes the place of a copy (002 م4-2-ج، د): found in the catalogue, scanned, or named in words."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.weeding.rules import BETTER_BOOK
from db.codes import ItemStatus, WeedingReason
from db.models.collection import MinutesRow
from db.models.items import Item
from tests import library as lib
from tests.ui.sessions import scan
from tests.ui.weeding.reading import CONTROL, SHIFT, press, said, show_details, titles, words
from ui.session import Session
from ui.weeding.page import WeedingPage
from ui.weeding.replacing import BetterBook


def asked(page: WeedingPage, copy: lib.ACopy) -> BetterBook:
    """The question which book takes the place of a copy."""
    page.drafts.choose_reason(WeedingReason.CONTENT)
    page.drafts.criterion.choose(BETTER_BOOK)
    scan(page, copy.barcode)
    (entry,) = page.drafts.panel.findChildren(BetterBook)
    assert isinstance(entry, BetterBook)
    return entry


def type_in(entry: BetterBook, text: str) -> None:
    """As a person types; QTest knows the keys of Latin letters only."""
    entry.edit.setText(text)
    entry.edit.textEdited.emit(text)


def told(widget: QWidget) -> str:
    """What can be read there once it is laid out."""
    QApplication.processEvents()
    return words(widget)


def found(entry: BetterBook) -> list[str]:
    return [book.title for book in entry.hits.table().shown_rows()] if entry.hits.isVisible() else []


def old_and_better(session: Session) -> tuple[lib.ACopy, lib.ACopy]:
    old = lib.add_pair(session.library, "حسابداری قدیم")
    return old, lib.add_copy(session.library, "حسابداری نوین")


def test_the_better_book_is_searched_chosen_with_enter_and_stored(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    old, better = old_and_better(session)
    entry = asked(page, old)
    assert entry.edit.hasFocus()
    type_in(entry, "حسابداری")
    assert found(entry) == ["حسابداری نوین"]  # not the book itself
    QTest.keyClick(entry.edit, Qt.Key.Key_Down)
    QTest.keyClick(entry.edit, Qt.Key.Key_Return)
    assert entry.chosen() == better.title_id
    assert f"شماره ثبت {'۰۱۲۳۴۵۶۷۸۹'[better.accession_no]})" in told(entry)
    assert titles(page) == []  # Enter has confirmed nothing
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert titles(page) == ["حسابداری قدیم"]
    (row,) = lib.rows(session.library, MinutesRow)
    assert (row.article, row.replaced_by, row.remark) == (BETTER_BOOK, better.title_id, None)
    card = show_details(page, qtbot)
    assert "جایگزین: «\u2068حسابداری نوین\u2069»" in card
    assert f"شماره ثبت {'۰۱۲۳۴۵۶۷۸۹'[better.accession_no]})" in card


def test_a_scan_of_the_better_book_chooses_it_and_the_next_one_waits(session: Session, page: WeedingPage) -> None:
    old, better = old_and_better(session)
    entry = asked(page, old)
    scan(page, better.barcode)
    assert entry.chosen() == better.title_id
    scan(page, lib.add_pair(session.library, "سومی").barcode)
    assert entry.chosen() == better.title_id
    assert page.drafts.panel._waiting.text() == "۱ اسکن در نوبت است"


def test_a_number_that_is_typed_acts_like_its_scan(session: Session, page: WeedingPage) -> None:
    old, better = old_and_better(session)
    entry = asked(page, old)
    type_in(entry, str(better.accession_no))
    QTest.keyClick(entry.edit, Qt.Key.Key_Return)
    assert entry.chosen() == better.title_id


def test_words_remain_possible_for_a_book_that_is_not_in_the_catalogue(session: Session, page: WeedingPage) -> None:
    old, _ = old_and_better(session)
    entry = asked(page, old)
    press(Qt.Key.Key_Y, CONTROL | SHIFT)  # nothing is said yet
    assert titles(page) == []
    type_in(entry, "حسابداری صنعتی، عثمانی")
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    (row,) = lib.rows(session.library, MinutesRow)
    assert (row.replaced_by, row.remark) == (None, "حسابداری صنعتی، عثمانی")


def test_typing_anew_drops_the_choice(session: Session, page: WeedingPage) -> None:
    old, better = old_and_better(session)
    entry = asked(page, old)
    scan(page, better.barcode)
    type_in(entry, "کتابی دیگر")
    assert (entry.chosen(), entry.text()) == (None, "کتابی دیگر")
    assert "جای آن را می‌گیرد" not in told(entry)


def test_neither_the_book_itself_nor_one_that_is_gone_nor_an_unknown_label_takes_its_place(
    session: Session, page: WeedingPage
) -> None:
    old = lib.add_copy(session.library, "حسابداری قدیم")
    twin = lib.add_copy(session.library, old.title_id)
    gone = lib.add_copy(session.library, "حسابداری گم‌شده")
    lib.change(session.library, Item, gone.id, status=ItemStatus.LOST)
    entry = asked(page, old)
    for code, answer in (
        (twin.barcode, "این نسخهٔ همین عنوان است"),
        (gone.barcode, "از این عنوان نسخه‌ای در کتابخانه نمانده است"),
        ("RAF-999999", "نسخه‌ای با این شماره نیست"),
    ):
        scan(page, code)
        assert said(page) == answer
        assert entry.chosen() is None
    type_in(entry, "حسابداری")
    assert found(entry) == []
