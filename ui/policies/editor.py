"""The card beside the table: one line of the rules, the parameters of one group, each with an input of its kind."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.policy.draft import Key, own_value, spoken
from app.policy.notation import BETWEEN, NO, NO_LIMIT, YES, read_written, told, written
from app.policy.parameters import GROUP_LABELS, PARAMETERS
from app.policy.problems import Problem, why_not
from app.policy.table import PolicyRow, PolicyTable
from app.policy.values import Fault, Group, Kind, Parameter, read_day, read_value
from ui.policies import words
from ui.style import look
from ui.widgets.cards import Card
from ui.widgets.form_inputs import ChoiceInput, DateInput, Input, LongInput, TextInput
from ui.widgets.labels import Label, hint, mark
from ui.widgets.layouts import column, emptied, row
from ui.widgets.scroll import Scroll, bring_into_sight

WIDTH = 372
_INHERITED = ("", "— از ردیف کلی‌تر —")
_HELP = {
    Kind.TIERS: "هر پله در یک سطر: ۱ تا ۷: ۵۰۰",
    Kind.HARD_DUES: "هر تاریخ در یک سطر: ۱۴۰۵/۱۰/۳۰ از ۱۴۰۵/۰۷/۰۱ تا ۱۴۰۵/۱۰/۰۱",
    Kind.TEXTS: "هر کدام در یک سطر.",
    Kind.CHOICES: "هر کدام در یک سطر.",
}


class Editor(Card):
    """`changed` carries (parameter, plain value or None for «says nothing») of the line shown."""

    changed = Signal(str, object)

    def __init__(self, today: Callable[[], date]) -> None:
        self._today = today
        self._shown: tuple[Key, Group] | None = None
        self._entries: dict[str, _Entry] = {}
        self._name, self._where = Label("", "heading", wrap=True), Label("", "muted", wrap=True)
        self._body = QVBoxLayout()
        self._body.setSpacing(look().px(12))
        self._held = QWidget()
        self._held.setLayout(column(self._body, None, gap=0, margins=(0, 0, 8, 0)))
        self._scroll = Scroll(self._held)
        whole = column(self._name, self._where, Label(words.EMPTY_MEANS, "small", wrap=True), self._scroll, gap=6)
        whole.setStretch(3, 1)
        super().__init__(whole)
        self.setFixedWidth(look().px(WIDTH))

    def show_line(self, table: PolicyTable, key: Key, group: Group, categories: Mapping[str, str]) -> None:
        """Show a line of a table; inputs in hand stay when it is the one already shown."""
        before, self._shown = self._shown, (key, group)
        if before is None or before[1] is not group:
            self._lay_out(group)
        elif before[0] != key:
            self._forget_mistakes()
        self._name.say(words.key_words(key, categories))
        self._where.say(f"قواعد {GROUP_LABELS[group]}")
        own = spoken(table, key)
        general = _without_own(table, key).resolve(key.branch, key.category, key.item_type)
        for name, entry in self._entries.items():
            held = told(entry.parameter, general.value(name))
            entry.show_value(
                written(entry.parameter, own_value(own[name], name)) if name in own else "",
                own.get(name),
                f"{held} — {words.row_words(general.row(name), categories)}",
            )

    def show_problem(self, problem: Problem) -> None:
        """Put a problem under the input it is about, and go there."""
        entry = self._entries.get(problem.parameter)
        if entry is not None:
            entry.show_mistake(problem.text)
            bring_into_sight(entry)
            entry.input.setFocus()

    def input(self, name: str) -> Input:
        """The input of a parameter of the group shown."""
        return self._entries[name].input

    def leave(self) -> None:
        """Take what is being written as if the person had gone on: a key was pressed that wants the whole draft."""
        for entry in self._entries.values():
            entry.take()

    def is_faulty(self) -> bool:
        """Whether something written here cannot be read."""
        return any(entry.mistaken for entry in self._entries.values())

    def begin(self) -> None:
        """Put the focus on the first input."""
        for entry in list(self._entries.values())[:1]:
            entry.input.setFocus()

    def _lay_out(self, group: Group) -> None:
        emptied(self._body)
        self._entries = {}
        for name, parameter in PARAMETERS.items():
            if parameter.group is group:
                self._entries[name] = entry = _Entry(parameter, self._today)
                entry.changed.connect(self.changed)
                self._body.addWidget(entry)
        self._held.updateGeometry()
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)  # or the entries are seen squeezed for a moment
        self._scroll.to_top()

    def _forget_mistakes(self) -> None:
        """What could not be read belonged to the line before."""
        for entry in self._entries.values():
            entry.mistaken = False
        self._scroll.to_top()


class _Entry(QWidget):
    """Label, input, and below it what holds: the source of the line's own value, or the row that is asked instead."""

    changed = Signal(str, object)

    def __init__(self, parameter: Parameter, today: Callable[[], date]) -> None:
        super().__init__()
        self.parameter, self.mistaken = parameter, False
        self._before, self._said = "", ""
        self.input = _input(parameter, today)
        self.input.framed.setAccessibleName(parameter.label)
        hint(self.input, parameter.help)
        unit = f" ({parameter.unit})" if parameter.unit else ""
        caption = Label(f"{parameter.label}{unit}", "strong")
        hint(caption, parameter.help)
        self._below = Label(_HELP.get(parameter.kind, ""), "small", wrap=True)
        self.setLayout(column(row(caption), self.input, self._below, gap=3))
        self.input.left.connect(self.take)
        if isinstance(self.input, ChoiceInput):
            self.input.choice.activated.connect(self.take)

    def show_value(self, text: str, row: PolicyRow | None, general: str) -> None:
        """Show what the line says itself («text» is empty where it says nothing), and what would hold without it."""
        source = words.source_words(row)
        self._said = f"منبع: {source}" if source else f"بدون این: {general}" if text else f"اکنون: {general}"
        if self.mistaken:
            return
        self._before = text
        if _text_of(self.input, self.parameter) != text:
            _set(self.input, self.parameter, text)
        self._tell(self._said)

    def take(self) -> None:
        """Read what is written; what cannot be read stays and is marked."""
        text = _text_of(self.input, self.parameter)
        if text == self._before:
            if self.mistaken:
                self._tell(self._said)
            return
        plain = read_written(self.parameter, text)
        fault = plain if isinstance(plain, Fault) or plain is None else read_value(self.parameter, plain)
        if isinstance(fault, Fault):
            self.show_mistake(f"این مقدار {why_not(self.parameter, fault)}.")
            return
        self._before = text
        self._tell(self._said)
        self.changed.emit(self.parameter.name, plain)

    def show_mistake(self, text: str) -> None:
        """Say in red what is wrong."""
        self.mistaken = True
        self._below.say(text)
        mark(self._below, role="error")
        self.input.set_wrong(True)

    def _tell(self, text: str) -> None:
        self.mistaken = False
        self._below.say(text)
        mark(self._below, role="small")
        self.input.set_wrong(False)


def _input(parameter: Parameter, today: Callable[[], date]) -> Input:
    if parameter.kind is Kind.FLAG:
        return ChoiceInput((_INHERITED, ("true", YES), ("false", NO)))
    if parameter.kind is Kind.CHOICE:
        return ChoiceInput((_INHERITED, *parameter.choices.items()))
    if parameter.kind is Kind.DAY:
        return DateInput(today)
    if parameter.kind is Kind.NUMBER:
        made = TextInput(24)
        made.edit.setPlaceholderText(f"عدد{f' یا «{NO_LIMIT}»' if parameter.default is None else ''}")
        return made
    return LongInput(2_000)


def _text_of(field: Input, parameter: Parameter) -> str:
    """What is written, in the notation of `app.policy.notation`."""
    text = field.text()
    if isinstance(field, ChoiceInput):
        return {"true": YES, "false": NO}.get(text, parameter.choices.get(text, ""))
    if isinstance(field, LongInput):
        return f"{BETWEEN} ".join(line.strip() for line in text.splitlines() if line.strip())
    return text


def _set(field: Input, parameter: Parameter, text: str) -> None:
    if isinstance(field, ChoiceInput):
        code = {YES: "true", NO: "false"}.get(text) if parameter.kind is Kind.FLAG else read_written(parameter, text)
        field.set_value(code if isinstance(code, str) else "")
    elif isinstance(field, LongInput):
        field.set_value(text if text.startswith("[") else text.replace(f"{BETWEEN} ", "\n"))
    elif isinstance(field, DateInput):
        field.set_value(read_day(text))
    else:
        field.set_value(text)


def _without_own(table: PolicyTable, key: Key) -> PolicyTable:
    return replace(table, rows=tuple(given for given in table.rows if not key.holds(given)))
