"""From the weeding bench to the bindery: off the draft minutes, onto the binding request, and no candidate for a while.

All of it happens, or nothing: what the bindery would not take stays on its list (002 م4-1-ج: what is to be bound is not
worn; م13-4، 13-6).
"""

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from app.actions import Action
from app.binding import reads as bindery
from app.binding.facts import BindingCopy
from app.binding.rules import listing_refusals
from app.binding.service import put_on
from app.labels import CANDIDATE_DECISION
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import NO_ANSWER, Answer, still_refused
from app.weeding import reads as weeding
from app.weeding.facts import CopyFacts
from app.weeding.notes import last_note, until_of
from app.weeding.service import take_off
from db.act import Act
from db.codes import CandidateDecision, WeedingReason
from db.models.collection import CandidateNote
from db.writing import Tx

DECISION = CandidateDecision.TO_BINDING


@dataclass(frozen=True, slots=True)
class SentToBindery:
    """The copy stands on the draft request and is no candidate of this reason before `until`. `struck`: it left the
    draft minutes for it; `on_request`: it stood on the request before; `already`: all of it was so before."""

    copy: CopyFacts
    request_id: uuid.UUID
    until: dt.date
    struck: bool
    on_request: bool
    already: bool = False


def send_to_bindery(
    library: Library,
    item_key: str,
    reason: WeedingReason,
    act: Act,
    answer: Answer = NO_ANSWER,
    work: str | None = None,
) -> SentToBindery | Refused | NotFound:
    """Put a copy of the bench on the draft request for binding; `work` says what is to be done with it. If it stands on
    the draft minutes of `reason` it is struck there. What the bindery asks first, `answer` confirms."""
    with library.store.write() as tx:
        draft, minutes = tx.one(bindery.DRAFT_TO_CHANGE), weeding.draft_to_change(tx, reason)
        copy, book = weeding.find_copy(tx, item_key), bindery.find_copy(tx, item_key)
        if copy is None or book is None:
            return NotFound(Sought.ITEM, item_key)
        struck = minutes is not None and copy.on_minutes_id == minutes.id
        on_request = draft is not None and book.open_request == draft.id
        forbidden = library.forbids(act, Action.WEED) or library.forbids(act, Action.BIND)
        before = _stands_until(tx, copy, reason, act.day)
        if draft is not None and on_request and before is not None and not struck and not forbidden:
            return SentToBindery(copy, draft.id, before, struck=False, on_request=True, already=True)
        listed = len(bindery.rows_of(tx, draft.id)) if draft else 0
        against = listing_refusals(_as_if_free(book, struck=struck, on_request=on_request), 0 if on_request else listed)
        refused = still_refused((*forbidden, *against), answer)
        if refused:
            return Refused(refused)
        until = until_of(library, DECISION, act.day) or act.day
        if minutes is not None and struck:
            take_off(tx, copy, minutes.id, CANDIDATE_DECISION[DECISION], act)
        request_id = draft.id if draft and on_request else put_on(tx, book, draft, listed, work, act).request_id
        tx.insert(
            CandidateNote, item_id=copy.id, reason=reason, decision=DECISION, until=until, at=act.at,
            author_id=act.staff_id,
        )  # fmt: skip
        tx.record("candidate.to_bindery", act)
        return SentToBindery(copy, request_id, until, struck, on_request)


def _as_if_free(book: BindingCopy, *, struck: bool, on_request: bool) -> BindingCopy:
    """The copy without what does not speak against it: the list that it leaves now, the request that it is to be on."""
    if struck:
        book = replace(book, on_minutes_id=None)
    return replace(book, open_request=None, open_state=None) if on_request else book


def _stands_until(tx: Tx, copy: CopyFacts, reason: WeedingReason, today: dt.date) -> dt.date | None:
    """Until when the same was decided before, if that still holds."""
    note = last_note(tx, copy.id, reason)
    holds = note is not None and note.decision is DECISION and note.until is not None and note.until > today
    return note.until if note is not None and holds else None
