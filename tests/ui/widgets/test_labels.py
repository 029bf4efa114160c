from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.messages import Message
from tests.ui.pixels import places_of
from ui.theme import Tone
from ui.widgets.banner import Banner
from ui.widgets.buttons import Button
from ui.widgets.labels import Label, hint, isolate, ltr, mark, untwisted
from ui.widgets.notice import Notice
from ui.widgets.panel import Panel, Reason
from ui.widgets.pills import Pill
from ui.widgets.row_view import RowView
from ui.widgets.runs import Part, RunLabel
from ui.widgets.table import Column, RowTable
from ui.widgets.trouble_box import TroubleBox

HOSTILE = "<b><font color='#ff0000'>███</font></b>"
RED = "#ff0000"


def banner() -> Banner:
    made = Banner()
    made.show_outcome(Tone.OK, HOSTILE, HOSTILE, undo=HOSTILE)
    return made


def panel() -> Panel:
    made = Panel()
    made.ask(Tone.WARN, HOSTILE, (Reason(HOSTILE, HOSTILE, HOSTILE),), (), note=HOSTILE)
    return made


def trouble() -> TroubleBox:
    made = TroubleBox()
    made.show_trouble("P-1", Message(HOSTILE, HOSTILE, HOSTILE))
    return made


def rows() -> RowView:
    table: RowTable[str] = RowTable((Column(HOSTILE, lambda row: row, sub=lambda row: row, stretch=1),))
    table.set_rows([HOSTILE])
    return RowView(table)


MAKERS: tuple[Callable[[], QWidget], ...] = (
    lambda: Label(HOSTILE),
    lambda: Label(HOSTILE, wrap=True),
    lambda: RunLabel(Part(HOSTILE)),
    lambda: Pill(HOSTILE),
    lambda: Button(HOSTILE),
    lambda: Notice(HOSTILE, (HOSTILE,), sign="check"),
    banner,
    panel,
    trouble,
    rows,
)


def test_a_bare_qt_label_would_obey_the_markup(qtbot: QtBot) -> None:
    label = QLabel(HOSTILE)
    qtbot.addWidget(label)
    label.resize(600, 200)

    assert places_of(label, RED)


@pytest.mark.parametrize("make", MAKERS)
def test_markup_in_a_text_is_shown_and_never_obeyed(make: Callable[[], QWidget], qtbot: QtBot) -> None:
    widget = make()
    qtbot.addWidget(widget)
    widget.resize(600, 200)

    assert places_of(widget, RED) == []


def test_tooltips_escape_what_they_tell(qtbot: QtBot) -> None:
    label = Label("عنوان")
    qtbot.addWidget(label)
    hint(label, "<img src='file:///etc/passwd'>")
    assert label.toolTip() == "<span>&lt;img src=&#x27;file:///etc/passwd&#x27;&gt;</span>"
    hint(label, "")
    assert label.toolTip() == ""


def test_a_line_that_is_cut_keeps_the_whole_text_in_its_tooltip(qtbot: QtBot) -> None:
    label = Label("کلیدر، جلد دوم، چاپ سی‌ام")
    qtbot.addWidget(label)
    label.resize(60, 30)
    label.grab()
    assert "سی‌ام" in label.toolTip()
    label.resize(600, 30)
    label.grab()
    assert label.toolTip() == ""


def test_foreign_text_cannot_turn_its_neighbours_over() -> None:
    hostile = "کتاب\u202e123\u2066"

    assert untwisted(hostile) == "کتاب123"
    assert isolate(hostile) == "\u2068کتاب123\u2069"
    assert ltr("978-600\u202e") == "\u2066978-600\u2069"
    assert untwisted("می\u200cخواهم") == "می\u200cخواهم"


def test_wrapped_lines_of_a_label_all_begin_at_the_right_edge(qtbot: QtBot) -> None:
    label = Label("▇▇▇ ▇▇▇ ▇▇▇ ▇▇▇", wrap=True)
    qtbot.addWidget(label)
    label.setFixedWidth(60)
    label.resize(60, label.heightForWidth(60))
    ink = [(x.x(), x.y()) for x in places_of(label, "#1F2A37")]
    height = label.fontMetrics().lineSpacing()
    edges = {y // height: max(x for x, row in ink if row // height == y // height) for _, y in ink}

    assert len(edges) > 1
    assert max(edges.values()) - min(edges.values()) <= 1


def test_a_mark_dresses_the_widget_anew(qtbot: QtBot) -> None:
    label = Label("متن", "muted")
    qtbot.addWidget(label)
    before = label.palette().windowText().color()
    mark(label, role="error")

    assert label.palette().windowText().color() != before


@pytest.mark.parametrize("text", ["ا" * 5000, "کتاب " * 1000, "یک\nدو"])
def test_no_text_widens_the_window(text: str, qtbot: QtBot) -> None:
    for widget in (Label(text), Label(text, wrap=True), RunLabel(Part(text)), Pill(text), Notice(text, (text,))):
        qtbot.addWidget(widget)
        assert widget.minimumSizeHint().width() < 400


def test_a_word_longer_than_the_line_is_broken_and_has_room(qtbot: QtBot) -> None:
    label = Label("▇" * 60, wrap=True)
    qtbot.addWidget(label)
    label.setFixedWidth(100)
    label.resize(100, label.heightForWidth(100))

    assert label.height() > 4 * label.fontMetrics().lineSpacing()
    assert max(spot.y() for spot in places_of(label, "#1F2A37")) > label.height() - label.fontMetrics().lineSpacing()


def test_labels_are_plain_text(qtbot: QtBot) -> None:
    label = Label("متن")
    qtbot.addWidget(label)

    assert label.textFormat() == Qt.TextFormat.PlainText
