"""What the policy asks of a membership of the chosen category: papers to be ticked, a letter, the fee."""

from collections.abc import Collection

from PySide6.QtWidgets import QWidget

from app.library import Library
from app.policy.table import ANY
from ui.money.words import rials
from ui.theme import Tone
from ui.widgets.inputs import Tick
from ui.widgets.labels import Label, isolate
from ui.widgets.layouts import Flow, column, emptied
from ui.widgets.notice import Notice

LETTER = "این عضویت نامهٔ معرفی می‌خواهد"
WAITS = "بی شمارهٔ نامه هم ثبت می‌شود، ولی «در انتظار تأیید» می‌ماند و با آن امانت داده نمی‌شود."


class Joining(QWidget):
    """Follows the category of the form. `free` only matters for a new member."""

    def __init__(self, library: Library) -> None:
        super().__init__()
        self._library = library
        self._shown: tuple[str, bool, bool] | None = None
        self.ticks: dict[str, Tick] = {}
        self.charge = Tick("")
        self._caption = Label("مدارک", "muted")
        self._papers = Flow(gap=18)
        papers = QWidget()
        papers.setLayout(self._papers)
        self._paper_part = papers
        self.letter = Notice(LETTER, (WAITS,), Tone.INFO)
        self.setLayout(column(self.letter, self._caption, papers, self.charge, gap=6))

    def show_category(self, category: str, *, new: bool, has_letter: bool) -> None:
        """What a membership of this category asks for."""
        if (category, new, has_letter) == self._shown:
            return
        handed_in = self.documents()
        self._shown = (category, new, has_letter)
        terms = self._library.terms(category, ANY)
        self._show_papers(terms.texts("documents"))
        self.set_documents(handed_in)
        self.letter.setVisible(terms.flag("letter") and not has_letter)
        fee, card = terms.number("fee"), terms.number("card_fee")
        costs = [f"حق عضویت {rials(fee)}"] if fee else []
        costs += [f"اگر کارت داده شود {rials(card)}"] if card else []
        self.charge.setText(f"در حساب عضو نوشته شود: {'، '.join(costs)}")
        self.charge.updateGeometry()
        self.charge.setVisible(new and bool(costs))

    def begin(self) -> None:
        """A new form: nothing is handed in, the fee is charged."""
        self._shown = None
        for tick in self.ticks.values():
            tick.setChecked(False)
        self.charge.setChecked(True)

    def documents(self) -> tuple[str, ...]:
        """The papers that are ticked."""
        return tuple(name for name, tick in self.ticks.items() if tick.isChecked())

    def set_documents(self, names: Collection[str]) -> None:
        """Tick these papers."""
        for name, tick in self.ticks.items():
            tick.setChecked(name in names)

    def is_free(self) -> bool:
        """Whether no fee is to be written."""
        return not self.charge.isChecked()

    def _show_papers(self, names: tuple[str, ...]) -> None:
        emptied(self._papers)
        self.ticks = {name: Tick(isolate(name)) for name in names}
        for tick in self.ticks.values():
            self._papers.addWidget(tick)
        for part in (self._caption, self._paper_part):
            part.setVisible(bool(names))
