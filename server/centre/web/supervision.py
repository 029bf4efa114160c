"""The dashboard of the expert of library affairs: binding and weeding of the libraries in scope; nothing is changed
here (002 م13-8)."""

from starlette.responses import Response

from app.labels import MINUTES_STATE
from app.review.queue import OPEN, waiting
from app.review.supervision import binding_lines, branch_work
from server.centre.web.pages import REVIEWERS, Nav, Page, Shot, Visit
from server.centre.web.terms import term

PAGE, LINES = 50, 100
"""Libraries on a page, and binding requests that are listed: those that are due first."""


def supervision(visit: Visit) -> Response:
    """What is underway, and what is late."""
    today = visit.centre.clock.read().day
    with visit.read() as reader:
        minutes = waiting(reader, visit.scope, today)
        lines = binding_lines(reader, visit.scope)
        work = branch_work(reader, visit.scope, minutes, lines, today)
    start = (visit.page_no - 1) * PAGE
    return visit.render(
        "supervision.html", lines=[(line, term(line.days_left(today))) for line in lines[:LINES]],
        work=work[start : start + PAGE], more=len(work) > start + PAGE, states=OPEN, underway=len(lines),
        minutes=len(minutes), late=sum(one.late for one in work), overdue=sum(one.overdue for one in work),
        by_state=[(MINUTES_STATE[state], sum(one.minutes[state] for one in work)) for state in OPEN],
    )  # fmt: skip


PAGES = (Page("/supervision", "GET", supervision, who=REVIEWERS, nav=Nav("نظارت", "eye")),)
SHOTS = (Shot("supervision", "/supervision", user="affairs"),)
