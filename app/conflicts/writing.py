"""What every rule across branches writes with: cases and directives that are made once, by ids that follow from what
they are about."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from app.centre import Centre
from app.conflicts.choices import choices_of
from app.directives.facts import plain
from db.act import Act
from db.codes import CaseKind, CaseState, DirectiveKind
from db.models.base import Base
from db.models.centre import Directive, SyncCase
from db.models.schema import METADATA
from db.writing import Tx, Versioned

PROJECTED = "conflicts.projected"
THE_CENTRE = "مرکز"
LAST_CHANGES = 2


@dataclass
class Round:
    """A transaction of the centre that looks across branches, and how many rows it changed."""

    tx: Tx
    centre: Centre
    act: Act
    changed: int = 0

    def insert(self, model: type[Base], **values: Any) -> uuid.UUID:
        """Add a row."""
        self._make_room()
        return self.tx.insert(model, **values)

    def update(self, model: type[Base], row: Versioned, **values: Any) -> None:
        """Change what is not so already."""
        new = {name: value for name, value in values.items() if getattr(row, name) != value}
        if new:
            self._make_room()
            self.tx.update(model, row, **new)

    def remove(self, model: type[Base], row: Versioned) -> None:
        """Leave a tombstone."""
        self._make_room()
        self.tx.remove(model, row, self.act)

    def finish(self) -> None:
        """Tell the journal, if there is anything to tell."""
        if self.changed:
            self.tx.record(PROJECTED, self.act)

    def ask(
        self, about: uuid.UUID, branch_id: uuid.UUID, kind: DirectiveKind, facts: msgspec.Struct, mark: str = ""
    ) -> bool:
        """Address a directive to a branch, once for whatever it is `about`; `mark` tells apart several about the same.
        False when it was asked before."""
        directive_id = directive_of(about, kind, mark)
        if self.row(Directive, directive_id) is not None:
            return False
        self.insert(
            Directive, id=directive_id, branch_id=branch_id, kind=kind, facts=plain(facts), issued_at=self.act.at,
            issued_by=THE_CENTRE,
        )  # fmt: skip
        return True

    def open_case(
        self, kind: CaseKind, branch_id: uuid.UUID, rows: Sequence[str], stories: Mapping[str, Any],
        choices: Sequence[str] | None = None,
    ) -> None:  # fmt: skip
        """Tell a branch (or the centre itself) of a conflict. One that was decided opens again only when the stories
        are others."""
        told = {"stories": dict(stories), "choices": list(choices_of(kind) if choices is None else choices)}
        case_id = case_of(kind, branch_id, rows)
        known = self.row(SyncCase, case_id)
        if known is None:
            self.insert(
                SyncCase, id=case_id, branch_id=branch_id, kind=kind, rows=list(rows), opened_at=self.act.at, **told
            )
        elif known.state is CaseState.OPEN:
            self.update(SyncCase, known, **told)
        elif known.stories != told["stories"]:
            again = {"state": CaseState.OPEN, "decision": None, "decided_by": None, "decided_at": None}
            self.update(SyncCase, known, opened_at=self.act.at, **again, **told)

    def close_case(self, kind: CaseKind, branch_id: uuid.UUID, rows: Sequence[str]) -> None:
        """What it was about is so no longer; one that is closed or was never opened stays so. Its stories are of
        before: should it become so again it opens again."""
        known = self.row(SyncCase, case_of(kind, branch_id, rows))
        if known is not None and known.state is not CaseState.CLOSED:
            self.update(SyncCase, known, state=CaseState.CLOSED, stories={})

    def row(self, model: type[Base], row_id: uuid.UUID) -> Any:
        """A row with all columns, or None."""
        table = METADATA.tables[model.__tablename__]
        query = sa.select(table).where(table.c.id == row_id, table.c.deleted_at.is_(None))
        return self.tx.connection.execute(query).one_or_none()

    def rows(self, model: type[Base], *conditions: sa.ColumnElement[bool]) -> list[Any]:
        """Live rows with all columns, by id."""
        table = METADATA.tables[model.__tablename__]
        query = sa.select(table).where(table.c.deleted_at.is_(None), *conditions).order_by(table.c.id)
        return list(self.tx.connection.execute(query))

    def _make_room(self) -> None:
        self.tx.make_room(PROJECTED, self.act, LAST_CHANGES)
        self.changed += 1


def directive_of(about: uuid.UUID, kind: DirectiveKind, mark: str = "") -> uuid.UUID:
    """The id of the directive that follows from a row: whoever looks twice finds it."""
    return uuid.uuid5(about, f"{kind.value}:{mark}")


def case_of(kind: CaseKind, branch_id: uuid.UUID, rows: Sequence[str]) -> uuid.UUID:
    """The id of the case about these rows, as told to this branch."""
    return uuid.uuid5(branch_id, ":".join((kind.value, *rows)))


def named(model: type[Base], row_id: uuid.UUID) -> str:
    """A row as `SyncCase.rows` names it."""
    return f"{model.__tablename__}:{row_id}"


def id_in(rows: Sequence[str], model: type[Base]) -> uuid.UUID | None:
    """The first row of a table that a case names."""
    mark = f"{model.__tablename__}:"
    return next((uuid.UUID(row.removeprefix(mark)) for row in rows if row.startswith(mark)), None)
