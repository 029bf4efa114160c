"""Books a reader can find: records of the union catalogue, and what the own library holds of each."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.union.query import typed
from app.union.reading import holdings
from app.union.record import UnionRecord
from app.union.searching import search
from db.models.catalogue import Title
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class Hit:
    """A record; `title_id` is the title by which the own library holds it, with its copies."""

    record: UnionRecord
    title_id: uuid.UUID | None = None
    copies: int = 0
    available: int = 0


@dataclass(frozen=True, slots=True)
class Hits:
    """A part of what was found."""

    total: int
    rows: Sequence[Hit]


def find(reader: Reader, branch_id: uuid.UUID, sought: str, first: int, most: int) -> Hits:
    """Search the union catalogue; nothing is sought, nothing is found."""
    if not sought:
        return Hits(0, ())
    found = search(reader, typed(sought), first, most)
    return Hits(found.total, tuple(_hit(reader, branch_id, record) for record in found.records))


def title_names(reader: Reader, titles: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """Titles of the own library by their id: those that are there."""
    query = sa.select(Title.id, Title.title).where(Title.id.in_(list(titles)), Title.deleted_at.is_(None))
    return {row.id: row.title for row in reader.connection.execute(query)}


def _hit(reader: Reader, branch_id: uuid.UUID, record: UnionRecord) -> Hit:
    held = next(iter(holdings(reader, record.id, (branch_id,))), None)
    if held is None or not held.copies:
        return Hit(record)
    return Hit(record, held.titles[0], held.copies, held.available)
