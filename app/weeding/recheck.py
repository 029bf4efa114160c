"""Whether the copies on a draft may still stand there: between the scan and the number something may have happened to
them (002 م7-2، م7-7)."""

import uuid
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app.library import HERE, Library
from app.persian.digits import to_persian
from app.refusal import Refusal, Weight
from app.weeding import reads
from app.weeding.facts import CopyFacts, Proposal
from app.weeding.rules import proposal_refusals
from app.wording import why
from db.act import Act
from db.codes import ItemStatus, WeedingReason
from db.frozen import Frozen
from db.models.collection import MinutesRow
from db.models.items import Item
from db.reading import Reader
from db.types import Id

MOST_NAMED = 10
# Asked at the scan, and noted with the row when they are answered: here they are new.
NEVER_ANSWERED = frozenset({"weeding.unbindable_needed", "weeding.mendable"})
STANDING = (MinutesRow.struck_at.is_(None), MinutesRow.deleted_at.is_(None))
STATED = Frozen(
    sa.select(
        MinutesRow.item_id, MinutesRow.criterion, MinutesRow.article, MinutesRow.unbindable, MinutesRow.permit_no,
        MinutesRow.permit_on, MinutesRow.replaced_by, MinutesRow.remark,
    ).where(MinutesRow.branch_id == HERE, MinutesRow.minutes_id == sa.bindparam("minutes"), *STANDING),
    lambda item_id, reason, *rest: (item_id, Proposal(WeedingReason(reason), *rest)),
)  # fmt: skip


VOLUME = sa.func.coalesce(Item.volume_no, "")
Place: TypeAlias = tuple[uuid.UUID, str]


@dataclass(frozen=True, slots=True)
class _OfTitle:
    """A copy with what it is counted by: `number` is that of the copy, and of its registration."""

    item_id: uuid.UUID
    place: Place
    number: tuple[int, int]
    is_here: bool


def _of_title(
    item_id: uuid.UUID, title_id: uuid.UUID, volume: str, copy_no: int, accession_no: int, status: ItemStatus
) -> _OfTitle:
    return _OfTitle(item_id, (title_id, volume), (copy_no, accession_no), status not in reads.NOT_IN_THE_HOUSE)


COUNTED = sa.select(Item.id, Item.title_id, VOLUME, Item.copy_no, Item.accession_no, Item.status).where(*reads.OURS)
# Copies that minutes hold, in the order in which they were listed; and those of the titles of a draft that stay.
HELD = Frozen(
    COUNTED.join(MinutesRow, sa.and_(MinutesRow.item_id == Item.id, MinutesRow.minutes_id == Item.on_minutes_id))
    .where(*STANDING)
    .order_by(MinutesRow.proposed_at, MinutesRow.id),
    _of_title,
)
ON_DRAFT = aliased(Item)
STAYING = Frozen(
    COUNTED.where(
        Item.on_minutes_id.is_(None),
        Item.title_id.in_(
            sa.select(ON_DRAFT.title_id).where(
                ON_DRAFT.branch_id == HERE, ON_DRAFT.on_minutes_id == sa.bindparam("minutes", type_=Id())
            )
        ),
    ),
    _of_title,
)


def rows_against(library: Library, reader: Reader, minutes_id: uuid.UUID, act: Act) -> Iterator[Refusal]:
    """What speaks by now against copies of a draft: a refusal for each kind of reason, with the copies it concerns."""
    stated, house = dict(reader.all(STATED, minutes=minutes_id)), reads.house_of(library)
    others = _others(reader.all(STAYING, minutes=minutes_id), reader.all(HELD))
    found: dict[str, list[tuple[CopyFacts, Refusal]]] = {}
    for copy in reader.all(reads.COPIES_ON, minutes=minutes_id):
        proposal = stated.get(copy.id)
        every, older = others.get(copy.id, (0, 0))
        # A permit that came later stands on no row yet: listed anew, the copy brings it along.
        listed = replace(copy, on_minutes_id=None, permit_no=None, permit_on=None)
        then = replace(listed, other_copies=every, older_copies=older)
        for refusal in proposal_refusals(then, proposal, house, act.day) if proposal else ():
            if refusal.weight is Weight.BLOCK or refusal.code in NEVER_ANSWERED:
                found.setdefault(refusal.code, []).append((copy, refusal))
    for rows in found.values():
        first = rows[0][1]
        facts = {"because": why(first), "numbers": _numbers([copy.accession_no for copy, _ in rows])}
        yield Refusal("minutes.rows_against", first.rule, have=len(rows), facts=facts)


def _others(staying: Sequence[_OfTitle], held: Sequence[_OfTitle]) -> Mapping[uuid.UUID, tuple[int, int]]:
    """How many copies of the same title and volume were there when each one was judged, and how many of them are older:
    those that stay, and those that were listed after it."""
    numbers: defaultdict[Place, list[tuple[int, int]]] = defaultdict(list)
    for copy in staying:
        if copy.is_here:
            insort(numbers[copy.place], copy.number)
    others = {}
    for copy in reversed(held):
        known = numbers[copy.place]
        others[copy.item_id] = len(known), bisect_left(known, copy.number)
        if copy.is_here:
            insort(known, copy.number)
    return others


def _numbers(numbers: Sequence[int]) -> str:
    named = "، ".join(to_persian(str(number)) for number in sorted(numbers)[:MOST_NAMED])
    return f"{named} و …" if len(numbers) > MOST_NAMED else named
