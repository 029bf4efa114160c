"""What every table shares."""

import datetime as dt
import uuid
from typing import Annotated, Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from db.types import Id, Moment, SortKey, new_id

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The one schema of branch and centre (architecture, decision 1)."""

    metadata = sa.MetaData(naming_convention=NAMES)
    type_annotation_map = {  # noqa: RUF012 - read by SQLAlchemy as class data
        uuid.UUID: Id(),
        dt.datetime: Moment(),
        str: sa.Text(),
        dict[str, Any]: sa.JSON(none_as_null=True),
        list[str]: sa.JSON(none_as_null=True),
    }


class Synced:
    """A row that travels: it has an owner, a version and a tombstone (sync-protocol 2).

    `ver` grows by one with each change; `rh` is the row hash of digests and `bpos` the feed position, both filled by
    sync only.
    """

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    branch_id: Mapped[uuid.UUID] = mapped_column()
    ver: Mapped[int] = mapped_column(default=1)
    rh: Mapped[bytes | None] = mapped_column(sa.LargeBinary(8))
    deleted_at: Mapped[dt.datetime | None] = mapped_column()
    bpos: Mapped[int | None] = mapped_column(sa.BigInteger())


# Columns that say who a reader is or what was read: they leave the hashed part of the journal (sync-protocol 3.3).
PERSONAL = {"personal": True}
# Columns computed from other rows or texts of the same database: never sent, rebuilt by `pishkhan check --repair`.
DERIVED = {"derived": True}

PersonalText = Annotated[str, mapped_column(info=PERSONAL)]
PersonalId = Annotated[uuid.UUID, mapped_column(Id(), info=PERSONAL)]
PersonalDate = Annotated[dt.date, mapped_column(info=PERSONAL)]
DerivedText = Annotated[str, mapped_column(info=DERIVED)]
DerivedKey = Annotated[str, mapped_column(SortKey(), info=DERIVED)]
Rial = Annotated[int, mapped_column(sa.BigInteger())]


def live(table_condition: str = "") -> sa.TextClause:
    """The condition of a partial index over rows that are not deleted, with a further condition if given."""
    return sa.text("deleted_at IS NULL" + (f" AND {table_condition}" if table_condition else ""))


def unique_live(name: str, *columns: str, where: str = "") -> sa.Index:
    """A unique index over live rows, the same in SQLite and PostgreSQL."""
    condition = live(where)
    return sa.Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def index_live(name: str, *columns: str | sa.TextClause, where: str = "") -> sa.Index:
    """A plain index over live rows."""
    condition = live(where)
    return sa.Index(name, *columns, sqlite_where=condition, postgresql_where=condition)
