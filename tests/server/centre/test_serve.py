"""`pishkhan serve` as it is started for real: a process, a port, a stop in order, and what it refuses to start with."""

import contextlib
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.centre import make_keys
from app.messages import one_line
from db.opening import open_server_library, settle
from db.trouble import Trouble
from db.types import new_id
from server.centre.cluster import new_cluster, own_folder
from tests.centres import centre_url, keys_folder
from tests.db.stores import STAMP
from tests.installer.certificates import write_certificate
from tests.loaded import Program
from tests.postgres import cluster

ROOT = Path(__file__).parents[3]


def command(url: str, keys: Path, *more: str) -> list[str]:
    return ["serve", "--database", url, "--keys", str(keys), *more]


def refused(url: str, keys: Path, *more: str) -> str:
    """What a start that does not come about says; it leaves with 2 and never prints that it has started."""
    program = Program(*command(url, keys, "--port", "0", *more))
    out, err = program.communicate()
    assert (program.wait(), out) == (2, b"")
    return err.decode().strip()


@dataclass
class Process:
    """What a running server said of itself."""

    said: dict[str, str]

    def get(
        self, path: str, context: ssl.SSLContext | None = None, host: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> int:  # fmt: skip
        """The status of an answer."""
        address = urlsplit(self.said["address"])
        assert address.hostname is not None
        if address.scheme == "https":
            line: http.client.HTTPConnection = http.client.HTTPSConnection(
                address.hostname, address.port, timeout=10, context=context
            )
        else:
            line = http.client.HTTPConnection(address.hostname, address.port, timeout=10)
        with contextlib.closing(line):
            line.request("GET", path, headers=(headers or {}) | ({} if host is None else {"Host": host}))
            return line.getresponse().status


@contextlib.contextmanager
def serving(url: str, *more: str) -> Iterator[Process]:
    program = Program(*command(url, keys_folder(), "--port", "0", *more))
    try:
        line = program.stdout.readline()
        assert line, program.stderr.read()
        yield Process(json.loads(line))
    finally:
        program.end()


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A founded centre."""
    with centre_url() as address:
        yield address


def test_it_says_where_it_is_heard_answers_and_stops_in_order(url: str) -> None:
    """From nothing, as a service starts it."""
    started = [sys.executable, "pishkhan.py", *command(url, keys_folder(), "--port", "0")]
    with subprocess.Popen(started, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            server = Process(json.loads(process.stdout.readline()))
            assert server.said["event"] == "started"
            assert server.said["key"] == make_keys(keys_folder()).public_key.hex()
            assert server.get("/readyz") == 200
            process.send_signal(signal.SIGTERM)
            rest, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert (process.returncode, errors) == (0, "")
    assert [json.loads(line)["call"] for line in rest.splitlines()] == ["readyz"]


def test_pages_answer_to_the_name_they_were_given_and_branches_to_any(url: str) -> None:
    with serving(url, "--name", "Markaz.example.ir") as server:
        assert server.get("/", host="markaz.example.ir") < 400
        assert server.get("/", host="elsewhere.example") == 421
        assert server.get("/healthz", host="elsewhere.example") == 200


def test_the_metrics_are_given_to_others_for_the_secret_of_a_file(url: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")
    elsewhere = {"X-Forwarded-For": "192.0.2.7"}  # what a proxy of this machine says of whoever asked it
    with serving(url, "--metrics-token", str(secret)) as server:
        assert server.get("/metrics") == 200
        assert server.get("/metrics", headers=elsewhere) == 403
        assert server.get("/metrics", headers={**elsewhere, "Authorization": "Bearer s3cret"}) == 200
    secret.write_text(" \n")
    assert refused(url, keys_folder(), "--metrics-token", str(secret)) == one_line(Trouble("P-2418", path=secret))


def test_several_processes_stand_side_by_side(url: str) -> None:
    with serving(url) as first, serving(url) as second:
        assert first.said["address"] != second.said["address"]
        assert {first.get("/readyz"), second.get("/readyz")} == {200}


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of our own for localhost, and its key."""
    return write_certificate(tmp_path_factory.mktemp("certificate"))


def test_tls_is_1_3_and_nothing_older(url: str, certificate: tuple[Path, Path]) -> None:
    modern = ssl.create_default_context(cafile=str(certificate[0]))
    modern.check_hostname = False
    old = ssl.create_default_context(cafile=str(certificate[0]))
    old.check_hostname = False
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    with serving(url, "--certificate", str(certificate[0]), "--key", str(certificate[1])) as server:
        assert server.said["address"].startswith("https://")
        assert server.get("/healthz", modern) == 200
        with pytest.raises(ssl.SSLError):
            server.get("/healthz", old)


# What it refuses to start with.


def test_keys_of_another_centre_are_refused(url: str, tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    assert refused(url, tmp_path / "keys") == one_line(Trouble("P-2402", path=tmp_path / "keys"))


@pytest.mark.parametrize("name", ["sealing.key", "data.key"])
def test_one_wrong_key_is_enough(url: str, tmp_path: Path, name: str) -> None:
    shutil.copytree(keys_folder(), tmp_path / "keys")
    (tmp_path / "keys" / name).write_bytes(os.urandom(32))
    assert "P-2402" in refused(url, tmp_path / "keys")


def test_without_keys_nothing_is_answered_and_none_are_made(url: str, tmp_path: Path) -> None:
    assert "P-2401" in refused(url, tmp_path / "keys")
    assert not (tmp_path / "keys").exists()


def test_a_database_of_a_newer_program_is_refused() -> None:
    with centre_url() as url:
        with cluster().connect(urlsplit(url).path[1:]) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        assert "P-1401" in refused(url, keys_folder())


def test_an_empty_database_and_a_branch_are_not_a_centre() -> None:
    with cluster().database() as url:
        assert "P-2405" in refused(url, keys_folder())
        with open_server_library(url) as store:
            settle(store, new_id(), STAMP)
        assert "P-2406" in refused(url, keys_folder())


def test_a_taken_port_is_told(url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        program = Program(*command(url, keys_folder(), "--port", str(taken.getsockname()[1])))
        _, err = program.communicate()
    assert (program.wait(), b"P-2409" in err) == (2, True)


def test_without_a_certificate_only_this_machine_is_answered(url: str) -> None:
    assert "P-2411" in refused(url, keys_folder(), "--host", "0.0.0.0")


def test_a_certificate_that_is_none_is_told(url: str, tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("nothing")
    assert "P-2410" in refused(url, keys_folder(), "--certificate", str(tmp_path / "cert.pem"))


def test_a_server_that_may_forget_a_commit_is_refused() -> None:
    folder = own_folder("pishkhan-unsafe-")
    try:
        unsafe = new_cluster(folder)
        try:
            url = unsafe.make_database("centre")
            for setting in ("fsync", "full_page_writes"):
                with unsafe.connect() as connection:
                    connection.execute("ALTER SYSTEM RESET ALL")
                    connection.execute(f"ALTER SYSTEM SET {setting} = off".encode())
                    connection.execute("SELECT pg_reload_conf()")
                assert refused(url, keys_folder()) == one_line(Trouble("P-1107", setting=setting, value="off"))
        finally:
            unsafe.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_founding_makes_keys_and_the_first_administrator_once(tmp_path: Path) -> None:
    with cluster().database() as url:
        words = command(url, tmp_path / "keys", "--found", "مرکز آزمون", "--administrator", "nasrin")
        founding = [sys.executable, "pishkhan.py", *words]
        done = subprocess.run(founding, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
        assert "nasrin" in done.stdout
        assert make_keys(tmp_path / "keys").public_key.hex() in done.stdout
        assert {path.stat().st_mode & 0o077 for path in (tmp_path / "keys").iterdir()} == {0}
        again = subprocess.run(founding, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert (again.returncode, "P-1111" in again.stderr) == (2, True)
