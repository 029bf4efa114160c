"""Listing copies on draft minutes, striking them, and finalising: number, rows, PDF and hash in one transaction."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from app.actions import Action
from app.labels import MINUTES_STATE
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.papers import Files, Printed
from app.persian.jalali import year
from app.persian.text import clean
from app.refusal import NO_ANSWER, Answer, Refusal, still_refused
from app.weeding import reads
from app.weeding.facts import CopyFacts, Proposal
from app.weeding.minutes.editions import ToPrint, chain_head, file, paper_of
from app.weeding.minutes.paper import MinutesPrinter
from app.weeding.minutes.reads import find_minutes
from app.weeding.queries import newer_edition
from app.weeding.reads import ListedCopy, MinutesFacts
from app.weeding.recheck import NEVER_ANSWERED, rows_against
from app.weeding.rules import ARTICLES, NEWER_EDITION, is_unbindable, permit_of, proposal_refusals
from db.act import Act
from db.alone import in_turn
from db.codes import MinutesState, MinutesStepKind, WeedingReason
from db.models.collection import Minutes, MinutesRow, MinutesStep
from db.models.items import Item
from db.reading import Reader
from db.writing import Tx

OPENING = "weeding-draft"


@dataclass(frozen=True, slots=True)
class Listed:
    """A copy now stands on the draft minutes of its reason."""

    minutes_id: uuid.UUID
    row_id: uuid.UUID
    copy: CopyFacts
    position: int
    article: str


@dataclass(frozen=True, slots=True)
class AlreadyListed:
    """The copy stands on this very draft already: the scan came twice."""

    copy: CopyFacts


@dataclass(frozen=True, slots=True)
class ListingRefused:
    """The copy may not stand on these minutes; every reason with its article."""

    copy: CopyFacts
    refusals: tuple[Refusal, ...]


ListingOutcome: TypeAlias = "Listed | AlreadyListed | ListingRefused | NotFound"


def propose(
    library: Library, item_key: str, proposal: Proposal, act: Act, answer: Answer = NO_ANSWER
) -> ListingOutcome:
    """Put a copy on the draft minutes of a reason (002 م7-2), or say every reason against it."""
    with library.store.write() as tx:
        draft = _draft_to_list_on(tx, proposal.reason)
        copy = reads.find_copy(tx, item_key)
        if copy is None:
            return NotFound(Sought.ITEM, item_key)
        if draft is not None and copy.on_minutes_id == draft.id:
            return AlreadyListed(copy)
        proposal = _completed(tx, copy, proposal)
        refused = still_refused((*_refusals(library, tx, copy, proposal, act), *_frozen(tx, copy)), answer)
        if refused:
            return ListingRefused(copy, refused)
        minutes_id = draft.id if draft else _open_draft(tx, proposal.reason, act)
        position = (tx.one(reads.LAST_POSITION, minutes=minutes_id) or 0) + 1
        article = proposal.criterion or ARTICLES[proposal.reason]
        permit_no, permit_on = permit_of(copy, proposal)
        row_id = tx.insert(
            MinutesRow,
            minutes_id=minutes_id,
            position=position,
            item_id=copy.id,
            criterion=proposal.reason.value,
            article=article,
            unbindable=is_unbindable(copy, proposal) or not NEVER_ANSWERED.isdisjoint(answer.confirm),
            permit_no=permit_no,
            permit_on=permit_on,
            replaced_by=proposal.replaced_by,
            remark=proposal.remark,
            author_id=act.staff_id,
            proposed_at=act.at,
        )
        tx.update(Item, copy, on_minutes_id=minutes_id)
        tx.record("minutes.item_listed", act)
        return Listed(minutes_id, row_id, copy, position, article)


def _completed(reader: Reader, copy: CopyFacts, proposal: Proposal) -> Proposal:
    """The proposal in clean words; which edition takes the place is known where the library has it (002 م4-2-ج)."""
    replaced_by = proposal.replaced_by
    if proposal.criterion == NEWER_EDITION and replaced_by is None:
        newer = newer_edition(reader, copy.title_id)
        replaced_by = newer.title_id if newer else None
    permit_no, remark = _text(proposal.permit_no, 60), _text(proposal.remark, 500)
    return replace(proposal, permit_no=permit_no, remark=remark, replaced_by=replaced_by)


def _refusals(library: Library, reader: Reader, copy: CopyFacts, proposal: Proposal, act: Act) -> Iterator[Refusal]:
    yield from library.forbids(act, Action.WEED)
    yield from proposal_refusals(copy, proposal, reads.house_of(library), act.day)
    by = proposal.replaced_by
    if by is not None and (by == copy.title_id or reader.one(reads.REPLACING, title=by) is None):
        yield Refusal("weeding.replacement_unknown", "4-2-د")


def _frozen(reader: Reader, copy: CopyFacts) -> Iterator[Refusal]:
    """Minutes that have a number are not edited any more (002 م7-13): they go their way."""
    minutes = None if copy.on_minutes_id is None else find_minutes(reader, copy.on_minutes_id)
    if minutes is not None:
        facts = {"number": minutes.number_text, "state": MINUTES_STATE[minutes.state]}
        yield Refusal("minutes.frozen", "7-13", facts=facts)


def _text(text: str | None, longest: int) -> str | None:
    return clean(text, longest) or None if text else None


def _draft_to_list_on(tx: Tx, reason: WeedingReason) -> MinutesFacts | None:
    """The open draft. Where there is none, of two desks that would open it the slower one sees that of the faster."""
    draft = reads.draft_to_change(tx, reason)
    if draft is None:
        in_turn(tx, OPENING)
        draft = reads.draft_to_change(tx, reason)
    return draft


def _open_draft(tx: Tx, reason: WeedingReason, act: Act) -> uuid.UUID:
    return tx.insert(Minutes, reason=reason, state=MinutesState.DRAFT, opened_at=act.at)


def strike(
    library: Library, item_key: str, reason: WeedingReason, why: str, act: Act
) -> Listed | ListingRefused | NotFound:
    """Take a copy off the draft minutes of a reason; the row stays, struck, with its why."""
    with library.store.write() as tx:
        draft = reads.draft_to_change(tx, reason)
        copy = reads.find_copy(tx, item_key)
        if copy is None:
            return NotFound(Sought.ITEM, item_key)
        frozen = tuple(_frozen(tx, copy))
        if frozen:
            return ListingRefused(copy, frozen)
        if draft is None or copy.on_minutes_id != draft.id:
            return NotFound(Sought.ITEM, item_key)
        forbidden = library.forbids(act, Action.WEED)
        if forbidden:
            return ListingRefused(copy, forbidden)
        row = take_off(tx, copy, draft.id, why, act)
        tx.record("minutes.item_struck", act)
        return Listed(draft.id, row.id, copy, row.position, row.article)


def take_off(tx: Tx, copy: CopyFacts, draft_id: uuid.UUID, why: str, act: Act) -> ListedCopy:
    """Strike the row of a copy on a draft, inside somebody's transaction."""
    row = next(row for row in reads.rows_of(tx, draft_id) if row.item_id == copy.id)
    tx.update(MinutesRow, row, struck_at=act.at, struck_why=_text(why, 500))
    tx.update(Item, copy, on_minutes_id=None)
    return row


@dataclass(frozen=True, slots=True)
class Finalised:
    """Minutes with a number, frozen: the bytes in the store are what is printed, now and for ever (002 م7-13)."""

    minutes_id: uuid.UUID
    number: str
    rows: int
    document_id: uuid.UUID
    sheet_id: uuid.UUID
    pages: int
    sha256: str


def finalise(library: Library, reason: WeedingReason, printer: MinutesPrinter, act: Act) -> Finalised | Refused:
    """Give the draft its number and freeze it as PDF and Excel: all of it happens, or nothing.

    Not while the clock is doubtful: number and date of an official paper cannot be repaired.
    """
    refused = library.forbids(act, Action.FINALISE_MINUTES)
    if act.stamp.doubtful:
        refused = (*refused, Refusal("clock.doubtful", facts={"today": act.day}))
    with library.store.write() as tx:
        draft = reads.draft_to_change(tx, reason)
        rows = reads.rows_of(tx, draft.id) if draft else []
        if draft is None or not rows:
            refused = (*refused, Refusal("minutes.empty", "7-2"))
        else:
            refused = (*refused, *rows_against(library, tx, draft.id, act))
        if refused or draft is None:
            return Refused(refused)
        jalali_year = year(act.day)
        sequence = tx.next_number(f"minutes-{jalali_year}")
        number = minutes_number(jalali_year, sequence)
        to_print = ToPrint(reason, rows, number, draft.revision, chain_head(tx))
        paper = paper_of(library, tx, to_print, act)
        printed = printer(paper)
        files = Files()
        file(tx, paper, printed, draft.id, files, act)
        tx.update(
            Minutes,
            draft,
            state=MinutesState.FINALISED,
            year=jalali_year,
            number=sequence,
            finalised_at=act.at,
            finalised_on=act.day,
            document_id=files.pdf,
            sheet_id=files.xlsx,
            guideline=library.guideline.version,
        )
        tx.insert(
            MinutesStep, minutes_id=draft.id, kind=MinutesStepKind.FINALISE, was=MinutesState.DRAFT,
            became=MinutesState.FINALISED, day=act.day, staff_id=act.staff_id, at=act.at,
        )  # fmt: skip
        tx.record("minutes.finalised", act)
        return Finalised(draft.id, number, len(rows), files.pdf, files.xlsx, printed.pages, printed.sha256)


def preview(library: Library, reason: WeedingReason, printer: MinutesPrinter, act: Act) -> Printed | None:
    """The draft as it would be printed, marked as a draft; None while it is empty. Nothing is kept."""
    with library.store.read() as reader:
        draft = reads.draft_of(reader, reason)
        rows = reads.rows_of(reader, draft.id) if draft else []
        if draft is None or not rows:
            return None
        paper = paper_of(library, reader, ToPrint(reason, rows, None, draft.revision), act)
    return printer(paper)


def minutes_number(jalali_year: int, sequence: int) -> str:
    """«1405/12»: gap-free within a Jalali year."""
    return f"{jalali_year}/{sequence}"
