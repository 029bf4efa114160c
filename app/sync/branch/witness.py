"""The high-water file outside the database: how far it was when it was last seen (sync-protocol 3.5, 16).

A bookkeeping that lives only inside the database is turned back together with it. Whoever opens an older copy, or one
that ran elsewhere meanwhile, goes on in a new epoch, and with numbers above those the file has seen.
"""

import contextlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec
import sqlalchemy as sa
from platformdirs import user_state_path

from app.library import PASSED_OVER, Library
from app.settings import Setting
from app.sync.branch.contact import recall_contact
from app.sync.branch.epochs import Reopened, open_epoch
from app.sync.branch.machine import machine_mark
from app.sync.branch.numbers import series
from app.sync.branch.streams import link_at
from db.files import safe_write
from db.models.sync import JournalEntry, Stream
from db.reading import Reader
from db.trouble import Trouble
from db.writing import Identity

FOLDER = "PISHKHAN_STATE"
"""Names the folder of these files where the usual one does not fit (several users of one computer, tests)."""
MACHINE: Setting[str] = Setting("machine", "", scope="sync")
LONGEST_FILE = 1 << 20


class HighWater(msgspec.Struct, frozen=True):
    """What is kept: where the open epoch stood, and the last number of every series."""

    device: str
    epoch: int
    seq: int
    chain: str
    numbers: dict[str, int] = {}


def begin_session(
    library: Library, folder: Path | None = None, random: Callable[[int], int] = secrets.randbits
) -> Reopened | None:
    """To be called when a library has been opened: whether it is an older copy or runs on another machine than before,
    and then a new epoch is open. Raises Trouble for what the database says."""
    recall_contact(library)
    seen = _read(_path(library, folder))
    reason = _looked_back(library, seen)
    if reason is not None:
        open_epoch(library.store, library.clock.read(), reason, {}, random)
    _go_on_above(library, seen)
    keep_high_water(library, folder)
    return reason


def keep_high_water(library: Library, folder: Path | None = None) -> None:
    """Write down how far the database is: after a round, while nobody is served, and at closing. A disk that does not
    take it, or a database that is gone already, does not hold up the desk."""
    with contextlib.suppress(Trouble, OSError):
        _keep(library, folder)


def rest_after(library: Library, commits: int) -> int:
    """What is done soon after a commit, while nobody is served: its pages move into the file, the high-water file is
    written. `commits`: what this returned before. Raises Trouble for what the disk says."""
    done = library.store.commits
    if done != commits:
        library.store.rest()
        keep_high_water(library)
    return done


def _keep(library: Library, folder: Path | None) -> None:
    with library.store.read() as reader:
        identity = _identity(library)
        head = reader.connection.execute(
            sa.select(Stream.head_seq, Stream.head_chain).where(
                Stream.device_id == identity.device_id, Stream.epoch == identity.epoch
            )
        ).one()
        seen = HighWater(
            identity.device_id.hex, identity.epoch, head.head_seq, bytes(head.head_chain).hex(), series(reader)
        )
    path = _path(library, folder)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    safe_write(path, msgspec.json.encode(seen), private=True)


def _path(library: Library, folder: Path | None) -> Path:
    """One file for each device, so that several libraries of one computer do not meet."""
    named = os.environ.get(FOLDER)
    kept_in = folder or (Path(named) if named else user_state_path("pishkhan", appauthor=False))
    return kept_in / f"{_identity(library).device_id.hex}.json"


def _identity(library: Library) -> Identity:
    if library.store.identity is None:
        raise RuntimeError("the store has not been set up")
    return library.store.identity


def _read(path: Path) -> HighWater | None:
    """What was written down; a file that is damaged is none."""
    try:
        return msgspec.json.decode(path.read_bytes()[:LONGEST_FILE], type=HighWater)
    except (OSError, msgspec.DecodeError):
        return None


def _looked_back(library: Library, seen: HighWater | None) -> Reopened | None:
    mark = machine_mark(library.store)
    with library.store.write() as tx:
        known = MACHINE.read(tx)
        if known != mark:
            MACHINE.write(tx, mark)
        if seen is not None and _is_behind(tx, library, seen):
            return Reopened.RESTORED
        untouched = tx.connection.execute(sa.select(JournalEntry.seq).limit(1)).first() is None
    return Reopened.MOVED if known not in ("", mark) and not untouched else None


def _is_behind(reader: Reader, library: Library, seen: HighWater) -> bool:
    """Whether the file saw an entry that is not here, or another one in its place."""
    if seen.seq == 0:
        known = sa.select(Stream.epoch).where(Stream.epoch == seen.epoch)
        return reader.connection.execute(known).first() is None
    link = link_at(reader, _identity(library).device_id, seen.epoch, seen.seq)
    return link is None or link.hex() != seen.chain


def _go_on_above(library: Library, seen: HighWater | None) -> None:
    """No number that was given on paper is given again, though the copy that gave it is lost."""
    with library.store.write() as tx:
        here = series(tx)
        ahead = {name: last for name, last in (seen.numbers if seen else {}).items() if last > here.get(name, 0)}
        if not ahead:
            return
        lost = PASSED_OVER.read(tx)
        for name, last in ahead.items():
            tx.raise_number(name, last)
            lost = lost | {name: [*lost.get(name, []), [here.get(name, 0) + 1, last]]}
        PASSED_OVER.write(tx, lost)
