"""What the minutes of a delivery and of recycling say, handed to whoever sets them on paper, and their freezing."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.exchange.reads import PackedCopy
from app.exchange.rules import LibraryFacts
from app.library import BranchFacts
from app.papers import Files, Filing, Printed, freeze, numbered
from app.persian.jalali import year
from db.act import Act
from db.codes import DocumentKind, ExchangeLevel, WeedingReason
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class DeliveryPaper:
    """Minutes of a delivery to a library (نمودار ۲-۳ و ۲-۸). `officers`: names by `Position`, of those in office. A
    draft to be signed when the books are fetched has no `number` yet."""

    branch: BranchFacts
    level: ExchangeLevel
    reason: WeedingReason
    number: str | None
    day: dt.date
    destination: LibraryFacts
    receipt_no: str | None
    letter_no: str | None
    rows: tuple[PackedCopy, ...]
    officers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RecyclingPaper:
    """Minutes of handing worn copies to recycling (002 م7-23); `weight_g` in grams."""

    branch: BranchFacts
    number: str
    day: dt.date
    centre: str
    weight_g: int
    receipt_no: str | None
    letter_no: str | None
    rows: tuple[PackedCopy, ...]
    officers: Mapping[str, str]


class DeliveryPrinter(Protocol):
    """Sets minutes of a delivery on paper; the same facts give the same bytes."""

    def __call__(self, paper: DeliveryPaper, /) -> Printed:
        """The files for these facts."""
        ...


class RecyclingPrinter(Protocol):
    """Sets minutes of recycling on paper; the same facts give the same bytes."""

    def __call__(self, paper: RecyclingPaper, /) -> Printed:
        """The files for these facts."""
        ...


def take_number(tx: Tx, day: dt.date) -> tuple[int, int, str]:
    """The next number of delivery and recycling minutes: Jalali year, number without gaps in it, and both in words."""
    jalali_year = year(day)
    sequence = tx.next_number(f"disposal-{jalali_year}")
    return jalali_year, sequence, disposal_number(jalali_year, sequence)


def disposal_number(jalali_year: int, sequence: int) -> str:
    """«1405/3»."""
    return f"{jalali_year}/{sequence}"


def file(tx: Tx, kind: DocumentKind, number: str, printed: Printed, row_id: uuid.UUID, act: Act) -> Files:
    """Keep both files as they were printed (002 م7-15)."""
    return freeze(tx, Filing(kind, number, numbered(kind, number), "disposal", row_id), printed, act.at)
