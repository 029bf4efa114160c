"""The page that follows up late books, worked by keyboard (circulation note §7-10; 001: wrong numbers)."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.devices.scan import Flaw, Unreadable
from db.codes import CallResult, ContactHealth, NoticeState
from db.models.circulation import CallAttempt, Loan, Notice
from db.models.members import Member, MemberContact
from tests import library as lib
from tests.ui.sessions import heard, scan, session_on
from ui.calls.page import CallsPage
from ui.session import Session
from ui.sounds import Sound

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
HOSTILE = "<img src=x>\u202eنام"


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    """Two readers have late books, the second has two numbers; nobody else has."""
    with session_on(lib.found(tmp_path), tmp_path) as session:
        library = session.library
        first = lib.add_member(library, given_name="سارا", family_name="احمدی", mobile="09123456789")
        lib.lend(library, first, lib.add_copy(library, "سووشون"))
        lib.pass_days(library, 1)
        second = lib.add_member(
            library, given_name="رضا", family_name="بابایی", mobile="09351112233", guardian="علی بابایی",
            guardian_mobile="09121112222",
        )  # fmt: skip
        lib.lend(library, second, lib.add_copy(library, "کلیدر"))
        lib.pass_days(library, 20)
        yield session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> CallsPage:
    made = CallsPage(session)
    qtbot.addWidget(made)
    made.resize(1168, 735)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.on_shown()
    return made


def press(page: CallsPage, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or page, key, modifier)


def names(page: CallsPage) -> list[str]:
    return [one.name for one in page.calling.list.table.shown_rows()]


def test_the_latest_is_first_and_chosen_with_the_number_to_dial(page: CallsPage) -> None:
    assert names(page) == ["سارا احمدی", "رضا بابایی"]
    one, contact = page.calling.card.one(), page.calling.card.called()
    assert one is not None
    assert contact is not None
    assert (one.name, contact.value) == ("سارا احمدی", "+989123456789")
    assert "\u2066۰۹۱۲\u00a0۳۴۵\u00a0۶۷۸۹\u2069" in [label.text() for label in page.calling.card.findChildren(QLabel)]


@pytest.mark.parametrize(("key", "result"), list(zip("123456", CallResult, strict=True)))
def test_a_key_says_what_came_of_the_call(page: CallsPage, session: Session, key: str, result: CallResult) -> None:
    press(page, Qt.Key(ord(key)), ALT)
    (call,) = lib.rows(session.library, CallAttempt)
    assert (call.result, call.number) == (result, "+989123456789")
    assert len(lib.rows(session.library, Loan)) == 2
    assert page.banner.offers_undo()


def test_after_a_promise_the_next_reader_is_there(page: CallsPage) -> None:
    press(page, Qt.Key.Key_2, ALT)
    one = page.calling.card.one()
    assert one is not None
    assert one.name == "رضا بابایی"
    assert names(page) == ["رضا بابایی", "سارا احمدی"]


def test_another_number_is_called_and_marked_when_it_is_wrong(page: CallsPage, session: Session) -> None:
    page.calling.list.view.choose_place(1)
    press(page, Qt.Key.Key_N, ALT)
    press(page, Qt.Key.Key_4, ALT)
    (contact,) = lib.rows(session.library, MemberContact)
    assert (contact.value, contact.health) == ("+989121112222", ContactHealth.BAD)


def test_the_day_and_note_that_were_written_are_kept_with_the_call(page: CallsPage, session: Session) -> None:
    page.calling.card.next_day.edit.setText("۱۴۰۵/۰۹/۳۰")
    page.calling.card.note.setText("پس از امتحان")
    press(page, Qt.Key.Key_2, ALT)
    (call,) = lib.rows(session.library, CallAttempt)
    assert (call.next_on.isoformat(), call.note) == ("2026-12-21", "پس از امتحان")
    assert page.calling.card.note.text() == ""


def test_what_the_reader_says_is_entered_only_on_a_yes_that_is_not_enter(page: CallsPage, session: Session) -> None:
    page.calling.record(CallResult.SAYS_RETURNED)
    assert page.calling.panel.is_open()
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert page.calling.panel.is_open()
    assert {loan.claimed_returned_on for loan in lib.rows(session.library, Loan)} == {None}
    page.calling.panel.chosen.emit("yes")
    assert sorted(str(loan.claimed_returned_on) for loan in lib.rows(session.library, Loan)) == ["2026-12-12", "None"]
    assert names(page) == ["رضا بابایی"]


def test_escape_leaves_the_offer_unanswered(page: CallsPage, session: Session) -> None:
    page.calling.record(CallResult.SAYS_LOST)
    page.on_escape()
    assert not page.calling.panel.is_open()
    assert {loan.lost_on for loan in lib.rows(session.library, Loan)} == {None}


def test_undo_takes_the_call_back(page: CallsPage, session: Session) -> None:
    press(page, Qt.Key.Key_2, ALT)
    page.undo()
    assert lib.rows(session.library, CallAttempt) == []
    assert names(page) == ["سارا احمدی", "رضا بابایی"]


def test_a_scanned_card_chooses_its_late_reader(page: CallsPage, session: Session) -> None:
    scan(page, "M-0002")
    one = page.calling.card.one()
    assert one is not None
    assert one.name == "رضا بابایی"
    scan(page, "M-7777")
    assert page.banner.title() == "دیرکردی برای این شماره ثبت نیست"
    page.on_scan(Unreadable("\x02", Flaw.CONTROL_CHARACTER))
    assert heard(session)[-1] == Sound.REFUSED


def test_reminders_are_made_marked_and_gone(page: CallsPage, session: Session) -> None:
    page.show_part(1)
    press(page, Qt.Key.Key_N, CTRL)
    assert page.banner.title() == "۲ یادآوری تازه ساخته شد"
    assert page.reminding.list.table.rowCount() == 2
    page.reminding.mark(NoticeState.SENT)
    assert page.reminding.list.table.rowCount() == 1
    assert len(lib.rows(session.library, Notice, state=NoticeState.SENT)) == 1


def test_letters_are_shown_before_they_are_printed(page: CallsPage, qtbot: QtBot) -> None:
    page.show_part(1)
    page.reminding.make()
    page.reminding.print_letters()
    qtbot.waitUntil(lambda: page.preview.pictures.count() == 2)
    assert page.preview.paper().title == "نامه‌های یادآوری"
    assert page.preview.isVisible()
    page.on_escape()
    assert page.reminding.isVisible()


def test_numbers_and_texts_are_saved_for_whoever_sends(page: CallsPage, tmp_path: Path) -> None:
    page.show_part(1)
    page.reminding.make()
    page.reminding.saving.ask_where = lambda _, name: tmp_path / name
    page.reminding.export()
    (file,) = tmp_path.glob("sms-*.xlsx")
    sheet = load_workbook(io.BytesIO(file.read_bytes())).worksheets[0]
    assert [cell.value for cell in sheet["A"]][2:] == ["09123456789", "09351112233"]


def test_an_empty_list_prints_and_exports_nothing(page: CallsPage) -> None:
    page.show_part(1)
    for run in (page.reminding.print_letters, page.reminding.export):
        run()
        assert page.banner.title() in ("یادآوری‌ای در فهرست نیست", "پیامکی در فهرست نیست")


def test_a_new_number_takes_the_place_of_a_missing_one(page: CallsPage, session: Session) -> None:
    member = lib.add_member(session.library, family_name="بی‌تلفن")
    page.cleaning.reload()
    page.show_part(2)
    assert [row.name for row in page.cleaning.list.table.shown_rows()] == ["بی‌تلفن، مریم"]
    page.cleaning.new.setText("۰۹۱۲ ۹۹۹ ۸۸۷۷")
    press(page, Qt.Key.Key_S, CTRL)
    assert lib.row(session.library, Member, member.id).mobile == "+989129998877"
    assert page.cleaning.list.table.rowCount() == 0


def test_a_wrong_new_number_is_told_and_not_stored(page: CallsPage, session: Session) -> None:
    lib.add_member(session.library, family_name="بی‌تلفن")
    page.cleaning.reload()
    page.show_part(2)
    page.cleaning.new.setText("123")
    page.cleaning.store_new()
    assert page.banner.title() == "شماره ثبت نشد"
    assert lib.rows(session.library, MemberContact) == []


def test_a_hostile_name_is_shown_letter_by_letter(session: Session, qtbot: QtBot) -> None:
    member = lib.add_member(session.library, given_name=HOSTILE, mobile="09121113333")
    lib.lend(session.library, member, lib.add_copy(session.library, HOSTILE))
    lib.pass_days(session.library, 30)
    page = CallsPage(session)
    qtbot.addWidget(page)
    page.show()
    page.on_shown()
    page.calling.choose(member.card)
    labels = page.calling.card.findChildren(QLabel)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    assert any("<img src=x>" in label.text() for label in labels)


def test_a_page_without_late_books_says_what_it_is_for(tmp_path: Path, dressed: QApplication, qtbot: QtBot) -> None:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        page = CallsPage(session)
        qtbot.addWidget(page)
        page.on_shown()
        assert page.calling.card.one() is None
        page.calling.record(CallResult.PROMISED)
        assert lib.rows(session.library, CallAttempt) == []
        assert page.key_help()
        assert page.commands()[0].title == "فهرست تماس دیرکرد"
