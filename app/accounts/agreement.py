"""Who may lower a debt by hand: nobody their own, and above an amount nobody alone."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from app.actions import Action
from app.library import Library, Person
from app.outcome import Refused
from app.policy.parameters import MOST_RIALS
from app.refusal import Refusal
from app.settings import Setting
from app.staff.pins import PinRight, verify_pin
from app.staff.service import pin_refusal
from db.act import Act
from db.frozen import Frozen
from db.models.library import Staff
from db.models.members import MemberCard
from db.reading import Reader

ALONE_UP_TO = Setting("waiver_alone_up_to", 500_000)
STAFF_WHO_IS = Frozen(
    sa.select(Staff.id).where(
        Staff.id == sa.bindparam("staff"),
        sa.or_(
            Staff.member_id == sa.bindparam("member"),
            sa.exists(
                sa.select(MemberCard.id).where(
                    MemberCard.member_id == sa.bindparam("member"),
                    MemberCard.number == Staff.card,
                    MemberCard.deleted_at.is_(None),
                )
            ),
        ),
    ),
    lambda staff_id: staff_id,
)


@dataclass(frozen=True, slots=True)
class Second:
    """The person beside the one who acts, and the PIN that says they are there."""

    person: Person
    pin: str


@dataclass(frozen=True, slots=True)
class WaiverLimitSet:
    """One person may lower a debt by up to so many rials from now on."""

    amount: int


def set_waiver_limit(library: Library, amount: int, act: Act) -> WaiverLimitSet | Refused:
    """Set up to how many rials one person lowers a debt alone; 0: never."""
    refused = library.forbids(act, Action.MANAGE_STAFF)
    if not 0 <= amount <= MOST_RIALS:
        refused = (*refused, Refusal("money.amount", limit=MOST_RIALS, have=amount))
    if refused:
        return Refused(refused)
    with library.store.write() as tx:
        ALONE_UP_TO.write(tx, amount)
    return WaiverLimitSet(amount)


def pin_refusals(library: Library, second: Second | None, act: Act) -> tuple[Refusal, ...]:
    """Whether it is the second person's PIN; somebody without one cannot agree. A try counts whatever comes of it, so
    this comes before the transaction."""
    if second is None:
        return ()
    outcome = verify_pin(library.store, second.person.id, second.pin, act.stamp)
    return () if isinstance(outcome, PinRight) else (pin_refusal(outcome),)


def agreement_refusals(
    library: Library, reader: Reader, member_id: uuid.UUID, amount: int, second: Second | None, act: Act
) -> Iterator[Refusal]:
    """Nobody forgives their own debts; above an amount a second person agrees, for whom the same holds."""
    if _is_same_person(reader, act.staff_id, member_id):
        yield Refusal("waiver.own")
    alone = ALONE_UP_TO.read(reader)
    if second is None:
        if amount > alone:
            yield Refusal("waiver.second_needed", limit=alone, have=amount)
    elif second.person.id == act.staff_id or _is_same_person(reader, second.person.id, member_id):
        yield Refusal("waiver.second_unfit", facts={"name": second.person.name})
    elif not library.may(second.person.role, Action.WAIVE):
        yield Refusal("waiver.second_not_allowed", facts={"name": second.person.name})


def _is_same_person(reader: Reader, staff_id: uuid.UUID | None, member_id: uuid.UUID) -> bool:
    """Whether somebody who works here is this reader, by the staff record or by a card of theirs."""
    return reader.one(STAFF_WHO_IS, staff=staff_id, member=member_id) is not None
