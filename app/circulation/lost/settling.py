"""The price of a lost copy was paid in full: its loan is over, the copy stays lost (000 §3-1-2)."""

import uuid
from collections.abc import Iterable

import sqlalchemy as sa

from app.circulation import reads
from app.circulation.facts import LoanFacts
from app.library import Library
from db.act import Act
from db.codes import LoanEnd
from db.frozen import Frozen
from db.models.circulation import Loan
from db.writing import Tx

LOST_LOAN = Frozen(
    sa.select(*reads.LOAN_COLUMNS).where(
        Loan.id == sa.bindparam("loan"), Loan.lost_on.is_not(None), *reads.open_loan(Loan)
    ),
    LoanFacts,
)


def close_paid(library: Library, tx: Tx, settled_loan_ids: Iterable[uuid.UUID], act: Act) -> tuple[uuid.UUID, ...]:
    """Close the loans whose lost copies are settled, inside the transaction of the payment; returns those closed.

    A loan that is over already, or whose copy was found meanwhile, is left alone. The copy is on no card any more and
    stays lost; if it turns up, `finding.found_again` gives the money back.
    """
    library.keep_fresh(tx, act.day)
    closed = []
    for loan_id in settled_loan_ids:
        loan = tx.one(LOST_LOAN, loan=loan_id)
        if loan is not None:
            tx.update(Loan, loan, in_at=act.at, effective_in_on=loan.lost_on, ended_as=LoanEnd.PAID)
            closed.append(loan.id)
    return tuple(closed)
