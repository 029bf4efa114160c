"""`pishkhan durable`: what a restored copy of the centre holds is safe, and branches are told so (sync-protocol 16).

A backup that was never restored is a hope. So the copy is really started, and it is asked how far the stream of every
device goes in it; only so much becomes `durable_through` in the database that is in use.
"""

import argparse
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.messages import one_line
from app.persian.digits import number
from db.frozen import Frozen
from db.models.sync import JournalEntry, Stream
from db.opening import open_server_centre
from db.reading import Reader
from db.store import Store
from db.trouble import Trouble
from db.writing import Tx
from server.desk.opening import Parser
from server.desk.session import say

CANNOT = 2


@dataclass(frozen=True, slots=True)
class Held:
    """How far a copy holds a stream, and the chain there."""

    device_id: uuid.UUID
    epoch: int
    seq: int
    chain: bytes


HELD = Frozen(
    sa.select(Stream.device_id, Stream.epoch, Stream.acked_seq, Stream.acked_chain).where(Stream.acked_seq > 0),
    lambda device, epoch, seq, chain: Held(device, epoch, seq, bytes(chain)),
)
SAME_SERVER = (
    "SELECT format('%s %s', pg_postmaster_start_time(), oid) FROM pg_database WHERE datname = current_database()"
)


def main(argv: Sequence[str]) -> int:
    """Announce what a copy holds: 0. 2: one of the two could not be opened, or they are not one centre."""
    parser = Parser(prog="pishkhan durable", description="اعلام آنچه در پشتیبانِ آزموده‌شده هست به شعبه‌ها")
    parser.add_argument("--database", required=True, metavar="URL", help="پایگاه مرکز که در کار است")
    parser.add_argument(
        "--restored", required=True, metavar="URL", help="نسخه‌ای که از پشتیبان برگردانده و روشن شده است"
    )
    options: argparse.Namespace = parser.parse_args(argv)
    try:
        with Store.open_server(options.restored) as copy, open_server_centre(options.database) as live:
            streams = announce(live, copy)
    except Trouble as trouble:
        say(one_line(trouble))
        return CANNOT
    print(f"{number(streams)} رشتهٔ شعبه‌ها تا آنجا که پشتیبان دارد پذیرفته شد.")
    return 0


def announce(live: Store, copy: Store) -> int:
    """Raise `durable_through` of every stream to what the copy holds; how many were raised.

    Raises Trouble P-2451 where the copy is the database in use itself, or of another centre.
    """
    with copy.read() as reader, live.write() as tx:
        if copy.know_identity() is None or copy.branch_id != live.branch_id or _same(reader, tx):
            raise Trouble("P-2451")
        return sum(_raise(tx, held) for held in reader.all(HELD))


def _same(one: Reader, other: Reader) -> bool:
    """Whether both connections lead to one running database."""
    return bool(one.run(SAME_SERVER).fetchone() == other.run(SAME_SERVER).fetchone())


def _raise(tx: Tx, held: Held) -> int:
    """Only along the very chain: after a return to an earlier moment a copy may hold what is no longer there."""
    of = (JournalEntry.device_id == held.device_id, JournalEntry.epoch == held.epoch, JournalEntry.seq == held.seq)
    kept = tx.connection.execute(sa.select(JournalEntry.chain).where(*of)).scalar()
    if kept is None or bytes(kept) != held.chain:
        return 0
    raised = tx.connection.execute(
        sa.update(Stream)
        .where(Stream.device_id == held.device_id, Stream.epoch == held.epoch, Stream.durable_through < held.seq)
        .values(durable_through=held.seq)
    )
    return int(raised.rowcount)
