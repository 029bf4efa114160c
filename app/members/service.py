"""Registering members, correcting what is written of them, prolonging memberships."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.actions import Action
from app.calendar.rules import add_months
from app.ledger.fees import charge_membership
from app.library import Library
from app.members.clearances import revoke_clearances
from app.members.finding import found_by
from app.members.form import MemberForm, member_problems, stored_national_id
from app.members.history import has_been_late
from app.members.identity import to_e164
from app.members.writing import (
    TAKEN_NATIONAL_ID,
    Enrolled,
    card_owner,
    contacts_of,
    enrol,
    member_columns,
    member_with,
    number_taken,
    relations_of,
)
from app.outcome import NotFound, Refused, Sought
from app.policy.table import ANY
from app.refusal import NO_ANSWER, Answer, Refusal, still_refused
from db.act import Act
from db.codes import CardState, ContactKind, MemberState
from db.models.members import Member, MemberCard, MemberContact
from db.reading import Reader
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class Edited:
    """The member as written now; `state` tells whether the membership is still awaiting a letter."""

    member_id: uuid.UUID
    state: MemberState


@dataclass(frozen=True, slots=True)
class Prolonged:
    """The membership runs until `expires_on` (None: without end); `fee` was charged, in rials."""

    member_id: uuid.UUID
    expires_on: dt.date | None
    fee: int


DECIDED = ("expires_on", "state")
"""Columns of a membership that no form writes."""
NOTHING: Mapping[str, Any] = MappingProxyType({})
EditOutcome: TypeAlias = "Edited | Refused | NotFound"
RenewOutcome: TypeAlias = "Prolonged | Refused | NotFound"


def add_member(
    library: Library, form: MemberForm, act: Act, answer: Answer = NO_ANSWER, *, free: bool = False
) -> Enrolled | Refused:
    """Register a member, or say everything that is wrong with the form. Where the policy wants a letter and there is
    none yet, the membership waits for it (000 §3-1-1). Fee and card are charged by the policy, unless it is `free`."""
    with library.store.write() as tx:
        refused = still_refused(tuple(_problems(library, tx, form, act)), answer)
        if refused:
            return Refused(refused)
        expires = form.expires_on or default_expiry(library, form.category, form.joined_on or act.day)
        enrolled = enrol(tx, form, act.day, expires, _state(library, form))
        if not free:
            charge_membership(library, tx, enrolled.member_id, form.category, act, card=bool(form.card))
        tx.record("member.added", act)
        return enrolled


def edit_member(
    library: Library,
    member_id: uuid.UUID,
    form: MemberForm,
    act: Act,
    answer: Answer = NO_ANSWER,
    decided: Mapping[str, Any] = NOTHING,
) -> EditOutcome:
    """Write what the form says over what is there. Number, cards and dates of membership stay: they have ways of their
    own. A letter that has come at last makes a waiting membership active. `decided`: columns of DECIDED, where two
    machines had written one each and a person said which is right."""
    with library.store.write() as tx:
        member = member_record(tx, member_id)
        if member is None:
            return NotFound(Sought.MEMBER, str(member_id))
        form = replace(form, joined_on=None, expires_on=None)
        refused = still_refused(tuple(_edit_problems(library, tx, form, member, act)), answer)
        if refused:
            return Refused(refused)
        columns = member_columns(form, relations_of(tx, form))
        columns["search_key"] = found_by(tx, member, columns)
        state = _state(library, form) if member.state is MemberState.PENDING else member.state
        changed = {
            name: value
            for name, value in (columns | {"state": state, **decided}).items()
            if getattr(member, name) != value
        }
        if changed:
            tx.update(Member, member, **changed)
        if _write_contacts(tx, member_id, form, act) or changed:
            tx.record("member.changed", act)
        return Edited(member_id, decided.get("state", state))


def renew_member(
    library: Library, key: str, act: Act, *, until: dt.date | None = None, free: bool = False
) -> RenewOutcome:
    """Prolong a membership by one period of the policy, from its end while it runs and from today afterwards, or until
    a day that is given. Somebody who was cleared becomes a member again. `free`: no fee is charged."""
    with library.store.write() as tx:
        member_id = member_with(tx, key)
        member = member_record(tx, member_id) if member_id else None
        if member is None:
            return NotFound(Sought.MEMBER, key)
        refused = tuple(_renewal_problems(library, tx, member, until, act))
        if refused:
            return Refused(refused)
        begins = max(member.expires_on or act.day, act.day)
        expires = until or default_expiry(library, member.category, begins)
        state = MemberState.ACTIVE if member.state is MemberState.CLEARED else member.state
        tx.update(Member, member, expires_on=expires, state=state)
        if member.state is MemberState.CLEARED:
            revoke_clearances(tx, member.id, act.day)
        fee = 0 if free else charge_membership(library, tx, member.id, member.category, act, card=False)
        tx.record("member.renewed", act)
        return Prolonged(member.id, expires, fee)


def default_expiry(library: Library, category: str, joined: dt.date) -> dt.date | None:
    """The end of a membership that begins on `joined`; None where the policy sets no end (000 §3-1-1)."""
    months = library.terms(category, ANY).limit("months")
    return None if months is None else add_months(joined, months)


def member_record(reader: Reader, member_id: uuid.UUID) -> Any:
    """A member with all columns; None when there is no such member."""
    query = sa.select(Member.__table__).where(Member.id == member_id, Member.deleted_at.is_(None))
    return reader.connection.execute(query).one_or_none()


def form_of(reader: Reader, member_id: uuid.UUID) -> MemberForm | None:
    """What is written of a member, as the form shows it."""
    member = member_record(reader, member_id)
    if member is None:
        return None
    contacts = {contact.kind: contact.value for contact in _contacts(reader, member_id)}
    names = ("given_name", "family_name", "category", "national_id", "birth_date", "mobile", "father_name", "guardian",
             "guardian_mobile", "age_group", "note", "joined_on", "expires_on", "education", "job", "letter_no",
             "scheme", "liaison", "keep_history", "address_unknown", "member_no")  # fmt: skip
    return MemberForm(
        **{name: getattr(member, name) for name in names},
        card=_card_of(reader, member_id) or None,
        guarantor=_number_of(reader, member.guarantor_id),
        guardian_member=_number_of(reader, member.guardian_id),
        address=contacts.get(ContactKind.ADDRESS),
        phone=contacts.get(ContactKind.PHONE),
        email=contacts.get(ContactKind.EMAIL),
        interests=tuple(member.interests or ()),
        documents=tuple(member.documents or ()),
    )


def missing_documents(library: Library, form: MemberForm) -> tuple[str, ...]:
    """The papers that the policy asks for and nobody has handed in (004 الف-1-4)."""
    return tuple(name for name in library.terms(form.category, ANY).texts("documents") if name not in form.documents)


def _own_numbers(library: Library) -> tuple[str, ...]:
    number = to_e164(library.branch.phone or "")
    return (number,) if number else ()


def _state(library: Library, form: MemberForm) -> MemberState:
    waits = library.terms(form.category, ANY).flag("letter") and not form.letter_no
    return MemberState.PENDING if waits else MemberState.ACTIVE


def _problems(library: Library, tx: Reader, form: MemberForm, act: Act) -> Iterator[Refusal]:
    yield from library.forbids(act, Action.REGISTER_MEMBER)
    yield from member_problems(form, library.memberships, act.day, _own_numbers(library))
    if form.card and card_owner(tx, form.card) is not None:
        yield Refusal("member.card_taken", facts={"card": form.card})
    if form.member_no and number_taken(tx, form.member_no):
        yield Refusal("member.number_taken", facts={"member_no": form.member_no})
    yield from _same_person(tx, form, None)
    yield from _vouching(library, tx, form)


def _edit_problems(library: Library, tx: Reader, form: MemberForm, member: Any, act: Act) -> Iterator[Refusal]:
    yield from library.forbids(act, Action.EDIT_MEMBER)
    yield from member_problems(form, {*library.memberships, member.category}, act.day, _own_numbers(library))
    yield from _same_person(tx, form, member.id)
    yield from _vouching(library, tx, form)
    if form.category != member.category:
        yield from _history_problems(library, tx, form.category, member.id, act)
    relations = relations_of(tx, form)
    if member.id in (relations.guarantor_id, relations.guardian_id):
        yield Refusal("member.own_guarantor")


def _renewal_problems(library: Library, tx: Reader, member: Any, until: dt.date | None, act: Act) -> Iterator[Refusal]:
    yield from library.forbids(act, Action.EDIT_MEMBER)
    if act.stamp.doubtful:
        yield Refusal("clock.doubtful", facts={"today": act.day})
    if member.state in (MemberState.PENDING, MemberState.MERGED):
        yield Refusal("member.pending" if member.state is MemberState.PENDING else "member.merged")
    if until is not None and until <= act.day:
        yield Refusal("field.invalid", facts={"field": "expires", "value": until})
    yield from _history_problems(library, tx, member.category, member.id, act)


def _history_problems(library: Library, tx: Reader, category: str, member_id: uuid.UUID, act: Act) -> Iterator[Refusal]:
    """Some memberships are only for those who never kept a book too long (000 §3-1-1)."""
    terms = library.terms(category, ANY)
    if terms.flag("refuse_if_overdue_history") and has_been_late(tx, member_id, act.day):
        yield Refusal("member.overdue_history", terms.decided_by("refuse_if_overdue_history"))


def _same_person(tx: Reader, form: MemberForm, own: uuid.UUID | None) -> Iterator[Refusal]:
    if not form.national_id:
        return
    owner = tx.one(TAKEN_NATIONAL_ID, key=stored_national_id(form.national_id))
    if owner is not None and owner != own:
        yield Refusal("member.duplicate", facts={"national_id": form.national_id})


def _vouching(library: Library, tx: Reader, form: MemberForm) -> Iterator[Refusal]:
    for name in ("guarantor", "guardian_member"):
        key = getattr(form, name)
        if key and member_with(tx, key) is None:
            yield Refusal("member.guarantor_unknown", facts={"guarantor": key})
    terms = library.terms(form.category, ANY)
    if terms.flag("guarantor") and not form.guarantor:
        yield Refusal("member.guarantor_required", terms.decided_by("guarantor"))


def _card_of(reader: Reader, member_id: uuid.UUID) -> str:
    query = (
        sa.select(MemberCard.number)
        .where(MemberCard.member_id == member_id, MemberCard.state == CardState.ACTIVE, MemberCard.deleted_at.is_(None))
        .order_by(MemberCard.since.desc(), MemberCard.id.desc())
        .limit(1)
    )
    return reader.connection.execute(query).scalar() or ""


def _number_of(reader: Reader, member_id: uuid.UUID | None) -> str | None:
    if member_id is None:
        return None
    return reader.connection.execute(sa.select(Member.member_no).where(Member.id == member_id)).scalar()


def _contacts(reader: Reader, member_id: uuid.UUID) -> list[Any]:
    table = MemberContact.__table__
    query = sa.select(table).where(table.c.member_id == member_id, table.c.deleted_at.is_(None)).order_by(table.c.id)
    return list(reader.connection.execute(query))


def _write_contacts(tx: Tx, member_id: uuid.UUID, form: MemberForm, act: Act) -> bool:
    """One contact of each kind that the form has. A new value begins with its health unknown."""
    known = {contact.kind: contact for contact in _contacts(tx, member_id)}
    changed = False
    for kind, value in contacts_of(form).items():
        old = known.get(kind)
        if (old.value if old else None) == value:
            continue
        changed = True
        if old is not None:
            tx.remove(MemberContact, old, act)
        if value:
            tx.insert(MemberContact, member_id=member_id, kind=kind, value=value)
    return changed
