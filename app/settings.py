"""Settings of this installation: small values that are not rules of the policy. Not sent to the centre.

Each is declared once, by the module that uses it, with its default.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

import sqlalchemy as sa

from db.frozen import Frozen
from db.models.library import Setting as SettingRow
from db.reading import Reader
from db.writing import Tx

T = TypeVar("T")
BRANCH = "branch"

VALUE = Frozen(
    sa.select(SettingRow.value).where(
        SettingRow.scope == sa.bindparam("scope"), SettingRow.name == sa.bindparam("name")
    ),
    lambda value: (value,),
)
INSERT = sa.insert(SettingRow).values(
    scope=sa.bindparam("scope"), name=sa.bindparam("name"), value=sa.bindparam("value")
)
UPDATE = (
    sa.update(SettingRow)
    .where(SettingRow.scope == sa.bindparam("in_scope"), SettingRow.name == sa.bindparam("of_name"))
    .values(value=sa.bindparam("to"))
)


@dataclass(frozen=True)
class Setting(Generic[T]):
    """A setting with its default. `T` is what JSON can hold; `scope` is the branch or a table of its own."""

    name: str
    default: T
    scope: str = BRANCH

    def read(self, reader: Reader) -> T:
        """The value, or the default while nobody has set it."""
        found = reader.one(VALUE, scope=self.scope, name=self.name)
        return self.default if found is None else found[0]

    def write(self, tx: Tx, value: T) -> None:
        """Keep a value, with whatever else the transaction does. It makes no journal entry of its own."""
        if tx.execute(UPDATE, in_scope=self.scope, of_name=self.name, to=value).rowcount == 0:
            tx.execute(INSERT, scope=self.scope, name=self.name, value=value)
