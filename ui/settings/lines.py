"""How a setting stands on its card: what it is, the control, and a word of help under both."""

from PySide6.QtWidgets import QWidget

from ui.style import look
from ui.widgets.cards import Card
from ui.widgets.labels import Label
from ui.widgets.layouts import Item, column, row

_LABEL = 150


def setting(label: str, *controls: QWidget, help_text: str = "") -> QWidget:
    """One line: the label at the right edge, the controls beside it."""
    name = Label(label, "muted")
    name.setFixedWidth(look().px(_LABEL))
    for control in controls:
        if not control.accessibleName():
            control.setAccessibleName(label)
    made = QWidget()
    beside = row(name, *controls, None, gap=8)
    if help_text:
        below = row(_LABEL + 8, Label(help_text, "small", wrap=True), gap=0)
        below.setStretch(1, 1)
        made.setLayout(column(beside, below, gap=3))
    else:
        made.setLayout(beside)
    return made


def card(title: str, *items: Item, beside: QWidget | None = None) -> Card:
    """A card with a heading, and what stands beside it."""
    heading = row(Label(title, "heading"), *((beside,) if beside else ()), None, gap=10)
    return Card(column(heading, *items, gap=12))
