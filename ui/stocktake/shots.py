"""The states of the page of shelf-reading, for pictures."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from app.circulation.checkout import CheckoutRequest, check_out
from app.circulation.holds.placing import PlaceRequest, place_hold
from app.circulation.lost.queries import loss_cases
from app.demo.queries import card_with_loans
from app.devices.scan import Scan, Source
from app.stocktake import reads
from app.stocktake.closing import close
from app.stocktake.facts import Started
from app.stocktake.scanning import note, scan
from app.stocktake.sessions import Beginning, start
from db.codes import Condition
from reports.stocktake import print_stocktake
from ui.session import Session
from ui.shooting import wait_until
from ui.stocktake.page import StocktakePage
from ui.window import MainWindow

Shot = Callable[[Session, MainWindow], None]
FIRST = Beginning("پاییز ۱۴۰۵، فلسفه و روان‌شناسی", "۱۰۰", "۱۹۹", "main")
SECOND = Beginning("پاییز ۱۴۰۵، ادبیات", "۸۰۰", "۸۹۹", "main")


def _page(window: MainWindow) -> StocktakePage:
    page = window.open_page("stocktake")
    if not isinstance(page, StocktakePage):
        raise TypeError("the window has another page under «stocktake»")
    return page


def _counted(page: StocktakePage) -> None:
    """The range of the form has been counted."""
    wait_until(lambda: "نسخه" in page.starting.expected.text() and "…" not in page.starting.expected.text())


def _begin(session: Session, beginning: Beginning) -> tuple[uuid.UUID, list[str]]:
    """A session, and the accession numbers of its copies in the order of the shelf."""
    with session.library.store.read() as reader:
        numbers = [str(number) for number in reads.standing_in(reader, beginning.shelf)]
    started = start(session.library, beginning, session.act())
    if not isinstance(started, Started):
        raise TypeError(started)
    return started.session_id, numbers


def _read(session: Session, session_id: uuid.UUID, codes: Sequence[str], scanner: int = 1) -> None:
    for code in codes:
        scan(session.library, session_id, code, session.act(), scanner)


def _walked(session: Session) -> tuple[uuid.UUID, list[str]]:
    """Two thirds of a class, with a book out of place, one that was lost, one that is lent and another reader waits
    for, and a foreign label."""
    with session.library.store.read() as reader:
        lost = next(iter(loss_cases(reader, session.act().day))).barcode
        card, waiting = (card_with_loans(reader, loans, session.act().day) for loans in (0, 1))
    session_id, numbers = _begin(session, FIRST)
    check_out(session.library, CheckoutRequest(card or "", numbers[20]), session.act())
    place_hold(session.library, PlaceRequest(waiting or "", item=numbers[20]), session.act())
    _read(session, session_id, [*numbers[:8], numbers[30], *numbers[8:20]])
    note(session.library, session_id, Condition.WORN, session.act())
    _read(session, session_id, [numbers[20], lost, "X-2209", *numbers[21:28]])
    _read(session, session_id, numbers[44:56], scanner=2)
    return session_id, numbers


def empty(_: Session, window: MainWindow) -> None:
    """Nothing was ever read."""
    _counted(_page(window))


def home(session: Session, window: MainWindow) -> None:
    """A session that goes on, one that is over, and the timetable of the classes."""
    over, numbers = _begin(session, SECOND)
    _read(session, over, numbers)
    close(session.library, over, print_stocktake, session.act())
    _walked(session)
    page = _page(window)
    page.starting.form.set_values({"name": "زمستان ۱۴۰۵، علوم", "first": "۵۰۰", "last": "۵۹۹", "section": "main"})
    page.starting.list.view.choose_place(0)
    _counted(page)


def shelves(session: Session, window: MainWindow) -> None:
    """At the shelves: the last book stands wrong."""
    session_id, numbers = _walked(session)
    page = _page(window)
    page.open_session(session_id)
    for code in (*numbers[28:30], numbers[31], numbers[32], numbers[43], numbers[35], numbers[34]):
        page.on_scan(Scan(code, Source.KEYBOARD, code))
    wait_until(lambda: True)


def finishing(session: Session, window: MainWindow) -> None:
    """Everything that closing would change."""
    session_id, _ = _walked(session)
    page = _page(window)
    page.open_session(session_id)
    page.finish()
    wait_until(lambda: not session.jobs.open_jobs())


def asked(session: Session, window: MainWindow) -> None:
    """The question before the end."""
    finishing(session, window)
    _page(window).finishing.all.click()
    _page(window).finishing.ask()
    wait_until(lambda: True)


def closed(session: Session, window: MainWindow) -> None:
    """It is over: what is due now."""
    asked(session, window)
    page = _page(window)
    page.finishing.panel.chosen.emit("yes")
    wait_until(lambda: not session.jobs.open_jobs() and page.preview.pictures.count() > 0)
    page.preview.closed.emit()
    wait_until(lambda: True)


def paper(session: Session, window: MainWindow) -> None:
    """The frozen minutes."""
    session_id, _ = _walked(session)
    close(session.library, session_id, print_stocktake, session.act())
    page = _page(window)
    page.open_paper(session_id)
    wait_until(lambda: page.preview.pictures.count() > 0)


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "stocktake-empty": empty,
        "stocktake-home": home,
        "stocktake-shelves": shelves,
        "stocktake-finishing": finishing,
        "stocktake-asked": asked,
        "stocktake-closed": closed,
        "stocktake-paper": paper,
    }
)
