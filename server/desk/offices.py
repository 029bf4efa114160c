"""Who signs and who sits on the weeding committee, and what the library says of itself, at the headless desk."""

import uuid
from dataclasses import asdict
from typing import Any

from app.branch import BranchForm, BranchSaved, set_branch
from app.labels import OFFICE
from app.library import BranchFacts
from app.outcome import NotFound, Refused
from app.staff.offices import OfficeFacts, OfficeForm, committee_on, end_office, officers_on, offices, set_office
from db.codes import BranchKind
from server.desk.answers import Facts, done, missing, refused
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, Name, Word, day


class OfficeSetting(Request, kw_only=True):
    """Put somebody into an office. `position`: a signatory of the forms; with `committee` a seat."""

    position: Word
    name: Name
    since: Day | None = None
    until: Day | None = None
    committee: bool = False


class OfficeEnding(Request, kw_only=True):
    """Let an office end; the last day is today, when none is given."""

    office: uuid.UUID
    until: Day | None = None


class OfficeList(Request, kw_only=True):
    """Everybody in office, and who signs on a day (today, when none is given)."""

    on: Day | None = None


class BranchSetting(Request, kw_only=True):
    """Change what the library says of itself. What is left out stays; an empty text takes away what was there."""

    name: Name | None = None
    province: Name | None = None
    county: Name | None = None
    city: Name | None = None
    grade: Word | None = None
    kind: BranchKind | None = None
    code: Word | None = None
    licence_no: Word | None = None
    founded_on: Day | None = None
    phone: Word | None = None
    address: Line | None = None
    space_shortage: bool | None = None


def put(session: Session, request: OfficeSetting) -> Facts:
    """Put somebody into an office."""
    form = OfficeForm(request.position, request.name, day(request.since), day(request.until), request.committee)
    outcome = set_office(session.library, form, session.act(request.key))
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("set", office=outcome.office_id, ended=outcome.ended)


def end(session: Session, request: OfficeEnding) -> Facts:
    """Let an office end."""
    act = session.act(request.key)
    outcome = end_office(session.library, request.office, day(request.until) or act.day, act)
    if isinstance(outcome, NotFound):
        return missing(outcome)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("ended", office=outcome.office_id, until=outcome.until)


def show_all(session: Session, request: OfficeList) -> Facts:
    """Everybody, those of former days included."""
    wanted = day(request.on) or session.act().day
    with session.library.store.read() as reader:
        rows = [_row(one) for one in offices(reader)]
        return done("found", rows=rows, signing=officers_on(reader, wanted), committee=committee_on(reader, wanted))


def show_branch(session: Session, _: Request) -> Facts:
    """What the library says of itself."""
    return done("found", **_facts(session.library.branch))


def change_branch(session: Session, request: BranchSetting) -> Facts:
    """Change it."""
    now = _facts(session.library.branch)
    now.pop("barcode_prefix")
    given = {name: _value(getattr(request, name)) for name in now}
    form = BranchForm(**now | {name: value for name, value in given.items() if value is not None})
    outcome = set_branch(session.library, form, session.act(request.key))
    match outcome:
        case BranchSaved():
            return done("changed", fields=outcome.changed)
        case Refused():
            return refused(outcome.refusals)


def _facts(branch: BranchFacts) -> dict[str, Any]:
    return {name: value for name, value in asdict(branch).items() if name not in ("id", "ver")}


def _value(field: Any) -> Any:
    return field.value if isinstance(field, Day) else field


def _row(one: OfficeFacts) -> Facts:
    return {
        "office": one.id,
        "position": one.position,
        "words": OFFICE.get(one.position, one.position),
        "name": one.name,
        "since": one.since,
        "until": one.until,
        "committee": one.committee,
    }
