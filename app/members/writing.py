"""Registering members inside somebody's transaction."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.members.form import MemberForm, stored_mobile, stored_national_id
from app.persian.collation import sort_key
from app.persian.digits import to_latin
from app.persian.text import clean, fold
from db.codes import ContactKind
from db.frozen import Frozen
from db.models.members import Member, MemberCard, MemberContact
from db.reading import Reader
from db.writing import Tx

MEMBER_NUMBERS = "member"
TAKEN_CARD = Frozen(
    sa.select(MemberCard.member_id).where(MemberCard.number == sa.bindparam("key"), MemberCard.deleted_at.is_(None)),
    lambda member_id: member_id,
)
TAKEN_NUMBER = Frozen(
    sa.select(Member.id).where(Member.member_no == sa.bindparam("key"), Member.deleted_at.is_(None)),
    lambda found: found,
)
TAKEN_NATIONAL_ID = Frozen(
    sa.select(Member.id).where(Member.national_id == sa.bindparam("key"), Member.deleted_at.is_(None)),
    lambda found: found,
)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A member as registered."""

    member_id: uuid.UUID
    member_no: str


def card_owner(reader: Reader, card: str) -> uuid.UUID | None:
    """Whose card it is or was."""
    owner: uuid.UUID | None = reader.one(TAKEN_CARD, key=to_latin(card))
    return owner


def member_with(reader: Reader, key: str) -> uuid.UUID | None:
    """Whose card, member number or national id it is."""
    for statement in (TAKEN_CARD, TAKEN_NUMBER, TAKEN_NATIONAL_ID):
        found: uuid.UUID | None = reader.one(statement, key=to_latin(key))
        if found is not None:
            return found
    return None


def national_id_taken(reader: Reader, national_id: str) -> bool:
    """Whether a member carries it already."""
    return reader.one(TAKEN_NATIONAL_ID, key=stored_national_id(national_id)) is not None


def number_taken(reader: Reader, member_no: str) -> bool:
    """Whether a member carries the number."""
    return reader.one(TAKEN_NUMBER, key=to_latin(member_no)) is not None


def enrol(
    tx: Tx, form: MemberForm, today: dt.date, expires_on: dt.date | None, guarantor_id: uuid.UUID | None
) -> Enrolled:
    """Write a member with card and address. The form has been checked."""
    joined = form.joined_on or today
    member_no = to_latin(form.member_no) if form.member_no else _free_number(tx)
    given, family = clean(form.given_name, 120), clean(form.family_name, 120)
    national_id, mobile = stored_national_id(form.national_id), stored_mobile(form.mobile)
    member_id = tx.insert(
        Member,
        given_name=given,
        family_name=family,
        father_name=clean(form.father_name, 120) if form.father_name else None,
        national_id=national_id,
        birth_date=form.birth_date,
        category=form.category,
        member_no=member_no,
        age_group=form.age_group,
        mobile=mobile,
        guardian=clean(form.guardian, 200) if form.guardian else None,
        guardian_mobile=stored_mobile(form.guardian_mobile),
        guarantor_id=guarantor_id,
        interests=[clean(tag, 60) for tag in form.interests],
        note=clean(form.note) if form.note else None,
        joined_on=joined,
        expires_on=expires_on,
        sort_key=sort_key(f"{family} {given}")[:300],
        search_key=fold(" ".join((given, family, member_no, form.card or "", national_id or "", mobile or ""))),
    )
    if form.card:
        tx.insert(MemberCard, member_id=member_id, number=to_latin(clean(form.card, 64)), since=joined)
    if form.address:
        tx.insert(MemberContact, member_id=member_id, kind=ContactKind.ADDRESS, value=clean(form.address, 500))
    return Enrolled(member_id, member_no)


def _free_number(tx: Tx) -> str:
    """The next number of the branch's block that nobody was given by hand."""
    while True:
        number = f"{tx.next_number(MEMBER_NUMBERS):06d}"
        if not number_taken(tx, number):
            return number
