"""Reading inside a transaction: frozen statements on the driver connection, anything else through SQLAlchemy."""

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import sqlalchemy as sa

from db.frozen import Compiled, Frozen

Row = TypeVar("Row")


class Reader:
    """A transaction that reads."""

    def __init__(self, connection: sa.Connection, compiled: Callable[[sa.Executable], Compiled]) -> None:
        self.connection = connection
        self._compiled = compiled
        self.driver: Any = connection.connection.driver_connection

    def run(self, sql: str) -> Any:
        """Run fixed SQL text on the driver connection and return its cursor."""
        return self.driver.execute(sql)

    def one(self, frozen: Frozen[Row], /, **values: Any) -> Row | None:
        """The first row, or None."""
        compiled = self._compiled(frozen.statement)
        row = self.driver.execute(compiled.sql, compiled.bind(values)).fetchone()
        return None if row is None else frozen.make(*compiled.read(row))

    def each(self, frozen: Frozen[Row], /, **values: Any) -> Iterator[Row]:
        """The rows one after the other, for tables that need not fit into memory at once."""
        compiled = self._compiled(frozen.statement)
        for row in self.driver.execute(compiled.sql, compiled.bind(values)):
            yield frozen.make(*compiled.read(row))

    def all(self, frozen: Frozen[Row], /, **values: Any) -> list[Row]:
        """All rows."""
        compiled = self._compiled(frozen.statement)
        rows = self.driver.execute(compiled.sql, compiled.bind(values)).fetchall()
        return [frozen.make(*compiled.read(row)) for row in rows]
