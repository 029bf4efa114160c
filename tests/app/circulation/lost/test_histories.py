"""Random histories of losses, payments, finds, replacements and claims never break an invariant (hypothesis)."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.check import check_library
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.lateness import accrue_fines
from app.circulation.lost.ageing import age_long_overdue
from app.circulation.lost.claims import ClaimClosing, ClaimEnd, ClaimRequest, claim_returned, close_claim
from app.circulation.lost.damage import DamageRequest, note_damage, note_repair
from app.circulation.lost.declaring import LostRequest, declare_lost
from app.circulation.lost.finding import find_again
from app.circulation.lost.replacing import ReplaceRequest, replace_in_kind
from app.refusal import Answer
from app.undo import undo_last
from db.codes import LedgerKind
from tests.app.circulation.lost.cases import balance, credit, debts, policy
from tests.library import act, add_copy, add_member, found, pass_days

YES = Answer(confirm=frozenset({"item.was_replaced", "item.lost", "item.missing", "item.claimed_returned"}))
PLACES = st.integers(0, 2)


class Losses(RuleBasedStateMachine):
    """One reader, three copies, and whatever may happen to them."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.library = found(Path(self._folder.name))
        policy(self.library, long_overdue_days=40, ban_days_per_late_day=0)
        self.member = add_member(self.library)
        self.copies = [add_copy(self.library, price=90_000) for _ in range(3)]

    def teardown(self) -> None:
        self.library.store.close()
        self._folder.cleanup()

    @rule(place=PLACES)
    def lend(self, place: int) -> None:
        request = CheckoutRequest(self.member.card, self.copies[place].barcode, answer=YES)
        check_out(self.library, request, act(self.library))

    @rule(place=PLACES)
    def take_back(self, place: int) -> None:
        check_in(self.library, CheckinRequest(self.copies[place].barcode, answer=YES), act(self.library))

    @rule(place=PLACES, charge=st.sampled_from([None, 0, 50_000]))
    def lose(self, place: int, charge: int | None) -> None:
        declare_lost(self.library, LostRequest(self.copies[place].barcode, charge), act(self.library))

    @rule(place=PLACES)
    def find(self, place: int) -> None:
        find_again(self.library, self.copies[place].barcode, act(self.library), YES)

    @rule(place=PLACES)
    def replace(self, place: int) -> None:
        replace_in_kind(self.library, ReplaceRequest(self.copies[place].barcode, answer=YES), act(self.library))

    @rule(place=PLACES, end=st.sampled_from(ClaimEnd))
    def claim_and_close(self, place: int, end: ClaimEnd) -> None:
        barcode = self.copies[place].barcode
        claim_returned(self.library, ClaimRequest(barcode), act(self.library))
        close_claim(self.library, ClaimClosing(barcode, end), act(self.library))

    @rule(place=PLACES)
    def damage_and_repair(self, place: int) -> None:
        barcode = self.copies[place].barcode
        note_damage(self.library, DamageRequest(barcode, "پاره", 5_000), act(self.library))
        note_repair(self.library, barcode, act(self.library))

    @rule(part=st.sampled_from([1, 2]), kind=st.sampled_from([LedgerKind.PAYMENT, LedgerKind.WAIVER]))
    def pay(self, part: int, kind: LedgerKind) -> None:
        owed = debts(self.library, self.member, LedgerKind.LOST_ITEM)
        if owed and owed[0].unsettled > 0:
            credit(self.library, self.member, kind, max(owed[0].unsettled // part, 1))

    @rule(days=st.sampled_from([1, 20, 60]))
    def wait(self, days: int) -> None:
        pass_days(self.library, days)
        accrue_fines(self.library, act(self.library))
        age_long_overdue(self.library, act(self.library), act(self.library).day)

    @rule()
    def undo(self) -> None:
        undo_last(self.library, act(self.library))

    @invariant()
    def everything_adds_up(self) -> None:
        assert check_library(self.library).broken == ()
        balance(self.library, self.member)


Losses.TestCase.settings = settings(
    max_examples=12, stateful_step_count=18, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
TestLosses = Losses.TestCase
