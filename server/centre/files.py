"""Files of first fillings over HTTP, whole or a part of them (sync-protocol 10). Those for all may be a web server's
own files; a branch's are asked for here, since they need its bearer."""

import re
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.sync.centre.shelves import manifest_reply, segment_reply
from app.sync.line import BUSY, OK, Reply
from server.centre.api import Served, address_of, bearer_of, response_of
from server.centre.logs import told

PARTIAL, BEHIND = 206, 416
RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")
FOR_EVER = "private, max-age=31536000, immutable"


def file_routes(served: Served) -> list[Route]:
    """The routes of snapshots."""
    return [
        Route("/v1/snap/{feed}/manifest", _file(served, manifest_reply, "feed", "no-cache"), methods=["GET"]),
        Route("/v1/seg/{sha256}", _file(served, segment_reply, "sha256", FOR_EVER), methods=["GET"]),
    ]


def _file(
    served: Served, reply_of: Callable[..., Reply], key: str, kept: str
) -> Callable[[Request], Awaitable[Response]]:
    async def handle(request: Request) -> Response:
        told(request.scope, call=reply_of.__name__.removesuffix("_reply"))
        wait = served.gate.address_wait(address_of(request))
        if wait:
            return response_of(Reply(BUSY, retry_after=wait))
        name, bearer = request.path_params[key], bearer_of(request)
        reply = await served.done(reply_of, served.centre, served.snapshots, name, bearer)
        return response_of(reply) if reply.status != OK else part_of(reply, request.headers.get("range"), kept)

    return handle


def part_of(reply: Reply, wanted: str | None, kept: str) -> Response:
    """The part of a file that was asked for; all of it where nothing was that we understand (RFC 9110, 14.2)."""
    size, asked = len(reply.body), RANGE.fullmatch(wanted or "")
    response = response_of(reply)
    if asked is not None:
        first, last = int(asked[1]), min(int(asked[2] or size), size - 1)
        if first >= size or last < first:
            response = Response(status_code=BEHIND, headers={"Content-Range": f"bytes */{size}"})
        else:
            response = response_of(Reply(PARTIAL, reply.body[first : last + 1]))
            response.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    response.headers.update({"Accept-Ranges": "bytes", "Cache-Control": kept})
    return response
