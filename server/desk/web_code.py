"""The code of a reader's pages at the headless desk."""

from typing import Literal, assert_never

from app.members.web_code import CodeGiven, give_web_code
from app.outcome import NotFound, Refused, Sought
from reports.web_code import CODE_PAPERS, CodePaper, web_code_slip
from server.desk.answers import Facts, done, missing, refused, unreadable
from server.desk.files import written, wrong_suffix
from server.desk.keys import member_key
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Path


class MemberWebCode(Request, kw_only=True):
    """Give a member a one-time code for their pages; `pdf`: the slip that tells it."""

    member: str
    pdf: Path | None = None
    paper: Literal["58", "80", "a6"] = "80"


def give(session: Session, request: MemberWebCode) -> Facts:
    """The code stands in this answer and nowhere else."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf")
    if wrong is not None:
        return wrong
    key = member_key(session, request.member)
    if key is None:
        return unreadable(Sought.MEMBER)
    outcome = give_web_code(session.library, key, session.act(request.key))
    match outcome:
        case CodeGiven():
            return _told(session, request, outcome)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def _told(session: Session, request: MemberWebCode, given: CodeGiven) -> Facts:
    paper: Facts = {}
    if request.pdf is not None:
        roll = CODE_PAPERS[CodePaper(request.paper)]
        paper = written(request.pdf, web_code_slip(session.library.branch, given, roll))
    return done(
        "given", member=given.member_id, card=given.number, code=given.code, address=given.address,
        until=given.until, **paper,
    )  # fmt: skip
