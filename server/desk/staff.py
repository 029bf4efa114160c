"""The people of the library at the headless desk: who they are, what they may, who sits here now."""

import uuid
from typing import Annotated

from msgspec import Meta

from app.actions import Action
from app.circulation import reads
from app.library import Person
from app.outcome import Refused
from app.persian.text import clean
from app.refusal import Refusal
from app.staff import service
from app.staff.people import StaffFacts, everybody
from app.staff.pins import forget_tries
from db.codes import Role
from server.desk.answers import Facts, done, refused
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Name, Word

Pin = Annotated[str, Meta(max_length=40)]


class StaffAdd(Request, kw_only=True):
    """Register somebody who works here. `member`: the same person as a reader."""

    name: Name
    role: Role = Role.LIBRARIAN
    pin: Pin | None = None
    card: Word | None = None
    member: Word | None = None


class StaffEdit(Request, kw_only=True):
    """Change a person, named as now. What is left out stays."""

    name: Name
    new_name: Name | None = None
    role: Role | None = None
    card: Word | None = None
    member: Word | None = None
    active: bool | None = None


class StaffPin(Request, kw_only=True):
    """Give a PIN; left out, it is taken away."""

    name: Name
    pin: Pin | None = None


class Named(Request, kw_only=True):
    """A person by name."""

    name: Name


class PermissionSet(Request, kw_only=True):
    """Let a role do something, or no longer."""

    role: Role
    action: Action
    allowed: bool


class SignIn(Request, kw_only=True):
    """Take over the desk: name and PIN, or a staff card."""

    name: Name | None = None
    pin: Pin = ""
    card: Word | None = None


def add(session: Session, request: StaffAdd) -> Facts:
    """Register a person."""
    member = _member(session, request.member)
    if isinstance(member, Refusal):
        return refused((member,))
    form = service.StaffForm(request.name, request.role, request.card, request.pin, member)
    return _saved(service.add_person(session.library, form, session.act(request.key)), "added")


def edit(session: Session, request: StaffEdit) -> Facts:
    """Change a person, or let them go."""
    person = _named(session, request.name)
    member = _member(session, request.member)
    if person is None or isinstance(member, Refusal):
        return refused((member if isinstance(member, Refusal) else Refusal("staff.unknown"),))
    form = service.StaffForm(
        name=request.new_name or person.name,
        role=request.role or person.role,
        card=person.card if request.card is None else request.card,
        member_id=member or person.member_id,
        active=person.active if request.active is None else request.active,
    )
    return _saved(service.edit_person(session.library, person.id, form, session.act(request.key)), "changed")


def set_pin(session: Session, request: StaffPin) -> Facts:
    """Give or take a PIN."""
    person = _named(session, request.name)
    if person is None:
        return refused((Refusal("staff.unknown"),))
    return _saved(service.set_pin(session.library, person.id, request.pin, session.act(request.key)), "changed")


def unblock(session: Session, request: Named) -> Facts:
    """Let somebody who mistyped the PIN too often try again at once."""
    person = _named(session, request.name)
    if person is None:
        return refused((Refusal("staff.unknown"),))
    forget_tries(session.library.store, person.id)
    return done("unblocked", staff=person.id)


def show_all(session: Session, _: Request) -> Facts:
    """Everybody, with what the role may do."""
    with session.library.store.read() as reader:
        people = everybody(reader)
    return done("found", rows=[_row(session, person) for person in people])


def set_permission(session: Session, request: PermissionSet) -> Facts:
    """Change what a role may do here."""
    outcome = service.set_permission(
        session.library, request.role, request.action, request.allowed, session.act(request.key)
    )
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("set", role=outcome.role, action=outcome.action, allowed=outcome.allowed)


def sign_in(session: Session, request: SignIn) -> Facts:
    """Somebody else takes over this desk."""
    outcome = _signed_in(session, request)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    session.person = Person(outcome.person_id, outcome.name, outcome.role)
    return done("signed_in", staff=outcome.person_id, name=outcome.name, role=outcome.role)


def _signed_in(session: Session, request: SignIn) -> service.SignedIn | Refused:
    store, unknown = session.library.store, Refused((Refusal("staff.unknown"),))
    stamp, offline_days = session.library.clock.read(), session.library.offline_days
    if request.card is not None:
        return service.sign_in_with_card(store, request.card, stamp, offline_days=offline_days) or unknown
    person = _named(session, request.name or "")
    if person is None:
        return unknown
    return service.sign_in(store, stamp, person_id=person.id, pin=request.pin, offline_days=offline_days)


def _saved(outcome: service.StaffSaved | Refused, word: str) -> Facts:
    return refused(outcome.refusals) if isinstance(outcome, Refused) else done(word, staff=outcome.person_id)


def _named(session: Session, name: str) -> StaffFacts | None:
    wanted = clean(name, 120)
    with session.library.store.read() as reader:
        people = everybody(reader)
    found = [person for person in people if person.name == wanted]
    return next((person for person in found if person.active), found[0] if found else None)


def _member(session: Session, key: str | None) -> uuid.UUID | Refusal | None:
    if key is None:
        return None
    with session.library.store.read() as reader:
        member = reads.find_member(reader, key)
    return member.id if member else Refusal("staff.member_unknown", facts={"member": key})


def _row(session: Session, person: StaffFacts) -> Facts:
    return {
        "staff": person.id,
        "name": person.name,
        "role": person.role,
        "has_pin": person.pin_hash is not None,
        "card": person.card,
        "active": person.active,
        "member": person.member_id,
        "may": sorted(action for action in Action if session.library.may(person.role, action)),
    }
