"""Notes on a reader or a copy that come up at the desk, each with its own moment and its own rule of acknowledging."""

import datetime as dt
import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from app.actions import Action
from app.circulation import reads
from app.circulation.facts import ItemFacts, MemberFacts
from app.form import invalid, required
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from db.act import Act
from db.codes import AlertMoment, AlertWeight
from db.frozen import Frozen
from db.models.library import Staff
from db.models.members import Alert
from db.reading import Reader
from db.writing import Tx

LONGEST = 300


@dataclass(frozen=True, slots=True)
class AlertForm:
    """A note for one reader or one copy (exactly one of the two). `until`: the last day it is shown."""

    text: str
    member: str | None = None
    item: str | None = None
    moment: AlertMoment = AlertMoment.CHECKOUT
    weight: AlertWeight = AlertWeight.MESSAGE
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class AlertAdded:
    """The note was laid. `already`: the very same note was there, and nothing was changed."""

    alert_id: uuid.UUID
    already: bool = False


@dataclass(frozen=True, slots=True)
class AlertRemoved:
    """The note was taken away, or had been (`already`)."""

    alert_id: uuid.UUID
    already: bool = False


@dataclass(frozen=True, slots=True)
class AlertRow:
    """A note in a list, with who left it."""

    id: uuid.UUID
    ver: int
    text: str
    moment: AlertMoment
    weight: AlertWeight
    until: dt.date | None
    laid_at: dt.datetime
    author: str | None
    deleted_at: dt.datetime | None


ALERT_ROWS = sa.select(
    Alert.id, Alert.ver, Alert.text, Alert.moment, Alert.weight, Alert.until, Alert.laid_at, Staff.name,
    Alert.deleted_at,
).outerjoin(Staff, Staff.id == Alert.author_id)  # fmt: skip
BY_ID = Frozen(ALERT_ROWS.where(Alert.id == sa.bindparam("alert")), AlertRow)
OF_MEMBER = Frozen(
    ALERT_ROWS.where(Alert.member_id == sa.bindparam("of"), Alert.deleted_at.is_(None)).order_by(Alert.id), AlertRow
)
OF_ITEM = Frozen(
    ALERT_ROWS.where(Alert.item_id == sa.bindparam("of"), Alert.deleted_at.is_(None)).order_by(Alert.id), AlertRow
)


def add_alert(library: Library, form: AlertForm, act: Act) -> AlertAdded | Refused | NotFound:
    """Leave a note on a reader or a copy."""
    with library.store.write() as tx:
        on = _subject(tx, form)
        if isinstance(on, NotFound):
            return on
        refused = (*library.forbids(act, Action.ALERT), *_problems(form, act.day))
        if refused:
            return Refused(refused)
        text = clean(form.text, LONGEST)
        for row in alerts_on(tx, on.id, of_item=isinstance(on, ItemFacts)):
            if (row.text, row.moment, row.weight, row.until) == (text, form.moment, form.weight, form.until):
                return AlertAdded(row.id, already=True)
        whose = {"item_id": on.id} if isinstance(on, ItemFacts) else {"member_id": on.id}
        alert_id = lay_alert(tx, act, text, moment=form.moment, weight=form.weight, until=form.until, **whose)
        tx.record("alert.added", act)
        return AlertAdded(alert_id)


def remove_alert(library: Library, alert_id: uuid.UUID, act: Act) -> AlertRemoved | Refused | NotFound:
    """Take a note away; what it said stays in the journal."""
    with library.store.write() as tx:
        row = tx.one(BY_ID, alert=alert_id)
        if row is None:
            return NotFound(Sought.ALERT, str(alert_id))
        refused = library.forbids(act, Action.ALERT)
        if refused:
            return Refused(refused)
        if row.deleted_at is not None:
            return AlertRemoved(alert_id, already=True)
        tx.remove(Alert, row, act)
        tx.record("alert.removed", act)
        return AlertRemoved(alert_id)


def alerts_on(reader: Reader, subject_id: uuid.UUID, *, of_item: bool) -> list[AlertRow]:
    """Every note on a reader or a copy, the oldest first, also those whose day is over."""
    return reader.all(OF_ITEM if of_item else OF_MEMBER, of=subject_id)


def lay_alert(
    tx: Tx, act: Act, text: str, *, moment: AlertMoment, weight: AlertWeight, until: dt.date | None = None,
    **whose: uuid.UUID,
) -> uuid.UUID:  # fmt: skip
    """Leave a note inside somebody's transaction; `whose` is `member_id` or `item_id`."""
    return tx.insert(
        Alert, moment=moment, weight=weight, text=text, until=until, author_id=act.staff_id, laid_at=act.at, **whose
    )


def _subject(reader: Reader, form: AlertForm) -> MemberFacts | ItemFacts | NotFound:
    if form.item is not None:
        return reads.find_item(reader, form.item) or NotFound(Sought.ITEM, form.item)
    return reads.find_member(reader, form.member or "") or NotFound(Sought.MEMBER, form.member or "")


def _problems(form: AlertForm, today: dt.date) -> Iterator[Refusal]:
    yield from required(text=clean(form.text))
    if form.until is not None and form.until < today:
        yield invalid("until", form.until)
