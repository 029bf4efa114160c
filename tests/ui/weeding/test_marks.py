"""What keeps a copy is put right from the bench, by keys alone."""

import datetime as dt

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.weeding.facts import Proposal
from app.weeding.notes import note_candidate
from app.weeding.service import Listed, propose
from db.codes import CandidateDecision, Condition, ItemFlag, Role, WeedingReason
from db.models.items import Item
from tests import library as lib
from tests.ui.sessions import heard, scan
from tests.ui.weeding.reading import (
    CONTROL,
    SHIFT,
    on_worn,
    press,
    proposed,
    said,
    show_details,
    titles,
    words,
    worn_copies,
)
from ui.session import Session
from ui.weeding.page import WeedingPage
from ui.weeding.rows import Stand
from ui.widgets.form import Form


def opened(page: WeedingPage, qtbot: QtBot) -> Form:
    """Ctrl+E on the first row."""
    proposed(page, qtbot)
    page.drafts.list.view.choose_place(0)
    show_details(page, qtbot)
    press(Qt.Key.Key_E, CONTROL)
    form = page.drafts.marks.form
    assert form is not None
    return form


def saved() -> None:
    press(Qt.Key.Key_Y, CONTROL | SHIFT)


def test_a_copy_marked_as_local_is_kept_at_once(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    """002 م5-1-ب."""
    copy, _ = worn_copies(session, 2)
    lib.change(session.library, Item, copy.id, condition=Condition.WORN)
    lib.add_copy(session.library, copy.title_id)
    on_worn(page)
    form = opened(page, qtbot)
    assert form.values()["condition"] == "worn"
    form.input("local").set_value(True)
    press(Qt.Key.Key_Return)
    assert page.drafts.marks_panel.is_open()
    saved()
    assert not page.drafts.marks_panel.is_open()
    assert said(page) == "نشانه‌ها ثبت شد — «\u2068کتاب قدیمی 1\u2069»"
    assert lib.row(session.library, Item, copy.id).flags == ["local"]
    assert proposed(page, qtbot) == ["کتاب قدیمی 2"]
    (line,) = page.drafts.list.view.chosen()
    assert (line.barcode, line.stand) == (copy.barcode, Stand.EXEMPT)
    assert "منبع محلی است: تنها اگر غیر قابل صحافی باشد" in show_details(page, qtbot)
    assert page.drafts.box.edit.hasFocus()


def test_marks_permit_and_condition_are_shown_changed_and_taken_back(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    (copy,) = worn_copies(session, 1)
    lib.change(session.library, Item, copy.id, flags=["parts", "core"])
    on_worn(page)
    form = opened(page, qtbot)
    assert form.values()["core"] is True
    for name, value in (
        ("core", False), ("cultural_package", True), ("permit_no", "۱۲/۳۴"), ("permit_on", dt.date(2026, 5, 5)),
        ("condition", "damaged"),
    ):  # fmt: skip
        form.input(name).set_value(value)
    saved()
    item = lib.row(session.library, Item, copy.id)
    assert (item.flags, item.permit_no, item.permit_on, item.condition) == (
        ["parts", "cultural_package"], "۱۲/۳۴", dt.date(2026, 5, 5), Condition.DAMAGED,
    )  # fmt: skip
    press(Qt.Key.Key_Z, CONTROL)
    item = lib.row(session.library, Item, copy.id)
    assert (item.flags, item.permit_no, item.condition) == (["parts", "core"], None, Condition.UNBINDABLE)


def test_half_a_permit_is_told_under_its_field(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    worn_copies(session, 1)
    on_worn(page)
    form = opened(page, qtbot)
    form.input("permit_no").set_value("۱۲/۳۴")
    saved()
    assert page.drafts.marks_panel.is_open()
    assert form.mistakes().keys() == {"permit_on"}
    assert heard(session)[-1] == "refused"
    press(Qt.Key.Key_Escape)
    assert not page.drafts.marks_panel.is_open()
    assert lib.rows(session.library, Item)[0].permit_no is None


def test_scans_wait_while_the_marks_are_open(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    copies = worn_copies(session, 2)
    on_worn(page)
    opened(page, qtbot)
    scan(page, copies[1].barcode)
    assert titles(page) == []
    assert page.drafts.marks_panel._waiting.text() == "۱ اسکن در نوبت است"
    press(Qt.Key.Key_Escape)
    assert titles(page) == ["کتاب قدیمی 2"]


def test_nothing_changed_is_nothing_written(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    worn_copies(session, 1)
    on_worn(page)
    opened(page, qtbot)
    saved()
    assert not page.drafts.marks_panel.is_open()
    assert said(page) == ""


def test_who_may_not_change_copies_is_told_so(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    worn_copies(session, 1)
    on_worn(page)
    form = opened(page, qtbot)
    session.person = type(session.person)(session.person.id, "علی", Role.ASSISTANT)
    form.input("core").set_value(True)
    saved()
    assert said(page) == "نشانه‌ها ثبت نشد"
    assert lib.rows(session.library, Item)[0].flags == []


def test_a_listed_copy_that_is_marked_stays_and_is_warned_about(
    session: Session, page: WeedingPage, qtbot: QtBot
) -> None:
    copy = lib.add_pair(session.library, "تاریخ آبگرم", condition=Condition.WORN)
    assert isinstance(propose(session.library, copy.barcode, Proposal(WeedingReason.WORN), session.act()), Listed)
    on_worn(page)
    opened(page, qtbot).input(ItemFlag.HISTORICAL.value).set_value(True)
    saved()
    assert titles(page) == ["تاریخ آبگرم"]
    told = show_details(page, qtbot)
    assert "به این‌ها توجه کنید" in told
    assert "منبع تاریخی است" in told
    assert "صورتجلسهٔ دیگری" not in told  # the list it stands on is no reason against it


def test_an_earlier_decision_is_told_with_its_why(session: Session, page: WeedingPage, qtbot: QtBot) -> None:
    """002 م5-2."""
    (copy,) = worn_copies(session, 1)
    note_candidate(
        session.library, copy.barcode, WeedingReason.WORN, CandidateDecision.KEEP, session.act(), "خواننده دارد"
    )
    on_worn(page)
    page.drafts.mode.toggle()
    scan(page, copy.barcode)
    told = show_details(page, qtbot)
    assert "تصمیم پیشین «به قفسه»" in told
    assert "خواننده دارد" in told
    assert words(page.drafts.details)
