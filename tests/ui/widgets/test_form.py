from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from ui.widgets.form import MISSING, Field, Form
from ui.widgets.form_inputs import WRONG_NUMBER, Kind, Value
from ui.widgets.jalali_edit import WRONG_DATE

FIELDS = (
    Field("given_name", "نام", required=True),
    Field("national_id", "کد ملی", Kind.LATIN, validator=lambda text: "" if len(text) == 10 else "ده رقم است."),
    Field("fee", "حق عضویت", Kind.MONEY),
    Field("birth_date", "تاریخ تولد", Kind.DATE),
    Field("age_group", "گروه سنی", Kind.CHOICE, options=(("a", "الف"), ("b", "ب"))),
    Field("consent", "رضایت‌نامه", Kind.TICK),
    Field("note", "یادداشت", Kind.LONG, wide=True),
)


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    made = Form(FIELDS, lambda: date(2025, 12, 30))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def edit(form: Form, name: str) -> QLineEdit:
    found = form.input(name).findChild(QLineEdit)
    assert found is not None
    return found


def test_values_go_in_and_come_out_in_their_types(form: Form) -> None:
    values: dict[str, Value] = {
        "given_name": "مریم",
        "national_id": "0012345678",
        "fee": 250000,
        "birth_date": date(2010, 5, 4),
        "age_group": "b",
        "consent": True,
        "note": "سطر یک\nسطر دو",
    }
    form.set_values(values)

    assert form.values() == values
    assert edit(form, "fee").text() == "۲۵۰٬۰۰۰"
    assert form.check()


def test_several_lines_begin_at_the_right(form: Form) -> None:
    form.set_values({"note": "س"})
    note = form.findChild(QPlainTextEdit)
    assert note is not None
    assert note.cursorRect().center().x() > note.viewport().width() / 2


def test_what_people_type_is_cleaned(form: Form) -> None:
    edit(form, "given_name").setText("  مریم\u202e  احمدی ")
    edit(form, "national_id").setText("۰۰۱۲۳۴۵۶۷۸")

    assert form.values()["given_name"] == "مریم احمدی"
    assert form.values()["national_id"] == "0012345678"


def test_an_empty_form_has_empty_values(form: Form) -> None:
    form.set_values({})

    assert form.values() == {
        "given_name": "",
        "national_id": "",
        "fee": None,
        "birth_date": None,
        "age_group": "",
        "consent": False,
        "note": "",
    }


def test_every_mistake_is_told_at_once_and_the_first_has_the_focus(form: Form) -> None:
    edit(form, "national_id").setText("12")
    edit(form, "fee").setText("ده")
    edit(form, "birth_date").setText("۱۴۰۴/۱۲/۳۰")

    assert not form.check()
    assert form.mistakes() == {
        "given_name": MISSING,
        "national_id": "ده رقم است.",
        "fee": WRONG_NUMBER,
        "birth_date": WRONG_DATE,
    }
    assert edit(form, "given_name").hasFocus()
    assert edit(form, "fee").property("wrong") == "true"


def test_a_mended_field_loses_its_mistake(form: Form) -> None:
    form.check()
    edit(form, "given_name").setText("مریم")
    assert form.check()
    assert form.mistakes() == {}


def test_enter_goes_on_to_the_next_field(form: Form) -> None:
    edit(form, "given_name").setFocus()
    QTest.keyClick(edit(form, "given_name"), Qt.Key.Key_Return)

    assert edit(form, "national_id").hasFocus()


def test_leaving_a_field_looks_it_over_but_lets_an_empty_one_be(form: Form) -> None:
    edit(form, "given_name").setFocus()
    edit(form, "national_id").setFocus()
    assert form.mistakes() == {}
    edit(form, "national_id").setText("12")
    edit(form, "fee").setFocus()
    assert form.mistakes() == {"national_id": "ده رقم است."}


def test_a_use_case_can_put_its_refusal_under_the_field(form: Form) -> None:
    form.show_mistake("national_id", "عضوی با این کد ملی هست.")
    assert form.mistakes() == {"national_id": "عضوی با این کد ملی هست."}
    form.set_values({})
    assert form.mistakes() == {}


def test_what_the_use_case_found_stands_until_the_text_is_changed(form: Form) -> None:
    edit(form, "national_id").setFocus()
    edit(form, "national_id").setText("0012345678")
    form.show_mistake("national_id", "عضوی با این کد ملی هست.")
    edit(form, "fee").setFocus()
    assert form.mistakes() == {"national_id": "عضوی با این کد ملی هست."}
    edit(form, "national_id").setFocus()
    edit(form, "national_id").setText("0012345679")
    edit(form, "fee").setFocus()
    assert form.mistakes() == {}


def test_checking_again_asks_the_use_case_again(form: Form) -> None:
    form.set_values({"given_name": "مریم", "national_id": "0012345678"})
    form.show_mistake("national_id", "عضوی با این کد ملی هست.")
    assert form.check()
    assert form.mistakes() == {}


def test_making_a_form_takes_the_focus_from_nobody(form: Form, qtbot: QtBot) -> None:
    edit(form, "given_name").setFocus()
    # A part that is shown before it has a parent flashes up as a window of its own.
    made = Form((Field("mobile", "همراه", help="برای پیام"),), lambda: date(2025, 12, 30))
    qtbot.addWidget(made)
    qtbot.wait(50)

    assert edit(form, "given_name").hasFocus()


def test_latin_fields_are_left_to_right_at_the_right_edge(form: Form) -> None:
    assert edit(form, "national_id").layoutDirection() == Qt.LayoutDirection.LeftToRight
    assert edit(form, "given_name").layoutDirection() == Qt.LayoutDirection.RightToLeft
    assert edit(form, "national_id").alignment() & Qt.AlignmentFlag.AlignRight
