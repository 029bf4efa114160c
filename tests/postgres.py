"""A real PostgreSQL for tests: one throwaway cluster a test run, a fresh database a test.

The cluster runs with the settings of a real one (fsync on): `db.connect` refuses any other. It is heard on a socket in
its own folder only. Started by root, it runs as `postgres` or `nobody`, since PostgreSQL refuses to run as root.
"""

import atexit
import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
import pytest

BINARIES = Path("/usr/lib/postgresql")
START_SECONDS = 30
MEMORY, ROOM = Path("/dev/shm"), 2 << 30


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running PostgreSQL server."""

    folder: Path
    process: "subprocess.Popen[bytes]"

    def url(self, database: str) -> str:
        """The address of a database, as `open_server_library` takes it."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """A plain connection, for arranging and spoiling things behind the program's back."""
        return psycopg.connect(host=str(self.folder), user="postgres", dbname=database, autocommit=True)

    @contextlib.contextmanager
    def database(self, options: str = "") -> Iterator[str]:
        """The address of a fresh, empty database that is dropped afterwards."""
        name = f"t{uuid.uuid4().hex}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} {options}".encode())
            try:
                yield self.url(name)
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def _binaries() -> Path | None:
    """The folder of the newest server binaries."""
    found = sorted(BINARIES.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _other_user() -> str | None:
    """Whom to run as when we are root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), None)


def _roomy_memory() -> Path | None:
    """A folder in memory if there is one with room: PostgreSQL makes and drops hundreds of files a test."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        return MEMORY
    return None


@cache
def cluster() -> Cluster:
    """The cluster of this test run, started when first asked for. Skips where no binaries are installed."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server binaries (initdb) on this machine")
    folder = Path(tempfile.mkdtemp(prefix="pishkhan-postgres-", dir=_roomy_memory()))
    user = _other_user()
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    data = folder / "data"
    make = [
        str(binaries / "initdb"),
        "-D",
        str(data),
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-locale",
        "--no-sync",
    ]
    subprocess.run(make, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)
    options = {"listen_addresses": "", "unix_socket_directories": folder, "shared_buffers": "32MB"}
    serve = [str(binaries / "postgres"), "-D", str(data), *(f"--{name}={value}" for name, value in options.items())]
    log = (folder / "log").open("wb")
    process = subprocess.Popen(serve, user=user, cwd=folder, stdout=log, stderr=log)
    log.close()
    started = Cluster(folder, process)
    atexit.register(_stop, started)
    _wait_for(started)
    return started


def _wait_for(started: Cluster) -> None:
    for _ in range(START_SECONDS * 20):
        with contextlib.suppress(psycopg.OperationalError):
            started.connect().close()
            return
        if started.process.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError((started.folder / "log").read_text(errors="replace"))


def _stop(started: Cluster) -> None:
    started.process.send_signal(signal.SIGQUIT)  # immediately: nothing of it is kept
    started.process.wait()
    shutil.rmtree(started.folder, ignore_errors=True)


@pytest.fixture
def server_url() -> Iterator[str]:
    """The address of a fresh, empty PostgreSQL database. Import it into a conftest to use it."""
    with cluster().database() as url:
        yield url
