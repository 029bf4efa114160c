"""Titles and what describes them."""

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from db.codes import CataloguingStatus, CreatorRole, Material
from db.models.base import Base, DerivedKey, DerivedText, PersonalId, Synced, index_live, unique_live
from db.types import Code


class Title(Synced, Base):
    """A bibliographic record: the MARC bytes as they came, and the columns that are searched, sorted and printed.

    `year` is as printed (Jalali below 1700, Gregorian above). `match_key` is the folded title, creator and publisher by
    which a second import or a second copy finds its record (003 م5-2 تبصره ۱). Owner: branch until adopted, then
    centre.
    """

    __tablename__ = "title"
    __table_args__ = (
        index_live("title_by_match_key", "branch_id", "match_key"),
        index_live("title_by_isbn", "branch_id", "isbn"),
        index_live("title_by_sort_key", "branch_id", "sort_key"),
        # The last three let editions be compared without going to the records (002 م4-2-ج).
        index_live("title_by_work_key", "branch_id", "work_key", "year", "id", "deleted_at"),
        index_live("title_by_material", "material"),
        index_live("title_by_class", "dewey", "year", "material", "id", "deleted_at"),  # what ages fast (002 م6-1)
    )

    title: Mapped[str]
    subtitle: Mapped[str | None]
    statement: Mapped[str | None]
    main_creator: Mapped[str | None]
    edition: Mapped[str | None]
    edition_no: Mapped[int | None]
    printing: Mapped[str | None]
    place: Mapped[str | None]
    publisher: Mapped[str | None]
    year: Mapped[int | None]
    pages: Mapped[str | None]
    size: Mapped[str | None]
    series: Mapped[str | None]
    isbn: Mapped[str | None]
    isbn_raw: Mapped[str | None]
    nbn: Mapped[str | None]
    dewey: Mapped[str | None]
    author_mark: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="fa")
    material: Mapped[Material] = mapped_column(Code(Material))
    audience: Mapped[str | None]
    age_group: Mapped[str | None]
    min_age: Mapped[int | None]
    abstract: Mapped[str | None]
    note: Mapped[str | None]
    status: Mapped[CataloguingStatus] = mapped_column(Code(CataloguingStatus))
    marc: Mapped[bytes | None] = mapped_column(sa.LargeBinary())
    marc_format: Mapped[str | None]
    extras: Mapped[dict[str, Any] | None]
    merged_into: Mapped[uuid.UUID | None]
    sort_key: Mapped[DerivedKey]
    match_key: Mapped[DerivedText]
    work_key: Mapped[DerivedText]


class TitleCreator(Synced, Base):
    """A person or body and the part they had in a title, in the order of the title page."""

    __tablename__ = "title_creator"

    title_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("title.id"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    role: Mapped[CreatorRole] = mapped_column(Code(CreatorRole))
    authority_id: Mapped[uuid.UUID | None]


class Authority(Synced, Base):
    """The established form of a name or heading and the variants that lead to it (003 م2)."""

    __tablename__ = "authority"

    kind: Mapped[str]
    heading: Mapped[str]
    variants: Mapped[list[str]]
    dates: Mapped[str | None]
    sort_key: Mapped[DerivedKey]


class TitleSubject(Synced, Base):
    """A subject heading with its subdivisions («ادبیات فارسی -- قرن ۱۴»)."""

    __tablename__ = "title_subject"

    title_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("title.id"), index=True)
    position: Mapped[int]
    heading: Mapped[str]
    authority_id: Mapped[uuid.UUID | None]


class ImportBatch(Synced, Base):
    """One import: which file, how many records went where, and the side file's bytes."""

    __tablename__ = "import_batch"
    __table_args__ = (unique_live("one_import_of_a_file", "branch_id", "sha256"),)

    file_name: Mapped[str]
    format: Mapped[str]
    sha256: Mapped[str]
    started_at: Mapped[dt.datetime]
    finished_at: Mapped[dt.datetime | None]
    counts: Mapped[dict[str, Any]]
    side_file: Mapped[str | None]


class PurchaseRequest(Synced, Base):
    """A reader's wish that a book be bought (000 §1-2)."""

    __tablename__ = "purchase_request"

    member_id: Mapped[PersonalId | None]
    wish: Mapped[str]
    asked_on: Mapped[dt.date]
    state: Mapped[str]
    answer: Mapped[str | None]


class CataloguingRequest(Synced, Base):
    """A book without a record, sent to the provincial cataloguer (003 م5-3)."""

    __tablename__ = "cataloguing_request"

    title_id: Mapped[uuid.UUID | None]
    description: Mapped[str]
    asked_on: Mapped[dt.date]
    state: Mapped[str]
    answered_on: Mapped[dt.date | None]
    result_title_id: Mapped[uuid.UUID | None]
