"""The household of a reader: those who stand for them and those they stand for, with what each has in hand."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import sqlalchemy as sa

from app.circulation.facts import MemberFacts
from app.circulation.reader_card import ReaderCard, reader_card
from app.library import Library
from app.refusal import Refusal
from db.frozen import Frozen
from db.models.members import Member
from db.reading import Reader
from db.types import Id


class Kinship(StrEnum):
    """What somebody of the household is to the reader."""

    GUARDIAN = "guardian"
    GUARANTOR = "guarantor"
    CHILD = "child"
    WARD = "ward"
    SIBLING = "sibling"


KINSHIP: Mapping[Kinship, str] = MappingProxyType(
    {
        Kinship.GUARDIAN: "سرپرست",
        Kinship.GUARANTOR: "ضامن",
        Kinship.CHILD: "تحت سرپرستی",
        Kinship.WARD: "تحت ضمانت",
        Kinship.SIBLING: "با همان سرپرست",
    }
)


@dataclass(frozen=True, slots=True)
class Kin:
    """One of the household with loans, limit and debt. `may_borrow`: books are lent to them on this reader's card."""

    kinship: Kinship
    card: ReaderCard
    may_borrow: bool


LINKS = Frozen(
    sa.select(Member.guarantor_id, Member.guardian_id).where(Member.id == sa.bindparam("member")),
    lambda guarantor, guardian: (guarantor, guardian),
)
LIVE = Member.deleted_at.is_(None)
OF_GUARANTOR = Frozen(
    sa.select(Member.id).where(Member.guarantor_id == sa.bindparam("member", type_=Id()), LIVE).order_by(Member.id),
    lambda member: member,
)
OF_GUARDIAN = Frozen(
    sa.select(Member.id).where(Member.guardian_id == sa.bindparam("member", type_=Id()), LIVE).order_by(Member.id),
    lambda member: member,
)


def household(library: Library, reader: Reader, member_id: uuid.UUID) -> list[Kin]:
    """Guardian and guarantor first, then those in the reader's care, then those with the same guardian."""
    guarantor, guardian = reader.one(LINKS, member=member_id) or (None, None)
    found: dict[uuid.UUID, Kinship] = {}
    if guardian is not None:
        found[guardian] = Kinship.GUARDIAN
    if guarantor is not None:
        found.setdefault(guarantor, Kinship.GUARANTOR)
    for child in reader.all(OF_GUARDIAN, member=member_id):
        found.setdefault(child, Kinship.CHILD)
    for ward in reader.all(OF_GUARANTOR, member=member_id):
        found.setdefault(ward, Kinship.WARD)
    for sibling in reader.all(OF_GUARDIAN, member=guardian) if guardian else ():
        found.setdefault(sibling, Kinship.SIBLING)
    found.pop(member_id, None)
    today = library.clock.read().day
    cards = ((kinship, reader_card(library, reader, member, today)) for member, kinship in found.items())
    in_care = (Kinship.CHILD, Kinship.WARD)
    return [Kin(kinship, card, kinship in in_care) for kinship, card in cards if card is not None]


def care_refusals(holder: MemberFacts, borrower: MemberFacts) -> tuple[Refusal, ...]:
    """Books are lent on somebody's card only to those they stand for."""
    if holder.id in (borrower.id, borrower.guardian_id, borrower.guarantor_id):
        return ()
    return (Refusal("member.not_household", facts={"name": borrower.name, "holder": holder.name}),)
