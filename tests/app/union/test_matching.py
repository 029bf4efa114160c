"""Titles of branches come under records: one record for one book, and never one for two."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from app.centre import Centre
from app.conflicts.choices import choices_of
from app.union import matching
from app.union.matching import SLICE, adopt_new
from app.union.reading import TITLE, resolve
from db.codes import CaseKind, CaseState, Material
from db.models.catalogue import Title
from db.models.centre import Redirect, SyncCase, UnionTitle
from db.models.sync import Subscription
from tests.app.union.provinces import Province, arrives, book, changes, live, vanishes


def leads_to(province: Province, title_id: uuid.UUID) -> uuid.UUID | None:
    with province.centre.store.read() as reader:
        return resolve(reader, TITLE, title_id)


def test_the_first_of_its_kind_becomes_a_record_under_its_own_id(province: Province) -> None:
    title = arrives(province, 0, book(subjects=("داستان‌های فارسی",)))
    assert adopt_new(province.centre) == 1
    (record,) = live(province, UnionTitle)
    assert (record.id, record.title, record.born_at) == (title, "کلیدر", province.libraries[0])
    assert (record.creators, record.subjects) == (["محمود دولت‌آبادی"], ["داستان‌های فارسی"])
    assert leads_to(province, title) == title
    assert adopt_new(province.centre) == 0


def test_the_same_book_elsewhere_leads_to_it(province: Province) -> None:
    first = arrives(province, 0, book())
    second = arrives(province, 1, book(author="دولت‌آبادی، محمود", publisher="نشر فرهنگ معاصر"))
    adopt_new(province.centre)
    assert leads_to(province, second) == leads_to(province, first) == first
    (redirect,) = live(province, Redirect)
    assert (redirect.branch_id, redirect.old_id, redirect.new_id) == (province.libraries[1], second, first)


def test_without_a_number_creator_title_publisher_edition_and_year_must_be_told_alike(province: Province) -> None:
    first = arrives(province, 0, book(isbn=None, edition="ویراست دوم"))
    second = arrives(province, 1, book(isbn=None, edition="ویرایش ۲"))
    adopt_new(province.centre)
    assert leads_to(province, second) != first  # the keys differ: a person will see them in the list of duplicates
    third = arrives(province, 2, book(isbn=None, edition="ويراست دوم"))
    adopt_new(province.centre)
    assert leads_to(province, third) == first


@pytest.mark.parametrize(
    "other",
    [
        {"edition": "ویراست دوم"},
        {"year": 1391},
        {"title": "کلیدر، جلد دوم"},
        {"subtitle": "جلد ۲"},
        {"language": "en"},
        {"material": Material.BRAILLE},
        {"material": Material.TALKING_BOOK},
        {"isbn": "9789643516000"},
        {"author": "احمد محمود"},
        {"pages": "۴۰ ص."},
        {"title": "سلوک"},
    ],
    ids=str,
)
def test_what_differs_is_never_put_together(province: Province, other: dict[str, Any]) -> None:
    first = arrives(province, 0, book(pages="۵۲۰ ص."))
    second = arrives(province, 1, book(**({"pages": "۵۲۰ ص."} | other)))
    adopt_new(province.centre)
    assert leads_to(province, first) == first
    assert leads_to(province, second) == second


def test_two_branches_that_say_the_same_in_one_slice_share_a_record(province: Province) -> None:
    first, second = arrives(province, 0, book()), arrives(province, 0, book())
    adopt_new(province.centre)
    assert leads_to(province, first) == leads_to(province, second)
    assert len(live(province, UnionTitle)) == 1


def test_where_several_records_fit_a_person_decides(province: Province) -> None:
    for place, year in enumerate((1390, 1391)):
        arrives(province, place, book(year=year))
    doubtful = arrives(province, 2, book(year=None))
    adopt_new(province.centre)
    assert leads_to(province, doubtful) == doubtful


def test_a_branch_hears_of_the_records_its_titles_lead_to(province: Province) -> None:
    first = arrives(province, 0, book())
    arrives(province, 1, book())
    adopt_new(province.centre)
    heard = {(row.branch_id, row.row_id) for row in live(province, Subscription, entity="union_title")}
    assert heard == {(province.libraries[0], first), (province.libraries[1], first)}
    assert all(row.bpos for row in live(province, Subscription))


def test_a_record_follows_its_first_title_while_nobody_differs(province: Province) -> None:
    title = arrives(province, 0, book())
    adopt_new(province.centre)
    changes(province, title, book(edition="ویراست سوم"))
    adopt_new(province.centre)
    assert live(province, UnionTitle)[0].edition == "ویراست سوم"


def test_a_shared_record_does_not_follow_a_title_into_another_edition(province: Province) -> None:
    title = arrives(province, 0, book())
    arrives(province, 1, book())
    adopt_new(province.centre)
    changes(province, title, book(edition="ویراست سوم"))
    adopt_new(province.centre)
    assert live(province, UnionTitle)[0].edition is None


def test_a_title_that_is_taken_back_takes_its_record_with_it_unless_others_hold_it(province: Province) -> None:
    alone, shared = arrives(province, 0, book("سلوک", isbn=None)), arrives(province, 0, book())
    second = arrives(province, 1, book())
    adopt_new(province.centre)
    for title in (alone, shared):
        vanishes(province, title)
    adopt_new(province.centre)
    assert [row.id for row in live(province, UnionTitle)] == [shared]
    vanishes(province, second)
    adopt_new(province.centre)
    assert live(province, UnionTitle) == live(province, Redirect) == []


def test_many_titles_come_in_slices(province: Province) -> None:
    for number in range(SLICE + 5):
        arrives(province, number % 2, book(f"کتاب {number}", isbn=None))
    assert adopt_new(province.centre, limit=10) == 10
    assert adopt_new(province.centre) == SLICE - 5
    assert len(live(province, UnionTitle)) == SLICE + 5


def shared_then_changed(province: Province) -> uuid.UUID:
    """A title that came under another library's record, and then turned out to be another edition."""
    arrives(province, 0, book())
    second = arrives(province, 1, book())
    adopt_new(province.centre)
    changes(province, second, book(edition="ویراست سوم"))
    adopt_new(province.centre)
    return second


def test_a_title_that_became_another_edition_is_a_case_for_its_library(province: Province) -> None:
    second = shared_then_changed(province)
    (case,) = live(province, SyncCase)
    assert (case.branch_id, case.kind, case.choices) == (
        province.libraries[1], CaseKind.TITLE_DIFFERS, choices_of(CaseKind.TITLE_DIFFERS),
    )  # fmt: skip
    assert case.rows[0] == f"title:{second}"
    assert "ویراست: ویراست سوم" in case.stories["ours"]
    assert "ویراست" not in case.stories["theirs"]
    adopt_new(province.centre)
    assert len(live(province, SyncCase)) == 1


@pytest.mark.parametrize(("decision", "apart"), [("split_title", True), ("keep_title", False)])
def test_what_the_library_decides_is_done_and_not_asked_again(province: Province, decision: str, apart: bool) -> None:
    second = shared_then_changed(province)
    (case,) = live(province, SyncCase)
    with province.centre.write() as tx:
        tx.update(SyncCase, case, state=CaseState.DECIDED, decision=decision)
        tx.record("test.pushed", province.act())
    adopt_new(province.centre)
    assert (leads_to(province, second) == second) is apart
    changes(province, second, book(edition="ویراست سوم", note="x"))
    adopt_new(province.centre)
    assert [row.state for row in live(province, SyncCase)] == [CaseState.CLOSED]


def test_a_title_catalogued_from_a_record_leads_there(province: Province) -> None:
    anonymous: dict[str, Any] = {"author": "", "publisher": None, "isbn": None}
    arrives(province, 0, replace(book(**anonymous), creators=()))
    adopt_new(province.centre)
    (record,) = live(province, UnionTitle)
    taken = replace(book(**anonymous), creators=(), extras={"union": str(record.id)})
    second, third = arrives(province, 1, taken), arrives(province, 2, replace(taken, extras={}))
    adopt_new(province.centre)
    assert (leads_to(province, second), leads_to(province, third)) == (record.id, third)


@pytest.mark.parametrize("extras", [7, ["union"], {"union": 7}, {"union": "x"}])
def test_what_else_a_branch_says_of_a_title_may_be_anything(province: Province, extras: object) -> None:
    odd = arrives(province, 0, book())
    with province.centre.write() as tx:
        tx.update(Title, tx.connection.execute(sa.select(Title.__table__).where(Title.id == odd)).one(), extras=extras)
        tx.record("test.changed", province.act())
    assert adopt_new(province.centre) == 1


def test_a_mistake_over_one_branchs_titles_keeps_no_other_branch_waiting(
    province: Province, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrives(province, 0, book())
    good = arrives(province, 1, book("بوستان", "سعدی"))
    take_in = matching._adopt_of

    def mistaken(centre: Centre, branch_id: uuid.UUID, limit: int | None) -> int:
        if branch_id == province.libraries[0]:
            raise ValueError("a bug")
        return take_in(centre, branch_id, limit)

    monkeypatch.setattr(matching, "_adopt_of", mistaken)
    with pytest.raises(ValueError, match="a bug"):
        adopt_new(province.centre)
    assert [record.id for record in live(province, UnionTitle)] == [good]
