"""What is said of a new copy, and what is wrong with it."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from app.form import invalid, required
from app.persian.digits import to_latin
from app.persian.text import tokens
from app.refusal import Refusal
from db.codes import Condition, ItemFlag, Source

OF_THE_WEEDED = ("وجین", "weed", "withdrawn")
FLAGS = frozenset(flag.value for flag in ItemFlag)


@dataclass(frozen=True, slots=True)
class ItemForm:
    """The fields of a copy. What is left out is given by the branch: accession number, barcode, copy number, type.

    `volume_no` is text: volumes bound together are «1-2», years of a serial «1402»; `price` in rials; `local_class` is
    the «رده در محل» that stands in for the class of the record (003 م5-2 تبصره ۲). `permit_no` and `permit_on` are
    number and day of the deputy's permit to weed a copy of a cultural package (002 م4-2 تبصره).
    """

    barcode: str | None = None
    accession_no: int | None = None
    accession_date: dt.date | None = None
    item_type: str | None = None
    section: str | None = None
    volume_no: str | None = None
    copy_no: int | None = None
    local_class: str | None = None
    call_number: str | None = None
    price: int | None = None
    source: Source = Source.UNKNOWN
    donor: str | None = None
    condition: Condition = Condition.GOOD
    flags: tuple[str, ...] = ()
    parts: str | None = None
    permit_no: str | None = None
    permit_on: dt.date | None = None
    note: str | None = None


def item_problems(form: ItemForm) -> Iterator[Refusal]:
    """What keeps a copy from being registered."""
    if form.barcode is not None and not is_barcode(form.barcode):
        yield invalid("barcode", form.barcode)
    for name in ("accession_no", "copy_no"):
        value = getattr(form, name)
        if value is not None and not 0 < value < 10**12:
            yield invalid(name, value)
    if form.price is not None and form.price < 0:
        yield invalid("price", form.price)
    for flag in form.flags:
        if flag not in FLAGS:
            yield invalid("flags", flag)
    yield from permit_problems(form.permit_no, form.permit_on)
    yield from place_problems(form.section, form.item_type)


def place_problems(*places: str | None) -> Iterator[Refusal]:
    """No section and no type of copies is that of the weeded: weeding is a status (002 م8-2)."""
    for place in places:
        if place and any(word.startswith(OF_THE_WEEDED) for word in tokens(place)):
            yield Refusal("item.weeded_place", "8-2", facts={"place": place})


def permit_problems(number: str | None, day: dt.date | None) -> Iterator[Refusal]:
    """A permit has a number and a day: half of it permits nothing (002 م4-2 تبصره)."""
    if number and day is None:
        yield from required(permit_on=None)
    elif day is not None:
        yield from required(permit_no=number)


def is_barcode(text: str) -> bool:
    """Whether a text can be printed as Code 128 and scanned back: ASCII letters, digits and a few signs, at most 64."""
    return 0 < len(text) <= 64 and all(c.isascii() and (c.isalnum() or c in "-./$+%_") for c in to_latin(text))
