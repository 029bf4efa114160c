"""States of the holds page for the pictures."""

import datetime as dt
from collections.abc import Callable, Mapping

from app.circulation.holds.changing import HoldKey, cancel_hold
from app.circulation.holds.placing import PlaceRequest, place_hold
from app.circulation.holds.queries import list_holds, pull_list
from app.circulation.pulling import pull_copy
from app.circulation.reads import find_item
from app.members.queries import MemberRow, list_members, open_loans
from ui.holds.page import PULL, QUEUES, SHELF, HoldsPage
from ui.session import Session
from ui.shooting import wait_until
from ui.window import MainWindow

TITLES, READERS = 24, 40


def _page(window: MainWindow) -> HoldsPage:
    page = window.open_page("holds")
    if not isinstance(page, HoldsPage):
        raise TypeError(page)
    return page


def _readers(session: Session) -> list[MemberRow]:
    """Readers against whom nothing speaks."""
    today = session.act().day
    with session.library.store.read() as reader:
        found = list_members(reader, today)
    return [one for one in found if not one.overdue and not one.restricted and not one.debt and _valid(one, today)]


def _valid(member: MemberRow, today: dt.date) -> bool:
    return member.expires_on is None or member.expires_on >= today


def _worked(session: Session) -> None:
    """A library in which people wait: every fifth copy has a line, some of them already stand ready."""
    library = session.library
    readers = _readers(session)[:READERS]
    for place, member in enumerate(readers):
        for copy in (place % TITLES * 5 + 1, (place * 7) % TITLES * 5 + 1):
            with library.store.read() as reader:
                item = find_item(reader, str(copy))
            if item is not None:
                place_hold(library, PlaceRequest(member.member_no, item.title_id), session.act())
    with library.store.read() as reader:
        rows = pull_list(library, reader, session.act().day)
    for row in rows[::3]:
        pull_copy(library, row.item.barcode, session.act())
    session.refresh.tell("holds")


def fetch(session: Session, window: MainWindow) -> None:
    """What has to be fetched; one copy was just scanned."""
    _worked(session)
    page = _page(window)
    rows = page.fetching.list.table.shown_rows()
    page.take(rows[1].item.barcode)


def shelf(session: Session, window: MainWindow) -> None:
    """The hold shelf, a row chosen, and a copy that goes back."""
    _worked(session)
    page = _page(window)
    page.show_part(SHELF)
    page.shelf.list.view.choose_place(1)


def cancelling(session: Session, window: MainWindow) -> None:
    """The question before a hold is cancelled."""
    shelf(session, window)
    page = _page(window)
    page.shelf.cancel.click()


def cancelled(session: Session, window: MainWindow) -> None:
    """The reader does not want it any more: the copy goes on, or back."""
    cancelling(session, window)
    page = _page(window)
    page.deeds.panel.chosen.emit("yes")


def queues(session: Session, window: MainWindow) -> None:
    """The lines, the longest chosen."""
    _worked(session)
    page = _page(window)
    page.show_part(QUEUES)
    titles = page.queues.titles.table.shown_rows()
    page.queues.choose_title(max(titles, key=lambda title: title.queue).title_id)
    page.queues.line.view.choose_place(1)


def suspending(session: Session, window: MainWindow) -> None:
    """The question until when."""
    queues(session, window)
    _page(window).queues.suspend.click()


def reader(session: Session, window: MainWindow) -> None:
    """A card was scanned: what its reader waits for."""
    _worked(session)
    page = _page(window)
    page.take(_readers(session)[0].member_no)


def placing(session: Session, window: MainWindow) -> None:
    """A new hold, half written: the reader is there, the title is looked for."""
    _worked(session)
    page = _page(window)
    page.new_hold()
    page.placing.take(_readers(session)[3].member_no)
    page.placing.seeker.box.edit.setText("تاریخ")
    page.placing.seeker.box.edit.textEdited.emit("تاریخ")


def refused(session: Session, window: MainWindow) -> None:
    """A hold that rules speak against."""
    _worked(session)
    page = _page(window)
    page.new_hold()
    member = next(one for one in _readers(session) if one.open_loans)
    with session.library.store.read() as reader:
        loan = open_loans(reader, member.id)[0]
    page.placing.take(member.member_no)
    page.placing.take(loan.barcode)
    page.placing.submit()


def empty(session: Session, window: MainWindow) -> None:
    """Nobody waits for anything."""
    with session.library.store.read() as reader:
        holds = list_holds(reader)
    for hold in holds:
        cancel_hold(session.library, HoldKey(hold.id), session.act())
    page = _page(window)
    page.show_part(PULL)


def slip(session: Session, window: MainWindow) -> None:
    """The slip of the copy that was just set aside."""
    fetch(session, window)
    page = _page(window)
    page.print_slip()
    wait_until(lambda: page.preview.pictures.count() > 0)


def listed(session: Session, window: MainWindow) -> None:
    """The list to fetch by, on paper."""
    _worked(session)
    page = _page(window)
    page.fetching.print_list()
    wait_until(lambda: page.preview.pictures.count() > 0)


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "holds-fetch": fetch,
    "holds-shelf": shelf,
    "holds-cancelling": cancelling,
    "holds-cancelled": cancelled,
    "holds-queues": queues,
    "holds-suspending": suspending,
    "holds-reader": reader,
    "holds-placing": placing,
    "holds-refused": refused,
    "holds-empty": empty,
    "holds-slip": slip,
    "holds-listed": listed,
}
