"""The archive of a county or province: the final edition of every minutes, by library and date (002 م7-14)."""

import datetime as dt
import re
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.papers import StoredDocument, frozen_paper
from app.persian.digits import typed
from app.persian.text import tokens
from db.codes import MinutesState, WeedingReason
from db.models.catalogue import Title
from db.models.collection import Document, Minutes, MinutesRow
from db.models.items import Item
from db.models.library import Branch
from db.reading import Reader

NUMBER = re.compile(r"(?:([0-9]{4})/)?([0-9]{0,6})")
LONGEST_NUMBER = 18  # digits that a store keeps
MOST_SEARCHED = 500
"""Libraries whose titles are looked through for words, copy by copy: more than a province has."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty does not matter. `number` is «1405/12», «1405/» or «12»; days are those of the
    final edition, both included; `book` are words of a title or author, an accession number or a barcode. Words are
    looked for in MOST_SEARCHED libraries at most; in more of them the number alone."""

    branch_id: uuid.UUID | None = None
    number: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    book: str = ""
    reason: WeedingReason | None = None


@dataclass(frozen=True, slots=True)
class FiledMinutes:
    """A final edition with its frozen files."""

    id: uuid.UUID
    branch_id: uuid.UUID
    library: str
    county: str
    reason: WeedingReason
    number: str
    revision: int
    finalised_on: dt.date
    copies: int
    document_id: uuid.UUID
    sheet_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, and how many there are in all."""

    editions: tuple[FiledMinutes, ...]
    total: int


STANDING = (MinutesRow.struck_at.is_(None), MinutesRow.deleted_at.is_(None))
FINAL = (
    Minutes.state == MinutesState.CLOSED,
    Minutes.deleted_at.is_(None),
    Minutes.document_id.is_not(None),
    Minutes.sheet_id.is_not(None),
)
COPIES = (
    sa.select(sa.func.count())
    .select_from(MinutesRow)
    .where(MinutesRow.branch_id == Minutes.branch_id, MinutesRow.minutes_id == Minutes.id, *STANDING)
).scalar_subquery()
IN_ORDER = (Branch.county, Branch.name, Branch.id, Minutes.finalised_on.desc(), Minutes.number.desc())
EDITIONS = (
    sa.select(
        Minutes.id, Minutes.branch_id, Branch.name, Branch.county, Minutes.reason, Minutes.year, Minutes.number,
        Minutes.revision, Minutes.finalised_on, COPIES, Minutes.document_id, Minutes.sheet_id,
    )
    .join(Branch, Branch.id == Minutes.branch_id)
    .order_by(*IN_ORDER)
)  # fmt: skip


def find_final(reader: Reader, scope: Collection[uuid.UUID], wanted: Wanted, start: int, most: int) -> Found:
    """Final editions of the libraries of a scope: by library, the newest first."""
    conditions = _conditions(scope, wanted)
    if conditions is None:
        return Found((), 0)
    counted = sa.select(Minutes.id, sa.func.count().over()).join(Branch, Branch.id == Minutes.branch_id)
    page = counted.where(*FINAL, *conditions).order_by(*IN_ORDER).offset(start).limit(most)
    found = reader.connection.execute(page).all()
    if not found:
        return Found((), 0)
    rows = reader.connection.execute(EDITIONS.where(Minutes.id.in_([row[0] for row in found])))
    return Found(tuple(_filed(*row) for row in rows), found[0][1])


def _filed(
    minutes_id: uuid.UUID, branch_id: uuid.UUID, library: str, county: str, reason: WeedingReason, year: int,
    number: int, *rest: Any,
) -> FiledMinutes:  # fmt: skip
    return FiledMinutes(minutes_id, branch_id, library, county, reason, f"{year}/{number}", *rest)


def searched(scope: Collection[uuid.UUID], wanted: Wanted) -> list[uuid.UUID]:
    """The libraries that are looked through."""
    return [branch for branch in scope if wanted.branch_id in (None, branch)]


def _conditions(scope: Collection[uuid.UUID], wanted: Wanted) -> list[sa.ColumnElement[bool]] | None:
    """None where the number is none, so that nothing is found."""
    branches = searched(scope, wanted)
    found: list[sa.ColumnElement[bool]] = [Minutes.branch_id.in_(branches)]
    if wanted.since is not None:
        found.append(Minutes.finalised_on >= wanted.since)
    if wanted.until is not None:
        found.append(Minutes.finalised_on <= wanted.until)
    if wanted.reason is not None:
        found.append(Minutes.reason == wanted.reason)
    if wanted.number:
        parts = NUMBER.fullmatch(typed(wanted.number))
        if parts is None:
            return None
        found += [Minutes.year == int(parts[1])] if parts[1] else []
        found += [Minutes.number == int(parts[2])] if parts[2] else []
    if wanted.book.strip():
        found.append(_with_book(wanted.book, branches))
    return found


def _with_book(book: str, branches: Sequence[uuid.UUID]) -> sa.ColumnElement[bool]:
    """A copy stands on it that bears this number, or whose title or author has all these words. Each is asked on its
    own: together they would find no index."""
    code, words = typed(book), tokens(book)
    copies = [sa.select(Item.id).where(Item.barcode == code, Item.deleted_at.is_(None))]
    if code.isascii() and code.isdigit() and len(code) <= LONGEST_NUMBER:
        copies.append(sa.select(Item.id).where(Item.branch_id.in_(branches), Item.accession_no == int(code)))
    standing = sa.select(MinutesRow.minutes_id).where(MinutesRow.deleted_at.is_(None))
    found = [standing.where(MinutesRow.item_id.in_(sa.union_all(*copies)))]
    if words and len(branches) <= MOST_SEARCHED:
        named = (Title.work_key.contains(word, autoescape=True) for word in words)
        found.append(
            standing.join(Item, Item.id == MinutesRow.item_id)
            .join(Title, Title.id == Item.title_id)
            .where(MinutesRow.branch_id.in_(branches), *named)
        )
    return Minutes.id.in_(sa.union_all(*found))


@dataclass(frozen=True, slots=True)
class Paper:
    """A frozen file as it was stored, with what it is."""

    stored: StoredDocument
    media_type: str


def paper(reader: Reader, document_id: uuid.UUID) -> Paper | None:
    """A frozen file, proven by its hash; None where the reader may not see it. Raises Trouble P-1105 when the bytes are
    not those that were frozen."""
    query = sa.select(Document.media_type).where(Document.id == document_id, Document.deleted_at.is_(None))
    media_type = reader.connection.execute(query).scalar()
    return None if media_type is None else Paper(frozen_paper(reader, document_id), media_type)
