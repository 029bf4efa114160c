"""Values of parameters as people write and read them: on the screen, in the cells of an Excel file, and back.

«۱۴», «بله», «ندارد» (no such limit), «۱۴۰۵/۰۹/۲۰»; lists are divided by «؛» or by lines:
«۱ تا ۷: ۵۰۰؛ ۸ تا آخر: ۱٬۰۰۰», «۱۴۰۵/۱۰/۳۰ از ۱۴۰۵/۰۷/۰۱ تا ۱۴۰۵/۱۰/۰۱ (سررسید درست همان روز باشد)». Pure.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.persian import jalali
from app.persian.digits import number, parse_int, typed
from app.policy.choices import HardMode, labels_of
from app.policy.values import NONE, Fault, HardDue, Kind, Parameter, Tier, Value, read_day

NO_LIMIT, YES, NO, NOTHING, TO_THE_END = "ندارد", "بله", "خیر", "هیچ", "آخر"
BETWEEN = "؛"
_HARD_MODES = labels_of(HardMode)
_TIER = re.compile(rf"([0-9]+) تا ([0-9]+|{TO_THE_END}) ?: ?([0-9,٬]+)")
_HARD_DUE = re.compile(r"(\S+)(?: از (\S+))?(?: تا (\S+))?(?: \((.+)\))?")
_YES_OR_NO = MappingProxyType({YES: True, NO: False, "true": True, "false": False})


def written(parameter: Parameter, value: Value | None) -> str:
    """A read value as `read_written` takes it back."""
    if value is None:
        return NO_LIMIT
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, int):
        return number(value)
    if isinstance(value, dt.date):
        return jalali.short(value)
    if isinstance(value, str):
        return parameter.choices.get(value, value)
    return _list(parameter, value)


def told(parameter: Parameter, value: Value | None) -> str:
    """The same with its unit, for sentences: «۱۴ روز»."""
    words = written(parameter, value)
    return f"{words} {parameter.unit}" if parameter.unit and value is not None else words


def read_written(parameter: Parameter, text: str) -> object:
    """The plain value in a text somebody wrote; None for an empty one, a `Fault` for one that cannot be read.

    Bounds are not looked at: that is the work of `app.policy.problems`.
    """
    text = text.strip()
    if not text:
        return None
    if text in (NO_LIMIT, NONE):
        return NONE
    return _READERS[parameter.kind](parameter, text)


def _list(parameter: Parameter, values: tuple[str, ...] | tuple[Tier, ...] | tuple[HardDue, ...]) -> str:
    if not values:
        return NOTHING
    texts = [_piece(parameter, value) for value in values]
    if parameter.kind is Kind.TEXTS and any(BETWEEN in text or "\n" in text or text.startswith("[") for text in texts):
        return json.dumps(texts, ensure_ascii=False)
    return f"{BETWEEN} ".join(texts)


def _piece(parameter: Parameter, value: str | Tier | HardDue) -> str:
    if isinstance(value, Tier):
        last = TO_THE_END if value.last is None else number(value.last)
        return f"{number(value.first)} تا {last}: {number(value.amount)}"
    if isinstance(value, HardDue):
        starts = f" از {jalali.short(value.starts)}" if value.starts else ""
        ends = f" تا {jalali.short(value.ends)}" if value.ends else ""
        mode = f" ({_HARD_MODES[value.mode]})" if value.mode else ""
        return f"{jalali.short(value.due)}{starts}{ends}{mode}"
    return parameter.choices.get(value, value)


def _number(_: Parameter, text: str) -> object:
    value = parse_int(text)
    return Fault.TYPE if value is None else value


def _flag(_: Parameter, text: str) -> object:
    return _YES_OR_NO.get(text.lower(), Fault.TYPE)


def _choice(parameter: Parameter, text: str) -> object:
    """Words or code; both are offered, since a file may come from either hand."""
    if text in parameter.choices:
        return text
    return next((code for code, label in parameter.choices.items() if label == text), Fault.CHOICE)


def _day(_: Parameter, text: str) -> object:
    day = read_day(text)
    return Fault.TYPE if day is None else jalali.short_latin(day)


def _texts(_: Parameter, text: str) -> object:
    if text.startswith("["):
        try:
            return json.loads(text)
        except ValueError:
            return Fault.TYPE
    return _pieces(text)


def _choices(parameter: Parameter, text: str) -> object:
    codes = [_choice(parameter, piece) for piece in _pieces(text)]
    return Fault.CHOICE if Fault.CHOICE in codes else codes


def _tiers(_: Parameter, text: str) -> object:
    found = [_TIER.fullmatch(typed(piece)) for piece in _pieces(text)]
    read = [{"from": int(tier[1]), "to": parse_int(tier[2]), "amount": parse_int(tier[3])} for tier in found if tier]
    if len(read) < len(found) or any(tier["amount"] is None for tier in read):
        return Fault.TYPE
    return [{name: given for name, given in tier.items() if given is not None} for tier in read]


def _hard_dues(_: Parameter, text: str) -> object:
    read = [_hard_due(piece) for piece in _pieces(text)]
    return Fault.TYPE if None in read else read


def _hard_due(text: str) -> object:
    found = _HARD_DUE.fullmatch(typed(text))
    if found is None:
        return None
    days = {name: read_day(day) for name, day in zip(("due", "from", "to"), found.groups()[:3], strict=True) if day}
    mode = next((code for code, label in _HARD_MODES.items() if label == found[4]), None)
    if None in days.values() or (found[4] and mode is None):
        return None
    plain = {name: jalali.short_latin(day) for name, day in days.items() if day is not None}
    return plain["due"] if len(plain) == 1 and mode is None else {**plain, **({"mode": mode} if mode else {})}


def _pieces(text: str) -> list[str]:
    if text == NOTHING:
        return []
    return [piece.strip() for piece in text.replace("\n", BETWEEN).split(BETWEEN) if piece.strip()]


_READERS: Mapping[Kind, Callable[[Parameter, str], object]] = MappingProxyType(
    {
        Kind.NUMBER: _number,
        Kind.FLAG: _flag,
        Kind.CHOICE: _choice,
        Kind.DAY: _day,
        Kind.TEXTS: _texts,
        Kind.CHOICES: _choices,
        Kind.TIERS: _tiers,
        Kind.HARD_DUES: _hard_dues,
    }
)
