"""Books out of files of MARC21 records."""

from collections.abc import Iterator
from pathlib import Path

from app.catalogue.importing.encodings import Encoding
from app.catalogue.importing.findings import Notes, Reason, Repair
from app.catalogue.importing.marc21_book import Marc21Book
from app.catalogue.importing.marc21_material import goods_of
from app.catalogue.importing.marc_fields import field_of, paired
from app.catalogue.importing.marc_record import RawRecord, read_record
from app.catalogue.importing.marc_split import Piece, pieces
from app.catalogue.importing.marc_text import decoder_of
from app.catalogue.importing.record import Good, NotABook, Outcome, Refused, Repaired
from app.catalogue.importing.statuses import AS_SAID, StatusWish


def marc21_outcomes(path: Path, encoding: Encoding | None, wish: StatusWish = AS_SAID) -> Iterator[Outcome]:
    """What becomes of each record of a file, one outcome for each.

    `encoding` is used for records that are not in UTF-8, `wish` for the statuses of copies. OSError as the disk says.
    """
    with path.open("rb") as file:
        for piece in pieces(file):
            yield outcome_of(piece, encoding, wish)


def count_records(path: Path) -> int:
    """How many outcomes a file will have."""
    with path.open("rb") as file:
        return sum(1 for _ in pieces(file))


def outcome_of(piece: Piece, encoding: Encoding | None = None, wish: StatusWish = AS_SAID) -> Outcome:
    """What becomes of one record."""
    raw = read_record(piece)
    if isinstance(raw, Reason):
        return Refused(piece.number, raw, piece.junk + piece.data)
    if goods := goods_of(raw.leader):
        return NotABook(piece.number, goods, piece.junk + piece.data)
    return _book(piece, raw, encoding, wish)


def _book(piece: Piece, raw: RawRecord, encoding: Encoding | None, wish: StatusWish) -> Outcome:
    notes = Notes()
    decode = decoder_of(raw, encoding, notes)
    fields = [field_of(field, decode) for field in raw.fields]
    book = Marc21Book(raw.leader, paired(fields), notes)
    title = book.title()
    if title is None:
        return Refused(piece.number, Reason.MARC_NO_TITLE, piece.junk + piece.data)
    copies = book.copies(wish)
    if isinstance(copies, Reason):
        return Refused(piece.number, copies, piece.junk + piece.data)
    record = book.record(title, piece.number, piece.data, copies)
    damaged = any(
        "\ufffd" in text for field in fields for text in (field.data, *(value for _, value in field.subfields))
    )
    repairs = (*raw.repairs, Repair.UNREADABLE_LETTERS) if damaged else raw.repairs
    return Repaired(record, repairs, notes.warnings) if repairs else Good(record, notes.warnings)
