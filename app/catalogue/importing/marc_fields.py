"""The fields of a record as text, and the pairs of Persian and romanised fields among them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.catalogue.importing.marc_record import SUBFIELD, RawField, is_control
from app.catalogue.importing.marc_text import Decoder

ALTERNATE = "880"

_MARK = SUBFIELD.decode()
_LINK = re.compile(r"\s*(?P<tag>[0-9A-Za-z]{3})(?:-(?P<number>[0-9]{2}))?")
_ARABIC = re.compile(r"[\u0620-\u064a\u066e-\u06d3]")
_UNPAIRED = "00"


@dataclass(frozen=True, slots=True)
class MarcField:
    """A field as text: `data` of a control field, else indicators and subfields (code, value).

    `parallel` is the same field in the other script, where the record has both.
    """

    tag: str
    data: str = ""
    indicators: str = "  "
    subfields: tuple[tuple[str, str], ...] = ()
    parallel: "MarcField | None" = None

    def all(self, codes: str) -> list[str]:
        """The values of these subfields, in the order of the field."""
        return [value for code, value in self.subfields if code in codes]

    def first(self, codes: str) -> str:
        """The first value of these subfields, or ""."""
        return next(iter(self.all(codes)), "")

    @property
    def is_persian(self) -> bool:
        """Whether anything in it is in Arabic script."""
        return any(_ARABIC.search(value) for code, value in self.subfields if code != "6")


def field_of(raw: RawField, decode: Decoder) -> MarcField:
    """A field as text. Missing indicators are blanks, text before the first subfield mark is dropped."""
    if is_control(raw.tag):
        return MarcField(raw.tag, data=decode(raw.data))
    indicators, *parts = raw.data.split(SUBFIELD)
    subfields = tuple((chr(part[0]), decode(part[1:])) for part in parts if part)
    return MarcField(raw.tag, indicators=indicators[:2].decode("latin-1").ljust(2), subfields=subfields)


def paired(fields: Sequence[MarcField]) -> list[MarcField]:
    """The fields without their 880s: of each pair the one in Arabic script, with the other as its parallel.

    An 880 without a partner takes the tag it stands for.
    """
    alternates: dict[tuple[str, str], MarcField] = {}
    for field in fields:
        if field.tag == ALTERNATE and (field.is_persian or _link(field) not in alternates):
            alternates[_link(field)] = field
    joined: list[MarcField] = []
    used = set()
    for field in fields:
        target = (field.tag, _link(field)[1])
        if field.tag != ALTERNATE and target[1] and target in alternates:
            used.add(target)
            joined.append(_pair(field, alternates[target]))
        elif field.tag != ALTERNATE:
            joined.append(field)
    lone = [field for field in fields if field.tag == ALTERNATE and _link(field) not in used]
    return joined + [replace(field, tag=_link(field)[0] or ALTERNATE) for field in lone]


def _link(field: MarcField) -> tuple[str, str]:
    """(tag, occurrence) of a field's $6, «245-02/(3/r»; occurrence "" where it is linked to nothing."""
    found = _LINK.match(field.first("6"))
    if found is None:
        return "", ""
    return found["tag"], "" if found["number"] in (None, _UNPAIRED) else found["number"]


def _pair(field: MarcField, alternate: MarcField) -> MarcField:
    alternate = replace(alternate, tag=field.tag)
    if alternate.is_persian:
        return replace(alternate, parallel=field)
    return replace(field, parallel=alternate)
