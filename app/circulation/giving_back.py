"""The end of a loan inside somebody's transaction: at the return desk, or because another reader takes the copy."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.circulation.facts import HoldFacts, ItemFacts, LoanFacts, MemberFacts
from app.circulation.lateness import LateLoan, Penalty, charge_return
from app.circulation.lost.facts import Refund
from app.circulation.lost.finding import found_again
from app.circulation.open_bans import lift_open_bans
from app.library import Library
from db.act import Act
from db.codes import ItemStatus, LoanEnd
from db.models.circulation import Loan
from db.models.items import ItemStatusChange
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class Ending:
    """A loan that ends on `day`, whose reader (None: gone) and copy it was, and who waits for the title."""

    loan: LoanFacts
    member: MemberFacts | None
    item: ItemFacts
    queue: Sequence[HoldFacts]
    day: dt.date
    missing_parts: str | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """What the end of a loan cost and gave back. `ban_lifted`: it was the last late book, for which a ban stood."""

    penalty: Penalty
    refund: Refund
    ban_lifted: bool = False


def end_loan(library: Library, tx: Tx, ending: Ending, act: Act) -> Ended:
    """Close the loan, then fine and ban to its effective day, then lift the ban that only stood until the last late
    book was back; a copy that had been lost gives back what its loss cost. The caller changes the copy itself."""
    loan, member, item = ending.loan, ending.member, ending.item
    values: dict[str, Any] = {"in_at": act.at, "effective_in_on": ending.day, "ended_as": LoanEnd.RETURNED}
    if ending.missing_parts is not None:
        values["missing_parts"] = ending.missing_parts
    tx.update(Loan, loan, **values)
    penalty, lifted = Penalty(), False
    if member is not None:
        penalty = charge_return(library, tx, LateLoan(member, item, loan, ending.queue, ending.day), act)
        lifted = loan.due_on < act.day and lift_open_bans(tx, member, loan, act)
    refund = found_again(library, tx, item, loan, act) if loan.lost_on is not None else Refund()
    return Ended(penalty, refund, lifted)


def note_change(tx: Tx, item: ItemFacts, became: ItemStatus, why: str, act: Act, remark: str | None = None) -> None:
    """A copy's status changed otherwise than by lending and taking back: the loans do not tell that, so a row of its
    own does."""
    tx.insert(
        ItemStatusChange, item_id=item.id, at=act.at, was=item.status, became=became, why=why, remark=remark,
    )  # fmt: skip


def note_found(tx: Tx, item: ItemFacts, act: Act) -> None:
    """A copy that was recorded elsewhere is here."""
    note_change(tx, item, ItemStatus.AVAILABLE, "found", act)
