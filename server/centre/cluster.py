"""A PostgreSQL of our own for `make serve` and for tests: thrown away afterwards, heard on a socket in its folder only.

The settings are those of a real one (fsync on): `db.connect` refuses any other. Started by root, it runs as `postgres`
or `nobody`, since PostgreSQL refuses to run as root.
"""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from db.trouble import Trouble

BINARIES = Path("/usr/lib/postgresql")
START_SECONDS = 30
OWNER = "postgres"
MEMORY, ROOM = Path("/dev/shm"), 2 << 30  # noqa: S108 - our own folder in it, made by mkdtemp
INITDB = ("-U", OWNER, "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")


@dataclass(slots=True)
class Cluster:
    """A PostgreSQL server: its data in `folder`/data, its socket and log beside them."""

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    def url(self, database: str) -> str:
        """The address of a database, as `db.opening` takes it."""
        return f"postgresql://{OWNER}@/{database}?host={self.folder}"

    def connect(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """A plain connection, for what is done behind the program's back."""
        return psycopg.connect(host=str(self.folder), user=OWNER, dbname=database, autocommit=True)

    def make_database(self, name: str, options: str = "") -> str:
        """Make a database; its address. `name` and `options` are our own words."""
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} {options}".encode())
        return self.url(name)

    def run(self, name: str, *arguments: str) -> None:
        """Run one of PostgreSQL's own programs as the user the server runs as."""
        log = self.folder / "programs.log"
        with log.open("ab") as output:
            subprocess.run(
                [str(program(name)), *arguments],
                check=True, user=_other_user(), cwd=self.folder, stdout=output, stderr=output,
            )  # fmt: skip

    def start(self) -> "Cluster":
        """Start the server and wait until it answers. Raises Trouble P-2408 when it does not."""
        options = {"listen_addresses": "", "unix_socket_directories": str(self.folder), "shared_buffers": "32MB"}
        given = [f"--{name}={value}" for name, value in (options | dict(self.settings)).items()]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [str(program("postgres")), "-D", str(self.data), *given],
                user=_other_user(), cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        for _ in range(START_SECONDS * 20):
            with contextlib.suppress(psycopg.OperationalError):
                self.connect().close()
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise Trouble("P-2408", path=self.folder / "log")

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """Stop the server: at once (SIGQUIT: nothing of it is kept), in order (SIGINT), or as a power cut would
        (SIGKILL)."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait()
            self.process = None


def has_binaries() -> bool:
    """Whether a PostgreSQL server is installed here."""
    return _binaries() is not None


def own_folder(prefix: str) -> Path:
    """A fresh folder that the server may write to; in memory where there is room, since making a database writes
    hundreds of files."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=MEMORY if roomy else None))
    give(folder)
    return folder


def give(path: Path) -> None:
    """Let the user the server runs as own a file or folder."""
    user = _other_user()
    if user is not None:
        os.chown(path, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)


def new_cluster(folder: Path, settings: Mapping[str, str] | None = None) -> Cluster:
    """A started server with fresh data in `folder`. Raises Trouble P-2407 where PostgreSQL is not installed."""
    made = Cluster(folder, settings or {})
    made.run("initdb", "-D", str(made.data), *INITDB)
    return made.start()


@contextlib.contextmanager
def throwaway(prefix: str = "pishkhan-postgres-") -> Iterator[Cluster]:
    """A server that is gone with everything in it when the block ends."""
    folder = own_folder(prefix)
    try:
        made = new_cluster(folder)
        try:
            yield made
        finally:
            made.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path | None:
    """The folder of the newest server binaries."""
    found = sorted(BINARIES.glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def program(name: str) -> Path:
    """One of PostgreSQL's own programs. Raises Trouble P-2407 where it is not installed."""
    binaries = _binaries()
    if binaries is None:
        raise Trouble("P-2407")
    return binaries / name


def _other_user() -> str | None:
    """Whom to run as when we are root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in (OWNER, "nobody") if name in known), None)
