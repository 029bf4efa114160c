"""Hostile bytes against every endpoint of a real centre: an answer below 500, nothing stored, memory that stays."""

import gc
import resource
from collections.abc import Iterator

import msgspec
import pytest
import sqlalchemy as sa
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from app.centre import Centre
from app.library import Library
from app.sync.branch.device_key import read_device_key
from app.sync.branch.enrolling import EnrolledHere, enrol
from app.sync.branch.rounds import sync_round
from app.sync.branch.talk import RoundState
from app.sync.centre.bearer import make_bearer
from app.sync.enrolling import SCOPES, issue_code
from app.sync.line import Call, LineLostError, Reply
from app.sync.wire import BATCH_MAGIC, SEALED_MAGIC, Hello, seal_message
from db.models.schema import METADATA
from server.centre.asgi import make_app
from server.centre.limits import Allowed, Limits
from tests.centres import fresh_centre
from tests.library import act, add_copy, add_member, found
from tests.postgres import cluster
from tests.sync.lines import InProcessLine

POSTS = [call.value for call in Call if call is not Call.PULL]
SERVER_ERROR = 500
TOUCHED = ("journal", "stream", "device", "enrolment_code", "set_aside", "sync_case", "member", "item", "branch")
NUMBERS = st.integers(-(2**63), 2**64 - 1)
LEAVES = st.none() | st.booleans() | NUMBERS | st.floats() | st.text(max_size=20) | st.binary(max_size=40)
NONSENSE = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=14) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=40,
)
MAGICS = st.sampled_from([BATCH_MAGIC, SEALED_MAGIC])
NO_LIMITS = Limits(Allowed(10**9, 1), Allowed(10**9, 1))
TRIED = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


class Recorder:
    """Keeps what a branch sends in a true round."""

    def __init__(self, centre: Centre) -> None:
        self._line = InProcessLine(centre)
        self.sent: list[tuple[Call, bytes, str]] = []
        self.silent = False
        """Whether batches get lost on the way."""

    def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:
        self.sent.append((call, body, bearer))
        if self.silent and call is Call.PUSH:
            raise LineLostError("silent")
        return self._line.send(call, body, bearer)


@pytest.fixture(scope="module")
def centre() -> Iterator[Centre]:
    with fresh_centre() as centre:
        yield centre


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = found(tmp_path_factory.mktemp("branch"))
    with library.store:
        yield library


@pytest.fixture(scope="module")
def sent(centre: Centre, library: Library) -> list[tuple[Call, bytes, str]]:
    """All the calls of an enrolment and a round, as they went."""
    line = Recorder(centre)
    key = read_device_key(library)
    code = issue_code(centre, library.branch.id, "ali").code
    assert isinstance(enrol(library, "https://centre.example", code, line, key, act(library)), EnrolledHere)
    add_member(library)
    add_copy(library)
    assert sync_round(library, line, key).state is RoundState.DONE
    return line.sent


@pytest.fixture(scope="module")
def client(centre: Centre) -> TestClient:
    return TestClient(make_app(centre, limits=NO_LIMITS), raise_server_exceptions=False)


def stored(centre: Centre) -> dict[str, int]:
    """How many rows there are of what a call may write."""
    counts = (
        sa.select(sa.func.count()).select_from(METADATA.tables[name]).scalar_subquery().label(name) for name in TOUCHED
    )
    with centre.store.read() as reader:
        return dict(reader.connection.execute(sa.select(*counts)).mappings().one())


@TRIED
@given(call=st.sampled_from(POSTS), body=st.binary(max_size=2000), magic=MAGICS | st.just(b""))
def test_random_bytes(client: TestClient, call: str, body: bytes, magic: bytes) -> None:
    assert client.post(f"/v1/{call}", content=magic + body).status_code < SERVER_ERROR


@TRIED
@given(call=st.sampled_from(POSTS), plain=NONSENSE, magic=MAGICS)
def test_well_packed_nonsense(client: TestClient, call: str, plain: object, magic: bytes) -> None:
    body = magic + zstandard.compress(msgspec.msgpack.encode(plain)) + bytes(64)
    assert client.post(f"/v1/{call}", content=body).status_code < SERVER_ERROR


@TRIED
@given(data=st.data())
def test_true_calls_that_were_spoilt(
    client: TestClient, centre: Centre, sent: list[tuple[Call, bytes, str]], data: st.DataObject
) -> None:
    posts = [(call, body) for call, body, _ in sent if call is not Call.PULL]
    call, body = data.draw(st.sampled_from(posts))
    before = stored(centre)
    spoilt = data.draw(_spoilt(body))
    at = data.draw(st.sampled_from([call.value, *POSTS]))
    status = client.post(f"/v1/{at}", content=spoilt).status_code
    assert status < SERVER_ERROR
    if spoilt != body or at != call.value:
        assert status != 200
    assert stored(centre) == before


def _spoilt(body: bytes) -> st.SearchStrategy[bytes]:
    place = st.integers(0, len(body) - 1)
    return st.one_of(
        place.map(lambda at: body[:at]),
        place.map(lambda at: body[:at] + bytes([body[at] ^ 0x41]) + body[at + 1 :]),
        st.binary(min_size=1, max_size=9).map(lambda more: body + more),
        st.tuples(place, place).map(lambda two: body[: min(two)] + body[max(two) + 1 :]),
        place.map(lambda at: body[:at] + body),
    )


def test_true_calls_again_change_nothing(
    client: TestClient, centre: Centre, sent: list[tuple[Call, bytes, str]]
) -> None:
    before = stored(centre)
    for call, body, _ in sent:
        if call is not Call.PULL:
            assert client.post(f"/v1/{call.value}", content=body).status_code == 200
    assert stored(centre) == before


@TRIED
@given(data=st.data())
def test_signed_nonsense_of_a_known_device(
    client: TestClient, library: Library, sent: list[tuple[Call, bytes, str]], data: st.DataObject
) -> None:
    """The key is a true one; what is signed with it is a true message with nonsense in one place of it."""
    messages = [(call, body) for call, body, _ in sent if body.startswith(SEALED_MAGIC)]
    call, body = messages[data.draw(st.integers(0, len(messages) - 1))]
    kind, plain = msgspec.msgpack.decode(zstandard.decompress(body[4:-64]))
    said = msgspec.msgpack.decode(plain)
    said[data.draw(st.integers(1 if call is not Call.ENROL else 3, len(said) - 1))] = data.draw(NONSENSE)
    whole = SEALED_MAGIC + zstandard.compress(msgspec.msgpack.encode([kind, msgspec.msgpack.encode(said)]))
    signed = whole + read_device_key(library).sign(whole)
    assert client.post(f"/v1/{call.value}", content=signed).status_code < SERVER_ERROR


@TRIED
@given(
    query=st.dictionaries(
        st.sampled_from(["device", "feed", "epoch", "after", "sub_after", "bytes", "x"]),
        st.text(max_size=40) | st.integers(-(2**70), 2**70).map(str),
        max_size=7,
    ),
    signed=st.booleans(),
)
def test_any_query_of_a_pull(
    client: TestClient, centre: Centre, library: Library, sent: object, query: dict[str, str], signed: bool
) -> None:
    identity = library.store.identity
    assert identity is not None
    token = make_bearer(centre.keys, identity.device_id, identity.branch_id, list(SCOPES), centre.now())
    given_query = {"device": identity.device_id.hex, "feed": "branch"} | query
    headers = {"Authorization": f"Bearer {token}"} if signed else {}
    assert client.get("/v1/pull", params=given_query, headers=headers).status_code < SERVER_ERROR


def bombs() -> list[bytes]:
    """A little that grows to very much: declared, not declared, and of many frames."""
    much = bytes(100 << 20)
    declared = zstandard.compress(much)
    stream = zstandard.ZstdCompressor(level=3).compressobj()
    silent = stream.compress(much) + stream.flush()
    return [declared, silent, declared * 20]


@pytest.mark.parametrize("magic", [BATCH_MAGIC, SEALED_MAGIC])
def test_bombs_take_no_memory(client: TestClient, sent: object, magic: bytes) -> None:
    prepared = [magic + bomb + bytes(64) for bomb in bombs()]
    assert all(len(body) < 1 << 20 for body in prepared)
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for body in prepared:
        for call in POSTS:
            assert client.post(f"/v1/{call}", content=body).status_code == 400
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 64 << 10, f"{grown} kB"  # kB


def test_a_device_nobody_enrolled_is_denied(client: TestClient, library: Library, sent: object) -> None:
    hello = Hello(bytes(16), 0, 1, "0.1", [], [])
    assert client.post("/v1/hello", content=seal_message(hello, Ed25519PrivateKey.generate())).status_code == 403


def test_a_database_that_goes_away_is_told_and_nothing_is_half_done(
    client: TestClient, centre: Centre, library: Library, sent: object
) -> None:
    add_copy(library)
    line = Recorder(centre)
    line.silent = True
    sync_round(library, line, read_device_key(library))
    push = next(body for call, body, _ in line.sent if call is Call.PUSH)
    before = stored(centre)
    with centre.store.read() as reader:
        (database,) = reader.run("SELECT current_database()").fetchone()
    with cluster().connect() as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [database],
        )
    reply = client.post("/v1/push", content=push)
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "30")
    assert stored(centre) == before
    assert client.post("/v1/push", content=push).status_code == 200
    assert stored(centre)["journal"] == before["journal"] + 1
