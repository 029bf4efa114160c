"""The columns of the rules as an Excel sheet: what a row is matched by, every parameter, and where it is said."""

from dataclasses import dataclass
from types import MappingProxyType

from app.policy.parameters import GROUP_LABELS, PARAMETERS
from app.policy.values import Parameter

ROW_WORDS = MappingProxyType(
    {
        "branch": "کتابخانه",
        "category": "گروه عضویت",
        "item_type": "نوع منبع",
        "name": "نام ردیف",
        "source": "منبع",
        "article": "ماده یا دلیل",
    }
)
KEY_WORDS = ("branch", "category", "item_type")
HEAD_WORDS = MappingProxyType(
    {
        "title": "عنوان",
        "version": "نسخه",
        "status": "وضعیت",
        "effective_from": "تاریخ اجرا",
        "profile": "نمونه",
        "source": "منبع آیین‌نامه",
        "categories": "گروه‌های این کتابخانه",
    }
)
"""What stands above the rows, one line each: the word in the first cell, its value in the second."""

_MATCH, _WORDS = "ردیف", "سند"


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column: its code (the heading programs read), the heading people read, the group above it."""

    code: str
    heading: str
    group: str
    parameter: Parameter | None = None


def _word(code: str) -> SheetColumn:
    return SheetColumn(code, ROW_WORDS[code], _WORDS if code in ("source", "article") else _MATCH)


def _parameter(parameter: Parameter) -> SheetColumn:
    unit = f" ({parameter.unit})" if parameter.unit else ""
    return SheetColumn(parameter.name, f"{parameter.label}{unit}", GROUP_LABELS[parameter.group], parameter)


COLUMNS: tuple[SheetColumn, ...] = (
    *(_word(code) for code in (*KEY_WORDS, "name")),
    *(_parameter(parameter) for parameter in PARAMETERS.values()),
    *(_word(code) for code in ("source", "article")),
)
MOST_COLUMNS = len(COLUMNS) + 20
"""A librarian may have put columns of notes beside ours."""
