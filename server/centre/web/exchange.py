"""The exchange board: what is announced in the county and the province, and libraries that ask for it (002 م7-16 …
م7-21)."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.responses import Response

from app.exchange.rules import Rank
from app.labels import EXCHANGE_LEVEL, WEEDING_REASON
from app.outcome import NotFound, Refused
from app.review.exchange_asking import Wish, ask_for, libraries_for
from app.review.exchange_board import AnnouncedPackage, board, by_reason, neighbours, on_the_way, package
from db.codes import DisposalState, ExchangeLevel, WeedingReason
from db.isolation import DbRole, Scope
from db.models.collection import Disposal
from server.centre.web.finding import first_of
from server.centre.web.pages import REVIEWERS, RULING, Nav, Page, Shot, Visit

PAGE = 25
RANKS: Mapping[Rank, str] = MappingProxyType(
    {
        Rank.NEW_INSTITUTIONAL: "نهادی نوبنیاد",
        Rank.INSTITUTIONAL: "نهادی",
        Rank.PARTICIPATORY: "مشارکتی",
        Rank.INDEPENDENT: "مستقل",
    }
)


def announcements(visit: Visit) -> Response:
    """Every package that libraries of one's own may ask for, the oldest announcement first."""
    today = visit.centre.clock.read().day
    with visit.centre.store.read(_near(visit)) as reader:
        found = board(reader, visit.scope, today)
    reason = {one.value: one for one in WeedingReason}.get(visit.text("reason"))
    level = {one.value: one for one in ExchangeLevel}.get(visit.text("level"))
    chosen = [one for one in found if reason in (None, one.reason) and level in (None, one.level)]
    start = (visit.page_no - 1) * PAGE
    return visit.render(
        "exchange.html", rows=[(one, one.days_left(today)) for one in chosen[start : start + PAGE]],
        total=len(chosen), more=len(chosen) > start + PAGE, reason=reason, level=level,
        counts=[(WEEDING_REASON[one], left) for one, left in by_reason(found).items()],
        reason_options=[(one.value, WEEDING_REASON[one]) for one in WeedingReason],
        levels=[(one.value, EXCHANGE_LEVEL[one]) for one in (ExchangeLevel.COUNTY, ExchangeLevel.PROVINCE)],
        query={name: said for name in ("reason", "level") if (said := visit.text(name))},
    )  # fmt: skip


def one_package(visit: Visit) -> Response:
    """A package with its titles, the requests in their order, and the form of a request."""
    found = _package(visit)
    return visit.missing() if found is None else _page(visit, found)


def ask(visit: Visit) -> Response:
    """Enter the request of a licensed library."""
    found = _package(visit)
    library = next(iter(visit.uuids("library")), None)
    if found is None or library is None:
        return visit.missing()
    wish = Wish(
        found.announced.id, library, visit.texts("item"), bool(visit.text("has_space")), visit.text("remark", 500)
    )
    outcome = ask_for(visit.centre, visit.person, wish, visit.act())
    if isinstance(outcome, NotFound):
        return visit.missing()
    if isinstance(outcome, Refused):
        return _page(visit, found, outcome)
    told = f"درخواست {outcome.library} برای کتابخانهٔ نگه‌دارندهٔ بسته فرستاده شد و به نوبت خود ثبت می‌شود."
    return visit.redirect(f"/exchange/{found.announced.id}", told=told)


def _near(visit: Visit) -> Scope:
    """The libraries whose announcements concern this office."""
    with visit.centre.store.read() as reader:
        return Scope(DbRole.REVIEW, neighbours(reader, visit.person))


def _package(visit: Visit) -> AnnouncedPackage | None:
    with visit.centre.store.read(_near(visit)) as reader:
        return package(reader, visit.scope, visit.id("package"), visit.centre.clock.read().day)


def _page(visit: Visit, found: AnnouncedPackage, refused: Refused | None = None) -> Response:
    with visit.centre.store.read(_near(visit)) as reader:
        libraries = libraries_for(reader, visit.person, found.announced) if visit.person.role in RULING else ()
    with visit.centre.store.read() as reader:
        sent = on_the_way(reader, found.announced.branch_id, found.announced.id)
    days = found.announced.days_left(visit.centre.clock.read().day)
    return visit.render(
        "exchange_package.html", status=422 if refused else 200, refused=refused.refusals if refused else (),
        found=found, one=found.announced, days=days, libraries=libraries, sent=sent,
        names={one.id: one.name for one in libraries}, chosen=visit.text("library"), ticked=visit.texts("item"),
        options=[(one.id, f"{one.name} ({one.county})") for one in libraries], ranks=RANKS,
        may_ask=visit.person.role in RULING,
    )  # fmt: skip


PAGES = (
    Page("/exchange", "GET", announcements, who=REVIEWERS, nav=Nav("تابلوی مبادله", "arrows-exchange")),
    Page("/exchange/{package}", "GET", one_package, who=REVIEWERS),
    Page("/exchange/{package}/request", "POST", ask, who=RULING),
)
ANNOUNCED = first_of(Disposal, "/exchange", Disposal.state == DisposalState.ANNOUNCED)
SHOTS = (Shot("exchange", "/exchange", user="county"), Shot("exchange-package", ANNOUNCED, user="county"))
