"""The senior cataloguer puts records together and takes them apart again."""

import uuid
from typing import Any

import pytest

from app.outcome import NotFound, Refused
from app.union.matching import adopt_new
from app.union.merging import Corrected, Merged, correct, merge
from app.union.reading import TITLE, holdings, resolve
from app.union.splitting import Split, split
from app.union.undoing import TakenBack, deeds, undo
from db.codes import CataloguingStatus, Role
from db.models.centre import Redirect, UnionTitle
from db.models.sync import Subscription
from tests.app.union.provinces import SENIOR, Province, arrives, book, changes, live, vanishes

WHY = "یک کتاب است"


def two_records(province: Province, **other: Any) -> tuple[uuid.UUID, uuid.UUID]:
    """One book, described at two libraries so that no program puts it together."""
    one = arrives(province, 0, book(isbn=None), copies=2, available=1)
    two = arrives(province, 1, book(**({"isbn": None, "publisher": "معاصر"} | other)), copies=1)
    adopt_new(province.centre)
    assert where(province, one) != where(province, two)
    return one, two


def where(province: Province, title_id: uuid.UUID) -> uuid.UUID | None:
    with province.centre.store.read() as reader:
        return resolve(reader, TITLE, title_id)


def codes(outcome: object) -> set[str]:
    assert isinstance(outcome, Refused), outcome
    return {refusal.code for refusal in outcome.refusals}


def merged(province: Province, kept: uuid.UUID, gone: uuid.UUID, **more: Any) -> Merged:
    outcome = merge(province.centre, kept, gone, province.act(), WHY, **more)
    assert isinstance(outcome, Merged), outcome
    return outcome


def taken_back(province: Province, eid: uuid.UUID) -> TakenBack:
    outcome = undo(province.centre, eid, province.act(), "اشتباه بود")
    assert isinstance(outcome, TakenBack), outcome
    return outcome


def test_a_merged_record_leads_to_the_kept_one_and_no_copy_is_touched(province: Province) -> None:
    one, two = two_records(province)
    merged(province, one, two)
    assert where(province, two) == one
    (redirect,) = live(province, Redirect)
    assert (redirect.entity, redirect.branch_id, redirect.made_by) == ("union_title", province.centre.id, SENIOR)
    with province.centre.store.read() as reader:
        held = holdings(reader, one)
    assert [(holding.city, holding.copies, holding.available) for holding in held] == [("اراک", 2, 1), ("ساوه", 1, 1)]


def test_whoever_holds_the_merged_record_hears_of_the_kept_one_and_of_the_way_there(province: Province) -> None:
    one, two = two_records(province)
    merged(province, one, two)
    heard = {(row.entity, row.row_id) for row in live(province, Subscription, branch_id=province.libraries[1])}
    (redirect,) = live(province, Redirect)
    assert heard == {("union_title", two), ("union_title", one), ("redirect", redirect.id)}


def test_undoing_a_merge_lets_both_stand_as_before(province: Province) -> None:
    one, two = two_records(province)
    before = live(province, UnionTitle)
    deed = merged(province, one, two)
    taken_back(province, deed.eid)
    assert (where(province, one), where(province, two)) == (one, two)
    assert live(province, UnionTitle) == before
    assert codes(undo(province.centre, deed.eid, province.act(), "")) == {"union.undone_already"}


def test_fields_can_be_taken_over_and_come_back(province: Province) -> None:
    one, two = two_records(province)
    deed = merged(province, one, two, take=("publisher",))
    record = next(row for row in live(province, UnionTitle) if row.id == one)
    assert (record.publisher, record.status) == ("معاصر", CataloguingStatus.REVIEWED)
    taken_back(province, deed.eid)
    record = next(row for row in live(province, UnionTitle) if row.id == one)
    assert (record.publisher, record.status) == ("فرهنگ معاصر", CataloguingStatus.ORIGINAL)
    assert "p:فرهنگ" in record.search_key


@pytest.mark.parametrize(
    "other",
    [{"edition": "ویراست سوم"}, {"title": "کلیدر ۲"}, {"language": "en"}],
    ids=["edition", "volume", "language"],
)
def test_different_editions_volumes_and_languages_are_not_merged(province: Province, other: dict[str, Any]) -> None:
    one, two = two_records(province, **other)
    assert "union.differs" in codes(merge(province.centre, one, two, province.act(), WHY))
    assert live(province, Redirect) == []


def test_merging_needs_the_role_a_reason_and_two_standing_records(province: Province) -> None:
    one, two = two_records(province)
    outcome = merge(province.centre, one, one, province.act(Role.CATALOGUER), " ")
    assert codes(outcome) == {"role.not_allowed", "reason.required", "union.same"}
    merged(province, one, two)
    assert codes(merge(province.centre, two, one, province.act(), WHY)) == {"union.merged_already"}
    assert isinstance(merge(province.centre, one, uuid.uuid4(), province.act(), WHY), NotFound)


def test_a_record_that_no_library_of_the_province_holds_is_left_alone(province: Province) -> None:
    one, two = two_records(province)
    yazd = {province.libraries[2]}
    assert codes(merge(province.centre, one, two, province.act(), WHY, scope=yazd)) == {"union.not_in_scope"}
    assert codes(correct(province.centre, one, {"year": 1391}, province.act(), WHY, scope=yazd)) == {
        "union.not_in_scope"
    }
    assert codes(split(province.centre, one, province.act(), WHY, scope=yazd)) >= {"union.not_in_scope"}


def test_what_comes_in_after_a_merge_goes_back_with_the_record_it_describes(province: Province) -> None:
    one, two = two_records(province)
    deed = merged(province, one, two)
    late = arrives(province, 2, book(isbn=None, publisher="معاصر"))
    adopt_new(province.centre)
    assert where(province, late) == one
    taken_back(province, deed.eid)
    assert where(province, late) == two


def test_a_split_title_has_a_record_of_its_own_and_undo_brings_it_back(province: Province) -> None:
    one = arrives(province, 0, book())
    two = arrives(province, 1, book())
    adopt_new(province.centre)
    outcome = split(province.centre, two, province.act(), "چاپ دیگری است")
    assert isinstance(outcome, Split)
    assert (where(province, one), where(province, two)) == (one, two)
    taken_back(province, outcome.eid)
    assert (where(province, one), where(province, two)) == (one, one)
    assert [row.id for row in live(province, UnionTitle)] == [one]


def test_the_title_that_gave_a_record_its_id_can_be_split_from_it(province: Province) -> None:
    one = arrives(province, 0, book())
    two = arrives(province, 1, book())
    adopt_new(province.centre)
    outcome = split(province.centre, one, province.act(), WHY)
    assert isinstance(outcome, Split)
    assert where(province, one) == outcome.record_id not in (one, None)
    assert where(province, two) == one
    assert codes(split(province.centre, one, province.act(), WHY)) == {"union.own_record"}


def test_a_split_cannot_be_undone_once_the_title_is_gone(province: Province) -> None:
    arrives(province, 0, book())
    two = arrives(province, 1, book())
    adopt_new(province.centre)
    outcome = split(province.centre, two, province.act(), WHY)
    assert isinstance(outcome, Split)
    vanishes(province, two)
    adopt_new(province.centre)
    assert codes(undo(province.centre, outcome.eid, province.act(), "")) == {"undo.changed_since"}


def test_undoing_a_split_keeps_the_record_that_others_have_come_to_hold(province: Province) -> None:
    one = arrives(province, 0, book())
    two = arrives(province, 1, book())
    adopt_new(province.centre)
    outcome = split(province.centre, two, province.act(), WHY)
    assert isinstance(outcome, Split)
    changes(province, two, book(isbn="9789643516000"))
    late = arrives(province, 2, book(isbn="9789643516000"))
    adopt_new(province.centre)
    assert where(province, late) == two
    taken_back(province, outcome.eid)
    assert (where(province, one), where(province, two), where(province, late)) == (one, one, two)


def test_a_corrected_record_no_longer_follows_its_first_title(province: Province) -> None:
    title = arrives(province, 0, book())
    adopt_new(province.centre)
    outcome = correct(
        province.centre, title, {"publisher": "نشر نو", "subjects": ["رمان"]}, province.act(), "از شناسنامه"
    )
    assert isinstance(outcome, Corrected)
    assert outcome.changed == ("publisher", "subjects")
    changes(province, title, book(publisher="دیگر"))
    adopt_new(province.centre)
    (record,) = live(province, UnionTitle)
    assert (record.publisher, record.subjects) == ("نشر نو", ["رمان"])
    assert correct(province.centre, title, {"publisher": "نشر نو"}, province.act(), WHY) == Corrected(title, (), None)
    assert outcome.eid is not None
    taken_back(province, outcome.eid)
    assert live(province, UnionTitle)[0].publisher == "فرهنگ معاصر"


def test_wrong_fields_are_told_all_at_once(province: Province) -> None:
    title = arrives(province, 0, book())
    adopt_new(province.centre)
    outcome = correct(province.centre, title, {"title": " ", "isbn": "123", "year": 99}, province.act(), "")
    assert codes(outcome) == {"reason.required", "field.required", "field.invalid"}


def test_a_later_correction_is_taken_back_before_the_one_it_stands_on(province: Province) -> None:
    title = arrives(province, 0, book())
    adopt_new(province.centre)
    eids = []
    for year in (1391, 1392):
        outcome = correct(province.centre, title, {"year": year}, province.act(), WHY)
        assert isinstance(outcome, Corrected)
        assert outcome.eid is not None
        eids.append(outcome.eid)
    assert codes(undo(province.centre, eids[0], province.act(), "")) == {"undo.changed_since"}
    taken_back(province, eids[1])
    assert live(province, UnionTitle)[0].year == 1391


def test_the_history_tells_what_was_done_by_whom_and_why(province: Province) -> None:
    one, two = two_records(province)
    deed = merged(province, one, two)
    taken_back(province, deed.eid)
    again = merged(province, one, two)
    with province.centre.store.read() as reader:
        told = deeds(reader, province.centre.id, 10)
    assert [(row.eid, row.kind, row.person, row.reason, row.undone) for row in told] == [
        (again.eid, "union.merged", SENIOR, WHY, False),
        (deed.eid, "union.merged", SENIOR, WHY, True),
    ]
    assert told[0].seen["name"] == "کلیدر"
