"""The states of the home page, for pictures."""

import datetime as dt
from collections.abc import Callable, Mapping
from types import MappingProxyType

from app.calendar.rules import later
from app.duties.rules import Duty, DutyKind, DutyWeight, Subject
from app.duties.today import TodayFigures
from db.codes import WeedingReason
from ui.home.page import HomePage
from ui.session import Session
from ui.shooting import wait_until
from ui.window import MainWindow

Shot = Callable[[Session, MainWindow], None]
FIGURES = TodayFigures(143, 121, 18, 260, 4, 1_240, 87, 12)


def _page(session: Session, window: MainWindow) -> HomePage:
    page = window.open_page("home")
    if not isinstance(page, HomePage):
        raise TypeError("the window has another page under «home»")
    wait_until(lambda: not session.jobs.open_jobs())
    return page


def _plain(session: Session, window: MainWindow) -> None:
    _page(session, window)


def _empty(session: Session, window: MainWindow) -> None:
    _page(session, window)


def _late(session: Session, window: MainWindow) -> None:
    """Everything has been left lying."""
    today = session.act().day
    _page(session, window).show_day(FIGURES, _left_lying(today), today)


def _handover(session: Session, window: MainWindow) -> None:
    page = _page(session, window)
    page.print_handover()
    wait_until(lambda: page.shows_paper() and page.preview.pictures.count() > 0)
    wait_until(lambda: not session.jobs.open_jobs())


def _left_lying(today: dt.date) -> tuple[Duty, ...]:
    worn = Subject(WeedingReason.WORN, 1405, 3, 38)
    content = Subject(WeedingReason.CONTENT, 1405, 2, 17)
    spring = Subject(year=1405, number=2, name="تابستان")
    late, soon, info = DutyWeight.LATE, DutyWeight.SOON, DutyWeight.INFO
    return (
        Duty(DutyKind.BRANCH_REPORT, late, "reports", "14-1", later(today, -69), later(today, -70), spring),
        Duty(DutyKind.PROVINCE_ANSWER, late, "weeding", "7-8", later(today, -12), later(today, -22), worn),
        Duty(DutyKind.COUNTY_ANSWER, late, "weeding", "7-5", later(today, -4), later(today, -11), content),
        Duty(DutyKind.BINDING_BACK, late, "binding", "13-7", later(today, -2), later(today, -32),
             Subject(year=1405, number=4, count=23)),
        Duty(DutyKind.BINDING_REQUEST, late, "binding", "13-10", later(today, -1), later(today, -190)),
        Duty(DutyKind.CORRECTION, soon, "weeding", "7-9", later(today, 0), later(today, -7),
             Subject(WeedingReason.DUPLICATE, 1405, 1, 9)),
        Duty(DutyKind.DRAFT_PILED, soon, "weeding", "7-3", later(today, 6), later(today, -84),
             Subject(WeedingReason.NO_AUDIENCE, count=52)),
        Duty(DutyKind.STOCKTAKE_IDLE, soon, "stocktake", "", None, later(today, -9), Subject(name="مخزن، رده ۸۰۰")),
        Duty(DutyKind.TO_STORE, info, "exchange", "7-21", later(today, 40), later(today, -143), worn),
    )  # fmt: skip


SHOTS: Mapping[str, Shot] = MappingProxyType(
    {"home": _plain, "home-empty": _empty, "home-late": _late, "home-handover": _handover}
)
