"""What the pages of readers have in common: whose they are, and what stands under every heading."""

import uuid
from dataclasses import dataclass

from starlette.responses import Response

from app.outcome import Refused
from app.persian.digits import number
from app.readers.asking import AReader, Request, SendOutcome, requests_of
from app.readers.elsewhere import last_heard
from app.readers.entering import sign_out_everywhere
from app.readers.own import Own, own
from app.refusal import Refusal
from server.centre.web.asked import MissingError
from server.centre.web.auth import forget_token
from server.centre.web.pages import Visit

SENT = "درخواست شما برای کتابخانه فرستاده شد."
WAITS = "این درخواست پیش‌تر فرستاده شده و در انتظار کتابخانه است."


@dataclass(frozen=True, slots=True)
class Mine:
    """The reader who is signed in, and what they asked lately."""

    own: Own
    requests: tuple[Request, ...]

    @property
    def who(self) -> AReader:
        """As the library is asked by them."""
        return AReader(self.own.id, self.own.branch_id)


def mine(visit: Visit) -> Mine:
    """The reader. Whoever is no member any more is signed out, and there is no such page."""
    seat = visit.reader
    if seat is None:
        raise MissingError
    with visit.read() as reader:
        found = own(reader, seat.member_id)
        asked = requests_of(reader, AReader(seat.member_id, seat.branch_id), visit.now)
    if found is None or found.branch_id != seat.branch_id:
        with visit.centre.write() as tx:
            sign_out_everywhere(tx, seat.member_id)
        forget_token(visit)
        raise MissingError
    return Mine(found, tuple(asked))


def show(visit: Visit, template: str, me: Mine, refused: tuple[Refusal, ...] = (), **facts: object) -> Response:
    """A page of the reader: its template, under their name and with how fresh everything is."""
    heard = last_heard(visit.centre, me.own.branch_id)
    return visit.render(
        template, 422 if refused else 200, refused, own=me.own, heard=heard, today=visit.centre.clock.read().day,
        **facts,
    )  # fmt: skip


def sent(visit: Visit, outcome: SendOutcome, path: str) -> Response | Refused:
    """Back to the page with a word on what was sent; a refusal is for the page to show."""
    if isinstance(outcome, Refused):
        return outcome
    new = outcome.count - outcome.waiting
    if not new:
        return visit.redirect(path, told=WAITS, tone="info")
    words = SENT if new == 1 else f"{number(new)} درخواست شما برای کتابخانه فرستاده شد."
    return visit.redirect(path, told=words)


def is_mine(thing: uuid.UUID, things: "set[uuid.UUID]") -> None:
    """Go on only with what is the reader's own: of anything else nobody learns whether it is there."""
    if thing not in things:
        raise MissingError
