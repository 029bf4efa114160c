"""Answering a wish: the words go back to the reader with the next sync (000 §1-2-الف)."""

import uuid
from dataclasses import dataclass

from app.actions import Action
from app.circulation.reads import find_item
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import NO_ANSWER, Answer, still_refused
from app.wishes import reads
from app.wishes.facts import HeldTitle, WishLine
from app.wishes.rules import LONGEST_NOTE, NEEDS_TITLE, answer_problems, answer_words
from db.act import Act
from db.codes import WishState
from db.models.catalogue import PurchaseRequest
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered; `note` is a reason or a word to the reader. A book that was bought or is here is named by its
    title or by a copy of it."""

    state: WishState
    note: str = ""
    title_id: uuid.UUID | None = None
    copy: str | None = None


@dataclass(frozen=True, slots=True)
class Replied:
    """A wish has its answer; `line` as it stands now. `already`: it had this very answer."""

    line: WishLine
    title: HeldTitle | None = None
    already: bool = False


def reply(
    library: Library, wish_id: uuid.UUID, said: Reply, act: Act, answer: Answer = NO_ANSWER
) -> Replied | Refused | NotFound:
    """Answer a wish. Another answer after one that ended it is asked about (`wish.answered`)."""
    with library.store.write() as tx:
        tx.one(reads.LOCK, wish=wish_id)
        line = reads.wish_line(tx, wish_id)
        if line is None:
            return NotFound(Sought.WISH, str(wish_id))
        title = _title(tx, said)
        if isinstance(title, NotFound):
            return title
        note = clean(said.note, LONGEST_NOTE)
        words = answer_words(said.state, note, title)
        if (line.state, line.answer) == (said.state, words):
            return Replied(line, title, already=True)
        problems = answer_problems(line, said.state, note, title)
        refused = still_refused((*library.forbids(act, Action.ANSWER_WISH), *problems), answer)
        if refused:
            return Refused(refused)
        tx.update(PurchaseRequest, line, state=said.state.value, answer=words)
        tx.record("purchase.answered", act)
        return Replied(reads.wish_line(tx, wish_id) or line, title)


def _title(tx: Tx, said: Reply) -> HeldTitle | NotFound | None:
    if said.state not in NEEDS_TITLE:
        return None
    title_id = said.title_id
    if said.copy:
        item = find_item(tx, said.copy)
        if item is None:
            return NotFound(Sought.ITEM, said.copy)
        title_id = item.title_id
    if title_id is None:
        return None
    return reads.held_title(tx, title_id) or NotFound(Sought.TITLE, str(title_id))
