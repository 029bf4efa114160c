"""A device of a branch as the centre sees it: its journal as batches, whole or spoilt; and what both sides hold."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.centre import Centre
from app.library import Library
from app.sync.centre.api import answer
from app.sync.line import CONFLICT, OK, Call, Reply, Steps
from app.sync.wire import (
    Cursor,
    Header,
    Hello,
    JournalBytes,
    Page,
    Progress,
    PullAsked,
    Pushed,
    Welcome,
    encode,
    first_link,
    make_batch,
    open_message,
    seal_message,
)
from db.journal import DECODER, ENCODER, next_chain
from db.models.base import Base
from db.models.schema import METADATA, synced_models
from db.models.sync import Device, JournalEntry

SCOPES = ["push:branch", "pull:branch", "pull:policy", "pull:bib"]


@dataclass
class Sender:
    """A device, its key, and the stream it sends: `epoch` and `links` of what it has sent so far."""

    centre: Centre
    branch_id: uuid.UUID
    device_id: uuid.UUID
    epoch: int
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    sent: int = 0
    link: bytes = b""

    def __post_init__(self) -> None:
        self.link = self.link or first_link(self.epoch)

    def enrol(self) -> "Sender":
        """Let the centre know the device."""
        with self.centre.write() as tx:
            tx.connection.execute(
                sa.insert(Device).values(
                    id=self.device_id, branch_id=self.branch_id, state="active", scopes=SCOPES,
                    public_key=self.key.public_key().public_bytes_raw(), enrolled_at=self.centre.now(),
                )
            )  # fmt: skip
        return self

    def batch(self, entries: Sequence[JournalBytes], **header: Any) -> bytes:
        """These entries after what was sent, as bytes; parts of the header may be said otherwise."""
        link = self.link
        for entry in entries:
            link = next_chain(link, entry.body)
        told = Header(
            1, self.branch_id.bytes, self.device_id.bytes, self.epoch, self.sent + 1, self.sent + len(entries),
            self.link, link, 1, "1.0",
        )  # fmt: skip
        parts = {name: getattr(told, name) for name in told.__struct_fields__}
        return make_batch(Header(**(parts | header)), entries, self.key)

    def went(self, entries: Sequence[JournalBytes]) -> None:
        """Count these as sent."""
        for entry in entries:
            self.link = next_chain(self.link, entry.body)
        self.sent += len(entries)

    def call(self, call: Call, body: bytes, bearer: str = "", steps: Steps | None = None) -> Reply:
        """One call."""
        return answer(self.centre, call, body, bearer, steps)

    def push(self, entries: Sequence[JournalBytes], **header: Any) -> Pushed:
        """Send them; they must be taken."""
        reply = self.call(Call.PUSH, self.batch(entries, **header))
        assert reply.status == OK, reply
        self.went(entries)
        return self.opened(reply)

    def opened(self, reply: Reply) -> Pushed:
        """The answer to a batch, as the device reads it."""
        assert reply.status in (OK, CONFLICT), reply
        return open_message(reply.body, Pushed, self.centre.keys.public_key)

    def hello(self, *progress: Progress, cursors: Sequence[Cursor] = (), **said: Any) -> Welcome:
        """Begin a round."""
        told = Hello(self.device_id.bytes, 0, 1, "1.0", list(progress), list(cursors), **said)
        reply = self.call(Call.HELLO, seal_message(told, self.key))
        assert reply.status == OK, reply
        return open_message(reply.body, Welcome, self.centre.keys.public_key)

    def pull(self, feed: str = "branch", after: int = 0, epoch: int | None = None, **asked: Any) -> Page:
        """A page of a feed, in its present history."""
        welcome = self.hello()
        ask = PullAsked(self.device_id.bytes, feed, welcome.feed_epoch if epoch is None else epoch, after, **asked)
        reply = self.call(Call.PULL, encode(ask), welcome.bearer)
        assert reply.status == OK, reply
        return open_message(reply.body, Page, self.centre.keys.public_key)


def sender_of(centre: Centre, library: Library) -> Sender:
    """The device of a library, enrolled."""
    identity = library.store.identity
    assert identity is not None
    return Sender(centre, identity.branch_id, identity.device_id, identity.epoch).enrol()


def second_device(centre: Centre, library: Library) -> Sender:
    """Another machine of the same branch."""
    return Sender(centre, library.branch.id, uuid.uuid4(), 77).enrol()


def journal(library: Library, after: int = 0) -> list[JournalBytes]:
    """The entries of a library after this one, as they are stored."""
    query = sa.select(JournalEntry.body, JournalEntry.personal).where(JournalEntry.seq > after)
    with library.store.read() as reader:
        found = reader.connection.execute(query.order_by(JournalEntry.seq)).all()
    return [JournalBytes(bytes(body), None if personal is None else bytes(personal)) for body, personal in found]


def altered(entry: JournalBytes, **places: Any) -> JournalBytes:
    """An entry that says something else at some places of its body: seq, kind, at_ms, schema, changes …"""
    order = ("seq", "kind", "eid", "at_ms", "day", "clock", "staff", "desk", "schema", "intent", "changes", "undoes")
    body = DECODER.decode(entry.body)
    for name, value in places.items():
        body[order.index(name)] = value
    return replace(entry, body=ENCODER.encode(body))


def kept(centre: Centre, model: type[Base], **where: Any) -> list[Any]:
    """Rows at the centre."""
    table = METADATA.tables[model.__tablename__]
    query = sa.select(table).where(*(table.c[name] == value for name, value in where.items()))
    with centre.store.read() as reader:
        return list(reader.connection.execute(query))


def same_rows(library: Library, centre: Centre) -> int:
    """Every row of the branch stands at the centre with every column that travels, and no other. How many they are."""
    count = 0
    for model in synced_models().values():
        ours = _rows(library.store, model, library.branch.id)
        theirs = _rows(centre.store, model, library.branch.id)
        if model.__tablename__ == "member":
            for row in theirs.values():
                for name in ("national_id", "other_id"):
                    row[name] = row[name] and centre.cipher.decrypt(row[name])
        assert ours == theirs, model.__tablename__
        count += len(ours)
    return count


def _rows(store: Any, model: type[Base], branch_id: uuid.UUID) -> dict[uuid.UUID, dict[str, Any]]:
    table = METADATA.tables[model.__tablename__]
    columns = [c for c in table.columns if c.name not in ("rh", "bpos") and not c.info.keys() & {"derived", "secret"}]
    with store.read() as reader:
        found = reader.connection.execute(sa.select(*columns).where(table.c.branch_id == branch_id)).mappings()
        return {row["id"]: dict(row) for row in found}
