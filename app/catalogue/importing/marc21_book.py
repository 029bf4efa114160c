"""What a MARC21 record says of a book."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.catalogue.call_number import normalise_class, parse_class
from app.catalogue.importing.findings import Concern, Notes
from app.catalogue.importing.isbd import bare, title_and_parallel, without_brackets
from app.catalogue.importing.marc21_material import material_of
from app.catalogue.importing.marc21_people import people_of
from app.catalogue.importing.marc_fields import MarcField
from app.catalogue.importing.numbers import trusted_isbn
from app.catalogue.importing.prices import price_of
from app.catalogue.importing.record import BookRecord, Calendar, CopyFacts
from app.catalogue.importing.texts import language_of, said, tidy
from app.catalogue.importing.words import LANGUAGES
from app.catalogue.importing.years import GREGORIAN_FROM, Year, year_of
from app.persian.digits import typed
from app.persian.text import unify

_SUBJECTS = ("600", "610", "611", "630", "650", "651", "653")
_NOTES = ("500", "501", "502", "504", "508", "511", "534", "546", "586")
_CLASSES = ("082", "092", "090")  # 090 is a local number, in Iran a Dewey one too
_SUBDIVISIONS = "vxyz"
_PRINTING = ("چاپ", "chap")


@dataclass(frozen=True, slots=True)
class Holding:
    """Which subfields of a field of holdings say what about a copy."""

    barcode: str
    call_number: str
    copy_no: str
    accession_no: str = ""
    volume_no: str = ""


_HOLDINGS = {
    "852": Holding(barcode="p", call_number="hi", copy_no="t"),
    "876": Holding(barcode="p", call_number="", copy_no="t", accession_no="a"),
    "952": Holding(barcode="p", call_number="o", copy_no="t", accession_no="i", volume_no="h"),  # Koha
}


class Marc21Book:
    """Reads the book out of a record's fields, `paired` before; what it doubts goes to `notes`."""

    def __init__(self, leader: str, fields: Sequence[MarcField], notes: Notes) -> None:
        self._leader = leader
        self._fields = fields
        self._notes = notes
        self._coded = next((field.data for field in fields if field.tag == "008"), "")

    def title(self) -> str | None:
        """The title with number and name of the part, without what follows «=»."""
        field = self._best("245")
        if field is None:
            return None
        if sum(found.tag == "245" for found in self._fields) > 1:
            self._notes.warn(Concern.FIELD_REPEATED, "245")
        title, *parts = [title_and_parallel(self._tidy(field, value))[0] for value in field.all("anp")] or [""]
        return "، ".join(part for part in (title, *parts) if part) or None

    def record(self, title: str, number: int, data: bytes) -> BookRecord:
        """The book of record `number`, whose bytes are `data`."""
        people = people_of(self._fields)
        isbn_raw, isbn = self._isbn()
        year = self._year()
        dewey, author_mark = self._class()
        edition, printing = self._edition()
        return BookRecord(
            title=title,
            source_line=number,
            subtitle=self._subtitle(),
            statement=self._value("c", "245"),
            creators=people.creators,
            publisher=self._imprint("b"),
            place=self._imprint("a"),
            year=year.number if year else None,
            calendar=year.calendar if year else None,
            edition=edition,
            printing=printing,
            isbn=isbn,
            isbn_raw=isbn_raw,
            dewey=dewey,
            author_mark=author_mark,
            language=self._language(),
            material=material_of(self._leader, self._coded, self._fields),
            subjects=tuple(dict.fromkeys(self._subjects())),
            pages=self._value("a", "300"),
            size=self._value("c", "300"),
            series=self._series(),
            nbn=self._value("a", "015") or self._value("a", "016"),
            price=self._price(),
            age_group=self._value("a", "521"),
            abstract=self._value("a", "520"),
            note=self._joined("a", _NOTES),
            copies=tuple(self._copies()),
            marc=data,
            extras={},
        )
