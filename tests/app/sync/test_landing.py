"""The short way of a row into SQLite against the long one: the same values bound, the same rows refused."""

import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy.dialects import sqlite

from app.sync.landing import landing
from app.sync.rows import UnknownError, deleted_at, feed_row, from_wire
from app.sync.wire import FeedRow, decode, encode
from db.changes import full_row, insert_statement
from db.frozen import compile_statement
from db.models.base import Base
from db.models.circulation import Loan
from db.wire import entity
from tests.app.sync.test_rows import MODELS, a_row

ODD = st.one_of(st.none(), st.booleans(), st.integers(-(1 << 70), 1 << 70), st.text(max_size=8), st.binary(max_size=17))


def told(model: type[Base], seed: int = 1) -> FeedRow:
    """A row as a feed tells it."""
    frame = {"id": uuid.UUID(int=seed + 1), "branch_id": uuid.UUID(int=7), "ver": 3, "bpos": 9}
    return decode(encode(feed_row(model, a_row(model, seed) | frame)), FeedRow)


def by_the_long_way(model: type[Base], row: FeedRow) -> Any:
    """What the insert binds when every value becomes one of Python first."""
    values = from_wire(model, row.data) | {"deleted_at": deleted_at(row), "id": uuid.UUID(bytes=row.row)}
    whole = full_row(model, uuid.UUID(bytes=row.branch), values | {"ver": row.ver})
    return compile_statement(insert_statement(model), sqlite.dialect()).bind(whole)


def plain(bound: Any) -> list[Any]:
    """Bytes as bytes, whatever they are wrapped in."""
    return [bytes(value) if isinstance(value, memoryview) else value for value in bound]


def outcome(way: Any, *given: Any) -> Any:
    """What it binds, or how it refuses."""
    try:
        return plain(way(*given))
    except (LookupError, OverflowError, TypeError, UnknownError, ValueError):
        return "refused"


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__tablename__)
def test_both_ways_bind_the_same(model: type[Base], seed: int) -> None:
    row = told(model, seed)
    for sent in (row, replace(row, deleted_ms=1_700_000_000_123), cut(row, 2), cut(row, 99)):
        assert plain(landing(model).land(sent)) == plain(by_the_long_way(model, sent))


def cut(row: FeedRow, places: int) -> FeedRow:
    """The row as an older program, which knew fewer fields, would tell it."""
    return replace(row, data=row.data[: max(0, len(row.data) - places)])


@given(place=st.integers(0, 40), value=ODD)
def test_whatever_is_odd_is_refused_by_both_or_by_neither(place: int, value: Any) -> None:
    row = told(Loan)
    data = [*row.data, *[None] * max(0, place + 1 - len(row.data))]
    data[place] = value
    sent = replace(row, data=data)
    assert outcome(landing(Loan).land, sent) == outcome(by_the_long_way, Loan, sent)


@pytest.mark.parametrize("data", [None, {}, "text", 7])
def test_what_is_no_image_is_refused(data: Any) -> None:
    row = told(Loan)
    with pytest.raises(TypeError):
        landing(Loan).land(replace(row, data=data))


@pytest.mark.parametrize("name", ["row", "branch"])
def test_an_id_of_another_length_is_refused(name: str) -> None:
    row = told(Loan)
    with pytest.raises(ValueError, match="short"):
        landing(Loan).land(replace(row, **{name: b"short"}))


@pytest.mark.parametrize(("place", "value"), [("channel", "by drone"), (None, "a field of tomorrow")])
def test_what_a_newer_program_says_is_told_from_what_is_broken(place: str | None, value: str) -> None:
    row = told(Loan)
    data = [*row.data, None]
    data[-1 if place is None else entity(Loan).fields[place].number] = value
    with pytest.raises(UnknownError, match="loan"):
        landing(Loan).land(replace(row, data=data))
