"""What shelf-reading looks at and tells, as frozen facts. Pure."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.circulation.facts import MemberFacts
from app.circulation.outcomes import CardInstead, OfOtherBranch
from app.stocktake.shelf import Place, Shelf
from db.codes import Condition, ItemStatus, StocktakeFinding, StocktakeState

NOT_IN_ITS_PLACE = (StocktakeFinding.MISPLACED, StocktakeFinding.ELSEWHERE)
TO_BIND = frozenset({Condition.WORN, Condition.DAMAGED})
"""Conditions that ask for mending or binding; what is unbindable is worn for good (002 م4-1-ج)."""


@dataclass(frozen=True, slots=True)
class Session:
    """A shelf-reading session without its list. `words` are the ends of its range as the librarian wrote them;
    `opened_on` is the business day it began."""

    id: uuid.UUID
    ver: int
    name: str
    state: StocktakeState
    shelf: Shelf
    opened_at: dt.datetime
    opened_on: dt.date
    closed_at: dt.datetime | None
    figures: Mapping[str, object] | None
    document_id: uuid.UUID | None
    sheet_id: uuid.UUID | None

    @property
    def words(self) -> tuple[str, str]:
        """From and to, as written; "" where the range is open."""
        known = self.figures or {}
        return str(known.get("from") or ""), str(known.get("to") or "")


@dataclass(frozen=True, slots=True)
class ShelfCopy:
    """A copy as it stands, or should stand, on the shelf. `at_bindery`: sent there and not back, whatever its status
    (002 م13-11)."""

    id: uuid.UUID
    ver: int
    accession_no: int
    barcode: str
    title: str
    main_creator: str | None
    volume_no: str | None
    call_number: str | None
    shelf_key: str
    section: str
    status: ItemStatus
    condition: Condition
    on_minutes_id: uuid.UUID | None
    at_bindery: bool = False

    @property
    def place(self) -> Place:
        """Where it belongs."""
        return Place(self.section, self.shelf_key)


@dataclass(frozen=True, slots=True)
class PastScan:
    """A scan of this session. `item_id` None: a code that nobody knows."""

    id: uuid.UUID
    ver: int
    scanner: int
    position: int
    code: str
    item_id: uuid.UUID | None
    at: dt.datetime
    condition: Condition | None
    finding: StocktakeFinding


@dataclass(frozen=True, slots=True)
class Between:
    """The two neighbours between which a copy belongs; None at the end of a section."""

    before: ShelfCopy | None = None
    after: ShelfCopy | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a copy by the books since `out_at`, though it stands on the shelf."""

    due_on: dt.date
    member: MemberFacts | None
    out_at: dt.datetime


@dataclass(frozen=True, slots=True)
class IsbnInstead:
    """The number on the back of the book was read, not its label: which copy it is it does not tell. `accession_nos`
    are those of the copies that carry it here; without any the book has no record (`title` None)."""

    key: str
    title: str | None
    accession_nos: tuple[int, ...]


Stranger = OfOtherBranch | CardInstead | IsbnInstead
"""What a code is that no copy of this library carries."""


@dataclass(frozen=True, slots=True)
class Scanned:
    """One scan and what it told.

    `belongs`: where a misplaced copy should stand. `read_before`: the scan that told the same of a copy before, which
    is not counted twice. `revised`: earlier scans of this scanner that turned out otherwise, since it was another book
    that stood wrong. `elsewhere`: the open session in whose range the copy belongs. `holder`: who has it by the books.
    `stranger`: what a code is that no copy here carries.
    """

    scan_id: uuid.UUID
    finding: StocktakeFinding
    code: str
    scanner: int
    copy: ShelfCopy | None = None
    belongs: Between | None = None
    read_before: PastScan | None = None
    revised: Mapping[uuid.UUID, StocktakeFinding] | None = None
    elsewhere: str | None = None
    holder: Holder | None = None
    condition: Condition | None = None
    stranger: Stranger | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """The condition of the copy scanned last."""

    scan_id: uuid.UUID
    copy: ShelfCopy
    condition: Condition
    already: bool = False


@dataclass(frozen=True, slots=True)
class Started:
    """A session was opened: `expected` copies should stand in its range."""

    session_id: uuid.UUID
    name: str
    expected: int


class Spared(StrEnum):
    """Why a copy that nobody read is not called missing."""

    LENT = "lent"
    USED = "used"
    KEPT = "kept"
    ON_MINUTES = "on_minutes"
    AT_BINDERY = "at_bindery"
    SEEN = "seen"
    MOVED = "moved"
    CHANGED = "changed"
