from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.devices.scan import Flaw, Scan, Source, Unreadable
from app.members.cards import cards_of
from db.codes import CardState
from tests import library as lib
from tests.library import AMember
from tests.ui.sessions import heard, scan, session_on
from ui.circulation.words import FLAWS
from ui.members.page import MembersPage
from ui.session import Session
from ui.sounds import Sound

TAG = "0013161961"
ACTIVE, LOST, RETIRED = CardState.ACTIVE, CardState.LOST, CardState.RETIRED
CTRL = Qt.KeyboardModifier.ControlModifier
CTRL_SHIFT = CTRL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def members(session: Session) -> list[AMember]:
    return [
        lib.add_member(session.library, given_name="مریم", family_name="رضایی", card="M-1"),
        lib.add_member(session.library, given_name="زهرا", family_name="زند", card="M-2"),
    ]


@pytest.fixture
def page(session: Session, members: list[AMember], qtbot: QtBot) -> MembersPage:
    page = MembersPage(session)
    qtbot.addWidget(page)
    page.resize(1168, 735)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.on_shown()
    scan(page, "M-1")
    return page


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)


def touch(page: MembersPage, number: str) -> None:
    page.on_scan(Scan(number, Source.CARD, number))


def states(session: Session, member: AMember) -> dict[str, CardState]:
    with session.library.store.read() as reader:
        return {card.number: card.state for card in cards_of(reader, member.id)}


def shown(page: MembersPage) -> list[str]:
    return [card.number for card in page.people.cards.table.shown_rows()]


def words(page: MembersPage) -> str:
    return " ".join(label.text() for label in page.people.cards.findChildren(QLabel))


def test_a_card_is_given_by_touching_it(page: MembersPage, session: Session, members: list[AMember]) -> None:
    press(Qt.Key.Key_B, CTRL)
    assert page.people.cards.isVisible()
    assert "کارت را روی دستگاه بگذارید" in words(page)
    touch(page, TAG)
    assert states(session, members[0]) == {TAG: ACTIVE, "M-1": RETIRED}
    assert shown(page) == [TAG, "M-1"]
    assert TAG in page.banner.title()
    assert page.banner.offers_undo()
    assert heard(session)[-1] == Sound.CHECKED_IN


def test_after_one_card_the_next_one_touched_chooses_its_member(
    page: MembersPage, session: Session, members: list[AMember]
) -> None:
    page.people.show_cards()
    touch(page, TAG)
    touch(page, "M-2")
    found = page.people.details.chosen()
    assert found is not None
    assert found.name == "زهرا زند"
    assert not page.people.cards.isVisible()
    assert states(session, members[1]) == {"M-2": ACTIVE}


def test_a_card_of_somebody_else_and_the_label_of_a_book_are_refused_and_waiting_goes_on(
    page: MembersPage, session: Session, members: list[AMember]
) -> None:
    page.people.show_cards()
    for code, why in (("M-2", "عضو دیگری"), (lib.add_copy(session.library).barcode, "نسخهٔ کتاب")):
        scan(page, code)
        assert page.banner.title() == "کارت عوض نشد"
        assert why in page.banner.accessibleName()
        assert heard(session)[-1] == Sound.REFUSED
    assert states(session, members[0]) == {"M-1": ACTIVE}
    touch(page, TAG)
    assert states(session, members[0])[TAG] is ACTIVE


def test_undo_takes_the_card_back(page: MembersPage, session: Session, members: list[AMember]) -> None:
    page.people.show_cards()
    touch(page, TAG)
    page.undo()
    assert states(session, members[0]) == {"M-1": ACTIVE}
    assert shown(page) == ["M-1"]


def test_a_lost_card_is_blocked_and_freed_with_the_keyboard(
    page: MembersPage, session: Session, members: list[AMember]
) -> None:
    press(Qt.Key.Key_B, CTRL)
    press(Qt.Key.Key_M, CTRL_SHIFT)
    assert states(session, members[0]) == {"M-1": LOST}
    assert "بسته شد" in page.banner.title()
    assert not page.people.cards.lost.isEnabled()
    press(Qt.Key.Key_F, CTRL_SHIFT)
    assert states(session, members[0]) == {"M-1": ACTIVE}
    assert not page.people.cards.found.isEnabled()


def test_enter_loses_nothing(page: MembersPage, session: Session, members: list[AMember]) -> None:
    page.people.show_cards()
    page.people.cards.lost.setFocus()
    press(Qt.Key.Key_Return)
    assert states(session, members[0]) == {"M-1": ACTIVE}


def test_escape_brings_the_member_back_and_nothing_is_waited_for(
    page: MembersPage, session: Session, members: list[AMember]
) -> None:
    page.people.show_cards()
    page.on_escape()
    assert page.people.details.isVisible()
    touch(page, TAG)
    assert states(session, members[0]) == {"M-1": ACTIVE}
    assert page.banner.title() == "این شماره شناخته نشد"


def test_another_member_chosen_in_the_list_is_not_given_the_card(
    page: MembersPage, session: Session, members: list[AMember]
) -> None:
    page.people.show_cards()
    page.people.members.view.choose(members[1].id)
    assert not page.people.cards.waits()
    touch(page, TAG)
    assert all(TAG not in states(session, member) for member in members)


def test_without_a_member_there_are_no_cards(page: MembersPage) -> None:
    page.people.clear()
    page.people.show_cards()
    assert not page.people.cards.isVisible()


def test_an_unreadable_card_says_what_to_do_and_waiting_goes_on(page: MembersPage) -> None:
    page.people.show_cards()
    page.on_scan(Unreadable("0A00C8D5E9FF", Flaw.CHECKSUM))
    assert FLAWS[Flaw.CHECKSUM] in page.banner.accessibleName()
    assert page.people.cards.waits()
