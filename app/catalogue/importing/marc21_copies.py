"""The copies a MARC21 record names: 852, 876, and Koha's 952."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.catalogue.importing.findings import Reason
from app.catalogue.importing.isbd import bare
from app.catalogue.importing.marc_fields import MarcField
from app.catalogue.importing.record import CopyFacts
from app.catalogue.importing.statuses import AS_SAID, StatusWish, with_statuses
from app.persian import jalali
from app.persian.digits import typed
from app.persian.text import clean


@dataclass(frozen=True, slots=True)
class Holding:
    """Which subfields of a field say what about a copy. `marks` are subfields that say a status by not being empty or
    zero, the strongest first."""

    barcode: str
    call_number: str
    copy_no: str
    accession_no: str = ""
    volume_no: str = ""
    accession_date: str = ""
    status: str = ""
    marks: tuple[tuple[str, str], ...] = ()


HOLDINGS = {
    "852": Holding(barcode="p", call_number="hi", copy_no="t", volume_no="3"),
    "876": Holding(
        barcode="p", call_number="", copy_no="t", accession_no="a", volume_no="3", accession_date="d", status="j"
    ),
    "952": Holding(
        barcode="p", call_number="o", copy_no="t", accession_no="i", volume_no="h", accession_date="d",
        marks=(("0", "withdrawn"), ("1", "lost"), ("q", "on loan")),
    ),
}  # fmt: skip


def copies_of(fields: Sequence[MarcField], wish: StatusWish = AS_SAID) -> tuple[CopyFacts, ...] | Reason:
    """The copies, each once; a call number without a barcode is a copy only where no barcode is named at all. A local
    field of `wish` says of all of them, or of each in order, how it stands. A reason: that cannot be read."""
    tag, code = wish.marc_field[:3], wish.marc_field[3:]
    found: list[CopyFacts] = []
    for field in fields:
        texts = field.all(code) if field.tag == tag else _status(field)
        told = with_statuses(tuple(_copies(field)), texts, wish) if field.tag in HOLDINGS else ()
        if isinstance(told, Reason):
            return told
        found += told
    copies = _each_once(found)
    if tag and tag not in HOLDINGS:
        return with_statuses(copies, [text for field in fields if field.tag == tag for text in field.all(code)], wish)
    return copies


def _each_once(copies: Iterable[CopyFacts]) -> tuple[CopyFacts, ...]:
    """A copy that two fields tell of, 852 and 876, is one: what the first leaves out the second says."""
    barcoded: dict[str, CopyFacts] = {}
    others: dict[CopyFacts, None] = {}
    for copy in copies:
        if not copy.barcode:
            others[copy] = None
        else:
            known = barcoded.get(copy.barcode)
            barcoded[copy.barcode] = _joined(known, copy) if known else copy
    numbered = tuple(copy for copy in others if copy.accession_no)
    return (*barcoded.values(), *numbered) or tuple(others)


def _joined(first: CopyFacts, second: CopyFacts) -> CopyFacts:
    told = second if first.said is None else first
    return replace(
        first,
        accession_no=first.accession_no or second.accession_no,
        call_number=first.call_number or second.call_number,
        volume_no=first.volume_no or second.volume_no,
        copy_no=first.copy_no or second.copy_no,
        accession_date=first.accession_date or second.accession_date,
        status=told.status,
        said=told.said,
    )


def _copies(field: MarcField) -> Iterator[CopyFacts]:
    holding = HOLDINGS[field.tag]
    call_number = clean(" ".join(field.all(holding.call_number)))
    facts = CopyFacts(
        call_number=call_number or None,
        copy_no=_code(field, holding.copy_no),
        accession_no=_code(field, holding.accession_no),
        volume_no=_code(field, holding.volume_no),
        accession_date=_day(field, holding),
    )
    for code in field.all(holding.barcode) or [""]:
        yield replace(facts, barcode=clean(typed(code)) or None)


def _status(field: MarcField) -> list[str]:
    """What a field with a numbered copy says of it: words, or the first mark that is set. Without a number the tag may
    be another program's own."""
    holding = HOLDINGS.get(field.tag)
    if holding is None or not field.first(holding.barcode + holding.accession_no):
        return []
    marked = (word for code, word in holding.marks if typed(field.first(code)).strip("0-") != "")
    return field.all(holding.status)[:1] if holding.status else list(marked)[:1]


def _day(field: MarcField, holding: Holding) -> dt.date | None:
    return jalali.parse(field.first(holding.accession_date)) if holding.accession_date else None


def _code(field: MarcField, codes: str) -> str | None:
    return clean(typed(bare(field.first(codes)))) or None if codes else None
