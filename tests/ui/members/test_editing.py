"""Correcting a member, what the policy asks of a membership, and prolonging it, by keyboard alone."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.clearance.facts import Cleared
from app.clearance.service import ClearRequest, clear
from db.codes import LedgerKind, MemberState, Role
from db.models.circulation import LedgerLine
from db.models.members import Member, MemberContact
from reports.clearance import print_certificate
from tests import library as lib
from tests.library import AMember
from tests.ui.members.pages import CTRL, answer, press, shown, stored, told, words
from tests.ui.sessions import heard, scan
from ui.members.joining import LETTER
from ui.members.page import MembersPage
from ui.session import Session
from ui.sounds import Sound
from ui.widgets.form_inputs import Value

PAPERS = ("عکس", "رونوشت شناسنامه")


def policy(session: Session, **row: Any) -> None:
    lib.put_policy(session.library, {"loan_days": 14, "months": 12} | row)


def values(page: MembersPage) -> dict[str, Any]:
    return dict(page.form.form.values())


def test_ctrl_e_opens_the_form_with_what_is_written(desk: MembersPage) -> None:
    press(Qt.Key.Key_E, CTRL)
    assert desk.form.isVisible()
    assert desk.form.is_editing()
    written = values(desk)
    assert (written["given_name"], written["family_name"], written["mobile"]) == ("مریم", "رضایی", "09123456789")
    assert written["address"] == "آبگرم"
    assert not {"card", "member_no", "expires_on"} & written.keys()
    assert "ویرایش" in words(desk.form)


def test_what_was_changed_is_stored_and_the_rest_stays(desk: MembersPage, session: Session, maryam: AMember) -> None:
    desk.edit_member()
    changes: dict[str, Value] = {
        "family_name": "رضوی", "phone": "02833221100", "email": "m@example.ir", "education": "دیپلم", "job": "معلم",
        "guardian_member": "M-2", "keep_history": True, "address_unknown": True,
    }  # fmt: skip
    for name, value in changes.items():
        desk.form.form.input(name).set_value(value)
    press(Qt.Key.Key_S, CTRL)
    member = stored(session, maryam.id)
    assert (member.family_name, member.education, member.job) == ("رضوی", "دیپلم", "معلم")
    assert (member.keep_history, member.address_unknown, member.mobile) == (True, True, "+989123456789")
    kinds = {contact.kind.value: contact.value for contact in lib.rows(session.library, MemberContact)}
    assert kinds == {"address": "آبگرم", "phone": "02833221100", "email": "m@example.ir"}
    assert told(desk).startswith("تغییرها ثبت شد")
    facts = dict(desk.people.details.facts.facts())
    assert facts["شغل"] == "\u2068معلم\u2069"
    assert facts["عضویت سرپرست"] == "\u2066۰۰۰۰۰۲\u2069"


def test_saving_what_is_as_it_was_changes_nothing(desk: MembersPage, session: Session, maryam: AMember) -> None:
    before = stored(session, maryam.id)
    desk.edit_member()
    press(Qt.Key.Key_S, CTRL)
    assert stored(session, maryam.id) == before


def test_escape_leaves_a_member_as_they_were(desk: MembersPage, session: Session, maryam: AMember) -> None:
    desk.edit_member()
    desk.form.form.input("family_name").set_value("دیگر")
    desk.on_escape()
    assert desk.people.isVisible()
    desk.edit_member()
    assert values(desk)["family_name"] == "رضایی"
    assert stored(session, maryam.id).family_name == "رضایی"


def test_a_half_written_new_member_survives_an_edit_in_between(desk: MembersPage) -> None:
    desk.new_member()
    desk.form.form.input("given_name").set_value("سیمین")
    desk.on_escape()
    desk.edit_member()
    desk.form.save_member()
    desk.new_member()
    assert values(desk)["given_name"] == "سیمین"


def test_refusals_stand_under_their_fields(desk: MembersPage, session: Session) -> None:
    desk.edit_member()
    desk.form.form.input("guarantor").set_value("999")
    desk.form.form.input("guardian_member").set_value("888")
    desk.form.save_member()
    mistakes = desk.form.form.mistakes()
    assert "۹۹۹" in mistakes["guarantor"]
    assert "۸۸۸" in mistakes["guardian_member"]
    assert heard(session)[-1] == Sound.REFUSED


def test_nobody_vouches_for_themselves(desk: MembersPage) -> None:
    desk.edit_member()
    desk.form.form.input("guarantor").set_value("M-1")
    desk.form.save_member()
    assert "ضامن" in desk.form.form.mistakes()["guarantor"]


def test_a_doubtful_number_is_one_question(desk: MembersPage, session: Session, maryam: AMember) -> None:
    desk.edit_member()
    desk.form.form.input("national_id").set_value("0012345678")
    desk.form.save_member()
    assert desk.form.is_asking()
    press(Qt.Key.Key_Return)
    assert stored(session, maryam.id).national_id is None
    press(Qt.Key.Key_S, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert stored(session, maryam.id).national_id == "0012345678"


def test_somebody_who_may_not_edit_is_told(desk: MembersPage, session: Session) -> None:
    session.person = replace(session.person, role=Role.TRAINEE)
    desk.edit_member()
    desk.form.form.input("job").set_value("نجار")
    desk.form.save_member()
    assert "در اختیار کاربر کنونی نیست" in words(desk.form.panel)


def test_a_card_scanned_while_a_member_is_edited_is_the_guarantor_or_nobodys(
    desk: MembersPage, session: Session
) -> None:
    desk.edit_member()
    scan(desk, "M-2")
    assert heard(session)[-1] == Sound.REFUSED
    desk.form.form.input("guarantor").setFocus()
    scan(desk, "M-2")
    assert values(desk)["guarantor"] == "M-2"


class TestJoining:
    """000 §3-1-1 and 004 الف-1-4: papers, letter, fee."""

    def test_the_papers_of_the_policy_are_ticked_and_what_is_missing_is_told(
        self, session: Session, qtbot: QtBot
    ) -> None:
        policy(session, documents=list(PAPERS))
        page = shown(session, qtbot)
        page.new_member()
        assert tuple(page.form.joining.ticks) == PAPERS
        page.form.form.input("given_name").set_value("گلی")
        page.form.form.input("family_name").set_value("امامی")
        page.form.joining.ticks["عکس"].setChecked(True)
        page.form.save_member()
        [member] = lib.rows(session.library, Member)
        assert member.documents == {"عکس": True}
        assert "رونوشت شناسنامه" in words(page.people.details)
        page.edit_member()
        assert page.form.joining.documents() == ("عکس",)

    def test_without_a_letter_the_membership_waits_and_the_letter_approves_it(
        self, session: Session, qtbot: QtBot
    ) -> None:
        policy(session, letter=True)
        page = shown(session, qtbot)
        page.new_member()
        assert LETTER in words(page.form.joining)
        assert page.form.joining.letter.isVisible()
        page.form.form.input("given_name").set_value("گلی")
        page.form.form.input("family_name").set_value("امامی")
        page.form.save_member()
        [member] = lib.rows(session.library, Member)
        assert member.state is MemberState.PENDING
        assert "در انتظار تأیید" in told(page)
        assert "در انتظار تأیید" in words(page.people.details)
        page.edit_member()
        page.form.form.input("letter_no").set_value("۱۲/۳")
        assert not page.form.joining.letter.isVisible()
        page.form.save_member()
        assert stored(session, member.id).state is MemberState.ACTIVE
        assert "در انتظار تأیید" not in words(page.people.details)

    @pytest.mark.parametrize(("charged", "lines"), [(True, [350_000, 20_000]), (False, [])])
    def test_fee_and_card_are_written_unless_the_tick_is_taken_off(
        self, session: Session, qtbot: QtBot, *, charged: bool, lines: list[int]
    ) -> None:
        policy(session, fee=350_000, card_fee=20_000)
        page = shown(session, qtbot)
        page.new_member()
        assert "۳۵۰٬۰۰۰ ریال" in page.form.joining.charge.text()
        assert page.form.joining.charge.isChecked()
        page.form.joining.charge.setChecked(charged)
        for name, value in {"given_name": "گلی", "family_name": "امامی", "card": "M-7"}.items():
            page.form.form.input(name).set_value(value)
        page.form.save_member()
        assert [line.amount for line in lib.rows(session.library, LedgerLine)] == lines

    def test_a_member_who_is_edited_pays_nothing(self, session: Session, qtbot: QtBot) -> None:
        policy(session, fee=350_000)
        lib.add_member(session.library, card="M-1")
        page = shown(session, qtbot)
        scan(page, "M-1")
        page.edit_member()
        assert not page.form.joining.charge.isVisible()


class TestRenewal:
    """Until when and for how much, said before and after."""

    def test_ctrl_r_says_the_end_and_the_price_first(self, session: Session, qtbot: QtBot) -> None:
        policy(session, fee=350_000)
        member = lib.add_member(session.library, card="M-1")
        page = shown(session, qtbot)
        scan(page, "M-1")
        ends = stored(session, member.id).expires_on
        press(Qt.Key.Key_R, CTRL)
        said = words(page.panel)
        assert "۳۰ آبان ۱۴۰۶" in said
        assert "۳۰ آبان ۱۴۰۷" in said
        assert "۳۵۰٬۰۰۰ ریال" in said
        press(Qt.Key.Key_Return)
        assert stored(session, member.id).expires_on == ends
        answer(page)
        assert stored(session, member.id).expires_on == dt.date(2028, 11, 20)
        assert "۳۵۰٬۰۰۰ ریال در حساب نوشته شد" in told(page)
        assert [line.kind for line in lib.rows(session.library, LedgerLine)] == [LedgerKind.MEMBERSHIP_FEE]

    def test_another_end_may_be_written_and_no_fee(self, session: Session, qtbot: QtBot) -> None:
        policy(session, fee=350_000)
        member = lib.add_member(session.library, card="M-1")
        page = shown(session, qtbot)
        scan(page, "M-1")
        page.renew_membership()
        answer(page, until=dt.date(2027, 3, 20), charge=False)
        assert stored(session, member.id).expires_on == dt.date(2027, 3, 20)
        assert lib.rows(session.library, LedgerLine) == []

    def test_a_day_that_is_over_is_refused_in_the_question(self, desk: MembersPage) -> None:
        desk.renew_membership()
        answer(desk, until=lib.TODAY - dt.timedelta(1))
        assert desk.asking.is_open()
        assert "پذیرفتنی نیست" in words(desk.panel)

    def test_who_was_cleared_becomes_a_member_again(self, desk: MembersPage, session: Session, maryam: AMember) -> None:
        outcome = clear(session.library, ClearRequest("M-1"), print_certificate, session.act())
        assert isinstance(outcome, Cleared)
        session.refresh.tell("members")
        desk.on_shown()
        desk.people.choose(maryam.id)
        desk.renew_membership()
        assert "دوباره عضو می‌شود" in words(desk.panel)
        answer(desk)
        assert stored(session, maryam.id).state is MemberState.ACTIVE

    def test_scans_wait_while_it_is_asked(self, desk: MembersPage) -> None:
        desk.renew_membership()
        scan(desk, "M-2")
        assert "۱ اسکن در نوبت است" in words(desk.panel)
        desk.on_escape()
        found = desk.people.details.chosen()
        assert found is not None
        assert found.name == "زهرا زند"
