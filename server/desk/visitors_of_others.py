"""Readers and copies of other libraries at the headless desk: visitors with the card they carry, copies that were
brought back at the wrong place, and copies of ours that stand there."""

import uuid
from typing import Any

from app.circulation.elsewhere import (
    Sighting,
    SightingForm,
    SightingOutcome,
    foreign_copies,
    see_return,
    send_home,
    sightings,
)
from app.conflicts.away import copies_away
from app.members.guests import GuestForm, GuestKnown, add_guest
from app.outcome import NotFound, Refused, Sought
from app.refusal import Answer
from server.desk.answers import Facts, done, missing, refused, unreadable
from server.desk.keys import code
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Codes, Line, Name, Word


class VisitorAdd(Request, kw_only=True):
    """A reader of another library, with the number of the card of the library at home."""

    card: Word
    given_name: Name
    family_name: Name
    national_id: Word | None = None
    mobile: Word | None = None
    confirm: Codes = ()


class ReturnSeenHere(Request, kw_only=True):
    """A copy of another library was brought back here. `library`: its name, where stamp or label tells it."""

    item: Word
    library: Name | None = None
    remark: Line | None = None


class ReturnSent(Request, kw_only=True):
    """A copy of another library goes home: its label, or the sighting."""

    item: Word | None = None
    seen: uuid.UUID | None = None


class ReturnList(Request, kw_only=True):
    """Copies of other libraries; with `all` also those that went home."""

    all: bool = False


def add_visitor(session: Session, request: VisitorAdd) -> Facts:
    """Register a visitor."""
    card = code(request.card)
    if card is None:
        return unreadable(Sought.MEMBER)
    form = GuestForm(card, request.given_name, request.family_name, request.national_id, request.mobile)
    answer = Answer(confirm=frozenset(request.confirm))
    outcome = add_guest(session.library, form, session.act(request.key), answer)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    word = "already_done" if isinstance(outcome, GuestKnown) else "added"
    return done(word, member=outcome.member_id, member_no=outcome.member_no)


def see(session: Session, request: ReturnSeenHere) -> Facts:
    """Note a copy of another library."""
    key = code(request.item)
    if key is None:
        return unreadable(Sought.ITEM)
    form = SightingForm(key, request.library, request.remark)
    return _told("seen", see_return(session.library, form, session.act(request.key)))


def send(session: Session, request: ReturnSent) -> Facts:
    """A copy of another library is on its way home."""
    key: uuid.UUID | str | None = request.seen or code(request.item or "")
    if key is None:
        return unreadable(Sought.ITEM)
    return _told("sent_home", send_home(session.library, key, session.act(request.key)))


def list_all(session: Session, request: ReturnList) -> Facts:
    """Copies of other libraries that stand here."""
    with session.library.store.read() as reader:
        found = sightings(reader) if request.all else foreign_copies(reader)
    return done("found", rows=[_facts(sighting) for sighting in found])


def list_away(session: Session, request: Request) -> Facts:
    """Our copies that stand at other libraries."""
    with session.library.store.read() as reader:
        found = copies_away(reader, session.act(request.key).at)
    return done(
        "found",
        rows=[
            {
                "item": copy.barcode,
                "accession_no": copy.accession_no,
                "title": copy.title,
                "volume_no": copy.volume_no,
                "status": copy.status,
                "why": copy.why,
                "library": copy.library,
                "since": copy.since,
            }
            for copy in found
        ],
    )


def _told(word: str, outcome: SightingOutcome) -> Facts:
    if isinstance(outcome, NotFound):
        return missing(outcome)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("already_done" if outcome.already else word, **_facts(outcome.sighting))


def _facts(sighting: Sighting) -> dict[str, Any]:
    return {
        "seen": sighting.id,
        "item": sighting.barcode,
        "library": sighting.library,
        "seen_on": sighting.day,
        "state": sighting.state,
        "sent_home_on": sighting.sent_home_on,
        "remark": sighting.remark,
    }
