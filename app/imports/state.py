"""How far an import is, and what earlier imports left behind."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import sqlalchemy as sa

from db.act import Act
from db.frozen import Frozen
from db.models.catalogue import ImportBatch
from db.reading import Reader
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class Counts:
    """Records of the file: read = titles + known + refused + not_books. `repaired` and `copies` are counted beside."""

    read: int = 0
    titles: int = 0
    known: int = 0
    repaired: int = 0
    refused: int = 0
    not_books: int = 0
    copies: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, field.name) + getattr(other, field.name) for field in fields(Counts)))


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` lines or records."""

    done: int
    total: int
    counts: Counts


FINISHED = Frozen(
    sa.select(ImportBatch.counts).where(
        ImportBatch.sha256 == sa.bindparam("digest"),
        ImportBatch.finished_at.is_not(None),
        ImportBatch.deleted_at.is_(None),
    ),
    lambda counts: Counts(**counts),
)


def finished_batch(reader: Reader, digest: str) -> Counts | None:
    """The counts of an earlier import of the very same file."""
    return reader.one(FINISHED, digest=digest)


def write_batch(
    tx: Tx, name: str, file_format: str, digest: str, counts: Counts, side_files: Sequence[Path], act: Act
) -> None:
    """Note a finished import."""
    tx.insert(
        ImportBatch,
        file_name=name,
        format=file_format,
        sha256=digest,
        started_at=act.at,
        finished_at=act.at,
        counts=asdict(counts),
        side_file=str(side_files[0]) if side_files else None,
    )
