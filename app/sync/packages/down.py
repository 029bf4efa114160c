"""Packages down: the feeds of the centre after the last known cursor, with the receipt of what it has (sync-protocol
19).

A page is the very answer a pull would get, signed by the centre, with the question it answers: the branch takes it only
where it stands there or further on.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from app.centre import Centre
from app.sync.centre.api import answer
from app.sync.centre.bearer import make_bearer
from app.sync.line import OK, Call
from app.sync.owners import Feed
from app.sync.packages.form import MOST_PARCELS, Head, Kind, make_package, name_of, sealing_key_of
from app.sync.packages.receipts import receipt_of
from app.sync.wire import Page, PullAsked, encode, open_message
from db.models.sync import Device, FeedCursor
from db.moments import to_ms
from db.trouble import Trouble

PAGE_BYTES = 256 << 10


class CarriedPage(msgspec.Struct, array_like=True, frozen=True):
    """A page of a feed, sealed by the centre, and where one must stand to take it."""

    feed: str
    epoch: int
    after: int
    sub_after: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A package for a branch. `more`: not everything fitted; the next one goes on once this one's cursors are known."""

    name: str
    raw: bytes
    rows: int
    more: bool


@dataclass(frozen=True, slots=True)
class _To:
    id: uuid.UUID
    branch_id: uuid.UUID
    public_key: bytes
    scopes: list[str]


def prepare_package(centre: Centre, branch_id: uuid.UUID) -> Prepared:
    """The package for the device of a branch that was heard of last.

    Raises Trouble P-2430 (nobody of this branch is enrolled), P-2429 (the database does not answer).
    """
    to = _device_of(centre, branch_id)
    pages, rows, more = _pages(centre, to)
    receipt, _ = receipt_of(centre, to.id).sealed(centre)
    last = [page for page, _ in pages if page.feed == Feed.BRANCH]
    span = (last[0].after, open_page(centre.keys.public_key, last[-1]).pos) if last else (0, 0)
    head = Head(
        Kind.DOWN, branch_id.bytes, to.id.bytes, pages[0][1].epoch if pages else 0, *span, sealing_key_of(to.public_key)
    )
    parcels = [receipt, *(encode(page) for page, _ in pages)]
    raw = make_package(head, to_ms(centre.now()), parcels, centre.keys.signing)
    return Prepared(name_of(head), raw, rows, more)


def open_page(public_key: bytes, carried: CarriedPage) -> Page:
    """The page that is carried. Raises MalformedError where it is not the word of the centre."""
    return open_message(carried.body, Page, public_key)


def _pages(centre: Centre, to: _To) -> tuple[list[tuple[CarriedPage, Page]], int, bool]:
    pages: list[tuple[CarriedPage, Page]] = []
    size = 0
    for carried, page in _pulled(centre, to):
        if size + len(carried.body) > MOST_PARCELS:
            return pages, sum(len(one.rows) for _, one in pages), True
        pages.append((carried, page))
        size += len(carried.body)
    return pages, sum(len(one.rows) for _, one in pages), False


def _pulled(centre: Centre, to: _To) -> Iterator[tuple[CarriedPage, Page]]:
    """Page after page of every feed, as the branch itself would pull them."""
    token = make_bearer(centre.keys, to.id, to.branch_id, to.scopes, centre.now())
    for feed in Feed:
        epoch, after, sub_after = _cursor(centre, to, feed)
        more = True
        while more:
            asked = PullAsked(to.id.bytes, feed.value, epoch, after, sub_after, PAGE_BYTES)
            reply = answer(centre, Call.PULL, encode(asked), token)
            if reply.status != OK:
                raise Trouble("P-2429", reason=reply.status)
            carried = CarriedPage(feed.value, epoch, after, sub_after, reply.body)
            page = open_page(centre.keys.public_key, carried)
            yield carried, page
            epoch, after, sub_after, more = page.epoch, page.pos, page.sub_pos, page.more


def _cursor(centre: Centre, to: _To, feed: Feed) -> tuple[int, int, int]:
    statement = sa.select(FeedCursor.feed_epoch, FeedCursor.pos, FeedCursor.sub_pos)
    with centre.store.read() as reader:
        row = reader.connection.execute(
            statement.where(FeedCursor.device_id == to.id, FeedCursor.feed == feed.value)
        ).one_or_none()
    return (0, 0, 0) if row is None else (row.feed_epoch, row.pos, row.sub_pos)


def _device_of(centre: Centre, branch_id: uuid.UUID) -> _To:
    statement = (
        sa.select(Device.id, Device.branch_id, Device.public_key, Device.scopes)
        .where(Device.branch_id == branch_id, Device.state == "active", Device.branch_id != centre.id)
        .order_by(Device.seen_at.desc().nulls_last())
    )
    with centre.store.read() as reader:
        row = reader.connection.execute(statement).first()
    if row is None:
        raise Trouble("P-2430")
    return _To(row.id, row.branch_id, bytes(row.public_key), list(row.scopes))
