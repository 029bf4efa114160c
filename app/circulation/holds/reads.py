"""What the use cases of holds read: statements compiled once, run on the driver connection."""

import datetime as dt
import uuid
from collections.abc import Collection

import sqlalchemy as sa

from app.circulation import reads
from app.circulation.facts import HoldFacts, ItemFacts
from app.circulation.holds.outcomes import HeldTitle, Place
from app.circulation.holds.rules import IN_LINE, OwnHold, positions
from app.clock import day_of
from app.library import HERE
from db.codes import HoldState
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Hold, Loan
from db.models.items import Item
from db.reading import Reader
from db.types import Code, Id

TITLE = Frozen(
    sa.select(Title.id, Title.title, Title.main_creator).where(
        Title.id == sa.bindparam("title"), Title.branch_id == HERE, Title.deleted_at.is_(None)
    ),
    HeldTitle,
)
OF_TITLE = reads.ITEM_SELECT.where(Item.title_id == sa.bindparam("title"), *reads.OUR_ITEM).order_by(
    Item.shelf_key, Item.accession_no
)
COPIES = Frozen(OF_TITLE, ItemFacts)
SHELVED_COPIES = Frozen(
    OF_TITLE.add_columns(Item.shelf_key), lambda *columns: (ItemFacts(*columns[:-1]), columns[-1] or "")
)
HOLD = Frozen(
    sa.select(*reads.HOLD_COLUMNS).where(Hold.id == sa.bindparam("hold"), Hold.deleted_at.is_(None)), HoldFacts
)
# A hold has no type of its own: it has that of its copy, or of any copy of its title.
OF_TYPE = sa.exists(
    sa.select(Item.id).where(
        Item.title_id == Hold.title_id,
        Item.item_type == sa.bindparam("item_type", type_=sa.Text()),
        sa.or_(Hold.item_id.is_(None), Hold.item_id == Item.id),
        reads.LIVE_ITEM,
    )
)
LIVE_HOLDS_OF_MEMBER = Frozen(
    sa.select(Hold.id, Hold.title_id, Hold.item_id, OF_TYPE, Hold.placed_at).where(
        Hold.member_id == sa.bindparam("member", type_=Id()), reads.WAITING_HOLDS, Hold.deleted_at.is_(None)
    ),
    lambda hold_id, title, item, of_type, placed_at: OwnHold(hold_id, title, item, bool(of_type), day_of(placed_at)),
)
# The last hold of a reader on a title, live or not: what a repeated request speaks about.
LAST_OF_MEMBER = Frozen(
    sa.select(*reads.HOLD_COLUMNS)
    .where(
        Hold.member_id == sa.bindparam("member", type_=Id()),
        Hold.title_id == sa.bindparam("title", type_=Id()),
        Hold.deleted_at.is_(None),
    )
    .order_by(Hold.id.desc())
    .limit(1),
    HoldFacts,
)
WAITING_UNTIL = Frozen(
    sa.select(*reads.HOLD_COLUMNS)
    .where(
        Hold.state == sa.bindparam("state", type_=Code(HoldState)),
        Hold.shelf_until < sa.bindparam("day", type_=sa.Date()),
        reads.WAITING_HOLDS,
        Hold.deleted_at.is_(None),
    )
    .order_by(Hold.shelf_until, Hold.priority, Hold.id),
    HoldFacts,
)
TIMED_IN_LINE = Frozen(
    sa.select(*reads.HOLD_COLUMNS)
    .where(
        sa.or_(*(Hold.state == state for state in sorted(IN_LINE))),
        sa.or_(
            Hold.wanted_until < sa.bindparam("day", type_=sa.Date()),
            Hold.suspended_until <= sa.bindparam("day", type_=sa.Date()),
        ),
        reads.WAITING_HOLDS,
        Hold.deleted_at.is_(None),
    )
    .order_by(Hold.priority, Hold.id),
    HoldFacts,
)


def title_of(reader: Reader, title_id: uuid.UUID) -> HeldTitle | None:
    """A title of this library."""
    return reader.one(TITLE, title=title_id)


def copies_of(reader: Reader, title_id: uuid.UUID) -> list[ItemFacts]:
    """The copies of a title in the order of the shelf."""
    return reader.all(COPIES, title=title_id)


def hold_of(reader: Reader, hold_id: uuid.UUID) -> HoldFacts | None:
    """One hold, live or ended."""
    return reader.one(HOLD, hold=hold_id)


def own_holds(reader: Reader, member_id: uuid.UUID, item_type: str) -> list[OwnHold]:
    """The live holds of a reader, with whether each is of a type."""
    return reader.all(LIVE_HOLDS_OF_MEMBER, member=member_id, item_type=item_type)


def overdue_on_shelf(reader: Reader, day: dt.date) -> list[HoldFacts]:
    """Holds whose deadline on the hold shelf was before `day`, by the letter of the date."""
    return reader.all(WAITING_UNTIL, state=HoldState.WAITING, day=day)


def timed_in_line(reader: Reader, day: dt.date) -> list[HoldFacts]:
    """Holds in line that are wanted no longer, or whose suspension has ended, on `day`."""
    return reader.all(TIMED_IN_LINE, day=day)


def place_of(reader: Reader, hold: HoldFacts) -> Place:
    """Where a hold stands in its line now."""
    line = positions(reader.all(reads.QUEUE, title=hold.title_id))
    now = reader.one(HOLD, hold=hold.id) or hold
    return Place(hold.id, now.state, line.get(hold.id), len(line))


def is_promised(reader: Reader, item_id: uuid.UUID, but: Collection[uuid.UUID]) -> bool:
    """Whether somebody has a copy, or it stands on the hold shelf for somebody, loans and holds of `but` left out."""
    lent = sa.select(Loan.id).where(Loan.item_id == item_id, Loan.id.not_in(but), *reads.OPEN)
    kept = sa.select(Hold.id).where(
        Hold.item_id == item_id, Hold.id.not_in(but), Hold.state == HoldState.WAITING, Hold.deleted_at.is_(None)
    )
    return reader.connection.execute(lent.union_all(kept).limit(1)).first() is not None
