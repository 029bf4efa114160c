"""States of the page of the van and the post for the pictures."""

import datetime as dt
from collections.abc import Callable, Mapping

from app.circulation.checkout import CheckoutRequest
from app.demo.queries import card_with_loans, free_copies
from app.devices.scan import Scan, Source
from app.members.queries import list_members
from app.routes.dispatches import ParcelStands, Posting, Wish, request_dispatch, send_dispatch
from app.routes.lending import lend_at_stop
from app.routes.service import RouteForm, RouteStored, StopForm, add_route, assign_stop
from ui.routes.page import DESK, PLANNING, POST, RoutesPage
from ui.session import Session
from ui.shooting import wait_until
from ui.window import MainWindow

_STOPS = (
    StopForm("ده‌بالا", 0, "کنار مدرسهٔ شهید باهنر", "۹ تا ۱۱"),
    StopForm("چشمه‌سفید", 0, "جلوی مسجد جامع", "۱۲ تا ۱۴"),
    StopForm("گل‌دره", 1, "خانهٔ بهداشت", "۹ تا ۱۱"),
)


def _page(window: MainWindow) -> RoutesPage:
    page = window.open_page("routes")
    if not isinstance(page, RoutesPage):
        raise TypeError(page)
    return page


def _on_the_road(session: Session) -> RouteStored:
    """A route with readers and books."""
    library, today = session.library, session.act().day
    form = RouteForm("دهستان شمالی", today - dt.timedelta(days=14), 14, stops=_STOPS)
    stored = add_route(library, form, session.act())
    if not isinstance(stored, RouteStored):
        raise TypeError(stored)
    with library.store.read() as reader:
        members = [one for one in list_members(reader, today) if one.card and not one.overdue and not one.restricted]
        copies = free_copies(reader)
    for place, member in enumerate(members[:9]):
        stop = stored.stops[place % 3]
        assign_stop(library, member.member_no, stop.id, session.act())
        lend_at_stop(library, CheckoutRequest(member.member_no, copies[place]), stop.id, session.act())
    return stored


def empty(_: Session, window: MainWindow) -> None:
    """No route yet."""
    _page(window)


def visits(session: Session, window: MainWindow) -> None:
    """The calendar of the van."""
    _on_the_road(session)
    _page(window).show_part(PLANNING)


def moving(session: Session, window: MainWindow) -> None:
    """To which day is the visit put off?"""
    visits(session, window)
    page = _page(window)
    page.planning.list.view.choose_place(3)
    page.planning.ask_move()


def form(session: Session, window: MainWindow) -> None:
    """A route with its stops, to be changed."""
    visits(session, window)
    _page(window).planning.edit_route()


def lending(session: Session, window: MainWindow) -> None:
    """A reader stands before the van."""
    stored = _on_the_road(session)
    page = _page(window)
    page.desk.choose_stop(stored.stops[0])
    page.show_part(DESK)
    with session.library.store.read() as reader:
        card, copies = card_with_loans(reader, 1, session.act().day), free_copies(reader)
    for code in (card or "", copies[0]):
        page.on_scan(Scan(code, Source.KEYBOARD, code))


def stop_paper(session: Session, window: MainWindow) -> None:
    """The loan list of a stop before it is printed."""
    visits(session, window)
    page = _page(window)
    page.planning.print_list()
    wait_until(lambda: page.preview.pictures.count() > 0)


def parcels(session: Session, window: MainWindow) -> None:
    """Parcels to be sent and on their way."""
    library = session.library
    with library.store.read() as reader:
        members = [one for one in list_members(reader, session.act().day) if one.card and not one.overdue]
        copies = free_copies(reader)
    for place, member in enumerate(members[10:15]):
        wish = Wish(member.member_no, item=copies[place], address="روستای گل‌دره، خیابان اصلی، پلاک ۱۲")
        made = request_dispatch(library, wish, session.act())
        if place % 2 and isinstance(made, ParcelStands):
            send_dispatch(library, made.parcel.id, Posting(copies[place], "۲۱۳۴۵۰۰۷۸"), session.act())
    _page(window).show_part(POST)


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "routes-empty": empty,
    "routes-visits": visits,
    "routes-moving": moving,
    "routes-form": form,
    "routes-lending": lending,
    "routes-paper": stop_paper,
    "routes-parcels": parcels,
}
