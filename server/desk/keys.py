"""Cards and barcodes in requests: read like scans, so that Persian digits and framing do no harm; or the id that an
earlier answer gave."""

import contextlib
import uuid

from app.circulation import reads
from app.devices.scan import Scan, Source, read_scan
from server.desk.session import Session


def code(text: str) -> str | None:
    """The code in a field, None when no card or copy can carry it."""
    read = read_scan(text, Source.FILE)
    return read.text if isinstance(read, Scan) else None


def member_key(session: Session, text: str) -> str | None:
    """What finds a member: card, member number or national id; None for an unreadable code."""
    key, member_id = code(text), _id(text)
    if member_id is not None:
        with session.library.store.read() as reader:
            member = reader.one(reads.BY_MEMBER_ID, key=member_id)
        return member.member_no if member else key
    return key


def item_key(session: Session, text: str) -> str | None:
    """What finds a copy: barcode or accession number; None for an unreadable code."""
    key, item_id = code(text), _id(text)
    if item_id is not None:
        with session.library.store.read() as reader:
            item = reader.one(reads.BY_ITEM_ID, key=item_id)
        return item.barcode if item else key
    return key


def _id(text: str) -> uuid.UUID | None:
    if len(text) == 36:
        with contextlib.suppress(ValueError):
            return uuid.UUID(text)
    return None
