"""Who signs the official forms and who sits on the weeding committee, from when until when (000 §4-1; 002 م9 … م13).

A paper keeps the names it was printed with; these are asked for when the next one is made.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from app.actions import Action
from app.form import invalid, required
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.staff.service import StaffedLibrary
from db.act import Act
from db.frozen import Frozen
from db.models.library import Office
from db.reading import Reader
from db.writing import Tx

LONGEST_NAME, LONGEST_POSITION = 120, 60
ONE_DAY = dt.timedelta(days=1)


class Position(StrEnum):
    """Who signs the official forms; the values are those of `reports.forms.spec.Signatory`."""

    BRANCH_HEAD = "branch_head"
    COUNTY_HEAD = "county_head"
    PROVINCE_REVIEWER = "province_reviewer"
    SECURITY_OFFICER = "security_officer"
    PROVINCE_DIRECTOR = "province_director"
    BINDERY_HEAD = "bindery_head"


class Seat(StrEnum):
    """The seats of the weeding committee that the rules name (000 §4-1). A library may name others in its own words."""

    ACQUISITIONS = "acquisitions"
    CIRCULATION = "circulation"
    REFERENCE = "reference"
    CATALOGUER = "cataloguer"


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """Somebody in an office from `since` until `until`, both days included; None while it lasts."""

    id: uuid.UUID
    ver: int
    position: str
    name: str
    since: dt.date
    until: dt.date | None
    committee: bool

    def holds_on(self, day: dt.date) -> bool:
        """Whether the office was held on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class OfficeForm:
    """What is written of an office. `position`: a `Position`, for the committee a `Seat` or words of the library's own;
    `since` None is the day of the act."""

    position: str
    name: str
    since: dt.date | None = None
    until: dt.date | None = None
    committee: bool = False


@dataclass(frozen=True, slots=True)
class OfficeSet:
    """The office is held; `ended` was in it until the day before."""

    office_id: uuid.UUID
    ended: str | None = None


@dataclass(frozen=True, slots=True)
class OfficeEnded:
    """Nobody holds the office after `until`."""

    office_id: uuid.UUID
    until: dt.date


COLUMNS = (
    Office.id, Office.ver, Office.position, Office.name, Office.since, Office.until, Office.committee,
)  # fmt: skip
HELD = sa.select(*COLUMNS).where(Office.deleted_at.is_(None))
ALL = Frozen(HELD.order_by(Office.committee, Office.position, Office.since.desc(), Office.id), OfficeFacts)
BY_ID = Frozen(HELD.where(Office.id == sa.bindparam("office")), OfficeFacts)


def offices(reader: Reader) -> tuple[OfficeFacts, ...]:
    """Everybody who holds or held an office: signatories, then the committee; of each position the newest first."""
    return tuple(reader.all(ALL))


def officers_on(reader: Reader, day: dt.date) -> Mapping[str, str]:
    """Who signs on a day: the name by the value of the `Position`. Positions that nobody holds are left out."""
    return {one.position: one.name for one in offices(reader) if not one.committee and one.holds_on(day)}


def committee_on(reader: Reader, day: dt.date) -> Mapping[str, str]:
    """Who sits on the weeding committee on a day: the name by the seat."""
    return {one.position: one.name for one in offices(reader) if one.committee and one.holds_on(day)}


def set_office(library: StaffedLibrary, form: OfficeForm, act: Act) -> OfficeSet | Refused:
    """Put somebody into an office: who held it until then ends the day before, who is named for a later day still
    comes. The same first day once more corrects what was written for it."""
    position, name = clean(form.position, LONGEST_POSITION), clean(form.name, LONGEST_NAME)
    since = form.since or act.day
    with library.store.write() as tx:
        refused = (*library.forbids(act, Action.SET_LIBRARY), *_problems(form, position, name, since))
        if refused:
            return Refused(refused)
        held = [one for one in offices(tx) if (one.position, one.committee) == (position, form.committee)]
        until = _end_of(held, since, form.until)
        ended = next((one for one in held if one.since < since and (one.until is None or one.until >= since)), None)
        if ended is not None:
            tx.update(Office, ended, until=since - ONE_DAY)
        office_id = _write(tx, held, OfficeForm(position, name, since, until, form.committee))
        tx.record("office.set", act)
        return OfficeSet(office_id, ended.name if ended else None)


def end_office(
    library: StaffedLibrary, office_id: uuid.UUID, until: dt.date, act: Act
) -> OfficeEnded | Refused | NotFound:
    """Let an office end on a day, this day included; nobody follows yet."""
    with library.store.write() as tx:
        office = tx.one(BY_ID, office=office_id)
        if office is None:
            return NotFound(Sought.OFFICE, str(office_id))
        too_early = (invalid("until", until),) if until < office.since else ()
        refused = (*library.forbids(act, Action.SET_LIBRARY), *too_early)
        if refused:
            return Refused(refused)
        last = _end_of([one for one in offices(tx) if _same_chair(one, office)], office.since, until) or until
        tx.update(Office, office, until=last)
        tx.record("office.ended", act)
        return OfficeEnded(office_id, last)


def _problems(form: OfficeForm, position: str, name: str, since: dt.date) -> Iterator[Refusal]:
    yield from required(office_name=name, position=position)
    if position and not form.committee and position not in tuple(Position):
        yield invalid("position", position)
    if form.until is not None and form.until < since:
        yield invalid("until", form.until)


def _same_chair(one: OfficeFacts, other: OfficeFacts) -> bool:
    return (one.position, one.committee) == (other.position, other.committee)


def _end_of(held: Sequence[OfficeFacts], since: dt.date, until: dt.date | None) -> dt.date | None:
    """The last day of who begins on `since`: as written, but at the latest the day before the next one begins."""
    follows = min((one.since for one in held if one.since > since), default=None)
    if follows is None:
        return until
    return min(until, follows - ONE_DAY) if until else follows - ONE_DAY


def _write(tx: Tx, held: Sequence[OfficeFacts], form: OfficeForm) -> uuid.UUID:
    same = next((one for one in held if one.since == form.since), None)
    if same is None:
        return tx.insert(
            Office, position=form.position, name=form.name, since=form.since, until=form.until,
            committee=form.committee,
        )  # fmt: skip
    tx.update(Office, same, name=form.name, until=form.until)
    return same.id
