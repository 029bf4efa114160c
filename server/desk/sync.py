"""Synchronisation at the headless desk: a round now, how it stands, and a person's word where a pull stopped
(sync-protocol 8, 21). The engine is loaded by the first round, not by the start of the desk."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Meta

from app.library import Library
from app.messages import one_line
from app.outcome import Refused
from app.sync.branch.device_key import read_device_key
from app.sync.branch.witness import keep_high_water
from app.sync.owners import Feed
from app.sync.queries import sync_state
from db.trouble import Trouble
from reports.on_demand import ON_DEMAND
from server.desk.answers import Facts, done, refused, troubled
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Line

if TYPE_CHECKING:
    from app.sync.branch.rounds import SyncOutcome


class Sync(Request, kw_only=True):
    """Synchronise now. `server`: another address of the same centre, for this time."""

    server: Line | None = None


class SyncConfirm(Request, kw_only=True):
    """Let the next pull of these feeds remove what the last one stopped at."""

    feeds: Annotated[tuple[Feed, ...], Meta(min_length=1, max_length=3)]


def synchronised(library: Library, key: Ed25519PrivateKey, server: str | None = None) -> "SyncOutcome":
    """One round with the centre this library is enrolled at. Raises Trouble P-2427 where there is none, P-2412, P-2413
    for its address and pins."""
    from app.sync.branch.http_line import line_of
    from app.sync.branch.rounds import sync_round

    with line_of(library, server) as line:
        outcome = sync_round(library, line, key, printers=ON_DEMAND)
    keep_high_water(library)
    return outcome


def sync(session: Session, request: Sync) -> Facts:
    """A round now; what stopped it is told in three parts. Raises Trouble as `synchronised`, and P-2414."""
    from app.sync.branch.rounds import ENDED_WELL
    from app.sync.branch.talk import RoundState

    outcome = synchronised(session.library, read_device_key(session.library), request.server)
    if outcome.state not in ENDED_WELL:
        return troubled(trouble_of(outcome))
    facts: Facts = {
        "state": outcome.state, "sent": outcome.sent, "received": outcome.received, "conflicts": outcome.conflicts,
        "waiting": outcome.waiting, "set_aside": outcome.set_aside, "repaired": outcome.repaired,
        "directives": outcome.directives, "reopened": outcome.reopened,
    }  # fmt: skip
    if outcome.state is not RoundState.DONE:
        facts["message"] = one_line(trouble_of(outcome))
    return done("synced", **facts)


def trouble_of(outcome: "SyncOutcome") -> Trouble:
    """What kept a round from its end."""
    from app.sync.branch.talk import TROUBLES

    return Trouble(TROUBLES[outcome.state], seconds=outcome.retry_after or 60)


def show(session: Session, _: Request) -> Facts:
    """How synchronisation stands."""
    stamp = session.library.clock.read()
    with session.library.store.read() as reader:
        stands = sync_state(reader, stamp.at, doubtful=stamp.doubtful)
    return done("sync", **asdict(stands))


def confirm(session: Session, request: SyncConfirm) -> Facts:
    """A person has looked at what a pull would remove."""
    from app.sync.branch.guarding import confirm_removal

    outcome = confirm_removal(session.library, request.feeds, session.act())
    return refused(outcome.refusals) if isinstance(outcome, Refused) else done("confirmed", feeds=outcome.feeds)
