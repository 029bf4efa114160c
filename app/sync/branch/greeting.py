"""Hello, what the centre says of each of our epochs, and what follows (sync-protocol 6)."""

from typing import Any

import sqlalchemy as sa

from app.sync.branch.contact import keep_contact
from app.sync.branch.cursors import cursors
from app.sync.branch.epochs import Reopened, open_epoch
from app.sync.branch.streams import (
    SET_DURABLE,
    History,
    agrees,
    histories,
    keep_acked,
    links_at,
)
from app.sync.branch.talk import RoundEndedError, RoundState, Talk
from app.sync.line import Call
from app.sync.queries import OLDEST
from app.sync.wire import Ancestor, AncestorAsked, Checkpoint, Hello, Progress, Verdict, Welcome
from app.version import VERSION
from db.codes import CaseState
from db.journal import SCHEMA_VERSION
from db.models.centre import SyncCase
from db.models.sync import SetAside
from db.reading import Reader

OK, FORK, REVOKED = "ok", "fork", "revoked"
POINTS = 32
"""Links named in one question for the ancestor."""


def greet(talk: Talk) -> None:
    """Say hello, and put right what does not fit: afterwards every epoch can be pushed from its acknowledged entry.

    Raises RoundEndedError where the device has been revoked.
    """
    with talk.store.read() as reader:
        known = histories(reader, talk.device)
        hello = _hello(talk, reader, known)
    welcome = talk.ask(Call.HELLO, hello, Welcome)
    talk.welcome = welcome
    talk.heads = {head.feed: head.pos for head in welcome.heads}
    talk.upgrade = welcome.schema_from > SCHEMA_VERSION
    own_key = talk.key.public_key().public_bytes_raw()
    if own_key in welcome.revoked or any(said.verdict == REVOKED for said in welcome.verdicts):
        raise RoundEndedError(RoundState.REVOKED)
    keep_contact(talk.library, welcome.at_ms, welcome.server_epoch)
    talk.steps.reached("hello.contact_kept")
    _follow(talk, {history.epoch: history for history in known}, welcome.verdicts)


def _hello(talk: Talk, reader: Reader, known: list[History]) -> Hello:
    told = [history for history in known if history.told]
    return Hello(
        talk.device.bytes,
        talk.library.clock.read().at_ms,
        SCHEMA_VERSION,
        VERSION,
        [Progress(one.epoch, one.head, one.chain, one.acked, one.acked_chain) for one in told],
        cursors(reader, talk.device),
        sum(history.waiting for history in known),
        reader.one(OLDEST),
        _facts(reader),
    )


def _facts(reader: Reader) -> dict[str, Any]:
    """What the page of branch health wants to know beside (nothing of any reader)."""
    aside = sa.select(sa.func.count()).select_from(SetAside).where(SetAside.replayed_at.is_(None))
    open_cases = (
        sa.select(sa.func.count())
        .select_from(SyncCase)
        .where(SyncCase.state == CaseState.OPEN, SyncCase.deleted_at.is_(None))
    )
    return {
        "set_aside": reader.connection.execute(aside).scalar_one(),
        "cases": reader.connection.execute(open_cases).scalar_one(),
    }


def _follow(talk: Talk, known: dict[int, History], verdicts: list[Verdict]) -> None:
    """Take every verdict as it is meant; where histories differ, go on in a new epoch."""
    common: dict[int, int] = {}
    rewound = True
    for said in verdicts:
        history = known.get(said.epoch)
        if history is None:
            continue
        last = _common(talk, history, said)
        if last is None:
            _keep(talk, history, said.acked, said.durable)
        elif history.closed and last == history.head:  # the centre has more of it than we: nothing of ours is missing
            _keep(talk, history, history.head, min(said.durable, history.head))
        else:
            common[history.epoch] = last
            rewound = rewound and last == history.head
    if common:
        _reopen(talk, common, Reopened.REWOUND if rewound else Reopened.FORKED)


def _keep(talk: Talk, history: History, acked: int, durable: int) -> None:
    if (acked, durable) == (history.acked, history.durable):
        return
    with talk.store.write() as tx:
        keep_acked(tx, talk.device, history.epoch, acked)
        tx.execute(SET_DURABLE, of_device=talk.device, in_epoch=history.epoch, seq=durable)
    talk.steps.reached("hello.verdict_kept")


def _common(talk: Talk, history: History, said: Verdict) -> int | None:
    """The last entry that both sides have, where they differ after it; None where ours only goes on from theirs."""
    if said.acked <= history.head:
        with talk.store.read() as reader:
            fits = agrees(reader, talk.device, history.epoch, said.acked, said.chain)
        if fits and said.verdict != FORK:
            return None
        if fits and said.acked == history.head:  # they have all of it, and more
            return history.head
    return _ancestor(talk, history)


def _reopen(talk: Talk, common: dict[int, int], reason: Reopened) -> None:
    talk.steps.reached("fork.before")
    open_epoch(talk.store, talk.library.clock.read(), reason, common, talk.random)
    talk.reopened = reason
    talk.steps.reached("fork.done")
    with talk.store.write() as tx:
        for epoch, last in common.items():
            keep_acked(tx, talk.device, epoch, last)


def _ancestor(talk: Talk, history: History) -> int:
    """The last entry that both have: two questions of 32 links each. A result that is too low only costs bytes, since
    no entry is applied twice."""
    low, high = 0, history.head + 1
    for places in (_doubling(history.head), None):
        asked = places if places is not None else _spread(low, high)
        if not asked:
            break
        found = _ask(talk, history.epoch, asked)
        high = min((place for place in asked if place > found), default=high)
        low = max(low, found)
    return low


def _ask(talk: Talk, epoch: int, places: list[int]) -> int:
    with talk.store.read() as reader:
        links = links_at(reader, talk.device, epoch, places)
    points = [Checkpoint(place, links[place]) for place in sorted(links, reverse=True)]
    found = talk.ask(Call.ANCESTOR, AncestorAsked(talk.device.bytes, epoch, points), Ancestor)
    return found.seq if found.seq in links else 0


def _doubling(head: int) -> list[int]:
    """The head and the entries at distances 1, 2, 4 … before it."""
    places = [head, *(head - (1 << step) for step in range(POINTS - 1))]
    return [place for place in places if place > 0]


def _spread(low: int, high: int) -> list[int]:
    """At most 32 entries between two, both left out, as evenly as can be and the last one among them."""
    between = high - low - 1
    number = min(POINTS, between)
    return [low + (place * between) // number for place in range(1, number + 1)]
