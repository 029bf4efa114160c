"""Exchange and disposal of weeded copies at the headless desk (002 م7-16 … م7-24، م10-2)."""

import uuid
from pathlib import Path as FilePath
from typing import Annotated, assert_never

from msgspec import Meta

from app.exchange import reads
from app.exchange.giving import Delivered, Released, allocate_copies, deliver, release
from app.exchange.leaving import Proceeds, Recycled, Recycling, note_proceeds, recycle, send_on, send_to_store
from app.exchange.packing import Letter, PackageOutcome, Stands, announce, hand, pack, unpack
from app.exchange.proposing import Proposal, propose
from app.exchange.queries import (
    AnnouncedList,
    announced_list,
    county_report,
    detail,
    groups,
    standings,
    whereabouts,
)
from app.exchange.receiving import receive
from app.exchange.redirecting import redirect
from app.exchange.requests import Asking, RequestOutcome, RequestStands, end_request, request_copies
from app.outcome import NotFound, Refused, Sought
from app.papers import frozen_paper
from app.weeding.reads import find_copy
from db.codes import ExchangeLevel, ExchangeRequestState, WeedingReason
from db.files import safe_write
from reports.exchange import print_delivery, print_recycling
from reports.exchange_offer import offer_pdf, offer_xlsx
from reports.exchange_report import exchange_report_pdf, exchange_report_xlsx
from server.desk.answers import Facts, done, missing, not_found, refused, unreadable
from server.desk.exchange_facts import (
    told_copy,
    told_detail,
    told_handover,
    told_offer,
    told_package,
    told_proposal,
    told_request,
    told_standing,
)
from server.desk.files import written, wrong_suffix
from server.desk.keys import item_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, Moment, Path, Rial, Word, day

Items = Annotated[tuple[str, ...], Meta(max_length=2_000)]
Kilograms = Annotated[float, Meta(gt=0, le=100_000)]


class ExchangePack(Request, kw_only=True):
    """Pack weeded copies of one group: those named, or all that are ready. `redirected`: worn ones of use elsewhere."""

    reason: WeedingReason
    items: Items | None = None
    redirected: bool = False


class ExchangePackage(Request, kw_only=True):
    """A package."""

    package: uuid.UUID


class ExchangeUnpack(ExchangePackage, kw_only=True):
    """Take copies out of a package that is still here; without `items` dissolve it."""

    items: Items = ()


class ExchangeLetter(ExchangePackage, kw_only=True):
    """A handover with its papers."""

    receipt_no: Word | None = None
    letter_no: Word | None = None
    letter_on: Day | None = None
    remark: Line | None = None


class ExchangeReceive(ExchangeLetter, kw_only=True):
    """The exchange centre of a level has received a package and gave its receipt."""

    level: ExchangeLevel
    receipt_no: Word


class ExchangeSend(ExchangeLetter, kw_only=True):
    """What is left goes on: to the province, or with `store` to the national store."""

    store: bool = False


class ExchangeAnnounce(ExchangePackage, kw_only=True):
    """Announce a package, for requests until `closes_on`."""

    closes_on: Day | None = None
    letter_no: Word | None = None


class ExchangeRequest(ExchangePackage, kw_only=True):
    """A library asks for copies of a package, or for all of it."""

    library: uuid.UUID
    items: Items = ()
    has_space: bool = True
    asked_at: Moment | None = None
    remark: Line | None = None


class ExchangeEnd(Request, kw_only=True):
    """A request is withdrawn by its library, or declined."""

    request: uuid.UUID
    declined: bool = False
    remark: Line | None = None


class ExchangeAllocate(ExchangePackage, kw_only=True):
    """Who gets what; with `confirm` it is put aside."""

    confirm: bool = False


class ExchangeDeliver(Request, kw_only=True):
    """Hand over what was put aside, or with `release` free it again."""

    delivery: uuid.UUID
    receipt_no: Word | None = None
    letter_no: Word | None = None
    letter_on: Day | None = None
    remark: Line | None = None
    release: bool = False


class ExchangeRedirect(ExchangePackage, kw_only=True):
    """Worn copies of a package that are of use after all."""

    items: Annotated[Items, Meta(min_length=1)]
    remark: Line | None = None


class ExchangeRecycle(ExchangeLetter, kw_only=True):
    """Hand worn copies to a recycling centre; `weight` in kilograms."""

    centre: Line
    weight: Kilograms


class ExchangeProceeds(ExchangePackage, kw_only=True):
    """What recycling brought, with the written notice of it."""

    amount: Rial
    notice_no: Word | None = None
    notice_on: Day | None = None
    paid_on: Day | None = None
    receipt_no: Word | None = None


class ExchangeReport(ExchangePackage, kw_only=True):
    """The county's report on a package, on paper and as a sheet."""

    pdf: Path | None = None
    xlsx: Path | None = None


class ExchangeOffer(ExchangePackage, kw_only=True):
    """The list of an announced package, on paper and as a sheet."""

    pdf: Path | None = None
    xlsx: Path | None = None


class ExchangeForm(Request, kw_only=True):
    """The stored files of a delivery or of recycling."""

    delivery: uuid.UUID
    pdf: Path | None = None
    xlsx: Path | None = None


class ExchangeFind(Request, kw_only=True):
    """Where a weeded copy went."""

    item: str


def ready(session: Session, _: Request) -> Facts:
    """What can be packed, by group."""
    with session.library.store.read() as reader:
        found = groups(reader)
    return done(
        "found",
        groups=[
            {
                "reason": group.reason,
                "way": group.way,
                "redirected": group.redirected,
                "count": len(group.copies),
                "rows": [told_copy(copy) for copy in group.copies],
            }
            for group in found
        ],
    )


def pack_copies(session: Session, request: ExchangePack) -> Facts:
    """Pack a group."""
    act = session.act(request.key)
    items = None if request.items is None else _keys(session, request.items)
    outcome = pack(session.library, request.reason, act, items, redirected=request.redirected)
    return _stands(outcome, "packed")


def unpack_copies(session: Session, request: ExchangeUnpack) -> Facts:
    """Take copies out of a package, or dissolve it."""
    items = _keys(session, request.items)
    return _stands(unpack(session.library, request.package, session.act(request.key), items), "unpacked")


def hand_over(session: Session, request: ExchangeLetter) -> Facts:
    """Hand a package to the exchange centre of the county."""
    act = session.act(request.key)
    return _stands(hand(session.library, request.package, _letter(request), act), "handed")


def note_receipt(session: Session, request: ExchangeReceive) -> Facts:
    """The receipt of an exchange centre, which came with the van or by letter."""
    act = session.act(request.key)
    return _stands(receive(session.library, request.package, request.level, _letter(request), act), "received")


def announce_package(session: Session, request: ExchangeAnnounce) -> Facts:
    """Announce a package at the centre that holds it."""
    act, closes_on = session.act(request.key), day(request.closes_on)
    return _stands(announce(session.library, request.package, act, closes_on, request.letter_no), "announced")


def ask(session: Session, request: ExchangeRequest) -> Facts:
    """A library asks for copies."""
    asked_at = request.asked_at.value if request.asked_at else None
    asking = Asking(request.library, _keys(session, request.items), request.has_space, asked_at, request.remark)
    return _requested(request_copies(session.library, request.package, asking, session.act(request.key)), "requested")


def end(session: Session, request: ExchangeEnd) -> Facts:
    """A request ends without copies."""
    state = ExchangeRequestState.DECLINED if request.declined else ExchangeRequestState.WITHDRAWN
    act = session.act(request.key)
    return _requested(end_request(session.library, request.request, state, request.remark, act), str(state))


def allocate(session: Session, request: ExchangeAllocate) -> Facts:
    """Who gets what in the order of the guideline; with `confirm` it is put aside."""
    if not request.confirm:
        with session.library.store.read() as reader:
            found = propose(session.library, reader, request.package, session.act())
        if isinstance(found, Proposal):
            return done("proposed", **told_proposal(found))
        return refused(found.refusals) if isinstance(found, Refused) else missing(found)
    outcome = allocate_copies(session.library, request.package, session.act(request.key))
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    if isinstance(outcome, NotFound):
        return missing(outcome)
    return done(
        "allocated",
        deliveries=[{"delivery": one.id, "library": one.destination_id} for one in outcome.deliveries],
        declined=[told_request(one) for one in outcome.declined],
    )


def hand_out(session: Session, request: ExchangeDeliver) -> Facts:
    """Deliver what was put aside, with its minutes; or free it again."""
    act = session.act(request.key)
    outcome: Delivered | Released | Refused | NotFound
    if request.release:
        outcome = release(session.library, request.delivery, act)
    else:
        outcome = deliver(session.library, request.delivery, _letter(request), print_delivery, act)
    match outcome:
        case Delivered():
            word = "delivered" if outcome.changed else "already_done"
            return done(word, copies=outcome.copies, pages=outcome.pages, **told_handover(outcome.delivery))
        case Released():
            word = "released" if outcome.changed else "already_done"
            return done(word, copies=outcome.copies, **told_handover(outcome.delivery))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def send(session: Session, request: ExchangeSend) -> Facts:
    """What is left goes to the province, or to the national store."""
    act = session.act(request.key)
    if request.store:
        return _stands(send_to_store(session.library, request.package, _letter(request), act), "stored")
    return _stands(send_on(session.library, request.package, _letter(request), act), "sent_on")


def back_to_libraries(session: Session, request: ExchangeRedirect) -> Facts:
    """Worn copies become a package for the libraries (002 م10-3)."""
    items = _keys(session, request.items)
    outcome = redirect(session.library, request.package, items, session.act(request.key), request.remark)
    return _stands(outcome, "redirected")


def to_recycling(session: Session, request: ExchangeRecycle) -> Facts:
    """Worn copies become paper."""
    recycling = Recycling(request.centre, round(request.weight * 1_000), _letter(request))
    outcome = recycle(session.library, request.package, recycling, print_recycling, session.act(request.key))
    if isinstance(outcome, Recycled):
        return done(
            "recycled" if outcome.changed else "already_done",
            delivery=outcome.handover.id,
            number=outcome.number,
            copies=outcome.copies,
            pages=outcome.pages,
            weight=(outcome.handover.weight_g or 0) / 1_000,
        )
    return refused(outcome.refusals) if isinstance(outcome, Refused) else missing(outcome)


def proceeds(session: Session, request: ExchangeProceeds) -> Facts:
    """What recycling brought for the association of the county."""
    paid = Proceeds(request.amount, day(request.paid_on), request.receipt_no, request.notice_no, day(request.notice_on))
    return _stands(note_proceeds(session.library, request.package, paid, session.act(request.key)), "paid")


def show(session: Session, request: ExchangePackage) -> Facts:
    """All that is known of a package."""
    act = session.act()
    with session.library.store.read() as reader:
        found = detail(session.library, reader, request.package)
    return not_found(Sought.PACKAGE) if found is None else done("found", **told_detail(found, act.day))


def list_packages(session: Session, _: Request) -> Facts:
    """Every package with its clocks and what comes next."""
    today = session.act().day
    with session.library.store.read() as reader:
        found = standings(session.library, reader)
    return done("found", rows=[told_standing(one, today) for one in found])


def find(session: Session, request: ExchangeFind) -> Facts:
    """Where a weeded copy went."""
    key = item_key(session, request.item)
    if key is None:
        return unreadable(Sought.ITEM)
    with session.library.store.read() as reader:
        copy = find_copy(reader, key)
        place = whereabouts(reader, copy.id) if copy else None
    if copy is None:
        return not_found(Sought.ITEM)
    return done(
        "found",
        item=copy.id,
        status=copy.status,
        package=told_package(place.package) if place else None,
        delivery=told_handover(place.handover) if place and place.handover else None,
        library=place.destination.name if place and place.destination else None,
    )


def report(session: Session, request: ExchangeReport) -> Facts:
    """The county's report on a package (002 م7-19)."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf") or wrong_suffix(request.xlsx, ".xlsx", "xlsx")
    if wrong is not None:
        return wrong
    with session.library.store.read() as reader:
        found = county_report(reader, request.package)
    if found is None:
        return not_found(Sought.PACKAGE)
    facts: Facts = {
        "received": len(found.received),
        "given": [
            {"library": handover.destination.name if handover.destination else None, "copies": len(copies)}
            | told_handover(handover.package)
            for handover, copies in found.given
        ],
        "left": len(found.left),
        "sent_on": found.sent_on.handed_on if found.sent_on else None,
    }
    if request.pdf is not None:
        facts |= written(request.pdf, exchange_report_pdf(session.library.branch, found))
    if request.xlsx is not None:
        safe_write(FilePath(request.xlsx), exchange_report_xlsx(found))
        facts["xlsx"] = request.xlsx
    return done("found", **facts)


def offer(session: Session, request: ExchangeOffer) -> Facts:
    """The list that is sent to the libraries (002 م7-16، م7-20)."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf") or wrong_suffix(request.xlsx, ".xlsx", "xlsx")
    if wrong is not None:
        return wrong
    with session.library.store.read() as reader:
        found = announced_list(reader, request.package)
    if not isinstance(found, AnnouncedList):
        return refused(found.refusals) if isinstance(found, Refused) else missing(found)
    facts: Facts = {"copies": len(found.copies), **told_offer(found.offer)}
    if request.pdf is not None:
        facts |= written(request.pdf, offer_pdf(session.library.branch, found))
    if request.xlsx is not None:
        safe_write(FilePath(request.xlsx), offer_xlsx(session.library.branch, found))
        facts["xlsx"] = request.xlsx
    return done("found", **facts)


def form(session: Session, request: ExchangeForm) -> Facts:
    """Write the stored files of a delivery or of recycling; they are never made anew."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf") or wrong_suffix(request.xlsx, ".xlsx", "xlsx")
    if wrong is not None:
        return wrong
    with session.library.store.read() as reader:
        kept = reader.one(reads.BY_ID, package=request.delivery)
        if kept is None or kept.document_id is None or kept.sheet_id is None:
            return not_found(Sought.PACKAGE)
        paper, sheet = frozen_paper(reader, kept.document_id), frozen_paper(reader, kept.sheet_id)
    for path, file in ((request.pdf, paper), (request.xlsx, sheet)):
        if path is not None:
            safe_write(FilePath(path), file.content)
    number = f"{kept.year}/{kept.number}"
    return done("written", number=number, pages=paper.pages, sha256=paper.sha256, xlsx_sha256=sheet.sha256)


def _keys(session: Session, items: tuple[str, ...]) -> tuple[str, ...]:
    """What finds the copies; a code that none can carry finds none."""
    return tuple(item_key(session, item) or item for item in items)


def _stands(outcome: PackageOutcome, word: str) -> Facts:
    match outcome:
        case Stands():
            facts = told_package(outcome.package)
            return done(word if outcome.changed else "already_done", **facts, copies=outcome.copies)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def _requested(outcome: RequestOutcome, word: str) -> Facts:
    match outcome:
        case RequestStands():
            return done(word if outcome.changed else "already_done", **told_request(outcome.request))
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def _letter(request: ExchangeLetter | ExchangeDeliver) -> Letter:
    return Letter(request.receipt_no, request.letter_no, day(request.letter_on), request.remark)
