"""What waits for an office, by when, and what it weighs: uses and copies, never readers."""

import datetime as dt
import uuid
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from app.centre import Centre
from app.library import Library
from app.review.answering import answer_minutes
from app.review.dossier import Dossier, dossier
from app.review.judging import OfficeAnswer
from app.review.queue import Waiting, Wanted, by_reason, chosen, waiting
from app.review.scopes import branches_in_scope
from app.weeding.minutes.outcomes import Letter
from app.weeding.minutes.review import send
from db.codes import ItemStatus, MinutesState, RulingLevel, WeedingReason
from db.models.circulation import Loan
from db.models.collection import Minutes
from db.models.items import Item
from tests.app.review.centres import act_of, another_library, reviewer, seen_by, told
from tests.app.weeding.minutes.on_the_way import APPROVE, COUNTY, PROVINCE, finalised, sent
from tests.library import TODAY, a_title, act, add_copy, add_member, change, past_loans, rows

WEEK, TEN_DAYS = dt.timedelta(7), dt.timedelta(10)


def minutes_of(library: Library) -> uuid.UUID:
    found: uuid.UUID = rows(library, Minutes)[0].id
    return found


def queue(centre: Centre, *libraries: Library) -> tuple[Waiting, ...]:
    with centre.store.read(seen_by(libraries)) as reader:
        return waiting(reader, [library.branch.id for library in libraries], TODAY)


def looked_at(centre: Centre, library: Library, level: RulingLevel | None = COUNTY) -> Dossier | None:
    with centre.store.read(seen_by([library])) as reader:
        return dossier(reader, minutes_of(library), level, TODAY)


def test_the_county_has_a_week_and_the_province_ten_days_from_its_answer(library: Library, centre: Centre) -> None:
    sent(library)
    told(centre, library, heard_at=centre.now())
    (line,) = queue(centre, library)
    assert (line.standing.state, line.standing.due_on, line.copies) == (MinutesState.AT_COUNTY, TODAY + WEEK, 3)
    assert (line.library, line.number, line.heard_at) == (library.branch.name, "1405/1", centre.now())
    county = reviewer(centre, COUNTY)
    said = OfficeAnswer(minutes_of(library), 1, APPROVE, letter_no="۵")
    answer_minutes(centre, county, said, act_of(centre, county))
    (line,) = queue(centre, library)
    assert (line.told, line.standing.state) == (MinutesState.AT_COUNTY, MinutesState.AT_PROVINCE)
    assert line.standing.due_on == TODAY + TEN_DAYS
    assert line.days_left(TODAY + dt.timedelta(12)) == -2


def test_the_week_is_counted_from_the_letter(library: Library, centre: Centre) -> None:
    """Not from the day on which the centre heard of it (002 م7-5)."""
    finalised(library)
    send(library, "1405/1", act(library), Letter("۱", TODAY))
    told(centre, library, heard_at=centre.now() + dt.timedelta(5))
    (line,) = queue(centre, library)
    assert line.days_left(TODAY + dt.timedelta(5)) == 2


def test_only_what_was_sent_to_an_office_is_seen_there(library: Library, centre: Centre) -> None:
    finalised(library)
    told(centre, library)
    assert queue(centre, library) == ()
    assert looked_at(centre, library) is None


def test_a_county_sees_its_own_libraries_and_a_province_all_of_its_counties(
    library: Library, centre: Centre, tmp_path: Path
) -> None:
    other = another_library(tmp_path / "other", "کتابخانه عمومی ساوه", county="ساوه")
    with other.store:
        for one in (library, other):
            sent(one)
            told(centre, one)
        names = {}
        for level in (COUNTY, PROVINCE):
            person = reviewer(centre, level)
            with centre.store.read() as reader:
                scope = branches_in_scope(reader, person)
            with centre.store.read(seen_by(scope)) as reader:
                names[level] = {line.library for line in waiting(reader, scope, TODAY)}
                assert (dossier(reader, minutes_of(other), level, TODAY) is None) is (level is COUNTY)
        assert names == {COUNTY: {library.branch.name}, PROVINCE: {library.branch.name, other.branch.name}}


def test_the_queue_is_narrowed_and_counted(library: Library, centre: Centre, tmp_path: Path) -> None:
    other = another_library(tmp_path / "other", "کتابخانه عمومی ساوه", county="ساوه")
    with other.store:
        for one in (library, other):
            sent(one)
        change(other, Minutes, minutes_of(other), reason=WeedingReason.CONTENT, answer_due_on=TODAY - WEEK)
        for one in (library, other):
            told(centre, one)
        lines = queue(centre, library, other)
    assert [line.library for line in lines] == [other.branch.name, library.branch.name], "the first due first"
    assert by_reason(lines)[WeedingReason.CONTENT] == by_reason(lines)[WeedingReason.WORN] == 1
    wanted = {
        "overdue": Wanted(overdue=True), "reason": Wanted(reason=WeedingReason.CONTENT),
        "county": Wanted(county="ساوه"), "branch": Wanted(branch_id=other.branch.id),
    }  # fmt: skip
    for name, narrowed in wanted.items():
        assert [line.library for line in chosen(lines, narrowed, TODAY)] == [other.branch.name], name
    assert len(chosen(lines, Wanted(level=COUNTY), TODAY)) == 2
    assert chosen(lines, Wanted(level=PROVINCE), TODAY) == ()


def test_the_row_shows_use_by_year_and_no_reader(library: Library, centre: Centre) -> None:
    copies = sent(library)
    past_loans(library, add_member(library), copies[0], 5)
    told(centre, library)
    found = looked_at(centre, library)
    assert found is not None
    assert sum(year.loans for year in found.rows[0].use.years) == 5
    assert [year.loans for year in found.rows[1].use.years] == [0] * 6
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        centre.store.read(seen_by([library])) as reader,
    ):
        reader.driver.execute("SELECT member_id FROM loan")


def test_the_row_shows_copies_here_in_the_county_and_in_the_province(
    library: Library, centre: Centre, tmp_path: Path
) -> None:
    copies = sent(library)
    title = rows(library, Item, id=copies[0].id)[0].title_id
    for _ in range(2):
        add_copy(library, title)
    gone = add_copy(library, title)
    change(library, Item, gone.id, status=ItemStatus.MISSING)
    near = another_library(tmp_path / "near", "کتابخانه عمومی امید")
    far = another_library(tmp_path / "far", "کتابخانه عمومی ساوه", county="ساوه")
    with near.store, far.store:
        for one, number in ((near, 1), (far, 3)):
            same = add_copy(one, a_title("کتاب شمارهٔ 1"))
            for _ in range(number - 1):
                add_copy(one, same.title_id)
        for one in (library, near, far):
            told(centre, one)
        with centre.store.read(seen_by([library, near, far])) as reader:
            found = dossier(reader, minutes_of(library), PROVINCE, TODAY)
    assert found is not None
    use = next(one.use for one in found.rows if one.row.item_id == copies[0].id)
    assert (use.here, use.county, use.province) == (2, 1, 4)


def test_a_newer_edition_that_is_held_is_told(library: Library, centre: Centre) -> None:
    copies = sent(library)
    add_copy(library, a_title("کتاب شمارهٔ 1", year=1402))
    told(centre, library)
    found = looked_at(centre, library)
    assert found is not None
    newer = {one.row.accession_no: one.use.newer for one in found.rows}
    first = newer[copies[0].accession_no]
    assert first is not None
    assert first.year == 1402
    assert newer[copies[1].accession_no] is None


def test_a_copy_that_the_county_refused_is_not_asked_of_the_province(library: Library, centre: Centre) -> None:
    from app.review.answers import Said
    from db.codes import Verdict

    copies = sent(library)
    told(centre, library)
    county = reviewer(centre, COUNTY)
    said = OfficeAnswer(
        minutes_of(library), 1, APPROVE, copies={copies[0].id: Said(Verdict.REJECT, "محلی است")}, letter_no="۵"
    )
    answer_minutes(centre, county, said, act_of(centre, county))
    found = looked_at(centre, library, PROVINCE)
    assert found is not None
    asked = {one.row.item_id: one.asked for one in found.rows}
    assert asked == {copies[0].id: False, copies[1].id: True, copies[2].id: True}
    assert found.rows[0].rulings[COUNTY].remark == "محلی است"


def test_lent_copies_are_pointed_out(library: Library, centre: Centre) -> None:
    copies = sent(library)
    change(library, Item, copies[0].id, status=ItemStatus.ON_LOAN)
    told(centre, library)
    found = looked_at(centre, library)
    assert found is not None
    assert [one.lent for one in found.rows] == [True, False, False]
    with centre.store.read() as reader:
        assert reader.connection.execute(sa.select(sa.func.count()).select_from(Loan)).scalar() == 0
