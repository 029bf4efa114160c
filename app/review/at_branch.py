"""Rows of one branch, read at the centre by the branch's own statements.

The desk's statements name their branch `HERE`; at the centre that is the branch that is looked at. So minutes, papers,
packages and figures are read here by the very code that reads them at the desk, and mean the same.
"""

import uuid
from functools import cache
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement

from app.library import HERE
from db.frozen import Frozen
from db.reading import Reader
from db.types import Id

Row = TypeVar("Row")
OF_BRANCH = "here"


class BranchReader(Reader):
    """A reader of the centre for whom `HERE` is a branch. What of a table the transaction may see at all is told by its
    scope."""

    def __init__(self, reader: Reader, branch_id: uuid.UUID) -> None:
        super().__init__(reader.connection, reader._compiled)  # noqa: SLF001  # the same transaction
        self.branch_id = branch_id

    def one(self, frozen: Frozen[Row], /, **values: Any) -> Row | None:
        """The first row of this branch, or None."""
        return super().one(_elsewhere(frozen), **self._with_branch(values))

    def all(self, frozen: Frozen[Row], /, **values: Any) -> list[Row]:
        """All rows of this branch."""
        return super().all(_elsewhere(frozen), **self._with_branch(values))

    def _with_branch(self, values: dict[str, Any]) -> dict[str, Any]:
        return values | {OF_BRANCH: self.branch_id}


@cache
def _elsewhere(frozen: Frozen[Row]) -> Frozen[Row]:
    """The same statement with the branch as a value."""
    branch = sa.bindparam(OF_BRANCH, type_=Id())

    def replaced(element: Any, **_: Any) -> Any:
        return branch if element is HERE else None

    statement = visitors.replacement_traverse(cast("ClauseElement", frozen.statement), {}, replaced)
    return Frozen(cast("sa.Executable", statement), frozen.make)
