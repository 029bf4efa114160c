"""How a reader can be reached, how good each way is known to be, and which numbers must be asked for again.

001 (یافته‌ها الف): «تعداد زیادی از شماره تماس‌های نوشته شده … اشتباه است، یا شماره منزل عضو و یا شماره خود کتابخانه».
"""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.actions import Action
from app.circulation.reads import find_member
from app.form import invalid, required
from app.library import Library
from app.members.finding import found_by
from app.members.form import stored_mobile
from app.members.identity import Fault, landline, mobile, postal_code, to_e164
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import ContactHealth, ContactKind, MemberState
from db.frozen import Frozen
from db.models.members import Member, MemberContact
from db.reading import Reader
from db.writing import Tx

TELEPHONES = (ContactKind.MOBILE, ContactKind.PHONE)
LONGEST_VALUE = 500
A_FAMILY = 4
"""So many readers may share a number without a question: parents and children."""


class Whose(StrEnum):
    """Who answers."""

    OWN = "own"
    GUARDIAN = "guardian"
    GUARANTOR = "guarantor"


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach a reader. `value` is E.164 for a sound telephone number, else as it was written."""

    kind: ContactKind
    value: str
    health: ContactHealth
    whose: Whose = Whose.OWN
    name: str = ""

    @property
    def is_good(self) -> bool:
        """Whether it may be tried."""
        return self.health is not ContactHealth.BAD

    @property
    def takes_sms(self) -> bool:
        """Whether an SMS may go there: a sound mobile number that nobody has called wrong."""
        return self.is_good and self.kind is ContactKind.MOBILE and mobile(self.value).value is not None


@dataclass(frozen=True, slots=True)
class _Columns:
    mobile: str | None
    guardian: str | None
    guardian_mobile: str | None
    guarantor: str | None
    guarantor_mobile: str | None


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A stored contact."""

    id: uuid.UUID
    ver: int
    member_id: uuid.UUID
    kind: ContactKind
    value: str
    health: ContactHealth
    checked_on: dt.date | None


GUARANTOR = aliased(Member)
COLUMNS = Frozen(
    sa.select(
        Member.mobile, Member.guardian, Member.guardian_mobile, GUARANTOR.given_name + " " + GUARANTOR.family_name,
        GUARANTOR.mobile,
    )
    .outerjoin(GUARANTOR, GUARANTOR.id == Member.guarantor_id)
    .where(Member.id == sa.bindparam("member")),
    _Columns,
)  # fmt: skip
CONTACT_SELECT = sa.select(
    MemberContact.id, MemberContact.ver, MemberContact.member_id, MemberContact.kind, MemberContact.value,
    MemberContact.health, MemberContact.checked_on,
).where(MemberContact.deleted_at.is_(None))  # fmt: skip
CONTACTS = Frozen(
    CONTACT_SELECT.where(MemberContact.member_id == sa.bindparam("member")).order_by(MemberContact.id), ContactRow
)
ALL_CONTACTS = Frozen(CONTACT_SELECT.order_by(MemberContact.id), ContactRow)


def contacts_of(reader: Reader, member_id: uuid.UUID) -> tuple[Contact, ...]:
    """Every way to reach a reader: their own telephones, then the guardian's and the guarantor's, then the rest."""
    columns = reader.one(COLUMNS, member=member_id)
    stored = reader.all(CONTACTS, member=member_id)
    if columns is None:
        return ()
    health = {_same(row.value): row.health for row in stored if row.kind in TELEPHONES}
    theirs = {_same(number) for number in (columns.guardian_mobile, columns.guarantor_mobile) if number}
    own = (row for row in stored if row.kind in TELEPHONES and _same(row.value) not in theirs)
    named = [
        _telephone(columns.mobile, health, Whose.OWN),
        *(Contact(row.kind, row.value, row.health) for row in own),
        _telephone(columns.guardian_mobile, health, Whose.GUARDIAN, columns.guardian),
        _telephone(columns.guarantor_mobile, health, Whose.GUARANTOR, columns.guarantor),
        *(Contact(row.kind, row.value, row.health) for row in stored if row.kind not in TELEPHONES),
    ]
    known: dict[str, Contact] = {}
    for contact in named:
        if contact is not None:
            known.setdefault(_same(contact.value), contact)
    return tuple(known.values())


def _telephone(
    value: str | None, health: dict[str, ContactHealth], whose: Whose, name: str | None = None
) -> Contact | None:
    if not value:
        return None
    kind = ContactKind.PHONE if landline(value).value else ContactKind.MOBILE
    return Contact(kind, value, health.get(_same(value), ContactHealth.UNKNOWN), whose, name or "")


def _same(value: str) -> str:
    return to_e164(value) or value


class Doubt(StrEnum):
    """Why a contact must be asked for again."""

    BAD = "bad"
    OWN_NUMBER = "own_number"
    NOT_A_TELEPHONE = "not_a_telephone"
    LANDLINE = "landline"
    SHARED = "shared"
    DOUBTFUL = "doubtful"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class DoubtfulContact:
    """A reader's contact that must be put right; `others` share the number. `value` is None where there is none at
    all."""

    member_id: uuid.UUID
    name: str
    member_no: str
    kind: ContactKind
    value: str | None
    health: ContactHealth
    doubt: Doubt
    others: int = 0


@dataclass(frozen=True, slots=True)
class _Reached:
    id: uuid.UUID
    name: str
    member_no: str
    mobile: str | None
    guardian_mobile: str | None


REACHED = Frozen(
    sa.select(
        Member.id, Member.family_name + "، " + Member.given_name, Member.member_no, Member.mobile,
        Member.guardian_mobile,
    )
    .where(Member.state == MemberState.ACTIVE, Member.deleted_at.is_(None))
    .order_by(Member.sort_key),
    _Reached,
)  # fmt: skip


def contacts_to_check(library: Library, reader: Reader) -> list[DoubtfulContact]:
    """The clean-up list: wrong numbers, those of the library itself, landlines in the place of a mobile, numbers that
    more than a family shares, and readers who cannot be reached at all."""
    members = reader.all(REACHED)
    stored: defaultdict[uuid.UUID, list[ContactRow]] = defaultdict(list)
    for row in reader.all(ALL_CONTACTS):
        stored[row.member_id].append(row)
    own = frozenset(filter(None, [to_e164(library.branch.phone)] if library.branch.phone else []))
    shared = Counter(_same(member.mobile) for member in members if member.mobile)
    return [doubt for member in members for doubt in _doubts(member, stored[member.id], own, shared)]


def _doubts(
    member: _Reached, stored: Sequence[ContactRow], own: frozenset[str], shared: Counter[str]
) -> Iterator[DoubtfulContact]:
    def told(kind: ContactKind, value: str | None, health: ContactHealth, doubt: Doubt) -> DoubtfulContact:
        others = shared[_same(value)] - 1 if value and doubt is Doubt.SHARED else 0
        return DoubtfulContact(member.id, member.name, member.member_no, kind, value, health, doubt, others)

    healths = {_same(row.value): row.health for row in stored if row.kind in TELEPHONES}
    if member.mobile:
        health = healths.pop(_same(member.mobile), ContactHealth.UNKNOWN)
        doubt = _doubt_of(member.mobile, health, own, shared)
        if doubt is not None:
            yield told(ContactKind.MOBILE, member.mobile, health, doubt)
    elif not member.guardian_mobile and not any(row.kind in TELEPHONES for row in stored):
        yield told(ContactKind.MOBILE, None, ContactHealth.UNKNOWN, Doubt.MISSING)
    for row in stored:
        if row.kind in TELEPHONES and member.mobile and _same(row.value) == _same(member.mobile):
            continue
        if row.health in (ContactHealth.BAD, ContactHealth.DOUBTFUL):
            yield told(row.kind, row.value, row.health, Doubt(row.health.value))


def _doubt_of(value: str, health: ContactHealth, own: frozenset[str], shared: Counter[str]) -> Doubt | None:
    reading = mobile(value, own)
    if health is ContactHealth.BAD:
        return Doubt.BAD
    if reading.fault is Fault.OWN_NUMBER or _same(value) in own:
        return Doubt.OWN_NUMBER
    if reading.value is None:
        return Doubt.LANDLINE if landline(value).value else Doubt.NOT_A_TELEPHONE
    if health is ContactHealth.VERIFIED:
        return None
    if shared[reading.value] > A_FAMILY:
        return Doubt.SHARED
    return Doubt.DOUBTFUL if health is ContactHealth.DOUBTFUL else None


@dataclass(frozen=True, slots=True)
class ContactSet:
    """A contact as it now stands; `changed` False: it was so before."""

    member_id: uuid.UUID
    kind: ContactKind
    value: str
    health: ContactHealth
    changed: bool


def set_contact(
    library: Library, member_key: str, kind: ContactKind, value: str, health: ContactHealth, act: Act
) -> ContactSet | Refused | NotFound:
    """Write what is known of a contact. A new mobile number that is not bad becomes the one of the membership; a number
    in use is only marked, never taken away, so that an old list can still be compared."""
    with library.store.write() as tx:
        member = find_member(tx, member_key)
        if member is None:
            return NotFound(Sought.MEMBER, member_key)
        stored = stored_value(kind, value)
        refused = (*library.forbids(act, Action.EDIT_MEMBER), *_value_problems(library, kind, value, stored, health))
        if refused or stored is None:
            return Refused(refused)
        known = {_same(contact.value): contact.whose for contact in contacts_of(tx, member.id)}
        changed = mark_contact(tx, member.id, kind, stored, health, act)
        own = known.get(_same(stored), Whose.OWN) is Whose.OWN
        if own and kind is ContactKind.MOBILE and health is not ContactHealth.BAD:
            changed = _use_mobile(tx, member.id, stored) or changed
        if changed:
            tx.record("contact.set", act)
        return ContactSet(member.id, kind, stored, health, changed)


def stored_value(kind: ContactKind, value: str) -> str | None:
    """A contact as stored: telephones in E.164 where they are sound; None for nothing."""
    text = clean(value, LONGEST_VALUE)
    if kind in TELEPHONES:
        return to_e164(text) or text or None
    if kind is ContactKind.POSTAL_CODE:
        return postal_code(text).value or text or None
    return text or None


def mark_contact(tx: Tx, member_id: uuid.UUID, kind: ContactKind, value: str, health: ContactHealth, act: Act) -> bool:
    """Note the health of a contact inside somebody's transaction; False when it was known so."""
    rows = [row for row in tx.all(CONTACTS, member=member_id) if _same(row.value) == _same(value)]
    known = next(iter(rows), None)
    if known is not None and known.health is health:
        return False
    if known is None:
        tx.insert(MemberContact, member_id=member_id, kind=kind, value=value, health=health, checked_on=act.day)
    else:
        tx.update(MemberContact, known, health=health, checked_on=act.day)
    return True


def _value_problems(
    library: Library, kind: ContactKind, value: str, stored: str | None, health: ContactHealth
) -> Iterator[Refusal]:
    yield from required(value=stored)
    if stored is None or health is ContactHealth.BAD or kind not in TELEPHONES:
        return
    own = to_e164(library.branch.phone) if library.branch.phone else None
    if own is not None and stored == own:
        yield Refusal("contact.own_number")
    elif kind is ContactKind.MOBILE and mobile(stored).value is None:
        yield invalid("mobile", clean(value))


@dataclass(frozen=True, slots=True)
class _Findable:
    id: uuid.UUID
    ver: int
    given_name: str
    family_name: str
    member_no: str
    national_id: str | None
    mobile: str | None
    search_key: str


FINDABLE = Frozen(
    sa.select(
        Member.id, Member.ver, Member.given_name, Member.family_name, Member.member_no, Member.national_id,
        Member.mobile, Member.search_key,
    ).where(Member.id == sa.bindparam("member")),
    _Findable,
)  # fmt: skip


def _use_mobile(tx: Tx, member_id: uuid.UUID, number: str) -> bool:
    row = tx.one(FINDABLE, member=member_id)
    mobile_no = stored_mobile(number)
    if row is None or row.mobile == mobile_no:
        return False
    tx.update(Member, row, mobile=mobile_no, search_key=found_by(tx, row, {"mobile": mobile_no}))
    return True
