"""Cases that the centre itself decides: two memberships of one reader, two machines, what a library could not do."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeAlias

import sqlalchemy as sa

from app.centre import Centre
from app.conflicts.choices import Choice
from app.conflicts.looking import look_at
from app.conflicts.people import MEMBER, match
from app.conflicts.words import Told, told
from app.conflicts.writing import Round
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import CaseState
from db.models.centre import Redirect, SyncCase
from db.models.members import Member
from db.models.schema import METADATA
from db.models.sync import Device
from db.reading import Reader

DECIDED = "case.decided"
REVOKED = "revoked"
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class DecidedHere:
    """The decision stands; `already`: it had been taken before, and nothing was changed."""

    case_id: uuid.UUID
    choice: Choice
    already: bool = False


DecideOutcome: TypeAlias = "DecidedHere | Refused | NotFound"


def decide_at_centre(centre: Centre, case_id: uuid.UUID, choice: str, by: str, act: Act) -> DecideOutcome:
    """Decide a case that was put before the centre. `by` is the name of who decides. The caller has looked whether they
    may."""
    with centre.write() as tx:
        round_ = Round(tx, centre, act)
        case = round_.row(SyncCase, case_id)
        if case is None or case.branch_id != centre.id:
            return NotFound(Sought.CASE, str(case_id))
        if case.state is not CaseState.OPEN and case.decision == choice:
            return DecidedHere(case_id, Choice(choice), already=True)
        if case.state is not CaseState.OPEN:
            return Refused((Refusal("case.over"),))
        if choice not in case.choices:
            return Refused((Refusal("case.choice", facts={"choice": choice[:32]}),))
        taken = Choice(choice)
        round_.update(
            SyncCase, case, state=CaseState.DECIDED, decision=choice, decided_by=clean(by, LONGEST_NAME) or None,
            decided_at=act.at,
        )  # fmt: skip
        DEEDS.get(taken, _nothing)(round_, case)
        tx.record(DECIDED, act)
    return DecidedHere(case_id, taken)


def told_at_centre(reader: Reader, case: Any) -> Told:
    """The words of a case, of a row with all columns."""
    return told(reader, case.kind, case.rows, case.stories)


def _nothing(round_: Round, case: Any) -> None:
    del round_, case


def _same_person(round_: Round, case: Any) -> None:
    """The older membership is the one at home; the other is led to it, as records are, and nothing of it is
    rewritten."""
    older, younger = sorted(_named(case.rows, "member"))
    member = round_.row(Member, younger)
    known = _redirect(round_, younger)
    if member is not None and known is None:
        round_.insert(
            Redirect, branch_id=member.branch_id, entity=MEMBER, old_id=younger, new_id=older, made_at=round_.act.at,
            made_by=case.decided_by or "",
        )  # fmt: skip
    look_at(round_, (older, younger))


def _two_people(round_: Round, case: Any) -> None:
    """They are matched no more (`app.conflicts.people` reads the decision)."""
    members = _named(case.rows, "member")
    look_at(round_, members, match(round_, members))


def _retire(round_: Round, case: Any) -> None:
    """Of several devices the newest stays; one that is alive twice is believed no longer at all: who goes on is
    enrolled with a new code (sync-protocol 6)."""
    devices = _named(case.rows, "device")
    query = sa.select(Device.id).where(Device.id.in_(devices)).order_by(Device.enrolled_at, Device.id)
    known = list(round_.tx.connection.execute(query).scalars())
    gone = known[:-1] if len(known) > 1 else known
    values = {"state": REVOKED, "revoked_at": round_.act.at}
    round_.tx.connection.execute(sa.update(Device).where(Device.id.in_(gone)).values(values))


DEEDS: Mapping[Choice, Callable[[Round, Any], None]] = MappingProxyType(
    {Choice.SAME_PERSON: _same_person, Choice.TWO_PEOPLE: _two_people, Choice.RETIRE: _retire}
)
"""What a decision of the centre does; the others close the case and nothing more."""


def _named(rows: Sequence[str], entity: str) -> list[uuid.UUID]:
    mark = f"{entity}:"
    return [uuid.UUID(row.removeprefix(mark)) for row in rows if row.startswith(mark)]


def _redirect(round_: Round, old_id: uuid.UUID) -> Any:
    table = METADATA.tables[Redirect.__tablename__]
    query = sa.select(table).where(table.c.entity == MEMBER, table.c.old_id == old_id, table.c.deleted_at.is_(None))
    return round_.tx.connection.execute(query).first()
