"""Column types that mean the same in SQLite and PostgreSQL."""

import datetime as dt
import enum
import uuid
from typing import Any, Generic, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine
from uuid_utils.compat import uuid7

from db.moments import as_text, whole

E = TypeVar("E", bound=enum.StrEnum)


def new_id() -> uuid.UUID:
    """A UUIDv7: made where the row is born, rising with time (sync-protocol 1)."""
    return uuid7()


class Id(TypeDecorator[uuid.UUID]):
    """A UUID: 16 bytes in SQLite, `uuid` in PostgreSQL."""

    impl = sa.LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.Uuid())
        return dialect.type_descriptor(sa.LargeBinary(16))

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:
        if value is None or isinstance(value, uuid.UUID):
            return value
        return uuid.UUID(bytes=value)


class Moment(TypeDecorator[dt.datetime]):
    """An instant in UTC to the millisecond: ISO text in SQLite (sorts as it reads), `timestamptz` in PostgreSQL.

    A moment without a zone is a bug and raises TypeError.
    """

    impl = sa.String(24)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(sa.DateTime(timezone=True))
        return dialect.type_descriptor(sa.String(24))

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if dialect.name == "postgresql" or value.tzinfo is not dt.UTC:
            value = whole(value)
        if dialect.name == "postgresql":
            return value
        return as_text(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if isinstance(value, dt.datetime):
            return value.astimezone(dt.UTC)
        return dt.datetime.fromisoformat(value)


class SortKey(TypeDecorator[str]):
    """A text whose plain binary order is the order wanted (`app.persian.collation`), whatever collation a PostgreSQL
    server was set up with."""

    impl = sa.Text()
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(sa.Text(collation="C" if dialect.name == "postgresql" else None))


class Code(TypeDecorator[E], Generic[E]):
    """A member of one of the enums of `db.codes`, kept as its value."""

    impl = sa.String(32)
    cache_ok = True

    def __init__(self, codes: type[E]) -> None:
        super().__init__()
        self.codes = codes
        self._known = {code.value: code for code in codes}

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else self._known[value].value

    def process_result_value(self, value: Any, dialect: Dialect) -> E | None:
        return None if value is None else self._known[value]

    def __repr__(self) -> str:
        return "sa.String(length=32)"  # how a migration spells it: the codes of that day are not its business
