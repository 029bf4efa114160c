"""Amnesty campaigns: which hold on a day, what each forgives of a debt, and writing it down."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.ledger.lines import MOST_LINES, Debt
from app.ledger.writing import settle
from db.act import Act
from db.codes import LedgerKind
from db.frozen import Frozen
from db.models.circulation import Amnesty
from db.reading import Reader
from db.writing import Tx

EVERYTHING = 100


@dataclass(frozen=True, slots=True)
class Scope:
    """What a campaign forgives: kinds of debts, of these member categories (all when empty), so many per cent.

    `only_returned`: only what the books cost that come back within the dates. `max_amount`: at most so many rials of
    one loan, or of one debt without a loan.
    """

    kinds: frozenset[LedgerKind] = frozenset({LedgerKind.FINE})
    categories: frozenset[str] = frozenset()
    percent: int = EVERYTHING
    only_returned: bool = True
    max_amount: int | None = None

    def plain(self) -> dict[str, Any]:
        """As stored."""
        return {
            "kinds": sorted(self.kinds),
            "categories": sorted(self.categories),
            "percent": self.percent,
            "only_returned": self.only_returned,
            "max_amount": self.max_amount,
        }

    def meets(self, other: "Scope") -> bool:
        """Whether some debt of some member is in both."""
        everybody = not self.categories or not other.categories
        return bool(self.kinds & other.kinds) and (everybody or bool(self.categories & other.categories))

    def covers(self, category: str, kind: LedgerKind) -> bool:
        """Whether a debt of this kind of a member of this category is in it."""
        return kind in self.kinds and (not self.categories or category in self.categories)


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as declared; both days are in it."""

    id: uuid.UUID
    ver: int
    name: str
    since: dt.date
    until: dt.date
    scope: Scope


def _campaign(
    row_id: uuid.UUID, ver: int, name: str, since: dt.date, until: dt.date, plain: Mapping[str, Any]
) -> Campaign:
    scope = Scope(
        kinds=frozenset(LedgerKind(kind) for kind in plain["kinds"]),
        categories=frozenset(plain["categories"]),
        percent=plain["percent"],
        only_returned=plain["only_returned"],
        max_amount=plain["max_amount"],
    )
    return Campaign(row_id, ver, name, since, until, scope)


COLUMNS = (Amnesty.id, Amnesty.ver, Amnesty.name, Amnesty.since, Amnesty.until, Amnesty.scope)
LIVE = Amnesty.deleted_at.is_(None)
DAY = sa.bindparam("day", type_=sa.Date())
ALL = Frozen(sa.select(*COLUMNS).where(LIVE).order_by(Amnesty.since.desc(), Amnesty.id.desc()), _campaign)
ONE = Frozen(sa.select(*COLUMNS).where(Amnesty.id == sa.bindparam("campaign"), LIVE), _campaign)
ON_DAY = Frozen(
    sa.select(*COLUMNS).where(Amnesty.since <= DAY, Amnesty.until >= DAY, LIVE).order_by(Amnesty.id), _campaign
)


def campaigns_on(reader: Reader, day: dt.date) -> list[Campaign]:
    """The campaigns that hold on a day; no two of them have a debt in common."""
    return reader.all(ON_DAY, day=day)


def forgive(
    tx: Tx, act: Act, campaigns: Iterable[Campaign], category: str, debts: Iterable[Debt], most: int = MOST_LINES
) -> tuple[int, int]:
    """Write down what the campaigns forgive of these debts of a member; each debt once in each campaign. Returns lines
    (at most `most`) and rials.

    `debts` are all of their loan, so that the ceiling of a loan is kept when it is met in several lines.
    """
    debts, lines, total = tuple(debts), 0, 0
    for campaign in campaigns:
        spent = _already_forgiven(campaign, debts)
        for debt in debts:
            place = debt.line.loan_id or debt.line.id
            amount = share_of(campaign, category, debt, spent[place])
            if amount and lines < most:
                settle(tx, act, debt.line, LedgerKind.AMNESTY, amount, amnesty_id=campaign.id, reason=campaign.name)
                spent[place] += amount
                lines, total = lines + 1, total + amount
    return lines, total


def share_of(campaign: Campaign, category: str, debt: Debt, spent: int) -> int:
    """What a campaign forgives of a debt: its per cent of the amount rounded down, no more than is left to settle, and
    no more than its ceiling leaves after `spent` rials of the same loan; nothing a second time."""
    scope = campaign.scope
    known = any(credit.amnesty_id == campaign.id for credit in debt.credits)
    if known or not scope.covers(category, debt.line.kind):
        return 0
    amount = min(debt.line.amount * scope.percent // EVERYTHING, debt.outstanding)
    return amount if scope.max_amount is None else max(0, min(amount, scope.max_amount - spent))


def _already_forgiven(campaign: Campaign, debts: Iterable[Debt]) -> dict[uuid.UUID, int]:
    spent: dict[uuid.UUID, int] = {}
    for debt in debts:
        place = debt.line.loan_id or debt.line.id
        own = -sum(credit.amount for credit in debt.credits if credit.amnesty_id == campaign.id)
        spent[place] = spent.get(place, 0) + own
    return spent
