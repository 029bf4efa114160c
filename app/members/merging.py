"""Two records of one person become one (001: data of members registered twice).

What belonged to the record that goes belongs to the one that stays: loans, holds, bans, cards, contacts, calls. The
ledger is never edited, so a debt moves as two lines. The old number and the old card find the one that stays.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.actions import Action
from app.ledger.reads import ledger_of
from app.ledger.writing import charge, settle
from app.library import Library
from app.members.finding import found_by
from app.members.service import member_record
from app.members.writing import member_with
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.act import Act
from db.codes import CardState, HoldState, LedgerKind, MemberState
from db.frozen import Frozen
from db.models.base import Base
from db.models.catalogue import PurchaseRequest
from db.models.circulation import CallAttempt, Dispatch, Hold, Loan, Notice, Visit
from db.models.members import Alert, Incident, Member, MemberCard, MemberContact, Restriction
from db.writing import Tx

# What moves, all of it, whatever its state. Loans come first and in portions: there may be years of them.
MOVED: tuple[type[Base], ...] = (
    Restriction, MemberContact, CallAttempt, Notice, Alert, Incident, Dispatch, Visit, PurchaseRequest,
)  # fmt: skip
AT_A_TIME = 400
REASON = "ادغام دو عضو"
FILLED_IN = (
    "father_name", "national_id", "birth_date", "age_group", "education", "job", "mobile", "guardian",
    "guardian_mobile", "guardian_id", "guarantor_id", "letter_no", "scheme", "liaison", "photo_id", "note", "stop_id",
)  # fmt: skip
LOST_LOAN = Frozen(
    sa.select(Loan.id).where(
        Loan.member_id == sa.bindparam("member"), Loan.in_at.is_(None), Loan.lost_on.is_not(None),
        Loan.deleted_at.is_(None),
    ),
    lambda loan: loan,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Merged:
    """The record that stays; `loans` and `debt` (rial) came over from the other."""

    member_id: uuid.UUID
    loans: int
    debt: int


MergeOutcome: TypeAlias = "Merged | Refused | NotFound"


def merge_members(library: Library, keep: str, drop: str, act: Act) -> MergeOutcome:
    """Make `drop` part of `keep`, both named by card, number or national id.

    Past loans are moved first, some hundred a transaction; a power cut in between leaves two members with nothing lost,
    and the same request goes on where it stopped.
    """
    found = _pair(library, keep, drop, act)
    if not isinstance(found, tuple):
        return found
    moved = 0
    portions = replace(act, key=None)  # the key of the request is that of the last transaction
    while portion := _move_past_loans(library, found, portions):
        moved += portion
    with library.store.write() as tx:
        kept, dropped = (member_record(tx, member_id) for member_id in found)
        moved += _move(tx, Loan, found)
        _move_holds(tx, found, act)
        for model in MOVED:
            _move(tx, model, found)
        _retire_cards(tx, found)
        debt = _move_debt(tx, found, act)
        _join(tx, kept, dropped)
        tx.record("member.merged", act)
    return Merged(found[0], moved, debt)


def _pair(library: Library, keep: str, drop: str, act: Act) -> tuple[uuid.UUID, uuid.UUID] | Refused | NotFound:
    """The two records, or why they are not merged."""
    with library.store.read() as reader:
        found = []
        for key in (keep, drop):
            member_id = member_with(reader, key)
            member = member_record(reader, member_id) if member_id else None
            if member is None:
                return NotFound(Sought.MEMBER, key)
            found.append(member)
        lost = reader.one(LOST_LOAN, member=found[1].id) is not None
    refused = list(library.forbids(act, Action.MERGE_MEMBERS))
    if found[0].id == found[1].id:
        refused.append(Refusal("member.same"))
    if any(member.state is MemberState.MERGED for member in found):
        refused.append(Refusal("member.merged"))
    if lost:  # its price is paid on the card it was lost with
        refused.append(Refusal("member.lost_loan"))
    return Refused(tuple(refused)) if refused else (found[0].id, found[1].id)


def _move_past_loans(library: Library, pair: tuple[uuid.UUID, uuid.UUID], act: Act) -> int:
    with library.store.write() as tx:
        loans = _rows(tx, Loan, Loan.member_id == pair[1], Loan.in_at.is_not(None), limit=AT_A_TIME)
        for loan in loans:
            tx.update(Loan, loan, member_id=pair[0])
        if loans:
            tx.record("member.history_moved", act)
        return len(loans)


def _move(tx: Tx, model: type[Base], pair: tuple[uuid.UUID, uuid.UUID]) -> int:
    column = Base.metadata.tables[model.__tablename__].c.member_id
    rows = _rows(tx, model, column == pair[1])
    for row in rows:
        tx.update(model, row, member_id=pair[0])
    return len(rows)


def _move_holds(tx: Tx, pair: tuple[uuid.UUID, uuid.UUID], act: Act) -> None:
    """A second hold on a title that the other record waits for already ends here."""
    waiting = (HoldState.QUEUED, HoldState.WAITING, HoldState.SUSPENDED)
    own = {hold.title_id for hold in _rows(tx, Hold, Hold.member_id == pair[0], Hold.state.in_(waiting))}
    for hold in _rows(tx, Hold, Hold.member_id == pair[1]):
        doubled = hold.state in waiting and hold.state is not HoldState.WAITING and hold.title_id in own
        ended = {"state": HoldState.CANCELLED, "ended_at": act.at, "end_reason": "merged"} if doubled else {}
        tx.update(Hold, hold, member_id=pair[0], **ended)


def _retire_cards(tx: Tx, pair: tuple[uuid.UUID, uuid.UUID]) -> None:
    """The cards find the one that stays; where that one has none, the other's goes on."""
    own = [card for card in _rows(tx, MemberCard, MemberCard.member_id == pair[0]) if card.state is CardState.ACTIVE]
    for card in _rows(tx, MemberCard, MemberCard.member_id == pair[1]):
        retired = {"state": CardState.RETIRED} if own and card.state is CardState.ACTIVE else {}
        tx.update(MemberCard, card, member_id=pair[0], **retired)


def _move_debt(tx: Tx, pair: tuple[uuid.UUID, uuid.UUID], act: Act) -> int:
    """What is owed goes over as one debt, what is held for the reader as one credit."""
    ledger = ledger_of(tx, pair[1])
    for debt in ledger.open_debts:
        settle(tx, act, debt.line, LedgerKind.TRANSFER, debt.outstanding, reason=REASON)
    if ledger.balance < 0:
        charge(tx, act, pair[1], LedgerKind.TRANSFER, -ledger.balance, reason=REASON)
    if ledger.balance:
        charge(tx, act, pair[0], LedgerKind.TRANSFER, ledger.balance, reason=REASON)
    return ledger.balance


def _join(tx: Tx, kept: Any, dropped: Any) -> None:
    """What the one that stays does not say is taken from the other, which lets go of the national id."""
    gone: dict[str, Any] = {"state": MemberState.MERGED, "merged_into": kept.id, "national_id": None}
    tx.update(Member, dropped, **gone, search_key=found_by(tx, dropped, gone))
    taken = dict(_taken_over(kept, dropped))
    tx.update(Member, kept, **taken, search_key=found_by(tx, kept, taken))


def _taken_over(kept: Any, dropped: Any) -> Iterator[tuple[str, Any]]:
    for name in FILLED_IN:
        if getattr(kept, name) is None and getattr(dropped, name) is not None:
            yield name, getattr(dropped, name)
    if kept.expires_on is not None and (dropped.expires_on is None or dropped.expires_on > kept.expires_on):
        yield "expires_on", dropped.expires_on
    if dropped.joined_on < kept.joined_on:
        yield "joined_on", dropped.joined_on
    together: Mapping[str, None] = dict.fromkeys([*(kept.interests or ()), *(dropped.interests or ())])
    if list(together) != list(kept.interests or ()):
        yield "interests", list(together)


def _rows(tx: Tx, model: type[Base], *conditions: sa.ColumnElement[bool], limit: int | None = None) -> list[Any]:
    table = Base.metadata.tables[model.__tablename__]
    query = sa.select(table).where(table.c.deleted_at.is_(None), *conditions).limit(limit)
    return list(tx.connection.execute(query))
