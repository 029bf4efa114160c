from app.catalogue.importing.marc_fields import MarcField, field_of, paired
from app.catalogue.importing.marc_record import RawField


def utf8(data: bytes) -> str:
    return data.decode()


def field(tag: str, text: str, link: str = "") -> MarcField:
    return MarcField(tag, subfields=((("6", link),) if link else ()) + (("a", text),))


def test_fields_become_text() -> None:
    assert field_of(RawField("001", b"42"), utf8) == MarcField("001", data="42")
    assert field_of(RawField("245", b"10\x1faA :\x1fbB\x1f"), utf8) == MarcField(
        "245", indicators="10", subfields=(("a", "A :"), ("b", "B"))
    )


def test_missing_indicators_are_blank() -> None:
    assert field_of(RawField("245", b"\x1faA"), utf8).indicators == "  "
    assert field_of(RawField("245", b""), utf8) == MarcField("245")
    assert field_of(RawField("245", b"\xff\xfe\x1faA"), utf8).indicators == "ÿþ"


def test_the_persian_field_is_the_main_one_and_the_romanised_its_parallel() -> None:
    romanised, persian = field("245", "Kelidar", "880-02"), field("880", "کلیدر", "245-02/(3/r")
    (title,) = paired([romanised, persian])
    assert (title.tag, title.first("a"), title.parallel) == ("245", "کلیدر", romanised)


def test_another_script_stays_the_parallel() -> None:
    latin, cyrillic = field("245", "Voina i mir", "880-01"), field("880", "Война и мир", "245-01/(N")
    (title,) = paired([latin, cyrillic])
    assert title.first("a") == "Voina i mir"
    assert title.parallel is not None
    assert title.parallel.first("a") == "Война и мир"


def test_pairs_are_told_by_tag_and_number() -> None:
    found = paired(
        [
            field("700", "A", "880-02"),
            field("700", "B", "880-01"),
            field("880", "ب", "700-01"),
            field("880", "الف", "700-02"),
            field("880", "ناشر", "264-01"),
        ]
    )
    assert [(one.tag, one.first("a")) for one in found] == [("700", "الف"), ("700", "ب"), ("264", "ناشر")]


def test_an_880_without_a_partner_takes_the_tag_it_stands_for() -> None:
    found = paired([field("245", "Kelidar"), field("880", "کلیدر", "245-00"), field("880", "؟", "")])
    assert [(one.tag, one.first("a"), one.parallel) for one in found] == [
        ("245", "Kelidar", None),
        ("245", "کلیدر", None),
        ("880", "؟", None),
    ]
