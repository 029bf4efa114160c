"""A request with a key is done at most once for ever: the second time it is answered from the journal entry it
became."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from db.changes import AFTER_IMAGE, FIELD_PATCH
from db.frozen import Frozen
from db.journal import DECODER, personal_parts
from db.models.sync import DoneRequest, JournalEntry
from db.reading import Reader
from db.store import Store
from db.wire import entities_by_number, entity
from server.desk.answers import Facts, done


@dataclass(frozen=True, slots=True)
class DoneEntry:
    """The journal entry that a request became."""

    eid: uuid.UUID
    kind: str
    day: dt.date
    body: bytes
    personal: bytes | None


EID_OF_KEY = Frozen(sa.select(DoneRequest.eid).where(DoneRequest.key == sa.bindparam("key")), lambda eid: eid)
# Written as in the partial index on (branch, eid), so that SQLite recognises it.
APPLIED = sa.text("applied")
ENTRY = Frozen(
    sa.select(JournalEntry.eid, JournalEntry.kind, JournalEntry.bdate, JournalEntry.body, JournalEntry.personal).where(
        JournalEntry.branch_id == sa.bindparam("branch"), JournalEntry.eid == sa.bindparam("eid"), APPLIED
    ),
    DoneEntry,
)

INTENT, SEEN = 9, 3  # places in an entry and in its intent
SHOWN = ("fine",)
# Columns that tell what was done, and the names they have in answers. `id` is that of the row.
TOLD: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "loan": {"id": "loan", "due_on": "due", "policy_row": "rule", "renewals": "count", "effective_in_on": "in_on"},
        "item": {"id": "item", "accession_no": "accession_no", "barcode": "barcode", "call_number": "call_number"},
        "title": {"id": "title_id"},
        "hold": {"id": "hold", "shelf_until": "until"},
        "member": {"id": "member", "member_no": "member_no"},
        "member_card": {"number": "card"},
        "member_login": {"member_id": "member"},
        "fine": {"amount": "fine"},
        "receipt": {"number": "receipt", "amount": "amount"},
        "cash_session": {"id": "session", "number": "number"},
        "amnesty": {"id": "amnesty", "since": "since", "until": "until"},
        "restriction": {"id": "restriction", "until": "restricted_until"},
        "clearance": {"id": "clearance", "number": "certificate", "code": "code"},
        "incident": {"id": "incident", "letter_no": "letter_no"},
        "alert": {"id": "alert"},
        "policy": {"version": "version", "effective_from": "effective_from"},
        "guideline_version": {"version": "version", "effective_from": "effective_from"},
        "candidate_note": {"decision": "decision", "until": "until"},
        "route": {"id": "route"},
        "stop": {"id": "stop"},
        "route_visit": {"day": "day_of_visit"},
        "dispatch": {"id": "dispatch", "sent_on": "sent_on", "arrived_on": "arrived_on"},
        "call_attempt": {"id": "call", "next_on": "next"},
        "visit": {"id": "visit", "count": "count"},
        "calendar_day": {"day": "date", "name": "name"},
        "opening_hours": {"since": "since"},
        "quarterly_report": {"year": "year", "quarter": "quarter", "sent_on": "sent_on", "answered_on": "answered_on"},
        "binding_request": {"id": "request", "year": "year", "number": "number", "due_on": "due"},
        "binding_row": {"request_id": "request", "outcome": "outcome_of_copy"},
        "mending": {"id": "mending"},
        "disposal": {"id": "package"},
        "handover": {
            "id": "delivery", "year": "year", "number": "number", "receipt_no": "receipt_no", "proceeds": "amount",
            "paid_on": "paid_on", "proceeds_receipt_no": "proceeds_receipt_no",
            "proceeds_notice_no": "proceeds_notice_no", "proceeds_notice_on": "proceeds_notice_on",
        },
        "exchange_request": {"id": "request"},
        "licensed_library": {"id": "library"},
        "stocktake": {"id": "session", "name": "name"},
        "stocktake_scan": {"id": "scan", "finding": "finding", "condition": "condition"},
        "minutes": {"id": "minutes", "year": "year", "number": "number"},
        "minutes_step": {"minutes_id": "minutes", "became": "state", "due_on": "due"},
        "office": {"id": "office"},
        "training": {"id": "training"},
        "purchase_request": {"id": "wish", "state": "state", "answer": "answer"},
        "cataloguing_request": {"id": "request"},
        "return_seen": {"id": "seen", "sent_home_on": "sent_home_on"},
        "sync_case": {"id": "case", "decision": "decision"},
    }
)  # fmt: skip
OF_HANDOVERS = frozenset({"parent_id", "number", "receipt_no", "proceeds"})
"""Columns that only a handover out of a package has; a package has no papers of its own."""


def already_done(store: Store, key: str) -> Facts | None:
    """The answer to a request whose key has been used, None for a new key."""
    with store.read() as reader:
        eid = reader.one(EID_OF_KEY, key=key)
        entry = None if eid is None else reader.one(ENTRY, branch=store.branch_id, eid=eid)
    return None if entry is None else done("already_done", kind=entry.kind, day=entry.day, eid=entry.eid, **told(entry))


def is_done(reader: Reader, key: str) -> bool:
    """Whether a key has been used."""
    return reader.one(EID_OF_KEY, key=key) is not None


def told(entry: DoneEntry) -> Facts:
    """Ids, dates and numbers among the changes of an entry. Where several rows say the same, the first one is told, and
    what was made before what was changed: a loan that ends another one tells itself."""
    facts = _shown(entry)
    for name, values in _rows(entry):
        for column, shown in TOLD.get(_told_as(entry, name, values), {}).items():
            if column in values:
                facts.setdefault(shown, values[column])
    return facts


def _told_as(entry: DoneEntry, name: str, values: Mapping[str, Any]) -> str:
    if name == "disposal" and (entry.kind == "exchange.released" or OF_HANDOVERS & values.keys()):
        return "handover"
    # Of the lines of the ledger only a fine is told: what was paid or waived stands on the receipt.
    return values.get("kind", "") if name == "ledger_line" else name


def _shown(entry: DoneEntry) -> Facts:
    """What the clerk was shown and no row of the entry says."""
    intent = DECODER.decode(entry.body)[INTENT]
    seen = intent[SEEN] if intent else {}
    return {name: seen[name] for name in SHOWN if name in seen}


def _rows(entry: DoneEntry) -> Iterator[tuple[str, dict[str, Any]]]:
    personal = personal_parts(entry.personal)
    changes = enumerate(DECODER.decode(entry.body)[10])
    for place, (number, row_id, _, op, data) in sorted(changes, key=lambda change: change[1][3] != AFTER_IMAGE):
        model = entities_by_number()[number]
        given = _given(op, data) | personal.get(place, {})
        values = {
            field.name: field.decode(given[field.number])
            for field in entity(model).fields.values()
            if given.get(field.number) is not None
        }
        yield model.__tablename__, {"id": uuid.UUID(bytes=row_id), **values}


def _given(op: int, data: Any) -> dict[int, Any]:
    """New values by field number, whatever the form of the change."""
    if op == AFTER_IMAGE:
        return dict(enumerate(data))
    if op == FIELD_PATCH:
        return {number: new for number, (_, new) in data.items()}
    return {}
