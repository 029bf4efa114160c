"""What readers ask for on their own pages, and what other branches know of reaching them: done under the rules of the
house, as if somebody had asked at the desk."""

import uuid
from typing import Any

import sqlalchemy as sa

from app.circulation import reads
from app.circulation.facts import LoanFacts, MemberFacts
from app.circulation.holds.changing import HoldKey, cancel_hold
from app.circulation.holds.outcomes import ChangeRefused, HoldRefused
from app.circulation.holds.placing import PlaceRequest, place_hold
from app.circulation.holds.reads import hold_of
from app.circulation.outcomes import Renewed
from app.circulation.renewal import Renewal, renewal_intent, write_renewal
from app.directives.facts import CancelFacts, Contact, ContactFacts, InterestsFacts, PlaceFacts, RenewFacts, WishFacts
from app.directives.outcomes import Deed, Refusing
from app.library import Library
from app.members.identity import to_e164
from app.members.service import member_record
from app.notices.contacts import contacts_of
from app.outcome import NotFound, Sought
from app.persian.text import clean
from app.refusal import NO_ANSWER, Refusal
from app.wishes.asking import keep
from app.wishes.rules import LONGEST_WISH
from db.act import Act
from db.codes import ContactKind
from db.frozen import Frozen
from db.models.circulation import Loan
from db.models.members import Member, MemberContact
from db.writing import Tx

LONGEST_INTEREST, MOST_INTERESTS = 60, 40
NO_MEMBER, LOAN_OVER, NOT_THEIRS = "directive.no_member", "directive.loan_over", "directive.not_theirs"
ONE_LOAN = Frozen(
    sa.select(*reads.LOAN_COLUMNS).where(Loan.id == sa.bindparam("loan"), *reads.OPEN),
    LoanFacts,
)
WAYS = {Sought.MEMBER: NO_MEMBER, Sought.TITLE: "directive.no_title", Sought.HOLD: "hold.ended"}


def renew(library: Library, facts: RenewFacts, act: Act) -> Deed | Refusing:
    """Renew one loan of the reader; nobody saw the copy."""
    with library.store.write() as tx:
        loan = tx.one(ONE_LOAN, loan=facts.loan)
        member = tx.one(reads.BY_MEMBER_ID, key=facts.member)
        item = tx.one(reads.BY_ITEM_ID, key=loan.item_id) if loan else None
        if member is None:
            return Refusing((Refusal(NO_MEMBER),))
        if loan is None or item is None or loan.member_id != member.id:
            return Refusing((Refusal(LOAN_OVER),))
        library.keep_fresh(tx, act.day)
        outcome = write_renewal(library, tx, Renewal(member, item, loan, unseen=True), act)
        if not isinstance(outcome, Renewed):
            return Deed() if outcome.just_renewed is not None else Refusing(outcome.refusals)
        tx.record("loan.renewed", act, renewal_intent(library, NO_ANSWER))
    return Deed()


def place(library: Library, facts: PlaceFacts, act: Act) -> Deed | Refusing:
    """Let the reader wait for a title."""
    member = _member(library, facts.member)
    if member is None:
        return Refusing((Refusal(NO_MEMBER),))
    outcome = place_hold(library, PlaceRequest(member.member_no, facts.title, until=facts.until), act)
    if isinstance(outcome, NotFound):
        return _missing(outcome)
    return Refusing(outcome.refusals) if isinstance(outcome, HoldRefused) else Deed()


def cancel(library: Library, facts: CancelFacts, act: Act) -> Deed | Refusing:
    """End the reader's hold; one that has ended already is no trouble."""
    with library.store.read() as reader:
        hold = hold_of(reader, facts.hold)
    if hold is not None and hold.member_id != facts.member:
        return Refusing((Refusal(NOT_THEIRS),))
    outcome = cancel_hold(library, HoldKey(facts.hold), act)
    if isinstance(outcome, NotFound):
        return _missing(outcome)
    return Refusing(outcome.refusals) if isinstance(outcome, ChangeRefused) else Deed()


def set_interests(library: Library, facts: InterestsFacts, act: Act) -> Deed | Refusing:
    """Write what the reader likes to read over what was there."""
    wanted = [clean(tag, LONGEST_INTEREST) for tag in facts.interests[:MOST_INTERESTS]]
    wanted = list(dict.fromkeys(tag for tag in wanted if tag))
    with library.store.write() as tx:
        member: Any = member_record(tx, facts.member)
        if member is None:
            return Refusing((Refusal(NO_MEMBER),))
        if list(member.interests or ()) != wanted:
            tx.update(Member, member, interests=wanted)
            tx.record("member.changed", act)
    return Deed()


def wish(library: Library, facts: WishFacts, act: Act) -> Deed | Refusing:
    """Keep the wish that a book be bought (000 §1-2)."""
    said = clean(facts.wish, LONGEST_WISH)
    with library.store.write() as tx:
        if tx.one(reads.BY_MEMBER_ID, key=facts.member) is None:
            return Refusing((Refusal(NO_MEMBER),))
        if not said:
            return Refusing((Refusal("field.required", facts={"field": "wish"}),))
        keep(tx, facts.member, said, act)
    return Deed()


def add_contacts(library: Library, facts: ContactFacts, act: Act) -> Deed | Refusing:
    """Ways to reach the reader are a set: what another branch knows beside ours is added, nothing is taken away
    (sync-protocol 11)."""
    with library.store.write() as tx:
        if tx.one(reads.BY_MEMBER_ID, key=facts.member) is None:
            return Refusing((Refusal(NO_MEMBER),))
        if _add_new(tx, facts.member, facts.contacts):
            tx.record("contact.joined", act)
    return Deed()


def _add_new(tx: Tx, member_id: uuid.UUID, contacts: tuple[Contact, ...]) -> int:
    known = {same_contact(contact.value) for contact in contacts_of(tx, member_id)}
    added = 0
    for contact in contacts:
        value = same_contact(contact.value)
        if value and value not in known:
            tx.insert(MemberContact, member_id=member_id, kind=contact.kind or ContactKind.MOBILE, value=value)
            known.add(value)
            added += 1
    return added


def same_contact(value: str) -> str:
    """A contact as two branches compare it: telephones in E.164."""
    return to_e164(value) or clean(value, 500)


def _member(library: Library, member_id: uuid.UUID) -> MemberFacts | None:
    with library.store.read() as reader:
        return reader.one(reads.BY_MEMBER_ID, key=member_id)


def _missing(found: NotFound) -> Refusing:
    return Refusing((Refusal(WAYS[found.what]),))
