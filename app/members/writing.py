"""Registering members inside somebody's transaction."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.library import HERE
from app.members.form import MemberForm, stored_mobile, stored_national_id
from app.persian.collation import sort_key
from app.persian.digits import typed
from app.persian.text import clean, compact, fold
from db.codes import ContactKind
from db.frozen import Frozen
from db.models.members import Member, MemberCard, MemberContact
from db.reading import Reader
from db.writing import Tx

MEMBER_NUMBERS = "member"
TAKEN_CARD = Frozen(
    sa.select(MemberCard.member_id).where(
        MemberCard.branch_id == HERE, MemberCard.number == sa.bindparam("key"), MemberCard.deleted_at.is_(None)
    ),
    lambda member_id: member_id,
)
OURS = sa.select(Member.id).where(Member.branch_id == HERE, Member.deleted_at.is_(None))
TAKEN_NUMBER = Frozen(OURS.where(Member.member_no == sa.bindparam("key")), lambda found: found)
TAKEN_NATIONAL_ID = Frozen(OURS.where(Member.national_id == sa.bindparam("key")), lambda found: found)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A member as registered."""

    member_id: uuid.UUID
    member_no: str


def stored_number(text: str | None) -> str:
    """A card or member number as stored: ASCII digits, nothing invisible; "" when there is none."""
    return typed(clean(text, 64)) if text else ""


def card_owner(reader: Reader, card: str) -> uuid.UUID | None:
    """Whose card it is or was."""
    owner: uuid.UUID | None = reader.one(TAKEN_CARD, key=stored_number(card))
    return owner


def member_with(reader: Reader, key: str) -> uuid.UUID | None:
    """Whose card, member number or national id it is."""
    for statement in (TAKEN_CARD, TAKEN_NUMBER, TAKEN_NATIONAL_ID):
        found: uuid.UUID | None = reader.one(statement, key=stored_number(key))
        if found is not None:
            return found
    return None


def national_id_taken(reader: Reader, national_id: str) -> bool:
    """Whether a member carries it already."""
    return reader.one(TAKEN_NATIONAL_ID, key=stored_national_id(national_id)) is not None


def number_taken(reader: Reader, member_no: str) -> bool:
    """Whether a member carries the number."""
    return reader.one(TAKEN_NUMBER, key=stored_number(member_no)) is not None


def search_key(given: str, family: str, *numbers: str | None) -> str:
    """What a member is found by: names as written and as one word («علی رضا» is «علیرضا»), numbers, and a mobile number
    as people say it."""
    known = [number for number in numbers if number]
    local = ["0" + number.removeprefix("+98") for number in known if number.startswith("+98")]
    return f"{fold(' '.join((given, family, *known, *local)))} {compact(given + family)}"


def enrol(
    tx: Tx, form: MemberForm, today: dt.date, expires_on: dt.date | None, guarantor_id: uuid.UUID | None
) -> Enrolled:
    """Write a member with card and address. The form has been checked."""
    joined = form.joined_on or today
    card, member_no = stored_number(form.card), stored_number(form.member_no) or _free_number(tx)
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
        age_group=clean(form.age_group, 20) if form.age_group else None,
        mobile=mobile,
        guardian=clean(form.guardian, 200) if form.guardian else None,
        guardian_mobile=stored_mobile(form.guardian_mobile),
        guarantor_id=guarantor_id,
        interests=[clean(tag, 60) for tag in form.interests],
        note=clean(form.note) if form.note else None,
        joined_on=joined,
        expires_on=expires_on,
        sort_key=sort_key(f"{family} {given}")[:300],
        search_key=search_key(given, family, member_no, card, national_id, mobile),
    )
    if card:
        tx.insert(MemberCard, member_id=member_id, number=card, since=joined)
    if form.address:
        tx.insert(MemberContact, member_id=member_id, kind=ContactKind.ADDRESS, value=clean(form.address, 500))
    return Enrolled(member_id, member_no)


def _free_number(tx: Tx) -> str:
    """The next number of the branch's block that nobody was given by hand."""
    while True:
        number = f"{tx.next_number(MEMBER_NUMBERS):06d}"
        if not number_taken(tx, number):
            return number
