"""`pishkhan partition`: the journal of the centre in months (docs/scale.md), and the months to come.

Entries lie by their business day, so that old months can be moved away whole and vacuum and indexes stay small.
PostgreSQL asks for the day in both unique keys; nothing is loosened by that, since an entry that is sent again, even
under another epoch, has the day that stands in its hashed body. A day of a wrong clock lies in the partition for all
others. What was there before stays one partition.
"""

import argparse
import datetime as dt
from collections.abc import Iterator, Sequence

from app.clock import SystemClock, day_of
from app.messages import one_line
from app.persian.digits import number
from db.connect import STARTING
from db.guards import ensure_guards
from db.isolation import DbRole, ensure_isolation
from db.opening import open_server_centre
from db.reading import Reader
from db.store import Store
from db.trouble import Trouble
from server.desk.opening import Parser
from server.desk.session import say

CANNOT = 2
AHEAD = 3
"""Months that are made before they begin."""
OTHERS, BEFORE = "journal_others", "journal_before"
IS_PARTITIONED = "SELECT relkind = 'p' FROM pg_class WHERE oid = 'journal'::regclass"
TRIGGERS = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'journal'::regclass AND NOT tgisinternal"
PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'journal'::regclass"
LEAVE_THE_OLD = (
    "ALTER TABLE journal DROP CONSTRAINT pk_journal",
    "DROP INDEX one_entry_applied",
    "ALTER INDEX journal_by_desk RENAME TO journal_by_desk_before",
    f"ALTER TABLE journal RENAME TO {BEFORE}",
)
MAKE_THE_WHOLE = (
    f"CREATE TABLE journal (LIKE {BEFORE} INCLUDING DEFAULTS INCLUDING STORAGE) PARTITION BY RANGE (bdate)",
    "ALTER TABLE journal ADD CONSTRAINT pk_journal PRIMARY KEY (device_id, epoch, seq, eid, bdate)",
    "CREATE UNIQUE INDEX one_entry_applied ON journal (branch_id, eid, bdate) WHERE applied",
    "CREATE INDEX journal_by_desk ON journal (device_id, epoch, desk, seq)",
    f"CREATE TABLE {OTHERS} PARTITION OF journal DEFAULT",
)


def main(argv: Sequence[str]) -> int:
    """Part the journal if it is whole, and make the months to come: 0. 2: the database could not be opened."""
    parser = Parser(prog="pishkhan partition", description="بخش‌بندی ماهانهٔ دفتر رویدادهای مرکز")
    parser.add_argument("--database", required=True, metavar="URL", help="پایگاه PostgreSQL مرکز")
    options: argparse.Namespace = parser.parse_args(argv)
    try:
        with open_server_centre(options.database) as store:
            made = part(store, day_of(SystemClock().read().at))
    except Trouble as trouble:
        say(one_line(trouble))
        return CANNOT
    print(f"{number(len(made))} بخش ساخته شد.")
    return 0


def part(store: Store, today: dt.date) -> list[str]:
    """Bring the journal into months; the names of the months that were made. Run again it makes what is missing.

    The first time two indexes are built while the table is locked: for a window, with the processes stopped.
    """
    this = today.replace(day=1)
    with store.write() as tx:
        tx.run(f"SELECT pg_advisory_xact_lock({STARTING})")
        if not tx.run(IS_PARTITIONED).fetchone()[0]:
            _part_whole(tx, _after(this))
        made = list(_missing(tx, this))
        ensure_guards(tx, store.dialect.name)
        ensure_isolation(tx)
        return made


def _part_whole(tx: Reader, until: dt.date) -> None:
    """The present table becomes the partition of all days before `until`; none of its rows is written anew, but for
    those that a wrong clock dated later."""
    for (trigger,) in tx.run(TRIGGERS).fetchall():
        tx.run(f"DROP TRIGGER {trigger} ON journal")
    for sql in (*LEAVE_THE_OLD, *MAKE_THE_WHOLE):
        tx.run(sql)
    later = f"WITH later AS (DELETE FROM {BEFORE} WHERE bdate >= '{until}' RETURNING *)"
    tx.run(f"{later} INSERT INTO {OTHERS} SELECT * FROM later")
    tx.run(f"REVOKE ALL ON {BEFORE} FROM PUBLIC, {', '.join(DbRole)}")  # months are read by way of the whole only
    for (policy,) in tx.run(f"SELECT policyname FROM pg_policies WHERE tablename = '{BEFORE}'").fetchall():
        tx.run(f"DROP POLICY {policy} ON {BEFORE}")
    tx.run(f"ALTER TABLE {BEFORE} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY")
    tx.run(f"ALTER TABLE journal ATTACH PARTITION {BEFORE} FOR VALUES FROM (MINVALUE) TO ('{until}')")


def _missing(tx: Reader, this: dt.date) -> Iterator[str]:
    """Make the months to come that are not there yet. A month of which entries came too early, by a wrong clock, and
    lie among the others is left to them."""
    there = {name for (name,) in tx.run(PARTITIONS).fetchall()}
    month = this
    for _ in range(AHEAD):
        month = _after(month)
        name, until = f"journal_{month:%Y_%m}", _after(month)
        early = tx.run(f"SELECT EXISTS (SELECT FROM {OTHERS} WHERE bdate >= '{month}' AND bdate < '{until}')")
        if name not in there and not early.fetchone()[0]:
            tx.run(f"CREATE TABLE {name} PARTITION OF journal FOR VALUES FROM ('{month}') TO ('{until}')")
            yield name


def _after(month: dt.date) -> dt.date:
    return (month + dt.timedelta(days=32)).replace(day=1)
