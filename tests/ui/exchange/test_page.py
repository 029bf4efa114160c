"""The page of exchange by the keyboard alone (002 م7-16 … م7-24)."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.exchange.packing import Letter, Stands, announce, hand, pack
from app.exchange.requests import Asking, request_copies
from app.exchange.weights import grams
from app.labels import EXCHANGE_STEP
from app.persian.jalali import day_month_year
from db.codes import BranchKind
from db.models.collection import Disposal, Document, ExchangeRequest
from db.models.library import LicensedLibrary
from tests import library as lib
from tests.app.exchange.weeded import CONTENT, WORN, a_library, weeded
from tests.library import TODAY, ACopy, rows
from tests.ui.sessions import heard, scan, session_on
from ui.exchange.libraries import LibrariesPart
from ui.exchange.page import LIBRARIES, PACKAGES, READY, ExchangePage
from ui.session import Session
from ui.sounds import Sound
from ui.widgets.buttons import Button
from ui.widgets.labels import ltr

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def session(tmp_path: Path, dressed: QApplication) -> Iterator[Session]:
    with session_on(lib.found(tmp_path), tmp_path) as session:
        yield session


def shown(session: Session, qtbot: QtBot) -> ExchangePage:
    made = ExchangePage(session)
    qtbot.addWidget(made)
    made.resize(1168, 735)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.on_shown()
    return made


def press(page: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier = CTRL) -> None:
    QTest.keyClick(QApplication.focusWidget() or page, key, modifier)


def yes(page: QWidget) -> None:
    press(page, Qt.Key.Key_Y, CTRL | SHIFT)


def stages(session: Session) -> list[str]:
    found = rows(session.library, Disposal, parent_id=None)
    return [f"{one.state}/{one.level}" if one.level else str(one.state) for one in found]


def announced(session: Session, number: int = 3) -> list[ACopy]:
    copies = weeded(session.library, number)
    outcome = pack(session.library, CONTENT, session.act())
    assert isinstance(outcome, Stands)
    hand(session.library, outcome.package.id, Letter(), session.act())
    announce(session.library, outcome.package.id, session.act())
    return copies


def test_an_empty_page_says_how_to_begin(session: Session, qtbot: QtBot) -> None:
    page = shown(session, qtbot)
    assert page.packages.chosen() is None
    for key in (Qt.Key.Key_Return, Qt.Key.Key_N, Qt.Key.Key_M, Qt.Key.Key_T, Qt.Key.Key_P, Qt.Key.Key_B):
        press(page, key)
    assert stages(session) == []
    assert not page.shows_paper()


def test_a_group_is_packed_and_handed_over_by_keys(session: Session, qtbot: QtBot) -> None:
    weeded(session.library, 3)
    page = shown(session, qtbot)
    press(page, Qt.Key.Key_2)
    assert page.ready.copies.table.total() == 3
    press(page, Qt.Key.Key_Return)
    assert stages(session) == ["packed"]
    chosen = page.packages.chosen()
    assert chosen is not None
    assert (page.packages.isVisible(), chosen.copies) == (True, 3)
    press(page, Qt.Key.Key_Return)
    assert page.packages.side.is_asking()
    assert stages(session) == ["packed"]
    press(page, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier)  # Enter confirms nothing
    assert stages(session) == ["packed"]
    yes(page)
    assert stages(session) == ["handed/county"]
    press(page, Qt.Key.Key_Return)
    yes(page)
    assert stages(session) == ["announced/county"]


def test_packing_is_undone(session: Session, qtbot: QtBot) -> None:
    weeded(session.library, 2)
    page = shown(session, qtbot)
    page.show_part(READY)
    page.ready.pack_all()
    page.undo()
    assert page.ready.copies.table.total() == 2
    assert page.packages.list.table.total() == 0


def test_a_scanned_copy_is_packed_alone(session: Session, qtbot: QtBot) -> None:
    copies = weeded(session.library, 3)
    page = shown(session, qtbot)
    page.show_part(READY)
    scan(page, copies[1].barcode)
    page.ready.pack_chosen()
    chosen = page.packages.chosen()
    assert chosen is not None
    assert chosen.copies == 1
    page.show_part(READY)
    scan(page, copies[1].barcode)
    assert heard(session)[-1] == Sound.REFUSED


def test_requests_stand_in_their_order_and_are_served_in_it(session: Session, qtbot: QtBot) -> None:
    announced(session)
    independent = a_library(session.library, "مستقل", BranchKind.INDEPENDENT)
    new = a_library(session.library, "تازه", founded_on=TODAY - dt.timedelta(days=5))
    page = shown(session, qtbot)
    package = page.packages.chosen()
    assert package is not None
    for asker in (independent, new):
        request_copies(session.library, package.package.id, Asking(asker), session.act())
    page.reload()
    lines = page.packages.lines.table.shown_rows()
    assert [(line.who, line.copies) for line in lines if line.place] == [("تازه", 3), ("مستقل", 0)]
    assert "تازه‌تأسیس" in lines[0].sub
    press(page, Qt.Key.Key_Return)
    yes(page)
    aside = page.packages.lines.table.shown_rows()[0]
    assert aside.is_aside
    page.packages.lines.view.choose(aside.key)
    press(page, Qt.Key.Key_T)
    yes(page)
    assert stages(session) == ["finished/county"]
    assert len(rows(session.library, Document, kind="delivery")) == 2


def test_a_library_asks_for_scanned_copies(session: Session, qtbot: QtBot) -> None:
    copies = announced(session)
    asker = a_library(session.library, "نور")
    a_library(session.library, "بی‌مجوز", licence_no=None)
    a_library(session.library, "دور", county="ساوه")
    page = shown(session, qtbot)
    press(page, Qt.Key.Key_Return)  # nobody waits: the next step is a request
    form = page.packages.side.form
    assert form is not None
    assert not form.values()["library"]
    form.set_values({"library": str(asker)})
    for copy in copies[:2]:
        scan(page, copy.barcode)
    yes(page)
    (request,) = rows(session.library, ExchangeRequest)
    assert sorted(request.items) == sorted(str(copy.id) for copy in copies[:2])
    press(page, Qt.Key.Key_R)
    yes(page)
    assert rows(session.library, ExchangeRequest)[0].state == "withdrawn"


def test_without_a_library_that_may_ask_the_page_says_where_to_begin(session: Session, qtbot: QtBot) -> None:
    announced(session)
    a_library(session.library, "بی‌مجوز", licence_no=None)
    page = shown(session, qtbot)
    press(page, Qt.Key.Key_Return)
    assert not page.packages.side.is_asking()
    assert heard(session)[-1] == Sound.REFUSED


def test_worn_copies_become_paper(session: Session, qtbot: QtBot) -> None:
    weeded(session.library, 2, WORN)
    assert isinstance(pack(session.library, WORN, session.act()), Stands)
    page = shown(session, qtbot)
    for _ in range(2):  # to the county, to the province
        press(page, Qt.Key.Key_Return)
        yes(page)
    press(page, Qt.Key.Key_Return)
    form = page.packages.side.form
    assert form is not None
    form.set_values({"centre": "کاغذسازی البرز", "weight": "سنگین"})
    yes(page)
    assert form.mistakes()
    form.set_values({"centre": "کاغذسازی البرز", "weight": "۱۲٫۵", "receipt_no": "ب-۳"})
    yes(page)
    (handover,) = [one for one in rows(session.library, Disposal, kind="recycling") if one.parent_id]
    assert handover.weight_g == 12_500
    press(page, Qt.Key.Key_Return)
    form = page.packages.side.form
    assert form is not None
    form.set_values({"amount": 2_500_000, "notice_no": "۹", "receipt_no": "۷۷"})
    yes(page)
    assert stages(session) == ["finished"]
    page.packages.all.setChecked(True)
    page.packages.list.view.choose_place(0)
    (handover,) = [one for one in rows(session.library, Disposal, kind="recycling") if one.parent_id]
    assert (handover.receipt_no, handover.proceeds_receipt_no, handover.proceeds_notice_no) == ("ب-۳", "۷۷", "۹")
    facts = dict(page.packages._facts.facts())
    assert (facts["وزن"], facts["عواید"]) == ("۱۲٫۵ کیلوگرم", "۲٬۵۰۰٬۰۰۰ ریال")
    today = day_month_year(TODAY)
    assert (facts["رسید واریز"], facts["نامهٔ اطلاع"]) == (f"{ltr('۷۷')}، {today}", f"{ltr('۹')}، {today}")
    press(page, Qt.Key.Key_B)
    assert page.shows_paper()
    page.on_escape()
    assert not page.shows_paper()


def test_a_question_is_left_with_escape(session: Session, qtbot: QtBot) -> None:
    announced(session)
    page = shown(session, qtbot)
    press(page, Qt.Key.Key_M)
    assert page.packages.side.is_asking()
    page.on_escape()
    assert not page.packages.side.is_asking()
    assert stages(session) == ["announced/county"]


def test_what_was_written_stands_there_still_when_it_is_refused(session: Session, qtbot: QtBot) -> None:
    """002 م7-23: two books do not weigh four tons."""
    weeded(session.library, 2, WORN)
    assert isinstance(pack(session.library, WORN, session.act()), Stands)
    page = shown(session, qtbot)
    for _ in range(2):  # to the county, to the province
        press(page, Qt.Key.Key_Return)
        yes(page)
    press(page, Qt.Key.Key_Return)
    form = page.packages.side.form
    assert form is not None
    form.set_values({"centre": "کاغذسازی البرز", "weight": "4000", "receipt_no": "ب-۳"})
    yes(page)
    assert heard(session)[-1] == Sound.REFUSED
    form = page.packages.side.form
    assert form is not None
    assert form.values() == {"centre": "کاغذسازی البرز", "weight": "4000", "receipt_no": "ب-۳"}
    form.set_values({**form.values(), "weight": "4"})
    yes(page)
    assert not page.packages.side.is_asking()
    assert [one.weight_g for one in rows(session.library, Disposal, kind="recycling") if one.parent_id] == [4_000]


def test_a_scan_shows_the_package_of_its_copy_and_leaves_a_question_alone(session: Session, qtbot: QtBot) -> None:
    content, worn = weeded(session.library, 1), weeded(session.library, 1, WORN)
    for reason in (CONTENT, WORN):
        assert isinstance(pack(session.library, reason, session.act()), Stands)
    stranger = lib.add_copy(session.library, "سووشون")
    page = shown(session, qtbot)
    for copy, reason in ((content[0], CONTENT), (worn[0], WORN), (content[0], CONTENT)):
        scan(page, copy.barcode)
        chosen = page.packages.chosen()
        assert chosen is not None
        assert chosen.package.reason is reason
    scan(page, stranger.barcode)
    assert heard(session)[-1] == Sound.REFUSED
    press(page, Qt.Key.Key_Return)
    scan(page, worn[0].barcode)
    assert heard(session)[-1] == Sound.ATTENTION
    chosen = page.packages.chosen()
    assert chosen is not None
    assert (page.packages.side.is_asking(), chosen.package.reason) == (True, CONTENT)


def test_the_report_lies_over_the_page(session: Session, qtbot: QtBot) -> None:
    announced(session)
    page = shown(session, qtbot)
    press(page, Qt.Key.Key_P)
    assert page.shows_paper()


def test_libraries_are_written_and_changed(session: Session, qtbot: QtBot) -> None:
    page = shown(session, qtbot)
    press(page, Qt.Key.Key_3)
    press(page, Qt.Key.Key_N)
    form = page.libraries.side.form
    assert form is not None
    form.set_values({"name": "کتابخانه نور", "kind": "institutional", "licence_no": "12"})
    yes(page)
    (known,) = rows(session.library, LicensedLibrary)
    assert (known.name, known.county, known.licence_no) == ("کتابخانه نور", "اراک", "12")
    press(page, Qt.Key.Key_E)
    form = page.libraries.side.form
    assert form is not None
    form.set_values({**form.values(), "licence_no": "13"})
    yes(page)
    assert rows(session.library, LicensedLibrary)[0].licence_no == "13"
    assert page._lists.currentIndex() == LIBRARIES


def test_a_list_of_the_province_is_taken_in(session: Session, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "l.csv"
    file.write_text("نام کتابخانه,شماره مجوز\nنور,۱۲\nامید,۱۳\n", encoding="utf-8")
    part = LibrariesPart(session, lambda *_: file)
    qtbot.addWidget(part)
    with qtbot.waitSignal(part.said):
        part.take_in()
    assert {one.name for one in rows(session.library, LicensedLibrary)} == {"نور", "امید"}


def test_every_step_of_a_package_has_its_button(session: Session, qtbot: QtBot) -> None:
    weeded(session.library, 1)
    pack(session.library, CONTENT, session.act())
    page = shown(session, qtbot)
    page.show_part(PACKAGES)
    words = {button.text() for button in page.packages.findChildren(Button) if button.isVisible()}
    assert {EXCHANGE_STEP["hand"], EXCHANGE_STEP["unpack"]} <= words


@pytest.mark.parametrize(
    ("written", "expected"),
    [("۱۲٫۵", 12_500), ("12.5", 12_500), ("12/25", 12_250), ("۷", 7_000), ("0.005", 5), ("", None), ("۰", None),
     ("-3", None), ("1.2345", None), ("دو", None), ("100001", None), ("1e5", None)],
)  # fmt: skip
def test_a_weight_is_read_in_kilograms(written: str, expected: int | None) -> None:
    assert grams(written) == expected


def test_a_receipt_that_comes_later_is_noted_beside_its_handover(session: Session, qtbot: QtBot) -> None:
    announced(session)
    page = shown(session, qtbot)
    press(page, Qt.Key.Key_I)
    form = page.packages.side.form
    assert form is not None
    yes(page)
    assert page.packages.side.is_asking(), "a receipt has a number"
    form.set_values({"receipt_no": "ر-۱۲"})
    yes(page)
    (handover,) = [one for one in rows(session.library, Disposal) if one.parent_id]
    assert handover.receipt_no == "ر-۱۲"
    (line,) = page.packages.lines.table.shown_rows()
    assert "رسید" in line.sub
    assert "ر-۱۲" in line.sub
    press(page, Qt.Key.Key_I)
    assert page.packages.side.form is None, "it stands for ever"


def test_the_announced_list_lies_over_the_page(session: Session, qtbot: QtBot) -> None:
    announced(session)
    page = shown(session, qtbot)
    press(page, Qt.Key.Key_J)
    assert page.shows_paper()


def test_a_worn_copy_of_use_is_scanned_back_to_the_libraries(session: Session, qtbot: QtBot) -> None:
    copies = weeded(session.library, 2, WORN)
    packed = pack(session.library, WORN, session.act())
    assert isinstance(packed, Stands)
    hand(session.library, packed.package.id, Letter("ر-۱"), session.act())
    page = shown(session, qtbot)
    press(page, Qt.Key.Key_G)
    scan(page, copies[0].barcode)
    yes(page)
    assert sorted(stages(session)) == ["handed/county", "handed/county"]
    chosen = page.packages.chosen()
    assert chosen is not None
    assert (chosen.copies, chosen.package.id != packed.package.id) == (1, True)
