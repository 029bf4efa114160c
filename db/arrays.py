"""Many rows in one statement of PostgreSQL: each column an array, as text that the server reads.

Faster than a statement a row, and than a temporary table filled by COPY, which costs the catalogue a table or its
emptying at every commit. COPY itself does not write into a table whose rows are guarded (sync-protocol 7).
"""

import contextlib
import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import dialect
from sqlalchemy.engine import Dialect

from db.connect import json_text
from db.feeds import TAKE
from db.models.schema import METADATA
from db.types import Code, Id, Moment
from db.wire import EPOCH_DAY
from db.writing import Tx

NULL, BASE = "NULL", "base"
POSITION = "(SELECT pos - %s FROM feed_head WHERE feed = %s) + new.bpos"
"""The place in its feed: of those that this transaction took, the one of the row's number."""
SECOND = 1_000
EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 - written without its zone, which is added
POSTGRESQL: Dialect = dialect()  # type: ignore[no-untyped-call]
ToText = Callable[[Any], str]


def quoted(text: str) -> str:
    """A text as an element of an array. Raises TypeError for what is none."""
    if "\\" in text or '"' in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'


def _bytes(value: bytes) -> str:
    return f'"\\\\x{value.hex()}"'


@lru_cache(maxsize=4_096)
def _day(value: int) -> str:
    return dt.date.fromordinal(value + EPOCH_DAY).isoformat()


def _moment(value: int) -> str:
    seconds, rest = divmod(value, SECOND)
    return f"{_second(seconds)}.{rest:03d}+00"


@lru_cache(maxsize=4_096)
def _second(value: int) -> str:
    return (EPOCH + dt.timedelta(seconds=value)).isoformat()


def _truth(value: bool) -> str:
    if value is True or value is False:
        return "t" if value else "f"
    raise TypeError(value)


def _whole(value: int) -> str:
    if type(value) is int:
        return str(value)
    raise TypeError(value)


def _json(value: Any) -> str:
    return quoted(json_text(value))


def _code(kind: Code[Any]) -> ToText:
    known = {code.value: quoted(code.value) for code in kind.codes.__members__.values()}
    return known.__getitem__


def to_text(kind: sa.types.TypeEngine[Any]) -> ToText:
    """How a value of this type, as it stands on the wire, is written into an array."""
    if isinstance(kind, Code):
        return _code(kind)
    for known, write in (
        (Id, bytes.hex),
        (Moment, _moment),
        (sa.Date, _day),
        (sa.Boolean, _truth),
        (sa.Integer, _whole),
        (sa.JSON, _json),
        (sa.LargeBinary, _bytes),
    ):
        if isinstance(kind, known):
            return write
    return quoted


@cache
def column_type(table: str, column: str) -> str:
    """The name of a column's type in PostgreSQL, without its collation."""
    kind = METADATA.tables[table].columns[column].type.dialect_impl(POSTGRESQL)
    if isinstance(kind, sa.types.TypeDecorator):
        kind = kind.load_dialect_impl(POSTGRESQL)
    return "text" if isinstance(kind, sa.String) else kind.compile(POSTGRESQL)


def array(write: ToText, values: Sequence[Any]) -> str:
    """The values of a column as one text that is read as an array."""
    if values.count(None) == len(values):
        return f"{{{','.join([NULL] * len(values))}}}"
    return f"{{{','.join([NULL if value is None else write(value) for value in values])}}}"


def integers(values: Iterable[int]) -> str:
    """Numbers of our own making as one array."""
    return f"{{{','.join(map(str, values))}}}"


class Sent:
    """Statements under way: sent one after the other without waiting, while the next ones are still being written."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self._awaited: list[tuple[Any, int]] = []
        self._taken: Any = None
        self._place: tuple[int, str] | None = None

    def take_positions(self, feed: str, count: int) -> None:
        """Take so many positions of a feed: what follows gives `bpos` as 1, 2, 3 … of them."""
        self._place = (count, feed)
        self._taken = self._tx.execute(TAKE.statement, feed=feed, count=count)
        self._off()

    def insert(self, table: str, count: int, columns: Mapping[str, str], **same: Any) -> None:
        """Insert so many rows, each column an array; they must not be there by whatever unique index. `same` are
        columns of which all rows have one value."""
        statement = insert_sql(table, tuple(columns), tuple(same))
        self._send(statement, count, [*self._positions(columns), *same.values(), *columns.values()])

    def update(self, table: str, count: int, columns: Mapping[str, str], raised: Mapping[str, str]) -> None:
        """Change so many rows, which must have the version they were changed from. Among `columns` are id, base (the
        version before) and ver; `raised`: columns that are not set but made anew from such an array, «type:assignment»
        each."""
        statement = update_sql(table, tuple(columns), tuple(raised.items()))
        self._send(statement, count, [*self._positions(columns), *columns.values()])

    def _positions(self, columns: Mapping[str, str]) -> tuple[int | str, ...]:
        if "bpos" not in columns:
            return ()
        if self._place is None:
            raise RuntimeError("no positions were taken")
        return self._place

    def _send(self, statement: str, count: int, values: list[Any]) -> None:
        self._awaited.append((self._tx.driver.execute(statement, values), count))
        self._off()

    def _off(self) -> None:
        """Let it go at once: the server works while the next statement is being written."""
        self._tx.driver.pgconn.flush()

    @property
    def whole(self) -> bool:
        """Whether every row was as it must be. To be asked when all answers are there."""
        return all(cursor.rowcount == expected for cursor, expected in self._awaited)

    @property
    def last_position(self) -> int:
        """The last position that was taken. To be asked when all answers are there."""
        return int(self._taken.fetchone()[0])


@contextlib.contextmanager
def sending(tx: Tx) -> Iterator[Sent]:
    """Send statements without waiting for each; at the end all answers are there. Raises what the database refuses."""
    with tx.driver.pipeline():
        yield Sent(tx)


@cache
def insert_sql(table: str, columns: tuple[str, ...], same: tuple[str, ...]) -> str:
    """The statement of `Sent.insert`."""
    arrays = ", ".join(f"%s::{column_type(table, name)}[]" for name in columns)
    read = ", ".join(columns)
    placed = [name for name in columns if name == "bpos"]
    given = [POSITION] * len(placed) + [f"%s::{column_type(table, name)}" for name in same]
    others = [name for name in columns if name != "bpos"]
    into, values = ", ".join([*placed, *same, *others]), ", ".join([*given, *others])
    return f"INSERT INTO {table} ({into}) SELECT {values} FROM unnest({arrays}) AS new ({read}) ON CONFLICT DO NOTHING"


@cache
def update_sql(table: str, columns: tuple[str, ...], raised: tuple[tuple[str, str], ...]) -> str:
    """The statement of `Sent.update`."""
    told = {name: assignment.partition(":") for name, assignment in raised}
    kinds = [told[name][0] if name in told else column_type(table, "ver" if name == BASE else name) for name in columns]
    set_here = [name for name in columns if name not in ("id", BASE, "bpos")]
    sets = [told[name][2] if name in told else f"{name} = new.{name}" for name in set_here]
    arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
    return (
        f"UPDATE {table} SET bpos = {POSITION}, {', '.join(sets)}, rh = NULL "
        f"FROM unnest({arrays}) AS new ({', '.join(columns)}) "
        f"WHERE {table}.id = new.id AND {table}.ver = new.{BASE}"
    )
