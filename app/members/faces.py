"""What stands on the card of a member."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.library import Library
from app.members.photos import photo_of
from db.codes import CardState
from db.models.members import Member, MemberCard
from db.reading import Reader


@dataclass(frozen=True, slots=True)
class CardFace:
    """The face of a card. `number` is what its bars carry: the card number, else the member number; `photo` is JPEG."""

    name: str
    member_no: str
    number: str
    category: str
    expires_on: dt.date | None
    photo: bytes | None


def card_faces(library: Library, reader: Reader, members: Iterable[uuid.UUID]) -> list[CardFace]:
    """The faces of these members, in their order; who is not there is left out."""
    found = (_face(library, reader, member_id) for member_id in members)
    return [face for face in found if face is not None]


def _face(library: Library, reader: Reader, member_id: uuid.UUID) -> CardFace | None:
    query = sa.select(
        Member.given_name, Member.family_name, Member.member_no, Member.category, Member.expires_on
    ).where(Member.id == member_id, Member.deleted_at.is_(None))
    member = reader.connection.execute(query).one_or_none()
    if member is None:
        return None
    cards = (
        sa.select(MemberCard.number)
        .where(MemberCard.member_id == member_id, MemberCard.state == CardState.ACTIVE, MemberCard.deleted_at.is_(None))
        .order_by(MemberCard.since.desc(), MemberCard.id.desc())
        .limit(1)
    )
    return CardFace(
        name=f"{member.given_name} {member.family_name}",
        member_no=member.member_no,
        number=reader.connection.execute(cards).scalar() or member.member_no,
        category=library.categories.get(member.category, member.category),
        expires_on=member.expires_on,
        photo=photo_of(reader, member_id),
    )
