"""Statuses put right as a batch from the window (002 م8-3 … م8-6), by keyboard, nothing by Enter alone."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.check import check_library
from app.devices.scan import Flaw, Unreadable
from app.weeding.minutes.corrections import Correction
from db.codes import ItemStatus, Role
from db.models.items import Item, ItemStatusChange
from db.models.sync import JournalEntry
from tests import library as lib
from tests.app.weeding.minutes.on_the_way import finalised
from tests.ui.sessions import heard, scan
from tests.ui.weeding.reading import CONTROL, SHIFT, press, words
from ui.session import Session
from ui.weeding.correcting import Correcting
from ui.weeding.page import WeedingPage

S = ItemStatus


@pytest.fixture
def part(page: WeedingPage) -> Correcting:
    press(Qt.Key.Key_R, CONTROL | SHIFT)
    assert page.correcting.isVisible()
    return page.correcting


def shown(part: Correcting) -> list[tuple[str, str, str]]:
    """Title, status and what it becomes of every line, from the top."""
    table = part.list.table
    lines = ([table.cell(place, column).text for column in (0, 2, 3)] for place in range(table.rowCount()))
    return [(title, now, becomes) for title, now, becomes in lines]


def told(part: Correcting) -> str:
    """Everything the banner says."""
    return part.banner.accessibleName()


def status(session: Session, copy: lib.ACopy) -> ItemStatus:
    return ItemStatus(lib.row(session.library, Item, copy.id).status)


def settle(part: Correcting, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not part.is_busy())
    QApplication.processEvents()


def ask(part: Correcting, why: str) -> None:
    """Ctrl+S, and why."""
    press(Qt.Key.Key_S, CONTROL)
    assert part.entry is not None
    part.entry.edit.setText(why)


def yes(part: Correcting, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Y, CONTROL | SHIFT)
    settle(part, qtbot)


def take_range(part: Correcting, first: int, last: int, qtbot: QtBot) -> None:
    part.card.range.set_values({"first": first, "last": last})
    press(Qt.Key.Key_G, CONTROL)
    settle(part, qtbot)


def read(part: Correcting, path: Path, qtbot: QtBot) -> None:
    part.ask_which = lambda _parent, _filter: path
    press(Qt.Key.Key_O, CONTROL)
    settle(part, qtbot)


@pytest.mark.parametrize(
    ("key", "was", "becomes"),
    [
        (Qt.Key.Key_1, S.AVAILABLE, S.UNKNOWN),  # 8-3
        (Qt.Key.Key_2, S.WEEDED_WORN, S.AVAILABLE),  # 8-4
        (Qt.Key.Key_3, S.UNKNOWN, S.WEEDED_CONTENT),  # 8-5
        (Qt.Key.Key_4, S.AVAILABLE, S.MISSING),  # 8-6
    ],
)
def test_scanned_copies_get_the_status_of_the_article(
    session: Session, page: WeedingPage, part: Correcting, qtbot: QtBot, key: Qt.Key, was: S, becomes: S
) -> None:
    copy = lib.add_copy(session.library, "سووشون")
    lib.change(session.library, Item, copy.id, status=was)
    press(key, CONTROL)
    scan(page, copy.barcode)
    assert status(session, copy) is was
    ask(part, "پس از تبدیل")
    press(Qt.Key.Key_Return)  # a scanner's Enter
    press(Qt.Key.Key_Return, CONTROL)
    assert part.panel.is_open()
    assert status(session, copy) is was
    yes(part, qtbot)
    assert status(session, copy) is becomes
    assert lib.rows(session.library, ItemStatusChange)[-1].remark == "پس از تبدیل"
    assert lib.rows(session.library, JournalEntry)[-1].kind == "item.status_corrected"
    assert part.banner.title().startswith("وضعیت ۱ نسخه")
    assert shown(part) == []
    assert part.box.edit.hasFocus()
    assert check_library(session.library).broken == ()


def test_what_is_left_alone_is_told_before_and_stays_on_the_list_after(
    session: Session, page: WeedingPage, part: Correcting, qtbot: QtBot
) -> None:
    sound, lent = (lib.add_copy(session.library, title) for title in ("موجود است", "امانت است"))
    (listed,) = finalised(session.library, 1)
    lib.lend(session.library, lib.add_member(session.library), lent)
    press(Qt.Key.Key_4, CONTROL)
    for code in (sound.barcode, lent.barcode, listed.barcode, "B99", sound.barcode):
        scan(page, code)
    assert [line[2] for line in shown(part)] == ["مفقود", "ناشناس", "دست نمی‌خورد", "دست نمی‌خورد"]
    part.list.view.choose_place(3)
    QApplication.processEvents()
    assert "وضعیت این نسخه «امانت» است" in words(part.card)
    ask(part, "سال‌ها پیش")
    assert "وضعیت ۱ نسخه «مفقود» شود؟" in words(part.panel)
    assert "۳ سطر دست نمی‌خورد" in words(part.panel)
    yes(part, qtbot)
    assert (status(session, sound), status(session, lent)) == (S.MISSING, S.ON_LOAN)
    assert len(shown(part)) == 3
    assert "۳ سطر دست نخورد" in told(part)


def test_a_range_of_the_register_comes_on_the_list(session: Session, part: Correcting, qtbot: QtBot) -> None:
    copies = [lib.add_copy(session.library, f"کتاب {place}") for place in range(4)]
    press(Qt.Key.Key_4, CONTROL)
    take_range(part, 2, 3, qtbot)
    assert [line[0] for line in shown(part)] == ["کتاب 1", "کتاب 2"]
    assert "۲ سطر در فهرست آمد" in told(part)
    part.list.view.choose_place(0)
    part.list.view.setFocus()
    press(Qt.Key.Key_Delete)
    ask(part, "رف‌خوانی")
    yes(part, qtbot)
    assert [status(session, copy) for copy in copies] == [S.AVAILABLE, S.AVAILABLE, S.MISSING, S.AVAILABLE]


@pytest.mark.parametrize(("first", "last"), [("", "۳"), ("۳", "۲"), ("9" * 24, "9" * 24), ("الف", "۲"), ("۱", "-۴")])
def test_what_is_no_range_is_told_in_its_place(
    part: Correcting, session: Session, qtbot: QtBot, first: str, last: str
) -> None:
    lib.add_copy(session.library)
    for name, text in (("first", first), ("last", last)):
        part.card.range.input(name).edit.setText(text)  # type: ignore[attr-defined]
    press(Qt.Key.Key_G, CONTROL)
    settle(part, qtbot)
    assert part.card.range.mistakes()
    assert shown(part) == []


def test_an_empty_range_says_so(part: Correcting, qtbot: QtBot) -> None:
    take_range(part, 700, 800, qtbot)
    assert part.banner.title() == "نسخه‌ای در آن نبود"


def test_a_range_that_is_too_long_comes_not_at_all(
    session: Session, part: Correcting, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        lib.add_copy(session.library)
    monkeypatch.setattr("ui.weeding.correcting.MOST", 2)
    take_range(part, 1, 3, qtbot)
    assert shown(part) == []
    assert "محدوده را چند بخش کنید" in told(part)


@pytest.mark.parametrize(
    ("code", "found"), [("3", ["کتاب 0"]), ("33", ["کتاب 1"]), ("", ["کتاب 0", "کتاب 1", "کتاب 2"])]
)
def test_the_worksheet_of_namayeh_says_which_were_weeded(
    session: Session, part: Correcting, qtbot: QtBot, tmp_path: Path, code: str, found: list[str]
) -> None:
    """002 م8-5."""
    for place in range(3):
        lib.add_copy(session.library, f"کتاب {place}")
    press(Qt.Key.Key_3, CONTROL)
    part.card.code.choose(code)
    part.card.reason.choose("worn")
    path = tmp_path / "page7.csv"
    path.write_text("1,3\n۲,۳۳\n3,1\n", "utf-8")
    read(part, path, qtbot)
    assert [line[0] for line in shown(part)] == found
    assert {line[2] for line in shown(part)} == {"وجین فرسوده"}


def test_another_reason_or_correction_looks_at_the_list_anew(
    session: Session, page: WeedingPage, part: Correcting, qtbot: QtBot
) -> None:
    copy = lib.add_copy(session.library)
    press(Qt.Key.Key_3, CONTROL)
    scan(page, copy.barcode)
    assert shown(part)[0][2] == "وجین محتوایی"
    part.card.reason.choose("duplicate")
    part.card.counted_as.emit()
    settle(part, qtbot)
    assert shown(part)[0][2] == "وجین تکراری"
    press(Qt.Key.Key_2, CONTROL)
    settle(part, qtbot)
    assert part.kind is Correction.RESTORE
    assert shown(part)[0][2] == "دست نمی‌خورد"


def test_a_file_that_is_no_list_is_told_in_three_parts(part: Correcting, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    path.write_bytes(b"%PDF-1.7\n")
    read(part, path, qtbot)
    assert "P-2102" in words(part)
    part.ask_which = lambda _parent, _filter: None
    press(Qt.Key.Key_O, CONTROL)
    assert not part.is_busy()


def test_without_a_reason_nothing_is_changed(
    session: Session, page: WeedingPage, part: Correcting, qtbot: QtBot
) -> None:
    copy = lib.add_copy(session.library)
    scan(page, copy.barcode)
    ask(part, "  ")
    yes(part, qtbot)
    assert "برای این کار باید دلیل نوشته شود." in words(part.panel)
    assert status(session, copy) is S.AVAILABLE
    assert part.entry is not None
    part.entry.edit.setText("پس از تبدیل")
    yes(part, qtbot)
    assert status(session, copy) is S.UNKNOWN


def test_who_may_not_is_told_at_once_and_refused(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    copy = lib.add_copy(session.library)
    session.person = type(session.person)(session.person.id, "علی", Role.ASSISTANT)
    press(Qt.Key.Key_R, CONTROL | SHIFT)
    part = page.correcting
    assert "از مسئول کتابخانه بخواهید." in told(part)
    scan(page, copy.barcode)
    ask(part, "دلیل")
    yes(part, qtbot)
    assert "از مسئول کتابخانه بخواهید." in words(part.panel)
    assert part.entry is not None
    assert part.entry.text() == "دلیل"
    assert status(session, copy) is S.AVAILABLE
    assert lib.rows(session.library, ItemStatusChange) == []


def test_scans_wait_for_the_answer(session: Session, page: WeedingPage, part: Correcting) -> None:
    first, second = lib.add_copy(session.library, "یک"), lib.add_copy(session.library, "دو")
    scan(page, first.barcode)
    ask(part, "")
    scan(page, second.barcode)
    assert [line[0] for line in shown(part)] == ["یک"]
    assert "۱ اسکن در نوبت است" in part.panel.findChildren(type(part.panel._waiting))[-1].text()
    press(Qt.Key.Key_Escape)
    assert not part.panel.is_open()
    assert [line[0] for line in shown(part)] == ["دو", "یک"]


def test_the_list_stays_when_the_part_is_left_and_is_read_anew(
    session: Session, page: WeedingPage, part: Correcting, qtbot: QtBot
) -> None:
    copy = lib.add_copy(session.library)
    scan(page, copy.barcode)
    press(Qt.Key.Key_Escape)
    assert page.drafts.isVisible()
    lib.change(session.library, Item, copy.id, status=S.LOST)
    press(Qt.Key.Key_R, CONTROL | SHIFT)
    settle(part, qtbot)
    assert shown(part)[0][1:] == ("گم‌شده نزد عضو", "دست نمی‌خورد")


def test_an_empty_list_corrects_nothing_and_a_correction_is_not_undone(
    session: Session, page: WeedingPage, part: Correcting, qtbot: QtBot
) -> None:
    press(Qt.Key.Key_S, CONTROL)
    assert part.banner.title() == "نسخه‌ای برای اصلاح نیست"
    page.on_scan(Unreadable("\x02", Flaw.CONTROL_CHARACTER))
    assert part.banner.title() == "بارکد ناخوانا"
    copy = lib.add_copy(session.library)
    scan(page, copy.barcode)
    ask(part, "دلیل")
    yes(part, qtbot)
    page.undo()
    assert heard(session)[-1] == "refused"
    assert part.isVisible()
    assert status(session, copy) is S.UNKNOWN


def test_hostile_texts_are_shown_letter_by_letter(
    session: Session, page: WeedingPage, part: Correcting, qtbot: QtBot, tmp_path: Path
) -> None:
    copy = lib.add_copy(session.library, "<img src=x> \u202e")
    path = tmp_path / "<b>list.txt"
    path.write_text(f"{copy.barcode}\n=cmd|'/c calc'!A1\n\u202e1\n{'9' * 500}\n", "utf-8")
    read(part, path, qtbot)
    assert shown(part)[0][2] == "نامعلوم"
    ask(part, "<b>دلیل</b>")
    assert {label.textFormat() for label in part.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
    yes(part, qtbot)
    assert lib.rows(session.library, ItemStatusChange)[-1].remark == "<b>دلیل</b>"


def test_the_command_search_and_the_key_overview_name_it(page: WeedingPage) -> None:
    found = [action for action in page.commands() if action.title == "اصلاح گروهی وضعیت‌ها"]
    assert [action.key for action in found] == ["Ctrl+Shift+R"]
    found[0].run()
    assert "Ctrl+G" in {line.key for line in page.key_help()}
