"""A record of the union catalogue as MARC21 in XML: from the record as it came, where nobody corrected it since, else
from its fields. What libraries note of their copies (barcodes, prices, donors) never stands in it."""

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from app.catalogue.importing.findings import Notes, Reason
from app.catalogue.importing.marc_fields import MarcField, field_of
from app.catalogue.importing.marc_record import is_control, read_record
from app.catalogue.importing.marc_split import RECORD_END, Piece
from app.catalogue.importing.marc_text import decoder_of
from app.union.record import UnionRecord
from db.codes import Material

NAMESPACE = "http://www.loc.gov/MARC21/slim"
LOCAL = re.compile(r"541|561|583|85[0-5]|87[0-9]|9..|001|003|005")
"""Fields of copies, of the system a record came from, and numbers that are ours to give."""
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LANGUAGES = {"fa": "per", "ar": "ara", "en": "eng", "fr": "fre", "de": "ger", "tr": "tur", "ku": "kur", "az": "aze"}
TYPES = {
    Material.AUDIOVISUAL: "g", Material.TALKING_BOOK: "i", Material.MANUSCRIPT: "t", Material.BRAILLE: "a",
}  # fmt: skip
BRAILLE, JALALI_UNTIL, HIJRA = "f", 1700, 621

Subfields = Iterable[tuple[str, str | None]]


def marcxml(record: UnionRecord) -> ET.Element:
    """The `record` element."""
    stored = None if record.reviewed or record.marc is None else _stored(record.marc)
    leader, fields = stored if stored is not None else (_leader(record), list(_built(record)))
    root = ET.Element(f"{{{NAMESPACE}}}record", {"type": "Bibliographic"})
    _child(root, "leader", {}).text = leader
    _child(root, "controlfield", {"tag": "001"}).text = record.id.hex
    _child(root, "controlfield", {"tag": "003"}).text = "IR-PISHKHAN"
    for field in sorted(fields, key=lambda field: field.tag):
        if is_control(field.tag):
            _child(root, "controlfield", {"tag": field.tag}).text = legal(field.data)
        else:
            _add(root, field)
    return root


def legal(text: str) -> str:
    """Text without what no XML may hold."""
    return NOT_XML.sub("", text)


def _child(parent: ET.Element, name: str, attributes: dict[str, str]) -> ET.Element:
    return ET.SubElement(parent, f"{{{NAMESPACE}}}{name}", attributes)


def _add(root: ET.Element, field: MarcField) -> None:
    filled = [
        (code, text) for code, value in field.subfields if (text := legal(value)) and re.fullmatch("[0-9a-z]", code)
    ]
    if not filled:
        return
    one, two = (mark if re.fullmatch("[0-9a-z]", mark) else " " for mark in (field.indicators + "  ")[:2])
    parent = _child(root, "datafield", {"tag": field.tag, "ind1": one, "ind2": two})
    for code, text in filled:
        _child(parent, "subfield", {"code": code}).text = text


def _stored(data: bytes) -> tuple[str, list[MarcField]] | None:
    """Leader and fields of a record as it came, in Unicode; None where it cannot be read any more."""
    raw = read_record(Piece(1, data, ended=data.endswith(RECORD_END)))
    if isinstance(raw, Reason):
        return None
    decode = decoder_of(raw, None, Notes())
    kept = [field_of(field, decode) for field in raw.fields if not LOCAL.fullmatch(field.tag)]
    told = [field for field in kept if not is_control(field.tag) and re.fullmatch("[0-9]{3}", field.tag)]
    coded = [field for field in kept if field.tag == "008" and len(field.data) == 40]
    leader = raw.leader if re.fullmatch("[0-9 ]{5}[a-z]{4}.*", raw.leader) else " " * 5 + "nam" + " " * 16
    return f"{'0' * 5}{leader[5:9]}a22{'0' * 5}{leader[17:20]}4500", [*told, *coded]


def _leader(record: UnionRecord) -> str:
    return (
        f"00000n{TYPES.get(record.material, 'a')}{'s' if record.material is Material.SERIAL else 'm'} a2200000 i 4500"
    )


def _built(record: UnionRecord) -> Iterator[MarcField]:
    """The fields of a record by the MARC21 column of the exchange table of IranMARC."""
    yield MarcField("008", data=_coded(record))
    names = [name for name in record.creators if name != record.main_creator]
    several: dict[str, list[tuple[str, Subfields]]] = {
        "015": [("  ", [("a", record.nbn)])],
        "020": [("  ", [("a", record.isbn)])],
        "041": [("  ", [("a", LANGUAGES.get(record.language))])],
        "082": [("04", [("a", record.dewey), ("b", record.author_mark)])],
        "100": [("1 ", [("a", record.main_creator)])],
        "245": [
            (
                "10" if record.main_creator else "00",
                [("a", record.title), ("b", record.subtitle), ("c", record.statement)],
            )
        ],
        "250": [("  ", [("a", record.edition)])],
        "264": [(" 1", [("a", record.place), ("b", record.publisher), ("c", str(record.year or "") or None)])],
        "300": [("  ", [("a", record.pages)])],
        "490": [("0 ", [("a", record.series)])],
        "650": [(" 4", [("a", heading)]) for heading in record.subjects],
        "700": [("1 ", [("a", name)]) for name in names],
    }
    for tag, fields in several.items():
        for indicators, subfields in fields:
            told = tuple((code, text) for code, text in subfields if text)
            yield MarcField(tag, indicators=indicators, subfields=told)


def _coded(record: UnionRecord) -> str:
    """008: forty places, the date as Gregorian as machines expect it."""
    year = record.year
    if year is not None and year < JALALI_UNTIL:
        year += HIJRA
    date = f"s{year:04d}    " if year is not None else "nuuuuuuuu"
    form = BRAILLE if record.material is Material.BRAILLE else " "
    language = LANGUAGES.get(record.language, "und")
    return f"{'0' * 6}{date}ir {'':5}{form}{'':11}{language}  "[:40].ljust(40)


def text_of(element: ET.Element) -> str:
    """An element as text, with the names of its own namespace unprefixed."""
    return ET.tostring(element, encoding="unicode")
