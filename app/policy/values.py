"""What a policy parameter may hold, and how its plain form (TOML, JSON, database) is read.

Plain values are what JSON can carry: bool, int, str (for dates too), lists and tables. Read values are immutable: lists
become tuples, the tables of `tiers` and `hard_due` become `Tier` and `HardDue`.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from itertools import pairwise
from types import MappingProxyType
from typing import TypeAlias, TypeGuard

from app.persian import jalali
from app.policy.choices import HardMode

NONE = "none"
"""Written for "no limit here" in a row, where a less specific row sets one."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Late days `first` to `last` (counted from 1; None: for ever) cost `amount` rials each."""

    first: int
    last: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class HardDue:
    """A date that binds loans begun from `starts` to `ends` (None: open). `mode` None: the row's `hard_mode`."""

    due: dt.date
    starts: dt.date | None = None
    ends: dt.date | None = None
    mode: HardMode | None = None


Value: TypeAlias = bool | int | str | dt.date | tuple[str, ...] | tuple[Tier, ...] | tuple[HardDue, ...]


class Group(StrEnum):
    """The part of the library's work a parameter rules."""

    LOAN = "loan"
    RENEWAL = "renewal"
    RETURN = "return"
    OVERDUE = "overdue"
    HOLDS = "holds"
    LOST = "lost"
    MEMBERSHIP = "membership"
    PAYMENT = "payment"
    NETWORK = "network"


class Kind(StrEnum):
    """The shape of a parameter's value."""

    NUMBER = "number"
    FLAG = "flag"
    CHOICE = "choice"
    DAY = "day"
    TEXTS = "texts"
    CHOICES = "choices"
    TIERS = "tiers"
    HARD_DUES = "hard_dues"


class Fault(Enum):
    """Why a plain value is not taken; the value is the code of the problem."""

    TYPE = "value.type"
    RANGE = "value.range"
    NOT_POSITIVE = "value.not_positive"
    CHOICE = "value.choice"
    TIERS = "value.tiers"
    TERMS = "value.terms"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One policy parameter: what it means to the librarian and what it may hold.

    `default` is what holds where no row speaks; None means "no such limit" (or "not given"), and only such parameters
    may be written as "none". `unit` is Persian and empty where there is none.
    """

    name: str
    kind: Kind
    default: Value | None
    unit: str
    label: str
    help: str
    group: Group
    minimum: int = 0
    maximum: int = 10_000
    choices: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def read_value(parameter: Parameter, plain: object) -> Value | Fault | None:
    """The value behind `plain`, or why it is refused. Reading a read value again changes nothing."""
    if plain == NONE and parameter.default is None:
        return None
    return _READERS[parameter.kind](parameter, plain)


def read_day(plain: object) -> dt.date | None:
    """A date, an ISO text («2026-12-11») or a Jalali text («1405/09/20»); anything else gives None."""
    if isinstance(plain, dt.date):
        return None if isinstance(plain, dt.datetime) else plain
    return jalali.parse(plain) if isinstance(plain, str) else None


def _number(parameter: Parameter, plain: object) -> int | Fault:
    if not _is_number(plain):
        return Fault.TYPE
    if plain < parameter.minimum:
        return Fault.NOT_POSITIVE if parameter.minimum == 1 else Fault.RANGE
    return Fault.RANGE if plain > parameter.maximum else plain


def _flag(_: Parameter, plain: object) -> bool | Fault:
    return plain if isinstance(plain, bool) else Fault.TYPE


def _choice(parameter: Parameter, plain: object) -> str | Fault:
    if not isinstance(plain, str):
        return Fault.TYPE
    return plain if plain in parameter.choices else Fault.CHOICE


def _day(_: Parameter, plain: object) -> dt.date | Fault:
    return read_day(plain) or Fault.TYPE


def _texts(_: Parameter, plain: object) -> tuple[str, ...] | Fault:
    if not isinstance(plain, list | tuple):
        return Fault.TYPE
    texts = tuple(text.strip() for text in plain if isinstance(text, str) and text.strip())
    return texts if len(texts) == len(plain) else Fault.TYPE


def _choices(parameter: Parameter, plain: object) -> tuple[str, ...] | Fault:
    texts = _texts(parameter, plain)
    if isinstance(texts, Fault):
        return texts
    return texts if all(text in parameter.choices for text in texts) else Fault.CHOICE


def _tiers(parameter: Parameter, plain: object) -> tuple[Tier, ...] | Fault:
    if not isinstance(plain, list | tuple) or not plain:
        return Fault.TYPE
    read = [_tier(parameter, tier) for tier in plain]
    tiers = sorted((tier for tier in read if isinstance(tier, Tier)), key=lambda tier: tier.first)
    if len(tiers) < len(read):
        return next(tier for tier in read if isinstance(tier, Fault))
    joined = all(a.last is not None and a.last + 1 == b.first for a, b in pairwise(tiers))
    return tuple(tiers) if joined else Fault.TIERS


def _tier(parameter: Parameter, plain: object) -> Tier | Fault:
    if isinstance(plain, Tier):
        return plain
    fields = plain if isinstance(plain, Mapping) else {}
    first, last, amount = fields.get("from"), fields.get("to"), fields.get("amount")
    if not _is_number(first) or not _is_number(amount) or not (last is None or _is_number(last)):
        return Fault.TYPE
    in_order = 1 <= first <= (first if last is None else last)
    return Tier(first, last, amount) if in_order and 0 <= amount <= parameter.maximum else Fault.TIERS


def _is_number(plain: object) -> TypeGuard[int]:
    return isinstance(plain, int) and not isinstance(plain, bool)


def _hard_dues(_: Parameter, plain: object) -> tuple[HardDue, ...] | Fault:
    many = plain if isinstance(plain, list | tuple) else [plain]
    dues = [due for entry in many if (due := _hard_due(entry)) is not None]
    if not dues or len(dues) < len(many):
        return Fault.TYPE
    return tuple(sorted(dues, key=lambda due: due.due)) if all(map(_in_order, dues)) else Fault.TERMS


def _in_order(hard: HardDue) -> bool:
    """Whether the term begins before it ends, and its date is not before all of it."""
    begins = hard.starts or dt.date.min
    return begins <= (hard.ends or dt.date.max) and begins <= hard.due


def _hard_due(plain: object) -> HardDue | None:
    if isinstance(plain, HardDue):
        return plain
    if not isinstance(plain, Mapping):
        day = read_day(plain)
        return None if day is None else HardDue(day)
    read = {name: read_day(plain[name]) for name in ("from", "to", "due") if name in plain}
    mode = plain.get("mode")
    due = read.get("due")
    if due is None or None in read.values() or not (mode is None or mode in list(HardMode)):
        return None
    return HardDue(due, read.get("from"), read.get("to"), None if mode is None else HardMode(mode))


_READERS: Mapping[Kind, Callable[[Parameter, object], Value | Fault]] = MappingProxyType(
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
