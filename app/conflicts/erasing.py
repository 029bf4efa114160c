"""What a branch has erased is erased in the centre's copy of its journal too, and in what it was told of the reader
(sync-protocol 13)."""

import datetime as dt
import uuid

import sqlalchemy as sa

from app.conflicts.writing import Round, named
from app.members.guests import FORGOTTEN
from app.policy.categories import VISITOR
from db.codes import CaseKind, CaseState
from db.journal import DECODER
from db.models.centre import SyncCase
from db.models.members import Member
from db.models.sync import ConflictValue, JournalEntry, Stream
from db.moments import to_ms

INTENT, SEEN = 9, 3  # places in an entry and in its intent
FARTHEST = dt.timedelta(days=2)
"""How far the clocks of the desks of one branch may be apart."""


def erase_too(round_: Round, branch_id: uuid.UUID, after: int, until: int) -> None:
    """For visitors that a branch has forgotten: the personal parts of the entries it names."""
    query = sa.select(Member.id, Member.deleted_at).where(
        Member.branch_id == branch_id,
        Member.bpos > after,
        Member.bpos <= until,
        Member.category == VISITOR,
        Member.deleted_at.is_not(None),
    )
    gone = {row.id: row.deleted_at for row in round_.tx.connection.execute(query)}
    if not gone:
        return
    _forget_what_lost(round_, branch_id, list(gone))
    for eids in _named(round_, branch_id, min(gone.values()) - FARTHEST):
        round_.tx.connection.execute(
            sa.update(JournalEntry)
            .where(JournalEntry.branch_id == branch_id, JournalEntry.eid.in_(eids))
            .values(personal=None)
        )


def _forget_what_lost(round_: Round, branch_id: uuid.UUID, members: list[uuid.UUID]) -> None:
    """Values of theirs that two machines wrote differently, and the cases that tell them."""
    about = {named(Member, member) for member in members}
    own = (SyncCase.branch_id == branch_id, SyncCase.kind == CaseKind.MEMBER_DIFFERS)
    for case in round_.rows(SyncCase, *own):
        if about & set(case.rows):
            round_.update(SyncCase, case, state=CaseState.CLOSED, stories={})
    round_.tx.connection.execute(sa.delete(ConflictValue).where(ConflictValue.row_id.in_(members)))


def _named(round_: Round, branch_id: uuid.UUID, since: dt.datetime) -> list[list[uuid.UUID]]:
    """What the entries of forgetting name, the newest first, back to a moment."""
    streams = sa.select(Stream.device_id, Stream.epoch).where(Stream.branch_id == branch_id)
    found = []
    for device_id, epoch in round_.tx.connection.execute(streams).all():
        entries = (
            sa.select(JournalEntry.kind, JournalEntry.at_ms, JournalEntry.body)
            .where(JournalEntry.device_id == device_id, JournalEntry.epoch == epoch)
            .order_by(JournalEntry.seq.desc())
            .execution_options(yield_per=500)
        )
        with round_.tx.connection.execute(entries) as rows:
            for kind, at_ms, body in rows:
                if at_ms < to_ms(since):
                    break
                if kind == FORGOTTEN:
                    seen = DECODER.decode(body)[INTENT][SEEN]
                    found.append([uuid.UUID(bytes=eid) for eid in seen["entries"]])
    return found
