"""The full-text index: the same answers from a file and from PostgreSQL, whatever is typed."""

import csv
import random
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from app.persian.text import fold
from db.search_index import LONGEST_WORD, TitleText, drop, ensure_index, find, indexed_words, put, rebuild, split_words
from db.store import Store
from db.types import new_id

VECTORS = Path(__file__).parents[1] / "app" / "persian" / "fold_vectors.tsv"


class Index:
    """The index of a store, with folding at its border as the program has it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.names: dict[uuid.UUID, str] = {}

    def add(self, *titles: str) -> None:
        """Index titles one by one."""
        with self.store.write() as tx:
            for title in titles:
                title_id = new_id()
                self.names[title_id] = title
                put(tx, TitleText(title_id, fold(title)), self.store.dialect.name)

    def rebuild(self, titles: Iterable[str]) -> None:
        """Index these titles anew, the most popular first."""
        self.names = {new_id(): title for title in titles}
        with self.store.write() as tx:
            rebuild(tx, [TitleText(i, fold(title)) for i, title in self.names.items()], self.store.dialect.name)

    def find(self, query: str, limit: int = 50) -> list[str]:
        """The titles found, in order."""
        with self.store.read() as reader:
            return [self.names[found] for found in find(reader, fold(query), limit, self.store.dialect.name)]

    def change(self, title: str, change: Callable[[uuid.UUID], object]) -> None:
        """Do something to the title of this name."""
        change(next(title_id for title_id, name in self.names.items() if name == title))


@pytest.fixture
def index(any_store: Store) -> Index:
    return Index(any_store)


def _vectors() -> list[dict[str, str]]:
    with VECTORS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_spelling_finds_its_title_and_the_title_every_spelling(index: Index) -> None:
    vectors = [vector for vector in _vectors() if vector["expected_key"].strip()]
    assert len(vectors) > 30
    index.add(*(vector["input"] for vector in vectors), *(vector["expected_key"] for vector in vectors))
    for vector in vectors:
        for query in (vector["input"], vector["expected_key"]):
            found = index.find(query)
            assert vector["input"] in found, vector["note"]
            assert vector["expected_key"] in found, vector["note"]


def test_joined_and_split_words_find_each_other(index: Index) -> None:
    spellings = ("روان شناسی رشد", "روان‌شناسی رشد", "روانشناسی رشد")
    index.add(*spellings, "روان‌کاوی", "شناسی")
    for query in (*spellings, "روان شن", "روانشن", "رشد روانشناسی", "روان شناسی"):
        assert set(index.find(query)) == set(spellings), query


def test_all_words_must_be_there_in_any_order_and_the_last_may_be_unfinished(index: Index) -> None:
    index.add("تاریخ ادبیات ایران", "تاریخ ایران باستان", "ادبیات داستانی")
    assert index.find("ایران تاریخ") == ["تاریخ ادبیات ایران", "تاریخ ایران باستان"]
    assert index.find("تاریخ ادب") == ["تاریخ ادبیات ایران"]
    assert index.find("تار ادبیات") == []
    assert index.find("تاریخ هند") == []
    assert index.find("د") == ["ادبیات داستانی"]


def test_class_numbers_are_one_word(index: Index) -> None:
    index.add("نثر فارسی 8فا3.62", "نثر فارسی 8فا3.5 62")
    assert index.find("8فا3.62") == ["نثر فارسی 8فا3.62"]
    assert index.find("3.62") == []


HOSTILE = [
    "\"", "''", "'", "*", "a*", "NEAR(", "NEAR(کتاب تاریخ, 5)", "words:کتاب", "^کتاب", "کتاب AND", "OR OR NOT", "-کتاب",
    "\\", "\\' | x", "کتاب' | 'x", "کتاب:*", "(((", "کتاب & !x", "<->", "%s %(x)s", ":name", "?",
    "; DROP TABLE title_words",
    "\x00", "\ud800", "😀😀", "👨‍👩‍👧", "ﷺ", "\u202eکتاب", "ß İ ı ﬀ", "a𞤀b ༪᦮", "٪", "....", ". . .", "\u200c\u200c",
    "x" * 200_000, "کتاب " * 50_000, "\"" * 200_000, "ک" * 200_000, "*" * 200_000,
]  # fmt: skip


def test_nothing_that_can_be_typed_breaks_the_search(index: Index) -> None:
    index.add("کتاب تاریخ")
    for query in HOSTILE:
        for text in (query, f"کتاب {query}", f"{query} تاریخ"):
            for asked in (text, fold(text)):
                with index.store.read() as reader:
                    assert len(find(reader, asked, 50, index.store.dialect.name)) <= 1
    assert index.find("کتاب تاریخ") == ["کتاب تاریخ"]


def test_nothing_that_can_stand_in_a_title_breaks_the_index(index: Index) -> None:
    index.add(*HOSTILE)
    with index.store.write() as tx:  # and without folding, should a caller forget it
        for title in HOSTILE:
            put(tx, TitleText(new_id(), title), index.store.dialect.name)
    index.rebuild(HOSTILE)
    assert index.find("x" * 200_000) == ["x" * 200_000]


def test_both_databases_see_the_same_words_in_every_script(store: Store, server_store: Store) -> None:
    """Letters of all of Unicode, three a title: what one database finds the other finds."""
    letters = [chr(code) for code in range(0x20, 0x20000) if chr(code).isprintable()]
    chance = random.Random(9)
    titles = [f"{''.join(chance.sample(letters, 3))} {''.join(chance.sample(letters, 3))}" for _ in range(400)]
    found = []
    for of in (store, server_store):
        index = Index(of)
        index.rebuild(titles)
        found.append([index.find(query) for title in titles for query in (title, *title.split())])
    assert found[0] == found[1]
    assert sum(map(bool, found[0])) > 300


def test_the_most_popular_come_first_and_the_limit_cuts_the_rest(index: Index) -> None:
    titles = [f"داستان شمارهٔ {number}" for number in random.Random(4).sample(range(1000), 300)]
    index.rebuild(titles)
    assert index.find("داستان", 120) == titles[:120]
    assert index.find("دا", 7) == titles[:7]
    index.add("داستان نو")
    assert index.find("داستان", 1000)[-1] == "داستان نو"


def test_titles_that_begin_with_the_query_come_before_more_popular_ones(index: Index) -> None:
    index.rebuild(["تاریخ ایران", "ایران", "جغرافیای ایران", "ایران‌شناسی", "سفر به ایران"])
    assert index.find("ایران") == ["ایران", "ایران‌شناسی", "تاریخ ایران", "جغرافیای ایران", "سفر به ایران"]
    assert index.find("ایر", 3) == ["ایران", "ایران‌شناسی", "تاریخ ایران"]
    assert index.find("^ایران") == index.find("ایران")


def test_a_long_query_finds_only_titles_with_all_its_words(index: Index) -> None:
    titles = [f"تاریخ ادبیات ایران در روزگار {dynasty}" for dynasty in ("صفوی", "صفاری", "قاجار")]
    index.rebuild(titles)
    for title in titles:
        assert index.find(title) == [title]
    assert index.find("تاریخ ادبیات ایران در روزگار صف") == titles[:2]


def test_a_title_indexed_anew_keeps_its_place_and_loses_its_old_words(index: Index) -> None:
    index.rebuild(["داستان یک", "داستان دو", "داستان سه"])

    def rename(title_id: uuid.UUID) -> None:
        index.names[title_id] = "داستان افسانه"
        with index.store.write() as tx:
            put(tx, TitleText(title_id, fold("داستان افسانه")), index.store.dialect.name)

    index.change("داستان یک", rename)
    assert index.find("داستان") == ["داستان افسانه", "داستان دو", "داستان سه"]
    assert index.find("یک") == []


def test_a_title_that_is_dropped_is_not_found(index: Index) -> None:
    index.rebuild(["داستان یک", "داستان دو"])

    def forget(title_id: uuid.UUID) -> None:
        with index.store.write() as tx:
            drop(tx, title_id, index.store.dialect.name)
            drop(tx, title_id, index.store.dialect.name)  # a second time does nothing

    index.change("داستان دو", forget)
    assert index.find("داستان") == ["داستان یک"]
    index.add("داستان سه")
    assert index.find("داستان") == ["داستان یک", "داستان سه"]


def test_rebuilding_forgets_what_is_gone(index: Index) -> None:
    index.rebuild(["الف", "ب"])
    index.rebuild(["ب", "پ"])
    assert (index.find("الف"), index.find("ب"), index.find("پ")) == ([], ["ب"], ["پ"])
    index.rebuild([])
    assert index.find("ب") == []


def test_a_rebuild_that_fails_leaves_the_old_index(index: Index) -> None:
    index.rebuild(["الف"])
    with pytest.raises(ZeroDivisionError), index.store.write() as tx:
        rebuild(tx, [TitleText(new_id(), "ب")], index.store.dialect.name)
        raise ZeroDivisionError
    assert index.find("الف") == ["الف"]


def test_making_the_index_again_keeps_what_is_in_it(index: Index) -> None:
    index.add("الف")
    with index.store.write() as tx:
        ensure_index(tx, index.store.dialect.name)
    assert index.find("الف") == ["الف"]


def test_an_empty_query_finds_nothing(index: Index) -> None:
    index.add("الف")
    assert [index.find(query) for query in ("", " ", "،", "!!")] == [[]] * 4


def test_words_are_cut_at_a_length_no_word_has() -> None:
    assert split_words("x" * 500 + " y") == ["x" * LONGEST_WORD, "y"]
    assert indexed_words("الف ب پ") == ["الف", "ب", "پ", "الفب", "بپ", "^الفبپ"]
