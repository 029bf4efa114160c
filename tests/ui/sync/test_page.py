"""The page of synchronisation: how it stands, joining, conflicts, packages; by keyboard."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.conflicts.cases import open_cases
from app.demo.centre import know_centre, last_round_ended, open_demo_cases, open_two_machines_case
from app.outcome import Refused
from app.refusal import Refusal
from app.sync.branch.guarding import LIFTED
from app.sync.packages.receiving import Received
from app.sync.packages.up import Written
from db.models.members import Member
from db.trouble import Trouble
from tests import library as lib
from tests.ui.sessions import session_on
from ui.session import Session
from ui.sync import enrol_card, package_part
from ui.sync.page import CASES, PACKAGE, SyncPage
from ui.sync.watch import SyncWatch
from ui.widgets.labels import Label
from ui.widgets.notice import Notice

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    library = lib.found(tmp_path)
    for _ in range(2):
        lib.lend(library, lib.add_member(library), lib.add_copy(library))
    with session_on(library, tmp_path) as session:
        yield session


@pytest.fixture
def watch(session: Session) -> Iterator[SyncWatch]:
    made = SyncWatch(session)
    yield made
    made.close()


@pytest.fixture
def page(session: Session, watch: SyncWatch, qtbot: QtBot) -> SyncPage:
    made = SyncPage(session, watch)
    qtbot.addWidget(made)
    made.resize(1168, 735)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.on_shown()
    return made


def press(page: SyncPage, key: Qt.Key, modifier: Qt.KeyboardModifier = CTRL) -> None:
    QTest.keyClick(QApplication.focusWidget() or page, key, modifier)


def told(page: SyncPage) -> str:
    return page.banner.accessibleName()


def facts(page: SyncPage) -> dict[str, str]:
    return dict(page.state.facts.facts())


def test_a_library_without_a_centre_is_asked_to_join_and_nothing_else(page: SyncPage) -> None:
    assert page.state.enrol.isVisible()
    assert not page.state.now.isVisible()


def test_the_state_tells_what_waits_and_since_when(session: Session, page: SyncPage) -> None:
    know_centre(session.library, waiting=3, silent=dt.timedelta(days=6))
    lib.pass_days(session.library, 6)
    page.reload()
    assert facts(page)["صف"] == "۳ رویداد در صف، قدیمی‌ترین ۶ روز"
    assert not page.state.enrol.isVisible()


def test_trouble_of_the_last_round_is_told_in_three_parts(session: Session, page: SyncPage) -> None:
    know_centre(session.library, waiting=1)
    last_round_ended(session.library, "no_line")
    page.reload()
    notice = page.state.findChild(Notice)
    assert notice is not None
    words = [label.text() for label in notice.findChildren(Label)]
    assert words[0] == "تماس با مرکز برقرار نشد."
    assert "چیزی از دست نرفته است." in words[1]
    assert "بسته" in words[2]


def test_a_pull_that_would_remove_much_goes_on_only_after_a_yes(
    session: Session, page: SyncPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page.watch, "_start", lambda: None)
    know_centre(session.library)
    last_round_ended(session.library, "guarded", guarded=[["policy", "licensed_library", 240, 310]])
    page.reload()
    page.state.let.click()
    press(page, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
    page.on_escape()
    assert not page.state.panel.is_open()
    with session.library.store.read() as reader:
        assert LIFTED.read(reader) == {}
    page.state.let.click()
    page.state.panel.chosen.emit("yes")
    with session.library.store.read() as reader:
        assert set(LIFTED.read(reader)) == {"policy"}


def test_both_stories_of_a_conflict_are_shown_and_a_decision_ends_it(session: Session, page: SyncPage) -> None:
    know_centre(session.library)
    open_demo_cases(session.library)
    page.reload()
    press(page, Qt.Key.Key_2)
    assert page._lists.currentIndex() == CASES
    assert len(page.cases.buttons) == 1  # over the limit: only to be seen
    page.cases.buttons[0].click()
    with session.library.store.read() as reader:
        assert len(open_cases(reader)) == 2
    assert "تصمیم ثبت شد" in told(page)


def test_what_another_machine_wrote_is_read_beside_what_stands_and_taken_by_keyboard(
    session: Session, page: SyncPage
) -> None:
    know_centre(session.library)
    member = open_two_machines_case(session.library)
    page.reload()
    press(page, Qt.Key.Key_2)
    *_, stands, other = (
        [label.text() for label in notice.findChildren(Label)] for notice in page.cases.side.findChildren(Notice)
    )
    assert "نام خانوادگی: رضایی" in stands
    assert any(line.startswith("نوشتهٔ این رایانه، میز ۱") for line in stands)
    assert {"نام خانوادگی: رضایی‌نیا", "تاریخ تولد: ۱۳۷۰/۱۲/۳۰", "کد ملی: ۰۴۹۹۳۷۰۸۹۹"} <= set(other)
    assert any(line.startswith("نوشتهٔ رایانهٔ دیگر همین کتابخانه، میز ۲") for line in other)
    assert [button.text() for button in page.cases.buttons] == ["آنچه هست بماند", "آن یکی درست است"]
    assert [tick.text() for tick in page.cases.ticks.values()] == ["نام خانوادگی", "کد ملی", "تاریخ تولد"]
    born = lib.row(session.library, Member, member).birth_date
    page.cases.ticks["birth_date"].setFocus()
    press(page, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    press(page, Qt.Key.Key_2, CTRL | SHIFT)
    stored = lib.row(session.library, Member, member)
    assert (stored.family_name, stored.birth_date, stored.national_id) == ("رضایی‌نیا", born, "0499370899")
    assert page.cases.buttons == ()


def test_of_the_other_side_something_must_be_ticked_to_be_taken(session: Session, page: SyncPage) -> None:
    know_centre(session.library)
    open_two_machines_case(session.library)
    page.reload()
    for tick in page.cases.ticks.values():
        tick.setChecked(False)
    keep, take = page.cases.buttons
    assert (keep.isEnabled(), take.isEnabled()) == (True, False)


def test_without_a_case_the_list_says_what_it_is_for(page: SyncPage) -> None:
    page.show_part(CASES)
    assert page.cases.buttons == ()
    assert not page.cases.side.isVisible()


def test_joining_asks_for_address_and_code_and_says_what_is_refused(
    page: SyncPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.state.enrol.button.click()
    assert set(page.state.enrol.form.mistakes()) == {"url", "code"}
    asked: list[Any] = []

    def join(*values: Any) -> Refused:
        asked.append(values[1:3])
        return Refused((Refusal("enrol.fingerprint"),))

    monkeypatch.setattr(enrol_card, "join", join)
    page.state.enrol.form.set_values({"url": "https://markaz.example", "code": "7K4MQ2XW9TAB"})
    page.state.enrol.button.click()
    qtbot.waitUntil(page.state.enrol.banner.isVisible)
    assert asked == [("https://markaz.example", "7K4MQ2XW9TAB")]
    assert page.state.enrol.button.isEnabled()


def test_a_line_that_is_not_there_is_told_and_may_be_tried_again(
    page: SyncPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def join(*_: Any) -> Refused:
        raise Trouble("P-2416")

    monkeypatch.setattr(enrol_card, "join", join)
    page.state.enrol.form.set_values({"url": "https://markaz.example", "code": "7K4MQ2XW9TAB"})
    page.state.enrol.button.click()
    qtbot.waitUntil(page.state.enrol.banner.isVisible)
    assert "تماس با مرکز برقرار نشد" in page.state.enrol.banner.accessibleName()


def test_a_package_is_written_and_its_receipt_taken_in(
    page: SyncPage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page.show_part(PACKAGE)
    monkeypatch.setattr(
        package_part, "export_packages", lambda *_: (Written(tmp_path / "a-1-2-3.psu", 14, 1, 14, 900),)
    )
    page.package.ask_folder = lambda _: tmp_path
    press(page, Qt.Key.Key_E)
    qtbot.waitUntil(lambda: "۱۴ رویداد" in told(page))
    (tmp_path / "back.psu").write_bytes(b"-")
    monkeypatch.setattr(package_part, "receive", lambda *_, **__: Received(acked=14, rows=3))
    page.package.ask_which = lambda *_: tmp_path / "back.psu"
    press(page, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: "۳ ردیف دریافت شد" in told(page))


def test_a_damaged_package_is_told_and_nothing_is_lost(
    session: Session, page: SyncPage, qtbot: QtBot, tmp_path: Path
) -> None:
    know_centre(session.library)
    page.show_part(PACKAGE)
    (tmp_path / "bad.psu").write_bytes(b"not a package")
    page.package.ask_which = lambda *_: tmp_path / "bad.psu"
    press(page, Qt.Key.Key_O)
    qtbot.waitUntil(lambda: "آسیب دیده" in told(page))
    assert page.package.back.isEnabled()
