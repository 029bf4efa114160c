"""The rows that going to the bindery and coming back leave on a copy, inside somebody's transaction."""

import uuid
from collections.abc import Mapping
from typing import Any, Protocol

from app.binding.rules import COMES_BACK_FROM, GOOD_AGAIN
from db.act import Act
from db.codes import BindingOutcome, Condition, ItemStatus
from db.models.items import Item, ItemStatusChange
from db.writing import Tx

SENT, BACK, NOT_BACK = "binding", "bound", "binding_lost"
"""Why of a change of status."""


class Copy(Protocol):
    """What is needed of a copy to change it."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def ver(self) -> int: ...
    @property
    def status(self) -> ItemStatus: ...
    @property
    def condition(self) -> Condition: ...


def change(tx: Tx, copy: Copy, why: str, cause: uuid.UUID, act: Act, values: Mapping[str, Any]) -> None:
    """Change a copy where something is different, and note a new status with the request it is due to."""
    values = {name: value for name, value in values.items() if getattr(copy, name) != value}
    if "status" in values:
        tx.insert(
            ItemStatusChange, item_id=copy.id, at=act.at, was=copy.status, became=values["status"], why=why,
            cause_id=cause,
        )  # fmt: skip
    if values:
        tx.update(Item, copy, **values)


def after(outcome: BindingOutcome, status: ItemStatus) -> tuple[str, Mapping[str, Any]]:
    """Why the copy changes, and how it stands after it came back so."""
    if outcome is BindingOutcome.LOST:
        at_bindery = status in COMES_BACK_FROM or status is ItemStatus.AVAILABLE
        return NOT_BACK, {"status": ItemStatus.MISSING} if at_bindery else {}
    values: dict[str, Any] = {"status": ItemStatus.AVAILABLE} if status in COMES_BACK_FROM else {}
    condition = GOOD_AGAIN.get(outcome)
    return BACK, values | ({"condition": condition} if condition else {})


def corrected(was: BindingOutcome | None, outcome: BindingOutcome, copy: Copy) -> tuple[str, Mapping[str, Any]]:
    """Why the copy changes, and how it stands, when it came back otherwise than was said. How it looked before it left
    is not known any more: what was not bound after all is as worn as what is sent."""
    values: dict[str, Any] = {}
    if BindingOutcome.LOST in (was, outcome):
        why, after_all = after(outcome, copy.status)
        values |= after_all
    else:
        why = BACK
    condition = GOOD_AGAIN.get(outcome)
    if condition is None and was is not None and copy.condition is GOOD_AGAIN.get(was):
        condition = Condition.WORN
    return why, values | ({"condition": condition} if condition else {})
