"""The calls over HTTP, before anything of them is understood: sizes, rates, what cannot be done now, and what the log
and the counts tell."""

import json
import logging
import socket
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.testclient import TestClient

from app.centre import Centre
from app.clock import SettableClock
from app.sync.enrolling import issue_code, written
from app.sync.line import BAD, BUSY, CONFLICT, DENIED, OK, TOO_BIG, Call, Reply
from app.sync.wire import (
    BATCH_MAGIC,
    MOST_SENT,
    SEALED_MAGIC,
    Enrol,
    Header,
    Hello,
    PullAsked,
    decode,
    encode,
    seal_message,
)
from db.trouble import Trouble
from server.centre import api, limits
from server.centre.asgi import make_app
from server.centre.limits import MOST_BODY, MOST_SMALL, Allowed, Buckets, Claimed, Limits, claimed
from server.centre.logs import JsonLines
from tests.centres import fresh_centre
from tests.server.centre.serving import served

BRANCH, DEVICE = uuid.uuid4(), uuid.uuid4()
POSTS = [call for call in Call if call is not Call.PULL]
PULL_QUERY: dict[str, Any] = {
    "device": DEVICE.hex,
    "feed": "branch",
    "epoch": 7,
    "after": 12,
    "sub_after": 3,
    "bytes": 4096,
}
BEARER = {"Authorization": "Bearer token"}


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    with fresh_centre() as centre:
        yield centre


@dataclass
class Answering:
    """Stands for the centre's answers: says what a test wants, remembers what came."""

    reply: Reply | Exception
    calls: list[tuple[Call, bytes, str]]

    def __call__(self, _: Centre, call: Call, body: bytes, bearer: str = "") -> Reply:
        self.calls.append((call, body, bearer))
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Answering:
    made = Answering(Reply(OK, b"answer"), [])
    monkeypatch.setattr(api, "answer", made)
    return made


@pytest.fixture
def client(centre: Centre, answering: Answering) -> TestClient:
    return TestClient(make_app(centre), raise_server_exceptions=False, client=("127.0.0.1", 50_000))


@pytest.mark.parametrize("call", POSTS)
def test_a_call_brings_its_body_and_takes_the_answer(client: TestClient, answering: Answering, call: Call) -> None:
    reply = client.post(f"/v1/{call.value}", content=b"body")
    assert (reply.status_code, reply.content) == (OK, b"answer")
    assert reply.headers["content-type"] == "application/octet-stream"
    assert answering.calls == [(call, b"body", "")]


def test_a_pull_is_a_query_with_a_bearer(client: TestClient, answering: Answering) -> None:
    assert client.get("/v1/pull", params=PULL_QUERY, headers=BEARER).status_code == OK
    ((call, body, bearer),) = answering.calls
    assert (call, bearer) == (Call.PULL, "token")
    assert decode(body, PullAsked) == PullAsked(DEVICE.bytes, "branch", 7, 12, 3, 4096)


@pytest.mark.parametrize(
    "wrong",
    [{"device": "12"}, {"device": "nothing"}, {"epoch": "x"}, {"epoch": -1}, {"epoch": 1 << 63}, {"after": -1},
     {"after": 10**20}, {"bytes": -5}],
)  # fmt: skip
def test_a_query_that_is_none_is_not_asked(client: TestClient, answering: Answering, wrong: dict[str, Any]) -> None:
    assert client.get("/v1/pull", params=PULL_QUERY | wrong, headers=BEARER).status_code == BAD
    assert answering.calls == []


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Basic abc"}, {"Authorization": "Bearer "}])
def test_a_pull_without_a_bearer_is_denied(client: TestClient, answering: Answering, headers: dict[str, str]) -> None:
    assert client.get("/v1/pull", params=PULL_QUERY, headers=headers).status_code == DENIED
    assert answering.calls == []


def test_nobody_pulls_more_than_a_page(client: TestClient, answering: Answering) -> None:
    client.get("/v1/pull", params=PULL_QUERY | {"bytes": 10**12}, headers=BEARER)
    assert decode(answering.calls[0][1], PullAsked).most == MOST_SENT


@pytest.mark.parametrize(("call", "most"), [(Call.PUSH, MOST_BODY), (Call.HELLO, MOST_SMALL), (Call.ENROL, MOST_SMALL)])
def test_what_is_too_big_is_not_even_read(client: TestClient, answering: Answering, call: Call, most: int) -> None:
    assert client.post(f"/v1/{call.value}", content=b"x" * most).status_code == OK
    assert client.post(f"/v1/{call.value}", content=b"x" * (most + 1)).status_code == TOO_BIG
    assert client.post(f"/v1/{call.value}", headers={"Content-Length": "9" * 30}).status_code == TOO_BIG
    assert len(answering.calls) == 1


def test_a_body_without_a_length_is_cut_off_where_it_is_too_big(client: TestClient, answering: Answering) -> None:
    sent: list[int] = []

    def parts() -> Iterator[bytes]:
        for part in range(100):
            sent.append(part)
            yield b"x" * (MOST_BODY // 4)

    assert client.post("/v1/push", content=parts()).status_code == TOO_BIG
    assert answering.calls == []


def test_a_body_that_does_not_come_is_not_waited_for(
    centre: Centre, answering: Answering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "BODY_SECONDS", 0.05)
    with served(make_app(centre)) as url:
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        with socket.create_connection(address, 10) as connection:
            connection.sendall(b"POST /v1/push HTTP/1.1\r\nHost: centre\r\nContent-Length: 100\r\n\r\nhalf")
            assert connection.recv(100).startswith(b"HTTP/1.1 408")
    assert answering.calls == []


@pytest.mark.parametrize("reply", [Reply(CONFLICT, b"gap"), Reply(BUSY, retry_after=9), Reply(503, b"P-1101", 30)])
def test_what_the_centre_says_comes_as_it_is(client: TestClient, answering: Answering, reply: Reply) -> None:
    answering.reply = reply
    got = client.post("/v1/push", content=b"batch")
    waits = got.headers.get("retry-after")
    assert (got.status_code, got.content, waits and int(waits)) == (reply.status, reply.body, reply.retry_after)


def test_who_comes_when_too_many_wait_is_told_so(centre: Centre, answering: Answering) -> None:
    served = api.Served(centre)
    served.gate.waiting = 256
    reply = TestClient(Starlette(routes=api.sync_routes(served))).post("/v1/push", content=b"x")
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "2")
    assert answering.calls == []


def test_a_bug_is_not_hidden(client: TestClient, answering: Answering) -> None:
    answering.reply = KeyError("bug")
    assert client.post("/v1/push", content=b"batch").status_code == 500


def test_who_comes_too_often_waits(centre: Centre, answering: Answering) -> None:
    client = TestClient(make_app(centre, limits=Limits(address=Allowed(3, 0.1))))
    statuses = [client.post("/v1/hello", content=b"x").status_code for _ in range(4)]
    assert statuses == [OK, OK, OK, BUSY]
    assert int(client.get("/v1/pull", params=PULL_QUERY, headers=BEARER).headers["retry-after"]) >= 10
    assert len(answering.calls) == 3


def test_one_device_does_not_use_up_the_share_of_another(centre: Centre, answering: Answering) -> None:
    client = TestClient(make_app(centre, limits=Limits(device=Allowed(2, 0.1))))

    def hello(device: uuid.UUID) -> int:
        return client.post("/v1/hello", content=a_message(Hello(device.bytes, 0, 1, "", [], []))).status_code

    assert [hello(DEVICE) for _ in range(3)] == [OK, OK, BUSY]
    assert hello(BRANCH) == OK


def wrong_code(address: str, app: Starlette, code: str = "2222AAAA2222") -> Any:
    key = Ed25519PrivateKey.generate()
    asked = Enrol(code, BRANCH.bytes, DEVICE.bytes, key.public_key().public_bytes_raw(), "", "", "", 1)
    client = TestClient(app, client=(address, 50_000))
    return client.post("/v1/enrol", content=seal_message(asked, key))


def test_after_wrong_codes_an_address_waits_whichever_process_it_asks(centre: Centre) -> None:
    one, other = make_app(centre), make_app(centre)
    assert [wrong_code("10.0.0.7", one).status_code for _ in range(4)] == [DENIED] * 4
    for process in (one, other):
        busy = wrong_code("10.0.0.7", process)
        assert (busy.status_code, 0 < int(busy.headers["retry-after"]) <= 15) == (BUSY, True)
    assert wrong_code("10.0.0.8", other).status_code == DENIED, "another address is not concerned"
    assert wrong_code("10.0.0.7", other, code="").status_code == OK, "nor is who asks who the centre is"
    assert wrong_code("10.0.0.7", one).status_code == BUSY, "which makes up for nothing"


def test_a_good_code_ends_the_waiting() -> None:
    with fresh_centre() as centre:
        app = make_app(centre)
        for _ in range(3):
            assert wrong_code("10.0.0.9", app).status_code == DENIED
        assert wrong_code("10.0.0.9", app, code=written(issue_code(centre, BRANCH, "ali").code)).status_code == OK
        assert isinstance(centre.clock, SettableClock)
        centre.clock.advance(seconds=1)
        assert [wrong_code("10.0.0.9", app).status_code for _ in range(4)] == [DENIED] * 4


def test_pushes_wake_the_work_of_the_centre(centre: Centre, answering: Answering) -> None:
    woken: list[str] = []
    served = api.Served(centre, after_push=lambda: woken.append("push"))
    client = TestClient(Starlette(routes=api.sync_routes(served)))
    client.post("/v1/push", content=b"x")
    answering.reply = Reply(BAD)
    client.post("/v1/push", content=b"x")
    client.post("/v1/hello", content=b"x")
    assert woken == ["push"]


def a_message(message: Any) -> bytes:
    """A message as it is sent, but for its signature."""
    kind = type(message).__name__
    return SEALED_MAGIC + zstandard.compress(msgpack([kind, encode(message)])) + bytes(64)


def msgpack(plain: Any) -> bytes:
    return msgspec.msgpack.encode(plain)


def a_batch(entries: int = 2) -> bytes:
    header = Header(1, BRANCH.bytes, DEVICE.bytes, 7, 1, entries, bytes(8), bytes(16), 1, "0.1")
    whole = msgpack([header, [[b"body" * 20, None]] * entries])
    return BATCH_MAGIC + zstandard.compress(whole) + bytes(64)


@pytest.mark.parametrize(
    ("body", "who"),
    [
        (a_batch(), Claimed(BRANCH.hex, DEVICE.hex)),
        (a_batch(3000), Claimed(BRANCH.hex, DEVICE.hex)),
        (a_message(Hello(DEVICE.bytes, 0, 1, "", [], [])), Claimed(device=DEVICE.hex)),
        (a_message(Enrol("ABCD", BRANCH.bytes, DEVICE.bytes, bytes(32), "", "", "", 1)), Claimed(device=BRANCH.hex)),
        (b"", Claimed()),
        (b"PSB1", Claimed()),
        (b"PSB1" + bytes(300), Claimed()),
        (b"PSB1" + zstandard.compress(b""), Claimed()),
        (BATCH_MAGIC + zstandard.compress(bytes(200 << 20)), Claimed()),
    ],
)
def test_who_a_body_says_it_is_from(body: bytes, who: Claimed) -> None:
    assert claimed(body) == who


def test_buckets_leak_and_forget() -> None:
    now = [0.0]
    buckets = Buckets(Allowed(2, 0.5), lambda: now[0])
    for _ in range(2):
        assert buckets.wait("a") == 0
        buckets.take("a")
    assert buckets.wait("a") == 3
    now[0] = 2.0
    assert buckets.wait("a") == 0
    for number in range(30_000):
        buckets.take(str(number))
    assert len(buckets._full) <= 20_000


# The log and the counts


def lines(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [json.loads(JsonLines().format(one)) for one in caplog.records if one.name == "pishkhan.centre"]


def test_the_log_tells_calls_and_no_person(
    client: TestClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("pishkhan.centre"), "propagate", True)
    with caplog.at_level(logging.INFO, "pishkhan.centre"):
        client.post("/v1/push", content=a_batch())
        client.get("/v1/pull", params=PULL_QUERY, headers={"Authorization": "Bearer secret-token"})
        client.get("/my/loans?card=1001&name=maryam", follow_redirects=False)
    push, pull, page = lines(caplog)
    assert push["call"] == "push"
    assert (push["branch"], push["status"], push["in"]) == (BRANCH.hex, OK, len(a_batch()))
    assert push["ms"] >= 0
    assert pull["call"] == "pull"
    assert page["call"] == "page"
    told = json.dumps([push, pull, page])
    assert not any(secret in told for secret in ("secret-token", "1001", "maryam", "127.0.0.1"))


def test_the_log_of_an_error_tells_its_kind_and_place_alone() -> None:
    try:
        raise ValueError("Failing row contains (مریم رضایی)")
    except ValueError:
        record = logging.LogRecord("pishkhan.centre", logging.ERROR, "", 0, "background", None, sys.exc_info())
    line = JsonLines().format(record)
    told = json.loads(line)
    assert (told["level"], told["message"], told["error"]) == ("error", "background", "ValueError")
    assert told["where"].startswith("test_api.py:")
    assert "Failing" not in line


def test_the_metrics_count_calls_by_status(client: TestClient, answering: Answering) -> None:
    client.post("/v1/push", content=b"12345")
    answering.reply = Reply(CONFLICT)
    client.post("/v1/push", content=b"12345")
    client.get("/no/such/page")
    text = client.get("/metrics").text
    assert 'pishkhan_requests_total{call="push",status="200"} 1' in text
    assert 'pishkhan_requests_total{call="push",status="409"} 1' in text
    assert 'pishkhan_requests_total{call="page",status="404"} 1' in text
    assert 'pishkhan_received_bytes_total{call="push"} 10' in text
    assert 'pishkhan_batch_seconds_bucket{le="+Inf"} 2' in text
    for gauge in ("entries", "set_aside", "held_batches", "devices", "branch_queue", "oldest_contact_seconds"):
        assert f"\npishkhan_{gauge} 0\n" in text


def test_every_line_of_the_metrics_is_prometheus_text(client: TestClient) -> None:
    client.post("/v1/push", content=b"12345")
    reply = client.get("/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    for line in reply.text.splitlines():
        name, _, value = line.rpartition(" ")
        assert line.startswith("# ") or (name.startswith("pishkhan_") and float(value) >= 0)


@pytest.mark.parametrize(
    ("address", "said", "status"),
    [
        ("127.0.0.1", "", OK), ("::1", "", OK), ("192.0.2.7", "", DENIED), ("192.0.2.7", "Bearer wrong", DENIED),
        ("192.0.2.7", "Bearer ", DENIED), ("192.0.2.7", "Basic the-token", DENIED),
        ("192.0.2.7", "Bearer the-token", OK), ("unknown", "", DENIED),
    ],
)  # fmt: skip
def test_the_metrics_are_for_this_machine_or_the_token(centre: Centre, address: str, said: str, status: int) -> None:
    client = TestClient(make_app(centre, token="the-token"), client=(address, 50_000))
    assert client.get("/metrics", headers={"Authorization": said} if said else {}).status_code == status


def test_without_a_token_no_other_machine_reads_the_metrics(centre: Centre) -> None:
    client = TestClient(make_app(centre), client=("192.0.2.7", 50_000))
    for said in ("", "Bearer", "Bearer "):
        assert client.get("/metrics", headers={"Authorization": said}).status_code == DENIED


def test_a_centre_whose_database_is_away_lives_and_is_not_ready(
    client: TestClient, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)

    def away(*_: Any) -> Any:
        raise Trouble("P-1112")

    monkeypatch.setattr(centre.store, "read", away)
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    assert client.get("/readyz").json() == {"ready": False, "trouble": "P-1112"}
    assert "# the database does not answer" in client.get("/metrics").text
