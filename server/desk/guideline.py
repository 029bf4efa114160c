"""The weeding and binding guideline at the headless desk: its versions, and storing another one."""

from typing import Annotated, Any, assert_never

from msgspec import Meta

from app.guideline.document import Problem, write_rules
from app.guideline.service import GuidelineFaulty, GuidelineSet, GuidelineUnchanged, set_guideline
from app.guideline.stored import guideline_of_version, guidelines
from app.guideline.table import Guideline
from app.outcome import Refused
from db.codes import RuleStatus
from server.desk.answers import Facts, done, refused
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, day

WAY_OUT = "آن را درست کنید و دوباره بفرستید."
NO_VERSION = "نسخه‌ای از دستورالعمل با این شماره نیست. فهرست نسخه‌ها را بخوانید و شمارهٔ یکی از آن‌ها را بفرستید."
Figures = dict[str, Any]
Rows = Annotated[tuple[dict[str, Any], ...], Meta(max_length=500)]


class GuidelineVersion(Request, kw_only=True):
    """One version; the one in force where none is named."""

    version: Annotated[int, Meta(ge=1, le=10**9)] | None = None


class GuidelineSetting(Request, kw_only=True):
    """Store another version. What is left out stays as it is in force."""

    title: Line | None = None
    source: Line | None = None
    status: RuleStatus | None = None
    effective_from: Day | None = None
    thresholds: Figures | None = None
    terms: Figures | None = None
    criteria: Rows | None = None
    exemptions: Rows | None = None
    hints: Rows | None = None


def put(session: Session, request: GuidelineSetting) -> Facts:
    """Store another version, in force from its day on."""
    document = {
        "title": request.title,
        "source": request.source,
        "status": request.status,
        "effective_from": day(request.effective_from),
        "thresholds": request.thresholds,
        "terms": request.terms,
        "criteria": request.criteria,
        "exemptions": request.exemptions,
        "hints": request.hints,
    }
    outcome = set_guideline(session.library, document, session.act(request.key))
    match outcome:
        case GuidelineSet():
            return done("set", version=outcome.version, effective_from=outcome.effective_from)
        case GuidelineUnchanged():
            return done("already_done", version=outcome.version)
        case GuidelineFaulty():
            return refused(()) | {"refusals": [_problem(problem) for problem in outcome.problems]}
        case Refused():
            return refused(outcome.refusals)
        case _:
            assert_never(outcome)


def _problem(problem: Problem) -> Facts:
    return {
        "code": problem.code,
        "rule": None,
        "place": problem.place,
        "limit": None,
        "have": None,
        "overridable": False,
        "message": f"«{problem.place}»: {problem.text} {WAY_OUT}",
    }


def show(session: Session, request: GuidelineVersion) -> Facts:
    """One version as the document that `guideline.set` takes."""
    in_force = session.library.guideline
    found: Guideline | None = in_force
    if request.version is not None:
        with session.library.store.read() as reader:
            found = guideline_of_version(reader, request.version)
    if found is None:
        return {"ok": False, "outcome": "not_found", "what": "guideline", "field": "version", "message": NO_VERSION}
    return done("shown", **_head(found, in_force), **write_rules(found))


def list_versions(session: Session, _: Request) -> Facts:
    """Every version, the newest first; `in_force` is the one that decides today."""
    with session.library.store.read() as reader:
        found = guidelines(reader)
    return done("listed", versions=[_head(version, session.library.guideline) for version in found])


def _head(version: Guideline, in_force: Guideline) -> Facts:
    return {
        "version": version.version,
        "title": version.title,
        "source": version.source,
        "status": version.status,
        "effective_from": version.effective_from,
        "in_force": version.version == in_force.version,
    }
