import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.devices.scan import Flaw, Unreadable
from db.codes import RestrictionKind, Role
from db.models.members import Member, Restriction
from tests import library as lib
from tests.ui.sessions import heard, scan, session_on
from ui.members.form_card import MemberFormCard
from ui.members.page import MembersPage
from ui.session import Session
from ui.sounds import Sound

HOSTILE = "<img src=x onerror=1>\u202eنام"
SOUND_ID, WRONG_ID = "0012345679", "0012345678"
CTRL = Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


def shown(session: Session, qtbot: QtBot) -> MembersPage:
    page = MembersPage(session)
    qtbot.addWidget(page)
    page.resize(1168, 735)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.on_shown()
    return page


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> MembersPage:
    """A page over three members: Ahmadi, Rezaei, and Zand who is a child."""
    lib.add_member(session.library, given_name="زهرا", family_name="زند", category="child", guardian="علی زند")
    lib.add_member(session.library, given_name="مریم", family_name="رضایی", mobile="09123456789")
    lib.add_member(session.library, given_name="احمد", family_name="احمدی", national_id=SOUND_ID)
    return shown(session, qtbot)


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)


def write(text: str) -> None:
    target = QApplication.focusWidget()
    assert isinstance(target, QLineEdit)
    target.insert(text)
    target.textEdited.emit(target.text())


def names(page: MembersPage) -> list[str]:
    return [member.name for member in page.people.members.table.shown_rows()]


def chosen(page: MembersPage) -> str:
    found = page.people.details.chosen()
    return found.name if found else ""


def said(page: MembersPage) -> str:
    return page.banner.title() if page.banner.isVisible() else ""


def words_of(form: MemberFormCard) -> str:
    return " ".join(label.text() for label in form.panel.findChildren(QLabel))


def fill(form: MemberFormCard, **values: str) -> None:
    form.form.set_values({"category": "ordinary", "given_name": "گلی", "family_name": "امامی"} | values)


def test_members_are_filed_by_family_name(page: MembersPage) -> None:
    assert names(page) == ["احمدی، احمد", "رضایی، مریم", "زند، زهرا"]


@pytest.mark.parametrize("typed", ["رضایی", "رضايي", "09123456789", "۰۹۱۲۳۴۵", "M-0002", "مریم رضایی", "+989123456789"])
def test_typing_narrows_the_list_by_name_number_or_telephone(page: MembersPage, typed: str) -> None:
    page.people.box.typed.emit(typed)
    assert names(page) == ["رضایی، مریم"]


def test_a_member_is_found_by_the_national_id_that_no_column_shows(page: MembersPage) -> None:
    page.people.box.typed.emit(SOUND_ID)
    assert names(page) == ["احمدی، احمد"]


def test_enter_takes_the_first_of_the_list_and_leaves_the_words_to_be_written_over(page: MembersPage) -> None:
    write("زند")
    press(Qt.Key.Key_Return)
    assert chosen(page) == "زهرا زند"
    assert page.people.box.edit.text() == "زند"
    assert page.people.box.edit.selectedText() == "زند"


def test_the_arrows_walk_through_the_list_while_the_box_keeps_the_focus(page: MembersPage) -> None:
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    assert chosen(page) == "مریم رضایی"
    assert page.people.box.edit.hasFocus()


def test_the_card_tells_how_to_reach_a_child(page: MembersPage) -> None:
    page.people.members.view.choose_place(2)
    facts = dict(page.people.details.facts.facts())
    assert facts["سرپرست"] == "\u2068علی زند\u2069"
    assert facts["عضو از"] == "۳۰ آبان ۱۴۰۵"
    assert "نشانی" not in facts


def test_a_scanned_card_chooses_its_member_whatever_the_list_shows(page: MembersPage) -> None:
    page.people.box.typed.emit("زند")
    scan(page, "M-0002")
    assert chosen(page) == "مریم رضایی"
    assert len(names(page)) == 3


def test_an_unknown_card_leaves_nobody_on_screen(page: MembersPage, session: Session) -> None:
    scan(page, "M-0002")
    scan(page, "M-7777")
    assert said(page) == "این شماره شناخته نشد"
    assert chosen(page) == ""
    assert page.people.details.facts.facts() == ()
    assert heard(session)[-1] == Sound.REFUSED


def test_an_unreadable_code_is_said_without_being_shown(page: MembersPage) -> None:
    page.on_scan(Unreadable("\x02<b>", Flaw.CONTROL_CHARACTER))
    assert said(page) == "بارکد ناخوانا"
    assert "<b>" not in page.banner.accessibleName()


def test_a_scanned_book_shows_who_has_it_and_until_when(page: MembersPage, session: Session) -> None:
    member, copy = (
        lib.add_member(session.library, given_name="نیما", family_name="یوشی"),
        lib.add_copy(session.library, "سووشون"),
    )
    lent = lib.lend(session.library, member, copy)
    session.refresh.tell("members")
    scan(page, copy.barcode)
    assert said(page) == "«\u2068سووشون\u2069» نزد \u2068نیما یوشی\u2069 است"
    assert chosen(page) == "نیما یوشی"
    assert lent.due_on > lib.TODAY
    assert "۱۴ آذر ۱۴۰۵" in page.banner.accessibleName()


def test_a_book_on_the_shelf_is_with_nobody(page: MembersPage, session: Session) -> None:
    copy = lib.add_copy(session.library, "کلیدر")
    scan(page, "M-0002")
    scan(page, copy.barcode)
    assert said(page) == "«\u2068کلیدر\u2069» نزد کسی نیست"
    assert "موجود" in page.banner.accessibleName()
    assert chosen(page) == ""


def test_the_state_says_the_most_serious_thing_first(session: Session, qtbot: QtBot) -> None:
    library = session.library
    over = lib.add_member(library, family_name="پایان", expires_on=lib.TODAY)
    banned = lib.add_member(library, family_name="محروم")
    with library.store.write() as tx:
        tx.insert(
            Restriction, member_id=banned.id, kind=RestrictionKind.MANUAL, reason=HOSTILE, until=None,
            author_id=library.person(None).id, laid_at=lib.act(library).at,
        )  # fmt: skip
        tx.record("restriction.laid", lib.act(library))
    late = lib.add_member(library, family_name="دیرکرد")
    lib.lend(library, late, lib.add_copy(library))
    lib.pass_days(library, 40)
    page = shown(session, qtbot)
    table = page.people.members.table
    state = table.headings().index("وضعیت")
    texts = {table.row_at(place).id: table.texts(place)[state] for place in range(table.rowCount())}
    assert texts == {over.id: "عضویت پایان یافته", banned.id: "محروم از امانت", late.id: "دیرکرد دارد"}
    scan(page, banned.card)
    assert any(label.text() == "محروم تا اطلاع بعدی" for label in page.people.details.findChildren(QLabel))


def test_a_hostile_name_is_shown_letter_by_letter(session: Session, qtbot: QtBot) -> None:
    member = lib.add_member(session.library, given_name=HOSTILE, family_name="=1+1", address=HOSTILE)
    page = shown(session, qtbot)
    scan(page, member.card)
    assert chosen(page) == "<img src=x onerror=1>نام =1+1"
    labels = page.people.details.findChildren(QLabel)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    assert any("<img src=x onerror=1>" in label.text() for label in labels)


def test_the_desk_is_asked_for_with_the_card_of_the_chosen_member(page: MembersPage, qtbot: QtBot) -> None:
    scan(page, "M-0002")
    with qtbot.waitSignal(page.desk_wanted) as wanted:
        press(Qt.Key.Key_D, CTRL)
    assert wanted.args == ["M-0002"]


def test_a_new_member_is_registered_with_the_keyboard_alone(page: MembersPage, session: Session) -> None:
    press(Qt.Key.Key_N, CTRL)
    write("سیمین")
    press(Qt.Key.Key_Tab)
    write("دانشور")
    press(Qt.Key.Key_S, CTRL)
    assert said(page) == "عضو شد — \u2068سیمین دانشور\u2069"
    assert chosen(page) == "سیمین دانشور"
    assert page.banner.offers_undo()
    assert page.form.isHidden()
    assert "دانشور، سیمین" in names(page)


def test_undo_takes_the_new_member_back(page: MembersPage, session: Session) -> None:
    page.new_member()
    fill(page.form)
    page.form.save_member()
    page.undo()
    assert said(page) == "واگرد شد — ثبت عضو"
    assert "امامی، گلی" not in names(page)
    assert chosen(page) == ""


def test_a_missing_name_is_said_under_its_field_and_nothing_is_stored(page: MembersPage, session: Session) -> None:
    page.new_member()
    fill(page.form, family_name="")
    press(Qt.Key.Key_S, CTRL)
    assert page.form.form.mistakes() == {"family_name": "این خانه را پر کنید."}
    assert len(lib.rows(session.library, Member)) == 3


def test_a_wrong_national_id_is_said_on_leaving_and_asked_about_on_saving(page: MembersPage, session: Session) -> None:
    page.new_member()
    fill(page.form, national_id=WRONG_ID)
    press(Qt.Key.Key_S, CTRL)
    assert "کد ملی «۰۰۱۲۳۴۵۶۷۸» درست نیست." in words_of(page.form)
    assert "رقم کنترل" in page.form.form.mistakes()["national_id"]
    assert len(lib.rows(session.library, Member)) == 3
    press(Qt.Key.Key_Return)
    assert len(lib.rows(session.library, Member)) == 3
    press(Qt.Key.Key_S, CTRL_SHIFT)
    assert [member.national_id for member in lib.rows(session.library, Member, family_name="امامی")] == [WRONG_ID]


def test_scans_wait_while_the_question_stands_and_are_worked_off_after_it(page: MembersPage) -> None:
    page.new_member()
    fill(page.form, national_id=WRONG_ID)
    page.form.save_member()
    scan(page, "M-0002")
    assert "۱ اسکن در نوبت است" in page.form.panel.findChildren(type(page.form.panel._waiting))[0].text()
    press(Qt.Key.Key_S, CTRL_SHIFT)
    assert chosen(page) == "مریم رضایی"


def test_escape_leaves_the_question_and_keeps_what_was_written(page: MembersPage, session: Session) -> None:
    page.new_member()
    fill(page.form, national_id=WRONG_ID)
    page.form.save_member()
    page.on_escape()
    assert not page.form.is_asking()
    page.on_escape()
    assert page.form.isHidden()
    page.new_member()
    assert page.form.form.values()["family_name"] == "امامی"
    assert len(lib.rows(session.library, Member)) == 3


def test_a_card_in_use_is_said_under_its_field_and_stays_said(page: MembersPage, session: Session) -> None:
    page.new_member()
    fill(page.form)
    scan(page, "M-0002")
    assert page.form.form.values()["card"] == "M-0002"
    page.form.save_member()
    assert "عضو دیگری" in page.form.form.mistakes()["card"]
    page.form.form.input("card").setFocus()
    press(Qt.Key.Key_Tab)
    assert "عضو دیگری" in page.form.form.mistakes()["card"]
    assert len(lib.rows(session.library, Member)) == 3


def test_somebody_who_may_not_register_members_is_told_why(page: MembersPage, session: Session) -> None:
    session.person = replace(session.person, role=Role.CATALOGUER)
    page.new_member()
    fill(page.form)
    page.form.save_member()
    assert "این کار در اختیار کاربر کنونی نیست." in words_of(page.form)
    assert len(lib.rows(session.library, Member)) == 3


def test_the_whole_form_reaches_the_store(page: MembersPage, session: Session) -> None:
    page.new_member()
    page.form.form.set_values(
        {
            "given_name": "نگار",
            "family_name": "کاظمی",
            "category": "child",
            "father_name": "رضا",
            "birth_date": dt.date(2015, 3, 21),
            "guardian": "رضا کاظمی",
            "guardian_mobile": "۰۹۱۲ ۳۴۵ ۶۷۸۹",
            "guarantor": "M-0002",
            "age_group": "ب",
            "interests": "قصه، نقاشی؛ قصه",
            "member_no": "۷۷۰",
            "expires_on": dt.date(2027, 3, 20),
            "address": "آبگرم، کوچهٔ اول",
        }
    )
    page.form.save_member()
    facts = dict(page.people.details.facts.facts())
    assert facts["ضامن"] == "\u2068مریم رضایی\u2069"
    assert facts["تلفن سرپرست"] == "\u2066۰۹۱۲\u00a0۳۴۵\u00a0۶۷۸۹\u2069"
    assert facts["علاقه‌مندی"] == "\u2068قصه\u2069، \u2068نقاشی\u2069"
    assert facts["تولد"] == "۱ فروردین ۱۳۹۴ (۱۱ ساله)"
    (stored,) = lib.rows(session.library, Member, family_name="کاظمی")
    assert (stored.member_no, stored.expires_on, stored.age_group) == ("770", dt.date(2027, 3, 20), "ب")


def test_the_first_page_of_a_new_library_says_how_to_begin(session: Session, qtbot: QtBot) -> None:
    page = shown(session, qtbot)
    assert page.people.empty.isVisible()
    assert not page.people.members.isVisible()
    press(Qt.Key.Key_N, CTRL)
    assert page.form.isVisible()


def test_the_list_is_written_as_it_is_shown(page: MembersPage, tmp_path: Path) -> None:
    page.people.box.typed.emit("رضایی")
    page.ask_where = lambda _, name: tmp_path / name
    page.export()
    (file,) = tmp_path.glob("*.xlsx")
    sheet = load_workbook(io.BytesIO(file.read_bytes())).worksheets[0]
    assert file.name == "members-1405-08-30.xlsx"
    assert [cell.value for cell in sheet["A"]] == ["اعضای کتابخانه عمومی شهید بهشتی", "نام", "رضایی، مریم"]
    assert said(page) == "فهرست ۱ عضو نوشته شد"


def test_a_person_who_changes_their_mind_writes_no_file(page: MembersPage, tmp_path: Path) -> None:
    page.ask_where = lambda *_: None
    page.export()
    assert not list(tmp_path.glob("*.xlsx"))
    assert said(page) == ""


def test_members_who_came_meanwhile_are_there_when_the_page_is_shown_again(page: MembersPage, session: Session) -> None:
    lib.add_member(session.library, given_name="بهار", family_name="بهاری")
    session.refresh.tell("members")
    assert "بهاری، بهار" not in names(page)
    page.on_shown()
    assert "بهاری، بهار" in names(page)
