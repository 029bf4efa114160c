"""States of the page of binding, for pictures."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.binding.mending import mend
from app.binding.receiving import receive_copy
from app.binding.sending import Sending, dispatch
from app.binding.service import Letter, Requested, add_to_request, finalise
from app.clock import SettableClock
from app.demo.queries import free_copies, worn_copies
from app.devices.scan import Scan, Source
from app.staff.offices import OfficeForm, set_office
from db.codes import BindingOutcome, Condition
from reports.forms.binding import print_request
from ui.binding.page import MENDING, UNDERWAY, BindingPage
from ui.session import Session
from ui.shooting import wait_until
from ui.window import MainWindow

Shot = Callable[[Session, MainWindow], None]
_WORKS = ("عطف جدا شده", "جلد پاره، جلد نو", "", "برگ‌های ۱۲ تا ۲۰ جداست", "دوخت نو", "", "چسب عطف")


def _page(window: MainWindow) -> BindingPage:
    page = window.open_page("binding")
    if not isinstance(page, BindingPage):
        raise TypeError(page)
    return page


def _copies(session: Session) -> list[str]:
    with session.library.store.read() as reader:
        return [*worn_copies(reader), *free_copies(reader)]


def _pass_days(session: Session, days: int) -> None:
    clock = session.library.clock
    if isinstance(clock, SettableClock):
        clock.advance(days=days)


def _list(session: Session, copies: list[str]) -> None:
    for place, barcode in enumerate(copies):
        work = _WORKS[place % len(_WORKS)]
        add_to_request(session.library, barcode, session.act(), work)


def _request(session: Session, copies: list[str], letter: str) -> Requested:
    _list(session, copies)
    made = finalise(session.library, print_request, session.act(), Letter(letter, session.act().day))
    if not isinstance(made, Requested):
        raise TypeError(made)
    return made


def _underway(session: Session) -> list[str]:
    """One request overdue and half back, one fresh on its way, one not sent yet; the copies that are away first."""
    library, copies = session.library, _copies(session)
    late = _request(session, copies[:9], "۱۴۰۵/ص/۸۸")
    dispatch(library, late.request_id, Sending(promised_days=25, outsourced_to="صحافی نور، اراک"), session.act())
    _pass_days(session, 24)
    fresh = _request(session, copies[9:14], "۱۴۰۵/ص/۱۰۲")
    dispatch(library, fresh.request_id, Sending(promised_days=10), session.act())
    for barcode, outcome, cost in (
        (copies[0], BindingOutcome.BOUND, 450_000),
        (copies[1], BindingOutcome.MENDED, 200_000),
        (copies[2], BindingOutcome.UNBINDABLE, None),
    ):
        receive_copy(library, barcode, outcome, session.act(), cost)
    _pass_days(session, 10)
    _request(session, copies[14:18], "")
    return copies[3:9]


def _heads(session: Session) -> None:
    for position, name in (
        ("branch_head", "زهرا کریمی"),
        ("county_head", "محمود رستگار"),
        ("bindery_head", "نصرت صفا"),
    ):
        set_office(session.library, OfficeForm(position, name), session.act())


def empty(_: Session, window: MainWindow) -> None:
    """Nothing was ever bound."""
    _page(window)


def draft(session: Session, window: MainWindow) -> None:
    """Copies scanned for the next request."""
    copies = _copies(session)
    _list(session, copies[:8])
    page = _page(window)
    page.on_scan(Scan(copies[8], Source.KEYBOARD, copies[8]))


def waiting(session: Session, window: MainWindow) -> None:
    """Worn copies that wait, below the draft."""
    _list(session, _copies(session)[:3])
    page = _page(window)
    page.draft.waiting.turn()
    wait_until(lambda: not session.jobs.open_jobs())


def freezing(session: Session, window: MainWindow) -> None:
    """Shall the request get its number?"""
    draft(session, window)
    page = _page(window)
    page.draft.freezing.ask(page.draft.list.table.total())


def form(session: Session, window: MainWindow) -> None:
    """The official form before it gets its number."""
    _heads(session)
    draft(session, window)
    page = _page(window)
    page.draft.freezing.preview(page.draft.list.table.total())
    wait_until(page.shows_paper)
    wait_until(lambda: page.preview.pictures.count() > 0)


def underway(session: Session, window: MainWindow) -> None:
    """Requests on their way; a copy is received as unbindable."""
    away = _underway(session)
    page = _page(window)
    page.show_part(UNDERWAY)
    page.underway.list.view.choose_place(0)
    page.underway.card.choose(BindingOutcome.UNBINDABLE)
    page.on_scan(Scan(away[0], Source.KEYBOARD, away[0]))


def letter(session: Session, window: MainWindow) -> None:
    """The letter that a request goes to the head of the county with."""
    _heads(session)
    _underway(session)
    page = _page(window)
    page.show_part(UNDERWAY)
    page.underway.list.view.choose_place(0)
    page.underway.show_letter()
    wait_until(lambda: page.preview.pictures.count() > 0)


def sending(session: Session, window: MainWindow) -> None:
    """The books leave: what did the bindery say?"""
    _underway(session)
    page = _page(window)
    page.show_part(UNDERWAY)
    page.underway.choose_newest()
    page.underway.steps.ask_sending(page.underway.chosen())


def mended(session: Session, window: MainWindow) -> None:
    """The log of mends, with a copy in hand that was mended before."""
    copies = _copies(session)
    for place, barcode in enumerate(copies[:9]):
        work = _WORKS[place % len(_WORKS)] or "برگ پاره"
        mend(session.library, barcode, work, session.act(), 20_000 * (place % 3) or None, Condition.GOOD)
    page = _page(window)
    page.show_part(MENDING)
    page.on_scan(Scan(copies[3], Source.KEYBOARD, copies[3]))


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "binding-empty": empty,
        "binding": draft,
        "binding-waiting": waiting,
        "binding-freezing": freezing,
        "binding-form": form,
        "binding-underway": underway,
        "binding-letter": letter,
        "binding-sending": sending,
        "binding-mending": mended,
    }
)
