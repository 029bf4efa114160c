"""How PostgreSQL finds what the pages ask for: by indexes, and never branch by branch for every row."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from app.centre import Centre
from app.readers.entering import come_in
from app.review.archive import MOST_SEARCHED, Wanted, find_final
from app.review.exchange_gathered import handed_on
from app.review.guessing import WRONG_BY_ADDRESS, WRONG_BY_NAME
from app.review.overviews import overview
from app.review.queue import waiting
from app.review.use import Place, use_of
from app.statistics.quarters import quarter_of
from db.isolation import DbRole, Scope
from server.centre.web.audit import Wanted as WantedTries
from server.centre.web.audit import attempts
from tests.app.review.centres import reviewer
from tests.centres import fresh_centre

MANY = tuple(uuid.UUID(int=number << 64) for number in range(1, MOST_SEARCHED + 2))
FEW = MANY[:3]
BRANCHES = ", ".join(f"('{branch}'::uuid)" for branch in MANY)
# Rows enough that a plan which reads all of them is dear: of every library a title that all have, and some of its own.
ROWS = (
    f"""INSERT INTO branch (id, branch_id, ver, name, province, county, city, kind, space_shortage, barcode_prefix)
        SELECT one, one, 1, 'کتابخانه', 'مرکزی', 'اراک', '', 'institutional', false, ''
        FROM (VALUES {BRANCHES}) AS b (one) LIMIT 50""",
    f"""INSERT INTO title (id, branch_id, ver, title, language, material, status, sort_key, match_key, work_key)
        SELECT gen_random_uuid(), one, 1, '', 'fa', 'book', 'brief', '', 'k' || n % 40, 'w' || n
        FROM (VALUES {BRANCHES}) AS b (one), generate_series(1, 40) AS n""",
    """INSERT INTO item (id, branch_id, ver, title_id, accession_no, accession_date, barcode, copy_no, shelf_key,
            section, item_type, source, condition, flags, renewable, status, loan_count, uses)
       SELECT gen_random_uuid(), branch_id, 1, id, row_number() OVER (), DATE '2020-01-01', id::text, 1, '', '', 'book',
            'purchase', 'good', '[]', true, 'available', 0, 0 FROM title""",
    f"""INSERT INTO minutes (id, branch_id, ver, reason, state, revision, opened_at, year, number)
        SELECT gen_random_uuid(), one, 1, 'worn', 'closed', 1, now(), 1405, n
        FROM (VALUES {BRANCHES}) AS b (one), generate_series(1, 10) AS n""",
    f"""INSERT INTO minutes_row (id, branch_id, ver, minutes_id, position, item_id, criterion, article, unbindable,
            author_id, proposed_at, executed_on)
        SELECT gen_random_uuid(), one, 1, gen_random_uuid(), 1, gen_random_uuid(), '', '', false, one, now(),
            DATE '2020-01-01' + n * 50
        FROM (VALUES {BRANCHES}) AS b (one), generate_series(1, 50) AS n""",
    """INSERT INTO sign_in (id, user_name, at, good, address)
       SELECT gen_random_uuid(), 'n' || n, now() - n * interval '1 s', n % 2 = 0, '10.0.0.' || n % 200
       FROM generate_series(1, 10000) AS n""",
)
AUTUMN = quarter_of(1405, 3)


@pytest.fixture(scope="module")
def full() -> Iterator[Centre]:
    """A centre with rows of many libraries."""
    with fresh_centre() as centre:
        with centre.store.write() as tx:
            tx.run("SET LOCAL session_replication_role = replica")
            for rows in ROWS:
                tx.run(rows)
            tx.run("ANALYZE branch, title, item, minutes, minutes_row, sign_in")
        yield centre


@contextmanager
def explained(centre: Centre) -> Iterator[list[str]]:
    """The plans of whatever is asked meanwhile, where nothing is read from end to end that can be looked up."""
    plans: list[str] = []
    engine = centre.store._reader_engine

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        driver = connection.connection.driver_connection
        driver.execute("SET LOCAL enable_seqscan = off")
        plans.append("\n".join(row[0] for row in driver.execute(f"EXPLAIN {statement}", parameters)))

    sa.event.listen(engine, "before_cursor_execute", explain)
    try:
        yield plans
    finally:
        sa.event.remove(engine, "before_cursor_execute", explain)


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (lambda reader, day: waiting(reader, MANY, day), "one_row_a_copy"),
        (lambda reader, _: overview(reader, MANY, AUTUMN), "weeded_by_day"),
        (lambda reader, _: find_final(reader, MANY, Wanted(book="RAF-000001"), 0, 30), "across_by_label"),
        (lambda reader, _: find_final(reader, MANY, Wanted(book="RAF-000001"), 0, 30), "minutes_of_item"),
        (lambda reader, _: find_final(reader, MANY, Wanted(book="1405"), 0, 30), "one_accession_no"),
    ],
)  # fmt: skip
def test_offices_look_things_up(full: Centre, asked: Callable[..., object], index: str) -> None:
    with explained(full) as plans, full.store.read(Scope(DbRole.REVIEW, MANY)) as reader:
        asked(reader, full.clock.read().day)
    assert any(index in plan for plan in plans), "\n\n".join(plans)


def test_titles_are_looked_through_in_a_province_and_not_in_the_country(full: Centre) -> None:
    for scope, through in ((FEW, True), (MANY, False)):
        with explained(full) as plans, full.store.read(Scope(DbRole.REVIEW, scope)) as reader:
            find_final(reader, scope, Wanted(book="بوستان سعدی"), 0, 30)
        assert any("~~" in plan for plan in plans) is through


def test_copies_elsewhere_are_asked_of_libraries_by_name(full: Centre) -> None:
    """Without it the titles of every library of the country are read for the rows of one minutes."""
    with full.store.read() as reader:
        title = reader.run(f"SELECT id FROM title WHERE branch_id = '{FEW[0]}' LIMIT 1").fetchone()[0]
    row: Any = type("Row", (), {"title_id": title, "item_id": uuid.uuid4(), "status": "available"})()
    with explained(full) as plans, full.store.read(Scope(DbRole.REVIEW, FEW)) as reader:
        use_of(reader, Place(FEW[0], "مرکزی", "اراک"), [row], full.clock.read().day)
    (plan,) = [plan for plan in plans if "match_key =" in plan]
    assert "title_by_match_key" in plan, plan


def test_copies_of_handovers_are_counted_in_one_go(full: Centre) -> None:
    """Handover by handover the 74,000 of a quarter of the country took twice as long; a page is found before its copies
    are counted."""
    with explained(full) as plans, full.store.read(Scope(DbRole.REVIEW, MANY)) as reader:
        for most in (None, 25):
            handed_on(reader, MANY, AUTUMN, most=most)
    whole, page = [plan for plan in plans if "disposal" in plan]
    assert "Group Key: disposal" in whole, whole
    assert "disposal_row" not in page, page


def test_the_scope_of_an_office_is_hashed_once_a_statement(full: Centre) -> None:
    """An array of 3,700 branches looked through for every row made the queue of the country take minutes."""
    with full.store.read(Scope(DbRole.REVIEW, MANY)) as reader:
        for columns in ("id FROM item", "id FROM minutes_row", "item_id FROM loan", "id FROM document"):
            plan = "\n".join(row[0] for row in reader.run(f"EXPLAIN SELECT {columns}"))
            assert "hashed SubPlan" in plan, plan


def test_tries_to_sign_in_are_looked_up(full: Centre) -> None:
    by = reviewer(full, None)
    asked = {WRONG_BY_NAME: {"name": "n7"}, WRONG_BY_ADDRESS: {"address": "10.0.0.1"}}
    with explained(full) as plans, full.store.read() as reader:
        for frozen, values in asked.items():
            compiled = full.store.compiled(frozen.statement)
            told = reader.driver.execute(f"EXPLAIN {compiled.sql}", compiled.bind(values | {"since": full.now()}))
            plans.append("\n".join(row[0] for row in told))
        attempts(reader, replace(by, province=None, county=None), [by], WantedTries(None, "", None, None, 1))
    whole = "\n".join(plans)
    assert all(index in whole for index in ("sign_in_by_name", "wrong_sign_in_by_address", "sign_in_by_moment")), whole


def test_a_reader_who_comes_in_is_looked_up_by_number(full: Centre) -> None:
    """The number is asked of all libraries at once: 2.5 million readers are not gone through for it."""
    with explained(full) as plans:
        come_in(full, "1001", "هر چه باشد")
    told = "\n".join(plans)
    assert "across_by_card" in told
    assert "across_by_member_no" in told
    assert "Seq Scan on member" not in told
