"""Members who seem to have been registered twice (001 یافته‌ها الف: data of readers written more than once)."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from app.library import HERE
from app.members.queries import ON_A_QUEUE
from app.persian.digits import typed
from app.persian.text import compact
from db.codes import MemberState
from db.frozen import Frozen
from db.models.circulation import Account, Hold, Loan
from db.models.members import Member, Restriction
from db.reading import Reader


class Likeness(StrEnum):
    """What two records have in common; the surest first."""

    NATIONAL_ID = "national_id"
    NAME_AND_BIRTH = "name_and_birth"
    MOBILE = "mobile"


@dataclass(frozen=True, slots=True)
class Twin:
    """One record of somebody who may have another."""

    id: uuid.UUID
    given_name: str
    family_name: str
    member_no: str
    category: str
    national_id: str | None
    birth_date: dt.date | None
    mobile: str | None
    joined_on: dt.date
    expires_on: dt.date | None
    state: MemberState
    sort_key: str

    @property
    def name(self) -> str:
        """Family name first, as lists are filed."""
        return f"{self.family_name}، {self.given_name}"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person. `first` was registered first. Only the mobile alike may be a family."""

    first: Twin
    second: Twin
    likeness: tuple[Likeness, ...]

    @property
    def key(self) -> tuple[uuid.UUID, uuid.UUID]:
        """What tells this pair from the others."""
        return self.first.id, self.second.id


@dataclass(frozen=True, slots=True)
class Belongings:
    """What goes over when a record is merged into another; `debt` in rials, negative for money held for the reader."""

    open_loans: int
    past_loans: int
    holds: int
    bans: int
    debt: int


TWINS = Frozen(
    sa.select(
        Member.id, Member.given_name, Member.family_name, Member.member_no, Member.category, Member.national_id,
        Member.birth_date, Member.mobile, Member.joined_on, Member.expires_on, Member.state, Member.sort_key,
    )
    .where(Member.branch_id == HERE, Member.state != MemberState.MERGED, Member.deleted_at.is_(None))
    .order_by(Member.joined_on, Member.member_no),
    Twin,
)  # fmt: skip


def _count(
    model: type[Loan] | type[Hold] | type[Restriction], *conditions: sa.ColumnElement[bool] | sa.TextClause
) -> sa.Select[int]:
    return (
        sa.select(sa.func.count())
        .select_from(model)
        .where(model.member_id == Member.id, model.deleted_at.is_(None), *conditions)
    )


BELONGINGS = Frozen(
    sa.select(
        _count(Loan, Loan.in_at.is_(None)).scalar_subquery(),
        _count(Loan, Loan.in_at.is_not(None)).scalar_subquery(),
        _count(Hold, ON_A_QUEUE).scalar_subquery(),
        _count(Restriction, Restriction.lifted_at.is_(None)).scalar_subquery(),
        sa.func.coalesce(
            sa.select(Account.balance).where(Account.member_id == Member.id).limit(1).scalar_subquery(), 0
        ),
    ).where(Member.id == sa.bindparam("member"), Member.deleted_at.is_(None)),
    Belongings,
)  # fmt: skip


def duplicate_members(reader: Reader) -> list[Pair]:
    """Pairs of records with the same national id, the same name and day of birth, or the same mobile number; the surest
    first, then by name. Of three alike two pairs are told, since one merge goes before the other."""
    found: defaultdict[tuple[uuid.UUID, uuid.UUID], list[Likeness]] = defaultdict(list)
    twins = reader.all(TWINS)
    known = {twin.id: twin for twin in twins}
    for likeness in Likeness:
        for first, *others in _alike(twins, likeness):
            for other in others:
                found[first.id, other.id].append(likeness)
    pairs = [Pair(known[first], known[second], tuple(likeness)) for (first, second), likeness in found.items()]
    surest = list(Likeness)
    return sorted(pairs, key=lambda pair: (surest.index(pair.likeness[0]), pair.first.sort_key, pair.first.member_no))


def belongings_of(reader: Reader, member_id: uuid.UUID) -> Belongings | None:
    """What a record would bring along."""
    return reader.one(BELONGINGS, member=member_id)


def _alike(twins: Sequence[Twin], likeness: Likeness) -> Iterator[list[Twin]]:
    """Those who have the same, the one who was registered first before the others."""
    groups: defaultdict[tuple[str, ...], list[Twin]] = defaultdict(list)
    for twin in twins:
        if said := _said(twin, likeness):
            groups[said].append(twin)
    return (group for group in groups.values() if len(group) > 1)


def _said(twin: Twin, likeness: Likeness) -> tuple[str, ...]:
    """What is compared; nothing where nothing is written."""
    match likeness:
        case Likeness.NATIONAL_ID:
            return (typed(twin.national_id),) if twin.national_id else ()
        case Likeness.MOBILE:
            return (typed(twin.mobile),) if twin.mobile else ()
        case Likeness.NAME_AND_BIRTH:
            name = compact(twin.given_name + twin.family_name)
            return (name, twin.birth_date.isoformat()) if twin.birth_date else ()
