"""Reading what a form says in the type that is wanted; an empty field says None."""

from collections.abc import Mapping
from datetime import date

from ui.widgets.form_inputs import Value

Values = Mapping[str, Value]


def text_of(values: Values, name: str) -> str | None:
    """A text or code."""
    value = values.get(name)
    return value if isinstance(value, str) and value else None


def number_of(values: Values, name: str) -> int | None:
    """A whole number."""
    value = values.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def day_of(values: Values, name: str) -> date | None:
    """A date."""
    value = values.get(name)
    return value if isinstance(value, date) else None


def tags_of(values: Values, name: str, between: str = "،,؛;") -> tuple[str, ...]:
    """The parts of a text between any of the given signs, each once."""
    text = text_of(values, name) or ""
    for sign in between:
        text = text.replace(sign, "\n")
    return tuple(dict.fromkeys(part.strip() for part in text.split("\n") if part.strip()))
