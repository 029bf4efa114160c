"""Data entry from a table of fields: labels above, help and mistakes below, in words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from ui.style import look
from ui.widgets.form_inputs import (
    ChoiceInput,
    DateInput,
    Input,
    Kind,
    LongInput,
    NumberInput,
    Options,
    TextInput,
    TickInput,
    Value,
)
from ui.widgets.labels import Label, mark
from ui.widgets.layouts import column
from ui.widgets.scroll import bring_into_sight

MISSING = "این خانه را پر کنید."


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `validator` gets the text written (never empty) and answers what is wrong, in Persian, or ""."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    help: str = ""
    validator: Callable[[str], str] | None = None
    options: Options = ()
    wide: bool = False  # takes a whole line of the form
    longest: int = 200


class Form(QWidget):
    """`values()` by field name; `check()` marks every mistake at once and goes to the first."""

    changed = Signal()

    def __init__(self, fields: Sequence[Field], today: Callable[[], date], columns: int = 2) -> None:
        super().__init__()
        self._entries = {field.name: _Entry(field, today) for field in fields}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(look().px(20))
        grid.setVerticalSpacing(look().px(10))
        place = 0
        lines: dict[int, list[_Entry]] = {}
        for entry in self._entries.values():
            span = columns if entry.field.wide else 1
            place += -place % span
            grid.addWidget(entry, place // columns, place % columns, 1, span)
            lines.setdefault(place // columns, []).append(entry)
            place += span
            entry.input.changed.connect(self.changed)
        for line in lines.values():
            if all(entry.field.kind is Kind.TICK for entry in line):  # nothing beside them whose input they stand by
                for entry in line:
                    entry.caption.hide()
        grid.setRowStretch(grid.rowCount(), 1)
        for number in range(columns):
            grid.setColumnStretch(number, 1)

    def values(self) -> dict[str, Value]:
        """What is written, by field name: texts cleaned, numbers as int, dates as date, choices as code."""
        return {name: entry.input.value() for name, entry in self._entries.items()}

    def set_values(self, values: Mapping[str, Value]) -> None:
        """Fill the form; fields not named are emptied. Old mistakes go."""
        for name, entry in self._entries.items():
            entry.input.set_value(values.get(name))
            entry.show_mistake("")

    def check(self) -> bool:
        """Whether everything is right; otherwise each mistake stands under its field and the first has the focus."""
        wrong = [entry for entry in self._entries.values() if entry.check()]
        if wrong:
            wrong[0].input.setFocus()
            bring_into_sight(wrong[0])
        return not wrong

    def show_mistake(self, name: str, text: str) -> None:
        """Put under a field what only the use case could know (a barcode already in use). It stands until the text is
        changed or the form is checked again."""
        self._entries[name].tell_mistake(text)

    def mistakes(self) -> dict[str, str]:
        """The mistakes shown now, by field name."""
        return {name: entry.mistake for name, entry in self._entries.items() if entry.mistake}

    def input(self, name: str) -> Input:
        """The input of a field."""
        return self._entries[name].input


class _Entry(QWidget):
    """Label, input, and the line below that holds help or the mistake."""

    def __init__(self, field: Field, today: Callable[[], date]) -> None:
        super().__init__()
        self.field, self.mistake = field, ""
        self._told_of: str | None = None  # the text of which the use case said what is wrong
        self.input = _input(field, today)
        self.input.framed.setAccessibleName(field.label)
        caption = "" if field.kind is Kind.TICK else f"{field.label}{' *' if field.required else ''}"
        self._below = Label(field.help, "small", wrap=True)
        if not field.help:  # shown before it has a parent, it would flash up as a window and take the focus
            self._below.hide()
        self.caption = Label(caption, "muted")
        self.setLayout(column(self.caption, self.input, self._below, None, gap=4))
        self.input.left.connect(self._look_over)

    def check(self) -> str:
        """Show and answer what is wrong."""
        self._told_of = None
        self.show_mistake(self._found())
        return self.mistake

    def show_mistake(self, text: str) -> None:
        """Show this mistake, or the help again."""
        self.mistake = text
        self._below.say(text or self.field.help)
        self._below.setVisible(bool(text or self.field.help))
        mark(self._below, role="error" if text else "small")
        self.input.set_wrong(bool(text))

    def tell_mistake(self, text: str) -> None:
        """Show what the use case found wrong with the text as it is."""
        self.show_mistake(text)
        self._told_of = self.input.text() if text else None

    def _look_over(self) -> None:
        # Leaving a field empty is no mistake yet: the person may come back.
        if self._told_of != self.input.text() and (self.input.text() or self.mistake):
            self.check()

    def _found(self) -> str:
        text = self.input.text()
        if not text:
            return MISSING if self.field.required else ""
        own = self.input.mistake()
        return own or (self.field.validator(text) if self.field.validator else "")


def _input(field: Field, today: Callable[[], date]) -> Input:
    makers: dict[Kind, Callable[[], Input]] = {
        Kind.TEXT: lambda: TextInput(field.longest),
        Kind.LONG: lambda: LongInput(field.longest),
        Kind.LATIN: lambda: TextInput(field.longest, latin=True),
        Kind.NUMBER: lambda: NumberInput(grouped=False),
        Kind.MONEY: lambda: NumberInput(grouped=True),
        Kind.DATE: lambda: DateInput(today),
        Kind.CHOICE: lambda: ChoiceInput(field.options),
        Kind.TICK: lambda: TickInput(field.label),
    }
    return makers[field.kind]()
