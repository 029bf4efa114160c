"""A desk that lends and takes back until it is killed, again and again on one library (reliability 2.1).

    python -m tests.db.killed_desk FOLDER KILLS

Each desk is a fork that tells a loan or return only when the use case has come back: the green light. Prints a line for
each light: `out` or `in`, and the loan.
"""

import os
import random
import signal
import sys
import time
from itertools import cycle
from pathlib import Path

from tests.library import ACopy, AMember, add_copy, add_member, found, lend, reopened, take_back

COPIES = 6


def desk(folder: Path, pairs: list[tuple[AMember, ACopy]], lights: int) -> None:
    """Work for ever."""
    library = reopened(folder)
    os.write(lights, b"ready\n")
    for member, copy in cycle(pairs):
        with library.store.read() as reader:
            lent = reader.run(f"SELECT 1 FROM item WHERE accession_no = {copy.accession_no} AND status = 'on_loan'")
            is_lent = lent.fetchone() is not None
        if is_lent:
            os.write(lights, f"in {take_back(library, copy).loan_id}\n".encode())
        else:
            os.write(lights, f"out {lend(library, member, copy).loan_id}\n".encode())


def killed_desk(folder: Path, pairs: list[tuple[AMember, ACopy]], lines: int, after: float) -> list[str]:
    """The whole lines of a desk that is killed some seconds after it has told so many."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            desk(folder, pairs, writing)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as lights:
        told = b"".join(lights.readline() for _ in range(1 + lines))  # the first says that it is ready
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
        told += lights.read()
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == -signal.SIGKILL
    return [line.decode() for line in told.splitlines(keepends=True)[1:] if line.endswith(b"\n")]


def main(folder: str, kills: str) -> None:
    """Kill so many desks, at random moments."""
    library = found(Path(folder))
    pairs = [(add_member(library), add_copy(library)) for _ in range(COPIES)]
    library.store.close()
    chance = random.Random(500)
    for _ in range(int(kills)):
        sys.stdout.writelines(killed_desk(Path(folder) / "library", pairs, chance.randrange(4), chance.random() * 0.02))


if __name__ == "__main__":
    main(*sys.argv[1:])
