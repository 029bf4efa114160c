"""The papers of the money page, made in the line of long work."""

import uuid
from collections.abc import Callable
from datetime import date

from app.accounts.amnesty import campaign_with
from app.accounts.amnesty_report import amnesty_report
from app.accounts.day import day_report
from app.accounts.queries import account_with, receipt_view
from app.library import Library
from app.persian import jalali
from app.persian.digits import number
from reports.accounts import amnesty_pdf, amnesty_xlsx, day_pdf, day_xlsx, statement_pdf
from reports.receipts import RECEIPT_PAPERS, ReceiptPaper, receipt_pdf, receipt_title
from ui.jobs import Token
from ui.money.words import rials
from ui.paper.paper import Paper
from ui.session import Session


def receipt(session: Session, receipt_no: int, paper: ReceiptPaper, show: Callable[[Paper], None]) -> None:
    """The receipt of a number on the chosen paper."""

    def make(token: Token) -> Paper | None:
        token.check()
        library = session.library
        with library.store.read() as reader:
            view = receipt_view(reader, receipt_no)
        if view is None:
            return None
        title = f"{receipt_title(view)} {number(receipt_no, grouped=False)}"
        facts = (view.member.name if view.member else "", rials(abs(view.receipt.amount)))
        pdf = receipt_pdf(library, view, RECEIPT_PAPERS[paper])
        return Paper(title, pdf, f"receipt-{receipt_no}.pdf", facts=facts, frozen=False)

    _start(session, "چاپ رسید", make, show)


def statement(session: Session, member_id: uuid.UUID, show: Callable[[Paper], None]) -> None:
    """The whole account of a member."""
    today = session.act().day

    def make(token: Token) -> Paper | None:
        token.check()
        with session.library.store.read() as reader:
            account = account_with(reader, member_id)
        if account is None:
            return None
        pdf = statement_pdf(session.library, account, today)
        facts = (account.member.name, jalali.day_month_year(today))
        return Paper("صورت‌حساب عضو", pdf, f"account-{account.member.member_no}.pdf", facts=facts, frozen=False)

    _start(session, "صورت‌حساب عضو", make, show)


def day_close(session: Session, day: date, show: Callable[[Paper], None]) -> None:
    """The money of a day."""

    def make(token: Token) -> Paper | None:
        token.check()
        library: Library = session.library
        with library.store.read() as reader:
            found = day_report(reader, day)
        name = f"cash-{jalali.short_latin(day).replace('/', '-')}"
        facts = (jalali.day_month_year(day), f"دریافت: {rials(found.taken)}")
        pdf, sheet = day_pdf(library, found), day_xlsx(library, found)
        return Paper("گزارش مالی روز", pdf, f"{name}.pdf", sheet, f"{name}.xlsx", facts, frozen=False)

    _start(session, "گزارش مالی روز", make, show)


def amnesty(session: Session, campaign_id: uuid.UUID, show: Callable[[Paper], None]) -> None:
    """What a campaign brought."""

    def make(token: Token) -> Paper | None:
        token.check()
        library = session.library
        with library.store.read() as reader:
            campaign = campaign_with(reader, campaign_id)
            found = amnesty_report(reader, campaign) if campaign else None
        if found is None:
            return None
        facts = (found.campaign.name, f"بخشوده: {rials(found.rials)}")
        pdf, sheet = amnesty_pdf(library, found), amnesty_xlsx(library, found)
        return Paper("گزارش طرح بخشودگی", pdf, "amnesty.pdf", sheet, "amnesty.xlsx", facts, frozen=False)

    _start(session, "گزارش طرح بخشودگی", make, show)


def _start(session: Session, what: str, make: Callable[[Token], Paper | None], show: Callable[[Paper], None]) -> None:
    job = session.jobs.start(what, make)
    job.finished.connect(lambda paper: None if paper is None else show(paper))
    job.failed.connect(_raise)


def _raise(error: BaseException) -> None:
    raise error  # told by the window, in three parts
