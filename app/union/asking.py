"""A library asks the senior cataloguer of the province for the record of a book that has none (003 م5-3), or says that
a title of its own stands under a wrong one. Asked without a line as well; the answer comes as a directive."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from app.actions import Action
from app.form import required
from app.library import HERE, Library
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean, compact
from app.refusal import Refusal
from db.act import Act
from db.codes import DirectiveKind
from db.frozen import Frozen
from db.journal import Intent
from db.models.catalogue import CataloguingRequest, Title
from db.models.centre import Directive
from db.reading import Reader


class RequestState(StrEnum):
    """Life of a request."""

    ASKED = "asked"
    APART = "apart"
    """Asked that a title get a record of its own."""
    ANSWERED = "answered"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({RequestState.ASKED, RequestState.APART})
LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as its library sees it. `result_title_id` is the record of the union that answers it; `words` what the
    cataloguer said."""

    id: uuid.UUID
    ver: int
    title_id: uuid.UUID | None
    title: str | None
    description: str
    asked_on: dt.date
    state: str
    answered_on: dt.date | None
    result_title_id: uuid.UUID | None
    words: str = ""

    @property
    def open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Requested:
    """The request is written down and goes to the province with the next sync."""

    request_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class RequestChanged:
    """The request stands like this now; `changed` is False where it did before."""

    request_id: uuid.UUID
    state: RequestState
    changed: bool


ROWS = (
    sa.select(
        CataloguingRequest.id, CataloguingRequest.ver, CataloguingRequest.title_id, Title.title,
        CataloguingRequest.description, CataloguingRequest.asked_on, CataloguingRequest.state,
        CataloguingRequest.answered_on, CataloguingRequest.result_title_id,
    )
    .outerjoin(Title, Title.id == CataloguingRequest.title_id)
    .where(CataloguingRequest.deleted_at.is_(None))
)  # fmt: skip
ONE = Frozen(ROWS.where(CataloguingRequest.id == sa.bindparam("request")), RequestRow)
MOST = 1_000
ALL = Frozen(
    ROWS.where(CataloguingRequest.branch_id == HERE)
    .order_by(CataloguingRequest.asked_on.desc(), CataloguingRequest.id.desc())
    .limit(MOST),
    RequestRow,
)
ANSWERS: Frozen[Mapping[str, Any]] = Frozen(
    sa.select(Directive.facts).where(
        Directive.branch_id == HERE, Directive.kind == DirectiveKind.RECORD_ANSWER, Directive.deleted_at.is_(None)
    ),
    lambda facts: facts,
)
TITLE = Frozen(
    sa.select(Title.title).where(
        Title.id == sa.bindparam("title"), Title.branch_id == HERE, Title.deleted_at.is_(None)
    ),
    str,
)


def requests(reader: Reader) -> list[RequestRow]:
    """The requests of this library, the newest first."""
    answers = {str(facts["request"]): str(facts.get("words") or "") for facts in reader.all(ANSWERS)}
    return [replace(row, words=answers.get(str(row.id), "")) for row in reader.all(ALL)]


def ask(
    library: Library, description: str, act: Act, title_id: uuid.UUID | None = None, *, apart: bool = False
) -> Requested | Refused | NotFound:
    """Ask for a record. `title_id`: the short record that stands here meanwhile; `apart`: it leads to a wrong record of
    the union and shall have its own."""
    words = clean(description, LONGEST)
    with library.store.write() as tx:
        if title_id is not None and tx.one(TITLE, title=title_id) is None:
            return NotFound(Sought.TITLE, str(title_id))
        problems = (
            *library.forbids(act, Action.CATALOGUE),
            *required(description=words),
            *(required(title=None) if apart and title_id is None else ()),
            *_asked_already(tx, words, title_id),
        )
        if problems:
            return Refused(problems)
        request_id = tx.insert(
            CataloguingRequest,
            title_id=title_id,
            description=words,
            asked_on=act.day,
            state=RequestState.APART if apart else RequestState.ASKED,
        )
        if apart:
            tx.record("title.split_requested", act, Intent(reason=words))
        else:
            tx.record("title.requested", act)
        return Requested(request_id)


def _asked_already(reader: Reader, words: str, title_id: uuid.UUID | None) -> Iterator[Refusal]:
    for row in reader.all(ALL):
        same = row.title_id == title_id if title_id is not None else compact(row.description) == compact(words)
        if row.open and same:
            yield Refusal("union.asked_already", "003 م5-3", facts={"day": row.asked_on})
            return


def withdraw(library: Library, request_id: uuid.UUID, act: Act) -> RequestChanged | Refused | NotFound:
    """Ask no longer: the book was catalogued here after all."""
    with library.store.write() as tx:
        row = tx.one(ONE, request=request_id)
        if row is None:
            return NotFound(Sought.REQUEST, str(request_id))
        if problems := library.forbids(act, Action.CATALOGUE):
            return Refused(problems)
        if not row.open:
            return RequestChanged(request_id, RequestState(row.state), changed=False)
        tx.update(CataloguingRequest, row, state=RequestState.WITHDRAWN)
        tx.record("title.request_withdrawn", act)
        return RequestChanged(request_id, RequestState.WITHDRAWN, changed=True)


def take_answer(
    library: Library, request_id: uuid.UUID, record_id: uuid.UUID | None, words: str, act: Act
) -> RequestChanged | NotFound:
    """Write down what the cataloguer of the province answered: a record of the union, or none and why."""
    state = RequestState.REFUSED if record_id is None else RequestState.ANSWERED
    with library.store.write() as tx:
        row = tx.one(ONE, request=request_id)
        if row is None:
            return NotFound(Sought.REQUEST, str(request_id))
        if not row.open:
            return RequestChanged(request_id, RequestState(row.state), changed=False)
        tx.update(CataloguingRequest, row, state=state, answered_on=act.day, result_title_id=record_id)
        tx.record("title.request_answered", act, Intent(reason=clean(words, LONGEST) or None))
        return RequestChanged(request_id, state, changed=True)
