"""Who is the same reader at several branches: by the keyed national id, or by the card a visitor carries. Never by
name.

At the centre the national id is encrypted so that equal ids give equal texts (`app.sync.rows`): it is compared as it
stands. A visitor's row bears the number of the card of the library at home.
"""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.conflicts.choices import Choice
from app.conflicts.writing import Round, case_of, named
from app.policy.categories import VISITOR
from db.codes import CaseKind, CaseState, MemberState
from db.models.centre import MemberMatch, Redirect, SyncCase
from db.models.library import Branch
from db.models.members import Member, MemberCard
from db.writing import Tx

MOST_OF_ONE = 200
"""Rows of one reader that are looked at: more is a number that somebody typed for everybody."""
CATEGORY = 3
"""The place of the category among the fields of a `PersonRow`."""
BY_ID, BY_CARD = "national_id", "card"
MEMBER = "member"
"""The entity of a redirect that says which of two memberships is the one at home."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A reader as one branch has them. `home`: this branch speaks for them. `name` given name first."""

    id: uuid.UUID
    branch_id: uuid.UUID
    branch: str
    category: str
    given_name: str
    family_name: str
    national_id: str | None
    birth_date: dt.date | None
    mobile: str | None
    member_no: str
    state: MemberState
    home: bool

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


LIVE = (Member.deleted_at.is_(None), Member.state != MemberState.MERGED)
OTHER, OTHER_CARD, MINE = aliased(Member), aliased(MemberCard), aliased(MemberCard)
OTHER_LIVE = (OTHER.deleted_at.is_(None), OTHER.state != MemberState.MERGED, OTHER.branch_id != Member.branch_id)
ONE_VISITS = sa.or_(Member.category == VISITOR, OTHER.category == VISITOR)
LINKED_BY_ID = (
    sa.select(Member.id, OTHER.id, sa.literal(BY_ID))
    .join(OTHER, OTHER.national_id == Member.national_id)
    .where(*LIVE, *OTHER_LIVE)
)
LINKED_BY_CARD = (
    sa.select(Member.id, OTHER.id, sa.literal(BY_CARD))
    .join(MINE, sa.and_(MINE.member_id == Member.id, MINE.deleted_at.is_(None)))
    .join(OTHER_CARD, sa.and_(OTHER_CARD.number == MINE.number, OTHER_CARD.deleted_at.is_(None)))
    .join(OTHER, OTHER.id == OTHER_CARD.member_id)
    .where(*LIVE, *OTHER_LIVE, ONE_VISITS)
)
# A visitor may carry the member number of the library at home instead of a card.
LINKED_BY_NUMBER = (
    sa.select(Member.id, OTHER.id, sa.literal(BY_CARD))
    .join(MINE, sa.and_(MINE.member_id == Member.id, MINE.deleted_at.is_(None)))
    .join(OTHER, OTHER.member_no == MINE.number)
    .where(*LIVE, *OTHER_LIVE, Member.category == VISITOR, OTHER.category != VISITOR)
)
LINKED_TO_NUMBER = (
    sa.select(Member.id, OTHER.id, sa.literal(BY_CARD))
    .join(OTHER_CARD, sa.and_(OTHER_CARD.number == Member.member_no, OTHER_CARD.deleted_at.is_(None)))
    .join(OTHER, OTHER.id == OTHER_CARD.member_id)
    .where(*LIVE, *OTHER_LIVE, Member.category != VISITOR, OTHER.category == VISITOR)
)
LINKS = (LINKED_BY_ID, LINKED_BY_CARD, LINKED_BY_NUMBER, LINKED_TO_NUMBER)


def changed_members(tx: Tx, branch_id: uuid.UUID, after: int, until: int) -> set[uuid.UUID]:
    """Members of a branch whose row or card came in between two positions."""
    rows = sa.select(Member.id).where(Member.branch_id == branch_id, Member.bpos > after, Member.bpos <= until)
    cards = sa.select(MemberCard.member_id).where(
        MemberCard.branch_id == branch_id, MemberCard.bpos > after, MemberCard.bpos <= until
    )
    return set(tx.connection.execute(rows.union(cards)).scalars())


def match(round_: Round, members: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Bring the matches of these members up to date; every member whose match may have become another one."""
    tx = round_.tx
    seeds = _linked_or_matched(tx, members)
    touched = set(seeds)
    while seeds:
        group, found_by = _group(tx, seeds.pop())
        seeds -= group
        touched |= group | _matched_with(tx, group)
        _write(round_, group, found_by)
    return touched


def _linked_or_matched(tx: Tx, members: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of many members that have or had something to do with another branch: of thousands a few."""
    found: set[uuid.UUID] = set()
    for portion in _portions(members):
        for links in LINKS:
            found |= set(tx.connection.execute(links.where(Member.id.in_(portion))).scalars())
        matched = sa.select(MemberMatch.person_id).where(MemberMatch.member_id.in_(portion))
        query = sa.select(MemberMatch.member_id).where(MemberMatch.person_id.in_(matched))
        found |= set(tx.connection.execute(query).scalars())
    return found


def _group(tx: Tx, seed: uuid.UUID) -> tuple[set[uuid.UUID], dict[uuid.UUID, str]]:
    """Everybody who is linked to one member, directly or through others. A card that readers of two branches have is
    nobody's proof: it links to neither."""
    group, edge, found_by = {seed}, {seed}, dict[uuid.UUID, str]()
    while edge and len(group) < MOST_OF_ONE:
        links = _links_of(tx, edge)
        edge = {other for _, other, _ in links} - group
        for one, other, by in links:
            for member in (one, other):
                found_by[member] = BY_ID if BY_ID in (by, found_by.get(member)) else by
        group |= edge
    return group, found_by


def _links_of(tx: Tx, members: Iterable[uuid.UUID]) -> list[tuple[uuid.UUID, uuid.UUID, str]]:
    wanted = list(members)
    found = (tx.connection.execute(query.where(Member.id.in_(wanted))) for query in LINKS)
    links = [(one, other, by) for of_one_kind in found for one, other, by in of_one_kind]
    by_card = {member for one, other, by in links if by == BY_CARD for member in (one, other)}
    doubtful = {visitor for visitor in _visitors(tx, by_card) if len(_card_homes(tx, visitor)) > 1}
    links = [(one, other, by) for one, other, by in links if by == BY_ID or not doubtful & {one, other}]
    return [link for link in links if link[2] == BY_CARD or not _parted(tx, link[0], link[1])]


def _parted(tx: Tx, one: uuid.UUID, other: uuid.UUID) -> bool:
    """Whether somebody has decided that two members with one national id are two people."""
    about = [named(Member, member) for member in sorted((one, other))]
    case_id = case_of(CaseKind.MEMBER_TWICE, tx.identity.branch_id, about)
    query = sa.select(SyncCase.decision).where(SyncCase.id == case_id, SyncCase.state == CaseState.DECIDED)
    return tx.connection.execute(query).scalar() == Choice.TWO_PEOPLE


def _card_homes(tx: Tx, visitor: uuid.UUID) -> set[uuid.UUID]:
    """Members at home somewhere whose card or number a visitor carries."""
    return {
        other
        for query in (LINKED_BY_CARD, LINKED_BY_NUMBER)
        for _, other, _ in tx.connection.execute(query.where(Member.id == visitor, OTHER.category != VISITOR))
    }


def _visitors(tx: Tx, members: Collection[uuid.UUID]) -> set[uuid.UUID]:
    query = sa.select(Member.id).where(Member.id.in_(list(members)), Member.category == VISITOR)
    return set(tx.connection.execute(query).scalars())


def _matched_with(tx: Tx, members: Collection[uuid.UUID]) -> set[uuid.UUID]:
    matched = sa.select(MemberMatch.person_id).where(MemberMatch.member_id.in_(list(members)))
    query = sa.select(MemberMatch.member_id).where(MemberMatch.person_id.in_(matched))
    return set(tx.connection.execute(query).scalars())


def _write(round_: Round, group: set[uuid.UUID], found_by: Mapping[uuid.UUID, str]) -> None:
    """The matches of a group are exactly its members, under the id of the oldest row; one alone has none."""
    tx = round_.tx
    known = {row.member_id: row for row in _matches(tx, group)}
    wanted = {} if len(group) == 1 else dict.fromkeys(group, min(group))
    for member in group:
        row = known.get(member)
        if row is not None and (row.person_id, row.found_by) == (wanted.get(member), found_by.get(member)):
            continue
        if row is not None:
            tx.connection.execute(sa.delete(MemberMatch).where(MemberMatch.member_id == member))
        if member in wanted:
            branch_id = tx.connection.execute(sa.select(Member.branch_id).where(Member.id == member)).scalar_one()
            values = {"member_id": member, "branch_id": branch_id, "person_id": wanted[member]}
            tx.connection.execute(sa.insert(MemberMatch).values(**values, found_by=found_by.get(member, BY_ID)))


def _matches(tx: Tx, members: Collection[uuid.UUID]) -> list[sa.Row[tuple[uuid.UUID, uuid.UUID, str]]]:
    query = sa.select(MemberMatch.member_id, MemberMatch.person_id, MemberMatch.found_by)
    return list(tx.connection.execute(query.where(MemberMatch.member_id.in_(list(members)))))


def persons_of(tx: Tx, members: Collection[uuid.UUID]) -> list[tuple[PersonRow, ...]]:
    """The readers that some of these members are, each with the rows of all branches, the one at home first."""
    persons: dict[uuid.UUID, list[PersonRow]] = {}
    for portion in _portions(members):
        matched = sa.select(MemberMatch.person_id).where(MemberMatch.member_id.in_(portion))
        query = (
            sa.select(
                MemberMatch.person_id, Member.id, Member.branch_id, Branch.name, Member.category, Member.given_name,
                Member.family_name, Member.national_id, Member.birth_date, Member.mobile, Member.member_no,
                Member.state,
                sa.exists(
                    sa.select(Redirect.id).where(
                        Redirect.branch_id == Member.branch_id,
                        Redirect.entity == MEMBER,
                        Redirect.old_id == Member.id,
                        Redirect.deleted_at.is_(None),
                    )
                ),
            )
            .join(Member, Member.id == MemberMatch.member_id)
            .join(Branch, Branch.id == Member.branch_id)
            .where(MemberMatch.person_id.in_(matched))
            .order_by(Member.id)
        )  # fmt: skip
        for found in tx.connection.execute(query):
            values: list[Any] = list(found)
            led_away, person, columns = values.pop(), values[0], values[1:]
            columns.append(columns[CATEGORY] != VISITOR and not led_away)
            row = PersonRow(*columns)
            if row not in persons.setdefault(person, []):
                persons[person].append(row)
    return [tuple(sorted(rows, key=lambda row: not row.home)) for rows in persons.values()]


def _portions(members: Collection[uuid.UUID], size: int = 500) -> Iterator[list[uuid.UUID]]:
    listed = sorted(members)
    return (listed[start : start + size] for start in range(0, len(listed), size))
