"""Requests of libraries for records, at the senior cataloguer's desk: each is answered once, by a record of the union,
by a record of its own, or by words (003 م5-3)."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain, count
from typing import Any

import sqlalchemy as sa

from app.centre import Centre
from app.outcome import NotFound, Refused, Sought
from app.persian.text import clean
from app.refusal import Refusal
from app.union.asking import OPEN
from app.union.deeds import Branches, forbidden, refused, who
from app.union.reading import TITLE, UNION_TITLE, resolve
from app.union.record import TitleFacts, record_of, titles_of
from app.union.splitting import part, stands_alone
from app.union.writing import Work, lead_title, let_go_if_empty, lock_records, redirect_of
from db.act import Act
from db.codes import DirectiveKind
from db.frozen import Frozen
from db.journal import Intent
from db.models.catalogue import CataloguingRequest
from db.models.centre import Directive, Redirect
from db.models.library import Branch
from db.reading import Reader

ANSWERED = "union.request_answered"
ANSWERS = uuid.UUID("3f0f7a7e-1c0b-5f3d-9a51-7b6a3a0f5d11")
"""Under this name the answer to a request has an id that follows from the request's: there is one answer."""
LONGEST = 1_000
LOOKED_THROUGH = 200
"""Requests that are read at once, until a page of them is found."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request as the cataloguer sees it; `answer` is what was said, once it was."""

    id: uuid.UUID
    branch_id: uuid.UUID
    library: str
    title_id: uuid.UUID | None
    description: str
    asked_on: dt.date
    state: str
    answer: Mapping[str, Any] | None = None

    @property
    def open(self) -> bool:
        """Whether it waits."""
        return self.answer is None and self.state in OPEN


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer is on its way to the library."""

    request_id: uuid.UUID
    record_id: uuid.UUID | None


ROW = (
    CataloguingRequest.id, CataloguingRequest.branch_id, Branch.name, CataloguingRequest.title_id,
    CataloguingRequest.description, CataloguingRequest.asked_on, CataloguingRequest.state,
)  # fmt: skip
ROWS = (
    sa.select(*ROW)
    .join(Branch, Branch.id == CataloguingRequest.branch_id)
    .where(CataloguingRequest.deleted_at.is_(None))
)
ONE = Frozen(ROWS.where(CataloguingRequest.id == sa.bindparam("request")), Wanted)
ANSWER: Frozen[Mapping[str, Any]] = Frozen(
    sa.select(Directive.facts).where(Directive.id == sa.bindparam("answer")), lambda facts: facts
)


def answer_id(request_id: uuid.UUID) -> uuid.UUID:
    """The id of the answer to a request."""
    return uuid.uuid5(ANSWERS, request_id.hex)


def wanted(reader: Reader, request_id: uuid.UUID) -> Wanted | None:
    """One request."""
    found = reader.one(ONE, request=request_id)
    return None if found is None else replace(found, answer=reader.one(ANSWER, answer=answer_id(request_id)))


def wanted_records(
    reader: Reader, branches: Collection[uuid.UUID], *, waiting: bool, most: int, skipped: int = 0
) -> list[Wanted]:
    """The requests of some libraries: those that wait, the oldest first, or those that do not, the newest first."""
    order = CataloguingRequest.asked_on if waiting else CataloguingRequest.asked_on.desc()
    query = ROWS.where(CataloguingRequest.branch_id.in_(branches)).order_by(order, CataloguingRequest.id)
    if waiting:
        query = query.where(CataloguingRequest.state.in_(OPEN))
    found: list[Wanted] = []
    for start in count(0, LOOKED_THROUGH):
        rows = reader.connection.execute(query.offset(start).limit(LOOKED_THROUGH)).all()
        answers = sa.select(Directive.id).where(Directive.id.in_([answer_id(row.id) for row in rows]))
        answered = set(reader.connection.execute(answers).scalars())
        standing = ((row, row.state in OPEN and answer_id(row.id) not in answered) for row in rows)
        found += [Wanted(*row) for row, is_open in standing if is_open is waiting]
        if len(rows) < LOOKED_THROUGH or len(found) >= skipped + most:
            break
    return found[skipped : skipped + most]


def answer(
    centre: Centre, request_id: uuid.UUID, record_id: uuid.UUID | None, words: str, act: Act, *, scope: Branches = None
) -> Answered | Refused | NotFound:
    """Answer with a record of the union, to which the title of the request leads from now on; or with words alone."""
    with centre.write() as tx:
        asked = wanted(tx, request_id)
        record = None if record_id is None else record_of(tx, record_id)
        if asked is None or (record is None and record_id is not None):
            return NotFound(Sought.REQUEST if asked is None else Sought.RECORD, str(request_id))
        if problems := refused(chain(forbidden(act), _unanswerable(asked, record_id, words, scope))):
            return problems
        work = Work(tx, act, centre.id)
        if record_id is not None:
            lock_records(tx, (record_id,))
            for title in _titles(tx, asked):
                point(work, title, record_id, who(tx, act))
            work.told[asked.branch_id].add(record_id)
        _send(work, centre, asked, record_id, clean(words, LONGEST))
        return Answered(request_id, record_id)


def answer_apart(
    centre: Centre, request_id: uuid.UUID, words: str, act: Act, *, scope: Branches = None
) -> Answered | Refused | NotFound:
    """Answer by giving the title of the request a record of its own."""
    with centre.write() as tx:
        asked = wanted(tx, request_id)
        if asked is None:
            return NotFound(Sought.REQUEST, str(request_id))
        titles = _titles(tx, asked)
        without = () if titles else (Refusal("union.no_title"),)
        speaks_against = chain(forbidden(act), _unanswerable(asked, asked.id, words, scope), without)
        if problems := refused(speaks_against):
            return problems
        work = Work(tx, act, centre.id)
        alone = stands_alone(tx, titles[0].id)
        record_id = resolve(tx, TITLE, titles[0].id) if alone else part(work, titles[0], who(tx, act))
        _send(work, centre, asked, record_id, clean(words, LONGEST))
        return Answered(request_id, record_id)


def _titles(reader: Reader, asked: Wanted) -> list[TitleFacts]:
    found = [] if asked.title_id is None else titles_of(reader, [asked.title_id])
    return [title for title in found if not title.deleted and title.branch_id == asked.branch_id]


def _unanswerable(asked: Wanted, record_id: uuid.UUID | None, words: str, scope: Branches) -> Iterator[Refusal]:
    if not asked.open:
        yield Refusal("union.answered_already")
    if record_id is None and not words.strip():
        yield Refusal("reason.required")
    if scope is not None and asked.branch_id not in scope:
        yield Refusal("union.not_in_scope", "003 م2")


def point(work: Work, title: TitleFacts, record_id: uuid.UUID, by: str) -> None:
    """Let a branch's title lead to a record that somebody chose."""
    redirect = redirect_of(work.tx, TITLE, title.id)
    if resolve(work.tx, TITLE, title.id) == resolve(work.tx, UNION_TITLE, record_id):
        return
    if redirect is not None:
        work.tx.remove(Redirect, redirect, work.act)
    lead_title(work, title.id, title.branch_id, record_id, by)
    for left in (title.id, redirect.new_id if redirect else title.id):
        let_go_if_empty(work, left)


def _send(work: Work, centre: Centre, asked: Wanted, record_id: uuid.UUID | None, words: str) -> None:
    """The answer, as a directive to the library."""
    record = None if record_id is None else str(record_id)
    work.tx.insert(
        Directive, id=answer_id(asked.id), branch_id=asked.branch_id, kind=DirectiveKind.RECORD_ANSWER,
        facts={"request": str(asked.id), "record": record, "words": words}, issued_at=centre.now(),
        issued_by=who(work.tx, work.act),
    )  # fmt: skip
    work.record(ANSWERED, Intent(reason=words or None, seen={"request": str(asked.id), "record": record}))
