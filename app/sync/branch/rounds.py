"""One round of synchronisation at a branch: hello → forks → push → pull → directives → digest (sync-protocol 8).

No threads, no clock and no network in here: the clock is the library's, the line is handed in, chance and the pauses
between transactions too. Whoever drives it (window, headless desk, tests) decides when.
"""

import contextlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.directives.doing import do_directives
from app.directives.exchanges import ExchangePrinters
from app.library import Library
from app.sync.branch.comparing import compare_if_due
from app.sync.branch.greeting import greet
from app.sync.branch.pulling import pull_all
from app.sync.branch.pushing import push_all
from app.sync.branch.streams import waiting
from app.sync.branch.talk import AgainError, Centre, RoundEndedError, RoundState, Talk
from app.sync.line import Line, LineLostError, Steps, UntrustedError
from app.sync.queries import LAST_ROUND, sync_state
from app.sync.wire import MalformedError
from db.alone import alone_for_long
from db.models.sync import Peer
from db.reading import Reader
from db.trouble import StaleRowError

WORK = "sync"
MOST_HELLOS = 4
"""Times both sides compare where they stand in one round."""
ENDED_WELL = frozenset({RoundState.DONE, RoundState.GUARDED, RoundState.UPGRADE})
"""States after which the line is known to be good."""


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """What a round did. `sent`: entries the centre has acknowledged; `received`: rows taken from its feeds;
    `conflicts`: cases that wait for a decision here; `waiting`: entries it has not acknowledged yet; `set_aside`: rows
    that could not be taken yet; `repaired`: rows that a digest put right, which is a bug unless something was restored;
    `retry_after` seconds, where the centre asks to wait; `reopened`: why a new epoch was opened; `notes`: what was not
    plain about entries (set_aside, merged, case)."""

    state: RoundState
    sent: int = 0
    received: int = 0
    conflicts: int = 0
    waiting: int = 0
    set_aside: int = 0
    repaired: int = 0
    directives: int = 0
    retry_after: int | None = None
    reopened: str | None = None
    notes: tuple[str, ...] = ()


def sync_round(
    library: Library,
    line: Line,
    key: Ed25519PrivateKey,
    *,
    pause: Callable[[], None] = lambda: None,
    steps: Steps | None = None,
    random: Callable[[int], int] = secrets.randbits,
    printers: ExchangePrinters | None = None,
) -> SyncOutcome:
    """Talk to the centre once. Never raises for the line or the centre: that is the state of the outcome.

    `pause` is called between transactions, so that the desk goes first; `random` gives so many random bits; `printers`
    set what directives freeze on paper. Raises Trouble for what disk or database say.
    """
    with library.store.read() as reader:
        centre = known_centre(reader)
    if centre is None:
        return _outcome(library, None, RoundState.NOT_ENROLLED)
    with alone_for_long(library.store, WORK) as mine:
        if not mine:
            return _outcome(library, None, RoundState.BUSY)
        talk = Talk(library, line, key, centre, pause, steps or Steps(), random, printers=printers)
        state, retry_after = _run(talk)
        _remember(talk, state, retry_after)
        return _outcome(library, talk, state, retry_after)


def known_centre(reader: Reader) -> Centre | None:
    """The centre this branch is enrolled at."""
    peer = reader.connection.execute(sa.select(Peer.centre_id, Peer.public_key)).first()
    return None if peer is None or peer.public_key is None else Centre(peer.centre_id, bytes(peer.public_key))


def _run(talk: Talk) -> tuple[RoundState, int | None]:
    try:
        return _round(talk), None
    except RoundEndedError as ended:
        return ended.state, ended.retry_after
    except (UntrustedError, MalformedError):  # whoever answered is not the centre that was pinned
        return RoundState.UNTRUSTED, None
    except LineLostError:
        return RoundState.NO_LINE, None


def _round(talk: Talk) -> RoundState:
    _agree_and_push(talk)
    if talk.upgrade:
        return RoundState.UPGRADE
    _pull(talk)
    with contextlib.suppress(StaleRowError):  # a desk was faster again and again: the next round does the rest
        talk.directives = len(do_directives(talk.library, talk.act(), talk.printers))
    _push_rest(talk)
    if compare_if_due(talk):
        _push_rest(talk)
    return RoundState.GUARDED if talk.guarded else RoundState.DONE


def _agree_and_push(talk: Talk) -> None:
    """Hello and push, again where it turns out that one side stands elsewhere."""
    for _ in range(MOST_HELLOS):
        greet(talk)
        with contextlib.suppress(AgainError):
            push_all(talk)
            return
    raise RoundEndedError(RoundState.WAIT)


def _push_rest(talk: Talk) -> None:
    """What directives and repair have written, and the desk meanwhile."""
    with talk.store.read() as reader:
        rest = waiting(reader, talk.device)
    if rest:
        try:
            push_all(talk)
        except AgainError:
            _agree_and_push(talk)


def _pull(talk: Talk) -> None:
    try:
        pull_all(talk)
    except RoundEndedError as ended:
        if ended.state is not RoundState.DENIED:
            raise
        greet(talk)  # on a bad line a pull may outlive the hour of its bearer
        pull_all(talk)


def _remember(talk: Talk, state: RoundState, retry_after: int | None) -> None:
    at_ms = talk.library.clock.read().at_ms
    with talk.store.write() as tx:
        before = LAST_ROUND.read(tx)
        LAST_ROUND.write(
            tx,
            {
                "state": state.value,
                "at": at_ms,
                "retry_at": None if retry_after is None else at_ms + retry_after * 1000,
                "failures": 0 if state in ENDED_WELL else before.get("failures", 0) + 1,
                "guarded": [list(one) for one in talk.guarded],
                "repaired": talk.repaired,
            },
        )


def _outcome(library: Library, talk: Talk | None, state: RoundState, retry_after: int | None = None) -> SyncOutcome:
    with library.store.read() as reader:
        stands = sync_state(reader, library.clock.read().at)
    told = SyncOutcome(state, conflicts=stands.cases, waiting=stands.waiting, set_aside=stands.set_aside)
    if talk is None:
        return told
    return SyncOutcome(
        state, talk.sent, talk.received, stands.cases, stands.waiting, stands.set_aside, talk.repaired,
        talk.directives, retry_after, talk.reopened, tuple(talk.notes),
    )  # fmt: skip
