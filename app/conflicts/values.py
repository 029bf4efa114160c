"""What is written of a reader, in Persian: the name of a field and its value."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from app.labels import FIELD, MEMBER_STATE
from app.persian import jalali
from app.persian.digits import to_persian
from app.policy.categories import ALL_CATEGORIES, VISITOR, VISITOR_WORDS

OUR_FIELDS = {"expires_on": "expires", "state": "member_state"}
"""Columns whose name in the table of labels is another one."""
NOTHING_WRITTEN = "نوشته نشده"
CODES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "category": {**ALL_CATEGORIES, VISITOR: VISITOR_WORDS},
        "state": {state.value: words for state, words in MEMBER_STATE.items()},
    }
)
"""Fields that hold codes, and the words of these."""


def field_words(name: str) -> str:
    """A column by its label."""
    return FIELD.get(OUR_FIELDS.get(name, name), name)


def value_words(value: object, name: str = "") -> str:
    """A value; `name` is its column, where codes may stand in it."""
    if value is None:
        return NOTHING_WRITTEN
    if isinstance(value, str):
        known = CODES.get(name, {}).get(value)
        return known or _text_words(value)
    return day_words(value) if isinstance(value, dt.date) else to_persian(str(value))


def _text_words(text: str) -> str:
    try:
        return day_words(dt.date.fromisoformat(text)) if "-" in text else to_persian(text)
    except ValueError:
        return to_persian(text)


def day_words(day: object) -> str:
    """A day, also one that is told as text."""
    if isinstance(day, str):
        day = dt.date.fromisoformat(day)
    return jalali.short(day) if isinstance(day, dt.date) else "—"
