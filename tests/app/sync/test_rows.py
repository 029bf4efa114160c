"""Rows and entries on the wire: what was written is read again, whatever is strange is told."""

import datetime as dt
import json
import random
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sync.rows import (
    UnknownError,
    changes_of,
    from_wire,
    model_of,
    plain_image,
    raw_body,
    row_hash,
    sealed,
    to_wire,
)
from app.sync.wire import MalformedError
from db.journal import DECODER, ENCODER
from db.models.base import Base
from db.models.items import Item
from db.models.members import Member
from db.models.schema import synced_models
from db.siv import SivCipher
from db.wire import entity
from tests.app.sync.centre.sending import altered, journal
from tests.app.sync.golden.make import FOLDER, told
from tests.db.rows import sample_values
from tests.library import add_copy, add_member, found, lend

MODELS = sorted(synced_models().values(), key=lambda model: model.__tablename__)


def a_row(model: type[Base], seed: int = 1) -> dict[str, Any]:
    """A row of any table, awkward values in every column."""
    chance = random.Random(seed)
    values = sample_values(model, chance)
    for column in Base.metadata.tables[model.__tablename__].columns:
        if column.foreign_keys:
            values[column.name] = None
    return values | {"deleted_at": None}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_a_row_is_read_as_it_was_written(model: type[Base]) -> None:
    row = a_row(model)
    travelled = DECODER.decode(ENCODER.encode(to_wire(model, row)))
    assert to_wire(model, from_wire(model, travelled)) == to_wire(model, row)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_the_digest_of_a_row_changes_with_every_field_and_with_nothing_else(model: type[Base]) -> None:
    row = a_row(model)
    whole = row_hash(model, row)
    assert len(whole) == 8
    assert row_hash(model, row | {"ver": 9, "rh": b"x", "bpos": 4, "sort_key": "x"}) == whole
    assert row_hash(model, row | {"deleted_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}) != whole
    other = a_row(model, 2)
    for name in entity(model).fields:
        if other[name] != row[name]:
            assert row_hash(model, row | {name: other[name]}) != whole, name


def test_a_field_that_is_added_later_changes_no_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    row = a_row(Item)
    before = row_hash(Item, row)
    monkeypatch.setattr("app.sync.rows.to_wire", lambda *_: [*to_wire(Item, row), None])
    monkeypatch.setattr("app.sync.rows.plain_image", lambda _: [*plain_image(Item), None])
    assert row_hash(Item, row) == before


def test_the_centre_tells_and_hashes_the_plain_value() -> None:
    cipher = SivCipher(bytes(32))
    row = a_row(Member) | {"national_id": "0084575948", "other_id": None}
    stored = sealed(Member, row, cipher)
    assert stored["national_id"].startswith("siv:")
    assert stored == sealed(Member, row, cipher)  # equal values give equal texts
    assert to_wire(Member, stored, cipher) == to_wire(Member, row)
    assert row_hash(Member, stored, cipher) == row_hash(Member, row)


def test_what_an_older_program_did_not_know_takes_its_default() -> None:
    image = to_wire(Item, a_row(Item))[: entity(Item).fields["renewable"].number]
    assert from_wire(Item, image)["renewable"] is True


def test_what_a_newer_program_added_is_told() -> None:
    image = to_wire(Item, a_row(Item))
    with pytest.raises(UnknownError, match="item"):
        from_wire(Item, [*image, "تازه"])
    assert from_wire(Item, [*image, None])["barcode"] == image[entity(Item).fields["barcode"].number]
    image[entity(Item).fields["status"].number] = "on_the_moon"
    with pytest.raises(UnknownError, match="on_the_moon"):
        from_wire(Item, image)
    with pytest.raises(UnknownError):
        model_of(4_000)


@pytest.mark.parametrize("strange", [None, 5, "x", {}, b"", [b"short"]])
def test_what_is_no_image_is_refused(strange: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        from_wire(Item, strange)


@pytest.fixture
def entries(tmp_path: Path) -> Any:
    """The founding, a reader, a copy, a loan."""
    library = found(tmp_path)
    with library.store:
        lend(library, add_member(library), add_copy(library))
        yield journal(library)


def test_an_entry_tells_who_when_and_what(entries: Any) -> None:
    parsed = changes_of(entries[-1].body, entries[-1].personal)
    assert (parsed.seq, parsed.kind, parsed.eid, parsed.desk, parsed.schema) == (4, "loan.opened", None, 1, 1)
    item, loan = parsed.changes
    assert (item.model, item.base_ver, item.op, item.values["status"]) == (Item, 1, 1, "on_loan")
    assert loan.values["member_id"] is not None
    assert not loan.erased


def test_without_its_personal_part_an_entry_says_that_it_was_erased(entries: Any) -> None:
    _, loan = changes_of(entries[-1].body, None).changes
    assert loan.erased
    assert "member_id" not in loan.values


def test_a_clock_that_is_known_to_differ_is_corrected(entries: Any) -> None:
    ahead = altered(entries[-1], clock=[0, 0, -5_000, None, False])
    assert changes_of(ahead.body, None).corrected_ms == raw_body(ahead.body).at_ms - 5_000


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("kind", "x" * 49), ("kind", None), ("kind", "a\0b"), ("eid", b"short"), ("at_ms", 1 << 63), ("at_ms", "x"),
        ("day", 0), ("day", 10**9), ("clock", []), ("clock", None), ("staff", "x"), ("desk", -1), ("desk", 1 << 31),
        ("changes", None), ("undoes", b""),
    ],
)  # fmt: skip
def test_what_the_journal_could_not_keep_is_no_entry(entries: Any, place: str, value: Any) -> None:
    with pytest.raises(MalformedError):
        raw_body(altered(entries[-1], **{place: value}).body)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_entry_or_are_refused(raw: bytes) -> None:
    for read in (raw_body, lambda body: changes_of(body, None)):
        with suppress(MalformedError, UnknownError):
            read(raw)


MESSAGE = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 64) - 1) | st.text(max_size=8) | st.binary(max_size=16),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(0, 40), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(MESSAGE, max_size=3), st.integers(0, 60), MESSAGE)
def test_any_changes_are_read_or_refused(odd: list[Any], number: int, data: Any) -> None:
    for change in (odd, [number, bytes(16), 1, 0, data], [number, bytes(16), 1, 1, data], [number, b"", 1, 2, data]):
        body = ENCODER.encode(
            [1, "a.b", None, 0, 700_000, [0, 0, None, None, False], None, 1, 1, None, [change], None, None]
        )
        with suppress(MalformedError, UnknownError):
            changes_of(body, None)


@pytest.mark.parametrize("expected", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_batch_of_every_schema_is_read_as_on_the_day_it_was_made(expected: Path) -> None:
    then = json.loads(expected.read_text(encoding="utf-8"))
    now = told(expected.with_suffix(".psb").read_bytes())
    for entry, as_it_was in zip(now["entries"], then["entries"], strict=True):
        for change, before in zip(entry["changes"], as_it_was["changes"], strict=True):
            later = change["values"].keys() - before["values"].keys()  # columns that came since: they say nothing
            assert {change["values"].pop(name) for name in later} <= {None}
    assert now == then
