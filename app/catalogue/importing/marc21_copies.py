"""The copies a MARC21 record names: 852, 876, and Koha's 952."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.catalogue.importing.isbd import bare
from app.catalogue.importing.marc_fields import MarcField
from app.catalogue.importing.record import CopyFacts
from app.persian.digits import typed
from app.persian.text import clean


@dataclass(frozen=True, slots=True)
class Holding:
    """Which subfields of a field say what about a copy."""

    barcode: str
    call_number: str
    copy_no: str
    accession_no: str = ""
    volume_no: str = ""


HOLDINGS = {
    "852": Holding(barcode="p", call_number="hi", copy_no="t", volume_no="3"),
    "876": Holding(barcode="p", call_number="", copy_no="t", accession_no="a", volume_no="3"),
    "952": Holding(barcode="p", call_number="o", copy_no="t", accession_no="i", volume_no="h"),
}


def copies_of(fields: Iterable[MarcField]) -> tuple[CopyFacts, ...]:
    """The copies, each once; a call number without a barcode is a copy only where no barcode is named at all."""
    copies = list(dict.fromkeys(copy for field in fields for copy in _copies(field)))
    barcoded = {copy.barcode: copy for copy in reversed(copies) if copy.barcode}
    return tuple(reversed(barcoded.values())) or tuple(copies)


def _copies(field: MarcField) -> Iterator[CopyFacts]:
    holding = HOLDINGS.get(field.tag)
    if holding is None:
        return
    call_number = clean(" ".join(field.all(holding.call_number)))
    facts = CopyFacts(
        call_number=call_number or None,
        copy_no=_code(field, holding.copy_no),
        accession_no=_code(field, holding.accession_no),
        volume_no=_code(field, holding.volume_no),
    )
    for code in field.all(holding.barcode) or [""]:
        barcode = clean(typed(code)) or None
        yield CopyFacts(barcode, facts.accession_no, facts.call_number, facts.volume_no, facts.copy_no)


def _code(field: MarcField, codes: str) -> str | None:
    return clean(typed(bare(field.first(codes)))) or None if codes else None
