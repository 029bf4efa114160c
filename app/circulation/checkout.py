"""Lending a copy: one use case, one transaction."""

import datetime as dt
from dataclasses import dataclass

from app.calendar.rules import due_date
from app.circulation import reads, rules
from app.circulation.facts import ItemFacts, LoanFacts, MemberFacts
from app.circulation.outcomes import AlreadyLent, CheckedOut, CheckoutOutcome, CheckoutRefused, Renewed
from app.circulation.renewal import write_renewal
from app.library import Library
from app.outcome import NotFound, Sought
from app.policy.table import Terms
from app.refusal import NO_ANSWER, Answer, Refusal, for_role, still_refused
from db.act import Act
from db.codes import Channel, HoldState, ItemStatus
from db.journal import Intent
from db.models.circulation import Hold, Loan
from db.models.items import Item
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """Who wants what. `member` is a card, member number or national id; `item` a barcode or accession number.

    `due_on` is set by hand; `at` dates the loan back to an earlier day (a power cut, a paper list).
    """

    member: str
    item: str
    channel: Channel = Channel.DESK
    due_on: dt.date | None = None
    out_on: dt.date | None = None
    answer: Answer = NO_ANSWER


def check_out(library: Library, request: CheckoutRequest, act: Act) -> CheckoutOutcome:
    """Lend a copy to a reader, or say every reason against it."""
    with library.store.write() as tx:
        item = reads.find_item(tx, request.item)
        if item is None:
            return NotFound(Sought.ITEM, request.item)
        member = reads.find_member(tx, request.member)
        if member is None:
            return NotFound(Sought.MEMBER, request.member)
        loan = reads.open_loan_of(tx, item)
        if loan is not None and _just_lent(loan, member, act):
            return AlreadyLent(member, item, loan)

        facts = _gather(library, tx, request, member, item, loan, act.day)
        found = for_role(tuple(rules.checkout_refusals(facts)), library.overrides(act.role))
        refused = still_refused(found, request.answer)
        if refused or facts.due_on is None:
            return CheckoutRefused(member, item, refused)
        if loan is not None:
            return _renew_instead(library, tx, facts, loan, act)
        return _lend(tx, facts, request, found, act)


def _just_lent(loan: LoanFacts, member: MemberFacts, act: Act) -> bool:
    """A doubled scan, or the same scan again after a crash: this very loan was made today and nothing happened
    since."""
    return loan.member_id == member.id and loan.out_on == act.day and loan.renewals == 0


def _gather(
    library: Library, tx: Tx, request: CheckoutRequest, member: MemberFacts, item: ItemFacts, loan: LoanFacts | None,
    today: dt.date,
) -> rules.CheckoutFacts:  # fmt: skip
    day = min(request.out_on or today, today)
    standing = reads.standing_of(tx, member, item.item_type, day)
    if standing.policy_version != library.policy.version:
        library.forget_rules()
    terms = library.terms(member.category, item.item_type)
    return rules.CheckoutFacts(
        member=member,
        item=item,
        standing=standing,
        bans=tx.all(reads.BANS, member=member.id, day=day),
        loan=loan,
        holds=tx.all(reads.QUEUE, title=item.title_id),
        terms=terms,
        day=day,
        channel=request.channel,
        due_on=_due_on(library, request, terms, member, day),
        hand_set_due=request.due_on is not None,
    )


def _due_on(
    library: Library, request: CheckoutRequest, terms: Terms, member: MemberFacts, day: dt.date
) -> dt.date | None:
    if request.due_on is not None:
        return request.due_on
    if request.channel is Channel.ONSITE:
        return day
    return due_date(day, terms, library.calendar, expires_on=member.expires_on)


def _lend(
    tx: Tx, facts: rules.CheckoutFacts, request: CheckoutRequest, found: tuple[Refusal, ...], act: Act
) -> CheckedOut:
    member, item, terms = facts.member, facts.item, facts.terms
    due_on = facts.due_on or facts.day
    lifted = [refusal.code for refusal in found]
    version = facts.standing.policy_version or 0
    loan_id = tx.insert(
        Loan,
        item_id=item.id,
        member_id=member.id,
        out_at=act.at,
        out_on=facts.day,
        due_on=due_on,
        first_due_on=due_on,
        channel=request.channel,
        policy_version=version,
        policy_row=terms.loan_rule,
        overrides=lifted,
        override_reason=request.answer.reason or None,
    )
    tx.update(
        Item,
        item,
        status=ItemStatus.ON_LOAN,
        loan_count=item.loan_count + 1,
        uses=item.uses + 1,
        last_loan_on=max(facts.day, item.last_loan_on or facts.day),
    )
    filled = _fill_hold(tx, facts, act)
    seen = {"open_loans": facts.standing.loans, "debt": facts.standing.debt}
    tx.record("loan.opened", act, Intent(version, lifted, request.answer.reason or None, seen))
    return CheckedOut(loan_id, member, item, facts.day, due_on, terms.loan_rule, version, filled)


def _fill_hold(tx: Tx, facts: rules.CheckoutFacts, act: Act) -> bool:
    """The reader's own hold on this title ends with the loan."""
    for hold in facts.holds:
        if hold.member_id == facts.member.id and not (hold.only_this_item and hold.item_id != facts.item.id):
            tx.update(Hold, hold, state=HoldState.FILLED, item_id=facts.item.id, ended_at=act.at)
            return True
    return False


def _renew_instead(
    library: Library, tx: Tx, facts: rules.CheckoutFacts, loan: LoanFacts, act: Act
) -> CheckoutRefused | Renewed:
    """The librarian confirmed that a copy already on this card is to be renewed."""
    outcome = write_renewal(library, tx, facts.member, facts.item, loan, act, unseen=False)
    if not isinstance(outcome, Renewed):
        return CheckoutRefused(facts.member, facts.item, outcome.refusals)
    tx.record("loan.renewed", act, Intent(facts.standing.policy_version))
    return outcome
