"""Books out of the rows of a table, whatever file it came from."""

import datetime as dt
import re
from collections.abc import Iterator
from itertools import zip_longest

from app.catalogue.call_number import normalise_class, parse_call_number, parse_class
from app.catalogue.form import Creator
from app.catalogue.importing.columns import Column, ColumnMap
from app.catalogue.importing.findings import Concern, GoodsKind, Notes, Reason
from app.catalogue.importing.names import creators_of
from app.catalogue.importing.numbers import trusted_isbn
from app.catalogue.importing.prices import price_of
from app.catalogue.importing.record import BookRecord, CopyFacts, Good, NotABook, Outcome, Refused, Repaired
from app.catalogue.importing.statuses import AS_SAID, StatusWish, noted, with_statuses
from app.catalogue.importing.table import Row
from app.catalogue.importing.texts import language_of, said, tidy
from app.catalogue.importing.words import GOODS, MATERIALS, SHELVES
from app.catalogue.importing.years import Year, year_of
from app.persian import jalali
from app.persian.digits import typed
from app.persian.text import clean, compact, fold
from db.codes import CreatorRole, Material

_ROLES = {
    Column.CREATORS: CreatorRole.AUTHOR,
    Column.AUTHOR: CreatorRole.AUTHOR,
    Column.TRANSLATOR: CreatorRole.TRANSLATOR,
    Column.ILLUSTRATOR: CreatorRole.ILLUSTRATOR,
    Column.EDITOR: CreatorRole.EDITOR,
    Column.COMPILER: CreatorRole.COMPILER,
    Column.NARRATOR: CreatorRole.NARRATOR,
    Column.SCRIBE: CreatorRole.SCRIBE,
}
_BETWEEN_SUBJECTS = re.compile(r"[؛;|\n]+")
_BETWEEN_CODES = re.compile(r"\s*[؛;،,|\n]\s*")


def outcome_of(row: Row, columns: ColumnMap, wish: StatusWish = AS_SAID) -> Outcome:
    """What becomes of a row; `wish` says how the statuses of its copies are read."""
    reader = _RowReader(row, columns)
    if goods := GoodsKind.PREAMBLE if row.preamble else reader.goods():
        return NotABook(row.number, goods, row.raw)
    formula = any(heading in row.formulas for headings in columns.values() for heading in headings)
    if reason := Reason.FORMULA if formula else row.refusal:
        return Refused(row.number, reason, row.raw)
    title = reader.title()
    if title is None:
        return Refused(row.number, Reason.NO_TITLE, row.raw)
    copies = reader.copies(wish)
    if isinstance(copies, Reason):
        return Refused(row.number, copies, row.raw)
    record = reader.record(title, copies)
    if row.repairs:
        return Repaired(record, row.repairs, reader.notes.warnings)
    return Good(record, reader.notes.warnings)


class _RowReader:
    """Reads one row; what it cannot place or understand it leaves for `extras`."""

    def __init__(self, row: Row, columns: ColumnMap) -> None:
        self.notes = Notes()
        self._row = row
        self._columns = columns
        self._understood: set[str] = set()

    def title(self) -> str | None:
        """The title; a book may well be called «ندارد»."""
        return next(
            (title for heading, text in self._cells(Column.TITLE) if (title := self._tidy(heading, text))), None
        )

    def goods(self) -> GoodsKind | None:
        """What the row is about, if it says that it is not a book."""
        texts = (text for column in (Column.MATERIAL, Column.SUBJECTS) for _, text in self._cells(column))
        return next((GOODS[key] for text in texts if (key := compact(text[:200])) in GOODS), None)

    def copies(self, wish: StatusWish) -> tuple[CopyFacts, ...] | Reason:
        """The copies of the row with their statuses, or why these cannot be read."""
        copies = tuple(self._copies(self._text(Column.CALL_NUMBER)))
        told = with_statuses(copies, self._statuses(len(copies)), wish)
        if not isinstance(told, Reason):
            noted(told, self.notes)
        return told

    def record(self, title: str, copies: tuple[CopyFacts, ...]) -> BookRecord:
        """The book of the row."""
        year = self._year()
        isbn_raw, isbn = self._isbn()
        call_number = self._text(Column.CALL_NUMBER)
        dewey, author_mark = self._class(call_number)
        return BookRecord(
            title=title,
            source_line=self._row.number,
            subtitle=self._text(Column.SUBTITLE),
            statement=self._text(Column.STATEMENT),
            creators=self._creators(),
            publisher=self._text(Column.PUBLISHER),
            place=self._text(Column.PLACE),
            year=year.number if year else None,
            calendar=year.calendar if year else None,
            edition=self._text(Column.EDITION),
            printing=self._text(Column.PRINTING),
            isbn=isbn,
            isbn_raw=isbn_raw,
            dewey=dewey,
            author_mark=author_mark,
            language=self._language(),
            material=self._material(),
            subjects=self._subjects(),
            pages=self._text(Column.PAGES),
            size=self._text(Column.SIZE),
            series=self._text(Column.SERIES),
            nbn=self._text(Column.NBN),
            price=self._price(),
            age_group=self._text(Column.AGE_GROUP),
            abstract=self._text(Column.ABSTRACT),
            note=self._text(Column.NOTE),
            copies=copies,
            extras=self._extras(),  # last: what the others left
        )

    def _cells(self, column: Column) -> Iterator[tuple[str, str]]:
        """(heading, text) of the column's cells, in order."""
        for heading in self._columns.get(column, ()):
            for text in self._row.values.get(heading, ()):
                yield heading, text

    def _tidy(self, heading: str, text: str) -> str | None:
        self._understood.add(heading)
        return tidy(text, heading, self.notes)

    def _said(self, column: Column) -> Iterator[tuple[str, str]]:
        for heading, text in self._cells(column):
            self._understood.add(heading)
            if (words := said(text, heading, self.notes)) is not None:
                yield heading, words

    def _text(self, column: Column) -> str | None:
        return next((text for _, text in self._said(column)), None)

    def _doubt(self, code: Concern, heading: str, text: str) -> None:
        """Warn, and keep what stood there."""
        self.notes.warn(code, heading, text)
        self._understood.discard(heading)

    def _creators(self) -> tuple[Creator, ...]:
        creators: list[Creator] = []
        for column, role in _ROLES.items():
            for heading, text in self._cells(column):
                self._understood.add(heading)
                creators += creators_of(text, role, heading, self.notes)
        return tuple(dict.fromkeys(creators))

    def _year(self) -> Year | None:
        for heading, text in self._said(Column.YEAR):
            if found := year_of(text):
                return found
            self._doubt(Concern.YEAR_UNCLEAR, heading, text)
        return None

    def _isbn(self) -> tuple[str | None, str | None]:
        texts = [text for _, text in self._said(Column.ISBN)]
        isbn, concern = trusted_isbn(texts)
        if concern:
            self.notes.warn(concern, Column.ISBN, texts[0])
        return texts[0] if texts else None, isbn

    def _class(self, call_number: str | None) -> tuple[str | None, str | None]:
        """(class, author mark); either column may hold the whole call number."""
        class_no, author_mark = self._text(Column.DEWEY), self._text(Column.AUTHOR_MARK)
        whole = parse_call_number((class_no or call_number or "")[:200])
        if whole and parse_class(whole.class_no):
            return whole.class_no, author_mark or whole.author_mark or None
        return normalise_class(class_no) if class_no else None, author_mark

    def _language(self) -> str | None:
        for heading, text in self._said(Column.LANGUAGE):
            if " " in fold(text):
                self._understood.discard(heading)  # more is said than one code can
            return language_of(text)
        return None

    def _material(self) -> Material:
        shelves = [SHELVES[key] for _, text in self._cells(Column.SUBJECTS) if (key := compact(text[:200])) in SHELVES]
        for heading, text in self._said(Column.MATERIAL):
            material = MATERIALS.get(compact(text))
            if material is None:
                self._doubt(Concern.MATERIAL_UNKNOWN, heading, text)
            elif material is not Material.CHILD_BOOK or Material.YOUNG_ADULT_BOOK not in shelves:
                return material
        return shelves[-1] if shelves else Material.BOOK

    def _subjects(self) -> tuple[str, ...]:
        texts = (
            part
            for heading, text in self._cells(Column.SUBJECTS)
            for part in self._parts(heading, text, _BETWEEN_SUBJECTS)
        )
        return tuple(dict.fromkeys(text for text in texts if SHELVES.get(compact(text)) is not Material.BOOK))

    def _parts(self, heading: str, text: str, between: re.Pattern[str]) -> Iterator[str]:
        self._understood.add(heading)
        whole = tidy(text, heading, self.notes, lines=True) or ""
        return (part for piece in between.split(whole) if (part := said(piece, heading, self.notes)))

    def _price(self) -> int | None:
        for heading, text in self._said(Column.PRICE):
            price = price_of(text, heading)
            if price.concern:
                self._doubt(price.concern, heading, text)
            return price.rials
        return None

    def _copies(self, call_number: str | None) -> Iterator[CopyFacts]:
        volume_no = self._text(Column.VOLUME_NO)
        codes = [self._codes(column) for column in (Column.BARCODE, Column.ACCESSION_NO, Column.COPY_NO)]
        day = self._accession_day()
        for barcode, accession_no, copy_no in zip_longest(*codes):
            yield CopyFacts(barcode, accession_no, call_number, volume_no, copy_no, day)
        if not any(codes) and (call_number or volume_no):
            yield CopyFacts(call_number=call_number, volume_no=volume_no)

    def _accession_day(self) -> dt.date | None:
        for heading, text in self._said(Column.ACCESSION_DATE):
            day = jalali.parse(re.split("[T ]", text)[0])  # a workbook gives a day as 2015-03-21T00:00:00
            if day is None:
                self._doubt(Concern.ACCESSION_DAY_UNCLEAR, heading, text)
            return day
        return None

    def _statuses(self, copies: int) -> list[str]:
        """What is said of the copies: a word for all, or one for each between separators. «نامعلوم» is a word too."""
        texts = [text for heading, text in self._cells(Column.STATUS) if self._tidy(heading, text)]
        parts = [part for text in texts for part in _BETWEEN_CODES.split(text)]
        return parts if copies > 1 else texts

    def _codes(self, column: Column) -> list[str]:
        return [
            code for heading, text in self._cells(column) for code in self._parts(heading, typed(text), _BETWEEN_CODES)
        ]

    def _extras(self) -> dict[str, str]:
        extras = {}
        for heading, texts in self._row.values.items():
            if heading in self._row.formulas:
                self.notes.warn(Concern.FORMULA_LEFT_OUT, heading)
            elif heading not in self._understood and (text := tidy("؛ ".join(texts), heading, self.notes)):
                extras[clean(heading, 200)] = text
        if self._row.unnamed:
            self.notes.warn(Concern.CELLS_TOO_MANY, "، ".join(self._row.unnamed))
        return extras
