import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.devices.scan import Flaw, Unreadable
from app.items.queries import find_copy
from tests import library as lib
from tests.ui.catalogue.pages import HOSTILE, chosen, press, said, shown, titles, words, write
from tests.ui.sessions import heard, scan
from ui.catalogue.page import CataloguePage
from ui.session import Session
from ui.sounds import Sound


def a_copy(session: Session, accession_no: int) -> lib.ACopy:
    with session.library.store.read() as reader:
        copy = find_copy(reader, str(accession_no))
    assert copy is not None
    return lib.ACopy(copy.item_id, copy.title_id, copy.barcode, copy.accession_no)


def test_an_empty_page_says_what_it_is_for_and_how_much_there_is(page: CataloguePage) -> None:
    assert page.search.empty.isVisible()
    assert "فهرست کتاب‌های کتابخانه" in words(page.search.empty)
    assert page.search.box._badge.text() == "۳ عنوان · ۴ نسخه"


def test_every_key_narrows_the_hits(page: CataloguePage) -> None:
    seen = []
    for letter in "شازده":
        write(letter)
        seen.append(len(titles(page)))
    assert titles(page) == ["شازده کوچولو"]
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize("typed", ["كوچولو", "شاملو", "داستان های فرانسه", "سنت اگزوپری", "داستانهای"])
def test_any_word_of_the_record_in_any_spelling_finds_the_book(page: CataloguePage, typed: str) -> None:
    write(typed)
    assert titles(page) == ["شازده کوچولو"]


def test_a_typed_isbn_finds_its_book(page: CataloguePage) -> None:
    write("۹۷۸-۹۶۴-۲۵۶۹-۸۱-۶")
    assert titles(page) == ["سووشون"]


def test_words_that_no_book_has_say_so(page: CataloguePage) -> None:
    write("کوانتوم")
    assert titles(page) == []
    assert page.search.hits.isVisible()
    assert page.search.hits.view._empty[0] == "کتابی با این واژه‌ها نیست"


def test_a_hit_tells_how_many_copies_stand_on_the_shelf(page: CataloguePage, session: Session) -> None:
    lib.lend(session.library, lib.add_member(session.library), a_copy(session, 1))
    write("سووشون")
    texts = page.search.hits.table.texts(0)
    assert texts[0] == "سووشون — دانشور، سیمین"
    assert texts[-1] == "۱ از ۲ موجود"


def test_enter_takes_the_first_hit_and_keeps_the_words(page: CataloguePage) -> None:
    write("سووشون")
    press(Qt.Key.Key_Return)
    assert chosen(page) == "سووشون"
    assert page.search.box.edit.selectedText() == "سووشون"


def test_the_arrows_walk_through_the_hits_while_the_box_keeps_the_focus(page: CataloguePage) -> None:
    write("س")
    press(Qt.Key.Key_Down)
    assert chosen(page) == titles(page)[0]
    press(Qt.Key.Key_Down)
    assert chosen(page) == titles(page)[1]
    assert page.search.box.edit.hasFocus()


def test_a_typed_accession_number_finds_its_copy(page: CataloguePage) -> None:
    write("۲")
    press(Qt.Key.Key_Return)
    assert chosen(page) == "سووشون"
    assert [copy.accession_no for copy in page.search.record.copies.view.chosen()] == [2]
    assert page.search.box.edit.text() == ""


def test_a_scanned_label_opens_its_title_with_the_copy_marked(page: CataloguePage, session: Session) -> None:
    write("بوستان")
    scan(page, "RAF-000002")
    assert chosen(page) == "سووشون"
    assert [copy.barcode for copy in page.search.record.copies.view.chosen()] == ["RAF-000002"]
    assert heard(session) == [Sound.CHECKED_IN]


def test_a_scanned_isbn_opens_its_title(page: CataloguePage) -> None:
    scan(page, "9789642569816")
    assert chosen(page) == "سووشون"


def test_an_unknown_code_leaves_no_title_on_screen(page: CataloguePage, session: Session) -> None:
    scan(page, "RAF-000002")
    scan(page, "RAF-777777")
    assert said(page) == "این شماره در فهرست نیست"
    assert chosen(page) == ""
    assert heard(session)[-1] == Sound.REFUSED


def test_an_unreadable_code_is_said_without_being_shown(page: CataloguePage) -> None:
    page.on_scan(Unreadable("\x02<b>", Flaw.CONTROL_CHARACTER))
    assert said(page) == "بارکد ناخوانا"
    assert "<b>" not in page.banner.accessibleName()


def test_the_record_names_everybody_with_their_part(page: CataloguePage) -> None:
    write("شازده")
    press(Qt.Key.Key_Return)
    assert "\u2068سنت‌اگزوپری، آنتوان دو\u2069؛ \u2068شاملو، احمد\u2069 (مترجم)" in words(page.search.record)
    facts = dict(page.search.record.facts.facts())
    assert facts["نشر"] == "\u2068خوارزمی\u2069، ۱۳۹۸"
    assert facts["رده"] == "۸فا۱/۳۱ س۲۷۵ب"
    assert facts["موضوع"] == "\u2068داستان‌های فرانسه\u2069"
    assert facts["نوع و زبان"] == "کتاب · فارسی"


def test_the_isbn_stands_with_its_hyphens(page: CataloguePage) -> None:
    scan(page, "RAF-000001")
    assert dict(page.search.record.facts.facts())["شابک"] == "\u2066978-964-2569-81-6\u2069"


def test_a_lent_copy_says_until_when_and_a_busy_title_draws_its_years(page: CataloguePage, session: Session) -> None:
    member, copy = lib.add_member(session.library), a_copy(session, 1)
    lib.past_loans(session.library, member, copy, 20)
    lib.lend(session.library, member, copy)
    scan(page, copy.barcode)
    texts = page.search.record.copies.table.texts(0)
    assert texts[3] == "امانت تا ۱۴ آذر"
    assert texts[5] == "۲۱"
    assert "۱۴۰۵: ۱۳" in page.search.record.chart.accessibleName()
    assert page.search.record.chart.isVisible()


def test_a_title_that_was_never_lent_draws_nothing(page: CataloguePage) -> None:
    scan(page, "RAF-000003")
    assert not page.search.record.chart.isVisible()


def test_a_hostile_title_is_shown_letter_by_letter(session: Session, qtbot: QtBot) -> None:
    lib.add_copy(session.library, lib.a_title(HOSTILE, publisher=HOSTILE, note=HOSTILE))
    page = shown(session, qtbot)
    write("کتاب")
    press(Qt.Key.Key_Return)
    assert chosen(page) == "<img src=x onerror=1>کتاب"
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in page.search.record.findChildren(QLabel))
    assert "\u202e" not in words(page.search.record)


def test_the_hits_are_written_as_they_are_shown(page: CataloguePage, tmp_path: Path) -> None:
    page.ask_where = lambda _, name: tmp_path / name
    write("سووشون")
    page.search.hits.export_wanted.emit()
    (file,) = tmp_path.glob("*.xlsx")
    sheet = load_workbook(io.BytesIO(file.read_bytes())).worksheets[0]
    assert sheet["A1"].value == "یافته‌های «سووشون»"
    assert sheet["A3"].value == "سووشون — دانشور، سیمین"
    assert sheet["C3"].value == 1398
    assert said(page) == "فهرست ۱ عنوان نوشته شد"


def test_escape_empties_the_box_and_the_page(page: CataloguePage) -> None:
    write("سووشون")
    press(Qt.Key.Key_Return)
    page.on_escape()
    assert page.search.box.edit.text() == ""
    assert chosen(page) == ""
    assert page.search.empty.isVisible()


def test_a_loan_at_the_desk_is_seen_when_the_page_is_shown_again(page: CataloguePage, session: Session) -> None:
    scan(page, "RAF-000003")
    lib.lend(session.library, lib.add_member(session.library), a_copy(session, 3))
    session.refresh.tell("loans")
    page.on_shown()
    assert page.search.record.copies.table.texts(0)[3] == "امانت تا ۱۴ آذر"
