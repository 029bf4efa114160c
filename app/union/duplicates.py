"""Records that may be one book: for a person to look at, side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, groupby
from typing import Any

import sqlalchemy as sa

from app.union.merging import facts_of
from app.union.reading import STANDING
from app.union.record import FIELDS, UnionRecord, records
from app.union.rules import NEVER, Aspect, Described, described, differences, likeness
from db.models.centre import UnionTitle
from db.reading import Reader

LIKE = 70
"""Below this likeness a pair is not shown."""
GROUPS, OF_A_GROUP = 60, 12
"""Groups looked at for one page; records compared in each (of «قرآن کریم» there are hundreds)."""


class By(StrEnum):
    """What the two have in common."""

    ISBN = "isbn"
    TITLE = "title"


SIGN: dict[By, Any] = {By.ISBN: UnionTitle.isbn, By.TITLE: UnionTitle.sort_key}


@dataclass(frozen=True, slots=True)
class Line:
    """One field of two records beside each other."""

    field: str
    one: Any
    other: Any
    same: bool


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records with their likeness, 0 to 100, and in what they speak against each other. `blocked`: they differ in
    what no two records of one book differ in."""

    one: UnionRecord
    other: UnionRecord
    like: int
    differing: tuple[Aspect, ...]

    @property
    def blocked(self) -> bool:
        """Whether they cannot be merged as they stand."""
        return not NEVER.isdisjoint(self.differing)


@dataclass(frozen=True, slots=True)
class Pairs:
    """A page of pairs, the most alike first; `after` is where the next page goes on, None at the end."""

    pairs: tuple[Pair, ...]
    after: str | None


def duplicates(reader: Reader, by: By, after: str = "") -> Pairs:
    """Standing records that share a number, or a title; those that differ in edition, volume, language or material are
    left out."""
    sign = SIGN[by]
    shared = (
        sa.select(sign).where(STANDING, sign.is_not(None), sign > after)
        .group_by(sign).having(sa.func.count() > 1).order_by(sign).limit(GROUPS)
    )  # fmt: skip
    signs = list(reader.connection.execute(shared).scalars())
    found = sorted(_pairs(reader, by, signs), key=lambda pair: -pair.like)
    return Pairs(tuple(found), signs[-1] if len(signs) == GROUPS else None)


def _pairs(reader: Reader, by: By, signs: Sequence[str]) -> Iterator[Pair]:
    def sign_of(record: UnionRecord) -> str:
        return str(record.isbn if by is By.ISBN else record.sort_key)

    rows = sorted(records(reader, sa.and_(STANDING, SIGN[by].in_(signs))), key=sign_of)
    for _, group in groupby(rows, key=sign_of):
        folded = [(record, described(facts_of(record))) for record in list(group)[:OF_A_GROUP]]
        for (one, its), (other, others) in combinations(folded, 2):
            pair = compared(one, its, other, others)
            if pair.like >= LIKE and not pair.blocked:
                yield pair


def compared(one: UnionRecord, its: Described, other: UnionRecord, others: Described) -> Pair:
    """Two records beside each other."""
    return Pair(one, other, likeness(its, others), differences(its, others))


def pair_of(one: UnionRecord, other: UnionRecord) -> Pair:
    """Two records that somebody chose."""
    return compared(one, described(facts_of(one)), other, described(facts_of(other)))


def alike(reader: Reader, record: UnionRecord) -> tuple[Pair, ...]:
    """The records that may be the same book as this one, the most alike first."""
    near = sa.or_(UnionTitle.sort_key == record.sort_key, UnionTitle.isbn == record.isbn)
    found = records(reader, sa.and_(STANDING, near, UnionTitle.id != record.id))
    pairs = (pair_of(record, other) for other in found[: OF_A_GROUP * 4])
    return tuple(sorted((pair for pair in pairs if pair.like >= LIKE), key=lambda pair: -pair.like))


def lines(pair: Pair) -> tuple[Line, ...]:
    """Every field that one of them fills, beside each other."""
    return tuple(
        Line(name, one, other, one == other)
        for name in FIELDS
        if (one := getattr(pair.one, name)) or getattr(pair.other, name)
        for other in (getattr(pair.other, name),)
    )
