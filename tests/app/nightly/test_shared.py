"""Two desks at one PostgreSQL: the nights are worked once, whichever wakes first."""

from collections.abc import Iterator

import pytest

from app.library import Library
from app.nightly.service import NightsRun, run_due_nights
from db.alone import alone
from db.models.circulation import LedgerLine
from tests.library import act, add_copy, add_member, clock, found, lend, put_policy, rows
from tests.shared import desk, shared_url


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with shared_url() as address:
        yield address


def run(library: Library) -> NightsRun:
    outcome = run_due_nights(library, act(library))
    assert isinstance(outcome, NightsRun)
    return outcome


def test_the_second_desk_finds_nothing_to_do_and_waits_for_nobody(url: str) -> None:
    with desk(url) as one, desk(url) as two:
        put_policy(one, {"loan_days": 1, "fine_per_day": 1_000, "skip_closed": False, "period_days": 1})
        loan = lend(one, add_member(one), add_copy(one)).loan_id
        run(one)
        assert run(two).nights == ()
        for library in (one, two):
            clock(library).advance(days=4)
        with alone(one.store, "nightly") as mine:
            assert mine
            assert run(two) == NightsRun((), busy=True)
        assert len(run(two).nights) == 4
        assert run(one).nights == ()
        assert sum(line.amount for line in rows(one, LedgerLine, loan_id=loan)) == 3_000


def test_a_file_belongs_to_one_process_and_needs_no_lock(tmp_path_factory: pytest.TempPathFactory) -> None:
    library = found(tmp_path_factory.mktemp("file"))
    with library.store, alone(library.store, "nightly") as mine:
        assert mine
