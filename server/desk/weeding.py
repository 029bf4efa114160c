"""Weeding minutes at the headless desk, and the stored files of finalised forms."""

import hashlib
from pathlib import Path
from types import MappingProxyType
from typing import assert_never

from app.outcome import NotFound, Refused, Sought
from app.papers import StoredDocument, document
from app.persian.digits import to_latin
from app.persian.text import clean
from app.refusal import Answer
from app.weeding.facts import CopyFacts, Proposal
from app.weeding.minutes.editions import FORM_KINDS
from app.weeding.minutes.reads import find_minutes
from app.weeding.service import AlreadyListed, Listed, ListingRefused, finalise, propose
from db.codes import DocumentKind, WeedingReason
from db.files import safe_write
from reports.forms.minutes import print_minutes
from server.desk import requests
from server.desk.answers import Facts, done, invalid, missing, not_found, not_yet, refused, unreadable
from server.desk.binding import stored_form
from server.desk.keys import item_key
from server.desk.once import is_done
from server.desk.session import Session
from server.desk.values import day

REASON_OF_FORM = MappingProxyType({kind: reason for reason, kind in FORM_KINDS.items()})


def propose_copies(session: Session, request: requests.WeedingPropose) -> Facts:
    """Put copies on the draft minutes of a reason: a line for each, listed or refused with its article.

    Each copy is a transaction of its own, and so is its key.
    """
    proposal = Proposal(
        reason=request.reason,
        criterion=to_latin(clean(request.criterion)) if request.criterion else None,
        unbindable=request.unbindable,
        permit_no=clean(request.permit) if request.permit else None,
        permit_on=day(request.permit_on),
        replaced_by=request.replaced_by,
        remark=clean(request.remark) if request.remark else None,
    )
    lines = [
        _propose(
            session, scanned, proposal, frozenset(request.confirm), f"{request.key}#{place}" if request.key else None
        )
        for place, scanned in enumerate(request.items, 1)
    ]
    outcomes = {line["outcome"] for line in lines}
    if "listed" in outcomes or outcomes == {"already_done"}:
        return done("listed" if "listed" in outcomes else "already_done", lines=lines)
    reasons = [reason for line in lines for reason in line.get("refusals", ())]
    return refused(()) | {"refusals": reasons, "lines": lines}


def _propose(session: Session, scanned: str, proposal: Proposal, confirmed: frozenset[str], key: str | None) -> Facts:
    item = item_key(session, scanned)
    if item is None:
        return unreadable(Sought.ITEM) | {"item": clean(scanned, 64)}
    if key is not None and _was_listed(session, key):
        return done("already_done", item=item)
    outcome = propose(session.library, item, proposal, session.act(key), Answer(confirm=confirmed))
    match outcome:
        case Listed():
            return done("listed", row=outcome.position, article=outcome.article, **_copy(outcome.copy))
        case AlreadyListed():
            return done("already_done", **_copy(outcome.copy))
        case ListingRefused():
            return refused(outcome.refusals, **_copy(outcome.copy))
        case NotFound():
            return missing(outcome) | {"item": item}
        case _:
            assert_never(outcome)


def _was_listed(session: Session, key: str) -> bool:
    with session.library.store.read() as reader:
        return is_done(reader, key)


def _copy(copy: CopyFacts) -> Facts:
    return {"item": copy.id, "barcode": copy.barcode, "accession_no": copy.accession_no, "title": copy.title}


def minutes(session: Session, request: requests.WeedingMinutes) -> Facts:
    """Give the draft its number and freeze it, with its PDF and Excel files, in one transaction."""
    outcome = finalise(session.library, request.reason, print_minutes, session.act(request.key))
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done(
        "finalised",
        minutes=outcome.minutes_id,
        number=outcome.number,
        rows=outcome.rows,
        pages=outcome.pages,
        sha256=outcome.sha256,
    )


def write_form(session: Session, request: requests.Form) -> Facts:
    """Write the stored bytes of a finalised form to the files named; they are never made anew (002 م7-13)."""
    reason = REASON_OF_FORM.get(request.kind)
    if reason is None and request.kind is not DocumentKind.BINDING:
        return not_yet(request.kind, "kind")
    for field, path in (("pdf", request.pdf), ("xlsx", request.xlsx)):
        if path is not None and Path(path).suffix.lower() != f".{field}":
            return invalid(f"نام فایل «{field}» باید به ‎.{field}‎ پایان یابد.", "نام فایل را درست کنید.", field)
    stored = stored_form(session, request.number) if reason is None else _stored(session, reason, request)
    if stored is None:
        return not_found(Sought.BINDING if reason is None else Sought.MINUTES)
    pdf, xlsx = stored
    for path, kept in ((request.pdf, pdf), (request.xlsx, xlsx)):
        if path is not None:
            safe_write(Path(path), kept.content)
    return done(
        "written",
        number=pdf.number,
        pages=pdf.pages,
        sha256=hashlib.sha256(pdf.content).hexdigest(),
        xlsx_sha256=hashlib.sha256(xlsx.content).hexdigest(),
    )


def _stored(
    session: Session, reason: WeedingReason, request: requests.Form
) -> tuple[StoredDocument, StoredDocument] | None:
    with session.library.store.read() as reader:
        found = find_minutes(reader, request.number, request.revision)
        if found is None or found.reason is not reason or found.document_id is None or found.sheet_id is None:
            return None
        pdf, xlsx = (document(reader, kept) for kept in (found.document_id, found.sheet_id))
    return None if pdf is None or xlsx is None else (pdf, xlsx)
