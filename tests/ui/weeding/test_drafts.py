import datetime as dt
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.devices.scan import Flaw, Unreadable
from app.persian import jalali
from app.refusal import Answer
from app.weeding.facts import Proposal
from app.weeding.service import Listed, propose
from db.codes import Condition, ItemFlag, Material, Role, WeedingReason
from db.models.collection import Minutes, MinutesRow
from db.models.items import Item
from tests import library as lib
from tests.app.exchange.weeded import weeded
from tests.ui.sessions import heard, scan
from tests.ui.weeding.reading import (
    CONTROL,
    SHIFT,
    on_worn,
    press,
    said,
    scan_all,
    show_details,
    titles,
    words,
    worn_copies,
)
from ui.session import Session
from ui.weeding.entry import Dated
from ui.weeding.page import WeedingPage
from ui.widgets.buttons import Button
from ui.window import MainWindow


def test_the_empty_page_says_what_it_is_for(page: WeedingPage) -> None:
    told = words(page)
    assert "کهنه و منسوخ شدن محتوا (م\u00a0۴\u200f-۱-الف)" in told
    assert "وجین پاییز ۱۴۰۵" in told
    assert "مهلت ارسال گزارش فصلی: ۱ دی (۳۱ روز دیگر)" in told
    assert "یا برچسب آن را اسکن کنید" in told
    assert page.drafts.box.edit.hasFocus()
    assert not page.drafts.banner.isVisible()


def test_twelve_scans_make_a_list_of_twelve_with_the_newest_on_top(session: Session, page: WeedingPage) -> None:
    copies = worn_copies(session, 12)
    on_worn(page)
    scan_all(page, copies)
    assert titles(page) == [f"کتاب قدیمی {place}" for place in range(12, 0, -1)]
    assert said(page) == "در فهرست نوشته شد — «\u2068کتاب قدیمی 12\u2069»"
    assert heard(session) == ["checked_in"] * 12
    assert "۱۲ نسخه" in page.drafts.tiles.told(WeedingReason.WORN)
    assert len(lib.rows(session.library, MinutesRow)) == 12
    assert page.drafts.box.edit.hasFocus()


def test_thirty_scans_are_as_quick_as_the_scanner(session: Session, page: WeedingPage) -> None:
    copies = worn_copies(session, 30)
    on_worn(page)
    started = time.perf_counter()
    for copy in copies:
        scan(page, copy.barcode)
        QApplication.processEvents()
    assert time.perf_counter() - started < 30 * 0.05
    assert len(titles(page)) == 30


def test_a_typed_accession_number_works_like_a_scan(session: Session, page: WeedingPage) -> None:
    (copy,) = worn_copies(session, 1)
    on_worn(page)
    page.drafts.box.edit.setText("۱")
    assert copy.accession_no == 1
    press(Qt.Key.Key_Return)
    assert titles(page) == ["کتاب قدیمی 1"]


def test_the_same_label_twice_is_one_row(session: Session, page: WeedingPage) -> None:
    copies = worn_copies(session, 2)
    on_worn(page)
    scan_all(page, [*copies, copies[0]])
    assert len(titles(page)) == 2
    assert said(page).startswith("از پیش در همین فهرست است")
    assert page.drafts.list.view.chosen()[0].barcode == copies[0].barcode


@pytest.mark.parametrize("code", ["RAF-999", "0", "<b>x</b>", "\u202e1"])
def test_a_code_nobody_knows_is_told_and_nothing_changes(code: str, session: Session, page: WeedingPage) -> None:
    page.drafts.box.edit.setText(code)
    press(Qt.Key.Key_Return)
    assert said(page) == "نسخه‌ای با این شماره نیست"
    assert heard(session) == ["refused"]
    assert lib.rows(session.library, Minutes) == []


def test_a_garbled_scan_is_told_without_showing_it(session: Session, page: WeedingPage) -> None:
    page.on_scan(Unreadable("\x00<img>", Flaw.CONTROL_CHARACTER))
    assert said(page) == "بارکد ناخوانا"
    assert "img" not in words(page)


def test_a_refusal_names_article_number_and_way_out_and_the_next_scan_goes_on(
    session: Session, page: WeedingPage
) -> None:
    first = lib.add_copy(session.library, "سووشون")
    copies = [first, *(lib.add_copy(session.library, first.title_id) for _ in range(2))]
    press(Qt.Key.Key_3, CONTROL)
    scan(page, first.barcode)
    told = words(page.drafts.panel)
    assert "سووشون" in told
    assert "نسخهٔ ۱" in told
    assert "مادهٔ ۴\u200f-۱ تبصره" in told
    assert "به قفسه برگردانید." in told
    assert heard(session) == ["refused"]
    scan(page, copies[2].barcode)
    assert not page.drafts.panel.is_open()
    assert titles(page) == ["سووشون"]


def test_every_reason_against_a_copy_is_told_at_once(session: Session, page: WeedingPage) -> None:
    copy = lib.add_copy(session.library, "قرآن خطی", flags=(ItemFlag.CORE,))
    page.drafts.choose_reason(WeedingReason.DUPLICATE)
    scan(page, copy.barcode)
    told = words(page.drafts.panel)
    assert "پایه" in told
    assert "۲ نسخهٔ نخست مازاد نیست" in told


def test_a_manuscript_never_goes(session: Session, page: WeedingPage) -> None:
    copy = lib.add_copy(
        session.library, lib.a_title("شاهنامهٔ خطی", Material.MANUSCRIPT), condition=Condition.UNBINDABLE
    )
    on_worn(page)
    scan(page, copy.barcode)
    assert "هرگز وجین نمی‌شود" in words(page.drafts.panel)
    assert [button.key() for button in page.drafts.panel.findChildren(Button)] == ["Esc"]


def test_a_weeded_copy_in_the_stacks_is_put_right_where_it_was_scanned(session: Session, page: WeedingPage) -> None:
    """002 م8-4."""
    (copy,) = weeded(session.library, 1)
    on_worn(page)
    scan(page, copy.barcode)
    assert "پیش‌تر وجین شده" in words(page.drafts.panel)
    press(Qt.Key.Key_K, CONTROL | SHIFT)
    assert lib.row(session.library, Item, copy.id).status == "available"
    assert "به «موجود» برگشت" in said(page)
    assert not page.drafts.panel.is_open()
    scan(page, lib.add_copy(session.library, "سووشون", condition=Condition.UNBINDABLE).barcode)
    assert titles(page) == ["سووشون"]


def test_two_reasons_never_mix(session: Session, page: WeedingPage) -> None:
    (copy,) = worn_copies(session, 1)
    on_worn(page)
    scan(page, copy.barcode)
    press(Qt.Key.Key_1, CONTROL)
    scan(page, copy.barcode)
    assert titles(page) == []
    assert "هر صورتجلسه یک دلیل دارد (م\u00a0۷\u200f-۲)" in words(page.drafts.panel)


def test_a_question_is_answered_by_its_key_and_never_by_enter(session: Session, page: WeedingPage) -> None:
    copy = lib.add_copy(session.library, "نو است")
    on_worn(page)
    scan(page, copy.barcode)
    assert said(page).startswith("نیاز به پاسخ شما")
    assert heard(session) == ["attention"]
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        press(key)
    assert page.drafts.panel.is_open()
    assert titles(page) == []
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert not page.drafts.panel.is_open()
    assert titles(page) == ["نو است"]
    assert page.drafts.box.edit.hasFocus()


def test_scans_wait_visibly_while_a_question_stands_and_go_on_after_it(session: Session, page: WeedingPage) -> None:
    sound, again = lib.add_copy(session.library, "سالم یک"), lib.add_copy(session.library, "سالم دو")
    worn = worn_copies(session, 3)
    on_worn(page)
    scan(page, sound.barcode)
    scan_all(page, [worn[0], again, worn[1], worn[2]])
    assert titles(page) == []
    assert "۴ اسکن در نوبت" in page.drafts.box._waiting.text()
    assert page.drafts.panel._waiting.text() == "۴ اسکن در نوبت است"
    press(Qt.Key.Key_Escape)  # not this one
    assert titles(page) == ["کتاب قدیمی 1"]
    assert page.drafts.panel._waiting.text() == "۲ اسکن در نوبت است"
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert titles(page) == ["کتاب قدیمی 3", "کتاب قدیمی 2", "سالم دو", "کتاب قدیمی 1"]
    assert page.drafts.box._waiting.text() == ""


def test_another_minutes_is_not_chosen_while_a_question_stands(session: Session, page: WeedingPage) -> None:
    copy = lib.add_copy(session.library)
    on_worn(page)
    scan(page, copy.barcode)
    press(Qt.Key.Key_1, CONTROL)
    assert page.drafts.listing.reason is WeedingReason.WORN
    assert said(page) == "نخست به پرسش پاسخ دهید"


def test_a_permit_is_asked_for_in_writing(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    """002 م4-2 تبصره."""
    copy = lib.add_copy(session.library, "بستهٔ فرهنگی", condition=Condition.WORN, flags=(ItemFlag.CULTURAL_PACKAGE,))
    on_worn(page)
    scan(page, copy.barcode)
    assert "شمارهٔ مجوز معاونت" in words(page.drafts.panel)
    assert "تاریخ مجوز معاونت" in words(page.drafts.panel)
    press(Qt.Key.Key_Y, CONTROL | SHIFT)  # nothing is written yet
    assert titles(page) == []
    write("1405/88")
    press(Qt.Key.Key_Return)
    assert titles(page) == []
    press(Qt.Key.Key_Y, CONTROL | SHIFT)  # a number alone is no permit
    assert titles(page) == []
    assert said(page) == "تاریخ آن چیست؟"
    write("1405/9/1")  # tomorrow
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert titles(page) == []
    assert "(۱۴۰۵/۰۹/۰۱) هنوز نرسیده است" in words(page.drafts.panel)
    entry = page.drafts.listing._entry
    assert isinstance(entry, Dated)
    assert (entry.text(), entry.day()) == ("1405/88", lib.TODAY + dt.timedelta(days=1))  # to be put right
    entry.date.edit.setFocus()
    entry.date.edit.clear()
    write("1405/8/30")
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    (row,) = lib.rows(session.library, MinutesRow)
    assert (row.permit_no, row.permit_on) == ("1405/88", lib.TODAY)
    told = show_details(page, qtbot)
    assert "مجوز معاونت: \u2068۱۴۰۵/۸۸\u2069، ۳۰ آبان ۱۴۰۵" in told
    assert "بستهٔ فرهنگی است و مجوز معاونت دارد" in told


def write(text: str) -> None:
    """Type where the focus is."""
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, text)


def test_a_work_without_merit_needs_its_why(session: Session, page: WeedingPage) -> None:
    """002 م4-2-ه، م5-2."""
    copy = lib.add_pair(session.library, "کتاب‌سازی")
    page.drafts.criterion.choose("4-2-ه")
    scan(page, copy.barcode)
    assert "چرا شایستگی ندارد؟" in words(page.drafts.panel)
    write("Copied from others")
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    (row,) = lib.rows(session.library, MinutesRow)
    assert (row.article, row.remark) == ("4-2-ه", "Copied from others")


def test_a_criterion_is_chosen_and_its_question_asked(session: Session, page: WeedingPage) -> None:
    copy = lib.add_copy(session.library, "راهنمای ویندوز")
    lib.add_copy(session.library, copy.title_id)
    page.drafts.criterion.choose("4-2-د")
    scan(page, copy.barcode)
    assert "عنوان جایگزین" in words(page.drafts.panel)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, "Windows 11")
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    (row,) = lib.rows(session.library, MinutesRow)
    assert (row.article, row.remark) == ("4-2-د", "Windows 11")


def test_delete_asks_why_and_takes_the_copy_off_the_list(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    copies = worn_copies(session, 3)
    on_worn(page)
    scan_all(page, copies)
    show_details(page, qtbot)
    press(Qt.Key.Key_Down)  # the arrows move in the list while the box has the focus
    show_details(page, qtbot)
    press(Qt.Key.Key_Delete)
    assert "«\u2068کتاب قدیمی 2\u2069» از فهرست برداشته شود؟" in words(page.drafts.panel)
    press(Qt.Key.Key_Return)
    assert len(titles(page)) == 3
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert titles(page) == ["کتاب قدیمی 3", "کتاب قدیمی 1"]
    (struck,) = (row for row in lib.rows(session.library, MinutesRow) if row.struck_at)
    assert struck.struck_why == "به قفسه برمی‌گردد"
    assert lib.row(session.library, Item, copies[1].id).on_minutes_id is None
    assert "۲ نسخه" in page.drafts.tiles.told(WeedingReason.WORN)


def test_delete_belongs_to_the_box_while_something_is_written_in_it(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    on_worn(page)
    scan_all(page, worn_copies(session, 1))
    show_details(page, qtbot)
    QTest.keyClicks(page.drafts.box.edit, "12")
    press(Qt.Key.Key_Home)
    press(Qt.Key.Key_Delete)
    assert not page.drafts.panel.is_open()
    assert page.drafts.box.edit.text() == "2"


def test_the_last_action_is_undone(session: Session, page: WeedingPage) -> None:
    copies = worn_copies(session, 2)
    on_worn(page)
    scan_all(page, copies)
    assert page.drafts.banner.offers_undo()
    press(Qt.Key.Key_Z, CONTROL)
    assert titles(page) == ["کتاب قدیمی 1"]
    assert said(page) == "واگرد شد — افزودن به صورتجلسه"
    assert lib.row(session.library, Item, copies[1].id).on_minutes_id is None


def test_a_copy_taken_off_comes_back_by_undo(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    on_worn(page)
    scan_all(page, worn_copies(session, 1))
    show_details(page, qtbot)
    press(Qt.Key.Key_Delete)
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert titles(page) == []
    press(Qt.Key.Key_Z, CONTROL)
    assert titles(page) == ["کتاب قدیمی 1"]


def test_the_card_tells_why_what_was_checked_and_how_it_was_lent(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    library = session.library
    copy = lib.add_copy(library, lib.a_title("بوستان", year=1370), condition=Condition.WORN)
    lib.add_copy(library, copy.title_id)
    newer = lib.add_copy(library, lib.a_title("بوستان", year=1398))
    lib.past_loans(library, lib.add_member(library), copy, 5)
    on_worn(page)
    scan(page, copy.barcode)
    told = show_details(page, qtbot)
    for part in (
        "بوستان",
        "نسخهٔ ۱ از ۲",
        "مادهٔ ۴\u200f-۱-ج: فرسودگی و نقصان",
        "وضعیت ظاهری: فرسوده",
        f"آخرین امانت: {jalali.day_month_year(lib.row(library, Item, copy.id).last_loan_on)}",
        f"چاپ تازه‌تری از همین اثر (۱۳۹۸، شماره ثبت {'۰۱۲۳۴۵۶۷۸۹'[newer.accession_no]})",
        "نسخهٔ خطی، چاپ سنگی یا سربی نیست",
    ):
        assert part in told
    assert [button.text() for button in page.drafts.details.findChildren(Button) if button.isVisible()] == [
        "چرا؟", "قفسه و نسخه‌ها", "برداشتن", "به صحافی",
    ]  # fmt: skip
    chart = page.drafts.details._chart
    assert chart.isVisible()
    assert "۱۴۰۵: ۵" in chart.accessibleName()


def test_the_card_says_all_that_article_six_says_of_such_a_book(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    """002 م6-1-م: the third copy of a children's novel is told beside the rest."""
    novel = lib.a_title("قصه‌های خوب", Material.CHILD_BOOK, dewey="8فا3.62")
    copy = lib.add_copy(session.library, novel, condition=Condition.WORN)
    lib.add_copy(session.library, copy.title_id)
    on_worn(page)
    scan(page, copy.barcode)
    told = show_details(page, qtbot)
    assert "در این رده منابع پایه نگهداری می‌شوند" in told
    assert "۶\u200f-۱-م" in told
    assert "مورد علاقهٔ کودکان قرار نمی‌گیرد" in told
    assert "نسخهٔ سوم یا چهارم کتبی که دیگر محبوبیت ندارند" in told


def test_a_draft_of_yesterday_is_there_again(session: Session, page: WeedingPage, window: MainWindow) -> None:
    (copy,) = worn_copies(session, 1)
    outcome = propose(session.library, copy.barcode, Proposal(WeedingReason.WORN), session.act())
    assert isinstance(outcome, Listed)
    on_worn(page)
    assert titles(page) == ["کتاب قدیمی 1"]


def test_what_another_page_changed_is_read_when_the_page_comes_back(
    session: Session, page: WeedingPage, window: MainWindow
) -> None:
    on_worn(page)
    (copy,) = worn_copies(session, 1)
    propose(session.library, copy.barcode, Proposal(WeedingReason.WORN), session.act(), Answer())
    session.refresh.tell("weeding")
    assert titles(page) == []
    window.open_page("weeding")
    assert titles(page) == ["کتاب قدیمی 1"]


def test_hostile_titles_are_shown_letter_by_letter(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    hostile = "<img src=x onerror=1> \u202e=cmd|'/c calc'!A1 &amp; " + "ب" * 300
    copy = lib.add_copy(session.library, hostile, condition=Condition.UNBINDABLE)
    on_worn(page)
    show_details(page, qtbot)
    wide = page.drafts.width()
    scan(page, copy.barcode)
    show_details(page, qtbot)
    assert page.drafts.width() == wide
    shown = [label for label in page.drafts.findChildren(QLabel) if "<img" in label.text()]
    assert shown
    assert {label.textFormat() for label in shown} == {Qt.TextFormat.PlainText}
    press(Qt.Key.Key_Delete)
    assert "<img src=x" in words(page.drafts.panel)


def test_who_may_not_weed_is_told_so(session: Session, page: WeedingPage) -> None:
    (copy,) = worn_copies(session, 1)
    session.person = type(session.person)(session.person.id, "علی", Role.ASSISTANT)
    on_worn(page)
    scan(page, copy.barcode)
    assert titles(page) == []
    assert "از مسئول کتابخانه بخواهید." in words(page.drafts.panel)


def test_the_page_fits_the_usual_branch_screen(
    session: Session, page: WeedingPage, window: MainWindow, qtbot: QtBot
) -> None:
    on_worn(page)
    scan_all(page, worn_copies(session, 8))
    scan(page, lib.add_copy(session.library, "سالم").barcode)
    assert page.drafts.panel.isVisible()
    qtbot.waitUntil(lambda: page.height() <= 768 - window.status.height())
    assert window.height() == 768
