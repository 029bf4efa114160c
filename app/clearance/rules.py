"""When a reader may be cleared (000 §3-1-3, §3-5-2). Pure; money in rials."""

from collections.abc import Iterator

from app.circulation.facts import MemberFacts
from app.clearance.facts import Obligations
from app.refusal import Refusal, Weight
from db.codes import MemberState

ARTICLE = "000 §3-1-3"
UNFIT = {MemberState.PENDING: "member.pending", MemberState.MERGED: "clearance.merged"}


def clearance_refusals(member: MemberFacts, duties: Obligations) -> Iterator[Refusal]:
    """Every reason against a certificate, with its number. Money that is owed to the reader is only asked about: it
    should be paid out before they go."""
    if member.state in UNFIT:
        yield Refusal(UNFIT[member.state])
    owed = {
        "clearance.open_loans": duties.open_loans,
        "clearance.lost": duties.lost,
        "clearance.debt": max(duties.balance, 0),
        "clearance.missing_parts": duties.missing_parts,
        "clearance.hold_on_shelf": duties.kept_holds,
        "clearance.guarantor_loans": duties.ward_loans,
        "clearance.guarantor_debt": duties.ward_debt,
    }
    for code, have in owed.items():
        if have:
            yield Refusal(code, ARTICLE, limit=0, have=have)
    if duties.balance < 0:
        yield Refusal("clearance.credit", have=-duties.balance, weight=Weight.CONFIRM)
