"""Placing a hold: one use case, one transaction."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

from app.actions import Action
from app.circulation import reads
from app.circulation.facts import HoldFacts, ItemFacts, MemberFacts
from app.circulation.holds.outcomes import AlreadyHeld, Held, HeldTitle, HoldRefused, Place, PlaceOutcome
from app.circulation.holds.reads import copies_of, own_holds, place_of, title_of
from app.circulation.holds.rules import PlaceFacts, copy_refusals, fee_due, free_copies, place_refusals, positions
from app.circulation.rules import believable
from app.ledger.writing import charge
from app.library import Library
from app.outcome import NotFound, Sought
from app.policy.choices import HoldFeeWhen
from app.policy.table import ANY
from app.refusal import NO_ANSWER, Answer, Refusal, for_role, still_refused
from db.act import Act
from db.codes import Channel, HoldState, LedgerKind
from db.journal import Intent
from db.models.circulation import Hold
from db.reading import Reader
from db.writing import Tx

# A second request for the same within this time is the same request, not another one.
SAME_REQUEST = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class PlaceRequest:
    """Who waits for what: a title (`title_id`), or one copy (`item`: barcode or accession number).

    `until` is the last day it is wanted; `channel` how the copy is to reach the reader.
    """

    member: str
    title_id: uuid.UUID | None = None
    item: str | None = None
    until: dt.date | None = None
    channel: Channel = Channel.DESK
    answer: Answer = NO_ANSWER


@dataclass(frozen=True, slots=True)
class _Asked:
    member: MemberFacts
    title: HeldTitle
    item: ItemFacts | None
    copies: list[ItemFacts]
    queue: list[HoldFacts]


def place_hold(library: Library, request: PlaceRequest, act: Act) -> PlaceOutcome:
    """Let a reader wait for a title or a copy, or say every reason against it."""
    with library.store.write() as tx:
        asked = _find(tx, request)
        if isinstance(asked, NotFound):
            return asked
        library.keep_fresh(tx, act.day)
        same = _same_request(asked, act)
        if same is not None:
            return AlreadyHeld(place_of(tx, same), asked.member, asked.title, asked.item)
        facts, reasons = _decide(library, tx, asked, request, act)
        found = for_role((*library.forbids(act, Action.HOLD), *reasons), library.overrides(act.role))
        refused = still_refused(found, request.answer)
        if refused:
            return HoldRefused(asked.member, asked.title, asked.item, refused)
        return _place(library, tx, asked, facts, request, found, act)


def _find(tx: Tx, request: PlaceRequest) -> _Asked | NotFound:
    item = None if request.item is None else reads.find_item(tx, request.item)
    if request.item is not None and item is None:
        return NotFound(Sought.ITEM, request.item)
    member = reads.find_member(tx, request.member)
    if member is None:
        return NotFound(Sought.MEMBER, request.member)
    title_id = request.title_id if item is None else item.title_id
    title = None if title_id is None else title_of(tx, title_id)
    if title is None:
        return NotFound(Sought.TITLE, str(title_id or ""))
    copies = copies_of(tx, title.id) if item is None else [item]
    return _Asked(member, title, item, copies, tx.all(reads.QUEUE, title=title.id))


def _same_request(asked: _Asked, act: Act) -> HoldFacts | None:
    for hold in asked.queue:
        same = hold.member_id == asked.member.id and _names(hold) == (asked.item.id if asked.item else None)
        if same and hold.placed_at is not None and dt.timedelta() <= act.at - hold.placed_at <= SAME_REQUEST:
            return hold
    return None


def _names(hold: HoldFacts) -> uuid.UUID | None:
    """The copy that was asked for in particular."""
    return hold.item_id if hold.only_this_item else None


def _decide(
    library: Library, tx: Tx, asked: _Asked, request: PlaceRequest, act: Act
) -> tuple[PlaceFacts, tuple[Refusal, ...]]:
    """The facts and what speaks against them. Of the types that the copies have, the one that speaks least against it
    decides: a hold may be served by any copy."""
    judged = [
        (facts, believable(place_refusals(facts), doubtful=act.stamp.doubtful))
        for facts in _gather(library, tx, asked, request, act.day)
    ]
    return min(judged, key=lambda one: len(one[1]))


def _gather(
    library: Library, reader: Reader, asked: _Asked, request: PlaceRequest, day: dt.date
) -> Iterator[PlaceFacts]:
    member, title = asked.member, asked.title
    for item_type in dict.fromkeys(copy.item_type for copy in asked.copies) or {ANY: None}:
        copies = [copy for copy in asked.copies if copy.item_type == item_type]
        terms = library.terms(member.category, item_type)
        lendable = [copy for copy in copies if not any(copy_refusals(copy, terms))]
        yield PlaceFacts(
            member=member,
            bans=reader.all(reads.BANS, member=member.id, day=day),
            standing=reads.standing_of(reader, member, item_type, day),
            terms=terms,
            day=day,
            title_id=title.id,
            copies=copies,
            own=own_holds(reader, member.id, item_type),
            free=free_copies(lendable, asked.queue, day),
            has_title=reader.one(reads.OPEN_LOAN_OF_TITLE, member=member.id, title=title.id) is not None,
            item_id=asked.item.id if asked.item else None,
            until=request.until,
        )


def _place(
    library: Library,
    tx: Tx,
    asked: _Asked,
    facts: PlaceFacts,
    request: PlaceRequest,
    found: tuple[Refusal, ...],
    act: Act,
) -> Held:
    last = max((hold.priority for hold in asked.queue), default=0)
    hold_id = tx.insert(
        Hold,
        title_id=asked.title.id,
        item_id=facts.item_id,
        only_this_item=facts.item_id is not None,
        member_id=asked.member.id,
        placed_at=act.at,
        priority=last + 1,
        state=HoldState.QUEUED,
        wanted_until=request.until,
        channel=request.channel,
    )
    fee = fee_due(facts.terms, HoldFeeWhen.PLACED)
    if fee:
        charge(tx, act, asked.member.id, LedgerKind.HOLD_FEE, fee, hold_id=hold_id)
    reason = request.answer.reason.strip() or None
    tx.record("hold.placed", act, Intent(library.policy.version, [refusal.code for refusal in found], reason))
    line = len(positions(asked.queue)) + 1
    place = Place(hold_id, HoldState.QUEUED, line, line)
    return Held(place, asked.member, asked.title, asked.item, fee)
