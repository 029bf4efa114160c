"""What is done with loans that are there, with the box in focus all the while."""

import datetime as dt

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from db.models.circulation import Loan
from tests import library as lib
from tests.ui.circulation.desks import choose, is_ready, question, said, states, words_in
from tests.ui.sessions import scan
from ui.circulation import words
from ui.circulation.desk import DeskPage
from ui.lost.acting import _YES
from ui.session import Session


def two_loans(session: Session, desk: DeskPage) -> tuple[lib.ACopy, lib.ACopy]:
    """A reader with two books, one of which somebody waits for; five days have passed."""
    member = lib.add_member(session.library)
    free, wanted = lib.add_copy(session.library, "بوف کور"), lib.add_copy(session.library, "کلیدر")
    lib.lend(session.library, member, free)
    lib.lend(session.library, member, wanted)
    lib.place_hold(session.library, lib.add_member(session.library, given_name="علی"), wanted)
    lib.pass_days(session.library, 5)
    scan(desk, member.card)
    return free, wanted


def loan_of(session: Session, copy: lib.ACopy) -> Loan:
    (loan,) = lib.rows(session.library, Loan, item_id=copy.id)
    return loan  # type: ignore[no-any-return]


def place(desk: DeskPage, title: str) -> int:
    return [loan.title for loan in desk.loans.table.shown_rows()].index(title)


def test_renew_all_tells_what_was_renewed_and_what_was_not(session: Session, desk: DeskPage) -> None:
    two_loans(session, desk)
    desk.renew_all()
    assert said(desk) == "۱ از ۲ امانت تمدید شد"
    assert "کلیدر" in question(desk)
    told = dict(zip([loan.title for loan in desk.loans.table.shown_rows()], states(desk), strict=True))
    assert told == {"بوف کور": "تمدید شد", "کلیدر": "تمدید نشد"}
    desk.on_escape()
    scan(desk, lib.add_copy(session.library).barcode)
    desk.show_again()
    assert "تمدید شد" not in states(desk), "the results belong to what was just done"


def test_renewals_by_telephone_are_counted_apart(session: Session, desk: DeskPage, qtbot: QtBot) -> None:
    free, _ = two_loans(session, desk)
    QTest.keyClick(desk, Qt.Key.Key_F10, Qt.KeyboardModifier.ControlModifier)
    assert (loan_of(session, free).renewals, loan_of(session, free).unseen_renewals) == (1, 1)


def test_the_chosen_loan_is_renewed_and_the_box_keeps_the_focus(session: Session, desk: DeskPage, qtbot: QtBot) -> None:
    free, wanted = two_loans(session, desk)
    for _ in range(place(desk, "بوف کور") + 1):
        QTest.keyClick(desk.box.edit, Qt.Key.Key_Down)
    assert is_ready(desk)
    QTest.keyClick(desk, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert "تمدید شد — «\u2068بوف کور\u2069»" in said(desk)
    assert loan_of(session, free).renewals == 1
    assert loan_of(session, wanted).renewals == 0


def test_a_key_pressed_twice_renews_once_and_says_that_it_is_done(session: Session, desk: DeskPage) -> None:
    free, _ = two_loans(session, desk)
    for _ in range(2):
        desk.loans.view.choose_place(place(desk, "بوف کور"))
        desk.loan_deeds.renew(desk.chosen_loan())
    assert "همین امروز تمدید شده است" in said(desk)
    assert not desk.panel.is_open()
    assert loan_of(session, free).renewals == 1
    desk.renew_all()
    assert said(desk) == "۱ از ۲ امانت تمدید شد"


def test_a_refused_renewal_may_be_allowed_with_a_reason(session: Session, desk: DeskPage) -> None:
    _, wanted = two_loans(session, desk)
    desk.loans.view.choose_place(place(desk, "کلیدر"))
    desk.loan_deeds.renew(desk.chosen_loan())
    assert "عضو دیگری در صف" in question(desk)
    choose(desk, words.OVERRIDE)
    choose(desk, "به تشخیص کتابدار")
    assert loan_of(session, wanted).renewals == 1


def test_without_a_chosen_loan_it_says_how_to_choose(session: Session, desk: DeskPage, qtbot: QtBot) -> None:
    two_loans(session, desk)
    for key in (Qt.Key.Key_R, Qt.Key.Key_G, Qt.Key.Key_J, Qt.Key.Key_I):
        QTest.keyClick(desk, key, Qt.KeyboardModifier.ControlModifier)
        assert said(desk) == "نخست یک امانت را برگزینید"


def test_the_rules_of_a_loan_stand_beside_the_list_and_scans_go_on(session: Session, desk: DeskPage) -> None:
    two_loans(session, desk)
    desk.loans.view.choose_place(0)
    desk.show_why(desk.loans.table.row_at(0))
    assert desk._why is not None
    assert desk._why.isVisible()
    assert "با چه قاعده‌ای؟" in words_in(desk._why)
    scan(desk, lib.add_copy(session.library).barcode)
    assert len(lib.rows(session.library, Loan)) == 3
    desk.on_escape()
    assert not desk._why.isVisible()
    assert desk.member_key() != ""


def test_the_rules_of_one_reader_are_gone_with_the_next(session: Session, desk: DeskPage) -> None:
    two_loans(session, desk)
    desk.show_why(desk.loans.table.row_at(0))
    scan(desk, lib.add_member(session.library, given_name="سارا").card)
    assert desk._why is not None
    assert not desk._why.isVisible()


def test_the_chosen_book_is_declared_lost_while_scans_wait(session: Session, desk: DeskPage) -> None:
    free, _ = two_loans(session, desk)
    desk.loans.view.choose_place(place(desk, "بوف کور"))
    desk.loan_deeds.lose(desk.chosen_loan())
    other = lib.add_member(session.library, given_name="سارا")
    scan(desk, other.card)
    assert desk.is_asking()
    form = desk.loan_deeds.acting().form
    assert form is not None
    form.input("charge").set_value(50_000)
    desk.loss_panel.chosen.emit(_YES)
    assert loan_of(session, free).lost_on is not None
    assert desk.at_desk.reader is not None
    assert desk.at_desk.reader.id == other.id, "the card that waited comes after the answer"


def test_what_the_reader_says_was_brought_back_is_noted(session: Session, desk: DeskPage) -> None:
    free, _ = two_loans(session, desk)
    desk.loans.view.choose_place(place(desk, "بوف کور"))
    desk.loan_deeds.claim(desk.chosen_loan())
    desk.loss_panel.chosen.emit(_YES)
    assert loan_of(session, free).claimed_returned_on == lib.TODAY + dt.timedelta(days=5)
    assert not desk.is_asking()


def test_a_hold_is_wanted_for_the_title_of_the_chosen_loan(session: Session, desk: DeskPage, qtbot: QtBot) -> None:
    free, _ = two_loans(session, desk)
    desk.loans.view.choose_place(place(desk, "بوف کور"))
    key = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(desk.hold_wanted) as wanted:
        QTest.keyClick(desk, Qt.Key.Key_H, key)
    assert wanted.args == [desk.member_key(), free.barcode]


def test_the_slip_gives_way_to_the_next_scan(session: Session, desk: DeskPage) -> None:
    two_loans(session, desk)
    assert desk.at_desk.reader is not None
    desk.show_slip(desk.at_desk.reader)
    assert desk._slip is not None
    assert desk._slip.isVisible()
    assert desk._slip.preview.paper().pdf.startswith(b"%PDF")
    scan(desk, lib.add_copy(session.library).barcode)
    assert not desk._slip.isVisible()
    assert len(lib.rows(session.library, Loan)) == 3


def test_the_width_of_the_roll_is_remembered_at_this_desk(session: Session, desk: DeskPage) -> None:
    two_loans(session, desk)
    assert desk.at_desk.reader is not None
    desk.show_slip(desk.at_desk.reader)
    assert desk._slip is not None
    wide = desk._slip.preview.paper().pdf
    desk._slip.use_roll(58)
    assert session.preferences.slip_width == 58
    assert desk._slip.preview.paper().pdf != wide
    desk.on_escape()
    assert is_ready(desk)


def test_the_accounts_are_wanted_for_the_reader_on_screen(session: Session, desk: DeskPage, qtbot: QtBot) -> None:
    two_loans(session, desk)
    with qtbot.waitSignal(desk.money_wanted) as wanted:
        desk.side.member.money.click()
    assert wanted.args == [desk.member_key()]


def test_what_waits_is_counted_beside_the_idle_desk(session: Session, desk: DeskPage, qtbot: QtBot) -> None:
    copy = lib.add_copy(session.library)
    lib.place_hold(session.library, lib.add_member(session.library), copy)
    assert not desk.side.day.counted(), "the first paint comes before it"
    qtbot.waitUntil(desk.side.day.counted)
    assert "۱ کتاب برای رزرو از قفسه بردارید" in words_in(desk.side.day)
