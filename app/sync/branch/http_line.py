"""The line to the centre over HTTP: TLS 1.3 to the pinned certificate, a limit on stalling instead of one on the whole
(sync-protocol 17, 18).

Trust comes from the pin: no name is compared, and no date, since a clock that is years off must not stop the sync
(sync-protocol 12). The private key behind the pinned certificate is what counts.
"""

import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx2
import sqlalchemy as sa
import truststore
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from app.library import Library
from app.settings import Setting
from app.sync.line import OK, Call, LineLostError, Reply, UntrustedError
from app.sync.wire import MOST_SENT_ALONE, PullAsked, decode
from app.version import VERSION
from db.models.sync import Peer
from db.trouble import Trouble

STALL_SECONDS = 30
KEEP_ALIVE_SECONDS = 60
PARTIAL = 206
MOST_ANSWER = MOST_SENT_ALONE
CONTENT = "application/octet-stream"
SYSTEM_TRUST: Setting[bool] = Setting("system_trust", default=False, scope="sync")
"""Whether the computer's own store is believed too: for networks whose proxy breaks TLS open (sync-protocol 17)."""
NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL, which Python does not name."""


class HttpLine:
    """The calls of protocol 5 to the centre at `url`. Close it, or use it as a context manager.

    `certificates` (PEM) are the only ones believed; without them those the system believes, names compared.
    `system_trust`: also believe what the computer's own store believes, for networks whose proxy breaks TLS open; to be
    allowed by an explicit setting only. `unproven`: believe anybody, to ask who they are; never to send a secret.
    Plain HTTP goes to this very machine only. Raises Trouble P-2412 for an address it cannot go to.
    """

    def __init__(
        self, url: str, certificates: str | None = None, *, system_trust: bool = False, unproven: bool = False
    ) -> None:
        self._url = checked_url(url)
        if unproven:
            trust = _believing_anybody()
        elif self._url.startswith("http:"):
            trust = _client_context()  # nothing is proven on the way to this machine; reading the system's list is slow
        elif system_trust:
            trust = _computers_store()
        else:
            trust = _pinned(certificates) if certificates else _system()
        self._client = httpx2.Client(
            verify=trust,
            timeout=httpx2.Timeout(STALL_SECONDS),
            limits=httpx2.Limits(max_connections=1, keepalive_expiry=KEEP_ALIVE_SECONDS),
            headers={"User-Agent": f"pishkhan/{VERSION}", "Accept-Encoding": "identity"},
            trust_env=not is_loopback(self._url),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:
        """One call. Raises LineLostError, and UntrustedError where somebody else answers."""
        with self._answer_to(self._asked(call, body, bearer)) as response:
            content = bytearray()
            _read(response, content, MOST_ANSWER)
            return Reply(response.status_code, bytes(content), _seconds(response.headers.get("retry-after")))

    def fetch(self, name: str, into: bytearray, most: int, bearer: str = "") -> Reply:
        """What is missing of a file: as `Files.fetch`."""
        headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
        if into:
            headers["Range"] = f"bytes={len(into)}-"
        with self._answer_to(self._client.stream("GET", f"{self._url}/v1/{name}", headers=headers)) as response:
            if response.status_code not in (OK, PARTIAL):
                return Reply(response.status_code, retry_after=_seconds(response.headers.get("retry-after")))
            if response.status_code == OK:
                into.clear()  # all of it comes
            _read(response, into, most)
            return Reply(OK)

    @contextmanager
    def _answer_to(self, asked: AbstractContextManager[httpx2.Response]) -> Iterator[httpx2.Response]:
        try:
            with asked as response:
                yield response
        except httpx2.ConnectError as error:
            if isinstance(_cause(error), ssl.SSLCertVerificationError):
                raise UntrustedError(str(error)) from error
            raise LineLostError(str(error)) from error
        except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as error:
            raise LineLostError(str(error) or type(error).__name__) from error

    def _asked(self, call: Call, body: bytes, bearer: str) -> AbstractContextManager[httpx2.Response]:
        if call is Call.PULL:
            headers = {"Authorization": f"Bearer {bearer}"}
            return self._client.stream("GET", f"{self._url}/v1/pull", params=query_of(body), headers=headers)
        headers = {"Content-Type": CONTENT}
        return self._client.stream("POST", f"{self._url}/v1/{call.value}", content=body, headers=headers)


def _read(response: httpx2.Response, into: bytearray, most: int) -> None:
    for part in response.iter_raw():
        into += part
        if len(into) > most:
            raise LineLostError("the answer is too big")


def line_of(library: Library, other_url: str | None = None) -> HttpLine:
    """The line to the centre this branch has enrolled with, at another of its addresses where one is named. Raises
    Trouble P-2427 where it has not enrolled, P-2412, P-2413."""
    with library.store.read() as reader:
        peer = reader.connection.execute(sa.select(Peer.url, Peer.certificates)).first()
        system_trust = SYSTEM_TRUST.read(reader)
    if peer is None:
        raise Trouble("P-2427")
    return HttpLine(other_url or peer.url, peer.certificates, system_trust=system_trust)


def checked_url(url: str) -> str:
    """An address as it is used, without a slash at its end. Raises Trouble P-2412 for one that would send in the
    clear, or is none."""
    stripped = url.strip().rstrip("/")
    try:
        parts = urlsplit(stripped)
        named = bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise Trouble("P-2412", url=stripped) from error
    plain = parts.scheme == "http" and named and is_loopback(stripped)
    if not (named and (parts.scheme == "https" or plain)) or parts.query or parts.fragment or parts.username:
        raise Trouble("P-2412", url=stripped)
    return stripped


def is_loopback(url: str) -> bool:
    """Whether an address is this very machine: a demonstration, a test."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def query_of(body: bytes) -> dict[str, str | int]:
    """The message of a pull as the query that carries it."""
    asked = decode(body, PullAsked)
    return {
        "device": asked.device.hex(), "feed": asked.feed, "epoch": asked.epoch, "after": asked.after,
        "sub_after": asked.sub_after, "bytes": asked.most, **({"have": asked.have} if asked.have else {}),
    }  # fmt: skip


def pins_of(pem: str) -> str:
    """The certificates of a chain that may be pinned: those that answer for themselves. An authority's is pinned only
    where there is nothing else, since whatever it signs would be believed. Raises ValueError."""
    chain = x509.load_pem_x509_certificates(pem.encode())
    own = [certificate for certificate in chain if not _is_authority(certificate)]
    return "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in own or chain)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _pinned(pem: str) -> ssl.SSLContext:
    context = _client_context()
    context.check_hostname = False
    context.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN | NO_CHECK_TIME
    try:
        context.load_verify_locations(cadata=pins_of(pem))
    except (ssl.SSLError, ValueError) as error:
        raise Trouble("P-2413") from error
    return context


def _believing_anybody() -> ssl.SSLContext:
    context = _client_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _client_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def _system() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def _computers_store() -> ssl.SSLContext:
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


def _cause(error: BaseException | None) -> BaseException | None:
    """What the TLS library said, below what the HTTP library made of it."""
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error


def _seconds(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() and len(text) < 7 else None
