"""Amnesty campaigns (طرح بخشودگی): declaring and ending them, and forgiving what was brought back before."""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.accounts.outcomes import AmnestyDeclared, AmnestyEnded
from app.actions import Action
from app.circulation.reads import OPEN
from app.form import required
from app.ledger.amnesty import ALL, EVERYTHING, ONE, Campaign, Scope, campaigns_on, forgive
from app.ledger.lines import DEBITS, MOST_LINES
from app.ledger.reads import ledger_of
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.policy.parameters import MOST_RIALS
from app.refusal import Refusal
from db.act import Act
from db.frozen import Frozen
from db.models.circulation import Account, Amnesty, Loan
from db.models.members import Member
from db.reading import Reader
from db.writing import Tx

LONGEST_NAME = 120
LONGEST_DAYS = 366
IN_DEBT = Frozen(
    sa.select(Member.id, Member.category)
    .join(Account, Account.member_id == Member.id)
    .where(Account.balance > 0, Member.deleted_at.is_(None))
    .order_by(Member.id),
    lambda member_id, category: (member_id, category),
)
OPEN_LOAN_IDS = Frozen(sa.select(Loan.id).where(Loan.member_id == sa.bindparam("member"), *OPEN), lambda loan: loan)


@dataclass(frozen=True, slots=True)
class AmnestyForm:
    """A campaign as it is wished for; both days are in it."""

    name: str
    since: dt.date
    until: dt.date
    scope: Scope = field(default_factory=Scope)


def all_campaigns(reader: Reader) -> list[Campaign]:
    """Every campaign there was and will be, the newest first."""
    return reader.all(ALL)


def campaign_with(reader: Reader, campaign_id: uuid.UUID) -> Campaign | None:
    """One campaign."""
    return reader.one(ONE, campaign=campaign_id)


def declare_amnesty(library: Library, form: AmnestyForm, act: Act) -> AmnestyDeclared | Refused:
    """Declare a campaign. Two of them never have a debt in common. One that begins today and does not ask for books to
    be brought back forgives at once."""
    with library.store.write() as tx:
        refused = (*library.forbids(act, Action.AMNESTY), *_refusals(library, tx, form, act.day))
        if refused:
            return Refused(refused)
        name = clean(form.name, LONGEST_NAME)
        campaign = tx.insert(
            Amnesty, name=name, since=form.since, until=form.until, scope=form.scope.plain()
        )  # fmt: skip
        tx.record("amnesty.declared", act)
    return AmnestyDeclared(campaign, form.since, form.until, forgive_open(library, act))


def _refusals(library: Library, reader: Reader, form: AmnestyForm, today: dt.date) -> Iterator[Refusal]:
    yield from required(name=form.name)
    if form.until < form.since or form.until < today or (form.until - form.since).days > LONGEST_DAYS:
        yield Refusal("amnesty.dates", limit=LONGEST_DAYS, facts={"since": form.since, "until": form.until})
    yield from _scope_refusals(library, form.scope)
    for other in all_campaigns(reader):
        if other.since <= form.until and form.since <= other.until and form.scope.meets(other.scope):
            yield Refusal("amnesty.overlap", facts={"name": other.name, "since": other.since, "until": other.until})


def _scope_refusals(library: Library, scope: Scope) -> Iterator[Refusal]:
    if not 0 < scope.percent <= EVERYTHING:
        yield Refusal("amnesty.percent", limit=EVERYTHING, have=scope.percent)
    if scope.max_amount is not None and not 0 < scope.max_amount <= MOST_RIALS:
        yield Refusal("money.amount", limit=MOST_RIALS, have=scope.max_amount)
    unknown = [kind for kind in scope.kinds if kind not in DEBITS] + list(scope.categories - library.categories.keys())
    if unknown or not scope.kinds:
        yield Refusal("amnesty.scope", facts={"unknown": "، ".join(map(str, unknown))})


def end_amnesty(library: Library, campaign_id: uuid.UUID, act: Act) -> AmnestyEnded | Refused | NotFound:
    """End a campaign: from today on it holds no longer. What it forgave stays forgiven."""
    with library.store.write() as tx:
        campaign = campaign_with(tx, campaign_id)
        if campaign is None:
            return NotFound(Sought.AMNESTY, str(campaign_id))
        forbidden = library.forbids(act, Action.AMNESTY)
        if forbidden:
            return Refused(forbidden)
        last = act.day - dt.timedelta(days=1)
        if campaign.until < act.day:
            return AmnestyEnded(campaign.id, campaign.until)
        tx.update(Amnesty, campaign, until=last)
        tx.record("amnesty.ended", act)
        return AmnestyEnded(campaign.id, last)


def forgive_open(library: Library, act: Act) -> int:
    """Forgive what the campaigns of today give without a book being brought back: debts of loans that are over, and
    those without a loan. Returns rials.

    Nightly work, and done when a campaign is declared; the second run writes nothing. Nothing happens while the clock
    is doubtful.
    """
    with library.store.read() as reader:
        campaigns = [one for one in campaigns_on(reader, act.day) if not one.scope.only_returned]
        waiting = reader.all(IN_DEBT) if campaigns and not act.stamp.doubtful else []
    total = 0
    while waiting:
        with library.store.write() as tx:
            left, forgiven = MOST_LINES, 0
            while waiting and left > 0:
                lines, rials = _forgive_member(tx, act, campaigns, waiting[-1], left)
                left, forgiven = left - lines, forgiven + rials
                if left > 0:
                    waiting.pop()
            if forgiven:
                tx.record("amnesty.applied", act)
            total += forgiven
    return total


def _forgive_member(
    tx: Tx, act: Act, campaigns: Sequence[Campaign], member: tuple[uuid.UUID, str], most: int
) -> tuple[int, int]:
    """Lines written and rials forgiven to one member, in at most so many lines."""
    member_id, category = member
    still_out = set(tx.all(OPEN_LOAN_IDS, member=member_id))
    debts = [debt for debt in ledger_of(tx, member_id).debts if debt.line.loan_id not in still_out]
    return forgive(tx, act, campaigns, category, debts, most)
