"""Books a reader looks for and waits for."""

from starlette.responses import Response

from app.outcome import Refused
from app.readers.asking import ask_cancel, ask_hold, last_about
from app.readers.own import own_holds
from app.readers.searching import find, title_names
from app.refusal import Refusal
from app.union.searching import COUNTED
from db.codes import DirectiveKind
from server.centre.web.pages import Door, Nav, Page, Shot, Visit
from server.centre.web.readers_shared import Mine, is_mine, mine, sent, show

SEARCH, HOLDS = "/my/search", "/my/holds"
ROWS = 10


def search(visit: Visit) -> Response:
    """Find a book; what the own library holds can be waited for."""
    return _found(visit, mine(visit))


def holds(visit: Visit) -> Response:
    """What the reader waits for, with the place in line, and what was asked and is not done yet."""
    return _page(visit, mine(visit))


def place(visit: Visit) -> Response:
    """Ask to wait for a title of the own library."""
    me, title = mine(visit), visit.id("title")
    with visit.read() as reader:
        is_mine(title, set(title_names(reader, [title])))
    answer = sent(visit, ask_hold(visit.centre, me.who, title, visit.day("until")), HOLDS)
    return _page(visit, me, answer.refusals) if isinstance(answer, Refused) else answer


def cancel(visit: Visit) -> Response:
    """Ask to wait no longer."""
    me, hold = mine(visit), visit.id("hold")
    with visit.read() as reader:
        is_mine(hold, {row.id for row in own_holds(reader, me.own.id)})
    answer = sent(visit, ask_cancel(visit.centre, me.who, hold), HOLDS)
    return _page(visit, me, answer.refusals) if isinstance(answer, Refused) else answer


def _found(visit: Visit, me: Mine) -> Response:
    sought = visit.text("q")
    with visit.read() as reader:
        hits = find(reader, me.own.branch_id, sought, (visit.page_no - 1) * ROWS + 1, ROWS)
        waited = {row.title_id for row in own_holds(reader, me.own.id)}
    asked = last_about(me.requests, DirectiveKind.PLACE_HOLD, "title")
    waiting = {title for title, request in asked.items() if request.done is None}
    return show(
        visit, "readers_search.html", me, sought=sought, hits=hits, many=hits.total >= COUNTED, waited=waited,
        waiting=waiting, page=visit.page_no, more=hits.total > visit.page_no * ROWS,
    )  # fmt: skip


def _page(visit: Visit, me: Mine, refused: tuple[Refusal, ...] = ()) -> Response:
    placed = last_about(me.requests, DirectiveKind.PLACE_HOLD, "title")
    cancelled = last_about(me.requests, DirectiveKind.CANCEL_HOLD, "hold")
    with visit.read() as reader:
        rows = own_holds(reader, me.own.id)
        names = title_names(reader, placed)
    held = {row.title_id for row in rows}
    # A request that was done shows as the hold itself, once it has come here.
    asked = [(names.get(title), one) for title, one in placed.items() if title not in held and one.done is not True]
    return show(visit, "readers_holds.html", me, refused, rows=rows, cancelled=cancelled, asked=asked)


PAGES = (
    Page(SEARCH, "GET", search, who=Door.MEMBER, nav=Nav("جستجوی کتاب", "search")),
    Page(HOLDS, "GET", holds, who=Door.MEMBER, nav=Nav("رزروهای من", "bookmark")),
    Page("/my/holds/place/{title}", "POST", place, who=Door.MEMBER),
    Page("/my/holds/{hold}/cancel", "POST", cancel, who=Door.MEMBER),
)
SHOTS = (
    Shot("reader-search", f"{SEARCH}?q=تاریخ", user="reader"),
    Shot("reader-search-empty", SEARCH, user="reader"),
    Shot("reader-holds", HOLDS, user="reader"),
)
