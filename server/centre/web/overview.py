"""Quarterly overviews: reports of the libraries laid together, with charts and files (002 م14-1 … م14-3، م7-22)."""

from collections.abc import Sequence

from starlette.responses import Response

from app.labels import HANDOVER, WEEDING_REASON
from app.outcome import NotFound, Refused
from app.persian.digits import number
from app.persian.jalali import Quarter
from app.persian.jalali import year as year_of
from app.refusal import Refusal
from app.review.exchange_gathered import by_kind
from app.review.overviews import NO_CLASS, Overview, added, overview, weeded_titles
from app.review.report_answers import OneReport, answer_report, one_report, result_on_the_way
from app.statistics.classes import class_words
from app.statistics.figures import read_figures
from app.statistics.quarterly import LONGEST
from app.statistics.quarters import quarter_before, quarter_of
from db.codes import Role, WeedingReason
from db.models.collection import QuarterlyReport
from reports.exchange import kilograms
from reports.overview import COUNTS, Place, overview_csv, overview_xlsx, titles_csv, titles_xlsx
from server.centre.web.files import download
from server.centre.web.finding import first_of
from server.centre.web.pages import REVIEWERS, Nav, Page, Shot, Visit

FIRST_YEAR = 1400
PAGE, BARS = 50, 15
"""Libraries (and results of experts) on a page; counties in the chart: those with the most."""
MOST_XLSX = 50_000
"""Lines of an Excel file, which is made in memory; more come as CSV, which Excel opens too."""
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show_quarter(visit: Visit) -> Response:
    """A quarter: who reported, what was weeded, by reason, class and county."""
    found = _overview(visit)
    with visit.read() as reader:
        handovers = by_kind(reader, visit.scope, found.quarter)
    today = visit.centre.clock.read().day
    totals = found.by_reason()
    classes = [
        (class_words(None if main == NO_CLASS else int(main)), sum(by.values())) for main, by in found.by_class.items()
    ]
    counties = sorted(((county, one.weeded) for county, one in found.by_county().items()), key=lambda one: -one[1])
    answered = [one for one in found.branches if one.report and one.report.answer and one.report.answered_on]
    start = (visit.page_no - 1) * PAGE
    return visit.render(
        "overview.html", found=found, quarter=found.quarter, today=today, counts=COUNTS, totals=totals,
        total=added(list(totals.values())), classes=classes, counties=counties[:BARS], all_counties=len(counties),
        by_reason=[(WEEDING_REASON[reason], one.weeded) for reason, one in totals.items()],
        sent=sum(one.sent for one in found.branches), answers=len(answered), answered=answered[start : start + PAGE],
        rows=found.branches[start : start + PAGE], more=len(found.branches) > start + PAGE,
        years=[(year, number(year, grouped=False)) for year in range(year_of(today), FIRST_YEAR - 1, -1)],
        query={"year": found.quarter.year, "quarter": found.quarter.number}, handovers=handovers, handed=HANDOVER,
        kilograms=kilograms,
    )  # fmt: skip


def report(visit: Visit) -> Response:
    """The report of one library, with the result of the expert."""
    found = _report(visit)
    return visit.missing() if found is None else _report_page(visit, found)


def answer(visit: Visit) -> Response:
    """Tell the library what the expert found (م14-3)."""
    found = _report(visit)
    if found is None:
        return visit.missing()
    outcome = answer_report(
        visit.centre, visit.person, found.report.id, visit.long_text("answer", LONGEST), visit.act()
    )
    if isinstance(outcome, NotFound):
        return visit.missing()
    if isinstance(outcome, Refused):
        return _report_page(visit, found, outcome.refusals)
    return visit.redirect(
        f"/overview/reports/{found.report.id}", told=f"نتیجه به {outcome.library} فرستاده شد و کنار گزارش ثبت می‌شود."
    )


def _report(visit: Visit) -> OneReport | None:
    with visit.read() as reader:
        return one_report(reader, visit.id("report"))


def _report_page(visit: Visit, found: OneReport, refused: Sequence[Refusal] = ()) -> Response:
    figures = read_figures(found.report.figures) if found.report.figures else None
    with visit.centre.store.read() as reader:
        sent = result_on_the_way(reader, found)
    return visit.render(
        "report.html", status=422 if refused else 200, refused=refused, found=found, counts=COUNTS, sent=sent,
        quarter=quarter_of(found.report.year, found.report.quarter),
        reasons=[(reason, figures.reasons[reason.value]) for reason in WeedingReason] if figures else [],
        may=visit.person.role is Role.PROVINCE_REVIEWER and found.report.sent_on is not None,
        written=visit.long_text("answer", LONGEST),
    )  # fmt: skip


def figures_file(visit: Visit) -> Response:
    """The figures of the quarter by library and reason, as a file: the county's report of the fifteenth (م14-2)."""
    found, place = _overview(visit), place_of(visit)
    name = f"quarter-{found.quarter.year}-{found.quarter.number}"
    if visit.asked.params["kind"] == "csv":
        return download(overview_csv(found), f"{name}.csv", CSV)
    return download(overview_xlsx(found, place), f"{name}.xlsx", XLSX)


def titles_file(visit: Visit) -> Response:
    """Every copy weeded in the quarter, by library and reason, as a file for the head office (م7-22)."""
    quarter, place = asked_quarter(visit), place_of(visit)
    reason = {one.value: one for one in WeedingReason}.get(visit.text("reason"))
    with visit.read() as reader:
        rows = weeded_titles(reader, visit.scope, quarter, reason)
    name = f"weeded-{quarter.year}-{quarter.number}"
    if visit.asked.params["kind"] == "csv" or len(rows) > MOST_XLSX:
        return download(titles_csv(rows), f"{name}.csv", CSV)
    return download(titles_xlsx(rows, quarter, place), f"{name}.xlsx", XLSX)


def _overview(visit: Visit) -> Overview:
    with visit.read() as reader:
        return overview(reader, visit.scope, asked_quarter(visit))


def asked_quarter(visit: Visit) -> Quarter:
    """The quarter that is asked for; the last one that is over."""
    last = quarter_before(visit.centre.clock.read().day)
    year, season = visit.number("year") or last.year, visit.number("quarter") or last.number
    if year not in range(FIRST_YEAR, last.year + 2) or season not in range(1, 5):
        return last
    return quarter_of(year, season)


def place_of(visit: Visit) -> Place:
    """Whose report it is."""
    return Place(visit.person.province or "", visit.person.county or "", visit.person.name)


PAGES = (
    Page("/overview", "GET", show_quarter, who=REVIEWERS, nav=Nav("گزارش‌های فصلی", "chart-bar")),
    Page("/overview/reports/{report}", "GET", report, who=REVIEWERS),
    Page("/overview/reports/{report}/answer", "POST", answer, who=frozenset({Role.PROVINCE_REVIEWER})),
    Page("/overview/figures.{kind}", "GET", figures_file, who=REVIEWERS, costly=True),
    Page("/overview/titles.{kind}", "GET", titles_file, who=REVIEWERS, costly=True),
)
REPORTED = first_of(QuarterlyReport, "/overview/reports", QuarterlyReport.sent_on.is_not(None))
SHOTS = (Shot("overview", "/overview", user="province"), Shot("report", REPORTED, user="province"))
