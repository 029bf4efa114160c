from pathlib import Path

from app.sync.queries import last_moment, waiting_entries
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


def test_the_newest_entry_is_the_high_water_mark_of_the_clock(tmp_path: Path) -> None:
    library = lib.found(tmp_path)
    with library.store:
        lib.pass_days(library, 3)
        lib.add_member(library)
        with library.store.read() as reader:
            assert last_moment(reader) == library.clock.read().at
