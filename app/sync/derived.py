"""Columns that never travel: computed by whoever applies a row, from the same functions as where it was born.

Keys of one row are made with the row (`derived`). What rests on other rows as well, how often a copy was lent, by
which cards a reader is found, the index of words, is made when all rows of a page or batch are there (`settle`).
"""

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

import sqlalchemy as sa

from app.catalogue import keys
from app.catalogue.writing import index_title
from app.items.writing import ShelvedTitle, shelf_key_of
from app.members.finding import findable, key_of, other_numbers, search_key
from app.persian.collation import sort_key
from app.union.record import keys_of
from db.frozen import Frozen, any_of, ids_for, next_size
from db.models.base import Base
from db.models.catalogue import Authority, Title, TitleCreator, TitleSubject
from db.models.centre import UnionTitle
from db.models.circulation import Loan
from db.models.items import Item, LocalUse
from db.models.members import Member, MemberCard
from db.models.schema import METADATA
from db.reading import Reader
from db.writing import Tx

Titles = Mapping[uuid.UUID, ShelvedTitle]
AT_ONCE = 400
"""Ids in one statement."""
LONGEST_NAME = 300
OF_COPIES = (Item, Loan, LocalUse)
OF_TITLES = (Title, TitleCreator, TitleSubject)


def derived(model: type[Base], row: Mapping[str, Any], titles: Titles) -> dict[str, Any]:
    """The derived columns of a row that is about to be written; `titles` are those that its copies need.

    The summaries of a copy are not among them: `settle` counts them.
    """
    make = MAKERS.get(model)
    return {} if make is None else make(row, titles)


def _of_title(row: Mapping[str, Any], _: Titles) -> dict[str, Any]:
    title, creator = row["title"], row["main_creator"]
    return {
        "sort_key": keys.title_sort_key(title),
        "match_key": keys.match_key(title, creator, row["publisher"], row["edition"], row["year"]),
        "work_key": keys.work_key(title, creator),
    }


def _of_item(row: Mapping[str, Any], titles: Titles) -> dict[str, Any]:
    title = titles.get(row["title_id"])
    if title is None:  # it may still come: `settle` makes up for it
        return {"shelf_key": ""}
    number, volume, copy_no = row["accession_no"], row["volume_no"], row["copy_no"]
    return {"shelf_key": shelf_key_of(title, row["local_class"], number, volume, copy_no)}


def _of_member(row: Mapping[str, Any], _: Titles) -> dict[str, Any]:
    """Without the national id: at the centre nobody is found by it, at a branch `settle` adds it with the cards."""
    given, family = row["given_name"], row["family_name"]
    return {
        "sort_key": sort_key(f"{family} {given}")[:LONGEST_NAME],
        "search_key": search_key(given, family, row["member_no"], row["mobile"]),
    }


def _of_union_title(row: Mapping[str, Any], _: Titles) -> dict[str, Any]:
    return keys_of(row["id"], row)


def _of_authority(row: Mapping[str, Any], _: Titles) -> dict[str, Any]:
    return {"sort_key": sort_key(row["heading"])[:LONGEST_NAME]}


MAKERS: Mapping[type[Base], Callable[[Mapping[str, Any], Titles], dict[str, Any]]] = {
    Title: _of_title,
    Item: _of_item,
    Member: _of_member,
    UnionTitle: _of_union_title,
    Authority: _of_authority,
}


SHELVED = Frozen(
    sa.select(Title.id, Title.dewey, Title.author_mark, Title.year, Title.material, Title.age_group).where(
        Title.id == sa.bindparam("title")
    ),
    ShelvedTitle,
)


def shelved(reader: Reader, title_id: uuid.UUID) -> ShelvedTitle | None:
    """What of a title decides where its copies stand; None where it is not here."""
    return reader.one(SHELVED, title=title_id)


def shelved_titles(reader: Reader, title_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, ShelvedTitle]:
    """What of these titles decides where their copies stand; those that are not here are left out."""
    found = {}
    for some in in_parts(title_ids):
        query = sa.select(
            Title.id, Title.dewey, Title.author_mark, Title.year, Title.material, Title.age_group
        ).where(Title.id.in_(some))  # fmt: skip
        found.update({row.id: ShelvedTitle(*row) for row in reader.connection.execute(query)})
    return found


def in_parts(ids: Iterable[uuid.UUID]) -> Iterable[Sequence[uuid.UUID]]:
    """Ids in lists that a statement can hold."""
    listed = list(dict.fromkeys(ids))
    return (listed[place : place + AT_ONCE] for place in range(0, len(listed), AT_ONCE))


COPY = METADATA.tables[Item.__tablename__]
LOAN = METADATA.tables[Loan.__tablename__]
IN_HALL = (
    sa.select(sa.func.count()).where(LocalUse.item_id == COPY.c.id, LocalUse.deleted_at.is_(None)).scalar_subquery()
)


def recount(tx: Tx, item_ids: Iterable[uuid.UUID]) -> None:
    """Make the summaries of copies what their loans and uses say."""
    for some in in_parts(item_ids):
        size = next_size(len(some))
        tx.execute(_recount(size), **ids_for(some, size))


@cache
def _recount(count: int) -> sa.Update:
    """For so many copies; kept, since the desk waits behind every slice of a page."""
    copy = COPY.alias("copy")
    lent = sa.outerjoin(copy, LOAN, sa.and_(LOAN.c.item_id == copy.c.id, LOAN.c.deleted_at.is_(None)))
    of_loans = (
        sa.select(copy.c.id, sa.func.count(LOAN.c.id).label("number"), sa.func.max(LOAN.c.out_on).label("last"))
        .select_from(lent)
        .where(any_of(copy.c.id, count))
        .group_by(copy.c.id)
        .subquery("lent")
    )
    return (
        sa.update(COPY)
        .where(COPY.c.id == of_loans.c.id)
        .values(loan_count=of_loans.c.number, uses=of_loans.c.number + IN_HALL, last_loan_on=of_loans.c.last)
    )


class Taken(Protocol):
    """A row that was taken from a feed."""

    @property
    def model(self) -> type[Base]: ...
    @property
    def id(self) -> uuid.UUID: ...
    def value(self, column: str, /) -> Any: ...


RESTS_ON: Mapping[type[Base], tuple[type[Base], str]] = {
    Loan: (Item, "item_id"),
    LocalUse: (Item, "item_id"),
    TitleCreator: (Title, "title_id"),
    TitleSubject: (Title, "title_id"),
    MemberCard: (Member, "member_id"),
}
"""Rows that change what another row shows: which one, and the column that names it."""


def settle(tx: Tx, rows: Iterable[Taken], dialect: str) -> None:
    """Make up, at a branch, for what rests on other rows: after these were taken from a feed."""
    shown: dict[type[Base], set[uuid.UUID]] = {Item: set(), Title: set(), Member: set()}
    titles: set[uuid.UUID] = set()
    for row in rows:
        model, row_id = row.model, row.id
        if model in RESTS_ON:
            model, column = RESTS_ON[model]
            row_id = row.value(column)
        if model in shown and row_id is not None:
            shown[model].add(row_id)
        if row.model is Title:
            titles.add(row.id)
        if row.model is Member and (kept := row.value("merged_into")) is not None:
            shown[Member].add(kept)
    recount(tx, sorted(shown[Item]))
    _shelve(tx, titles)
    for title_id in sorted(shown[Title]):
        index_title(tx, title_id, dialect)
    _let_find(tx, shown[Member])


def _shelve(tx: Tx, title_ids: Iterable[uuid.UUID]) -> None:
    """Shelf keys of copies that were here before their title."""
    item = METADATA.tables[Item.__tablename__]
    for some in in_parts(title_ids):
        titles = shelved_titles(tx, some)
        waiting = sa.select(item).where(item.c.title_id.in_(some), item.c.shelf_key == "")
        for copy in tx.connection.execute(waiting).mappings().all():
            if key := _of_item(dict(copy), titles)["shelf_key"]:
                tx.connection.execute(sa.update(item).where(item.c.id == copy["id"]).values(shelf_key=key))


def _let_find(tx: Tx, member_ids: Iterable[uuid.UUID]) -> None:
    """A reader is found as they were where the row was written."""
    member = METADATA.tables[Member.__tablename__]
    for some in in_parts(member_ids):
        others = other_numbers(tx, some)
        for row in tx.connection.execute(sa.select(member).where(member.c.id.in_(some))).all():
            key = key_of(findable(row), others)
            tx.connection.execute(sa.update(member).where(member.c.id == row.id).values(search_key=key))
