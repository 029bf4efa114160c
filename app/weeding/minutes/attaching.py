"""Letters and receipts that are filed with minutes (002 م7-13، م7-15): scans and pictures, kept as they came."""

import datetime as dt
import hashlib
import io
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actions import Action
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.papers import XLSX
from app.persian.text import clean
from app.refusal import Refusal
from app.weeding.minutes.outcomes import Scan
from app.weeding.minutes.reads import MinutesKey, MinutesOnTheWay, find_minutes, revisions_of
from db.act import Act
from db.codes import DocumentKind
from db.frozen import Frozen
from db.models.collection import Document
from db.reading import Reader
from db.writing import Tx

MOST_BYTES = 10 << 20
LONGEST_NAME = 120
# How files begin that are taken: what a scanner, a camera or a reviewer's program makes.
MEDIA_TYPES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
ARCHIVE, WORKBOOK = b"PK\x03\x04", "xl/workbook.xml"


@dataclass(frozen=True, slots=True)
class Attached:
    """A paper is filed with minutes; `already`: the very same file had been."""

    document_id: uuid.UUID
    minutes_id: uuid.UUID
    already: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A paper filed with minutes."""

    id: uuid.UUID
    minutes_id: uuid.UUID
    file_name: str
    media_type: str
    sha256: str
    made_at: dt.datetime


OF_MINUTES = Frozen(
    sa.select(Document.id, Document.row_id, Document.file_name, Document.media_type, Document.sha256, Document.made_at)
    .where(
        sa.text("document.entity = 'minutes'"),
        Document.row_id == sa.bindparam("minutes"),
        Document.kind == DocumentKind.ATTACHMENT,
        Document.deleted_at.is_(None),
    )
    .order_by(Document.id),
    Attachment,
)


def attach(library: Library, key: MinutesKey, scan: Scan, act: Act) -> Attached | Refused | NotFound:
    """File a scanned letter or receipt with minutes of any state; the same file twice is one."""
    with library.store.write() as tx:
        minutes = find_minutes(tx, key)
        if minutes is None:
            return NotFound(Sought.MINUTES, str(key))
        refused = (*library.forbids(act, Action.FINALISE_MINUTES), *scan_refusals(scan))
        if refused:
            return Refused(refused)
        same = same_file(tx, minutes, scan.content)
        if same is not None:
            return Attached(same.id, minutes.id, already=True)
        document_id = keep_scan(tx, minutes, scan, act)
        tx.record("minutes.attached", act)
        return Attached(document_id, minutes.id)


def scan_refusals(scan: Scan | None) -> Iterator[Refusal]:
    """What speaks against keeping a file: too big, or nothing that could be looked at later."""
    if scan is None:
        return
    if len(scan.content) > MOST_BYTES:
        facts = {"megabytes": MOST_BYTES >> 20}
        yield Refusal("minutes.file_too_big", "7-15", facts=facts)
    elif media_type_of(scan.content) is None:
        yield Refusal("minutes.file_unreadable", "7-15", facts={"name": clean(scan.name, LONGEST_NAME)})


def media_type_of(content: bytes) -> str | None:
    """What a file is by its first bytes, and an Excel file by what is in it; None for what is not taken."""
    if content.startswith(ARCHIVE):
        return XLSX if _is_workbook(content) else None
    return next((media_type for start, media_type in MEDIA_TYPES if content.startswith(start)), None)


def _is_workbook(content: bytes) -> bool:
    """Whether an archive is an Excel file: by its list of names, nothing is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return WORKBOOK in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def keep_scan(tx: Tx, minutes: MinutesOnTheWay, scan: Scan, act: Act, **columns: Any) -> uuid.UUID:
    """Store a file with minutes, inside somebody's transaction."""
    known = {"media_type": media_type_of(scan.content), "file_name": clean(scan.name, LONGEST_NAME) or "attachment"}
    return tx.insert(
        Document, kind=DocumentKind.ATTACHMENT, number=minutes.number_text, content=scan.content,
        sha256=hashlib.sha256(scan.content).hexdigest(), entity="minutes", row_id=minutes.id, made_at=act.at,
        **(known | columns),
    )  # fmt: skip


def same_file(reader: Reader, minutes: MinutesOnTheWay, content: bytes) -> Attachment | None:
    """The attachment with these very bytes, with whatever revision it was filed."""
    digest = hashlib.sha256(content).hexdigest()
    return next((one for one in attachments_of(reader, minutes) if one.sha256 == digest), None)


def attachments_of(reader: Reader, minutes: MinutesOnTheWay) -> list[Attachment]:
    """Everything filed with minutes, the oldest first, whichever revision it was filed with."""
    filed = [one for revision in revisions_of(reader, minutes) for one in reader.all(OF_MINUTES, minutes=revision.id)]
    return sorted(filed, key=lambda one: one.id)
