"""What a reader has in hand, here and at other libraries, and what they have read: renewing is asked of the library."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from app.members.reading import reading_history
from app.outcome import Refused
from app.readers.asking import AReader, Request, SendOutcome, Sent, ask_renewals, last_about, requests_of
from app.readers.elsewhere import Elsewhere, loans_elsewhere
from app.readers.own import OwnLoan, banned_until, own_loans
from app.refusal import Refusal
from db.codes import DirectiveKind
from db.isolation import DbRole, Scope
from server.centre.web.asked import MissingError
from server.centre.web.pages import Door, Nav, Page, Shot, Visit
from server.centre.web.readers_entry import LOANS
from server.centre.web.readers_shared import Mine, is_mine, mine, sent, show

HISTORY = "/my/history"
Shelf = dict[uuid.UUID, tuple[OwnLoan, AReader]]


@dataclass(frozen=True, slots=True)
class Section:
    """Loans of one library, each with the renewal that was asked for last."""

    library: str
    rows: tuple[tuple[OwnLoan, Request | None], ...]


def loans(visit: Visit) -> Response:
    """Own loans with their due dates; renewals wait here for the library."""
    return _page(visit, mine(visit))


def renew(visit: Visit) -> Response:
    """Ask for the renewal of one loan."""
    loan = visit.id("loan")
    me = mine(visit)
    shelf = _shelf(visit, me)
    is_mine(loan, set(shelf))
    return _sent(visit, me, ask_renewals(visit.centre, shelf[loan][1], [loan]))


def renew_all(visit: Visit) -> Response:
    """Ask for the renewal of everything in hand, at whichever library it is from."""
    me = mine(visit)
    wanted: dict[AReader, list[uuid.UUID]] = {}
    for loan, who in _shelf(visit, me).values():
        if loan.lost_on is None:
            wanted.setdefault(who, []).append(loan.id)
    if not wanted:
        raise MissingError
    count = waiting = 0
    refused: tuple[Refusal, ...] = ()
    for who, several in wanted.items():
        outcome = ask_renewals(visit.centre, who, several)
        if isinstance(outcome, Refused):
            refused = outcome.refusals
        else:
            count, waiting = count + outcome.count, waiting + outcome.waiting
    return _sent(visit, me, Refused(refused) if refused and not count else Sent(count, waiting))


def history(visit: Visit) -> Response:
    """What the reader has read, where they want it kept."""
    me = mine(visit)
    with visit.read() as reader:
        past = reading_history(reader, me.own.id)
    over = [row for row in past.loans if row.returned_on is not None] if past.kept else []
    return show(visit, "readers_history.html", me, rows=over)


def _page(visit: Visit, me: Mine, refused: tuple[Refusal, ...] = ()) -> Response:
    with visit.read() as reader:
        here = own_loans(reader, me.own.id)
        bans = banned_until(reader, me.own.id, visit.centre.clock.read().day)
    elsewhere = _elsewhere(visit, me)
    sections = [Section("", _rows(here, me.requests))]
    for there in elsewhere.libraries:
        who = AReader(there.visiting.member_id, there.visiting.branch_id)
        with visit.centre.store.read(Scope(DbRole.MEMBER, (who.branch_id,))) as reader:
            asked = requests_of(reader, who, visit.now)
        sections.append(Section(there.visiting.library, _rows(there.loans, asked)))
    return show(
        visit, "readers_loans.html", me, refused, sections=sections, unnamed=elsewhere.unnamed, bans=bans,
        count=sum(len(section.rows) for section in sections),
    )  # fmt: skip


def _rows(loans: Sequence[OwnLoan], requests: Sequence[Request]) -> tuple[tuple[OwnLoan, Request | None], ...]:
    asked = last_about(requests, DirectiveKind.RENEW, "loan")
    return tuple((loan, asked.get(loan.id)) for loan in loans)


def _shelf(visit: Visit, me: Mine) -> Shelf:
    """Every loan of the reader, with the row of theirs that it stands on."""
    with visit.read() as reader:
        found: Shelf = {loan.id: (loan, me.who) for loan in own_loans(reader, me.own.id)}
    for there in _elsewhere(visit, me).libraries:
        who = AReader(there.visiting.member_id, there.visiting.branch_id)
        found |= {loan.id: (loan, who) for loan in there.loans}
    return found


def _elsewhere(visit: Visit, me: Mine) -> Elsewhere:
    return loans_elsewhere(visit.centre, me.own.id, me.own.branch_id)


def _sent(visit: Visit, me: Mine, outcome: SendOutcome) -> Response:
    answer = sent(visit, outcome, LOANS)
    return _page(visit, me, answer.refusals) if isinstance(answer, Refused) else answer


PAGES = (
    Page(LOANS, "GET", loans, who=Door.MEMBER, nav=Nav("امانت‌های من", "books")),
    Page("/my/loans/renew", "POST", renew_all, who=Door.MEMBER),
    Page("/my/loans/{loan}/renew", "POST", renew, who=Door.MEMBER),
    Page(HISTORY, "GET", history, who=Door.MEMBER),
)
SHOTS = (Shot("reader-loans", LOANS, user="reader"), Shot("reader-history", HISTORY, user="reader"))
