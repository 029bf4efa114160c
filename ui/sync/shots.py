"""States of the page of synchronisation, for pictures."""

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.demo.centre import know_centre, last_round_ended, open_demo_cases, open_two_machines_case
from ui.session import Session
from ui.sync.page import CASES, PACKAGE, SyncPage
from ui.window import MainWindow

Shot = Callable[[Session, MainWindow], None]
SIX_DAYS = dt.timedelta(days=6, hours=3)


def _page(window: MainWindow) -> SyncPage:
    page = window.open_page("sync")
    if not isinstance(page, SyncPage):
        raise TypeError(page)
    page.reload()
    page.watch.changed.emit()
    return page


def _join(_: Session, window: MainWindow) -> None:
    page = _page(window)
    page.state.enrol.form.set_values({"url": "https://markaz.example", "code": "7K4M-Q2XW-9T"})


def _fresh(session: Session, window: MainWindow) -> None:
    know_centre(session.library, silent=dt.timedelta(minutes=4))
    last_round_ended(session.library, "done")
    _page(window)


def _no_line(session: Session, window: MainWindow) -> None:
    know_centre(session.library, waiting=14, silent=SIX_DAYS)
    last_round_ended(session.library, "no_line", failures=3)
    _page(window)


def _guarded(session: Session, window: MainWindow) -> None:
    know_centre(session.library, waiting=3, silent=dt.timedelta(hours=2))
    last_round_ended(session.library, "guarded", guarded=[["policy", "licensed_library", 240, 310]])
    page = _page(window)
    page.state.let.click()


def _cases(session: Session, window: MainWindow) -> None:
    know_centre(session.library, waiting=14, silent=SIX_DAYS)
    open_demo_cases(session.library)
    page = _page(window)
    page.show_part(CASES)
    page.cases.list.view.choose_place(1)


def _two_machines(session: Session, window: MainWindow) -> None:
    know_centre(session.library, silent=dt.timedelta(minutes=4))
    open_two_machines_case(session.library)
    _page(window).show_part(CASES)


def _no_cases(session: Session, window: MainWindow) -> None:
    know_centre(session.library, silent=dt.timedelta(minutes=4))
    _page(window).show_part(CASES)


def _package(session: Session, window: MainWindow) -> None:
    know_centre(session.library, waiting=640, silent=dt.timedelta(days=41))
    _page(window).show_part(PACKAGE)


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {
        "sync-join": _join,
        "sync": _fresh,
        "sync-no-line": _no_line,
        "sync-guarded": _guarded,
        "sync-cases": _cases,
        "sync-two-machines": _two_machines,
        "sync-no-cases": _no_cases,
        "sync-package": _package,
    }
)
