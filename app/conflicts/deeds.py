"""What the choices in a case do at a branch: each by the way such things are done here anyway."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from app.circulation import reads
from app.circulation.elsewhere import Claim, close_from_afar
from app.circulation.facts import LoanFacts
from app.circulation.giving_back import Ending, end_loan
from app.conflicts.writing import id_in
from app.conflicts.writings import LOST, other_columns
from app.library import Library
from app.members.service import DECIDED, Edited, edit_member, form_of
from app.outcome import NotFound, Refused
from app.refusal import Answer, Refusal
from db.act import Act
from db.codes import LoanEnd
from db.frozen import Frozen
from db.journal import Intent
from db.models.circulation import Loan
from db.models.items import Item
from db.models.members import Member
from db.types import Id
from db.writing import Tx


@dataclass(frozen=True, slots=True)
class Subject:
    """What a case is about: its rows («entity:id»), what was told of both sides, and the fields that are decided, where
    it is not all."""

    rows: Sequence[str]
    stories: Mapping[str, Any]
    fields: Collection[str] = ()


CHANGED = (Refusal("case.changed"),)
SURE = Answer(confirm=frozenset({"member.national_id", "member.mobile"}))
"""What was doubtful about the member before is so still: it is not what is decided here."""
ENDED, REOPENED = "loan.returned", "loan.reopened"
ANY_OPEN: Frozen[Any] = Frozen(
    sa.select(*reads.LOAN_COLUMNS).where(
        Loan.id == sa.bindparam("loan", type_=Id()), Loan.in_at.is_(None), Loan.deleted_at.is_(None)
    ),
    LoanFacts,
)


def close_claimed(library: Library, of: Subject, act: Act) -> tuple[Refusal, ...]:
    """The copy came back at the other library, whatever happened to the loan since."""
    item, seen = id_in(of.rows, Item), of.stories.get("seen", {})
    if item is None or not seen:
        return CHANGED
    claim = Claim(
        item, dt.datetime.fromisoformat(seen["at"]), dt.date.fromisoformat(seen["day"]), str(seen.get("library", ""))
    )
    return CHANGED if isinstance(close_from_afar(library, claim, act, changed=True), NotFound) else ()


def take_theirs(library: Library, of: Subject, act: Act) -> tuple[Refusal, ...]:
    """Names and date of birth as the other library has them; its national id does not travel and is asked of the
    reader. Of another machine of this library: every field that differs."""
    if of.stories.get(LOST):
        return _take_other(library, of, act)
    member_id, theirs = id_in(of.rows, Member), of.stories.get("theirs", {})
    with library.store.read() as reader:
        form = None if member_id is None else form_of(reader, member_id)
    if member_id is None or form is None:
        return CHANGED
    born = theirs.get("birth_date")
    changed = {name: theirs[name] for name in ("given_name", "family_name") if theirs.get(name)}
    form = replace(form, **changed, birth_date=dt.date.fromisoformat(born) if born else form.birth_date)
    outcome = edit_member(library, member_id, form, act, SURE)
    if isinstance(outcome, Edited):
        return ()
    return outcome.refusals if isinstance(outcome, Refused) else CHANGED


def _take_other(library: Library, of: Subject, act: Act) -> tuple[Refusal, ...]:
    """What the other machine wrote, by the use case of editing; end and state of the membership go with it."""
    member_id = id_in(of.rows, Member)
    with library.store.read() as reader:
        form = None if member_id is None else form_of(reader, member_id)
    try:
        columns = other_columns(of.stories)
    except ValueError:  # a newer program wrote it
        return CHANGED
    if member_id is None or form is None:
        return CHANGED
    columns = {name: value for name, value in columns.items() if not of.fields or name in of.fields}
    decided = {name: columns.pop(name) for name in DECIDED if name in columns}
    outcome = edit_member(library, member_id, replace(form, **columns), act, SURE, decided)
    if isinstance(outcome, Edited):
        return ()
    return outcome.refusals if isinstance(outcome, Refused) else CHANGED


def close_older(library: Library, of: Subject, act: Act) -> tuple[Refusal, ...]:
    """The older loan came back before the copy was lent again: its fine clock stops on that day (sync-protocol 11)."""
    with library.store.write() as tx:
        older, newer = (_loan(tx, of, which) for which in ("older", "newer"))
        if older is None:
            return ()
        day = newer.out_on if newer is not None else act.day
        return _end(library, tx, older, day, act)


def close_newer(library: Library, of: Subject, act: Act) -> tuple[Refusal, ...]:
    """The newer loan should not have been written: it ends on the day it began, and the older one is open again."""
    with library.store.write() as tx:
        older, newer = (_loan(tx, of, which) for which in ("older", "newer"))
        if older is None:
            return CHANGED
        if newer is not None:
            tx.update(Loan, newer, in_at=act.at, effective_in_on=newer.out_on, ended_as=LoanEnd.RETURNED)
        presumed = _presumed(tx, older.id)
        if presumed is not None:
            tx.update(Loan, presumed, presumed_in_at=None)
        if newer is not None or presumed is not None:
            tx.record(REOPENED, act, Intent(older.policy_version))
    return ()


def _loan(tx: Tx, of: Subject, which: str) -> Any:
    return tx.one(ANY_OPEN, loan=uuid.UUID(str(of.stories[which])))


def _presumed(tx: Tx, loan_id: uuid.UUID) -> Any:
    """The loan with its presumed end, if it has one still."""
    table = Loan.__table__
    query = sa.select(table).where(table.c.id == loan_id, table.c.presumed_in_at.is_not(None))
    return tx.connection.execute(query).one_or_none()


def _end(library: Library, tx: Tx, loan: Any, day: dt.date, act: Act) -> tuple[Refusal, ...]:
    item = tx.one(reads.BY_ITEM_ID, key=loan.item_id)
    member = tx.one(reads.BY_MEMBER_ID, key=loan.member_id)
    if item is None:
        return CHANGED
    library.keep_fresh(tx, act.day)
    queue = tx.all(reads.QUEUE, title=item.title_id)
    ended = end_loan(library, tx, Ending(loan, member, item, queue, max(day, loan.out_on)), act)
    tx.record(ENDED, act, Intent(loan.policy_version, seen={"fine": ended.penalty.fine}))
    return ()
