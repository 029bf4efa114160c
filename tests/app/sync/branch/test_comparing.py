"""Digests and repair at the branch, against a centre on paper that holds another library's rows."""

import shutil
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.library import Library
from app.sync.branch.comparing import REPAIR
from app.sync.branch.rounds import SyncOutcome
from app.sync.digests import (
    NUMBER,
    Bucket,
    Digests,
    Filled,
    answer,
    bucket_of,
    compared,
    fill_hashes,
    root_of,
)
from app.sync.line import Call, Reply
from app.sync.rows import WireChange, changes_of, feed_row
from app.sync.wire import FeedRow, Roots
from db.changes import AFTER_IMAGE, TOMBSTONE
from db.models.base import Base
from db.models.centre import Directive, SyncCase
from db.models.members import Member
from db.models.sync import Digest, JournalEntry
from db.types import new_id
from tests.app.sync.branch.conftest import synced
from tests.app.sync.branch.paper_centre import PaperCentre
from tests.library import act, add_copy, add_member, change, clock, lend, reopened, row, rows


@pytest.fixture
def twin(library: Library, centre: PaperCentre, tmp_path: Path) -> Iterator[Library]:
    """The rows that the centre holds: a copy of the library as it is now, with two readers, asked as a centre is."""
    for _ in range(2):
        add_member(library)
    synced(centre)
    shutil.copytree(Path(library.store.name).parent, tmp_path / "twin", ignore=shutil.ignore_patterns("*.lock"))
    other = reopened(tmp_path / "twin")

    def told(asked: Roots) -> Roots:
        filled(other)
        with other.store.read() as reader:

            def fetch(model: type[Base], ids: Any) -> list[FeedRow]:
                return [feed_row(model, row(other, model, one)._mapping) for one in ids]

            return answer(reader, other.store.branch_id, asked, fetch)

    centre.digest = told
    clock(library).advance(days=1)
    with other.store:
        yield other


def filled(library: Library) -> None:
    place: Filled | None = Filled()
    while place is not None:
        with library.store.write() as tx:
            place = fill_hashes(tx, library.store.branch_id, place)


def roots(library: Library) -> list[Any]:
    filled(library)
    with library.store.read() as reader:
        return Digests.of(reader, library.store.branch_id, b"").roots().roots


def next_day(centre: PaperCentre) -> SyncOutcome:
    clock(centre.library).advance(days=1)
    return synced(centre)


def repairs(library: Library) -> list[Any]:
    return rows(library, JournalEntry, kind=REPAIR)


def test_equal_rows_need_one_question_a_day(library: Library, centre: PaperCentre, twin: Library) -> None:
    assert synced(centre).repaired == 0
    asked = centre.calls.count(Call.DIGEST)
    synced(centre)
    assert centre.calls.count(Call.DIGEST) == asked
    next_day(centre)
    assert centre.calls.count(Call.DIGEST) == asked + 1
    assert len(rows(library, Digest)) == len(compared())


def test_the_centre_may_ask_for_it_at_any_time(library: Library, centre: PaperCentre, twin: Library) -> None:
    synced(centre)
    asked = centre.calls.count(Call.DIGEST)
    centre.says = {"commands": ["digest_now"]}
    synced(centre)
    assert centre.calls.count(Call.DIGEST) == asked + 1


def test_what_the_centre_has_newer_or_alone_is_taken(library: Library, centre: PaperCentre, twin: Library) -> None:
    mine = rows(library, Member)[0].id
    change(twin, Member, mine, mobile="09125555555")
    added = add_member(twin, family_name="نوآمده")
    outcome = synced(centre)
    assert outcome.repaired >= 2
    assert row(library, Member, mine).mobile == "09125555555"
    assert row(library, Member, added.id).family_name == "نوآمده"
    assert repairs(library) == []
    assert roots(library) == roots(twin)
    assert next_day(centre).repaired == 0


def test_on_equal_versions_that_differ_the_centre_is_believed(
    library: Library, centre: PaperCentre, twin: Library
) -> None:
    mine = rows(library, Member)[0].id
    with twin.store.write() as tx:
        tx.connection.execute(sa.text("INSERT INTO applying (one) VALUES (1)"))
        tx.connection.execute(
            sa.text("UPDATE member SET mobile = '09126666666', rh = NULL WHERE id = :i"), {"i": mine.bytes}
        )
        tx.connection.execute(sa.text("DELETE FROM applying"))
    assert synced(centre).repaired == 1
    assert row(library, Member, mine).mobile == "09126666666"


def test_what_is_newer_here_or_lost_there_is_told_in_full(library: Library, centre: PaperCentre, twin: Library) -> None:
    mine = rows(library, Member)[0].id
    change(library, Member, mine, mobile="09127777777")
    copy = add_copy(library)
    before = {model: dict(held(library, model)) for model in compared()}
    outcome = synced(centre)
    (entry,) = repairs(library)[-1:]
    assert outcome.repaired == sum(len(told(one)) for one in repairs(library))
    assert outcome.waiting == 0
    assert {change_.row_id for one in repairs(library) for change_ in told(one)} >= {mine, copy.id, copy.title_id}
    assert all((one.op, one.base_ver) == (AFTER_IMAGE, before[one.model][one.row_id] - 1) for one in told(entry))
    assert {model: dict(held(library, model)) for model in compared()} == before
    assert (entry.desk, entry.staff_id) == (0, None)


def test_a_deleted_row_is_told_with_its_end(library: Library, centre: PaperCentre, twin: Library) -> None:
    member = add_member(library)
    found = row(library, Member, member.id)
    with library.store.write() as tx:
        tx.remove(Member, found, act(library))
        tx.record("member.removed", act(library))
    synced(centre)
    changes = [one for entry in repairs(library) for one in told(entry) if one.row_id == member.id]
    assert [(one.op, one.base_ver) for one in changes] == [(AFTER_IMAGE, 0), (TOMBSTONE, 1)]


def test_the_same_row_is_not_told_every_day_for_ever(library: Library, centre: PaperCentre, twin: Library) -> None:
    """A row that the centre will not have stays different; a person has to look at it."""
    add_member(library)
    assert synced(centre).repaired > 0
    assert next_day(centre).repaired == 0
    centre.says = {"server_epoch": 8}
    assert next_day(centre).repaired > 0


def test_a_desk_at_work_puts_the_comparison_off(library: Library, centre: PaperCentre, twin: Library) -> None:
    copy, member = add_copy(library), add_member(library)

    def busy(call: Call, reply: Reply) -> Reply:
        if call is Call.PULL and not rows(library, JournalEntry, kind="loan.opened"):
            lend(library, member, copy)  # sent by the rest of the round; then one more while that is on its way
        elif call is Call.PUSH and len(rows(library, JournalEntry, kind="loan.opened")) == 1:
            add_member(library)
        return reply

    centre.after = busy
    asked = centre.calls.count(Call.DIGEST)
    synced(centre)
    centre.after = lambda _, reply: reply
    synced(centre)
    assert centre.calls.count(Call.DIGEST) > asked


def test_a_table_of_more_rows_than_an_answer_holds_is_compared_in_parts(
    library: Library, centre: PaperCentre, twin: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row that an answer had no room for is not lost at the centre."""
    for _ in range(30):
        add_member(twin)
    synced(centre)
    assert roots(library) == roots(twin)
    for member in rows(twin, Member):
        change(twin, Member, member.id, job="معلم")
    monkeypatch.setattr("app.sync.digests.MOST_ROWS", 5)
    next_day(centre)
    assert repairs(library) == []
    assert roots(library) == roots(twin)


def test_what_the_centre_alone_writes_is_not_compared() -> None:
    assert not {Directive, SyncCase} & set(compared())


def test_sums_and_not_exclusive_ors() -> None:
    """Two rows that change alike must not cancel."""
    one, other = uuid.uuid4(), uuid.uuid4()
    twice = Bucket().plus(one, 1, b"x" * 8).plus(one, 1, b"x" * 8)
    assert twice.total != 0
    assert Bucket().plus(one, 1, b"a").plus(other, 1, b"b") == Bucket().plus(other, 1, b"b").plus(one, 1, b"a")
    assert Bucket().plus(one, 1, b"a") != Bucket().plus(one, 2, b"a")
    assert root_of([Bucket()] * NUMBER) != root_of([Bucket(1, 1), *[Bucket()] * (NUMBER - 1)])


def test_ids_of_one_moment_are_spread_over_all_buckets() -> None:
    assert len({bucket_of(new_id()) for _ in range(5000)}) == NUMBER


def told(entry: Any) -> tuple[WireChange, ...]:
    return changes_of(entry.body, entry.personal).changes


def held(library: Library, model: type[Base]) -> Mapping[uuid.UUID, int]:
    table = Base.metadata.tables[model.__tablename__]
    with library.store.read() as reader:
        return {found.id: found.ver for found in reader.connection.execute(sa.select(table.c.id, table.c.ver))}
