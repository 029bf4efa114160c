"""A file of a memory scanner on the bench."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from db.codes import Condition, Role
from db.models.collection import MinutesRow
from tests import library as lib
from tests.ui.sessions import heard
from tests.ui.weeding.reading import CONTROL, SHIFT, on_worn, press, said, titles, words, worn_copies
from ui.session import Session
from ui.weeding.page import WeedingPage


def read(page: WeedingPage, path: Path, qtbot: QtBot) -> None:
    """Ctrl+O, this file, and its end."""
    page.file.ask_which = lambda _parent, _filter: path
    press(Qt.Key.Key_O, CONTROL)
    qtbot.waitUntil(lambda: not page.file.is_busy())
    QApplication.processEvents()  # what is told comes to the screen


def written(folder: Path, *lines: str) -> Path:
    path = folder / "scans.txt"
    path.write_text("\n".join(lines), "utf-8")
    return path


def ends(page: WeedingPage) -> list[str]:
    table = page.file.results.table
    return [str(table.row_at(place).result.end) for place in range(table.rowCount())]


def test_every_line_of_a_file_has_its_result(session: Session, page: WeedingPage, qtbot: QtBot, tmp_path: Path) -> None:
    copies = worn_copies(session, 3)
    sound = lib.add_copy(session.library, "سالم")
    lib.add_copy(session.library, sound.title_id)
    on_worn(page)
    lines = (copies[0].barcode, f"2026-11-21;{copies[1].barcode}", copies[0].barcode, sound.barcode, "RAF-999", "a b;c")
    read(page, written(tmp_path, *lines), qtbot)
    assert ends(page) == ["done", "done", "already_done", "refused", "not_found", "unreadable"]
    assert "۲ نوشته شد، ۱ از پیش بود، ۱ رد شد، ۱ ناشناس، ۱ ناخوانا" in words(page.file)
    assert len(lib.rows(session.library, MinutesRow)) == 2
    assert heard(session)[-1] == "attention"
    press(Qt.Key.Key_Escape)
    assert titles(page) == ["کتاب قدیمی 2", "کتاب قدیمی 1"]


def test_a_refused_line_is_asked_about_on_the_bench(
    session: Session, page: WeedingPage, qtbot: QtBot, tmp_path: Path
) -> None:
    sound = lib.add_copy(session.library, "سالم")
    lib.add_copy(session.library, sound.title_id)
    on_worn(page)
    read(page, written(tmp_path, sound.barcode), qtbot)
    press(Qt.Key.Key_Insert)
    assert page._stack.currentWidget() is page.drafts
    assert "«سالم» ثبت شده است" in words(page.drafts.panel)
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    assert titles(page) == ["سالم"]


def test_the_same_file_again_lists_nothing_twice(
    session: Session, page: WeedingPage, qtbot: QtBot, tmp_path: Path
) -> None:
    copies = worn_copies(session, 2)
    path = written(tmp_path, *(copy.barcode for copy in copies))
    on_worn(page)
    read(page, path, qtbot)
    press(Qt.Key.Key_Escape)
    read(page, path, qtbot)
    assert ends(page) == ["already_done", "already_done"]
    assert "همهٔ سطرها در فهرست است" in words(page.file)
    assert len(lib.rows(session.library, MinutesRow)) == 2


@pytest.mark.parametrize(("content", "told"), [(b"%PDF-1.7\n", "P-2102"), (b"", "P-2104")])
def test_what_is_no_list_of_scans_is_told_in_three_parts(
    content: bytes, told: str, session: Session, page: WeedingPage, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "paper.pdf"
    path.write_bytes(content)
    on_worn(page)
    read(page, path, qtbot)
    assert told in words(page.file)
    assert heard(session) == ["refused"]
    press(Qt.Key.Key_Escape)
    assert page.drafts.box.edit.hasFocus()


def test_hostile_lines_are_shown_letter_by_letter(
    session: Session, page: WeedingPage, qtbot: QtBot, tmp_path: Path
) -> None:
    lib.add_copy(session.library, "<img src=x> \u202e", condition=Condition.UNBINDABLE)
    path = tmp_path / "<b>scans.txt"
    path.write_text("1\n=cmd|'/c calc'!A1\n\u202e1\n" + "9" * 500, "utf-8")
    on_worn(page)
    read(page, path, qtbot)
    assert ends(page)[0] == "done"
    assert set(ends(page)[1:]) <= {"unreadable", "not_found"}
    assert {label.textFormat() for label in page.file.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_who_may_not_weed_reads_no_file(session: Session, page: WeedingPage, qtbot: QtBot, tmp_path: Path) -> None:
    copies = worn_copies(session, 1)
    session.person = type(session.person)(session.person.id, "علی", Role.ASSISTANT)
    on_worn(page)
    read(page, written(tmp_path, copies[0].barcode), qtbot)
    assert "از مسئول کتابخانه بخواهید." in words(page.file)
    assert lib.rows(session.library, MinutesRow) == []


def test_no_file_is_chosen(page: WeedingPage, qtbot: QtBot) -> None:
    page.file.ask_which = lambda _parent, _filter: None
    press(Qt.Key.Key_O, CONTROL)
    assert page._stack.currentWidget() is page.drafts
    assert said(page) == ""
