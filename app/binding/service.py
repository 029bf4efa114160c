"""The draft of a binding request, and its finalising: number, rows, PDF and hash in one transaction (002 م13-6)."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from app.actions import Action
from app.binding import reads
from app.binding.facts import BindingCopy, RequestFacts, RowFacts, request_number
from app.binding.paper import BindingPaper, BindingPrinter
from app.binding.rules import Step, due_day, finalising_refusals, listing_refusals, step_refusals
from app.circulation import reads as desk
from app.form import invalid
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.papers import Filing, Printed, freeze, numbered
from app.persian.jalali import year
from app.persian.text import clean
from app.refusal import NO_ANSWER, Answer, Refusal, still_refused
from app.staff.offices import officers_on
from db.act import Act
from db.codes import BindingState, DocumentKind
from db.models.collection import BindingRequest, BindingRow
from db.reading import Reader
from db.writing import HEAD, Tx

LONGEST_WORK, LONGEST_LETTER = 200, 60


@dataclass(frozen=True, slots=True)
class AddedToRequest:
    """A copy stands on the draft request, and so many readers wait for its title. `already`: it stood there before, the
    scan came twice."""

    request_id: uuid.UUID
    row_id: uuid.UUID
    copy: BindingCopy
    position: int
    awaited: int = 0
    already: bool = False


@dataclass(frozen=True, slots=True)
class Struck:
    """A copy is off the draft request."""

    request_id: uuid.UUID
    copy: RowFacts


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter that carried a request to the head of the county (002 م13-4)."""

    number: str | None = None
    day: dt.date | None = None


KIND = DocumentKind.BINDING
NO_LETTER = Letter()


@dataclass(frozen=True, slots=True)
class Requested:
    """A request with a number, frozen: the bytes in the store are what is printed, now and for ever. `already`: it was
    so before."""

    request_id: uuid.UUID
    number: str
    due_on: dt.date
    rows: int
    document_id: uuid.UUID
    pages: int
    sha256: str


def add_to_request(
    library: Library, item_key: str, act: Act, work: str | None = None, answer: Answer = NO_ANSWER
) -> AddedToRequest | Refused | NotFound:
    """Put a copy on the one draft request, which the first copy opens; `work` says what is to be done with it. A copy
    that stands there already only gets the new words."""
    with library.store.write() as tx:
        draft = tx.one(reads.DRAFT_TO_CHANGE)
        copy = reads.find_copy(tx, item_key)
        if copy is None:
            return NotFound(Sought.ITEM, item_key)
        rows = reads.rows_of(tx, draft.id) if draft else []
        standing = next((row for row in rows if row.item_id == copy.id), None)
        if draft is not None and standing is not None:
            return _again(library, tx, draft, standing, copy, work, act)
        refused = (*library.forbids(act, Action.BIND), *listing_refusals(copy, len(rows)))
        refused = still_refused(refused, answer)
        if refused:
            return Refused(refused)
        added = put_on(tx, copy, draft, len(rows), work, act)
        tx.record("binding.copy_listed", act)
        return added


def put_on(
    tx: Tx, copy: BindingCopy, draft: RequestFacts | None, listed: int, work: str | None, act: Act
) -> AddedToRequest:
    """Write a copy on the draft request after the `listed` others, inside somebody's transaction; the first one opens
    it."""
    request_id = draft.id if draft else tx.insert(BindingRequest, state=BindingState.DRAFT, opened_at=act.at)
    last = tx.one(reads.LAST_POSITION, request=request_id) or 0  # not the count: a struck copy leaves a gap
    row_id = tx.insert(
        BindingRow, request_id=request_id, position=last + 1, item_id=copy.id, work=said(work, LONGEST_WORK)
    )
    return AddedToRequest(request_id, row_id, copy, listed + 1, len(tx.all(desk.QUEUE, title=copy.title_id)))


def _again(
    library: Library, tx: Tx, draft: RequestFacts, row: RowFacts, copy: BindingCopy, work: str | None, act: Act
) -> AddedToRequest | Refused:
    words = said(work, LONGEST_WORK)
    if work is not None and words != row.work:
        forbidden = library.forbids(act, Action.BIND)
        if forbidden:
            return Refused(forbidden)
        tx.update(BindingRow, row, work=words)
        tx.record("binding.copy_listed", act)
    return AddedToRequest(draft.id, row.id, copy, row.position, already=True)


def strike_from_request(library: Library, item_key: str, act: Act) -> Struck | Refused | NotFound:
    """Take a copy off the draft request: it stays on its shelf, and no paper has named it yet."""
    with library.store.write() as tx:
        draft = tx.one(reads.DRAFT_TO_CHANGE)
        copy = reads.find_copy(tx, item_key)
        rows = reads.rows_of(tx, draft.id) if draft else []
        row = next((row for row in rows if copy is not None and row.item_id == copy.id), None)
        if draft is None or row is None:
            return NotFound(Sought.ITEM, item_key)
        forbidden = library.forbids(act, Action.BIND)
        if forbidden:
            return Refused(forbidden)
        tx.remove(BindingRow, row, act)
        tx.record("binding.copy_struck", act)
        return Struck(draft.id, row)


def finalise(library: Library, printer: BindingPrinter, act: Act, letter: Letter = NO_LETTER) -> Requested | Refused:
    """Give the draft its number and freeze it as PDF and Excel: all of it happens, or nothing. The bindery is to be
    done a Jalali month later, or after its books leave, if that is another day (002 م13-7).

    Not while the clock is doubtful: number and date of an official paper cannot be repaired.
    """
    with library.store.write() as tx:
        draft = tx.one(reads.DRAFT_TO_CHANGE)
        rows = tuple(reads.rows_of(tx, draft.id)) if draft else ()
        refused = tuple(_against_finalising(library, rows, letter, act))
        if refused or draft is None:
            return Refused(refused)
        jalali_year = year(act.day)
        sequence = tx.next_number(f"binding-{jalali_year}")
        number, due_on = request_number(jalali_year, sequence), due_day(act.day, library.guideline.terms)
        printed = printer(_paper(library, tx, rows, act, number, _chain_head(tx)))
        filing = Filing(KIND, number, numbered(KIND, number), "binding_request", draft.id)
        files = freeze(tx, filing, printed, act.at)
        tx.update(
            BindingRequest,
            draft,
            state=BindingState.REQUESTED,
            year=jalali_year,
            number=sequence,
            requested_on=act.day,
            due_on=due_on,
            letter_no=said(letter.number, LONGEST_LETTER),
            letter_on=letter.day,
            document_id=files.pdf,
            sheet_id=files.xlsx,
        )
        tx.record("binding.requested", act)
        return Requested(draft.id, number, due_on, len(rows), files.pdf, printed.pages, printed.sha256)


def preview(library: Library, printer: BindingPrinter, act: Act) -> Printed | None:
    """The draft as it would be printed, marked as a draft; None while it is empty. Nothing is kept."""
    with library.store.read() as reader:
        draft = reader.one(reads.DRAFT)
        rows = tuple(reads.rows_of(reader, draft.id)) if draft else ()
        if not rows:
            return None
        paper = _paper(library, reader, rows, act, None, None)
    return printer(paper)


def note_letter(library: Library, request_id: uuid.UUID, letter: Letter, act: Act) -> RequestFacts | Refused | NotFound:
    """Write down under which number and date the request went to the head of the county."""
    with library.store.write() as tx:
        request = tx.one(reads.REQUEST_TO_CHANGE, request=request_id)
        if request is None:
            return NotFound(Sought.BINDING, str(request_id))
        refused = (
            *library.forbids(act, Action.BIND),
            *step_refusals(request.state, Step.LETTER),
            *letter_refusals(letter, act.day),
        )
        if refused:
            return Refused(refused)
        tx.update(BindingRequest, request, letter_no=said(letter.number, LONGEST_LETTER), letter_on=letter.day)
        tx.record("binding.letter_noted", act)
        return tx.one(reads.REQUEST, request=request_id) or request


def letter_refusals(letter: Letter, today: dt.date) -> Iterator[Refusal]:
    """A letter that is not written yet cannot have carried anything."""
    if letter.day is not None and letter.day > today:
        yield invalid("letter_on", letter.day)


def said(text: str | None, longest: int) -> str | None:
    """Free words as they are kept."""
    return clean(text, longest) or None if text else None


def _against_finalising(library: Library, rows: tuple[RowFacts, ...], letter: Letter, act: Act) -> Iterator[Refusal]:
    yield from library.forbids(act, Action.BIND)
    if act.stamp.doubtful:
        yield Refusal("clock.doubtful", facts={"today": act.day})
    yield from finalising_refusals(rows)
    yield from letter_refusals(letter, act.day)


def _paper(
    library: Library, reader: Reader, rows: tuple[RowFacts, ...], act: Act, number: str | None, chain: str | None
) -> BindingPaper:
    branch = library.branch
    return BindingPaper(
        library=branch.name,
        province=branch.province,
        county=branch.county,
        city=branch.city,
        grade=branch.grade or "",
        day=act.day,
        number=number,
        chain_head=chain,
        rows=rows,
        officers=officers_on(reader, act.day),
    )


def _chain_head(tx: Tx) -> str | None:
    head = tx.one(HEAD, device_id=tx.identity.device_id, epoch=tx.identity.epoch)
    return f"{head[0]}-{head[1].hex()}" if head else None
