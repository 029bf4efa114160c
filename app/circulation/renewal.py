"""Renewing loans: one copy, or all of a reader with one key."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from app.actions import Action
from app.calendar.rules import renewed_due_date
from app.circulation import reads
from app.circulation.facts import Ban, HoldFacts, ItemFacts, LoanFacts, MemberFacts
from app.circulation.lateness import LateLoan, charge_renewal
from app.circulation.outcomes import RenewalRefused, Renewed, RenewedAll
from app.circulation.rules import believable, member_refusals, waits_for
from app.library import Library
from app.outcome import NotFound, Sought
from app.policy.choices import Gate, OverdueRenewal
from app.policy.table import Terms
from app.refusal import NO_ANSWER, Answer, Refusal, for_role, still_refused
from db.act import Act
from db.codes import Channel, ItemStatus
from db.journal import Intent
from db.models.circulation import Loan
from db.writing import Tx

OWN_ECHO = frozenset({"renewal.not_extended", "renewal.too_many", "renewal.unseen_limit", "renewal.too_soon"})


@dataclass(frozen=True, slots=True)
class RenewalFacts:
    """Everything a decision to renew rests on. `copy_free`: another copy stands on the shelf for those who wait;
    `others_overdue`: another loan is late, asked only where that matters."""

    member: MemberFacts
    item: ItemFacts
    loan: LoanFacts
    bans: Sequence[Ban]
    holds: Sequence[HoldFacts]
    copy_free: bool
    others_overdue: bool
    terms: Terms
    day: dt.date
    due_on: dt.date | None
    unseen: bool


def renewal_refusals(facts: RenewalFacts) -> Iterator[Refusal]:
    """Every reason against this renewal."""
    yield from person_refusals(facts)
    yield from count_refusals(facts)
    yield from time_refusals(facts)
    yield from queue_refusals(facts)
    yield from copy_refusals(facts)


def copy_refusals(facts: RenewalFacts) -> Iterator[Refusal]:
    """Loans that are not renewed at all: in the hall, of a copy that is not renewed, lost, or said to be back."""
    if facts.loan.channel is Channel.ONSITE:
        yield Refusal("renewal.onsite")
    if not facts.item.renewable:
        yield Refusal("renewal.not_allowed")
    if facts.loan.lost_on is not None or facts.item.status is ItemStatus.LOST:
        yield Refusal("item.lost", final=True)
    if facts.loan.claimed_returned_on is not None:
        yield Refusal("item.claimed_returned", facts={"claimed_on": facts.loan.claimed_returned_on}, final=True)


def queue_refusals(facts: RenewalFacts) -> Iterator[Refusal]:
    """Others wait for the title; where the policy allows it, a copy on the shelf serves them. For somebody who waits
    for this very copy no other serves, and nobody lifts it (Koha: an item-level hold beats an override)."""
    waiting = [
        hold for hold in facts.holds if hold.member_id != facts.member.id and waits_for(hold, facts.item, facts.day)
    ]
    for_this = any(hold.only_this_item for hold in waiting)
    if for_this or (waiting and not (facts.copy_free and facts.terms.flag("allow_if_other_copies"))):
        yield Refusal("renewal.on_hold", have=len(waiting), final=for_this)


def person_refusals(facts: RenewalFacts) -> Iterator[Refusal]:
    """Who may not renew: bans and expiry are the policy's choice here."""
    for refusal in member_refusals(facts.member, facts.bans, facts.day):
        if refusal.code == "member.expired" and facts.terms.flag("allow_renew_when_expired"):
            continue
        if refusal.code == "member.restricted":
            if facts.terms.choice("restricted_renewal") == Gate.BLOCK:
                yield Refusal("renewal.restricted", facts=refusal.facts)
            continue
        yield refusal


def count_refusals(facts: RenewalFacts) -> Iterator[Refusal]:
    """How often already."""
    limit = facts.terms.limit("max_renewals")
    if limit is not None and facts.loan.renewals >= limit:
        yield Refusal("renewal.too_many", facts.terms.decided_by("max_renewals"), limit, facts.loan.renewals)
    unseen = facts.terms.limit("max_unseen")
    if facts.unseen and unseen is not None and facts.loan.unseen_renewals >= unseen:
        yield Refusal("renewal.unseen_limit", facts.terms.decided_by("max_unseen"), unseen, facts.loan.unseen_renewals)


def time_refusals(facts: RenewalFacts) -> Iterator[Refusal]:
    """Too soon, too late, or nothing gained by it."""
    early = facts.terms.limit("renew_not_before_days")
    remaining = (facts.loan.due_on - facts.day).days
    if early is not None and remaining > early:
        rule = facts.terms.decided_by("renew_not_before_days")
        soonest = facts.loan.due_on - dt.timedelta(days=early)
        yield Refusal("renewal.too_soon", rule, early, remaining, facts={"soonest": soonest})
    late = facts.loan.due_on < facts.day
    effect = facts.terms.choice("overdue_renewal")
    blocked = (effect == OverdueRenewal.BLOCK_ITEM and late) or (
        effect == OverdueRenewal.BLOCK_ALL and (late or facts.others_overdue)
    )
    if blocked:
        yield Refusal("renewal.overdue", facts.terms.decided_by("overdue_renewal"), have=max(-remaining, 0))
    if facts.due_on is None or facts.due_on <= facts.loan.due_on:
        nothing = facts.due_on is None
        yield Refusal("renewal.not_extended", facts={"due_on": facts.loan.due_on}, final=nothing)


@dataclass(frozen=True, slots=True)
class Renewal:
    """A loan to be renewed. `asked` are questions of the use case that come before those of the rules."""

    member: MemberFacts
    item: ItemFacts
    loan: LoanFacts
    unseen: bool = False
    answer: Answer = NO_ANSWER
    asked: tuple[Refusal, ...] = ()


def renew_item(
    library: Library, item_key: str, act: Act, *, unseen: bool = False, answer: Answer = NO_ANSWER
) -> Renewed | RenewalRefused | NotFound:
    """Renew the open loan of one copy. A copy that is not on loan is not found as a loan."""
    with library.store.write() as tx:
        item = reads.find_item(tx, item_key)
        loan = reads.open_loan_of(tx, item) if item else None
        member = tx.one(reads.BY_MEMBER_ID, key=loan.member_id) if loan else None
        if item is None or loan is None or member is None:
            return NotFound(Sought.ITEM, item_key)
        library.keep_fresh(tx, act.day)
        outcome = write_renewal(library, tx, Renewal(member, item, loan, unseen, answer), act)
        if isinstance(outcome, Renewed):
            tx.record("loan.renewed", act, renewal_intent(library, answer))
        return outcome


def renew_all(library: Library, member_key: str, act: Act, *, unseen: bool = False) -> RenewedAll | NotFound:
    """Renew every open loan of a reader, with a result for each; what can be renewed is, in one transaction."""
    with library.store.write() as tx:
        member = reads.find_member(tx, member_key)
        if member is None:
            return NotFound(Sought.MEMBER, member_key)
        library.keep_fresh(tx, act.day)
        lines = []
        for loan in tx.all(reads.OPEN_LOANS_OF_MEMBER, member=member.id):
            item = tx.one(reads.BY_ITEM_ID, key=loan.item_id)
            if item is not None:
                lines.append(write_renewal(library, tx, Renewal(member, item, loan, unseen), act))
        if any(isinstance(line, Renewed) for line in lines):
            tx.record("loan.renewed", act, renewal_intent(library, NO_ANSWER))
        return RenewedAll(member, tuple(lines))


def renewal_intent(library: Library, answer: Answer) -> Intent:
    """What the clerk decided, for the journal."""
    decided = sorted(answer.override | answer.confirm)
    return Intent(library.policy.version, decided, answer.reason.strip() or None)


def is_own_echo(codes: Collection[str]) -> bool:
    """Whether this is what a renewal that was just made says against itself when it is asked for again."""
    return "renewal.not_extended" in codes and OWN_ECHO.issuperset(codes)


def write_renewal(library: Library, tx: Tx, renewal: Renewal, act: Act) -> Renewed | RenewalRefused:
    """Renew inside somebody's transaction, which also writes the journal entry.

    A late loan is fined for its days so far, since the new due date forgets them; a ban waits for the return.
    """
    member, item, loan = renewal.member, renewal.item, renewal.loan
    facts = _gather(library, tx, renewal, act.day)
    reasons = believable((*renewal.asked, *renewal_refusals(facts)), doubtful=act.stamp.doubtful)
    found = for_role((*library.forbids(act, Action.LEND), *reasons), library.overrides(act.role))
    refused = still_refused(found, renewal.answer)
    if refused or facts.due_on is None:
        echo = loan.renewed_on == act.day and is_own_echo({refusal.code for refusal in refused})
        return RenewalRefused(item, refused, loan if echo else None)
    penalty = charge_renewal(library, tx, LateLoan(member, item, loan, facts.holds, act.day), act)
    tx.update(
        Loan,
        loan,
        due_on=facts.due_on,
        renewals=loan.renewals + 1,
        unseen_renewals=loan.unseen_renewals + renewal.unseen,
        renewed_on=act.day,
    )
    rule = facts.terms.decided_by("max_renewals")
    return Renewed(loan.id, member, item, facts.due_on, loan.renewals + 1, rule, penalty.late, penalty.fine)


def _gather(library: Library, tx: Tx, renewal: Renewal, day: dt.date) -> RenewalFacts:
    member, item, loan = renewal.member, renewal.item, renewal.loan
    terms = library.terms(member.category, item.item_type)
    all_stop = terms.choice("overdue_renewal") == OverdueRenewal.BLOCK_ALL
    holds = tx.all(reads.QUEUE, title=item.title_id)
    return RenewalFacts(
        member=member,
        item=item,
        loan=loan,
        bans=tx.all(reads.BANS, member=member.id, day=day),
        holds=holds,
        copy_free=bool(holds) and tx.one(reads.FREE_COPY, title=item.title_id) is not None,
        others_overdue=all_stop and tx.one(reads.OTHER_LATE_LOAN, member=member.id, day=day, loan=loan.id) is not None,
        terms=terms,
        day=day,
        due_on=renewed_due_date(day, loan.due_on, terms, library.calendar, expires_on=member.expires_on),
        unseen=renewal.unseen,
    )
