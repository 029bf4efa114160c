"""What an empty page says: what it is for, and how to begin."""

from PySide6.QtWidgets import QWidget

from ui.widgets.buttons import Button
from ui.widgets.labels import IconLabel, Label
from ui.widgets.layouts import column, row


class EmptyPage(QWidget):
    """An icon, a sentence, a way to begin; buttons are handed in."""

    def __init__(self, icon: str, what_for: str, how_to_begin: str, *buttons: Button) -> None:
        super().__init__()
        self.setLayout(
            column(
                None,
                row(None, IconLabel(icon, size=56, role="primary"), None),
                row(None, Label(what_for, "heading"), None),
                row(None, Label(how_to_begin, "muted"), None),
                8,
                row(None, *buttons, None),
                None,
                gap=10,
            )
        )
