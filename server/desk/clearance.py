"""Clearance at the headless desk: one reader, a whole list, and whether a certificate is genuine."""

import hashlib
from pathlib import Path as FilePath
from typing import assert_never

from app.clearance import reads
from app.clearance.batch import BatchRequest, clear_list
from app.clearance.facts import BatchLine, BatchReport, Certificate, ClearanceRefused, Cleared, MayBeCleared
from app.clearance.letters import letters_for
from app.clearance.service import CheckOutcome, ClearRequest, check_clearance, clear
from app.clearance.verify import verify
from app.outcome import NotFound, Refused, Sought
from db.files import safe_write
from reports.clearance import print_certificate
from reports.clearance_list import batch_pdf, batch_xlsx
from reports.letters import print_debt_letters
from server.desk.answers import Facts, done, invalid, missing, reason, refused, unreadable
from server.desk.circulation import answer_of, of_member
from server.desk.keys import member_key
from server.desk.requests import Answered, Request
from server.desk.session import Session
from server.desk.values import Line, Path, Text


class Clear(Answered, kw_only=True):
    """Clear a reader. The certificate is written to the file that is named."""

    member: str
    pdf: Path | None = None


class ClearanceVerify(Request, kw_only=True):
    """A code from the bars, or the text of the square; `member_no` asks whether it was made out to this number."""

    code: Text
    member_no: Line | None = None


class ClearanceBatch(Request, kw_only=True):
    """A list of readers. Without `certify` nothing is changed. Report and letters go to the files that are named."""

    file: Path
    reason: Line = ""
    certify: bool = False
    report: Path | None = None
    letters: Path | None = None


def clear_one(session: Session, request: Clear) -> Facts:
    """Clear a reader, or say every reason against it."""
    member = member_key(session, request.member)
    if member is None:
        return unreadable(Sought.MEMBER)
    if (wrong := _wrong_name("pdf", request.pdf, (".pdf",))) is not None:
        return wrong
    asked = ClearRequest(member, request.reason, answer_of(request))
    outcome = clear(session.library, asked, print_certificate, session.act(request.key))
    return _told(session, outcome, request.pdf)


def check(session: Session, request: Clear) -> Facts:
    """Whether a reader could be cleared now. Nothing is changed."""
    member = member_key(session, request.member)
    if member is None:
        return unreadable(Sought.MEMBER)
    asked = ClearRequest(member, request.reason, answer_of(request))
    return _told(session, check_clearance(session.library, asked, session.act()), None)


def _told(session: Session, outcome: CheckOutcome, path: str | None) -> Facts:
    match outcome:
        case Cleared():
            content = _write(session, outcome.certificate, path)
            name = "already_done" if outcome.already else "cleared"
            digest = hashlib.sha256(content).hexdigest() if content else None
            return done(name, **_certificate(outcome.certificate), sha256=digest, **of_member(outcome.member))
        case MayBeCleared():
            return done("may_be_cleared", **of_member(outcome.member))
        case ClearanceRefused():
            return refused(outcome.refusals, **of_member(outcome.member))
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def _write(session: Session, certificate: Certificate, path: str | None) -> bytes | None:
    """The frozen bytes, written to the file that is named; they are never made anew (002 م7-13)."""
    with session.library.store.read() as reader:
        content = reads.certificate_pdf(reader, certificate)
    if path is not None and content is not None:
        safe_write(FilePath(path), content)
    return content


def check_code(session: Session, request: ClearanceVerify) -> Facts:
    """Whether a certificate is genuine, as far as this library can tell."""
    found = verify(session.library, request.code, request.member_no)
    return done(found.verdict, certificate=found.number, day=found.day, ours=found.ours, of_member=found.of_member)


def clear_many(session: Session, request: ClearanceBatch) -> Facts:
    """A line for each line of the list, whatever became of it."""
    for field, path, suffixes in (
        ("report", request.report, (".xlsx", ".pdf")),
        ("letters", request.letters, (".pdf",)),
    ):
        if (wrong := _wrong_name(field, path, suffixes)) is not None:
            return wrong
    act = session.act(request.key)
    asked = BatchRequest(FilePath(request.file), request.reason, request.certify)
    outcome = clear_list(session.library, asked, print_certificate, act)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    letters = letters_for(session.library, outcome.refused, act)
    if request.letters is not None and letters:
        safe_write(FilePath(request.letters), print_debt_letters(letters))
    if request.report is not None:
        safe_write(FilePath(request.report), _report(session, outcome, request.report))
    return done(
        "read",
        counts={str(result): count for result, count in outcome.counts.items()},
        letters=len(letters),
        lines=[_line(line) for line in outcome.lines],
    )


def _report(session: Session, report: BatchReport, path: str) -> bytes:
    if FilePath(path).suffix.lower() == ".xlsx":
        return batch_xlsx(report)
    branch = session.library.branch
    return batch_pdf(report, branch.name, branch.city, session.act().day)


def _wrong_name(field: str, path: str | None, suffixes: tuple[str, ...]) -> Facts | None:
    if path is None or FilePath(path).suffix.lower() in suffixes:
        return None
    wanted = " یا ".join(f"‎{suffix}‎" for suffix in suffixes)
    return invalid(f"نام فایل «{field}» باید به {wanted} پایان یابد.", "نام فایل را درست کنید.", field)


def _line(line: BatchLine) -> Facts:
    told: Facts = {"line": line.line, "code": line.text, "outcome": line.result}
    if line.member is not None:
        told |= of_member(line.member)
    if line.certificate is not None:
        told |= _certificate(line.certificate)
    if line.refusals:
        told["refusals"] = [reason(refusal) for refusal in line.refusals]
    return told


def _certificate(certificate: Certificate) -> Facts:
    return {"certificate": certificate.number, "certificate_code": certificate.code, "day": certificate.day}
