"""The rules at the headless desk: setting them, asking which row decides and why, their versions and their files."""

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, assert_never

import msgspec
from msgspec import Meta

from app.circulation import reads
from app.circulation.explain import Step, Why, explain_item, explain_loan, explain_next, words
from app.outcome import NotFound, Refused, Sought
from app.policy.diff import PolicyDiff, differences
from app.policy.document import write_document
from app.policy.parameters import PARAMETERS
from app.policy.problems import Problem
from app.policy.service import PolicyFaulty, PolicyOutcome, PolicySet, PolicyUnchanged, go_back, set_policy
from app.policy.stored import PolicyVersion, policy_of_version, versions
from app.policy.summary import summary
from app.policy.table import BY_DEFAULT, PolicyTable, Terms
from db.codes import RuleStatus
from db.files import safe_write
from reports.policy_file import SUFFIXES, as_in_force, import_policy, is_policy_file, policy_bytes
from server.desk import requests, values
from server.desk.answers import Facts, done, invalid, missing, not_found, refused, unreadable
from server.desk.keys import item_key, member_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Word, day

WAY_OUT = "آن را درست کنید و همهٔ جدول را دوباره بفرستید."
NO_VERSION = "نسخه‌ای از قواعد با این شماره نیست. فهرست نسخه‌ها را بخوانید و شمارهٔ یکی از آن‌ها را بفرستید."
Version = Annotated[int, Meta(ge=1, le=10**9)]


class PolicyExplain(Request, kw_only=True):
    """Which rules hold for a member and a copy; or, for a loan or the copy of one, which decided it then."""

    member: str | None = None
    item: str | None = None
    loan: uuid.UUID | None = None


class PolicyShow(Request, kw_only=True):
    """One version; the one in force where none is named."""

    version: Version | None = None


class PolicyCompare(Request, kw_only=True):
    """Two versions."""

    since: Version = msgspec.field(name="from")
    to: Version


class PolicyBack(Request, kw_only=True):
    """The version to go back to, from when."""

    version: Version
    effective_from: Day | None = None


class PolicyExport(Request, kw_only=True):
    """The file to write (.toml or .xlsx), and which version."""

    file: values.Path
    version: Version | None = None


class PolicyImport(Request, kw_only=True):
    """The file to read; `status` takes the place of that in the file."""

    file: values.Path
    status: RuleStatus | None = None


class PolicyTry(Request, kw_only=True):
    """A member category and an item type. `branch`: whose copy it is, if another library's; `parameters` names those
    that are wanted, `version` another than in force."""

    category: Word
    item_type: Word
    branch: Annotated[str, Meta(max_length=300)] | None = None
    parameters: Annotated[tuple[Word, ...], Meta(max_length=200)] = ()
    version: Version | None = None


def set_table(session: Session, request: requests.PolicySet) -> Facts:
    """Put a whole table in force as the next version."""
    document = {
        "title": request.title,
        "version": request.version,
        "profile": request.profile,
        "source": request.source,
        "status": request.status,
        "effective_from": day(request.effective_from),
        "categories": request.categories,
        "rows": request.rows,
    }
    return _told(set_policy(session.library, document, session.act(request.key)))


def take_in(session: Session, request: PolicyImport) -> Facts:
    """Put the table of a file in force as the next version; problems name their place in the file."""
    path = Path(request.file)
    if not is_policy_file(path):
        return _wrong_suffix()
    return _told(import_policy(session.library, path, session.act(request.key), request.status))


def restore(session: Session, request: PolicyBack) -> Facts:
    """Go back to an older version: its rows become the next one."""
    act = session.act(request.key)
    outcome = go_back(session.library, request.version, act, day(request.effective_from))
    return _no_version("version") if outcome is None else _told(outcome)


def _told(outcome: PolicyOutcome) -> Facts:
    match outcome:
        case PolicySet():
            return done("set", version=outcome.version, effective_from=outcome.effective_from)
        case PolicyUnchanged():
            return done("already_done", version=outcome.version)
        case PolicyFaulty():
            return refused(()) | {"refusals": [_problem(problem) for problem in outcome.problems]}
        case Refused():
            return refused(outcome.refusals)
        case _:
            assert_never(outcome)


def _problem(problem: Problem) -> Facts:
    return {
        "code": problem.code,
        "rule": problem.row or None,
        "parameter": problem.parameter or None,
        "limit": None,
        "have": None,
        "overridable": False,
        "message": f"{problem.text} {WAY_OUT}",
    }


def explain(session: Session, request: PolicyExplain) -> Facts:
    """Every parameter with the row, source and article it comes from, and how the due date comes about."""
    if request.loan is not None:
        return _explained(explain_loan(session.library, request.loan))
    if request.item is None:
        return invalid("«item» یا «loan» نوشته نشده است.", "نسخه، یا شناسهٔ امانت را بفرستید.", "item")
    item = item_key(session, request.item)
    if item is None:
        return unreadable(Sought.ITEM)
    if request.member is None:
        return _explained(explain_item(session.library, item))
    member = member_key(session, request.member)
    if member is None:
        return _no_member(session, item)
    return _explained(explain_next(session.library, member, item))


def _no_member(session: Session, item: str) -> Facts:
    """A card nobody can have; a copy that is not there is told first."""
    with session.library.store.read() as reader:
        found = reads.find_item(reader, item)
    return unreadable(Sought.MEMBER) if found else not_found(Sought.ITEM)


def _explained(why: Why | NotFound) -> Facts:
    if isinstance(why, NotFound):
        return missing(why)
    row = why.row
    return done(
        "explained",
        loan=why.loan_id,
        version=why.version,
        title=why.policy_title,
        effective_from=why.effective_from,
        category=why.category,
        item_type=why.item_type,
        loan_rule=why.rule,
        name=row.name or None if row else None,
        source=row.source or None if row else None,
        article=row.article if row else None,
        due=why.due_on,
        steps=[_step(step) for step in why.steps],
        summary=summary(why.terms) if why.terms else None,
        parameters=_parameters(why.terms, PARAMETERS) if why.terms else [],
    )


def _step(step: Step) -> Facts:
    return {
        "kind": step.kind,
        "day": step.day,
        "parameter": step.parameter or None,
        "rule": step.rule or None,
        "closed": [{"day": closed.day, "name": closed.name} for closed in step.closed],
        "limit": step.limit,
        "count": step.count or None,
        "message": words(step),
    }


def _parameters(terms: Terms, names: Iterable[str]) -> list[Facts]:
    return [_parameter(terms, name) for name in names]


def _parameter(terms: Terms, name: str) -> Facts:
    parameter, row = PARAMETERS[name], terms.row(name)
    return {
        "name": name,
        "group": parameter.group,
        "label": parameter.label,
        "value": msgspec.to_builtins(terms.value(name)),
        "unit": parameter.unit or None,
        "row": row.key if row else BY_DEFAULT,
        "source": (row.source or None) if row else None,
        "article": row.article if row else None,
    }


def try_rules(session: Session, request: PolicyTry) -> Facts:
    """What holds for a category and an item type, without a member and a copy."""
    unknown = [name for name in request.parameters if name not in PARAMETERS]
    if unknown:
        return invalid(f"«{unknown[0]}» نام هیچ قاعده‌ای نیست.", "نام درست را بفرستید.", "parameters")
    if request.category not in session.library.categories:
        return invalid("این گروه عضویت شناخته‌شده نیست.", "یکی از گروه‌های کتابخانه را بفرستید.", "category")
    table = _version(session, request.version)
    if table is None:
        return _no_version("version")
    here = session.library.branch.name
    home = here if request.branch is None else request.branch
    terms = table.between(home, here, request.category, request.item_type)
    return done(
        "explained",
        version=table.version,
        category=request.category,
        item_type=request.item_type,
        loan_rule=terms.loan_rule,
        summary=summary(terms),
        parameters=_parameters(terms, request.parameters or PARAMETERS),
    )


def list_versions(session: Session, _: Request) -> Facts:
    """Every stored version, the newest first; `in_force` is the one that decides today."""
    with session.library.store.read() as reader:
        found = versions(reader)
    return done("listed", versions=[_head(version, session.library.policy.version) for version in found])


def _head(version: PolicyVersion, in_force: int) -> Facts:
    return {
        "version": version.version,
        "title": version.title,
        "status": version.status,
        "effective_from": version.effective_from,
        "profile": version.profile,
        "source": version.source,
        "rows": version.rows,
        "in_force": version.version == in_force,
    }


def show(session: Session, request: PolicyShow) -> Facts:
    """One version as the document that `policy.set` takes."""
    table = _version(session, request.version)
    if table is None:
        return _no_version("version")
    return done("shown", **write_document(table), in_force=table.version == session.library.policy.version)


def compare(session: Session, request: PolicyCompare) -> Facts:
    """What became different from one version to another."""
    tables: Sequence[PolicyTable | None] = [_version(session, number) for number in (request.since, request.to)]
    old, new = tables
    if old is None or new is None:
        return _no_version("from" if old is None else "to")
    return done("compared", **_differences(differences(old, new)))


def _differences(diff: PolicyDiff) -> Facts:
    return {
        "head": [{"name": change.name, "was": change.was, "became": change.became} for change in diff.head],
        "rows": [
            {
                "row": row.key,
                "change": row.kind,
                "parameters": [
                    {"name": change.name, "change": change.kind, "was": change.was, "became": change.became}
                    for change in row.parameters
                ],
            }
            for row in diff.rows
        ],
    }


def export(session: Session, request: PolicyExport) -> Facts:
    """Write a version to a file, in the format of its suffix."""
    path = Path(request.file)
    if not is_policy_file(path):
        return _wrong_suffix()
    table = _version(session, request.version)
    if table is None:
        return _no_version("version")
    content = policy_bytes(as_in_force(table, session.library.policy.version), path)
    safe_write(path, content)
    return done(
        "written",
        version=table.version,
        format=path.suffix.lower()[1:],
        rows=len(table.rows),
        sha256=hashlib.sha256(content).hexdigest(),
    )


def _version(session: Session, version: int | None) -> PolicyTable | None:
    if version is None:
        return session.library.policy
    with session.library.store.read() as reader:
        return policy_of_version(reader, version)


def _no_version(field: str) -> Facts:
    return {"ok": False, "outcome": "not_found", "what": "policy", "field": field, "message": NO_VERSION}


def _wrong_suffix() -> Facts:
    names = " یا ".join(f"‎{suffix}‎" for suffix in SUFFIXES)
    return invalid(f"نام فایل باید به {names} پایان یابد.", "نام فایل را درست کنید.", "file")
