"""Ageing: a loan that is very long overdue counts as lost (`long_overdue_days`). Nightly, harmless when repeated."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from app.calendar.rules import days_late
from app.circulation import reads
from app.circulation.lost.declaring import write_loss
from app.circulation.lost.facts import Aged, Declared
from app.circulation.lost.reads import Case, case_of_item
from app.library import Library
from db.act import Act
from db.frozen import Frozen
from db.journal import Intent
from db.models.circulation import Loan
from db.writing import Tx

REASON = "دیرکرد بسیار بلند"
CHUNK = 50
"""Loans one transaction ages: a loan makes up to twenty changes, and the desk must not wait."""

LATE_SINCE = Frozen(
    sa.select(Loan.item_id)
    .where(
        Loan.due_on < sa.bindparam("before", type_=sa.Date()),
        Loan.lost_on.is_(None),
        Loan.claimed_returned_on.is_(None),
        *reads.OPEN,
    )
    .order_by(Loan.due_on, Loan.id),
    lambda item_id: item_id,
)


def age_long_overdue(library: Library, act: Act, day: dt.date) -> Aged:
    """Declare lost every loan that on `day` is later than its policy's limit. A claimed return is left to its search;
    nothing is aged while the clock is doubtful.

    Each chunk is a transaction with a journal entry of its own, so that an interrupted night goes on where it stopped.
    """
    shortest = min(_limits(library), default=None)
    if shortest is None or act.stamp.doubtful:
        return Aged()
    with library.store.read() as reader:
        late = reader.all(LATE_SINCE, before=day - dt.timedelta(days=shortest))
    declared: list[Declared] = []
    for start in range(0, len(late), CHUNK):
        declared += _age(library, late[start : start + CHUNK], act, day)
    return Aged(
        len(declared),
        sum(one.charged + one.fee for one in declared),
        tuple(one.item.accession_no for one in declared if one.unpriced),
    )


def _limits(library: Library) -> Iterator[int]:
    """Every limit that a row of the policy gives: what no row speaks of ages nothing."""
    for row in library.policy.rows:
        value = row.values.get("long_overdue_days")
        if isinstance(value, int):
            yield value


def _age(library: Library, item_ids: Sequence[uuid.UUID], act: Act, day: dt.date) -> list[Declared]:
    declared = []
    with library.store.write() as tx:
        library.keep_fresh(tx, act.day)
        for item_id in item_ids:
            case = _case(library, tx, item_id)
            if case is not None and _is_due(library, case, day):
                declared.append(write_loss(library, tx, case, None, REASON, act, why="long_overdue"))
        if declared:
            tx.record("loan.aged", act, Intent(library.policy.version, reason=REASON))
    return declared


def _case(library: Library, tx: Tx, item_id: uuid.UUID) -> Case | None:
    item = tx.one(reads.BY_ITEM_ID, key=item_id)
    return None if item is None else case_of_item(library, tx, item)


def _is_due(library: Library, case: Case, day: dt.date) -> bool:
    """Read again inside the transaction: another desk may have taken the copy back meanwhile."""
    loan, limit = case.loan, case.terms.limit("long_overdue_days")
    if loan is None or limit is None or loan.lost_on is not None or loan.claimed_returned_on is not None:
        return False
    return days_late(loan.due_on, day, library.calendar, case.terms.flag("skip_closed")) > limit
