"""Positions in the feeds of the centre (sync-protocol 9): a number of the feed's own head, taken under the lock of its
row as the last step of the transaction, so that no reader's cursor ever passes what has not been committed.

A row has one position, that of its newest version. Rows of the centre that go to every branch stand in the feeds
`policy` and `bib`; every other row stands in the feed of the branch whose id it bears.
"""

import uuid
from collections.abc import Iterable, Sequence
from functools import cache

import sqlalchemy as sa

from db.frozen import Frozen
from db.models.base import Base
from db.models.centre import Redirect, UnionTitle
from db.models.library import CalendarDay, GuidelineVersion, LicensedLibrary, Policy, PolicyRow
from db.models.schema import METADATA
from db.models.sync import FeedEpoch, FeedHead, Subscription
from db.reading import Reader
from db.writing import Tx

POLICY, BIB = "policy", "bib"
OF_POLICY: tuple[type[Base], ...] = (Policy, PolicyRow, CalendarDay, GuidelineVersion, LicensedLibrary)
"""Tables whose rows of the centre go to every branch."""
OF_BIB: tuple[type[Base], ...] = (UnionTitle, Redirect)
"""Tables whose rows of the centre go to the branches that subscribed to the row."""
ENDED = "ended"
"""The reason of a subscription that is over: it stays, so that its end is told."""
START = sa.select(sa.func.coalesce(sa.func.max(FeedEpoch.start_pos), 0)).scalar_subquery()
HEAD: Frozen[int] = Frozen(sa.select(FeedHead.pos).where(FeedHead.feed == sa.bindparam("feed")), int)
START_POS: Frozen[int] = Frozen(sa.select(START), int)
TAKE: Frozen[int] = Frozen(
    sa.text(
        "INSERT INTO feed_head (feed, pos) "
        "VALUES (:feed, :count + (SELECT coalesce(max(start_pos), 0) FROM feed_epoch)) "
        "ON CONFLICT (feed) DO UPDATE SET pos = feed_head.pos + :count RETURNING pos"
    ).bindparams(sa.bindparam("feed", type_=sa.String()), sa.bindparam("count", type_=sa.BigInteger())),
    int,
)


def branch_feed(branch_id: uuid.UUID) -> str:
    """The name of a branch's own feed among the heads."""
    return f"branch:{branch_id.hex}"


def feed_of(model: type[Base], branch_id: uuid.UUID, centre_id: uuid.UUID) -> str | None:
    """In which feed a row stands; None for what the centre keeps for itself."""
    if branch_id != centre_id:
        return branch_feed(branch_id)
    if model in OF_POLICY:
        return POLICY
    return BIB if model in OF_BIB else None


def head(reader: Reader, feed: str) -> int:
    """The last position given out in a feed."""
    found = reader.one(HEAD, feed=feed)
    return (reader.one(START_POS) or 0) if found is None else found


def take_positions(tx: Tx, feed: str, count: int) -> int:
    """The first of `count` new positions of a feed. Whoever takes some holds the head until the end of the
    transaction."""
    last = tx.one(TAKE, feed=feed, count=count)
    if last is None:
        raise RuntimeError(f"no head of {feed}")
    return last - count + 1


def give_positions(tx: Tx, feed: str, rows: Sequence[tuple[type[Base], uuid.UUID]]) -> int:
    """Give new positions to changed rows, in this order. Returns the first; 0 where there is nothing to do."""
    if not rows:
        return 0
    first = take_positions(tx, feed, len(rows))
    for place, (model, row_id) in enumerate(rows):
        tx.execute(_set_position(model), row_id=row_id, pos=first + place)
    return first


@cache
def _set_position(model: type[Base]) -> sa.Update:
    table = METADATA.tables[model.__tablename__]
    return sa.update(table).where(table.c.id == sa.bindparam("row_id")).values(bpos=sa.bindparam("pos"))


def publish(tx: Tx, centre_id: uuid.UUID) -> None:
    """Give positions to every row that this transaction of the centre changed: its last step."""
    feeds: dict[str, list[tuple[type[Base], uuid.UUID]]] = {}
    for model, row_ids in _by_model(tx.touched).items():
        table = METADATA.tables[model.__tablename__]
        query = sa.select(table.c.id, table.c.branch_id).where(table.c.id.in_(row_ids))
        owners = dict(tx.connection.execute(query).all())
        for row_id in row_ids:
            feed = feed_of(model, owners[row_id], centre_id)
            if feed is not None:
                feeds.setdefault(feed, []).append((model, row_id))
    for feed in sorted(feeds):  # a fixed order: two transactions never wait for each other in a ring
        give_positions(tx, feed, feeds[feed])


def _by_model(touched: Iterable[tuple[type[Base], uuid.UUID]]) -> dict[type[Base], list[uuid.UUID]]:
    """Rows by table, tables that others refer to first."""
    place = {table.name: number for number, table in enumerate(METADATA.sorted_tables)}
    found: dict[type[Base], list[uuid.UUID]] = {}
    for model, row_id in touched:
        found.setdefault(model, []).append(row_id)
    return dict(sorted(found.items(), key=lambda pair: place[pair[0].__tablename__]))


def subscribe(tx: Tx, branch_id: uuid.UUID, model: type[Base], row_ids: Iterable[uuid.UUID], reason: str) -> None:
    """Let a branch hear of shared rows (the feed `bib`) from now on; one that it hears of already is not sent again."""
    heard = _subscribed(tx, branch_id, model)
    unheard = [row_id for row_id in row_ids if heard.get(row_id) in (None, ENDED)]
    _subscribe(tx, branch_id, model, unheard, reason, heard)


def unsubscribe(tx: Tx, branch_id: uuid.UUID, model: type[Base], row_ids: Iterable[uuid.UUID]) -> None:
    """Let a branch hear of shared rows no more; it is told that they ended."""
    heard = _subscribed(tx, branch_id, model)
    gone = [row_id for row_id in row_ids if heard.get(row_id) not in (None, ENDED)]
    _subscribe(tx, branch_id, model, gone, ENDED, heard)


def _subscribed(tx: Tx, branch_id: uuid.UUID, model: type[Base]) -> dict[uuid.UUID, str]:
    query = sa.select(Subscription.row_id, Subscription.reason).where(
        Subscription.branch_id == branch_id, Subscription.entity == model.__tablename__
    )
    return dict(tx.connection.execute(query).all())


def _subscribe(
    tx: Tx,
    branch_id: uuid.UUID,
    model: type[Base],
    row_ids: Sequence[uuid.UUID],
    reason: str,
    known: dict[uuid.UUID, str],
) -> None:
    if not row_ids:
        return
    first = take_positions(tx, branch_feed(branch_id), len(row_ids))
    for place, row_id in enumerate(row_ids):
        key = {"branch_id": branch_id, "entity": model.__tablename__, "row_id": row_id}
        told = {"reason": reason, "bpos": first + place}
        if row_id in known:
            where = (Subscription.__table__.c[name] == value for name, value in key.items())
            tx.connection.execute(sa.update(Subscription).where(*where).values(told))
        else:
            tx.connection.execute(sa.insert(Subscription).values(key | told))


def open_feeds_anew(tx: Tx, epoch: int, system_identifier: str | None, timeline_id: int | None) -> int:
    """Begin a new history of the feeds: every position from now on lies above every one that is known here.

    Returns where it starts. A cursor of the history before steps back to it (sync-protocol 9).
    """
    highest = sa.select(sa.func.coalesce(sa.func.max(FeedHead.pos), 0))
    known = tx.connection.execute(sa.select(sa.func.count()).select_from(FeedEpoch)).scalar_one()
    start = 1 + max(tx.connection.execute(highest).scalar_one(), tx.one(START_POS) or 0) if known else 0
    if known:
        tx.connection.execute(sa.update(FeedHead).values(pos=start))
    tx.connection.execute(
        sa.insert(FeedEpoch).values(
            epoch=epoch, start_pos=start, system_identifier=system_identifier, timeline_id=timeline_id
        )
    )
    return start
