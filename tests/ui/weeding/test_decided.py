"""What was put off or kept, and the way back to the proposals."""

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.weeding.notes import note_candidate
from db.codes import CandidateDecision, Condition, Role, WeedingReason
from db.models.collection import CandidateNote
from tests import library as lib
from tests.ui.weeding.reading import CONTROL, SHIFT, on_worn, press, proposed, words
from ui.session import Session
from ui.weeding.page import WeedingPage

WORN = WeedingReason.WORN


@pytest.fixture
def kept(session: Session) -> list[lib.ACopy]:
    """Two worn copies: one put off, one that stays."""
    library = session.library
    copies = [lib.add_pair(library, title, condition=Condition.WORN) for title in ("یکم", "دوم")]
    for copy, decision in zip(copies, (CandidateDecision.LATER, CandidateDecision.KEEP), strict=True):
        note_candidate(library, copy.barcode, WORN, decision, lib.act(library), "خواننده دارد")
    return copies


def shown(page: WeedingPage) -> list[tuple[str, ...]]:
    return [page.aside.list.table.texts(place) for place in range(page.aside.list.table.rowCount())]


def opened(page: WeedingPage) -> None:
    on_worn(page)
    press(Qt.Key.Key_H, CONTROL | SHIFT)
    assert page.aside.isVisible()


def test_the_list_says_what_was_decided_until_when_why_and_by_whom(
    session: Session, page: WeedingPage, kept: list[lib.ACopy]
) -> None:
    """002 م5-2."""
    opened(page)
    (second, first) = shown(page)
    assert "کنارگذاشته‌ها · فرسوده" in words(page.aside)
    told = " ".join(first)
    who = session.library.people()[0].name
    for part in ("یکم", "فعلاً نه", "۳۰ بهمن ۱۴۰۵", "خواننده دارد", who, "۳۰ آبان ۱۴۰۵"):
        assert part in told
    for part in ("دوم", "به قفسه", "همیشه"):
        assert part in " ".join(second)


def test_insert_brings_the_chosen_copy_back_and_undo_puts_it_off_again(
    session: Session, page: WeedingPage, kept: list[lib.ACopy], qtbot: QtBot
) -> None:
    opened(page)
    press(Qt.Key.Key_Return)
    assert len(shown(page)) == 2
    press(Qt.Key.Key_Insert)
    assert page.aside.banner.title() == "دوباره پیشنهاد می‌شود — «\u2068دوم\u2069»"
    (left,) = shown(page)
    assert "یکم" in left[0]
    press(Qt.Key.Key_Z, CONTROL)
    assert len(shown(page)) == 2
    press(Qt.Key.Key_Insert)
    press(Qt.Key.Key_Escape)
    assert page.drafts.isVisible()
    assert len(proposed(page, qtbot)) == 1


def test_a_reason_of_which_nothing_was_put_off_says_how_copies_come_here(page: WeedingPage) -> None:
    opened(page)
    assert page.aside.list.view._empty[0] == "نسخه‌ای کنار گذاشته نشده است"
    press(Qt.Key.Key_Insert)
    assert shown(page) == []


def test_somebody_who_does_not_weed_is_told_so(
    session: Session, page: WeedingPage, kept: list[lib.ACopy], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(page)
    monkeypatch.setattr(session, "act", lambda: lib.act(session.library, Role.AUDITOR))
    press(Qt.Key.Key_Insert)
    assert page.aside.banner.title() == "انجام نشد — «\u2068دوم\u2069»"
    assert [note.until for note in lib.rows(session.library, CandidateNote, item_id=kept[1].id)] == [None]
