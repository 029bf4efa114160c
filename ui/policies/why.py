"""«با چه قاعده‌ای؟»: the row that decided a loan, its version and source, and how the due date came about.

A page puts `WhyPanel` beside its work and calls `show_loan`, `show_item` or `show_next`; `closed` says that the person
has read it.
"""

import uuid

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.circulation.explain import Step, StepKind, Why, explain_item, explain_loan, explain_next, words
from app.labels import MATERIAL
from app.library import Library
from app.outcome import NotFound
from app.persian import jalali
from app.persian.digits import number
from app.policy.summary import summary
from db.codes import Material
from ui.keys import ESCAPE
from ui.policies.words import source_words, version_words
from ui.style import look
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.facts import Facts
from ui.widgets.labels import IconLabel, Label, isolate
from ui.widgets.layouts import column, emptied, row
from ui.widgets.pills import Pill

TITLE = "با چه قاعده‌ای؟"
_SIGNS = {
    StepKind.START: "book-upload",
    StepKind.PERIOD: "clock",
    StepKind.CLOSED: "calendar",
    StepKind.HIGH_HOLDS: "users",
    StepKind.HARD_DUE: "lock",
    StepKind.MEMBERSHIP: "id",
    StepKind.ONSITE: "home",
    StepKind.NO_PERIOD: "ban",
    StepKind.RECORDED: "pencil",
    StepKind.MOVED: "arrow-left",
    StepKind.RENEWED: "repeat",
}


class StepsView(QWidget):
    """The steps to a due date, one under the other, each with its sign."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(look().px(8))
        self.setLayout(column(self._lines, gap=0))

    def show_steps(self, steps: tuple[Step, ...]) -> None:
        """Show these in place of the ones before."""
        emptied(self._lines)
        for step in steps:
            line = QWidget()
            beside = row(IconLabel(_SIGNS[step.kind], size=18), Label(words(step), wrap=True), gap=8)
            beside.setStretch(1, 1)
            line.setLayout(beside)
            self._lines.addWidget(line)


class WhyPanel(Card):
    """Hidden until something is shown. `closed`: the button (or Esc, which the page hands on) was pressed."""

    closed = Signal()

    def __init__(self) -> None:
        self._book, self._due = Label("", "strong", wrap=True), Pill()
        self._facts, self.steps, self._summary = Facts(), StepsView(), Label("", "muted", wrap=True)
        close = Button("بستن", ESCAPE)
        heading = row(Label(TITLE, "heading"), None, self._due, gap=8)
        super().__init__(
            column(heading, self._book, self._facts, self.steps, self._summary, row(None, close), None, gap=10)
        )
        self.setAccessibleName(TITLE)
        close.clicked.connect(self.close_panel)
        self.hide()

    def show_loan(self, library: Library, loan_id: uuid.UUID) -> bool:
        """What decided this loan; False, and nothing shown, when there is no such loan."""
        return self._show_found(explain_loan(library, loan_id))

    def show_item(self, library: Library, item: str) -> bool:
        """What decided the open loan of a copy (barcode or accession number); False when nobody has it."""
        return self._show_found(explain_item(library, item))

    def show_next(self, library: Library, member: str, item: str) -> bool:
        """What would decide today for a reader and a copy; False when one of them is not known."""
        return self._show_found(explain_next(library, member, item))

    def show_why(self, why: Why) -> None:
        """Show what was found out."""
        reader = f" — {isolate(why.reader_name)}" if why.reader_name else ""
        self._book.say(f"«{isolate(why.title)}»{reader}")
        self._due.show_state(f"تا {jalali.day_month(why.due_on)}" if why.due_on else "امانت داده نمی‌شود", _tone(why))
        self._facts.show_facts(facts(why))
        self.steps.show_steps(why.steps)
        self._summary.say(summary(why.terms) if why.terms else "این نسخه از قواعد در این رایانه نیست.")
        self.show()

    def close_panel(self) -> None:
        """Put it away."""
        self.hide()
        self.closed.emit()

    def _show_found(self, found: Why | NotFound) -> bool:
        if isinstance(found, NotFound):
            return False
        self.show_why(found)
        return True


def facts(why: Why) -> tuple[tuple[str, str], ...]:
    """Row, source and version, for a list of facts."""
    since = f"، از {jalali.day_month_year(why.effective_from)}" if why.effective_from else ""
    title = f" ({isolate(why.policy_title)})" if why.policy_title else ""
    named = isolate(why.row.name) if why.row and why.row.name else ""
    return (
        ("ردیف", f"{named} ({isolate(why.rule)})" if named else isolate(why.rule)),
        ("منبع", source_words(why.row)),
        ("قواعد", f"{version_words(why.version)}{since}{title}"),
        ("نوع منبع", _item_type(why.item_type)),
        ("ردیف‌های دیگر", _others(why)),
    )


def _others(why: Why) -> str:
    """How many rows beside the deciding one have a say."""
    terms = why.terms
    if terms is None:
        return ""
    keys = {name: terms.decided_by(name) for name in ("fine_per_day", "max_renewals", "max_loans_all_types")}
    other = sorted({key for key in keys.values() if key not in (why.rule, "default")})
    return f"{number(len(other))} ردیف: {'، '.join(map(isolate, other))}" if other else ""


def _item_type(code: str) -> str:
    return MATERIAL[Material(code)] if code in set(Material) else isolate(code)


def _tone(why: Why) -> Tone:
    return Tone.INFO if why.due_on else Tone.REFUSE
