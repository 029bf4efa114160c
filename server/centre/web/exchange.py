"""The exchange board: what is announced in the county and the province, and libraries that ask for it (002 م7-16 …
م7-21)."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import msgspec
from starlette.responses import Response

from app.directives.facts import Allot
from app.exchange.giving import allocation_refusals
from app.exchange.queries import AnnouncedList, announced_list
from app.exchange.reads import KIND_AT
from app.exchange.rules import LibraryFacts, Rank
from app.exchange.stages import Step
from app.labels import EXCHANGE_LEVEL, EXCHANGE_RANK, EXCHANGE_STAGE, HANDOVER, WEEDING_REASON
from app.library import BRANCH_FACTS, BranchFacts
from app.outcome import NotFound, Refused
from app.refusal import Refusal
from app.review.at_branch import BranchReader
from app.review.exchange_asking import Wish, ask_for, libraries_for
from app.review.exchange_board import AnnouncedPackage, board, by_reason, neighbours, on_the_way, package
from app.review.exchange_held import AtOffice, Done, Subject, at_office, done_on_the_way, office_of, subject_of
from app.review.exchange_steps import WORDS, confirmation, onward_refusals
from app.wording import way_out, why
from db.codes import DisposalState, ExchangeLevel, WeedingReason
from db.isolation import DbRole, Scope
from db.models.collection import Disposal
from db.reading import Reader
from reports.exchange import kilograms
from server.centre.web.finding import first_of
from server.centre.web.pages import REVIEWERS, RULING, Nav, Page, Shot, Visit

PAGE = 25
FORM_OF: Mapping[Step, str] = MappingProxyType(
    {
        Step.ANNOUNCE: "announce", Step.GIVE: "allot", Step.SEND_ON: "send-on", Step.STORE: "store",
        Step.REDIRECT: "redirect", Step.RECYCLE: "recycle", Step.PROCEEDS: "pay-in",
    }
)  # fmt: skip
"""The form by which a step is taken."""
ONWARD = frozenset({"send-on", "store"})
IN_ROWS = frozenset({"allot", "deliver", "release", "decline", "redirect"})
TABS = (
    ("/exchange", "تابلوی اعلام"),
    ("/exchange/held", "بسته‌های مرکز مبادله"),
    ("/exchange/handovers", "تحویل‌ها"),
)
"""The parts of the page."""


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
        "exchange.html", tabs=TABS, rows=[(one, one.days_left(today)) for one in chosen[start : start + PAGE]],
        total=len(chosen), more=len(chosen) > start + PAGE, reason=reason, level=level,
        counts=[(WEEDING_REASON[one], left) for one, left in by_reason(found).items()],
        reason_options=[(one.value, WEEDING_REASON[one]) for one in WeedingReason],
        levels=[(one.value, EXCHANGE_LEVEL[one]) for one in (ExchangeLevel.COUNTY, ExchangeLevel.PROVINCE)],
        query={name: said for name in ("reason", "level") if (said := visit.text(name))},
    )  # fmt: skip


def one_package(visit: Visit) -> Response:
    """A package with its titles and requests: wherever it stands for the office whose libraries own it, as long as it
    is announced for all others of the province."""
    return package_page(visit)


def ask(visit: Visit) -> Response:
    """Enter the request of a licensed library."""
    found = _announced(visit)
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
        return package_page(visit, outcome.refusals)
    told = f"درخواست {outcome.library} برای کتابخانهٔ نگه‌دارندهٔ بسته فرستاده شد و به نوبت خود ثبت می‌شود."
    return visit.redirect(f"/exchange/{found.announced.id}", told=told)


def at_my_office(visit: Visit) -> AtOffice | None:
    """The package of the path, where a library of one's own keeps it."""
    with visit.read() as reader:
        return at_office(reader, visit.scope, visit.id("package"), visit.centre.clock.read().day)


def announced_to_libraries(visit: Visit) -> tuple[BranchFacts, AnnouncedList] | None:
    """The list of the announced package of the path, with the library it comes from."""
    found = _announced(visit)
    if found is None:
        return None
    with visit.centre.store.read(_near(visit)) as reader:
        here = BranchReader(reader, found.announced.branch_id)
        branch = here.one(BRANCH_FACTS, branch=found.announced.branch_id)
        told = announced_list(here, found.announced.id)
    return (branch, told) if branch is not None and isinstance(told, AnnouncedList) else None


def package_page(visit: Visit, refused: Sequence[Refusal] = ()) -> Response:
    """The page of a package, with whatever speaks against what was sent from it."""
    announced, kept = _announced(visit), at_my_office(visit)
    if announced is None and kept is None:
        return visit.missing()
    branch_id = kept.branch.id if kept else announced.announced.branch_id if announced else None
    libraries: Sequence[LibraryFacts] = ()
    today = visit.centre.clock.read().day
    if announced is not None and visit.person.role in RULING:
        with visit.centre.store.read(_near(visit)) as reader:
            libraries = libraries_for(reader, visit.person, announced.announced, today)
    with visit.centre.store.read() as reader:
        asks = on_the_way(reader, branch_id, visit.id("package")) if branch_id else ()
        deeds = _deeds(visit, reader, kept) if kept else None
    return visit.render(
        "exchange_package.html", status=422 if refused else 200, refused=refused, found=announced, kept=kept,
        package_id=visit.id("package"), deeds=deeds, today=today, libraries=libraries, sent=asks, words=WORDS,
        names={one.id: one.name for one in libraries}, chosen=visit.text("library"), ticked=visit.texts("item"),
        options=[(one.id, f"{one.name} ({one.county})") for one in libraries], handed=HANDOVER, kilograms=kilograms,
        ranks={rank: EXCHANGE_RANK[rank.name.lower()] for rank in Rank}, may_ask=visit.person.role in RULING,
        stages=EXCHANGE_STAGE, why=why, way_out=way_out, tried=visit.asked.params.get("step", ""), typed=visit.text,
        days=announced.announced.days_left(today) if announced else None, tabs=TABS,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Deeds:
    """What the person may do with a package on its page: forms that can be sent now, and what is under way. `seen` is
    the mark of the proposal on the page; `against` what speaks against confirming it, `held_back` why what is left may
    not go on yet."""

    forms: frozenset[str]
    sent: tuple[Done, ...]
    waiting: frozenset[Subject]
    seen: str = ""
    against: tuple[Refusal, ...] = ()
    held_back: tuple[Refusal, ...] = ()

    @property
    def of_package(self) -> frozenset[str]:
        """Those that stand beside each other; the others stand in the rows of what they are about."""
        return self.forms - IN_ROWS


def mark(allot: Allot) -> str:
    """By what the page that was seen knows the proposal again."""
    return hashlib.blake2b(msgspec.json.encode(allot), digest_size=16).hexdigest()


def _deeds(visit: Visit, reader: Reader, kept: AtOffice) -> Deeds:
    """`reader` is the centre's own: offices may not read what directives say."""
    package, office = kept.detail.standing.package, office_of(visit.person)
    sent = done_on_the_way(reader, kept.branch.id, package.id)
    waiting = frozenset(subject_of(one.deed) for one in sent if one.is_open)
    forms = set()
    if office is not None and office is kept.holder and None not in waiting:
        forms = {FORM_OF[step] for step in kept.detail.standing.steps if step in FORM_OF}
        forms |= {"deliver", "release", "decline"}
    kind = KIND_AT[office] if office else None
    handover = next((one.package for one in kept.detail.handovers if one.package.kind is kind), None)
    expected = office is ExchangeLevel.COUNTY and package.state is DisposalState.PACKED
    if office not in waiting and (expected or (handover is not None and not handover.receipt_no)):
        forms.add("receive")
    held_back = onward_refusals(reader, kept, visit.centre.clock.read().day) if forms & ONWARD else ()
    forms -= ONWARD if held_back else frozenset()
    if kept.proposal is None:
        return Deeds(frozenset(forms), sent, waiting, held_back=held_back)
    against = tuple(allocation_refusals(kept.proposal, visit.centre.clock.read().day))
    seen = mark(confirmation(reader, kept.proposal, visit.act()))
    return Deeds(frozenset(forms), sent, waiting, seen, against, held_back)


def _near(visit: Visit) -> Scope:
    """The libraries whose announcements concern this office."""
    with visit.centre.store.read() as reader:
        return Scope(DbRole.REVIEW, neighbours(reader, visit.person))


def _announced(visit: Visit) -> AnnouncedPackage | None:
    with visit.centre.store.read(_near(visit)) as reader:
        return package(reader, visit.scope, visit.id("package"), visit.centre.clock.read().day)


PAGES = (
    Page("/exchange", "GET", announcements, who=REVIEWERS, nav=Nav("تابلوی مبادله", "arrows-exchange")),
    Page("/exchange/{package}", "GET", one_package, who=REVIEWERS),
    Page("/exchange/{package}/request", "POST", ask, who=RULING),
)
ANNOUNCED = first_of(Disposal, "/exchange", Disposal.state == DisposalState.ANNOUNCED)
SHOTS = (
    Shot("exchange", "/exchange", user="county"),
    Shot("exchange-package", ANNOUNCED, user="county"),
)
