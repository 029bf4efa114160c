"""Breaches of rules that go to a committee: noted, referred with a letter, closed (000 §3-1-3, §3-3-1, §3-4)."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import sqlalchemy as sa

from app.actions import Action
from app.form import invalid, required
from app.library import HERE, Library
from app.members.writing import member_with
from app.outcome import NotFound, Refused, Sought
from app.persian.digits import typed
from app.persian.text import clean
from app.refusal import Refusal
from app.staff.offices import Position, officers_on
from db.act import Act
from db.codes import DocumentKind, IncidentState
from db.frozen import Frozen
from db.models.catalogue import Title
from db.models.collection import Document
from db.models.items import Item
from db.models.members import Incident, Member
from db.reading import Reader
from db.types import new_id
from db.writing import Tx

PDF = "application/pdf"
LONGEST_ACCOUNT = 2_000


@dataclass(frozen=True, slots=True)
class IncidentForm:
    """Who (card, number or national id), with which copy if any (barcode or accession number), what happened, when."""

    member: str
    account: str
    item: str | None = None
    happened_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """An incident as it is listed, and as its letter tells it."""

    id: uuid.UUID
    ver: int
    member_id: uuid.UUID | None
    given_name: str | None
    family_name: str | None
    member_no: str | None
    category: str | None
    title: str | None
    accession_no: int | None
    happened_on: dt.date
    account: str
    state: IncidentState
    letter_no: str | None
    letter_on: dt.date | None
    document_id: uuid.UUID | None

    @property
    def name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name or ''} {self.family_name or ''}".strip()


@dataclass(frozen=True, slots=True)
class IncidentLetter:
    """What the letter to the committee says; `signer` heads the branch on its day, empty where nobody is named."""

    library: str
    city: str
    incident: IncidentRow
    category: str
    letter_no: str
    day: dt.date
    signer: str


class LetterPrinter(Protocol):
    """Sets the letter on paper; the same facts give the same bytes."""

    def __call__(self, letter: IncidentLetter, /) -> bytes:
        """The PDF file."""
        ...


@dataclass(frozen=True, slots=True)
class IncidentAdded:
    """An incident was noted."""

    incident_id: uuid.UUID
    member_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class IncidentChanged:
    """An incident was referred or closed; `document_id` is its letter. `already`: it was so before."""

    incident_id: uuid.UUID
    state: IncidentState
    document_id: uuid.UUID | None = None
    already: bool = False


ChangeOutcome: TypeAlias = "IncidentChanged | Refused | NotFound"

COLUMNS = (
    Incident.id, Incident.ver, Incident.member_id, Member.given_name, Member.family_name, Member.member_no,
    Member.category, Title.title, Item.accession_no, Incident.happened_on, Incident.account, Incident.state,
    Incident.letter_no, Incident.letter_on, Incident.document_id,
)  # fmt: skip
SELECT = (
    sa.select(*COLUMNS)
    .outerjoin(Member, Member.id == Incident.member_id)
    .outerjoin(Item, Item.id == Incident.item_id)
    .outerjoin(Title, Title.id == Item.title_id)
    .where(Incident.deleted_at.is_(None))
    .order_by(Incident.happened_on.desc(), Incident.id.desc())
)
ALL = Frozen(SELECT, IncidentRow)
OF_MEMBER = Frozen(SELECT.where(Incident.member_id == sa.bindparam("member")), IncidentRow)
BY_ID = Frozen(SELECT.where(Incident.id == sa.bindparam("incident")), IncidentRow)
ITEM_BY_CODE = Frozen(
    sa.select(Item.id).where(
        Item.branch_id == HERE,
        Item.deleted_at.is_(None),
        sa.or_(
            Item.barcode == sa.bindparam("code"), Item.accession_no == sa.bindparam("number", type_=sa.BigInteger())
        ),
    ),
    lambda item_id: item_id,
)


def incidents(reader: Reader, member_id: uuid.UUID | None = None) -> list[IncidentRow]:
    """The incidents of a member, or all of them; the latest first."""
    return reader.all(ALL) if member_id is None else reader.all(OF_MEMBER, member=member_id)


def incident(reader: Reader, incident_id: uuid.UUID) -> IncidentRow | None:
    """One incident."""
    return reader.one(BY_ID, incident=incident_id)


def open_incident(tx: Tx, member_id: uuid.UUID, item_id: uuid.UUID | None, account: str, day: dt.date) -> uuid.UUID:
    """Write an incident inside somebody's transaction."""
    return tx.insert(
        Incident, member_id=member_id, item_id=item_id, happened_on=day, account=clean(account, LONGEST_ACCOUNT),
        state=IncidentState.OPEN,
    )  # fmt: skip


def add_incident(library: Library, form: IncidentForm, act: Act) -> IncidentAdded | Refused | NotFound:
    """Note what a member did, with the copy it was done to."""
    with library.store.write() as tx:
        member_id = member_with(tx, form.member)
        if member_id is None:
            return NotFound(Sought.MEMBER, form.member)
        item_id = _item(tx, form.item) if form.item else None
        if form.item and item_id is None:
            return NotFound(Sought.ITEM, form.item)
        happened_on = form.happened_on or act.day
        refused = (*library.forbids(act, Action.RESTRICT), *_problems(form.account, happened_on, act.day))
        if refused:
            return Refused(refused)
        incident_id = open_incident(tx, member_id, item_id, form.account, happened_on)
        tx.record("incident.added", act)
        return IncidentAdded(incident_id, member_id)


def _problems(account: str, happened_on: dt.date, today: dt.date) -> Iterator[Refusal]:
    yield from required(account=account)
    if happened_on > today:
        yield invalid("happened_on", happened_on)


def _item(reader: Reader, key: str) -> uuid.UUID | None:
    key = typed(key)
    number = int(key) if key.isascii() and key.isdigit() and len(key) <= 18 else -1
    found: uuid.UUID | None = reader.one(ITEM_BY_CODE, code=key, number=number)
    return found


def refer_incident(
    library: Library, incident_id: uuid.UUID, letter_no: str, printer: LetterPrinter, act: Act
) -> ChangeOutcome:
    """Refer an incident to the committee: number, letter and its frozen PDF in one transaction."""
    with library.store.write() as tx:
        row = incident(tx, incident_id)
        if row is None:
            return NotFound(Sought.INCIDENT, str(incident_id))
        if row.state is IncidentState.REFERRED and row.letter_no == clean(letter_no, 60):
            return IncidentChanged(row.id, row.state, row.document_id, already=True)
        refused = (*library.forbids(act, Action.RESTRICT), *required(letter_no=letter_no))
        if row.state is not IncidentState.OPEN:
            refused = (*refused, Refusal("incident.not_open"))
        if refused:
            return Refused(refused)
        document_id = _freeze(library, tx, row, clean(letter_no, 60), printer, act)
        tx.update(
            Incident, row, state=IncidentState.REFERRED, letter_no=clean(letter_no, 60), letter_on=act.day,
            document_id=document_id,
        )  # fmt: skip
        tx.record("incident.referred", act)
        return IncidentChanged(row.id, IncidentState.REFERRED, document_id)


def _freeze(library: Library, tx: Tx, row: IncidentRow, letter_no: str, printer: LetterPrinter, act: Act) -> uuid.UUID:
    branch = library.branch
    category = library.categories.get(row.category or "", row.category or "")
    signer = officers_on(tx, act.day).get(Position.BRANCH_HEAD, "")
    content = printer(IncidentLetter(branch.name, branch.city, row, category, letter_no, act.day, signer))
    document_id = new_id()
    tx.insert(
        Document, id=document_id, kind=DocumentKind.LETTER, number=letter_no, media_type=PDF,
        file_name=f"incident-{row.happened_on.isoformat()}.pdf", content=content,
        sha256=hashlib.sha256(content).hexdigest(), pages=1, entity="incident", row_id=row.id, made_at=act.at,
    )  # fmt: skip
    return document_id


def close_incident(library: Library, incident_id: uuid.UUID, act: Act) -> ChangeOutcome:
    """The committee has spoken, or there was nothing in it: the incident is closed and stays on record."""
    with library.store.write() as tx:
        row = incident(tx, incident_id)
        if row is None:
            return NotFound(Sought.INCIDENT, str(incident_id))
        if row.state is IncidentState.CLOSED:
            return IncidentChanged(row.id, row.state, row.document_id, already=True)
        refused = library.forbids(act, Action.RESTRICT)
        if refused:
            return Refused(refused)
        tx.update(Incident, row, state=IncidentState.CLOSED)
        tx.record("incident.closed", act)
        return IncidentChanged(row.id, IncidentState.CLOSED, row.document_id)
