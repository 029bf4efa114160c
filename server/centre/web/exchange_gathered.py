"""Packages that exchange centres hold, and every handover of a quarter gathered for the General Office (نمودار ۲)."""

from starlette.responses import Response

from app.centre import Centre
from app.labels import EXCHANGE_STAGE, HANDOVER
from app.persian.digits import number
from app.persian.jalali import quarter as quarter_on
from app.persian.jalali import year as year_of
from app.review.exchange_gathered import by_kind, handed_on
from app.review.exchange_held import Shown, held, office_of
from db.codes import DisposalKind
from reports.exchange import kilograms
from reports.exchange_gathered import gathered_csv, gathered_xlsx
from server.centre.web.exchange import TABS
from server.centre.web.files import download
from server.centre.web.overview import CSV, FIRST_YEAR, MOST_XLSX, XLSX, asked_quarter, place_of
from server.centre.web.pages import REVIEWERS, Page, Shot, Visit

PAGE = 25


def packages(visit: Visit) -> Response:
    """Packages of the libraries of the scope: those that wait for one's own office, unless others are wanted."""
    office = office_of(visit.person)
    first = Shown.MINE if office else Shown.OPEN
    shown = {one.value: one for one in Shown}.get(visit.text("shown"), first)
    start = (visit.page_no - 1) * PAGE
    with visit.read() as reader:
        found = held(reader, visit.scope, office, shown, start, PAGE)
    options = [(Shown.OPEN, "همهٔ بسته‌های باز"), (Shown.ALL, "باز و پایان‌یافته")]
    return visit.render(
        "exchange_held.html", tabs=TABS, stages=EXCHANGE_STAGE, found=found, shown=shown,
        more=found.total > start + PAGE,
        options=[(Shown.MINE, "نزد شما یا در راه شما"), *options] if office else options,
        query={"shown": shown.value},
    )  # fmt: skip


def handovers(visit: Visit) -> Response:
    """The handovers of a quarter, with their minutes."""
    quarter, kind = asked_quarter(visit), _kind(visit)
    start, today = (visit.page_no - 1) * PAGE, visit.centre.clock.read().day
    with visit.read() as reader:
        sums = by_kind(reader, visit.scope, quarter)
        rows = handed_on(reader, visit.scope, quarter, kind, start, PAGE)
    total = sum(one.handovers for of, one in sums.items() if kind in (None, of))
    query = {"year": quarter.year, "quarter": quarter.number} | ({"kind": kind.value} if kind else {})
    return visit.render(
        "exchange_handovers.html", tabs=TABS, quarter=quarter, rows=rows, total=total,
        kind=kind, more=total > start + PAGE, sums=sums, words=HANDOVER, query=query, kilograms=kilograms,
        kinds=[(one.value, HANDOVER[one]) for one in DisposalKind],
        years=[(year, number(year, grouped=False)) for year in range(year_of(today), FIRST_YEAR - 1, -1)],
    )  # fmt: skip


def handovers_file(visit: Visit) -> Response:
    """The same as a file: the consolidated report for the General Office (نمودار ۲-۹)."""
    quarter, kind = asked_quarter(visit), _kind(visit)
    with visit.read() as reader:
        rows = handed_on(reader, visit.scope, quarter, kind)
    name = f"exchange-{quarter.year}-{quarter.number}"
    if visit.asked.params["kind"] == "csv" or len(rows) > MOST_XLSX:
        return download(gathered_csv(rows), f"{name}.csv", CSV)
    return download(gathered_xlsx(rows, quarter, place_of(visit)), f"{name}.xlsx", XLSX)


def _kind(visit: Visit) -> DisposalKind | None:
    return {one.value: one for one in DisposalKind}.get(visit.text("kind"))


PAGES = (
    Page("/exchange/held", "GET", packages, who=REVIEWERS),
    Page("/exchange/handovers", "GET", handovers, who=REVIEWERS),
    Page("/exchange/handovers.{kind}", "GET", handovers_file, who=REVIEWERS, costly=True),
)


def _now(centre: Centre) -> str:
    """The handovers of the quarter that runs."""
    quarter = quarter_on(centre.clock.read().day)
    return f"/exchange/handovers?year={quarter.year}&quarter={quarter.number}"


SHOTS = (
    Shot("exchange-held", "/exchange/held", user="county"),
    Shot("exchange-held-province", "/exchange/held?shown=all", user="province"),
    Shot("exchange-handovers", _now, user="province"),
)
