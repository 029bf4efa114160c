"""The archive of weeding minutes at the headless desk: finding, filing receipts, the binder list, and the letter of
refused titles (002 م7-10، م7-13، م7-15)."""

from pathlib import Path as FilePath
from typing import assert_never

from app.outcome import NotFound, Refused, Sought
from app.papers import frozen_paper
from app.weeding.minutes.archive import Filed, Wanted, binder, find_archived, read_scan
from app.weeding.minutes.attaching import Attached, Attachment, attach, attachments_of
from app.weeding.minutes.deliveries import Delivery, deliveries_of
from app.weeding.minutes.reads import find_minutes, revisions_of
from app.weeding.minutes.refused import refused_titles
from app.weeding.queries import ArchivedMinutes
from app.weeding.service import minutes_number
from db.files import safe_write
from reports.binder_list import binder_pdf, binder_xlsx
from reports.refused_titles import print_refused_titles
from server.desk.answers import Facts, done, invalid, missing, not_found, refused
from server.desk.files import written, wrong_suffix
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, Path, Word, day


class MinutesFind(Request, kw_only=True):
    """What is looked for: a number («1405/12», «12»), days, words of a title or author, or the number of a copy."""

    number: Word | None = None
    since: Day | None = None
    until: Day | None = None
    title: Line | None = None


class MinutesPapers(Request, kw_only=True):
    """Every edition and attachment of minutes."""

    number: Word


class MinutesAttach(Request, kw_only=True):
    """File a scanned letter or receipt with minutes."""

    number: Word
    file: Path


class MinutesAttachment(Request, kw_only=True):
    """Write an attachment to a file, as it was filed; `place` counts from 1 in the order of filing."""

    number: Word
    place: int
    file: Path


class MinutesBinder(Request, kw_only=True):
    """The binder list of a period, both days included."""

    since: Day
    until: Day
    pdf: Path | None = None
    xlsx: Path | None = None


class RefusedLetter(Request, kw_only=True):
    """The letter of the copies of minutes whose weeding was refused."""

    number: Word
    pdf: Path


def find(session: Session, request: MinutesFind) -> Facts:
    """Frozen editions, the newest first."""
    wanted = Wanted(request.number or "", day(request.since), day(request.until), request.title or "")
    with session.library.store.read() as reader:
        found = find_archived(reader, wanted)
    return done("found", minutes=list(map(_edition, found)))


def papers(session: Session, request: MinutesPapers) -> Facts:
    """The papers of minutes, each with its hash. Raises Trouble P-1105 where the bytes of a
    paper are not those that were frozen."""
    with session.library.store.read() as reader:
        minutes = find_minutes(reader, request.number)
        if minutes is None:
            return not_found(Sought.MINUTES)
        editions = []
        for one in revisions_of(reader, minutes):
            kept = (frozen_paper(reader, paper) for paper in (one.document_id, one.sheet_id) if paper is not None)
            editions.append(
                {"revision": one.revision, "state": one.state, "on": one.finalised_on}
                | dict(zip(("sha256", "xlsx_sha256"), (paper.sha256 for paper in kept), strict=False))
            )
        attachments = list(map(_attachment, attachments_of(reader, minutes)))
        delivered = list(map(_delivery, deliveries_of(reader, minutes)))
    return done("found", number=minutes.number_text, editions=editions, attachments=attachments, deliveries=delivered)


def file_paper(session: Session, request: MinutesAttach) -> Facts:
    """Keep a file with minutes, whatever their state; the same file twice is one."""
    outcome = attach(session.library, request.number, read_scan(FilePath(request.file)), session.act(request.key))
    match outcome:
        case Attached():
            facts = {"document": outcome.document_id, "minutes": outcome.minutes_id}
            return done("already_done" if outcome.already else "attached", **facts)
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def write_attachment(session: Session, request: MinutesAttachment) -> Facts:
    """Write an attachment as it was filed. Raises Trouble P-1105 where its bytes are not."""
    with session.library.store.read() as reader:
        minutes = find_minutes(reader, request.number)
        if minutes is None:
            return not_found(Sought.MINUTES)
        filed = attachments_of(reader, minutes)
        if not 1 <= request.place <= len(filed):
            return invalid("این صورتجلسه چنین پیوستی ندارد.", "شمارهٔ پیوست را از «minutes.papers» بردارید.", "place")
        attachment = filed[request.place - 1]
        safe_write(FilePath(request.file), frozen_paper(reader, attachment.id).content)
    return done("written", file=request.file, **_attachment(attachment))


def list_binder(session: Session, request: MinutesBinder) -> Facts:
    """What lies in the binder of a period, by date."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf") or wrong_suffix(request.xlsx, ".xlsx", "xlsx")
    if wrong is not None:
        return wrong
    since, until = request.since.value, request.until.value
    with session.library.store.read() as reader:
        filed = binder(reader, since, until)
    if request.pdf:
        safe_write(FilePath(request.pdf), binder_pdf(session.library.branch, filed, since, until))
    if request.xlsx:
        safe_write(FilePath(request.xlsx), binder_xlsx(filed, since, until))
    return done("written" if request.pdf or request.xlsx else "found", minutes=list(map(_filed, filed)))


def write_refused(session: Session, request: RefusedLetter) -> Facts:
    """The letter of refused titles as a PDF file."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf")
    if wrong is not None:
        return wrong
    letter = refused_titles(session.library, request.number, session.act(None).day)
    if isinstance(letter, NotFound):
        return missing(letter)
    if isinstance(letter, Refused):
        return refused(letter.refusals)
    paper = written(request.pdf, print_refused_titles(letter))
    return done("written", number=letter.number, copies=len(letter.rows), **paper)


def _edition(minutes: ArchivedMinutes) -> Facts:
    return {
        "number": minutes_number(minutes.year, minutes.number), "revision": minutes.revision,
        "reason": minutes.reason, "state": minutes.state, "on": minutes.finalised_on, "copies": minutes.copies,
    }  # fmt: skip


def _filed(filed: Filed) -> Facts:
    return {
        "number": filed.number, "revision": filed.revision, "reason": filed.reason, "state": filed.state,
        "on": filed.finalised_on, "copies": filed.copies,
        "letters": [
            {"letter_no": letter.number, "letter_on": letter.day, "step": letter.kind, "level": letter.level}
            for letter in filed.letters
        ],
        "attachments": list(map(_attachment, filed.attachments)),
        "deliveries": list(map(_delivery, filed.deliveries)),
    }  # fmt: skip


def _delivery(delivery: Delivery) -> Facts:
    return {
        "delivery": delivery.id, "kind": delivery.kind, "on": delivery.day, "number": delivery.number_text or None,
        "receipt_no": delivery.receipt_no, "receiver": delivery.receiver, "copies": delivery.copies,
    }  # fmt: skip


def _attachment(attachment: Attachment) -> Facts:
    return {
        "name": attachment.file_name, "media_type": attachment.media_type, "sha256": attachment.sha256,
        "at": attachment.made_at,
    }  # fmt: skip
