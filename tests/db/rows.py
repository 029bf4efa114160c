"""A row of any table, filled with awkward values in every column, parents included."""

import datetime as dt
import random
import uuid
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from db.models.base import Base
from db.models.schema import synced_models
from db.reading import Reader
from db.types import Code, Id, Moment, new_id
from db.wire import OWN_COLUMNS
from db.writing import Tx

TEXTS = (
    "کتاب‌خانهٔ ۱۲ «نمونه»؛ يك ك",
    "\"'); DROP TABLE member; --",
    "\u202ereversed\u202c <b>x</b> =1+1 \\ % :name ?",
    "😀 𞤀 e\u0301 \t",
    "",
)
DOCUMENTS: tuple[dict[str, Any], ...] = (
    {"id": "x"},
    {"at": "y"},
    {"day": 3},
    {"map": {"a": None}},
    {},
    {"ک": [1, 2.5]},
)


def sample(column: sa.Column[Any], chance: random.Random) -> Any:
    """A value for a column, by its type."""
    kind = column.type
    if isinstance(kind, Id):
        return new_id()
    if isinstance(kind, Moment):
        moment = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(milliseconds=chance.randrange(10**13))
        return moment.astimezone(dt.timezone(dt.timedelta(hours=3, minutes=30)))
    if isinstance(kind, Code):
        # Of drafts there is one at a time: two rows of chance would meet in it.
        return chance.choice([code for code in kind.codes.__members__.values() if code.value != "draft"])
    if isinstance(kind, sa.JSON):
        return chance.choice(DOCUMENTS)
    return _plain_sample(kind, chance)


def _plain_sample(kind: sa.types.TypeEngine[Any], chance: random.Random) -> Any:
    makers: Mapping[type[Any], Any] = {
        sa.BigInteger: lambda: chance.randrange(-(2**62), 2**62),
        sa.Integer: lambda: chance.randrange(-(2**31), 2**31),
        sa.Date: lambda: dt.date.fromordinal(chance.randrange(1, 3_000_000)),
        sa.LargeBinary: lambda: chance.randbytes(40),
        sa.Boolean: lambda: chance.random() < 0.5,
    }
    for known, make in makers.items():
        if isinstance(kind, known):
            return make()
    return f"{chance.choice(TEXTS)}{chance.randrange(10**9)}"


def free_columns(model: type[Base]) -> list[sa.Column[Any]]:
    """The columns of a synced table that a use case fills: no frame, no foreign key."""
    table = Base.metadata.tables[model.__tablename__]
    return [column for column in table.columns if column.name not in OWN_COLUMNS and not column.foreign_keys]


def sample_values(model: type[Base], chance: random.Random) -> dict[str, Any]:
    """A value for each of them."""
    return {column.name: sample(column, chance) for column in free_columns(model)}


def insert_sample(tx: Tx, model: type[Base], chance: random.Random) -> tuple[uuid.UUID, dict[str, Any]]:
    """Insert a row, and first the rows it points to. Returns its id and what was given."""
    models = synced_models()
    values = sample_values(model, chance)
    for column in Base.metadata.tables[model.__tablename__].columns:
        for key in column.foreign_keys:
            values[column.name], _ = insert_sample(tx, models[key.column.table.name], chance)
    return tx.insert(model, **values), values


def row_of(reader: Reader, model: type[Base], row_id: uuid.UUID) -> SimpleNamespace:
    """All columns of a row."""
    table = Base.metadata.tables[model.__tablename__]
    return SimpleNamespace(**reader.connection.execute(sa.select(table).where(table.c.id == row_id)).mappings().one())
