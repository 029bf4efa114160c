"""Mending in the library (صحافی پایه, 002 م13-3): a log that needs no request."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa

from app.actions import Action
from app.binding import reads
from app.binding.facts import BindingCopy
from app.binding.rules import AT_HAND
from app.binding.service import LONGEST_WORK, said
from app.form import invalid, required
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.act import Act
from db.codes import BindingState, Condition
from db.frozen import Frozen
from db.models.collection import Mending
from db.models.items import Item
from db.types import Id
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class MendFacts:
    """A mend as it is written down; `cost` in rials."""

    id: uuid.UUID
    ver: int
    item_id: uuid.UUID
    work: str
    cost: int | None


# The better, the smaller: mending makes no copy worse.
RANK: Mapping[Condition, int] = MappingProxyType({condition: place for place, condition in enumerate(Condition)})
KNOWN = sa.select(Mending.id, Mending.ver, Mending.item_id, Mending.work, Mending.cost)
SAME = Frozen(
    KNOWN.where(
        Mending.item_id == sa.bindparam("item", type_=Id()),
        Mending.day == sa.bindparam("day"),
        Mending.work == sa.bindparam("work"),
        Mending.deleted_at.is_(None),
    ).limit(1),
    MendFacts,
)
BY_ID = Frozen(KNOWN.where(Mending.id == sa.bindparam("mending", type_=Id()), Mending.deleted_at.is_(None)), MendFacts)


@dataclass(frozen=True, slots=True)
class Mended:
    """A mend is written down; `condition` is how the copy looks now. `already`: the same was written today."""

    mending_id: uuid.UUID
    copy: BindingCopy
    day: dt.date
    condition: Condition
    already: bool = False


@dataclass(frozen=True, slots=True)
class MendWithdrawn:
    """The mend is off the log."""

    mend: MendFacts


def mend(
    library: Library, item_key: str, work: str, act: Act, cost: int | None = None, condition: Condition | None = None
) -> Mended | Refused | NotFound:
    """Write down what was mended here; `cost` in rials, `condition` how the copy looks after it."""
    with library.store.write() as tx:
        copy = reads.find_copy(tx, item_key)
        if copy is None:
            return NotFound(Sought.ITEM, item_key)
        words = said(work, LONGEST_WORK) or ""
        refused = (*library.forbids(act, Action.BIND), *_problems(copy, words, cost, condition))
        if refused:
            return Refused(refused)
        looks = condition or copy.condition
        same = tx.one(SAME, item=copy.id, day=act.day, work=words)
        if same is not None and looks is copy.condition and cost in (None, same.cost):
            return Mended(same.id, copy, act.day, looks, already=True)
        mending_id = _written(tx, same, copy, words, cost, act)
        if looks is not copy.condition:
            tx.update(Item, copy, condition=looks)
        tx.record("mending.added", act)
        return Mended(mending_id, copy, act.day, looks)


def withdraw_mend(library: Library, mending_id: uuid.UUID, act: Act) -> MendWithdrawn | Refused | NotFound:
    """Take off the log what was written there by mistake; how the copy looks stays as it was noted."""
    with library.store.write() as tx:
        written = tx.one(BY_ID, mending=mending_id)
        if written is None:
            return NotFound(Sought.MENDING, str(mending_id))
        forbidden = library.forbids(act, Action.BIND)
        if forbidden:
            return Refused(forbidden)
        tx.remove(Mending, written, act)
        tx.record("mending.withdrawn", act)
        return MendWithdrawn(written)


def _written(tx: Tx, same: MendFacts | None, copy: BindingCopy, work: str, cost: int | None, act: Act) -> uuid.UUID:
    """The row of a mend: the one of today with the same words, with its cost if that is new, else another."""
    if same is None:
        return tx.insert(Mending, item_id=copy.id, day=act.day, work=work, cost=cost, staff_id=act.staff_id)
    if cost is not None and cost != same.cost:
        tx.update(Mending, same, cost=cost)
    return same.id


def _problems(copy: BindingCopy, work: str, cost: int | None, condition: Condition | None) -> Iterator[Refusal]:
    yield from required(work=work)
    if copy.status not in AT_HAND or copy.open_state is BindingState.DISPATCHED:
        yield Refusal("mending.not_here", "002 م13-3")
    if cost is not None and cost < 0:
        yield invalid("cost", cost)
    if condition is not None and RANK[condition] > RANK[copy.condition]:
        yield invalid("condition", condition)
