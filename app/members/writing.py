"""Registering members inside somebody's transaction."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.library import HERE
from app.members.finding import search_key
from app.members.form import MemberForm, stored_mobile, stored_national_id
from app.persian.collation import sort_key
from app.persian.digits import typed
from app.persian.text import clean
from db.codes import ContactKind, MemberState
from db.frozen import Frozen
from db.models.centre import MemberNumbers
from db.models.members import Member, MemberCard, MemberContact
from db.reading import Reader
from db.writing import Tx

MEMBER_NUMBERS = "member"
PROVISIONAL = "م-"
"""How a number begins that was given when the blocks of the centre were used up (sync-protocol 1)."""
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
class Block:
    """National member numbers that this library may give out."""

    first: int
    last: int


BLOCKS = Frozen(
    sa.select(MemberNumbers.first, MemberNumbers.last)
    .where(MemberNumbers.branch_id == HERE, MemberNumbers.deleted_at.is_(None))
    .order_by(MemberNumbers.first),
    Block,
)
LAST_OF_BLOCK = Frozen(
    sa.select(sa.func.max(Member.member_no)).where(
        Member.branch_id == HERE,
        Member.member_no >= sa.bindparam("first", type_=sa.Text()),
        Member.member_no <= sa.bindparam("last", type_=sa.Text()),
        sa.func.length(Member.member_no) == sa.bindparam("width", type_=sa.Integer()),
        Member.deleted_at.is_(None),
    ),
    lambda number: (number,),
)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A member as registered."""

    member_id: uuid.UUID
    member_no: str
    state: MemberState = MemberState.ACTIVE


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


def number_taken(reader: Reader, member_no: str) -> bool:
    """Whether a member carries the number."""
    return reader.one(TAKEN_NUMBER, key=stored_number(member_no)) is not None


@dataclass(frozen=True, slots=True)
class Relations:
    """Members that a form names by card or number: who vouches, and who brings up the child."""

    guarantor_id: uuid.UUID | None = None
    guardian_id: uuid.UUID | None = None


def relations_of(reader: Reader, form: MemberForm) -> Relations:
    """The members a form names."""
    return Relations(
        guarantor_id=member_with(reader, form.guarantor) if form.guarantor else None,
        guardian_id=member_with(reader, form.guardian_member) if form.guardian_member else None,
    )


def member_columns(form: MemberForm, relations: Relations) -> dict[str, Any]:
    """What a form says, as columns of a member; without the search key, which rests on the cards as well."""
    given, family = clean(form.given_name, 120), clean(form.family_name, 120)
    return {
        "given_name": given,
        "family_name": family,
        "father_name": _text(form.father_name, 120),
        "national_id": stored_national_id(form.national_id),
        "birth_date": form.birth_date,
        "category": form.category,
        "age_group": _text(form.age_group, 20),
        "education": _text(form.education, 120),
        "job": _text(form.job, 120),
        "mobile": stored_mobile(form.mobile),
        "guardian": _text(form.guardian, 200),
        "guardian_mobile": stored_mobile(form.guardian_mobile),
        "guarantor_id": relations.guarantor_id,
        "guardian_id": relations.guardian_id,
        "letter_no": _text(form.letter_no, 60),
        "scheme": _text(form.scheme, 60),
        "liaison": _text(form.liaison, 120),
        "documents": {clean(name, 120): True for name in form.documents} or None,
        "interests": [clean(tag, 60) for tag in form.interests],
        "note": _text(form.note, 2_000),
        "keep_history": form.keep_history,
        "address_unknown": form.address_unknown,
        "sort_key": sort_key(f"{family} {given}")[:300],
    }


def enrol(
    tx: Tx, form: MemberForm, today: dt.date, expires_on: dt.date | None, state: MemberState = MemberState.ACTIVE
) -> Enrolled:
    """Write a member with card and contacts. The form has been checked."""
    joined = form.joined_on or today
    card, member_no = stored_number(form.card), stored_number(form.member_no) or _free_number(tx)
    columns = member_columns(form, relations_of(tx, form))
    given, family, *numbers = (columns[name] for name in ("given_name", "family_name", "national_id", "mobile"))
    member_id = tx.insert(
        Member,
        member_no=member_no,
        joined_on=joined,
        expires_on=expires_on,
        state=state,
        search_key=search_key(given, family, member_no, card, *numbers),
        **columns,
    )
    if card:
        tx.insert(MemberCard, member_id=member_id, number=card, since=joined)
    for kind, value in contacts_of(form).items():
        if value:
            tx.insert(MemberContact, member_id=member_id, kind=kind, value=value)
    return Enrolled(member_id, member_no, state)


def contacts_of(form: MemberForm) -> dict[ContactKind, str | None]:
    """The ways to reach a member that a form gives, beside the mobile telephone."""
    return {
        ContactKind.ADDRESS: _text(form.address, 500),
        ContactKind.PHONE: _text(form.phone, 40),
        ContactKind.EMAIL: _text(form.email, 120),
    }


def _text(text: str | None, longest: int) -> str | None:
    return (clean(text, longest) or None) if text else None


def _next_of(tx: Tx, block: Block) -> str | None:
    """The number after the highest that was given out of a block; None when it is used up."""
    bounds = {"first": str(block.first), "last": str(block.last), "width": len(str(block.last))}
    (highest,) = tx.one(LAST_OF_BLOCK, **bounds) or (None,)
    number = block.first if highest is None else int(highest) + 1
    return str(number) if number <= block.last else None


def national_number(tx: Tx) -> str | None:
    """The next number of the blocks that the centre gave; None when they are used up or it never gave any."""
    return next((number for block in tx.all(BLOCKS) if (number := _next_of(tx, block)) is not None), None)


def _free_number(tx: Tx) -> str:
    """The next number that nobody was given by hand: of a block of the centre, or of the library's own series while it
    has never had one. When its blocks are used up a provisional one, in the place of which the next block puts a
    number."""
    national = national_number(tx)
    if national is not None:
        return national
    mark = PROVISIONAL if tx.one(BLOCKS) is not None else ""
    while True:
        number = f"{mark}{tx.next_number(MEMBER_NUMBERS):06d}"
        if not number_taken(tx, number):
            return number
