"""Where an id leads, and what leads to a record."""

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.union.record import UnionRecord, record_of
from db.codes import WEEDED, ItemStatus
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.centre import Redirect, UnionTitle
from db.models.items import Item
from db.models.library import Branch
from db.reading import Reader

TITLE, UNION_TITLE = "title", "union_title"
"""What redirects are of: a title of a branch, a record that was merged into another."""
FARTHEST = 64
"""Steps that are followed; a longer way is a circle (or somebody's bad data) and leads nowhere."""

FORWARD: Frozen[uuid.UUID] = Frozen(
    sa.select(Redirect.new_id)
    .where(
        Redirect.entity == sa.bindparam("entity"),
        Redirect.old_id == sa.bindparam("old"),
        Redirect.deleted_at.is_(None),
    )
    .limit(1),
    lambda new_id: new_id,
)
OUT_OF_STOCK = WEEDED | {ItemStatus.LOST, ItemStatus.REPLACED}
MERGED_AWAY = (
    sa.select(Redirect.id)
    .where(Redirect.entity == UNION_TITLE, Redirect.old_id == UnionTitle.id, Redirect.deleted_at.is_(None))
    .exists()
)
STANDING = sa.and_(UnionTitle.deleted_at.is_(None), sa.not_(MERGED_AWAY))
"""The condition that a record stands for itself: it is there and was not merged into another."""


def resolve(reader: Reader, entity: str, row_id: uuid.UUID) -> uuid.UUID | None:
    """The standing record that a title of a branch or a union record leads to; None where it leads to none."""
    if entity == TITLE:
        row_id = reader.one(FORWARD, entity=TITLE, old=row_id) or row_id
    seen = {row_id}
    while (onward := reader.one(FORWARD, entity=UNION_TITLE, old=row_id)) is not None:
        if onward in seen or len(seen) > FARTHEST:
            return None
        seen.add(onward)
        row_id = onward
    return row_id if record_of(reader, row_id) is not None else None


def record_for(reader: Reader, entity: str, row_id: uuid.UUID) -> UnionRecord | None:
    """The record itself."""
    found = resolve(reader, entity, row_id)
    return None if found is None else record_of(reader, found)


def standing_of(reader: Reader, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Where many union records lead, as `resolve` tells of one."""
    now = dict(zip(ids, ids, strict=True))
    for _ in range(FARTHEST):
        query = sa.select(Redirect.old_id, Redirect.new_id).where(
            Redirect.entity == UNION_TITLE, Redirect.old_id.in_(set(now.values())), Redirect.deleted_at.is_(None)
        )
        onward = dict(reader.connection.execute(query).all())
        if not onward:
            return now
        now = {start: onward.get(at, at) for start, at in now.items()}
    return {start: at for start, at in now.items() if start == at}


def ids_leading_to(reader: Reader, record_id: uuid.UUID) -> set[uuid.UUID]:
    """The record and all that was merged into it, straight or over others."""
    found, fresh = {record_id}, {record_id}
    while fresh:
        query = sa.select(Redirect.old_id).where(
            Redirect.entity == UNION_TITLE, Redirect.new_id.in_(fresh), Redirect.deleted_at.is_(None)
        )
        fresh = set(reader.connection.execute(query).scalars()) - found
        found |= fresh
    return found


def titles_leading_to(reader: Reader, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The titles of branches that lead to these records (`ids_leading_to`), each with its branch: those redirected to
    one, and those whose id it bears, unless these were led elsewhere."""
    redirected = sa.select(Redirect.old_id, Redirect.branch_id).where(
        Redirect.entity == TITLE, Redirect.new_id.in_(ids), Redirect.deleted_at.is_(None)
    )
    elsewhere = (
        sa.select(Redirect.id)
        .where(Redirect.entity == TITLE, Redirect.old_id == Title.id, Redirect.deleted_at.is_(None))
        .exists()
    )
    own = sa.select(Title.id, Title.branch_id).where(Title.id.in_(ids), Title.deleted_at.is_(None), sa.not_(elsewhere))
    return dict(reader.connection.execute(own).all()) | dict(reader.connection.execute(redirected).all())


@dataclass(frozen=True, slots=True)
class Holding:
    """What one library holds of a record: `copies` on its register, `available` of them on the shelf."""

    branch_id: uuid.UUID
    library: str
    city: str
    province: str
    titles: tuple[uuid.UUID, ...]
    copies: int
    available: int


def holdings(
    reader: Reader, record_id: uuid.UUID, branches: Collection[uuid.UUID] | None = None
) -> tuple[Holding, ...]:
    """The libraries that hold a record, those with copies at hand first; `branches`: only of these."""
    titles = titles_leading_to(reader, ids_leading_to(reader, record_id))
    of_branch: dict[uuid.UUID, list[uuid.UUID]] = {}
    for title_id, branch_id in titles.items():
        if branches is None or branch_id in branches:
            of_branch.setdefault(branch_id, []).append(title_id)
    counts = _copies(reader, [title for several in of_branch.values() for title in several])
    query = sa.select(Branch.id, Branch.name, Branch.city, Branch.province).where(Branch.id.in_(of_branch))
    found = [
        Holding(row.id, row.name, row.city, row.province, tuple(of_branch[row.id]), *_sum(counts, of_branch[row.id]))
        for row in reader.connection.execute(query)
    ]
    return tuple(sorted(found, key=lambda holding: (-holding.available, -holding.copies, holding.library)))


def _copies(reader: Reader, titles: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    at_hand = sa.func.sum(sa.case((Item.status == ItemStatus.AVAILABLE, 1), else_=0))
    query = (
        sa.select(Item.title_id, sa.func.count(), at_hand)
        .where(Item.title_id.in_(list(titles)), Item.deleted_at.is_(None), Item.status.not_in(OUT_OF_STOCK))
        .group_by(Item.title_id)
    )
    return {title: (int(copies), int(available)) for title, copies, available in reader.connection.execute(query)}


def _sum(counts: dict[uuid.UUID, tuple[int, int]], titles: Iterable[uuid.UUID]) -> tuple[int, int]:
    of_these = [counts.get(title, (0, 0)) for title in titles]
    return sum(copies for copies, _ in of_these), sum(available for _, available in of_these)
