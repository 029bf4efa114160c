"""What a reader of several branches has in hand and owes, told to each of them (sync-protocol 11). A branch learns
numbers, never where or what."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.clock import midnight
from app.conflicts.people import PersonRow
from app.conflicts.sightings import freed_loans
from app.conflicts.writing import Round, named
from app.policy.stored import policy_at
from app.policy.table import ANY
from db.codes import CaseKind, Channel
from db.models.centre import MemberStanding
from db.models.circulation import LedgerLine, Loan
from db.models.members import Member, Restriction
from db.trouble import Trouble
from db.writing import Tx

CEILINGS = ("max_loans_all_types", "max_loans_branch", "max_items_per_national_id")
OPEN = (Loan.in_at.is_(None), Loan.presumed_in_at.is_(None), Loan.deleted_at.is_(None))
OF_A_READER = (Loan, LedgerLine, Restriction)
"""Tables whose rows change a standing."""


@dataclass(frozen=True, slots=True)
class InHand:
    """What one row of a reader stands for. `loans` left the house and have not been seen at another branch since."""

    loans: int = 0
    debt: int = 0
    banned: bool = False


def readers_changed(tx: Tx, branch_id: uuid.UUID, after: int, until: int) -> set[uuid.UUID]:
    """Readers of a branch whose loans, debts or bans came in between two positions."""
    found: set[uuid.UUID] = set()
    for model in OF_A_READER:
        query = sa.select(model.member_id).where(
            model.branch_id == branch_id, model.bpos > after, model.bpos <= until, model.member_id.is_not(None)
        )
        found |= {member for member in tx.connection.execute(query.distinct()).scalars() if member is not None}
    return found


def bans_over(round_: Round) -> set[uuid.UUID]:
    """Readers who were told of as banned on a day before: the ban may be over, and nothing came in to tell it."""
    today = midnight(round_.act.day)
    query = sa.select(MemberStanding.member_id).where(
        MemberStanding.banned_elsewhere, MemberStanding.as_of < today, MemberStanding.deleted_at.is_(None)
    )
    return set(round_.tx.connection.execute(query).scalars())


def in_hand(round_: Round, members: Collection[uuid.UUID]) -> Mapping[uuid.UUID, InHand]:
    """What each of these rows stands for."""
    tx, wanted = round_.tx, list(members)
    loans: dict[uuid.UUID, int] = {}
    query = sa.select(Loan.id, Loan.member_id).where(Loan.member_id.in_(wanted), Loan.channel != Channel.ONSITE, *OPEN)
    open_loans = [(loan, member) for loan, member in tx.connection.execute(query) if member is not None]
    freed = freed_loans(round_, [loan for loan, _ in open_loans])
    for loan, member in open_loans:
        loans[member] = loans.get(member, 0) + (loan not in freed)
    owed = (
        sa.select(LedgerLine.member_id, sa.func.sum(LedgerLine.amount))
        .where(LedgerLine.member_id.in_(wanted), LedgerLine.deleted_at.is_(None))
        .group_by(LedgerLine.member_id)
    )
    debts = {member: int(amount) for member, amount in tx.connection.execute(owed) if member is not None}
    bans = sa.select(Restriction.member_id).where(
        Restriction.member_id.in_(wanted),
        Restriction.lifted_at.is_(None),
        Restriction.deleted_at.is_(None),
        sa.or_(Restriction.until.is_(None), Restriction.until >= round_.act.day),
    )
    banned = set(tx.connection.execute(bans).scalars())
    return {row: InHand(loans.get(row, 0), debts.get(row, 0), row in banned) for row in wanted}


def tell_standings(round_: Round, rows: Sequence[PersonRow], counts: Mapping[uuid.UUID, InHand]) -> None:
    """Tell each branch what the reader has elsewhere. Nothing is written where it was told so before."""
    known = {row.member_id: row for row in _standings(round_, [row.id for row in rows])}
    for row in rows:
        others = [counts[other.id] for other in rows if other.branch_id != row.branch_id]
        told = {
            "home": row.home,
            "open_elsewhere": sum(other.loans for other in others),
            "debt_elsewhere": any(other.debt > 0 for other in others),
            "banned_elsewhere": any(other.banned for other in others),
        }
        before = known.get(row.id)
        if before is None:
            round_.insert(MemberStanding, branch_id=row.branch_id, member_id=row.id, as_of=round_.act.at, **told)
        elif any(getattr(before, name) != value for name, value in told.items()):
            round_.update(MemberStanding, before, as_of=round_.act.at, **told)


def withdraw(round_: Round, members: Collection[uuid.UUID]) -> None:
    """Rows that are matched with nobody any more have no standing."""
    for row in _standings(round_, members):
        round_.remove(MemberStanding, row)


def _standings(round_: Round, members: Collection[uuid.UUID]) -> list[sa.Row[tuple[object, ...]]]:
    return round_.rows(MemberStanding, MemberStanding.member_id.in_(list(members)))


def weigh(round_: Round, rows: Sequence[PersonRow], counts: Mapping[uuid.UUID, InHand]) -> None:
    """Lent over the limit at branches that did not know of each other: both loans stay, and everybody who is concerned
    is told; below the limit it is over by itself (sync-protocol 11)."""
    limit = _limit(round_, rows[0]) if rows[0].home else None
    total = sum(count.loans for count in counts.values())
    for row in rows:
        about = [named(Member, row.id)]
        here = counts[row.id].loans
        if limit is not None and total > limit and (here or row.home):
            stories = {"limit": limit, "total": total, "here": here, "elsewhere": total - here, "home": row.home}
            round_.open_case(CaseKind.OVER_LIMIT, row.branch_id, about, stories)
        else:
            round_.close_case(CaseKind.OVER_LIMIT, row.branch_id, about)


def _limit(round_: Round, home: PersonRow) -> int | None:
    """How many copies the library at home lets the reader have, by its rules of today."""
    try:
        policy = policy_at(round_.tx, home.branch_id, round_.centre.id, round_.act.day)
    except Trouble:  # its rules have not come in yet
        return None
    terms = policy.resolve(home.branch, home.category, ANY)
    limits = [limit for name in CEILINGS if (limit := terms.limit(name)) is not None]
    return min(limits, default=None)
