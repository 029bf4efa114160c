"""The roles of the centre, in a cluster that does not know them yet: who makes them, and several starts at once."""

import shutil
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from db.codes import SiteRole
from db.isolation import DbRole, Scope
from db.opening import open_server_centre, open_server_library, settle
from db.trouble import Trouble
from db.types import new_id
from server.centre.cluster import Cluster, has_binaries, new_cluster, own_folder
from tests.db.stores import STAMP

ROLES_SQL = Path(__file__).parents[2] / "installer" / "server" / "roles.sql"
SCOPE = Scope(DbRole.SYNC, (uuid.UUID(int=5),))


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A cluster of its own: roles belong to the whole of one."""
    if not has_binaries():
        pytest.skip("no PostgreSQL server binaries (initdb) on this machine")
    folder = own_folder("pishkhan-roles-")
    try:
        running = new_cluster(folder)
        yield running
        running.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def as_login(url: str, login: str) -> str:
    return url.replace("postgres@", f"{login}@")


def works(url: str) -> bool:
    """Whether a centre opens there and does its work for branches as another role."""
    with open_server_centre(url) as store:
        if store.identity is None:
            settle(store, new_id(), STAMP, SiteRole.CENTRE)
        with store.write(scope=SCOPE) as tx:
            return bool(tx.run("SELECT current_user = 'pishkhan_sync' AND count(*) = 0 FROM loan").fetchone()[0])


def test_centres_that_start_at_once_make_the_roles_together(cluster: Cluster) -> None:
    """Nobody fails because another was faster in the catalogue that they share."""
    urls = [cluster.make_database(f"centre_{number}") for number in range(6)]
    for url in urls:
        open_server_library(url).close()  # Alembic makes tables in one thread only
    meet, outcomes = threading.Barrier(len(urls)), list[object]()

    def start(url: str) -> None:
        meet.wait()
        try:
            outcomes.append(works(url))
        except Exception as error:  # noqa: BLE001 - told to the assertion below
            outcomes.append(error)

    threads = [threading.Thread(target=start, args=(url,)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == [True] * len(urls)


def test_the_script_for_the_superuser_makes_a_login_that_can_do_no_more_than_it_must(cluster: Cluster) -> None:
    """The login of installer/server/roles.sql: the centre runs under it, row-level security and all."""
    with cluster.connect() as connection:
        for name in (*(f"centre_{number}" for number in range(6)), "pishkhan"):
            connection.execute(f"DROP DATABASE IF EXISTS {name}".encode())
        connection.execute(f"DROP ROLE IF EXISTS {', '.join(DbRole)}".encode())
        connection.execute("CREATE ROLE lonely LOGIN")
    url = cluster.make_database("lonely", "OWNER lonely")
    with pytest.raises(Trouble, match="P-2403"):
        open_server_centre(as_login(url, "lonely"))
    with cluster.connect() as connection:
        for statement in ROLES_SQL.read_text().split(";"):
            if statement.strip():
                connection.execute(statement.encode())
    assert works(as_login(cluster.url("pishkhan"), "pishkhan"))
    with psycopg.connect(as_login(cluster.url("pishkhan"), "pishkhan"), autocommit=True) as login:
        powers = "SELECT rolsuper OR rolcreaterole OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        assert login.execute(powers).fetchone() == (False,)
        for role in DbRole:
            login.execute("BEGIN")
            login.execute(f"SET LOCAL ROLE {role}".encode())
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                login.execute("SELECT 1 FROM reviewer")
            login.execute("ROLLBACK")
    with psycopg.connect(as_login(cluster.url("pishkhan"), "pishkhan_watch"), autocommit=True) as watch:
        assert watch.execute("SELECT count(*) > 0 FROM pg_stat_activity").fetchone() == (True,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            watch.execute("SELECT 1 FROM branch")
