"""Three years at the desk of a village: who comes, what they take, when they bring it back."""

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field

import sqlalchemy as sa

from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import CheckedIn, CheckedOut
from app.circulation.renewal import renew_item
from app.clock import TEHRAN, SettableClock
from app.library import Library
from db.codes import CardState, HoldState, LedgerKind, PaymentMethod
from db.frozen import Frozen
from db.models.circulation import Hold, LedgerLine, Receipt
from db.models.members import MemberCard


@dataclass(frozen=True, slots=True)
class _Card:
    id: uuid.UUID
    ver: int
    state: CardState


DEBT = Frozen(
    sa.select(sa.func.coalesce(sa.func.sum(LedgerLine.amount), 0)).where(
        LedgerLine.member_id == sa.bindparam("member")
    ),
    int,
)
CARD = Frozen(
    sa.select(MemberCard.id, MemberCard.ver, MemberCard.state).where(MemberCard.number == sa.bindparam("card")),
    _Card,
)
LOANS_A_VISIT = (1, 1, 1, 2, 2, 3)
# Days between the due date and the return: most are punctual, some late, a few very late.
RETURNS = (-6, -5, -4, -3, -2, -1, -1, 0, 0, 0, 1, 2, 4, 9, 18)
HELD_TITLES = 4


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that may be lent: how wanted it is (0: never), and from when it stands on the shelf."""

    barcode: str
    title_id: uuid.UUID
    popularity: int
    child: bool
    since: dt.date


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who comes, more often the more active."""

    card: str
    member_id: uuid.UUID
    activity: int
    child: bool
    card_state: CardState


@dataclass
class Story:
    """What is going on: the shelves, the readers, the books out and the days they will come back."""

    library: Library
    clock: SettableClock
    random: random.Random
    copies: list[Copy] = field(default_factory=list)
    readers: list[Reader] = field(default_factory=list)
    title_ids: dict[int, uuid.UUID] = field(default_factory=dict)
    out: dict[str, tuple[Reader, dt.date]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.head = self.library.person(None)

    def live_a_day(self) -> None:
        """One working day, or nothing on a closed one."""
        day = self.clock.read().day
        if not self.library.calendar.is_open(day):
            return
        self._open_the_door(day)
        for barcode, (_, returning) in list(self.out.items()):
            if returning <= day:
                self._bring_back(barcode)
        for reader in self._visitors(day):
            self._visit(reader)
        if self.random.random() < 0.5:
            self._use_in_the_hall()

    def this_morning(self) -> None:
        """A few loans of the last hour, holds, and a card reported lost: what the desk shows when it is opened."""
        moment = self.clock.now
        self.clock.set(moment - dt.timedelta(minutes=80))
        for reader in self.random.sample([reader for reader in self.readers if reader.activity > 30], 5):
            self._visit(reader)
        self._place_holds()
        self._lose_cards()
        self.clock.set(moment)

    def _open_the_door(self, day: dt.date) -> None:
        self.clock.set(dt.datetime.combine(day, dt.time(8, 30), TEHRAN))

    def _time_passes(self) -> None:
        self.clock.advance(seconds=self.random.randrange(25, 240))

    def _visitors(self, day: dt.date) -> list[Reader]:
        """More in summer holidays and on Thursdays; each by how active they are."""
        busy = 1.35 if day.month in (7, 8) or day.weekday() == 3 else 1.0
        return [reader for reader in self.readers if self.random.random() < reader.activity / 1_500 * busy]

    def _visit(self, reader: Reader) -> None:
        self._pay_debt(reader)
        for copy in self._wishes(reader, self.random.choice(LOANS_A_VISIT)):
            self._take(reader, copy)

    def _wishes(self, reader: Reader, number: int) -> list[Copy]:
        day = self.clock.read().day
        shelf = [
            copy
            for copy in self.copies
            if copy.popularity > 12 and copy.child == reader.child and copy.barcode not in self.out and copy.since < day
        ]
        weights = [copy.popularity**1.6 for copy in shelf]
        return (
            list({copy.barcode: copy for copy in self.random.choices(shelf, weights, k=number)}.values())
            if shelf
            else []
        )

    def _take(self, reader: Reader, copy: Copy) -> None:
        self._time_passes()
        outcome = check_out(self.library, CheckoutRequest(reader.card, copy.barcode), self.library.act(self.head))
        if isinstance(outcome, CheckedOut):
            returning = outcome.due_on + dt.timedelta(days=self.random.choice(RETURNS))
            if self.random.random() < 0.008:
                returning += dt.timedelta(days=self.random.randrange(20, 70))
            self.out[copy.barcode] = (reader, returning)

    def _bring_back(self, barcode: str) -> None:
        self._time_passes()
        reader, _ = self.out[barcode]
        if self.random.random() < 0.12:
            renewed = renew_item(self.library, barcode, self.library.act(self.head))
            due = getattr(renewed, "due_on", None)
            if due is not None:
                self.out[barcode] = (reader, due + dt.timedelta(days=self.random.choice(RETURNS)))
                return
        outcome = check_in(self.library, CheckinRequest(barcode), self.library.act(self.head))
        if isinstance(outcome, CheckedIn):
            del self.out[barcode]
            if outcome.fine and self.random.random() < 0.8:
                self._pay_debt(reader)

    def _use_in_the_hall(self) -> None:
        self._time_passes()
        copy = self.random.choice(self.copies)
        if copy.barcode not in self.out and copy.popularity > 20:
            check_in(self.library, CheckinRequest(copy.barcode), self.library.act(self.head))

    def _pay_debt(self, reader: Reader) -> None:
        with self.library.store.write() as tx:
            debt = tx.one(DEBT, member=reader.member_id) or 0
            if debt <= 0 or self.random.random() < 0.2:
                return
            act = self.library.act(self.head)
            receipt = tx.insert(
                Receipt, number=tx.next_number("receipt"), member_id=reader.member_id, amount=debt, at=act.at,
                day=act.day, method=PaymentMethod.CASH, staff_id=act.staff_id,
            )  # fmt: skip
            tx.insert(
                LedgerLine, member_id=reader.member_id, kind=LedgerKind.PAYMENT, amount=-debt, at=act.at, day=act.day,
                method=PaymentMethod.CASH, receipt_id=receipt, staff_id=act.staff_id,
            )  # fmt: skip
            tx.record("payment.taken", act)

    def _place_holds(self) -> None:
        """Readers wait for wanted books that are out; one book stands on the hold shelf for its reader."""
        act = self.library.act(self.head)
        wanted = sorted((copy for copy in self.copies if copy.barcode in self.out), key=lambda copy: -copy.popularity)
        waiting = [reader for reader in self.readers if reader.activity > 40]
        with self.library.store.write() as tx:
            for priority, copy in enumerate(wanted[:HELD_TITLES], 1):
                for reader in self.random.sample(waiting, 1 + priority % 2):
                    tx.insert(
                        Hold, title_id=copy.title_id, member_id=reader.member_id, placed_at=act.at, priority=priority,
                        state=HoldState.QUEUED,
                    )  # fmt: skip
            tx.record("hold.placed", act)
        if wanted:
            self._time_passes()
            check_in(self.library, CheckinRequest(wanted[0].barcode), self.library.act(self.head))
            self.out.pop(wanted[0].barcode, None)

    def _lose_cards(self) -> None:
        lost = [reader for reader in self.readers if reader.card_state is CardState.LOST]
        with self.library.store.write() as tx:
            for reader in lost:
                card = tx.one(CARD, card=reader.card)
                if card is not None:
                    tx.update(MemberCard, card, state=CardState.LOST)
            if lost:
                tx.record("card.lost", self.library.act(self.head))
