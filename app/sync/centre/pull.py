"""Pages of the feeds (sync-protocol 9): rows after a cursor, in the order of their positions, in one view of the
database. A feed holds the newest version of each row; read from 0 it is everything."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from app.sync.centre.bearer import open_bearer
from app.sync.centre.devices import DeniedError, KnownDevice, device_with, scope_of
from app.sync.centre.epochs import current_epoch, stepped_back
from app.sync.line import OK, Reply
from app.sync.owners import LARGE, OF_BIB, OF_POLICY, Feed
from app.sync.rows import Cipher, feed_row
from app.sync.wire import FeedRow, MalformedError, Page, PullAsked, decode, encode, seal_message
from db.feeds import BIB, ENDED, POLICY, branch_feed, head
from db.models.base import Base
from db.models.schema import METADATA, synced_models
from db.models.sync import Subscription
from db.reading import Reader
from db.types import Id
from db.wire import entity

MOST_ROWS = 500
LEAST_BYTES, MOST_BYTES = 1 << 10, 1 << 20
A_SLICE = 50
"""Rows read at once."""


@dataclass(frozen=True, slots=True)
class Place:
    """One row of a feed: where it stands and what it is."""

    pos: int
    model: type[Base]
    row_id: uuid.UUID


@dataclass
class Filling:
    """A page that is being filled, up to `most` bytes before compression, one row at least."""

    most: int
    rows: list[FeedRow] = field(default_factory=list)
    used: int = 0
    full: bool = False

    def put(self, row: FeedRow) -> bool:
        """Whether the row still fitted."""
        size = len(encode(row))
        if self.rows and (self.used + size > self.most or len(self.rows) >= MOST_ROWS):
            self.full = True
            return False
        self.rows.append(row)
        self.used += size
        return True


def pull_reply(centre: Centre, body: bytes, bearer: str) -> Reply:
    """A page of a feed. Raises MalformedError and DeniedError."""
    asked = decode(body, PullAsked)
    if asked.feed not in set(Feed) or min(asked.after, asked.sub_after, asked.epoch, asked.have) < 0:
        raise MalformedError("no such feed")
    device = allowed(centre, bearer, asked.feed)
    if device.id.bytes != asked.device:
        raise DeniedError("bearer")
    return Reply(OK, seal_message(page_of(centre, device.branch_id, asked), centre.keys.signing))


def allowed(centre: Centre, bearer: str, feed: str) -> KnownDevice:
    """The device that may read this feed with this bearer. Raises DeniedError."""
    token = open_bearer(centre.keys, bearer, centre.now())
    if token is None:
        raise DeniedError("bearer")
    device = device_with(centre, token.device_id.bytes)
    if device.revoked:
        raise DeniedError("revoked")
    if not token.opens(feed) or device.branch_id != token.branch_id:
        raise DeniedError("scope")
    return device


def page_of(centre: Centre, branch_id: uuid.UUID, asked: PullAsked, *, whole: bool = False) -> Page:
    """The page itself: what a package for a branch holds too. `whole`: of shared records all, subscribed to or not."""
    with centre.store.read(scope_of(centre, branch_id)) as reader:
        epoch = current_epoch(reader)
        after = min(stepped_back(reader, asked.epoch, asked.after), 1 << 62)
        sub_after = min(stepped_back(reader, asked.epoch, asked.sub_after), 1 << 62)
        page = _Reading(reader, centre, branch_id, max(LEAST_BYTES, min(asked.most, MOST_BYTES)))
        feed = Feed(asked.feed)
        have = stepped_back(reader, asked.epoch, asked.have)
        subscribed = feed is Feed.BIB and not whole
        made = page.shared(after, sub_after, have) if subscribed else page.owned(feed, after)
    moved = asked.epoch not in (0, epoch) and (after, sub_after) != (asked.after, asked.sub_after)
    return Page(feed=asked.feed, epoch=epoch, reset=moved, reset_from=after if moved else 0, **made)


def read_rows(reader: Reader, places: Sequence[Place], cipher: Cipher) -> Iterator[FeedRow]:
    """These rows as feeds tell them, in this order. Read in slices; frozen papers are large and come one by one."""
    place = 0
    while place < len(places):
        size = 1 if places[place].model in LARGE else A_SLICE
        some = places[place : place + size]
        if size > 1:
            some = [*_until_large(some)]
        found = _rows_with(reader, some)
        for one in some:
            row = found.get((one.model, one.row_id))
            if row is not None:
                yield feed_row(one.model, row, cipher)
        place += len(some)


def _until_large(places: Sequence[Place]) -> Iterator[Place]:
    for one in places:
        if one.model in LARGE:
            return
        yield one


def _rows_with(reader: Reader, places: Sequence[Place]) -> dict[tuple[type[Base], uuid.UUID], Mapping[str, Any]]:
    found: dict[tuple[type[Base], uuid.UUID], Mapping[str, Any]] = {}
    for model in dict.fromkeys(one.model for one in places):
        table = METADATA.tables[model.__tablename__]
        wanted = sa.select(table).where(table.c.id.in_([one.row_id for one in places if one.model is model]))
        for row in reader.connection.execute(wanted).mappings():
            found[model, row["id"]] = dict(row)
    return found


SHARED: Mapping[str, type[Base]] = {model.__tablename__: model for model in OF_BIB}


class _Reading:
    """A feed as a branch reads it."""

    def __init__(self, reader: Reader, centre: Centre, branch_id: uuid.UUID, most: int) -> None:
        self.reader = reader
        self.centre = centre
        self.branch_id = branch_id
        self.filling = Filling(most)

    def owned(self, feed: Feed, after: int) -> dict[str, Any]:
        """The feed of the branch, or that of the rules, or the whole union: rows of one owner after a position."""
        if feed is Feed.BRANCH:
            models, owner, name = tuple(synced_models().values()), self.branch_id, branch_feed(self.branch_id)
        else:
            of_feed = (OF_BIB, BIB) if feed is Feed.BIB else (OF_POLICY, POLICY)
            (models, name), owner = of_feed, self.centre.id
        places = _places(self.reader, models, owner, after)
        last, read_all = self._fill(places)
        if read_all and len(places) < MOST_ROWS:
            return {"rows": self.filling.rows, "pos": max(head(self.reader, name), after)}
        return {"rows": self.filling.rows, "pos": last, "more": True}

    def _fill(self, places: Sequence[Place]) -> tuple[int, bool]:
        """Fill the page; the position of the last row that fitted, and whether all did."""
        last = 0
        for row in read_rows(self.reader, places, self.centre.cipher):
            if not self.filling.put(row):
                return last, False
            last = row.pos
        return last, True

    def shared(self, after: int, sub_after: int, have: int) -> dict[str, Any]:
        """Records of the union: first those of newer subscriptions, as far as the branch has them not in the version up
        to `have`, then subscribed ones that changed."""
        told = self._told(sub_after)
        heard = [Place(one.bpos, SHARED[one.entity], one.row_id) for one in told if one.reason != ENDED]
        last, read_all = self._fill_in_order(heard, have)
        if not read_all or len(told) == MOST_ROWS:
            reached = last if not read_all else told[-1].bpos
            ended = _ended(one for one in told if one.bpos <= reached)
            return {"rows": self.filling.rows, "pos": after, "sub_pos": reached, "more": True, "ended": ended}
        page: dict[str, Any] = {
            "sub_pos": told[-1].bpos if told else sub_after,
            "ended": _ended(told),
        }
        places = _subscribed(self.reader, self.branch_id, after)
        there = {one.row_id for one in heard}
        last, read_all = self._fill([place for place in places if place.row_id not in there])
        if read_all and len(places) < MOST_ROWS:
            return page | {"rows": self.filling.rows, "pos": max(head(self.reader, BIB), after)}
        return page | {"rows": self.filling.rows, "pos": last or after, "more": True}

    def _told(self, sub_after: int) -> Sequence[Any]:
        query = (
            sa.select(Subscription.bpos, Subscription.entity, Subscription.row_id, Subscription.reason)
            .where(
                Subscription.branch_id == self.branch_id,
                Subscription.bpos > sub_after,
                Subscription.entity.in_(sorted(SHARED)),
            )
            .order_by(Subscription.bpos)
            .limit(MOST_ROWS)
        )
        return self.reader.connection.execute(query).all()

    def _fill_in_order(self, places: Sequence[Place], have: int) -> tuple[int, bool]:
        """As `_fill`, by the positions of the subscriptions and not by those of the rows."""
        rows = read_rows(self.reader, places, self.centre.cipher)
        stands = {one.row_id.bytes: one.pos for one in places}
        last = 0
        for row in rows:
            if row.pos > have and not self.filling.put(row):
                return last, False
            last = stands[row.row]
        return last, True


def _ended(told: Iterable[Any]) -> list[list[Any]]:
    """Rows of subscriptions that are over: numbers of their tables, and ids."""
    return [[entity(SHARED[one.entity]).number, one.row_id.bytes] for one in told if one.reason == ENDED]


@cache
def _union(models: tuple[type[Base], ...]) -> sa.CompoundSelect[Any]:
    """Where rows of these tables stand, of each table the first of them."""
    parts = []
    for number, model in enumerate(models):
        table = METADATA.tables[model.__tablename__]
        part = (
            sa.select(table.c.bpos.label("pos"), sa.literal_column(str(number)).label("place"), table.c.id.label("id"))
            .where(
                table.c.branch_id == sa.bindparam("owner", type_=Id()),
                table.c.bpos > sa.bindparam("after", type_=sa.BigInteger()),
            )
            .order_by(table.c.bpos)
            .limit(MOST_ROWS)
        )
        parts.append(sa.select(part.subquery()))
    return sa.union_all(*parts)


def _places(reader: Reader, models: tuple[type[Base], ...], owner: uuid.UUID, after: int) -> list[Place]:
    """The next rows of one owner in these tables, in the order of their positions."""
    found = _union(models).subquery()
    query = sa.select(found).order_by(found.c.pos).limit(MOST_ROWS)
    rows = reader.connection.execute(query, {"owner": owner, "after": after})
    return [Place(row.pos, models[row.place], row.id) for row in rows]


def _subscribed(reader: Reader, branch_id: uuid.UUID, after: int) -> list[Place]:
    """The next shared rows that a branch hears of, in the order of their positions."""
    found: list[Place] = []
    for model in OF_BIB:
        table = METADATA.tables[model.__tablename__]
        heard = sa.and_(
            Subscription.branch_id == branch_id,
            Subscription.entity == model.__tablename__,
            Subscription.row_id == table.c.id,
            Subscription.reason != ENDED,
        )
        query = (
            sa.select(table.c.bpos, table.c.id)
            .join(Subscription, heard)
            .where(table.c.bpos > after)
            .order_by(table.c.bpos)
            .limit(MOST_ROWS)
        )
        found += [Place(pos, model, row_id) for pos, row_id in reader.connection.execute(query)]
    return sorted(found, key=lambda place: place.pos)[:MOST_ROWS]
