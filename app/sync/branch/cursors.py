"""How far this device has read each feed. A position is stored with the rows it stands for."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.sync.owners import Feed
from app.sync.wire import Cursor
from db.frozen import Frozen
from db.models.sync import FeedCursor
from db.reading import Reader
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a feed: of which history of the centre, after which row; of subscribed feeds also after which
    subscription."""

    epoch: int = 0
    pos: int = 0
    sub_pos: int = 0


AT = Frozen(
    sa.select(FeedCursor.feed_epoch, FeedCursor.pos, FeedCursor.sub_pos).where(
        FeedCursor.device_id == sa.bindparam("device"), FeedCursor.feed == sa.bindparam("of_feed")
    ),
    Position,
)
MOVE = (
    sa.update(FeedCursor)
    .where(FeedCursor.device_id == sa.bindparam("of_device"), FeedCursor.feed == sa.bindparam("of_feed"))
    .values(feed_epoch=sa.bindparam("epoch"), pos=sa.bindparam("to"), sub_pos=sa.bindparam("sub"))
)
BEGIN = sa.insert(FeedCursor).values(
    device_id=sa.bindparam("of_device"), feed=sa.bindparam("of_feed"), feed_epoch=sa.bindparam("epoch"),
    pos=sa.bindparam("to"), sub_pos=sa.bindparam("sub"),
)  # fmt: skip


def position(reader: Reader, device: uuid.UUID, feed: Feed) -> Position:
    """Where this device stands in a feed; at its beginning if it never read it."""
    return reader.one(AT, device=device, of_feed=feed.value) or Position()


def cursors(reader: Reader, device: uuid.UUID) -> list[Cursor]:
    """All of them, as hello tells them."""
    places = ((feed, position(reader, device, feed)) for feed in Feed)
    return [Cursor(feed.value, place.epoch, place.pos, place.sub_pos) for feed, place in places]


def move_to(tx: Tx, device: uuid.UUID, feed: Feed, place: Position) -> None:
    """Stand there from now on."""
    values = {
        "of_device": device, "of_feed": feed.value, "epoch": place.epoch, "to": place.pos, "sub": place.sub_pos,
    }  # fmt: skip
    if tx.execute(MOVE, **values).rowcount == 0:
        tx.execute(BEGIN, **values)
