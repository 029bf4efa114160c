"""What a van takes along and finds at each stop: readers, what they have, what is kept for them."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.library import Library
from app.routes import reads
from app.routes.reads import StopRow
from app.routes.visits import Visit
from db.codes import Channel, HoldState, MemberState
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.circulation import Hold, Loan
from db.models.items import Item
from db.models.members import Member
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class StopReader:
    """Somebody who belongs to a stop, or has a book from there."""

    id: uuid.UUID
    given_name: str
    family_name: str
    member_no: str
    mobile: str | None
    guardian: str | None
    guardian_mobile: str | None
    sort_key: str

    @property
    def name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class StopLoan:
    """A book in a reader's hands."""

    member_id: uuid.UUID
    loan_id: uuid.UUID
    item_id: uuid.UUID
    title: str
    main_creator: str | None
    volume_no: str | None
    accession_no: int
    barcode: str
    out_on: dt.date
    due_on: dt.date


@dataclass(frozen=True, slots=True)
class StopHold:
    """A book on the hold shelf that is to be brought to a reader."""

    member_id: uuid.UUID
    hold_id: uuid.UUID
    title: str
    volume_no: str | None
    accession_no: int
    barcode: str
    call_number: str | None
    shelf_until: dt.date | None


@dataclass(frozen=True, slots=True)
class ReaderSheet:
    """One reader of a stop with loans and what is brought for them."""

    reader: StopReader
    loans: tuple[StopLoan, ...]
    holds: tuple[StopHold, ...]


@dataclass(frozen=True, slots=True)
class StopSheet:
    """A stop on the day of a visit (None: no visit in sight)."""

    stop: StopRow
    day: dt.date | None
    readers: tuple[ReaderSheet, ...]

    @property
    def loans(self) -> int:
        """How many books are out here."""
        return sum(len(sheet.loans) for sheet in self.readers)

    @property
    def to_bring(self) -> tuple[StopHold, ...]:
        """The books that are to be brought, as they stand on the shelf."""
        held = (hold for sheet in self.readers for hold in sheet.holds)
        return tuple(sorted(held, key=lambda hold: (hold.call_number or "", hold.title)))


@dataclass(frozen=True, slots=True)
class StopVisit:
    """A visit with its stop: a line of the calendar of the van."""

    stop: StopRow
    visit: Visit


OF_STOP: sa.BindParameter[uuid.UUID] = sa.bindparam("stop")
LENT_HERE = sa.exists(sa.select(Loan.id).where(Loan.member_id == Member.id, Loan.stop_id == OF_STOP, *reads.OPEN_LOAN))
READERS = Frozen(
    sa.select(
        Member.id, Member.given_name, Member.family_name, Member.member_no, Member.mobile, Member.guardian,
        Member.guardian_mobile, Member.sort_key,
    )
    .where(
        Member.deleted_at.is_(None),
        sa.or_(sa.and_(Member.stop_id == OF_STOP, Member.state == MemberState.ACTIVE), LENT_HERE),
    )
    .order_by(Member.sort_key),
    StopReader,
)  # fmt: skip
HOMED_HERE = sa.exists(sa.select(Member.id).where(Member.id == Loan.member_id, Member.stop_id == OF_STOP))
LOANS = Frozen(
    sa.select(
        Loan.member_id, Loan.id, Item.id, Title.title, Title.main_creator, Item.volume_no, Item.accession_no,
        Item.barcode, Loan.out_on, Loan.due_on,
    )
    .join(Item, Item.id == Loan.item_id)
    .join(Title, Title.id == Item.title_id)
    .where(sa.or_(Loan.stop_id == OF_STOP, HOMED_HERE), Loan.channel != Channel.ONSITE, *reads.OPEN_LOAN)
    .order_by(Loan.due_on, Title.title),
    StopLoan,
)  # fmt: skip
HOLDS = Frozen(
    sa.select(
        Hold.member_id, Hold.id, Title.title, Item.volume_no, Item.accession_no, Item.barcode, Item.call_number,
        Hold.shelf_until,
    )
    .join(Item, Item.id == Hold.item_id)
    .join(Title, Title.id == Hold.title_id)
    .join(Member, Member.id == Hold.member_id)
    .where(Member.stop_id == OF_STOP, Hold.state == HoldState.WAITING, Hold.deleted_at.is_(None))
    .order_by(Item.call_number, Title.title),
    StopHold,
)  # fmt: skip


def stop_sheet(reader: Reader, stop: StopRow, day: dt.date | None) -> StopSheet:
    """Everybody of a stop with what they have in hand and what is brought to them."""
    loans: defaultdict[uuid.UUID, list[StopLoan]] = defaultdict(list)
    for loan in reader.all(LOANS, stop=stop.id):
        loans[loan.member_id].append(loan)
    holds: defaultdict[uuid.UUID, list[StopHold]] = defaultdict(list)
    for hold in reader.all(HOLDS, stop=stop.id):
        holds[hold.member_id].append(hold)
    readers = tuple(
        ReaderSheet(person, tuple(loans[person.id]), tuple(holds[person.id]))
        for person in reader.all(READERS, stop=stop.id)
    )
    return StopSheet(stop, day, readers)


def coming_visits(library: Library, reader: Reader, since: dt.date, until: dt.date) -> list[StopVisit]:
    """Every visit of every route between two days, in the order the van makes them."""
    return visits_of_stops(library, reader, reads.all_stops(reader), since, until)


def visits_of_stops(
    library: Library, reader: Reader, stops: Sequence[StopRow], since: dt.date, until: dt.date
) -> list[StopVisit]:
    """The visits of these stops between two days."""
    found = [
        StopVisit(stop, visit)
        for stop in stops
        for visit in reads.visits_of(reader, stop, library.calendar, since, until)
    ]
    return sorted(found, key=lambda line: (line.visit.day, line.stop.route, line.stop.position))


def sheets_of_day(library: Library, reader: Reader, route_id: uuid.UUID, day: dt.date) -> list[StopSheet]:
    """The stops of a route that the van visits that day, in the order of the way."""
    found = visits_of_stops(library, reader, reads.stops(reader, route_id), day, day)
    return [stop_sheet(reader, line.stop, day) for line in found if not line.visit.cancelled]
