"""The rules at the headless desk: setting them, and asking which row decides and why."""

from typing import assert_never

import msgspec

from app.circulation import reads
from app.outcome import Refused, Sought
from app.policy.parameters import PARAMETERS
from app.policy.problems import Problem
from app.policy.service import PolicyFaulty, PolicySet, PolicyUnchanged, set_policy
from app.policy.table import BY_DEFAULT, Terms
from server.desk import requests
from server.desk.answers import Facts, done, not_found, refused, unreadable
from server.desk.keys import item_key, member_key
from server.desk.session import Session
from server.desk.values import day

WAY_OUT = "آن را درست کنید و همهٔ جدول را دوباره بفرستید."


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
    outcome = set_policy(session.library, document, session.act(request.key))
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


def explain(session: Session, request: requests.PolicyExplain) -> Facts:
    """Every parameter that holds for a member and a copy, with the row, source and article it comes from."""
    member_code, item_code = member_key(session, request.member), item_key(session, request.item)
    with session.library.store.read() as reader:
        member = reads.find_member(reader, member_code) if member_code else None
        item = reads.find_item(reader, item_code) if item_code else None
    if item is None:
        return not_found(Sought.ITEM) if item_code else unreadable(Sought.ITEM)
    if member is None:
        return not_found(Sought.MEMBER) if member_code else unreadable(Sought.MEMBER)
    terms = session.library.terms(member.category, item.item_type)
    return done(
        "explained",
        version=session.library.policy.version,
        category=member.category,
        item_type=item.item_type,
        loan_rule=terms.loan_rule,
        parameters=[_parameter(terms, name) for name in PARAMETERS],
    )


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
