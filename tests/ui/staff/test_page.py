"""The staff page on a real library."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.actions import Action
from app.staff.pins import PinBlocked, PinRight, verify_pin
from db.codes import Role
from db.models.library import Staff
from tests import library as lib
from tests.ui.sessions import heard, scan, session_on
from ui.session import Session
from ui.sounds import Sound
from ui.staff.page import StaffPage


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> StaffPage:
    made = StaffPage(session)
    qtbot.addWidget(made)
    made.resize(1168, 735)
    made.show()
    made.on_shown()
    return made


def enter(page: StaffPage, **values: str | bool | None) -> None:
    page.new_person()
    page.form.set_values({"role": "librarian", "active": True, **values})
    page.save_person()


def names(session: Session) -> list[str]:
    return [person.name for person in session.library.people()]


def test_a_person_is_registered_with_role_pin_and_the_card_that_was_touched(page: StaffPage, session: Session) -> None:
    page.new_person()
    page.form.set_values({"name": "نرگس بیات", "role": "trainee", "pin": "۲۷۱۸", "active": True})
    scan(page, "S-0001")
    page.save_person()
    person = lib.rows(session.library, Staff, name="نرگس بیات")[0]
    assert (person.role, person.card) == (Role.TRAINEE, "S-0001")
    assert verify_pin(session.library.store, person.id, "2718", session.act().stamp) == PinRight()
    assert page.banner.title() == "ثبت شد — \u2068نرگس بیات\u2069"
    assert page.people.table.total() == 2


def test_what_is_wrong_stands_under_its_field_and_nothing_is_kept(page: StaffPage, session: Session) -> None:
    enter(page, name="زهرا کریمی", pin="1234", card="S-1", member="M-404")
    assert set(page.form.mistakes()) == {"member"}
    enter(page, name="زهرا کریمی", pin="1234")
    assert set(page.form.mistakes()) == {"name", "pin"}
    enter(page, name="")
    assert set(page.form.mistakes()) == {"name"}
    assert names(session) == ["زهرا کریمی"]
    assert heard(session)[-1] == Sound.REFUSED


def test_a_person_is_changed_and_a_pin_left_empty_stays(page: StaffPage, session: Session) -> None:
    member = lib.add_member(session.library)
    enter(page, name="نرگس بیات", pin="2718", member=member.number)
    page.form.set_values({"name": "نرگس بیات", "role": "assistant", "member": member.number, "active": False})
    page.save_person()
    person = lib.rows(session.library, Staff, name="نرگس بیات")[0]
    assert (person.role, person.active, person.member_id) == (Role.ASSISTANT, False, member.id)
    assert person.pin_hash is not None
    assert page.form.values()["member"] == member.number


def test_a_blocked_pin_is_opened_again(page: StaffPage, session: Session) -> None:
    enter(page, name="نرگس بیات", pin="2718")
    person = lib.rows(session.library, Staff, name="نرگس بیات")[0]
    stamp = session.act().stamp
    for _ in range(4):
        outcome = verify_pin(session.library.store, person.id, "0000", stamp)
    assert isinstance(outcome, PinBlocked)
    page.let_try_again()
    assert verify_pin(session.library.store, person.id, "2718", stamp) == PinRight()


def test_a_tick_gives_a_role_a_permission_at_once(page: StaffPage, session: Session) -> None:
    page.permissions.role.choose("trainee")
    page.permissions.show_role()
    tick = page.permissions.ticks[Action.WAIVE]
    assert not tick.isChecked()
    tick.click()
    assert session.library.may(Role.TRAINEE, Action.WAIVE)
    tick.click()
    assert not session.library.may(Role.TRAINEE, Action.WAIVE)


def test_the_last_who_manages_the_staff_keeps_that(page: StaffPage, session: Session) -> None:
    page.permissions.ticks[Action.MANAGE_STAFF].click()
    assert page.permissions.ticks[Action.MANAGE_STAFF].isChecked()
    assert session.library.may(Role.HEAD, Action.MANAGE_STAFF)
    assert "مدیریت" in page.banner.title()
