"""The holds page on a real library: scans, questions, lists, papers, keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.circulation.holds.queries import list_holds
from app.circulation.pulling import pull_copy
from app.devices.scan import Flaw, Unreadable
from app.library import Library
from db.codes import CardState, HoldState
from db.models.circulation import Hold
from db.models.members import MemberCard
from tests.app.circulation.holds.holding import expire, line_of, state, suspend, wait
from tests.library import (
    ACopy,
    AMember,
    act,
    add_copy,
    add_member,
    change,
    clock,
    found,
    lend,
    pass_days,
    put_policy,
    rows,
    take_back,
)
from tests.reports.reading import missing, raw_text
from tests.ui.sessions import heard, scan, session_on
from ui.holds.page import PULL, QUEUES, SHELF, HoldsPage
from ui.session import Session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    library = found(tmp_path)
    with session_on(library, tmp_path) as session:
        yield session


@pytest.fixture
def library(session: Session) -> Library:
    return session.library


@pytest.fixture
def member(library: Library) -> AMember:
    return add_member(library)


@pytest.fixture
def copy(library: Library) -> ACopy:
    return add_copy(library, "سووشون")


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> HoldsPage:
    page = HoldsPage(session)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    page.on_shown()
    return page


def again(page: HoldsPage, session: Session) -> None:
    """Rows changed behind the page; it comes to the front."""
    session.refresh.tell("holds")
    page.on_shown()


def press(page: HoldsPage, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(page.box.edit, key, modifier)


def write(edit: QLineEdit, text: str) -> None:
    """Type; QTest knows Latin letters only."""
    edit.setText(text)
    edit.textEdited.emit(text)


# Scans


def test_a_fetched_copy_is_set_aside_and_its_slip_is_at_hand(
    page: HoldsPage, session: Session, library: Library, member: AMember, copy: ACopy
) -> None:
    wait(library, member, copy)
    again(page, session)
    assert page.fetching.list.table.total() == 1
    assert not page.slip.isEnabled()
    scan(page, copy.barcode)
    assert page.banner.title().startswith("کنار بگذارید — «\u2068سووشون\u2069» برای")
    assert page.banner.offers_undo()
    assert heard(session) == ["attention"]
    assert (page.fetching.list.table.total(), page.shelf.list.table.total()) == (0, 1)
    assert page.box.edit.text() == ""
    page.slip.click()
    assert missing(("م. رضایی", "سووشون"), raw_text(page.preview.paper().pdf, "-raw")) == []
    page.on_escape()
    assert page.slip.isVisible()


def test_the_same_scan_again_says_where_it_stands(
    page: HoldsPage, library: Library, member: AMember, copy: ACopy
) -> None:
    wait(library, member, copy)
    scan(page, copy.barcode)
    scan(page, copy.barcode)
    assert page.banner.title().startswith("در قفسهٔ رزرو است")
    assert not page.banner.offers_undo()


def test_a_lent_copy_is_taken_back_and_its_slip_is_at_hand(
    page: HoldsPage, library: Library, member: AMember, copy: ACopy
) -> None:
    lend(library, add_member(library), copy)
    wait(library, member, copy)
    scan(page, copy.barcode)
    assert page.banner.title().startswith("بازگشت — ")
    assert page.slip.isEnabled()


def test_a_copy_nobody_waits_for_goes_back_to_its_place(page: HoldsPage, copy: ACopy) -> None:
    scan(page, copy.barcode)
    assert page.banner.title().startswith("به جای خود برگردانید")
    assert not page.slip.isEnabled()


def test_a_card_shows_what_its_reader_waits_for(
    page: HoldsPage, library: Library, member: AMember, copy: ACopy
) -> None:
    wait(library, add_member(library, given_name="رضا"), copy)
    wait(library, member, copy)
    scan(page, member.card)
    assert page.queues.shows_reader()
    assert [row[0] for row in page.queues.of_reader.sheet()[1:]] == ["۲"]
    assert page.banner.title().startswith("۱ رزرو به نام")
    assert not page.queues.up.isVisible()
    page.on_escape()
    assert not page.queues.shows_reader()


def test_a_reader_without_holds_is_told_how_to_begin(page: HoldsPage, member: AMember) -> None:
    scan(page, member.card)
    assert "رزروی ندارد" in page.banner.title()


def test_an_unknown_and_an_unreadable_code_are_refused(page: HoldsPage, session: Session) -> None:
    scan(page, "X-1")
    assert page.banner.title() == "این شماره شناخته نشد"
    page.on_scan(Unreadable("\x01", Flaw.CONTROL_CHARACTER))
    assert page.banner.title() == "بارکد ناخوانا"
    assert heard(session) == ["refused", "refused"]


def test_undo_brings_the_copy_back_to_the_list(page: HoldsPage, library: Library, member: AMember, copy: ACopy) -> None:
    hold = wait(library, member, copy)
    scan(page, copy.barcode)
    page.undo()
    assert page.banner.title() == "واگرد شد — کنار گذاشتن کتاب رزروشده"
    assert page.fetching.list.table.total() == 1
    assert state(library, hold) is HoldState.QUEUED


# The hold shelf


def test_the_shelf_shows_deadline_and_what_has_to_leave_it(
    page: HoldsPage, session: Session, library: Library, member: AMember, copy: ACopy
) -> None:
    wait(library, member, copy)
    scan(page, copy.barcode)
    page.show_part(SHELF)
    assert page.shelf.list.sheet()[1][3:] == ("۳ روز مانده", "خبر داده نشده")
    assert not page.shelf.back.isVisible()
    pass_days(library, 4)
    again(page, session)
    expire(library)
    again(page, session)
    assert page.shelf.list.table.total() == 0
    assert page.shelf.back.isVisible()
    assert page.shelf.back.table.total() == 1
    scan(page, copy.barcode)
    assert not page.shelf.back.isVisible()


def test_a_hold_is_cancelled_after_a_question_and_the_next_gets_the_slip(
    page: HoldsPage, session: Session, library: Library, member: AMember, copy: ACopy
) -> None:
    first = wait(library, member, copy)
    following = wait(library, add_member(library, given_name="رضا"), copy)
    pull_copy(library, copy.barcode, act(library))
    again(page, session)
    page.show_part(SHELF)
    assert not page.shelf.cancel.isEnabled()
    page.shelf.list.view.choose_place(0)
    page.shelf.cancel.click()
    assert page.deeds.is_asking()
    assert state(library, first) is HoldState.WAITING
    page.deeds.panel.chosen.emit("yes")
    assert (state(library, first), state(library, following)) == (HoldState.CANCELLED, HoldState.WAITING)
    assert "رضا" in page.banner._detail.text()
    page.show_part(PULL)
    page.slip.click()
    assert missing(("ر. رضایی",), raw_text(page.preview.paper().pdf, "-raw")) == []


def test_scans_wait_while_a_question_stands_and_do_not_answer_it(
    page: HoldsPage, library: Library, member: AMember, copy: ACopy
) -> None:
    hold = wait(library, member, copy)
    other = add_copy(library, "بوف کور")
    second = wait(library, add_member(library), other)
    scan(page, copy.barcode)
    page.show_part(SHELF)
    page.shelf.list.view.choose_place(0)
    page.shelf.cancel.click()
    scan(page, other.barcode)
    QTest.keyClick(page.deeds.panel, Qt.Key.Key_Return)
    assert page.deeds.is_asking()
    assert state(library, second) is HoldState.QUEUED
    page.on_escape()
    assert (state(library, hold), state(library, second)) == (HoldState.WAITING, HoldState.WAITING)


# The lines


def test_a_line_is_shown_with_places_and_moved_by_keys(
    page: HoldsPage, session: Session, library: Library, copy: ACopy
) -> None:
    lend(library, add_member(library), copy)
    holds = [wait(library, add_member(library, given_name=name), copy) for name in ("الف", "ب", "پ")]
    again(page, session)
    page.show_part(QUEUES)
    press(page, Qt.Key.Key_Down)
    assert page.queues.title() is not None
    assert [row[:2] for row in page.queues.line.sheet()[1:]] == [
        ("۱", "الف رضایی — عضو ۰۰۰۰۰۲"), ("۲", "ب رضایی — عضو ۰۰۰۰۰۳"), ("۳", "پ رضایی — عضو ۰۰۰۰۰۴"),
    ]  # fmt: skip
    press(page, Qt.Key.Key_Left)
    assert page.queues.hold() is not None
    assert not page.queues.up.isEnabled()
    QTest.keyClick(page.queues.line.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [one.id for one in line_of(library, copy)] == [holds[1], holds[0], holds[2]]
    assert page.queues.hold() is not None
    assert page.queues.hold().id == holds[0]  # type: ignore[union-attr]
    page.queues.down.click()
    assert not page.queues.down.isEnabled()
    assert [one.id for one in line_of(library, copy)] == [holds[1], holds[2], holds[0]]


def test_a_hold_is_suspended_until_a_day_and_resumed_by_the_same_key(
    page: HoldsPage, session: Session, library: Library, member: AMember, copy: ACopy
) -> None:
    hold = wait(library, member, copy)
    again(page, session)
    page.show_part(QUEUES)
    page.queues.titles.view.choose_place(0)
    page.queues.line.view.choose_place(0)
    page.queues.suspend.click()
    entry = page.deeds.panel.findChildren(type(page.placing.until))[0]
    entry.edit.setText("۱۴۰۵/۱۳/۴۵")
    page.deeds.panel.chosen.emit("yes")
    assert page.deeds.is_asking()
    entry.edit.setText("۱۴۰۵/۰۹/۱۵")
    page.deeds.panel.chosen.emit("yes")
    assert state(library, hold) is HoldState.SUSPENDED
    assert page.queues.line.sheet()[1][-1] == "معلق تا ۱۵ آذر"
    assert page.queues.suspend.text() == "از سر گرفتن"
    page.queues.suspend.click()
    assert state(library, hold) is HoldState.QUEUED


# A new hold


def test_a_hold_is_written_with_two_scans_and_a_key(
    page: HoldsPage, session: Session, library: Library, member: AMember, copy: ACopy
) -> None:
    page.new_hold()
    assert not page.placing.place.isEnabled()
    scan(page, member.card)
    assert page.placing.who.text() == "مریم رضایی"
    scan(page, copy.barcode)
    assert page.placing.what.text() == "سووشون"
    page.placing.submit()
    (hold,) = rows(library, Hold)
    assert (hold.member_id, hold.title_id, hold.only_this_item) == (member.id, copy.title_id, False)
    assert page.banner.title().startswith("رزرو شد")
    assert not page.placing.place.isEnabled()
    page.on_escape()
    assert page.fetching.list.table.total() == 1


def test_only_this_copy_and_only_until_a_day(page: HoldsPage, library: Library, member: AMember, copy: ACopy) -> None:
    page.new_hold()
    page.placing.take(member.card)
    assert not page.placing.only_copy.isVisible()
    page.placing.take(copy.barcode)
    page.placing.only_copy.setChecked(True)
    page.placing.until.edit.setText("۱۴۰۵/۱۰/۰۱")
    page.placing.submit()
    (hold,) = rows(library, Hold)
    assert (hold.item_id, hold.only_this_item, str(hold.wanted_until)) == (copy.id, True, "2026-12-22")


def test_reader_and_title_are_found_by_words(page: HoldsPage, library: Library, member: AMember, copy: ACopy) -> None:
    page.new_hold()
    seeker = page.placing.seeker
    for words in ("مریم", "سووشون"):
        write(seeker.box.edit, words)
        assert seeker.hits.table.total() == 1
        QTest.keyClick(seeker.box.edit, Qt.Key.Key_Return)
    assert (page.placing.who.text(), page.placing.what.text()) == ("مریم رضایی", "سووشون")
    assert seeker.hits.table.total() == 0


def test_of_several_hits_the_arrows_choose(page: HoldsPage, library: Library, copy: ACopy) -> None:
    add_copy(library, "سووشون در آینه")
    page.new_hold()
    seeker = page.placing.seeker
    write(seeker.box.edit, "سووشون")
    QTest.keyClick(seeker.box.edit, Qt.Key.Key_Return)
    assert seeker.box.edit.text() == "سووشون"
    QTest.keyClick(seeker.box.edit, Qt.Key.Key_Down)
    QTest.keyClick(seeker.box.edit, Qt.Key.Key_Return)
    assert page.placing.what.text() == "سووشون در آینه"
    write(seeker.box.edit, "نیست")
    QTest.keyClick(seeker.box.edit, Qt.Key.Key_Return)
    assert page.banner.title() == "این شماره شناخته نشد"


def test_a_refused_hold_shows_every_reason_and_is_placed_with_permission_and_reason(
    page: HoldsPage, library: Library, member: AMember, copy: ACopy
) -> None:
    put_policy(library, {"loan_days": 14, "max_holds": 0, "hold_on_shelf": False})
    page.new_hold()
    page.placing.take(member.card)
    page.placing.take(copy.barcode)
    page.placing.submit()
    assert page.placing.is_asking()
    page.placing.panel.chosen.emit("override")
    assert rows(library, Hold) == []
    entry = page.placing._entry
    assert entry is not None
    entry.edit.setText("پایان‌نامه")
    scan(page, add_member(library).card)
    assert page.placing.who.text() == "مریم رضایی"
    page.placing.panel.chosen.emit("override")
    assert len(rows(library, Hold)) == 1
    assert not page.placing.is_asking()


def test_what_nobody_may_lift_is_only_told(page: HoldsPage, library: Library, copy: ACopy) -> None:
    member = add_member(library, given_name="الف")
    wait(library, member, copy, this_copy=True)
    put_policy(library, {"loan_days": 14, "max_per_title": 5})
    clock(library).advance(seconds=3600)
    page.new_hold()
    page.placing.take(member.card)
    page.placing.take(copy.barcode)
    page.placing.only_copy.setChecked(True)
    page.placing.submit()
    assert page.placing.is_asking()
    page.on_escape()
    assert not page.placing.is_asking()
    assert page.placing.isVisible()


def test_a_lost_card_is_refused_though_its_reader_is_known(
    page: HoldsPage, library: Library, member: AMember, copy: ACopy
) -> None:
    (card,) = rows(library, MemberCard, number=member.card)
    change(library, MemberCard, card.id, state=CardState.LOST)
    page.new_hold()
    page.placing.take(member.card)
    page.placing.take(copy.barcode)
    page.placing.submit()
    assert page.placing.is_asking()
    assert rows(library, Hold) == []


# Paper and files


def test_both_lists_are_printed(page: HoldsPage, session: Session, library: Library, member: AMember) -> None:
    first, second = add_copy(library, "بوف کور"), add_copy(library, "سووشون")
    wait(library, member, first)
    wait(library, member, second)
    scan(page, first.barcode)
    page.fetching.print_list()
    assert missing(("سووشون", "برداشته شد"), raw_text(page.preview.paper().pdf, "-raw")) == []
    page.on_escape()
    page.show_part(SHELF)
    page.shelf.print_list()
    assert missing(("بوف کور",), raw_text(page.preview.paper().pdf, "-raw")) == []
    assert page.preview.paper().sheet_name == "hold-shelf-1405-08-30.xlsx"


def test_every_list_is_written_to_a_file(
    page: HoldsPage, session: Session, library: Library, member: AMember, copy: ACopy, tmp_path: Path
) -> None:
    wait(library, member, copy)
    again(page, session)
    names: list[str] = []

    def where(_: object, name: str) -> Path:
        names.append(name)
        return tmp_path / name

    page.saving.ask_where = where
    page.queues.titles.view.choose_place(0)
    shown = (page.fetching.list, page.shelf.list, page.queues.titles, page.queues.line, page.queues.of_reader)
    for each in shown:
        each.export_wanted.emit()
    assert len(set(names)) == 5
    assert all((tmp_path / name).stat().st_size > 3_000 for name in names)
    assert page.banner.title() == "ذخیره شد"


# The rest


def test_empty_lists_say_what_they_are_for(page: HoldsPage) -> None:
    for place in (PULL, SHELF, QUEUES):
        page.show_part(place)
    for view in (page.fetching.list.view, page.shelf.list.view, page.queues.titles.view):
        assert all(view._empty)


def test_every_key_is_in_the_overview_and_the_commands(page: HoldsPage, library: Library) -> None:
    assert {"Ctrl+N", "Ctrl+P", "Ctrl+Shift+P", "Ctrl+T", "Ctrl+Delete"} <= {each.key for each in page.key_help()}
    assert {action.key for action in page.commands()} >= {"Ctrl+N", "Ctrl+1", "Ctrl+2", "Ctrl+3"}
    for action in page.commands():
        action.run()
    with library.store.read() as reader:
        assert list_holds(reader) == []


def test_typing_a_number_acts_like_its_scan(page: HoldsPage, library: Library, member: AMember, copy: ACopy) -> None:
    wait(library, member, copy)
    write(page.box.edit, "۱")
    QTest.keyClick(page.box.edit, Qt.Key.Key_Return)
    assert page.banner.title().startswith("کنار بگذارید")


def test_a_suspended_reader_is_not_fetched_for(page: HoldsPage, session: Session, library: Library) -> None:
    copy = add_copy(library)
    suspend(library, wait(library, add_member(library), copy))
    again(page, session)
    assert page.fetching.list.table.total() == 0
    take = add_copy(library)
    lend(library, add_member(library), take)
    take_back(library, take)
    assert page.fetching.list.table.total() == 0
