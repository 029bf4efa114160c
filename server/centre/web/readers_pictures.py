"""Whose pages are photographed: the reader with the most to show, with some requests on their way."""

import sqlalchemy as sa

from app.centre import Centre
from app.circulation.reads import OPEN, WAITING_HOLDS
from app.policy.categories import VISITOR
from app.readers.asking import AReader, ask_hold, ask_purchase, ask_renewals
from app.readers.own import own_loans
from db.codes import MemberState
from db.models.catalogue import Title
from db.models.circulation import Hold, LedgerLine, Loan
from db.models.members import Member
from server.centre.web.sessions import ReaderSeat

WISH = "تاریخ بیهقی، تصحیح علی‌اکبر فیاض، نشر هرمس"
MOST = 4


def reader_for_pictures(centre: Centre) -> ReaderSeat:
    """The reader; the first time a renewal, a hold and a wish are sent for them."""
    now = centre.clock.read().day
    loans, late, holds, lines = (
        sa.func.least(
            sa.select(sa.func.count())
            .select_from(model)
            .where(model.member_id == Member.id, *conditions)
            .scalar_subquery(),
            MOST,
        )
        for model, conditions in (
            (Loan, OPEN),
            (Loan, (*OPEN, Loan.due_on < now)),
            (Hold, (WAITING_HOLDS, Hold.deleted_at.is_(None))),
            (LedgerLine, ()),
        )
    )
    query = (
        sa.select(Member.id, Member.branch_id)
        .where(Member.deleted_at.is_(None), Member.state == MemberState.ACTIVE, Member.category != VISITOR)
        .order_by((loans + 2 * late + 3 * holds + lines).desc(), Member.id)
        .limit(1)
    )
    with centre.store.read() as reader:
        found = reader.connection.execute(query).one()
        in_hand = own_loans(reader, found.id)
        some_title = sa.select(Title.id).where(Title.branch_id == found.branch_id).order_by(Title.sort_key).limit(1)
        title = reader.connection.execute(some_title).scalar_one()
    who = AReader(found.id, found.branch_id)
    ask_renewals(centre, who, [loan.id for loan in in_hand[-1:]])
    ask_hold(centre, who, title)
    ask_purchase(centre, who, WISH)
    return ReaderSeat(found.id, found.branch_id)
