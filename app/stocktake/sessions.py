"""Beginning a shelf-reading, and giving one up (000 §3-1-3)."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from app.actions import Action
from app.form import invalid, required
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.digits import to_persian
from app.persian.text import clean
from app.refusal import Refusal
from app.stocktake import reads
from app.stocktake.facts import Started
from app.stocktake.rules import not_open, overlapping
from app.stocktake.shelf import Shelf, lower_bound, upper_bound
from db.act import Act
from db.alone import in_turn
from db.codes import StocktakeState
from db.models.collection import Stocktake
from db.writing import Tx

LONGEST = 120
BEGINNING = "stocktake.start"


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is to be read: a name, and a range by class or call number, by section, or by both; nothing means the whole
    library."""

    name: str
    first: str = ""
    last: str = ""
    section: str | None = None

    @property
    def shelf(self) -> Shelf:
        """The range; an end that cannot be read is open."""
        return Shelf(
            lower_bound(self.first) if self.first.strip() else None,
            upper_bound(self.last) if self.last.strip() else None,
            self.section or None,
        )


@dataclass(frozen=True, slots=True)
class Abandoned:
    """A session was given up: its scans stay, and no copy was changed."""

    session_id: UUID
    name: str
    already: bool = False


def start(library: Library, beginning: Beginning, act: Act) -> Started | Refused:
    """Open a session and freeze the list of what should stand there now. Several may be open over different ranges."""
    with library.store.write() as tx:
        in_turn(tx, BEGINNING)  # of two desks that begin at once the second sees the range of the first
        refused = (*library.forbids(act, Action.STOCKTAKE), *_refusals(tx, beginning))
        if refused:
            return Refused(refused)
        shelf = beginning.shelf
        expected = reads.standing_in(tx, shelf)
        if not expected:
            return Refused((Refusal("stocktake.nothing"),))
        name = clean(beginning.name, LONGEST)
        session_id = tx.insert(
            Stocktake,
            name=name,
            state=StocktakeState.OPEN,
            shelf_from=shelf.start,
            shelf_to=shelf.end,
            section=shelf.section,
            opened_at=act.at,
            opened_by=act.staff_id,
            expected=reads.packed(expected),
            figures={"from": _written(beginning.first), "to": _written(beginning.last)},
        )
        tx.record("stocktake.started", act)
        return Started(session_id, name, len(expected))


def expected_in(library: Library, beginning: Beginning) -> int:
    """How many copies a session over this range would expect."""
    with library.store.read() as reader:
        return len(reads.standing_in(reader, beginning.shelf))


def abandon(library: Library, session_id: UUID, act: Act) -> Abandoned | Refused | NotFound:
    """Give a session up. What was read stays on record; nothing follows from it."""
    with library.store.write() as tx:
        session = reads.session_to_change(tx, session_id)
        if session is None:
            return NotFound(Sought.STOCKTAKE, str(session_id))
        if session.state is StocktakeState.ABANDONED:
            return Abandoned(session.id, session.name, already=True)
        refused = (*library.forbids(act, Action.FINALISE_MINUTES), *not_open(session))
        if refused:
            return Refused(refused)
        tx.update(Stocktake, session, state=StocktakeState.ABANDONED, closed_at=act.at)
        tx.record("stocktake.abandoned", act)
        return Abandoned(session.id, session.name)


def _refusals(tx: Tx, beginning: Beginning) -> Iterator[Refusal]:
    yield from required(name=clean(beginning.name))
    for field, written, bound in (
        ("from", beginning.first, lower_bound),
        ("to", beginning.last, upper_bound),
    ):
        if written.strip() and bound(written) is None:
            yield invalid(field, written)
    shelf = beginning.shelf
    if shelf.start is not None and shelf.end is not None and shelf.start > shelf.end:
        yield Refusal("stocktake.turned_round")
        return
    yield from overlapping(shelf, tx.all(reads.OPEN_SESSIONS))


def _written(text: str) -> str:
    return to_persian(clean(text, LONGEST))
