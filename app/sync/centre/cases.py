"""What was not plain about an entry, kept for people: cases, values that lost, entries set aside (sync-protocol 7, 11).

None of it is a business action: it has no entry of its own, but a place in the feed of the branch that is told.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from app.conflicts.choices import choices_of
from app.sync.centre.origin import Origin
from app.sync.wire import Note
from db.changes import full_row
from db.codes import CaseKind, CaseState
from db.journal import ENCODER
from db.models.base import Base
from db.models.centre import SyncCase
from db.models.schema import METADATA
from db.models.sync import ConflictValue, SetAside
from db.types import new_id
from db.wire import entity
from db.writing import Tx

ENTRY = "entry"
"""The source of entries of a branch among what was set aside."""


@dataclass
class Findings:
    """What one batch, or one entry of it, brought about beside its own rows."""

    branch_id: uuid.UUID
    now: dt.datetime
    touched: dict[tuple[type[Base], uuid.UUID], None] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    plain: bool = True
    """Every row was taken as it was sent, and none beside them was written."""

    def beside(self) -> "Findings":
        """For an entry that may yet be taken back."""
        return Findings(self.branch_id, self.now)

    def add(self, other: "Findings") -> None:
        """Keep what an entry brought about."""
        self.touched |= other.touched
        self.notes += other.notes
        self.plain = self.plain and other.plain

    def touch(self, model: type[Base], row_id: uuid.UUID) -> None:
        """A row changed; the last change counts."""
        self.touched.pop((model, row_id), None)
        self.touched[model, row_id] = None


def named_rows(rows: Iterable[tuple[type[Base], uuid.UUID]]) -> list[str]:
    """Rows as `SyncCase.rows` names them."""
    return [f"{model.__tablename__}:{row_id}" for model, row_id in rows]


def standing_case(
    tx: Tx, found: Findings, kind: CaseKind, named: list[str], reason: str | None = None
) -> dict[str, Any] | None:
    """The open case about these rows, for this reason, with all columns."""
    table = METADATA.tables[SyncCase.__tablename__]
    standing = sa.select(table).where(
        table.c.branch_id == found.branch_id,
        table.c.kind == kind,
        table.c.state == CaseState.OPEN,
        table.c.deleted_at.is_(None),
    )
    for case in tx.connection.execute(standing).mappings():
        if case["rows"] == named and case["stories"].get("reason") == reason:
            return dict(case)
    return None


def open_case(
    tx: Tx, found: Findings, kind: CaseKind, rows: Iterable[tuple[type[Base], uuid.UUID]], stories: Mapping[str, Any]
) -> uuid.UUID:
    """Open a case about these rows, unless one about them, for the same reason, is open already. Returns its id."""
    found.plain = False
    named = named_rows(rows)
    known = standing_case(tx, found, kind, named, stories.get("reason"))
    if known is not None:
        standing: uuid.UUID = known["id"]
        return standing
    row = full_row(
        SyncCase,
        found.branch_id,
        {
            "kind": kind,
            "rows": named,
            "stories": dict(stories),
            "choices": choices_of(kind),
            "opened_at": found.now,
        },
    )
    tx.connection.execute(sa.insert(SyncCase).values(row))
    found.touch(SyncCase, row["id"])
    opened: uuid.UUID = row["id"]
    return opened


def keep_loser(
    tx: Tx,
    found: Findings,
    model: type[Base],
    row_id: uuid.UUID,
    ver: int,
    values: Mapping[str, Any],
    case_id: uuid.UUID | None = None,
) -> None:
    """Keep values that lost against others, as stored, by field number."""
    found.plain = False
    fields = entity(model).fields
    data = ENCODER.encode({fields[name].number: fields[name].encode(value) for name, value in values.items()})
    tx.connection.execute(
        sa.insert(ConflictValue).values(
            id=new_id(), branch_id=found.branch_id, entity=model.__tablename__, row_id=row_id, ver=ver, data=data,
            case_id=case_id,
        )
    )  # fmt: skip


def set_aside(tx: Tx, found: Findings, origin: Origin, sealed: bytes, schema: int, why: str) -> uuid.UUID:
    """Keep an entry that cannot be applied, as it came, but sealed. Returns what it is kept under."""
    found.plain = False
    kept = new_id()
    tx.connection.execute(
        sa.insert(SetAside).values(
            id=kept, branch_id=found.branch_id, source=source_of(origin), position=origin.seq,
            raw=sealed, reason=why, schema_version=schema, at=found.now,
        )
    )  # fmt: skip
    found.notes.append(Note(origin.seq, "set_aside", why))
    return kept


def source_of(origin: Origin) -> str:
    """The stream of an entry that was set aside."""
    return f"{ENTRY}:{origin.device_id.hex}:{origin.epoch}"
