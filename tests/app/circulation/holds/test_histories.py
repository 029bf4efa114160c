"""Random histories of holds, loans, returns and nights never break fairness or an invariant (hypothesis)."""

import datetime as dt
import tempfile
import uuid
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.check import check_library
from app.circulation import reads
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.facts import HoldFacts, ItemFacts
from app.circulation.holds.changing import HoldKey, cancel_hold, move_hold, resume_hold, suspend_hold
from app.circulation.holds.placing import PlaceRequest, place_hold
from app.circulation.holds.queries import queue_of
from app.circulation.pulling import pull_copy
from app.circulation.rules import waits_for
from app.refusal import Answer
from app.undo import undo_last
from db.codes import HoldState
from db.models.circulation import Hold, Loan
from tests.app.circulation.holds.holding import expire, line_of, shelf_of, to_pull
from tests.library import act, add_copy, add_member, clock, found, pass_days, put_policy, rows

MEMBERS, COPIES = st.integers(0, 3), st.integers(0, 1)
QUEUED = Answer(confirm=frozenset({"hold.queued_for_other", "item.on_loan_same_member"}))


class Holds(RuleBasedStateMachine):
    """A title with two copies, four readers, and whatever may happen."""

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.library = found(Path(self._folder.name))
        put_policy(self.library, {"loan_days": 14, "allow_hold_on_own_loan": True, "overdues_block": "no"})
        self.members = [add_member(self.library) for _ in range(4)]
        first = add_copy(self.library)
        self.copies = [first, add_copy(self.library, first.title_id)]

    def teardown(self) -> None:
        self.library.store.close()
        self._folder.cleanup()

    def _hold(self, place: int) -> HoldKey:
        held = rows(self.library, Hold)
        return HoldKey(held[place % len(held)].id if held else uuid.UUID(int=1))

    def _act(self) -> Any:
        clock(self.library).advance(seconds=1)
        return act(self.library)

    @rule(member=MEMBERS, days=st.sampled_from([None, 2, 9]))
    def wait(self, member: int, days: int | None) -> None:
        until = None if days is None else clock(self.library).read().day + dt.timedelta(days)
        request = PlaceRequest(self.members[member].card, self.copies[0].title_id, until=until)
        place_hold(self.library, request, self._act())

    @rule(member=MEMBERS, copy=COPIES)
    def wait_for_copy(self, member: int, copy: int) -> None:
        place_hold(self.library, PlaceRequest(self.members[member].card, item=self.copies[copy].barcode), self._act())

    @rule(place=st.integers(0, 9))
    def cancel(self, place: int) -> None:
        cancel_hold(self.library, self._hold(place), self._act())

    @rule(place=st.integers(0, 9), days=st.sampled_from([None, 1, 4]))
    def suspend(self, place: int, days: int | None) -> None:
        until = None if days is None else clock(self.library).read().day + dt.timedelta(days)
        suspend_hold(self.library, self._hold(place), self._act(), until)

    @rule(place=st.integers(0, 9))
    def resume(self, place: int) -> None:
        resume_hold(self.library, self._hold(place), self._act())

    @rule(place=st.integers(0, 9), to=st.integers(1, 5))
    def move(self, place: int, to: int) -> None:
        move_hold(self.library, self._hold(place).hold_id or uuid.UUID(int=1), to, self._act())

    @rule(copy=COPIES)
    def fetch(self, copy: int) -> None:
        pull_copy(self.library, self.copies[copy].barcode, self._act())

    @rule(member=MEMBERS, copy=COPIES)
    def lend(self, member: int, copy: int) -> None:
        """Without an override: what stands on the hold shelf goes to nobody else."""
        kept = {one.hold.item_id: one.hold.member_id for one in shelf_of(self.library)}
        request = CheckoutRequest(self.members[member].card, self.copies[copy].barcode, answer=QUEUED)
        check_out(self.library, request, self._act())
        lent = {loan.item_id: loan.member_id for loan in rows(self.library, Loan, in_at=None)}
        for item_id, member_id in kept.items():
            assert lent.get(item_id, member_id) == member_id

    @rule(copy=COPIES)
    def take_back(self, copy: int) -> None:
        """The copy goes to the first in line it can serve."""
        expected = self._next(copy)
        check_in(self.library, CheckinRequest(self.copies[copy].barcode), self._act())
        if expected is not None:
            assert any(one.hold.id == expected for one in shelf_of(self.library))

    def _next(self, copy: int) -> uuid.UUID | None:
        with self.library.store.read() as reader:
            queue: list[HoldFacts] = reader.all(reads.QUEUE, title=self.copies[0].title_id)
            item: ItemFacts | None = reader.one(reads.BY_ITEM_ID, key=self.copies[copy].id)
            loan = None if item is None else reads.open_loan_of(reader, item)
        if item is None or loan is None or any(hold.item_id == item.id and _waits(hold) for hold in queue):
            return None
        today = clock(self.library).read().day
        return next((hold.id for hold in queue if waits_for(hold, item, today)), None)

    @rule(days=st.integers(1, 5), nights=st.booleans())
    def let_days_pass(self, days: int, nights: bool) -> None:
        pass_days(self.library, days)
        if nights:
            expire(self.library)
            assert expire(self.library).uncollected == 0

    @rule()
    def take_the_last_action_back(self) -> None:
        undo_last(self.library, self._act())

    @invariant()
    def places_are_counted_without_gaps(self) -> None:
        line = [one.position for one in line_of(self.library, self.copies[0]) if one.position is not None]
        assert line == list(range(1, len(line) + 1))

    @invariant()
    def the_list_is_fair(self) -> None:
        """Nobody is fetched a book while somebody before them in line could be served by it and gets none."""
        pulled = {row.hold.id: row.item for row in to_pull(self.library)}
        with self.library.store.read() as reader:
            queue = reader.all(reads.QUEUE, title=self.copies[0].title_id)
            shown = queue_of(reader, self.copies[0].title_id)
        assert [one.id for one in shown] == [hold.id for hold in queue]
        today = clock(self.library).read().day
        for place, hold in enumerate(queue):
            if hold.id in pulled:
                passed_over = [one for one in queue[:place] if waits_for(one, pulled[hold.id], today)]
                assert all(one.id in pulled for one in passed_over)
        assert len({item.id for item in pulled.values()}) == len(pulled)

    @invariant()
    def the_library_is_whole(self) -> None:
        assert check_library(self.library).broken == ()


def _waits(hold: HoldFacts) -> bool:
    return hold.state is HoldState.WAITING


TestHolds = Holds.TestCase
TestHolds.settings = settings(
    max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
