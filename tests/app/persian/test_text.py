import csv
import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.persian.text import LETTERS, clean, compact, fold, tokens, unify

VECTORS = Path(__file__).with_name("fold_vectors.tsv")
TITLES = Path(__file__).parents[3] / "../shared/data/fa_titles_isbn.csv"

fixed = settings(derandomize=True, database=None, deadline=None, max_examples=300)
pieces = st.sampled_from(
    [
        *LETTERS,
        *"يىئكةۀأإؤءـ\u064b\u0651\u0653\u0654 .،/¬",
        "\u200c",
        "\u200f",
        "می ",
        "ها",
        " ی",
        " ای",
        "۴",
        "٤",
        "4",
        "é",
    ]
)
persian_like = st.lists(pieces, max_size=30).map("".join)


def vectors() -> list[tuple[str, str, str]]:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row["note"], decoded(row["input_codepoints"]), row["expected_key"]) for row in rows]


def decoded(codepoints: str) -> str:
    return "".join(chr(int(code.removeprefix("U+"), 16)) for code in codepoints.split())


def real_titles() -> list[str]:
    if not TITLES.exists():
        pytest.skip("the list of real titles lies outside the repository")
    with TITLES.open(encoding="utf-8", newline="") as file:
        return sorted({row["title"] for row in csv.DictReader(file)})


@pytest.mark.parametrize(("typed", "key"), [pytest.param(*case[1:], id=case[0]) for case in vectors()])
def test_every_vector_folds_to_its_key(typed: str, key: str) -> None:
    assert fold(typed) == key


def test_there_are_38_vectors() -> None:
    assert len(vectors()) == 38


def test_real_titles_merge_exactly_as_measured() -> None:
    titles = real_titles()
    assert len(titles) == 25_577
    assert len({fold(title) for title in titles}) == 25_525
    assert len({compact(title) for title in titles}) == 25_457


def test_real_titles_are_folded_fast_enough_to_index_a_province() -> None:
    titles = real_titles()
    started = time.perf_counter()
    for title in titles:
        fold(title)
    assert len(titles) / (time.perf_counter() - started) > 50_000  # 300,000/s alone on the machine


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("كتاب‌هاي علي", "کتاب های علی"),
        ("گنجىنۀ حسىن بشارت", "گنجينه حسين بشارت"),
        ("ﻛﺘﺎﺏ", "کتاب"),
        ("ﷲ", "الله"),
        ("Tavārīkh-i mulūk", "TAVARIKH I MULUK"),
        ("خانهٔ پدری", "خانه پدری"),
        ("کتاب¬ها", "کتاب‌ها"),
        ("مسأله‌ی ۱٢3", "مساله ی 123"),
        ("\u202bکتاب\u202c\u2066 خوب\u2069", "کتاب\u00a0خوب"),
    ],
)
def test_spellings_of_one_text_find_each_other(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("", ""),
        (" ،؛ «»  / ", ""),
        ("ها", "ها"),
        ("می", "می"),
        ("نمی دانم", "نمیدانم"),
        ("م ی خواهم", "میخواهم"),
        ("زیبا ترین خانه های شهر", "زیباترین خانههای شهر"),
        ("چاپ ۱.۲. تهران", "چاپ 1.2 تهران"),
        ("شِعر ـ نو", "شعر نو"),
    ],
)
def test_joining_and_separating(typed: str, key: str) -> None:
    assert fold(typed) == key


def test_the_compact_key_has_no_spaces_and_the_tokens_are_its_words() -> None:
    assert compact("کتاب های خوب") == "کتابهایخوب"
    assert tokens("کتاب های خوب") == ["کتابهای", "خوب"]
    assert tokens("«»") == []


def test_unify_keeps_madda_and_the_words_as_written() -> None:
    assert unify("آبِ کتاب ها") == "آب کتاب ها"
    assert unify("ا\u0653ب ﺁب ﻵلی") == "آب آب لآلی"


@fixed
@given(st.text() | persian_like)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert "".join(tokens(text)) == compact(text)


@fixed
@given(persian_like)
def test_folding_does_not_see_how_a_character_is_composed(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


def test_every_character_of_the_basic_plane_folds_to_a_fixed_point() -> None:
    for code in range(0x10000):
        key = fold(f"ک{chr(code)}۱")
        assert fold(key) == key, hex(code)


@pytest.mark.parametrize(
    "piece",
    [
        "ی ",
        "می ",
        "م ی ",
        "ه ای ",
        "1.",
        "a\u05b0\u0591",
        "\u0301\u0323",
        "é",
        "\ud800",
        " ",
        "ا\u0653",
        "\u200c",
        "x-",
    ],
)
def test_two_hundred_thousand_hostile_characters_are_quick(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = time.perf_counter()
    fold(text)
    clean(text)
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  كتاب\tهاي  علي \r\n", "كتاب هاي علي"),
        ("آبی\u00a0 روشن", "آبی روشن"),
        ("می\u200c\u200cخواهم\u200c", "می\u200cخواهم"),
        ("کتاب\u200c ها", "کتاب ها"),
        ("کتاب \u200c ها", "کتاب ها"),
        ("\ufeff\u202bمتن\u202c\u200f\u2066\u0000\u001b\u009f", "متن"),
        ("ا\u0653ب", "آب"),
        ("«سووشون»؛ ۱۳۴۸", "«سووشون»؛ ۱۳۴۸"),
        ("نیم\ud800", "نیم"),
        ("\u200c \u200c", ""),
    ],
)
def test_a_stored_name_is_tidied_and_otherwise_left_as_typed(typed: str, stored: str) -> None:
    assert clean(typed) == stored


def test_a_stored_name_has_a_longest_length() -> None:
    assert len(clean("الف" * 5_000)) == 2_000
    assert clean("یک دو", limit=3) == "یک"


@fixed
@given(st.text() | persian_like, st.integers(1, 40))
def test_cleaning_twice_changes_nothing_and_the_result_can_be_stored(text: str, limit: int) -> None:
    stored = clean(text, limit)
    assert clean(stored, limit) == stored
    assert len(stored) <= limit
    assert stored.encode("utf-8").decode("utf-8") == stored


@fixed
@given(persian_like)
def test_cleaning_does_not_move_the_search_key(text: str) -> None:
    assert fold(clean(text)) == fold(text)
