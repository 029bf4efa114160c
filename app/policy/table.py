"""A versioned policy: its rows, and the terms they give for one branch, member category and item type.

Pure. A table is checked once (`app.policy.problems`), when it comes in; what is asked of it here must have passed.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from app.policy.choices import RuleBranch
from app.policy.parameters import LOAN_PERIODS, PARAMETERS
from app.policy.values import Fault, HardDue, Tier, Value, read_value
from db.codes import RuleStatus

ANY = "*"
BY_DEFAULT = "default"
"""What `Terms.decided_by` answers where no row of the table speaks."""

OUR_OWN = "پیش‌فرض پیشخان"
"""The source of rows that no text gives; their `article` tells the reason."""


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """The parameters of one matching key. `values` are plain, as in JSON and the store.

    `source` names the text (file, notice) and `article` the place in it; `name` is what librarians call the row.
    Several rows may share a key, as long as no parameter is given twice: so each figure carries its own source.
    """

    branch: str
    category: str
    item_type: str
    values: Mapping[str, object]
    source: str = ""
    article: str | None = None
    name: str = ""

    @property
    def key(self) -> str:
        """`bachelor/*`, with the branch before it where the row is a branch's own: `arak/bachelor/*`."""
        key = f"{self.category}/{self.item_type}"
        return key if self.branch == ANY else f"{self.branch}/{key}"

    @property
    def rank(self) -> int:
        """The more specific, the higher: branch before category before item type."""
        return 4 * (self.branch != ANY) + 2 * (self.category != ANY) + (self.item_type != ANY)

    @property
    def is_ours(self) -> bool:
        """Whether the figures are our own default, because no text gives any."""
        return self.source == OUR_OWN

    def covers(self, branch: str, category: str, item_type: str) -> bool:
        """Whether the row speaks about them."""
        return self.branch in (ANY, branch) and self.category in (ANY, category) and self.item_type in (ANY, item_type)


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for one branch, category and item type: every parameter, with the row that decided it.

    The typed readers raise TypeError for a parameter of another kind, every reader KeyError for an unknown name: both
    are bugs of the caller.
    """

    _values: Mapping[str, Value | None]
    _rows: Mapping[str, PolicyRow]

    def value(self, name: str) -> Value | None:
        """The value in force; None means "no such limit"."""
        return self._values[name]

    __getitem__ = value

    def decided_by(self, name: str) -> str:
        """The key of the row that decided («bachelor/*»), or "default"."""
        row = self.row(name)
        return BY_DEFAULT if row is None else row.key

    def row(self, name: str) -> PolicyRow | None:
        """The row that decided, to show its name, source and article; None for a default of the program."""
        if name not in self._values:
            raise KeyError(name)
        return self._rows.get(name)

    def but(self, **values: Value | None) -> "Terms":
        """The same terms with other values, to see what each of them does. KeyError for an unknown name."""
        if unknown := values.keys() - self._values.keys():
            raise KeyError(*unknown)
        return Terms({**self._values, **values}, self._rows)

    @property
    def loan_period(self) -> str | None:
        """Which of the loan periods is given (`loan_days`, …); None: nothing is lent on these terms."""
        return next((name for name in LOAN_PERIODS if self._values[name] is not None), None)

    @property
    def loan_rule(self) -> str:
        """The key of the row that a loan remembers: the one that gave its period."""
        return self.decided_by(self.loan_period or LOAN_PERIODS[0])

    def limit(self, name: str) -> int | None:
        """A number, or None for no limit."""
        value = self._values[name]
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise TypeError(name)

    def number(self, name: str) -> int:
        """A number; 0 where none is given."""
        return self.limit(name) or 0

    def flag(self, name: str) -> bool:
        """A yes or no."""
        value = self._values[name]
        if isinstance(value, bool):
            return value
        raise TypeError(name)

    def choice(self, name: str) -> str:
        """A code of one of the enums of `app.policy.choices`."""
        value = self._values[name]
        if isinstance(value, str):
            return value
        raise TypeError(name)

    def day(self, name: str) -> dt.date | None:
        """A date, or None where none is given."""
        value = self._values[name]
        if value is None or isinstance(value, dt.date):
            return value
        raise TypeError(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts or codes; empty where none is given."""
        return tuple(text for text in self._many(name) if isinstance(text, str))

    def tiers(self) -> tuple[Tier, ...]:
        """The steps of the fine, in order; empty where there are none."""
        return tuple(tier for tier in self._many("tiers") if isinstance(tier, Tier))

    def hard_dues(self) -> tuple[HardDue, ...]:
        """The dates that bind due dates, earliest first."""
        return tuple(due for due in self._many("hard_due") if isinstance(due, HardDue))

    def _many(self, name: str) -> tuple[str, ...] | tuple[Tier, ...] | tuple[HardDue, ...]:
        value = self._values[name]
        if value is None or isinstance(value, tuple):
            return value or ()
        raise TypeError(name)


_DEFAULTS: Mapping[str, Value | None] = MappingProxyType(
    {name: parameter.default for name, parameter in PARAMETERS.items()}
)


@dataclass(frozen=True, slots=True)
class PolicyTable:
    """One version of a library's rules. `effective_from` None: from the day it is put in place.

    `categories` (code and Persian words) are those of the library itself, beside the ones of the profiles.
    """

    version: int
    title: str
    status: RuleStatus
    effective_from: dt.date | None
    rows: tuple[PolicyRow, ...]
    profile: str = ""
    source: str = ""
    categories: Mapping[str, str] = field(default_factory=dict)
    _named: tuple[frozenset[str], ...] = field(init=False, repr=False, compare=False)
    _resolved: dict[tuple[str, str, str], Terms] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        names = [(row.branch, row.category, row.item_type) for row in self.rows] or [(ANY, ANY, ANY)]
        object.__setattr__(self, "_named", tuple(frozenset(column) for column in zip(*names, strict=True)))

    def resolve(self, branch: str, category: str, item_type: str) -> Terms:
        """The terms for a copy of this branch and type and a member of this category.

        Remembered by the table; names that no row mentions share one answer, so the memory is bounded by the rows.
        """
        branches, categories, item_types = self._named
        key = (
            branch if branch in branches else ANY,
            category if category in categories else ANY,
            item_type if item_type in item_types else ANY,
        )
        terms = self._resolved.get(key)
        if terms is None:
            terms = self._resolved[key] = _merge(row for row in self.rows if row.covers(*key))
        return terms

    def speaks_of(self, category: str) -> bool:
        """Whether a row names this category."""
        return category in self._named[1]

    def between(self, home: str, holding: str, category: str, item_type: str) -> Terms:
        """The terms for a copy of the branch `home` that stands in the branch `holding`: `rule_branch`, as the home
        branch has it, says whose rows decide."""
        terms = self.resolve(home, category, item_type)
        return terms if terms.choice("rule_branch") == RuleBranch.HOME else self.resolve(holding, category, item_type)


def _merge(rows: Iterable[PolicyRow]) -> Terms:
    values: dict[str, Value | None] = {}
    deciding: dict[str, PolicyRow] = {}
    for row in sorted(rows, key=lambda row: -row.rank):
        given = _spoken(row, hidden=bool(deciding.keys() & set(LOAN_PERIODS)))
        for name in given.keys() - deciding.keys():
            values[name], deciding[name] = given[name], row
    return Terms({**_DEFAULTS, **values}, deciding)


def _spoken(row: PolicyRow, hidden: bool) -> Mapping[str, Value | None]:
    """What the row says, without its loan period where a more specific row has given one."""
    names = (name for name, plain in row.values.items() if plain is not None)
    return {name: _read(name, row.values[name]) for name in names if not (hidden and name in LOAN_PERIODS)}


def _read(name: str, plain: object) -> Value | None:
    value = read_value(PARAMETERS[name], plain)
    if isinstance(value, Fault):
        raise TypeError(name)
    return value
