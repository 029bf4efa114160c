"""The beginning of a round (sync-protocol 6): what the centre has of every epoch a device names, and where the feeds
stand. After a fork: the newest link of the chain that both sides have.

A verdict `fork` whose seq and chain are the client's own head tells of a pure rewind: an older copy of its database is
running, with nothing to move. Any other fork: ask for the ancestor.
"""

import datetime as dt
import json
import uuid
from collections.abc import Iterator

import sqlalchemy as sa

from app.centre import Centre
from app.persian.text import clean
from app.sync.centre.bearer import make_bearer
from app.sync.centre.devices import DeniedError, KnownDevice, device_with, note_seen, scope_of
from app.sync.centre.epochs import current_epoch, feeds_anew
from app.sync.line import OK, Reply, Steps
from app.sync.owners import Feed
from app.sync.programs import program_of
from app.sync.wire import (
    MOST_SENT,
    Ancestor,
    AncestorAsked,
    Cursor,
    FeedHeadSaid,
    Hello,
    MalformedError,
    Progress,
    Verdict,
    Welcome,
    open_message,
    read_message,
    seal_message,
)
from db.feeds import BIB, POLICY, branch_feed, head
from db.frozen import Frozen
from db.journal import SCHEMA_VERSION
from db.models.sync import Device, FeedCursor, JournalEntry, Stream
from db.moments import from_ms, to_ms
from db.reading import Reader
from db.writing import Tx

ALLOWED, FORKED, REVOKED = "ok", "fork", "revoked"
OLDEST_SCHEMA = 1
MOST_EPOCHS, MOST_POINTS, MOST_FACTS = 200, 32, 40
STREAM = Frozen(
    sa.select(Stream.acked_seq, Stream.acked_chain, Stream.durable_through).where(
        Stream.device_id == sa.bindparam("device"), Stream.epoch == sa.bindparam("epoch")
    ),
    lambda seq, chain, durable: (seq, bytes(chain), durable),
)
LINK: Frozen[bytes] = Frozen(
    sa.select(JournalEntry.chain).where(
        JournalEntry.device_id == sa.bindparam("device"),
        JournalEntry.epoch == sa.bindparam("epoch"),
        JournalEntry.seq == sa.bindparam("seq"),
    ),
    bytes,
)
KEYS_OF_REVOKED = sa.select(Device.public_key).where(Device.revoked_at.is_not(None)).order_by(Device.id)


def hello_reply(centre: Centre, body: bytes, steps: Steps) -> Reply:
    """The answer to a hello. Raises MalformedError and DeniedError."""
    device = device_with(centre, read_message(body, Hello).device)
    hello = open_message(body, Hello, device.public_key)
    if device.revoked:
        return Reply(OK, seal_message(_welcome(centre, device, hello, revoked=True), centre.keys.signing))
    _look_whether_turned_back(centre, device, hello)
    with centre.store.write(scope=scope_of(centre, device.branch_id)) as tx:
        _note(tx, centre, device, hello)
        steps.reached("hello.before_commit")
    steps.reached("hello.after_commit")
    return Reply(OK, seal_message(_welcome(centre, device, hello), centre.keys.signing))


def ancestor_reply(centre: Centre, body: bytes) -> Reply:
    """The newest of the client's links that the centre has. Raises MalformedError and DeniedError."""
    device = device_with(centre, read_message(body, AncestorAsked).device)
    asked = open_message(body, AncestorAsked, device.public_key)
    if device.revoked:
        raise DeniedError("revoked")
    with centre.store.read(scope_of(centre, device.branch_id)) as reader:
        common = (
            point.seq
            for point in sorted(asked.points[:MOST_POINTS], key=lambda point: -point.seq)
            if reader.one(LINK, device=device.id, epoch=_number(asked.epoch), seq=_number(point.seq)) == point.chain
        )
        return Reply(OK, seal_message(Ancestor(asked.epoch, next(common, 0)), centre.keys.signing))


def _number(value: int) -> int:
    if not 0 <= value < 1 << 63:
        raise MalformedError("no such stream")
    return value


def _welcome(centre: Centre, device: KnownDevice, hello: Hello, *, revoked: bool = False) -> Welcome:
    stamp = centre.clock.read()
    with centre.store.read() as reader:
        feed_epoch = current_epoch(reader)
        keys = [bytes(key) for key in reader.connection.execute(KEYS_OF_REVOKED).scalars() if key]
    with centre.store.read(scope_of(centre, device.branch_id)) as reader:
        verdicts = [
            Verdict(said.epoch, REVOKED, 0, b"") if revoked else _verdict(reader, device.id, said)
            for said in hello.epochs[:MOST_EPOCHS]
        ]
        heads = [] if revoked else list(_heads(reader, device.branch_id))
    facts = device.facts or {}
    return Welcome(
        server_epoch=centre.epoch,
        at_ms=stamp.at_ms,
        verdicts=verdicts,
        feed_epoch=feed_epoch,
        heads=heads,
        schema_from=OLDEST_SCHEMA,
        schema_to=SCHEMA_VERSION,
        most_sent=MOST_SENT,
        bearer="" if revoked else make_bearer(centre.keys, device.id, device.branch_id, list(device.scopes), stamp.at),
        centre=centre.id.bytes,
        commands=[str(command) for command in facts.get("commands", ())],
        revoked=keys,
    )


def _verdict(reader: Reader, device_id: uuid.UUID, said: Progress) -> Verdict:
    known = reader.one(STREAM, device=device_id, epoch=_number(said.epoch))
    if known is None:
        return Verdict(said.epoch, ALLOWED, 0, b"")
    acked, chain, durable = known
    if acked < said.head or (acked == said.head and (chain == said.chain or not acked)):
        return Verdict(said.epoch, ALLOWED, acked, chain, durable)
    if acked > said.head > 0 and reader.one(LINK, device=device_id, epoch=said.epoch, seq=said.head) == said.chain:
        return Verdict(said.epoch, FORKED, said.head, said.chain, durable)
    return Verdict(said.epoch, FORKED, acked, chain, durable)


def _heads(reader: Reader, branch_id: uuid.UUID) -> Iterator[FeedHeadSaid]:
    for feed, name in ((Feed.BRANCH, branch_feed(branch_id)), (Feed.POLICY, POLICY), (Feed.BIB, BIB)):
        yield FeedHeadSaid(feed.value, head(reader, name))


def _look_whether_turned_back(centre: Centre, device: KnownDevice, hello: Hello) -> None:
    """Nobody has read further in a feed than it goes: else what comes next would never be read (sync-protocol 9)."""
    with centre.store.read(scope_of(centre, device.branch_id)) as reader:
        epoch = current_epoch(reader)
        heads = {said.feed: said.pos for said in _heads(reader, device.branch_id)}
    known = (cursor for cursor in hello.cursors[: len(Feed)] if cursor.epoch == epoch and cursor.feed in heads)
    if any(cursor.pos > heads[cursor.feed] or cursor.sub_pos > heads[Feed.BRANCH] for cursor in known):
        feeds_anew(centre, epoch)


def _note(tx: Tx, centre: Centre, device: KnownDevice, hello: Hello) -> None:
    """What the device says of itself: for the page of branches, and for whoever asks why nothing comes."""
    now = centre.now()
    said = {
        "skew_ms": max(-(1 << 62), min(hello.at_ms - to_ms(now), 1 << 62)),
        "waiting": max(0, min(hello.waiting, 1 << 62)),
        "app_version": clean(hello.app, 64),
        "schema_version": max(0, min(hello.schema, 1 << 30)),
        "facts": _facts(device, hello),
    }
    note_seen(tx, device.id, now, said | program_of(hello.app, hello.schema))
    for cursor in hello.cursors[: len(Feed)]:
        _keep_cursor(tx, device.id, cursor)


def _facts(device: KnownDevice, hello: Hello) -> dict[str, object]:
    """What it told, beside what the centre itself keeps there."""
    told = {name[:48]: value for name, value in list(hello.facts.items())[:MOST_FACTS] if _keepable(name, value)}
    if hello.oldest_ms is not None:
        told["oldest_at"] = _moment(hello.oldest_ms)
    kept = (device.facts or {}).get("commands")
    return told | ({"commands": kept} if kept else {})


def _keepable(name: str, value: object) -> bool:
    """Whether JSON can hold it, and PostgreSQL its text; not too long either."""
    try:
        written = json.dumps([name, value], allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return "\\u0000" not in written and len(written) <= MOST_FACTS * 200


def _moment(at_ms: int) -> str | None:
    try:
        return from_ms(at_ms).astimezone(dt.UTC).isoformat()
    except OverflowError:
        return None


def _keep_cursor(tx: Tx, device_id: uuid.UUID, cursor: Cursor) -> None:
    if cursor.feed not in set(Feed):
        return
    key = {"device_id": device_id, "feed": cursor.feed}
    told = {"feed_epoch": _number(cursor.epoch), "pos": _number(cursor.pos), "sub_pos": _number(cursor.sub_pos)}
    where = (FeedCursor.__table__.c[name] == value for name, value in key.items())
    if tx.connection.execute(sa.update(FeedCursor).where(*where).values(told)).rowcount == 0:
        tx.connection.execute(sa.insert(FeedCursor).values(key | told))
