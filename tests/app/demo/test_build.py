import datetime as dt
from collections.abc import Iterator

import pytest

from app.check import check_library
from app.circulation.queries import Event, day_counts, todays_events
from app.clock import TEHRAN, SettableClock
from app.demo.build import DemoPlan, build_demo
from app.demo.queries import card_with_loans, late_card, worn_copies
from app.library import Library
from db.codes import HoldState, Role
from db.models.circulation import Hold, Loan
from db.models.items import Item
from db.opening import open_library
from tests import library as lib

NOW = dt.datetime(2026, 12, 1, 10, 24, tzinfo=TEHRAN)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    folder = tmp_path_factory.mktemp("demo") / "library"
    build_demo(folder, DemoPlan(NOW, days=120))
    store = open_library(folder, None)
    with store:
        yield Library(store, SettableClock(NOW))


def test_every_invariant_holds_in_the_demo_library(demo: Library) -> None:
    assert check_library(demo).broken == ()


def test_it_is_a_village_branch_full_of_books_and_readers(demo: Library) -> None:
    with demo.store.read() as reader:
        titles, copies, members = (
            reader.run(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("title", "item", "member")
        )
    assert titles >= 400
    assert copies > titles
    assert members >= 120
    assert {person.role for person in demo.people()} >= {Role.HEAD, Role.LIBRARIAN, Role.ASSISTANT}


def test_accession_numbers_rise_with_the_day_of_registration(demo: Library) -> None:
    items = sorted(lib.rows(demo, Item), key=lambda item: item.accession_no)
    days = [item.accession_date for item in items]
    assert days == sorted(days)
    assert days[0] < dt.date(2000, 1, 1)


def test_books_are_out_late_and_held(demo: Library) -> None:
    today = NOW.date()
    open_loans = lib.rows(demo, Loan, in_at=None)
    assert len(open_loans) > 20
    assert any(loan.due_on < today for loan in open_loans)
    assert {hold.state for hold in lib.rows(demo, Hold)} == {HoldState.QUEUED, HoldState.WAITING}


def test_candidates_of_all_four_kinds_are_there(demo: Library) -> None:
    items = lib.rows(demo, Item)
    assert sum(item.condition in ("worn", "unbindable") for item in items) >= 25
    assert sum(item.copy_no > 2 for item in items) >= 20
    assert sum(item.last_loan_on is None and item.accession_date < dt.date(2021, 1, 1) for item in items) >= 60


def test_the_morning_has_loans_to_show(demo: Library) -> None:
    with demo.store.read() as reader:
        events = todays_events(reader, NOW.date())
        counts = day_counts(reader, NOW.date())
    assert counts.lent == sum(event.event is Event.LENT for event in events) > 0
    assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)


def test_there_is_something_to_show_on_every_picture(demo: Library) -> None:
    with demo.store.read() as reader:
        assert late_card(reader)
        assert len(worn_copies(reader)) >= 12
        assert card_with_loans(reader, 1, NOW.date())
