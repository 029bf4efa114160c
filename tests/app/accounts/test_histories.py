"""Random histories of an account: whatever happens in whatever order, the ledger stays a ledger."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.accounts.amnesty import AmnestyForm, declare_amnesty, end_amnesty, forgive_open
from app.accounts.charges import Charge, Refund, charge, refund
from app.accounts.outcomes import AmnestyDeclared
from app.accounts.payments import Payment, pay
from app.accounts.voiding import VoidRequest, void_line, void_receipt
from app.accounts.waivers import Waiver, waive
from app.check import check_library
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.lateness import accrue_fines
from app.circulation.renewal import renew_item
from app.ledger.amnesty import Scope
from app.ledger.lines import DEBITS, Ledger, Line
from app.ledger.reads import balance_of, ledger_of
from app.library import Library
from app.refusal import Answer
from app.undo import undo_last
from db.act import Act
from db.codes import LedgerKind
from db.models.circulation import Receipt
from tests.library import ACopy, AMember, act, add_copy, add_member, found, pass_days, put_policy, rows

AMOUNTS = st.integers(-5_000, 40_000)
STEPS = st.sampled_from(
    "charge charge pay pay waive void unpay refund night night lend return return_late renew undo amnesty end".split()
)
SURE = Answer(confirm=frozenset({"ledger.settled"}))
BY_HAND = sorted(DEBITS - {LedgerKind.FINE})


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = found(Path(tmp_path_factory.mktemp("histories")))
    with library.store:
        put_policy(library, {"loan_days": 2, "fine_per_day": 1_500, "grace_days": 1, "max_renewals": 99,
                             "overdues_block": "no", "fine_cap": 12_000})  # fmt: skip
        yield library


class History:
    """One reader with one copy, and what may happen to their account."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.member: AMember = add_member(library)
        self.copy: ACopy = add_copy(library)
        self.seen: dict[uuid.UUID, Line] = {}

    def step(self, name: str, amount: int, place: int) -> None:
        """Do one thing, which may be refused, and look whether everything still adds up."""
        steps: dict[str, Callable[[], object]] = {
            "charge": lambda: charge(self.library, self._charge(amount, place), self._act()),
            "pay": lambda: pay(self.library, Payment(self.member.card, self._fit(amount, place)), self._act()),
            "waive": lambda: waive(self.library, Waiver(self.member.card, "آزمون", amount), self._act()),
            "void": lambda: self._void(place),
            "unpay": lambda: void_receipt(self.library, max(1, self._receipts() - place % 3), "آزمون", self._act()),
            "refund": lambda: self._refund(amount, place),
            "night": self._night,
            "lend": lambda: check_out(self.library, CheckoutRequest(self.member.card, self.copy.barcode), self._act()),
            "return": lambda: check_in(self.library, CheckinRequest(self.copy.barcode), self._act()),
            "return_late": lambda: self._return_late(place),
            "renew": lambda: renew_item(self.library, self.copy.barcode, self._act()),
            "undo": lambda: undo_last(self.library, self._act()),
            "amnesty": lambda: self._amnesty(place),
            "end": self._end,
        }
        steps[name]()
        self._look()

    def _act(self) -> Act:
        return act(self.library)

    def _return_late(self, ago: int) -> None:
        """A return dated back."""
        day = self._act().day - timedelta(days=ago)
        check_in(self.library, CheckinRequest(self.copy.barcode, day), self._act())

    def _charge(self, amount: int, place: int) -> Charge:
        return Charge(self.member.card, BY_HAND[place % len(BY_HAND)], amount, "آزمون")

    def _fit(self, amount: int, place: int) -> int:
        """Mostly no more than is owed."""
        return min(amount, self._ledger().outstanding) if place % 4 else amount

    def _refund(self, amount: int, place: int) -> None:
        back = min(amount, self._ledger().refundable) if place % 4 else amount
        refund(self.library, Refund(self.member.card, back, "آزمون"), self._act())

    def _receipts(self) -> int:
        return len(rows(self.library, Receipt))

    def _void(self, place: int) -> None:
        lines = self._ledger().lines
        if lines:
            wish = VoidRequest(lines[place % len(lines)].id, "آزمون", answer=SURE)
            void_line(self.library, wish, self._act())

    def _night(self) -> None:
        pass_days(self.library, 1)
        accrue_fines(self.library, self._act())
        forgive_open(self.library, self._act())

    def _amnesty(self, place: int) -> None:
        today = self._act().day
        ceiling = 7_000 if place % 3 else None
        scope = Scope(percent=20 * (place % 5) + 20, only_returned=place % 2 == 0, max_amount=ceiling)
        form = AmnestyForm("آزمون", today, today + timedelta(days=3), scope)
        outcome = declare_amnesty(self.library, form, self._act())
        if isinstance(outcome, AmnestyDeclared):
            self.campaign = outcome.campaign_id

    def _end(self) -> None:
        if hasattr(self, "campaign"):
            end_amnesty(self.library, self.campaign, self._act())

    def _ledger(self) -> Ledger:
        with self.library.store.read() as reader:
            return ledger_of(reader, self.member.id)

    def _look(self) -> None:
        with self.library.store.read() as reader:
            ledger, kept = ledger_of(reader, self.member.id), balance_of(reader, self.member.id)
        assert kept == ledger.balance == sum(line.amount for line in ledger.lines)
        assert all(debt.unsettled >= debt.outstanding >= 0 for debt in ledger.debts)
        assert ledger.held >= 0
        assert sum(debt.unsettled for debt in ledger.debts) - ledger.held == kept
        assert ledger.outstanding == max(0, kept) if ledger.held == 0 else ledger.outstanding >= max(0, kept)
        now = {line.id: line for line in ledger.lines}
        assert {line_id: now.get(line_id) for line_id in self.seen} == self.seen  # no line was edited or vanished
        self.seen = dict(now)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(steps=[("charge", 20_000, 0), ("pay", 5_000, 0)])  # one history at least leaves a receipt
@given(steps=st.lists(st.tuples(STEPS, AMOUNTS, st.integers(0, 30)), min_size=8, max_size=24))
def test_whatever_happens_the_ledger_adds_up(library: Library, steps: list[tuple[str, int, int]]) -> None:
    history = History(library)
    try:
        for step in steps:
            history.step(*step)
    finally:
        history.step("end", 0, 0)  # campaigns are the library's: the next history begins without one


def test_after_all_these_histories_every_invariant_holds(library: Library) -> None:
    """Receipts without a gap among them."""
    assert len(rows(library, Receipt)) > 0
    assert check_library(library).broken == ()
