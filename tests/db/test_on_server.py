"""The use cases on PostgreSQL: a session of the desk, and two desks at once."""

import importlib
import pkgutil
import threading
import time
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

import app
from app.catalogue.queries import search_titles
from app.catalogue.service import rebuild_index
from app.check import check_library
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import AlreadyReturned, LocalUse, Renewed
from app.circulation.renewal import renew_item
from app.library import Library
from app.members.queries import find_members, list_members
from app.papers import Printed
from app.undo import Undone, undo_last
from app.weeding.facts import Proposal
from app.weeding.minutes.paper import MinutesPaper
from app.weeding.service import Finalised, Listed, finalise, propose
from db.codes import Condition, WeedingReason
from db.frozen import Frozen
from db.models.base import Base
from db.models.circulation import Loan
from db.models.collection import Document, MinutesRow
from db.opening import open_server_library
from db.store import Store
from db.trouble import StaleRowError, Trouble
from tests import shared
from tests.library import (
    ACopy,
    AMember,
    act,
    add_copy,
    add_member,
    lend,
    pass_days,
    rows,
    take_back,
)
from tests.postgres import cluster


@pytest.fixture
def url() -> Iterator[str]:
    """A founded library on PostgreSQL."""
    with shared.shared_url() as address:
        yield address


@pytest.fixture
def library(url: str) -> Iterator[Library]:
    with shared.desk(url) as library:
        yield library


@pytest.fixture
def other_desk(library: Library, url: str) -> Iterator[Library]:
    """The same library at another desk."""
    with open_server_library(url) as store:
        yield Library(store, library.clock)


def _stored(library: Library, model: type[Base], row_id: uuid.UUID) -> Any:
    return next(row for row in rows(library, model) if row.id == row_id)


def _search(library: Library, query: str) -> list[str]:
    with library.store.read() as reader:
        return [row.title for row in search_titles(reader, query, 10, library.store.dialect.name)]


def _printer(paper: MinutesPaper) -> Printed:
    return Printed(f"%PDF {paper.number} {len(paper.rows)}".encode(), b"PK", 1)


def _broken(library: Library) -> tuple[object, ...]:
    return check_library(library).broken


def test_lending_renewing_taking_back_and_undoing(library: Library) -> None:
    member, copy = add_member(library), add_copy(library, "روان‌شناسی رشد")
    loan = lend(library, member, copy)
    assert _stored(library, Loan, loan.loan_id).due_on == loan.due_on
    pass_days(library, 5)
    renewed = renew_item(library, copy.barcode, act(library))
    assert isinstance(renewed, Renewed)
    assert renewed.due_on > loan.due_on
    assert isinstance(undo_last(library, act(library)), Undone)
    assert _stored(library, Loan, loan.loan_id).due_on == loan.due_on
    pass_days(library, 40)
    returned = take_back(library, copy)
    assert returned.days_late > 0
    assert isinstance(check_in(library, CheckinRequest(copy.barcode), act(library)), AlreadyReturned)
    pass_days(library, 1)
    assert isinstance(check_in(library, CheckinRequest(copy.barcode), act(library)), LocalUse)
    assert _broken(library) == ()


def test_searching(library: Library) -> None:
    for title in ("روان‌شناسی رشد", "روان شناسی کودک", "تاریخ ایران"):
        add_copy(library, title)
    assert _search(library, "روانشناسی") == ["روان‌شناسی رشد", "روان شناسی کودک"]
    assert _search(library, "روان شناسی کو") == ["روان شناسی کودک"]
    assert rebuild_index(library) == 3
    assert _search(library, "تاريخ") == ["تاریخ ایران"]
    add_member(library, given_name="علی", family_name="کاظمی")
    with library.store.read() as reader:
        assert [row.family_name for row in find_members(reader, "كاظمي", act(library).day)] == ["کاظمی"]
        assert len(list_members(reader, act(library).day)) == 1


def test_weeding_from_proposal_to_frozen_paper(library: Library) -> None:
    worn = add_copy(library, condition=Condition.UNBINDABLE)
    listed = propose(library, worn.barcode, Proposal(WeedingReason.WORN, unbindable=True), act(library))
    assert isinstance(listed, Listed), listed
    done = finalise(library, WeedingReason.WORN, _printer, act(library))
    assert isinstance(done, Finalised), done
    assert done.number == "1405/1"
    assert _stored(library, Document, done.document_id).content == b"%PDF 1405/1 1"
    assert [row.item_id for row in rows(library, MinutesRow)] == [worn.id]
    assert _broken(library) == ()


def test_a_printer_that_fails_leaves_no_number_behind(library: Library) -> None:
    worn = add_copy(library, condition=Condition.UNBINDABLE)
    propose(library, worn.barcode, Proposal(WeedingReason.WORN, unbindable=True), act(library))

    def jammed(_: MinutesPaper) -> Printed:
        raise Trouble("P-4101", reason="کاغذ")

    with pytest.raises(Trouble):
        finalise(library, WeedingReason.WORN, jammed, act(library))
    done = finalise(library, WeedingReason.WORN, _printer, act(library))
    assert isinstance(done, Finalised)
    assert done.number == "1405/1"


class Desk(threading.Thread):
    """A desk that lends, and simply tries again when another was faster, as the program does."""

    def __init__(self, library: Library, member: AMember, copy: ACopy) -> None:
        super().__init__()
        self.library, self.request = library, CheckoutRequest(member.card, copy.barcode)
        self.told: list[str] = []

    def run(self) -> None:
        """Note how each try ends."""
        while not self.told or self.told[-1] == "StaleRowError":
            try:
                outcome: object = check_out(self.library, self.request, act(self.library))
            except StaleRowError as stale:
                outcome = stale
            self.told.append(type(outcome).__name__)


def test_of_two_desks_that_lend_one_copy_at_once_exactly_one_wins(library: Library, other_desk: Library) -> None:
    readers = add_member(library), add_member(library)
    for _ in range(8):
        copy = add_copy(library)
        desks = [Desk(*who, copy) for who in zip((library, other_desk), readers, strict=True)]
        for desk in desks:
            desk.start()
        for desk in desks:
            desk.join()
        assert sorted(desk.told[-1] for desk in desks) == ["CheckedOut", "CheckoutRefused"]
        take_back(library, copy)
    assert _broken(library) == ()


def _wait_until_blocked(connection: "psycopg.Connection[tuple[object, ...]]", desks: int) -> None:
    for _ in range(200):
        (blocked,) = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ).fetchone() or (0,)
        if blocked == desks:
            return
        time.sleep(0.01)
    raise AssertionError("the desks never met")


def test_a_desk_overtaken_in_the_middle_of_lending_is_told_and_then_refused(
    library: Library, other_desk: Library, url: str
) -> None:
    """The first stops just before its journal entry; the second has then read the copy as available."""
    copy = add_copy(library)
    first, second = (Desk(desk, add_member(library), copy) for desk in (library, other_desk))
    with cluster().connect(sa.make_url(url).database or "") as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT 1 FROM stream FOR UPDATE")
        first.start()
        _wait_until_blocked(connection, 1)
        second.start()
        _wait_until_blocked(connection, 2)
        connection.execute("COMMIT")
    first.join()
    second.join()
    assert first.told == ["CheckedOut"]
    assert second.told == ["StaleRowError", "CheckoutRefused"]
    assert _broken(library) == ()


def _statements() -> list[tuple[str, Frozen[Any]]]:
    """Every frozen statement of the program that reads, by name."""
    found: dict[int, tuple[str, Frozen[Any]]] = {}
    for module in pkgutil.walk_packages(app.__path__, "app."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Frozen) and isinstance(value.statement, sa.Select | sa.CompoundSelect):
                found.setdefault(id(value), (f"{module.name}.{name}", value))
    return sorted(found.values(), key=lambda pair: pair[0])


def test_every_statement_of_the_program_runs_on_both_databases(any_store: Store) -> None:
    """With nothing given for every value: it finds nothing, and neither database finds fault with it."""
    statements = _statements()
    assert len(statements) > 40
    for name, frozen in statements:
        with any_store.write() as tx:
            compiled = any_store.compiled(frozen.statement)
            given = {key: None for key in compiled.names if key not in compiled.constants}
            try:
                tx.driver.execute(compiled.sql, compiled.bind(given)).fetchall()
            except any_store.dialect.loaded_dbapi.Error as error:
                raise AssertionError(f"{name}: {error}\n{compiled.sql}") from error
