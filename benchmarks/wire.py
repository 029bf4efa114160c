"""What a loan weighs on the wire, in batches of 200 complete entries, against the same said in JSON with gzip."""

import datetime as dt
import gzip
import json
import uuid
from dataclasses import dataclass
from typing import Any

from app.sync.rows import changes_of, raw_body
from app.sync.wire import PROTOCOL, Header, JournalBytes, first_link, make_batch
from app.version import VERSION
from benchmarks.ingest import A_BATCH, DayBranch
from db.journal import SCHEMA_VERSION

GZIP = 6


@dataclass(frozen=True, slots=True)
class WireFigures:
    """Bytes an entry: loans alone, a day of loans, returns and renewals; and the loans as JSON with gzip."""

    loan: float
    day: float
    json: float


def measure() -> WireFigures:
    """Weigh them."""
    branch = DayBranch()
    branch.stock()
    entries = list(branch.entries())
    loans = [one for one in entries if changes_of(one[0].body, one[0].personal).kind == "loan.opened"][:A_BATCH]
    told = [plain(entry, chain) for entry, chain in loans]
    as_json = gzip.compress(json.dumps(told, ensure_ascii=False).encode(), GZIP)
    of_loans, of_day = ([entry for entry, _ in some[:A_BATCH]] for some in (loans, entries))
    return WireFigures(weight(branch, of_loans), weight(branch, of_day), len(as_json) / len(loans))


def weight(branch: DayBranch, entries: list[JournalBytes]) -> float:
    """Bytes an entry of a signed batch with its header."""
    header = Header(
        PROTOCOL, branch.id.bytes, branch.device.bytes, branch.epoch, 1, len(entries), first_link(branch.epoch),
        bytes(16), SCHEMA_VERSION, VERSION,
    )  # fmt: skip
    return len(make_batch(header, entries, branch.key)) / len(entries)


def plain(kept: JournalBytes, chain: bytes) -> dict[str, Any]:
    """The same entry as JSON says it: fields by name, times and ids as text, its id, its hash and the salt of its
    personal part with it."""
    entry, raw = changes_of(kept.body, kept.personal), raw_body(kept.body)
    return {
        "seq": entry.seq, "kind": entry.kind, "id": str(uuid.UUID(bytes=chain)), "hash": chain.hex(),
        "at": dt.datetime.fromtimestamp(entry.at_ms / 1000, dt.UTC).isoformat(), "day": entry.day.isoformat(),
        "clock": raw.clock, "salt": (kept.personal or b"")[2:10].hex(),
        "staff": str(entry.staff_id), "desk": entry.desk, "schema": entry.schema, "intent": entry.intent,
        "changes": [
            {
                "table": change.model.__tablename__, "row": str(change.row_id), "base": change.base_ver,
                "op": change.op,
                "values": {name: _text(value) for name, value in change.values.items()},
            }
            for change in entry.changes
        ],
    }  # fmt: skip


def _text(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    return value if value is None or isinstance(value, int | str | list | dict) else value.isoformat()
