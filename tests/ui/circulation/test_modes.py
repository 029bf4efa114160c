"""Working otherwise than usual: always visible beside the box, and over with the next reader."""

import datetime as dt

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.codes import Channel, ItemStatus
from db.models.circulation import Loan
from tests import library as lib
from tests.ui.circulation.desks import badge, choose, pills, question, said, status, words_in
from tests.ui.sessions import scan
from ui.circulation.desk import DeskPage
from ui.circulation.entries import DayEntry
from ui.circulation.mode_questions import THIS_DAY
from ui.circulation.modes import Way
from ui.session import Session

YESTERDAY = lib.TODAY - dt.timedelta(days=1)


def the_loan(session: Session) -> Loan:
    (loan,) = lib.rows(session.library, Loan)
    return loan  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("way", "channel", "due_on"),
    [
        (Way.ONSITE, Channel.ONSITE, lib.TODAY),
        (Way.OVERNIGHT, Channel.DESK, lib.TODAY + dt.timedelta(days=1)),
        (Way.POST, Channel.POST, None),
        (Way.COURIER, Channel.COURIER, None),
    ],
)
def test_a_book_leaves_in_the_chosen_way(
    session: Session, desk: DeskPage, way: Way, channel: Channel, due_on: dt.date | None
) -> None:
    scan(desk, lib.add_member(session.library).card)
    desk.modes.use_way(way)
    assert len(pills(desk)) == 1
    scan(desk, lib.add_copy(session.library).barcode)
    assert the_loan(session).channel == channel
    assert due_on in (None, the_loan(session).due_on)


def test_alt_and_a_digit_choose_the_way(session: Session, desk: DeskPage, qtbot: QtBot) -> None:
    QTest.keyClick(desk, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert pills(desk) == ["امانت در محل"]


def test_every_mode_ends_with_the_next_reader(session: Session, desk: DeskPage) -> None:
    first, second = lib.add_member(session.library), lib.add_member(session.library, given_name="علی")
    scan(desk, first.card)
    for _ in range(2):
        desk.modes.use_way(Way.ONSITE)
        desk.modes.toggle_returning()
        assert len(pills(desk)) == 1
        if desk.member_key() == first.number:
            scan(desk, second.card)
        else:
            desk.on_escape()
        assert pills(desk) == []


def test_a_way_chosen_before_the_card_is_for_that_reader(session: Session, desk: DeskPage) -> None:
    desk.modes.use_way(Way.ONSITE)
    scan(desk, lib.add_member(session.library).card)
    assert pills(desk) == ["امانت در محل"]


def test_a_due_date_is_set_by_hand_and_said(session: Session, desk: DeskPage) -> None:
    scan(desk, lib.add_member(session.library).card)
    desk.modes.ask_due()
    choose(desk, (lib.TODAY + dt.timedelta(days=7)).isoformat())
    assert pills(desk) == ["بازگشت تا ۷ آذر"]
    scan(desk, lib.add_copy(session.library).barcode)
    assert the_loan(session).due_on == lib.TODAY + dt.timedelta(days=7)


@pytest.mark.parametrize(("written", "told"), [("۱۴۰۵/۰۸/۰۱", "پیش از امروز"), ("۱۴۰۵/۱۳/۰۱", "تاریخ درست نیست")])
def test_a_due_date_that_cannot_be_is_told_and_the_question_stays(
    session: Session, desk: DeskPage, written: str, told: str
) -> None:
    desk.modes.ask_due()
    (entry,) = desk.panel.findChildren(DayEntry)
    entry.edit.edit.setText(written)
    choose(desk, THIS_DAY)
    assert told in question(desk)
    assert desk.panel.is_open()


def test_a_loan_of_a_day_without_power_is_dated_back(session: Session, desk: DeskPage) -> None:
    scan(desk, lib.add_member(session.library).card)
    desk.modes.ask_day()
    choose(desk, (lib.TODAY - dt.timedelta(days=2)).isoformat())
    assert pills(desk) == ["ثبت با تاریخ ۲۸ آبان"]
    scan(desk, lib.add_copy(session.library).barcode)
    assert the_loan(session).out_on == lib.TODAY - dt.timedelta(days=2)


def test_return_only_takes_back_what_is_scanned_while_a_reader_is_here(session: Session, desk: DeskPage) -> None:
    member, other = lib.add_member(session.library), lib.add_member(session.library, given_name="علی")
    own, strange = lib.add_copy(session.library), lib.add_copy(session.library)
    lib.lend(session.library, member, own)
    lib.lend(session.library, other, strange)
    lib.pass_days(session.library, 1)
    scan(desk, member.card)
    desk.modes.toggle_returning()
    assert "امانت به" not in badge(desk)
    for copy in (own, strange):
        scan(desk, copy.barcode)
        assert status(session, copy) == ItemStatus.AVAILABLE
    assert pills(desk) == ["فقط بازگشت · ۲ کتاب"]
    assert desk.loans.table.total() == 0
    desk.modes.toggle_returning()
    assert "امانت به" in badge(desk)


def late_copies(session: Session, count: int) -> list[lib.ACopy]:
    """Books that were due yesterday, each with another reader."""
    lib.put_policy(
        session.library, {"values": {"loan_days": 14, "fine_per_day": 1_000, "days_mode": "ignore_calendar"}}
    )
    copies = [lib.add_copy(session.library) for _ in range(count)]
    for copy in copies:
        lib.lend(session.library, lib.add_member(session.library), copy)
    lib.pass_days(session.library, 15)
    return copies


def test_a_box_of_returns_is_dated_back_and_counted_until_escape(session: Session, desk: DeskPage) -> None:
    copies = late_copies(session, 2)
    due = lib.TODAY + dt.timedelta(days=14)
    desk.modes.ask_book_drop()
    choose(desk, due.isoformat())
    assert pills(desk) == ["صندوق بازگشت: ۱۴ آذر · ۰ کتاب"]
    for copy in copies:
        scan(desk, copy.barcode)
        assert "دیرکرد" not in words_in(desk.banner), "they were in the box on the day they were due"
    assert [loan.effective_in_on for loan in lib.rows(session.library, Loan)] == [due, due]
    assert pills(desk) == ["صندوق بازگشت: ۱۴ آذر · ۲ کتاب"]
    desk.on_escape()
    assert said(desk) == "صندوق بازگشت تمام شد: ۲ کتاب برگشت"
    assert pills(desk) == []


def test_a_card_in_the_box_is_told_and_brings_nobody_to_the_desk(session: Session, desk: DeskPage) -> None:
    (copy,) = late_copies(session, 1)
    member = lib.add_member(session.library, given_name="سارا")
    desk.modes.ask_book_drop()
    choose(desk, lib.TODAY.isoformat())
    scan(desk, member.card)
    assert "این کارت \u2068سارا رضایی\u2069 است" in said(desk)
    scan(desk, "RAF-9999")
    scan(desk, copy.barcode)
    assert status(session, copy) == ItemStatus.AVAILABLE
    assert "۱ کتاب" in pills(desk)[0]


def test_a_box_of_returns_begins_with_nobody_on_screen(session: Session, desk: DeskPage) -> None:
    scan(desk, lib.add_member(session.library).card)
    desk.modes.ask_book_drop()
    choose(desk, YESTERDAY.isoformat())
    assert desk.member_key() == ""
    assert desk._lists.currentWidget() is desk.events


def test_one_question_offers_everything_that_can_be_otherwise(session: Session, desk: DeskPage) -> None:
    desk.modes.ask()
    choose(desk, Way.POST)
    desk.modes.toggle_returning()
    desk.modes.ask()
    choose(desk, "usual")
    assert pills(desk) == []
