"""Numbers of entities and fields on the wire: given once, never used again (sync-protocol 3.1).

The numbers stand in `wire_numbers.json` beside this file. `python -m db.wire` appends numbers for new tables and
columns; a test fails when a model and the file disagree.
"""

import datetime as dt
import enum
import json
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from db.models.base import Base, Synced
from db.models.schema import synced_models
from db.moments import from_ms, to_ms
from db.types import Code, Id, Moment

NUMBERS = Path(__file__).with_name("wire_numbers.json")
EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
OWN_COLUMNS = frozenset(Synced.__annotations__)  # id, branch_id, ver … travel in the frame of a change, not as fields


@dataclass(frozen=True, slots=True)
class Field:
    """One column on the wire."""

    name: str
    number: int
    personal: bool
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Entity:
    """One table on the wire."""

    name: str
    number: int
    fields: Mapping[str, Field]

    @property
    def width(self) -> int:
        """The length of a full after-image."""
        return 1 + max((field.number for field in self.fields.values()), default=-1)


def _same(value: Any) -> Any:
    return value


def _optional(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


def _codec(kind: sa.types.TypeEngine[Any]) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    """How values of a column type look on the wire: ids as 16 bytes, days and moments as integers, codes as text."""
    if isinstance(kind, Id):
        return _optional(lambda value: value.bytes), _optional(lambda value: uuid.UUID(bytes=value))
    if isinstance(kind, Moment):
        return _optional(to_ms), _optional(from_ms)
    if isinstance(kind, sa.Date):
        return (
            _optional(lambda value: value.toordinal() - EPOCH_DAY),
            _optional(lambda value: dt.date.fromordinal(value + EPOCH_DAY)),
        )
    if isinstance(kind, Code):
        codes: type[enum.StrEnum] = kind.codes
        return _optional(str), _optional(codes)
    return _same, _same


def wire_columns(model: type[Base]) -> list[sa.Column[Any]]:
    """The columns of a synced table that travel as fields."""
    table = Base.metadata.tables[model.__tablename__]
    skipped = ("derived", "secret")
    return [c for c in table.columns if c.name not in OWN_COLUMNS and not any(c.info.get(mark) for mark in skipped)]


@cache
def numbers() -> dict[str, Any]:
    """The registry as stored."""
    stored: dict[str, Any] = json.loads(NUMBERS.read_text(encoding="utf-8"))
    return stored


@cache
def entity(model: type[Base]) -> Entity:
    """The wire form of a model."""
    name = model.__tablename__
    entry = numbers()[name]
    fields = {}
    for column in wire_columns(model):
        encode, decode = _codec(column.type)
        fields[column.name] = Field(
            column.name, entry["fields"][column.name], bool(column.info.get("personal")), encode, decode
        )
    return Entity(name, entry["number"], fields)


@cache
def entities_by_number() -> dict[int, type[Base]]:
    """Which model an entity number means."""
    return {entity(model).number: model for model in synced_models().values()}


def renumber() -> dict[str, Any]:
    """The registry with numbers appended for whatever the models have and it lacks."""
    registry = numbers() if NUMBERS.exists() else {}
    for name, model in sorted(synced_models().items()):
        following = 1 + max((entry["number"] for entry in registry.values()), default=0)
        entry = registry.setdefault(name, {"number": following, "fields": {}})
        for column in wire_columns(model):
            taken = entry["fields"].values()
            entry["fields"].setdefault(column.name, 1 + max(taken, default=-1))
    return registry


if __name__ == "__main__":
    NUMBERS.write_text(json.dumps(renumber(), indent=1) + "\n", encoding="utf-8")
