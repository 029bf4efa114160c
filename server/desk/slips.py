"""Slips for the reader and the dates on the card, at the headless desk (004 ب-1)."""

from typing import Annotated, Literal

from msgspec import Meta

from app.circulation.reads import find_item, find_member
from app.handover import handover
from app.notices.slips import SLIP_WIDTH, due_lines, last_return, slip_reader
from app.outcome import Sought
from reports.card_grid import CELLS, card_backs, grid_stamp
from reports.handover import handover_page
from reports.slips import due_slip, return_slip
from server.desk.answers import Facts, done, invalid, not_found, unreadable
from server.desk.files import written, wrong_suffix
from server.desk.keys import item_key, member_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Path, Scans, day

Roll = Literal[58, 80]


class SlipDue(Request, kw_only=True):
    """What a member has in hand, on a slip of this width in millimetres (that of the branch, when none is given)."""

    member: str
    pdf: Path
    width: Roll | None = None


class SlipReturn(Request, kw_only=True):
    """The last returns of these copies on one slip."""

    items: Scans
    pdf: Path
    width: Roll | None = None


class SlipWidth(Request, kw_only=True):
    """The width of the till roll of this branch; without `width`, tell it."""

    width: Roll | None = None


class CardDates(Request, kw_only=True):
    """A sheet of card backs; or, with `cell`, the page that prints one date into that cell of a card."""

    pdf: Path
    cell: Annotated[int, Meta(ge=1, le=CELLS)] | None = None
    due: Day | None = None


class Handover(Request, kw_only=True):
    """The page for whoever opens tomorrow."""

    pdf: Path | None = None


def on_loan(session: Session, request: SlipDue) -> Facts:
    """Write the due slip."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf")
    if wrong is not None:
        return wrong
    key = member_key(session, request.member)
    if key is None:
        return unreadable(Sought.MEMBER)
    with session.library.store.read() as reader:
        member = find_member(reader, key)
        whose = slip_reader(reader, member.id) if member else None
        if member is None or whose is None:
            return not_found(Sought.MEMBER)
        lines = due_lines(reader, member.id)
        width = request.width or SLIP_WIDTH.read(reader)
    pdf = due_slip(session.library.branch, whose, lines, session.act().day, width)
    return done("written", loans=len(lines), **written(request.pdf, pdf))


def came_back(session: Session, request: SlipReturn) -> Facts:
    """Write the return slip. The reader is named when all the copies came from one."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf")
    if wrong is not None:
        return wrong
    with session.library.store.read() as reader:
        found = [find_item(reader, key) if (key := item_key(session, scan)) else None for scan in request.items]
        returns = [last_return(reader, item.id) if item else None for item in found]
        lines = [line for line in returns if line is not None]
        if len(lines) < len(request.items):
            return not_found(Sought.ITEM)
        readers = {line.member_id for line in lines}
        only = readers.pop() if len(readers) == 1 else None
        whose = slip_reader(reader, only) if only else None
        width = request.width or SLIP_WIDTH.read(reader)
    pdf = return_slip(session.library.branch, whose, lines, session.act().day, width)
    return done("written", returns=len(lines), **written(request.pdf, pdf))


def roll_width(session: Session, request: SlipWidth) -> Facts:
    """Tell or change the width of slips."""
    with session.library.store.write() as tx:
        if request.width is not None:
            SLIP_WIDTH.write(tx, request.width)
        return done("found" if request.width is None else "set", width=SLIP_WIDTH.read(tx))


def card_dates(session: Session, request: CardDates) -> Facts:
    """Write card backs, or one date for one cell."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf")
    if wrong is not None:
        return wrong
    if request.cell is None:
        return done("written", **written(request.pdf, card_backs(session.library.branch)))
    due = day(request.due)
    if due is None:
        return invalid("تاریخ بازگشت نوشته نشده است.", "«due» را بنویسید.", "due")
    return done("written", cell=request.cell, due=due, **written(request.pdf, grid_stamp(request.cell, due)))


def hand_over(session: Session, request: Handover) -> Facts:
    """What is open: for whoever opens the library next."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf")
    if wrong is not None:
        return wrong
    library, today = session.library, session.act().day
    with library.store.read() as reader:
        open_now = handover(library, reader, today)
    paper = written(request.pdf, handover_page(library.branch, open_now, today)) if request.pdf else {}
    return done(
        "found",
        holds=len(open_now.holds),
        late=len(open_now.late),
        minutes=len(open_now.minutes),
        visits=len(open_now.visits),
        parcels=len(open_now.parcels),
        duties=len(open_now.duties),
        **paper,
    )
