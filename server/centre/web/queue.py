"""The queue of an office: minutes that wait for its answer, the first due first (002 م7-5، م7-8)."""

import uuid
from collections.abc import Sequence

from starlette.responses import Response

from app.labels import RULING_LEVEL
from app.review.queue import Waiting, Wanted, by_reason, chosen, waiting
from app.review.standing import WAITS_FOR
from db.codes import RulingLevel, WeedingReason
from server.centre.web.pages import REVIEWERS, Nav, Page, Shot, Visit
from server.centre.web.terms import term

PAGE, MOST_LISTED = 25, 300
"""Minutes on a page, and libraries that one can choose from; of more than those one chooses the county first."""
ALL = "all"


def queue(visit: Visit) -> Response:
    """What waits, for one's own level unless all is wanted."""
    today = visit.centre.clock.read().day
    with visit.read() as reader:
        lines = waiting(reader, visit.scope, today)
    level = _level(visit)
    of_level = chosen(lines, Wanted(level=level), today)
    wanted = Wanted(level, _reason(visit), _branch(visit), visit.text("county"), bool(visit.text("late")))
    found = chosen(lines, wanted, today)
    start = (visit.page_no - 1) * PAGE
    return visit.render(
        "queue.html", lines=[(line, term(line.days_left(today))) for line in found[start : start + PAGE]],
        total=len(found), more=len(found) > start + PAGE, level=level, wanted=wanted, query=_query(visit),
        late=sum((line.days_left(today) or 0) < 0 for line in of_level), reasons=by_reason(of_level),
        waiting=len(of_level), all=ALL,
        levels=[*((one.value, RULING_LEVEL[one]) for one in WAITS_FOR.values()), (ALL, "همه")],
        counties=[(county, county) for county in sorted({line.county for line in lines})],
        libraries=_libraries(lines, wanted),
    )  # fmt: skip


def _level(visit: Visit) -> RulingLevel | None:
    said = visit.text("level")
    known = {level.value: level for level in RulingLevel}
    return known.get(said) if said else visit.person.level


def _reason(visit: Visit) -> WeedingReason | None:
    return {reason.value: reason for reason in WeedingReason}.get(visit.text("reason"))


def _branch(visit: Visit) -> uuid.UUID | None:
    return next(iter(visit.uuids("library")), None)


def _libraries(lines: Sequence[Waiting], wanted: Wanted) -> list[tuple[uuid.UUID, str]]:
    near = {(line.branch_id, line.library) for line in lines if wanted.county in ("", line.county)}
    shown = near if len(near) <= MOST_LISTED else {one for one in near if one[0] == wanted.branch_id}
    return sorted(shown, key=lambda one: one[1])


def _query(visit: Visit) -> dict[str, str]:
    return {name: said for name in ("level", "reason", "library", "county", "late") if (said := visit.text(name))}


PAGES = (Page("/minutes", "GET", queue, who=REVIEWERS, nav=Nav("صورتجلسه‌ها", "list-check")),)
SHOTS = (
    Shot("queue", "/minutes", user="county"),
    Shot("queue-province", "/minutes?level=all", user="province"),
    Shot("queue-empty", "/minutes?level=head_office", user="province"),
)
