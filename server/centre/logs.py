"""The log of the centre: a line of JSON a request, without a name, a token, a query or an address of anybody.

`Watched` stands around the whole application and counts the same for the metrics.
"""

import datetime as dt
import logging
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.centre.metrics import Metrics

LOG = logging.getLogger("pishkhan.centre")
PAGES = "page"
"""The call of every page for people: their addresses may name somebody."""
UNANSWERED = 500


class JsonLines(logging.Formatter):
    """A line of JSON a record: its `facts`, else its message. Of an error its kind and place alone, since its words may
    hold the row of a reader."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {"at": dt.datetime.fromtimestamp(record.created, dt.UTC), "log": record.name}
        if record.levelno > logging.INFO:
            line["level"] = record.levelname.lower()
        line |= getattr(record, "facts", None) or {"message": record.getMessage()}
        if record.exc_info and record.exc_info[0] is not None:
            line |= {"error": record.exc_info[0].__name__, "where": _place(record.exc_info[2])}
        return msgspec.json.encode(line).decode()


def _place(trace: TracebackType | None) -> str:
    last = "-"
    while trace is not None:
        last = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        trace = trace.tb_next
    return last


def log_to_stdout() -> None:
    """Write the log, and what the server itself has to say, to standard output, whence the system's own log takes
    it."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonLines())
    for log in (LOG, logging.getLogger("uvicorn.error")):
        log.handlers[:] = [handler]
        log.propagate = False
    LOG.setLevel(logging.INFO)


def told(scope: Scope, **facts: Any) -> None:
    """What a handler knows of its request and the log may say: the call, the branch, the bytes."""
    scope.setdefault("state", {}).setdefault("told", {}).update(facts)


class Watched:
    """An application whose requests are logged and counted."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and tell of it when it is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, seen = time.perf_counter(), {"status": UNANSWERED, "out": 0}
        scope["state"] = {**scope.get("state", {}), "told": {}}

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
            else:
                seen["out"] += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            self._tell(scope, seen, time.perf_counter() - began)

    def _tell(self, scope: Scope, seen: dict[str, int], seconds: float) -> None:
        facts = {"call": PAGES, "in": 0} | scope["state"]["told"]
        self._metrics.answered(facts["call"], seen["status"], seconds, facts["in"])
        line = facts | {"method": scope["method"], **seen, "ms": round(seconds * 1000, 1)}
        LOG.info("request", extra={"facts": line})
