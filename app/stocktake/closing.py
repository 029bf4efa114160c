"""Closing a shelf-reading: everything that follows from it, shown before, then done in one confirmed transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from app.actions import Action
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.papers import Filing, Printed, freeze, numbered
from app.persian.jalali import year
from app.refusal import Refusal
from app.staff.offices import Position, officers_on
from app.stocktake import reads
from app.stocktake.applying import APPLIED, Back, apply, note_days
from app.stocktake.facts import Session
from app.stocktake.paper import StocktakePaper, StocktakePrinter
from app.stocktake.reckoning import Reckoning, closing_refusals, reckon
from db.act import Act
from db.codes import DocumentKind, StocktakeState
from db.models.collection import Stocktake
from db.reading import Reader
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class Closed:
    """A session is over, its minutes frozen under a number. `kept`: found and returned copies that a reader waits for,
    to be brought from the shelf; `credit` rials that readers had paid for copies that were here all the time and are
    theirs again."""

    session_id: UUID
    name: str
    number: str
    figures: dict[str, object]
    document_id: UUID
    sheet_id: UUID
    sha256: str
    pages: int
    kept: tuple[Back, ...] = ()
    credit: int = 0
    cancelled: int = 0


@dataclass(frozen=True, slots=True)
class AlreadyClosed:
    """The session was closed before. Nothing was changed."""

    session: Session


KIND = DocumentKind.STOCKTAKE
CloseOutcome = Closed | AlreadyClosed | Refused | NotFound


def preview(library: Library, session_id: UUID) -> Reckoning | None:
    """Everything that closing would change, and everything the minutes would say. Nothing is changed."""
    with library.store.read() as reader:
        session = reads.session_of(reader, session_id)
        return reckon(reader, session) if session else None


def draft(library: Library, session_id: UUID, printer: StocktakePrinter, act: Act) -> Printed | None:
    """The minutes as they would be now, marked as a draft. Nothing is kept."""
    with library.store.read() as reader:
        session = reads.session_of(reader, session_id)
        return printer(_paper(library, reader, reckon(reader, session), act, None)) if session else None


def close(
    library: Library, session_id: UUID, printer: StocktakePrinter, act: Act, restore: Collection[UUID] = ()
) -> CloseOutcome:
    """Close a session and do all that follows from it: missing copies are missing, found ones are found with the money
    of their loss, chosen ones stand in the library again, conditions are written, the minutes are frozen.

    All of it happens, or nothing. `restore` names weeded copies, copies away and lent ones that were read and are to be
    taken for what they are: here (002 م8-4); the reader of a lent one is not late with it. What somebody has dealt with
    since it was read is left alone. On which day each copy was seen is noted before, in transactions of their own: it
    is so, whatever becomes of the rest.

    Raises StaleRowError when another desk was faster; nothing of it is done then.
    """
    chosen = frozenset(restore)
    with library.store.read() as reader:
        session = reads.session_of(reader, session_id)
        if session is None:
            return NotFound(Sought.STOCKTAKE, str(session_id))
        if session.state is StocktakeState.CLOSED:
            return AlreadyClosed(session)
        reckoning = reckon(reader, session)
    refused = (
        *library.forbids(act, Action.FINALISE_MINUTES),
        *_returning(library, reckoning, chosen, act),
        *closing_refusals(reckoning, chosen, act),
    )
    if refused:
        return Refused(refused)
    note_days(library, reckoning.read_on, act)
    with library.store.write() as tx:
        library.keep_fresh(tx, act.day)
        reckoning = reckon(tx, reads.session_to_change(tx, session_id) or session)
        refused = tuple(closing_refusals(reckoning, chosen, act))
        if refused:
            return Refused(refused)
        return _write(library, tx, reckoning, printer, chosen, act)


def _returning(library: Library, reckoning: Reckoning, chosen: frozenset[UUID], act: Act) -> tuple[Refusal, ...]:
    """A return is dated back to when its reader was not late: that is not for everybody."""
    lent = any(read.copy.id in chosen for read in reckoning.lent)
    return library.forbids(act, Action.BACKDATE) if lent else ()


def _write(
    library: Library, tx: Tx, reckoning: Reckoning, printer: StocktakePrinter, restore: frozenset[UUID], act: Act
) -> Closed:
    session = reckoning.session
    number = f"{year(act.day)}/{tx.next_number(f'stocktake-{year(act.day)}')}"
    printed = printer(_paper(library, tx, reckoning, act, number, restore))
    back = apply(library, tx, reckoning, restore, act)
    tx.make_room(APPLIED, act, 3)
    filing = Filing(KIND, number, numbered(KIND, number), "stocktake", session.id)
    files = freeze(tx, filing, printed, act.at)
    figures = {**(session.figures or {}), **reckoning.figures(), "number": number, "restored": len(restore)}
    figures["returned"] = sum(one.returned for one in back)
    tx.update(
        Stocktake, session, state=StocktakeState.CLOSED, closed_at=act.at, figures=figures,
        document_id=files.pdf, sheet_id=files.xlsx,
    )  # fmt: skip
    tx.record("stocktake.closed", act)
    return Closed(
        session.id,
        session.name,
        number,
        figures,
        files.pdf,
        files.xlsx,
        printed.sha256,
        printed.pages,
        kept=tuple(one for one in back if one.hold_for is not None),
        credit=sum(one.credit for one in back),
        cancelled=sum(one.cancelled for one in back),
    )


def _paper(
    library: Library,
    reader: Reader,
    reckoning: Reckoning,
    act: Act,
    number: str | None,
    restored: frozenset[UUID] = frozenset(),
) -> StocktakePaper:
    branch = library.branch
    signer = officers_on(reader, act.day).get(Position.BRANCH_HEAD, "")
    return StocktakePaper(branch.name, branch.county, branch.city, act.day, number, signer, reckoning, restored)
