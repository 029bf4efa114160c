"""Taking files of the centre in at the branch: receipts, and packages of feeds through the very pull a line would use
(sync-protocol 19)."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, cast

import msgspec
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.directives.doing import do_directives
from app.directives.exchanges import ExchangePrinters
from app.library import Library
from app.sync.branch.pulling import pull_all
from app.sync.branch.talk import Centre, Talk
from app.sync.line import Call, LineLostError, Reply, Steps
from app.sync.packages.down import CarriedPage, open_page
from app.sync.packages.form import Kind, Package, open_package, opening_key_of
from app.sync.packages.receipts import is_receipt, take_receipt
from app.sync.wire import MalformedError, Page, PullAsked, decode
from db.models.sync import Peer
from db.trouble import Trouble

T = TypeVar("T", bound=msgspec.Struct)


@dataclass(frozen=True, slots=True)
class Received:
    """A file of the centre was taken in. `acked`: entries that are known to have arrived; `rows`: taken from feeds;
    `guarded`: a feed was stopped because it would remove too much, and a person must look."""

    acked: int = 0
    rows: int = 0
    directives: int = 0
    guarded: bool = False

    @property
    def already(self) -> bool:
        """Whether it brought nothing that was not here."""
        return not (self.acked or self.rows or self.directives or self.guarded)


def receive(
    library: Library,
    key: Ed25519PrivateKey,
    raw: bytes,
    pause: Callable[[], None] = lambda: None,
    printers: ExchangePrinters | None = None,
) -> Received:
    """Take in a receipt or a package of the centre; the same one again changes nothing. `printers` as in a round.

    Raises Trouble as `open_package` and `take_receipt` do, P-2427 (not enrolled), P-2431 (it goes on from a package
    that has not been taken in).
    """
    if is_receipt(raw):
        return Received(acked=take_receipt(library, raw))
    centre = _centre(library)
    package = open_package(raw, opening_key_of(key), lambda _: centre.public_key)
    if package.head.kind != Kind.DOWN or package.branch_id != library.store.branch_id or not package.parcels:
        raise Trouble("P-2422")
    pages = _pages(package, centre.public_key)
    acked = take_receipt(library, package.parcels[0])
    talk = _Carried(library, _NoLine(), key, centre, pause, Steps(), secrets.randbits, pages=pages)
    pull_all(talk)
    done = do_directives(library, talk.act(), printers)
    return Received(acked, talk.received, len(done), bool(talk.guarded))


def _pages(package: Package, public_key: bytes) -> list[tuple[CarriedPage, Page]]:
    try:
        carried = [decode(parcel, CarriedPage) for parcel in package.parcels[1:]]
        return [(one, open_page(public_key, one)) for one in carried]
    except MalformedError as error:
        raise Trouble("P-2421") from error


def _centre(library: Library) -> Centre:
    with library.store.read() as reader:
        peer = reader.connection.execute(sa.select(Peer.centre_id, Peer.public_key)).first()
    if peer is None or peer.public_key is None:
        raise Trouble("P-2427")
    return Centre(peer.centre_id, bytes(peer.public_key))


class _NoLine:
    """There is none: everything that can be answered is in the package."""

    def send(self, call: Call, body: bytes, bearer: str = "") -> Reply:  # noqa: ARG002 - the names of `Line`
        """No call gets through."""
        raise LineLostError(call.value)


@dataclass
class _Carried(Talk):
    """A conversation whose answers lie in a package."""

    pages: list[tuple[CarriedPage, Page]] = field(default_factory=list)

    def pull(self, message: msgspec.Struct, kind: type[T]) -> T:
        """The page that goes on from where the branch stands; an empty one where the package has nothing newer."""
        if kind is not Page or not isinstance(message, PullAsked):
            raise LineLostError("a package answers pulls alone")
        return cast("T", self._page(message))

    def _page(self, asked: PullAsked) -> Page:
        of_feed = [(carried, page) for carried, page in self.pages if carried.feed == asked.feed]
        newer = [(carried, page) for carried, page in of_feed if _is_newer(page, asked)]
        if not newer:
            return Page(asked.feed, asked.epoch, [], asked.after, asked.sub_after)
        carried, page = newer[0]
        if carried.after > asked.after or carried.sub_after > asked.sub_after or not _joins(carried, page, asked):
            raise Trouble("P-2431")
        last = newer[-1][1] is page
        return msgspec.structs.replace(page, more=page.more and not last)


def _is_newer(page: Page, asked: PullAsked) -> bool:
    return page.epoch != asked.epoch or page.pos > asked.after or page.sub_pos > asked.sub_after


def _joins(carried: CarriedPage, page: Page, asked: PullAsked) -> bool:
    """Whether positions of both are of one history."""
    return asked.epoch in (carried.epoch, page.epoch) or asked.after == 0
