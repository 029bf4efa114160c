"""Copies at the wrong place (sync-protocol 11): one of another library that was brought back here, and one of ours that
was brought back there.

The sighting is a row of the library that saw the copy; the loan is a row of the library that lent it. Neither writes
the other's: the centre carries the claim.
"""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa

from app.actions import Action
from app.circulation import reads
from app.circulation.facts import ItemFacts, LoanFacts, MemberFacts
from app.circulation.giving_back import Ended, Ending, end_loan, note_change
from app.devices.scan import Source, Unreadable, read_scan
from app.form import invalid
from app.library import HERE, Library
from app.outcome import NotFound, Refused, Sought
from app.persian.digits import typed
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import WEEDED, ItemStatus, ReturnSeenState
from db.frozen import Frozen
from db.journal import Intent
from db.models.centre import ReturnSeen
from db.models.items import Item
from db.reading import Reader
from db.types import Id
from db.writing import Tx

LONGEST_NAME, LONGEST_REMARK = 120, 500
SEEN, SENT_HOME, SEEN_CLOSED, ENDED_AFAR = "return.seen", "return.sent_home", "return.closed", "loan.returned_elsewhere"
AFAR = "returned_elsewhere"
"""Why of a change of status."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A copy of another library that was brought back here. `sent_home_on` None: it still stands here."""

    id: uuid.UUID
    ver: int
    barcode: str
    library: str | None
    at: dt.datetime
    day: dt.date
    state: ReturnSeenState
    sent_home_on: dt.date | None
    remark: str | None


@dataclass(frozen=True, slots=True)
class SightingForm:
    """What lies here: its label, and the library's name where the label or stamp tells it."""

    barcode: str
    library: str | None = None
    remark: str | None = None


@dataclass(frozen=True, slots=True)
class Sighted:
    """The sighting as it stands. `already`: it was noted before and nothing was changed."""

    sighting: Sighting
    already: bool = False


@dataclass(frozen=True, slots=True)
class Claim:
    """One of our copies was brought back at another library, there and then. `loan` with `ver` is what the centre
    knew."""

    item_id: uuid.UUID
    at: dt.datetime
    day: dt.date
    library: str
    loan: uuid.UUID | None = None
    ver: int | None = None


@dataclass(frozen=True, slots=True)
class ClosedFromAfar:
    """The loan ended with the other library's day; `loan_id` None: there was none to end. Fine in rials."""

    loan_id: uuid.UUID | None
    fine: int = 0
    days_late: int = 0


@dataclass(frozen=True, slots=True)
class LoanChanged:
    """The loan is not as the claim knew it: somebody decides."""

    loan_id: uuid.UUID
    due_on: dt.date


SightingOutcome: TypeAlias = "Sighted | Refused | NotFound"
ClaimOutcome: TypeAlias = "ClosedFromAfar | LoanChanged | NotFound"
SIGHTINGS = sa.select(
    ReturnSeen.id, ReturnSeen.ver, ReturnSeen.barcode, ReturnSeen.library, ReturnSeen.at, ReturnSeen.day,
    ReturnSeen.state, ReturnSeen.sent_home_on, ReturnSeen.remark,
).where(ReturnSeen.branch_id == HERE, ReturnSeen.deleted_at.is_(None))  # fmt: skip
ONE = Frozen(SIGHTINGS.where(ReturnSeen.id == sa.bindparam("seen", type_=Id())), Sighting)
STILL_HERE = Frozen(
    SIGHTINGS.where(ReturnSeen.barcode == sa.bindparam("barcode"), ReturnSeen.sent_home_on.is_(None)), Sighting
)
ALL_HERE = Frozen(SIGHTINGS.where(ReturnSeen.sent_home_on.is_(None)).order_by(ReturnSeen.at), Sighting)
EVERY_ONE = Frozen(SIGHTINGS.order_by(ReturnSeen.at.desc()), Sighting)


def see_return(library: Library, form: SightingForm, act: Act) -> SightingOutcome:
    """Note that a copy of another library was brought back here; the centre tells that library. The same copy is noted
    once until it is sent home; the library's name may be added later."""
    with library.store.write() as tx:
        refused = (*library.forbids(act, Action.LEND), *_label_problems(tx, form.barcode))
        if refused:
            return Refused(refused)
        barcode = typed(form.barcode)
        known = tx.one(STILL_HERE, barcode=barcode)
        if known is not None:
            return _named_later(tx, known, form, act)
        seen = tx.insert(
            ReturnSeen, barcode=barcode, library=_said(form.library, LONGEST_NAME), at=act.at, day=act.day,
            state=ReturnSeenState.HERE, remark=_said(form.remark, LONGEST_REMARK),
        )  # fmt: skip
        tx.record(SEEN, act)
        return Sighted(_sighting(tx, seen))


def send_home(library: Library, key: uuid.UUID | str, act: Act) -> SightingOutcome:
    """The copy (its label, or the id of the sighting) is on its way to the library it belongs to."""
    with library.store.write() as tx:
        known = tx.one(ONE, seen=key) if isinstance(key, uuid.UUID) else tx.one(STILL_HERE, barcode=typed(key))
        if known is None:
            return NotFound(Sought.SIGHTING, str(key))
        refused = library.forbids(act, Action.LEND)
        if refused:
            return Refused(refused)
        if known.sent_home_on is not None:
            return Sighted(known, already=True)
        state = ReturnSeenState.SENT if known.state is ReturnSeenState.HERE else known.state
        tx.update(ReturnSeen, known, sent_home_on=act.day, state=state)
        tx.record(SENT_HOME, act)
        return Sighted(_sighting(tx, known.id))


def close_sighting(library: Library, seen: uuid.UUID, act: Act) -> SightingOutcome:
    """The library that owns the copy has written the return down."""
    with library.store.write() as tx:
        known = tx.one(ONE, seen=seen)
        if known is None:
            return NotFound(Sought.SIGHTING, str(seen))
        if known.state is ReturnSeenState.CLOSED:
            return Sighted(known, already=True)
        tx.update(ReturnSeen, known, state=ReturnSeenState.CLOSED)
        tx.record(SEEN_CLOSED, act)
        return Sighted(_sighting(tx, seen))


def foreign_copies(reader: Reader) -> list[Sighting]:
    """Copies of other libraries that stand here, the longest first."""
    return reader.all(ALL_HERE)


def sightings(reader: Reader) -> list[Sighting]:
    """Every sighting, the newest first."""
    return reader.all(EVERY_ONE)


def close_from_afar(library: Library, claim: Claim, act: Act, *, changed: bool = False) -> ClaimOutcome:
    """End the loan of a copy that was brought back elsewhere, with that library's day; the copy is on its way home. A
    loan that changed since the claim is left alone, unless somebody has decided (`changed`). One that ended already
    stays."""
    with library.store.write() as tx:
        item = tx.one(reads.BY_ITEM_ID, key=claim.item_id)
        if item is None:
            return NotFound(Sought.ITEM, str(claim.item_id))
        library.keep_fresh(tx, act.day)
        loan = reads.open_loan_of(tx, item)
        if loan is None or (loan.id != claim.loan if claim.loan else loan.out_at > claim.at):
            return ClosedFromAfar(None)
        if not changed and claim.ver is not None and loan.ver != claim.ver:
            return LoanChanged(loan.id, loan.due_on)
        ended = _end(library, tx, loan, item, claim, act)
        seen = {"fine": ended.penalty.fine, "library": claim.library}
        tx.record(ENDED_AFAR, act, Intent(loan.policy_version, seen=seen))
        return ClosedFromAfar(loan.id, ended.penalty.fine, ended.penalty.late)


def _end(library: Library, tx: Tx, loan: LoanFacts, item: ItemFacts, claim: Claim, act: Act) -> Ended:
    """Who waits for the title gets it when it is home; until then it is under way."""
    member: MemberFacts | None = tx.one(reads.BY_MEMBER_ID, key=loan.member_id)
    day = max(loan.out_on, min(claim.day, act.day))
    ended = end_loan(library, tx, Ending(loan, member, item, tx.all(reads.QUEUE, title=item.title_id), day), act)
    if item.status not in WEEDED:
        note_change(tx, item, ItemStatus.IN_TRANSIT, AFAR, act, clean(claim.library, LONGEST_NAME) or None)
        tx.update(Item, item, status=ItemStatus.IN_TRANSIT)
    return ended


def _named_later(tx: Tx, known: Sighting, form: SightingForm, act: Act) -> Sighted:
    """The stamp was read since: the name of the library tells the centre which of several copies it is."""
    name = _said(form.library, LONGEST_NAME)
    if name is None or name == known.library:
        return Sighted(known, already=True)
    tx.update(ReturnSeen, known, library=name)
    tx.record(SEEN, act)
    return Sighted(_sighting(tx, known.id))


def _label_problems(reader: Reader, barcode: str) -> Iterator[Refusal]:
    """A label of ours is taken back at the desk; a reader's card is no book."""
    if isinstance(read_scan(barcode, Source.KEYBOARD), Unreadable):
        yield invalid("barcode", clean(barcode))
    elif (own := reader.one(reads.BY_BARCODE, key=typed(barcode))) is not None:
        yield Refusal("return.our_copy", facts={"accession_no": own.accession_no})
    elif reads.find_member(reader, barcode) is not None:
        yield Refusal("return.card", facts={"card": clean(barcode)})


def _said(text: str | None, longest: int) -> str | None:
    return clean(text, longest) or None if text else None


def _sighting(tx: Tx, seen: uuid.UUID) -> Sighting:
    found = tx.one(ONE, seen=seen)
    if found is None:
        raise RuntimeError("a sighting vanished inside its own transaction")
    return found
