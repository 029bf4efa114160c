"""Lends copies under the fsync shim and prints how often the disk was asked to keep them.

python -m tests.db.counted_checkouts FOLDER COPIES
"""

import sys
from pathlib import Path

from tests.fsync_shim import counter
from tests.library import add_copy, add_member, found, lend, take_back

WARM_UP = 4


def main(folder: str, copies: str) -> None:
    """Prints the syncs of the checkouts and of the returns."""
    library = found(Path(folder))
    lent = [add_copy(library) for _ in range(int(copies) + WARM_UP)]
    readers = [add_member(library) for _ in lent]
    for reader, copy in zip(readers[:WARM_UP], lent[:WARM_UP], strict=True):
        lend(library, reader, copy)
        take_back(library, copy)
    count = counter()
    marks = [count()]
    for reader, copy in zip(readers[WARM_UP:], lent[WARM_UP:], strict=True):
        lend(library, reader, copy)
    marks.append(count())
    for copy in lent[WARM_UP:]:
        take_back(library, copy)
    marks.append(count())
    print(marks[1] - marks[0], marks[2] - marks[1])
    library.store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
