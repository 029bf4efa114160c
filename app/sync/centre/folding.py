"""The rows that a batch leaves behind: its changes one on top of the other, each row once, still as on the wire."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.sync.centre.incoming import Incoming
from app.sync.owners import CENTRE_ONLY, PATCHED
from app.sync.rows import UnknownError, has_personal, model_of
from db.changes import AFTER_IMAGE, FIELD_PATCH, TOMBSTONE
from db.guards import APPEND_ONLY
from db.journal import DECODER
from db.models.base import Base

NOT_OURS = CENTRE_ONLY | PATCHED.keys()
ID_BYTES = 16


class NotPlainError(Exception):
    """Something of the batch has to be looked at by itself."""


@dataclass(slots=True)
class Folded:
    """One row as a batch leaves it. A new one has its whole `image`; of one that was there before, in version `base`,
    `patch` holds what changed, by field number."""

    model: type[Base]
    row_id: bytes
    base: int
    ver: int
    image: list[Any] | None = None
    patch: dict[int, Any] = field(default_factory=dict)
    deleted_ms: int | None = None
    pos: int = 0


class Fold:
    """The rows of a batch, in the order in which they first changed."""

    def __init__(self) -> None:
        self.rows: dict[tuple[type[Base], bytes], Folded] = {}

    def add(self, entry: Incoming) -> None:
        """The changes of one more entry. Raises NotPlainError."""
        if not entry.readable:
            raise NotPlainError
        try:
            personal = entry.stored.personal
            parts: dict[int, dict[int, Any]] = dict(DECODER.decode(personal)[1]) if personal else {}
            for place, change in enumerate(entry.raw.changes):
                row = self._row(change, erased=personal is None)
                _lay(row, change, entry.raw.at_ms)
                _lay_values(row, parts.get(place, {}))
        except (msgspec.DecodeError, LookupError, TypeError, ValueError, AttributeError, UnknownError) as error:
            raise NotPlainError from error

    def _row(self, change: Sequence[Any], *, erased: bool) -> Folded:
        number, row_id, base_ver, op, _ = change
        model, born = model_of(number), op == AFTER_IMAGE
        if model in NOT_OURS or len(row_id) != ID_BYTES or born != (base_ver == 0):
            raise NotPlainError
        if born and erased and has_personal(model):
            raise NotPlainError
        row = self.rows.get((model, row_id))
        if row is None:
            if not born and model.__tablename__ in APPEND_ONLY:
                raise NotPlainError
            row = self.rows[model, row_id] = Folded(model, row_id, base_ver, base_ver + 1)
        elif base_ver != row.ver or row.deleted_ms is not None:
            raise NotPlainError
        else:
            row.ver += 1
        return row


def _lay(row: Folded, change: Sequence[Any], at_ms: int) -> None:
    _, _, _, op, data = change
    if op == AFTER_IMAGE:
        row.image = list(data)
    elif op == TOMBSTONE:
        row.deleted_ms = at_ms
    elif op == FIELD_PATCH:
        _lay_values(row, {place: value for place, (_, value) in data.items()})
    else:
        raise NotPlainError


def _lay_values(row: Folded, values: dict[int, Any]) -> None:
    for place, value in values.items():
        if place < 0:
            raise NotPlainError
        if row.image is None:
            row.patch[place] = value
        else:
            row.image[place] = value
