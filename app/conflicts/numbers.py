"""Member numbers of the whole country: blocks given to branches, refilled before they run out (sync-protocol 1)."""

import uuid

import sqlalchemy as sa

from app.conflicts.writing import Round
from db.models.centre import MemberNumbers
from db.models.members import Member
from db.models.sync import Device

SIZE, LEAST = 200, 100
BEFORE_THE_FIRST = 1_000_000
"""National numbers have seven digits: those that branches gave out by themselves have six."""
BLOCKS = "member_numbers"


def give_numbers(round_: Round, branch_id: uuid.UUID) -> None:
    """A block for a branch that has less than a hundred left, or none yet; only for one that was enrolled."""
    known = sa.select(Device.id).where(Device.branch_id == branch_id).limit(1)
    if round_.tx.connection.execute(known).scalar() is None or _left(round_, branch_id) >= LEAST:
        return
    first = BEFORE_THE_FIRST + (round_.tx.next_number(BLOCKS) - 1) * SIZE + 1
    round_.insert(MemberNumbers, branch_id=branch_id, first=first, last=first + SIZE - 1, issued_at=round_.act.at)


def _left(round_: Round, branch_id: uuid.UUID) -> int:
    left = 0
    for block in round_.rows(MemberNumbers, MemberNumbers.branch_id == branch_id):
        taken = sa.select(sa.func.count()).where(
            Member.branch_id == branch_id,
            Member.member_no >= str(block.first),
            Member.member_no <= str(block.last),
            sa.func.length(Member.member_no) == len(str(block.last)),
        )
        left += block.last - block.first + 1 - round_.tx.connection.execute(taken).scalar_one()
    return left
