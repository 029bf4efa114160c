"""The lines of the rules table, formatted once: what a line says itself, and under it what holds where it is silent."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from app.persian.digits import number
from app.policy.draft import Key, keys_of, own_value, spoken
from app.policy.notation import written
from app.policy.parameters import PARAMETERS
from app.policy.table import ANY, PolicyTable
from app.policy.values import Group, Value
from ui.policies import words
from ui.widgets.table import Column, RowTable

_NARROW, _WIDE = 86, 146


@dataclass(frozen=True, slots=True)
class Cell:
    """A parameter of one line: the value it gives itself («own»), or the one that holds."""

    words: str
    own: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One matching key with what the table shows of it."""

    key: Key
    category: str
    item_type: str
    cells: Mapping[str, Cell]
    says: int


def lines_of(table: PolicyTable, categories: Mapping[str, str]) -> tuple[Line, ...]:
    """Every line of a table, the fallback first."""
    return tuple(_line(table, key, categories) for key in keys_of(table))


def _line(table: PolicyTable, key: Key, categories: Mapping[str, str]) -> Line:
    own, terms = spoken(table, key), table.resolve(key.branch, key.category, key.item_type)
    values = {name: own_value(own[name], name) if name in own else terms.value(name) for name in PARAMETERS}
    cells = {name: Cell(_short(name, value), own=name in own) for name, value in values.items()}
    item_type = words.item_type_words(key.item_type)
    where = item_type if key.branch == ANY else f"{item_type} · {key.branch}"
    return Line(key, words.category_words(key.category, categories), where, cells, len(own))


def _short(name: str, value: Value | None) -> str:
    return words.empty_value(written(PARAMETERS[name], value))


def shown_parameters(table: PolicyTable, group: Group) -> tuple[str, ...]:
    """The parameters of a group that any line speaks about, those of many lines first; the others are the program's
    defaults everywhere."""
    said = Counter(name for key in keys_of(table) for name in spoken(table, key) if PARAMETERS[name].group is group)
    return tuple(sorted(said, key=lambda name: (-said[name], list(PARAMETERS).index(name))))


def rules_table(names: tuple[str, ...]) -> RowTable[Line]:
    """The table of a group: what a line is for, and its parameters; the rarest give way where there is no room."""
    return RowTable(
        (
            Column("برای", lambda line: line.category, sub=lambda line: line.item_type, stretch=1, strong=True),
            *(_column(name, spare=place) for place, name in enumerate(names, 1)),
            Column("قاعده‌ها", lambda line: number(line.says), width=70, spare=len(names) + 1),
        ),
        key=lambda line: line.key,
    )


def _column(name: str, spare: int) -> Column[Line]:
    parameter = PARAMETERS[name]
    return Column(
        parameter.label,
        partial(_own, name),
        sub=partial(_inherited, name),
        width=_WIDE if parameter.choices or not parameter.unit else _NARROW + 8 * max(0, len(parameter.label) - 10),
        spare=spare,
        strong=True,
        sort_key=lambda line: (not line.cells[name].own, line.cells[name].words),
    )


def _own(name: str, line: Line) -> str:
    cell = line.cells[name]
    return cell.words if cell.own else ""


def _inherited(name: str, line: Line) -> str:
    """Muted, under the place where the line's own value would stand."""
    cell = line.cells[name]
    return "" if cell.own else cell.words
