"""The page of other libraries, by keyboard and scanner alone (sync-protocol 11; 003 م5)."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.circulation.copy_editing import send_copy
from app.circulation.elsewhere import SightingForm, see_return
from app.demo.neighbours import answer_request, claim_copy, know_records
from app.exchange.libraries import LibraryForm, set_library
from app.union.asking import Requested, RequestState, ask, requests
from app.union.record import UNION
from app.union.rules import TICKS
from db.codes import BranchKind, ItemStatus, ReturnSeenState
from db.models.catalogue import Title
from db.models.centre import ReturnSeen
from db.models.items import Item
from tests import library as lib
from tests.ui.sessions import heard, scan, session_on
from ui.network.page import ASKED, AWAY, CATALOGUING, STRANGERS, NetworkPage
from ui.session import Session

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT, PLAIN = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.NoModifier
TAFRESH = "کتابخانهٔ تفرش"


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> NetworkPage:
    made = NetworkPage(session)
    qtbot.addWidget(made)
    made.resize(1168, 735)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.on_shown()
    return made


def press(page: NetworkPage, key: Qt.Key, modifier: Qt.KeyboardModifier = CTRL) -> None:
    QTest.keyClick(QApplication.focusWidget() or page, key, modifier)


def write(words: str) -> None:
    """Type where the focus is."""
    focus = QApplication.focusWidget()
    assert isinstance(focus, QLineEdit)
    focus.insert(words)
    focus.textEdited.emit(focus.text())


def yes(page: NetworkPage) -> None:
    press(page, Qt.Key.Key_Y, CTRL | SHIFT)


def said(page: NetworkPage) -> str:
    return str(page.banner.title())


def seen(session: Session, barcode: str = "TAF-55", of: str | None = TAFRESH) -> None:
    see_return(session.library, SightingForm(barcode, of), session.act())


def states(session: Session) -> dict[str, ReturnSeenState]:
    return {one.barcode: one.state for one in lib.rows(session.library, ReturnSeen)}


def asked(session: Session, words: str = "دیوان محلی") -> uuid.UUID:
    made = ask(session.library, words, session.act())
    assert isinstance(made, Requested)
    return made.request_id


def request_states(session: Session) -> list[str]:
    with session.library.store.read() as reader:
        return [row.state for row in requests(reader)]


def tile(page: NetworkPage, place: int) -> str:
    return page.tiles[place].accessibleName()


def test_an_empty_page_says_how_to_begin_and_its_keys_do_nothing(page: NetworkPage, session: Session) -> None:
    for place in range(4):
        page.show_part(place)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_P, Qt.Key.Key_R, Qt.Key.Key_Delete, Qt.Key.Key_E):
            press(page, key)
    assert not page.shows_paper()
    assert lib.rows(session.library, ReturnSeen) == lib.rows(session.library, Title) == []
    assert page.key_help()
    assert page.commands()


# From others, here


def test_copies_of_others_stand_in_the_list_with_their_way_home(page: NetworkPage, session: Session) -> None:
    set_library(
        session.library, LibraryForm("کتابخانه تفرش", BranchKind.INSTITUTIONAL, county="تفرش", address="میدان"),
        session.act(),
    )  # fmt: skip
    seen(session)
    seen(session, "X-1", None)
    page.reload()
    page.strangers.list.view.choose_place(0)
    assert ("کتابخانه", TAFRESH) in [
        (name, value.strip("\u2068\u2069")) for name, value in page.strangers._facts.facts()
    ]
    assert "تفرش، میدان" in dict(page.strangers._facts.facts())["نشانی"]
    assert "۲ کتاب، ۱ بی‌نام" in tile(page, STRANGERS)


def test_the_chosen_copy_goes_home_with_a_key_and_comes_back_with_undo(page: NetworkPage, session: Session) -> None:
    seen(session)
    page.reload()
    press(page, Qt.Key.Key_Return)
    assert states(session) == {"TAF-55": ReturnSeenState.SENT}
    assert "فرستاده شد" in said(page)
    assert page.strangers.list.table.total() == 0
    page.strangers.all.setChecked(True)
    assert page.strangers.list.table.total() == 1
    page.undo()
    assert states(session) == {"TAF-55": ReturnSeenState.HERE}
    assert not page.strangers.sent.isHidden()


def test_a_scan_sends_a_copy_home(page: NetworkPage, session: Session) -> None:
    seen(session)
    page.reload()
    scan(page, "TAF-55")
    assert states(session) == {"TAF-55": ReturnSeenState.SENT}


def test_a_label_that_nobody_noted_is_asked_about_and_enter_says_nothing(page: NetworkPage, session: Session) -> None:
    scan(page, "TAF-7")
    assert page.strangers.side.is_asking()
    form = page.strangers.side.form
    assert form is not None
    assert form.values()["barcode"] == "TAF-7"
    write(TAFRESH)
    press(page, Qt.Key.Key_Return, PLAIN)
    assert states(session) == {}
    yes(page)
    assert states(session) == {"TAF-7": ReturnSeenState.HERE}
    chosen = page.strangers.chosen()
    assert chosen is not None
    assert (chosen.barcode, chosen.library) == ("TAF-7", TAFRESH)


def test_scans_wait_while_a_question_stands(page: NetworkPage, session: Session, qtbot: QtBot) -> None:
    seen(session)
    page.reload()
    scan(page, "TAF-7")
    scan(page, "TAF-55")
    assert states(session) == {"TAF-55": ReturnSeenState.HERE}
    page.on_escape()
    assert not page.strangers.side.is_asking()
    qtbot.waitUntil(lambda: states(session) == {"TAF-55": ReturnSeenState.SENT})


def test_the_name_is_written_when_the_stamp_was_read(page: NetworkPage, session: Session) -> None:
    seen(session, of=None)
    page.reload()
    press(page, Qt.Key.Key_E)
    write(TAFRESH)
    yes(page)
    (one,) = lib.rows(session.library, ReturnSeen)
    assert one.library == TAFRESH


def test_a_copy_of_ours_and_a_card_are_told_apart(page: NetworkPage, session: Session) -> None:
    scan(page, lib.add_copy(session.library).barcode)
    assert "همین کتابخانه است" in said(page)
    scan(page, lib.add_member(session.library).card)
    assert "کارت یک عضو است" in said(page)
    assert not page.strangers.side.is_asking()
    assert lib.rows(session.library, ReturnSeen) == []


def test_the_slips_are_shown_before_they_are_printed_and_a_scan_goes_on(page: NetworkPage, session: Session) -> None:
    seen(session)
    page.reload()
    press(page, Qt.Key.Key_P)
    assert page.shows_paper()
    paper = page.preview.paper()
    assert (paper.pdf[:5], paper.frozen, paper.sheet[:2]) == (b"%PDF-", False, b"PK")
    scan(page, "TAF-55")
    assert not page.shows_paper()
    assert states(session) == {"TAF-55": ReturnSeenState.SENT}


def test_the_list_goes_to_a_file(page: NetworkPage, session: Session, tmp_path: Path) -> None:
    seen(session)
    page.reload()
    path = tmp_path / "list.xlsx"
    page.saving.ask_where = lambda *_: path
    page.strangers.list.export_wanted.emit()
    assert path.read_bytes()[:2] == b"PK"
    assert said(page) == "ذخیره شد"


# From us, there


def test_our_copies_elsewhere_are_listed_and_arrive_by_scan(page: NetworkPage, session: Session) -> None:
    copy = lib.add_copy(session.library, "کلیدر")
    send_copy(session.library, copy.barcode, TAFRESH, session.act())
    page.reload()
    page.show_part(AWAY)
    (one,) = page.away.list.table.shown_rows()
    assert (one.title, one.library) == ("کلیدر", TAFRESH)
    press(page, Qt.Key.Key_P)
    assert page.shows_paper()
    scan(page, copy.barcode)
    assert lib.row(session.library, Item, copy.id).status is ItemStatus.AVAILABLE
    assert page.away.list.table.total() == 0
    scan(page, "نیست")
    assert "شناخته نشد" in said(page)


def test_what_waits_for_a_decision_is_counted(page: NetworkPage, session: Session) -> None:
    lib.lend(session.library, lib.add_member(session.library), lib.add_copy(session.library))
    lib.pass_days(session.library, 4)
    claim_copy(session.library, TAFRESH, disputed=True)
    lib.add_copy(session.library)
    claim_copy(session.library, TAFRESH, lent=False)
    page.reload()
    assert "۲ کتاب، ۱ در انتظار تصمیم" in tile(page, AWAY)


# Requests


def test_a_record_is_asked_for_and_the_request_withdrawn_and_asked_again(page: NetworkPage, session: Session) -> None:
    page.show_part(ASKED)
    press(page, Qt.Key.Key_N)
    form = page.asked.side.form
    assert form is not None
    yes(page)
    assert form.mistakes(), "something has to be said of the book"
    form.set_values({"description": "دیوان محلی، چاپ سنگی"})
    yes(page)
    assert request_states(session) == [RequestState.ASKED]
    press(page, Qt.Key.Key_R)
    assert not page.asked.side.is_asking(), "what waits is not asked again"
    press(page, Qt.Key.Key_Delete)
    assert request_states(session) == [RequestState.WITHDRAWN]
    page.undo()
    assert request_states(session) == [RequestState.ASKED]
    press(page, Qt.Key.Key_Delete)
    press(page, Qt.Key.Key_R)
    yes(page)
    assert sorted(request_states(session)) == [RequestState.ASKED, RequestState.WITHDRAWN]


def test_the_same_is_not_asked_twice(page: NetworkPage, session: Session) -> None:
    asked(session)
    page.show_part(ASKED)
    page.asked.ask_for("دیوان محلی")
    yes(page)
    assert "پاسخ نگرفته است" in said(page)
    assert request_states(session) == [RequestState.ASKED]


def test_a_request_about_a_title_of_ours_may_ask_for_a_record_apart(page: NetworkPage, session: Session) -> None:
    title = lib.add_copy(session.library, "بوستان").title_id
    made = ask(session.library, "چاپ دیگر", session.act(), title)
    assert isinstance(made, Requested)
    answer_request(session.library, made.request_id, found=False)
    page.reload()
    page.show_part(ASKED)
    assert "با رکورد محلی" in dict(page.asked._facts.facts())["سخن استان"]
    press(page, Qt.Key.Key_R)
    form = page.asked.side.form
    assert form is not None
    form.set_values({"description": "چاپ دیگری است", "apart": True})
    yes(page)
    with session.library.store.read() as reader:
        newest = requests(reader)[0]
    assert (newest.state, newest.title_id) == (RequestState.APART, title)


def test_the_record_that_came_leads_to_the_book(page: NetworkPage, session: Session) -> None:
    know_records(session.library)
    answer_request(session.library, asked(session), found=True)
    page.reload()
    page.show_part(ASKED)
    assert "۰ در انتظار، ۱ رسیده" in tile(page, ASKED)
    press(page, Qt.Key.Key_Return)
    assert page.cataloguing.isVisible()
    record = page.cataloguing.card.record()
    assert record is not None
    assert record.title == "راهنمای گیاهان دشت اراک"


def test_a_scan_begins_a_request_with_its_number(page: NetworkPage, session: Session) -> None:
    page.show_part(ASKED)
    scan(page, "9789648637007")
    scan(page, "X-1")
    form = page.asked.side.form
    assert form is not None
    assert form.values()["description"] == "9789648637007 X-1"


# Cataloguing from a record


def find(page: NetworkPage, words: str) -> None:
    page.show_part(CATALOGUING)
    write(words)
    press(page, Qt.Key.Key_Down, PLAIN)


def test_a_book_is_catalogued_when_its_three_signs_were_ticked(page: NetworkPage, session: Session) -> None:
    records = know_records(session.library)
    page.reload()
    find(page, "کلیدر")
    assert [record.title for record in page.cataloguing.hits.table.shown_rows()] == ["کلیدر"]
    for key in (Qt.Key.Key_1, Qt.Key.Key_2):
        press(page, key, ALT)
    press(page, Qt.Key.Key_Return)
    assert lib.rows(session.library, Title) == [], "the publisher was not compared"
    press(page, Qt.Key.Key_3, ALT)
    press(page, Qt.Key.Key_Return, PLAIN)
    assert lib.rows(session.library, Title) == [], "Enter confirms nothing"
    press(page, Qt.Key.Key_Return)
    (title,) = lib.rows(session.library, Title)
    assert (title.title, title.publisher, title.extras) == ("کلیدر", "فرهنگ معاصر", {UNION: str(records[0])})
    scan(page, "B-900")
    page.cataloguing.copy_form.form.input("price").set_value(250_000)
    press(page, Qt.Key.Key_S)
    (copy,) = lib.rows(session.library, Item)
    assert (copy.title_id, copy.barcode, copy.price) == (title.id, "B-900", 250_000)
    assert "نسخه ثبت شد" in said(page)
    assert page.cataloguing.copy_form.isHidden()


def test_without_the_ticks_the_use_case_says_what_is_missing(page: NetworkPage, session: Session) -> None:
    know_records(session.library)
    page.reload()
    find(page, "کلیدر")
    page.cataloguing.take_record()
    assert "نشان نخورده است" in said(page)
    assert lib.rows(session.library, Title) == []


def test_another_record_begins_without_ticks(page: NetworkPage, session: Session) -> None:
    know_records(session.library)
    page.reload()
    find(page, "دولت آبادی")
    press(page, Qt.Key.Key_1, ALT)
    assert len(page.cataloguing.card.ticks()) == 1
    page.reload()
    assert len(page.cataloguing.card.ticks()) == 1, "the same record keeps what was compared"
    press(page, Qt.Key.Key_Down, PLAIN)
    assert page.cataloguing.card.ticks() == ()


def taken(page: NetworkPage, words: str) -> None:
    find(page, words)
    for sign in page.cataloguing.card.signs.values():
        sign.tick.setChecked(True)
    assert len(page.cataloguing.card.ticks()) == len(TICKS)
    press(page, Qt.Key.Key_Return)


def test_a_title_that_is_there_already_gets_another_copy(page: NetworkPage, session: Session) -> None:
    know_records(session.library)
    page.reload()
    taken(page, "کلیدر")
    press(page, Qt.Key.Key_S, CTRL | SHIFT)
    assert not page.cataloguing.copy_form.isHidden(), "the next copy of the same parcel"
    press(page, Qt.Key.Key_S)
    page.cataloguing.search("")
    taken(page, "کلیدر")
    assert "در فهرست شما هست" in said(page)
    assert len(lib.rows(session.library, Title)) == 1
    assert len({copy.title_id for copy in lib.rows(session.library, Item)}) == 1
    assert len(lib.rows(session.library, Item)) == 2


def test_a_title_taken_back_takes_its_form_along(page: NetworkPage, session: Session) -> None:
    know_records(session.library)
    page.reload()
    taken(page, "کلیدر")
    page.undo()
    assert lib.rows(session.library, Title) == []
    assert page.cataloguing.copy_form.isHidden()


def test_esc_leads_back_step_by_step(page: NetworkPage, session: Session) -> None:
    know_records(session.library)
    page.reload()
    taken(page, "کلیدر")
    for _ in range(2):
        page.on_escape()
    assert page.cataloguing.copy_form.isHidden()
    assert page.cataloguing.box.edit.text() == ""
    assert len(page.cataloguing.hits.table.shown_rows()) == 4


def test_an_isbn_is_scanned_and_what_has_no_record_is_asked_for(page: NetworkPage, session: Session) -> None:
    know_records(session.library)
    page.reload()
    page.show_part(CATALOGUING)
    scan(page, "9789648637007")
    record = page.cataloguing.card.record()
    assert record is not None
    assert record.title == "کلیدر"
    scan(page, "9786001199999")
    assert page.cataloguing.card.record() is None
    assert heard(session)[-1] == "refused"
    press(page, Qt.Key.Key_N)
    form = page.asked.side.form
    assert form is not None
    assert form.values()["description"] == "9786001199999"


def test_changes_elsewhere_are_seen_when_the_page_is_shown_again(page: NetworkPage, session: Session) -> None:
    seen(session)
    page.on_shown()
    assert page.strangers.list.table.total() == 0
    session.refresh.tell("sightings")
    page.on_shown()
    assert page.strangers.list.table.total() == 1
