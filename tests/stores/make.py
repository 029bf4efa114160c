"""Store a small library of the schema as it is now, for the tests of every later program.

    python -m tests.stores.make

Once a schema has been released its files are kept for ever and never made anew; until then they follow the schema.
"""

import json
import shutil
import tempfile
from pathlib import Path

from app.clock import SettableClock
from app.setup import found_library
from app.undo import undo_last
from db.migrate import HEAD
from db.store import DATABASE
from db.wire import numbers
from tests.library import MORNING, SET_UP, act, add_copy, add_member, lend, pass_days, take_back

STORES = Path(__file__).parent
NAMES = ("کریمی", "نژادسلیمانی", "آقایی", "صفری")


def make(folder: Path) -> None:
    """Four members, four copies, loans open and closed, one late, one undone."""
    library, _ = found_library(folder, SET_UP, SettableClock(MORNING))
    members = [add_member(library, family_name=name, national_id=None, mobile="09121112233") for name in NAMES]
    copies = [add_copy(library, title) for title in ("بوستان", "گلستان", "روان‌شناسی رشد", "شاهنامه: جلد ۱")]
    for member, copy in zip(members[:3], copies, strict=False):
        lend(library, member, copy)
    pass_days(library, 30)
    take_back(library, copies[0])
    lend(library, members[3], copies[3])
    undo_last(library, act(library))
    library.store.close()


def main() -> None:
    """Write the three files of the newest revision."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "library"
        make(folder)
        shutil.copyfile(folder / DATABASE, STORES / f"v{HEAD}.db")
        shutil.copyfile(folder / "keys.json", STORES / f"v{HEAD}.keys.json")
    (STORES / f"v{HEAD}.wire.json").write_text(json.dumps(numbers(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
