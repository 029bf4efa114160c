"""Three years at the desk of a village: who comes, what they take, when they bring it back."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.accounts.cash import close_cash, expected_in, open_drawer
from app.accounts.payments import Payment, pay
from app.circulation.checkin import CheckinRequest, check_in
from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.outcomes import CheckedIn, CheckedOut
from app.circulation.renewal import renew_item
from app.clock import TEHRAN, SettableClock
from app.demo.files import DemoMember
from app.demo.printers import Printers
from app.ledger.reads import balance_of
from app.library import Library
from app.members.cards import report_card_lost
from db.act import Act
from db.codes import CardState, WeedingReason

LOANS_A_VISIT = (1, 1, 1, 2, 2, 3)
# Days between the due date and the return: most are punctual, some late, a few very late.
RETURNS = (-6, -5, -4, -3, -2, -1, -1, 0, 0, 0, 1, 2, 4, 9, 18)
NEVER = dt.date.max
DOOR, EARLY = dt.time(8, 30), dt.time(7, 35)


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
    demo: DemoMember

    @property
    def child(self) -> bool:
        """Whether they take children's books."""
        return self.demo.form.category == "child"

    @property
    def card_state(self) -> CardState:
        """What is to become of the card."""
        return self.demo.card_state


@dataclass
class Story:
    """What is going on: the shelves, the readers, the books out and the days they will come back.

    `end` is the last day. `cast` remembers the readers that scenes have given a part, so that no two scenes use one;
    `props` does so for copies, by what they are for, and `parcels` for what is sent; `calls` are the readers called so
    far. `pace`: the least and the most seconds between two acts. `papers` remembers ids of what is on its way, `listed`
    and `numbers` the copies and the number of minutes by reason, `at_bindery` the copies of a binding request; `away`
    are the copies that nobody is to take meanwhile.
    """

    library: Library
    clock: SettableClock
    random: random.Random
    end: dt.date
    printers: Printers
    copies: list[Copy] = field(default_factory=list)
    readers: list[Reader] = field(default_factory=list)
    title_ids: dict[int, uuid.UUID] = field(default_factory=dict)
    out: dict[str, tuple[Reader, dt.date]] = field(default_factory=dict)
    cast: dict[str, Reader] = field(default_factory=dict)
    props: dict[str, str] = field(default_factory=dict)
    parcels: dict[str, uuid.UUID] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    pace: tuple[int, int] = (25, 240)
    papers: dict[str, uuid.UUID] = field(default_factory=dict)
    listed: dict[WeedingReason, list[str]] = field(default_factory=dict)
    numbers: dict[WeedingReason, str] = field(default_factory=dict)
    at_bindery: dict[str, list[str]] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.head = self.library.person(None)

    @property
    def day(self) -> dt.date:
        """Today."""
        return self.clock.read().day

    def act(self) -> Act:
        """The head of the library acts now, a little later than before."""
        self.clock.advance(seconds=self.random.randrange(*self.pace))
        return self.library.act(self.head)

    def quickly(self) -> Act:
        """The next of many scans: two seconds later, nothing left to chance."""
        self.clock.advance(seconds=2)
        return self.library.act(self.head)

    def wake(self) -> None:
        """The computer is switched on before anybody comes."""
        self.clock.set(dt.datetime.combine(self.day, EARLY, TEHRAN))

    def live_a_day(self) -> None:
        """One working day, or nothing on a closed one."""
        day = self.day
        if not self.library.calendar.is_open(day):
            return
        self.clock.set(max(self.clock.now, dt.datetime.combine(day, DOOR, TEHRAN)))
        for barcode, (_, returning) in list(self.out.items()):
            if returning <= day:
                self._come_back(barcode)
        for reader in self._visitors(day):
            self._visit(reader)
        if self.random.random() < 0.5:
            self._use_in_the_hall()
        self._close_the_drawer()

    def this_morning(self, moment: dt.datetime) -> None:
        """A few loans of the last hour, and a card reported lost: what the desk shows when it is opened."""
        self.clock.set(moment - dt.timedelta(minutes=80))
        active = [reader for reader in self.readers if reader.activity > 30 and reader not in self.cast.values()]
        for reader in self.random.sample(active, 5):
            self._visit(reader)
        for reader in self.readers:
            if reader.card_state is CardState.LOST:
                report_card_lost(self.library, reader.card, self.act())

    def shelf(self, *, child: bool) -> list[Copy]:
        """The copies that readers like and that stand there, without those that wait for somebody."""
        day = self.day
        return [
            copy
            for copy in self.copies
            if copy.popularity > 12
            and copy.child == child
            and copy.barcode not in self.out
            and copy.since < day
            and copy.barcode not in self.props.values()
            and copy.barcode not in self.away
        ]

    def take(self, reader: Reader, copy: Copy, back: dt.date | None = None) -> bool:
        """A reader takes a copy; `back` is the day it returns, by chance round the due date if it is left out."""
        outcome = check_out(self.library, CheckoutRequest(reader.card, copy.barcode), self.act())
        if not isinstance(outcome, CheckedOut):
            return False
        returning = outcome.due_on + dt.timedelta(days=self.random.choice(RETURNS))
        if self.random.random() < 0.008:
            returning += dt.timedelta(days=self.random.randrange(20, 70))
        self.out[copy.barcode] = (reader, back or returning)
        return True

    def lend_to_one_of(self, readers: Iterator[Reader], copy: Copy, back: dt.date) -> bool:
        """The first of them who may take a copy takes it; `readers` goes on behind them."""
        return any(self.take(reader, copy, back) for reader in readers)

    def give_back(self, barcode: str) -> None:
        """A copy comes back over the desk."""
        if isinstance(check_in(self.library, CheckinRequest(barcode), self.act()), CheckedIn):
            self.out.pop(barcode, None)

    def adults(self) -> Iterator[Reader]:
        """Grown-ups who come and have no part yet, the busiest first."""
        found = [reader for reader in self.readers if reader.activity and not reader.child]
        for reader in sorted(found, key=lambda one: (-one.activity, one.card)):
            if reader not in self.cast.values():
                yield reader

    def act_out(self, part: str, prop: str | None = None) -> tuple[Reader, str] | None:
        """Somebody without a part takes a book that does not come back by itself; both are remembered by the part."""
        for reader in self.adults():
            for copy in self.shelf(child=False)[::7][:5]:
                if self.take(reader, copy, NEVER):
                    self.cast[part], self.props[prop or part] = reader, copy.barcode
                    return reader, copy.barcode
        return None

    def title_of(self, prop: str) -> uuid.UUID | None:
        """The title of a copy that is remembered; None when there is none."""
        barcode = self.props.get(prop)
        return next((copy.title_id for copy in self.copies if copy.barcode == barcode), None)

    def balance(self, reader: Reader) -> int:
        """What a reader owes (rial)."""
        with self.library.store.read() as store:
            return balance_of(store, reader.member_id)

    def _visitors(self, day: dt.date) -> list[Reader]:
        """More in summer holidays and on Thursdays; each by how active they are, those without a part."""
        busy = 1.35 if day.month in (7, 8) or day.weekday() == 3 else 1.0
        come = [reader for reader in self.readers if self.random.random() < reader.activity / 1_500 * busy]
        return [reader for reader in come if reader not in self.cast.values()]

    def _visit(self, reader: Reader) -> None:
        self._pay_debt(reader)
        for copy in self._wishes(reader, self.random.choice(LOANS_A_VISIT)):
            self.take(reader, copy)

    def _wishes(self, reader: Reader, number: int) -> list[Copy]:
        shelf = self.shelf(child=reader.child)
        weights = [copy.popularity**1.6 for copy in shelf]
        return (
            list({copy.barcode: copy for copy in self.random.choices(shelf, weights, k=number)}.values())
            if shelf
            else []
        )

    def _come_back(self, barcode: str) -> None:
        reader, _ = self.out[barcode]
        if self.random.random() < 0.12:
            due = getattr(renew_item(self.library, barcode, self.act()), "due_on", None)
            if due is not None:
                self.out[barcode] = (reader, due + dt.timedelta(days=self.random.choice(RETURNS)))
                return
        outcome = check_in(self.library, CheckinRequest(barcode), self.act())
        if isinstance(outcome, CheckedIn):
            del self.out[barcode]
            if outcome.fine and self.random.random() < 0.8:
                self._pay_debt(reader)

    def _use_in_the_hall(self) -> None:
        copy = self.random.choice(self.copies)
        if copy.barcode not in self.out and copy.popularity > 20 and copy.barcode not in self.props.values():
            check_in(self.library, CheckinRequest(copy.barcode), self.act())

    def _pay_debt(self, reader: Reader) -> None:
        debt = self.balance(reader)
        if debt > 0 and reader not in self.cast.values() and self.random.random() >= 0.2:
            pay(self.library, Payment(reader.card, debt), self.act())

    def _close_the_drawer(self) -> None:
        with self.library.store.read() as store:
            drawer = open_drawer(store, 1)
            counted = expected_in(store, drawer) if drawer else 0
        if drawer is not None:
            close_cash(self.library, counted, self.act())
