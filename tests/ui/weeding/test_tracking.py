"""Minutes followed from the window: every step by keyboard, nothing by Enter alone."""

import dataclasses
import datetime as dt
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.exchange.leaving import Recycling, recycle, send_on
from app.exchange.packing import Letter as PackageLetter
from app.exchange.packing import hand, pack
from app.weeding.minutes.outcomes import Letter, Rulings
from app.weeding.minutes.review import send
from app.weeding.minutes.ruling_file import seal, trust_key
from db.codes import ItemStatus, MinutesState, Role, RulingLevel, Verdict, WeedingReason
from db.models.collection import Document, Minutes, RulingRow
from db.models.items import Item
from reports.exchange import print_recycling
from tests import library as lib
from tests.app.weeding.minutes.on_the_way import closed, finalised, ruled
from tests.ui.weeding.reading import CONTROL, SHIFT, press, words
from ui.paper.paper import Paper
from ui.session import Session
from ui.weeding.page import WeedingPage
from ui.weeding.tracking import Tracking
from ui.weeding.tracking_deeds import DEEDS
from ui.widgets.row_list import RowList

ALT = Qt.KeyboardModifier.AltModifier
COUNTY, PROVINCE = RulingLevel.COUNTY, RulingLevel.PROVINCE


@pytest.fixture
def copies(session: Session) -> list[lib.ACopy]:
    """Three copies on finalised minutes 1405/1."""
    return finalised(session.library)


@pytest.fixture
def tracking(copies: list[lib.ACopy], page: WeedingPage) -> Tracking:
    press(Qt.Key.Key_T, CONTROL)
    assert page.tracking.isVisible()
    return page.tracking


def cells(rows: RowList, place: int) -> tuple[str, ...]:
    """The first lines of the cells of a row."""
    return tuple(rows.table.cell(place, column).text for column in range(rows.table.columnCount()))


def yes() -> None:
    press(Qt.Key.Key_Y, CONTROL | SHIFT)


def fill(tracking: Tracking, **values: str | dt.date) -> None:
    assert tracking.acting.form is not None
    letter: dict[str, str | dt.date] = {"letter_no": "۱۲/۵", "letter_on": lib.TODAY}
    tracking.acting.form.set_values({**letter, **values})


def state(session: Session) -> MinutesState:
    minutes = max(lib.rows(session.library, Minutes), key=lambda one: one.revision)
    return MinutesState(minutes.state)


def sent(session: Session) -> None:
    send(session.library, "1405/1", lib.act(session.library), Letter("۱۲/۱", lib.TODAY))


def mark(tracking: Tracking, place: int, key: Qt.Key, why: str = "") -> None:
    tracking.rows.view.choose_place(place)
    tracking.rows.view.setFocus()
    assert tracking.acting.pad is not None
    tracking.acting.pad.why.edit.setText(why)
    press(key, ALT)


def test_minutes_on_their_way_are_listed_with_state_and_steps(tracking: Tracking) -> None:
    assert cells(tracking.list, 0)[:4] == ("۱۴۰۵/۱", "۱", "۳", "نهایی‌شده")
    assert tracking.rows.table.rowCount() == 3
    assert "نهایی شد" in tracking.card.words()
    assert [name for name, button in tracking.card.buttons.items() if button.isVisible()] == ["send", "withdraw"]


def test_sending_takes_letter_and_day_and_starts_the_countys_week(session: Session, tracking: Tracking) -> None:
    press(Qt.Key.Key_S, CONTROL)
    assert tracking.panel.isVisible()
    press(Qt.Key.Key_Return)  # a scanner's Enter
    assert state(session) is MinutesState.FINALISED
    yes()  # nothing is filled in
    assert set(tracking.acting.form.mistakes()) == {"letter_no", "letter_on"}  # type: ignore[union-attr]
    fill(tracking)
    yes()
    assert state(session) is MinutesState.AT_COUNTY
    assert not tracking.panel.isVisible()
    assert tracking.banner.title() == "صورتجلسهٔ ۱۴۰۵/۱: نزد ادارهٔ شهرستان"
    assert cells(tracking.list, 0)[5] == "۷ روز مانده"


@pytest.mark.parametrize(
    ("passed", "told"), [(5, "۲ روز مانده"), (7, "امروز"), (9, "۲ روز گذشته")]
)  # the county's week, 002 م7-5
def test_a_term_is_told_in_words_and_approves_nothing(
    session: Session, tracking: Tracking, passed: int, told: str
) -> None:
    sent(session)
    lib.pass_days(session.library, passed)
    tracking.reload()
    assert cells(tracking.list, 0)[5] == told
    assert state(session) is MinutesState.AT_COUNTY


def test_an_answer_approves_all_but_the_rows_marked_otherwise(
    session: Session, tracking: Tracking, copies: list[lib.ACopy]
) -> None:
    """002 م7-6، م10-3."""
    sent(session)
    tracking.reload()
    press(Qt.Key.Key_R, CONTROL)
    assert cells(tracking.rows, 0)[-1] == "تأیید"  # what a row gets without a mark
    mark(tracking, 1, Qt.Key.Key_2, "هنوز خواننده دارد")
    mark(tracking, 2, Qt.Key.Key_3)
    assert [cells(tracking.rows, place)[-1] for place in range(3)] == ["تأیید", "رد", "به مبادله"]
    fill(tracking, by="علی محمدی")
    yes()
    assert state(session) is MinutesState.AT_PROVINCE
    rulings = [(one.verdict, one.remark, one.ruled_by) for one in lib.rows(session.library, RulingRow)]
    assert sorted(rulings, key=str) == sorted(
        [
            (Verdict.APPROVE, None, "علی محمدی"),
            (Verdict.REJECT, "هنوز خواننده دارد", "علی محمدی"),
            (Verdict.REDIRECT, None, "علی محمدی"),
        ],
        key=str,
    )
    assert cells(tracking.rows, 1)[3] == "رد"  # the county's column


def test_a_mark_is_taken_away_again_and_leaving_the_question_enters_nothing(
    session: Session, tracking: Tracking
) -> None:
    sent(session)
    tracking.reload()
    press(Qt.Key.Key_R, CONTROL)
    mark(tracking, 0, Qt.Key.Key_2)
    mark(tracking, 0, Qt.Key.Key_0)
    assert cells(tracking.rows, 0)[-1] == "تأیید"
    press(Qt.Key.Key_Escape)
    assert cells(tracking.rows, 0)[-1] == "—"
    assert lib.rows(session.library, RulingRow) == []
    assert tracking.card.isVisible()


def test_what_the_county_refused_is_not_asked_of_the_province(session: Session, tracking: Tracking) -> None:
    """002 م7-11."""
    sent(session)
    tracking.reload()
    press(Qt.Key.Key_R, CONTROL)
    mark(tracking, 0, Qt.Key.Key_2, "بماند")
    fill(tracking)
    yes()
    press(Qt.Key.Key_R, CONTROL)
    mark(tracking, 0, Qt.Key.Key_1)
    assert cells(tracking.rows, 0)[-1] == "رد"
    fill(tracking, letter_no="۹۷/۱")
    yes()
    assert state(session) is MinutesState.RULED


def test_corrections_are_asked_and_a_new_edition_strikes_rows(
    session: Session, tracking: Tracking, copies: list[lib.ACopy], qtbot: QtBot
) -> None:
    """002 م7-5، م7-9."""
    sent(session)
    tracking.reload()
    press(Qt.Key.Key_D, CONTROL)
    fill(tracking, remark="ردیف دوم زائد است")
    yes()
    assert state(session) is MinutesState.CORRECTION
    press(Qt.Key.Key_N, CONTROL)
    mark(tracking, 1, Qt.Key.Key_5, "زائد است")
    fill(tracking, letter_no="۱۲/۹")
    with qtbot.waitSignal(tracking.acting.done):
        yes()
    assert state(session) is MinutesState.AT_COUNTY
    assert cells(tracking.list, 0)[:3] == ("۱۴۰۵/۱", "۲", "۲")
    assert cells(tracking.rows, 1)[-1] == "حذف شد"
    assert lib.row(session.library, Item, copies[1].id).on_minutes_id is None
    assert [button.text().split(" · ")[0] for button in tracking.card.paper_buttons()] == ["ویراست ۲", "ویراست ۱"]


def test_a_strike_without_a_reason_is_refused_and_what_was_marked_stays(
    session: Session, tracking: Tracking, qtbot: QtBot
) -> None:
    sent(session)
    tracking.reload()
    press(Qt.Key.Key_D, CONTROL)
    fill(tracking, remark="اصلاح شود")
    yes()
    press(Qt.Key.Key_N, CONTROL)
    mark(tracking, 1, Qt.Key.Key_5)
    fill(tracking)
    with qtbot.waitSignal(tracking.acting.made):
        yes()
    assert tracking.panel.isVisible()
    assert cells(tracking.rows, 1)[-1] == "حذف"
    assert state(session) is MinutesState.CORRECTION


def test_closing_says_first_what_it_will_do_and_then_does_it(
    session: Session, tracking: Tracking, copies: list[lib.ACopy], qtbot: QtBot
) -> None:
    """002 م7-11، م8-1."""
    sent(session)
    ruled(session.library, COUNTY)
    ruled(session.library, PROVINCE)
    tracking.reload()
    press(Qt.Key.Key_E, CONTROL)
    assert "۳ نسخه وجین می‌شود." in words(tracking.panel)
    press(Qt.Key.Key_Return)
    assert state(session) is MinutesState.RULED
    with qtbot.waitSignal(tracking.acting.done):
        yes()
    assert state(session) is MinutesState.CLOSED
    assert {lib.row(session.library, Item, copy.id).status for copy in copies} == {ItemStatus.WEEDED_WORN}
    assert tracking.banner.title() == "صورتجلسهٔ ۱۴۰۵/۱ اجرا و بسته شد"
    assert cells(tracking.list, 0)[3] == "فهرست نهایی فرستاده نشده"


def test_the_final_list_goes_out_by_letter_and_then_nothing_is_on_its_way(session: Session, tracking: Tracking) -> None:
    """002 م7-12."""
    sent(session)
    ruled(session.library, COUNTY)
    ruled(session.library, PROVINCE)
    closed(session.library)
    tracking.reload()
    assert [name for name, button in tracking.card.buttons.items() if button.isVisible()] == ["send_list"]
    press(Qt.Key.Key_S, CONTROL)
    fill(tracking, letter_no="۱۲/۹۰")
    yes()
    assert tracking.banner.title() == "فهرست نهایی صورتجلسهٔ ۱۴۰۵/۱ فرستاده شد"
    assert tracking.list.table.rowCount() == 0
    newest = max(lib.rows(session.library, Minutes), key=lambda one: one.revision)
    assert (newest.state, newest.letter_no) == (MinutesState.CLOSED, "۱۲/۹۰")


def test_taking_back_wants_a_reason(session: Session, tracking: Tracking) -> None:
    press(Qt.Key.Key_Delete, CONTROL)
    yes()
    assert state(session) is MinutesState.FINALISED
    assert tracking.acting.form is not None
    tracking.acting.form.set_values({"remark": "اشتباه تهیه شد"})
    yes()
    assert state(session) is MinutesState.SUPERSEDED


def test_receipts_are_filed_and_opened_as_they_came(
    session: Session, page: WeedingPage, tracking: Tracking, tmp_path: Path
) -> None:
    """002 م7-15."""
    receipt = tmp_path / "رسید.png"
    receipt.write_bytes(b"\x89PNG\r\n\x1a\nx")

    def which(_parent: QWidget, _name_filter: str) -> Path:
        return receipt

    def where(_parent: QWidget, name: str) -> Path:
        return tmp_path / f"again-{name}"

    tracking.attachments.ask_which, tracking.saving.ask_where = which, where
    press(Qt.Key.Key_J, CONTROL)
    assert tracking.banner.title() == "پیوست بایگانی شد"
    tracking.card.paper_buttons()[-1].click()
    assert (tmp_path / "again-رسید.png").read_bytes() == receipt.read_bytes()
    receipt.write_bytes(b"MZ\x90")
    press(Qt.Key.Key_J, CONTROL)
    assert tracking.banner.title() == "پیوست نشد"
    assert len([one for one in lib.rows(session.library, Document) if one.kind == "attachment"]) == 1


def test_the_handovers_of_its_copies_lie_with_the_minutes_and_are_opened(session: Session, tracking: Tracking) -> None:
    """002 م7-15."""
    library, act = session.library, lib.act(session.library)
    sent(session)
    for level in (COUNTY, PROVINCE):
        ruled(library, level)
    closed(library)
    package = pack(library, WeedingReason.WORN, act).package.id  # type: ignore[union-attr]
    hand(library, package, PackageLetter("ر-۷"), act)
    send_on(library, package, PackageLetter("ر-۸", "۱۲"), act)
    recycle(library, package, Recycling("بازیافت پارس", 2_000, PackageLetter("ر-۹")), print_recycling, act)
    tracking.reload()
    QApplication.processEvents()  # what was put into a layout is shown a moment later
    assert "تحویل به مرکز مبادلهٔ شهرستان · ۱۴۰۵/۰۸/۳۰ · رسید \u2068ر-۷\u2069" in words(tracking.card)
    papers: list[Paper] = []
    tracking.paper_wanted.connect(papers.append)
    tracking.card.paper_buttons()[-1].click()
    (stored,) = [one for one in lib.rows(library, Document, kind="recycling") if one.media_type == "application/pdf"]
    assert papers[0].pdf == stored.content
    assert papers[0].frozen


def test_the_letter_of_refused_titles_comes_on_the_screen(
    session: Session, page: WeedingPage, tracking: Tracking, qtbot: QtBot
) -> None:
    """002 م7-10."""
    sent(session)
    tracking.reload()
    assert not tracking.card.letter.isVisible()
    press(Qt.Key.Key_R, CONTROL)
    mark(tracking, 0, Qt.Key.Key_2, "بماند")
    fill(tracking)
    yes()
    press(Qt.Key.Key_G, CONTROL)
    assert page.preview.isVisible()
    assert page.preview.paper().title == "فهرست منابعی که وجین آن‌ها تأیید نشد"
    qtbot.waitUntil(lambda: page.preview.pictures.count() > 0)
    press(Qt.Key.Key_Escape)
    assert tracking.isVisible()
    press(Qt.Key.Key_Escape)
    assert page.drafts.isVisible()


def test_an_empty_part_says_what_it_is_for(page: WeedingPage) -> None:
    press(Qt.Key.Key_T, CONTROL)
    QApplication.processEvents()
    assert page.tracking.list.table.rowCount() == 0
    assert not page.tracking.rows.isVisible()
    assert {deed.key for deed in DEEDS.values()} <= {line.key for line in page.key_help()}


def test_a_signed_file_is_entered_after_a_yes_and_filed_with_the_minutes(
    session: Session, tracking: Tracking, tmp_path: Path
) -> None:
    sent(session)
    tracking.reload()
    key, library = Ed25519PrivateKey.generate(), session.library
    trust_key(library, key.public_key().public_bytes_raw().hex(), "ادارهٔ آوج", frozenset({COUNTY}), lib.act(library))
    answer = Rulings("1405/1", COUNTY, Letter("۴۵/۱", lib.TODAY, "علی محمدی"), Verdict.APPROVE, (), 1)
    file = tmp_path / "پاسخ.json"
    file.write_bytes(seal(library.branch.id, answer, key))

    def which(_parent: QWidget, _name_filter: str) -> Path:
        return file

    tracking.acting.ask_which = which
    press(Qt.Key.Key_I, CONTROL)
    assert "پاسخ.json" in words(tracking.panel)
    assert state(session) is MinutesState.AT_COUNTY
    yes()
    assert state(session) is MinutesState.AT_PROVINCE
    assert [one.from_paper for one in lib.rows(session.library, RulingRow)] == [False] * 3
    assert len(tracking.card.paper_buttons()) == 2  # the edition, and the file


def test_a_person_who_may_not_is_told_so_and_nothing_is_sent(session: Session, tracking: Tracking) -> None:
    session.person = dataclasses.replace(session.person, role=Role.LIBRARIAN)
    press(Qt.Key.Key_S, CONTROL)
    fill(tracking)
    yes()
    assert tracking.panel.isVisible()
    assert state(session) is MinutesState.FINALISED
