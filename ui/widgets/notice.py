"""A tinted box in a column of facts: a debt, a hold on the shelf, why a copy was proposed."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QSizePolicy

from ui.theme import Tone
from ui.widgets.labels import IconLabel, Label, mark
from ui.widgets.layouts import column, row


class Notice(QFrame):
    """A bold first line and plain lines under it; `sign` puts an icon before each line (checks that were made)."""

    def __init__(self, title: str, lines: Sequence[str] = (), tone: Tone = Tone.INFO, *, sign: str = "") -> None:
        super().__init__()
        mark(self, tone=tone.value)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        body = column(Label(title, "strong", wrap=True), gap=0, margins=(12, 8, 12, 8))
        for line in lines:
            words = Label(line, wrap=True)
            if not sign:
                body.addWidget(words)
                continue
            beside = row(IconLabel(sign, tone, size=16), words, gap=6)
            beside.setStretch(1, 1)
            body.addLayout(beside)
        self.setLayout(body)
