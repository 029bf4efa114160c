"""A branch does what the centre asks, by its own use cases and under its own rules; each directive exactly once.

Two transactions each: the deed, whose key «directive-<id>» stands in `done_request`, then the answer. Whoever is killed
between them finds the deed done and only answers.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec
import sqlalchemy as sa

from app.directives import exchanges, readers, records, reports, returns, rulings
from app.directives.exchanges import ExchangePrinters
from app.directives.facts import FACTS, read
from app.directives.outcomes import Deed, Refusing
from app.library import HERE, Library
from app.members.numbering import number_provisional
from app.messages import one_line
from app.refusal import Refusal
from app.wording import message
from db.act import Act
from db.codes import DirectiveKind, Role
from db.frozen import Frozen
from db.models.centre import Directive, DirectiveAnswer
from db.models.sync import DoneRequest
from db.reading import Reader
from db.trouble import StaleRowError, Trouble

BY_THE_CENTRE = 0
"""The desk under which directives stand in the journal: no desk's last action, so that Ctrl+Z never meets them."""
TRIES = 5
ANSWERED = "directive.answered"
UNKNOWN, UNREADABLE = "directive.unknown", "directive.unreadable"
IN_WHAT_WAS_SENT = "P-23"
"""Troubles of a ruling's text: they are answered. Those of disk and server stop the work until the next time."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """A directive that has not been answered. `kind` as it came: a newer centre may know more kinds."""

    id: uuid.UUID
    kind: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DoneDirective:
    """What became of a directive: done, or refused with the codes; `words` is what the answer says in Persian."""

    id: uuid.UUID
    kind: str
    done: bool
    codes: tuple[str, ...] = ()
    words: str | None = None


def _nothing_to_say(library: Library, facts: Any) -> Deed:
    del library, facts
    return Deed()


@dataclass(frozen=True, slots=True)
class Doer:
    """How a directive of one kind is done, and what is said of it when it had been done before."""

    do: Callable[..., Deed | Refusing]
    """With library, facts and act; with the printers too where it `prints`."""
    prints: bool = False
    again: Callable[[Library, Any], Deed] = _nothing_to_say


DOERS: Mapping[str, Doer] = MappingProxyType(
    {
        DirectiveKind.RULING: Doer(rulings.rule, again=rulings.after),
        DirectiveKind.CLAIM_RETURN: Doer(returns.close_loan),
        DirectiveKind.RETURN_CLOSED: Doer(returns.note_closed),
        DirectiveKind.MEMBER_CONTACT: Doer(readers.add_contacts),
        DirectiveKind.RENEW: Doer(readers.renew),
        DirectiveKind.PLACE_HOLD: Doer(readers.place),
        DirectiveKind.CANCEL_HOLD: Doer(readers.cancel),
        DirectiveKind.INTERESTS: Doer(readers.set_interests),
        DirectiveKind.PURCHASE_WISH: Doer(readers.wish),
        DirectiveKind.EXCHANGE_REQUEST: Doer(exchanges.ask),
        DirectiveKind.EXCHANGE_STEP: Doer(exchanges.step, prints=True),
        DirectiveKind.RECORD_ANSWER: Doer(records.answered),
        DirectiveKind.REPORT_ANSWER: Doer(reports.answered),
    }
)
ANSWER = sa.exists(
    sa.select(DirectiveAnswer.id).where(
        DirectiveAnswer.branch_id == HERE,
        DirectiveAnswer.directive_id == Directive.id,
        DirectiveAnswer.deleted_at.is_(None),
    )
)
UNANSWERED = Frozen(
    sa.select(Directive.id, sa.type_coerce(Directive.kind, sa.Text()), Directive.facts)
    .where(Directive.branch_id == HERE, Directive.deleted_at.is_(None), ~ANSWER)
    .order_by(Directive.issued_at, Directive.id),
    Asked,
)
ANSWER_OF = Frozen(
    sa.select(DirectiveAnswer.id).where(
        DirectiveAnswer.branch_id == HERE,
        DirectiveAnswer.directive_id == sa.bindparam("directive"),
        DirectiveAnswer.deleted_at.is_(None),
    ),
    lambda answer: answer,
)
DONE_KEY = Frozen(sa.select(DoneRequest.eid).where(DoneRequest.key == sa.bindparam("key")), lambda eid: eid)


def do_directives(library: Library, act: Act, printers: ExchangePrinters | None = None) -> tuple[DoneDirective, ...]:
    """Do every directive that waits here, in the order in which they were issued, and answer each; then give numbers to
    members who wait for a block of them. `act` is whoever works at the desk or started it; what is done is done for the
    house. `app` knows no paper: without `printers` what ends in minutes waits for whoever hands them in.

    Raises Trouble for what disk or server say, StaleRowError when another desk was faster again and again; those that
    were answered before are answered, the others wait for the next time.
    """
    house = replace(act, role=Role.HEAD, desk=BY_THE_CENTRE, key=None)
    if house.staff_id is None:  # fines and bans name a person
        house = replace(house, staff_id=library.person(None).id)
    with library.store.read() as reader:
        waiting = reader.all(UNANSWERED)
    asked = [one for one in waiting if printers is not None or not _prints(one)]
    done = tuple(_do(library, directive, house, printers) for directive in asked)
    again(lambda: number_provisional(library, house))
    return done


def open_directives(reader: Reader) -> int:
    """How many directives wait to be done."""
    return len(reader.all(UNANSWERED))


def key_of(directive_id: uuid.UUID) -> str:
    """The key of the request that a directive becomes."""
    return f"directive-{directive_id}"


def _prints(asked: Asked) -> bool:
    doer = DOERS.get(asked.kind)
    return doer is not None and doer.prints


def _do(library: Library, asked: Asked, act: Act, printers: ExchangePrinters | None) -> DoneDirective:
    told = _outcome(library, asked, act, printers)
    return again(lambda: _answer(library, told, act))


def again(deed: Callable[[], T]) -> T:
    """Once more where another desk was faster: asked again, the rows are right."""
    for _ in range(TRIES - 1):
        try:
            return deed()
        except StaleRowError:
            continue
    return deed()


def _outcome(library: Library, asked: Asked, act: Act, printers: ExchangePrinters | None) -> DoneDirective:
    """Do it, or say why not. Nothing of a deed that was refused stays."""
    doer = DOERS.get(asked.kind)
    if doer is None:
        return _refused(asked, (Refusal(UNKNOWN),))
    try:
        facts = read(FACTS[DirectiveKind(asked.kind)], asked.facts)
    except msgspec.ValidationError:
        return _refused(asked, (Refusal(UNREADABLE),))
    try:
        own = replace(act, key=key_of(asked.id))
        outcome = again(lambda: _deed(library, doer, facts, own, printers))
    except Trouble as trouble:
        if not trouble.code.startswith(IN_WHAT_WAS_SENT):
            raise
        return DoneDirective(asked.id, asked.kind, False, (trouble.code,), one_line(trouble))
    if isinstance(outcome, Refusing):
        return _refused(asked, outcome.refusals)
    return DoneDirective(asked.id, asked.kind, True, words=outcome.words)


def _deed(library: Library, doer: Doer, facts: Any, act: Act, printers: ExchangePrinters | None) -> Deed | Refusing:
    """The deed, unless it was done before somebody was killed: then only what there is to say of it."""
    with library.store.read() as reader:
        done_before = reader.one(DONE_KEY, key=act.key) is not None
    if done_before:
        return doer.again(library, facts)
    return doer.do(library, facts, act, printers) if doer.prints else doer.do(library, facts, act)


def _refused(asked: Asked, refusals: tuple[Refusal, ...]) -> DoneDirective:
    codes = tuple(refusal.code for refusal in refusals)
    return DoneDirective(asked.id, asked.kind, False, codes, " ".join(map(message, refusals)))


def _answer(library: Library, told: DoneDirective, act: Act) -> DoneDirective:
    with library.store.write() as tx:
        if tx.one(ANSWER_OF, directive=told.id) is None:
            tx.insert(
                DirectiveAnswer,
                id=uuid.uuid5(told.id, ANSWERED),  # two machines of one branch give one answer, not two that collide
                directive_id=told.id,
                done=told.done,
                codes=list(told.codes),
                words=told.words,
                at=act.at,
            )
            tx.record(ANSWERED, act)
    return told
