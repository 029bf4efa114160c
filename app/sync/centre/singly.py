"""A batch entry by entry, each within a savepoint: what cannot be applied harms only itself. It is set aside, answered
for and shown to people, and the stream goes on (sync-protocol 7)."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from app.sync.apply import NotAppliedError
from app.sync.centre.cases import Findings, open_case, set_aside
from app.sync.centre.concurrent import apply_change
from app.sync.centre.incoming import Incoming, insert_entry
from app.sync.derived import recount
from app.sync.line import Steps
from app.sync.rows import Cipher, UnknownError, changes_of
from app.sync.wire import MalformedError, Note, encode, sent
from db.applying import applying
from db.codes import CaseKind
from db.feeds import branch_feed, give_positions
from db.frozen import Frozen
from db.models.base import Base
from db.models.circulation import Loan
from db.models.items import Item, LocalUse
from db.models.schema import METADATA
from db.models.sync import JournalEntry
from db.refused import RIGHTS, UNIQUE, RowRefused, errors_of, row_refused
from db.writing import Tx

NUMBERS = frozenset(
    {
        "one_accession_no", "one_receipt_no", "one_minutes_no", "one_disposal_no", "one_binding_no",
        "one_clearance_no", "one_member_no",
    }
)  # fmt: skip
"""Unique indexes over numbers that people read: two rows with one of them are told as such."""
APPLIED = Frozen(
    sa.select(JournalEntry.eid).where(
        JournalEntry.branch_id == sa.bindparam("branch"), JournalEntry.eid == sa.bindparam("eid"), JournalEntry.applied
    ),
    lambda eid: eid,
)


NEWER = "newer"
"""Why an entry was set aside that only a newer program understands."""
STRANGE = (ValueError, TypeError, OverflowError, LookupError, AttributeError)
"""What values that do not fit raise where keys are made from them."""


class _NumberTwiceError(NotAppliedError):
    """A number that another row bears already; `detail` is the index it stands in."""


def apply_singly(
    tx: Tx, found: Findings, entries: Sequence[Incoming], cipher: Cipher, dialect: str, steps: Steps
) -> list[int]:
    """Apply entries in their order and write them down. Returns the positions their rows took, [from, to], where all of
    it was plain."""
    with applying(tx, dialect):
        for entry in entries:
            known = tx.one(APPLIED, branch=found.branch_id, eid=entry.eid) is not None
            applied = not known and apply_or_set_aside(tx, found, entry, cipher)
            insert_entry(tx, entry, found.now, cipher, applied=applied)
            steps.reached("push.entry")
    first = place_rows(tx, found)
    steps.reached("push.positions")
    return [first - 1, first - 1 + len(found.touched)] if found.plain and first else []


def place_rows(tx: Tx, found: Findings) -> int:
    """Last of all: what rests on the changed rows, and their positions in the feed. Returns the first of these."""
    recount(tx, _copies(tx, found))
    return give_positions(tx, branch_feed(found.branch_id), in_feed_order(found))


def apply_or_set_aside(tx: Tx, found: Findings, entry: Incoming, cipher: Cipher) -> bool:
    """Apply one entry wholly or not at all; whether it was applied."""
    why = apply_wholly(tx, found, entry, cipher)
    if why is not None:
        _set_aside(tx, found, entry, why, cipher)
    return why is None


def apply_wholly(tx: Tx, found: Findings, entry: Incoming, cipher: Cipher) -> NotAppliedError | None:
    """Apply one entry, or leave no trace of it and tell why."""
    beside = found.beside()
    tx.run("SAVEPOINT entry")
    why = _trouble_with(tx, beside, entry, cipher)
    if why is not None:
        tx.run("ROLLBACK TO SAVEPOINT entry")
    tx.run("RELEASE SAVEPOINT entry")
    if why is None:
        found.add(beside)
    return why


def _trouble_with(tx: Tx, beside: Findings, entry: Incoming, cipher: Cipher) -> NotAppliedError | None:
    """Apply the changes of an entry; why that cannot be."""
    refusals: tuple[type[Exception], ...] = (*errors_of(tx), *STRANGE)
    try:
        if not entry.readable:
            return NotAppliedError("malformed")
        for change in changes_of(entry.stored.body, entry.stored.personal).changes:
            apply_change(tx, beside, entry.origin, change, cipher)
    except MalformedError as error:
        return NotAppliedError("malformed", error.reason)
    except UnknownError as error:
        return NotAppliedError(NEWER, str(error))
    except NotAppliedError as error:
        return error
    except refusals as error:
        refused = row_refused(error)
        if refused is None:
            raise
        return _refused(refused)
    return None


def _refused(refused: RowRefused) -> NotAppliedError:
    if refused.kind == UNIQUE and refused.index in NUMBERS:
        return _NumberTwiceError("number_twice", refused.index)
    if refused.kind == RIGHTS or (refused.index or "").endswith("pkey") or (refused.index or "").startswith("pk_"):
        return NotAppliedError("other_branch")
    return NotAppliedError(refused.kind, refused.index or "")


def _set_aside(tx: Tx, found: Findings, entry: Incoming, why: NotAppliedError, cipher: Cipher) -> None:
    raw = entry.raw
    as_kept = cipher.seal(encode(sent(entry.stored)))
    kept = set_aside(tx, found, entry.origin, as_kept, raw.schema, str(why))
    story = {"set_aside": str(kept), "reason": why.reason, "detail": why.detail, "kind": raw.kind, "seq": entry.seq,
             "at_ms": raw.at_ms}  # fmt: skip
    if isinstance(why, _NumberTwiceError):
        case_id = open_case(tx, found, CaseKind.NUMBER_TWICE, _numbered(entry, why.detail), story)
    else:
        case_id = open_case(tx, found, CaseKind.SET_ASIDE, [], story)
    found.notes.append(Note(entry.seq, "case", str(case_id)))


def _numbered(entry: Incoming, index: str) -> list[tuple[type[Base], uuid.UUID]]:
    """The rows of an entry that could bear the number."""
    return [
        (change.model, change.row_id)
        for change in changes_of(entry.stored.body, entry.stored.personal).changes
        if any(one.name == index for one in METADATA.tables[change.model.__tablename__].indexes)
    ]


def _copies(tx: Tx, found: Findings) -> list[uuid.UUID]:
    """The copies whose loans or uses changed."""
    copies = {row_id for model, row_id in found.touched if model is Item}
    for model in (Loan, LocalUse):
        ids = [row_id for touched, row_id in found.touched if touched is model]
        table = METADATA.tables[model.__tablename__]
        if ids:
            copies.update(tx.connection.execute(sa.select(table.c.item_id).where(table.c.id.in_(ids))).scalars())
    return sorted(copies)


def in_feed_order(found: Findings) -> list[tuple[type[Base], uuid.UUID]]:
    """Changed rows as the branch can take them: tables that others refer to first, then as they changed."""
    place = {table.name: number for number, table in enumerate(METADATA.sorted_tables)}
    return sorted(found.touched, key=lambda pair: place[pair[0].__tablename__])
