"""A tinted box in a column of facts: a debt, a hold on the shelf, why a copy was proposed."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QSizePolicy

from app.messages import Message
from ui.theme import Tone
from ui.widgets.labels import IconLabel, Label, ltr, mark
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


def trouble_notice(code: str, message: Message) -> Notice:
    """Trouble told where it belongs: what happened, whether anything was lost, what to do, and the code for support."""
    return Notice(message.what, (message.lost, message.do, f"کد خطا: {ltr(code)}"), Tone.REFUSE)
