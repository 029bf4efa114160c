"""Every column type means the same in a file and on PostgreSQL."""

import datetime as dt
import random

import pytest
import sqlalchemy as sa

from db.models.catalogue import Title
from db.models.circulation import Visit
from db.models.collection import QuarterlyReport
from db.models.schema import synced_models
from db.opening import open_server_library, settle
from db.store import Store
from db.types import Moment, new_id
from tests.db.rows import insert_sample, row_of
from tests.db.stores import ACT, NOW, STAMP, insert_branch
from tests.postgres import cluster

MODELS = sorted(synced_models().items())


def test_a_row_of_every_table_comes_back_as_it_went_in(any_store: Store) -> None:
    chance = random.Random(11)
    given = {}
    with any_store.write() as tx:
        for name, model in MODELS:
            given[name] = insert_sample(tx, model, chance)
        tx.record("test.rows", ACT)
    with any_store.read() as reader:
        for name, model in MODELS:
            row_id, values = given[name]
            row = row_of(reader, model, row_id)
            assert {column: getattr(row, column) for column in values} == values
            assert (row.ver, row.deleted_at, row.branch_id) == (1, None, any_store.branch_id)


def test_a_moment_is_kept_to_the_millisecond_on_both_databases(any_store: Store) -> None:
    fine = dt.datetime(2026, 12, 1, 10, 24, 12, 345678, dt.timezone(dt.timedelta(hours=3.5)))
    kind = Moment()
    with any_store.read() as reader:
        found = reader.connection.execute(sa.select(sa.bindparam("at", fine, kind))).scalar_one()
    assert found == dt.datetime(2026, 12, 1, 6, 54, 12, 345000, dt.UTC)


def test_a_moment_without_a_zone_is_a_bug(any_store: Store) -> None:
    with pytest.raises(TypeError), any_store.write() as tx:
        tx.insert(Visit, day=NOW.date(), at=NOW.replace(tzinfo=None), hall="مطالعه")


def test_moments_of_a_file_sort_as_text() -> None:
    process = Moment().bind_processor(sa.create_engine("sqlite://").dialect)
    assert process is not None
    moments = [NOW + dt.timedelta(milliseconds=step * 977) for step in range(50)]
    texts = [process(moment) for moment in moments]
    assert texts == sorted(texts)
    assert texts[0] == "2026-12-01T06:54:12.345Z"


def test_no_document_is_null_not_the_word_null(any_store: Store) -> None:
    with any_store.write() as tx:
        insert_branch(tx)
        kept = tx.insert(QuarterlyReport, year=1405, quarter=3, due_on=NOW.date())
        tx.record("test.rows", ACT)
    with any_store.read() as reader:
        query = sa.select(QuarterlyReport.id).where(QuarterlyReport.figures.is_(None))
        assert reader.connection.execute(query).scalar_one() == kept


def test_sort_keys_are_in_binary_order_whatever_order_the_server_was_set_up_with() -> None:
    keys = ["ab", "aB", "a b", "a-b", "AB", "a", ":", "Z", "{0627", "10", "9"]
    persian = "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'fa'"
    with cluster().database(persian) as url, open_server_library(url) as store:
        settle(store, new_id(), STAMP)
        with store.write() as tx:
            for key in keys:
                row_id, _ = insert_sample(tx, Title, random.Random(key))
                tx.update(Title, row_of(tx, Title, row_id), sort_key=key, match_key=key)
            tx.record("test.rows", ACT)
        with store.read() as reader:
            by_key = reader.connection.execute(sa.select(Title.sort_key).order_by(Title.sort_key)).scalars().all()
            by_text = reader.connection.execute(sa.select(Title.match_key).order_by(Title.match_key)).scalars().all()
    assert by_key == sorted(keys)
    assert by_text != sorted(keys), "the server's own order is another, else this test shows nothing"
