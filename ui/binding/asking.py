"""A question in the place of the card: what it means, fields if it needs any, and what is done with a yes."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from ui.session import Session
from ui.style import look
from ui.theme import Tone
from ui.widgets.form import Field, Form
from ui.widgets.form_values import Values
from ui.widgets.layouts import column
from ui.widgets.panel import Choice, Panel, Reason
from ui.widgets.scroll import Scroll

YES_KEY = "Ctrl+Shift+Y"
WIDTH = 372
_YES, _CLOSE = "yes", "close"


class Side(QWidget):
    """The card of a part, and in its place a question while one stands. `settled`: none stands any more."""

    settled = Signal()

    def __init__(self, session: Session, card: QWidget) -> None:
        super().__init__()
        self._session, self.panel = session, Panel()
        self.form: Form | None = None
        self._run: Callable[[Values], None] | None = None
        self._again: Callable[[], None] | None = None
        self._written: Values = {}
        asking, quiet = QWidget(), QWidget()
        asking.setLayout(column(self.panel, None, gap=0))
        quiet.setLayout(column(card, gap=0))
        self._question, self._quiet = Scroll(asking), Scroll(quiet)
        self._question.hide()
        self.setLayout(column(self._quiet, self._question, gap=0))
        self.setFixedWidth(look().px(WIDTH))
        self.panel.chosen.connect(self._chosen)

    def is_asking(self) -> bool:
        """Whether a question stands."""
        return self.panel.is_open()

    def ask(
        self,
        tone: Tone,
        title: str,
        reasons: Sequence[Reason],
        yes: str,
        run: Callable[[Values], None],
        fields: Sequence[Field] = (),
    ) -> None:
        """Put a question; `run` gets what was filled in when it is answered with a yes."""
        self._run = run
        self._again, self._written = partial(self.ask, tone, title, reasons, yes, run, fields), {}
        self.form = Form(fields, lambda: self._session.act().day, columns=1) if fields else None
        choices = (Choice(_YES, yes, YES_KEY, "primary"), Choice(_CLOSE, "انصراف", "Esc"))
        self.panel.ask(tone, title, reasons, choices, extra=self.form)
        self._show(asking=True)
        if self.form is not None:
            self.form.input(fields[0].name).setFocus()

    def ask_again(self) -> None:
        """The answer was refused: the question stands as it did, with what was written. One without fields is over."""
        again, written = self._again, self._written
        if again is not None and written:
            again()
            if self.form is not None:
                self.form.set_values(written)

    def withdraw(self) -> None:
        """The question is left unanswered."""
        self._run, self.form = None, None
        self.panel.close_question()
        self._show(asking=False)
        self.settled.emit()

    @Slot(str)
    def _chosen(self, choice: str) -> None:
        run, form = self._run, self.form
        if choice != _YES or run is None:
            self.withdraw()
        elif form is None or form.check():
            values = self._written = form.values() if form else {}
            self.withdraw()
            run(values)

    def _show(self, *, asking: bool) -> None:
        self._question.setVisible(asking)
        self._quiet.setVisible(not asking)
