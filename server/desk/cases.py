"""Conflicts that wait for a person, at the headless desk."""

import uuid
from typing import Any

from app.conflicts.cases import Case, decide_case, every_case, open_cases
from app.outcome import NotFound, Refused
from server.desk.answers import Facts, done, missing, refused
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Codes, Word


class CaseList(Request, kw_only=True):
    """What waits for a decision; with `all` also what was decided."""

    all: bool = False


class CaseDecide(Request, kw_only=True):
    """A decision: one of the choices of the case; with `fields` of its fields these alone."""

    case: uuid.UUID
    choice: Word
    fields: Codes = ()


def list_all(session: Session, request: CaseList) -> Facts:
    """Cases with both stories and the choices."""
    with session.library.store.read() as reader:
        found = every_case(reader) if request.all else open_cases(reader)
    return done("found", rows=[_facts(case) for case in found])


def decide(session: Session, request: CaseDecide) -> Facts:
    """Decide a case, and do what that means here."""
    outcome = decide_case(session.library, request.case, request.choice, session.act(request.key), request.fields)
    if isinstance(outcome, NotFound):
        return missing(outcome)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("already_done" if outcome.already else "decided", **_facts(outcome.case))


def _facts(case: Case) -> dict[str, Any]:
    return {
        "case": case.id,
        "kind": case.kind,
        "title": case.title,
        "about": case.about,
        "stories": [{"whose": story.whose, "lines": list(story.lines)} for story in case.stories],
        "choices": [
            {
                "choice": option.choice,
                "words": option.words,
                "follows": option.follows,
                "fields": [name for name, _ in option.parts],
            }
            for option in case.options
        ],
        "state": case.state,
        "opened_at": case.opened_at,
        "decision": case.decision,
    }
