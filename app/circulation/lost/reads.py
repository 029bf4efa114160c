"""What losing, finding and replacing read of a copy."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.circulation import reads
from app.circulation.facts import HoldFacts, ItemFacts, LoanFacts, MemberFacts
from app.circulation.lost.facts import CopyState
from app.library import Library
from app.policy.table import ANY, Terms
from db.codes import HoldState
from db.frozen import Frozen
from db.models.circulation import Hold, Loan
from db.models.items import Item
from db.reading import Reader

COPY_STATE = Frozen(
    sa.select(Item.id, Item.ver, Item.status, Item.condition, Item.replaced_by).where(Item.id == sa.bindparam("item")),
    CopyState,
)
REPLACES = Frozen(
    sa.select(Item.id).where(Item.replaced_by == sa.bindparam("item"), Item.deleted_at.is_(None)).limit(1),
    lambda item: item,
)
CLAIMS_OF_MEMBER = Frozen(
    sa.select(sa.func.count()).where(
        Loan.member_id == sa.bindparam("member"), Loan.claimed_returned_on.is_not(None), Loan.deleted_at.is_(None)
    ),
    int,
)
# Written as in the partial index of a copy's holds, so that SQLite recognises it.
KEPT_ON_SHELF = Frozen(
    sa.select(*reads.HOLD_COLUMNS).where(
        Hold.item_id == sa.bindparam("item"),
        sa.text(f"hold.state = '{HoldState.WAITING}'"),
        Hold.deleted_at.is_(None),
    ),
    HoldFacts,
)


@dataclass(frozen=True, slots=True)
class Case:
    """A copy with the loan that is to be judged: its open loan, else its last one; and the terms of that reader."""

    item: ItemFacts
    loan: LoanFacts | None
    last: LoanFacts | None
    member: MemberFacts | None
    terms: Terms

    @property
    def answering(self) -> LoanFacts | None:
        """The loan whose reader answers for the copy: who has it, else who had it last."""
        return self.loan or self.last


def case_of(library: Library, reader: Reader, key: str) -> Case | None:
    """Everything about the copy that a barcode or accession number names; None if there is none."""
    item = reads.find_item(reader, key)
    return None if item is None else case_of_item(library, reader, item)


def case_of_item(library: Library, reader: Reader, item: ItemFacts) -> Case:
    """Everything about a copy that was found already."""
    loan = reads.open_loan_of(reader, item)
    last = reader.one(reads.LAST_LOAN_OF_ITEM, item=item.id) if loan is None else None
    answering = loan or last
    member = None if answering is None or answering.member_id is None else _member(reader, answering.member_id)
    return Case(item, loan, last, member, library.terms(member.category if member else ANY, item.item_type))


def _member(reader: Reader, member_id: uuid.UUID) -> MemberFacts | None:
    return reader.one(reads.BY_MEMBER_ID, key=member_id)


def copy_state(reader: Reader, item_id: uuid.UUID) -> CopyState:
    """The columns that change. The copy is there."""
    state = reader.one(COPY_STATE, item=item_id)
    if state is None:
        raise RuntimeError("a copy that was just read is gone")
    return state
