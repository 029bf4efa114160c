"""What a reader asks of their library on the pages: it goes as a directive, is done there under the rules of the house,
and answered (sync-protocol 1: only the owner edits; others ask)."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec
import sqlalchemy as sa

from app.centre import AT_THE_CENTRE, Centre
from app.directives.facts import CancelFacts, InterestsFacts, PlaceFacts, RenewFacts, WishFacts
from app.directives.issuing import issue
from app.directives.readers import LONGEST_INTEREST, MOST_INTERESTS
from app.form import required
from app.outcome import Refused
from app.persian.text import clean
from app.refusal import Refusal
from app.wishes.rules import LONGEST_WISH
from db.act import Act
from db.codes import DirectiveKind, Role
from db.models.centre import Directive, DirectiveAnswer, MemberPassword
from db.reading import Reader

KINDS = (
    DirectiveKind.RENEW, DirectiveKind.PLACE_HOLD, DirectiveKind.CANCEL_HOLD, DirectiveKind.INTERESTS,
    DirectiveKind.PURCHASE_WISH,
)  # fmt: skip
BY = "عضو، از صفحهٔ خود"
MOST_WAITING = 30
"""Requests of one reader that may wait for the library at once."""
SHOWN = dt.timedelta(days=30)
"""How long an answer is shown."""


@dataclass(frozen=True, slots=True)
class AReader:
    """Who asks: the row of the member and the library it belongs to."""

    member_id: uuid.UUID
    branch_id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Request:
    """Something the reader asked. `done` is None until the library has answered; `words` are the library's."""

    id: uuid.UUID
    kind: DirectiveKind
    facts: Mapping[str, Any]
    issued_at: dt.datetime
    done: bool | None
    words: str | None
    answered_at: dt.datetime | None

    def about(self, name: str) -> uuid.UUID | None:
        """The id that a fact names."""
        try:
            return uuid.UUID(str(self.facts.get(name)))
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Sent:
    """So many requests are on their way; `waiting` of them were so before."""

    count: int
    waiting: int = 0


SendOutcome: TypeAlias = "Sent | Refused"

REQUESTS = (
    sa.select(
        Directive.id, Directive.kind, Directive.facts, Directive.issued_at, DirectiveAnswer.done,
        DirectiveAnswer.words, DirectiveAnswer.at,
    )
    .outerjoin(
        DirectiveAnswer,
        sa.and_(
            DirectiveAnswer.branch_id == Directive.branch_id,
            DirectiveAnswer.directive_id == Directive.id,
            DirectiveAnswer.deleted_at.is_(None),
        ),
    )
    .where(Directive.kind.in_(KINDS), Directive.deleted_at.is_(None))
    .order_by(Directive.issued_at.desc(), Directive.id.desc())
)  # fmt: skip


def requests_of(reader: Reader, who: AReader, now: dt.datetime) -> list[Request]:
    """What the reader asked lately, the latest first; whatever waits is among it, however old."""
    query = REQUESTS.where(
        Directive.branch_id == who.branch_id,
        Directive.facts["member"].as_string() == str(who.member_id),
        sa.or_(Directive.issued_at > now - SHOWN, DirectiveAnswer.id.is_(None)),
    )
    return [Request(*row) for row in reader.connection.execute(query.limit(200))]


def last_about(requests: Iterable[Request], kind: DirectiveKind, name: str) -> dict[uuid.UUID, Request]:
    """The latest request of a kind for each thing it is about."""
    found: dict[uuid.UUID, Request] = {}
    for request in requests:
        thing = request.about(name)
        if request.kind is kind and thing is not None:
            found.setdefault(thing, request)
    return found


def ask_renewals(centre: Centre, who: AReader, loans: Sequence[uuid.UUID]) -> SendOutcome:
    """Ask to renew loans of the reader (the caller has seen that they are)."""
    return _send(centre, who, DirectiveKind.RENEW, [RenewFacts(who.member_id, loan) for loan in loans])


def ask_hold(centre: Centre, who: AReader, title: uuid.UUID, until: dt.date | None = None) -> SendOutcome:
    """Ask to wait for a title of the library; `until`: the last day it is wanted."""
    return _send(centre, who, DirectiveKind.PLACE_HOLD, [PlaceFacts(who.member_id, title, until)])


def ask_cancel(centre: Centre, who: AReader, hold: uuid.UUID) -> SendOutcome:
    """Ask to wait no longer (the caller has seen that the hold is the reader's)."""
    return _send(centre, who, DirectiveKind.CANCEL_HOLD, [CancelFacts(who.member_id, hold)])


def ask_interests(centre: Centre, who: AReader, typed: str) -> SendOutcome:
    """Ask to write down what the reader likes to read: lines or commas part it."""
    wanted = interests_of(typed)
    if len(wanted) > MOST_INTERESTS:
        return Refused((Refusal("reader.many_interests", limit=MOST_INTERESTS, have=len(wanted)),))
    return _send(centre, who, DirectiveKind.INTERESTS, [InterestsFacts(who.member_id, wanted)])


def ask_purchase(centre: Centre, who: AReader, wish: str) -> SendOutcome:
    """Ask that a book be bought (000 §1-2)."""
    said = clean(wish, LONGEST_WISH)
    missing = tuple(required(wish=said))
    if missing:
        return Refused(missing)
    return _send(centre, who, DirectiveKind.PURCHASE_WISH, [WishFacts(who.member_id, said)])


def interests_of(typed: str) -> tuple[str, ...]:
    """What was typed, thing by thing, each once."""
    for sign in ("\n", "،", ",", "؛", ";"):
        typed = typed.replace(sign, "\n")
    wanted = (clean(line, LONGEST_INTEREST) for line in typed.splitlines())
    return tuple(dict.fromkeys(one for one in wanted if one))


def _send(centre: Centre, who: AReader, kind: DirectiveKind, wanted: Sequence[msgspec.Struct]) -> SendOutcome:
    """Issue what does not wait already: a form that was sent twice asks once."""
    with centre.write() as tx:
        # One request of a reader at a time.
        tx.connection.execute(
            sa.select(MemberPassword.member_id).where(MemberPassword.member_id == who.member_id).with_for_update()
        )
        waiting = [request for request in requests_of(tx, who, centre.now()) if request.done is None]
        same = [request.facts for request in waiting if request.kind is kind]
        new = [facts for facts in wanted if _stored(facts) not in same]
        if len(waiting) + len(new) > MOST_WAITING:
            return Refused((Refusal("reader.many_waiting", limit=MOST_WAITING, have=len(waiting)),))
        for facts in new:
            issue(tx, centre, who.branch_id, kind, facts, BY)
        if new:
            tx.record("reader.asked", Act(None, Role.ADMINISTRATOR, AT_THE_CENTRE, centre.clock.read()))
    return Sent(len(wanted), len(wanted) - len(new))


def _stored(facts: msgspec.Struct) -> Any:
    """Facts as they come back from the store."""
    return msgspec.json.decode(msgspec.json.encode(facts))
