"""What a library says of itself: its name and place on every official form, its grade, and whether the stacks are too
small (002 م4-1-د تبصره)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.actions import Action
from app.form import invalid, required
from app.library import BRANCH_FACTS, Library
from app.outcome import Refused
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import BranchKind
from db.models.library import Branch

LONGEST, LONGEST_ADDRESS = 120, 300
NEEDED = ("name", "province", "county", "city")
TEXTS = ("grade", "code", "licence_no", "phone", "address")


@dataclass(frozen=True, slots=True)
class BranchForm:
    """What is written of the library. The prefix of its barcodes is not here: labels are on the books already."""

    name: str
    province: str
    county: str
    city: str
    kind: BranchKind
    grade: str | None = None
    code: str | None = None
    licence_no: str | None = None
    founded_on: dt.date | None = None
    phone: str | None = None
    address: str | None = None
    space_shortage: bool = False


@dataclass(frozen=True, slots=True)
class BranchSaved:
    """The library is as written; `changed` names what was different before."""

    changed: tuple[str, ...]


def set_branch(library: Library, form: BranchForm, act: Act) -> BranchSaved | Refused:
    """Write what the library is, or say everything that is wrong. Papers that were made keep what they say."""
    values = _values(form)
    with library.store.write() as tx:
        refused = (*library.forbids(act, Action.SET_LIBRARY), *_problems(values, act.day))
        if refused:
            return Refused(refused)
        branch = tx.one(BRANCH_FACTS, branch=library.store.branch_id)
        if branch is None:
            raise RuntimeError("the store knows its branch but holds no row of it")
        changed = {name: value for name, value in values.items() if getattr(branch, name) != value}
        if changed:
            tx.update(Branch, branch, **changed)
            library.rules_changed(tx)
            tx.record("branch.changed", act)
    library.forget_rules()
    return BranchSaved(tuple(changed))


def _values(form: BranchForm) -> dict[str, Any]:
    needed = {name: clean(getattr(form, name), LONGEST) for name in NEEDED}
    texts = {name: clean(getattr(form, name) or "", LONGEST_ADDRESS) or None for name in TEXTS}
    return {
        **needed,
        **texts,
        "kind": form.kind,
        "founded_on": form.founded_on,
        "space_shortage": form.space_shortage,
    }


def _problems(values: dict[str, Any], today: dt.date) -> Iterator[Refusal]:
    yield from required(library_name=values["name"])
    if values["founded_on"] is not None and values["founded_on"] > today:
        yield invalid("founded_on", values["founded_on"])
