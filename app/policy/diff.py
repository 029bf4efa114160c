"""What changed from one version of the rules to another, row by row and parameter by parameter. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.policy.parameters import PARAMETERS
from app.policy.table import PolicyRow, PolicyTable

HEAD = ("title", "profile", "source")


class ChangeKind(StrEnum):
    """What became of a row or a parameter. CITED: the figure stayed, the text it rests on is another."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    CITED = "cited"


@dataclass(frozen=True, slots=True)
class ParameterChange:
    """One figure; `was` and `became` are plain values, None where the row did not speak."""

    name: str
    kind: ChangeKind
    was: object
    became: object


@dataclass(frozen=True, slots=True)
class RowChange:
    """One matching key («bachelor/*»), all rows that share it taken together."""

    key: str
    kind: ChangeKind
    parameters: tuple[ParameterChange, ...]


@dataclass(frozen=True, slots=True)
class HeadChange:
    """Title, profile or source of the whole table."""

    name: str
    was: str
    became: str


@dataclass(frozen=True, slots=True)
class PolicyDiff:
    """Everything that differs; empty for two tables that decide alike and cite alike."""

    head: tuple[HeadChange, ...]
    rows: tuple[RowChange, ...]

    def __bool__(self) -> bool:
        return bool(self.head or self.rows)


def differences(old: PolicyTable, new: PolicyTable) -> PolicyDiff:
    """From `old` to `new`, in the order of the new rows; rows that are gone stand at the end."""
    before, after = _spoken(old), _spoken(new)
    keys = [*after, *(key for key in before if key not in after)]
    found = (_row_change(key, before.get(key), after.get(key)) for key in keys)
    head = ((name, str(getattr(old, name)), str(getattr(new, name))) for name in HEAD)
    return PolicyDiff(
        tuple(HeadChange(name, was, became) for name, was, became in head if was != became),
        tuple(change for change in found if change is not None),
    )


Spoken = Mapping[str, tuple[object, PolicyRow]]
"""By parameter: its plain value and the row that gives it."""


def _spoken(table: PolicyTable) -> dict[str, dict[str, tuple[object, PolicyRow]]]:
    spoken: dict[str, dict[str, tuple[object, PolicyRow]]] = {}
    for row in table.rows:
        given = {name: (plain, row) for name, plain in row.values.items() if plain is not None}
        spoken.setdefault(row.key, {}).update(given)
    return spoken


def _row_change(key: str, was: Spoken | None, became: Spoken | None) -> RowChange | None:
    changes = tuple(_parameter_changes(was or {}, became or {}))
    if was is None or became is None:
        return RowChange(key, ChangeKind.ADDED if was is None else ChangeKind.REMOVED, changes)
    return RowChange(key, ChangeKind.CHANGED, changes) if changes else None


def _parameter_changes(was: Spoken, became: Spoken) -> Iterator[ParameterChange]:
    for name in (name for name in PARAMETERS if name in was or name in became):
        old, old_row = was.get(name, (None, None))
        new, new_row = became.get(name, (None, None))
        if old_row is None or new_row is None:
            yield ParameterChange(name, ChangeKind.ADDED if old_row is None else ChangeKind.REMOVED, old, new)
        elif old != new:
            yield ParameterChange(name, ChangeKind.CHANGED, old, new)
        elif (old_row.source, old_row.article) != (new_row.source, new_row.article):
            yield ParameterChange(name, ChangeKind.CITED, old, new)
