"""The union catalogue on the catalogue page: beside our own record, taken over, asked for."""

import uuid

from PySide6.QtCore import Qt

from app.demo.centre import know_record
from app.union.asking import RequestState, requests
from db.models.catalogue import Title
from tests import library as lib
from tests.ui.catalogue.pages import CTRL, press, said
from ui.catalogue.page import CataloguePage
from ui.session import Session


def choose(page: CataloguePage, text: str) -> uuid.UUID:
    page.search.search(text)
    page.search.hits.view.choose_place(0)
    found = page.search.record.chosen()
    assert found is not None
    return found.row.id


def test_ticked_fields_are_taken_over_with_the_keyboard_alone(page: CataloguePage, session: Session) -> None:
    title = choose(page, "سووشون")
    know_record(session.library, title)
    page.search.read_again()
    assert "فهرستگان: ۳ تفاوت" in page.search.record._news.accessibleName()
    press(Qt.Key.Key_U, CTRL)
    assert page.union.isVisible()
    assert not page.union.take.isEnabled()
    fields = [line.beside.field for line in page.union.lines.table.shown_rows()]
    page.union.lines.view.choose_place(fields.index("publisher"))
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_S, CTRL)
    assert said(page) == "رکورد از روی فهرستگان اصلاح شد"
    assert lib.row(session.library, Title, title).publisher == "مرکز دایرة‌المعارف بزرگ اسلامی"
    page.undo()
    assert lib.row(session.library, Title, title).publisher == "خوارزمی"


def test_a_record_is_asked_for_where_none_has_come(page: CataloguePage, session: Session) -> None:
    choose(page, "بوستان")
    page.open_union()
    assert page.union.lines.table.total() == 0
    page.union.ask.click()
    assert page.union.words.mistakes()
    page.union.words.input("words").set_value("بوستان، چاپ سنگی تبریز")
    page.union.ask.click()
    assert said(page) == "درخواست رکورد نوشته شد"
    with session.library.store.read() as reader:
        assert [row.state for row in requests(reader)] == [RequestState.ASKED]


def test_a_wrong_record_is_asked_apart(page: CataloguePage, session: Session) -> None:
    title = choose(page, "سووشون")
    know_record(session.library, title)
    page.open_union()
    page.union.words.input("words").set_value("چاپ دیگری است")
    page.union.apart.click()
    assert said(page) == "درخواست رکورد جداگانه نوشته شد"
    choose(page, "سووشون")
    page.open_union()
    page.union.words.input("words").set_value("باز هم")
    page.union.apart.click()
    assert "فرستاده شده" in page.union.trouble.accessibleName()
    with session.library.store.read() as reader:
        assert [(row.title_id, row.state) for row in requests(reader)] == [(title, RequestState.APART)]


def test_without_a_chosen_title_the_page_says_so(page: CataloguePage) -> None:
    page.open_union()
    assert said(page) == "نخست عنوان را برگزینید"
    assert not page.union.isVisible()
