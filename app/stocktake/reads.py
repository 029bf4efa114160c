"""What shelf-reading reads of sessions, scans and copies."""

import datetime as dt
import uuid
import zlib
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from app.catalogue.isbn import valid_isbn13
from app.circulation import reads as desk
from app.circulation.finding import unlabelled
from app.clock import day_of
from app.library import HERE
from app.outcome import NotFound
from app.persian.digits import typed
from app.stocktake.facts import Between, Holder, IsbnInstead, PastScan, Session, ShelfCopy, Stranger
from app.stocktake.rules import ORDERED
from app.stocktake.shelf import LAST, WINDOW, Place, Shelf
from db.codes import BindingState, HoldState, ItemStatus, StocktakeFinding, StocktakeState
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Hold
from db.models.collection import BindingRequest, BindingRow, Stocktake, StocktakeScan
from db.models.items import Item, ItemStatusChange
from db.reading import Reader
from db.types import Id
from db.writing import Tx

LEAP = 40
"""Copies that stand between two books read one after the other: so many may be a shelf that was passed over, or a book
far from its place."""
MOST_DIGITS = 18
FIRST = "!"  # before every shelf key but the empty one


def _session(*columns: Any) -> Session:
    session_id, ver, name, state, start, end, section, opened_at, *rest = columns
    return Session(session_id, ver, name, state, Shelf(start, end, section), opened_at, day_of(opened_at), *rest)


SESSION_COLUMNS = (
    Stocktake.id, Stocktake.ver, Stocktake.name, Stocktake.state, Stocktake.shelf_from, Stocktake.shelf_to,
    Stocktake.section, Stocktake.opened_at, Stocktake.closed_at, Stocktake.figures, Stocktake.document_id,
    Stocktake.sheet_id,
)  # fmt: skip
OURS = (Stocktake.branch_id == HERE, Stocktake.deleted_at.is_(None))
SESSION = Frozen(sa.select(*SESSION_COLUMNS).where(Stocktake.id == sa.bindparam("session"), *OURS), _session)
# A scan and the end of its session wait for each other, so that no copy is read into a session that has just ended.
SESSION_TO_CHANGE = Frozen(
    sa.select(*SESSION_COLUMNS).where(Stocktake.id == sa.bindparam("session"), *OURS).with_for_update(), _session
)
SESSIONS = Frozen(sa.select(*SESSION_COLUMNS).where(*OURS).order_by(Stocktake.opened_at.desc()), _session)
OPEN_SESSIONS = Frozen(
    sa.select(*SESSION_COLUMNS)
    .where(*OURS, Stocktake.state == StocktakeState.OPEN)
    .order_by(Stocktake.opened_at, Stocktake.id),
    _session,
)
EXPECTED = Frozen(sa.select(Stocktake.expected).where(Stocktake.id == sa.bindparam("session")), bytes)

SENT_AWAY = (
    BindingRow.received_on.is_(None),
    BindingRow.deleted_at.is_(None),
    BindingRequest.state == BindingState.DISPATCHED,
)
AT_BINDERY = sa.exists(
    sa.select(BindingRow.id)
    .join(BindingRequest, BindingRequest.id == BindingRow.request_id)
    .where(BindingRow.item_id == Item.id, *SENT_AWAY)
)
COPY_SELECT = sa.select(
    Item.id, Item.ver, Item.accession_no, Item.barcode, Title.title, Title.main_creator, Item.volume_no,
    Item.call_number, Item.shelf_key, Item.section, Item.status, Item.condition, Item.on_minutes_id, AT_BINDERY,
).join(Title, Title.id == Item.title_id)  # fmt: skip
LIVE = Item.deleted_at.is_(None)
OUR_ITEM = (Item.branch_id == HERE, LIVE)
BY_BARCODE = Frozen(COPY_SELECT.where(Item.barcode == sa.bindparam("key"), *OUR_ITEM), ShelfCopy)
BY_ACCESSION = Frozen(COPY_SELECT.where(Item.accession_no == sa.bindparam("key"), *OUR_ITEM), ShelfCopy)
BY_ISBN = Frozen(
    COPY_SELECT.where(Title.isbn == sa.bindparam("isbn"), Title.branch_id == HERE, *OUR_ITEM).order_by(
        Item.accession_no
    ),
    ShelfCopy,
)
BY_ID = Frozen(COPY_SELECT.where(Item.id == sa.bindparam("item")), ShelfCopy)

SCAN_COLUMNS = (
    StocktakeScan.id, StocktakeScan.ver, StocktakeScan.scanner, StocktakeScan.position, StocktakeScan.code,
    StocktakeScan.item_id, StocktakeScan.at, StocktakeScan.condition, StocktakeScan.finding,
)  # fmt: skip
OF_SESSION = (StocktakeScan.stocktake_id == sa.bindparam("session"), StocktakeScan.deleted_at.is_(None))
SCANS = Frozen(sa.select(*SCAN_COLUMNS).where(*OF_SESSION).order_by(StocktakeScan.id), PastScan)
# What a copy told last.
TOLD_OF_ITEM = Frozen(
    sa.select(*SCAN_COLUMNS)
    .where(
        *OF_SESSION,
        StocktakeScan.item_id == sa.bindparam("item"),
        StocktakeScan.finding != StocktakeFinding.AGAIN,
    )
    .order_by(StocktakeScan.id.desc())
    .limit(1),
    PastScan,
)
LAST_CHANGE = Frozen(
    sa.select(ItemStatusChange.at)
    .where(ItemStatusChange.item_id == sa.bindparam("item", type_=Id()), ItemStatusChange.deleted_at.is_(None))
    .order_by(ItemStatusChange.at.desc())
    .limit(1),
    lambda at: at,
)
OF_SCANNER = (*OF_SESSION, StocktakeScan.scanner == sa.bindparam("scanner"))
LAST_POSITION = Frozen(sa.select(sa.func.coalesce(sa.func.max(StocktakeScan.position), 0)).where(*OF_SCANNER), int)
LAST_COPY_OF_SCANNER = Frozen(
    sa.select(*SCAN_COLUMNS)
    .where(*OF_SCANNER, StocktakeScan.item_id.is_not(None))
    .order_by(StocktakeScan.position.desc(), StocktakeScan.id.desc())
    .limit(1),
    PastScan,
)
# The books that this scanner read last and whose order counts, the newest first, each with where it belongs.
WINDOW_OF_SCANNER = Frozen(
    sa.select(*SCAN_COLUMNS, Item.section, Item.shelf_key)
    .join(Item, Item.id == StocktakeScan.item_id)
    .where(*OF_SCANNER, sa.or_(*(StocktakeScan.finding == finding for finding in ORDERED)), Item.shelf_key != "")
    .order_by(StocktakeScan.position.desc(), StocktakeScan.id.desc())
    .limit(WINDOW - 1),
    lambda *columns: (PastScan(*columns[:-2]), Place(*columns[-2:])),
)
SEEN_IN_OPEN_SESSIONS = Frozen(
    sa.select(StocktakeScan.item_id)
    .join(Stocktake, Stocktake.id == StocktakeScan.stocktake_id)
    .where(
        *OURS,
        Stocktake.state == StocktakeState.OPEN,
        StocktakeScan.item_id.is_not(None),
        StocktakeScan.deleted_at.is_(None),
    ),
    lambda item: item,
)

# What stands on the shelf: at hand, on no weeding minutes (002 م7-1 sets those apart), not kept for a reader, and not
# at the bindery.
KEPT = sa.exists(
    sa.select(Hold.id).where(
        Hold.item_id == Item.id, sa.text(f"hold.state = '{HoldState.WAITING}'"), Hold.deleted_at.is_(None)
    )
)
ON_THE_SHELF = (*OUR_ITEM, Item.status == ItemStatus.AVAILABLE, Item.on_minutes_id.is_(None), ~KEPT, ~AT_BINDERY)
WITHIN = (Item.shelf_key >= sa.bindparam("start"), Item.shelf_key <= sa.bindparam("end"))
IN_SECTION = Item.section == sa.bindparam("section")
IN_ORDER = (Item.section, Item.shelf_key, Item.accession_no)
SHOULD_STAND = sa.select(Item.accession_no).where(*ON_THE_SHELF, *WITHIN).order_by(*IN_ORDER)
SHOULD_STAND_ANYWHERE = Frozen(SHOULD_STAND, int)
SHOULD_STAND_IN_SECTION = Frozen(SHOULD_STAND.where(IN_SECTION), int)

NEIGHBOUR = COPY_SELECT.where(
    *OUR_ITEM, Item.status == ItemStatus.AVAILABLE, IN_SECTION, Item.id != sa.bindparam("item")
)
KEY = sa.bindparam("key", type_=sa.Text())
BEFORE = Frozen(
    NEIGHBOUR.where(Item.shelf_key <= KEY, Item.shelf_key != "").order_by(Item.shelf_key.desc()).limit(1), ShelfCopy
)
AFTER = Frozen(NEIGHBOUR.where(Item.shelf_key > KEY).order_by(Item.shelf_key).limit(1), ShelfCopy)


def passed_over(most: int) -> Frozen[int]:
    """How many copies stand between two places of a section, counted up to `most`."""
    standing = (*OUR_ITEM, Item.status == ItemStatus.AVAILABLE, IN_SECTION)
    between_ends = (Item.shelf_key > sa.bindparam("start"), Item.shelf_key < sa.bindparam("end"))
    some = sa.select(Item.id).where(*standing, *between_ends).limit(most).subquery()
    return Frozen(sa.select(sa.func.count()).select_from(some), int)


PASSED_OVER = passed_over(LEAP)


def find_copy(reader: Reader, code: str) -> ShelfCopy | None:
    """A copy of this library by barcode, else by accession number: old labels carry nothing else."""
    key = typed(code)
    found = reader.one(BY_BARCODE, key=key)
    if found is None and key.isascii() and key.isdigit() and len(key) <= MOST_DIGITS:
        found = reader.one(BY_ACCESSION, key=int(key))
    return found


def session_of(reader: Reader, session_id: uuid.UUID) -> Session | None:
    """One session, whatever its state."""
    return reader.one(SESSION, session=session_id)


def session_to_change(tx: Tx, session_id: uuid.UUID) -> Session | None:
    """The same, kept from others to the end of the transaction."""
    return tx.one(SESSION_TO_CHANGE, session=session_id)


def holder_of(reader: Reader, item_id: uuid.UUID) -> Holder | None:
    """Who has a copy by the books; None for one that nobody has."""
    loan = reader.one(desk.OPEN_LOAN_OF_ITEM, item=item_id)
    if loan is None:
        return None
    member = reader.one(desk.BY_MEMBER_ID, key=loan.member_id) if loan.member_id else None
    return Holder(loan.due_on, member, loan.out_at)


def stranger_of(reader: Reader, code: str) -> Stranger | None:
    """What a code is that no copy of this library carries; None where nobody knows it."""
    known = unlabelled(reader, code)
    if not isinstance(known, NotFound):
        return known
    isbn = valid_isbn13(code)
    copies = reader.all(BY_ISBN, isbn=isbn) if isbn else []
    title = copies[0].title if copies else None
    return IsbnInstead(code, title, tuple(copy.accession_no for copy in copies)) if isbn else None


def standing_in(reader: Reader, shelf: Shelf) -> list[int]:
    """The accession numbers of the copies that should stand in a range now, in the order of the shelf."""
    ends = {"start": shelf.start or (FIRST if shelf.end else ""), "end": shelf.end or LAST}
    if shelf.section is None:
        return reader.all(SHOULD_STAND_ANYWHERE, **ends)
    return reader.all(SHOULD_STAND_IN_SECTION, section=shelf.section, **ends)


def packed(numbers: Sequence[int]) -> bytes:
    """A list of accession numbers, small: 100,000 take a quarter of a megabyte. A number is never given again (002
    م8-2), so it names a copy as well as its id does."""
    return zlib.compress(msgspec.msgpack.encode(numbers))


def expected_of(reader: Reader, session_id: uuid.UUID) -> list[int]:
    """The frozen list of a session, in the order of the shelf."""
    content = reader.one(EXPECTED, session=session_id)
    return msgspec.msgpack.decode(zlib.decompress(content), type=list[int]) if content else []


def between(reader: Reader, copy: ShelfCopy) -> Between | None:
    """Between which two copies at hand one belongs; None while it has no call number."""
    if not copy.shelf_key:
        return None
    where = {"section": copy.section, "item": copy.id, "key": copy.shelf_key}
    return Between(reader.one(BEFORE, **where), reader.one(AFTER, **where))


def is_leap(reader: Reader, one: Place, other: Place) -> bool:
    """Whether a shelf or more lies between two places."""
    if one.section != other.section:
        return True
    return reader.one(PASSED_OVER, section=one.section, start=one.key, end=other.key) == LEAP


def day_read(scan: PastScan) -> dt.date:
    """The business day of a scan."""
    return day_of(scan.at)
