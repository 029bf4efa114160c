"""Adding copies: the accession register, numbers of copies, places on the shelf."""

import datetime as dt
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.catalogue.form import Creator, TitleForm
from app.catalogue.queries import copies_of
from app.check import check_library
from app.items.form import ItemForm, is_barcode
from app.items.service import ItemAdded, add_item
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.undo import undo_last
from db.codes import Condition, ItemStatus, Material, Role, Source
from db.models.catalogue import Title
from db.models.items import Item
from db.models.library import Counter
from db.models.sync import JournalEntry
from tests.library import TODAY, ACopy, a_title, act, add_copy, change, found, row, rows

HOSTILE = "<img src=x>=1+1\u202e"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def refused(
    library: Library, title: uuid.UUID | TitleForm | None = None, role: Role = Role.HEAD, **fields: Any
) -> list[str]:
    outcome = add_item(library, title or a_title(), ItemForm(**fields), act(library, role))
    assert isinstance(outcome, Refused), outcome
    return [f"{found.code} {found.facts.get('field', '')}".strip() for found in outcome.refusals]


def item(library: Library, copy: ACopy) -> Any:
    return row(library, Item, copy.id)


# The register


def test_a_copy_is_registered_with_what_the_branch_gives(library: Library) -> None:
    copy = item(library, add_copy(library, "بوستان"))
    assert (copy.accession_no, copy.accession_date, copy.barcode, copy.copy_no) == (1, TODAY, "RAF-000001", 1)
    assert (copy.item_type, copy.section, copy.status, copy.condition) == (
        "book", "main", ItemStatus.AVAILABLE, Condition.GOOD,
    )  # fmt: skip
    assert (copy.loan_count, copy.uses, copy.last_loan_on, copy.source) == (0, 0, None, Source.UNKNOWN)
    assert rows(library, JournalEntry)[-1].kind == "item.added"


def test_a_copy_keeps_what_the_form_says(library: Library) -> None:
    copy = item(
        library,
        add_copy(
            library, accession_no=500, accession_date=dt.date(2001, 1, 1), barcode="B-۹", price=120_000,
            source=Source.DONATION, donor="خانوادهٔ کریمی", condition=Condition.WORN, flags=("local", "parts"),
            parts="یک لوح فشرده", section="hall", item_type="audiovisual", volume_no=" ۱-۲ ", copy_no=7, note="یادداشت",
        ),
    )  # fmt: skip
    assert (copy.accession_no, copy.accession_date, copy.barcode, copy.price) == (
        500,
        dt.date(2001, 1, 1),
        "B-9",
        120_000,
    )
    assert (copy.source, copy.donor, copy.condition, copy.flags) == (
        Source.DONATION, "خانوادهٔ کریمی", Condition.WORN, ["local", "parts"],
    )  # fmt: skip
    assert (copy.parts, copy.section, copy.item_type, copy.volume_no, copy.copy_no, copy.note) == (
        "یک لوح فشرده", "hall", "audiovisual", "1-2", 7, "یادداشت",
    )  # fmt: skip


def test_a_copy_of_a_cultural_package_keeps_its_permit(library: Library) -> None:
    """002 م4-2 تبصره: number and day, never one without the other."""
    copy = item(library, add_copy(library, permit_no=" ۱۲/۳۴\u202e", permit_on=TODAY))
    assert (copy.permit_no, copy.permit_on) == ("۱۲/۳۴", TODAY)
    assert refused(library, permit_no="۱۲/۳۴") == ["field.required permit_on"]
    assert refused(library, permit_on=TODAY) == ["field.required permit_no"]
    assert refused(library, permit_no=" ", permit_on=TODAY) == ["field.required permit_no"]


def test_accession_numbers_rise_by_one_and_a_given_one_raises_the_series(library: Library) -> None:
    """002 م8-2."""
    title = add_copy(library).title_id
    numbers = [add_copy(library, title, **fields).accession_no for fields in ({}, {"accession_no": 900}, {})]
    assert numbers == [2, 900, 901]
    assert add_copy(library, title, accession_no=12).accession_no == 12
    assert add_copy(library, title).accession_no == 902
    assert check_library(library).broken == ()


def test_an_accession_number_is_never_given_again(library: Library) -> None:
    """002 م8-2: not after weeding, not after an undo."""
    first, second = add_copy(library), add_copy(library)
    undo_last(library, act(library))
    change(library, Item, first.id, status=ItemStatus.WEEDED_WORN)
    for copy in (first, second):
        assert refused(library, accession_no=copy.accession_no) == ["item.accession_taken"]
    assert add_copy(library).accession_no == 3


@pytest.mark.parametrize("place", ["وجین", "بخش وجین‌شده‌ها", "وجينى", "weeded books", "withdrawn"])
def test_nobody_makes_a_section_of_the_weeded(library: Library, place: str) -> None:
    """002 م8-2: weeding is a status, not a place."""
    assert refused(library, section=place) == ["item.weeded_place"]
    assert refused(library, item_type=place) == ["item.weeded_place"]
    assert rows(library, Item) == []


def test_a_refused_copy_uses_no_number(library: Library) -> None:
    refused(library, price=-1)
    assert add_copy(library).accession_no == 1
    assert [counter.value for counter in rows(library, Counter, name="accession")] == [1]


def test_a_barcode_is_on_one_copy_only_in_whatever_digits(library: Library) -> None:
    add_copy(library, barcode="RAF-۱۲۳")
    assert refused(library, barcode="RAF-123") == ["item.barcode_taken"]
    assert refused(library, barcode="RAF-١٢٣") == ["item.barcode_taken"]


def test_the_barcode_of_a_removed_copy_is_free(library: Library) -> None:
    add_copy(library, barcode="B-1")
    undo_last(library, act(library))
    assert add_copy(library, barcode="B-1").barcode == "B-1"


def test_a_label_that_was_used_by_hand_is_not_printed_again(library: Library) -> None:
    add_copy(library, barcode="RAF-000002")
    assert add_copy(library).barcode == "RAF-000002-2"
    assert add_copy(library).barcode == "RAF-000003"


@pytest.mark.parametrize(
    ("barcode", "sound"),
    [
        ("RAF-000001", True),
        ("۱۲۳", True),
        ("a.b/c$d+e%f_g", True),
        ("x" * 64, True),
        ("x" * 65, False),
        ("", False),
        ("کتاب", False),
        ("A B", False),
        ("A\n", False),
        ("A\u200e", False),
        ("<b>", False),
        ("=1", False),
    ],
)
def test_a_barcode_can_be_printed_and_scanned_back(barcode: str, sound: bool) -> None:
    assert is_barcode(barcode) is sound


def test_everything_wrong_with_a_copy_is_told_at_once(library: Library) -> None:
    add_copy(library, barcode="B-1")
    found = refused(
        library, a_title(title="", isbn="123", year=12), barcode="کتاب", accession_no=0, copy_no=-3, price=-1,
        flags=("local", "stolen"),
    )  # fmt: skip
    assert found == [
        "field.required title", "field.invalid isbn", "field.invalid year", "field.invalid barcode",
        "field.invalid accession_no", "field.invalid copy_no", "field.invalid price", "field.invalid flags",
    ]  # fmt: skip
    assert refused(library, barcode="B-1", accession_no=1) == ["item.accession_taken", "item.barcode_taken"]
    assert len(rows(library, Item)) == 1


@pytest.mark.parametrize("role", [Role.ASSISTANT, Role.AUDITOR])
def test_somebody_who_does_not_catalogue_is_refused(library: Library, role: Role) -> None:
    assert refused(library, role=role) == ["role.not_allowed"]
    assert isinstance(add_item(library, a_title(), ItemForm(), act(library, Role.CATALOGUER)), ItemAdded)


def test_a_title_that_is_not_there_is_not_found(library: Library) -> None:
    nobody = uuid.uuid4()
    assert add_item(library, nobody, ItemForm(), act(library)) == NotFound(Sought.TITLE, str(nobody))
    copy = add_copy(library)
    undo_last(library, act(library))
    assert add_item(library, copy.title_id, ItemForm(), act(library)) == NotFound(Sought.TITLE, str(copy.title_id))


def test_hostile_texts_are_kept_as_texts(library: Library) -> None:
    copy = item(
        library, add_copy(library, donor=HOSTILE, note=HOSTILE, parts=HOSTILE, section=HOSTILE, call_number=HOSTILE)
    )
    assert {copy.donor, copy.note, copy.parts, copy.section, copy.call_number} == {"<img src=x>=1+1"}


# Copies of one title


def test_copies_are_numbered_by_title_and_volume(library: Library) -> None:
    title = add_copy(library, volume_no="۱").title_id
    added = [add_copy(library, title, volume_no=volume) for volume in ("1", "2", None, "۲", " 1 ")]
    assert [item(library, copy).copy_no for copy in added] == [2, 1, 1, 2, 3]


def test_a_number_of_a_copy_is_not_used_again_while_a_higher_one_stands(library: Library) -> None:
    title = add_copy(library, copy_no=5).title_id
    assert item(library, add_copy(library, title)).copy_no == 6


def test_a_described_book_that_is_there_already_gets_a_copy_not_a_second_record(library: Library) -> None:
    """003 م5-2 تبصره ۱: creators, title and publisher agree."""
    first = add_copy(library, a_title("تاریخ بیهقی"))
    second = add_copy(library, a_title("تاريخ  بيهقى"))
    assert second.title_id == first.title_id
    assert item(library, second).copy_no == 2
    for other in (
        a_title("تاریخ بیهقی", publisher="هرمس"),
        a_title("تاریخ بیهقی", year=1400),
        a_title("تاریخ بیهقی", edition="ویراست ۲"),
        a_title("تاریخ بیهقی", creators=(Creator("بیهقی، محمد بن حسین"),)),
    ):
        assert add_copy(library, other).title_id != first.title_id
    assert len(rows(library, Title)) == 5


def test_copies_stand_in_order_of_volume_and_number(library: Library) -> None:
    title = add_copy(library, volume_no="10").title_id
    for volume in ("2", "1", "2"):
        add_copy(library, title, volume_no=volume)
    with library.store.read() as reader:
        told = [(copy.volume_no, copy.copy_no) for copy in copies_of(reader, title)]
    assert told == [("1", 1), ("2", 1), ("2", 2), ("10", 1)]


# Where they stand


PLACES = [
    (Material.BOOK, None, "main", "۸فا۱/۳۱ س۲۷۵ب"),
    (Material.YOUNG_ADULT_BOOK, None, "main", "ج ۸فا۱/۳۱ س۲۷۵ب"),  # 003 م7-3، م8-6
    (Material.CHILD_BOOK, "ب", "child", "ک ۸فا۱/۳۱ س۲۷۵ب"),  # 003 م7-2، م8-5
    (Material.SCHOOL_AID, None, "school_aid", "۸فا۱/۳۱ س۲۷۵ب"),  # 003 م10-4
    (Material.AUDIOVISUAL, None, "audiovisual", "۸فا۱/۳۱ س۲۷۵ب"),  # 003 م11-1
    (Material.TALKING_BOOK, None, "audiovisual", "۸فا۱/۳۱ س۲۷۵ب"),  # 003 م9-5
    (Material.BRAILLE, None, "braille", "۸فا۱/۳۱ س۲۷۵ب"),
    (Material.MANUSCRIPT, None, "manuscript", "۱ س۲۷۵ب"),  # 003 م6-4، م6-5: the class is the accession number
    (Material.LITHOGRAPH, None, "manuscript", "۱ س۲۷۵ب"),
    (Material.LETTERPRESS, None, "main", "۸فا۱/۳۱ س۲۷۵ب"),
    (Material.THESIS, None, "thesis", "۸فا۱/۳۱ س۲۷۵ب"),
    (Material.SERIAL, None, "serial", "۸فا۱/۳۱ س۲۷۵ب"),
    (Material.REFERENCE, None, "reference", "۸فا۱/۳۱ س۲۷۵ب"),
]


@pytest.mark.parametrize(("material", "age_group", "section", "call_number"), PLACES)
def test_section_and_call_number_follow_the_material(
    library: Library, material: Material, age_group: str | None, section: str, call_number: str
) -> None:
    copy = item(library, add_copy(library, a_title(material=material, age_group=age_group)))
    assert (copy.section, copy.call_number, copy.item_type) == (section, call_number, material.value)


def test_every_material_has_its_place_above() -> None:
    assert {material for material, *_ in PLACES} == set(Material)


def test_a_local_class_stands_in_for_that_of_the_record(library: Library) -> None:
    """003 م5-2 تبصره ۲."""
    copy = item(library, add_copy(library, a_title(dewey="999"), local_class="۸فا۳/۶۲"))
    assert (copy.local_class, copy.call_number) == ("۸فا۳/۶۲", "۸فا۳/۶۲ س۲۷۵ب")


def test_volumes_stand_in_the_call_number(library: Library) -> None:
    assert item(library, add_copy(library, volume_no="۲")).call_number == "۸فا۱/۳۱ س۲۷۵ب ج.۲"


def test_a_book_without_a_class_has_no_call_number(library: Library) -> None:
    copy = item(library, add_copy(library, a_title(dewey=None)))
    assert (copy.call_number, copy.shelf_key) == (None, "")


def test_childrens_books_stand_by_age_group_and_then_by_class(library: Library) -> None:
    """003 م8-4: first by the colour of the age group."""
    wanted = [("الف", "900"), ("ب", "100"), ("ب", "300"), ("ج", "000"), ("ه", "000")]
    copies = [
        item(
            library, add_copy(library, a_title(f"قصه {band} {dewey}", Material.CHILD_BOOK, age_group=band, dewey=dewey))
        )
        for band, dewey in reversed(wanted)
    ]
    ordered = sorted(copies, key=lambda copy: copy.shelf_key)
    titles = [row(library, Title, copy.title_id) for copy in ordered]
    assert [(title.age_group, title.dewey) for title in titles] == wanted
