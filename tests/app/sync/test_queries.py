from pathlib import Path

from app.sync.queries import waiting_entries
from tests import library as lib


def test_every_action_waits_to_be_sent_until_a_centre_acknowledges_it(tmp_path: Path) -> None:
    library = lib.found(tmp_path)
    with library.store:
        with library.store.read() as reader:
            before = waiting_entries(reader)
        lib.add_member(library)
        with library.store.read() as reader:
            after = waiting_entries(reader)
    assert after.entries == before.entries + 1
    assert after.last_contact_at is None
