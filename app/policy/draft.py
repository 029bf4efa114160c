"""Changing a table before it is put in force: each step gives a new table, the old one stays as it is. Pure.

Rows that share a matching key are one line to whoever edits. A figure that is changed leaves the row that cited a text
for it, because that text does not say so any more: it goes to a row of the same key with a source of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from app.policy.parameters import PARAMETERS
from app.policy.table import ANY, PolicyRow, PolicyTable
from app.policy.values import Fault, Value, read_value

OWN_DECISION = "تصمیم این کتابخانه"
"""The source of figures that a librarian sets by hand and says nothing more about."""


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What a line is matched by; «*» stands for all."""

    branch: str = ANY
    category: str = ANY
    item_type: str = ANY

    @property
    def is_fallback(self) -> bool:
        """Whether this is the line that holds where no other speaks; it cannot be removed."""
        return self == Key()

    def holds(self, row: PolicyRow) -> bool:
        """Whether a row belongs to this line."""
        return (row.branch, row.category, row.item_type) == (self.branch, self.category, self.item_type)


def keys_of(table: PolicyTable) -> tuple[Key, ...]:
    """The lines of a table, the least specific first, otherwise in the order of its rows."""
    keys = {Key(row.branch, row.category, row.item_type): row.rank for row in table.rows}
    return tuple(sorted(keys, key=lambda key: keys[key]))


def spoken(table: PolicyTable, key: Key) -> Mapping[str, PolicyRow]:
    """The parameters a line gives itself, each with the row that says so."""
    rows = [row for row in table.rows if key.holds(row)]
    return MappingProxyType({name: row for row in rows for name, plain in row.values.items() if plain is not None})


def own_value(row: PolicyRow, name: str) -> Value | None:
    """What a row says for a parameter, though another way to give the loan period may hide it."""
    value = read_value(PARAMETERS[name], row.values[name])
    if isinstance(value, Fault):
        raise TypeError(name)
    return value


def with_value(table: PolicyTable, key: Key, name: str, plain: object, source: str = OWN_DECISION) -> PolicyTable:
    """The table in which this line says `plain` for a parameter; None: it says nothing and less specific lines hold."""
    before = spoken(table, key).get(name)
    if (None if before is None else before.values[name]) == plain:
        return table
    bare = _without(table, key, name)
    if plain is None:
        return bare
    article = _instead_of(before)
    own = next((row for row in bare.rows if key.holds(row) and (row.source, row.article) == (source, article)), None)
    if own is None:
        own = PolicyRow(key.branch, key.category, key.item_type, MappingProxyType({}), source, article)
        bare = replace(bare, rows=(*bare.rows, own))
    changed = replace(own, values=MappingProxyType({**own.values, name: plain}))
    return replace(bare, rows=tuple(changed if row is own else row for row in bare.rows))


def with_line(table: PolicyTable, key: Key, source: str = OWN_DECISION) -> PolicyTable:
    """The table with a line for this key that says nothing yet; the same table if there is one."""
    if any(key.holds(row) for row in table.rows):
        return table
    row = PolicyRow(key.branch, key.category, key.item_type, MappingProxyType({}), source)
    return replace(table, rows=(*table.rows, row))


def without_line(table: PolicyTable, key: Key) -> PolicyTable:
    """The table without this line. The fallback stays: a table without it would lend nothing."""
    return table if key.is_fallback else replace(table, rows=tuple(row for row in table.rows if not key.holds(row)))


def with_copy(table: PolicyTable, key: Key, to: Key) -> PolicyTable:
    """The table with a second line that says what `key` says, with the same sources; `to` must be new."""
    copied = tuple(
        replace(row, branch=to.branch, category=to.category, item_type=to.item_type)
        for row in table.rows
        if key.holds(row)
    )
    return replace(table, rows=(*table.rows, *copied))


def _instead_of(row: PolicyRow | None) -> str | None:
    """The text that a changed figure no longer follows, for its article."""
    if row is None or not row.source or row.source == OWN_DECISION:
        return None
    return f"به جای: {'، '.join(part for part in (row.source, row.article) if part)}"


def _without(table: PolicyTable, key: Key, name: str) -> PolicyTable:
    """The line without this parameter; a row that says nothing any more goes, but not the last of its line."""
    rows: list[PolicyRow] = []
    for row in table.rows:
        if not key.holds(row) or name not in row.values:
            rows.append(row)
            continue
        rest = {given: plain for given, plain in row.values.items() if given != name}
        if rest or sum(key.holds(other) for other in table.rows) == 1:
            rows.append(replace(row, values=MappingProxyType(rest)))
    return replace(table, rows=tuple(rows))
