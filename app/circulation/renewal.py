"""Renewing loans: one copy, or all of a reader with one key."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.calendar.rules import renewed_due_date
from app.circulation import reads
from app.circulation.facts import Ban, HoldFacts, ItemFacts, LoanFacts, MemberFacts
from app.circulation.outcomes import RenewalRefused, Renewed, RenewedAll
from app.circulation.rules import member_refusals, waits_for
from app.library import Library
from app.outcome import NotFound, Sought
from app.policy.choices import Gate, OverdueRenewal
from app.policy.table import Terms
from app.refusal import NO_ANSWER, Answer, Refusal, for_role, still_refused
from db.act import Act
from db.journal import Intent
from db.models.circulation import Loan
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class RenewalFacts:
    """Everything a decision to renew rests on."""

    member: MemberFacts
    item: ItemFacts
    loan: LoanFacts
    bans: Sequence[Ban]
    holds: Sequence[HoldFacts]
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
    if any(waits_for(hold, facts.item, facts.day) for hold in facts.holds if hold.member_id != facts.member.id):
        yield Refusal("renewal.on_hold", have=len(facts.holds))
    if not facts.item.renewable:
        yield Refusal("renewal.not_allowed")


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
        yield Refusal("renewal.too_soon", facts.terms.decided_by("renew_not_before_days"), early, remaining)
    late = facts.loan.due_on < facts.day
    effect = facts.terms.choice("overdue_renewal")
    blocked = (effect == OverdueRenewal.BLOCK_ITEM and late) or (
        effect == OverdueRenewal.BLOCK_ALL and (late or facts.others_overdue)
    )
    if blocked:
        yield Refusal("renewal.overdue", facts.terms.decided_by("overdue_renewal"), have=max(-remaining, 0))
    if facts.due_on is None or facts.due_on <= facts.loan.due_on:
        yield Refusal("renewal.not_extended", facts={"due_on": facts.loan.due_on})


def renew_item(
    library: Library, item_key: str, act: Act, *, unseen: bool = False, answer: Answer = NO_ANSWER
) -> Renewed | RenewalRefused | NotFound:
    """Renew the open loan of one copy. A copy that is not on loan is not found as a loan."""
    with library.store.write() as tx:
        item = reads.find_item(tx, item_key)
        loan = reads.open_loan_of(tx, item) if item else None
        if item is None or loan is None:
            return NotFound(Sought.ITEM, item_key)
        member = tx.one(reads.BY_MEMBER_ID, key=loan.member_id)
        if member is None:
            return NotFound(Sought.MEMBER, item_key)
        outcome = write_renewal(library, tx, member, item, loan, act, unseen=unseen, answer=answer)
        if isinstance(outcome, Renewed):
            tx.record("loan.renewed", act, Intent(library.policy.version, sorted(answer.override), answer.reason))
        return outcome


def renew_all(library: Library, member_key: str, act: Act, *, unseen: bool = False) -> RenewedAll | NotFound:
    """Renew every open loan of a reader, with a result for each; what can be renewed is, in one transaction."""
    with library.store.write() as tx:
        member = reads.find_member(tx, member_key)
        if member is None:
            return NotFound(Sought.MEMBER, member_key)
        lines = []
        for loan in tx.all(reads.OPEN_LOANS_OF_MEMBER, member=member.id):
            item = tx.one(reads.BY_ITEM_ID, key=loan.item_id)
            if item is not None:
                lines.append(write_renewal(library, tx, member, item, loan, act, unseen=unseen))
        if any(isinstance(line, Renewed) for line in lines):
            tx.record("loan.renewed", act, Intent(library.policy.version))
        return RenewedAll(member, tuple(lines))


def write_renewal(  # noqa: PLR0913 - shared by three use cases, each with its own part of these
    library: Library,
    tx: Tx,
    member: MemberFacts,
    item: ItemFacts,
    loan: LoanFacts,
    act: Act,
    *,
    unseen: bool,
    answer: Answer = NO_ANSWER,
) -> Renewed | RenewalRefused:
    """Renew inside somebody's transaction, which also writes the journal entry."""
    terms = library.terms(member.category, item.item_type)
    open_loans = tx.all(reads.OPEN_LOANS_OF_MEMBER, member=member.id)
    facts = RenewalFacts(
        member=member,
        item=item,
        loan=loan,
        bans=tx.all(reads.BANS, member=member.id, day=act.day),
        holds=tx.all(reads.QUEUE, title=item.title_id),
        others_overdue=any(other.due_on < act.day for other in open_loans if other.id != loan.id),
        terms=terms,
        day=act.day,
        due_on=renewed_due_date(act.day, loan.due_on, terms, library.calendar, expires_on=member.expires_on),
        unseen=unseen,
    )
    found = for_role(tuple(renewal_refusals(facts)), library.overrides(act.role))
    refused = still_refused(found, answer)
    if refused or facts.due_on is None:
        return RenewalRefused(item, refused)
    tx.update(
        Loan,
        loan,
        due_on=facts.due_on,
        renewals=loan.renewals + 1,
        unseen_renewals=loan.unseen_renewals + unseen,
        renewed_on=act.day,
    )
    return Renewed(loan.id, member, item, facts.due_on, loan.renewals + 1, terms.decided_by("max_renewals"))
