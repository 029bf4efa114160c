"""The money page by keyboard: paying, waiving, taking back, the drawer, amnesty."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.accounts.cash import open_drawer
from app.accounts.receipts import receipt_paper
from app.check import check_library
from app.devices.scan import Flaw, Unreadable
from app.ledger.reads import balance_of
from db.codes import LedgerKind, PaymentMethod
from db.models.circulation import Amnesty, LedgerLine, Receipt
from tests import library as lib
from tests.app.accounts.money import PIN, colleague, owe, paid
from tests.reports.reading import missing, raw_text
from tests.ui.sessions import heard, scan
from ui.money.asking import Asking
from ui.money.page import MoneyPage
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
NONE = Qt.KeyboardModifier.NoModifier


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)


def answer(asking: Asking, **values: object) -> None:
    """Fill fields of the question that stands, and answer it with its key."""
    QApplication.processEvents()  # a question asked again is shown in the next turn of the loop
    form = asking.form
    assert form is not None
    for name, value in values.items():
        form.input(name).set_value(value)  # type: ignore[arg-type]
    press(Qt.Key.Key_Return, CTRL)


def rows(page: MoneyPage) -> list[tuple[str, int]]:
    return [(row.title, row.outstanding) for row in page.account.lines.table.shown_rows()]


def said(page: MoneyPage) -> str:
    return page.banner.title() if page.banner.isVisible() else ""


def mistakes(asking: Asking) -> dict[str, str]:
    assert asking.form is not None
    return asking.form.mistakes()


def owed(session: Session, member: lib.AMember) -> int:
    with session.library.store.read() as reader:
        return balance_of(reader, member.id)


@pytest.fixture
def owing(session: Session, page: MoneyPage, member: lib.AMember) -> lib.AMember:
    """A member on screen who owes 10,000 for damage and 5,000 for a card."""
    owe(session.library, member, 10_000)
    owe(session.library, member, 5_000, LedgerKind.CARD_FEE)
    scan(page, member.card)
    return member


def test_an_empty_page_says_what_it_is_for_and_waits_for_a_card(page: MoneyPage) -> None:
    assert page.account.account() is None
    assert any("کارت عضو را اسکن کنید" in label.text() for label in page.findChildren(QLabel))
    assert page.account.box.edit.hasFocus()


def test_a_card_shows_what_its_member_owes(session: Session, page: MoneyPage, owing: lib.AMember) -> None:
    assert rows(page) == [("خسارت", 10_000), ("بهای کارت", 5_000)]
    assert "حساب مریم رضایی: بدهی ۱۵٬۰۰۰ ریال" in page.account.card.accessibleName()
    assert heard(session) == [Sound.CHECKED_IN]


def test_a_copy_shows_the_account_of_whoever_has_it(session: Session, page: MoneyPage, member: lib.AMember) -> None:
    copy = lib.add_copy(session.library)
    lib.lend(session.library, member, copy)
    scan(page, copy.barcode)
    account = page.account.account()
    assert account is not None
    assert account.member.id == member.id


def test_an_unknown_card_leaves_nobody_on_screen(session: Session, page: MoneyPage, owing: lib.AMember) -> None:
    scan(page, "M-9999")
    assert page.account.account() is None
    assert said(page) == "این شماره شناخته نشد"
    page.on_scan(Unreadable("x", Flaw.CONTROL_CHARACTER))
    assert said(page) == "بارکد ناخوانا"


def test_a_name_finds_its_member(page: MoneyPage, owing: lib.AMember, qtbot: QtBot) -> None:
    page.account.clear()
    edit = page.account.box.edit
    assert isinstance(edit, QLineEdit)
    edit.setText("رضایی")
    edit.textEdited.emit("رضایی")
    assert [hit.name for hit in page.account.hits.table.shown_rows()] == ["مریم رضایی"]
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert rows(page) == [("خسارت", 10_000), ("بهای کارت", 5_000)]


def test_all_is_paid_with_two_keys(session: Session, page: MoneyPage, owing: lib.AMember) -> None:
    press(Qt.Key.Key_D, CTRL)
    answer(page.account.asking)
    assert said(page) == "دریافت شد — رسید ۱"
    assert owed(session, owing) == 0
    assert rows(page) == []
    assert page.account.box.edit.hasFocus()
    assert heard(session)[-1] == Sound.CHECKED_IN


def test_ticked_lines_are_paid_and_the_way_is_chosen_by_key(
    session: Session, page: MoneyPage, owing: lib.AMember
) -> None:
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_D, CTRL)
    form = page.account.asking.form
    assert form is not None
    assert form.values()["amount"] == 5_000
    press(Qt.Key.Key_2, ALT)
    assert form.values()["method"] == PaymentMethod.CARD_TERMINAL
    answer(page.account.asking)
    assert list(mistakes(page.account.asking)) == ["reference"]
    answer(page.account.asking, reference="771")
    assert rows(page) == [("خسارت", 10_000)]
    (line,) = lib.rows(session.library, LedgerLine, kind=LedgerKind.PAYMENT)
    assert (line.method, line.reference) == (PaymentMethod.CARD_TERMINAL, "771")


def test_more_than_is_owed_is_said_under_the_amount(session: Session, page: MoneyPage, owing: lib.AMember) -> None:
    press(Qt.Key.Key_D, CTRL)
    answer(page.account.asking, amount=15_001)
    assert "۱۵٬۰۰۰ ریال" in mistakes(page.account.asking)["amount"]
    assert heard(session)[-1] == Sound.REFUSED
    assert lib.rows(session.library, Receipt) == []
    press(Qt.Key.Key_Escape)
    assert not page.account.asking.is_open()


def test_enter_alone_pays_nothing_and_a_scan_waits_for_the_answer(
    session: Session, page: MoneyPage, owing: lib.AMember
) -> None:
    other = lib.add_member(session.library, given_name="علی")
    press(Qt.Key.Key_D, CTRL)
    press(Qt.Key.Key_Return)
    scan(page, other.card)
    assert page.account.asking.is_open()
    account = page.account.account()
    assert account is not None
    assert account.member.id == owing.id
    page.on_escape()
    account = page.account.account()
    assert account is not None
    assert account.member.id == other.id
    assert lib.rows(session.library, Receipt) == []


def test_a_waiver_takes_its_reason_by_key(session: Session, page: MoneyPage, owing: lib.AMember) -> None:
    press(Qt.Key.Key_B, CTRL)
    answer(page.account.asking, amount=4_000)
    assert "reason" in mistakes(page.account.asking)
    press(Qt.Key.Key_2, ALT)
    answer(page.account.asking)
    (line,) = lib.rows(session.library, LedgerLine, kind=LedgerKind.WAIVER)
    assert (line.amount, line.reason) == (-4_000, "نخستین دیرکرد")


def test_a_large_waiver_asks_for_a_second_person(session: Session, page: MoneyPage, member: lib.AMember) -> None:
    second = colleague(session.library)
    owe(session.library, member, 800_000)
    scan(page, member.card)
    press(Qt.Key.Key_B, CTRL)
    answer(page.account.asking, reason="نیازمند")
    assert "۵۰۰٬۰۰۰" in mistakes(page.account.asking)["second"]
    answer(page.account.asking, second=second.id.hex, second_pin="0000")
    assert "second_pin" in mistakes(page.account.asking)
    form = page.account.asking.form
    assert form is not None
    pin = form.input("second_pin").focusProxy()
    assert isinstance(pin, QLineEdit)
    assert pin.echoMode() is QLineEdit.EchoMode.Password
    answer(page.account.asking, second=second.id.hex, second_pin=PIN)
    assert owed(session, member) == 0


def test_a_debt_is_written_by_hand(session: Session, page: MoneyPage, owing: lib.AMember) -> None:
    press(Qt.Key.Key_N, CTRL)
    answer(page.account.asking, amount=7_000, reason="لوح شکسته", item="RAF-9")
    assert list(mistakes(page.account.asking)) == ["item"]
    answer(page.account.asking, item="")
    assert owed(session, owing) == 22_000


def test_a_paid_line_is_taken_back_when_sure_and_the_money_goes_back(
    session: Session, page: MoneyPage, owing: lib.AMember
) -> None:
    paid(session.library, owing, 10_000)
    page.account.reload()
    page.account.do("all")
    damage = next(row for row in page.account.lines.table.shown_rows() if row.title == "خسارت" and row.shown)
    page.account.lines.view.choose(damage.key)
    page.account.box.setFocus()
    press(Qt.Key.Key_Delete)
    answer(page.account.asking, reason="اشتباه بود")
    assert page.account.asking.is_open()  # asks again: money was taken for it
    answer(page.account.asking)
    assert owed(session, owing) == -5_000
    press(Qt.Key.Key_R, CTRL)
    answer(page.account.asking, amount=10_000, reason="اشتباه بود")
    assert [receipt.amount for receipt in lib.rows(session.library, Receipt)] == [10_000, -10_000]
    assert check_library(session.library).broken == ()


def test_undo_points_to_the_void_and_the_receipt_is_voided(
    session: Session, page: MoneyPage, owing: lib.AMember
) -> None:
    paid(session.library, owing, 15_000)
    page.account.reload()
    page.undo()
    assert said(page) == "پول با واگرد برنمی‌گردد"
    assert not page.banner.offers_undo()
    page.show_part(1)
    page.drawer.reload()
    press(Qt.Key.Key_Delete)
    answer(page.drawer.asking, reason="مبلغ اشتباه")
    assert said(page) == "رسید ۱ باطل شد"
    assert owed(session, owing) == 15_000


def test_the_receipt_is_shown_on_the_chosen_paper(
    session: Session, page: MoneyPage, owing: lib.AMember, qtbot: QtBot
) -> None:
    card = page.account.card
    assert not card.receipt.isEnabled()
    press(Qt.Key.Key_D, CTRL)
    answer(page.account.asking)
    card.paper.choose("58")
    card.paper.activated.emit(card.paper.currentIndex())
    assert receipt_paper(session.library) == "58"
    press(Qt.Key.Key_P, CTRL)
    qtbot.waitUntil(lambda: bool(page.preview.paper().pdf))
    assert missing(["رسید دریافت", "۱۵٬۰۰۰", "مریم رضایی"], raw_text(page.preview.paper().pdf)) == []
    page.on_escape()
    assert page.account.isVisible()


def test_a_statement_is_shown(session: Session, page: MoneyPage, owing: lib.AMember, qtbot: QtBot) -> None:
    press(Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: page.preview.paper().title == "صورت‌حساب عضو")
    assert missing(["خسارت", "۱۰٬۰۰۰"], raw_text(page.preview.paper().pdf)) == []


def test_every_line_stands_under_its_book(session: Session, page: MoneyPage, member: lib.AMember) -> None:
    lib.put_policy(session.library, {"loan_days": 14, "fine_per_day": 1_000})
    copy = lib.add_copy(session.library, "سووشون")
    lib.lend(session.library, member, copy)
    lib.pass_days(session.library, 17)
    lib.take_back(session.library, copy)
    owe(session.library, member, 500)
    page.select_member(member.card)
    assert rows(page) == [("جریمهٔ دیرکرد", 3_000), ("خسارت", 500)]
    page.account.do("all")
    assert rows(page) == [("سووشون", 3_000), ("جریمهٔ دیرکرد", 3_000), ("بدون کتاب", 500), ("خسارت", 500)]
    head = page.account.lines.table.shown_rows()[0]
    assert head.is_head
    page.account.tick(head)
    assert [row.ticked for row in page.account.lines.table.shown_rows()] == [True, True, False, False]


def test_the_desk_page_opens_the_account_of_its_member(page: MoneyPage, owing: lib.AMember) -> None:
    page.show_part(2)
    assert page.select_member(owing.number)
    assert page.account.isVisible()
    assert not page.select_member("000999")


# Drawer


def test_the_drawer_is_opened_counted_and_closed(session: Session, page: MoneyPage, owing: lib.AMember) -> None:
    press(Qt.Key.Key_2, CTRL)
    press(Qt.Key.Key_D, CTRL)
    answer(page.drawer.asking, amount=20_000)
    paid(session.library, owing, 15_000)
    page.drawer.reload()
    assert ("باید باشد", "۳۵٬۰۰۰ ریال") in page.drawer._facts.facts()
    press(Qt.Key.Key_B, CTRL)
    answer(page.drawer.asking, amount=34_000)
    assert "۳۵٬۰۰۰" in mistakes(page.drawer.asking)["remark"]
    answer(page.drawer.asking, remark="سکه نبود")
    assert said(page) == "صندوق ۱ بسته شد"
    with session.library.store.read() as reader:
        assert open_drawer(reader, 1) is None


def test_the_day_is_told_in_tiles_and_on_paper(
    session: Session, page: MoneyPage, owing: lib.AMember, qtbot: QtBot
) -> None:
    paid(session.library, owing, 15_000)
    session.refresh.tell("money")
    page.on_shown()
    page.show_part(1)
    assert "۱۵٬۰۰۰" in page.drawer.tiles[PaymentMethod.CASH].accessibleName()
    assert "۱۵٬۰۰۰" in page.tiles[1].accessibleName()
    page.drawer.print_report()
    qtbot.waitUntil(lambda: page.preview.paper().title == "گزارش مالی روز")
    assert page.preview.paper().sheet.startswith(b"PK")


# Amnesty


def test_a_campaign_is_declared_and_ended(session: Session, page: MoneyPage, qtbot: QtBot) -> None:
    press(Qt.Key.Key_3, CTRL)
    press(Qt.Key.Key_N, CTRL)
    answer(page.amnesty.asking, name="هفتهٔ کتاب", percent=101)
    assert "until" in mistakes(page.amnesty.asking)
    answer(page.amnesty.asking, until=lib.TODAY.replace(month=12, day=5))
    assert "percent" in mistakes(page.amnesty.asking)
    answer(page.amnesty.asking, percent=50)
    assert said(page) == "طرح بخشودگی اعلام شد"
    (campaign,) = lib.rows(session.library, Amnesty)
    assert campaign.scope["percent"] == 50
    assert page.amnesty.running() == 1
    page.amnesty.print_report()
    qtbot.waitUntil(lambda: page.preview.paper().title == "گزارش طرح بخشودگی")
    page.on_escape()
    press(Qt.Key.Key_Delete)
    answer(page.amnesty.asking)
    assert said(page).endswith("پایان یافت")
    assert page.amnesty.running() == 0


def test_escape_leaves_the_member_and_then_clears_the_banner(page: MoneyPage, owing: lib.AMember) -> None:
    page.on_escape()
    assert page.account.account() is None
    page.undo()
    page.on_escape()
    assert not page.banner.isVisible()


def test_keys_and_commands_are_told_for_each_part(page: MoneyPage) -> None:
    told = []
    for place in range(3):
        page.show_part(place)
        told.append({help_.key for help_ in page.key_help()})
    assert "Space" in told[0]
    assert len({frozenset(keys) for keys in told}) == 3
    assert len(page.commands()) == 4
    assert page.banner.isHidden()
    assert Tone.OK
