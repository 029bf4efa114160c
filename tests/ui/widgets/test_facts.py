from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.widgets.facts import Facts


def test_facts_without_a_value_are_left_out(qtbot: QtBot) -> None:
    facts = Facts()
    qtbot.addWidget(facts)
    facts.show_facts((("ناشر", "خوارزمی"), ("ویرایش", ""), ("سال", "۱۳۹۸")))

    assert facts.facts() == (("ناشر", "خوارزمی"), ("سال", "۱۳۹۸"))
    assert [label.text() for label in facts.findChildren(QLabel)] == ["ناشر", "خوارزمی", "سال", "۱۳۹۸"]


def test_new_facts_take_the_place_of_the_old_ones_and_are_never_interpreted(qtbot: QtBot) -> None:
    facts = Facts()
    qtbot.addWidget(facts)
    facts.show_facts((("ناشر", "خوارزمی"),))
    facts.show_facts((("یادداشت", "<b>متن</b>"),))
    shown = [label for label in facts.findChildren(QLabel) if not label.isHidden()]

    assert [label.text() for label in shown] == ["یادداشت", "<b>متن</b>"]
    assert {label.textFormat() for label in shown} == {Qt.TextFormat.PlainText}
