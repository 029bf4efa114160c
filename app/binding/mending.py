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

# The better, the smaller: mending makes no copy worse.
RANK: Mapping[Condition, int] = MappingProxyType({condition: place for place, condition in enumerate(Condition)})
SAME = Frozen(
    sa.select(Mending.id)
    .where(
        Mending.item_id == sa.bindparam("item", type_=Id()),
        Mending.day == sa.bindparam("day"),
        Mending.work == sa.bindparam("work"),
        Mending.deleted_at.is_(None),
    )
    .limit(1),
    lambda mending_id: mending_id,
)


@dataclass(frozen=True, slots=True)
class Mended:
    """A mend is written down; `condition` is how the copy looks now. `already`: the same was written today."""

    mending_id: uuid.UUID
    copy: BindingCopy
    day: dt.date
    condition: Condition
    already: bool = False


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
        if same is not None and looks is copy.condition:
            return Mended(same, copy, act.day, looks, already=True)
        mending_id = same or tx.insert(
            Mending, item_id=copy.id, day=act.day, work=words, cost=cost, staff_id=act.staff_id
        )
        if looks is not copy.condition:
            tx.update(Item, copy, condition=looks)
        tx.record("mending.added", act)
        return Mended(mending_id, copy, act.day, looks)


def _problems(copy: BindingCopy, work: str, cost: int | None, condition: Condition | None) -> Iterator[Refusal]:
    yield from required(work=work)
    if copy.status not in AT_HAND or copy.open_state is BindingState.DISPATCHED:
        yield Refusal("mending.not_here", "002 م13-3")
    if cost is not None and cost < 0:
        yield invalid("cost", cost)
    if condition is not None and RANK[condition] > RANK[copy.condition]:
        yield invalid("condition", condition)
