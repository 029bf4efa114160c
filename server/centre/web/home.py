"""The first page: the first one that somebody of this role has."""

from starlette.responses import Response

from server.centre.web.pages import Door, Page, Visit


def home(visit: Visit) -> Response:
    """Go where the work of this person begins."""
    first = next(iter(visit.layout.navigation(visit.signed, visit.reader)), None)
    return visit.redirect(first.path if first else "/account")


PAGES = (Page("/", "GET", home, who=Door.REVIEWER),)
