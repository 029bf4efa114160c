"""The cash drawer at the headless desk, and the money of a day. Rials."""

from pathlib import Path as FilePath

from app.accounts.cash import Drawer, close_cash, expected_in, open_cash, open_drawer, recent_drawers
from app.accounts.day import DayReport, DrawerRow, ReceiptRow, day_report
from app.outcome import Refused
from db.files import safe_write
from reports.accounts import day_pdf, day_xlsx
from server.desk.accounts import wrong_suffix
from server.desk.answers import Facts, done, refused
from server.desk.money import Amount
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Day, Line, Path, day


class CashOpen(Request, kw_only=True):
    """Open the drawer of this desk."""

    amount: Amount


class CashClose(Request, kw_only=True):
    """Count and close the drawer of this desk."""

    counted: Amount
    remark: Line = ""


class CashReport(Request, kw_only=True):
    """The money of a day, today if none is named."""

    day: Day | None = None
    pdf: Path | None = None
    xlsx: Path | None = None


def begin(session: Session, request: CashOpen) -> Facts:
    """Open the drawer."""
    outcome = open_cash(session.library, request.amount, session.act(request.key))
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done("opened", session=outcome.session_id, number=outcome.number, amount=outcome.amount)


def close(session: Session, request: CashClose) -> Facts:
    """Close the drawer."""
    outcome = close_cash(session.library, request.counted, session.act(request.key), request.remark)
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done(
        "closed",
        session=outcome.session_id,
        number=outcome.number,
        expected=outcome.expected,
        counted=outcome.counted,
        difference=outcome.difference,
    )


def show(session: Session, _: Request) -> Facts:
    """The open drawer of this desk, and those before it."""
    with session.library.store.read() as reader:
        drawer = open_drawer(reader, session.desk)
        expected = expected_in(reader, drawer) if drawer else None
        rows = [_drawer(one) for one in recent_drawers(reader)]
    opened = None if drawer is None else _drawer(drawer) | {"expected": expected}
    return done("found", drawer=opened, rows=rows)


def report(session: Session, request: CashReport) -> Facts:
    """The money of a day, told and on paper."""
    for suffix, path in (("pdf", request.pdf), ("xlsx", request.xlsx)):
        if path is not None and (wrong := wrong_suffix(path, suffix)):
            return wrong
    with session.library.store.read() as reader:
        found = day_report(reader, day(request.day) or session.act().day)
    if request.pdf is not None:
        safe_write(FilePath(request.pdf), day_pdf(session.library, found))
    if request.xlsx is not None:
        safe_write(FilePath(request.xlsx), day_xlsx(session.library, found))
    return done("found", **_told(found))


def _told(found: DayReport) -> Facts:
    return {
        "day": found.day,
        "charged": found.charged,
        "taken": found.taken,
        "taken_for": found.taken_for,
        "taken_by": found.taken_by,
        "taken_from": found.taken_from,
        "waived": found.waived,
        "forgiven": found.forgiven,
        "receipts": [
            {
                "receipt": row.receipt.number,
                "amount": row.receipt.amount,
                "method": row.receipt.method,
                "void": row.void,
            }
            for row in found.receipts
        ],
        "waivers": [
            {"kind": row.kind, "amount": row.amount, "reason": row.reason, "staff": row.staff, "second": row.second}
            for row in found.waivers
        ],
        "drawers": [_drawer_row(row) for row in found.drawers],
    }


def _receipt(row: ReceiptRow) -> Facts:
    receipt = row.receipt
    return {"receipt": receipt.number, "amount": receipt.amount, "method": receipt.method, "void": row.void}


def _drawer_row(row: DrawerRow) -> Facts:
    return _drawer(row.drawer) | {"expected": row.expected, "difference": row.difference}


def _drawer(drawer: Drawer) -> Facts:
    return {
        "session": drawer.id,
        "number": drawer.number,
        "desk": drawer.desk,
        "opened_at": drawer.opened_at,
        "amount": drawer.opening_amount,
        "closed_at": drawer.closed_at,
        "expected": drawer.expected_amount,
        "counted": drawer.counted_amount,
        "remark": drawer.remark,
    }
