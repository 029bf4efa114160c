"""How far an import is, and what earlier imports left behind."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import sqlalchemy as sa

from app.library import HERE
from db.act import Act
from db.frozen import Frozen
from db.models.catalogue import ImportBatch
from db.reading import Reader
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class Counts:
    """Records of the file: read = titles + known + refused + not_books. `repaired` is counted beside.

    `copies` were registered; `weeded`, `missing` and `lent` (in the other program) are those among them that stood so.
    `copies_known` were here and stay as they are, `copies_refused` were not registered.
    """

    read: int = 0
    titles: int = 0
    known: int = 0
    repaired: int = 0
    refused: int = 0
    not_books: int = 0
    copies: int = 0
    copies_known: int = 0
    copies_refused: int = 0
    weeded: int = 0
    missing: int = 0
    lent: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Counts)))


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` lines or records."""

    done: int
    total: int
    counts: Counts


@dataclass(frozen=True, slots=True)
class Batch:
    """What an earlier import of the same file left; `counts` by name."""

    id: uuid.UUID
    ver: int
    finished_at: dt.datetime | None
    counts: Mapping[str, int]
    side_file: str | None


OF_FILE = Frozen(
    sa.select(
        ImportBatch.id, ImportBatch.ver, ImportBatch.finished_at, ImportBatch.counts, ImportBatch.side_file
    ).where(
        ImportBatch.branch_id == HERE, ImportBatch.sha256 == sa.bindparam("digest"), ImportBatch.deleted_at.is_(None)
    ),
    Batch,
)


def finished_batch(reader: Reader, digest: str) -> Counts | None:
    """The counts of the last import of the very same file."""
    batch = reader.one(OF_FILE, digest=digest)
    return Counts(**batch.counts) if batch and batch.finished_at else None


def write_batch(
    tx: Tx, name: str, file_format: str, digest: str, counts: Counts, side_files: Sequence[Path], act: Act
) -> None:
    """Note a finished import; of a file that was read once more, what the last reading found."""
    found = {
        "finished_at": act.at,
        "counts": asdict(counts),
        "side_file": str(side_files[0]) if side_files else None,
    }
    before = tx.one(OF_FILE, digest=digest)
    if before is None:
        tx.insert(ImportBatch, file_name=name, format=file_format, sha256=digest, started_at=act.at, **found)
    else:
        tx.update(ImportBatch, before, **found)
