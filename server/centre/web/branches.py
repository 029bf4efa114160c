"""How the libraries are doing: last heard of, versions, what waits, cases; and, for the administrator, computers that
are believed no longer. Codes that let a new one in: `server.centre.web.enrolling`."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.responses import Response

from app.persian.text import fold, tokens
from app.review.branches import LOST_DAYS, QUIET_DAYS, BranchHealth, health
from app.sync.admitting import ENROLLING, may_let_in, open_codes
from app.sync.enrolling import revoke_device
from db.models.library import Branch
from server.centre.web.finding import first_of
from server.centre.web.packages import CARRIERS
from server.centre.web.pages import ADMINISTRATORS, REVIEWERS, Nav, Page, Shot, Visit

PAGE = 50
TONES: Mapping[str, str] = MappingProxyType({"ok": "خوب", "warn": "نیازمند توجه", "refuse": "بی‌خبر"})


def show_branches(visit: Visit) -> Response:
    """Every library in scope, or those of a name or place, those one should ask after first."""
    sought = visit.text("q")
    with visit.read() as reader:
        found = [one for one in health(reader, visit.scope) if _is_named(one, sought)]
    tones = {one.id: one.tone(visit.now) for one in found}
    wanted = visit.text("tone")
    rows = sorted(found, key=lambda one: (tuple(TONES).index(tones[one.id]) * -1, one.county, one.name))
    chosen = [one for one in rows if wanted in ("", tones[one.id])]
    start = (visit.page_no - 1) * PAGE
    query = {name: said for name, said in (("tone", wanted), ("q", sought)) if said}
    return visit.render(
        "branches.html", rows=chosen[start : start + PAGE], tones=tones, words=TONES, wanted=wanted,
        counts={tone: sum(said == tone for said in tones.values()) for tone in TONES},
        waiting=sum(one.waiting for one in found), cases=sum(one.open_cases for one in found),
        set_aside=sum(one.set_aside for one in found), more=len(chosen) > start + PAGE, total=len(chosen),
        quiet=QUIET_DAYS, lost=LOST_DAYS, query=query,
        sought=sought, lets_in=visit.person.role in ENROLLING,
    )  # fmt: skip


def _is_named(branch: BranchHealth, sought: str) -> bool:
    """Whether every word that is sought stands in the name or place of a library."""
    told = fold(f"{branch.name} {branch.county} {branch.province}")
    return all(word in told for word in tokens(sought))


def one_branch(visit: Visit) -> Response:
    """One library with its computers and open cases."""
    found = _branch(visit)
    return visit.missing() if found is None else _page(visit, found)


def revoke(visit: Visit) -> Response:
    """Believe a computer no longer."""
    found, device = _branch(visit), visit.id("device")
    if found is None or device not in {one.id for one in found.devices}:
        return visit.missing()
    done = revoke_device(visit.centre, device, visit.act())
    told = "این رایانه دیگر پذیرفته نمی‌شود. برای کار دوباره رمز تازه لازم دارد." if done else "پیش‌تر از کار افتاده بود."
    return visit.redirect(f"/branches/{found.id}", told=told, tone="ok" if done else "info")


def _branch(visit: Visit) -> BranchHealth | None:
    branch_id = visit.id("branch")
    if not visit.sees(branch_id):
        return None
    with visit.read() as reader:
        return next(iter(health(reader, [branch_id])), None)


def _page(visit: Visit, found: BranchHealth) -> Response:
    lets_in = may_let_in(visit.person, found.province, found.county)
    with visit.centre.store.read() as reader:
        codes = open_codes(visit.centre, reader, visit.person) if lets_in else []
    return visit.render(
        "branch.html", found=found, tone=found.tone(visit.now), words=TONES,
        codes=[one for one in codes if one.branch_id == found.id], lets_in=lets_in,
        days=found.quiet_days(visit.now), may=visit.person.role in ADMINISTRATORS,
        carries=visit.person.role in CARRIERS,
    )  # fmt: skip


PAGES = (
    Page("/branches", "GET", show_branches, who=REVIEWERS, nav=Nav("وضع کتابخانه‌ها", "plug-connected")),
    Page("/branches/{branch}", "GET", one_branch, who=REVIEWERS),
    Page("/branches/{branch}/devices/{device}/revoke", "POST", revoke, who=ADMINISTRATORS, strong=True),
)
SHOTS = (
    Shot("branches", "/branches", user="province"),
    Shot("branch", first_of(Branch, "/branches"), user="admin"),
)
