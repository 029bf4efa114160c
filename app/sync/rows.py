"""Rows on the wire: what an entry of the journal changes, and what a row of a feed says, as values of our columns.

Full after-images are arrays by field number, patches are mappings from field number to [former hash, new value]
(sync-protocol 3.1); the numbers stand in `db.wire`. Whatever this program does not know is told, never dropped.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, Protocol

import msgspec

from app.sync.wire import FeedRow, MalformedError
from db.changes import AFTER_IMAGE, FIELD_PATCH, TOMBSTONE, defaults
from db.journal import DECODER, SCHEMA_VERSION
from db.models.base import Base
from db.models.centre import SyncCase
from db.models.members import Member
from db.moments import from_ms, to_ms
from db.wire import Field, entities_by_number, entity

HASH_BYTES = 8
CANONICAL = msgspec.msgpack.Encoder(order="deterministic")
KEPT_SECRET: Mapping[type[Base], frozenset[str]] = {Member: frozenset({"national_id", "other_id"})}
"""Columns that the centre keeps encrypted: equal values give equal texts, so that readers can be matched."""
KEPT_SEALED = "sealed"
"""Of values inside a story of a case that the centre keeps encrypted: the only key, with the text as stored."""


class UnknownError(Exception):
    """A newer schema: an entity, field or code that this program does not know. Kept, and replayed after the
    upgrade."""


class Cipher(Protocol):
    """How what says who a reader is stands at the centre: columns, and parts of the journal. Equal values give equal
    texts."""

    def encrypt(self, text: str) -> str:
        """The text as stored."""
        ...

    def decrypt(self, text: str) -> str:
        """The value again."""
        ...

    def seal(self, raw: bytes) -> bytes:
        """Bytes as stored."""
        ...

    def unseal(self, kept: bytes) -> bytes:
        """The bytes again."""
        ...


@dataclass(frozen=True, slots=True)
class WireChange:
    """One changed row. `values` are the new values by column, personal ones included; of a full after-image all that
    travels. `erased`: it had personal values, which have been erased since."""

    model: type[Base]
    row_id: uuid.UUID
    base_ver: int
    op: int
    values: dict[str, Any]
    erased: bool = False


@dataclass(frozen=True, slots=True)
class ParsedEntry:
    """A journal entry as read. `eid` is that of an entry that was moved from another epoch; otherwise its chain value
    is its id. `corrected_ms`: its moment by the centre's clock, as far as its desk knew the difference."""

    seq: int
    kind: str
    eid: uuid.UUID | None
    at_ms: int
    corrected_ms: int
    day: dt.date
    staff_id: uuid.UUID | None
    desk: int
    schema: int
    intent: list[Any] | None
    undoes: uuid.UUID | None
    changes: tuple[WireChange, ...]


class RawBody(NamedTuple):
    """The places of a body (sync-protocol 3.1)."""

    seq: int
    kind: str
    eid: bytes | None
    at_ms: int
    day: int
    clock: list[Any]
    staff_id: bytes | None
    desk: int
    schema: int
    intent: list[Any] | None
    changes: list[list[Any]]
    undoes: bytes | None


PLACES = len(RawBody._fields)
ID_BYTES, LONGEST_KIND = 16, 48
MOST_INTEGER, MOST_MS, MOST_DAYS = 1 << 31, 1 << 62, dt.date.max.toordinal()


def raw_body(body: bytes) -> RawBody:
    """A body taken apart, its changes as they are. Raises MalformedError for what the journal could not even keep."""
    try:
        raw = RawBody._make(DECODER.decode(body)[:PLACES])
        if _can_be_kept(raw):
            return raw
    except (msgspec.DecodeError, AttributeError, IndexError, OverflowError, TypeError, ValueError) as error:
        raise MalformedError("not an entry") from error
    raise MalformedError("not an entry")


def _can_be_kept(raw: RawBody) -> bool:
    ids = (raw.eid, raw.staff_id, raw.undoes)
    return (
        all(one is None or (type(one) is bytes and len(one) == ID_BYTES) for one in ids)
        and 0 < raw.day <= MOST_DAYS
        and len(raw.kind) <= LONGEST_KIND
        and raw.kind.isprintable()
        and abs(raw.at_ms) < MOST_MS
        and abs(corrected_ms(raw)) < MOST_MS
        and 0 <= raw.desk < MOST_INTEGER
        and 0 <= raw.schema < MOST_INTEGER
        and type(raw.changes) is list
    )


def changes_of(body: bytes, personal: bytes | None) -> ParsedEntry:
    """Read an entry. Raises MalformedError for what is none, UnknownError for what a newer program wrote."""
    raw = raw_body(body)
    try:
        parts = dict(DECODER.decode(personal)[1]) if personal else {}
        changes = tuple(
            _change(change, parts.get(place), erased=personal is None) for place, change in enumerate(raw.changes)
        )
        return ParsedEntry(
            raw.seq, raw.kind, _id(raw.eid), raw.at_ms, corrected_ms(raw), dt.date.fromordinal(raw.day),
            _id(raw.staff_id), raw.desk, raw.schema, raw.intent, _id(raw.undoes), changes,
        )  # fmt: skip
    except (msgspec.DecodeError, AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as error:
        raise MalformedError("not an entry") from error


def corrected_ms(raw: RawBody) -> int:
    """When it happened by the centre's clock (sync-protocol 12)."""
    return raw.at_ms + (raw.clock[2] or 0)


def _id(raw: bytes | None) -> uuid.UUID | None:
    return None if raw is None else uuid.UUID(bytes=raw)


def _change(raw: list[Any], personal: dict[int, Any] | None, *, erased: bool) -> WireChange:
    number, row_id, base_ver, op, data = raw
    model = model_of(number)
    if type(base_ver) is not int or base_ver < 0 or op not in (AFTER_IMAGE, FIELD_PATCH, TOMBSTONE):
        raise ValueError(op)
    values: dict[str, Any] = {}
    if op == AFTER_IMAGE:
        values = from_wire(model, data)
        if erased:
            values = {name: value for name, value in values.items() if not entity(model).fields[name].personal}
    elif op == FIELD_PATCH:
        values = {name: value for place, (_, new) in data.items() for name, value in (_decoded(model, place, new),)}
    for place, value in (personal or {}).items():
        name, decoded = _decoded(model, place, value)
        values[name] = decoded
    return WireChange(
        model, uuid.UUID(bytes=row_id), base_ver, op, values, erased and op == AFTER_IMAGE and has_personal(model)
    )


@cache
def has_personal(model: type[Base]) -> bool:
    """Whether rows of a model say who a reader is."""
    return any(field.personal for field in entity(model).fields.values())


@cache
def fields_by_place(model: type[Base]) -> Mapping[int, Field]:
    """The fields of an entity by their number."""
    return {field.number: field for field in entity(model).fields.values()}


def model_of(number: int) -> type[Base]:
    """The model an entity number means. Raises UnknownError."""
    try:
        return entities_by_number()[number]
    except (KeyError, TypeError) as error:
        raise UnknownError(f"entity {number}") from error


def _decoded(model: type[Base], place: int, value: Any) -> tuple[str, Any]:
    field = fields_by_place(model).get(place)
    if field is None:
        raise UnknownError(f"{model.__tablename__}.{place}")
    return field.name, _decode(model, field, value)


def _decode(model: type[Base], field: Field, value: Any) -> Any:
    try:
        return field.decode(value)
    except ValueError as error:
        if isinstance(value, str):  # a code that a newer program gave a meaning
            raise UnknownError(f"{model.__tablename__}.{field.name}: {value}") from error
        raise


def to_wire(model: type[Base], row: Mapping[str, Any], cipher: Cipher | None = None) -> list[Any]:
    """The full after-image of a row, personal fields in it. `cipher`: the row is kept as the centre keeps it."""
    wire = entity(model)
    image: list[Any] = [None] * wire.width
    sealed = secret_columns(model) if cipher is not None else frozenset()
    for field in wire.fields.values():
        value = row[field.name]
        if cipher is not None and value is not None and field.name in sealed:
            value = cipher.decrypt(value)
        elif cipher is not None and model is SyncCase and field.name == SyncCase.stories.key:
            value = _unsealed_within(value, cipher)
        image[field.number] = field.encode(value)
    return image


def _unsealed_within(told: Any, cipher: Cipher) -> Any:
    """What the centre tells of a case to whom it may tell it."""
    if isinstance(told, dict):
        if told.keys() == {KEPT_SEALED}:
            return cipher.decrypt(told[KEPT_SEALED])
        return {name: _unsealed_within(value, cipher) for name, value in told.items()}
    return [_unsealed_within(one, cipher) for one in told] if isinstance(told, list) else told


def from_wire(model: type[Base], data: Sequence[Any]) -> dict[str, Any]:
    """The values of a full after-image by column; what an older program did not know yet takes its default.

    Raises UnknownError for a field that a newer one added, ValueError or TypeError for what is no image.
    """
    if not isinstance(data, list | tuple):
        raise TypeError(type(data).__name__)
    fields = fields_by_place(model)
    values = dict(_fields_plain(model))
    for place, value in enumerate(data):
        field = fields.get(place)
        if field is not None:
            values[field.name] = None if value is None else _decode(model, field, value)
        elif value is not None:
            raise UnknownError(f"{model.__tablename__}.{place}")
    return values


@cache
def _fields_plain(model: type[Base]) -> Mapping[str, Any]:
    """What the fields of a row are that says nothing."""
    known = defaults(model)
    return {name: known[name] for name in entity(model).fields}


def feed_row(model: type[Base], row: Mapping[str, Any], cipher: Cipher | None = None) -> FeedRow:
    """A row as a feed tells it."""
    deleted_at: dt.datetime | None = row["deleted_at"]
    return FeedRow(
        entity=entity(model).number,
        row=row["id"].bytes,
        branch=row["branch_id"].bytes,
        ver=row["ver"],
        deleted_ms=None if deleted_at is None else to_ms(deleted_at),
        data=to_wire(model, row, cipher),
        schema=SCHEMA_VERSION,
        pos=row["bpos"] or 0,
    )


def deleted_at(row: FeedRow) -> dt.datetime | None:
    """When a row of a feed was deleted."""
    return None if row.deleted_ms is None else from_ms(row.deleted_ms)


def row_hash(model: type[Base], row: Mapping[str, Any], cipher: Cipher | None = None) -> bytes:
    """The digest of what a row says: BLAKE2b-64 over its fields in the order of their numbers, defaults left out, so
    that a field which is added later changes no hash (sync-protocol 15)."""
    plain = plain_image(model)
    image = to_wire(model, row, cipher)
    told = [[place, value] for place, value in enumerate(image) if value != plain[place]]
    gone: dt.datetime | None = row["deleted_at"]
    whole = CANONICAL.encode([told, None if gone is None else to_ms(gone)])
    return hashlib.blake2b(whole, digest_size=HASH_BYTES).digest()


@cache
def plain_image(model: type[Base]) -> list[Any]:
    """The image of a row that has nothing but defaults."""
    wire, known = entity(model), defaults(model)
    image: list[Any] = [None] * wire.width
    for field in wire.fields.values():
        image[field.number] = field.encode(known[field.name])
    return image


def secret_columns(model: type[Base]) -> frozenset[str]:
    """Which columns of a model the centre keeps encrypted."""
    return KEPT_SECRET.get(model, frozenset())


def sealed(model: type[Base], values: Mapping[str, Any], cipher: Cipher | None) -> dict[str, Any]:
    """Values as they are stored here."""
    stored = dict(values)
    if cipher is not None:
        for name in secret_columns(model) & stored.keys():
            if stored[name] is not None:
                stored[name] = cipher.encrypt(stored[name])
    return stored
