"""Connections with their safety settings, asserted on every one of them."""

import contextlib
import time
from pathlib import Path
from typing import Any

import pytest
import sqlcipher3.dbapi2 as sqlcipher

from db.connect import OLDEST_SQLITE, PRAGMAS, SERVER_SETTINGS, SESSION_SETTINGS, open_file, server_engine
from db.store import Store
from db.trouble import Trouble
from tests.postgres import cluster

KEY = bytes(range(32))


def test_sqlite_is_free_of_the_wal_reset_bug() -> None:
    assert sqlcipher.sqlite_version_info >= OLDEST_SQLITE == (3, 51, 3)


def test_every_pragma_holds_on_fifty_connections(tmp_path: Path) -> None:
    expected = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "secure_delete": 1,
        "trusted_schema": 0, "cell_size_check": 1, "temp_store": 2, "busy_timeout": 5000,
    }  # fmt: skip
    with contextlib.ExitStack() as closing:
        for number in range(50):
            connection = closing.enter_context(
                contextlib.closing(open_file(tmp_path / "x.db", KEY, read_only=number % 2 == 1))
            )
            found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}
            assert found == expected
    assert expected.keys() < {pragma.name for pragma in PRAGMAS}


def test_the_stores_own_connections_have_the_pragmas(store: Store) -> None:
    with contextlib.ExitStack() as open_together:
        readers = [open_together.enter_context(store.read()) for _ in range(10)]
        writer = open_together.enter_context(store.write())
        for connection in (writer, *readers):
            assert connection.run("PRAGMA synchronous").fetchone() == (2,)
            assert connection.run("PRAGMA foreign_keys").fetchone() == (1,)
            assert connection.run("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_reading_connection_cannot_write(store: Store) -> None:
    with pytest.raises(Trouble) as told, store.read() as reader:
        reader.run("DELETE FROM setting")
    assert told.value.code == "P-1102"


def test_a_wrong_key_is_told_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with contextlib.closing(open_file(path, KEY)) as connection:
        connection.execute("CREATE TABLE t (c)")
    before = path.read_bytes()
    with pytest.raises(Trouble) as told:
        open_file(path, bytes(32))
    assert told.value.code == "P-1501"
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_told_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes("این یک پایگاه داده نیست. ".encode() * 500)
    before = path.read_bytes()
    with pytest.raises(Trouble) as told:
        open_file(path, KEY)
    assert told.value.code == "P-1501"
    assert path.read_bytes() == before


def test_an_unencrypted_database_is_no_file_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with contextlib.closing(sqlcipher.connect(str(path))) as plain:
        plain.execute("CREATE TABLE t (c)")
        plain.commit()
    with pytest.raises(Trouble) as told:
        open_file(path, KEY)
    assert told.value.code == "P-1501"


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Trouble) as told:
        open_file(tmp_path, KEY)
    assert told.value.code == "P-1103"


def test_nothing_readable_stands_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    with contextlib.closing(open_file(path, KEY)) as connection:
        connection.execute("CREATE TABLE member (name)")
        connection.execute("INSERT INTO member VALUES ('Planted Reader زهرا کریمی 0012345679')")
        for kept in tmp_path.iterdir():
            content = kept.read_bytes()
            assert not any(text.encode() in content for text in ("Planted", "زهرا", "0012345679", "CREATE TABLE"))
    assert path.read_bytes()[:15] != b"SQLite format 3"


def _server_settings(connection: Any) -> dict[str, str]:
    return dict(connection.execute("SELECT name, setting FROM pg_settings").fetchall())


def test_every_setting_holds_on_fifty_connections_to_the_server(server_url: str) -> None:
    engine = server_engine(server_url)
    with contextlib.ExitStack() as open_together:
        for _ in range(50):
            connection = open_together.enter_context(engine.connect())
            found = _server_settings(connection.connection.driver_connection)
            assert {name: found[name] for name in SESSION_SETTINGS | SERVER_SETTINGS} == {
                "synchronous_commit": "on", "lock_timeout": "5000", "idle_in_transaction_session_timeout": "300000",
                "fsync": "on", "full_page_writes": "on", "server_encoding": "UTF8",
            }  # fmt: skip


def _switch_full_page_writes(value: str) -> None:
    """Of the whole cluster, as its owner would."""
    with cluster().connect() as connection:
        connection.execute(f"ALTER SYSTEM SET full_page_writes = {value}".encode())
        connection.execute("SELECT pg_reload_conf()")
    for _ in range(100):
        with cluster().connect() as connection:
            if _server_settings(connection)["full_page_writes"] == value:
                return
        time.sleep(0.02)
    raise AssertionError("the server did not take its setting")


def test_a_server_that_may_lose_commits_is_refused(server_url: str) -> None:
    _switch_full_page_writes("off")
    try:
        with pytest.raises(Trouble) as told:
            server_engine(server_url).connect()
    finally:
        _switch_full_page_writes("on")
    assert told.value.code == "P-1107"
    assert told.value.context == {"setting": "full_page_writes", "value": "off"}


def test_an_address_that_is_none_is_told() -> None:
    with pytest.raises(Trouble) as told:
        server_engine("کتابخانه")
    assert told.value.code == "P-1112"
