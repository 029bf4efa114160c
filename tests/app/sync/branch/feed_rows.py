"""Rows of feeds as a centre would send them."""

import uuid
from typing import Any

from app.library import Library
from app.sync.rows import feed_row
from app.sync.wire import FeedRow
from db.changes import full_row
from db.models.base import Base
from db.types import new_id
from tests.library import row


def sent_row(model: type[Base], owner: uuid.UUID, pos: int, *, ver: int = 1, **values: Any) -> FeedRow:
    """A row that is not here, as it comes."""
    plain = full_row(model, owner, {"id": new_id(), **values})
    return feed_row(model, {**plain, "ver": ver, "bpos": pos})


def as_it_stands(library: Library, model: type[Base], row_id: uuid.UUID, pos: int, **changed: Any) -> FeedRow:
    """A row that is here, as the centre has it: with some values of its own."""
    return feed_row(model, {**row(library, model, row_id)._mapping, "bpos": pos, **changed})
