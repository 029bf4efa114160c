"""How much of the journal waits to be sent."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from db.frozen import Frozen
from db.models.sync import Site, Stream
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class Waiting:
    """Entries that the centre has not acknowledged, and when it was last heard of."""

    entries: int
    last_contact_at: dt.datetime | None


WAITING = Frozen(
    sa.select(
        sa.func.coalesce(sa.select(sa.func.sum(Stream.head_seq - Stream.acked_seq)).scalar_subquery(), 0),
        sa.select(sa.func.max(Site.last_contact_at)).scalar_subquery(),
    ),
    lambda entries, contact: Waiting(int(entries), contact),
)


def waiting_entries(reader: Reader) -> Waiting:
    """What the status line tells of synchronisation."""
    return reader.one(WAITING) or Waiting(0, None)
