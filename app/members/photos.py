"""The photograph of a member: taken in from any picture file, kept small."""

import hashlib
import io
import uuid
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import sqlalchemy as sa

from app.actions import Action
from app.library import Library
from app.members.service import member_record
from app.members.writing import member_with
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.act import Act
from db.codes import DocumentKind
from db.models.collection import Document
from db.models.members import Member
from db.reading import Reader
from db.trouble import Trouble
from db.writing import Tx

LONGEST_FILE = 20_000_000
MOST_PIXELS = 60_000_000
KINDS = ("JPEG", "PNG", "BMP", "WEBP", "GIF")
SIZE = (360, 480)  # three by four, as on the paper form (004 الف-1-4)


@dataclass(frozen=True, slots=True)
class PhotoSet:
    """The photograph is kept; `size` of it in bytes."""

    size: int


PhotoOutcome: TypeAlias = "PhotoSet | Refused | NotFound"


def set_photo(library: Library, key: str, picture: bytes | None, act: Act) -> PhotoOutcome:
    """Keep a photograph of a member (card, number or national id); None takes it away. A file that is no picture, or a
    bomb, is refused and the old photograph stays."""
    jpeg = None if picture is None else small_jpeg(picture)
    with library.store.write() as tx:
        member_id = member_with(tx, key)
        member = member_record(tx, member_id) if member_id else None
        if member is None:
            return NotFound(Sought.MEMBER, key)
        refused = [*library.forbids(act, Action.EDIT_MEMBER)]
        if picture is not None and jpeg is None:
            refused.append(Refusal("photo.unreadable"))
        if refused:
            return Refused(tuple(refused))
        photo_id = None if jpeg is None else _store(tx, jpeg, act, member.id)
        tx.update(Member, member, photo_id=photo_id)
        tx.record("member.photo_set", act)
        return PhotoSet(len(jpeg or b""))


def read_picture(path: Path) -> bytes:
    """The bytes of a picture file, as far as one may be long. Raises Trouble P-2101."""
    try:
        with path.open("rb") as file:
            return file.read(LONGEST_FILE + 1)
    except OSError as error:
        raise Trouble("P-2101", path=path) from error


def photo_of(reader: Reader, member_id: uuid.UUID) -> bytes | None:
    """The photograph of a member as JPEG."""
    query = (
        sa.select(Document.content)
        .join(Member, Member.photo_id == Document.id)
        .where(Member.id == member_id, Document.deleted_at.is_(None))
    )
    found = reader.connection.execute(query).scalar()
    return None if found is None else bytes(found)


def small_jpeg(picture: bytes) -> bytes | None:
    """The picture cut to three by four and made small, without the place and time that cameras write into it; None when
    it is no picture."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(picture) > LONGEST_FILE:
        return None
    try:
        with warnings.catch_warnings(action="error"), Image.open(io.BytesIO(picture), formats=KINDS) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return None
            upright = ImageOps.exif_transpose(opened).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError):
        return None
    written = io.BytesIO()
    ImageOps.fit(upright, SIZE).save(written, "JPEG", quality=82, optimize=True)
    return written.getvalue()


def _store(tx: Tx, jpeg: bytes, act: Act, member_id: uuid.UUID) -> uuid.UUID:
    return tx.insert(
        Document, kind=DocumentKind.PHOTO, media_type="image/jpeg", file_name="photo.jpg", content=jpeg,
        sha256=hashlib.sha256(jpeg).hexdigest(), entity="member", row_id=member_id, made_at=act.at,
    )  # fmt: skip
