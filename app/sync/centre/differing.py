"""Two histories of one branch say differently who a reader is: both sides put into the case that a person decides
(sync-protocol 11). What the centre keeps encrypted is encrypted in the stories too, until they go to the branch."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.conflicts.writings import LOST, Writing, plain, told_more
from app.sync.apply import change_row
from app.sync.centre.cases import Findings, named_rows, open_case, standing_case
from app.sync.centre.origin import Origin
from app.sync.rows import KEPT_SEALED, secret_columns
from db.codes import CaseKind, CaseState
from db.models.base import Base
from db.models.centre import SyncCase
from db.models.members import Member
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class Side:
    """What one entry wrote of the row, as stored here."""

    origin: Origin
    values: Mapping[str, Any]


def tell_both(tx: Tx, found: Findings, row: Mapping[str, Any], lost: Side, rivals: Sequence[Side]) -> uuid.UUID:
    """Open the case, or let the one that waits tell this too. Returns its id."""
    about = [(Member, row["id"])]
    known = standing_case(tx, found, CaseKind.MEMBER_DIFFERS, named_rows(about))
    began = {"at_ms": lost.origin.corrected_ms, "stands_ver": row["ver"]} if known is None else known["stories"]
    stories = told_more(began, _standing(row, lost.values, rivals), _writing(lost))
    if known is None:
        return open_case(tx, found, CaseKind.MEMBER_DIFFERS, about, stories)
    found.plain = False
    change_row(tx, SyncCase, known, known["ver"] + 1, {"stories": stories})
    case_id: uuid.UUID = known["id"]
    found.touch(SyncCase, case_id)
    return case_id


def told_since(model: type[Base], row: Mapping[str, Any]) -> bool:
    """Whether a case that waits tells more than whoever decided it just now had read: it goes on waiting."""
    return model is SyncCase and row["state"] is CaseState.OPEN and bool(row["stories"].get(LOST))


def _standing(row: Mapping[str, Any], names: Mapping[str, Any], rivals: Sequence[Side]) -> list[Writing]:
    """Who wrote what stands in these fields, as far as the journal knows it."""
    wrote: dict[Origin, dict[str, Any]] = {}
    for name in names:
        same = [one.origin for one in rivals if name in one.values and one.values[name] == row[name]]
        if same:
            wrote.setdefault(max(same, key=lambda origin: origin.place), {})[name] = row[name]
    return [_writing(Side(origin, values)) for origin, values in wrote.items()]


def _writing(side: Side) -> Writing:
    of = side.origin
    told = {name: _told(name, value) for name, value in side.values.items()}
    return Writing(of.device_id, of.epoch, of.desk, of.corrected_ms, told)


def _told(name: str, value: Any) -> Any:
    sealed = value is not None and name in secret_columns(Member)
    return {KEPT_SEALED: value} if sealed else plain(value)
