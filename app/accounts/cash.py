"""The cash drawer of a desk, from its opening to the day close. Rials."""

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.accounts.outcomes import CashClosed, CashOpened
from app.actions import Action
from app.ledger.reads import LIVE
from app.library import HERE, Library
from app.outcome import Refused
from app.persian.text import clean
from app.policy.parameters import MOST_RIALS
from app.refusal import Refusal
from db.act import Act
from db.frozen import Frozen
from db.journal import Intent
from db.models.circulation import LedgerLine
from db.models.library import CashSession
from db.reading import Reader

NUMBERS = "cash_session"
LONGEST_REMARK = 500
SHOWN = 30
"""Drawers that a list tells: a month of a desk."""


@dataclass(frozen=True, slots=True)
class Drawer:
    """A drawer between opening and close; the last four are None while it is open."""

    id: uuid.UUID
    ver: int
    desk: int
    number: int
    opened_at: dt.datetime
    opened_by: uuid.UUID
    opening_amount: int
    closed_at: dt.datetime | None
    closed_by: uuid.UUID | None
    expected_amount: int | None
    counted_amount: int | None
    remark: str | None


SESSION_COLUMNS = (
    CashSession.id, CashSession.ver, CashSession.desk, CashSession.number, CashSession.opened_at, CashSession.opened_by,
    CashSession.opening_amount, CashSession.closed_at, CashSession.closed_by, CashSession.expected_amount,
    CashSession.counted_amount, CashSession.remark,
)  # fmt: skip
OURS = (CashSession.branch_id == HERE, CashSession.deleted_at.is_(None))
OPEN = Frozen(
    sa.select(*SESSION_COLUMNS).where(*OURS, CashSession.desk == sa.bindparam("desk"), CashSession.closed_at.is_(None)),
    Drawer,
)
ONE = Frozen(sa.select(*SESSION_COLUMNS).where(CashSession.id == sa.bindparam("session")), Drawer)
RECENT = Frozen(sa.select(*SESSION_COLUMNS).where(*OURS).order_by(CashSession.number.desc()).limit(SHOWN), Drawer)
# The sum of the lines is what went out; what came in is its opposite.
CASH_OUT = Frozen(
    sa.select(sa.func.coalesce(sa.func.sum(LedgerLine.amount), 0)).where(
        LedgerLine.cash_session_id == sa.bindparam("session"), LIVE
    ),
    int,
)


def open_drawer(reader: Reader, desk: int) -> Drawer | None:
    """The open drawer of a desk."""
    return reader.one(OPEN, desk=desk)


def expected_in(reader: Reader, drawer: Drawer) -> int:
    """What must be in the drawer now: what it was opened with, what came in, less what was given back."""
    if drawer.expected_amount is not None:
        return drawer.expected_amount
    return drawer.opening_amount - (reader.one(CASH_OUT, session=drawer.id) or 0)


def is_closed(reader: Reader, session_id: uuid.UUID | None) -> bool:
    """Whether the drawer that money went over has been counted: its lines stay as they are then."""
    drawer = reader.one(ONE, session=session_id) if session_id else None
    return drawer is not None and drawer.closed_at is not None


def recent_drawers(reader: Reader) -> list[Drawer]:
    """The newest drawers, open ones among them."""
    return reader.all(RECENT)


def open_cash(library: Library, amount: int, act: Act) -> CashOpened | Refused:
    """Open the drawer of this desk with so many rials in it. One is open at a desk at a time."""
    with library.store.write() as tx:
        refused = [*library.forbids(act, Action.CASH), *_bad(amount)]
        drawer = open_drawer(tx, act.desk)
        if drawer is not None:
            refused.append(Refusal("cash.open_already", have=drawer.number))
        if refused:
            return Refused(tuple(refused))
        number = tx.next_number(NUMBERS)
        session = tx.insert(
            CashSession, desk=act.desk, number=number, opened_at=act.at, opened_by=act.staff_id, opening_amount=amount
        )
        tx.record("cash.opened", act)
        return CashOpened(session, number, amount)


def close_cash(library: Library, counted: int, act: Act, remark: str = "") -> CashClosed | Refused:
    """Count the drawer of this desk and close it. Where it differs from what must be in it, a remark says why."""
    said = clean(remark, LONGEST_REMARK)
    with library.store.write() as tx:
        refused = [*library.forbids(act, Action.CASH), *_bad(counted)]
        drawer = open_drawer(tx, act.desk)
        if drawer is None:
            return Refused((*refused, Refusal("cash.not_open")))
        expected = expected_in(tx, drawer)
        if counted != expected and not said:
            refused.append(Refusal("cash.remark_required", limit=expected, have=counted))
        if refused:
            return Refused(tuple(refused))
        tx.update(
            CashSession, drawer, closed_at=act.at, closed_by=act.staff_id, expected_amount=expected,
            counted_amount=counted, remark=said or None,
        )  # fmt: skip
        tx.record("cash.closed", act, Intent(reason=said or None))
        return CashClosed(drawer.id, drawer.number, expected, counted)


def _bad(amount: int) -> tuple[Refusal, ...]:
    return () if 0 <= amount <= MOST_RIALS else (Refusal("money.amount", limit=MOST_RIALS, have=amount),)
