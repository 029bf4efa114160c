"""The whole way with the real sync: titles go up, records, merges and answers come down, a branch follows."""

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.catalogue.service import TitleAdded, add_title
from app.centre import Centre
from app.conflicts.cases import open_cases
from app.library import Library
from app.sync.branch.rounds import sync_round
from app.sync.branch.talk import RoundState
from app.union.answering import Answered, answer, answer_apart, wanted_records
from app.union.asking import Requested, RequestState, ask, requests
from app.union.matching import adopt_new
from app.union.merging import Corrected, Merged, correct, merge
from app.union.reading import TITLE, resolve
from app.union.taking import TakenOver, compared, take_over
from app.union.undoing import TakenBack, undo
from db.act import Act
from db.codes import Role
from db.models.centre import Reviewer
from tests.app.union.provinces import book
from tests.library import act, reopened
from tests.sync.lines import InProcessLine
from tests.sync.origin import OriginBranch, copied, dropped, open_centre_at, origin

SENIOR = uuid.UUID(int=99)


@dataclass
class Country:
    """A centre and two libraries that are enrolled there."""

    centre: Centre
    libraries: list[Library]
    branches: tuple[OriginBranch, ...]

    def act(self) -> Act:
        """The senior cataloguer acts."""
        return self.centre.act(SENIOR, Role.SENIOR_CATALOGUER)

    def sync(self) -> None:
        """Everything up, looked at, and down again."""
        for _ in range(2):
            for library, branch in zip(self.libraries, self.branches, strict=True):
                outcome = sync_round(library, InProcessLine(self.centre), branch.key)
                assert outcome.state is RoundState.DONE, outcome
            adopt_new(self.centre)


@pytest.fixture
def country(tmp_path: Path) -> Iterator[Country]:
    begun = origin()
    database = copied(begun.database)
    centre = open_centre_at(database, begun.keys)
    libraries = []
    for place, branch in enumerate(begun.branches):
        shutil.copytree(branch.folder, tmp_path / f"b{place}")
        libraries.append(reopened(tmp_path / f"b{place}"))
    with centre.store.write() as tx:
        tx.connection.execute(
            sa.insert(Reviewer).values(
                id=SENIOR, user_name="s", name="نرگس صالحی", role=Role.SENIOR_CATALOGUER, password_hash="x",
                must_change=False, active=True, made_at=centre.now(),
            )
        )  # fmt: skip
    try:
        yield Country(centre, libraries, begun.branches)
    finally:
        for library in libraries:
            library.store.close()
        centre.store.close()
        dropped(database)


def added(library: Library, **fields: object) -> uuid.UUID:
    outcome = add_title(library, book(**fields), act(library))  # type: ignore[arg-type]
    assert isinstance(outcome, TitleAdded)
    return outcome.title_id


def where(library: Library, title_id: uuid.UUID) -> uuid.UUID | None:
    with library.store.read() as reader:
        return resolve(reader, TITLE, title_id)


def test_a_merge_reaches_the_branch_and_so_does_its_undoing(country: Country) -> None:
    one, two = country.libraries
    ours, theirs = added(one, isbn=None), added(two, isbn=None, publisher="معاصر")
    country.sync()
    assert (where(one, ours), where(two, theirs)) == (ours, theirs)
    outcome = merge(country.centre, ours, theirs, country.act(), "یک کتاب است")
    assert isinstance(outcome, Merged)
    country.sync()
    assert where(two, theirs) == ours
    with two.store.read() as reader:
        beside = compared(reader, theirs)
    assert beside is not None
    assert [(one.field, one.theirs) for one in beside.news] == [("publisher", "فرهنگ معاصر")]
    assert isinstance(undo(country.centre, outcome.eid, country.act(), ""), TakenBack)
    country.sync()
    assert where(two, theirs) == theirs


def test_a_correction_comes_down_and_is_taken_over(country: Country) -> None:
    one, _ = country.libraries
    title = added(one)
    country.sync()
    outcome = correct(country.centre, title, {"dewey": "8فا3.63"}, country.act(), "ردهٔ درست")
    assert isinstance(outcome, Corrected)
    country.sync()
    assert take_over(one, title, ("dewey",), act(one)) == TakenOver(title, ("dewey",))
    country.sync()
    with one.store.read() as reader:
        beside = compared(reader, title)
    assert beside is not None
    assert beside.news == ()


def test_a_request_goes_up_and_its_answer_comes_down_with_the_record(country: Country) -> None:
    one, two = country.libraries
    known = added(two, title="گلستان", isbn=None)
    short = added(one, title="گلستان سعدی", isbn=None, publisher=None, year=None)
    asked = ask(one, "گلستان، چاپ فرهنگ معاصر", act(one), short)
    assert isinstance(asked, Requested)
    country.sync()
    with country.centre.store.read() as reader:
        branch = one.store.branch_id
        (waiting,) = wanted_records(reader, [branch], waiting=True, most=5)
    assert waiting.id == asked.request_id
    assert isinstance(answer(country.centre, waiting.id, known, "همین است", country.act()), Answered)
    country.sync()
    with one.store.read() as reader:
        (listed,) = requests(reader)
    assert (listed.state, listed.result_title_id, listed.words) == (RequestState.ANSWERED, known, "همین است")
    assert where(one, short) == known


def test_a_title_asked_apart_gets_its_own_record(country: Country) -> None:
    one, two = country.libraries
    added(one)
    country.sync()
    second = added(two)
    country.sync()
    assert where(two, second) != second
    asked = ask(two, "چاپ دیگری است", act(two), second, apart=True)
    assert isinstance(asked, Requested)
    country.sync()
    assert isinstance(answer_apart(country.centre, asked.request_id, "", country.act()), Answered)
    country.sync()
    assert where(two, second) == second
    with two.store.read() as reader:
        assert requests(reader)[0].state == RequestState.ANSWERED
        assert open_cases(reader) == []
