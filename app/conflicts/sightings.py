"""Copies that came back at another branch: whose they are, the claim to that branch, and the end of it at the other one
(sync-protocol 11)."""

import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.conflicts.writing import Round, case_of, directive_of, named
from app.directives.facts import ClaimFacts, ClosedFacts
from app.persian.text import compact
from db.codes import CaseKind, CaseState, DirectiveKind, ReturnSeenState
from db.models.catalogue import Title
from db.models.centre import Directive, DirectiveAnswer, ReturnSeen, SyncCase
from db.models.circulation import Loan
from db.models.items import Item
from db.models.library import Branch
from db.writing import Tx

OPEN = (Loan.in_at.is_(None), Loan.presumed_in_at.is_(None), Loan.deleted_at.is_(None))


@dataclass(frozen=True, slots=True)
class Found:
    """A copy that carries the label of a sighting, with its open loan if there is one."""

    item_id: uuid.UUID
    branch_id: uuid.UUID
    branch: str
    title: str
    accession_no: int
    loan_id: uuid.UUID | None
    ver: int | None
    due_on: Any


def sightings_changed(tx: Tx, branch_id: uuid.UUID, after: int, until: int) -> set[uuid.UUID]:
    """Readers of other branches whose open loans are of copies that were seen here, between two positions."""
    query = (
        sa.select(Loan.member_id)
        .join(Item, Item.id == Loan.item_id)
        .join(ReturnSeen, sa.and_(ReturnSeen.barcode == Item.barcode, ReturnSeen.branch_id != Item.branch_id))
        .where(
            ReturnSeen.branch_id == branch_id, ReturnSeen.bpos > after, ReturnSeen.bpos <= until,
            Loan.member_id.is_not(None), *OPEN,
        )
    )  # fmt: skip
    return {member for member in tx.connection.execute(query.distinct()).scalars() if member is not None}


def open_sightings(round_: Round) -> list[Any]:
    """What was seen and has not been written down by the library it belongs to."""
    return round_.rows(ReturnSeen, ReturnSeen.state != ReturnSeenState.CLOSED)


def copies_of(tx: Tx, sighting: Any) -> list[Found]:
    """The copies that may be meant: those with this label at other branches; the library's name, where it was noted,
    and an open loan that is older than the sighting tell them apart."""
    query = (
        sa.select(Item.id, Item.branch_id, Branch.name, Title.title, Item.accession_no, Loan.id, Loan.ver, Loan.due_on)
        .join(Branch, Branch.id == Item.branch_id)
        .join(Title, Title.id == Item.title_id)
        .outerjoin(Loan, sa.and_(Loan.item_id == Item.id, Loan.out_at <= sighting.at, *OPEN))
        .where(Item.barcode == sighting.barcode, Item.branch_id != sighting.branch_id, Item.deleted_at.is_(None))
        .order_by(Item.id)
    )
    found = [Found(*row) for row in tx.connection.execute(query)]
    if sighting.library:
        of_name = [copy for copy in found if compact(copy.branch) == compact(sighting.library)]
        found = of_name or found
    lent = [copy for copy in found if copy.loan_id is not None]
    return lent if len(found) > 1 and lent else found


def freed_loans(round_: Round, loans: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Of some open loans those whose copy was seen at another branch since: they count no more."""
    if not loans:
        return set()
    query = (
        sa.select(ReturnSeen)
        .join(Item, sa.and_(Item.barcode == ReturnSeen.barcode, Item.branch_id != ReturnSeen.branch_id))
        .join(Loan, Loan.item_id == Item.id)
        .where(
            Loan.id.in_(list(loans)),
            ReturnSeen.at >= Loan.out_at,
            ReturnSeen.state != ReturnSeenState.CLOSED,  # closed, and the loan is open: it was decided that it stays
            ReturnSeen.deleted_at.is_(None),
        )
        .with_only_columns(ReturnSeen.id, ReturnSeen.branch_id, ReturnSeen.barcode, ReturnSeen.library, ReturnSeen.at)
    )
    freed: set[uuid.UUID] = set()
    for sighting in round_.tx.connection.execute(query):
        copies = copies_of(round_.tx, sighting)
        loan = copies[0].loan_id if len(copies) == 1 else None
        if loan is not None and loan in loans:
            freed.add(loan)
    return freed


def claim(round_: Round) -> set[uuid.UUID]:
    """Tell each library of its copies that were seen elsewhere, and both of what came of it. Returns the readers whose
    loans that concerns."""
    sightings = open_sightings(round_)
    answers = _answers(round_, [directive_of(seen.id, DirectiveKind.CLAIM_RETURN) for seen in sightings])
    readers: set[uuid.UUID] = set()
    for seen in sightings:
        answer = answers.get(directive_of(seen.id, DirectiveKind.CLAIM_RETURN))
        if answer is None:
            readers |= set(_claim(round_, seen))
        elif answer.done:
            _close(round_, seen)
        else:
            _let_decide(round_, seen, answer)
    return readers


def _claim(round_: Round, seen: Any) -> Iterator[uuid.UUID]:
    copies = copies_of(round_.tx, seen)
    about = [named(ReturnSeen, seen.id)]
    if len(copies) != 1:
        if copies:
            round_.open_case(CaseKind.RETURNED_ELSEWHERE, seen.branch_id, about, _doubt(seen, copies), ["seen"])
        return
    copy = copies[0]
    round_.close_case(CaseKind.RETURNED_ELSEWHERE, seen.branch_id, about)
    place = round_.row(Branch, seen.branch_id)
    facts = ClaimFacts(
        seen.id, copy.item_id, seen.at, seen.day, place.name if place is not None else "", copy.loan_id, copy.ver
    )
    if round_.ask(seen.id, copy.branch_id, DirectiveKind.CLAIM_RETURN, facts) and copy.loan_id is not None:
        loan = round_.row(Loan, copy.loan_id)
        if loan.member_id is not None:
            yield loan.member_id


def _doubt(seen: Any, copies: Sequence[Found]) -> dict[str, Any]:
    """Several libraries have a copy with this label: whoever has it in hand reads the stamp."""
    return {"barcode": seen.barcode, "day": seen.day.isoformat(), "libraries": [copy.branch for copy in copies]}


def _close(round_: Round, seen: Any) -> None:
    """The library that owns the copy has done it: the one that saw it may know."""
    round_.ask(seen.id, seen.branch_id, DirectiveKind.RETURN_CLOSED, ClosedFacts(seen.id))
    for copy in copies_of(round_.tx, seen):
        round_.close_case(CaseKind.RETURNED_ELSEWHERE, copy.branch_id, _about(seen, copy.item_id))


def _let_decide(round_: Round, seen: Any, answer: Any) -> None:
    """The loan changed since: a person of the library that lent it says what holds. What was decided is acted upon
    there; here only the sighting ends with it."""
    item = _claimed_item(round_, seen)
    if item is None:
        return
    about = _about(seen, item)
    case = round_.row(SyncCase, case_of(CaseKind.RETURNED_ELSEWHERE, answer.branch_id, about))
    copy = next((copy for copy in copies_of(round_.tx, seen) if copy.item_id == item), None)
    if copy is None or copy.loan_id is None or (case is not None and case.state is CaseState.DECIDED):
        round_.ask(seen.id, seen.branch_id, DirectiveKind.RETURN_CLOSED, ClosedFacts(seen.id))
        round_.close_case(CaseKind.RETURNED_ELSEWHERE, answer.branch_id, about)
        return
    if case is not None and case.state is CaseState.CLOSED:
        return
    place = round_.row(Branch, seen.branch_id)
    stories = {
        "seen": {"library": place.name if place is not None else "", "day": seen.day.isoformat(),
                 "at": seen.at.isoformat()},
        "loan": {"title": copy.title, "accession_no": copy.accession_no},
    }  # fmt: skip
    round_.open_case(CaseKind.RETURNED_ELSEWHERE, answer.branch_id, about, stories)


def _about(seen: Any, item_id: uuid.UUID) -> list[str]:
    return [named(Item, item_id), named(ReturnSeen, seen.id)]


def _claimed_item(round_: Round, seen: Any) -> uuid.UUID | None:
    claimed = round_.row(Directive, directive_of(seen.id, DirectiveKind.CLAIM_RETURN))
    return None if claimed is None else uuid.UUID(claimed.facts["item"])


def _answers(round_: Round, directives: Sequence[uuid.UUID]) -> dict[uuid.UUID, Any]:
    if not directives:
        return {}
    found = round_.rows(DirectiveAnswer, DirectiveAnswer.directive_id.in_(directives))
    return {answer.directive_id: answer for answer in found}
