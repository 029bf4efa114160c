"""The line over HTTP against a real server: pinned certificates, stalls, answers as they come."""

import datetime as dt
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.library import Library
from app.sync.branch import http_line
from app.sync.branch.http_line import SYSTEM_TRUST, HttpLine, checked_url, line_of, pins_of, query_of
from app.sync.line import Call, LineLostError, UntrustedError
from app.sync.wire import PullAsked, encode
from db.models.sync import Peer
from db.trouble import Trouble
from tests.library import found
from tests.server.centre.serving import LONG_AGO, Certificate, make_certificate, served

PULL = PullAsked(bytes(range(16)), "branch", 7, 12, 3, 4096)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"), "stranger")


class Echo:
    """A server that says what it was sent."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.app = Starlette(
            routes=[
                Route("/v1/pull", self.pull),
                Route("/v1/hello/ancestor", self.busy, methods=["POST"]),
                Route("/v1/{call}", self.post, methods=["POST"]),
            ]
        )

    async def post(self, request: Request) -> Response:
        body = await request.body()
        self.bodies.append(body)
        return Response(body[::-1])

    async def pull(self, request: Request) -> Response:
        return Response(f"{request.headers['authorization']} {request.url.query}")

    async def busy(self, _: Request) -> Response:
        return Response(b"later", 429, {"Retry-After": "17"})


def test_calls_and_answers_go_over_tls_as_they_are(certificate: Certificate) -> None:
    echo = Echo()
    with served(echo.app, certificate) as url, HttpLine(url, certificate.pem) as line:
        for body in (b"", b"batch" * 10_000):
            reply = line.send(Call.PUSH, body)
            assert (reply.status, reply.body) == (200, body[::-1])
        busy = line.send(Call.ANCESTOR, b"x")
        assert (busy.status, busy.body, busy.retry_after) == (429, b"later", 17)
        pulled = line.send(Call.PULL, encode(PULL), "token").body.decode()
    assert pulled == f"Bearer token device={PULL.device.hex()}&feed=branch&epoch=7&after=12&sub_after=3&bytes=4096"


def test_another_certificate_gets_no_byte_of_the_body(certificate: Certificate, stranger: Certificate) -> None:
    echo = Echo()
    with served(echo.app, stranger) as url, HttpLine(url, certificate.pem) as line, pytest.raises(UntrustedError):
        line.send(Call.PUSH, b"the rows of readers")
    assert echo.bodies == []


def test_a_certificate_nobody_pinned_is_not_believed(certificate: Certificate) -> None:
    with served(Echo().app, certificate) as url, HttpLine(url) as line, pytest.raises(UntrustedError):
        line.send(Call.HELLO, b"x")


def test_the_computers_own_store_does_not_believe_it_either(certificate: Certificate) -> None:
    with served(Echo().app, certificate) as url, HttpLine(url, system_trust=True) as line:
        with pytest.raises(UntrustedError) as refused:
            line.send(Call.HELLO, b"x")
        assert "certificate" in str(refused.value)


def test_only_to_ask_who_it_is_anybody_is_believed(certificate: Certificate) -> None:
    with served(Echo().app, certificate) as url, HttpLine(url, unproven=True) as line:
        assert line.send(Call.ENROL, b"who").body == b"ohw"


def test_the_backup_pin_is_believed_too(certificate: Certificate, stranger: Certificate) -> None:
    with served(Echo().app, stranger) as url, HttpLine(url, certificate.pem + stranger.pem) as line:
        assert line.send(Call.HELLO, b"ab").body == b"ba"


def test_of_a_chain_only_what_answers_for_itself_is_pinned(tmp_path: Path, certificate: Certificate) -> None:
    authority = _authority(tmp_path)
    assert pins_of(certificate.pem + authority) == certificate.pem
    assert pins_of(authority) == authority


def _authority(folder: Path) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([])
    built = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(LONG_AGO).not_valid_after(LONG_AGO + dt.timedelta(365))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    return built.public_bytes(Encoding.PEM).decode()


def test_a_damaged_pin_is_a_trouble() -> None:
    with pytest.raises(Trouble, match="P-2413"):
        HttpLine("https://centre.example", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")


@contextmanager
def _silent(answer: bytes) -> Iterator[str]:
    """A server that says this much and then nothing, without hanging up."""
    done = threading.Event()

    def run(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(answer)
            done.wait(10)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=run, args=(listener,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            done.set()
            thread.join(10)


@pytest.mark.parametrize("said", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf an ans"])
def test_a_line_that_stalls_is_lost(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_line, "STALL_SECONDS", 0.1)
    with _silent(said) as url, HttpLine(url) as line, pytest.raises(LineLostError):
        line.send(Call.PUSH, b"x")


def test_an_endless_answer_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_line, "MOST_ANSWER", 1000)
    with served(Echo().app) as url, HttpLine(url) as line, pytest.raises(LineLostError):
        line.send(Call.PUSH, b"x" * 1001)


def test_nobody_there_is_a_lost_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with HttpLine(f"http://127.0.0.1:{port}") as line, pytest.raises(LineLostError):
        line.send(Call.HELLO, b"x")


@pytest.mark.parametrize(
    "url", ["https://centre.ir", "https://centre.ir:8443/pishkhan/", "http://127.0.0.1:80", "http://localhost:8000",
            "http://[::1]:8000"],
)  # fmt: skip
def test_addresses_it_goes_to(url: str) -> None:
    assert checked_url(url) == url.rstrip("/")


@pytest.mark.parametrize(
    "url", ["http://centre.ir", "http://10.0.0.1", "ftp://centre.ir", "centre.ir", "", "https://", "https://a:b",
            "https://u:p@centre.ir", "https://centre.ir?x=1", "http://127.0.0.1.centre.ir", "https://[::1"],
)  # fmt: skip
def test_addresses_it_does_not_go_to(url: str) -> None:
    with pytest.raises(Trouble, match="P-2412"):
        checked_url(url)


def test_the_query_of_a_pull_says_all_of_it() -> None:
    assert list(query_of(encode(PULL)).values()) == [PULL.device.hex(), "branch", 7, 12, 3, 4096]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = found(tmp_path)
    with library.store:
        yield library


def test_the_line_of_a_branch_goes_to_its_centre_and_believes_its_pin(
    library: Library, certificate: Certificate
) -> None:
    with served(Echo().app, certificate) as url:
        with library.store.write() as tx:
            tx.connection.execute(sa.insert(Peer).values(url=url, certificates=certificate.pem))
        with line_of(library) as line:
            assert line.send(Call.HELLO, b"ab").body == b"ba"
        with library.store.write() as tx:
            SYSTEM_TRUST.write(tx, value=True)
        with line_of(library) as line, pytest.raises(UntrustedError):  # the explicit setting counts alone
            line.send(Call.HELLO, b"ab")
        with pytest.raises(Trouble, match="P-2412"):
            line_of(library, "http://centre.ir")


def test_a_branch_that_has_not_enrolled_has_no_line(library: Library) -> None:
    with pytest.raises(Trouble, match="P-2427"):
        line_of(library)
