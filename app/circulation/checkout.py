"""Lending a copy: one use case, one transaction."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.actions import Action
from app.circulation import reads, rules
from app.circulation.bindery import came_back
from app.circulation.due import Asked, lending_due
from app.circulation.facts import HoldFacts, ItemFacts, LoanFacts, MemberFacts, Standing
from app.circulation.fast import FastRecord, draft_copy, fast_problems, register_lent
from app.circulation.finding import copy_to_lend
from app.circulation.giving_back import Ending, end_loan, note_found
from app.circulation.holds.filling import fill_hold
from app.circulation.household import care_refusals
from app.circulation.lost.finding import found_again
from app.circulation.notes import checkout_notes
from app.circulation.outcomes import (
    AlreadyLent,
    CheckedOut,
    CheckoutOutcome,
    CheckoutRefused,
    Renewed,
    TakenBackFirst,
    Unlabelled,
)
from app.circulation.renewal import Renewal, renewal_intent, write_renewal
from app.circulation.visit import Visit, answer_in
from app.circulation.visiting import VisitFacts, elsewhere_of, visit_refusals
from app.library import Library
from app.outcome import NotFound, Sought
from app.policy.choices import AskFirst
from app.policy.table import Terms
from app.refusal import NO_ANSWER, Answer, Refusal, Weight, for_role, still_refused
from db.act import Act
from db.codes import AlertMoment, BindingOutcome, Channel, ItemStatus
from db.journal import Intent
from db.models.circulation import Loan
from db.models.items import Item
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class CheckoutRequest:
    """Who wants what. `member` is a card, member number or national id; `item` a barcode, accession number or ISBN.

    `due_on` is set by hand; `out_on` dates the loan back to an earlier day (a power cut, a paper list), a day ahead
    counts as today. `due_by_visit` is the day the van comes to `stop_id` again: it needs no permission. `overnight`:
    from evening to morning. `for_member` borrows on the card of `member`, who stands for them. `fast` describes a book
    that no copy answers to; it is registered with the loan. `visit` is what was decided earlier in this visit.
    """

    member: str
    item: str
    channel: Channel = Channel.DESK
    due_on: dt.date | None = None
    out_on: dt.date | None = None
    answer: Answer = NO_ANSWER
    for_member: str | None = None
    overnight: bool = False
    due_by_visit: dt.date | None = None
    stop_id: uuid.UUID | None = None
    fast: FastRecord | None = None
    visit: Visit | None = None

    def day(self, today: dt.date) -> dt.date:
        """The day the loan begins."""
        return min(self.out_on or today, today)


@dataclass(frozen=True, slots=True)
class _Lending:
    """A request with the rows it is about. `loan` is what has to end first: another reader's, or the reader's own in
    the hall. `is_new`: the copy is only drafted yet."""

    request: CheckoutRequest
    holder: MemberFacts
    member: MemberFacts
    item: ItemFacts
    loan: LoanFacts | None
    is_new: bool


def check_out(library: Library, request: CheckoutRequest, act: Act) -> CheckoutOutcome:
    """Lend a copy to a reader, or say every reason against it. A copy the reader has already is renewed, if asked."""
    with library.store.write() as tx:
        lending = _find(tx, request)
        if not isinstance(lending, _Lending):
            return lending
        library.keep_fresh(tx, act.day)
        member, item, loan = lending.member, lending.item, lending.loan
        answer = answer_in(request.visit, member.id, request.answer, act)
        if loan is not None and loan.member_id == member.id and not _comes_home(lending):
            return _lend_again(library, tx, replace(request, answer=answer), lending, loan, act)
        facts = _gather(library, tx, lending, act.day)
        reasons = rules.believable(rules.checkout_refusals(facts), doubtful=act.stamp.doubtful)
        visiting = visit_refusals(_visiting(tx, facts, act))
        found = for_role((*_forbidden(library, lending, act), *reasons, *visiting), library.overrides(act.role))
        refused = still_refused(found, answer)
        if refused or facts.due_on is None:
            return CheckoutRefused(member, item, refused)
        return _lend(library, tx, facts, lending, tuple(refusal.code for refusal in found), answer, act)


def _find(tx: Tx, request: CheckoutRequest) -> "_Lending | Unlabelled":
    """The rows a request is about, or what was not found."""
    holder = reads.find_member(tx, request.member)
    member = reads.find_member(tx, request.for_member) if holder and request.for_member else holder
    item = copy_to_lend(tx, request.item, member)
    fast = request.fast if isinstance(item, NotFound) else None
    if fast is not None:
        item = draft_copy(fast, request.item)
    if not isinstance(item, ItemFacts):
        return item
    if holder is None or member is None:
        return NotFound(Sought.MEMBER, request.member if holder is None else request.for_member or "")
    if holder.id != member.id:
        member = replace(member, card_state=holder.card_state)
    loan = None if fast is not None else reads.open_loan_of(tx, item)
    return _Lending(request, holder, member, item, loan, fast is not None)


def _comes_home(lending: _Lending) -> bool:
    """Whether the reader takes home what they have in the hall."""
    loan = lending.loan
    return loan is not None and loan.channel is Channel.ONSITE and lending.request.channel is not Channel.ONSITE


def _lend_again(
    library: Library, tx: Tx, request: CheckoutRequest, lending: _Lending, loan: LoanFacts, act: Act
) -> AlreadyLent | CheckoutRefused | Renewed:
    """A doubled scan, or the same scan again after a crash, is the loan it made; on another day the librarian is asked
    whether to renew."""
    member, item = lending.member, lending.item
    if loan.out_on == request.day(act.day) and loan.renewals == 0:
        return AlreadyLent(member, item, loan)
    asked = Refusal("item.on_loan_same_member", weight=Weight.CONFIRM, facts={"due_on": loan.due_on})
    outcome = write_renewal(library, tx, Renewal(member, item, loan, answer=request.answer, asked=(asked,)), act)
    if not isinstance(outcome, Renewed):
        return CheckoutRefused(member, item, outcome.refusals)
    tx.record("loan.renewed", act, renewal_intent(library, request.answer))
    return outcome


def _forbidden(library: Library, lending: _Lending, act: Act) -> Iterator[Refusal]:
    """What this person may not do, and what is wrong with the request itself."""
    request = lending.request
    needed = {
        Action.LEND: True,
        Action.SET_DUE: request.due_on is not None,
        Action.BACKDATE: request.day(act.day) < act.day,
        Action.FAST_ADD: lending.is_new,
    }
    forbidden = [action for action, needs in needed.items() if needs and library.forbids(act, action)]
    if forbidden:
        yield from library.forbids(act, forbidden[0])
    yield from care_refusals(lending.holder, lending.member)
    if lending.is_new and request.fast is not None:
        yield from fast_problems(request.fast, request.item)


def _gather(library: Library, tx: Tx, lending: _Lending, today: dt.date) -> rules.CheckoutFacts:
    request, member, item, loan = lending.request, lending.member, lending.item, lending.loan
    day = request.day(today)
    terms = library.terms(member.category, item.item_type)
    holds: list[HoldFacts] = [] if lending.is_new else tx.all(reads.QUEUE, title=item.title_id)
    asked = Asked(day, request.channel is Channel.ONSITE, request.overnight, request.due_by_visit)
    due = lending_due(asked, terms, library.calendar, member, item, holds)
    of_title = {"member": member.id, "title": item.title_id}
    own = loan if loan is not None and loan.member_id == member.id else None
    return rules.CheckoutFacts(
        member=member,
        item=item,
        standing=_without(reads.standing_of(tx, member, item.item_type, day), own, day),
        bans=tx.all(reads.BANS, member=member.id, day=day),
        loan=loan if own is None else None,
        holds=holds,
        terms=terms,
        day=day,
        channel=request.channel,
        due_on=request.due_on or due.on,
        hand_set_due=request.due_on is not None,
        has_title=own is None
        and _asks(terms, "second_copy")
        and tx.one(reads.OPEN_LOAN_OF_TITLE, **of_title) is not None,
        read_before=own is None and _asks(terms, "read_before") and tx.one(reads.LOAN_OF_TITLE, **of_title) is not None,
        overnight=request.overnight,
        cut_by_queue=due.cut_by_queue and request.due_on is None,
        from_hall=own,
        alerts=reads.alerts_for(tx, member, item, AlertMoment.CHECKOUT, day),
    )


def _visiting(tx: Tx, facts: rules.CheckoutFacts, act: Act) -> VisitFacts:
    told = elsewhere_of(tx, facts.member)
    return VisitFacts(facts.member, facts.standing, facts.terms, facts.channel, act.at, told)


def _without(standing: Standing, own: LoanFacts | None, day: dt.date) -> Standing:
    """What the reader has in hand once the loan in the hall has ended that now becomes one for home."""
    if own is None:
        return standing
    return replace(standing, onsite=standing.onsite - 1, overdue=standing.overdue - (own.due_on < day))


def _asks(terms: Terms, parameter: str) -> bool:
    return terms.choice(parameter) == AskFirst.CONFIRM


def _lend(
    library: Library, tx: Tx, facts: rules.CheckoutFacts, lending: _Lending, lifted: tuple[str, ...], answer: Answer,
    act: Act,
) -> CheckedOut:  # fmt: skip
    request, member, terms = lending.request, facts.member, facts.terms
    due_on = facts.due_on or facts.day
    taken_back = _take_back_first(library, tx, lending, facts.holds, act)
    item = _copy_lent(library, tx, lending, facts.day, act)
    version, reason = library.policy.version, answer.reason.strip() or None
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
        stop_id=request.stop_id or (member.stop_id if request.channel is Channel.VAN else None),
        policy_version=version,
        policy_row=terms.loan_rule,
        overrides=list(lifted),
        override_reason=reason,
    )
    filled = fill_hold(library, tx, facts, act)
    card_of = lending.holder if lending.holder.id != member.id else None
    seen = {"open_loans": facts.standing.loans, "debt": facts.standing.debt}
    tx.record(
        "loan.opened", act, Intent(version, lifted, reason, seen | ({"on_card_of_other": True} if card_of else {}))
    )
    notes = tuple(note for note in checkout_notes(facts) if note.code not in lifted or note.code.endswith(".alert"))
    return CheckedOut(
        loan_id, member, item, facts.day, due_on, terms.loan_rule, version, filled, notes, taken_back, card_of
    )


def _take_back_first(
    library: Library, tx: Tx, lending: _Lending, queue: Sequence[HoldFacts], act: Act
) -> TakenBackFirst | None:
    """End the loan that stands in the way: it came back the day it is lent again."""
    loan, day = lending.loan, lending.request.day(act.day)
    if loan is None:
        return None
    member = tx.one(reads.BY_MEMBER_ID, key=loan.member_id)
    ended = end_loan(library, tx, Ending(loan, member, lending.item, queue, max(day, loan.out_on)), act)
    return TakenBackFirst(loan.id, member, ended.penalty.late, ended.penalty.fine, ended.penalty.ban_until)


def _copy_lent(library: Library, tx: Tx, lending: _Lending, day: dt.date, act: Act) -> ItemFacts:
    """Write the copy as lent: registered with the loan, found with it, or simply taken from the shelf."""
    item, fast = lending.item, lending.request.fast
    if lending.is_new and fast is not None:
        return register_lent(library, tx, fast, item, act, day)
    if item.at_bindery:  # and lent all the same: it is back
        came_back(tx, item.id, BindingOutcome.BOUND, act)
    if item.status not in (ItemStatus.AVAILABLE, ItemStatus.ON_LOAN):
        note_found(tx, item, act)
        if item.status is ItemStatus.LOST and lending.loan is None:
            found_again(library, tx, item, None, act)
    tx.update(
        Item,
        item,
        status=ItemStatus.ON_LOAN,
        loan_count=item.loan_count + 1,
        uses=item.uses + 1,
        last_loan_on=max(day, item.last_loan_on or day),
    )
    return item
