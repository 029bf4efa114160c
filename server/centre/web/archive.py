"""The archive of final minutes by library and date, and the frozen files of any paper in scope (002 م7-14)."""

import uuid

from starlette.responses import Response

from app.labels import WEEDING_REASON
from app.review.archive import MOST_SEARCHED, Wanted, find_final, paper, searched
from app.review.supervision import library_names
from db.codes import WeedingReason
from server.centre.web.files import download
from server.centre.web.pages import REVIEWERS, Nav, Page, Shot, Visit

PAGE, MOST_LISTED = 30, 300
"""Editions on a page, and libraries that one can choose from; of more than those one writes the place first."""
FIELDS = ("library", "place", "number", "since", "until", "book", "reason")


def archive(visit: Visit) -> Response:
    """Final editions by library, the newest first."""
    wanted = Wanted(
        branch_id=next(iter(visit.uuids("library")), None), number=visit.text("number", 20), since=visit.day("since"),
        until=visit.day("until"), book=visit.text("book"),
        reason={one.value: one for one in WeedingReason}.get(visit.text("reason")),
    )  # fmt: skip
    start = (visit.page_no - 1) * PAGE
    place = visit.text("place")
    with visit.read() as reader:
        libraries = library_names(reader, visit.scope, place)
        scope = [branch for branch, _ in libraries]
        found = find_final(reader, scope, wanted, start, PAGE)
    listed = len(libraries) <= MOST_LISTED
    return visit.render(
        "archive.html", found=found, wanted=wanted, place=place, asks_place=bool(place) or not listed,
        libraries=[one for one in libraries if listed or one[0] == wanted.branch_id],
        numbers_only=bool(wanted.book) and len(searched(scope, wanted)) > MOST_SEARCHED,
        more=found.total > start + PAGE,
        query={name: said for name in FIELDS if (said := visit.text(name))},
        reasons=[(reason.value, WEEDING_REASON[reason]) for reason in WeedingReason],
    )  # fmt: skip


def show_paper(visit: Visit) -> Response:
    """The bytes that were frozen, as they were frozen."""
    document_id: uuid.UUID = visit.id("document")
    with visit.read() as reader:
        found = paper(reader, document_id)
    if found is None:
        return visit.missing()
    return download(found.stored.content, found.stored.file_name, found.media_type, show=not visit.text("save"))


PAGES = (
    Page("/archive", "GET", archive, who=REVIEWERS, nav=Nav("بایگانی", "file-text")),
    Page("/papers/{document}", "GET", show_paper, who=REVIEWERS),
)
SHOTS = (Shot("archive", "/archive", user="province"),)
