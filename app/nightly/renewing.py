"""Automatic renewal (`auto_renew`): on the day a loan is due, where nothing speaks against it. Counted as unseen."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app.circulation import reads
from app.circulation.outcomes import Renewed
from app.circulation.renewal import Renewal, renewal_intent, write_renewal
from app.library import Library
from app.refusal import NO_ANSWER
from db.act import Act
from db.codes import Channel
from db.frozen import Frozen
from db.models.circulation import Loan
from db.reading import Reader

CHUNK = 25
"""Loans one transaction renews, so that the desk need not wait."""

DUE_TODAY = Frozen(
    sa.select(Loan.item_id)
    .where(
        Loan.due_on == sa.bindparam("day", type_=sa.Date()),
        Loan.channel != Channel.ONSITE,
        Loan.lost_on.is_(None),
        Loan.claimed_returned_on.is_(None),
        Loan.member_id.is_not(None),
        *reads.OPEN,
    )
    .order_by(Loan.id),
    lambda item_id: item_id,
)


def renew_due(library: Library, act: Act) -> int:
    """Renew what is due on `act.day` and may renew itself; returns how many loans were."""
    if not any(row.values.get("auto_renew") for row in library.policy.rows):
        return 0
    with library.store.read() as reader:
        items = reader.all(DUE_TODAY, day=act.day)
    return sum(_renew(library, items[start : start + CHUNK], act) for start in range(0, len(items), CHUNK))


def _renew(library: Library, items: Sequence[uuid.UUID], act: Act) -> int:
    with library.store.write() as tx:
        library.keep_fresh(tx, act.day)
        renewals = [renewal for item_id in items if (renewal := _due(library, tx, item_id, act)) is not None]
        outcomes = [write_renewal(library, tx, renewal, act) for renewal in renewals]
        renewed = sum(isinstance(outcome, Renewed) for outcome in outcomes)
        if renewed:
            tx.record("loan.renewed", act, renewal_intent(library, NO_ANSWER))
    return renewed


def _due(library: Library, reader: Reader, item_id: uuid.UUID, act: Act) -> Renewal | None:
    """The renewal of the loan of a copy, if it is still due today and its rules renew it unasked."""
    item = reader.one(reads.BY_ITEM_ID, key=item_id)
    loan = reads.open_loan_of(reader, item) if item else None
    member = reader.one(reads.BY_MEMBER_ID, key=loan.member_id) if loan else None
    if item is None or loan is None or member is None or loan.due_on != act.day:
        return None
    if not library.terms(member.category, item.item_type).flag("auto_renew"):
        return None
    return Renewal(member, item, loan, unseen=True)
