"""The files for a real server: nginx and systemd accept them, and nginx does before the centre what they say."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from db.connect import SERVER_SETTINGS, SESSION_SETTINGS
from server.centre.cluster import Cluster, give, own_folder
from server.centre.limits import Limits
from tests.centres import centre_url, keys_folder
from tests.installer.certificates import write_certificate

ROOT = Path(__file__).parents[2]
SEGMENT = "a" * 64
FILES = ROOT / "installer" / "server"
UNITS = sorted(path.name for path in FILES.glob("pishkhan-*.*"))


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as made:
        return int(made.getsockname()[1])


# systemd


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd on this machine")
    for name in UNITS:
        text = (FILES / name).read_text().replace("/opt/pishkhan/", f"{ROOT}/")
        (tmp_path / name).write_text(text.replace(f"{ROOT}/.venv/bin/python", sys.executable))
    shutil.copy(tmp_path / "pishkhan-centre@.service", tmp_path / "pishkhan-centre@8301.service")
    named = [tmp_path / name for name in UNITS if "@." not in name] + [tmp_path / "pishkhan-centre@8301.service"]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *named], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_process_of_the_centre_may_do_little() -> None:
    unit = (FILES / "pishkhan-centre@.service").read_text()
    for line in ("CapabilityBoundingSet=", "NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateDevices=yes"):
        assert f"\n{line}\n" in unit
    assert "--workers" not in unit.split("[Unit]")[1]
    assert not re.search(r"password", (FILES / "centre.env").read_text().split("=", 1)[1])


# nginx


@dataclass
class Front:
    """A running nginx before two processes of the centre."""

    port: int
    processes: "list[subprocess.Popen[str]]"
    context: ssl.SSLContext

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> tuple[int, str]:
        line = http.client.HTTPSConnection("localhost", self.port, timeout=20, context=self.context)
        with contextlib.closing(line):
            line.request(method, path, body, headers or {})
            answer = line.getresponse()
            return answer.status, answer.read().decode(errors="replace")


def configuration(folder: Path, port: int, behind: list[int]) -> Path:
    """Our file inside a whole configuration, with the paths and ports of this test."""
    write_certificate(folder)
    text = (FILES / "nginx-pishkhan.conf").read_text()
    text = re.sub(r"    server 127\.0\.0\.1:830\d .*;\n", "", text)
    text = text.replace(
        "least_conn;", "least_conn;" + "".join(f" server 127.0.0.1:{one} max_fails=2;" for one in behind)
    )
    text = re.sub(r"    listen \[::\].*\n", "", text).replace("listen 80;", f"listen 127.0.0.1:{free_port()};")
    text = text.replace("listen 443", f"listen 127.0.0.1:{port}").replace("backlog=4096", "")
    text = text.replace("/etc/pishkhan/tls/", f"{folder}/").replace("/srv/pishkhan-segments/", f"{folder}/segments/")
    text = text.replace("/var/log/nginx/", f"{folder}/")
    (folder / "segments" / "shared" / "seg").mkdir(parents=True)
    (folder / "segments" / "shared" / "seg" / SEGMENT).write_bytes(b"0123456789")
    scratch = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;" if os.geteuid() == 0 else ""  # whoever may read the folder of this test
    whole = f"{user} daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;"
    (folder / "nginx.conf").write_text(f"{whole}\nevents {{}}\nhttp {{ {scratch}\n{text}\n}}\n")
    for path in (folder, *folder.rglob("*")):
        give(path)
    return folder / "nginx.conf"


@pytest.fixture(scope="module")
def front() -> Iterator[Front]:
    """nginx as the files set it up, with two real processes behind it."""
    if shutil.which("nginx", path="/usr/sbin:/usr/bin") is None:
        pytest.skip("no nginx on this machine")
    folder = own_folder("pishkhan-nginx-")
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        url = stack.enter_context(centre_url())
        processes = [
            subprocess.Popen(
                [sys.executable, "pishkhan.py", "serve", "--database", url, "--keys", keys_folder(), "--port", "0"],
                cwd=ROOT, stdout=subprocess.PIPE, text=True,
            )
            for _ in range(2)
        ]  # fmt: skip
        for process in processes:
            stack.callback(process.communicate)
            stack.callback(process.kill)
        behind = [int(json.loads(p.stdout.readline())["address"].rpartition(":")[2]) for p in processes if p.stdout]
        port = free_port()
        path = configuration(folder, port, behind)
        command = ["/usr/sbin/nginx", "-p", str(folder), "-c", str(path)]
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stderr
        nginx = subprocess.Popen(command, stderr=subprocess.PIPE)
        stack.callback(nginx.communicate)
        stack.callback(nginx.send_signal, signal.SIGTERM)
        context = ssl.create_default_context(cafile=str(folder / "centre.pem"))
        made = Front(port, processes, context)
        for _ in range(200):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            time.sleep(0.02)
        yield made


def test_nginx_reads_the_file_as_it_is_shipped(tmp_path: Path) -> None:
    """No word of it is replaced but the paths of the certificate, the log and the port that needs root."""
    if shutil.which("nginx", path="/usr/sbin:/usr/bin") is None:
        pytest.skip("no nginx on this machine")
    write_certificate(tmp_path)
    text = (FILES / "nginx-pishkhan.conf").read_text().replace("/etc/pishkhan/tls/", f"{tmp_path}/")
    (tmp_path / "site.conf").write_text(text.replace("/var/log/nginx/", f"{tmp_path}/"))
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid; error_log {tmp_path}/error.log;\nevents {{}}\nhttp {{ include {tmp_path}/site.conf; }}\n"
    )
    done = subprocess.run(
        ["/usr/sbin/nginx", "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr


def test_one_address_answers_for_all_processes(front: Front) -> None:
    assert front.ask("GET", "/healthz") == (200, "ok\n")


def test_what_is_for_operators_is_shown_to_this_machine(front: Front) -> None:
    assert front.ask("GET", "/readyz")[0] == 200
    assert front.ask("GET", "/metrics")[0] == 200


def test_a_body_that_is_too_big_never_reaches_a_process(front: Front) -> None:
    assert front.ask("POST", "/v1/push", bytes(15_000_000))[0] == 413
    assert front.ask("POST", "/v1/hello", bytes(400_000))[0] == 413
    assert front.ask("POST", "/v1/push", b"x" * 1_000_000)[0] == 400


def test_segments_are_files_with_ranges(front: Front) -> None:
    assert front.ask("GET", f"/v1/seg/{SEGMENT}", headers={"Range": "bytes=2-4"}) == (206, "234")
    assert front.ask("POST", f"/v1/seg/{SEGMENT}")[0] == 403
    assert front.ask("GET", "/v1/seg/../centre.key")[0] in (400, 404)


def test_what_is_no_file_of_all_branches_is_asked_of_a_process(front: Front) -> None:
    of_a_branch = f"/v1/seg/{'b' * 64}"
    assert front.ask("GET", of_a_branch)[0] == 404
    assert front.ask("GET", of_a_branch, headers={"Authorization": "Bearer AAAA"})[0] in (403, 404)
    assert front.ask("GET", "/v1/snap/nothing/manifest") == (400, "no such feed")


def zones(text: str) -> dict[str, str]:
    """Where something is limited, and by which zones, from the file as it is shipped."""
    found = re.findall(r"location ([^{]*)\{([^}]*)\}", text.replace("{64}", ""))
    return {where.strip().strip('"'): " ".join(re.findall(r"limit_req zone=(\w+)", body)) for where, body in found}


def test_every_address_is_limited_before_all_processes_together() -> None:
    """The limits of one process (server.centre.limits) would be multiplied by their number."""
    text = (FILES / "nginx-pishkhan.conf").read_text()
    named = zones(text)
    assert named["/v1/"] == named["= /v1/push"] == "pishkhan_calls"
    assert named["= /v1/enrol"] == "pishkhan_calls pishkhan_enrolments"
    assert named["~ ^/(my/)?sign-in(/|$)"] == "pishkhan_pages pishkhan_tries"
    assert named["/"] == "pishkhan_pages"
    rates = dict(re.findall(r"limit_req_zone \$\w+ zone=(\w+):10m rate=(\w+/\w);", text))
    per_second = int(rates["pishkhan_calls"].removesuffix("r/s"))
    assert per_second == Limits().address.per_second, "no more than one process would take by itself"
    assert f"zone=pishkhan_calls burst={Limits().address.burst} " in text
    assert (rates["pishkhan_enrolments"], rates["pishkhan_tries"]) == ("60r/m", "60r/m")


@pytest.mark.parametrize("path", ["/v1/enrol", "/sign-in", "/my/sign-in", "/sign-in/second"])
def test_who_tries_too_often_is_stopped_before_any_process(front: Front, path: str) -> None:
    statuses = [front.ask("POST", path, b"x")[0] for _ in range(45)]
    assert 429 in statuses
    assert 429 not in {front.ask("GET", "/sign-in")[0], front.ask("POST", "/v1/hello", b"x")[0]}


def test_nothing_older_than_tls_1_3_is_spoken(front: Front) -> None:
    front.context.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        with pytest.raises(ssl.SSLError):
            front.ask("GET", "/healthz")
    finally:
        front.context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED


def test_a_process_that_died_is_passed_over_in_the_middle_of_a_push(front: Front) -> None:
    front.processes[0].kill()
    front.processes[0].wait()
    assert {front.ask("POST", "/v1/push", b"nothing")[0] for _ in range(8)} == {400}
    assert {front.ask("GET", "/healthz")[0] for _ in range(8)} == {200}


# PostgreSQL


def test_postgresql_reads_the_settings_and_they_are_those_we_insist_on() -> None:
    """All of them on a real server, but for the sizes of a real machine."""
    folder = own_folder("pishkhan-settings-")
    try:
        small = {"max_wal_size": "64MB", "min_wal_size": "32MB", "maintenance_work_mem": "8MB"}
        running = Cluster(folder, small)
        running.run("initdb", "-D", str(running.data), "-U", "postgres", "-A", "trust", "--no-sync")
        with (running.data / "postgresql.conf").open("a") as file:
            file.write((FILES / "postgresql-pishkhan.conf").read_text().replace("/opt/pishkhan/", "/nowhere/"))
        running.start()
        try:
            with running.connect() as connection:
                found = {
                    str(name): value for name, value in connection.execute("SELECT name, setting FROM pg_settings")
                }
                refused = "SELECT name FROM pg_file_settings WHERE error IS NOT NULL"
                bad = {str(name) for (name,) in connection.execute(refused).fetchall()}
        finally:
            running.stop()
        assert bad <= {"shared_buffers", *small}, "given on the command line for this machine"
        for name, value in SERVER_SETTINGS.items():
            assert found.get(name) == value or name == "server_encoding"
        assert found["synchronous_commit"] == SESSION_SETTINGS["synchronous_commit"]
        assert (found["archive_mode"], found["log_statement"], found["TimeZone"]) == ("on", "none", "UTC")
        assert {"log_parameter_max_length": "0", "log_min_error_statement": "panic"}.items() <= found.items()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def test_the_sysctl_file_names_settings_that_exist() -> None:
    for line in (FILES / "sysctl-pishkhan.conf").read_text().splitlines():
        if line and not line.startswith("#"):
            name, _, value = line.partition(" = ")
            assert value
            assert Path("/proc/sys", *name.split(".")).exists() or name == "net.core.default_qdisc"


@pytest.mark.parametrize("script", sorted(path.name for path in FILES.glob("*.sh")))
def test_the_scripts_can_be_run(script: str) -> None:
    assert (FILES / script).stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(FILES / script)], check=True)
