"""Putting records into the store inside somebody's transaction: shared by the form, the importers and the demo
library."""

import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.catalogue import keys
from app.catalogue.call_number import normalise_class
from app.catalogue.form import TitleForm, main_creator
from app.catalogue.isbn import valid_isbn13
from app.persian.text import clean
from db.frozen import Frozen
from db.models.catalogue import Title, TitleCreator, TitleSubject
from db.reading import Reader
from db.search_index import TitleText, drop, put
from db.writing import Tx

FORM_TEXTS = (
    "subtitle", "statement", "publisher", "place", "edition", "printing", "pages", "size", "series", "nbn",
    "author_mark", "audience", "age_group", "abstract", "note", "isbn_raw",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IndexRow:
    """What of a title goes into the search index."""

    id: uuid.UUID
    title: str
    subtitle: str | None
    publisher: str | None
    isbn: str | None
    series: str | None
    deleted: bool


INDEX_ROW = Frozen(
    sa.select(
        Title.id, Title.title, Title.subtitle, Title.publisher, Title.isbn, Title.series, Title.deleted_at.is_not(None)
    ).where(Title.id == sa.bindparam("title_id")),
    IndexRow,
)
CREATOR_NAMES = Frozen(
    sa.select(TitleCreator.name)
    .where(TitleCreator.title_id == sa.bindparam("title_id"), TitleCreator.deleted_at.is_(None))
    .order_by(TitleCreator.position),
    str,
)
SUBJECT_HEADINGS = Frozen(
    sa.select(TitleSubject.heading)
    .where(TitleSubject.title_id == sa.bindparam("title_id"), TitleSubject.deleted_at.is_(None))
    .order_by(TitleSubject.position),
    str,
)


def insert_title(tx: Tx, form: TitleForm, dialect: str) -> uuid.UUID:
    """Store a record with its creators and subjects and index it. The form has been checked."""
    title_id = tx.insert(Title, **title_columns(form))
    for position, creator in enumerate(form.creators, 1):
        tx.insert(TitleCreator, title_id=title_id, position=position, name=clean(creator.name, 300), role=creator.role)
    headings = (heading for subject in form.subjects if (heading := clean(subject, 500)))
    for position, heading in enumerate(headings, 1):
        tx.insert(TitleSubject, title_id=title_id, position=position, heading=heading)
    index_title(tx, title_id, dialect)
    return title_id


def match_key_of(form: TitleForm) -> str:
    """The key by which a twin of this record is found."""
    title, publisher, edition = (clean(text or "") for text in (form.title, form.publisher, form.edition))
    return keys.match_key(title, main_creator(form), publisher, edition, form.year)


def title_columns(form: TitleForm) -> dict[str, Any]:
    """The columns of a record: texts cleaned, codes canonical, keys computed."""
    title, creator = clean(form.title), main_creator(form)
    texts = {name: clean(value) or None for name in FORM_TEXTS if (value := getattr(form, name))}
    return texts | {
        "title": title,
        "main_creator": creator,
        "year": form.year,
        "edition_no": form.edition_no,
        "isbn": valid_isbn13(form.isbn) if form.isbn else None,
        "dewey": (normalise_class(form.dewey) or clean(form.dewey)) if form.dewey else None,
        "language": clean(form.language, 16),
        "material": form.material,
        "min_age": form.min_age,
        "status": form.status,
        "marc": form.marc,
        "marc_format": form.marc_format,
        "extras": dict(form.extras) or None,
        "sort_key": keys.title_sort_key(title),
        "match_key": match_key_of(form),
        "work_key": keys.work_key(title, creator),
    }


def index_text(reader: Reader, row: IndexRow) -> TitleText:
    """The index entry of a title as it stands."""
    names = reader.all(CREATOR_NAMES, title_id=row.id)
    headings = reader.all(SUBJECT_HEADINGS, title_id=row.id)
    others = (*names, *headings, row.publisher, row.series, row.isbn)
    return TitleText(row.id, keys.search_text(row.title, row.subtitle, others))


def index_title(tx: Tx, title_id: uuid.UUID, dialect: str) -> None:
    """Bring the search index in step with a title, in the same transaction."""
    row = tx.one(INDEX_ROW, title_id=title_id)
    if row is None or row.deleted:
        drop(tx, title_id, dialect)
    else:
        put(tx, index_text(tx, row), dialect)
