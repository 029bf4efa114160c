"""Rules lifted by somebody who may, with a reason: for one book, or for the rest of the visit."""

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.circulation.alerts import AlertForm, add_alert
from app.refusal import Answer
from db.codes import AlertWeight, Role
from db.models.circulation import Loan
from tests import library as lib
from tests.ui.circulation.desks import a_copy, choose, is_ready, not_for_loan, pills, question, with_parts
from tests.ui.sessions import scan
from ui.circulation import words
from ui.circulation.counter import OWN_REASON
from ui.circulation.desk import DeskPage
from ui.circulation.entries import NO_REASON, ReasonEntry
from ui.session import Session
from ui.widgets.inputs import Tick

ONE_LOAN = {"values": {"loan_days": 14, "max_loans_all_types": 1}}


def over_the_limit(session: Session, desk: DeskPage, copies: int = 1) -> list[lib.ACopy]:
    """A reader at the limit, and the question about one more book."""
    lib.put_policy(session.library, ONE_LOAN)
    member = lib.add_member(session.library)
    lib.lend(session.library, member, lib.add_copy(session.library))
    more = [lib.add_copy(session.library) for _ in range(copies)]
    scan(desk, member.card)
    scan(desk, more[0].barcode)
    choose(desk, words.OVERRIDE)
    return more


def reasons_of(session: Session, copy: lib.ACopy) -> list[str | None]:
    return [loan.override_reason for loan in lib.rows(session.library, Loan, item_id=copy.id)]


def test_a_limit_is_overridden_by_key_with_a_reason_that_is_kept(session: Session, desk: DeskPage) -> None:
    (copy,) = over_the_limit(session, desk)
    choose(desk, "به تشخیص کتابدار")
    assert reasons_of(session, copy) == ["به تشخیص کتابدار"]
    assert not desk.panel.is_open()
    assert is_ready(desk)


def test_a_reason_may_be_written_in_ones_own_words_but_not_left_out(session: Session, desk: DeskPage) -> None:
    (copy,) = over_the_limit(session, desk)
    (entry,) = desk.panel.findChildren(ReasonEntry)
    assert isinstance(desk.focusWidget(), QLineEdit)
    choose(desk, OWN_REASON)
    assert NO_REASON in question(desk)
    assert reasons_of(session, copy) == []
    entry.edit.setText("  برای نمایشگاه مدرسه ")
    choose(desk, OWN_REASON)
    assert reasons_of(session, copy) == ["برای نمایشگاه مدرسه"]


def test_a_remembered_override_holds_for_this_visit_and_ends_with_it(session: Session, desk: DeskPage) -> None:
    first, second, third = over_the_limit(session, desk, copies=3)
    desk.panel.findChildren(Tick)[0].setChecked(True)
    choose(desk, "ثبت پیشین نادرست است")
    assert "اجازه برای این مراجعه" in pills(desk)
    scan(desk, second.barcode)
    assert reasons_of(session, second) == ["ثبت پیشین نادرست است"]
    card = lib.rows(session.library, Loan, item_id=first.id)[0].member_id
    desk.on_escape()
    assert pills(desk) == []
    assert desk.select(card)
    scan(desk, third.barcode)
    assert reasons_of(session, third) == []
    assert desk.panel.is_open()


def test_without_the_tick_every_book_asks_again(session: Session, desk: DeskPage) -> None:
    _, second = over_the_limit(session, desk, copies=2)
    choose(desk, "به تشخیص کتابدار")
    scan(desk, second.barcode)
    assert desk.panel.is_open()


def test_the_keys_of_the_question_answer_it(session: Session, desk: DeskPage, qtbot: QtBot) -> None:
    (copy,) = over_the_limit(session, desk)
    qtbot.wait(1)  # new buttons listen once they are on screen
    QTest.keyClick(desk, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert reasons_of(session, copy) == ["نیاز تحصیلی یا پژوهشی"]


@pytest.mark.parametrize(
    ("role", "who"),
    [(Role.LIBRARIAN, "تنها مسئول کتابخانه می‌تواند آن را"), (Role.HEAD, "")],
)
def test_what_only_the_head_may_lift_is_said(session: Session, desk: DeskPage, role: Role, who: str) -> None:
    session.person = dataclasses.replace(session.person, role=role)
    member, code = lib.add_member(session.library), not_for_loan(session)
    scan(desk, member.card)
    scan(desk, code)
    assert who in question(desk)
    assert ("امانت با اجازه" in [button.text() for button in desk.panel.findChildren(type(desk.next))]) is not bool(who)


def test_answers_add_up_when_one_question_leads_to_another(session: Session, desk: DeskPage) -> None:
    scan(desk, lib.add_member(session.library).card)
    barcode = with_parts(session)
    request = dataclasses.replace(desk.at_desk.lending(barcode), answer=Answer(confirm=frozenset({"item.parts"})))
    lib.put_policy(session.library, {"values": {"loan_days": 14, "max_loans_all_types": 0}})
    desk.counter.lend(request)
    choose(desk, words.OVERRIDE)
    choose(desk, "به تشخیص کتابدار")
    assert len(lib.rows(session.library, Loan)) == 1


def test_a_note_to_be_read_is_asked_about_once_a_visit_if_wished(session: Session, desk: DeskPage) -> None:
    member = lib.add_member(session.library)
    form = AlertForm("کارت دانشجویی را ببینید", member.card, weight=AlertWeight.CONFIRM)
    add_alert(session.library, form, lib.act(session.library))
    scan(desk, member.card)
    scan(desk, a_copy(session))
    assert "کارت دانشجویی را ببینید" in question(desk)
    desk.panel.findChildren(Tick)[0].setChecked(True)
    choose(desk, words.YES)
    scan(desk, a_copy(session))
    assert not desk.panel.is_open()
    assert len(lib.rows(session.library, Loan)) == 2
