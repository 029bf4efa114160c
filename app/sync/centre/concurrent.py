"""The changes of one entry onto the rows of its branch, at the centre, one by one (sync-protocol 7 and 11).

The plain case, nobody else changed the row, is most often done for a whole batch at once (`app.sync.centre.fast`). Here
stands what holds always: whose rows an entry may write, and what decides where two histories of one branch (a second
device, a restored or cloned database) changed the same row.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from app.sync.apply import NotAppliedError, add_row, change_row, current, with_blanks
from app.sync.centre.cases import Findings, keep_loser, open_case
from app.sync.centre.differing import Side, tell_both, told_since
from app.sync.centre.origin import Origin
from app.sync.owners import CENTRE_ONLY, PATCHED
from app.sync.rows import Cipher, UnknownError, WireChange, changes_of, sealed
from app.sync.wire import MalformedError, Note
from db.changes import AFTER_IMAGE, FIELD_PATCH, TOMBSTONE
from db.codes import CaseKind
from db.guards import APPEND_ONLY
from db.journal_search import NAMING
from db.models.base import Base
from db.models.circulation import Loan
from db.models.members import Member
from db.moments import from_ms
from db.writing import Tx

STANDS: Mapping[type[Base], frozenset[str]] = MappingProxyType(
    {
        Member: frozenset(
            {"given_name", "family_name", "national_id", "birth_date", "category", "expires_on", "state"}
        ),
    }
)
"""Fields of which the value that stands stays where two changed them, until a person decides (sync-protocol 11)."""
OPEN = ("in_at", "presumed_in_at", "deleted_at")
"""A loan is open while these are empty."""


@dataclass(frozen=True, slots=True)
class _Other:
    """A change of the same row in another history; `values` as they stand on the wire."""

    base_ver: int
    origin: Origin
    values: Mapping[str, Any]


def apply_change(tx: Tx, found: Findings, origin: Origin, change: WireChange, cipher: Cipher | None) -> None:
    """Apply one change. Raises NotAppliedError where it is not the branch's to make, or there is nothing to change."""
    model, row = change.model, current(tx, change.model, change.row_id)
    _refuse_strangers(origin, change, row)
    if change.op == AFTER_IMAGE:
        _image(tx, found, origin, change, row, cipher)
    elif row is None:
        raise NotAppliedError("missing", f"{model.__tablename__}:{change.row_id}")
    elif change.op == TOMBSTONE:
        ver = max(row["ver"], change.base_ver) + 1
        _write(tx, found, model, row, ver, {"deleted_at": row["deleted_at"] or from_ms(origin.at_ms)}, cipher)
    else:
        _patch(tx, found, origin, change, row, cipher)


def _refuse_strangers(origin: Origin, change: WireChange, row: Mapping[str, Any] | None) -> None:
    """The owner of a row is its branch; some tables only the centre writes (sync-protocol 1)."""
    table = change.model.__tablename__
    if change.model in CENTRE_ONLY:
        raise NotAppliedError("centre_only", table)
    allowed = PATCHED.get(change.model)
    if allowed is not None and not (change.op == FIELD_PATCH and change.values.keys() <= allowed):
        raise NotAppliedError("centre_only", table)
    if row is not None and row["branch_id"] != origin.branch_id:
        raise NotAppliedError("other_branch", table)


def _image(
    tx: Tx, found: Findings, origin: Origin, change: WireChange, row: dict[str, Any] | None, cipher: Cipher | None
) -> None:
    """A row that was born, or one that the centre had lost. What stands there in a later version comes from it."""
    model, ver = change.model, change.base_ver + 1
    values = with_blanks(model, change.values) if change.erased else change.values
    if values is None or (row is not None and (row["ver"] >= ver or model.__tablename__ in APPEND_ONLY)):
        return
    if row is not None:
        _write(tx, found, model, row, ver, values | {"deleted_at": None}, cipher)
        return
    settled = _one_open_loan(tx, found, model, {**values, "id": change.row_id})
    add_row(tx, model, change.row_id, origin.branch_id, ver, values | settled, cipher)
    found.touch(model, change.row_id)


def _patch(
    tx: Tx, found: Findings, origin: Origin, change: WireChange, row: dict[str, Any], cipher: Cipher | None
) -> None:
    model, values = change.model, change.values
    ver = max(row["ver"], change.base_ver) + 1
    if row["ver"] != change.base_ver:
        values = {} if told_since(model, row) else _merged(tx, found, origin, change, row, ver, cipher)
        found.notes.append(Note(origin.seq, "merged", str(ver)))
    _write(tx, found, model, row, ver, values, cipher)


def _write(
    tx: Tx,
    found: Findings,
    model: type[Base],
    row: dict[str, Any],
    ver: int,
    values: Mapping[str, Any],
    cipher: Cipher | None,
) -> None:
    settled = _one_open_loan(tx, found, model, {**row, **values})
    change_row(tx, model, row, ver, {**values, **settled}, cipher)
    found.touch(model, row["id"])


def _merged(
    tx: Tx,
    found: Findings,
    origin: Origin,
    change: WireChange,
    row: dict[str, Any],
    ver: int,
    cipher: Cipher | None,
) -> dict[str, Any]:
    """What of a patch is taken where another history changed the row meanwhile: field by field the later one. An entry
    that was set aside and is tried again takes nothing back that its own history wrote after it."""
    model = change.model
    others, written_since = _concurrent(tx, origin, change, cipher)
    taken = {name: value for name, value in change.values.items() if name not in written_since}
    stored = sealed(model, taken, cipher)
    lost_here, lost_there, stays = {}, {}, {}
    for name in taken:
        rivals = [other for other in others if name in other.values]
        if not rivals or stored[name] == row[name]:
            continue
        if name in STANDS.get(model, ()):
            stays[name] = stored[name]
        elif max(other.origin.place for other in rivals) > origin.place:
            lost_here[name] = stored[name]
        else:
            lost_there[name] = row[name]
    if stays:
        sides = [Side(other.origin, sealed(model, other.values, cipher)) for other in others]
        case_id = tell_both(tx, found, row, Side(origin, stays), sides)
        keep_loser(tx, found, model, row["id"], ver, stays, case_id)
        found.notes.append(Note(origin.seq, "case", str(case_id)))
    for lost in (lost_here, lost_there):
        if lost:
            keep_loser(tx, found, model, row["id"], ver, lost)
    return {name: value for name, value in taken.items() if name not in lost_here and name not in stays}


def _concurrent(
    tx: Tx, origin: Origin, change: WireChange, cipher: Cipher | None
) -> tuple[list[_Other], frozenset[str]]:
    """The changes of the row in other histories that whoever made this one had not seen, and the fields that its own
    history has changed after it.

    Versions count up in each history by themselves, so the version this one set out from is that of the first of the
    unbroken run of its own changes.
    """
    own: list[int] = []
    later: set[str] = set()
    others: list[_Other] = []
    for other_origin, other in _history(tx, origin.branch_id, change.row_id, cipher):
        if other_origin.stream == origin.stream:
            own.append(other.base_ver)
            later |= other.values.keys() if other_origin.seq > origin.seq else set()
        else:
            others.append(_Other(other.base_ver, other_origin, other.values))
    set_out = change.base_ver
    for base_ver in sorted(set(own), reverse=True):
        if base_ver == set_out - 1:
            set_out = base_ver
    return [other for other in others if other.base_ver >= set_out], frozenset(later)


def _history(
    tx: Tx, branch_id: uuid.UUID, row_id: uuid.UUID, cipher: Cipher | None
) -> Iterator[tuple[Origin, WireChange]]:
    named = tx.connection.execute(NAMING, {"branch": branch_id, "part": row_id.bytes})
    for device, epoch, seq, eid, at_ms, body, personal in named.all():
        try:
            entry = changes_of(bytes(body), _unsealed(personal, cipher))
        except (MalformedError, UnknownError):
            continue
        of = Origin(branch_id, device, epoch, seq, eid, at_ms, entry.corrected_ms, entry.desk)
        yield from ((of, change) for change in entry.changes if change.row_id == row_id)


def _unsealed(personal: bytes | None, cipher: Cipher | None) -> bytes | None:
    if personal is None or cipher is None:
        return personal
    return cipher.unseal(bytes(personal))


def _one_open_loan(tx: Tx, found: Findings, model: type[Base], row: Mapping[str, Any]) -> dict[str, Any]:
    """Two open loans of one copy: both stay, the older is presumed returned when the newer began, and a person is asked
    (sync-protocol 11). Returns what that changes in the row that is being written."""
    if model is not Loan or any(row.get(name) is not None for name in OPEN):
        return {}
    rivals = _open_loans(tx, found.branch_id, row)
    settled: dict[str, Any] = {}
    for rival in rivals:
        older, newer = sorted((rival, row), key=lambda loan: (loan["out_at"], loan["id"]))
        story = {"older": str(older["id"]), "newer": str(newer["id"])}
        open_case(tx, found, CaseKind.TWO_OPEN_LOANS, [(Loan, older["id"]), (Loan, newer["id"])], story)
        if older is rival:
            change_row(tx, Loan, rival, rival["ver"] + 1, {"presumed_in_at": newer["out_at"]})
            found.touch(Loan, rival["id"])
        else:
            settled["presumed_in_at"] = newer["out_at"]
    return settled


def _open_loans(tx: Tx, branch_id: uuid.UUID, row: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    loan = Base.metadata.tables[Loan.__tablename__]
    query = sa.select(loan).where(
        loan.c.branch_id == branch_id,
        loan.c.item_id == row["item_id"],
        loan.c.id != row["id"],
        *(loan.c[name].is_(None) for name in OPEN),
    )
    return [dict(found) for found in tx.connection.execute(query.with_for_update()).mappings()]
