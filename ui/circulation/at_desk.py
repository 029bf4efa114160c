"""Who stands at the desk, with everything the desk knows of them, and how it works for them. No widgets."""

import datetime as dt
import uuid
from dataclasses import dataclass

from app.circulation.alerts import AlertRow, alerts_on
from app.circulation.checkin import CheckinRequest
from app.circulation.checkout import CheckoutRequest
from app.circulation.holds.queries import HoldRow, holds_of
from app.circulation.household import Kin, household
from app.circulation.outcomes import CheckedOut, CheckoutRefused
from app.circulation.reader_card import ReaderCard, reader_card
from app.circulation.visit import Visit, visit_after
from app.circulation.visiting import ELSEWHERE, Elsewhere
from app.library import Library
from app.members.photos import photo_of
from app.refusal import NO_ANSWER, Answer
from db.act import Act
from ui.circulation.modes import USUAL, Modes

NOTE_ON_READER = "member.alert"


@dataclass(frozen=True, slots=True)
class ReaderAtDesk:
    """A reader with what is read once when they come: photograph, notes, holds (ready ones first), household, and what
    the centre told of other libraries."""

    card: ReaderCard
    photo: bytes | None = None
    notes: tuple[AlertRow, ...] = ()
    holds: tuple[HoldRow, ...] = ()
    kin: tuple[Kin, ...] = ()
    elsewhere: Elsewhere | None = None

    @property
    def id(self) -> uuid.UUID:
        """The member."""
        return self.card.member.id

    @property
    def key(self) -> str:
        """What a request names them by: the number, since a card may be lost."""
        return self.card.member.member_no

    @property
    def name(self) -> str:
        """Given name first, as people are spoken of."""
        return f"{self.card.member.given_name} {self.card.member.family_name}"

    @property
    def in_care(self) -> tuple[Kin, ...]:
        """Those to whom books are lent on this reader's card."""
        return tuple(kin for kin in self.kin if kin.may_borrow)


def read_at_desk(library: Library, member_id: uuid.UUID, today: dt.date) -> ReaderAtDesk | None:
    """Everything about a reader in one view; None when there is no such member (any more)."""
    with library.store.read() as reader:
        card = reader_card(library, reader, member_id, today)
        if card is None:
            return None
        notes = (note for note in alerts_on(reader, member_id, of_item=False) if (note.until or today) >= today)
        return ReaderAtDesk(
            card,
            photo_of(reader, member_id),
            tuple(notes),
            tuple(holds_of(reader, member_id, today)),
            tuple(household(library, reader, member_id)),
            reader.one(ELSEWHERE, member=member_id),
        )


class AtDesk:
    """`holder` showed the card, where books are lent to another of the household, who is `reader` then."""

    def __init__(self) -> None:
        self.clear()

    @property
    def lends(self) -> bool:
        """Whether the next copy is lent."""
        return self.reader is not None and not self.modes.returning

    @property
    def is_batch(self) -> bool:
        """Whether a whole box of returns is worked off, with nobody at the desk."""
        return self.reader is None and self.modes.returning

    def clear(self) -> None:
        """Nobody is here; nothing of the one before is kept."""
        self.reader: ReaderAtDesk | None = None
        self.holder: ReaderAtDesk | None = None
        self.modes: Modes = USUAL
        self.visit: Visit | None = None
        self.returned = 0

    def take(self, reader: ReaderAtDesk) -> None:
        """A reader comes. Modes set while nobody was here are for them; those of another reader are over."""
        if self.reader is not None and reader.id != self.reader.id:
            self.clear()
        self.reader = reader

    def lend_to(self, kin: ReaderAtDesk) -> None:
        """The next books are for another of the household, on the card that was shown."""
        self.holder, self.reader, self.visit = self.holder or self.reader, kin, None

    def back_to_holder(self, holder: ReaderAtDesk) -> None:
        """The card's own reader borrows again."""
        self.holder, self.reader, self.visit = None, holder, None

    def lending(self, item: str) -> CheckoutRequest:
        """The loan that a scanned copy asks for. There has to be a reader."""
        if self.reader is None:
            raise ValueError("nobody is at the desk")
        holder = self.holder or self.reader
        borrower = self.reader.key if self.holder else None
        return self.modes.lending(CheckoutRequest(holder.key, item, for_member=borrower, visit=self.visit))

    def taking_back(self, item: str) -> CheckinRequest:
        """The return that a scanned copy asks for."""
        return self.modes.taking_back(item)

    def note_decision(self, outcome: CheckedOut | CheckoutRefused, answer: Answer, act: Act) -> None:
        """Keep what was decided for the rest of this visit."""
        said = answer if isinstance(outcome, CheckedOut) else NO_ANSWER
        self.visit = visit_after(self.visit, outcome.member.id, said, act)

    def note_seen(self, act: Act) -> None:
        """The notes on the reader were read: no loan of this visit asks about them again."""
        if self.reader is not None:
            seen = Answer(confirm=frozenset({NOTE_ON_READER}), remember=True)
            self.visit = visit_after(self.visit, self.reader.id, seen, act)

    def has_seen_notes(self, act: Act) -> bool:
        """Whether they were read in this visit."""
        visit, reader = self.visit, self.reader
        holds = visit is not None and reader is not None and visit.holds_for(reader.id, act)
        return holds and visit is not None and NOTE_ON_READER in visit.answer.confirm

    def remembered(self, act: Act) -> int:
        """How many rules are lifted for the rest of this visit."""
        if self.visit is None or self.reader is None or not self.visit.holds_for(self.reader.id, act):
            return 0
        return len((self.visit.answer.override | self.visit.answer.confirm) - {NOTE_ON_READER})
