"""The gap-free series of the house after rows came back, or after an older copy was put back: no number is given twice
(sync-protocol 1, 3.5)."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from db.models.base import Base
from db.models.circulation import Clearance, Receipt
from db.models.collection import BindingRequest, Disposal, Minutes, Stocktake
from db.models.items import Item
from db.models.library import CashSession, Counter, Policy
from db.models.schema import METADATA
from db.reading import Reader
from db.writing import Tx

PLAIN: Mapping[type[Base], tuple[str, str]] = MappingProxyType(
    {
        Item: ("accession", "accession_no"),
        Receipt: ("receipt", "number"),
        Clearance: ("clearance", "number"),
        CashSession: ("cash_session", "number"),
        Policy: ("policy", "version"),
    }
)
"""Series that count on for ever: table → name of the series, column."""
YEARLY: Mapping[type[Base], str] = MappingProxyType(
    {Minutes: "minutes", BindingRequest: "binding", Disposal: "disposal"}
)
"""Series that begin anew with every Jalali year."""
NUMBERED = frozenset({*PLAIN, *YEARLY, Stocktake})
OF_THE_HOUSE = ("rules",)
"""Counters that are no numbers on paper."""


def raise_numbers(tx: Tx, touched: Iterable[tuple[type[Base], uuid.UUID]]) -> None:
    """Let every series go on above the numbers of rows that were taken from a feed."""
    ids: dict[type[Base], list[uuid.UUID]] = {}
    for model, row_id in touched:
        if model in NUMBERED:
            ids.setdefault(model, []).append(row_id)
    for model, of_model in ids.items():
        for name, number in _highest(tx, model, of_model):
            tx.raise_number(name, number)


def _highest(tx: Tx, model: type[Base], ids: list[uuid.UUID]) -> Iterator[tuple[str, int]]:
    table = METADATA.tables[model.__tablename__]
    own = (table.c.id.in_(ids), table.c.branch_id == tx.identity.branch_id)
    if model in PLAIN:
        name, column = PLAIN[model]
        highest = tx.connection.execute(sa.select(sa.func.max(table.c[column])).where(*own)).scalar()
        if highest is not None:
            yield name, int(highest)
    elif model in YEARLY:
        by_year = sa.select(table.c.year, sa.func.max(table.c.number)).where(*own, table.c.number.is_not(None))
        for year, highest in tx.connection.execute(by_year.group_by(table.c.year)):
            yield f"{YEARLY[model]}-{year}", int(highest)
    elif model is Stocktake:
        for figures in tx.connection.execute(sa.select(Stocktake.figures).where(*own)).scalars():
            yield from _of_stocktake(figures)


def _of_stocktake(figures: Mapping[str, Any] | None) -> Iterator[tuple[str, int]]:
    year, stroke, number = str((figures or {}).get("number", "")).partition("/")
    if stroke and number.isdecimal():
        yield f"stocktake-{year}", int(number)


def series(reader: Reader) -> dict[str, int]:
    """The last number of every series of the branch."""
    counters = reader.connection.execute(sa.select(Counter.name, Counter.value))
    return {name: int(value) for name, value in counters if name not in OF_THE_HOUSE}
