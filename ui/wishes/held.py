"""The titles of the library that may be what a reader wishes for."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.persian.digits import to_persian
from app.wishes.facts import HeldTitle
from ui.theme import Tone
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import column, emptied
from ui.wishes.words import copies

NONE = "چنین عنوانی در فهرست کتابخانه نیست."


class HeldList(QWidget):
    """One title a line, that very book first and marked."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = column(gap=6)
        self.setLayout(self._lines)

    def show_titles(self, titles: Sequence[HeldTitle], nothing: str = NONE) -> None:
        """Show these in place of the ones before; `nothing` is said where there are none."""
        emptied(self._lines)
        if not titles and nothing:
            self._lines.addWidget(Label(nothing, "muted", wrap=True))
        for one in titles:
            name = Label(
                ("همین کتاب: " if one.same else "") + isolate(one.title), "strong" if one.same else "", wrap=True
            )
            name.set_tone(Tone.WARN if one.same else None)
            printed = (one.main_creator, one.publisher, str(one.year) if one.year else None)
            more = "، ".join(isolate(to_persian(part)) for part in printed if part)
            self._lines.addWidget(name)
            self._lines.addWidget(Label(" · ".join(part for part in (more, copies(one)) if part), "small", wrap=True))
