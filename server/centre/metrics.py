"""What the centre counts, as Prometheus reads it. Labels are calls and statuses; never a branch, never a person."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.centre import Centre
from app.sync.packages.taking import HELD
from db.models.sync import Device, SetAside, Stream

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


@dataclass(slots=True)
class Histogram:
    """How long something took."""

    counts: list[int] = field(default_factory=lambda: [0] * (len(SECONDS) + 1))
    total: float = 0.0

    def took(self, seconds: float) -> None:
        """One more."""
        place = next((place for place, most in enumerate(SECONDS) if seconds <= most), len(SECONDS))
        self.counts[place] += 1
        self.total += seconds


class Metrics:
    """The counts of this process since it began."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, int]] = Counter()
        self._bytes: Counter[str] = Counter()
        self._batches = Histogram()

    def answered(self, call: str, status: int, seconds: float, received: int) -> None:
        """Count a request."""
        self._requests[call, status] += 1
        self._bytes[call] += received
        if call == "push":
            self._batches.took(seconds)

    def requests(self, call: str, status: int) -> int:
        """How many of these were answered so."""
        return self._requests[call, status]

    def lines(self) -> Iterator[str]:
        """The counts as text."""
        yield from _head("pishkhan_requests_total", "counter", "Requests answered, by call and status.")
        for (call, status), count in sorted(self._requests.items()):
            yield f'pishkhan_requests_total{{call="{call}",status="{status}"}} {count}'
        yield from _head("pishkhan_received_bytes_total", "counter", "Bytes of bodies, by call.")
        for call, size in sorted(self._bytes.items()):
            yield f'pishkhan_received_bytes_total{{call="{call}"}} {size}'
        yield from _head("pishkhan_batch_seconds", "histogram", "Time from a whole batch to its answer.")
        so_far = 0
        for most, count in zip([*map(str, SECONDS), "+Inf"], self._batches.counts, strict=True):
            so_far += count
            yield f'pishkhan_batch_seconds_bucket{{le="{most}"}} {so_far}'
        yield f"pishkhan_batch_seconds_sum {self._batches.total:.6f}"
        yield f"pishkhan_batch_seconds_count {so_far}"


@dataclass(frozen=True, slots=True)
class Standing:
    """How the branches stand, from the database."""

    entries: int
    set_aside: int
    held: int
    devices: int
    waiting: int
    oldest_contact_s: float


def standing(centre: Centre) -> Standing:
    """One look at the tables of the sync. `entries` counts what the branches sent and the centre has."""
    active = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(Device.waiting), 0), sa.func.min(Device.seen_at))
    aside = sa.select(
        sa.func.count().filter(SetAside.source != HELD), sa.func.count().filter(SetAside.source == HELD)
    ).where(SetAside.replayed_at.is_(None))
    entries = sa.select(sa.func.coalesce(sa.func.sum(Stream.acked_seq), 0))
    with centre.store.read() as reader:
        ask = reader.connection.execute
        devices, waiting, oldest = ask(
            active.where(Device.state == "active", Device.branch_id != centre.id, Device.enrolled_at.is_not(None))
        ).one()
        age = 0.0 if oldest is None else max(0.0, (centre.now() - oldest).total_seconds())
        set_aside, held = ask(aside).one()
        return Standing(int(ask(entries).scalar_one() or 0), set_aside, held, devices, int(waiting or 0), age)


def gauges(now: Standing) -> Iterable[str]:
    """The standing as text."""
    told = (
        ("entries", "Journal entries of branches that are stored here.", now.entries),
        ("set_aside", "Entries set aside and not yet replayed.", now.set_aside),
        ("held_batches", "Batches of packages that wait for what comes before them.", now.held),
        ("devices", "Enrolled devices that are not revoked.", now.devices),
        ("branch_queue", "Entries that wait at the branches, as they last said.", now.waiting),
        ("oldest_contact_seconds", "Age of the contact that is longest ago.", f"{now.oldest_contact_s:.0f}"),
    )
    for name, meaning, value in told:
        yield from _head(f"pishkhan_{name}", "gauge", meaning)
        yield f"pishkhan_{name} {value}"


def _head(name: str, kind: str, meaning: str) -> Iterator[str]:
    yield f"# HELP {name} {meaning}"
    yield f"# TYPE {name} {kind}"
