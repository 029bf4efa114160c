"""Whose signed answers are believed: added and taken away from the settings page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.library import Person
from app.weeding.minutes.ruling_file import TrustedKey, trust_key, trusted_keys
from db.codes import Role, RulingLevel
from tests import library as lib
from tests.ui.sessions import heard, session_on
from ui.session import Session
from ui.settings.page import SettingsPage
from ui.settings.signers_card import SignersCard, grouped

COUNTY, PROVINCE = RulingLevel.COUNTY, RulingLevel.PROVINCE
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
KEY = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> SettingsPage:
    made = SettingsPage(session, lambda _: None)
    qtbot.addWidget(made)
    made.resize(1168, 735)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.on_shown()
    return made


@pytest.fixture
def card(page: SettingsPage) -> SignersCard:
    return page.library.signers


def press(page: SettingsPage, key: Qt.Key, modifiers: Qt.KeyboardModifier = CONTROL) -> None:
    QTest.keyClick(QApplication.focusWidget() or page, key, modifiers)


def trusted(session: Session) -> dict[str, TrustedKey]:
    with session.library.store.read() as reader:
        return dict(trusted_keys(reader))


def trust(session: Session, card: SignersCard, name: str = "ادارهٔ آوج") -> None:
    trust_key(session.library, KEY, name, frozenset({COUNTY, PROVINCE}), session.act())
    card.show_signers()


def words(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def shown(card: SignersCard) -> list[tuple[str, str]]:
    table = card.list.table
    return [(table.cell(place, 0).text, table.cell(place, 0).sub) for place in range(table.rowCount())]


def test_a_key_is_pasted_with_name_and_levels(page: SettingsPage, session: Session, card: SignersCard) -> None:
    press(page, Qt.Key.Key_G)
    assert card.is_open()
    card.form.set_values({"name": "ادارهٔ آوج", "key": f"  {grouped(KEY.upper())}\n", "county": True, "province": True})
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    assert trusted(session) == {}
    press(page, Qt.Key.Key_G, CONTROL | SHIFT)
    assert trusted(session) == {KEY: TrustedKey("ادارهٔ آوج", frozenset({COUNTY, PROVINCE}))}
    assert not card.is_open()
    assert shown(card) == [("ادارهٔ آوج", "ادارهٔ شهرستان، ادارهٔ کل استان")]
    assert "از این پس پذیرفته می‌شود" in card.banner.title()


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({}, {"name", "key", "county"}),
        ({"name": "اداره", "key": KEY}, {"county"}),
        ({"name": "اداره", "key": "12 34", "county": True}, {"key"}),
        ({"name": "\u200c", "key": "g" * 64, "county": True}, {"name"}),
    ],
)
def test_what_is_wrong_is_told_in_its_place(
    page: SettingsPage, session: Session, card: SignersCard, values: dict[str, str | bool], wrong: set[str]
) -> None:
    card.begin()
    card.form.set_values(values)
    card.save_form()
    assert set(card.form.mistakes()) == wrong
    assert heard(session)[-1] == "refused"
    assert trusted(session) == {}
    page.on_escape()
    assert not card.is_open()


def test_a_key_is_taken_away_after_a_question_that_enter_does_not_answer(
    page: SettingsPage, session: Session, card: SignersCard
) -> None:
    trust(session, card)
    press(page, Qt.Key.Key_Delete)
    assert card.panel.is_open()
    assert grouped(KEY) in words(card.panel)
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)
    press(page, Qt.Key.Key_Return)
    page.on_escape()
    assert not card.panel.is_open()
    press(page, Qt.Key.Key_Delete)
    card.panel.chosen.emit("close")
    assert not card.panel.is_open()
    assert list(trusted(session)) == [KEY]
    press(page, Qt.Key.Key_Delete)
    press(page, Qt.Key.Key_Y, CONTROL | SHIFT)
    assert trusted(session) == {}
    assert "برداشته شد" in card.banner.title()
    assert not card.remove.isEnabled()


def test_who_may_not_change_the_library_changes_no_key(page: SettingsPage, session: Session, card: SignersCard) -> None:
    trust(session, card)
    session.person = Person(session.person.id, "نرگس", Role.LIBRARIAN)
    card.ask()
    press(page, Qt.Key.Key_Y, CONTROL | SHIFT)
    assert list(trusted(session)) == [KEY]
    assert "در اختیار کاربر کنونی نیست" in card.banner.title()
    card.begin()
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    card.form.set_values({"name": "دیگری", "key": other, "county": True})
    card.save_form()
    assert card.is_open()
    assert list(trusted(session)) == [KEY]


def test_a_hostile_name_is_shown_letter_by_letter(session: Session, card: SignersCard) -> None:
    trust(session, card, "<b>اداره</b> \u202e")
    card.ask()
    assert "<b>اداره</b>" in words(card.panel)
    assert {label.textFormat() for label in card.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_the_command_search_adds_a_key(page: SettingsPage, card: SignersCard) -> None:
    (found,) = (action for action in page.commands() if action.title == "افزودن کلید امضای یک اداره")
    found.run()
    assert found.key == "Ctrl+G"
    assert card.is_open()
