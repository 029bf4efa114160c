"""One process of the centre: the application over an open database, behind nginx or by itself.

Several of them are started side by side, one a port, never as workers of one (44 ms a request instead of 6: anchors
4.3). Each has two stores: one for what is asked, one for what it does by itself.
"""

import json
import signal
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from app.centre import Centre, open_centre
from app.clock import SystemClock
from app.conflicts.projecting import project
from app.sync.centre.replaying import begin
from app.sync.enrolling import keep_certificates
from app.sync.packages.taking import push_held
from app.union.matching import adopt_new
from app.version import VERSION
from db.migrate import HEAD
from db.trouble import Trouble
from server.centre.asgi import make_app
from server.centre.background import Background, Rule
from server.centre.logs import log_to_stdout

KEEP_ALIVE, GRACE = 75, 20
"""Seconds: an idle connection is kept for the next call of a slow line; a stop waits for answers under way."""
WAITING_CONNECTIONS = 2048
TITLES_A_LOOK = 500


def adopt(centre: Centre) -> int:
    """Take titles into the union catalogue, not too many at a time."""
    return adopt_new(centre, TITLES_A_LOOK)


RULES: tuple[Rule, ...] = (project, adopt, push_held)


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a process is heard, with which certificate (PEM files; none: behind a proxy of this machine), the names its
    pages answer to (none: all), the token that lets another machine read the counts (none: only this one does), and the
    folder of first fillings."""

    host: str = "127.0.0.1"
    port: int = 8301
    certificate: Path | None = None
    key: Path | None = None
    names: tuple[str, ...] = ()
    token: str = ""
    snapshots: Path | None = None

    @property
    def scheme(self) -> str:
        """How it is spoken to."""
        return "http" if self.certificate is None else "https"


class Server(uvicorn.Server):
    """Says in one line of JSON that it is ready, and where."""

    def __init__(self, config: uvicorn.Config, listening: Listening, centre: Centre) -> None:
        super().__init__(config)
        self._listening = listening
        self._centre = centre

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then tell it."""
        await super().startup(sockets)
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        line = {
            "event": "started",
            "address": f"{self._listening.scheme}://{shown}:{port}",
            "version": VERSION,
            "schema": HEAD,
            "centre": str(self._centre.id),
            "key": self._centre.keys.public_key.hex(),
        }
        print(json.dumps(line), flush=True)


@contextmanager
def opened_app(
    url: str, keys: Path, names: tuple[str, ...] = (), token: str = "", snapshots: Path | None = None
) -> Iterator[tuple[Centre, Starlette]]:
    """The centre of this database and its application, with the work it does by itself. Raises what `open_centre`
    raises."""
    with ExitStack() as stack:
        centre, own = (_begun(url, keys, stack) for _ in range(2))
        yield centre, make_app(centre, work=Background(own, RULES), hosts=names, token=token, snapshots=snapshots)


def _begun(url: str, keys: Path, stack: ExitStack) -> Centre:
    """Before the first answer or page: whether the database was restored, since a stream that was closed by that is not
    to be written to."""
    centre = open_centre(url, keys, SystemClock())
    stack.callback(centre.store.close)
    begin(centre)
    return centre


def serve(url: str, keys: Path, listening: Listening) -> None:
    """Answer until SIGTERM or SIGINT, then let what is under way finish.

    Raises what `open_centre` raises, P-2409 (the port is taken or forbidden), P-2410 (certificate).
    """
    _refuse_taken(listening)
    with opened_app(url, keys, listening.names, listening.token, listening.snapshots) as (centre, app):
        config = uvicorn.Config(
            app, host=listening.host, port=listening.port, log_config=None, access_log=False, server_header=False,
            lifespan="on", ws="none", timeout_keep_alive=KEEP_ALIVE, timeout_graceful_shutdown=GRACE,
            backlog=WAITING_CONNECTIONS, ssl_certfile=listening.certificate, ssl_keyfile=listening.key,
        )  # fmt: skip
        _only_modern(config, listening)
        if listening.certificate is not None:
            keep_certificates(centre, listening.certificate.read_text())
        log_to_stdout()
        # uvicorn stops in order at either signal and then raises it anew: the stores are still to be closed.
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, lambda *_: None)
        Server(config, listening, centre).run()


def _refuse_taken(listening: Listening) -> None:
    """Told before the database is touched, and as a trouble: uvicorn would end the process."""
    family = socket.AF_INET6 if ":" in listening.host else socket.AF_INET
    try:
        with socket.create_server((listening.host, listening.port), family=family):
            return
    except OSError as error:
        raise Trouble("P-2409", port=f"{listening.host}:{listening.port}", reason=error.strerror) from error


def _only_modern(config: uvicorn.Config, listening: Listening) -> None:
    """TLS 1.3 and nothing older."""
    try:
        config.load()
    except (OSError, ssl.SSLError) as error:
        raise Trouble("P-2410", path=listening.certificate) from error
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_3
