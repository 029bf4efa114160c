"""The page of binding, by keyboard and scanner alone (002 م13)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.binding.service import add_to_request
from db.codes import BindingOutcome, BindingState, Condition, ItemStatus
from db.models.collection import BindingRequest, BindingRow, Mending
from db.models.items import Item
from tests import library as lib
from tests.app.binding.scene import requested, sent
from tests.library import ACopy
from tests.ui.sessions import heard, scan, session_on
from ui.binding.page import MENDING, UNDERWAY, BindingPage
from ui.session import Session
from ui.sounds import Sound

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> BindingPage:
    made = BindingPage(session)
    qtbot.addWidget(made)
    made.resize(1168, 735)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.on_shown()
    return made


def copy(session: Session, title: str = "کلیدر") -> ACopy:
    return lib.add_copy(session.library, title)


def press(page: BindingPage, key: Qt.Key, modifier: Qt.KeyboardModifier = CTRL) -> None:
    QTest.keyClick(QApplication.focusWidget() or page, key, modifier)


def yes(page: BindingPage) -> None:
    press(page, Qt.Key.Key_Y, CTRL | SHIFT)


def one(session: Session, model: Any) -> Any:
    (found,) = lib.rows(session.library, model)
    return found


def title_of(page: BindingPage) -> str:
    return str(page.banner.title())


def underway(page: BindingPage) -> None:
    page.show_part(UNDERWAY)
    page.reload()


def test_an_empty_page_says_how_to_begin_and_its_keys_do_nothing(page: BindingPage, session: Session) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_P, Qt.Key.Key_S, Qt.Key.Key_Delete):
        press(page, key)
    assert not page.draft.side.is_asking()
    assert lib.rows(session.library, BindingRequest) == []
    assert page.key_help()


def test_scans_come_on_the_draft_get_their_words_and_go_off_it(page: BindingPage, session: Session) -> None:
    book = copy(session)
    scan(page, book.barcode)
    assert "کلیدر" in title_of(page)
    page.draft.work.setText("عطف")
    press(page, Qt.Key.Key_S)
    assert one(session, BindingRow).work == "عطف"
    scan(page, book.barcode)
    assert "در همین درخواست است" in title_of(page)
    press(page, Qt.Key.Key_Delete)
    assert lib.rows(session.library, BindingRow) == []


def test_a_written_number_acts_like_a_scan(page: BindingPage, session: Session) -> None:
    book = copy(session)
    page.draft.item.setFocus()
    QTest.keyClicks(page.draft.item, str(book.accession_no))
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert [row.item_id for row in page.draft.list.table.shown_rows()] == [book.id]


def test_what_stands_against_a_copy_is_told_and_a_question_is_asked(page: BindingPage, session: Session) -> None:
    lent, worn = copy(session), copy(session)
    lib.lend(session.library, lib.add_member(session.library), lent)
    scan(page, lent.barcode)
    assert "افزوده نشد" in title_of(page)
    assert page.draft.list.table.rowCount() == 0
    scan(page, "ندارد")
    assert "شناخته نشد" in title_of(page)
    lib.change(session.library, Item, worn.id, condition=Condition.UNBINDABLE)
    scan(page, worn.barcode)
    assert page.draft.side.is_asking()
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert page.draft.side.is_asking()
    yes(page)
    assert one(session, BindingRow).item_id == worn.id


def test_the_last_scan_is_taken_back(page: BindingPage, session: Session) -> None:
    scan(page, copy(session).barcode)
    page.undo()
    assert page.draft.list.table.rowCount() == 0


def test_a_number_is_asked_for_and_its_form_is_frozen(page: BindingPage, session: Session, qtbot: QtBot) -> None:
    scan(page, copy(session).barcode)
    press(page, Qt.Key.Key_Return)
    assert page.draft.side.form is not None
    page.draft.side.form.set_values({"letter_no": "۱۲/۳"})
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert one(session, BindingRequest).number is None
    yes(page)
    qtbot.waitUntil(lambda: one(session, BindingRequest).number == 1)
    qtbot.waitUntil(page.underway.isVisible)
    assert one(session, BindingRequest).letter_no == "۱۲/۳"
    chosen = page.underway.chosen()
    assert chosen is not None
    assert chosen.request.written == "1405/1"
    press(page, Qt.Key.Key_P)
    assert page.shows_paper()
    assert page.preview.paper().pdf.startswith(b"%PDF")


def test_a_preview_is_marked_and_a_scan_brings_the_list_back(page: BindingPage, session: Session, qtbot: QtBot) -> None:
    scan(page, copy(session).barcode)
    press(page, Qt.Key.Key_P)
    qtbot.waitUntil(page.shows_paper)
    assert page.preview.paper().draft
    scan(page, copy(session).barcode)
    assert not page.shows_paper()
    assert page.draft.list.table.rowCount() == 2


def test_a_scan_leaves_the_question_about_the_number(page: BindingPage, session: Session) -> None:
    """What would be frozen has just changed."""
    scan(page, copy(session).barcode)
    press(page, Qt.Key.Key_Return)
    scan(page, copy(session).barcode)
    assert not page.draft.side.is_asking()


def test_books_are_sent_with_what_the_bindery_said(page: BindingPage, session: Session) -> None:
    book = copy(session)
    requested(session.library, book)
    underway(page)
    press(page, Qt.Key.Key_Return)
    assert page.underway.side.form is not None
    page.underway.side.form.set_values({"promised_days": 20, "outsourced_to": "نور"})
    yes(page)
    stored = one(session, BindingRequest)
    assert (stored.state, stored.promised_days, stored.outsourced_to) == (BindingState.DISPATCHED, 20, "نور")
    assert lib.row(session.library, Item, book.id).status is ItemStatus.IN_BINDING


def test_what_stays_behind_is_asked_about(page: BindingPage, session: Session) -> None:
    here, lent = copy(session), copy(session)
    requested(session.library, here, lent)
    lib.lend(session.library, lib.add_member(session.library), lent)
    underway(page)
    press(page, Qt.Key.Key_Return)
    yes(page)
    assert page.underway.side.is_asking()
    assert one(session, BindingRequest).state is BindingState.REQUESTED
    yes(page)
    assert one(session, BindingRequest).state is BindingState.DISPATCHED


@pytest.mark.parametrize(
    ("key", "outcome"),
    list(zip((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5), BindingOutcome, strict=True)),
)
def test_a_scan_receives_with_the_outcome_of_one_key(
    page: BindingPage, session: Session, key: Qt.Key, outcome: BindingOutcome
) -> None:
    book = copy(session)
    sent(session.library, book, status_now=True)
    underway(page)
    press(page, key, ALT)
    scan(page, book.barcode)
    assert one(session, BindingRow).outcome is outcome
    assert one(session, BindingRequest).state is BindingState.RECEIVED


def test_all_that_is_left_is_received_at_once_and_a_return_is_undone(page: BindingPage, session: Session) -> None:
    copies = [copy(session), copy(session)]
    sent(session.library, *copies)
    underway(page)
    press(page, Qt.Key.Key_R)
    yes(page)
    assert one(session, BindingRequest).state is BindingState.RECEIVED
    assert page.underway.list.table.rowCount() == 0
    page.undo()
    assert one(session, BindingRequest).state is BindingState.DISPATCHED


def test_a_request_is_given_up_with_its_reason_and_gets_its_letter(page: BindingPage, session: Session) -> None:
    requested(session.library, copy(session))
    underway(page)
    press(page, Qt.Key.Key_B)
    assert page.underway.side.form is not None
    page.underway.side.form.set_values({"letter_no": "۷"})
    yes(page)
    assert one(session, BindingRequest).letter_no == "۷"
    press(page, Qt.Key.Key_Delete)
    assert page.underway.side.form is not None
    page.underway.side.form.set_values({"why": "نشد"})
    yes(page)
    assert (one(session, BindingRequest).state, one(session, BindingRequest).remark) == (BindingState.CANCELLED, "نشد")


def test_a_late_request_is_red_on_its_tile(page: BindingPage, session: Session) -> None:
    """002 م13-7."""
    sent(session.library, copy(session))
    lib.pass_days(session.library, 33)
    underway(page)
    (line,) = page.underway.list.table.shown_rows()
    assert line.is_overdue(session.act().day)
    assert "۳ روز گذشته" in page.underway.list.table.texts(0)


def test_a_mend_is_written_down_with_scan_and_key(page: BindingPage, session: Session) -> None:
    """002 م13-3."""
    book = copy(session)
    lib.change(session.library, Item, book.id, condition=Condition.DAMAGED)
    page.show_part(MENDING)
    scan(page, book.barcode)
    page.mending.form.set_values({**page.mending.form.values(), "work": "چسب عطف", "condition": "good", "cost": 5_000})
    press(page, Qt.Key.Key_S)
    stored = one(session, Mending)
    assert (stored.work, stored.cost) == ("چسب عطف", 5_000)
    assert lib.row(session.library, Item, book.id).condition is Condition.GOOD
    assert page.mending.list.table.rowCount() == 1
    scan(page, book.barcode)
    assert "۳۰ آبان ۱۴۰۵" in [name for name, _ in page.mending.story.facts()]
    page.on_escape()
    assert not any(page.mending.form.values().values())


def test_a_mend_without_words_is_marked_and_an_unknown_code_is_told(page: BindingPage, session: Session) -> None:
    page.show_part(MENDING)
    scan(page, "ندارد")
    assert "شناخته نشد" in title_of(page)
    press(page, Qt.Key.Key_S)
    assert "work" in page.mending.form.mistakes()


def test_rows_of_others_are_read_when_the_page_comes_back(page: BindingPage, session: Session) -> None:
    add_to_request(session.library, copy(session).barcode, session.act())
    session.refresh.tell("binding")
    page.on_shown()
    assert page.draft.list.table.rowCount() == 1
    assert Sound.REFUSED not in heard(session)
