"""A record of the union catalogue as rules, pages and programs see it, and how it is made of a branch's title."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from app.catalogue.keys import match_key, title_sort_key
from app.persian.text import compact, fold
from db.codes import CataloguingStatus, Material
from db.frozen import Frozen
from db.models.catalogue import Title, TitleCreator, TitleSubject
from db.models.centre import UnionTitle
from db.reading import Reader
from db.search_index import split_words
from db.union_index import EXACT, WORD, Field

FIELDS = (
    "title", "subtitle", "statement", "main_creator", "creators", "subjects", "edition", "place", "publisher", "year",
    "pages", "series", "isbn", "nbn", "dewey", "author_mark", "language", "material",
)  # fmt: skip
"""What a cataloguer sees and corrects, in the order of a card."""
MARC21 = "marc21"
UNION = "union"
"""Among what else is known of a title: the record of the union that it was catalogued from."""
LONGEST_MARK = 100


@dataclass(frozen=True, slots=True)
class UnionRecord:
    """A record of the union catalogue. `year` as printed; `born_at` is the branch whose title it was first."""

    id: uuid.UUID
    ver: int
    title: str
    subtitle: str | None
    statement: str | None
    main_creator: str | None
    creators: Sequence[str]
    subjects: Sequence[str]
    edition: str | None
    place: str | None
    publisher: str | None
    year: int | None
    pages: str | None
    series: str | None
    isbn: str | None
    nbn: str | None
    dewey: str | None
    author_mark: str | None
    language: str
    material: Material
    status: CataloguingStatus
    marc: bytes | None
    born_at: uuid.UUID
    sort_key: str
    match_key: str
    search_key: str
    deleted_at: object = None

    @property
    def reviewed(self) -> bool:
        """Whether a senior cataloguer has corrected it: what its first branch changes later no longer passes on."""
        return self.status is CataloguingStatus.REVIEWED


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """What a branch says of a title."""

    id: uuid.UUID
    branch_id: uuid.UUID
    columns: Mapping[str, Any]
    deleted: bool
    taken_from: uuid.UUID | None = None


RECORD_COLUMNS = tuple(getattr(UnionTitle, name) for name in UnionRecord.__dataclass_fields__)
RECORD: Frozen[UnionRecord] = Frozen(
    sa.select(*RECORD_COLUMNS).where(UnionTitle.id == sa.bindparam("record")), UnionRecord
)
SHARED = tuple(name for name in FIELDS if name not in ("creators", "subjects"))
OF_TITLE = (*SHARED, "status", "marc", "marc_format", "branch_id", "deleted_at", "id", "extras")


def records(reader: Reader, where: sa.ColumnElement[bool]) -> list[UnionRecord]:
    """The records of a condition, the oldest first, deleted ones too."""
    found = reader.connection.execute(sa.select(*RECORD_COLUMNS).where(where).order_by(UnionTitle.id))
    return [UnionRecord(*row) for row in found]


def record_of(reader: Reader, record_id: uuid.UUID) -> UnionRecord | None:
    """One record, merged away or not; None where there is none or it was taken back."""
    found = reader.one(RECORD, record=record_id)
    return None if found is None or found.deleted_at is not None else found


def titles_of(reader: Reader, ids: Sequence[uuid.UUID]) -> list[TitleFacts]:
    """What branches say of these titles, in the order asked."""
    names = _several(reader, TitleCreator, TitleCreator.name, ids)
    headings = _several(reader, TitleSubject, TitleSubject.heading, ids)
    query = sa.select(*(getattr(Title, name) for name in OF_TITLE)).where(Title.id.in_(ids))
    found = {row.id: row for row in reader.connection.execute(query)}
    return [
        TitleFacts(
            key, row.branch_id, _columns(row, names.get(key, []), headings.get(key, [])), bool(row.deleted_at),
            _taken_from(row.extras),
        )
        for key in ids
        if (row := found.get(key)) is not None
    ]  # fmt: skip


def _taken_from(extras: Mapping[str, Any] | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(str((extras or {})[UNION]))
    except (KeyError, TypeError, ValueError):  # whatever a branch sent
        return None


def _several(reader: Reader, model: Any, column: Any, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    query = (
        sa.select(model.title_id, column)
        .where(model.title_id.in_(ids), model.deleted_at.is_(None))
        .order_by(model.title_id, model.position)
    )
    found: dict[uuid.UUID, list[str]] = {}
    for title_id, text in reader.connection.execute(query):
        found.setdefault(title_id, []).append(text)
    return found


def _columns(row: Any, names: list[str], headings: list[str]) -> dict[str, Any]:
    columns = {name: getattr(row, name) for name in SHARED}
    marc = row.marc if row.marc_format == MARC21 else None
    return columns | {"creators": names, "subjects": headings, "status": row.status, "marc": marc}


def with_keys(record_id: uuid.UUID, columns: Mapping[str, Any]) -> dict[str, Any]:
    """All columns of a record, those computed from the others too: what is written, and what whoever applies a row of
    the feed computes again."""
    return dict(columns) | keys_of(record_id, columns)


def keys_of(record_id: uuid.UUID, columns: Mapping[str, Any]) -> dict[str, str]:
    """The computed columns of a record."""
    title, creator, publisher = columns["title"], columns.get("main_creator"), columns.get("publisher")
    return {
        "sort_key": title_sort_key(title),
        "match_key": match_key(title, creator, publisher, columns.get("edition"), columns.get("year")),
        "search_key": " ".join(dict.fromkeys(_lexemes(record_id, columns))),
    }


def _lexemes(record_id: uuid.UUID, columns: Mapping[str, Any]) -> list[str]:
    """Every word by which a record is found, marked with the field it stands in (`db.union_index`)."""
    texts: dict[Field, list[Any]] = {
        Field.TITLE: [columns["title"], columns.get("subtitle")],
        Field.CREATOR: [*_names(columns), columns.get("statement")],
        Field.SUBJECT: list(columns.get("subjects") or ()),
        Field.PUBLISHER: [columns.get("publisher")],
        Field.DATE: [columns.get("year")],
        Field.ISBN: [columns.get("isbn")],
        Field.OTHER: [columns.get(name) for name in ("place", "series", "nbn", "dewey", "edition")],
    }
    found = [f"{Field.RECORD}{EXACT}{record_id.hex}"]
    for field, given in texts.items():
        for text in given:
            found += marked(field, str(text)) if text else ()
    return found


def _names(columns: Mapping[str, Any]) -> list[str]:
    names = list(columns.get("creators") or ())
    main = columns.get("main_creator")
    return names if main is None or main in names else [main, *names]


def marked(field: Field, text: str) -> list[str]:
    """The words of a text, each two neighbours joined (so that «روان شناسی» and «روانشناسی» find each other and a
    phrase is known by its pairs), and the whole of it: all with the mark of their field."""
    words = split_words(fold(text))
    pairs = [first + second for first, second in pairwise(words)]
    return [
        *(f"{field}{WORD}{word}" for word in (*words, *pairs)),
        f"{field}{EXACT}{whole(text)}",
    ]


def whole(text: str) -> str:
    """The mark of a whole field: its folded letters without spaces, at most 100."""
    return "".join(split_words(compact(text)))[:LONGEST_MARK]
