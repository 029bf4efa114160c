"""What stands in the way of lending to a reader who borrows at several branches (sync-protocol 11, decision d): what
the centre told of the other branches, and how long that is believed."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from app.circulation.facts import MemberFacts, Standing
from app.policy.categories import VISITOR
from app.policy.table import Terms
from app.refusal import Refusal
from db.codes import Channel
from db.frozen import Frozen
from db.models.centre import MemberStanding
from db.models.sync import Site
from db.reading import Reader
from db.types import Id

FRESH = dt.timedelta(minutes=30)
"""Two rounds of the sync: what the centre told stands for so long without having been heard of again."""
CEILINGS = ("max_loans_all_types", "max_loans_branch", "max_items_per_national_id")


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a reader has at other branches. `home`: this branch speaks for them. `heard_at`: when the centre was last
    heard of, or told this."""

    home: bool
    loans: int
    debt: bool
    banned: bool
    heard_at: dt.datetime


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What a decision rests on. `elsewhere` None: the centre has told nothing of this reader."""

    member: MemberFacts
    standing: Standing
    terms: Terms
    channel: Channel
    now: dt.datetime
    elsewhere: Elsewhere | None = None

    @property
    def fresh(self) -> bool:
        """Whether what the centre told is believed to be so still."""
        return self.elsewhere is not None and self.now - self.elsewhere.heard_at <= FRESH


HEARD = sa.select(sa.func.max(Site.last_contact_at)).scalar_subquery()
ELSEWHERE = Frozen(
    sa.select(
        MemberStanding.home, MemberStanding.open_elsewhere, MemberStanding.debt_elsewhere,
        MemberStanding.banned_elsewhere, MemberStanding.as_of, HEARD,
    )
    .where(MemberStanding.member_id == sa.bindparam("member", type_=Id()), MemberStanding.deleted_at.is_(None))
    .order_by(MemberStanding.as_of.desc())
    .limit(1),
    lambda home, loans, debt, banned, as_of, heard: Elsewhere(
        bool(home), loans, bool(debt), bool(banned), max(as_of, heard or as_of)
    ),
)  # fmt: skip


def elsewhere_of(reader: Reader, member: MemberFacts) -> Elsewhere | None:
    """What the centre told of a reader."""
    return reader.one(ELSEWHERE, member=member.id)


def visit_refusals(facts: VisitFacts) -> Iterator[Refusal]:
    """A visitor gets the quota while the centre has not been heard of; then what is lent at all branches counts against
    the limit, here and at home. A ban of another branch is told to whoever lends to a visitor."""
    if facts.channel is Channel.ONSITE:
        return
    visits = facts.member.category == VISITOR
    if visits and not facts.fresh:
        yield from _quota(facts)
    elif facts.elsewhere is not None and facts.elsewhere.loans > 0:
        yield from _limit(facts, facts.elsewhere)
    if visits and facts.elsewhere is not None and facts.elsewhere.banned:
        yield Refusal("member.banned_elsewhere", "sync-protocol 11")


def _quota(facts: VisitFacts) -> Iterator[Refusal]:
    limit = facts.terms.limit("visitor_offline_loans")
    if limit is not None and facts.standing.loans >= limit:
        yield Refusal("limit.visitor", facts.terms.decided_by("visitor_offline_loans"), limit, facts.standing.loans)


def _limit(facts: VisitFacts, elsewhere: Elsewhere) -> Iterator[Refusal]:
    limits = [(limit, name) for name in CEILINGS if (limit := facts.terms.limit(name)) is not None]
    if not limits:
        return
    limit, name = min(limits)
    have = facts.standing.loans + elsewhere.loans
    if have >= limit > facts.standing.loans:  # what is lent here alone is told by the other limits
        told = {"elsewhere": elsewhere.loans}
        yield Refusal("limit.elsewhere", facts.terms.decided_by(name), limit, have, facts=told)
