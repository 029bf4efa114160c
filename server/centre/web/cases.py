"""Cases at the centre: what an office decides, what waits at its libraries, and what of theirs could not be applied. No
reader is named here."""

import uuid

from starlette.responses import Response

from app.conflicts.deciding import DecidedHere
from app.conflicts.offices import DECIDING, Office, cases_of_centre, cases_of_libraries, decide_for_office
from app.outcome import NotFound, Refused
from app.refusal import Refusal
from app.sync.centre.aside import waiting_entries
from app.sync.centre.replaying import replay_one
from app.wording import message
from server.centre.web.pages import ADMINISTRATORS, REVIEWERS, Nav, Page, Shot, Visit

SHOWN = 100
APPLIED = "رویداد پذیرفته و ثبت شد."
WAITS_ON = "هنوز پذیرفتنی نیست و کنار ماند؛ چیزی از دست نرفته است."


def show(visit: Visit) -> Response:
    """What waits: before the centre, at the libraries, and set aside."""
    return _page(visit)


def decided(visit: Visit) -> Response:
    """What the centre has decided, the newest first."""
    return visit.render("cases_decided.html", rows=cases_of_centre(visit.centre, _office(visit), over=True)[:SHOWN])


def decide(visit: Visit) -> Response:
    """Decide a case of the centre."""
    outcome = decide_for_office(visit.centre, visit.id("case"), visit.text("choice"), _office(visit), visit.act())
    if isinstance(outcome, NotFound):
        return visit.missing()
    if isinstance(outcome, Refused):
        return _page(visit, 422, outcome.refusals)
    return visit.redirect("/cases", told=_told(outcome), tone="info" if outcome.already else "ok")


def again(visit: Visit) -> Response:
    """Try an entry again that was set aside."""
    branch_id = visit.id("branch")
    if not visit.sees(branch_id):
        return visit.missing()
    applied = replay_one(visit.centre, branch_id, visit.id("entry"))
    return visit.redirect("/cases", told=APPLIED if applied else WAITS_ON, tone="ok" if applied else "warn")


def _told(outcome: DecidedHere) -> str:
    return "همین تصمیم پیش‌تر گرفته شده بود." if outcome.already else "تصمیم ثبت شد."


def _office(visit: Visit) -> Office:
    return Office(visit.person.name, visit.person.role, visit.scope)


def _page(visit: Visit, status: int = 200, refused: tuple[Refusal, ...] = ()) -> Response:
    library = _chosen(visit)
    scope = visit.scope if library is None else (library,)
    office = _office(visit)
    mine = cases_of_centre(visit.centre, office)
    theirs = cases_of_libraries(visit.centre, scope)
    aside = waiting_entries(visit.centre, scope)
    return visit.render(
        "cases.html", status=status, refused=refused, mine=[] if library else mine, theirs=theirs[:SHOWN],
        theirs_total=len(theirs), aside=aside[:SHOWN], aside_total=len(aside), mine_total=len(mine),
        tries=visit.person.role in ADMINISTRATORS, library=library,
        barred={one.id: [message(reason) for reason in one.refused] for one in mine},
        library_name=next(iter([*(one.library for one in theirs), *(one.library for one in aside)]), ""),
    )  # fmt: skip


def _chosen(visit: Visit) -> uuid.UUID | None:
    """The one library that is asked for, where it is in scope."""
    return next((one for one in visit.uuids("library") if visit.sees(one)), None)


PAGES = (
    Page("/cases", "GET", show, who=REVIEWERS, nav=Nav("پرونده‌ها", "alert-triangle")),
    Page("/cases/decided", "GET", decided, who=REVIEWERS),
    Page("/cases/{case}/decide", "POST", decide, who=DECIDING, strong=True),
    Page("/cases/aside/{branch}/{entry}/again", "POST", again, who=ADMINISTRATORS),
)
SHOTS = (Shot("cases", "/cases", user="admin"), Shot("cases-decided", "/cases/decided", user="affairs"))
