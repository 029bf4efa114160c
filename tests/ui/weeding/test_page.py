import hashlib
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.check import check_library
from app.items.form import ItemForm
from app.items.writing import register_item, shelved_title
from app.papers import document
from app.persian import jalali
from app.weeding.queries import archive
from db.codes import Condition, MinutesState, Role, WeedingReason
from db.models.collection import Document, Minutes
from reports.preview import page_count
from tests import library as lib
from tests.reports.reading import missing, raw_text
from tests.ui.sessions import heard, scan
from tests.ui.weeding.reading import (
    CONTROL,
    freeze,
    on_worn,
    press,
    said,
    scan_all,
    settle,
    titles,
    words,
    worn_copies,
)
from ui.session import Session
from ui.weeding.page import WeedingPage
from ui.weeding.way import step_of, steps_of
from ui.widgets.buttons import Button
from ui.window import MainWindow


def in_front(page: WeedingPage) -> QWidget:
    shown = page._stack.currentWidget()
    assert shown is not None
    return shown


def frozen_bytes(session: Session) -> tuple[bytes, bytes]:
    """The two files of the newest minutes, as the store keeps them."""
    with session.library.store.read() as reader:
        newest = archive(reader)[0]
        pdf, sheet = document(reader, newest.document_id), document(reader, newest.sheet_id)
    assert pdf is not None
    assert sheet is not None
    return pdf.content, sheet.content


def list_worn(session: Session, page: WeedingPage, number: int = 12) -> list[lib.ACopy]:
    copies = worn_copies(session, number)
    on_worn(page)
    scan_all(page, copies)
    return copies


def test_freezing_is_asked_about_and_enter_alone_never_answers(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    list_worn(session, page)
    press(Qt.Key.Key_P, CONTROL)
    told = words(page.drafts.freeze_panel)
    assert "صورتجلسهٔ ۲ · فرسوده نهایی شود؟" in told
    assert "۱۲ نسخه" in told
    assert "شماره می‌گیرد و دیگر تغییر نمی‌کند" in told
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        press(key)
        (yes,) = [found for found in page.drafts.freeze_panel.findChildren(Button) if found.key() == "Ctrl+Enter"]
        QTest.keyClick(yes, key)
    assert page.drafts.freeze_panel.is_open()
    assert lib.rows(session.library, Document) == []
    press(Qt.Key.Key_Escape)
    assert not page.drafts.freeze_panel.is_open()
    assert lib.rows(session.library, Document) == []
    assert page.drafts.box.edit.hasFocus()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_twelve_worn_copies_become_numbered_minutes_on_paper(
    key: Qt.Key, session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    copies = list_worn(session, page)
    press(Qt.Key.Key_P, CONTROL)
    with qtbot.waitSignal(page.drafts.finishing.frozen) as frozen:
        press(key, CONTROL)
    assert (frozen.args[0].number, frozen.args[0].rows) == ("1405/1", 12)
    assert in_front(page) is page.preview
    settle(page, qtbot)
    pdf, sheet = frozen_bytes(session)
    assert page.preview.paper().pdf == pdf
    assert page_count(pdf) == 1
    wanted = ["۱۴۰۵/۱", "تعداد ۱۲ نسخه", "صورتجلسه ی وجین منابع فرسوده", jalali.short(lib.TODAY), "کتاب قدیمی 1"]
    assert missing(wanted, raw_text(pdf, "-raw")) == []
    assert sheet.startswith(b"PK")
    assert heard(session)[-1] == "checked_out"
    assert "صورتجلسهٔ ۱۴۰۵/۱ نهایی شد" in words(page.preview)
    (minutes,) = lib.rows(session.library, Minutes)
    assert minutes.state == MinutesState.FINALISED
    press(Qt.Key.Key_Escape)
    assert in_front(page) is page.drafts
    assert titles(page) == []
    assert "۱۴۰۵/۱ آمادهٔ ارسال" in page.drafts.tiles.told(WeedingReason.WORN)
    scan(page, copies[0].barcode)
    assert titles(page) == []  # it stands on the minutes just frozen
    assert check_library(session.library).broken == ()


def test_the_archive_shows_the_minutes_and_reprints_the_very_bytes(
    session: Session, page: WeedingPage, qtbot: QtBot, tmp_path: Path
) -> None:
    list_worn(session, page, 3)
    freeze(page, qtbot)
    press(Qt.Key.Key_Escape)
    on_worn(page)
    scan_all(page, [lib.add_copy(session.library, "دیگر", condition=Condition.UNBINDABLE)])
    freeze(page, qtbot)
    press(Qt.Key.Key_Escape)
    press(Qt.Key.Key_B, CONTROL)
    shown = page.archive.list
    assert [shown.table.texts(place)[:5] for place in range(2)] == [
        ("۱۴۰۵/۲", "صورتجلسهٔ ۲ · فرسوده", "۳۰ آبان ۱۴۰۵", "۱", "۱"),
        ("۱۴۰۵/۱", "صورتجلسهٔ ۲ · فرسوده", "۳۰ آبان ۱۴۰۵", "۳", "۱"),
    ]
    library = session.library
    steps = steps_of(library.guideline.terms, library.branch.kind)
    assert page.archive.steps.accessibleName() == f"مرحله: ۲ {steps[1]}"
    shown.view.choose_place(1)
    press(Qt.Key.Key_O, CONTROL)
    settle(page, qtbot)

    def where(_parent: QWidget, name: str) -> Path:
        return tmp_path / name

    page.preview.saving.ask_where = where
    press(Qt.Key.Key_S, CONTROL)
    press(Qt.Key.Key_E, CONTROL)
    with session.library.store.read() as reader:
        minutes = archive(reader)[1]
        kept = [document(reader, paper) for paper in (minutes.document_id, minutes.sheet_id)]
    for paper in kept:
        assert paper is not None
        saved = (tmp_path / paper.file_name).read_bytes()
        assert saved == paper.content
        assert hashlib.sha256(saved).hexdigest() == paper.sha256
    assert (tmp_path / "weeding_worn-1405-1.pdf").exists()
    assert (tmp_path / "weeding_worn-1405-1.xlsx").exists()
    press(Qt.Key.Key_Escape)
    assert in_front(page) is page.archive
    press(Qt.Key.Key_Escape)
    assert in_front(page) is page.drafts


def test_an_empty_draft_is_not_frozen(session: Session, page: WeedingPage) -> None:
    on_worn(page)
    press(Qt.Key.Key_P, CONTROL)
    assert not page.drafts.freeze_panel.is_open()
    assert said(page) == "این صورتجلسه هنوز ردیفی ندارد"


def test_the_preview_of_a_draft_keeps_nothing(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    list_worn(session, page, 3)
    with qtbot.waitSignal(page.drafts.finishing.ended):
        press(Qt.Key.Key_D, CONTROL)
    settle(page, qtbot)
    assert in_front(page) is page.preview
    assert "پیش‌نویس است" in words(page.preview)
    assert missing(["پیش‌نویس"], raw_text(page.preview.paper().pdf, "-raw")) == []
    assert lib.rows(session.library, Document) == []
    press(Qt.Key.Key_Escape)
    assert len(titles(page)) == 3


def test_the_preview_of_nothing_says_so(page: WeedingPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.drafts.finishing.ended):
        press(Qt.Key.Key_D, CONTROL)
    assert in_front(page) is page.drafts
    assert said(page) == "این صورتجلسه هنوز ردیفی ندارد"


def test_a_scan_leads_back_from_the_paper_to_the_list(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    copies = worn_copies(session, 2)
    on_worn(page)
    scan(page, copies[0].barcode)
    with qtbot.waitSignal(page.drafts.finishing.ended):
        press(Qt.Key.Key_D, CONTROL)
    scan(page, copies[1].barcode)
    assert in_front(page) is page.drafts
    assert len(titles(page)) == 2
    page.show_archive()
    scan(page, copies[1].barcode)
    assert in_front(page) is page.drafts
    assert said(page).startswith("از پیش در همین فهرست است")


def test_scans_wait_while_minutes_are_frozen_and_go_on_the_next_draft(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    copies = worn_copies(session, 4)
    on_worn(page)
    scan_all(page, copies[:2])
    press(Qt.Key.Key_P, CONTROL)
    scan(page, copies[2].barcode)  # the question stands
    assert page.drafts.freeze_panel._waiting.text() == "۱ اسکن در نوبت است"
    with qtbot.waitSignal(page.drafts.finishing.ended):
        press(Qt.Key.Key_Return, CONTROL)
        scan(page, copies[3].barcode)  # the paper is being made
        assert "۲ اسکن در نوبت" in page.drafts.box._waiting.text()
    assert in_front(page) is page.drafts
    assert titles(page) == ["کتاب قدیمی 4", "کتاب قدیمی 3"]
    with session.library.store.read() as reader:
        assert [minutes.copies for minutes in archive(reader)] == [2]


def test_who_may_not_freeze_is_told_so(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    list_worn(session, page, 1)
    session.person = type(session.person)(session.person.id, "علی", Role.LIBRARIAN)
    freeze(page, qtbot)
    assert "از مسئول کتابخانه بخواهید." in words(page.drafts.freeze_panel)
    assert lib.rows(session.library, Document) == []
    press(Qt.Key.Key_Escape)
    assert not page.drafts.freeze_panel.is_open()
    assert len(titles(page)) == 1


def test_hundreds_of_copies_are_frozen_while_the_window_answers(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    title = lib.add_copy(session.library, "پرنسخه", condition=Condition.UNBINDABLE).title_id
    with session.library.store.write() as tx:
        shelved = shelved_title(tx, title)
        assert shelved is not None
        for _ in range(250):
            register_item(tx, shelved, ItemForm(condition=Condition.UNBINDABLE), lib.TODAY, "")
        tx.record("test.items", lib.act(session.library))
    on_worn(page)
    for number in range(1, 252):
        scan(page, str(number))
    assert page.drafts.listed() == 251
    ticks: list[float] = []
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start()
    freeze(page, qtbot)
    timer.stop()
    assert ticks  # the paper is made elsewhere: were it made here, the timer would not run once
    settle(page, qtbot)
    assert page.preview.pictures.count() > 5


def test_undo_does_not_reach_frozen_minutes(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    list_worn(session, page, 2)
    freeze(page, qtbot)
    press(Qt.Key.Key_Z, CONTROL)
    assert in_front(page) is page.drafts
    assert "واگرد نمی‌شود" in said(page)
    with session.library.store.read() as reader:
        assert [minutes.copies for minutes in archive(reader)] == [2]


def test_lists_are_saved_for_excel(session: Session, page: WeedingPage, tmp_path: Path) -> None:
    list_worn(session, page, 2)

    def where(_parent: QWidget, name: str) -> Path:
        return tmp_path / name

    page.drafts.saving.ask_where = page.archive.saving.ask_where = where
    page.drafts.list.export_wanted.emit()
    assert (tmp_path / "worn-1405-08-30.xlsx").read_bytes().startswith(b"PK")
    page.show_archive()
    page.archive.list.export_wanted.emit()
    assert (tmp_path / "weeding-archive.xlsx").read_bytes().startswith(b"PK")


def test_every_state_of_minutes_has_its_step() -> None:
    steps = [step_of(state) for state in MinutesState]
    assert step_of(MinutesState.DRAFT) == 0
    assert step_of(MinutesState.FINALISED) == 1
    assert max(steps) == 4


def test_keys_and_commands_are_told(page: WeedingPage, window: MainWindow) -> None:
    told = {line.key for line in page.key_help()}
    assert {"Delete", "Ctrl+P", "Ctrl+D", "Ctrl+B", "Ctrl+Enter", "Ctrl+Shift+Y"} <= told
    titles_of = {action.title: action for action in page.commands()}
    titles_of["وجین: صورتجلسهٔ ۳ · تکراری"].run()
    assert page.drafts.listing.reason is WeedingReason.DUPLICATE
    page.show_archive()
    assert "Ctrl+O" in {line.key for line in page.key_help()}
    QApplication.processEvents()
