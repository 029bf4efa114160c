from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from app.catalogue.form import Creator
from db.codes import CreatorRole, ItemFlag, Role, Source
from db.models.catalogue import Title, TitleCreator, TitleSubject
from db.models.items import Item
from tests import library as lib
from tests.ui.catalogue.pages import CTRL, CTRL_SHIFT, chosen, press, said, words, write
from tests.ui.sessions import scan
from ui.catalogue.page import CataloguePage
from ui.catalogue.title_card import DEFAULTS
from ui.session import Session


def fill(page: CataloguePage, title: str = "آتش بدون دود", **rest: str) -> None:
    page.new_title()
    page.title_form.head.set_values({"title": title})
    page.title_form.creators.set_creators((Creator("ابراهیمی، نادر"),))
    page.title_form.rest.set_values(DEFAULTS | rest)


def mark(page: CataloguePage) -> str:
    return page.title_form.rest.input("author_mark").text()


def test_a_title_and_its_copy_are_entered_with_the_keyboard_alone(page: CataloguePage, session: Session) -> None:
    press(Qt.Key.Key_N, CTRL)
    write("کلیدر")
    press(Qt.Key.Key_S, CTRL)
    assert said(page) == "فهرست شد — «\u2068کلیدر\u2069»"
    assert page.copy_form.isVisible()
    press(Qt.Key.Key_S, CTRL)
    assert said(page) == "نسخه ثبت شد — «\u2068کلیدر\u2069»"
    assert "شماره ثبت ۵" in page.banner.accessibleName()
    assert chosen(page) == "کلیدر"
    assert [item.accession_no for item in lib.rows(session.library, Item)][-1] == 5


def test_the_whole_form_reaches_the_store(page: CataloguePage, session: Session) -> None:
    fill(
        page, isbn="978-964-363-066-9", publisher="روزبهان", year="1371", dewey="۸فا۳/۶۲",
        subjects="داستان‌های فارسی -- قرن ۱۴؛ ترکمن‌ها، داستان", language="fa", material="young_adult_book",
    )  # fmt: skip
    page.title_form.rest.input("year").set_value(1371)
    page.title_form.creators.add_row()
    page.title_form.creators.rows()[1].show_creator(Creator("مثقالی، فرشید", CreatorRole.ILLUSTRATOR))
    page.title_form.save_title()
    (title,) = lib.rows(session.library, Title, title="آتش بدون دود")
    assert (title.isbn, title.year, title.dewey) == ("9789643630669", 1371, "8فا3.62")
    creators = lib.rows(session.library, TitleCreator, title_id=title.id)
    assert [(creator.name, creator.role) for creator in creators] == [
        ("ابراهیمی، نادر", CreatorRole.AUTHOR),
        ("مثقالی، فرشید", CreatorRole.ILLUSTRATOR),
    ]
    subjects = lib.rows(session.library, TitleSubject, title_id=title.id)
    assert [subject.heading for subject in subjects] == ["داستان‌های فارسی -- قرن ۱۴", "ترکمن‌ها، داستان"]


def test_a_title_without_a_title_is_not_stored(page: CataloguePage, session: Session) -> None:
    fill(page, title="")
    page.title_form.save_title()
    assert page.title_form.head.mistakes() == {"title": "این خانه را پر کنید."}
    assert len(lib.rows(session.library, Title)) == 3


def test_the_author_mark_is_suggested_and_a_mark_of_ones_own_is_kept(page: CataloguePage) -> None:
    fill(page)
    dewey = page.title_form.rest.input("dewey")
    assert mark(page) == ""
    dewey.set_value("8فا3.62")
    suggested = mark(page)
    assert suggested.startswith("الف")
    assert suggested.endswith("الف")
    page.title_form.head.input("title").set_value("یک عاشقانهٔ آرام")
    assert mark(page) == f"{suggested[:-3]}ی"
    page.title_form.rest.input("author_mark").set_value("الف۹۹۹ی")
    page.title_form.head.input("title").set_value("بار دیگر شهری که دوست می‌داشتم")
    assert mark(page) == "الف۹۹۹ی"


def test_the_mark_of_a_second_book_of_an_author_differs_from_the_first(page: CataloguePage, session: Session) -> None:
    first = lib.a_title("بوستان کوچک", dewey="8فا1.31", author_mark="س275ب")
    lib.add_copy(session.library, first)
    page.new_title()
    page.title_form.creators.set_creators((Creator("سعدی، مصلح بن عبدالله"),))
    page.title_form.head.set_values({"title": "بوستان بزرگ"})
    page.title_form.rest.input("dewey").set_value("8فا1.31")
    assert mark(page).startswith("س۲۷۵ب")
    assert mark(page) != "س۲۷۵ب"


def test_a_wrong_isbn_is_asked_about_and_kept_as_it_is_printed(page: CataloguePage, session: Session) -> None:
    fill(page, isbn="978-964-363-066-0")
    page.title_form.save_title()
    assert "رقم کنترل شابک درست نیست" in words(page.title_form.panel)
    press(Qt.Key.Key_Return)
    assert not lib.rows(session.library, Title, title="آتش بدون دود")
    press(Qt.Key.Key_S, CTRL_SHIFT)
    (title,) = lib.rows(session.library, Title, title="آتش بدون دود")
    assert (title.isbn, title.isbn_raw) == (None, "978-964-363-066-0")


def test_a_book_that_is_there_already_gets_another_copy_instead_of_another_record(
    page: CataloguePage, session: Session
) -> None:
    twin = lib.a_title("گلستان")
    copy = lib.add_copy(session.library, twin)
    page.new_title()
    page.title_form.head.set_values({"title": "گلستان"})
    page.title_form.creators.set_creators(twin.creators)
    page.title_form.rest.set_values(DEFAULTS | {"publisher": "خوارزمی", "year": 1398})
    page.title_form.save_title()
    assert "پیش‌تر فهرست شده است" in words(page.title_form.panel)
    press(Qt.Key.Key_N, CTRL_SHIFT)
    assert page.copy_form.isVisible()
    press(Qt.Key.Key_S, CTRL)
    assert len(lib.rows(session.library, Item, title_id=copy.title_id)) == 2
    assert len(lib.rows(session.library, Title)) == 4


def test_the_same_book_may_still_be_entered_apart(page: CataloguePage, session: Session) -> None:
    fill(page)
    page.title_form.save_title()
    page.back_to_search()
    fill(page)
    page.title_form.save_title()
    press(Qt.Key.Key_S, CTRL_SHIFT)
    assert len(lib.rows(session.library, Title, title="آتش بدون دود")) == 2


def test_a_scanned_isbn_goes_into_the_open_form_and_a_label_does_not(page: CataloguePage) -> None:
    page.new_title()
    scan(page, "9789642569816")
    assert page.title_form.rest.values()["isbn"] == "9789642569816"
    scan(page, "RAF-000001")
    assert said(page) == "این بارکد شابک نیست"
    assert page.title_form.rest.values()["isbn"] == "9789642569816"


def test_scans_wait_while_a_question_stands(page: CataloguePage) -> None:
    fill(page, isbn="978-964-363-066-0")
    page.title_form.save_title()
    scan(page, "9789642569816")
    assert "۱ اسکن در نوبت است" in page.title_form.panel._waiting.text()
    page.on_escape()
    assert page.title_form.rest.values()["isbn"] == "9789642569816"


def test_escape_leads_back_to_the_search_and_keeps_what_was_written(page: CataloguePage) -> None:
    fill(page)
    page.on_escape()
    assert page.search.isVisible()
    page.new_title()
    assert page.title_form.head.values()["title"] == "آتش بدون دود"


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.AUDITOR])
def test_somebody_who_may_not_catalogue_is_told_why(page: CataloguePage, session: Session, role: Role) -> None:
    session.person = replace(session.person, role=role)
    fill(page)
    page.title_form.save_title()
    assert "این کار در اختیار کاربر کنونی نیست." in words(page.title_form.panel)
    assert len(lib.rows(session.library, Title)) == 3


def test_undo_takes_the_new_title_back_and_leaves_the_form_of_its_copy(page: CataloguePage, session: Session) -> None:
    fill(page)
    page.title_form.save_title()
    assert page.banner.offers_undo()
    page.undo()
    assert said(page) == "واگرد شد — ثبت عنوان"
    assert not lib.rows(session.library, Title, title="آتش بدون دود")
    assert page.search.isVisible()
    assert chosen(page) == ""


def test_a_label_in_use_is_said_under_its_field_and_stays_said(page: CataloguePage, session: Session) -> None:
    scan(page, "RAF-000003")
    press(Qt.Key.Key_N, CTRL_SHIFT)
    scan(page, "RAF-000001")
    press(Qt.Key.Key_S, CTRL)
    assert "روی نسخهٔ دیگری است" in page.copy_form.form.mistakes()["barcode"]
    press(Qt.Key.Key_Tab)
    assert "روی نسخهٔ دیگری است" in page.copy_form.form.mistakes()["barcode"]
    assert len(lib.rows(session.library, Item)) == 4


def test_an_accession_number_is_never_given_again(page: CataloguePage, session: Session) -> None:
    scan(page, "RAF-000003")
    page.new_copy()
    page.copy_form.form.input("accession_no").set_value(1)
    page.copy_form.save.click()
    assert "شمارهٔ ثبت ۱ پیش‌تر داده شده است" in page.copy_form.form.mistakes()["accession_no"]
    assert len(lib.rows(session.library, Item)) == 4


def test_the_next_copy_of_a_parcel_keeps_source_and_price_but_not_the_label(
    page: CataloguePage, session: Session
) -> None:
    scan(page, "RAF-000003")
    press(Qt.Key.Key_N, CTRL_SHIFT)
    page.copy_form.form.set_values(
        {"barcode": "B-1", "source": Source.DONATION.value, "price": 250000, "condition": "new", "flag_local": True}
    )
    press(Qt.Key.Key_S, CTRL_SHIFT)
    assert page.copy_form.isVisible()
    assert page.copy_form.form.values()["barcode"] == ""
    press(Qt.Key.Key_S, CTRL)
    bought = lib.rows(session.library, Item, price=250000)
    assert [item.source for item in bought] == [Source.DONATION] * 2
    assert [list(item.flags) for item in bought] == [[ItemFlag.LOCAL], []]
    assert bought[0].barcode == "B-1"


def test_the_permit_of_a_cultural_package_is_entered_with_its_day(page: CataloguePage, session: Session) -> None:
    """002 م4-2 تبصره."""
    fill(page)
    page.title_form.save_title()
    form = page.copy_form.form
    form.input("flag_cultural_package").set_value(True)
    form.input("permit_no").set_value("۱۲/۳۴")
    press(Qt.Key.Key_S, CTRL)
    assert form.mistakes().keys() == {"permit_on"}
    form.input("permit_on").set_value(lib.TODAY)
    press(Qt.Key.Key_S, CTRL)
    item = lib.rows(session.library, Item)[-1]
    assert (item.flags, item.permit_no, item.permit_on) == (["cultural_package"], "۱۲/۳۴", lib.TODAY)


def test_a_copy_needs_a_title(page: CataloguePage) -> None:
    page.new_copy()
    assert said(page) == "نخست عنوان را برگزینید"
    assert page.search.isVisible()


def test_the_form_of_another_title_begins_empty(page: CataloguePage) -> None:
    scan(page, "RAF-000003")
    page.new_copy()
    page.copy_form.form.input("donor").set_value("خانوادهٔ رضایی")
    page.on_escape()
    page.new_copy()
    assert page.copy_form.form.values()["donor"] == "خانوادهٔ رضایی"
    page.on_escape()
    scan(page, "RAF-000001")
    page.new_copy()
    assert page.copy_form.form.values()["donor"] == ""
