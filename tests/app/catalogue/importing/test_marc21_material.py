import pytest

from app.catalogue.importing.findings import GoodsKind
from app.catalogue.importing.marc21_material import goods_of, material_of
from app.catalogue.importing.marc_fields import MarcField
from db.codes import Material


def leader(kind: str, level: str = "m") -> str:
    return f"00000n{kind}{level} a2200000 i 4500"


def coded(place: int, value: str) -> str:
    return " " * place + value + " " * (40 - place - len(value))


NO_CODES = coded(0, "")


@pytest.mark.parametrize(
    ("label", "codes", "fields", "material"),
    [
        (leader("a"), NO_CODES, [], Material.BOOK),
        (leader("a", "s"), NO_CODES, [], Material.SERIAL),
        (leader("t"), NO_CODES, [], Material.MANUSCRIPT),
        (leader("t"), NO_CODES, [("502", "پایان‌نامه (دکتری)")], Material.THESIS),
        (leader("i"), NO_CODES, [], Material.TALKING_BOOK),
        (leader("g"), NO_CODES, [], Material.AUDIOVISUAL),
        (leader("a"), coded(23, "f"), [], Material.BRAILLE),
        (leader("a"), coded(22, "j"), [], Material.CHILD_BOOK),
        (leader("a"), coded(22, "d"), [], Material.YOUNG_ADULT_BOOK),
        (leader("a"), coded(24, "bd"), [], Material.REFERENCE),
        (leader("a"), NO_CODES, [("250", "چاپ سنگی.")], Material.LITHOGRAPH),
        (leader("a"), NO_CODES, [("500", "درباره چاپ سنگی")], Material.BOOK),
        (leader("a"), "", [], Material.BOOK),
        ("", "", [], Material.BOOK),
    ],
)
def test_the_material_is_read_from_the_codes(
    label: str, codes: str, fields: list[tuple[str, str]], material: Material
) -> None:
    marc_fields = [MarcField(tag, subfields=(("a", text),)) for tag, text in fields]
    assert material_of(label, codes, marc_fields) is material


def test_records_that_describe_no_book_are_told() -> None:
    assert goods_of(leader("z")) is GoodsKind.AUTHORITY
    assert goods_of(leader("x")) is GoodsKind.HOLDINGS
    assert goods_of(leader("r")) is GoodsKind.REALIA
    assert goods_of(leader("a")) is None
