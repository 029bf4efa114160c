"""The calls of branches over HTTP: what a body may weigh, who may ask how often, and the answers of
`app.sync.centre.api` as they come.

Nothing here knows what a call means. Whatever cannot be done now, and nothing of it was, is a 503 that says when to
come again (sync-protocol 5).
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from app.centre import Centre
from app.sync.centre.api import answer
from app.sync.code_tries import counted
from app.sync.line import AWAY, BAD, BUSY, DENIED, TOO_BIG, Call, Reply
from app.sync.wire import MOST_SENT, PullAsked, encode
from server.centre.limits import (
    AT_ONCE,
    MOST_BODY,
    MOST_SMALL,
    MOST_WAITING,
    Gate,
    body_seconds,
    claimed,
    is_large,
)
from server.centre.logs import told

BINARY = "application/octet-stream"
STALLED = 408
SOON, LATER = 2, 20
"""Seconds until the queue of this process will have become shorter; until a large body will have been answered."""
WORDS = frozenset({DENIED, AWAY, BUSY})
"""Statuses whose body is a word of ours for the log: why."""
BIG = 10**15
"""More than any position is."""


class TooBigError(Exception):
    """The body is longer than it may be."""


@dataclass(slots=True)
class Served:
    """What the calls share in this process. `after_push` is told of every push that was taken; `snapshots` is the
    folder of first fillings, if there are any."""

    centre: Centre
    gate: Gate = field(default_factory=Gate)
    after_push: Callable[[], None] = lambda: None
    snapshots: Path | None = None
    at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def work(self, call: Call, body: bytes, bearer: str) -> Reply:
        """Answer a call."""
        return await self.done(answer, self.centre, call, body, bearer)

    async def enrolled(self, body: bytes, address: str) -> Reply:
        """Answer an enrolment; whoever guesses codes waits, whichever process is asked."""
        return await self.done(counted, self.centre, body, address, lambda: answer(self.centre, Call.ENROL, body, ""))

    async def done(self, work: Callable[..., Reply], *facts: object) -> Reply:
        """Let a thread of the pool do it; refuse where too many wait already."""
        if self.gate.waiting >= MOST_WAITING:
            return Reply(AWAY, retry_after=SOON)
        self.gate.waiting += 1
        try:
            async with self.at_once:
                return await run_in_threadpool(work, *facts)
        finally:
            self.gate.waiting -= 1


def sync_routes(served: Served) -> list[Route]:
    """The routes of protocol 5."""
    posts = [
        Route(f"/v1/{call.value}", _post(served, call), methods=["POST"], name=f"sync.{call}")
        for call in Call
        if call is not Call.PULL
    ]
    return [*posts, Route("/v1/pull", _pull(served), methods=["GET"], name="sync.pull")]


def _post(served: Served, call: Call) -> Callable[[Request], Awaitable[Response]]:
    most = MOST_BODY if call is Call.PUSH else MOST_SMALL

    async def handle(request: Request) -> Response:
        told(request.scope, call=call.value)
        address = address_of(request)
        wait = served.gate.address_wait(address)
        if wait:
            return response_of(Reply(BUSY, retry_after=wait))
        return await _with_body(served, request, most, work)

    async def work(request: Request, body: bytes) -> Response:
        address = address_of(request)
        said = claimed(body)
        told(request.scope, branch=said.branch or None, device=said.device[:8] or None)
        wait = served.gate.device_wait(address, said.device)
        if wait:
            return response_of(Reply(BUSY, retry_after=wait))
        reply = await (served.enrolled(body, address) if call is Call.ENROL else served.work(call, body, ""))
        if call is Call.PUSH and reply.status < BAD:
            served.after_push()
        return _answered(request, reply)

    return handle


async def _with_body(
    served: Served, request: Request, most: int, work: Callable[[Request, bytes], Awaitable[Response]]
) -> Response:
    """Read the body and work on it. A large one has a place of its own before its first byte is read."""
    length = _length(request)
    if length > most:
        return response_of(Reply(TOO_BIG))
    with served.gate.room(large=length > MOST_SENT) as free:
        if not free:
            return response_of(Reply(AWAY, retry_after=LATER))
        body = await _read(request, min(most, max(length, MOST_SENT)))
        if isinstance(body, Response):
            return body
        with served.gate.room(large=length <= MOST_SENT and is_large(body)) as free_too:
            return await work(request, body) if free_too else response_of(Reply(AWAY, retry_after=LATER))


def _pull(served: Served) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        told(request.scope, call=Call.PULL.value)
        wait = served.gate.address_wait(address_of(request))
        if wait:
            return response_of(Reply(BUSY, retry_after=wait))
        asked = _asked(request)
        if asked is None:
            return response_of(Reply(BAD, b"query"))
        token = bearer_of(request)
        if not token:
            return response_of(Reply(DENIED, b"bearer"))
        told(request.scope, device=asked.device.hex()[:8])
        wait = served.gate.device_wait(address_of(request), asked.device.hex())
        if wait:
            return response_of(Reply(BUSY, retry_after=wait))
        return _answered(request, await served.work(Call.PULL, encode(asked), token))

    return handle


def bearer_of(request: Request) -> str:
    """The bearer a request brings; empty without one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _asked(request: Request) -> PullAsked | None:
    """The query of a pull as the message it stands for; None where it is none."""
    query = request.query_params
    try:
        device = bytes.fromhex(query.get("device", ""))
        numbers = [int(query.get(name, "0")) for name in ("epoch", "after", "sub_after", "bytes", "have")]
    except ValueError:
        return None
    epoch, after, sub_after, most, have = numbers
    if len(device) != 16 or not 0 <= epoch < 1 << 63 or not all(0 <= number < BIG for number in numbers[1:]):
        return None
    wanted = PullAsked(device, query.get("feed", "")[:96], epoch, after, sub_after)
    return PullAsked(device, wanted.feed, epoch, after, sub_after, min(most, MOST_SENT) or wanted.most, have)


async def _read(request: Request, most: int) -> bytes | Response:
    """The body, never more than `most` bytes of it, and not from somebody who sends a byte now and then."""
    try:
        async with asyncio.timeout(body_seconds(most)):
            body = await _collected(request, most)
    except TooBigError:
        return response_of(Reply(TOO_BIG))
    except (TimeoutError, ClientDisconnect):
        return Response(status_code=STALLED)
    told(request.scope, **{"in": len(body)})
    return body


def _length(request: Request) -> int:
    """How long the body says it is; 0 where it does not say, and then it may not be large."""
    length = request.headers.get("content-length", "")
    return int(length[:19]) if length.isdecimal() else 0


async def _collected(request: Request, most: int) -> bytes:
    body = bytearray()
    async with contextlib.aclosing(request.stream()) as parts:
        async for part in parts:
            body += part
            if len(body) > most:
                raise TooBigError
    return bytes(body)


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else ""


def _answered(request: Request, reply: Reply) -> Response:
    if reply.status in WORDS:
        told(request.scope, why=reply.body.decode("ascii", "replace"))
    return response_of(reply)


def response_of(reply: Reply) -> Response:
    """An answer as it goes out."""
    headers = {} if reply.retry_after is None else {"Retry-After": str(reply.retry_after)}
    return Response(reply.body, reply.status, headers, BINARY)
