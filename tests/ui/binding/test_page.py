"""The page of binding, by keyboard and scanner alone (002 م13)."""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.binding.mending import mend
from app.binding.queries import WaitingCopy
from app.binding.sending import Sending, cancel, dispatch
from app.binding.service import add_to_request
from app.labels import ITEM_STATUS
from app.persian import jalali
from app.refusal import Answer
from db.codes import BindingOutcome, BindingState, Condition, ItemStatus
from db.models.collection import BindingRequest, BindingRow, Mending
from db.models.items import Item
from db.types import new_id
from tests import library as lib
from tests.app.binding.scene import requested, sent
from tests.library import ACopy
from tests.ui.sessions import heard, scan, session_on
from ui.binding.page import MENDING, UNDERWAY, BindingPage
from ui.session import Session
from ui.sounds import Sound
from ui.widgets.runs import RunLabel

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> BindingPage:
    made = BindingPage(session)
    qtbot.addWidget(made)
    made.resize(1168, 735)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.on_shown()
    return made


def copy(session: Session, title: str = "کلیدر") -> ACopy:
    return lib.add_copy(session.library, title)


def press(page: BindingPage, key: Qt.Key, modifier: Qt.KeyboardModifier = CTRL) -> None:
    QTest.keyClick(QApplication.focusWidget() or page, key, modifier)


def yes(page: BindingPage) -> None:
    press(page, Qt.Key.Key_Y, CTRL | SHIFT)


def one(session: Session, model: Any) -> Any:
    (found,) = lib.rows(session.library, model)
    return found


def title_of(page: BindingPage) -> str:
    return str(page.banner.title())


def said_by(page: BindingPage) -> str:
    """Everything the banner says."""
    return " ".join(label.text() for label in page.banner.findChildren(RunLabel))


def shown_states(page: BindingPage) -> list[str]:
    """What the copies of the chosen request say of themselves."""
    table = page.underway.copies.table
    return [table.texts(place)[-1] for place in range(table.rowCount())]


def outcomes(session: Session) -> set[BindingOutcome | None]:
    return {row.outcome for row in lib.rows(session.library, BindingRow)}


def underway(page: BindingPage) -> None:
    page.show_part(UNDERWAY)
    page.reload()


def test_an_empty_page_says_how_to_begin_and_its_keys_do_nothing(page: BindingPage, session: Session) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_P, Qt.Key.Key_S, Qt.Key.Key_Delete):
        press(page, key)
    assert not page.draft.side.is_asking()
    assert lib.rows(session.library, BindingRequest) == []
    assert page.key_help()


def test_scans_come_on_the_draft_get_their_words_and_go_off_it(page: BindingPage, session: Session) -> None:
    book = copy(session)
    scan(page, book.barcode)
    assert "کلیدر" in title_of(page)
    page.draft.work.setText("عطف")
    press(page, Qt.Key.Key_S)
    assert one(session, BindingRow).work == "عطف"
    scan(page, book.barcode)
    assert "در همین درخواست است" in title_of(page)
    press(page, Qt.Key.Key_Delete)
    assert lib.rows(session.library, BindingRow) == []


def test_a_written_number_acts_like_a_scan(page: BindingPage, session: Session) -> None:
    book = copy(session)
    page.draft.item.setFocus()
    QTest.keyClicks(page.draft.item, str(book.accession_no))
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert [row.item_id for row in page.draft.list.table.shown_rows()] == [book.id]


def test_what_stands_against_a_copy_is_told_and_a_question_is_asked(page: BindingPage, session: Session) -> None:
    lent, worn = copy(session), copy(session)
    lib.lend(session.library, lib.add_member(session.library), lent)
    scan(page, lent.barcode)
    assert "افزوده نشد" in title_of(page)
    assert page.draft.list.table.rowCount() == 0
    scan(page, "ندارد")
    assert "شناخته نشد" in title_of(page)
    lib.change(session.library, Item, worn.id, condition=Condition.UNBINDABLE)
    scan(page, worn.barcode)
    assert page.draft.side.is_asking()
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert page.draft.side.is_asking()
    yes(page)
    assert one(session, BindingRow).item_id == worn.id


def test_the_last_scan_is_taken_back(page: BindingPage, session: Session) -> None:
    scan(page, copy(session).barcode)
    page.undo()
    assert page.draft.list.table.rowCount() == 0


def test_a_number_is_asked_for_and_its_form_is_frozen(page: BindingPage, session: Session, qtbot: QtBot) -> None:
    scan(page, copy(session).barcode)
    press(page, Qt.Key.Key_Return)
    assert page.draft.side.form is not None
    page.draft.side.form.set_values({"letter_no": "۱۲/۳"})
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert one(session, BindingRequest).number is None
    yes(page)
    qtbot.waitUntil(lambda: one(session, BindingRequest).number == 1)
    qtbot.waitUntil(page.underway.isVisible)
    assert one(session, BindingRequest).letter_no == "۱۲/۳"
    chosen = page.underway.chosen()
    assert chosen is not None
    assert chosen.request.written == "1405/1"
    press(page, Qt.Key.Key_P)
    assert page.shows_paper()
    assert page.preview.paper().pdf.startswith(b"%PDF")


def test_a_preview_is_marked_and_a_scan_brings_the_list_back(page: BindingPage, session: Session, qtbot: QtBot) -> None:
    scan(page, copy(session).barcode)
    press(page, Qt.Key.Key_P)
    qtbot.waitUntil(page.shows_paper)
    assert page.preview.paper().draft
    scan(page, copy(session).barcode)
    assert not page.shows_paper()
    assert page.draft.list.table.rowCount() == 2


def test_a_scan_leaves_the_question_about_the_number(page: BindingPage, session: Session) -> None:
    """What would be frozen has just changed."""
    scan(page, copy(session).barcode)
    press(page, Qt.Key.Key_Return)
    scan(page, copy(session).barcode)
    assert not page.draft.side.is_asking()


def test_books_are_sent_with_what_the_bindery_said(page: BindingPage, session: Session) -> None:
    book = copy(session)
    requested(session.library, book)
    underway(page)
    press(page, Qt.Key.Key_Return)
    assert page.underway.side.form is not None
    page.underway.side.form.set_values({"promised_days": 20, "outsourced_to": "نور"})
    yes(page)
    stored = one(session, BindingRequest)
    assert (stored.state, stored.promised_days, stored.outsourced_to) == (BindingState.DISPATCHED, 20, "نور")
    assert lib.row(session.library, Item, book.id).status is ItemStatus.IN_BINDING


def test_what_stays_behind_is_asked_about(page: BindingPage, session: Session) -> None:
    here, lent = copy(session), copy(session)
    requested(session.library, here, lent)
    lib.lend(session.library, lib.add_member(session.library), lent)
    underway(page)
    press(page, Qt.Key.Key_Return)
    yes(page)
    assert page.underway.side.is_asking()
    assert one(session, BindingRequest).state is BindingState.REQUESTED
    yes(page)
    assert one(session, BindingRequest).state is BindingState.DISPATCHED


@pytest.mark.parametrize(
    ("key", "outcome"),
    list(zip((Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5), BindingOutcome, strict=True)),
)
def test_a_scan_receives_with_the_outcome_of_one_key(
    page: BindingPage, session: Session, key: Qt.Key, outcome: BindingOutcome
) -> None:
    book = copy(session)
    sent(session.library, book, status_now=True)
    underway(page)
    press(page, key, ALT)
    scan(page, book.barcode)
    assert one(session, BindingRow).outcome is outcome
    assert one(session, BindingRequest).state is BindingState.RECEIVED


def test_all_that_is_left_is_received_at_once_and_a_return_is_undone(page: BindingPage, session: Session) -> None:
    copies = [copy(session), copy(session)]
    sent(session.library, *copies)
    underway(page)
    press(page, Qt.Key.Key_R)
    yes(page)
    assert one(session, BindingRequest).state is BindingState.RECEIVED
    assert page.underway.list.table.rowCount() == 0
    page.undo()
    assert one(session, BindingRequest).state is BindingState.DISPATCHED


def test_a_request_is_given_up_with_its_reason_and_gets_its_letter(page: BindingPage, session: Session) -> None:
    requested(session.library, copy(session))
    underway(page)
    press(page, Qt.Key.Key_B)
    assert page.underway.side.form is not None
    page.underway.side.form.set_values({"letter_no": "۷"})
    yes(page)
    assert one(session, BindingRequest).letter_no == "۷"
    press(page, Qt.Key.Key_Delete)
    assert page.underway.side.form is not None
    page.underway.side.form.set_values({"why": "نشد"})
    yes(page)
    assert (one(session, BindingRequest).state, one(session, BindingRequest).remark) == (BindingState.CANCELLED, "نشد")


def test_the_letter_to_the_county_comes_on_the_screen(page: BindingPage, session: Session, qtbot: QtBot) -> None:
    """002 م13-4."""
    underway(page)
    press(page, Qt.Key.Key_O)
    assert not page.shows_paper(), "no request, no letter"
    requested(session.library, copy(session))
    underway(page)
    press(page, Qt.Key.Key_O)
    assert page.shows_paper()
    assert (page.preview.paper().title, page.preview.paper().frozen) == ("درخواست صحافی منابع", False)
    qtbot.waitUntil(lambda: page.preview.pictures.count() > 0)
    page.on_escape()
    assert not page.shows_paper()


def test_a_request_that_was_given_up_has_no_letter(page: BindingPage, session: Session) -> None:
    request = requested(session.library, copy(session))
    cancel(session.library, request.request_id, "نشد", session.act())
    page.underway.all.setChecked(True)
    underway(page)
    press(page, Qt.Key.Key_O)
    assert not page.shows_paper()
    assert title_of(page) == "این درخواست نامه ندارد"


def test_a_late_request_is_red_on_its_tile(page: BindingPage, session: Session) -> None:
    """002 م13-7."""
    sent(session.library, copy(session))
    lib.pass_days(session.library, 33)
    underway(page)
    (line,) = page.underway.list.table.shown_rows()
    assert line.is_overdue(session.act().day)
    assert "۳ روز گذشته" in page.underway.list.table.texts(0)


def test_a_mend_is_written_down_with_scan_and_key(page: BindingPage, session: Session) -> None:
    """002 م13-3."""
    book = copy(session)
    lib.change(session.library, Item, book.id, condition=Condition.DAMAGED)
    page.show_part(MENDING)
    scan(page, book.barcode)
    page.mending.form.set_values({**page.mending.form.values(), "work": "چسب عطف", "condition": "good", "cost": 5_000})
    press(page, Qt.Key.Key_S)
    stored = one(session, Mending)
    assert (stored.work, stored.cost) == ("چسب عطف", 5_000)
    assert lib.row(session.library, Item, book.id).condition is Condition.GOOD
    assert page.mending.list.table.rowCount() == 1
    scan(page, book.barcode)
    assert "۳۰ آبان ۱۴۰۵" in [name for name, _ in page.mending.story.facts()]
    page.on_escape()
    assert not any(page.mending.form.values().values())


def test_a_mend_without_words_is_marked_and_an_unknown_code_is_told(page: BindingPage, session: Session) -> None:
    page.show_part(MENDING)
    scan(page, "ندارد")
    assert "شناخته نشد" in title_of(page)
    press(page, Qt.Key.Key_S)
    assert "work" in page.mending.form.mistakes()


def found_waiting(page: BindingPage, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: page.draft.waiting._job is None)


def test_what_waits_for_binding_is_listed_and_enter_puts_it_on_the_draft(
    page: BindingPage, session: Session, qtbot: QtBot
) -> None:
    """002 م1: what a return or a shelf-reading found worn."""
    worn, torn, fine, lent = copy(session, "بوستان"), copy(session), copy(session), copy(session)
    for book, looks in ((worn, Condition.WORN), (torn, Condition.DAMAGED), (lent, Condition.WORN)):
        lib.change(session.library, Item, book.id, condition=looks)
    lib.lend(session.library, lib.add_member(session.library), lent)
    assert not page.draft.waiting.isVisible()
    press(page, Qt.Key.Key_G)
    found_waiting(page, qtbot)
    listed = page.draft.waiting.table
    assert {row.id for row in listed.shown_rows()} == {worn.id, torn.id}
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert [row.item_id for row in page.draft.list.table.shown_rows()] == [worn.id]
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert len(page.draft.list.table.shown_rows()) == 2
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert listed.rowCount() == 0
    press(page, Qt.Key.Key_Delete)
    found_waiting(page, qtbot)
    assert listed.rowCount() == 1
    press(page, Qt.Key.Key_G)
    assert not page.draft.waiting.isVisible()
    assert fine.id not in {row.item_id for row in page.draft.list.table.shown_rows()}


def test_what_waits_is_sought_beside_the_window_and_what_was_overtaken_tells_nothing(
    page: BindingPage, session: Session, qtbot: QtBot
) -> None:
    """Among a hundred thousand copies it takes a while: scans go on, and what they list is offered no more."""
    books = [copy(session), copy(session, "بوستان")]
    for book in books:
        lib.change(session.library, Item, book.id, condition=Condition.WORN)
    listed, began, gate = page.draft.waiting.table, Event(), Event()
    shown_anew: list[int] = []
    ready = listed.made

    def slowly(rows: Iterable[WaitingCopy]) -> list[Any]:
        began.set()
        gate.wait(10)
        return ready(rows)

    listed.made = slowly  # type: ignore[method-assign]
    listed.modelReset.connect(lambda: shown_anew.append(listed.rowCount()))
    press(page, Qt.Key.Key_G)
    qtbot.waitUntil(began.is_set)
    assert listed.rowCount() == 0
    assert "جسته می‌شوند" in page.draft.waiting.view._empty[0]
    scan(page, books[0].barcode)
    assert [row.item_id for row in page.draft.list.table.shown_rows()] == [books[0].id]
    gate.set()
    found_waiting(page, qtbot)
    qtbot.waitUntil(lambda: not session.jobs.open_jobs())
    assert shown_anew == [1]
    assert [row.id for row in listed.shown_rows()] == [books[1].id]


def test_what_waits_is_saved_as_a_file(page: BindingPage, session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    lib.change(session.library, Item, copy(session).id, condition=Condition.WORN)
    page.saving.ask_where = lambda _, suggested: tmp_path / suggested
    press(page, Qt.Key.Key_G)
    found_waiting(page, qtbot)
    page.draft.waiting.export()
    assert (tmp_path / "to-bind-1405-08-30.xlsx").read_bytes().startswith(b"PK")
    assert "ذخیره شد" in title_of(page)


def test_what_is_not_at_hand_is_seen_before_the_number_is_refused(
    page: BindingPage, session: Session, qtbot: QtBot
) -> None:
    """002 م13-6: the form names what is handed over."""
    lent, kept = copy(session), copy(session, "بوستان")
    scan(page, lent.barcode)
    scan(page, kept.barcode)
    lib.lend(session.library, lib.add_member(session.library), lent)
    lib.place_hold(
        session.library, lib.add_member(session.library), kept, state="waiting", item_id=kept.id,
        shelf_since=lib.TODAY, shelf_until=lib.TODAY,
    )  # fmt: skip
    page.draft.reload()
    looks = [page.draft.list.table.texts(place)[3] for place in (0, 1)]
    assert looks == [ITEM_STATUS[ItemStatus.ON_LOAN], "در قفسهٔ رزرو"]
    press(page, Qt.Key.Key_Return)
    yes(page)
    qtbot.waitUntil(lambda: "شماره نگرفت" in title_of(page))
    assert one(session, BindingRequest).number is None


def test_a_reader_in_line_is_told_of_as_the_copy_is_listed(page: BindingPage, session: Session) -> None:
    book = copy(session)
    lib.place_hold(session.library, lib.add_member(session.library), book)
    scan(page, book.barcode)
    assert "۱ نفر در صف این عنوان‌اند." in said_by(page)


def test_a_receipt_has_a_day_of_its_own_and_a_wrong_one_is_not_taken(page: BindingPage, session: Session) -> None:
    book = copy(session)
    sent(session.library, book)
    lib.pass_days(session.library, 4)
    underway(page)
    page.underway.card.came_on.edit.setText("۱۴۰۵/۱۳/۰۱")
    scan(page, book.barcode)
    assert "روز بازگشت درست نوشته نشده است." in said_by(page)
    page.underway.card.came_on.set_day(lib.TODAY - dt.timedelta(1))
    scan(page, book.barcode)
    assert one(session, BindingRow).received_on is None
    page.underway.card.came_on.set_day(lib.TODAY + dt.timedelta(2))
    scan(page, book.barcode)
    assert one(session, BindingRow).received_on == lib.TODAY + dt.timedelta(2)
    assert f"روز بازگشت: {jalali.day_month(lib.TODAY + dt.timedelta(2))}." in said_by(page)


def test_another_outcome_is_asked_about_and_put_right(page: BindingPage, session: Session) -> None:
    book = copy(session)
    sent(session.library, book, copy(session))
    underway(page)
    scan(page, book.barcode)
    press(page, Qt.Key.Key_3, ALT)
    scan(page, book.barcode)
    assert page.underway.side.is_asking()
    assert BindingOutcome.UNBINDABLE not in outcomes(session)
    yes(page)
    assert BindingOutcome.UNBINDABLE in outcomes(session)
    assert lib.row(session.library, Item, book.id).condition is Condition.UNBINDABLE


@pytest.mark.parametrize("since", [{"status": ItemStatus.WEEDED_DUPLICATE}, {"on_minutes_id": new_id()}])
def test_a_copy_that_was_weeded_or_proposed_since_is_set_aside(
    page: BindingPage, session: Session, since: dict[str, Any]
) -> None:
    """002 م8-4, م7-4: no book in the stacks is weeded, and none on minutes leaves."""
    book = copy(session)
    sent(session.library, book)
    lib.change(session.library, Item, book.id, **since)
    underway(page)
    scan(page, book.barcode)
    assert "کنار بگذارید" in said_by(page)
    assert "موجود" not in said_by(page)


def test_all_that_is_left_has_a_day_and_its_bill_comes_later(page: BindingPage, session: Session) -> None:
    """002 م13-9, م13-12."""
    sent(session.library, copy(session))
    lib.pass_days(session.library, 4)
    underway(page)
    press(page, Qt.Key.Key_R)
    form = page.underway.side.form
    assert form is not None
    form.set_values({**form.values(), "received_on": lib.TODAY + dt.timedelta(1)})
    yes(page)
    assert one(session, BindingRequest).received_on == lib.TODAY + dt.timedelta(1)
    page.underway.all.setChecked(True)
    page.underway.list.view.choose_place(0)
    press(page, Qt.Key.Key_M)
    form = page.underway.side.form
    assert form is not None
    form.set_values({"cost": 900_000})
    yes(page)
    assert one(session, BindingRequest).cost == 900_000
    page.undo()
    assert one(session, BindingRequest).cost is None


def test_a_request_that_has_not_left_has_no_bill(page: BindingPage, session: Session) -> None:
    requested(session.library, copy(session))
    underway(page)
    press(page, Qt.Key.Key_M)
    assert not page.underway.side.is_asking()


def test_what_stayed_behind_says_so(page: BindingPage, session: Session) -> None:
    here, lent = copy(session), copy(session, "بوستان")
    request = requested(session.library, here, lent).request_id
    lib.lend(session.library, lib.add_member(session.library), lent)
    underway(page)
    assert shown_states(page) == ["آمادهٔ ارسال", ITEM_STATUS[ItemStatus.ON_LOAN]]
    assert "۲ نسخه" in page.underway.list.table.texts(0)
    dispatch(session.library, request, Sending(), session.act(), Answer(confirm=frozenset({"binding.stays_behind"})))
    underway(page)
    assert shown_states(page) == ["بازنگشته", "فرستاده نشد"]
    page.show_part(MENDING)
    lib.take_back(session.library, lent)
    scan(page, lent.barcode)
    assert "فرستاده نشد" in [what for _, what in page.mending.story.facts()]


def test_a_mend_written_by_mistake_is_taken_off(page: BindingPage, session: Session) -> None:
    mend(session.library, copy(session).barcode, "چسب", session.act())
    page.show_part(MENDING)
    page.reload()
    press(page, Qt.Key.Key_Delete)
    assert one(session, Mending).work == "چسب"
    page.mending.list.view.choose_place(0)
    press(page, Qt.Key.Key_Delete)
    assert lib.rows(session.library, Mending) == []
    assert "برداشته شد" in title_of(page)


def test_rows_of_others_are_read_when_the_page_comes_back(page: BindingPage, session: Session) -> None:
    add_to_request(session.library, copy(session).barcode, session.act())
    session.refresh.tell("binding")
    page.on_shown()
    assert page.draft.list.table.rowCount() == 1
    assert Sound.REFUSED not in heard(session)
