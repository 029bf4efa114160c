"""Bans laid and lifted by a person. Those for lateness are laid at the return (`app.circulation.lateness`)."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import sqlalchemy as sa

from app.actions import Action
from app.form import invalid, required
from app.library import Library
from app.members.writing import member_with
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import RestrictionKind, Role
from db.frozen import Frozen
from db.journal import Intent
from db.models.library import Staff
from db.models.members import Member, Restriction
from db.reading import Reader

LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class BanForm:
    """Whom (card, number or national id), why, up to which day (None: until it is lifted), of which kind."""

    member: str
    reason: str
    until: dt.date | None = None
    kind: RestrictionKind = RestrictionKind.MANUAL


@dataclass(frozen=True, slots=True)
class BanRow:
    """A ban in force, as it is listed. `author` laid it."""

    id: uuid.UUID
    ver: int
    member_id: uuid.UUID
    given_name: str
    family_name: str
    member_no: str
    kind: RestrictionKind
    until: dt.date | None
    reason: str
    laid_at: dt.datetime
    author: str | None
    lifted_at: dt.datetime | None = None
    lifted_by: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Banned:
    """The member may not borrow now. `already`: the same ban was in force before."""

    restriction_id: uuid.UUID
    member_id: uuid.UUID
    until: dt.date | None
    already: bool = False


@dataclass(frozen=True, slots=True)
class Lifted:
    """Bans were lifted; none: there was none in force."""

    member_id: uuid.UUID | None
    restrictions: tuple[uuid.UUID, ...]


BanOutcome: TypeAlias = "Banned | Refused | NotFound"

TODAY = sa.bindparam("today", type_=sa.Date())
SELECT = (
    sa.select(
        Restriction.id, Restriction.ver, Restriction.member_id, Member.given_name, Member.family_name, Member.member_no,
        Restriction.kind, Restriction.until, Restriction.reason, Restriction.laid_at, Staff.name, Restriction.lifted_at,
        Restriction.lifted_by,
    )
    .join(Member, Member.id == Restriction.member_id)
    .outerjoin(Staff, Staff.id == Restriction.author_id)
    .where(
        Restriction.lifted_at.is_(None),
        Restriction.deleted_at.is_(None),
        sa.or_(Restriction.until.is_(None), Restriction.until >= TODAY),
    )
    .order_by(Restriction.laid_at.desc(), Restriction.id)
)  # fmt: skip
IN_FORCE = Frozen(SELECT, BanRow)
OF_MEMBER = Frozen(SELECT.where(Restriction.member_id == sa.bindparam("member")), BanRow)
ONE = Frozen(SELECT.where(Restriction.id == sa.bindparam("restriction")), BanRow)


def bans_in_force(reader: Reader, today: dt.date, member_id: uuid.UUID | None = None) -> list[BanRow]:
    """The bans in force of a member, or of everybody; the latest first."""
    if member_id is None:
        return reader.all(IN_FORCE, today=today)
    return reader.all(OF_MEMBER, member=member_id, today=today)


def restrict(library: Library, form: BanForm, act: Act) -> BanOutcome:
    """Bar a member from borrowing. Only the head acts for the disciplinary committee (000 §3-1-3)."""
    with library.store.write() as tx:
        member_id = member_with(tx, form.member)
        if member_id is None:
            return NotFound(Sought.MEMBER, form.member)
        reason = clean(form.reason, LONGEST_REASON)
        refused = (*library.forbids(act, Action.RESTRICT), *_problems(form, reason, act))
        if refused:
            return Refused(refused)
        same = (form.kind, form.until, reason)
        for ban in bans_in_force(tx, act.day, member_id):
            if (ban.kind, ban.until, ban.reason) == same:
                return Banned(ban.id, member_id, ban.until, already=True)
        restriction_id = tx.insert(
            Restriction, member_id=member_id, kind=form.kind, until=form.until, reason=reason, author_id=act.staff_id,
            laid_at=act.at,
        )  # fmt: skip
        tx.record("member.restricted", act)
        return Banned(restriction_id, member_id, form.until)


def _problems(form: BanForm, reason: str, act: Act) -> Iterator[Refusal]:
    yield from required(reason=reason)
    if form.until is not None and form.until < act.day:
        yield invalid("until", form.until)
    if form.kind is RestrictionKind.OVERDUE:
        yield invalid("kind", form.kind)
    if form.kind is RestrictionKind.DISCIPLINARY and act.role is not Role.HEAD:
        yield Refusal("restriction.head_only", "000 §3-1-3")


def unrestrict(
    library: Library, member: str | uuid.UUID, reason: str, act: Act, *, restriction: uuid.UUID | None = None
) -> Lifted | Refused | NotFound:
    """Lift one ban, or all bans in force of a member (`member` is a card, number or national id, or the member itself).

    They stay on record, with who lifted them; the reason stands in the journal.
    """
    with library.store.write() as tx:
        member_id = member if isinstance(member, uuid.UUID) else member_with(tx, member)
        if member_id is None:
            return NotFound(Sought.MEMBER, str(member))
        bans = [ban for ban in bans_in_force(tx, act.day, member_id) if restriction is None or ban.id == restriction]
        said = clean(reason, LONGEST_REASON)
        refused = (*library.forbids(act, Action.RESTRICT), *required(reason=said))
        if any(ban.kind is RestrictionKind.DISCIPLINARY for ban in bans) and act.role is not Role.HEAD:
            refused = (*refused, Refusal("restriction.head_only", "000 §3-1-3"))
        if refused:
            return Refused(refused)
        for ban in bans:
            tx.update(Restriction, ban, lifted_at=act.at, lifted_by=act.staff_id)
        if bans:
            tx.record("member.unrestricted", act, Intent(reason=said))
        return Lifted(member_id, tuple(ban.id for ban in bans))


def restriction_of(reader: Reader, restriction_id: uuid.UUID, today: dt.date) -> BanRow | None:
    """A ban in force by its id."""
    return reader.one(ONE, restriction=restriction_id, today=today)
