"""Upgrades that are killed before a statement, each in a forked process of its own, as a power cut would.

    python -m tests.db.killed_upgrade WORK_FOLDER START_FILE|- SCRIPTS REVISION… [every N]

Prints a line of JSON for each kill: how the process ended, and a digest of what then stands in the file. The last line
is the upgrade that was let through.
"""

import contextlib
import hashlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import alembic.command  # loaded before the forks
import sqlalchemy as sa

from db import migrate
from db.connect import open_file
from db.models.schema import METADATA  # this too

KEY = bytes(range(32))
KILLED = 9
_ = alembic.command, METADATA


def shape(path: Path) -> str:
    """A digest of all that a file holds: schema, versions and rows."""
    digest = hashlib.blake2b(digest_size=8)
    with contextlib.closing(open_file(path, KEY)) as connection:
        schema = connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY type, name").fetchall()
        digest.update(repr([schema, connection.execute("PRAGMA user_version").fetchone()]).encode())
        for kind, name, _ in schema:
            if kind == "table":
                digest.update(repr(sorted(map(repr, connection.execute(f'SELECT * FROM "{name}"')))).encode())
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
    return digest.hexdigest()


def upgrade(path: Path, kill_at: int) -> None:
    """Upgrade and die before statement `kill_at`; end with 0 if it came to the end."""
    seen = 0

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal seen
        if "pragma main." in statement.lower() or "pragma temp." in statement.lower():
            return  # Alembic looking around
        if seen == kill_at:
            os._exit(KILLED)
        seen += 1

    sa.event.listen(sa.Engine, "before_cursor_execute", count)
    migrate.upgrade_file(path, KEY)
    os._exit(0)


def run_killed(path: Path, kill_at: int) -> int:
    """The exit code of a fork that upgrades."""
    child = os.fork()
    if child == 0:
        try:
            upgrade(path, kill_at)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(work: str, start: str, scripts: str, *rest: str) -> None:
    """Kill before statement 0, N, 2N … until one upgrade comes through."""
    step = int(rest[-1]) if rest[-2:-1] == ("every",) else 1
    revisions = rest[:-2] if rest[-2:-1] == ("every",) else rest
    for name, value in (("SCRIPTS", Path(scripts)), ("REVISIONS", revisions), ("HEAD", revisions[-1])):
        setattr(migrate, name, value)
    kill_at, code = 0, KILLED
    while code == KILLED:
        folder = Path(work) / str(kill_at)
        folder.mkdir()
        path = folder / "library.db"
        if start != "-":
            shutil.copy(start, path)
        code = run_killed(path, kill_at)
        copies = sorted(copy.name for copy in folder.glob("before-upgrade-*.db"))
        told = {"kill_at": kill_at, "code": code, "shape": shape(path), "copies": copies}
        told |= {"copy": shape(folder / copies[0])} if copies else {}
        print(json.dumps(told), flush=True)
        kill_at += step


if __name__ == "__main__":
    main(*sys.argv[1:])
