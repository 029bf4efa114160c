"""A hundred and twenty days without the centre: all events catch up by themselves while the desk works. Fifty a day in
the suite; `PISHKHAN_ABSENCE=60000` is the whole of it."""

import os
import shutil
import threading
from pathlib import Path

import sqlalchemy as sa

from app.clock import SettableClock
from app.library import Library
from app.sync.branch.rounds import SyncOutcome, sync_round
from app.sync.branch.talk import RoundState
from db.models.items import LocalUse
from db.models.sync import JournalEntry, Stream
from tests.library import ACopy, AMember, act, add_copy, clock, lend, pass_days, reopened, take_back
from tests.sync.lines import InProcessLine
from tests.sync.origin import OriginBranch, copied, dropped, open_centre_at, origin
from tests.sync.test_schedules import rows_that_differ

DAYS = 120
EVENTS = int(os.environ.get("PISHKHAN_ABSENCE", "6000"))
LOANS_A_DAY = min(25, EVENTS // DAYS // 4)


def test_a_branch_catches_up_with_four_months_while_its_desk_works(tmp_path: Path) -> None:
    start = origin()
    branch = start.branches[0]
    shutil.copytree(branch.folder, tmp_path / "library")
    database = copied(start.database)
    library = reopened(tmp_path / "library")
    centre = open_centre_at(database, start.keys)
    try:
        _live_alone(library, branch)
        with centre.store:
            centre.clock = SettableClock(clock(library).now)
            worked, outcomes = _catch_up(library, branch, InProcessLine(centre))
            assert [outcome.state for outcome in outcomes if outcome.state is not RoundState.DONE] == []
            assert worked > 0
            assert sum(outcome.repaired for outcome in outcomes) == 0
            with library.store.read() as here, centre.store.read() as there:
                device = library.store.identity
                assert device is not None
                made = sa.select(sa.func.count()).select_from(JournalEntry)
                ours = here.connection.execute(made).scalar_one()
                theirs = there.connection.execute(made.where(JournalEntry.device_id == device.device_id)).scalar_one()
                assert ours == theirs > EVENTS
                waiting = sa.select(sa.func.sum(Stream.head_seq - Stream.acked_seq))
                assert here.connection.execute(waiting).scalar_one() == 0
            assert list(rows_that_differ(library, centre)) == []
    finally:
        library.store.close()
        dropped(database)


def _live_alone(library: Library, branch: OriginBranch) -> None:
    """Days of loans, returns and books used in the hall, with nobody to tell."""
    uses = EVENTS // DAYS - 2 * LOANS_A_DAY
    copies = [*branch.copies[1:], *(add_copy(library) for _ in range(LOANS_A_DAY))][:LOANS_A_DAY]
    take_back(library, branch.copies[0])  # or its reader would be late before long
    for _ in range(DAYS):
        pass_days(library, 1)
        for place, copy in enumerate(copies):
            _lend_and_take_back(library, branch.members[place % len(branch.members)], copy)
        today = act(library)
        for place in range(uses):
            with library.store.write() as tx:
                tx.insert(LocalUse, item_id=copies[place % len(copies)].id, at=today.at, day=today.day)
                tx.record("item.used", today)


def _lend_and_take_back(library: Library, member: AMember, copy: ACopy) -> None:
    lend(library, member, copy)
    take_back(library, copy)


def _catch_up(library: Library, branch: OriginBranch, line: InProcessLine) -> tuple[int, list[SyncOutcome]]:
    """Rounds until nothing waits, beside a desk that goes on; how often the desk worked meanwhile."""
    outcomes: list[SyncOutcome] = []

    def rounds() -> None:
        outcomes.append(sync_round(library, line, branch.key))
        while outcomes[-1].state is RoundState.DONE and outcomes[-1].waiting:
            outcomes.append(sync_round(library, line, branch.key))

    beside = threading.Thread(target=rounds)
    beside.start()
    worked = 0
    while beside.is_alive():
        _lend_and_take_back(library, branch.members[1], branch.copies[1])
        worked += 1
        beside.join(0.01)
    rounds()
    return worked, outcomes
