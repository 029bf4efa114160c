import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.devices.scan import Flaw, Unreadable
from app.imports.lines import LineEnd
from app.imports.scans import Mode
from db.codes import Role
from db.models.circulation import Loan
from db.models.items import LocalUse
from db.models.library import Staff
from tests import library as lib
from tests.ui.sessions import heard, scan, session_on
from ui.scans.page import SIDE_FOLDER, ScansPage
from ui.scans.words import ENDS, KOC
from ui.session import Session
from ui.sounds import Sound

CTRL = Qt.KeyboardModifier.ControlModifier
WAIT_MS = 20_000
HEADING = "Version=1.0\tGenerator=kocOfflineCirc\tGeneratorVersion=2.4.0"


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        lib.add_member(session.library, card="M-1")
        for number in (1, 2, 3):
            lib.add_copy(session.library, f"کتاب {number}", barcode=f"B-{number}")
        yield session


@pytest.fixture
def page(session: Session, qtbot: QtBot) -> ScansPage:
    page = ScansPage(session)
    qtbot.addWidget(page)
    page.resize(1168, 735)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.on_shown()
    return page


def run(page: ScansPage, session: Session, qtbot: QtBot) -> list[LineEnd]:
    QTest.keyClick(page.work, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: not session.jobs.open_jobs(), timeout=WAIT_MS)
    return [report.result.end for report in page.results.table.shown_rows()]


def words(page: ScansPage) -> str:
    QApplication.processEvents()  # what was just put there is shown
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_an_empty_page_says_how_to_begin_and_can_do_nothing(page: ScansPage) -> None:
    assert "فایلی برگزینید" in words(page)
    assert not page.start.isEnabled()


def test_codes_are_collected_and_done_only_when_asked(page: ScansPage, session: Session, qtbot: QtBot) -> None:
    page.work.choose(Mode.CHECKOUT)
    for code in ("M-1", "B-1", "B-9", "B-2"):
        scan(page, code)
    assert "۴ کد گردآوری‌شده" in words(page)
    assert lib.rows(session.library, Loan) == []
    assert run(page, session, qtbot) == [LineEnd.READER, LineEnd.DONE, LineEnd.UNKNOWN, LineEnd.REFUSED]
    assert len(lib.rows(session.library, Loan)) == 1
    assert "برخی سطرها انجام نشد" in words(page)
    assert heard(session)[-1] == Sound.ATTENTION
    assert not page.start.isEnabled()


def test_a_file_is_taken_back_and_what_was_not_done_is_kept(
    page: ScansPage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "<b>scans.txt"
    path.write_text("B-1\nB-9\n", encoding="utf-8")
    page.ask_which = lambda _parent, _filter: path
    opened: list[Path] = []
    page.open_folder = opened.append
    page.choose.click()
    assert "<b>scans.txt" in words(page)
    assert run(page, session, qtbot) == [LineEnd.DONE, LineEnd.UNKNOWN]
    assert len(lib.rows(session.library, LocalUse)) == 1
    page.folder.click()
    assert opened == [tmp_path / SIDE_FOLDER]
    [side] = opened[0].glob("*.jsonl")
    assert json.loads(side.read_text("utf-8"))["raw"] == "B-9"


def test_an_offline_file_is_known_by_its_name(page: ScansPage, session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "branch.koc"
    path.write_text(f"{HEADING}\n{lib.TODAY} 08-00-00 100\tissue\tM-1\tB-1\n", encoding="utf-8")
    page.take_file(path)
    assert page.work.code() == KOC
    assert run(page, session, qtbot) == [LineEnd.DONE]
    assert "همهٔ سطرها انجام شد" in words(page)
    assert not page.folder.isVisible()


def test_collected_codes_are_no_offline_file(page: ScansPage) -> None:
    scan(page, "B-1")
    assert page.start.isEnabled()
    page.work.choose(KOC)
    page.work.activated.emit(page.work.currentIndex())
    assert not page.start.isEnabled()


def test_pasted_lines_are_collected_and_may_be_put_aside(page: ScansPage) -> None:
    QGuiApplication.clipboard().setText("B-1\nB-2\n")
    page.paste.click()
    assert "۲ کد گردآوری‌شده" in words(page)
    page.empty.click()
    assert not page.start.isEnabled()


def test_an_unreadable_code_is_told_and_not_collected(page: ScansPage, session: Session) -> None:
    page.on_scan(Unreadable("\x07<img>", Flaw.CONTROL_CHARACTER))
    assert "ناخوانا" in words(page)
    assert "<img>" not in words(page)
    assert not page.start.isEnabled()


def test_a_file_of_something_else_is_told_with_its_code(
    page: ScansPage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "branch.koc"
    path.write_bytes(b"%PDF-1.7")
    page.take_file(path)
    assert run(page, session, qtbot) == []
    assert "P-2102" in words(page)
    assert page.start.isEnabled()


def test_whoever_may_not_is_told(page: ScansPage, session: Session, qtbot: QtBot) -> None:
    with session.library.store.write() as tx:
        tx.insert(Staff, name="بازرس", role=Role.AUDITOR)
        tx.record("staff.added", session.act())
    session.person = session.library.person("بازرس")
    scan(page, "B-1")
    assert run(page, session, qtbot) == []
    assert "انجام نشد" in words(page)


def test_results_are_written_to_a_sheet(page: ScansPage, session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    scan(page, "B-1")
    run(page, session, qtbot)
    page.ask_where = lambda _parent, name: tmp_path / name
    page.export()
    [file] = tmp_path.glob("scans-*.xlsx")
    [sheet] = load_workbook(file).worksheets
    texts = [str(cell.value) for line in sheet.iter_rows() for cell in line]
    assert "انجام شد" in texts


def test_every_end_of_a_line_has_its_words() -> None:
    assert ENDS.keys() == set(LineEnd)
