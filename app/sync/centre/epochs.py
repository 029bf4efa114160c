"""Histories of the centre: it finds out at its start that it was restored (sync-protocol 9, 16).

A PostgreSQL restored to a point in time runs on another timeline, one set up anew has another system identifier, and a
database made from a dump another number. Then the feeds and the centre's own stream begin a new history: branches send
again what the centre has lost, and read again what was told after the backup.
"""

import secrets
from dataclasses import dataclass

import sqlalchemy as sa

from app.centre import Centre
from db.feeds import open_feeds_anew
from db.models.sync import FeedEpoch, Site, Stream
from db.reading import Reader
from db.writing import Tx

RESTORED = "restored"
FILE = "file"
# The time line out of the name of the present log: what `pg_control_checkpoint` says lags behind a promotion.
MARKS = (
    "SELECT format('%s/%s', system_identifier, pg_database.oid), "
    "('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int "
    "FROM pg_control_system(), pg_database WHERE datname = current_database()"
)


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a history of the database is known."""

    system_identifier: str
    timeline_id: int


NEWEST = sa.select(
    FeedEpoch.epoch, FeedEpoch.start_pos, FeedEpoch.system_identifier, FeedEpoch.timeline_id
).order_by(FeedEpoch.start_pos.desc())  # fmt: skip


def marks_of(centre: Centre) -> Marks:
    """Those of this database now."""
    if centre.store.is_file:
        return Marks(FILE, 1)
    with centre.store.read() as reader:
        return Marks(*reader.run(MARKS).fetchone())


def refresh_epochs(centre: Centre, marks: Marks | None = None) -> bool:
    """At the start of the centre: open a new history where the database is not the one that wrote last. Returns whether
    it did. `marks`: what to go by instead of what the database says."""
    seen = marks or marks_of(centre)
    with centre.store.write() as tx:
        tx.connection.execute(sa.select(Site.branch_id).with_for_update())  # several processes start at once
        newest = tx.connection.execute(NEWEST).first()
        anew = newest is None or Marks(newest.system_identifier, newest.timeline_id) != seen
        if anew:
            open_feeds_anew(tx, secrets.randbits(62), seen.system_identifier, seen.timeline_id)
        if anew and newest is not None:
            _own_stream_anew(tx, centre)
    centre.store.know_identity()
    return anew


def feeds_anew(centre: Centre, epoch: int) -> None:
    """Open a new history of the feeds after that one, unless somebody has: a branch has read further in it than it
    goes, so the database was turned back in a way that its marks do not tell (a disk or a whole machine put back as
    it was)."""
    with centre.store.write() as tx:
        tx.connection.execute(sa.select(Site.branch_id).with_for_update())
        newest = tx.connection.execute(NEWEST).one()
        if newest.epoch == epoch:
            open_feeds_anew(tx, secrets.randbits(62), newest.system_identifier, newest.timeline_id)


def _own_stream_anew(tx: Tx, centre: Centre) -> None:
    """What the centre wrote after the backup was lost: its own stream must not go on from there (sync-protocol 16)."""
    of = tx.identity
    own = (Stream.device_id == of.device_id, Stream.epoch == of.epoch)
    head = tx.connection.execute(sa.select(Stream.head_seq).where(*own)).scalar_one()
    now, epoch = centre.now(), secrets.randbits(62)
    tx.connection.execute(sa.update(Stream).where(*own).values(closed_at=now))
    tx.connection.execute(
        sa.insert(Stream).values(
            device_id=of.device_id, epoch=epoch, branch_id=of.branch_id, opened_at=now, reason=RESTORED,
            parent_epoch=of.epoch, parent_seq=head,
        )
    )  # fmt: skip
    tx.connection.execute(sa.update(Site).values(epoch=epoch))


def current_epoch(reader: Reader) -> int:
    """The history the feeds are in; 0 before the first start of the centre."""
    newest = reader.connection.execute(NEWEST).first()
    return 0 if newest is None else int(newest.epoch)


def stepped_back(reader: Reader, epoch: int, pos: int) -> int:
    """Where a cursor of that history goes on in the present one: a cursor of an older history steps back to where the
    next one began, one of a history that was lost begins again."""
    known = reader.connection.execute(NEWEST).all()
    if not known or known[0].epoch == epoch:
        return pos
    own = next((row.start_pos for row in known if row.epoch == epoch), None)
    if own is None:
        return 0
    return min(pos, *(int(row.start_pos) for row in known if row.start_pos > own))
