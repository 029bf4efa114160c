"""Store a batch of the schema as it is now, and what is to be read from it, for the tests of every later program.

    python -m tests.app.sync.golden.make

Once a schema has been released its files are kept for ever and never made anew; until then they follow the schema.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.sync.rows import ParsedEntry, changes_of
from app.sync.wire import Batch, Header, first_link, make_batch, open_batch
from db.journal import SCHEMA_VERSION, next_chain
from tests.app.sync.centre.sending import journal
from tests.library import add_copy, add_member, found, lend, pass_days, take_back

FOLDER = Path(__file__).parent
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def made(folder: Path) -> bytes:
    """A reader, a copy, a loan that came back late."""
    library = found(folder)
    with library.store:
        member, copy = add_member(library, national_id="0084575948"), add_copy(library, "گلستان")
        lend(library, member, copy)
        pass_days(library, 40)
        take_back(library, copy)
        entries, identity = journal(library), library.store.identity
        assert identity is not None
        link = first_link(identity.epoch)
        for entry in entries:
            link = next_chain(link, entry.body)
        header = Header(
            1, identity.branch_id.bytes, identity.device_id.bytes, identity.epoch, 1, len(entries),
            first_link(identity.epoch), link, SCHEMA_VERSION, "1.0", 5,
        )  # fmt: skip
        return make_batch(header, entries, KEY)


def told(raw: bytes) -> dict[str, Any]:
    """What a batch says, as JSON keeps it."""
    batch: Batch = open_batch(raw, KEY.public_key().public_bytes_raw())
    header = {name: _plain(getattr(batch.header, name)) for name in batch.header.__struct_fields__}
    entries = [_entry(changes_of(entry.body, entry.personal)) for entry in batch.entries]
    return {"header": header, "chains": [chain.hex() for chain in batch.chains], "entries": entries}


def _entry(entry: ParsedEntry) -> dict[str, Any]:
    plain = {name: _plain(getattr(entry, name)) for name in ParsedEntry.__dataclass_fields__ if name != "changes"}
    return plain | {
        "changes": [
            {
                "model": change.model.__tablename__, "row_id": str(change.row_id), "base_ver": change.base_ver,
                "op": change.op, "values": {name: _plain(value) for name, value in sorted(change.values.items())},
            }
            for change in entry.changes
        ]
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, bool | int | float | list | dict) else str(value)


def main() -> None:
    """Write the two files of the newest schema."""
    with tempfile.TemporaryDirectory() as temporary:
        raw = made(Path(temporary))
    name = f"v{SCHEMA_VERSION:04d}"
    (FOLDER / f"{name}.psb").write_bytes(raw)
    text = json.dumps(told(raw), ensure_ascii=False, indent=1)
    (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
