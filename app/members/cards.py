"""Cards of members: bound by touching them, blocked the moment they are lost, found again.

A number stays known for ever: an old or a lost card still finds its member. Lending refuses a lost one
(`member.card_lost`); the librarian goes on with the member number or the national id.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa

from app.actions import Action
from app.devices.scan import Source, Unreadable, read_scan
from app.form import invalid
from app.library import HERE, Library
from app.members.finding import found_by
from app.members.writing import member_with, stored_number
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import CardState, MemberState
from db.frozen import Frozen
from db.models.items import Item
from db.models.members import Member, MemberCard
from db.reading import Reader

GONE = frozenset({MemberState.CLEARED, MemberState.MERGED})


@dataclass(frozen=True, slots=True)
class Card:
    """A card number of a member, and since when it is known."""

    id: uuid.UUID
    ver: int
    member_id: uuid.UUID
    number: str
    state: CardState
    since: dt.date


@dataclass(frozen=True, slots=True)
class Holder:
    """The member whose cards are at stake."""

    id: uuid.UUID
    ver: int
    given_name: str
    family_name: str
    member_no: str
    national_id: str | None
    mobile: str | None
    state: MemberState
    search_key: str

    @property
    def name(self) -> str:
        """Given name first, as people are spoken of."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Binding:
    """Which card is to be whose: `member` is a card, member number or national id. `keep`: their other cards stay
    active beside it, else they are retired."""

    member: str
    number: str
    keep: bool = False


@dataclass(frozen=True, slots=True)
class CardBound:
    """The card is the member's. `retired` are the numbers it takes the place of."""

    holder: Holder
    number: str
    retired: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardsLost:
    """These cards lend nothing from now on."""

    holder: Holder
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardFound:
    """The card lends again."""

    holder: Holder
    number: str


@dataclass(frozen=True, slots=True)
class AlreadySo:
    """The cards stood so before; nothing was changed."""

    holder: Holder
    numbers: tuple[str, ...]


BindOutcome: TypeAlias = "CardBound | AlreadySo | Refused | NotFound"
LostOutcome: TypeAlias = "CardsLost | AlreadySo | Refused | NotFound"
FoundOutcome: TypeAlias = "CardFound | AlreadySo | Refused | NotFound"

CARDS = sa.select(
    MemberCard.id, MemberCard.ver, MemberCard.member_id, MemberCard.number, MemberCard.state, MemberCard.since
).where(MemberCard.branch_id == HERE, MemberCard.deleted_at.is_(None))
BY_NUMBER = Frozen(CARDS.where(MemberCard.number == sa.bindparam("number")), Card)
OF_MEMBER = Frozen(
    CARDS.where(MemberCard.member_id == sa.bindparam("member")).order_by(MemberCard.since.desc(), MemberCard.id.desc()),
    Card,
)
HOLDER = Frozen(
    sa.select(
        Member.id, Member.ver, Member.given_name, Member.family_name, Member.member_no, Member.national_id,
        Member.mobile, Member.state, Member.search_key,
    ).where(Member.id == sa.bindparam("member"), Member.deleted_at.is_(None)),
    Holder,
)  # fmt: skip
BARCODE = Frozen(
    sa.select(Item.id).where(Item.branch_id == HERE, Item.barcode == sa.bindparam("number"), Item.deleted_at.is_(None)),
    lambda item: item,
)


def cards_of(reader: Reader, member_id: uuid.UUID) -> list[Card]:
    """Every card a member has or had, the newest first."""
    return reader.all(OF_MEMBER, member=member_id)


def bind_card(library: Library, binding: Binding, act: Act) -> BindOutcome:
    """Make a card the member's own: a new one, or one of theirs that was lost or retired and is in the hand again."""
    with library.store.write() as tx:
        holder = _holder_with(tx, binding.member)
        if holder is None:
            return NotFound(Sought.MEMBER, binding.member)
        number = stored_number(binding.number)
        refused = (*library.forbids(act, Action.REGISTER_MEMBER), *_binding_refusals(tx, holder, binding.number))
        if refused:
            return Refused(refused)
        cards = cards_of(tx, holder.id)
        own = next((card for card in cards if card.number == number), None)
        others = [] if binding.keep else [card for card in _active(cards) if card.number != number]
        if own is not None and own.state is CardState.ACTIVE and not others:
            return AlreadySo(holder, (number,))
        if own is None:
            tx.insert(MemberCard, member_id=holder.id, number=number, since=act.day)
            # Typed at the desk, a new card finds its member as a scan does, and so do the old ones.
            tx.update(Member, holder, search_key=found_by(tx, holder))
        elif own.state is not CardState.ACTIVE:
            tx.update(MemberCard, own, state=CardState.ACTIVE)
        for card in others:
            tx.update(MemberCard, card, state=CardState.RETIRED)
        tx.record("card.bound", act)
        return CardBound(holder, number, tuple(card.number for card in others))


def report_card_lost(library: Library, key: str, act: Act) -> LostOutcome:
    """Block a card by its number; by member number or national id every active card of the member, since nobody has
    it to read its number."""
    with library.store.write() as tx:
        holder = _holder_with(tx, key)
        if holder is None:
            return NotFound(Sought.MEMBER, key)
        named = tx.one(BY_NUMBER, number=stored_number(key))
        cards = [named] if named is not None else cards_of(tx, holder.id)
        lost = [named] if named is not None and named.state is not CardState.LOST else _active(cards)
        known = [card for card in cards if card.state is CardState.LOST]
        refused = library.forbids(act, Action.LEND)
        if not lost and not known:
            refused = (*refused, Refusal("member.no_card"))
        if refused:
            return Refused(refused)
        if not lost:
            return AlreadySo(holder, tuple(card.number for card in known))
        for card in lost:
            tx.update(MemberCard, card, state=CardState.LOST)
        tx.record("card.lost", act)
        return CardsLost(holder, tuple(card.number for card in lost))


def find_again(library: Library, number: str, act: Act) -> FoundOutcome:
    """A lost card has come back to its member and lends again."""
    with library.store.write() as tx:
        card = tx.one(BY_NUMBER, number=stored_number(number))
        holder = tx.one(HOLDER, member=card.member_id) if card is not None else None
        if card is None or holder is None:
            return NotFound(Sought.MEMBER, number)
        refused = library.forbids(act, Action.REGISTER_MEMBER)
        if refused:
            return Refused(refused)
        if card.state is not CardState.LOST:
            return AlreadySo(holder, (card.number,))
        tx.update(MemberCard, card, state=CardState.ACTIVE)
        tx.record("card.found", act)
        return CardFound(holder, card.number)


def _holder_with(reader: Reader, key: str) -> Holder | None:
    member_id = member_with(reader, key)
    return None if member_id is None else reader.one(HOLDER, member=member_id)


def _binding_refusals(reader: Reader, holder: Holder, code: str) -> Iterator[Refusal]:
    """A number that means somebody or something else would lend on the wrong card for years."""
    if isinstance(read_scan(code, Source.CARD), Unreadable):
        yield invalid("card", clean(code))
        return
    number = stored_number(code)
    if holder.state in GONE:
        yield Refusal("member.cleared")
    owner = member_with(reader, number)
    if owner is not None and owner != holder.id:
        yield Refusal("member.card_taken", facts={"card": number})
    if reader.one(BARCODE, number=number) is not None:
        yield Refusal("member.card_is_barcode", facts={"card": number})


def _active(cards: Sequence[Card]) -> list[Card]:
    return [card for card in cards if card.state is CardState.ACTIVE]
