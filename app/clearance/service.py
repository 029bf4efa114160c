"""Clearing a reader: nothing is owed, the membership ends, a numbered certificate is frozen (000 §3-1-3, §3-5-2)."""

import hashlib
from dataclasses import dataclass
from typing import TypeAlias

from app.actions import Action
from app.circulation import reads as desk
from app.circulation.facts import MemberFacts
from app.clearance import reads
from app.clearance.facts import Certificate, ClearanceRefused, Cleared, MayBeCleared
from app.clearance.keys import publish, signing_key
from app.clearance.paper import CertificatePaper, CertificatePrinter
from app.clearance.rules import clearance_refusals
from app.clearance.token import Statement, member_hash, short_code, signed_text
from app.library import Library
from app.outcome import NotFound, Sought
from app.persian.text import clean
from app.refusal import NO_ANSWER, Answer, Refusal, still_refused
from db.act import Act
from db.codes import CardState, DocumentKind, HoldState, MemberState, Role
from db.journal import Intent
from db.models.circulation import Clearance, Hold
from db.models.collection import Document
from db.models.members import Member, MemberCard
from db.reading import Reader
from db.types import new_id
from db.writing import Tx

NUMBERS = "clearance"
LONGEST_REASON = 300
END_REASON = "clearance"
PDF = "application/pdf"

ClearOutcome: TypeAlias = "Cleared | ClearanceRefused | NotFound"
CheckOutcome: TypeAlias = "MayBeCleared | Cleared | ClearanceRefused | NotFound"


@dataclass(frozen=True, slots=True)
class ClearRequest:
    """Who (card, member number or national id), and why: graduation, transfer, retirement …"""

    member: str
    reason: str = ""
    answer: Answer = NO_ANSWER


def check_clearance(library: Library, request: ClearRequest, act: Act) -> CheckOutcome:
    """What would become of it now. Nothing is changed."""
    with library.store.read() as reader:
        member = desk.find_member(reader, request.member)
        if member is None:
            return NotFound(Sought.MEMBER, request.member)
        before = _before(reader, member)
        if before is not None:
            return before
        refused = still_refused(_reasons(library, reader, member, act), request.answer)
        return ClearanceRefused(member, refused) if refused else MayBeCleared(member)


def clear(library: Library, request: ClearRequest, printer: CertificatePrinter, act: Act) -> ClearOutcome:
    """Give the certificate its number and freeze it, end holds and cards: all of it happens, or nothing.

    Not while the clock is doubtful: number and date of an official paper cannot be repaired.
    """
    with library.store.write() as tx:
        library.keep_fresh(tx, act.day)
        member = desk.find_member(tx, request.member)
        if member is None:
            return NotFound(Sought.MEMBER, request.member)
        before = _before(tx, member)
        if before is not None:
            return before
        refused = still_refused(_reasons(library, tx, member, act), request.answer)
        if refused:
            return ClearanceRefused(member, refused)
        certificate = _certify(library, tx, member, clean(request.reason, LONGEST_REASON) or None, printer, act)
        _end_membership(tx, member, act)
        tx.record("clearance.issued", act, Intent(library.policy.version, reason=certificate.reason))
        return Cleared(certificate, member)


def _before(reader: Reader, member: MemberFacts) -> Cleared | None:
    if member.state is not MemberState.CLEARED:
        return None
    certificate = reads.certificate_in_force(reader, member.id)
    return None if certificate is None else Cleared(certificate, member, already=True)


def _reasons(library: Library, reader: Reader, member: MemberFacts, act: Act) -> tuple[Refusal, ...]:
    doubt = (Refusal("clock.doubtful", facts={"today": act.day}),) if act.stamp.doubtful else ()
    duties = reads.obligations(reader, member.id)
    return (*library.forbids(act, Action.CLEAR), *doubt, *clearance_refusals(member, duties))


def _certify(
    library: Library, tx: Tx, member: MemberFacts, reason: str | None, printer: CertificatePrinter, act: Act
) -> Certificate:
    number, clearance_id, document_id = tx.next_number(NUMBERS), new_id(), new_id()
    code = short_code(tx.identity.branch_id, number, clearance_id)
    paper = _paper(library, tx, member, reason, (number, code), act)
    content = printer(paper)
    tx.insert(
        Document, id=document_id, kind=DocumentKind.CLEARANCE, number=str(number), media_type=PDF,
        file_name=f"clearance-{number}.pdf", content=content, sha256=hashlib.sha256(content).hexdigest(), pages=1,
        entity="clearance", row_id=clearance_id, made_at=act.at,
    )  # fmt: skip
    tx.insert(
        Clearance, id=clearance_id, number=number, member_id=member.id, at=act.at, day=act.day, reason=reason,
        code=code, document_id=document_id,
    )  # fmt: skip
    return Certificate(clearance_id, 1, number, member.id, act.day, reason, code, document_id, None)


def _paper(
    library: Library, tx: Tx, member: MemberFacts, reason: str | None, marks: tuple[int, str], act: Act
) -> CertificatePaper:
    number, code = marks
    key = signing_key(library.store)
    if key is not None:
        publish(tx, key)
    branch_id = tx.identity.branch_id
    statement = Statement(branch_id, number, act.day, member_hash(branch_id, member.member_no))
    facts = tx.one(reads.ON_PAPER, member=member.id)
    if facts is None:
        raise RuntimeError("a member who was just read is gone")
    branch = library.branch
    return CertificatePaper(
        library=branch.name,
        province=branch.province,
        county=branch.county,
        city=branch.city,
        number=number,
        code=code,
        qr=signed_text(statement, key),
        name=member.name,
        father_name=facts.father_name,
        member_no=member.member_no,
        national_id=facts.national_id,
        category=library.categories.get(member.category, member.category),
        joined_on=facts.joined_on,
        day=act.day,
        reason=reason,
        signer=_signer(library),
    )


def _signer(library: Library) -> str:
    """Who signs: the head of the library, whoever made the certificate."""
    return next((person.name for person in library.people() if person.role is Role.HEAD), "")


def _end_membership(tx: Tx, member: MemberFacts, act: Act) -> None:
    """No loan begins on this membership any more: its holds end, its cards are retired and still find the member."""
    for hold in tx.all(reads.HOLDS, member=member.id):
        tx.update(Hold, hold, state=HoldState.CANCELLED, ended_at=act.at, end_reason=END_REASON)
    for card in tx.all(reads.CARDS, member=member.id):
        tx.update(MemberCard, card, state=CardState.RETIRED)
    tx.update(Member, member, state=MemberState.CLEARED)
