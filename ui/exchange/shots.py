"""States of the page of exchange for the pictures."""

from collections.abc import Callable, Mapping

from app.exchange.libraries import LibraryForm, LibrarySet, set_library
from app.exchange.packing import Stands, pack
from app.exchange.queries import groups
from app.exchange.requests import Asking, request_copies
from app.exchange.stages import Step
from db.codes import BranchKind
from ui.exchange.page import LIBRARIES, PACKAGES, READY, ExchangePage
from ui.session import Session
from ui.shooting import wait_until
from ui.window import MainWindow

_MORE = (
    LibraryForm("کتابخانه مشارکتی باقرالعلوم", BranchKind.PARTICIPATORY, licence_no="2210"),
    LibraryForm("کتابخانه مستقل فرهنگ", BranchKind.INDEPENDENT, licence_no="871"),
    LibraryForm("کتابخانه خیریهٔ نور", BranchKind.INDEPENDENT),
)


def _page(window: MainWindow) -> ExchangePage:
    page = window.open_page("exchange")
    if not isinstance(page, ExchangePage):
        raise TypeError(page)
    return page


def _choose(page: ExchangePage, step: Step) -> None:
    """The first package with which this may be done."""
    shown = page.packages.list.table.shown_rows()
    page.packages.choose(next(one for one in shown if step in one.steps).package.id)


def empty(_: Session, window: MainWindow) -> None:
    """No package yet."""
    _page(window)


def packages(session: Session, window: MainWindow) -> None:
    """Packages under way; one with its requests in order."""
    page = _page(window)
    known = [set_library(session.library, form, session.act()) for form in _MORE]
    page.packages.reload()
    _choose(page, Step.GIVE)
    chosen = page.packages.chosen()
    for place, one in enumerate(known):
        if chosen is not None and isinstance(one, LibrarySet):
            asking = Asking(one.facts.id, has_space=place != 1)
            request_copies(session.library, chosen.package.id, asking, session.act())
    page.reload()
    page.show_part(PACKAGES)


def asking(session: Session, window: MainWindow) -> None:
    """A library asks for copies."""
    packages(session, window)
    page = _page(window)
    chosen = page.packages.chosen()
    if chosen is not None:
        page.packages.steps.ask(Step.REQUEST, chosen)


def handing(session: Session, window: MainWindow) -> None:
    """What goes along with a package that leaves the house?"""
    page = _page(window)
    with session.library.store.read() as reader:
        group = groups(reader)[0]
    outcome = pack(session.library, group.reason, session.act(), redirected=group.redirected)
    if isinstance(outcome, Stands):
        page.reload()
        page.packages.choose(outcome.package.id)
        page.packages.go_main()


def finished(_: Session, window: MainWindow) -> None:
    """Finished packages too: what recycling brought."""
    page = _page(window)
    page.packages.all.setChecked(True)
    rows = page.packages.list.table.shown_rows()
    page.packages.choose(rows[-1].package.id)


def ready(_: Session, window: MainWindow) -> None:
    """What can be packed, by group."""
    _page(window).show_part(READY)


def libraries(session: Session, window: MainWindow) -> None:
    """The libraries that may be given books."""
    for form in _MORE:
        set_library(session.library, form, session.act())
    page = _page(window)
    page.reload()
    page.show_part(LIBRARIES)


def library_form(session: Session, window: MainWindow) -> None:
    """One of them is changed."""
    libraries(session, window)
    _page(window).libraries.ask_edit()


def _paper_of(page: ExchangePage) -> None:
    lines = page.packages.lines.table.shown_rows()
    page.packages.lines.view.choose(next(line for line in lines if line.has_paper).key)
    page.packages.show_paper()
    wait_until(lambda: page.preview.pictures.count() > 0)


def paper(_: Session, window: MainWindow) -> None:
    """Minutes of a delivery."""
    page = _page(window)
    _choose(page, Step.GIVE)
    _paper_of(page)


def recycling_paper(session: Session, window: MainWindow) -> None:
    """Minutes of recycling with its five signatures."""
    finished(session, window)
    _paper_of(_page(window))


SHOTS: Mapping[str, Callable[[Session, MainWindow], None]] = {
    "exchange-empty": empty,
    "exchange-packages": packages,
    "exchange-asking": asking,
    "exchange-handing": handing,
    "exchange-finished": finished,
    "exchange-ready": ready,
    "exchange-libraries": libraries,
    "exchange-library": library_form,
    "exchange-paper": paper,
    "exchange-recycling": recycling_paper,
}
