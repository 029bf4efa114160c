"""What an office does with a package at its exchange centre, in the browser (نمودار ۲): it notes the receipt,
announces, confirms who gets what, hands over with minutes, sends on or recycles."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

from starlette.responses import Response

from app.directives.facts import (
    Announce,
    Decline,
    Deliver,
    ExchangeDeed,
    PayIn,
    Receive,
    Recycle,
    Redirect,
    Release,
    SendOn,
    Store,
)
from app.exchange.paper import DeliveryPaper
from app.exchange.queries import county_report
from app.exchange.weights import grams
from app.form import invalid, required
from app.outcome import NotFound, Refused
from app.papers import PDF, XLSX
from app.refusal import Refusal
from app.review.at_branch import BranchReader
from app.review.exchange_held import AtOffice, office_of
from app.review.exchange_steps import WORDS, confirmation, do_step
from app.staff.offices import officers_on
from db.codes import DisposalState
from db.isolation import DbRole, Scope
from reports.exchange import draft_delivery
from reports.exchange_offer import offer_pdf, offer_xlsx
from reports.exchange_report import exchange_report_pdf, exchange_report_xlsx
from server.centre.web.exchange import announced_to_libraries, at_my_office, mark, package_page
from server.centre.web.files import download
from server.centre.web.pages import REVIEWERS, RULING, Page, Visit

LONGEST_NO, LONGEST_REMARK = 60, 500
Written: TypeAlias = "ExchangeDeed | tuple[Refusal, ...]"


def step(visit: Visit) -> Response:
    """Do what the form says, or say everything that speaks against it."""
    found, write = at_my_office(visit), FORMS.get(visit.asked.params["step"])
    if found is None or write is None:
        return visit.missing()
    deed = write(visit, found)
    if isinstance(deed, tuple):
        return package_page(visit, deed)
    outcome = do_step(visit.centre, visit.person, found.detail.standing.package.id, deed, visit.act())
    if isinstance(outcome, NotFound):
        return visit.missing()
    if isinstance(outcome, Refused):
        return package_page(visit, outcome.refusals)
    words, library = WORDS[type(deed)], outcome.library
    told = f"«{words}» برای «{library}» فرستاده شد و با همگام‌سازی آن ثبت می‌شود."
    if not outcome.changed:
        told = f"«{words}» پیش‌تر فرستاده شده بود و در راه «{library}» است؛ چیزی دو بار ثبت نمی‌شود."
    return visit.redirect(f"/exchange/{found.detail.standing.package.id}", told=told)


def draft(visit: Visit) -> Response:
    """Minutes of a delivery without a number, to be signed when the books are fetched."""
    found = at_my_office(visit)
    aside = None
    if found is not None:
        wanted = visit.id("delivery")
        aside = next((one for one in found.detail.handovers if one.package.id == wanted), None)
    if found is None or aside is None or aside.destination is None or aside.package.state is not DisposalState.PACKED:
        return visit.missing()
    package, day = aside.package, visit.centre.clock.read().day
    if package.level is None:
        return visit.missing()
    with visit.centre.store.read(Scope(DbRole.REVIEW, (found.branch.id,))) as reader:
        officers = officers_on(reader, day)
    rows = tuple(row for row in found.detail.rows if row.gone_to == package.id)
    paper = DeliveryPaper(
        found.branch, package.level, package.reason, None, day, aside.destination, None, None, rows, officers
    )
    return download(draft_delivery(paper), "delivery-draft.pdf", PDF, show=True)


def offer(visit: Visit) -> Response:
    """The list of an announced package, to be sent to the libraries (002 م7-16، م7-20)."""
    found = announced_to_libraries(visit)
    if found is None:
        return visit.missing()
    if visit.asked.params["kind"] == "xlsx":
        return download(offer_xlsx(*found), "offer.xlsx", XLSX)
    return download(offer_pdf(*found), "offer.pdf", PDF, show=True)


def report(visit: Visit) -> Response:
    """The county's report of the exchange of a package (002 م7-19)."""
    found = at_my_office(visit)
    if found is None:
        return visit.missing()
    package_id = found.detail.standing.package.id
    with visit.read() as reader:
        told = county_report(BranchReader(reader, found.branch.id), package_id)
    if told is None or found.detail.standing.package.state is DisposalState.PACKED:
        return visit.missing()
    name = f"exchange-{found.detail.standing.package.packed_on:%Y%m%d}"
    if visit.asked.params["kind"] == "xlsx":
        return download(exchange_report_xlsx(told), f"{name}.xlsx", XLSX)
    return download(exchange_report_pdf(found.branch, told), f"{name}.pdf", PDF, show=True)


def _receive(visit: Visit, _: AtOffice) -> Written:
    level = office_of(visit.person)
    if level is None:
        return (Refusal("role.not_allowed"),)
    return Receive(level, visit.text("receipt_no", LONGEST_NO), visit.text("remark", LONGEST_REMARK) or None)


def _announce(visit: Visit, _: AtOffice) -> Written:
    closes_on = visit.day("closes_on")
    if visit.text("closes_on") and closes_on is None:
        return (invalid("closes_on", visit.text("closes_on")),)
    return Announce(closes_on, _letter(visit))


def _allot(visit: Visit, found: AtOffice) -> Written:
    if found.proposal is None:
        return (Refusal("exchange.no_requests", "7-17"),)
    with visit.centre.store.read() as reader:
        allot = confirmation(reader, found.proposal, visit.act())
    return allot if visit.text("seen") == mark(allot) else (Refusal("exchange.proposal_changed", "7-17"),)


def _deliver(visit: Visit, _: AtOffice) -> Written:
    delivery = next(iter(visit.uuids("delivery")), None)
    if delivery is None:
        return (Refusal("directive.no_package"),)
    return Deliver(delivery, visit.text("receipt_no", LONGEST_NO) or None, _letter(visit))


def _release(visit: Visit, _: AtOffice) -> Written:
    delivery = next(iter(visit.uuids("delivery")), None)
    return (Refusal("directive.no_package"),) if delivery is None else Release(delivery)


def _decline(visit: Visit, _: AtOffice) -> Written:
    request = next(iter(visit.uuids("request")), None)
    if request is None:
        return (Refusal("directive.no_wish"),)
    return Decline(request, visit.text("why", LONGEST_REMARK) or None)


def _send_on(visit: Visit, _: AtOffice) -> Written:
    return SendOn(_letter(visit))


def _store(visit: Visit, _: AtOffice) -> Written:
    return Store(_letter(visit) or "")


def _redirect(visit: Visit, _: AtOffice) -> Written:
    return Redirect(visit.texts("item"), visit.text("remark", LONGEST_REMARK) or None)


def _recycle(visit: Visit, _: AtOffice) -> Written:
    weight, centre = grams(visit.text("weight")), visit.text("centre", LONGEST_REMARK)
    if weight is None:
        return (*required(recycling_centre=centre), invalid("weight", visit.text("weight")))
    return Recycle(centre, weight, visit.text("receipt_no", LONGEST_NO) or None, _letter(visit))


def _pay_in(visit: Visit, _: AtOffice) -> Written:
    amount, paid_on, notice_on = visit.number("amount"), visit.day("paid_on"), visit.day("notice_on")
    wrong = () if amount is not None else (invalid("amount", visit.text("amount")),)
    for name, day in (("paid_on", paid_on), ("notice_on", notice_on)):
        if visit.text(name) and day is None:
            wrong = (*wrong, invalid(name, visit.text(name)))
    if wrong or amount is None:
        return wrong
    receipt = visit.text("receipt_no", LONGEST_NO) or None
    return PayIn(amount, visit.text("notice_no", LONGEST_NO), receipt, paid_on, notice_on)


def _letter(visit: Visit) -> str | None:
    return visit.text("letter_no", LONGEST_NO) or None


FORMS: Mapping[str, Callable[[Visit, AtOffice], Written]] = MappingProxyType(
    {
        "receive": _receive, "announce": _announce, "allot": _allot, "deliver": _deliver, "release": _release,
        "decline": _decline, "send-on": _send_on, "store": _store, "redirect": _redirect, "recycle": _recycle,
        "pay-in": _pay_in,
    }
)  # fmt: skip
"""The forms of the page of a package, by the last part of their path."""
PAGES = (
    Page("/exchange/{package}/steps/{step}", "POST", step, who=RULING, strong=True),
    Page("/exchange/{package}/drafts/{delivery}", "GET", draft, who=REVIEWERS),
    Page("/exchange/{package}/list.{kind}", "GET", offer, who=REVIEWERS),
    Page("/exchange/{package}/report.{kind}", "GET", report, who=REVIEWERS),
)
