"""A centre on paper: it answers as the protocol says, from lists in memory, and can be made to say anything else.

It stores no rows: what it feeds is put there by the test."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.library import Library
from app.sync.line import CONFLICT, OK, Call, LineLostError, Reply
from app.sync.wire import (
    Ancestor,
    AncestorAsked,
    Batch,
    FeedHeadSaid,
    FeedRow,
    Hello,
    Page,
    PullAsked,
    Pushed,
    Roots,
    Verdict,
    Welcome,
    decode,
    open_batch,
    open_message,
    seal_message,
)
from db.models.sync import Peer

CENTRE = uuid.UUID("0f0f0f0f-0000-7000-8000-000000000001")


@dataclass
class PaperCentre:
    """What it has: links by epoch, ids applied, rows by feed. `before` may answer in its place, or raise; `after` may
    swallow what it answered."""

    library: Library
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    signing: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    links: dict[int, list[bytes]] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    feeds: dict[str, list[FeedRow]] = field(default_factory=dict)
    hellos: list[Hello] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    says: dict[str, Any] = field(default_factory=dict)
    page_rows: int = 1000
    ended: list[list[Any]] = field(default_factory=list)
    digest: Callable[[Roots], Roots] = lambda asked: Roots(asked.device, asked.step)
    before: Callable[[Call, bytes], Reply | None] = lambda *_: None
    after: Callable[[Call, Reply], Reply] = lambda _, reply: reply
    ahead_ms: int = 0
    asked_at: list[str | None] = field(default_factory=list)

    def enrol(self) -> None:
        """Be the centre of the library."""
        with self.library.store.write() as tx:
            tx.connection.execute(
                sa.insert(Peer).values(
                    url="https://paper.example", centre_id=CENTRE, enrolled_at=self.library.clock.read().at,
                    public_key=self.signing.public_key().public_bytes_raw(),
                )
            )  # fmt: skip

    def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:
        """A call, as on a line."""
        self.calls.append(call)
        reply = self.before(call, body)
        if reply is None:
            reply = self._answer(call, body, bearer)
        return self.after(call, reply)

    def _answer(self, call: Call, body: bytes, bearer: str) -> Reply:
        if call is Call.HELLO:
            return self._said(self._welcome(self._heard(body, Hello)))
        if call is Call.ANCESTOR:
            asked = self._heard(body, AncestorAsked)
            have = self.links.get(asked.epoch, [])
            common = (
                point.seq for point in asked.points if point.seq <= len(have) and have[point.seq - 1] == point.chain
            )
            return self._said(Ancestor(asked.epoch, max(common, default=0)))
        if call is Call.PUSH:
            return self._take(body)
        if call is Call.PULL:
            assert bearer == "token"
            return self._said(self._page(decode(body, PullAsked)))
        return self._said(self.digest(self._heard(body, Roots)))

    def _heard(self, body: bytes, kind: type[Any]) -> Any:
        return open_message(body, kind, self.key.public_key().public_bytes_raw())

    def _said(self, message: msgspec.Struct, status: int = OK) -> Reply:
        return Reply(status, seal_message(message, self.signing))

    def _welcome(self, hello: Hello) -> Welcome:
        self.hellos.append(hello)
        heads = [FeedHeadSaid(feed, rows[-1].pos if rows else 0) for feed, rows in self.feeds.items()]
        welcome = Welcome(
            server_epoch=7, at_ms=hello.at_ms + self.ahead_ms, verdicts=[self._verdict(one) for one in hello.epochs],
            feed_epoch=9, heads=heads, schema_from=1, schema_to=1, most_sent=1 << 20, bearer="token",
            centre=CENTRE.bytes,
        )  # fmt: skip
        return msgspec.structs.replace(welcome, **self.says)

    def _verdict(self, said: Any) -> Verdict:
        have = self.links.get(said.epoch, [])
        at_head = have[said.head - 1] if 0 < said.head <= len(have) else None
        if len(have) <= said.head and (not have or len(have) < said.head or have[-1] == said.chain):
            return Verdict(said.epoch, "ok", len(have), have[-1] if have else b"")
        if at_head is not None and at_head == said.chain and len(have) > said.head:
            return Verdict(said.epoch, "fork", said.head, said.chain)
        return Verdict(said.epoch, "fork", len(have), have[-1])

    def _take(self, body: bytes) -> Reply:
        batch = open_batch(body, self.key.public_key().public_bytes_raw())
        header = batch.header
        have = self.links.setdefault(header.epoch, [])
        self.sizes.append(len(body))
        if header.first > len(have) + 1:
            return self._pushed(have, CONFLICT, "gap")
        for seq, link in enumerate(batch.chains, header.first):
            if seq <= len(have):
                if have[seq - 1] != link:
                    return self._pushed(have, CONFLICT, "fork")
            else:
                have.append(link)
        self.batches.append(batch)
        return self._pushed(have, OK)

    def _pushed(self, have: list[bytes], status: int, error: str = "") -> Reply:
        return self._said(Pushed(len(have), have[-1] if have else b"", error=error, server_epoch=7), status)

    def _page(self, asked: PullAsked) -> Page:
        rows = self.feeds.get(asked.feed, [])
        after = asked.after if asked.epoch == 9 else 0
        following = [row for row in rows if row.pos > after]
        given = following[: self.page_rows]
        more = len(following) > len(given)
        pos = given[-1].pos if given else after
        ended = self.ended if asked.feed == "bib" and not more else []
        return Page(asked.feed, 9, given, pos, more=more, reset=asked.epoch not in (0, 9), ended=ended)


def lost(call: Call) -> Callable[[Call, Reply], Reply]:
    """The next answer to such a call does not arrive."""
    left = [call]

    def swallow(of: Call, reply: Reply) -> Reply:
        if of in left:
            left.remove(of)
            raise LineLostError
        return reply

    return swallow
