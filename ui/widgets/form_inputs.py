"""The kinds of input a form is built from, each with its value, its text and its own mistake."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from app.persian.digits import number, parse_int, to_latin, to_persian
from app.persian.text import clean
from ui.style import look
from ui.widgets import paint
from ui.widgets.inputs import Choice, Tick
from ui.widgets.jalali_edit import WRONG_DATE, JalaliDateEdit
from ui.widgets.labels import mark
from ui.widgets.layouts import column

Value = str | int | bool | date | None
Options = tuple[tuple[str, str], ...]

WRONG_NUMBER = "در این خانه فقط عدد بنویسید."


class Kind(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONG = "long"  # several lines
    LATIN = "latin"  # ISBN, telephone, codes: left to right, digits kept as ASCII
    NUMBER = "number"
    MONEY = "money"  # rial, shown in groups of three
    DATE = "date"
    CHOICE = "choice"
    TICK = "tick"


class Input(QWidget):
    """One input of a form; the subclasses are its kinds. `left` is sent when the person goes on to another field."""

    changed = Signal()
    left = Signal()

    def __init__(self, field: QWidget, framed: QWidget | None = None) -> None:
        super().__init__()
        self.setLayout(column(field, gap=0))
        self.setFocusProxy(field)
        self.framed = framed or field
        self.framed.installEventFilter(self)

    def value(self) -> Value:
        """The value in the type of the kind; None for an empty number or date."""
        return self.text()

    def set_value(self, value: Value) -> None:
        """Show a value; None empties the input."""
        raise NotImplementedError

    def text(self) -> str:
        """What is written, for validators and for the check of required fields."""
        raise NotImplementedError

    def mistake(self) -> str:
        """What is wrong by the kind alone, or nothing."""
        return ""

    def set_wrong(self, wrong: bool) -> None:
        """Frame the input in red, or not."""
        mark(self.framed, wrong=wrong)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.left.emit()
        return super().eventFilter(watched, event)


class TextInput(Input):
    """One line. Enter goes on to the next field, so that a scanned ISBN does not send the form off."""

    def __init__(self, longest: int, *, latin: bool = False) -> None:
        edit = QLineEdit()
        super().__init__(edit)
        self.edit, self._latin = edit, latin
        self.edit.setMaxLength(longest)
        self.edit.textChanged.connect(self.changed)
        self.edit.returnPressed.connect(lambda: self.focusNextPrevChild(True))
        self.edit.setAlignment(paint.START)
        if latin:
            self.edit.setLayoutDirection(Qt.LayoutDirection.LeftToRight)

    def set_value(self, value: Value) -> None:
        self.edit.setText(str(value) if value is not None else "")

    def text(self) -> str:
        written = clean(self.edit.text(), self.edit.maxLength())
        return to_latin(written) if self._latin else written


class LongInput(Input):
    """Several lines; Tab leaves the field."""

    def __init__(self, longest: int) -> None:
        edit = QPlainTextEdit()
        super().__init__(edit)
        self.edit, self._longest = edit, longest
        option = edit.document().defaultTextOption()
        option.setAlignment(Qt.AlignmentFlag.AlignRight)  # a QPlainTextEdit is not mirrored with the rest
        edit.document().setDefaultTextOption(option)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(look().px(84))
        self.edit.textChanged.connect(self.changed)

    def set_value(self, value: Value) -> None:
        self.edit.setPlainText(str(value) if value is not None else "")

    def text(self) -> str:
        lines = self.edit.toPlainText()[: self._longest].splitlines()
        return "\n".join(clean(line, self._longest) for line in lines).strip()


class NumberInput(TextInput):
    """A whole number in any digits; shown in Persian digits, money in groups of three."""

    def __init__(self, *, grouped: bool) -> None:
        super().__init__(24)
        self._grouped = grouped
        self.left.connect(self._tidy)

    def value(self) -> Value:
        return parse_int(self.text())

    def set_value(self, value: Value) -> None:
        self.edit.setText(number(value, self._grouped) if isinstance(value, int) else "")

    def mistake(self) -> str:
        return WRONG_NUMBER if self.text() and self.value() is None else ""

    def _tidy(self) -> None:
        if isinstance(value := self.value(), int):
            self.set_value(value)


class DateInput(Input):
    """A Jalali date."""

    def __init__(self, today: Callable[[], date]) -> None:
        edit = JalaliDateEdit(today)
        super().__init__(edit, edit.edit)
        self.edit = edit
        self.edit.changed.connect(self.changed)

    def value(self) -> Value:
        return self.edit.day()

    def set_value(self, value: Value) -> None:
        self.edit.set_day(value if isinstance(value, date) else None)

    def text(self) -> str:
        return self.edit.edit.text().strip()

    def mistake(self) -> str:
        return WRONG_DATE if self.edit.is_wrong() else ""


class ChoiceInput(Input):
    """A choice by code."""

    def __init__(self, options: Options) -> None:
        choice = Choice(options)
        super().__init__(choice)
        self.choice = choice
        self.choice.currentIndexChanged.connect(lambda _: self.changed.emit())

    def set_value(self, value: Value) -> None:
        self.choice.choose(str(value) if value is not None else "")

    def text(self) -> str:
        return self.choice.code()


class TickInput(Input):
    """Yes or no."""

    def __init__(self, words: str) -> None:
        tick = Tick(words)
        super().__init__(tick)
        self.tick = tick
        self.tick.toggled.connect(lambda _: self.changed.emit())

    def value(self) -> Value:
        return self.tick.isChecked()

    def set_value(self, value: Value) -> None:
        self.tick.setChecked(bool(value))

    def text(self) -> str:
        return to_persian("1") if self.tick.isChecked() else ""
