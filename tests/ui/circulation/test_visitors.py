"""Who is here: photograph, notes, household; and a book nobody has catalogued."""

import datetime as dt
import io

import pytest
from PIL import Image
from PySide6.QtGui import QColor

from app.accounts.charges import Charge, charge
from app.circulation.alerts import AlertForm, add_alert
from app.members.photos import set_photo
from db.codes import AlertMoment, AlertWeight, CataloguingStatus, HoldState, ItemStatus, LedgerKind
from db.models.catalogue import Title
from db.models.circulation import Loan
from db.models.items import Item
from db.models.members import Alert
from tests import library as lib
from tests.ui.circulation.desks import badge, choose, fill, question, said, titles, words_in
from tests.ui.sessions import scan
from ui.circulation.desk import DeskPage
from ui.circulation.visitor_questions import SAVE
from ui.session import Session


def a_photo(colour: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (300, 400), colour).save(written, "PNG")
    return written.getvalue()


def face(desk: DeskPage) -> QColor:
    portrait = desk.side.member._portrait
    return portrait.grab().toImage().pixelColor(portrait.width() // 2, portrait.height() // 2)


def test_the_photograph_is_shown_and_goes_with_its_reader(session: Session, desk: DeskPage) -> None:
    member, other = lib.add_member(session.library), lib.add_member(session.library, given_name="علی")
    set_photo(session.library, member.card, a_photo("#ff0000"), lib.act(session.library))
    scan(desk, member.card)
    assert face(desk).red() > 240
    assert face(desk).green() < 40
    scan(desk, other.card)
    assert face(desk).green() > 40


def test_the_card_tells_debt_late_books_holds_and_notes(session: Session, desk: DeskPage) -> None:
    member, late, ready = (
        lib.add_member(session.library),
        lib.add_copy(session.library, "کلیدر"),
        lib.add_copy(session.library, "چشم‌هایش"),
    )
    lib.lend(session.library, member, late)
    lib.pass_days(session.library, 60)
    today = session.act().day
    charge(session.library, Charge(member.card, LedgerKind.CARD_FEE, 24_000, "کارت"), session.act())
    lib.place_hold(
        session.library, member, ready, state=HoldState.WAITING, item_id=ready.id, shelf_since=today, shelf_until=today
    )
    lib.place_hold(session.library, member, late)
    add_alert(session.library, AlertForm("کلید کمد نزد اوست", member.card), session.act())
    old = AlertForm("گذشته", member.card, until=today)
    add_alert(session.library, old, session.act())
    lib.pass_days(session.library, 1)
    scan(desk, member.card)
    told = words_in(desk.side.member)
    assert "کلید کمد نزد اوست" in told
    assert "گذشته" not in told
    assert "روز دیرکرد: «\u2068کلیدر\u2069»" in told
    assert "رزرو آماده: «\u2068چشم‌هایش\u2069»" in told
    assert "۱ رزرو در نوبت" in told
    assert desk.side.member._debt.accessibleName().startswith("بدهی (ریال): ۲۴٬۰۰۰")


def test_notes_that_were_seen_are_asked_about_no_more_in_this_visit(session: Session, desk: DeskPage) -> None:
    member = lib.add_member(session.library)
    add_alert(session.library, AlertForm("ببینید", member.card, weight=AlertWeight.CONFIRM), session.act())
    scan(desk, member.card)
    assert "دیدم" in words_in(desk.side.member)
    desk._seen()
    assert "دیده شد" in words_in(desk.side.member)
    scan(desk, lib.add_copy(session.library).barcode)
    assert len(lib.rows(session.library, Loan)) == 1
    desk.on_escape()
    scan(desk, member.card)
    scan(desk, lib.add_copy(session.library).barcode)
    assert desk.panel.is_open(), "another visit asks again"


def test_a_note_is_written_undone_and_taken_away(session: Session, desk: DeskPage) -> None:
    member = lib.add_member(session.library)
    scan(desk, member.card)
    desk.visitors.ask_notes(None)
    choose(desk, SAVE)
    assert desk.panel.is_open(), "an empty note is a mistake"
    fill(desk, text="تلفن را بپرسید", moment=AlertMoment.ALWAYS.value)
    choose(desk, SAVE)
    assert said(desk) == "یادداشت ثبت شد"
    assert "تلفن را بپرسید" in words_in(desk.side.member)
    desk.undo()
    assert lib.rows(session.library, Alert) == []
    add_alert(session.library, AlertForm("تلفن را بپرسید", member.card), session.act())
    desk.show_again()
    (note,) = lib.rows(session.library, Alert)
    desk.visitors.ask_notes(None)
    choose(desk, str(note.id))
    assert lib.rows(session.library, Alert) == []
    assert "تلفن را بپرسید" not in words_in(desk.side.member)


def test_a_note_may_be_left_on_the_chosen_book(session: Session, desk: DeskPage) -> None:
    member, copy = lib.add_member(session.library), lib.add_copy(session.library)
    lib.lend(session.library, member, copy)
    scan(desk, member.card)
    desk.loans.view.choose_place(0)
    desk.visitors.ask_notes(desk.chosen_loan())
    fill(desk, text="برگ ۱۲ نیست", on="book")
    choose(desk, SAVE)
    assert [note.item_id for note in lib.rows(session.library, Alert)] == [copy.id]


@pytest.fixture
def family(session: Session) -> tuple[lib.AMember, lib.AMember]:
    parent = lib.add_member(session.library, given_name="مریم")
    child = lib.add_member(session.library, "child", given_name="آوا", guardian_member=parent.card)
    return parent, child


def test_a_book_is_lent_to_a_child_on_the_card_of_the_parent(
    session: Session, desk: DeskPage, family: tuple[lib.AMember, lib.AMember]
) -> None:
    parent, child = family
    lib.lend(session.library, child, lib.add_copy(session.library, "قصه‌ها"))
    scan(desk, parent.card)
    assert "خانواده، امانت: \u2068آوا\u2069 ۱" in words_in(desk.side.member)
    desk.visitors.ask_household()
    assert "۱ از" in question(desk)
    choose(desk, str(child.id))
    assert "امانت به: \u2068آوا رضایی\u2069 (کارت \u2068مریم رضایی\u2069)" in badge(desk)
    assert titles(desk) == ["قصه‌ها"]
    copy = lib.add_copy(session.library)
    scan(desk, copy.barcode)
    assert [loan.member_id for loan in lib.rows(session.library, Loan, item_id=copy.id)] == [child.id]
    assert "با کارت \u2068مریم رضایی\u2069" in words_in(desk.side.member) or "کارت" in badge(desk)


def test_escape_leads_from_the_child_to_the_parent_and_then_away(
    session: Session, desk: DeskPage, family: tuple[lib.AMember, lib.AMember]
) -> None:
    parent, child = family
    scan(desk, parent.card)
    desk.visitors.ask_household()
    choose(desk, str(child.id))
    desk.on_escape()
    assert "امانت به: \u2068مریم رضایی\u2069" in badge(desk)
    copy = lib.add_copy(session.library)
    scan(desk, copy.barcode)
    assert [loan.member_id for loan in lib.rows(session.library, Loan)] == [parent.id]
    desk.on_escape()
    assert desk.member_key() == ""


def test_another_card_ends_the_household(
    session: Session, desk: DeskPage, family: tuple[lib.AMember, lib.AMember]
) -> None:
    parent, child = family
    other = lib.add_member(session.library, given_name="علی")
    scan(desk, parent.card)
    desk.visitors.ask_household()
    choose(desk, str(child.id))
    scan(desk, other.card)
    scan(desk, lib.add_copy(session.library).barcode)
    assert [loan.member_id for loan in lib.rows(session.library, Loan)] == [other.id]


def test_an_unknown_label_becomes_a_short_record_and_a_loan(session: Session, desk: DeskPage) -> None:
    member = lib.add_member(session.library)
    scan(desk, member.card)
    scan(desk, "RAF-7777")
    assert desk.member_key() == "", "an unknown code clears the reader (habit 5)"
    assert "مریم" not in words_in(desk.strip)
    desk.offer_fast()
    assert "RAF-7777" in question(desk)
    choose(desk, SAVE)
    assert desk.panel.is_open(), "a book has a title"
    fill(desk, title="راهنمای باغبانی", creator="نوری، حسن")
    choose(desk, SAVE)
    assert "امانت داده شد" in said(desk)
    assert titles(desk) == ["راهنمای باغبانی"]
    (loan,) = lib.rows(session.library, Loan)
    assert loan.member_id == member.id
    assert [title.status for title in lib.rows(session.library, Title)] == [CataloguingStatus.FAST]


def test_the_offer_of_a_short_record_is_gone_with_the_next_code(session: Session, desk: DeskPage) -> None:
    scan(desk, lib.add_member(session.library).card)
    scan(desk, "RAF-7777")
    scan(desk, lib.add_copy(session.library).barcode)
    desk.offer_fast()
    assert not desk.panel.is_open()
    assert desk.member_key() == ""


def test_a_short_record_keeps_the_way_in_which_the_book_was_wanted(session: Session, desk: DeskPage) -> None:
    scan(desk, lib.add_member(session.library).card)
    desk.modes.ask_due()
    choose(desk, (lib.TODAY + dt.timedelta(days=3)).isoformat())
    scan(desk, "RAF-7777")
    desk.offer_fast()
    fill(desk, title="راهنما")
    choose(desk, SAVE)
    assert lib.rows(session.library, Loan)[0].due_on == lib.TODAY + dt.timedelta(days=3)


def test_how_a_returned_copy_looks_is_noted_with_one_key(session: Session, desk: DeskPage) -> None:
    member, copy = lib.add_member(session.library), lib.add_copy(session.library)
    lib.lend(session.library, member, copy)
    lib.pass_days(session.library, 1)
    scan(desk, copy.barcode)
    worn = next(button for button in desk.strip.findChildren(type(desk.next)) if "فرسوده" in button.text())
    worn.click()
    assert "فرسوده ثبت شد" in said(desk)
    assert lib.row(session.library, Item, copy.id).condition == "worn"
    assert lib.row(session.library, Item, copy.id).status == ItemStatus.AVAILABLE


def test_parts_that_did_not_come_back_are_named_and_charged(session: Session, desk: DeskPage) -> None:
    member = lib.add_member(session.library)
    copy = lib.add_copy(session.library, parts="لوح فشرده، دفترچه", flags=("parts",))
    lib.put_policy(session.library, {"values": {"loan_days": 14, "parts": "ignore"}})
    lib.lend(session.library, member, copy)
    lib.pass_days(session.library, 1)
    scan(desk, copy.barcode)
    assert "پیوست‌ها را بشمارید" in words_in(desk.strip)
    parts = next(button for button in desk.strip.findChildren(type(desk.next)) if "پیوست" in button.text())
    parts.click()
    choose(desk, SAVE)
    assert desk.panel.is_open(), "something has to be missing"
    fill(desk, part1=True, damage=20_000)
    choose(desk, SAVE)
    assert lib.rows(session.library, Loan)[0].missing_parts == "دفترچه"
    assert "پیوست کم است" in said(desk)
    assert "۲۰٬۰۰۰ ریال" in desk.banner._detail.text()
