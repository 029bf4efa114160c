"""Records are found by their words, at the centre on PostgreSQL and at a branch on SQLite alike."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from app.union.matching import adopt_new
from app.union.merging import merge
from app.union.query import Both, ButNot, Either, Everything, How, Query, Term, typed
from app.union.record import with_keys
from app.union.searching import search
from db.codes import CataloguingStatus, Material
from db.models.centre import UnionTitle
from db.reading import Reader
from db.store import Store
from db.types import new_id
from db.union_index import ANYWHERE, Field
from tests.app.union.provinces import Province, arrives, book
from tests.library import act, found

BOOKS: tuple[dict[str, Any], ...] = (
    {"title": "روان‌شناسی رشد", "creators": ["ژان پیاژه"], "publisher": "نشر نی", "year": 1388, "subjects": ["کودکان"]},
    {"title": "روانشناسی خواندن", "creators": ["علی کریمی"], "publisher": "سمت", "year": 1390},
    {
        "title": "تاریخ بیهقی",
        "creators": ["ابوالفضل بیهقی"],
        "publisher": "هرمس",
        "year": 1390,
        "isbn": "9789643516000",
    },
    {"title": "گلستان", "creators": ["سعدی"], "publisher": "هرمس", "year": 1371, "subjects": ["نثر فارسی", "بیهقی"]},
    {"title": "كتاب گل و بلبل", "creators": ["سعدی کاشانی"], "publisher": "نی", "year": 1371},
    {"title": "O'Reilly's \\ guide & more", "creators": ["Tim O'Reilly"], "language": "en"},
)


def fill(reader: Reader, tx: Any) -> None:
    del reader
    for row in BOOKS:
        given: dict[str, Any] = {
            "creators": [],
            "subjects": [],
            "main_creator": None,
            "publisher": None,
            "edition": None,
            "year": None,
        }
        columns = given | {"material": Material.BOOK, "status": CataloguingStatus.ORIGINAL} | row
        record_id = new_id()
        tx.insert(UnionTitle, id=record_id, born_at=uuid.UUID(int=1), **with_keys(record_id, columns))


@pytest.fixture(params=["branch", "centre"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """The same records in a branch's file and at the centre."""
    if request.param == "branch":
        library = found(tmp_path)
        with library.store as opened:
            with opened.write() as tx:
                fill(tx, tx)
                tx.record("test.filled", act(library))
            yield opened
    else:
        province: Province = request.getfixturevalue("province")
        with province.centre.write() as tx:
            fill(tx, tx)
            tx.record("test.filled", province.act())
        yield province.centre.store


def titles(store: Store, query: Query) -> set[str]:
    with store.read() as reader:
        return {record.title.split()[0] for record in search(reader, query).records}


ALL = frozenset(row["title"].split()[0] for row in BOOKS)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("روانشناسی", {"روان‌شناسی", "روانشناسی"}),
        ("روان شناسی رشد", {"روان‌شناسی"}),
        ("بیهقی", {"تاریخ", "گلستان"}),
        ("تاریخ بیه", {"تاریخ"}),
        ("كتاب", {"كتاب"}),
        ("سعدي هرمس", {"گلستان"}),
        ("978-964-351-600-0", {"تاریخ"}),
        ("۱۳۷۱", {"گلستان", "كتاب"}),
        ("O'Reilly", {"O'Reilly's"}),
        ("نیست", set()),
        ("", ALL),
        ("%", ALL),
        ("') | 'x", set()),
    ],
)
def test_typed_words(store: Store, asked: str, expected: set[str]) -> None:
    assert titles(store, typed(asked)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Term((Field.CREATOR,), "بیهقی"), {"تاریخ"}),
        (Term((Field.SUBJECT,), "بیهقی"), {"گلستان"}),
        (Term((Field.CREATOR,), "سعدی", How.EXACT), {"گلستان"}),
        (Term((Field.CREATOR,), "سعدی"), {"گلستان", "كتاب"}),
        (Term((Field.TITLE,), "گل و بلبل", How.PHRASE), {"كتاب"}),
        (Term((Field.TITLE,), "بلبل گل", How.PHRASE), set()),
        (Term((Field.TITLE,), "بلبل گل", How.ALL), {"كتاب"}),
        (Term((Field.TITLE,), "گلستان بیهقی", How.ANY), {"گلستان", "تاریخ"}),
        (Term((Field.TITLE,), "گل", begins=True), {"گلستان", "كتاب"}),
        (Both(Term((Field.PUBLISHER,), "هرمس"), Term((Field.DATE,), "1390")), {"تاریخ"}),
        (Either(Term((Field.DATE,), "۱۳۸۸"), Term((Field.PUBLISHER,), "سمت")), {"روان‌شناسی", "روانشناسی"}),
        (ButNot(Term(ANYWHERE, "بیهقی"), Term((Field.TITLE,), "تاریخ")), {"گلستان"}),
        (ButNot(Everything(), Term((Field.PUBLISHER,), "هرمس")), ALL - {"تاریخ", "گلستان"}),
        (ButNot(Term(ANYWHERE, "بیهقی"), Everything()), set()),
        (Both(Everything(), Everything()), ALL),
        (Term((Field.TITLE,), "!!"), set()),
    ],
)
def test_fields_and_their_joining(store: Store, query: Query, expected: set[str]) -> None:
    assert titles(store, query) == expected


def test_hits_come_in_order_of_title_and_in_parts(store: Store) -> None:
    with store.read() as reader:
        whole = search(reader, Everything(), 1, 10)
        part = search(reader, Everything(), 3, 2)
        beyond = search(reader, Everything(), 100, 2)
    assert [record.sort_key for record in whole.records] == sorted(record.sort_key for record in whole.records)
    assert part.records == whole.records[2:4]
    assert (part.total, beyond.total, beyond.records) == (len(BOOKS), len(BOOKS), ())


def test_of_merged_records_the_kept_one_is_found(province: Province) -> None:
    one = arrives(province, 0, book(isbn=None))
    two = arrives(province, 1, book(isbn=None, publisher="معاصر"))
    adopt_new(province.centre)
    merge(province.centre, one, two, province.act(), "یکی است")
    with province.centre.store.read() as reader:
        assert [record.id for record in search(reader, typed("کلیدر")).records] == [one]
