import ast
from collections import Counter
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from db.trouble import Trouble
from ui.keys import COMMANDS, LOCK, OVERVIEW, SWITCH, UNDO, KeyHelp
from ui.page import Action, Group, Page, PageSpec
from ui.status import StatusLine
from ui.theme import Tone
from ui.widgets.layouts import column
from ui.widgets.search_box import SearchBox
from ui.window import MainWindow

pytestmark = pytest.mark.usefixtures("dressed")


class DeskPage(Page):
    """A page that counts what it is asked."""

    def __init__(self, calls: Counter[str]) -> None:
        super().__init__()
        self.calls = calls
        self.box = SearchBox("اسکن کنید")
        self.setLayout(column(self.box, None))
        calls["made"] += 1

    def on_shown(self) -> None:
        self.calls["shown"] += 1
        self.box.setFocus()

    def on_escape(self) -> None:
        self.calls["escape"] += 1

    def undo(self) -> None:
        self.calls["undo"] += 1

    def key_help(self) -> tuple[KeyHelp, ...]:
        return (KeyHelp("F9", "دریافت وجه"),)

    def commands(self) -> tuple[Action, ...]:
        return (Action("تمدید همه", lambda: self.calls.update(["renew"]), "F10"),)


@pytest.fixture
def calls() -> Counter[str]:
    return Counter()


@pytest.fixture
def window(qtbot: QtBot, calls: Counter[str]) -> MainWindow:
    pages = (
        PageSpec("desk", "میز امانت", "arrows-exchange", "F1", Group.DESK, lambda: DeskPage(calls)),
        PageSpec("members", "اعضا", "users", "F2", Group.DESK, Page),
        PageSpec("settings", "تنظیمات", "settings", "", Group.LAST, Page),
    )
    made = MainWindow(pages, StatusLine(), "کتابخانه شهید بهشتی")
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.open_page("desk")
    return made


def desk(window: MainWindow) -> DeskPage:
    page = window.current_page()
    assert isinstance(page, DeskPage)
    return page


def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifier)


def test_pages_are_made_when_first_shown_and_kept(window: MainWindow, calls: Counter[str]) -> None:
    assert not window.is_made("members")
    press(Qt.Key.Key_F2)
    assert window.current_key() == "members"
    assert window.is_made("members")
    press(Qt.Key.Key_F1)
    assert calls == {"made": 1, "shown": 2}


def test_the_scan_box_has_the_focus_after_every_change_of_page(window: MainWindow) -> None:
    page = desk(window)
    window.open_page("members")
    window.open_page("desk")

    assert page.box.edit.hasFocus()


def test_escape_and_undo_reach_the_page_from_inside_the_scan_box(window: MainWindow, calls: Counter[str]) -> None:
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert (calls["escape"], calls["undo"]) == (1, 1)


def test_undo_belongs_to_the_box_while_something_is_typed(window: MainWindow, calls: Counter[str]) -> None:
    QTest.keyClicks(desk(window).box.edit, "abc")
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert calls["undo"] == 0
    assert desk(window).box.edit.text() == ""


def test_a_page_without_the_protocol_is_left_in_peace(window: MainWindow) -> None:
    window.open_page("settings")
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)

    assert window.current_key() == "settings"


def test_the_command_search_finds_pages_and_actions_and_enter_runs_them(
    window: MainWindow, calls: Counter[str]
) -> None:
    press(Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    search = window._commands
    assert search.isVisible()
    assert [action.title for action in search.offered()] == ["تمدید همه", "میز امانت", "اعضا", "تنظیمات"]
    search.edit.setText("تمديد")
    press(Qt.Key.Key_Return)
    assert calls["renew"] == 1
    assert not search.isVisible()
    assert desk(window).box.edit.hasFocus()


def test_arrows_move_through_the_commands(window: MainWindow) -> None:
    window.search_commands()
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)

    assert window.current_key() == "members"


def test_escape_closes_the_search_before_it_reaches_the_page(window: MainWindow, calls: Counter[str]) -> None:
    window.search_commands()
    press(Qt.Key.Key_Escape)

    assert not window._commands.isVisible()
    assert calls["escape"] == 0


@pytest.mark.parametrize("key", [Qt.Key.Key_F12, Qt.Key.Key_Question])
def test_the_keys_are_shown_and_go_away(window: MainWindow, key: Qt.Key) -> None:
    press(key)
    overview = window._overview
    assert overview is not None
    words = [label.text() for label in overview.findChildren(QLabel)]
    assert "دریافت وجه" in words
    assert "اعضا" in words
    press(Qt.Key.Key_Escape)
    assert window._overview is None


def test_a_question_mark_inside_a_text_is_a_letter(window: MainWindow) -> None:
    QTest.keyClicks(desk(window).box.edit, "ab?")

    assert desk(window).box.edit.text() == "ab?"
    assert window._overview is None


def test_the_navigation_stands_at_the_right_and_shrinks_on_a_narrow_screen(window: MainWindow) -> None:
    nav = window.navigation
    assert nav.mapTo(window, QPoint(nav.width(), 0)).x() == window.width()
    assert nav.width() == 198
    window.resize(1000, 700)
    assert nav.width() == 64
    window.resize(1366, 768)
    assert nav.width() == 198


def test_trouble_is_told_at_the_foot_of_the_page_and_the_desk_goes_on(window: MainWindow) -> None:
    window.show_error(Trouble("P-4104"))
    assert window.troubles.isVisible()
    assert window.troubles.shown_code() == "P-4104"
    assert desk(window).box.edit.hasFocus()
    press(Qt.Key.Key_Return)
    assert window.troubles.isVisible()
    window.show_error(KeyError("bug"))
    assert window.troubles.shown_code() == "P-1701"


def test_devices_are_told_in_words(qtbot: QtBot) -> None:
    status = StatusLine()
    qtbot.addWidget(status)
    status.set_device("scanner", "اسکنر متصل", Tone.OK)
    status.set_device("scanner", "اسکنر قطع است", Tone.REFUSE)

    assert status.device_text("scanner") == "اسکنر قطع است"
    assert status.device_text("card") == ""


def test_no_page_gives_a_key_of_the_window_another_meaning() -> None:
    own = {SWITCH, LOCK, COMMANDS, UNDO, OVERVIEW}
    ui = Path(__file__).parents[2] / "ui"
    named = {
        (path.name, node.value)
        for path in ui.rglob("*.py")
        if path.name != "keys.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in own
    }
    assert named == set()


def test_no_page_gives_the_key_of_another_page_another_meaning() -> None:
    """A key bound twice does neither. F9 of the desk opens the page with the reader on screen; the card of the day says
    which keys lead from its figures to their pages."""
    ui = Path(__file__).parents[2] / "ui"
    specs = [
        node
        for node in ast.walk(ast.parse((ui / "app.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "PageSpec"
    ]
    opening = {str(spec.args[3].value) for spec in specs if isinstance(spec.args[3], ast.Constant)} - {""}
    named = {
        (path.name, node.value)
        for path in ui.rglob("*.py")
        if path.name not in ("app.py", "day_card.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in opening
    }
    assert len(opening) > 15
    assert named == {("desk_keys.py", "F9")}
