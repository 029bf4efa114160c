"""Registering the people of a library, what their roles may do, and changing places at a shared desk."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import sqlalchemy as sa

from app.actions import Action
from app.form import invalid, required
from app.outcome import Refused
from app.persian.digits import typed
from app.persian.text import clean
from app.refusal import Refusal
from app.staff.contact import against_log_in
from app.staff.people import BY_ID, DESK_ROLES, MEMBER_WITH_CARD, StaffFacts, everybody, person_with_card
from app.staff.pins import PinBlocked, PinRight, PinWrong, forget_tries, hash_pin, is_pin, verify_pin
from app.staff.stored import allowed_actions
from db.act import Act, Stamp
from db.codes import Role
from db.models.library import Permission, Staff
from db.reading import Reader
from db.store import Store
from db.writing import Tx


class StaffedLibrary(Protocol):
    """What of an open library the staff touches. `app.library.Library` is one; it stands above the staff."""

    @property
    def store(self) -> Store:
        """Where people are kept."""
        ...

    def forbids(self, act: Act, action: Action) -> tuple[Refusal, ...]:
        """The refusal of somebody who may not."""
        ...

    def rules_changed(self, tx: Tx) -> None:
        """Let every desk read the permissions again."""
        ...

    def forget_rules(self) -> None:
        """Read the permissions again at the next use."""
        ...


@dataclass(frozen=True, slots=True)
class StaffForm:
    """What is written of a person. `pin` None leaves the PIN as it is."""

    name: str
    role: Role = Role.LIBRARIAN
    card: str | None = None
    pin: str | None = None
    member_id: uuid.UUID | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class StaffSaved:
    """The person is registered, or changed."""

    person_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class PermissionSet:
    """The role may, or no longer may."""

    role: Role
    action: Action
    allowed: bool


@dataclass(frozen=True, slots=True)
class SignedIn:
    """This person works at the desk from now on."""

    person_id: uuid.UUID
    name: str
    role: Role


def add_person(library: StaffedLibrary, form: StaffForm, act: Act) -> StaffSaved | Refused:
    """Register somebody who works here, or say everything that is wrong."""
    pin_hash = hash_pin(form.pin) if form.pin else None
    with library.store.write() as tx:
        refused = (*library.forbids(act, Action.MANAGE_STAFF), *_problems(tx, form, None))
        if refused:
            return Refused(refused)
        person = tx.insert(Staff, pin_hash=pin_hash, **_columns(form))
        tx.record("staff.added", act)
        return StaffSaved(person)


def edit_person(library: StaffedLibrary, person_id: uuid.UUID, form: StaffForm, act: Act) -> StaffSaved | Refused:
    """Change a person, or let them go (`active` False): what they did keeps their name. Somebody who manages the staff
    always stays."""
    with library.store.write() as tx:
        person = tx.one(BY_ID, person=person_id)
        if person is None:
            return Refused((Refusal("staff.unknown"),))
        refused = (*library.forbids(act, Action.MANAGE_STAFF), *_problems(tx, form, person))
        if refused:
            return Refused(refused)
        values = _columns(form) | ({"pin_hash": hash_pin(form.pin)} if form.pin else {})
        changed = {name: value for name, value in values.items() if getattr(person, name) != value}
        if changed:
            tx.update(Staff, person, **changed)
            tx.record("staff.changed", act)
    if form.pin:
        forget_tries(library.store, person_id)
    return StaffSaved(person_id)


def set_pin(library: StaffedLibrary, person_id: uuid.UUID, pin: str | None, act: Act) -> StaffSaved | Refused:
    """Give a PIN, or take it away: one's own, or anybody's for who manages the staff. The tries begin anew."""
    forbidden = () if act.staff_id == person_id else library.forbids(act, Action.MANAGE_STAFF)
    weak = (Refusal("staff.pin_weak"),) if pin is not None and not is_pin(pin) else ()
    if forbidden or weak:
        return Refused((*forbidden, *weak))
    pin_hash = None if pin is None else hash_pin(pin)
    with library.store.write() as tx:
        person = tx.one(BY_ID, person=person_id)
        if person is None:
            return Refused((Refusal("staff.unknown"),))
        tx.update(Staff, person, pin_hash=pin_hash)
        tx.record("staff.pin_changed", act)
    forget_tries(library.store, person_id)
    return StaffSaved(person_id)


def set_permission(
    library: StaffedLibrary, role: Role, action: Action, allowed: bool, act: Act
) -> PermissionSet | Refused:
    """Let a role do something, or no longer. Whoever manages the staff cannot take that from the last who does."""
    with library.store.write() as tx:
        forbidden = library.forbids(act, Action.MANAGE_STAFF)
        may = allowed_actions(tx)
        may[role] = may[role] | {action} if allowed else may[role] - {action}
        if forbidden or not _is_managed(everybody(tx), may):
            return Refused(forbidden or (Refusal("staff.last_manager"),))
        row = _permission(tx, role, action)
        if row is None:
            tx.insert(Permission, role=role, action=action.value, allowed=allowed)
        elif row.allowed != allowed:
            tx.update(Permission, row, allowed=allowed)
        if row is None or row.allowed != allowed:
            library.rules_changed(tx)
            tx.record("staff.permission_set", act)
    library.forget_rules()
    return PermissionSet(role, action, allowed)


def sign_in(
    store: Store, stamp: Stamp, *, person_id: uuid.UUID, pin: str, offline_days: int | None = None
) -> SignedIn | Refused:
    """Take over the desk with a PIN. Somebody without one takes it over freely, as long as nobody gives them one.
    `offline_days`: how long the policy lets people sign in without a word from the centre."""
    with store.read() as reader:
        person = reader.one(BY_ID, person=person_id)
        silent = against_log_in(reader, stamp, offline_days)
    if silent:
        return Refused(silent)
    if person is None or not person.active:
        return Refused((Refusal("staff.unknown"),))
    if person.pin_hash is None:
        return SignedIn(person.id, person.name, person.role)
    outcome = verify_pin(store, person_id, pin, stamp)
    if isinstance(outcome, PinRight):
        return SignedIn(person.id, person.name, person.role)
    return Refused((pin_refusal(outcome),))


def sign_in_with_card(
    store: Store, card: str, stamp: Stamp, *, offline_days: int | None = None
) -> SignedIn | Refused | None:
    """Take over the desk by touching the reader with one's staff card; None when it is nobody's."""
    with store.read() as reader:
        person = person_with_card(reader, card)
        silent = against_log_in(reader, stamp, offline_days)
    if person is None:
        return None
    return Refused(silent) if silent else SignedIn(person.id, person.name, person.role)


def pin_refusal(outcome: PinWrong | PinBlocked) -> Refusal:
    """A PIN that was not taken, as a reason."""
    if isinstance(outcome, PinBlocked):
        return Refusal("staff.pin_blocked", facts={"seconds": outcome.seconds})
    return Refusal("staff.pin_wrong", have=outcome.left)


def _columns(form: StaffForm) -> dict[str, object]:
    return {
        "name": clean(form.name, 120),
        "role": form.role,
        "card": typed(clean(form.card, 64)) or None if form.card else None,
        "active": form.active,
        "member_id": form.member_id,
    }


def _problems(tx: Tx, form: StaffForm, person: StaffFacts | None) -> Iterator[Refusal]:
    yield from required(name=clean(form.name, 120))
    if form.role not in DESK_ROLES:
        yield invalid("role", form.role)
    if form.pin is not None and not is_pin(form.pin):
        yield Refusal("staff.pin_weak")
    people = everybody(tx)
    others = [other for other in people if other.active and (person is None or other.id != person.id)]
    if any(other.name == clean(form.name, 120) for other in others):
        yield Refusal("staff.name_taken", facts={"name": clean(form.name, 120)})
    if form.card and _is_taken(tx, typed(clean(form.card, 64)), others):
        yield Refusal("staff.card_taken", facts={"card": form.card})
    if person is not None:
        changed = [*others, _as_written(person, form)]
        if not _is_managed(changed, allowed_actions(tx)):
            yield Refusal("staff.last_manager")


def _is_taken(tx: Tx, card: str, others: Sequence[StaffFacts]) -> bool:
    return any(other.card == card for other in others) or tx.one(MEMBER_WITH_CARD, card=card) is not None


def _as_written(person: StaffFacts, form: StaffForm) -> StaffFacts:
    return StaffFacts(
        person.id, person.ver, form.name, form.role, person.pin_hash, form.card, form.active, form.member_id
    )


def _is_managed(people: Sequence[StaffFacts], may: Mapping[Role, frozenset[Action]]) -> bool:
    return any(person.active and Action.MANAGE_STAFF in may[person.role] for person in people)


def _permission(reader: Reader, role: Role, action: Action) -> sa.Row[uuid.UUID, int, bool] | None:
    query = sa.select(Permission.id, Permission.ver, Permission.allowed).where(
        Permission.role == role, Permission.action == action.value, Permission.deleted_at.is_(None)
    )
    return reader.connection.execute(query).first()
