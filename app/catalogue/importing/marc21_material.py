"""What kind of thing a MARC21 record describes, from its coded positions and a few words."""

from collections.abc import Sequence

from app.catalogue.importing.findings import GoodsKind
from app.catalogue.importing.marc_fields import MarcField
from app.persian.text import fold
from db.codes import Material

_BY_TYPE = {  # leader/06
    "i": Material.TALKING_BOOK,
    "e": Material.AUDIOVISUAL,
    "f": Material.AUDIOVISUAL,
    "g": Material.AUDIOVISUAL,
    "j": Material.AUDIOVISUAL,
    "k": Material.AUDIOVISUAL,
    "m": Material.AUDIOVISUAL,
    "o": Material.AUDIOVISUAL,
    "t": Material.MANUSCRIPT,
}
_NO_BOOKS = {"r": GoodsKind.REALIA, "z": GoodsKind.AUTHORITY} | dict.fromkeys("uvxy", GoodsKind.HOLDINGS)
_SERIAL_LEVELS = frozenset("bis")  # leader/07
_BY_AUDIENCE = dict.fromkeys("abcj", Material.CHILD_BOOK) | {"d": Material.YOUNG_ADULT_BOOK}  # 008/22
_BRAILLE = "f"  # 008/23
_REFERENCE = frozenset("de")  # 008/24-27: dictionaries, encyclopedias
_LITHOGRAPH = frozenset(map(fold, ("چاپ سنگی", "سنگی", "lithograph", "lithographed")))


def goods_of(leader: str) -> GoodsKind | None:
    """What a record is about that describes no book at all."""
    return _NO_BOOKS.get(leader[6:7])


def material_of(leader: str, coded: str, fields: Sequence[MarcField]) -> Material:
    """The material of a record; `coded` is its field 008."""
    tags = {field.tag for field in fields}
    candidates = (
        Material.THESIS if "502" in tags else None,
        _BY_TYPE.get(leader[6:7]),
        Material.SERIAL if leader[7:8] in _SERIAL_LEVELS else None,
        Material.BRAILLE if coded[23:24] == _BRAILLE else None,
        Material.LITHOGRAPH if any(map(_says_lithograph, fields)) else None,
        _BY_AUDIENCE.get(coded[22:23]),
        Material.REFERENCE if _REFERENCE & set(coded[24:28]) else None,
    )
    return next((material for material in candidates if material), Material.BOOK)


def _says_lithograph(field: MarcField) -> bool:
    if field.tag not in ("250", "340", "655"):
        return False
    key = f" {fold(' '.join(value for _, value in field.subfields))} "
    return any(f" {word} " in key for word in _LITHOGRAPH)
