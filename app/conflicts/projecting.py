"""The rules that look across branches, at the centre (sync-protocol 11): who is the same reader, what they have in hand
elsewhere, what came back at the wrong place, which cases that makes.

Nothing of it happens inside a push. Each rule reads a branch's rows after its own position (`Projection`) and writes
what follows in a transaction of its own; run twice it finds nothing to do.
"""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import sqlalchemy as sa

from app.centre import AT_THE_CENTRE, Centre
from app.conflicts.answers import tell_refusals
from app.conflicts.differing import contacts_changed
from app.conflicts.erasing import erase_too
from app.conflicts.looking import look_at
from app.conflicts.machines import watch_machines
from app.conflicts.numbers import give_numbers
from app.conflicts.people import changed_members, match
from app.conflicts.sightings import claim, sightings_changed
from app.conflicts.standings import bans_over, readers_changed
from app.conflicts.writing import Round
from db.act import Act
from db.alone import alone
from db.codes import Role
from db.feeds import branch_feed
from db.models.centre import Projection
from db.models.library import Branch
from db.models.sync import FeedHead
from db.trouble import StaleRowError, Trouble
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class Span:
    """The rows of a branch's feed after a position and up to another."""

    branch_id: uuid.UUID
    after: int
    until: int


Rule = Callable[[Round, Span], None]


def _readers(round_: Round, span: Span) -> None:
    place = (round_.tx, span.branch_id, span.after, span.until)
    matched = match(round_, changed_members(*place))
    about = matched | readers_changed(*place) | contacts_changed(*place) | sightings_changed(*place)
    look_at(round_, about, matched)


def _answers(round_: Round, span: Span) -> None:
    tell_refusals(round_, span.branch_id, span.after, span.until)


def _machines(round_: Round, span: Span) -> None:
    watch_machines(round_, span.branch_id)


def _numbers(round_: Round, span: Span) -> None:
    give_numbers(round_, span.branch_id)


def _erased(round_: Round, span: Span) -> None:
    erase_too(round_, span.branch_id, span.after, span.until)


RULES: Mapping[str, Rule] = MappingProxyType(
    {"readers": _readers, "answers": _answers, "machines": _machines, "numbers": _numbers, "erased": _erased}
)
"""What is done with the new rows of one branch."""


def project(centre: Centre, branches: Iterable[uuid.UUID] | None = None) -> int:
    """Look at what came in from these branches (None: all) since the last time, and write what follows from it. Returns
    how many rows that changed. Only one at a time does it; the others return 0 at once."""
    with alone(centre.store, "conflicts") as mine:
        return _project(centre, branches) if mine else 0


def _project(centre: Centre, branches: Iterable[uuid.UUID] | None) -> int:
    changed, wrong = 0, list[Exception]()
    for branch_id, head in _heads(centre, branches).items():
        for name, rule in RULES.items():
            try:
                changed += _apply(centre, name, rule, branch_id, head)
            except (Trouble, StaleRowError):
                raise
            except Exception as error:  # noqa: BLE001 - what one branch sent must not keep the others waiting
                wrong.append(error)
    changed += _across(centre)
    if wrong:
        raise wrong[0]
    return changed


def _heads(centre: Centre, branches: Iterable[uuid.UUID] | None) -> Mapping[uuid.UUID, int]:
    """The branches and where their feeds stand."""
    wanted = None if branches is None else set(branches)
    with centre.store.read() as reader:
        known = reader.connection.execute(sa.select(Branch.id).where(Branch.id != centre.id)).scalars().all()
        heads = {row.feed: row.pos for row in reader.connection.execute(sa.select(FeedHead.feed, FeedHead.pos))}
        positions = (
            sa.select(Projection.branch_id, sa.func.min(Projection.pos).label("pos"))
            .where(Projection.name.in_(list(RULES)))
            .group_by(Projection.branch_id)
            .having(sa.func.count() == len(RULES))
        )
        seen = {row.branch_id: row.pos for row in reader.connection.execute(positions)}
    stand = {branch_id: heads.get(branch_feed(branch_id), 0) for branch_id in known}
    return {
        branch_id: head
        for branch_id, head in sorted(stand.items())
        if (wanted is None or branch_id in wanted) and seen.get(branch_id, -1) < head
    }


def _apply(centre: Centre, name: str, rule: Rule, branch_id: uuid.UUID, head: int) -> int:
    with centre.write() as tx:
        after = _position(tx, name, branch_id)
        if after is not None and after >= head:
            return 0
        round_ = _round(centre, tx)
        rule(round_, Span(branch_id, after or 0, head))
        _remember(tx, name, branch_id, head, known=after is not None)
        round_.finish()
        return round_.changed


def _across(centre: Centre) -> int:
    """What no single branch's rows tell: sightings that wait for the other side, and bans that have run out."""
    with centre.write() as tx:
        round_ = _round(centre, tx)
        look_at(round_, claim(round_) | bans_over(round_))
        round_.finish()
        return round_.changed


def _round(centre: Centre, tx: Tx) -> Round:
    return Round(tx, centre, Act(None, Role.ADMINISTRATOR, AT_THE_CENTRE, centre.clock.read()))


def _position(tx: Tx, name: str, branch_id: uuid.UUID) -> int | None:
    query = sa.select(Projection.pos).where(Projection.name == name, Projection.branch_id == branch_id)
    position: int | None = tx.connection.execute(query).scalar()
    return position


def _remember(tx: Tx, name: str, branch_id: uuid.UUID, head: int, *, known: bool) -> None:
    if known:
        where = (Projection.name == name, Projection.branch_id == branch_id)
        tx.connection.execute(sa.update(Projection).where(*where).values(pos=head))
    else:
        tx.connection.execute(sa.insert(Projection).values(name=name, branch_id=branch_id, pos=head))
