"""What screens and programs read of the catalogue: frozen rows."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.catalogue.form import Creator
from app.catalogue.isbn import valid_isbn13
from app.library import HERE
from app.persian.text import fold
from db.codes import CataloguingStatus, Condition, ItemStatus, Material
from db.frozen import Frozen
from db.models.catalogue import Title, TitleCreator, TitleSubject
from db.models.items import Item
from db.reading import Reader
from db.search_index import find


@dataclass(frozen=True, slots=True)
class TitleRow:
    """A title in a list of hits."""

    id: uuid.UUID
    title: str
    subtitle: str | None
    main_creator: str | None
    publisher: str | None
    year: int | None
    edition: str | None
    dewey: str | None
    author_mark: str | None
    isbn: str | None
    material: Material
    copies: int
    available: int


@dataclass(frozen=True, slots=True)
class CopyRow:
    """A copy in the list under a title."""

    id: uuid.UUID
    accession_no: int
    barcode: str
    call_number: str | None
    volume_no: str | None
    copy_no: int
    section: str
    status: ItemStatus
    condition: Condition
    loan_count: int
    last_loan_on: dt.date | None


@dataclass(frozen=True, slots=True)
class TitleRecord:
    """What a record says beyond the list of hits, as stored."""

    statement: str | None
    place: str | None
    printing: str | None
    pages: str | None
    size: str | None
    series: str | None
    isbn_raw: str | None
    nbn: str | None
    language: str
    audience: str | None
    age_group: str | None
    min_age: int | None
    abstract: str | None
    note: str | None
    status: CataloguingStatus


@dataclass(frozen=True, slots=True)
class CatalogueCounts:
    """How much there is."""

    titles: int
    copies: int


OF_TITLE = (Item.title_id == Title.id, Item.deleted_at.is_(None))
TITLE_ROW = Frozen(
    sa.select(
        Title.id, Title.title, Title.subtitle, Title.main_creator, Title.publisher, Title.year, Title.edition,
        Title.dewey, Title.author_mark, Title.isbn, Title.material,
        sa.select(sa.func.count()).where(*OF_TITLE).scalar_subquery(),
        sa.select(sa.func.count()).where(*OF_TITLE, Item.status == ItemStatus.AVAILABLE).scalar_subquery(),
    ).where(Title.id == sa.bindparam("title"), Title.deleted_at.is_(None)),
    TitleRow,
)  # fmt: skip
COPIES = Frozen(
    sa.select(
        Item.id, Item.accession_no, Item.barcode, Item.call_number, Item.volume_no, Item.copy_no, Item.section,
        Item.status, Item.condition, Item.loan_count, Item.last_loan_on,
    )
    .where(Item.title_id == sa.bindparam("title"), Item.deleted_at.is_(None))
    .order_by(Item.shelf_key, Item.volume_no, Item.copy_no, Item.accession_no),
    CopyRow,
)  # fmt: skip
BY_ISBN = Frozen(
    sa.select(Title.id).where(Title.branch_id == HERE, Title.isbn == sa.bindparam("isbn"), Title.deleted_at.is_(None)),
    lambda title_id: title_id,
)
CREATORS = Frozen(
    sa.select(TitleCreator.name, TitleCreator.role)
    .where(TitleCreator.title_id == sa.bindparam("title"), TitleCreator.deleted_at.is_(None))
    .order_by(TitleCreator.position),
    Creator,
)
SUBJECTS = Frozen(
    sa.select(TitleSubject.heading)
    .where(TitleSubject.title_id == sa.bindparam("title"), TitleSubject.deleted_at.is_(None))
    .order_by(TitleSubject.position),
    str,
)


RECORD = Frozen(
    sa.select(
        Title.statement, Title.place, Title.printing, Title.pages, Title.size, Title.series, Title.isbn_raw, Title.nbn,
        Title.language, Title.audience, Title.age_group, Title.min_age, Title.abstract, Title.note, Title.status,
    ).where(Title.id == sa.bindparam("title"), Title.deleted_at.is_(None)),
    TitleRecord,
)  # fmt: skip
COUNTS = Frozen(
    sa.select(
        sa.select(sa.func.count()).select_from(Title).where(Title.deleted_at.is_(None)).scalar_subquery(),
        sa.select(sa.func.count()).select_from(Item).where(Item.deleted_at.is_(None)).scalar_subquery(),
    ),
    CatalogueCounts,
)


def search_titles(reader: Reader, query: str, limit: int, dialect: str) -> list[TitleRow]:
    """The titles that match what was typed, best first: an ISBN finds its books, words find titles, names and subjects.

    Those that begin with the query come first, then the most lent.
    """
    isbn = valid_isbn13(query)
    ids = reader.all(BY_ISBN, isbn=isbn) if isbn else []
    ids = ids or find(reader, fold(query), limit, dialect)
    return [row for title_id in ids if (row := reader.one(TITLE_ROW, title=title_id)) is not None]


def title_row(reader: Reader, title_id: uuid.UUID) -> TitleRow | None:
    """One title as in a list."""
    return reader.one(TITLE_ROW, title=title_id)


def copies_of(reader: Reader, title_id: uuid.UUID) -> list[CopyRow]:
    """The copies of a title as they stand on the shelf: by volume (2 before 10) and number."""
    return reader.all(COPIES, title=title_id)


def creators_of(reader: Reader, title_id: uuid.UUID) -> list[Creator]:
    """Names and roles in the order of the title page."""
    return reader.all(CREATORS, title=title_id)


def subjects_of(reader: Reader, title_id: uuid.UUID) -> list[str]:
    """The subject headings."""
    return reader.all(SUBJECTS, title=title_id)


def title_record(reader: Reader, title_id: uuid.UUID) -> TitleRecord | None:
    """The rest of a record."""
    return reader.one(RECORD, title=title_id)


def catalogue_counts(reader: Reader) -> CatalogueCounts:
    """Titles and copies of the library."""
    return reader.one(COUNTS) or CatalogueCounts(0, 0)
