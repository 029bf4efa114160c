"""A small world for the sync: real branch libraries on SQLCipher, a real centre on PostgreSQL, and a line that spoils
what it carries. One thread, one seed, no real time.

What may go wrong: calls and answers lost, doubled, delayed past later ones, cut short; either side killed between any
two lasting effects; either side restored from an old copy; a branch cloned; clocks that jump.
"""

import copy
import datetime as dt
import random
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from app.centre import Centre
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.library import Library
from app.sync.branch.rounds import SyncOutcome, sync_round
from app.sync.branch.talk import RoundState
from app.sync.centre.api import answer
from app.sync.digests import compared
from app.sync.line import Call, LineLostError, Reply, Steps
from app.undo import undo_last
from db.frozen import Frozen
from db.models.base import Base
from db.models.members import Member
from db.models.sync import JournalEntry, Stream
from db.store import Store
from db.trouble import Trouble
from db.types import Id
from tests.library import MORNING, ACopy, AMember, act, add_copy, add_member, clock, reopened
from tests.sync.origin import Origin, open_centre_at

COMPARED = 2
WORDS = ("گلستان", "بوستان", "شاهنامه", "کلیله و دمنه", "قابوس‌نامه")


class Killed(BaseException):
    """A process ended here. Nothing of ours may catch it."""


@dataclass
class Mortal(Steps):
    """Ends its process at the step it is told to."""

    left: int | None = None

    def reached(self, name: str) -> None:
        """One step nearer to the end."""
        if self.left is not None:
            if self.left == 0:
                self.left = None
                raise Killed(name)
            self.left -= 1


@dataclass
class Chances:
    """How often each thing goes wrong on the line, drawn once a schedule."""

    lost_call: float
    lost_answer: float
    doubled: float
    delayed: float
    cut: float
    killed_centre: float

    @classmethod
    def drawn(cls, rng: random.Random) -> "Chances":
        return cls(*(rng.choice((0, 0, 0.1, 0.3)) for _ in range(6)))

    @classmethod
    def none(cls) -> "Chances":
        return cls(0, 0, 0, 0, 0, 0)


@dataclass
class Device:
    """One installation of a branch database. `made` are the entries it has committed on a disk that nobody turned
    back."""

    name: str
    folder: Path
    branch: int
    library: Library
    members: list[AMember]
    copies: list[ACopy]
    steps: Mortal = field(default_factory=Mortal)
    backup: Path | None = None


class World:
    """Everything of one schedule."""

    def __init__(self, seed: int, folder: Path, origin: Origin, database: Callable[[str | None], str]) -> None:
        self.rng = random.Random(seed)
        self.folder = folder
        self.origin = origin
        self.database = database
        self.url = database(None)
        self.chances = Chances.drawn(self.rng)
        self.centre_steps = Mortal()
        self.centre_now = MORNING
        self.centre = self._open_centre()
        self.devices = [self._device(place) for place in range(len(origin.branches))]
        self.saved: str | None = None
        self.late: list[tuple[Call, bytes, str]] = []
        self.cloned = self.restored = False
        self.repaired = 0
        self.stale: list[str] = []
        self.acked: set[bytes] = set()
        self.trace: list[str] = []

    def _open_centre(self) -> Centre:
        return open_centre_at(self.url, self.origin.keys, self.centre_now)

    def _device(self, place: int, source: Path | None = None) -> Device:
        origin = self.origin.branches[place]
        folder = self.folder / f"d{len(list(self.folder.iterdir()))}"
        shutil.copytree(source or origin.folder, folder)
        return Device(folder.name, folder, place, reopened(folder), list(origin.members), list(origin.copies))

    def close(self) -> None:
        """Let go of everything."""
        self.centre.store.close()
        for device in self.devices:
            device.library.store.close()

    # What happens at a desk.

    def work(self, device: Device) -> None:
        """One deed of a desk, whatever is possible."""
        library = device.library
        clock(library).advance(seconds=self.rng.choice((1, 30, 600, 40_000)))
        deed = self.rng.choice(
            (self._lend, self._lend, self._take_back, self._take_back, self._undo, self._add, self._rename)
        )
        deed(device)

    def _lend(self, device: Device) -> None:
        member, book = self.rng.choice(device.members), self.rng.choice(device.copies)
        check_out(device.library, CheckoutRequest(member.card, book.barcode), act(device.library))

    def _take_back(self, device: Device) -> None:
        check_in(device.library, CheckinRequest(self.rng.choice(device.copies).barcode), act(device.library))

    def _undo(self, device: Device) -> None:
        undo_last(device.library, act(device.library))

    def _add(self, device: Device) -> None:
        if self.rng.random() < 0.5:
            device.copies.append(add_copy(device.library, self.rng.choice(WORDS)))
        else:
            device.members.append(add_member(device.library, card=f"X-{self.rng.getrandbits(40)}"))

    def _rename(self, device: Device) -> None:
        with device.library.store.write() as tx:
            table = Member.__table__
            member = tx.connection.execute(
                sa.select(table).where(table.c.deleted_at.is_(None)).order_by(table.c.id).limit(1)
            ).one()
            tx.update(Member, member, mobile=f"0912{self.rng.randrange(10**7):07d}")
            tx.record("member.changed", act(device.library))

    # What happens to the line and the machines.

    def sync(self, device: Device) -> None:
        """One round; the line or either process may end in the middle of it."""
        device.steps.left = self.rng.randrange(40) if self.rng.random() < 0.15 else None
        try:
            self.round(device, device.steps)
        except Killed as end:
            self.trace.append(f"{device.name} killed at {end}")
            self.reopen(device)
        except Trouble as trouble:
            self.trace.append(f"{device.name}: {trouble.code}")

    def round(self, device: Device, steps: Steps) -> SyncOutcome:
        """A round of a device; what the centre acknowledged in it must never be lost again."""
        try:
            outcome = sync_round(
                device.library, SpoiltLine(self, device), self.origin.branches[device.branch].key,
                random=self.rng.getrandbits, steps=steps,
            )  # fmt: skip
        finally:
            self.acked |= acknowledged(device.library)
        if outcome.state is not RoundState.DONE:
            self.trace.append(f"{device.name}: {outcome.state}")
        self.repaired += outcome.repaired
        return outcome

    def reopen(self, device: Device) -> None:
        """The process ended; another begins on the same disk."""
        device.steps.left = None
        now = clock(device.library).now
        device.library.store.close()
        device.library = reopened(device.folder, now)

    def save(self, device: Device) -> None:
        """A backup of a branch's disk."""
        device.library.store.close()
        device.backup = self.folder / f"b{len(list(self.folder.iterdir()))}"
        shutil.copytree(device.folder, device.backup)
        device.library = reopened(device.folder, clock(device.library).now)

    def restore(self, device: Device) -> None:
        """The backup is put back: what was done since is gone from this disk."""
        if device.backup is None:
            return
        now = clock(device.library).now
        device.library.store.close()
        shutil.rmtree(device.folder)
        shutil.copytree(device.backup, device.folder)
        device.library = reopened(device.folder, now)
        self._forget_unknown(device)
        self.restored = True

    def clone(self, device: Device) -> None:
        """The disk is copied to another machine, and both go on."""
        if len(self.devices) > 3:
            return
        device.library.store.close()
        twin = self._device(device.branch, device.folder)
        twin.members, twin.copies = list(device.members), list(device.copies)
        device.library = reopened(device.folder, clock(device.library).now)
        self.devices.append(twin)
        self.cloned = self.restored = True

    def _forget_unknown(self, device: Device) -> None:
        """Readers and books that were added after the backup are not there any more."""
        with device.library.store.read() as reader:
            there = set(
                reader.connection.execute(sa.text("SELECT id FROM member UNION ALL SELECT id FROM item")).scalars()
            )
        known = {value if isinstance(value, bytes) else uuid.UUID(str(value)).bytes for value in there}
        device.members = [member for member in device.members if member.id.bytes in known]
        device.copies = [book for book in device.copies if book.id.bytes in known]

    def jump(self, device: Device) -> None:
        """A clock jumps: an hour, a year, twenty years, either way; it is put right the next time."""
        moves = (dt.timedelta(hours=-3), dt.timedelta(days=400), dt.timedelta(days=-7300), dt.timedelta())
        clock(device.library).set(self.centre_now + self.rng.choice(moves))

    def save_centre(self) -> None:
        """A backup of the centre."""
        self.centre.store.close()
        self.saved = self.database(self.url)
        self.centre = self._open_centre()

    def restore_centre(self) -> None:
        """The centre goes back to its backup: a new history begins there."""
        if self.saved is None:
            return
        self.centre.store.close()
        self.url = self.database(self.saved)
        self.centre = self._open_centre()
        self.acked.clear()
        self.restored = True

    def kill_centre(self) -> None:
        """The centre's process ends and is started again."""
        self.centre_steps.left = None
        self.centre.store.close()
        self.centre = self._open_centre()

    def carry(self, call: Call, body: bytes, bearer: str) -> Reply:
        """A call reaches the centre; its process may end while it works on it."""
        if self.rng.random() < self.chances.killed_centre:
            self.centre_steps.left = self.rng.randrange(12)
        try:
            return answer(self.centre, call, body, bearer, self.centre_steps)
        except Killed as end:
            self.trace.append(f"centre killed at {end}")
            self.kill_centre()
            raise LineLostError from None
        finally:
            self.centre_steps.left = None

    def deliver_late(self) -> None:
        """A call that was thought lost arrives after all, behind others."""
        if self.late:
            call, body, bearer = self.late.pop(self.rng.randrange(len(self.late)))
            with suppress(LineLostError):
                self.carry(call, body, bearer)

    def step(self) -> None:
        """Something happens."""
        device = self.rng.choice(self.devices)
        happens: tuple[tuple[int, Callable[[], None]], ...] = (
            (40, lambda: self.work(device)),
            (28, lambda: self.sync(device)),
            (6, self.deliver_late),
            (4, lambda: self.jump(device)),
            (4, lambda: self.save(device)),
            (3, lambda: self.restore(device)),
            (2, lambda: self.clone(device)),
            (3, self.save_centre),
            (3, self.restore_centre),
            (3, lambda: self.reopen(device)),
        )
        (chosen,) = self.rng.choices([deed for _, deed in happens], [weight for weight, _ in happens])
        chosen()

    def settle(self, rounds: int = 8) -> bool:
        """No faults any more: rounds until nothing waits; then two days on which digests are compared, of which the
        second finds nothing to do. Whether that came about."""
        self.chances = Chances.none()
        while self.late:
            self.deliver_late()
        for device in self.devices:
            clock(device.library).set(self.centre_now + dt.timedelta(days=2))
        days = 0
        for _ in range(rounds):
            if sum(self._moved(device) for device in self.devices):
                continue
            days += 1
            if days == 1:
                self.stale = [told for device in self.devices for told in self._stale(device)]
            if days == COMPARED:
                return True
            for device in self.devices:
                clock(device.library).advance(days=1)
        return False

    def _stale(self, device: Device) -> Iterator[str]:
        """Rows that a branch has read and that are older than those of the centre, before any digest was compared."""
        ours = versions_of(device.library.store, device.library.branch.id)
        theirs = versions_of(self.centre.store, device.library.branch.id)
        for (table, row_id), ver in theirs.items():
            if ours.get((table, row_id), 0) < ver:
                yield f"{device.name}: {table} {row_id} is of version {ours.get((table, row_id))}, not {ver}"

    def _moved(self, device: Device) -> int:
        outcome = self.round(device, Steps())
        return outcome.sent + outcome.received + outcome.waiting


class SpoiltLine:
    """The line of one device through the world's faults."""

    def __init__(self, world: World, device: Device) -> None:
        self.world = world
        self.device = device

    def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:
        """One call, or what is left of it."""
        world, rng, chances = self.world, self.world.rng, self.world.chances
        if rng.random() < chances.cut and len(body) > 1:
            with suppress(LineLostError):
                world.carry(call, body[: rng.randrange(len(body))], bearer)
            raise LineLostError
        if rng.random() < chances.lost_call:
            raise LineLostError
        if rng.random() < chances.delayed:
            world.late.append((call, body, bearer))
            raise LineLostError
        reply = world.carry(call, body, bearer)
        if rng.random() < chances.doubled:
            with suppress(LineLostError):
                reply = world.carry(call, body, bearer)
        if rng.random() < chances.lost_answer:
            raise LineLostError
        return copy.deepcopy(reply)


def acknowledged(library: Library) -> set[bytes]:
    """The ids of the entries that this branch believes to be at the centre."""
    with library.store.read() as reader:
        query = (
            sa.select(JournalEntry.eid)
            .join(Stream, sa.and_(Stream.device_id == JournalEntry.device_id, Stream.epoch == JournalEntry.epoch))
            .where(JournalEntry.seq <= Stream.acked_seq, JournalEntry.moved.is_(False))
        )
        return {eid.bytes for eid in reader.connection.execute(query).scalars()}


def versions_of(store: Store, branch: uuid.UUID) -> dict[tuple[str, uuid.UUID], int]:
    """The versions of all rows of a branch, by table and id: read at once."""
    with store.read() as reader:
        return {(table, row_id): ver for table, row_id, ver in reader.all(VERSIONS, branch=branch)}


def _versions(model: type[Base]) -> sa.Select[tuple[str, uuid.UUID, int]]:
    table = Base.metadata.tables[model.__tablename__]
    name = sa.literal_column(f"'{table.name}'", sa.String())
    return sa.select(name, table.c.id, table.c.ver).where(table.c.branch_id == sa.bindparam("branch", type_=Id()))


VERSIONS: Frozen[tuple[str, uuid.UUID, int]] = Frozen(
    sa.union_all(*map(_versions, compared())), lambda table, row_id, ver: (table, row_id, ver)
)
