"""`make shots`, second half: pictures of every page of the centre, with the demo centre behind them.

A process of its own serves the pages while the browser of this one looks at them; its clock stands still.
"""

import argparse
import contextlib
import datetime as dt
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import uvicorn

from app.centre import open_centre
from app.clock import SettableClock, SystemClock
from server.centre.asgi import make_app
from server.centre.cluster import throwaway
from server.centre.demo import prepare
from server.centre.web.shots import take_shots


def main(argv: list[str] | None = None) -> int:
    """Take what is asked for; all of it by default."""
    parser = argparse.ArgumentParser(prog="make shots")
    parser.add_argument("--out", type=Path, default=Path("out/shots"))
    parser.add_argument("--only", default="", help="part of a picture's name")
    parser.add_argument("--database", help="a centre that is there already")
    parser.add_argument("--keys", type=Path, help="the folder of its keys")
    parser.add_argument("--serve", metavar="MOMENT", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    if options.serve:
        serve_here(options.database, options.keys, dt.datetime.fromisoformat(options.serve))
        return 0
    with contextlib.ExitStack() as stack:
        url, keys = options.database, options.keys
        if url is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "demo"
            ready = prepare(stack.enter_context(throwaway()), folder, 0)
            url, keys = ready.database, folder / "keys"
        clock = SettableClock(SystemClock().read().at)
        centre = open_centre(url, keys, clock)
        stack.enter_context(centre.store)
        address = stack.enter_context(served(url, keys, clock.now))
        for path in take_shots(centre, address, options.out, options.only):
            sys.stderr.write(f"{path}\n")
    return 0


@contextlib.contextmanager
def served(url: str, keys: Path, now: dt.datetime) -> Iterator[str]:
    """A process that serves the centre; its address."""
    command = [sys.executable, "-m", "server.centre.pictures", "--serve", now.isoformat(), "--database", url]
    with subprocess.Popen([*command, "--keys", str(keys)], stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip() if process.stdout else ""
        finally:
            process.terminate()


def serve_here(url: str, keys: Path, now: dt.datetime) -> None:
    """Serve a centre on a free port, its clock standing still, and print the address. Ends with the process."""
    centre = open_centre(url, keys, SettableClock(now))
    config = uvicorn.Config(make_app(centre), log_config=None, access_log=False, lifespan="off", ws="none")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}\n")
        sys.stdout.flush()
        uvicorn.Server(config).run(sockets=[listening])


if __name__ == "__main__":
    sys.exit(main())
