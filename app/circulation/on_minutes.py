"""A copy on weeding minutes that comes to the desk: kept back until the answer, set aside once it is to go."""

import sqlalchemy as sa

from app.circulation.facts import ItemFacts
from app.circulation.outcomes import ReturnNote
from db.codes import MinutesState, Verdict
from db.frozen import Frozen
from db.models.collection import Minutes, MinutesRow, RulingRow
from db.reading import Reader

REFUSED = sa.exists(
    sa.select(RulingRow.id)
    .select_from(RulingRow)
    .join(MinutesRow, MinutesRow.id == RulingRow.minutes_row_id)
    .where(
        RulingRow.minutes_id == Minutes.id,
        MinutesRow.item_id == sa.bindparam("item"),
        RulingRow.verdict == Verdict.REJECT,
        RulingRow.deleted_at.is_(None),
    )
)
# Closed minutes hold only the copies they are still to weed; of ruled ones a copy goes unless a level refused it.
TO_BE_WEEDED = Frozen(
    sa.select(Minutes.id).where(
        Minutes.id == sa.bindparam("minutes"),
        sa.or_(Minutes.state == MinutesState.CLOSED, sa.and_(Minutes.state == MinutesState.RULED, sa.not_(REFUSED))),
    ),
    lambda minutes: minutes,
)


def minutes_note(reader: Reader, item: ItemFacts) -> ReturnNote | None:
    """What the desk is to do with a copy on weeding minutes: keep it back (002 م7-4), or put it with those that go."""
    if item.on_minutes_id is None:
        return None
    goes = reader.one(TO_BE_WEEDED, minutes=item.on_minutes_id, item=item.id) is not None
    return ReturnNote.WEED_ON_RETURN if goes else ReturnNote.ON_WEEDING_MINUTES
