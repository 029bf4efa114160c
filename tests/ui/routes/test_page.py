"""The page of the van and the post, on a laptop in the village (004 الف-2، الف-3)."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.routes.service import RouteForm, RouteStored, StopForm, add_route
from db.codes import Channel, DispatchState
from db.models.circulation import Dispatch, Loan, Route, RouteVisit, Stop
from db.models.members import Member
from tests import library as lib
from tests.library import TODAY
from tests.ui.sessions import heard, scan, session_on
from ui.routes.page import DESK, PLANNING, POST, RoutesPage
from ui.routes.route_form import stop_forms
from ui.session import Session
from ui.sounds import Sound

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


def shown(session: Session, qtbot: QtBot) -> RoutesPage:
    made = RoutesPage(session)
    qtbot.addWidget(made)
    made.resize(1168, 735)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.on_shown()
    return made


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> RoutesPage:
    """A route of two villages, visited today and tomorrow for the first time."""
    stops = (StopForm("ده‌بالا", 0, "کنار مدرسه", "۹ تا ۱۱"), StopForm("ده‌پایین", 1))
    made = add_route(session.library, RouteForm("دهستان شمالی", TODAY, 14, stops=stops), session.act())
    assert isinstance(made, RouteStored)
    return shown(session, qtbot)


def press(page: RoutesPage, key: Qt.Key, modifier: Qt.KeyboardModifier = CTRL) -> None:
    QTest.keyClick(QApplication.focusWidget() or page, key, modifier)


def visited(page: RoutesPage) -> list[tuple[str, int]]:
    rows = page.planning.list.table.shown_rows()
    return [(line.stop.name, (line.visit.day - TODAY).days) for line in rows if not line.visit.cancelled]


def test_an_empty_page_says_what_it_is_for_and_how_to_begin(session: Session, qtbot: QtBot) -> None:
    page = shown(session, qtbot)
    assert not page.planning.list.isVisible()
    press(page, Qt.Key.Key_N)
    assert page.planning.form.isVisible()


def test_a_route_is_written_with_its_stops_a_line_each(session: Session, qtbot: QtBot) -> None:
    page = shown(session, qtbot)
    page.planning.new_route()
    stops = "ده‌بالا؛ کنار مدرسه؛ ۹ تا ۱۱؛ ۰\nده‌پایین;;;۱\n"
    page.planning.form.form.set_values(
        {"name": "دهستان شمالی", "first_visit": TODAY, "every_days": 14, "active": True, "stops": stops}
    )
    press(page, Qt.Key.Key_S)
    stored = sorted(lib.rows(session.library, Stop), key=lambda stop: stop.position)
    assert [(stop.name, stop.place, stop.hours, stop.offset_days) for stop in stored] == [
        ("ده‌بالا", "کنار مدرسه", "۹ تا ۱۱", 0),
        ("ده‌پایین", None, None, 1),
    ]
    assert visited(page)[:3] == [("ده‌بالا", 0), ("ده‌پایین", 1), ("ده‌بالا", 14)]


@pytest.mark.parametrize(("line", "offset"), [("ده؛؛؛دو", -1), ("ده", 0), ("ده؛؛؛۳", 3), ("ده؛جا؛ساعت؛۲؛بیش", 2)])
def test_the_lines_of_stops_are_read_as_written(line: str, offset: int) -> None:
    (stop,) = stop_forms(f"\n{line}\n")
    assert (stop.name, stop.offset_days) == ("ده", offset)


def test_a_wrong_stop_is_told_under_its_field_and_nothing_is_stored(session: Session, qtbot: QtBot) -> None:
    page = shown(session, qtbot)
    page.planning.new_route()
    page.planning.form.form.set_values({"name": "راه", "first_visit": TODAY, "every_days": 14, "stops": "ده؛؛؛دو"})
    page.planning.form.save()
    assert "stops" in page.planning.form.form.mistakes()
    assert lib.rows(session.library, Route) == []


def test_a_route_is_changed_with_its_stops(page: RoutesPage, session: Session) -> None:
    page.planning.edit_route()
    values = page.planning.form.form.values()
    assert str(values["stops"]).startswith("ده‌بالا؛ کنار مدرسه؛ ۹ تا ۱۱؛ ۰")
    changed = "ده‌بالا؛ جلوی مسجد؛ ۱۰ تا ۱۲؛ ۰\nده‌پایین؛؛؛۱\nده‌دور؛؛؛۲"
    page.planning.form.form.set_values({**values, "every_days": 7, "stops": changed})
    page.planning.form.save()
    stored = sorted(lib.rows(session.library, Stop), key=lambda stop: stop.position)
    assert [(stop.name, stop.place) for stop in stored] == [("ده‌بالا", "جلوی مسجد"), ("ده‌پایین", None), ("ده‌دور", None)]
    assert ("ده‌بالا", 7) in visited(page)


def test_a_visit_is_put_off_with_its_books(page: RoutesPage, session: Session) -> None:
    page.planning.list.view.choose_place(2)
    press(page, Qt.Key.Key_M)
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert page.planning.panel.is_open()
    assert page.planning.day is not None
    page.planning.day.set_day(TODAY + dt.timedelta(days=17))
    page.planning.panel.chosen.emit("yes")
    assert ("ده‌بالا", 17) in visited(page)
    assert "جابه‌جا شد" in page.banner.title()
    page.undo()
    assert ("ده‌بالا", 14) in visited(page)


def test_a_visit_falls_out_after_a_question(page: RoutesPage, session: Session) -> None:
    page.planning.list.view.choose_place(2)
    page.planning.ask_cancel()
    page.planning.panel.chosen.emit("close")
    assert lib.rows(session.library, RouteVisit) == []
    page.planning.ask_cancel()
    page.planning.panel.chosen.emit("yes")
    assert ("ده‌بالا", 14) not in visited(page)


def test_a_visit_of_tomorrow_is_not_done_yet(page: RoutesPage, session: Session) -> None:
    page.planning.list.view.choose_place(0)
    page.planning.finish()
    assert [visit.done for visit in lib.rows(session.library, RouteVisit)] == [True]
    page.planning.list.view.choose_place(1)
    page.planning.finish()
    assert page.banner.title() == "انجام نشد"


def test_scans_at_a_stop_lend_until_the_van_comes_again(page: RoutesPage, session: Session) -> None:
    member, copy = lib.add_member(session.library), lib.add_copy(session.library, "سووشون")
    page.planning.list.view.choose_place(0)
    press(page, Qt.Key.Key_L)
    scan(page, member.card)
    scan(page, copy.barcode)
    (loan,) = lib.rows(session.library, Loan)
    assert (loan.channel, loan.due_on) == (Channel.VAN, TODAY + dt.timedelta(days=14))
    assert [line.title for line in page.desk.list.table.shown_rows()] == ["سووشون"]
    page.on_escape()
    scan(page, copy.barcode)
    assert lib.row(session.library, Loan, loan.id).in_at is not None
    assert heard(session)[-1] == Sound.CHECKED_IN


def test_a_question_at_the_stop_keeps_the_scans_that_follow(page: RoutesPage, session: Session) -> None:
    member = lib.add_member(session.library)
    copies = [lib.add_copy(session.library) for _ in range(7)]
    page.show_part(DESK)
    scan(page, member.card)
    for copy in copies:
        scan(page, copy.barcode)
    assert page.desk.panel.is_open()
    assert len(lib.rows(session.library, Loan)) == 5
    page.on_escape()
    assert page.desk.panel.is_open()
    page.on_escape()
    assert not page.desk.panel.is_open()


def test_a_reader_takes_home_a_slip_with_the_due_dates(page: RoutesPage, session: Session, qtbot: QtBot) -> None:
    member, copy = lib.add_member(session.library), lib.add_copy(session.library)
    page.show_part(DESK)
    for code in (member.card, copy.barcode):
        scan(page, code)
    press(page, Qt.Key.Key_P)
    qtbot.waitUntil(lambda: page.preview.pictures.count() == 1)
    assert page.preview.paper().title == "برگهٔ امانت مریم رضایی"
    page.on_escape()
    assert page.desk.isVisible()


def test_an_unknown_card_leaves_nobody_at_the_stop(page: RoutesPage, session: Session) -> None:
    scan(page, lib.add_member(session.library).card)
    scan(page, "M-7777")
    assert page.banner.title() == "این شماره شناخته نشد"
    scan(page, lib.add_copy(session.library).barcode)
    assert lib.rows(session.library, Loan) == []


def test_a_reader_at_the_stop_belongs_to_it_with_one_key(page: RoutesPage, session: Session) -> None:
    member = lib.add_member(session.library)
    scan(page, member.card)
    press(page, Qt.Key.Key_D)
    stop = page.desk.here()
    assert stop is not None
    assert lib.row(session.library, Member, member.id).stop_id == stop.id


@pytest.mark.parametrize(("what", "title"), [("list", "فهرست امانت ده‌بالا"), ("packing", "فهرست بار کتابخانهٔ سیار")])
def test_the_papers_of_the_van_are_shown(page: RoutesPage, qtbot: QtBot, what: str, title: str) -> None:
    page.planning.list.view.choose_place(0)
    (page.planning.print_list if what == "list" else page.planning.print_packing)()
    qtbot.waitUntil(lambda: page.preview.pictures.count() == 1)
    assert page.preview.paper().title == title
    page.on_escape()
    assert page.planning.isVisible()


def test_a_parcel_is_asked_for_sent_and_arrives(page: RoutesPage, session: Session, qtbot: QtBot) -> None:
    member, copy = lib.add_member(session.library, address="ده‌دور، پلاک ۱"), lib.add_copy(session.library)
    page.show_part(POST)
    press(page, Qt.Key.Key_N)
    scan(page, member.card)
    scan(page, copy.barcode)
    page.posting.save_wish()
    scan(page, copy.barcode)
    page.posting.tracking.setText("۱۲۳")
    press(page, Qt.Key.Key_Return)
    (parcel,) = lib.rows(session.library, Dispatch)
    assert (parcel.state, parcel.tracking_no) == (DispatchState.SENT, "۱۲۳")
    page.posting.print_labels()
    qtbot.waitUntil(lambda: page.preview.pictures.count() == 1)
    page.on_escape()
    page.posting.list.view.choose_place(0)
    page.posting.arrived()
    assert lib.row(session.library, Dispatch, parcel.id).state is DispatchState.ARRIVED


def test_a_book_comes_back_by_post_as_of_its_post_mark(page: RoutesPage, session: Session) -> None:
    member, copy = lib.add_member(session.library, address="ده‌دور"), lib.add_copy(session.library)
    page.show_part(POST)
    page.posting.form.set_values({"member": member.card, "item": copy.barcode, "channel": "post"})
    page.posting.save_wish()
    page.posting.take(copy.barcode)
    page.posting.send()
    page.posting.posted_back()
    lib.pass_days(session.library, 20)
    page.posting.reload()
    coming = next(parcel for parcel in page.posting.list.table.shown_rows() if not parcel.outward)
    page.posting.list.view.choose(coming.id)
    page.posting.came_back()
    (loan,) = lib.rows(session.library, Loan)
    assert (loan.effective_in_on, loan.in_at is not None) == (TODAY, True)


def test_a_wish_without_an_address_is_told_under_its_field(page: RoutesPage, session: Session) -> None:
    member, copy = lib.add_member(session.library), lib.add_copy(session.library)
    page.posting.new_wish()
    page.posting.form.set_values({"member": member.card, "item": copy.barcode, "channel": "courier"})
    page.posting.save_wish()
    assert "نشانی" in page.posting.form.mistakes()["address"]
    page.posting.form.set_values({"member": "M-7777", "item": copy.barcode, "channel": "post"})
    page.posting.save_wish()
    assert "member" in page.posting.form.mistakes()
    assert lib.rows(session.library, Dispatch) == []


def test_every_part_has_its_key_and_its_help(page: RoutesPage) -> None:
    for key, place in ((Qt.Key.Key_2, DESK), (Qt.Key.Key_3, POST), (Qt.Key.Key_1, PLANNING)):
        press(page, key)
        assert page._lists.currentIndex() == place
    assert page.key_help()
    assert len(page.commands()) == 4
