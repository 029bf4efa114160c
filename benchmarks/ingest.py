"""A day of many branches into the centre, against bare COPY of the same rows into the same tables (performance 12).

Each branch sends its day in four signed batches of 200 entries: loans, returns and renewals as its desk would have
written them. The bare side COPYs the rows that come of a batch (journal, loans, copies) into tables of the same make
with the same indexes, one transaction a batch; its rows are ready made, nothing is decoded, proved or compared. The
sides take turns, group by group.

    python -m benchmarks.ingest BRANCHES        a day of so many branches; 3700 is the country
"""

import datetime as dt
import gc
import resource
import secrets
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nacl.public import PrivateKey

from app.centre import Centre, CentreKeys, found_centre
from app.clock import SettableClock, day_of
from app.sync.centre.api import answer
from app.sync.line import OK, Call
from app.sync.rows import changes_of
from app.sync.wire import PROTOCOL, Header, JournalBytes, Pushed, first_link, make_batch, open_batch, open_message
from app.version import VERSION
from benchmarks.figures import Timings
from db.act import Act, Stamp
from db.changes import AFTER_IMAGE, FIELD_PATCH, Change, full_row
from db.codes import Channel, ItemStatus, LoanEnd, Role
from db.journal import SCHEMA_VERSION, Intent, make_entry
from db.models.base import Base
from db.models.circulation import Loan
from db.models.items import Item
from db.models.library import Branch
from db.models.sync import Device, JournalEntry
from db.opening import open_server_centre
from db.types import new_id
from tests.postgres import cluster

A_DAY, A_BATCH = 800, 200
OPENED, RETURNED, RENEWED = 360, 344, 96
GROUP = 10
"""Branches after which the sides change."""
MORNING = dt.datetime(2026, 11, 21, 5, 30, tzinfo=dt.UTC)
EVENING = MORNING + dt.timedelta(hours=16)
BARE = ("journal", "item", "loan")


@dataclass
class DayBranch:
    """A branch that makes its day out of nothing but keys and ids."""

    id: uuid.UUID = field(default_factory=new_id)
    device: uuid.UUID = field(default_factory=uuid.uuid4)
    staff: uuid.UUID = field(default_factory=new_id)
    epoch: int = field(default_factory=lambda: secrets.randbits(62))
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    rows: dict[uuid.UUID, dict[str, Any]] = field(default_factory=dict)
    items: list[uuid.UUID] = field(default_factory=list)
    loans: list[uuid.UUID] = field(default_factory=list)

    def stock(self) -> None:
        """What was there in the morning: copies, some of them lent."""
        title, members = new_id(), [new_id() for _ in range(200)]
        for number in range(A_DAY):
            lent = number < RETURNED + RENEWED
            item = full_row(
                Item, self.id,
                {
                    "title_id": title, "accession_no": number + 1, "accession_date": dt.date(2020, 3, 20), "copy_no": 1,
                    "barcode": f"RAF-{number + 1:06d}", "shelf_key": f"{number:06d}",
                    "status": ItemStatus.ON_LOAN if lent else ItemStatus.AVAILABLE,
                },
            )  # fmt: skip
            self.rows[item["id"]] = item
            self.items.append(item["id"])
            if lent:
                loan = self._loan(item["id"], members[number % 200], MORNING - dt.timedelta(days=9))
                self.rows[loan["id"]] = loan
                self.loans.append(loan["id"])

    def _loan(self, item: uuid.UUID, member: uuid.UUID, at: dt.datetime) -> dict[str, Any]:
        day = day_of(at)
        due = day + dt.timedelta(days=14)
        return full_row(
            Loan, self.id,
            {
                "item_id": item, "member_id": member, "item_type": "book", "out_at": at, "out_on": day, "due_on": due,
                "first_due_on": due, "channel": Channel.DESK, "policy_version": 1, "policy_row": "*/*",
            },
        )  # fmt: skip

    def day(self) -> list[bytes]:
        """The four batches of its day."""
        entries = list(self.entries())
        batches, link = [], first_link(self.epoch)
        for first in range(0, len(entries), A_BATCH):
            part = entries[first : first + A_BATCH]
            after = part[-1][1]
            header = Header(
                PROTOCOL, self.id.bytes, self.device.bytes, self.epoch, first + 1, first + len(part), link, after,
                SCHEMA_VERSION, VERSION,
            )  # fmt: skip
            batches.append(make_batch(header, [one for one, _ in part], self.key))
            link = after
        return batches

    def entries(self) -> Iterator[tuple[JournalBytes, bytes]]:
        """Everything its desk did, in order, each with the link of the chain after it."""
        head: tuple[int, bytes] = (0, b"")
        members = [new_id() for _ in range(200)]
        deeds = ["open"] * OPENED + ["return"] * RETURNED + ["renew"] * RENEWED
        order = sorted(range(A_DAY), key=lambda place: (place * 7919) % A_DAY)
        fresh = iter(self.items[RETURNED + RENEWED :])
        back, again = iter(self.loans[:RETURNED]), iter(self.loans[RETURNED:])
        at = MORNING
        for place in order:
            at += dt.timedelta(milliseconds=20_000 + secrets.randbelow(50_000))
            stamp = Stamp(at, day_of(at), boot=7, mono_ms=int((at - MORNING).total_seconds() * 1000))
            act = Act(self.staff, Role.LIBRARIAN, 1, stamp)
            deed = deeds[place]
            if deed == "open":
                kind, changes = "loan.opened", self._opened(next(fresh), members[place % 200], at)
            elif deed == "return":
                kind, changes = "loan.returned", self._returned(next(back), at)
            else:
                kind, changes = "loan.renewed", self._renewed(next(again), at)
            intent = Intent(policy_version=1, seen={"open_loans": place % 4, "debt": 0}) if deed == "open" else Intent()
            entry = make_entry(head, self.epoch, kind, act, changes, intent=intent, undoes=None)
            head = (entry.seq, entry.chain)
            yield JournalBytes(entry.body, entry.personal), entry.chain

    def _opened(self, item: uuid.UUID, member: uuid.UUID, at: dt.datetime) -> list[Change]:
        loan = self._loan(item, member, at)
        self.rows[loan["id"]] = loan
        return [self._patch(Item, item, status=ItemStatus.ON_LOAN), Change(Loan, loan["id"], 0, AFTER_IMAGE, loan, {})]

    def _returned(self, loan: uuid.UUID, at: dt.datetime) -> list[Change]:
        item = self.rows[loan]["item_id"]
        ended = {"in_at": at, "effective_in_on": day_of(at), "ended_as": LoanEnd.RETURNED}
        return [self._patch(Loan, loan, **ended), self._patch(Item, item, status=ItemStatus.AVAILABLE)]

    def _renewed(self, loan: uuid.UUID, at: dt.datetime) -> list[Change]:
        due = self.rows[loan]["due_on"] + dt.timedelta(days=14)
        return [self._patch(Loan, loan, renewals=1, due_on=due, renewed_on=day_of(at))]

    def _patch(self, model: type[Base], row_id: uuid.UUID, **values: Any) -> Change:
        row = self.rows[row_id]
        change = Change(model, row_id, row["ver"], FIELD_PATCH, values, {})
        row.update(values, ver=row["ver"] + 1)
        return change


@dataclass
class IngestFigures:
    """Both sides by batch; entries a second; what a batch weighed; how the memory grew (MB)."""

    ours: Timings
    bare: Timings
    entries: int
    seconds: float
    bare_seconds: float
    bytes_an_entry: float
    grown: float

    @property
    def ratio(self) -> float:
        """Our throughput over that of bare COPY."""
        return self.bare_seconds / self.seconds


def measure(branches: int = 60) -> IngestFigures:
    """A day of so many branches, on a throwaway cluster."""
    with cluster().database() as url:
        store = open_server_centre(url)
        with store:
            keys = CentreKeys(Ed25519PrivateKey.generate(), PrivateKey.generate(), secrets.token_bytes(32))
            return _run(found_centre(store, "مرکز", SettableClock(EVENING), keys), url, branches)


def _run(centre: Centre, url: str, branches: int) -> IngestFigures:
    figures = IngestFigures(Timings(), Timings(), 0, 0.0, 0.0, 0.0, 0.0)
    address = sa.make_url(url)
    with psycopg.connect(host=str(address.query["host"]), dbname=address.database, user="postgres") as bare:
        for table in BARE:
            bare.execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)".encode())
        bare.commit()
        weight, before = 0, 0.0
        for first in range(0, branches, GROUP):
            group = [DayBranch() for _ in range(min(GROUP, branches - first))]
            days = [_prepared(centre, branch) for branch in group]
            rows = [_rows(branch, batches) for branch, batches in zip(group, days, strict=True)]
            gc.collect()
            gc.freeze()  # as the server does once it is loaded; the rows of the bare side are nothing it would have
            ours = [push for batches in days for push in _ours(centre, batches)]
            theirs = [push for day in rows for push in _bare(bare, day)]
            figures.ours.add_round(ours)
            figures.bare.add_round(theirs)
            figures.seconds += sum(ours)
            figures.bare_seconds += sum(theirs)
            figures.entries += A_DAY * len(group)
            weight += sum(len(batch) for batches in days for batch in batches)
            if first == 0:
                before = _memory()
        figures.bytes_an_entry = weight / figures.entries
        figures.grown = _memory() - before
    _prove(centre, figures.entries, branches)
    return figures


def _prepared(centre: Centre, branch: DayBranch) -> list[bytes]:
    """The branch as the centre has known it since yesterday, and its day."""
    branch.stock()
    with centre.store.write() as tx:
        tx.connection.execute(
            sa.insert(Device).values(
                id=branch.device, branch_id=branch.id, public_key=branch.key.public_key().public_bytes_raw(),
                state="active", scopes=["push:branch"], enrolled_at=MORNING,
            )
        )  # fmt: skip
        about = {"name": "کتابخانه", "province": "مرکزی", "county": "اراک", "city": "اراک", "kind": "institutional"}
        tx.connection.execute(sa.insert(Branch).values(id=branch.id, branch_id=branch.id, ver=1, **about))
        for model, ids in ((Item, branch.items), (Loan, branch.loans)):
            _copy(tx.driver, model.__tablename__, model, [branch.rows[one] for one in ids])
    return branch.day()


def _ours(centre: Centre, batches: Sequence[bytes]) -> Iterator[float]:
    for batch in batches:
        began = time.perf_counter()
        reply = answer(centre, Call.PUSH, batch)
        yield time.perf_counter() - began
        if reply.status != OK:
            raise RuntimeError(f"{reply.status} {reply.body!r}")
        pushed = open_message(reply.body, Pushed, centre.keys.public_key)
        if pushed.notes or pushed.error:
            raise RuntimeError(str(pushed))


Bulk = list[tuple[str, type[Base], list[dict[str, Any]]]]


def _rows(branch: DayBranch, batches: Sequence[bytes]) -> list[Bulk]:
    """The rows each batch leaves, ready made."""
    made = []
    for raw in batches:
        batch = open_batch(raw, branch.key.public_key().public_bytes_raw())
        journal, touched = [], {}
        for place, (entry, chain) in enumerate(zip(batch.entries, batch.chains, strict=True)):
            parsed = changes_of(entry.body, entry.personal)
            journal.append(
                {
                    "device_id": branch.device, "epoch": branch.epoch, "seq": batch.header.first + place,
                    "eid": uuid.UUID(bytes=chain), "branch_id": branch.id, "kind": parsed.kind, "at_ms": parsed.at_ms,
                    "bdate": parsed.day, "staff_id": branch.staff, "desk": 1, "body": entry.body,
                    "personal": entry.personal, "chain": chain, "before": None, "undoes": None, "moved": False,
                    "applied": True, "recv_at": MORNING,
                }
            )  # fmt: skip
            touched.update({change.row_id: change.model for change in parsed.changes})
        images: Bulk = [("bare_journal", JournalEntry, journal)]
        for model in (Item, Loan):
            rows = [branch.rows[row_id] | {"bpos": 1} for row_id, of in touched.items() if of is model]
            images.append((f"bare_{model.__tablename__}", model, rows))
        made.append(images)
    return made


def _bare(connection: "psycopg.Connection[Any]", day: Sequence[Bulk]) -> Iterator[float]:
    ready = [[(table, model, _values(model, rows)) for table, model, rows in bulk] for bulk in day]
    for bulk in ready:
        began = time.perf_counter()
        for table, model, values in bulk:
            _copy_values(connection, table, model, values)
        connection.commit()
        yield time.perf_counter() - began


def _values(model: type[Base], rows: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """Rows as the driver writes them."""
    columns = Base.metadata.tables[model.__tablename__].columns
    json = [isinstance(column.type, sa.JSON) for column in columns]
    return [
        [_plain(row[column.name], is_json=is_json) for column, is_json in zip(columns, json, strict=True)]
        for row in rows
    ]


def _plain(value: Any, *, is_json: bool) -> Any:
    if is_json and value is not None:
        return psycopg.types.json.Json(value)
    return str(value) if isinstance(value, str) else value


def _copy(connection: Any, table: str, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    _copy_values(connection, table, model, _values(model, rows))


def _copy_values(connection: Any, table: str, model: type[Base], values: Sequence[Sequence[Any]]) -> None:
    names = ", ".join(f'"{column.name}"' for column in Base.metadata.tables[model.__tablename__].columns)
    with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as copying:
        for row in values:
            copying.write_row(row)


def _prove(centre: Centre, entries: int, branches: int) -> None:
    """Every entry is there and applied once, every copy and loan is as the branch has it."""
    with centre.store.read() as reader:
        counts = reader.run(
            "SELECT (SELECT count(*) FROM journal WHERE applied AND seq > 0 AND device_id IN "
            "(SELECT id FROM device WHERE 'push:branch' = ANY (ARRAY(SELECT json_array_elements_text(scopes))))), "
            "(SELECT count(*) FROM loan), (SELECT count(*) FROM item WHERE ver = 2)"
        ).fetchone()
    expected = (entries, branches * (OPENED + RETURNED + RENEWED), branches * (OPENED + RETURNED))
    if tuple(counts) != expected:
        raise RuntimeError(f"{counts} instead of {expected}")


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Measure a day of as many branches as asked for."""
    figures = measure(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
    print(
        f"{figures.entries:,} entries in {figures.seconds:.1f} s = {figures.entries / figures.seconds:,.0f} a second; "
        f"{figures.ratio:.2f} of bare COPY ({figures.bare_seconds:.1f} s); {figures.bytes_an_entry:.1f} bytes each; "
        f"memory +{figures.grown:.0f} MB\nours {figures.ours.row()} | bare {figures.bare.row()}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
