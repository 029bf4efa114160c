"""Frozen papers: the two files of a printed document, how they are kept for ever, and how they are read again (002
م7-13)."""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass, field

import sqlalchemy as sa

from db.codes import DocumentKind
from db.frozen import Frozen
from db.models.collection import Document
from db.reading import Reader
from db.trouble import Trouble
from db.types import new_id
from db.writing import Tx

PDF, XLSX = "application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Printed:
    """What a printer made: a PDF file of so many pages, and an Excel file that says the same."""

    pdf: bytes
    xlsx: bytes
    pages: int

    @property
    def sha256(self) -> str:
        """The hash of the PDF, as it is told and proven."""
        return hashlib.sha256(self.pdf).hexdigest()


@dataclass(frozen=True, slots=True)
class Files:
    """The ids of both files, known before they are stored."""

    pdf: uuid.UUID = field(default_factory=new_id)
    xlsx: uuid.UUID = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Filing:
    """Under what the files of a paper are kept: kind, number, name without suffix, and the row they belong to."""

    kind: DocumentKind
    number: str
    name: str
    entity: str
    row_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A frozen paper."""

    id: uuid.UUID
    kind: DocumentKind
    number: str | None
    file_name: str
    content: bytes
    sha256: str
    pages: int | None


DOCUMENT = Frozen(
    sa.select(
        Document.id,
        Document.kind,
        Document.number,
        Document.file_name,
        Document.content,
        Document.sha256,
        Document.pages,
    ).where(Document.id == sa.bindparam("document")),
    StoredDocument,
)


def freeze(tx: Tx, filing: Filing, printed: Printed, made_at: dt.datetime, files: Files | None = None) -> Files:
    """Store both files with their hashes; from now on they are what is printed."""
    kept = files or Files()
    for file_id, media_type, suffix, content, pages in (
        (kept.pdf, PDF, "pdf", printed.pdf, printed.pages),
        (kept.xlsx, XLSX, "xlsx", printed.xlsx, None),
    ):
        tx.insert(
            Document, id=file_id, kind=filing.kind, number=filing.number, media_type=media_type,
            file_name=f"{filing.name}.{suffix}", content=content, sha256=hashlib.sha256(content).hexdigest(),
            pages=pages, entity=filing.entity, row_id=filing.row_id, made_at=made_at,
        )  # fmt: skip
    return kept


def numbered(kind: DocumentKind, number: str) -> str:
    """The name of the files: «binding-1405-3»."""
    return f"{kind.value}-{number.replace('/', '-')}"


def document(reader: Reader, document_id: uuid.UUID) -> StoredDocument | None:
    """A frozen paper with its bytes."""
    return reader.one(DOCUMENT, document=document_id)


def frozen_paper(reader: Reader, document_id: uuid.UUID) -> StoredDocument:
    """A frozen paper with its bytes, proven by their hash. Raises Trouble P-1105 when they are not what was frozen."""
    kept = document(reader, document_id)
    if kept is None or hashlib.sha256(kept.content).hexdigest() != kept.sha256:
        raise Trouble("P-1105", document=document_id)
    return kept
