from app.catalogue.importing.marc21_copies import copies_of
from app.catalogue.importing.marc_fields import MarcField
from app.catalogue.importing.record import CopyFacts


def field(tag: str, *subfields: str) -> MarcField:
    return MarcField(tag, subfields=tuple((text[0], text[1:]) for text in subfields))


def test_852_names_barcode_call_number_and_copy() -> None:
    found = copies_of([field("852", "aNNU", "hDS289.7", "i.J343 2014", "p۳۱۱۴۲", "t2")])
    assert found == (CopyFacts(barcode="31142", call_number="DS289.7 .J343 2014", copy_no="2"),)


def test_several_barcodes_are_several_copies_and_each_is_one() -> None:
    fields = [field("852", "h955", "p1", "p2"), field("852", "h955", "p2"), field("852", "bانبار")]
    assert [copy.barcode for copy in copies_of(fields)] == ["1", "2"]


def test_a_copy_without_a_barcode_is_one_where_none_has_any() -> None:
    assert copies_of([field("852", "h955")]) == (CopyFacts(call_number="955"),)


def test_koha_and_876_name_the_accession_number() -> None:
    assert copies_of([field("952", "p1", "i۱۲۳", "o8فا3.62", "h2")]) == (CopyFacts("1", "123", "8فا3.62", "2"),)
    assert copies_of([field("876", "p1", "a123")]) == (CopyFacts("1", "123"),)


def test_no_holdings_are_no_copies() -> None:
    assert copies_of([field("245", "pبخش")]) == ()
