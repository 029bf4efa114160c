"""The rules page by its keys: changing, checking, putting in force, going back, files, trying."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.policy.draft import Key, spoken
from app.policy.stored import versions
from app.policy.toml_file import PROFILES
from app.policy.values import Group
from db.codes import RuleStatus
from tests import library as lib
from tests.ui.sessions import heard, scan
from ui.policies.page import PoliciesPage
from ui.policies.why import WhyPanel, facts
from ui.session import Session
from ui.widgets.form_inputs import Input
from ui.window import MainWindow

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
CHILD = Key(category="child")


def write(qtbot: QtBot, field: Input, text: str) -> None:
    """Write into an input and go on with Tab. QTest cannot type Persian letters, so the text is put there."""
    framed = field.framed
    assert isinstance(framed, QLineEdit)
    framed.setFocus()
    framed.setText(text)
    QTest.keyClick(framed, Qt.Key.Key_Tab)


def choose(page: PoliciesPage, name: str, code: str) -> None:
    """Choose in a list, as a person does."""
    field = page.rules.editor.input(name)
    field.set_value(code)
    field.choice.activated.emit(0)  # type: ignore[attr-defined]


def said(page: PoliciesPage) -> str:
    return page.rules.banner.title()


def press(qtbot: QtBot, window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = CTRL) -> None:
    QTest.keyClick(window.focusWidget() or window, key, modifiers)


def test_the_page_opens_with_the_rules_in_force_and_the_fallback_chosen(page: PoliciesPage) -> None:
    table = page.rules.board.list.table
    assert table.texts(0)[0] == "همهٔ عضوها — همهٔ منابع"
    assert page.rules.board.key() == Key()
    assert [table.row_at(place).key.category for place in range(table.rowCount())][-1] == "child"


def test_a_line_shows_what_it_says_and_under_it_what_holds(page: PoliciesPage) -> None:
    table = page.rules.board.list.table
    column = table.headings().index("مدت امانت")
    audiovisual = table.position_of(Key(item_type="audiovisual"))
    assert (table.cell(0, column).text, table.cell(0, column).sub) == ("۱۴", "")
    assert (table.cell(audiovisual, column).text, table.cell(audiovisual, column).sub) == ("۷", "")
    child = table.position_of(CHILD)
    assert (table.cell(child, column).text, table.cell(child, column).sub) == ("", "۱۴")


def test_every_group_has_its_key_and_its_columns(page: PoliciesPage, window: MainWindow, qtbot: QtBot) -> None:
    press(qtbot, window, Qt.Key.Key_4)
    assert page.rules.board.group.value == Group.OVERDUE
    assert "جریمه دیرکرد" in page.rules.board.list.table.headings()
    press(qtbot, window, Qt.Key.Key_9)
    assert page.rules.board.group.value == Group.NETWORK


def test_a_figure_typed_is_in_the_draft_and_decides_nothing_yet(
    page: PoliciesPage, session: Session, qtbot: QtBot
) -> None:
    page.rules.board.choose(CHILD)
    write(qtbot, page.rules.editor.input("loan_days"), "۲۱")
    assert page.draft().resolve("x", "child", "book")["loan_days"] == 21
    assert page.is_changed()
    assert session.library.terms("child", "book")["loan_days"] == 14


def test_a_figure_takes_the_source_that_was_named(page: PoliciesPage, qtbot: QtBot) -> None:
    page.rules.board.choose(CHILD)
    page.rules.source.setText("بخشنامهٔ ۱۲")
    write(qtbot, page.rules.editor.input("loan_days"), "21")
    assert spoken(page.draft(), CHILD)["loan_days"].source == "بخشنامهٔ ۱۲"


def test_an_emptied_field_lets_the_general_line_decide(page: PoliciesPage, qtbot: QtBot) -> None:
    audiovisual = Key(item_type="audiovisual")
    page.rules.board.choose(audiovisual)
    field = page.rules.editor.input("loan_days").framed
    assert isinstance(field, QLineEdit)
    field.clear()
    page.rules.editor.leave()
    assert page.draft().resolve("x", "child", "audiovisual").decided_by("loan_days") == "*/*"


@pytest.mark.parametrize("text", ["چهارده", "99999999", "-1"])
def test_what_cannot_be_read_is_marked_and_stops_the_check(text: str, page: PoliciesPage, qtbot: QtBot) -> None:
    write(qtbot, page.rules.editor.input("loan_days"), text)
    assert page.rules.editor.is_faulty()
    assert not page.check()
    assert said(page) == "خانه‌ای خوانده نشد"
    assert not page.is_changed()


def test_choices_and_flags_are_set_and_given_back(page: PoliciesPage) -> None:
    page.rules.board.choose(CHILD)
    choose(page, "loanable", "onsite")
    choose(page, "cap_at_membership_expiry", "false")
    terms = page.draft().resolve("x", "child", "book")
    assert (terms["loanable"], terms["cap_at_membership_expiry"]) == ("onsite", False)
    choose(page, "loanable", "")
    assert page.draft().resolve("x", "child", "book")["loanable"] == "yes"


def test_a_problem_is_told_in_the_panel_and_its_input_is_shown(
    page: PoliciesPage, window: MainWindow, qtbot: QtBot
) -> None:
    page.rules.board.choose_group(Group.OVERDUE)
    field = page.rules.editor.input("period_days").framed
    assert isinstance(field, QLineEdit)
    field.clear()
    press(qtbot, window, Qt.Key.Key_J)
    assert page.questions.is_open()
    assert page.rules.editor.input("fine_per_day").framed.property("wrong") == "true"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not page.questions.is_open()


def test_a_draft_is_put_in_force_from_a_day(
    page: PoliciesPage, session: Session, window: MainWindow, qtbot: QtBot
) -> None:
    write(qtbot, page.rules.editor.input("loan_days"), "21")
    press(qtbot, window, Qt.Key.Key_P)
    assert page.questions.is_open()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Return)
    assert session.library.policy.version == 1, "Enter confirms nothing: scanners send it"
    press(qtbot, window, Qt.Key.Key_Return)
    assert session.library.policy.version == 2
    assert session.library.terms("ordinary", "book")["loan_days"] == 21
    assert said(page) == "نسخهٔ ۲ به اجرا گذاشته شد"
    assert not page.is_changed()


def test_a_draft_may_be_kept_and_does_not_decide(
    page: PoliciesPage, session: Session, window: MainWindow, qtbot: QtBot
) -> None:
    write(qtbot, page.rules.editor.input("loan_days"), "21")
    page.ask_publish()
    press(qtbot, window, Qt.Key.Key_D, CTRL | SHIFT)
    with session.library.store.read() as reader:
        newest = versions(reader)[0]
    assert (newest.version, newest.status) == (2, RuleStatus.DRAFT)
    assert session.library.policy.version == 1
    assert said(page) == "نسخهٔ ۲ پیش‌نویس نگه داشته شد"


def test_nothing_changed_is_not_stored_again(page: PoliciesPage, session: Session) -> None:
    page.ask_publish()
    assert said(page) == "چیزی تغییر نکرده است"
    assert not page.questions.is_open()


def test_a_line_is_added_by_keys_and_an_old_one_is_not_doubled(
    page: PoliciesPage, window: MainWindow, qtbot: QtBot
) -> None:
    press(qtbot, window, Qt.Key.Key_N)
    press(qtbot, window, Qt.Key.Key_Y, CTRL | SHIFT)
    assert said(page) == "این ردیف هست"
    fields = page.rules.panel.findChildren(type(page.rules.source))
    assert fields == []
    combos = {box.accessibleName(): box for box in page.rules.panel.findChildren(page.tester.category.__class__)}
    combos["گروه عضویت"].choose("free")
    combos["نوع منبع"].choose("audiovisual")
    press(qtbot, window, Qt.Key.Key_Y, CTRL | SHIFT)
    key = Key(category="free", item_type="audiovisual")
    assert page.rules.board.key() == key
    assert spoken(page.draft(), key) == {}


def test_a_line_is_copied_and_removed_but_never_the_fallback(
    page: PoliciesPage, window: MainWindow, qtbot: QtBot
) -> None:
    page.rules.board.choose(CHILD)
    page.ask_copy()
    combos = {box.accessibleName(): box for box in page.rules.panel.findChildren(page.tester.category.__class__)}
    combos["نوع منبع"].choose("book")
    press(qtbot, window, Qt.Key.Key_Y, CTRL | SHIFT)
    copied = Key(category="child", item_type="book")
    assert page.draft().resolve("x", "child", "book").decided_by("fee") == "child/book"
    page.rules.board.choose(copied)
    page.ask_removal()
    press(qtbot, window, Qt.Key.Key_Y, CTRL | SHIFT)
    assert page.draft().resolve("x", "child", "book").decided_by("fee") == "child/*"
    page.rules.board.choose_first()
    page.ask_removal()
    assert not page.questions.is_open()


def test_versions_tell_what_changed_and_one_can_go_back(
    page: PoliciesPage, session: Session, window: MainWindow, qtbot: QtBot
) -> None:
    write(qtbot, page.rules.editor.input("loan_days"), "21")
    page.ask_publish()
    press(qtbot, window, Qt.Key.Key_Return)
    press(qtbot, window, Qt.Key.Key_B)
    assert [page.versions.list.table.texts(place)[-1] for place in range(2)] == ["در حال اجرا", "گذشته"]
    assert page.versions.changes.sheet()[1:] == (("همهٔ عضوها · همهٔ منابع", "مدت امانت", "۱۴", "۲۱", "تغییر کرد"),)
    page.versions.list.view.choose(1)
    press(qtbot, window, Qt.Key.Key_R)
    press(qtbot, window, Qt.Key.Key_Y, CTRL | SHIFT)
    assert session.library.policy.version == 3
    assert session.library.terms("ordinary", "book")["loan_days"] == 14


def test_an_old_version_is_opened_for_editing(page: PoliciesPage, session: Session) -> None:
    lib.put_policy(session.library, {"loan_days": 3})
    page.on_shown()
    assert page.draft().version == 2
    page.show_versions()
    page.versions.edit_wanted.emit(1)
    assert page.draft().resolve("x", "ordinary", "book")["loan_days"] == 14
    assert page.is_changed()


@pytest.mark.parametrize("suffix", [".toml", ".xlsx"])
def test_the_rules_go_to_a_file_and_come_back(
    suffix: str, page: PoliciesPage, session: Session, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / f"rules{suffix}"
    page.ask_where = lambda _parent, _name: path
    page.ask_which = lambda _parent, _filter: path
    write(qtbot, page.rules.editor.input("loan_days"), "21")
    page.export()
    rows = page.draft().rows
    page.take_in()
    assert session.library.policy.version == 2, "what decides is written as in force, though its text is a draft"
    assert session.library.policy.rows == rows


def test_a_draft_from_a_file_is_kept_and_put_in_force_later(
    page: PoliciesPage, session: Session, window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "next.toml"
    path.write_text((PROFILES / "public.toml").read_text("utf-8").replace("loan_days = 14", "loan_days = 15"), "utf-8")
    page.ask_which = lambda _parent, _filter: path
    page.take_in()
    assert said(page) == "نسخهٔ ۲ پیش‌نویس نگه داشته شد"
    assert session.library.policy.version == 1
    page.ask_publish()
    press(qtbot, window, Qt.Key.Key_Return)
    assert session.library.policy.version == 3


def test_a_faulty_file_is_told_by_its_row_and_changes_nothing(
    page: PoliciesPage, session: Session, tmp_path: Path
) -> None:
    path = tmp_path / "x.toml"
    path.write_text("[[rows]]\nloan_days = -1\n", encoding="utf-8")
    page.ask_which = lambda _parent, _filter: path
    page.take_in()
    assert page.questions.is_open()
    with session.library.store.read() as reader:
        assert len(versions(reader)) == 1
    page.ask_which = lambda _parent, _filter: tmp_path / "x.docx"
    page.take_in()
    assert said(page) == "این فایل قواعد نیست"


def test_a_scan_asks_the_tester_for_this_reader_and_this_copy(page: PoliciesPage, session: Session) -> None:
    reader = lib.add_member(session.library, "child", given_name="نیما", family_name="کوچک")
    copy = lib.add_copy(session.library, "بوستان")
    scan(page, reader.card)
    scan(page, copy.barcode)
    assert page.tester.category.code() == "child"
    assert page.tester.told.text() == "\u2068نیما کوچک\u2069 · «\u2068بوستان\u2069»"
    assert page.tester.summary.text().startswith("امانت ۱۴ روز، تا ۵ نسخه")
    fee = next(line for line in page.tester.list.table.shown_rows() if line.name == "fee")
    assert (fee.value, fee.row) == ("۱۰٬۰۰۰ ریال", "\u2068عضو کودک: حق عضویت و دیرکرد\u2069")
    scan(page, "NOBODY-1")
    assert "NOBODY-1" in page.tester.told.text()
    assert heard(session)[-1] == "refused"


def test_the_tester_tries_the_draft_before_it_is_put_in_force(page: PoliciesPage, qtbot: QtBot) -> None:
    write(qtbot, page.rules.editor.input("loan_days"), "33")
    page.show_tester()
    assert page.tester.summary.text().startswith("امانت ۳۳ روز")


def test_a_copy_on_loan_tells_which_row_decided_it(page: PoliciesPage, session: Session) -> None:
    member, copy = lib.add_member(session.library), lib.add_copy(session.library, "بوستان")
    lib.lend(session.library, member, copy)
    lib.put_policy(session.library, {"loan_days": 3})
    scan(page, copy.barcode)
    assert not page.tester.why.isHidden()
    page.on_escape()
    assert page.tester.why.isHidden()


def test_the_panel_of_why_shows_row_version_and_steps(session: Session, qtbot: QtBot) -> None:
    from app.circulation.explain import Why, explain_loan

    member, copy = lib.add_member(session.library), lib.add_copy(session.library, "بوستان")
    loan = lib.lend(session.library, member, copy)
    panel = WhyPanel()
    qtbot.addWidget(panel)
    assert panel.show_loan(session.library, loan.loan_id)
    why = explain_loan(session.library, loan.loan_id)
    assert isinstance(why, Why)
    told = dict(facts(why))
    assert told["ردیف"] == "\u2068همه اعضا: مدت امانت و سقف هر کد ملی\u2069 (\u2068*/*\u2069)"
    assert told["قواعد"].startswith("نسخهٔ ۱، از ۳۰ آبان ۱۴۰۵")
    assert not panel.show_item(session.library, "RAF-999999")
    assert panel.show_next(session.library, member.card, copy.barcode)
    with qtbot.waitSignal(panel.closed):
        panel.close_panel()


def test_who_may_not_change_the_rules_is_told(page: PoliciesPage, session: Session, qtbot: QtBot) -> None:
    from dataclasses import replace

    from db.codes import Role

    session.person = replace(session.person, role=Role.LIBRARIAN)
    write(qtbot, page.rules.editor.input("loan_days"), "21")
    page.ask_publish()
    page.questions._answered(RuleStatus.IN_FORCE)
    assert page.questions.is_open()
    assert session.library.policy.version == 1


def test_the_inputs_of_a_group_stay_when_another_line_is_chosen_and_show_its_values(
    page: PoliciesPage, qtbot: QtBot
) -> None:
    field = page.rules.editor.input("loan_days")
    write(qtbot, field, "چهارده")
    assert page.rules.editor.is_faulty()
    page.rules.board.choose(Key(item_type="audiovisual"))
    assert page.rules.editor.input("loan_days") is field
    assert field.text() == "۷"
    assert not page.rules.editor.is_faulty()
    page.rules.board.choose(CHILD)
    assert field.text() == ""
