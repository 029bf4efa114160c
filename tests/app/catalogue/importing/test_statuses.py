"""What the words and codes of other programs mean here (002 م8-3 … م8-6)."""

import pytest

from app.catalogue.importing.findings import Concern, Notes, Reason
from app.catalogue.importing.record import CopyFacts
from app.catalogue.importing.statuses import (
    MEANINGS,
    TAKEN,
    StatusWish,
    is_marc_field,
    noted,
    register_number,
    status_of,
    with_statuses,
)
from app.labels import ITEM_STATUS
from db.codes import WEEDED, ItemStatus

S, R = ItemStatus, Reason
NAMAYEH = StatusWish(weeded_as=S.WEEDED_WORN, weeded_code=3)
NAMAYEH_33 = StatusWish(weeded_as=S.WEEDED_WORN, weeded_code=33)

WORDS = [
    ("", S.AVAILABLE),
    (" - ", S.AVAILABLE),
    ("موجود", S.AVAILABLE),
    ("در قفسه", S.AVAILABLE),
    ("مفقود", S.MISSING),  # 8-6
    ("مفقودی", S.MISSING),
    ("گم‌شده", S.MISSING),
    ("LOST", S.MISSING),
    ("نامعلوم", S.UNKNOWN),  # 8-3
    ("نا معلوم", S.UNKNOWN),
    ("در حال صحّافی", S.IN_BINDING),  # 13-11
    ("در حال آماده سازی", S.IN_PROCESSING),
    ("امانت", S.ON_LOAN),
    ("وجین محتوایی", S.WEEDED_CONTENT),
    ("وجین فرسوده", S.WEEDED_WORN),
    ("وجین تکراری", S.WEEDED_DUPLICATE),
    ("وجین بدون مخاطب", S.WEEDED_NO_AUDIENCE),
    ("وجین", R.STATUS_WEEDED_KIND),
    ("وجین‌شده", R.STATUS_WEEDED_KIND),
    ("withdrawn", R.STATUS_WEEDED_KIND),
    ("missing", S.MISSING),
    ("weeded_worn", S.WEEDED_WORN),
    ("3", R.STATUS_UNKNOWN),
    ("33", R.STATUS_UNKNOWN),
    ("۱", R.STATUS_UNKNOWN),
    ("replaced", R.STATUS_UNKNOWN),
    ("in_transit", R.STATUS_UNKNOWN),
    ("قرمز", R.STATUS_UNKNOWN),
    ("م" * 100_000, R.STATUS_UNKNOWN),
]


@pytest.mark.parametrize(("text", "meaning"), WORDS)
def test_a_word_means_a_status_or_is_refused(text: str, meaning: ItemStatus | Reason) -> None:
    assert status_of(text) is meaning


@pytest.mark.parametrize("status", TAKEN)
def test_our_own_words_are_understood(status: ItemStatus) -> None:
    assert status_of(ITEM_STATUS[status]) is status
    assert status_of(status.value) is status


@pytest.mark.parametrize("kind", sorted(WEEDED))
def test_weeded_and_no_more_is_the_kind_that_was_chosen(kind: ItemStatus) -> None:
    assert status_of("وجین", StatusWish(weeded_as=kind)) is kind
    assert status_of("وجین تکراری", StatusWish(weeded_as=kind)) is S.WEEDED_DUPLICATE


@pytest.mark.parametrize(
    ("text", "by_3", "by_33"),
    [
        ("3", S.WEEDED_WORN, R.STATUS_UNKNOWN),
        ("۰۳", S.WEEDED_WORN, R.STATUS_UNKNOWN),
        ("33", R.STATUS_UNKNOWN, S.WEEDED_WORN),
        ("333", R.STATUS_UNKNOWN, R.STATUS_UNKNOWN),
        ("1", R.STATUS_UNKNOWN, R.STATUS_UNKNOWN),
        ("", S.AVAILABLE, S.AVAILABLE),
        ("وجین", S.WEEDED_WORN, S.WEEDED_WORN),
    ],
)
def test_the_code_of_namayeh_is_3_or_33(text: str, by_3: ItemStatus | Reason, by_33: ItemStatus | Reason) -> None:
    """002 م8-5."""
    assert status_of(text, NAMAYEH) is by_3
    assert status_of(text, NAMAYEH_33) is by_33


def test_the_words_of_a_file_have_the_meaning_that_was_given_them() -> None:
    wish = StatusWish(S.WEEDED_CONTENT, 33, {"۳": "missing", "خارج شده": "weeded", "موجود": "unknown"})
    told = [status_of(text, wish) for text in ("3", "خارج‌شده", "موجود", "33", "مفقود")]
    assert told == [S.MISSING, S.WEEDED_CONTENT, S.UNKNOWN, S.WEEDED_CONTENT, S.MISSING]


@pytest.mark.parametrize(
    "wrong",
    [{"weeded_as": S.MISSING}, {"weeded_code": 4}, {"meanings": {"x": "replaced"}}, {"marc_field": "94"}],
)
def test_a_wish_that_cannot_be_meant_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        StatusWish(**wrong)  # type: ignore[arg-type]


def test_a_status_nobody_brings_is_no_meaning() -> None:
    assert {S.LOST, S.REPLACED, S.IN_TRANSIT}.isdisjoint(MEANINGS)


ONE, TWO, NONE = CopyFacts("B1"), CopyFacts(None, "2"), CopyFacts(call_number="8فا")


@pytest.mark.parametrize(
    ("copies", "texts", "told"),
    [
        ((ONE, TWO), ["مفقود"], [S.MISSING, S.MISSING]),
        ((ONE, TWO), ["موجود", "مفقود"], [S.AVAILABLE, S.MISSING]),
        ((ONE, TWO), [], [S.AVAILABLE, S.AVAILABLE]),
        ((ONE, TWO), ["موجود", "مفقود", "مفقود"], R.STATUS_COUNT),
        ((ONE, TWO), ["موجود", "قرمز"], R.STATUS_UNKNOWN),
        ((ONE, NONE), ["مفقود"], R.STATUS_NO_COPY),
        ((), ["مفقود"], R.STATUS_NO_COPY),
        ((NONE,), ["موجود"], [S.AVAILABLE]),
        ((), ["موجود"], []),
    ],
)
def test_one_word_is_said_of_all_copies_or_one_of_each(
    copies: tuple[CopyFacts, ...], texts: list[str], told: list[ItemStatus] | Reason
) -> None:
    found = with_statuses(copies, texts)
    assert found == told if isinstance(found, Reason) else [copy.status for copy in found] == told


def test_what_the_file_said_is_kept() -> None:
    found = with_statuses((ONE,), ["  گم شده\u200f "])
    assert [copy.said for copy in found if isinstance(copy, CopyFacts)] == ["گم شده"]


@pytest.mark.parametrize(
    ("text", "number"), [("۱۲۳", 123), ("007", 7), ("0", None), ("12ل", None), ("123456789", None), (None, None)]
)
def test_a_number_of_the_register_has_at_most_eight_digits(text: str | None, number: int | None) -> None:
    assert register_number(CopyFacts(accession_no=text)) == number


def test_a_lent_copy_and_a_number_that_is_none_are_pointed_at() -> None:
    notes = Notes()
    noted((CopyFacts("B1", "12ل", status=S.ON_LOAN),), notes)
    assert [warning.code for warning in notes.warnings] == [Concern.STATUS_ON_LOAN, Concern.ACCESSION_UNCLEAR]


@pytest.mark.parametrize(
    ("text", "is_one"), [("949s", True), ("9491", True), ("001a", False), ("94s", False), ("۹۴۹s", False)]
)
def test_a_local_field_is_three_digits_and_a_subfield(text: str, is_one: bool) -> None:
    assert is_marc_field(text) is is_one
