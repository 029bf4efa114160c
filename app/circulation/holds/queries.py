"""What screens, paper and programs read of holds: frozen rows."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.circulation import reads
from app.circulation.facts import HoldFacts, ItemFacts
from app.circulation.holds.reads import SHELVED_COPIES
from app.circulation.holds.rules import IN_LINE, is_over, positions, serve, stands_free
from app.circulation.holds.shelf import FREED, RESHELVED, may_stand
from app.clock import midnight
from app.library import HERE, Library
from app.policy.table import ANY
from db.codes import Channel, HoldState, NoticeKind, NoticeState
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Hold, Loan, Notice
from db.models.items import Item, ItemStatusChange, LocalUse
from db.models.members import Member
from db.reading import Reader
from db.types import Code, Id

MOST_ROWS = 500
REMEMBERED_DAYS = 60
"""How long a copy that came off the hold shelf is asked for."""


@dataclass(frozen=True, slots=True)
class HoldRow:
    """A hold as lists show it. `position` from 1 while it is in line; `shelf_until` the deadline of the copy that
    waits; `notice` the state of the newest word sent to the reader about it."""

    id: uuid.UUID
    state: HoldState
    priority: int
    placed_at: dt.datetime
    wanted_until: dt.date | None
    suspended_until: dt.date | None
    shelf_since: dt.date | None
    shelf_until: dt.date | None
    ended_at: dt.datetime | None
    end_reason: str | None
    channel: Channel
    title_id: uuid.UUID
    title: str
    main_creator: str | None
    only_this_item: bool
    item_id: uuid.UUID | None
    accession_no: int | None
    barcode: str | None
    call_number: str | None
    volume_no: str | None
    member_id: uuid.UUID | None
    given_name: str
    family_name: str
    member_no: str
    category: str
    mobile: str | None
    item_type: str | None
    notice: NoticeState | None
    position: int | None = None

    @property
    def member(self) -> str:
        """Given name and family name; "" for a reader who was removed."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """A copy on the hold shelf. `over`: its deadline has passed by the calendar, it goes at the next night."""

    hold: HoldRow
    over: bool


@dataclass(frozen=True, slots=True)
class PullRow:
    """A copy to fetch from the shelf, and for which hold. `waiting` is how many are in line for the title; `shelf_key`
    files by the order on the shelf."""

    hold: HoldRow
    item: ItemFacts
    waiting: int
    shelf_key: str


@dataclass(frozen=True, slots=True)
class ReshelveRow:
    """A copy that stood on the hold shelf and belongs in its place again."""

    item: ItemFacts
    since: dt.datetime


@dataclass(frozen=True, slots=True)
class QueuedTitle:
    """A title with its line: `copies` of it, how many wait (`queue`) and how many stand on the hold shelf."""

    title_id: uuid.UUID
    title: str
    main_creator: str | None
    copies: int
    queue: int
    on_shelf: int
    first: dt.datetime


NEWER = aliased(Notice)
NOTICE = (
    sa.select(NEWER.state)
    .where(NEWER.hold_id == Hold.id, NEWER.kind == NoticeKind.HOLD_READY, NEWER.deleted_at.is_(None))
    .order_by(NEWER.id.desc())
    .limit(1)
    .scalar_subquery()
)
HOLD_ROWS = (
    sa.select(
        Hold.id, Hold.state, Hold.priority, Hold.placed_at, Hold.wanted_until, Hold.suspended_until, Hold.shelf_since,
        Hold.shelf_until, Hold.ended_at, Hold.end_reason, Hold.channel, Title.id, Title.title, Title.main_creator,
        Hold.only_this_item, Item.id, Item.accession_no, Item.barcode, Item.call_number, Item.volume_no, Hold.member_id,
        sa.func.coalesce(Member.given_name, ""), sa.func.coalesce(Member.family_name, ""),
        sa.func.coalesce(Member.member_no, ""), sa.func.coalesce(Member.category, ""), Member.mobile, Item.item_type,
        NOTICE,
    )
    .join(Title, Title.id == Hold.title_id)
    .outerjoin(Item, Item.id == Hold.item_id)
    .outerjoin(Member, Member.id == Hold.member_id)
    .where(Hold.deleted_at.is_(None))
)  # fmt: skip
LIVE_OF_MEMBER = Frozen(
    HOLD_ROWS.where(Hold.member_id == sa.bindparam("member", type_=Id()), reads.WAITING_HOLDS).order_by(Hold.id),
    HoldRow,
)
LIVE_OF_TITLE = Frozen(
    HOLD_ROWS.where(Hold.title_id == sa.bindparam("title", type_=Id()), reads.WAITING_HOLDS).order_by(
        Hold.priority, Hold.id
    ),
    HoldRow,
)
WAITING = HOLD_ROWS.where(
    Hold.branch_id == HERE, Hold.state == sa.bindparam("state", type_=Code(HoldState)), reads.WAITING_HOLDS
)
ON_SHELF = Frozen(WAITING.order_by(Hold.shelf_until, Member.sort_key, Hold.id), HoldRow)
OF_COPY = Frozen(WAITING.where(Hold.item_id == sa.bindparam("item", type_=Id())), HoldRow)
LIVE_QUEUES = Frozen(
    sa.select(*reads.HOLD_COLUMNS)
    .where(Hold.branch_id == HERE, reads.WAITING_HOLDS, Hold.deleted_at.is_(None))
    .order_by(Hold.title_id, Hold.priority, Hold.id),
    HoldFacts,
)
IN_QUEUE = sa.or_(*(Hold.state == state for state in sorted(IN_LINE)))
QUEUED_TITLES = Frozen(
    sa.select(
        Title.id, Title.title, Title.main_creator,
        sa.select(sa.func.count()).where(Item.title_id == Title.id, Item.deleted_at.is_(None)).scalar_subquery(),
        sa.func.sum(sa.case((IN_QUEUE, 1), else_=0)),
        sa.func.sum(sa.case((IN_QUEUE, 0), else_=1)),
        sa.func.min(Hold.placed_at),
    )
    .join(Title, Title.id == Hold.title_id)
    .where(Hold.branch_id == HERE, reads.WAITING_HOLDS, Hold.deleted_at.is_(None))
    .group_by(Title.id, Title.title, Title.main_creator, Title.sort_key)
    .order_by(Title.sort_key),
    lambda title_id, title, creator, copies, queue, shelf, first: QueuedTitle(
        title_id, title, creator, int(copies), int(queue), int(shelf), first
    ),
)  # fmt: skip
LATER = aliased(ItemStatusChange)
KEPT = aliased(Hold)
# The copy came off the hold shelf, and nothing has been seen of it since.
NOT_SEEN_SINCE = (
    ItemStatusChange.why == FREED,
    ItemStatusChange.deleted_at.is_(None),
    ~sa.exists(
        sa.select(LATER.id).where(
            LATER.item_id == ItemStatusChange.item_id,
            sa.or_(LATER.at > ItemStatusChange.at, LATER.why == RESHELVED),
            LATER.at >= ItemStatusChange.at,
            LATER.deleted_at.is_(None),
        )
    ),
    ~sa.exists(
        sa.select(Loan.id).where(
            Loan.item_id == ItemStatusChange.item_id, Loan.out_at >= ItemStatusChange.at, Loan.deleted_at.is_(None)
        )
    ),
    ~sa.exists(
        sa.select(LocalUse.id).where(
            LocalUse.item_id == ItemStatusChange.item_id,
            LocalUse.at >= ItemStatusChange.at,
            LocalUse.deleted_at.is_(None),
        )
    ),
    ~sa.exists(
        sa.select(KEPT.id).where(
            KEPT.item_id == ItemStatusChange.item_id, KEPT.state == HoldState.WAITING, KEPT.deleted_at.is_(None)
        )
    ),
)
FREED_COPIES = Frozen(
    reads.ITEM_SELECT.add_columns(ItemStatusChange.at)
    .join(ItemStatusChange, ItemStatusChange.item_id == Item.id)
    .where(*reads.OUR_ITEM, *NOT_SEEN_SINCE, ItemStatusChange.at >= sa.bindparam("since"))
    .order_by(Item.shelf_key, Item.accession_no),
    lambda *columns: ReshelveRow(ItemFacts(*columns[:-1]), columns[-1]),
)
WAS_FREED = Frozen(
    sa.select(ItemStatusChange.id)
    .where(ItemStatusChange.item_id == sa.bindparam("item", type_=Id()), *NOT_SEEN_SINCE)
    .limit(1),
    lambda change: change,
)


def holds_of(reader: Reader, member_id: uuid.UUID, today: dt.date) -> list[HoldRow]:
    """The live holds of a reader: what waits for collection first, by deadline, then what is in line."""
    found = reader.all(LIVE_OF_MEMBER, member=member_id)
    lines = {title: positions(reader.all(reads.QUEUE, title=title)) for title in {row.title_id for row in found}}
    rows = [replace(row, position=lines[row.title_id].get(row.id)) for row in found]
    return sorted(rows, key=lambda row: (row.state is not HoldState.WAITING, row.shelf_until or today, row.placed_at))


def queue_of(reader: Reader, title_id: uuid.UUID) -> list[HoldRow]:
    """Everybody who waits for a title, in the order in which they are served."""
    rows = reader.all(LIVE_OF_TITLE, title=title_id)
    line = positions(reader.all(reads.QUEUE, title=title_id))
    return [replace(row, position=line.get(row.id)) for row in rows]


def list_holds(
    reader: Reader,
    member_id: uuid.UUID | None = None,
    title_id: uuid.UUID | None = None,
    state: HoldState | None = None,
) -> list[HoldRow]:
    """Holds of a reader, of a title, in a state: what is given has to fit. Ended ones are told only where their state
    is asked for; the newest come first, five hundred at most."""
    wanted = {Hold.member_id: member_id, Hold.title_id: title_id, Hold.state: state}
    query = HOLD_ROWS.where(Hold.branch_id == HERE, *(column == value for column, value in wanted.items() if value))
    if state is None:
        query = query.where(reads.WAITING_HOLDS)
    rows = [HoldRow(*tuple(row)) for row in reader.connection.execute(query.order_by(Hold.id.desc()).limit(MOST_ROWS))]
    lines = {title: positions(reader.all(reads.QUEUE, title=title)) for title in {row.title_id for row in rows}}
    return [replace(row, position=lines[row.title_id].get(row.id)) for row in rows]


def queued_titles(reader: Reader) -> list[QueuedTitle]:
    """The titles somebody waits for, filed by title."""
    return reader.all(QUEUED_TITLES)


def kept_copy(reader: Reader, item_id: uuid.UUID) -> HoldRow | None:
    """The hold for which a copy stands on the hold shelf: what the slip tells."""
    return reader.one(OF_COPY, item=item_id, state=HoldState.WAITING)


def hold_shelf(library: Library, reader: Reader, today: dt.date) -> list[ShelfRow]:
    """What stands on the hold shelf, the earliest deadline first."""
    rows = reader.all(ON_SHELF, state=HoldState.WAITING)
    return [ShelfRow(row, _is_over(library, row, today)) for row in rows]


def _is_over(library: Library, row: HoldRow, today: dt.date) -> bool:
    if row.shelf_until is None:
        return False
    on_closed_days = library.terms(row.category or ANY, row.item_type or ANY).flag("expire_on_closed_days")
    return is_over(row.shelf_until, today, library.calendar, expires_on_closed_days=on_closed_days)


def freed_copies(reader: Reader, today: dt.date) -> list[ReshelveRow]:
    """Copies that came off the hold shelf and that nobody has seen since: they go back to their place."""
    return reader.all(FREED_COPIES, since=midnight(today - dt.timedelta(days=REMEMBERED_DAYS)))


def was_freed(reader: Reader, item_id: uuid.UUID) -> bool:
    """Whether a copy is one of them."""
    return reader.one(WAS_FREED, item=item_id) is not None


def pull_list(library: Library, reader: Reader, today: dt.date) -> list[PullRow]:
    """Which copies to fetch for whom, in the order of the shelf: one row for each hold that a copy standing there could
    serve today."""
    rows = [
        row
        for _, queue in groupby(reader.all(LIVE_QUEUES), key=attrgetter("title_id"))
        for row in pulled_for(library, reader, list(queue), today)
    ]
    return sorted(rows, key=lambda row: (row.shelf_key, row.item.accession_no))


def pulled_for(library: Library, reader: Reader, queue: Sequence[HoldFacts], today: dt.date) -> Iterator[PullRow]:
    """The rows of one title's queue."""
    title_id = queue[0].title_id
    copies = {copy.id: (copy, key) for copy, key in reader.all(SHELVED_COPIES, title=title_id)}
    standing = [copy for copy, _ in copies.values() if stands_free(copy, queue)]
    if not standing:
        return
    told = {row.id: row for row in queue_of(reader, title_id)}
    barred = {
        (hold.id, copy.id)
        for hold in queue
        for copy in standing
        if not may_stand(copy, library.terms(told[hold.id].category, copy.item_type))
    }
    for hold_id, copy in serve(standing, queue, today, barred).items():
        yield PullRow(told[hold_id], copy, len(positions(queue)), copies[copy.id][1])
