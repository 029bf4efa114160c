"""Writing down that a reader wishes a book to be bought: at the desk, or from the reader's own page (000 §1-2-الف)."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.actions import Action
from app.circulation.reads import find_member
from app.library import HERE, Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import compact
from app.refusal import NO_ANSWER, Answer, Refusal, Weight, still_refused
from app.wishes.facts import HeldTitle, WishForm
from app.wishes.reads import IS_OPEN, held_titles
from app.wishes.rules import HELD, wish_problems, wish_words
from db.act import Act
from db.codes import WishState
from db.frozen import Frozen
from db.models.catalogue import PurchaseRequest
from db.types import Id
from db.writing import Tx

OPEN_OF = Frozen(
    sa.select(PurchaseRequest.id, PurchaseRequest.wish).where(
        PurchaseRequest.branch_id == HERE,
        PurchaseRequest.member_id == sa.bindparam("member", type_=Id()),
        IS_OPEN,
        PurchaseRequest.deleted_at.is_(None),
    ),
    lambda wish_id, wish: (wish_id, wish),
)
OPEN_OF_NOBODY = Frozen(
    sa.select(PurchaseRequest.id, PurchaseRequest.wish).where(
        PurchaseRequest.branch_id == HERE,
        PurchaseRequest.member_id.is_(None),
        IS_OPEN,
        PurchaseRequest.deleted_at.is_(None),
    ),
    lambda wish_id, wish: (wish_id, wish),
)


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish is kept; `held` are titles of the library that look like it. `already`: the same was asked before by the
    same reader and is still open."""

    wish_id: uuid.UUID
    wish: str
    member_id: uuid.UUID | None
    held: tuple[HeldTitle, ...] = ()
    already: bool = False


def ask(
    library: Library, form: WishForm, act: Act, member_key: str | None = None, answer: Answer = NO_ANSWER
) -> Wished | Refused | NotFound:
    """Keep a wish of the member with a card or number, or of somebody who did not say who they are. A book the library
    has is asked about first (`wish.held`)."""
    with library.store.write() as tx:
        member = find_member(tx, member_key) if member_key else None
        if member_key and member is None:
            return NotFound(Sought.MEMBER, member_key)
        words = wish_words(form)
        held = held_titles(tx, words, library.store.dialect.name) if words else ()
        refused = (*library.forbids(act, Action.TAKE_WISH), *wish_problems(form), *_held(held))
        refused = still_refused(refused, answer)
        if refused:
            return Refused(refused)
        member_id = member.id if member else None
        wish_id, already = keep(tx, member_id, words, act)
        return Wished(wish_id, words, member_id, held, already)


def keep(tx: Tx, member_id: uuid.UUID | None, wish: str, act: Act) -> tuple[uuid.UUID, bool]:
    """The wish with these words, and whether it was there and open already: then nothing is written."""
    theirs = tx.all(OPEN_OF_NOBODY) if member_id is None else tx.all(OPEN_OF, member=member_id)
    same = next((wish_id for wish_id, words in theirs if compact(words) == compact(wish)), None)
    if same is not None:
        return same, True
    wish_id = tx.insert(PurchaseRequest, member_id=member_id, wish=wish, asked_on=act.day, state=WishState.ASKED.value)
    tx.record("purchase.wished", act)
    return wish_id, False


def _held(held: tuple[HeldTitle, ...]) -> tuple[Refusal, ...]:
    same = next((one for one in held if one.same), None)
    return () if same is None else (Refusal(HELD, weight=Weight.CONFIRM, facts={"title": same.title}),)
