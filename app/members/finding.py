"""What a member is found by when somebody types: decided here, for what is written and for what comes from a feed."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from app.persian.text import compact, fold
from db.frozen import Frozen
from db.models.members import Member, MemberCard
from db.reading import Reader


def search_key(given: str, family: str, *numbers: str | None) -> str:
    """What a member is found by: names as written and as one word («علی رضا» is «علیرضا»), numbers, and a mobile number
    as people say it."""
    known = [number for number in numbers if number]
    local = ["0" + number.removeprefix("+98") for number in known if number.startswith("+98")]
    return f"{fold(' '.join((given, family, *known, *local)))} {compact(given + family)}"


@dataclass(frozen=True, slots=True)
class Findable:
    """What of a member's own row finds them."""

    id: uuid.UUID
    given_name: str
    family_name: str
    member_no: str
    national_id: str | None
    mobile: str | None


AS_IT_IS: Mapping[str, Any] = MappingProxyType({})
MERGED = Frozen(
    sa.select(Member.id, Member.merged_into, Member.member_no)
    .where(Member.merged_into.is_not(None), Member.deleted_at.is_(None))
    .order_by(Member.joined_on, Member.id),
    lambda *columns: columns,
)


def findable(member: Any, changed: Mapping[str, Any] = AS_IT_IS) -> Findable:
    """A member as the row says, but for what is about to change."""
    return Findable(**{name: changed.get(name, getattr(member, name)) for name in Findable.__dataclass_fields__})


def found_by(reader: Reader, member: Any, changed: Mapping[str, Any] = AS_IT_IS) -> str:
    """The search key of a member as it is about to be, once the cards are written."""
    return key_of(findable(member, changed), other_numbers(reader, (member.id,)))


def key_of(member: Findable, others: Mapping[uuid.UUID, Sequence[str]]) -> str:
    """What a member is found by, `others` being `other_numbers`."""
    numbers = (member.member_no, *others.get(member.id, ()), member.national_id, member.mobile)
    return search_key(member.given_name, member.family_name, *numbers)


def other_numbers(reader: Reader, member_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    """Every card that members have or had, old and lost ones too, and the numbers of records that became part of
    theirs; of some hundreds at once."""
    known: dict[uuid.UUID, list[str]] = {}
    query = sa.select(MemberCard.member_id, MemberCard.number).where(
        MemberCard.member_id.in_(member_ids), MemberCard.deleted_at.is_(None)
    )
    for member_id, number in reader.connection.execute(query.order_by(MemberCard.since, MemberCard.id)):
        known.setdefault(member_id, []).append(number)
    for kept, number in _former_numbers(reader):
        if kept in member_ids:
            known.setdefault(kept, []).append(number)
    return known


def _former_numbers(reader: Reader) -> Iterator[tuple[uuid.UUID, str]]:
    """Each record that a merged one led to, with its number: that one may have been merged in its turn."""
    merged = {member_id: (kept, number) for member_id, kept, number in reader.all(MERGED)}
    for member_id, (into, number) in merged.items():
        kept, seen = into, {member_id}
        while kept not in seen:
            yield kept, number
            seen.add(kept)
            kept, _ = merged.get(kept, (kept, ""))
