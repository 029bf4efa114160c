"""Whatever travels, for people to read: batches, messages, receipts and packages as plain values (sync-protocol 4).

Nothing is proved here. What speaks of readers is left out unless it is asked for.
"""

import uuid
from collections.abc import Mapping
from typing import Any

import msgspec

from app.sync import wire
from app.sync.packages import form, receipts
from app.sync.packages.down import CarriedPage
from app.sync.rows import ParsedEntry, UnknownError, changes_of, from_wire, model_of
from app.sync.wire import (
    BATCH_MAGIC,
    SEALED_MAGIC,
    SIGNATURE_BYTES,
    Header,
    MalformedError,
    SentEntry,
    received,
    unpack,
)
from db.moments import from_ms
from db.trouble import Trouble
from db.wire import entity

Plain = dict[str, Any]
HIDDEN = "…"
PACKAGE, BATCH, RECEIPT = "package", "batch", "receipt"
MESSAGES: Mapping[str, type[msgspec.Struct]] = {
    kind.__name__: kind
    for kind in (
        wire.Hello, wire.Welcome, wire.AncestorAsked, wire.Ancestor, wire.Pushed, wire.Page, wire.Roots, wire.Enrol,
        wire.Enrolled, receipts.Receipt, form.Manifest,
    )
}  # fmt: skip


class _Entries(msgspec.Struct, array_like=True, frozen=True):
    header: Header
    entries: list[SentEntry]


class _Message(msgspec.Struct, array_like=True, frozen=True):
    kind: str
    body: bytes


def dump(raw: bytes, *, personal: bool = False) -> Plain:
    """What a file or body says. Raises Trouble P-2421 for what is none of ours, P-2425 for a package that was cut."""
    try:
        if raw.startswith(BATCH_MAGIC):
            return _batch(raw, personal=personal)
        if raw.startswith(SEALED_MAGIC):
            return _message(raw, personal=personal)
        if raw.startswith(receipts.MAGIC):
            return {"file": RECEIPT} | _message(raw[len(receipts.MAGIC) :], personal=personal)
        if raw.startswith(form.MAGIC):
            return {"file": PACKAGE, "bytes": len(raw), **_plain(form.head_of(raw))}
    except MalformedError as error:
        raise Trouble("P-2421") from error
    raise Trouble("P-2421")


def dump_package(package: form.Package, *, personal: bool = False) -> Plain:
    """A package that was opened, with all that is in it."""
    parcels = [_parcel(parcel, personal=personal) for parcel in package.parcels]
    return {"file": PACKAGE, **_plain(package.head), "made_at": from_ms(package.made_ms), "parcels": parcels}


def _parcel(raw: bytes, *, personal: bool) -> Plain:
    try:
        return dump(raw, personal=personal)
    except Trouble:
        carried = wire.decode(raw, CarriedPage)
        said = _message(carried.body, personal=personal)
        return {"after": carried.after, "sub_after": carried.sub_after} | said


def _batch(raw: bytes, *, personal: bool) -> Plain:
    whole = wire.decode(unpack(raw[len(BATCH_MAGIC) : -SIGNATURE_BYTES]), _Entries)
    entries = [_entry(entry, personal=personal) for entry in whole.entries]
    return {"file": BATCH, "bytes": len(raw), **_plain(whole.header), "entries": entries}


def _entry(sent: SentEntry, *, personal: bool) -> Plain:
    entry = received(sent)
    try:
        parsed = changes_of(entry.body, entry.personal)
    except UnknownError as error:
        return {"unknown": str(error), "body": entry.body.hex()}
    plain = {name: _plain(getattr(parsed, name)) for name in ParsedEntry.__slots__ if name != "changes"}
    plain["at"] = from_ms(parsed.at_ms)
    plain["changes"] = [
        {
            "table": change.model.__tablename__, "id": change.row_id, "base_ver": change.base_ver, "op": change.op,
            "values": _shown(change.model, change.values, personal=personal),
        }
        for change in parsed.changes
    ]  # fmt: skip
    return plain


def _message(raw: bytes, *, personal: bool) -> Plain:
    sealed = wire.decode(unpack(raw[len(SEALED_MAGIC) : -SIGNATURE_BYTES]), _Message)
    kind = MESSAGES.get(sealed.kind)
    if kind is None:
        return {"message": sealed.kind, "body": sealed.body.hex()}
    said = wire.decode(sealed.body, kind)
    if isinstance(said, wire.Page):
        rows = [_row(row, personal=personal) for row in said.rows]
        return {"message": sealed.kind, **_plain(msgspec.structs.replace(said, rows=[])), "rows": rows}
    return {"message": sealed.kind, **_plain(said)}


def _row(row: wire.FeedRow, *, personal: bool) -> Plain:
    plain: Plain = _plain(row)
    try:
        model = model_of(row.entity)
        plain["data"] = _shown(model, from_wire(model, row.data), personal=personal)
        plain["entity"] = model.__tablename__
    except UnknownError as error:
        plain["unknown"] = str(error)
    return plain


def _shown(model: Any, values: Mapping[str, Any], *, personal: bool) -> Plain:
    secret = set() if personal else {field.name for field in entity(model).fields.values() if field.personal}
    return {name: HIDDEN if name in secret else _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    """A value as JSON can tell it: ids and hashes in hexadecimal digits."""
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, bytes):
        return str(uuid.UUID(bytes=value)) if len(value) == 16 else value.hex()
    return value
