"""The bench: what is proposed, kept and put off, scans that only show, and what the tiles say of minutes."""

import datetime as dt
import threading
import uuid
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.guideline.service import GuidelineSet, set_guideline
from app.guideline.table import Terms
from app.library import Library
from app.persian import jalali
from app.weeding.candidates import Candidate, candidates
from app.weeding.facts import Proposal
from app.weeding.minutes.outcomes import Letter
from app.weeding.minutes.review import send
from app.weeding.minutes.tracking import tracked
from app.weeding.service import Finalised, Listed, finalise, propose
from db.codes import CandidateDecision, Condition, ItemFlag, MinutesState, Role, WeedingReason
from db.models.collection import BindingRow, CandidateNote, MinutesRow
from db.models.items import Item
from db.reading import Reader
from reports.forms.minutes import print_minutes
from tests import library as lib
from tests.ui.sessions import heard, scan
from tests.ui.weeding.reading import (
    CONTROL,
    SHIFT,
    on_worn,
    press,
    proposed,
    said,
    scan_all,
    show_details,
    titles,
    words,
    worn_copies,
)
from ui.session import Session
from ui.weeding import proposals
from ui.weeding.heading import deadline_words, report_due
from ui.weeding.page import WeedingPage
from ui.weeding.rows import Stand, WorkLine, work_table
from ui.weeding.tiles import standing
from ui.weeding.way import step_now, steps_of
from ui.widgets.row_paint import RowPainter
from ui.window import MainWindow


def choose(page: WeedingPage, copy: lib.ACopy, qtbot: QtBot) -> None:
    """Put the selection on the row of a copy, as the arrows would."""
    page.drafts.list.view.choose(copy.id)
    show_details(page, qtbot)


def write(text: str) -> None:
    """Where the focus is; QTest knows the keys of Latin letters only."""
    focused = QApplication.focusWidget()
    assert isinstance(focused, QLineEdit)
    focused.insert(text)


def all_lines(page: WeedingPage) -> list[WorkLine]:
    return list(page.drafts.list.table.shown_rows())


# What is proposed


def test_what_the_guideline_proposes_stands_under_the_list_and_insert_puts_it_there(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    copies = worn_copies(session, 3)
    on_worn(page)
    assert sorted(proposed(page, qtbot)) == ["کتاب قدیمی 1", "کتاب قدیمی 2", "کتاب قدیمی 3"]
    assert "۰ نسخه از ۳ پیشنهاد" in page.drafts.tiles.told(WeedingReason.WORN)
    choose(page, copies[1], qtbot)
    press(Qt.Key.Key_Return)
    assert titles(page) == []
    press(Qt.Key.Key_Insert)
    assert titles(page) == ["کتاب قدیمی 2"]
    assert all_lines(page)[0].title == "کتاب قدیمی 2"
    assert len(all_lines(page)) == 3
    assert "۱ نسخه از ۳ پیشنهاد" in page.drafts.tiles.told(WeedingReason.WORN)
    (row,) = lib.rows(session.library, MinutesRow)
    assert row.item_id == copies[1].id
    assert page.drafts.box.edit.hasFocus()


def test_space_in_the_list_ticks_and_asks_before_it_takes_off(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    copies = worn_copies(session, 2)
    on_worn(page)
    proposed(page, qtbot)
    choose(page, copies[0], qtbot)
    view = page.drafts.list.view
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert titles(page) == ["کتاب قدیمی 1"]
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert page.drafts.panel.is_open()
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert titles(page) == []
    assert len(all_lines(page)) == 2  # it is a proposal again


def test_a_copy_that_is_kept_is_grey_with_its_article_and_insert_says_every_reason(
    session: Session, page: WeedingPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = lib.add_copy(session.library, "تاریخ محلی آبگرم", flags=(ItemFlag.LOCAL,))
    lib.add_copy(session.library, copy.title_id)
    page.drafts.mode.toggle()
    scan(page, copy.barcode)
    (line,) = [line for line in all_lines(page) if line.item_id == copy.id]
    table = page.drafts.list.table
    assert line.stand is Stand.EXEMPT
    assert table.is_faded(table.position_of(copy.id))
    assert "مادهٔ ۵\u200f-۱-ب" in line.why
    assert "این نسخه در فهرست نمی‌آید" in show_details(page, qtbot)
    press(Qt.Key.Key_Insert)
    assert titles(page) == []
    assert "منبع تاریخی، محلی یا ارزشمند" in words(page.drafts.panel)


def test_an_empty_group_says_how_to_begin(page: WeedingPage, qtbot: QtBot) -> None:
    on_worn(page)
    assert proposed(page, qtbot) == []
    assert page.drafts.list.view._empty[0] == "نسخه‌ای برای این صورتجلسه پیشنهاد نمی‌شود"


def test_the_list_is_filtered_and_sorted(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    worn_copies(session, 12)
    on_worn(page)
    proposed(page, qtbot)
    page.drafts.list.filter.edit.setText("قدیمی ۱۲")
    assert [line.title for line in all_lines(page)] == ["کتاب قدیمی 12"]
    page.drafts.list.filter.edit.clear()
    page.drafts.list.table.sort(2, Qt.SortOrder.DescendingOrder)
    numbers = [line.accession_no for line in all_lines(page)]
    assert numbers == sorted(numbers, reverse=True)


def test_scans_are_listed_while_the_candidates_are_still_being_read(
    session: Session, page: WeedingPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = worn_copies(session, 4)
    read, go_on = threading.Event(), threading.Event()

    def slow(*asked: Any) -> tuple[Candidate, ...]:
        found = candidates(*asked)
        read.set()
        go_on.wait(5)
        return found

    qtbot.waitUntil(lambda: not page.drafts.proposals.is_reading())
    monkeypatch.setattr(proposals, "candidates", slow)
    on_worn(page)
    assert read.wait(5)
    scan_all(page, copies[:3])
    assert titles(page) == ["کتاب قدیمی 3", "کتاب قدیمی 2", "کتاب قدیمی 1"]
    show_details(page, qtbot)
    press(Qt.Key.Key_J, CONTROL)  # what becomes of a copy meanwhile holds, whatever was read before
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert len(lib.rows(session.library, BindingRow)) == 1
    go_on.set()
    assert proposed(page, qtbot) == ["کتاب قدیمی 4"]
    assert titles(page) == ["کتاب قدیمی 2", "کتاب قدیمی 1"]


def test_a_reading_that_was_overtaken_tells_nothing(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    worn_copies(session, 2)
    on_worn(page)
    press(Qt.Key.Key_3, CONTROL)
    assert proposed(page, qtbot) == []


def many(number: int, library: Library, reader: Reader) -> tuple[Candidate, ...]:
    """As many candidates as a great library has: one real one over and over under other ids."""
    (one,) = candidates(library, reader, WeedingReason.WORN, lib.TODAY)
    names = [field for field in Candidate.__dataclass_fields__ if field not in ("item_id", "accession_no")]
    same = {name: getattr(one, name) for name in names}
    return tuple(Candidate(item_id=uuid.UUID(int=place), accession_no=place, **same) for place in range(number))


def test_twenty_thousand_candidates_do_not_stall_the_window(
    session: Session, page: WeedingPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    worn_copies(session, 1)
    threads: set[int] = set()
    painted: set[int] = set()

    def crowd(library: Library, reader: Reader, *_: Any) -> tuple[Candidate, ...]:
        threads.add(threading.get_ident())
        return many(20_000, library, reader)

    def paint(self: RowPainter, painter: Any, option: Any, index: Any) -> None:
        painted.add(index.row())

    monkeypatch.setattr(proposals, "candidates", crowd)
    monkeypatch.setattr(RowPainter, "paint", paint)
    on_worn(page)
    qtbot.waitUntil(lambda: not page.drafts.proposals.is_reading(), timeout=20_000)
    page.drafts.list.view.repaint()
    QApplication.processEvents()
    assert page.drafts.list.table.rowCount() == 20_000
    assert threading.get_ident() not in threads  # read and made ready elsewhere
    assert 0 < len(painted) < 40  # and only what is seen is painted
    statements: list[str] = []
    monkeypatch.setattr(Reader, "all", counted(Reader.all, statements))
    monkeypatch.setattr(Reader, "one", counted(Reader.one, statements))
    press(Qt.Key.Key_Down)
    show_details(page, qtbot)
    assert len(statements) < 40  # the chosen copy alone is asked about


def counted(real: Any, statements: list[str]) -> Any:
    def run(self: Reader, frozen: Any, /, **values: Any) -> Any:
        statements.append(str(frozen))
        return real(self, frozen, **values)

    return run


# To the bindery, back to the shelf, not now


def test_not_now_asks_why_and_until_when_and_enter_never_answers(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    copies = worn_copies(session, 2)
    on_worn(page)
    proposed(page, qtbot)
    choose(page, copies[0], qtbot)
    press(Qt.Key.Key_H, CONTROL)
    assert "«\u2068کتاب قدیمی 1\u2069» فعلاً پیشنهاد نشود؟" in words(page.drafts.decide_panel)
    press(Qt.Key.Key_Y, CONTROL | SHIFT)  # nothing is written yet
    assert lib.rows(session.library, CandidateNote) == []
    write("هنوز خواننده دارد")
    press(Qt.Key.Key_Return)
    assert lib.rows(session.library, CandidateNote) == []
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    (note,) = lib.rows(session.library, CandidateNote)
    assert (note.item_id, note.decision, note.reason) == (copies[0].id, CandidateDecision.LATER, WeedingReason.WORN)
    assert note.remark == "هنوز خواننده دارد"
    assert jalali.short_latin(note.until) == "1405/11/30"  # a season from 30 آبان
    assert said(page) == "تا ۳۰ بهمن ۱۴۰۵ پیشنهاد نمی‌شود — «\u2068کتاب قدیمی 1\u2069»"
    assert [line.title for line in all_lines(page)] == ["کتاب قدیمی 2"]
    assert page.drafts.box.edit.hasFocus()


def test_a_decision_is_taken_back_and_the_copy_is_proposed_again(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    copies = worn_copies(session, 1)
    on_worn(page)
    proposed(page, qtbot)
    choose(page, copies[0], qtbot)
    press(Qt.Key.Key_G, CONTROL)
    write("بماند")
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert page.drafts.banner.offers_undo()
    press(Qt.Key.Key_Z, CONTROL)
    assert lib.rows(session.library, CandidateNote) == []
    assert proposed(page, qtbot) == ["کتاب قدیمی 1"]


def test_a_wrong_day_is_told_and_nothing_is_kept(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    copies = worn_copies(session, 1)
    on_worn(page)
    proposed(page, qtbot)
    choose(page, copies[0], qtbot)
    press(Qt.Key.Key_H, CONTROL)
    write("بعد")
    entry = page.drafts.deciding._entry
    entry.date.edit.setText("۱۴۰۵/۱۲/۴۰")  # type: ignore[union-attr]
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert said(page) == "تا چه روزی؟"
    press(Qt.Key.Key_Escape)
    assert lib.rows(session.library, CandidateNote) == []
    assert not page.drafts.decide_panel.is_open()


def test_back_to_the_shelf_is_for_good(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    copies = worn_copies(session, 1)
    on_worn(page)
    proposed(page, qtbot)
    choose(page, copies[0], qtbot)
    press(Qt.Key.Key_G, CONTROL)
    write("تنها کتاب این موضوع است")
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    (note,) = lib.rows(session.library, CandidateNote)
    assert (note.decision, note.until) == (CandidateDecision.KEEP, None)
    assert all_lines(page) == []


def test_to_the_bindery_from_the_list_takes_the_copy_off_first(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    copy = lib.add_copy(session.library, "جلد پاره", condition=Condition.WORN)
    lib.add_copy(session.library, copy.title_id)
    on_worn(page)
    scan(page, copy.barcode)
    assert titles(page) == ["جلد پاره"]
    show_details(page, qtbot)
    press(Qt.Key.Key_J, CONTROL)
    assert said(page) == "در درخواست صحافی نوشته شد — «\u2068جلد پاره\u2069»"
    assert titles(page) == []
    (row,) = lib.rows(session.library, BindingRow)
    assert row.item_id == copy.id
    assert lib.row(session.library, Item, copy.id).on_minutes_id is None
    (struck,) = lib.rows(session.library, MinutesRow)
    assert struck.struck_why == "به صحافی"


def test_a_copy_given_up_by_the_bindery_is_asked_about(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    copies = worn_copies(session, 1)
    on_worn(page)
    proposed(page, qtbot)
    choose(page, copies[0], qtbot)
    press(Qt.Key.Key_J, CONTROL)
    assert "غیر قابل صحافی" in words(page.drafts.decide_panel)
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        press(key)
    assert lib.rows(session.library, BindingRow) == []
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert len(lib.rows(session.library, BindingRow)) == 1


def test_what_the_bindery_asks_about_stays_on_the_list_until_the_answer(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    copies = worn_copies(session, 1)
    on_worn(page)
    scan(page, copies[0].barcode)
    show_details(page, qtbot)
    press(Qt.Key.Key_J, CONTROL)
    assert "غیر قابل صحافی" in words(page.drafts.decide_panel)
    assert titles(page) == ["کتاب قدیمی 1"]
    press(Qt.Key.Key_Escape)
    assert titles(page) == ["کتاب قدیمی 1"]
    assert lib.row(session.library, Item, copies[0].id).on_minutes_id is not None
    assert lib.rows(session.library, BindingRow) == lib.rows(session.library, CandidateNote) == []
    press(Qt.Key.Key_J, CONTROL)
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert titles(page) == []
    press(Qt.Key.Key_Z, CONTROL)
    assert titles(page) == ["کتاب قدیمی 1"]
    assert lib.rows(session.library, BindingRow) == []


def test_a_lent_copy_does_not_go_to_the_bindery(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    copy = lib.add_copy(session.library, "در امانت", condition=Condition.WORN)
    lib.lend(session.library, lib.add_member(session.library), copy)
    on_worn(page)
    page.drafts.mode.toggle()
    scan(page, copy.barcode)
    show_details(page, qtbot)
    press(Qt.Key.Key_J, CONTROL)
    assert "این نسخه در امانت است" in words(page.drafts.decide_panel)
    assert lib.rows(session.library, BindingRow) == []
    press(Qt.Key.Key_Escape)
    assert not page.drafts.decide_panel.is_open()


def test_scans_wait_while_it_is_asked_why_not_now(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    copies = worn_copies(session, 3)
    on_worn(page)
    proposed(page, qtbot)
    choose(page, copies[0], qtbot)
    press(Qt.Key.Key_H, CONTROL)
    scan(page, copies[1].barcode)
    assert titles(page) == []
    assert page.drafts.decide_panel._waiting.text() == "۱ اسکن در نوبت است"
    press(Qt.Key.Key_Escape)
    assert titles(page) == ["کتاب قدیمی 2"]


def test_who_may_not_weed_decides_nothing(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    copies = worn_copies(session, 1)
    on_worn(page)
    proposed(page, qtbot)
    choose(page, copies[0], qtbot)
    session.person = type(session.person)(session.person.id, "علی", Role.ASSISTANT)
    press(Qt.Key.Key_G, CONTROL)
    write("بماند")
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert "از مسئول کتابخانه بخواهید." in words(page.drafts.decide_panel)
    assert lib.rows(session.library, CandidateNote) == []


# Scans that only show


def test_a_scan_can_show_its_copy_instead_of_listing_it(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    copies = worn_copies(session, 2)
    on_worn(page)
    press(Qt.Key.Key_M, CONTROL)
    assert page.drafts.mode.text() == "اسکن = نمایش"
    scan(page, copies[1].barcode)
    assert titles(page) == []
    assert said(page) == "می‌تواند در فهرست بیاید — «\u2068کتاب قدیمی 2\u2069»"
    assert "کتاب قدیمی 2" in show_details(page, qtbot)
    press(Qt.Key.Key_Insert)
    assert titles(page) == ["کتاب قدیمی 2"]
    scan(page, copies[1].barcode)
    assert said(page).startswith("در فهرست است")
    scan(page, "RAF-999")
    assert said(page) == "نسخه‌ای با این شماره نیست"
    press(Qt.Key.Key_M, CONTROL)
    scan(page, copies[0].barcode)
    assert titles(page) == ["کتاب قدیمی 1", "کتاب قدیمی 2"]


def test_a_shown_copy_that_is_only_asked_about_is_not_kept(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    sound, local = lib.add_pair(session.library, "سالم"), lib.add_pair(session.library, "محلی", flags=(ItemFlag.LOCAL,))
    on_worn(page)
    press(Qt.Key.Key_M, CONTROL)
    scan(page, sound.barcode)
    assert said(page) == "می‌تواند در فهرست بیاید — «\u2068سالم\u2069»"
    assert "وضعیت ظاهری این نسخه «سالم» ثبت شده است" in show_details(page, qtbot)
    scan(page, local.barcode)
    assert said(page) == "در این فهرست نمی‌آید — «\u2068محلی\u2069»"


def test_a_shown_copy_is_found_behind_the_filter(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    copies = worn_copies(session, 3)
    on_worn(page)
    proposed(page, qtbot)
    page.drafts.list.filter.edit.setText("چیز دیگر")
    page.drafts.mode.toggle()
    scan(page, copies[2].barcode)
    assert page.drafts.list.view.chosen()[0].item_id == copies[2].id
    assert len(all_lines(page)) == 3
    assert heard(session) == ["checked_in"]


def test_the_second_view_tells_the_neighbours_and_who_proposed(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    copies = worn_copies(session, 2)
    on_worn(page)
    scan(page, copies[0].barcode)
    show_details(page, qtbot)
    press(Qt.Key.Key_I, CONTROL)
    told = words(page.drafts.details)
    assert "زهرا کریمی\u2069، ۳۰ آبان ۱۴۰۵" in told
    assert "کتاب قدیمی 1\u2069 — همین نسخه" in told
    assert "نسخهٔ دیگری ندارد." in told
    press(Qt.Key.Key_I, CONTROL)
    assert "چرا پیشنهاد شد؟" in words(page.drafts.details)


def test_how_many_copies_the_loans_ask_for_stands_beside_a_surplus_one(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    """002 م4-1 تبصره، م5-4."""
    first = lib.add_copy(session.library, "بوستان")
    copies = [first, *(lib.add_copy(session.library, first.title_id) for _ in range(4))]
    lib.past_loans(session.library, lib.add_member(session.library), first, 13)
    press(Qt.Key.Key_3, CONTROL)
    assert proposed(page, qtbot) == ["بوستان"] * 2
    choose(page, copies[4], qtbot)
    told = show_details(page, qtbot)
    assert "نسخهٔ ۵؛ ۴ نسخهٔ دیگر در کتابخانه می‌ماند" in told
    assert "۱۳ امانت در ۲ سال: ۳ نسخه بس است" in told
    press(Qt.Key.Key_I, CONTROL)
    facts = dict(page.drafts.details._facts.facts())
    assert facts["نسخهٔ پیشنهادی"] == "۳؛ اکنون ۵ (۱۳ امانت در ۲ سال)"
    assert facts["امانت"] == "۰ بار؛ همهٔ نسخه‌های عنوان ۱۳ بار"
    assert facts["آخرین استفاده"] == "۳۰ آبان ۱۴۰۵ (روز ثبت)"


def test_the_sentence_by_which_a_work_is_too_old_stands_in_the_card(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    """002 م6-1-ز."""
    copy = lib.add_pair(session.library, lib.a_title("داروهای ژنریک", year=1381, dewey="615.1"))
    page.drafts.reload()
    assert proposed(page, qtbot) == ["داروهای ژنریک"] * 2
    choose(page, copy, qtbot)
    assert "مادهٔ ۶\u200f-۱-ز: این موضوع پس از ۱۰ سال کهنه می‌شود" in show_details(page, qtbot)
    (line,) = page.drafts.list.view.chosen()
    assert line.why == "زود کهنه می‌شود (م\u00a0۶\u200f-۱-ز)؛ سال نشر ۱۳۸۱"


# The tiles, the steps and the season


@pytest.mark.parametrize(
    ("today", "due"),
    [
        ("1405/09/10", "1405/10/01"),  # پاییز
        ("1405/10/01", "1405/10/01"),  # today
        ("1405/12/29", "1406/01/01"),
        ("1406/02/01", "1406/04/01"),
        ("1406/06/31", "1406/07/01"),
    ],
)
def test_the_next_quarterly_report_is_due_on_the_first_of_four_months(today: str, due: str) -> None:
    day = jalali.parse(today)
    assert day is not None
    assert jalali.short_latin(report_due(day, Terms())) == due


def test_another_day_of_the_guideline_moves_the_deadline() -> None:
    tenth = Terms(report_day=10)
    assert deadline_words(jalali.from_jalali(1405, 10, 4), tenth) == "مهلت ارسال گزارش فصلی: ۱۰ دی (۶ روز دیگر)"
    assert report_due(jalali.from_jalali(1405, 10, 11), tenth) == jalali.from_jalali(1406, 1, 10)


def test_the_group_is_told_by_the_figures_of_the_library(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    figures = {"idle_years": 7, "copies_kept": 3}
    assert isinstance(set_guideline(session.library, {"thresholds": figures}, session.act()), GuidelineSet)
    press(Qt.Key.Key_4, CONTROL)
    assert "دست‌کم ۷ سال از آن استفاده نشده باشد." in show_details(page, qtbot)
    press(Qt.Key.Key_3, CONTROL)
    assert "۳ نسخهٔ نخست هیچ عنوانی مازاد نیست." in show_details(page, qtbot)


def test_a_deadline_of_today_and_tomorrow_is_said_so() -> None:
    first = jalali.from_jalali(1405, 10, 1)
    assert deadline_words(first, Terms()) == "مهلت ارسال گزارش فصلی: ۱ دی (امروز)"
    assert deadline_words(first - dt.timedelta(days=1), Terms()).endswith("(فردا)")


def test_the_tile_tells_who_has_the_minutes_and_what_is_left_of_the_week(session: Session, page: WeedingPage) -> None:
    library = session.library
    for copy in worn_copies(session, 2):
        propose(library, copy.barcode, Proposal(WeedingReason.WORN), session.act())
    frozen = finalise(library, WeedingReason.WORN, print_minutes, session.act())
    assert isinstance(frozen, Finalised)
    send(library, frozen.number, session.act(), Letter("۱۲۳"))
    on_worn(page)
    told = page.drafts.tiles.told(WeedingReason.WORN)
    assert "۱۴۰۵/۱ نزد رئیس اداره، ۷ روز مانده" in told
    assert page.drafts.parts.steps.accessibleName() == "مرحله: ۲ رئیس ادارهٔ شهرستان (۷ روز)"
    lib.pass_days(library, 9)
    page.drafts.reload()
    assert "۲ روز از مهلت گذشته" in page.drafts.tiles.told(WeedingReason.WORN)
    scan(page, lib.add_copy(library, "تازه", condition=Condition.UNBINDABLE).barcode)
    assert page.drafts.parts.steps.accessibleName() == "مرحله: ۱ تهیهٔ فهرست"


def test_every_state_has_a_step_and_words(session: Session) -> None:
    library = session.library
    copy = lib.add_copy(library, "کهنه", condition=Condition.UNBINDABLE)
    propose(library, copy.barcode, Proposal(WeedingReason.WORN), session.act())
    finalise(library, WeedingReason.WORN, print_minutes, session.act())
    with library.store.read() as reader:
        (minutes,) = tracked(reader)
    steps = {
        state: step_now(0, replace(minutes, state=state)) for state in MinutesState if state is not MinutesState.DRAFT
    }
    assert max(steps.values()) == len(steps_of(library.guideline.terms, library.branch.kind)) - 1
    assert steps[MinutesState.AT_PROVINCE] == 2
    assert step_now(3, minutes) == step_now(0, None) == 0
    for state in MinutesState:
        told, tone = standing(replace(minutes, state=state, refused=2), lib.TODAY)
        assert "۲ ردشده" in told
        assert tone is None


# The model


def test_rows_made_elsewhere_join_in_the_order_and_the_filter_that_stand() -> None:
    def line(place: int) -> WorkLine:
        return WorkLine(
            Stand.PROPOSED,
            uuid.UUID(int=place),
            f"B{place}",
            f"کتاب {place}",
            "",
            place,
            None,
            lib.TODAY,
            0,
            "",
            "",
        )

    table = work_table()
    table.set_rows([line(2)])
    table.append(table.made([line(2), line(3), line(1)]))
    assert [row.accession_no for row in table.shown_rows()] == [2, 3, 1]  # no copy twice
    table.sort(2)
    table.append(table.made([line(0)]))
    assert [row.accession_no for row in table.shown_rows()] == [0, 1, 2, 3]
    table.set_filter("کتاب ۳")
    table.append(table.made([line(33), line(4)]))
    assert [row.accession_no for row in table.shown_rows()] == [3, 33]
    assert table.total() == 6


# The card


def test_a_row_that_another_desk_has_listed_since_is_not_warned_of_its_own_list(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    copies = worn_copies(session, 1)
    on_worn(page)
    proposed(page, qtbot)
    assert isinstance(propose(session.library, copies[0].barcode, Proposal(WeedingReason.WORN), session.act()), Listed)
    choose(page, copies[0], qtbot)
    assert all_lines(page)[0].stand is Stand.PROPOSED
    assert "صورتجلسهٔ دیگری" not in words(page.drafts.details)


def test_the_years_of_a_copy_are_in_sight_whatever_is_said_above_them(
    session: Session, page: WeedingPage, window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1366, 768)
    (copy,) = worn_copies(session, 1)
    for _ in range(2):
        lib.lend(session.library, lib.add_member(session.library), copy)
        lib.take_back(session.library, copy)
    on_worn(page)
    scan(page, copy.barcode)
    show_details(page, qtbot)
    card = page.drafts.details
    chart, scroll = card._chart, card._scroll
    assert chart.isVisible()
    assert not scroll.isAncestorOf(chart)
    assert card.rect().contains(chart.geometry().translated(card._use.pos()))
    press(Qt.Key.Key_I, CONTROL)
    assert not chart.isVisible()
