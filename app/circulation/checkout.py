"""Lending a copy: one use case, one transaction."""

import datetime as dt
from dataclasses import dataclass

from app.actions import Action
from app.calendar.rules import due_date
from app.circulation import reads, rules
from app.circulation.checkin import note_found
from app.circulation.facts import HoldFacts, ItemFacts, LoanFacts, MemberFacts
from app.circulation.outcomes import AlreadyLent, CheckedOut, CheckoutOutcome, CheckoutRefused, Renewed
from app.circulation.renewal import Renewal, renewal_intent, write_renewal
from app.library import Library
from app.outcome import NotFound, Sought
from app.policy.choices import AskFirst
from app.policy.table import Terms
from app.refusal import NO_ANSWER, Answer, Refusal, Weight, for_role, still_refused
from db.act import Act
from db.codes import Channel, HoldState, ItemStatus
from db.journal import Intent
from db.models.circulation import Hold, Loan
from db.models.items import Item
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """Who wants what. `member` is a card, member number or national id; `item` a barcode or accession number.

    `due_on` is set by hand; `out_on` dates the loan back to an earlier day (a power cut, a paper list), a day ahead
    counts as today.
    """

    member: str
    item: str
    channel: Channel = Channel.DESK
    due_on: dt.date | None = None
    out_on: dt.date | None = None
    answer: Answer = NO_ANSWER

    def day(self, today: dt.date) -> dt.date:
        """The day the loan begins."""
        return min(self.out_on or today, today)


def check_out(library: Library, request: CheckoutRequest, act: Act) -> CheckoutOutcome:
    """Lend a copy to a reader, or say every reason against it. A copy the reader has already is renewed, if asked."""
    with library.store.write() as tx:
        item = reads.find_item(tx, request.item)
        if item is None:
            return NotFound(Sought.ITEM, request.item)
        member = reads.find_member(tx, request.member)
        if member is None:
            return NotFound(Sought.MEMBER, request.member)
        library.keep_fresh(tx, act.day)
        loan = reads.open_loan_of(tx, item)
        if loan is not None and loan.member_id == member.id:
            return _lend_again(library, tx, request, member, item, loan, act)
        facts = _gather(library, tx, request, member, item, loan, act.day)
        reasons = rules.believable(rules.checkout_refusals(facts), doubtful=act.stamp.doubtful)
        found = for_role((*library.forbids(act, Action.LEND), *reasons), library.overrides(act.role))
        refused = still_refused(found, request.answer)
        if refused or facts.due_on is None:
            return CheckoutRefused(member, item, refused)
        return _lend(library, tx, facts, request, found, act)


def _lend_again(
    library: Library, tx: Tx, request: CheckoutRequest, member: MemberFacts, item: ItemFacts, loan: LoanFacts, act: Act
) -> AlreadyLent | CheckoutRefused | Renewed:
    """A doubled scan, or the same scan again after a crash, is the loan it made; on another day the librarian is asked
    whether to renew."""
    if loan.out_on == request.day(act.day) and loan.renewals == 0:
        return AlreadyLent(member, item, loan)
    asked = Refusal("item.on_loan_same_member", weight=Weight.CONFIRM, facts={"due_on": loan.due_on})
    outcome = write_renewal(library, tx, Renewal(member, item, loan, answer=request.answer, asked=(asked,)), act)
    if not isinstance(outcome, Renewed):
        return CheckoutRefused(member, item, outcome.refusals)
    tx.record("loan.renewed", act, renewal_intent(library, request.answer))
    return outcome


def _gather(
    library: Library, tx: Tx, request: CheckoutRequest, member: MemberFacts, item: ItemFacts, loan: LoanFacts | None,
    today: dt.date,
) -> rules.CheckoutFacts:  # fmt: skip
    day = request.day(today)
    terms = library.terms(member.category, item.item_type)
    holds = tx.all(reads.QUEUE, title=item.title_id)
    of_title = {"member": member.id, "title": item.title_id}
    return rules.CheckoutFacts(
        member=member,
        item=item,
        standing=reads.standing_of(tx, member, item.item_type, day),
        bans=tx.all(reads.BANS, member=member.id, day=day),
        loan=loan,
        holds=holds,
        terms=terms,
        day=day,
        channel=request.channel,
        due_on=request.due_on or _due_on(library, request, terms, member, item, holds, day),
        hand_set_due=request.due_on is not None,
        has_title=_asks(terms, "second_copy") and tx.one(reads.OPEN_LOAN_OF_TITLE, **of_title) is not None,
        read_before=_asks(terms, "read_before") and tx.one(reads.LOAN_OF_TITLE, **of_title) is not None,
    )


def _asks(terms: Terms, parameter: str) -> bool:
    return terms.choice(parameter) == AskFirst.CONFIRM


def _due_on(
    library: Library, request: CheckoutRequest, terms: Terms, member: MemberFacts, item: ItemFacts,
    holds: list[HoldFacts], day: dt.date,
) -> dt.date | None:  # fmt: skip
    """The day by the policy; the same day for use in the hall, and shorter where many others wait."""
    if request.channel is Channel.ONSITE:
        return day
    due_on = due_date(day, terms, library.calendar, expires_on=member.expires_on)
    over, days = terms.limit("high_holds_over"), terms.limit("high_holds_days")
    waiting = sum(hold.member_id != member.id and rules.waits_for(hold, item, day) for hold in holds)
    if due_on is None or over is None or days is None or waiting <= over:
        return due_on
    return min(due_on, due_date(day, terms, library.calendar, days=days, expires_on=member.expires_on) or due_on)


def _lend(
    library: Library, tx: Tx, facts: rules.CheckoutFacts, request: CheckoutRequest, found: tuple[Refusal, ...], act: Act
) -> CheckedOut:
    member, item, terms = facts.member, facts.item, facts.terms
    due_on = facts.due_on or facts.day
    lifted = [refusal.code for refusal in found]
    version, reason = library.policy.version, request.answer.reason.strip() or None
    loan_id = tx.insert(
        Loan,
        item_id=item.id,
        member_id=member.id,
        item_type=item.item_type,
        out_at=act.at,
        out_on=facts.day,
        due_on=due_on,
        first_due_on=due_on,
        channel=request.channel,
        policy_version=version,
        policy_row=terms.loan_rule,
        overrides=lifted,
        override_reason=reason,
    )
    if item.status is not ItemStatus.AVAILABLE:
        note_found(tx, item, act)
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
    tx.record("loan.opened", act, Intent(version, lifted, reason, seen))
    return CheckedOut(loan_id, member, item, facts.day, due_on, terms.loan_rule, version, filled)


def _fill_hold(tx: Tx, facts: rules.CheckoutFacts, act: Act) -> bool:
    """The reader's own hold on this title ends with the loan, the one kept on the hold shelf before those in the
    queue."""
    own = [
        hold
        for hold in facts.holds
        if hold.member_id == facts.member.id and not (hold.only_this_item and hold.item_id != facts.item.id)
    ]
    for hold in sorted(own, key=lambda hold: hold.state is not HoldState.WAITING)[:1]:
        tx.update(Hold, hold, state=HoldState.FILLED, item_id=facts.item.id, ended_at=act.at)
    return bool(own)
