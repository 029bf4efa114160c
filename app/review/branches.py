"""How the libraries of a scope are doing: when they were last heard of, what waits there, what was set aside here, and
how many cases are open. Counts only; no case is told."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from db.codes import BranchKind, CaseKind, CaseState
from db.models.centre import SyncCase
from db.models.library import Branch
from db.models.sync import Device, Digest, SetAside
from db.reading import Reader

QUIET_DAYS, LOST_DAYS = 3, 14
"""After how many days without a word a library is pointed out, and asked after."""
SKEW_MS = 10 * 60 * 1_000
"""A clock that is further off is pointed out."""


@dataclass(frozen=True, slots=True)
class DeviceHealth:
    """An installation as it was last heard of. `oldest_at`: since when the first of its `waiting` events waits."""

    id: uuid.UUID
    state: str
    app_version: str | None
    schema_version: int | None
    enrolled_at: dt.datetime | None
    revoked_at: dt.datetime | None
    seen_at: dt.datetime | None
    skew_ms: int | None
    waiting: int | None
    oldest_at: dt.datetime | None

    @property
    def active(self) -> bool:
        """Whether it may still speak for its library."""
        return self.revoked_at is None and self.state == "active"

    @property
    def clock_off(self) -> bool:
        """Whether its clock is far from ours."""
        return abs(self.skew_ms or 0) > SKEW_MS


@dataclass(frozen=True, slots=True)
class BranchHealth:
    """A library. `set_aside` entries of it wait for somebody; `cases` are open, by kind; `digest_at` is when its rows
    were last compared with ours. `ver` is that of its row: 0 while the library itself has sent nothing
    (`app.sync.expected`)."""

    id: uuid.UUID
    name: str
    province: str
    county: str
    kind: BranchKind
    ver: int
    devices: tuple[DeviceHealth, ...]
    set_aside: int
    cases: Mapping[CaseKind, int]
    digest_at: dt.datetime | None

    @property
    def expected(self) -> bool:
        """Whether none of its computers has enrolled yet."""
        return self.ver == 0 and not self.devices

    @property
    def enrolled_only(self) -> bool:
        """Whether it has enrolled and never synchronised."""
        return self.ver == 0 and bool(self.devices)

    @property
    def heard_at(self) -> dt.datetime | None:
        """When it was last heard of."""
        return max((one.seen_at for one in self.devices if one.seen_at), default=None)

    @property
    def waiting(self) -> int:
        """Events that waited there then."""
        return sum(one.waiting or 0 for one in self.devices if one.active)

    @property
    def open_cases(self) -> int:
        """All open cases."""
        return sum(self.cases.values())

    def quiet_days(self, now: dt.datetime) -> int | None:
        """Whole days without a word; None where there never was one."""
        return None if self.heard_at is None else max((now - self.heard_at).days, 0)

    def tone(self, now: dt.datetime) -> str:
        """How it is shown: ok, warn or refuse."""
        days = self.quiet_days(now)
        if self.expected:
            return "warn"
        if days is None or days >= LOST_DAYS:
            return "refuse"
        troubled = self.set_aside or any(one.clock_off for one in self.devices if one.active)
        return "warn" if days >= QUIET_DAYS or troubled or self.enrolled_only else "ok"


BRANCHES = sa.select(Branch.id, Branch.name, Branch.province, Branch.county, Branch.kind, Branch.ver).where(
    Branch.deleted_at.is_(None)
)
DEVICES = sa.select(
    Device.branch_id, Device.id, Device.state, Device.app_version, Device.schema_version, Device.enrolled_at,
    Device.revoked_at, Device.seen_at, Device.skew_ms, Device.waiting, Device.facts,
).order_by(Device.enrolled_at, Device.id)  # fmt: skip
ASIDE = (
    sa.select(SetAside.branch_id, sa.func.count())
    .where(SetAside.replayed_at.is_(None))
    .group_by(SetAside.branch_id)
)  # fmt: skip
CASES = (
    sa.select(SyncCase.branch_id, SyncCase.kind, sa.func.count())
    .where(SyncCase.state == CaseState.OPEN, SyncCase.deleted_at.is_(None))
    .group_by(SyncCase.branch_id, SyncCase.kind)
)
DIGESTS = sa.select(Digest.branch_id, sa.func.max(Digest.computed_at)).group_by(Digest.branch_id)


def health(reader: Reader, scope: Collection[uuid.UUID]) -> tuple[BranchHealth, ...]:
    """Every library of a scope, by county and name."""
    wanted = list(scope)
    devices: defaultdict[uuid.UUID, list[DeviceHealth]] = defaultdict(list)
    for branch, *columns, facts in reader.connection.execute(DEVICES.where(Device.branch_id.in_(wanted))):
        devices[branch].append(DeviceHealth(*[*columns, _oldest(facts)]))
    cases: defaultdict[uuid.UUID, dict[CaseKind, int]] = defaultdict(dict)
    for branch, kind, count in reader.connection.execute(CASES.where(SyncCase.branch_id.in_(wanted))):
        cases[branch][kind] = count
    aside = {row[0]: row[1] for row in reader.connection.execute(ASIDE.where(SetAside.branch_id.in_(wanted)))}
    digests = {row[0]: row[1] for row in reader.connection.execute(DIGESTS.where(Digest.branch_id.in_(wanted)))}
    found = reader.connection.execute(
        BRANCHES.where(Branch.id.in_(wanted)).order_by(Branch.province, Branch.county, Branch.name)
    )
    return tuple(
        BranchHealth(
            *row, tuple(devices[row.id]), aside.get(row.id, 0), cases[row.id], digests.get(row.id)
        )
        for row in found
    )  # fmt: skip


def _oldest(facts: Mapping[str, object] | None) -> dt.datetime | None:
    """What a device said of the first event that waits there."""
    told = (facts or {}).get("oldest_at")
    try:
        return dt.datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
