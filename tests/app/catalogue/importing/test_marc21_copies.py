import datetime as dt

import pytest

from app.catalogue.importing.findings import Reason
from app.catalogue.importing.marc21_copies import copies_of
from app.catalogue.importing.marc_fields import MarcField
from app.catalogue.importing.record import CopyFacts
from app.catalogue.importing.statuses import StatusWish
from db.codes import ItemStatus

WEEDED = StatusWish(weeded_as=ItemStatus.WEEDED_CONTENT)


def field(tag: str, *subfields: str) -> MarcField:
    return MarcField(tag, subfields=tuple((text[0], text[1:]) for text in subfields))


def known(fields: list[MarcField], wish: StatusWish = WEEDED) -> tuple[CopyFacts, ...]:
    found = copies_of(fields, wish)
    assert not isinstance(found, Reason), found
    return found


def test_852_names_barcode_call_number_and_copy() -> None:
    found = copies_of([field("852", "aNNU", "hDS289.7", "i.J343 2014", "p۳۱۱۴۲", "t2")])
    assert found == (CopyFacts(barcode="31142", call_number="DS289.7 .J343 2014", copy_no="2"),)


def test_several_barcodes_are_several_copies_and_each_is_one() -> None:
    fields = [field("852", "h955", "p1", "p2"), field("852", "h955", "p2"), field("852", "bانبار")]
    assert [copy.barcode for copy in known(fields)] == ["1", "2"]


def test_a_copy_without_a_barcode_is_one_where_none_has_any() -> None:
    assert copies_of([field("852", "h955")]) == (CopyFacts(call_number="955"),)


def test_koha_and_876_name_the_accession_number() -> None:
    assert copies_of([field("952", "p1", "i۱۲۳", "o8فا3.62", "h2")]) == (CopyFacts("1", "123", "8فا3.62", "2"),)
    assert copies_of([field("876", "p1", "a123")]) == (CopyFacts("1", "123"),)


def test_no_holdings_are_no_copies() -> None:
    assert copies_of([field("245", "pبخش")]) == ()


@pytest.mark.parametrize(
    ("mark", "status"),
    [
        ("01", ItemStatus.WEEDED_CONTENT),  # $0 withdrawn
        ("14", ItemStatus.MISSING),  # $1 lost: 4 is missing
        ("q2026-11-20", ItemStatus.ON_LOAN),
        ("00", ItemStatus.AVAILABLE),
        ("q0000-00-00", ItemStatus.AVAILABLE),
    ],
)
def test_koha_marks_what_is_withdrawn_lost_and_lent(mark: str, status: ItemStatus) -> None:
    (copy,) = known([field("952", "p1", "i5", "d2012-04-03", mark)])
    assert (copy.status, copy.accession_date) == (status, dt.date(2012, 4, 3))


def test_the_strongest_mark_counts() -> None:
    assert [copy.status for copy in known([field("952", "p1", "11", "01")])] == [ItemStatus.WEEDED_CONTENT]


def test_852_and_876_tell_of_one_copy_together() -> None:
    fields = [field("852", "h955", "p1"), field("876", "p1", "a12", "d20150321", "jMissing")]
    (copy,) = known(fields)
    assert copy == CopyFacts(
        "1", "12", "955", accession_date=dt.date(2015, 3, 21), status=ItemStatus.MISSING, said="Missing"
    )


def test_marks_of_a_field_without_a_number_are_another_programs_own() -> None:
    assert copies_of([field("952", "01", "bNNU")]) == (CopyFacts(),)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (["s3"], [ItemStatus.WEEDED_CONTENT, ItemStatus.WEEDED_CONTENT]),
        (["s", "s3"], [ItemStatus.AVAILABLE, ItemStatus.WEEDED_CONTENT]),
        ([], [ItemStatus.AVAILABLE, ItemStatus.AVAILABLE]),
        (["s3", "s3", "s3"], Reason.STATUS_COUNT),
        (["s9"], Reason.STATUS_UNKNOWN),
    ],
)
def test_a_local_field_says_the_code_of_namayeh(said: list[str], told: list[ItemStatus] | Reason) -> None:
    """002 م8-5: of all copies of the record, or of each in their order."""
    wish = StatusWish(ItemStatus.WEEDED_CONTENT, weeded_code=3, marc_field="949s")
    fields = [field("852", "p1"), field("852", "p2"), *(field("949", text) for text in said)]
    found = copies_of(fields, wish)
    assert found == told if isinstance(found, Reason) else [copy.status for copy in found] == told


def test_a_local_subfield_of_the_copies_own_field_says_its_status() -> None:
    wish = StatusWish(ItemStatus.WEEDED_WORN, weeded_code=33, marc_field="8529")
    found = known([field("852", "p1", "933"), field("852", "p2")], wish)
    assert [copy.status for copy in found] == [ItemStatus.WEEDED_WORN, ItemStatus.AVAILABLE]
