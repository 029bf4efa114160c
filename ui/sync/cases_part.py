"""Conflicts that wait for a person: what each side says, and what can be decided."""

from typing import assert_never

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.clock import day_of
from app.conflicts.cases import Case, CaseDecided, decide_case, open_cases
from app.conflicts.words import Option
from app.outcome import NotFound, Refused
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.wording import way_out, why
from ui.said import Said
from ui.session import Session
from ui.sounds import Sound
from ui.theme import Tone
from ui.widgets.buttons import Button
from ui.widgets.cards import Card
from ui.widgets.inputs import Tick
from ui.widgets.labels import Label
from ui.widgets.layouts import column, emptied, row
from ui.widgets.notice import Notice
from ui.widgets.row_list import RowList
from ui.widgets.scroll import Scroll
from ui.widgets.table import Column, RowTable

KEYS = ("Ctrl+Shift+1", "Ctrl+Shift+2", "Ctrl+Shift+3")
IN_A_ROW = 3
EMPTY = (
    "اگر کاری در دو جا با هم نخواند، هر دو روایت اینجا می‌آید تا شما تصمیم بگیرید. هیچ چیز بی تصمیم کنار گذاشته نمی‌شود."
)


def case_table() -> RowTable[Case]:
    """Cases, oldest first."""
    return RowTable(
        (
            Column("مورد", lambda case: case.title, sub=lambda case: to_persian(case.about), stretch=1, strong=True),
            Column(
                "از", lambda case: jalali.day_month(day_of(case.opened_at)), width=92,
                sort_key=lambda case: case.opened_at,
            ),
        ),
        key=lambda case: case.id,
    )  # fmt: skip


class CasesPart(QWidget):
    """The list and the card of the chosen case. `counted` tells how many wait."""

    said = Signal(object)
    counted = Signal(int)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.list = RowList(case_table(), noun="مورد", tools=False)
        self.list.set_empty("چیزی در انتظار تصمیم نیست", EMPTY, "cloud-check")
        self._card = QVBoxLayout()
        self.buttons: tuple[Button, ...] = ()
        self.ticks: dict[str, Tick] = {}
        inside = QWidget()
        inside.setLayout(column(self._card, None, gap=0))
        self.side = Scroll(inside)
        whole = row(self.list, self.side, gap=14)
        whole.setStretch(0, 2)
        whole.setStretch(1, 3)
        self.setLayout(whole)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.list.view)
        self.list.view.current_row.connect(self._show)

    def reload(self) -> None:
        """Read the cases anew."""
        with self._session.library.store.read() as reader:
            cases = open_cases(reader)
        self.list.set_rows(cases)
        self.counted.emit(len(cases))
        if not self.list.view.chosen():
            self.list.view.choose_place(0)
        chosen = self.list.view.chosen()
        self._show(chosen[0] if chosen else None)

    def on_escape(self) -> bool:
        """Nothing lies open here."""
        return False

    @Slot(object)
    def _show(self, case: Case | None) -> None:
        emptied(self._card)
        self.buttons, self.ticks = (), {}
        self.side.setVisible(case is not None)
        if case is None:
            return
        stories = [Notice(story.whose, tuple(map(to_persian, story.lines)), Tone.INFO) for story in case.stories]
        self.buttons = tuple(
            Button(option.words, key, "secondary") for option, key in zip(case.options, KEYS, strict=False)
        )
        choices = column(gap=8)
        for option, button in zip(case.options, self.buttons, strict=False):
            button.clicked.connect(lambda _=False, option=option: self._decide(case, option))
            if option.parts:
                choices.addLayout(self._parts(option, button))
            choices.addLayout(row(button, None))
            choices.addWidget(Label(option.follows, "muted", wrap=True))
        about = Label(to_persian(case.about), "muted", wrap=True)
        self._card.addWidget(Card(column(Label(case.title, "title", wrap=True), about, *stories, choices, gap=12)))

    def _parts(self, option: Option, button: Button) -> QGridLayout:
        """A tick for each field that may be taken; with none of them nothing is."""
        grid = QGridLayout()
        for place, (name, words) in enumerate(option.parts):
            self.ticks[name] = tick = Tick(words)
            tick.setChecked(True)
            tick.toggled.connect(lambda: button.setEnabled(bool(self._ticked())))
            grid.addWidget(tick, *divmod(place, IN_A_ROW))
        grid.setColumnStretch(IN_A_ROW, 1)
        return grid

    def _ticked(self) -> tuple[str, ...]:
        """The fields of the other side that are taken."""
        return tuple(name for name, tick in self.ticks.items() if tick.isChecked())

    def _decide(self, case: Case, option: Option) -> None:
        fields = self._ticked() if option.parts else ()
        outcome = decide_case(self._session.library, case.id, option.choice, self._session.act(), fields)
        match outcome:
            case CaseDecided():
                self.said.emit(Said(Tone.OK, f"تصمیم ثبت شد — {case.title}", (option.follows,), Sound.CHECKED_IN))
                self._session.refresh.tell("sync", "loans", "members", "titles")
            case Refused():
                first = outcome.refusals[0]
                self.said.emit(Said(Tone.REFUSE, why(first), (way_out(first),), Sound.REFUSED))
            case NotFound():
                self.said.emit(Said(Tone.INFO, "این مورد دیگر باز نیست", ("فهرست تازه شد.",), Sound.CHECKED_IN))
            case _:
                assert_never(outcome)
        self.reload()


def counted_words(cases: int) -> tuple[str, str]:
    """The tile's number and words."""
    return number(cases), "در انتظار تصمیم" if cases else "چیزی نمانده"
