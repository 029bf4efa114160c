"""Accounts at the headless desk: lines and receipts shown, written as papers, and taken back. Rials."""

import uuid
from pathlib import Path as FilePath
from typing import Any, assert_never

from app.accounts.outcomes import LineVoided
from app.accounts.queries import AccountLine, LoanOf, ReceiptView, account_of, receipt_view
from app.accounts.voiding import VoidRequest, void_line, void_receipt
from app.circulation.reads import find_member
from app.outcome import NotFound, Refused, Sought
from app.refusal import Answer, Refusal
from db.files import safe_write
from reports.accounts import statement_pdf
from reports.receipts import RECEIPT_PAPERS, ReceiptPaper, receipt_pdf
from server.desk.answers import Facts, done, invalid, missing, not_found, refused, unreadable
from server.desk.circulation import of_member
from server.desk.keys import member_key
from server.desk.money import Pin, second_person
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Codes, Line, Name, Number, Path


class LedgerShow(Request, kw_only=True):
    """The account of a member; `pdf` writes it as a paper."""

    member: str
    pdf: Path | None = None


class LedgerVoid(Request, kw_only=True):
    """Take a line back by its opposite."""

    line: uuid.UUID
    reason: Line = ""
    second: Name | None = None
    second_pin: Pin = ""
    confirm: Codes = ()


class PaymentVoid(Request, kw_only=True):
    """Take a receipt of today back."""

    receipt: Number
    reason: Line = ""


class ReceiptShow(Request, kw_only=True):
    """A receipt; `pdf` writes it as a paper of the size named."""

    receipt: Number
    pdf: Path | None = None
    paper: ReceiptPaper = ReceiptPaper.MM_80


def show_account(session: Session, request: LedgerShow) -> Facts:
    """Every line of a member's account with what is open of it."""
    key = member_key(session, request.member)
    if key is None:
        return unreadable(Sought.MEMBER)
    with session.library.store.read() as reader:
        member = find_member(reader, key)
        account = account_of(reader, member) if member else None
    if account is None:
        return not_found(Sought.MEMBER)
    if request.pdf is not None:
        if wrong := wrong_suffix(request.pdf, "pdf"):
            return wrong
        safe_write(FilePath(request.pdf), statement_pdf(session.library, account, session.act().day))
    return done(
        "found",
        balance=account.balance,
        outstanding=account.outstanding,
        refundable=account.refundable,
        lines=[_line(line) for line in account.lines],
        **of_member(account.member),
    )


def take_line_back(session: Session, request: LedgerVoid) -> Facts:
    """Void a line."""
    second = second_person(session, request.second, request.second_pin)
    if isinstance(second, Refusal):
        return refused((second,))
    wish = VoidRequest(request.line, request.reason, second, Answer(confirm=frozenset(request.confirm)))
    outcome = void_line(session.library, wish, session.act(request.key))
    match outcome:
        case LineVoided():
            return done(
                "voided", line=outcome.line_id, amount=outcome.amount, balance=outcome.balance, held=outcome.held
            )
        case Refused():
            return refused(outcome.refusals)
        case NotFound():
            return missing(outcome)
        case _:
            assert_never(outcome)


def take_receipt_back(session: Session, request: PaymentVoid) -> Facts:
    """Void a receipt of today."""
    outcome = void_receipt(session.library, request.receipt, request.reason, session.act(request.key))
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    if isinstance(outcome, NotFound):
        return missing(outcome)
    return done("voided", receipt=outcome.receipt, amount=outcome.amount, balance=outcome.balance)


def show_receipt(session: Session, request: ReceiptShow) -> Facts:
    """A receipt with what it was for."""
    with session.library.store.read() as reader:
        view = receipt_view(reader, request.receipt)
    if view is None:
        return not_found(Sought.RECEIPT)
    if request.pdf is not None:
        if wrong := wrong_suffix(request.pdf, "pdf"):
            return wrong
        safe_write(FilePath(request.pdf), receipt_pdf(session.library, view, RECEIPT_PAPERS[request.paper]))
    return done("found", **_receipt(view))


def wrong_suffix(path: str, suffix: str) -> Facts | None:
    """What is wrong with the name of a file to be written, if anything."""
    if FilePath(path).suffix.lower() == f".{suffix}":
        return None
    return invalid(f"نام فایل «{suffix}» باید به ‎.{suffix}‎ پایان یابد.", "نام فایل را درست کنید.", suffix)


def _line(shown: AccountLine) -> Facts:
    line = shown.line
    told: dict[str, Any] = {
        "line": line.id,
        "kind": line.kind,
        "amount": line.amount,
        "outstanding": shown.outstanding,
        "counts": shown.counts,
        "day": line.day,
        "method": line.method,
        "reference": line.reference,
        "due": line.due_on,
        "opposes": line.opposes,
        "settles": line.settles,
        "receipt": shown.receipt,
        "reason": line.reason,
        "staff": shown.staff,
        "loan": _loan(shown.loan),
    }
    return {name: value for name, value in told.items() if value is not None}


def _loan(loan: LoanOf | None) -> Facts | None:
    if loan is None:
        return None
    return {"loan": loan.loan_id, "title": loan.title, "accession_no": loan.accession_no, "in_on": loan.in_on}


def _receipt(view: ReceiptView) -> Facts:
    receipt = view.receipt
    return {
        "receipt": receipt.number,
        "amount": receipt.amount,
        "day": receipt.day,
        "method": receipt.method,
        "reference": receipt.reference,
        "staff": view.staff,
        "void": view.void,
        "lines": [{"kind": part.kind, "amount": part.amount, "loan": _loan(part.loan)} for part in view.parts],
        **of_member(view.member),
    }
