"""Finding records in the union catalogue: at the centre among all of them, at a branch among those it holds."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.union.query import Query, wanted
from app.union.reading import STANDING
from app.union.record import UnionRecord, records
from db.models.centre import UnionTitle
from db.reading import Reader
from db.union_index import AnyOf, Wanted, holding

ORDER = (UnionTitle.sort_key, UnionTitle.id)
MOST = 100
"""Records that are given at once."""
COUNTED = 100_000
"""Hits beyond which nobody counts: the number given is then this one."""


@dataclass(frozen=True, slots=True)
class Found:
    """A part of the hits, in order of title; `total` is the number of all, COUNTED where there are more."""

    total: int
    records: Sequence[UnionRecord]


def search(reader: Reader, query: Query, first: int = 1, most: int = 20) -> Found:
    """The hits from the `first` (counted from 1) on, `most` at most. A merged record is not found, the one that was
    kept is."""
    asked = wanted(query)
    if asked == AnyOf(()):
        return Found(0, ())
    first, most = max(first, 1), max(0, min(most, MOST))
    total, ids = _all_from(reader, first, most) if asked is None else _matching(reader, asked, first, most)
    by_id = {record.id: record for record in records(reader, UnionTitle.id.in_(ids))}
    return Found(total, tuple(by_id[record_id] for record_id in ids))


def _all_from(reader: Reader, first: int, most: int) -> tuple[int, list[uuid.UUID]]:
    """The catalogue in its order."""
    counted = sa.select(UnionTitle.id).where(STANDING).limit(COUNTED).subquery()
    total = reader.connection.execute(sa.select(sa.func.count()).select_from(counted)).scalar_one()
    page = sa.select(UnionTitle.id).where(STANDING).order_by(*ORDER).offset(first - 1).limit(most)
    return total, list(reader.connection.execute(page).scalars())


def _matching(reader: Reader, asked: Wanted, first: int, most: int) -> tuple[int, list[uuid.UUID]]:
    """The hits are gathered from the index of words before they are put in order: the planner believes far too many
    words to begin with a few letters, and would rather walk through the titles in their order."""
    found = sa.select(*ORDER).where(STANDING, holding(asked, reader.connection.dialect.name)).limit(COUNTED)
    hits = found.cte("hits").prefix_with("MATERIALIZED", dialect="postgresql")
    total = sa.select(sa.func.count().label("number")).select_from(hits).subquery()
    page = sa.select(hits).order_by(hits.c.sort_key, hits.c.id).offset(first - 1).limit(most).subquery()
    told = sa.select(total.c.number, page.c.id).select_from(total.outerjoin(page, sa.true()))
    rows = reader.connection.execute(told.order_by(page.c.sort_key, page.c.id)).all()
    return rows[0].number, [row.id for row in rows if row.id is not None]
