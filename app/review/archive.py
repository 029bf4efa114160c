"""The archive of a county or province: the final edition of every minutes, by library and date (002 م7-14)."""

import datetime as dt
import re
import uuid
from collections.abc import Collection
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; what is empty does not matter. `number` is «1405/12», «1405/» or «12»; days are those of the
    final edition, both included; `book` are words of a title or author, an accession number or a barcode."""

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
    sa.select(sa.func.count()).select_from(MinutesRow).where(MinutesRow.minutes_id == Minutes.id, *STANDING)
).scalar_subquery()
EDITIONS = (
    sa.select(
        Minutes.id, Minutes.branch_id, Branch.name, Branch.county, Minutes.reason, Minutes.year, Minutes.number,
        Minutes.revision, Minutes.finalised_on, COPIES, Minutes.document_id, Minutes.sheet_id,
    )
    .join(Branch, Branch.id == Minutes.branch_id)
    .where(*FINAL)
    .order_by(Branch.county, Branch.name, Branch.id, Minutes.finalised_on.desc(), Minutes.number.desc())
)  # fmt: skip


def find_final(reader: Reader, scope: Collection[uuid.UUID], wanted: Wanted, start: int, most: int) -> Found:
    """Final editions of the libraries of a scope: by library, the newest first."""
    conditions = _conditions(scope, wanted)
    if conditions is None:
        return Found((), 0)
    total = reader.connection.execute(
        sa.select(sa.func.count()).select_from(Minutes).where(*FINAL, *conditions)
    ).scalar_one()
    rows = reader.connection.execute(EDITIONS.where(*conditions).offset(start).limit(most))
    return Found(tuple(_filed(*row) for row in rows), total)


def _filed(
    minutes_id: uuid.UUID, branch_id: uuid.UUID, library: str, county: str, reason: WeedingReason, year: int,
    number: int, *rest: object,
) -> FiledMinutes:  # fmt: skip
    return FiledMinutes(
        minutes_id, branch_id, library, county, reason, f"{year}/{number}", *rest  # type: ignore[arg-type]
    )  # fmt: skip


def _conditions(scope: Collection[uuid.UUID], wanted: Wanted) -> list[sa.ColumnElement[bool]] | None:
    """None where the number is none, so that nothing is found."""
    branches = [branch for branch in scope if wanted.branch_id in (None, branch)]
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
        found.append(_with_book(wanted.book))
    return found


def _with_book(book: str) -> sa.ColumnElement[bool]:
    """A copy stands on it that bears this number, or whose title or author has all these words."""
    code = typed(book)
    numbers = [Item.barcode == code]
    if code.isascii() and code.isdigit() and len(code) <= LONGEST_NUMBER:
        numbers.append(Item.accession_no == int(code))
    words = [Title.work_key.contains(word, autoescape=True) for word in tokens(book)]
    named = sa.and_(*words) if words else sa.false()
    return sa.exists(
        sa.select(MinutesRow.id)
        .join(Item, Item.id == MinutesRow.item_id)
        .join(Title, Title.id == Item.title_id)
        .where(MinutesRow.minutes_id == Minutes.id, MinutesRow.deleted_at.is_(None), sa.or_(*numbers, named))
    )


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
