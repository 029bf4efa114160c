"""Bans and incidents at the headless desk."""

import uuid
from pathlib import Path as FilePath

from app.circulation import reads
from app.clearance.reads import PDF
from app.members.incidents import (
    IncidentForm,
    IncidentRow,
    add_incident,
    close_incident,
    incidents,
    refer_incident,
)
from app.members.restrictions import BanForm, BanRow, Lifted, bans_in_force, restrict, restriction_of, unrestrict
from app.outcome import NotFound, Refused, Sought
from db.codes import RestrictionKind
from db.files import safe_write
from reports.letters import print_incident_letter
from server.desk.answers import Facts, done, invalid, missing, not_found, refused, unreadable
from server.desk.keys import item_key, member_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, Path, Text, Word, day


class Restrict(Request, kw_only=True):
    """Bar a member from borrowing."""

    member: str
    reason: Line = ""
    until: Day | None = None
    kind: RestrictionKind = RestrictionKind.MANUAL


class Unrestrict(Request, kw_only=True):
    """Lift one ban, or all of a member."""

    member: str | None = None
    restriction: uuid.UUID | None = None
    reason: Line = ""


class RestrictionList(Request, kw_only=True):
    """The bans in force, of everybody or of one member."""

    member: str | None = None


class IncidentAdd(Request, kw_only=True):
    """Note a breach of rules."""

    member: str
    account: Text = ""
    item: str | None = None
    happened_on: Day | None = None


class IncidentRefer(Request, kw_only=True):
    """Refer it to the committee, with a letter."""

    incident: uuid.UUID
    letter_no: Word = ""
    pdf: Path | None = None


class IncidentClose(Request, kw_only=True):
    """It is over."""

    incident: uuid.UUID


class IncidentList(Request, kw_only=True):
    """The incidents of everybody or of one member."""

    member: str | None = None


def lay(session: Session, request: Restrict) -> Facts:
    """Lay a ban."""
    member = member_key(session, request.member)
    if member is None:
        return unreadable(Sought.MEMBER)
    form = BanForm(member, request.reason, day(request.until), request.kind)
    outcome = restrict(session.library, form, session.act(request.key))
    match outcome:
        case NotFound():
            return missing(outcome)
        case Refused():
            return refused(outcome.refusals)
    name = "already_done" if outcome.already else "restricted"
    return done(name, restriction=outcome.restriction_id, member=outcome.member_id, until=outcome.until)


def lift(session: Session, request: Unrestrict) -> Facts:
    """Lift bans; the reason is required."""
    if (request.member is None) == (request.restriction is None):
        return invalid("تنها یکی از «member» و «restriction» باید نوشته باشد.", "یکی را بنویسید.", "member")
    act = session.act(request.key)
    if request.restriction is not None:
        with session.library.store.read() as reader:
            ban = restriction_of(reader, request.restriction, act.day)
        if ban is None:
            return done("already_done", restrictions=[])
        outcome = unrestrict(session.library, ban.member_id, request.reason, act, restriction=ban.id)
    else:
        member = member_key(session, request.member or "")
        if member is None:
            return unreadable(Sought.MEMBER)
        outcome = unrestrict(session.library, member, request.reason, act)
    match outcome:
        case NotFound():
            return missing(outcome)
        case Refused():
            return refused(outcome.refusals)
        case Lifted():
            name = "unrestricted" if outcome.restrictions else "already_done"
            return done(name, member=outcome.member_id, restrictions=list(outcome.restrictions))


def list_bans(session: Session, request: RestrictionList) -> Facts:
    """Bans in force."""
    member_id = _member_id(session, request.member)
    if isinstance(member_id, dict):
        return member_id
    with session.library.store.read() as reader:
        bans = bans_in_force(reader, session.act().day, member_id)
    return done("found", rows=[_ban(ban) for ban in bans])


def add(session: Session, request: IncidentAdd) -> Facts:
    """Note an incident."""
    member = member_key(session, request.member)
    item = item_key(session, request.item) if request.item else None
    if member is None:
        return unreadable(Sought.MEMBER)
    if request.item and item is None:
        return unreadable(Sought.ITEM)
    form = IncidentForm(member, request.account, item, day(request.happened_on))
    outcome = add_incident(session.library, form, session.act(request.key))
    match outcome:
        case NotFound():
            return missing(outcome)
        case Refused():
            return refused(outcome.refusals)
    return done("added", incident=outcome.incident_id, member=outcome.member_id)


def refer(session: Session, request: IncidentRefer) -> Facts:
    """Refer an incident; its letter is frozen, and written to the file that is named."""
    if request.pdf is not None and FilePath(request.pdf).suffix.lower() != ".pdf":
        return invalid("نام فایل «pdf» باید به ‎.pdf‎ پایان یابد.", "نام فایل را درست کنید.", "pdf")
    act = session.act(request.key)
    outcome = refer_incident(session.library, request.incident, request.letter_no, print_incident_letter, act)
    match outcome:
        case NotFound():
            return missing(outcome)
        case Refused():
            return refused(outcome.refusals)
    if request.pdf is not None and outcome.document_id is not None:
        with session.library.store.read() as reader:
            content = reader.one(PDF, document=outcome.document_id)
        safe_write(FilePath(request.pdf), content or b"")
    return done("already_done" if outcome.already else "referred", incident=outcome.incident_id, state=outcome.state)


def close(session: Session, request: IncidentClose) -> Facts:
    """Close an incident."""
    outcome = close_incident(session.library, request.incident, session.act(request.key))
    match outcome:
        case NotFound():
            return missing(outcome)
        case Refused():
            return refused(outcome.refusals)
    return done("already_done" if outcome.already else "closed", incident=outcome.incident_id, state=outcome.state)


def list_incidents(session: Session, request: IncidentList) -> Facts:
    """Incidents, the latest first."""
    member_id = _member_id(session, request.member)
    if isinstance(member_id, dict):
        return member_id
    with session.library.store.read() as reader:
        found = incidents(reader, member_id)
    return done("found", rows=[_incident(row) for row in found])


def _member_id(session: Session, named: str | None) -> uuid.UUID | Facts | None:
    """Whom a list is narrowed to; an answer where there is no such member."""
    if named is None:
        return None
    key = member_key(session, named)
    if key is None:
        return unreadable(Sought.MEMBER)
    with session.library.store.read() as reader:
        member = reads.find_member(reader, key)
    return not_found(Sought.MEMBER) if member is None else member.id


def _ban(ban: BanRow) -> Facts:
    return {
        "restriction": ban.id,
        "member": ban.member_id,
        "member_no": ban.member_no,
        "member_name": f"{ban.given_name} {ban.family_name}",
        "kind": ban.kind,
        "until": ban.until,
        "reason": ban.reason,
        "by": ban.author,
    }


def _incident(row: IncidentRow) -> Facts:
    return {
        "incident": row.id,
        "member": row.member_id,
        "member_no": row.member_no,
        "member_name": row.name,
        "title": row.title,
        "accession_no": row.accession_no,
        "happened_on": row.happened_on,
        "account": row.account,
        "state": row.state,
        "letter_no": row.letter_no,
        "letter_on": row.letter_on,
    }
