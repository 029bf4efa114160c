"""A book as a file gives it, cleaned but not yet matched or stored, and what can become of one record of the file."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from app.catalogue.form import Creator
from app.catalogue.importing.findings import WORDING, GoodsKind, Reason, Repair, Warn
from db.codes import ItemStatus, Material

TITLE_LIMIT = 2_000
"""Characters of any text of a record (reliability, section 3); what is longer is cut, with a warning."""


class Calendar(StrEnum):
    """The calendar in which a year of publication was printed."""

    JALALI = "jalali"
    GREGORIAN = "gregorian"
    LUNAR = "lunar"


@dataclass(frozen=True, slots=True)
class CopyFacts:
    """What the file says of one copy; `said` is its status in the words of the file, `status` what that is here."""

    barcode: str | None = None
    accession_no: str | None = None
    call_number: str | None = None
    volume_no: str | None = None
    copy_no: str | None = None
    accession_date: dt.date | None = None
    status: ItemStatus = ItemStatus.AVAILABLE
    said: str | None = None


@dataclass(frozen=True, slots=True)
class BookRecord:
    """A book of the file. Texts are clean and at most 2,000 characters; `None` means the file does not say.

    `creators` are named as the file names them («شاملو، احمد» or «احمد شاملو»). `year` is as printed, in `calendar`
    (imperial years, 2535 to 2537, are turned into Jalali ones). `isbn` is a valid ISBN-13 to match records by,
    `isbn_raw` what stood in the file. `language` is an ISO 639 code of two letters, or of three where there is none of
    two. `price` is in rials. `marc` is the record byte for byte. `extras` holds what has no field of its own, by column
    or name. `source_line` is the number of the line, row or record in the file, from 1.
    """

    title: str
    source_line: int
    subtitle: str | None = None
    statement: str | None = None
    creators: tuple[Creator, ...] = ()
    publisher: str | None = None
    place: str | None = None
    year: int | None = None
    calendar: Calendar | None = None
    edition: str | None = None
    printing: str | None = None
    isbn: str | None = None
    isbn_raw: str | None = None
    dewey: str | None = None
    author_mark: str | None = None
    language: str | None = None
    material: Material = Material.BOOK
    subjects: tuple[str, ...] = ()
    pages: str | None = None
    size: str | None = None
    series: str | None = None
    nbn: str | None = None
    price: int | None = None
    age_group: str | None = None
    abstract: str | None = None
    note: str | None = None
    copies: tuple[CopyFacts, ...] = ()
    marc: bytes | None = None
    extras: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Good:
    """Read as it stands."""

    record: BookRecord
    warnings: tuple[Warn, ...] = ()

    @property
    def line(self) -> int:
        """Where the record stands in the file."""
        return self.record.source_line


@dataclass(frozen=True, slots=True)
class Repaired:
    """Read after mending its form; no text was lost that the file still held."""

    record: BookRecord
    what: tuple[Repair, ...]
    warnings: tuple[Warn, ...] = ()

    @property
    def line(self) -> int:
        """Where the record stands in the file."""
        return self.record.source_line


@dataclass(frozen=True, slots=True)
class Refused:
    """Not taken; `raw` is the record as it stood, for the side file."""

    line: int
    code: Reason
    raw: bytes | str

    @property
    def text(self) -> str:
        """The Persian reason."""
        return WORDING[self.code]


@dataclass(frozen=True, slots=True)
class NotABook:
    """Sound, but no book: kept apart, not lost."""

    line: int
    kind: GoodsKind
    raw: bytes | str

    @property
    def text(self) -> str:
        """What it is, in Persian."""
        return WORDING[self.kind]


Outcome = Good | Repaired | Refused | NotABook
