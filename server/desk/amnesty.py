"""Amnesty campaigns at the headless desk."""

import uuid
from pathlib import Path as FilePath
from typing import Annotated

from msgspec import Meta, Struct

from app.accounts.amnesty import AmnestyForm, all_campaigns, campaign_with, declare_amnesty, end_amnesty
from app.accounts.amnesty_report import amnesty_report
from app.ledger.amnesty import Campaign, Scope
from app.outcome import NotFound, Refused, Sought
from db.codes import LedgerKind
from db.files import safe_write
from reports.accounts import amnesty_pdf, amnesty_xlsx
from server.desk.accounts import wrong_suffix
from server.desk.answers import Facts, done, missing, not_found, refused
from server.desk.money import Amount
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Codes, Day, Name, Path


class ScopeFields(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What a campaign forgives."""

    kinds: Annotated[tuple[LedgerKind, ...], Meta(max_length=20)] = (LedgerKind.FINE,)
    categories: Codes = ()
    percent: int = 100
    only_returned: bool = True
    max_amount: Amount | None = None


class AmnestyDeclare(Request, kw_only=True):
    """Declare a campaign; both days are in it."""

    name: Name
    since: Day
    until: Day
    scope: ScopeFields = ScopeFields()


class AmnestyEnd(Request, kw_only=True):
    """End a campaign."""

    amnesty: uuid.UUID


class AmnestyShow(Request, kw_only=True):
    """What a campaign brought."""

    amnesty: uuid.UUID
    pdf: Path | None = None
    xlsx: Path | None = None


def declare(session: Session, request: AmnestyDeclare) -> Facts:
    """Declare a campaign."""
    scope = Scope(
        kinds=frozenset(request.scope.kinds),
        categories=frozenset(request.scope.categories),
        percent=request.scope.percent,
        only_returned=request.scope.only_returned,
        max_amount=request.scope.max_amount,
    )
    form = AmnestyForm(request.name, request.since.value, request.until.value, scope)
    outcome = declare_amnesty(session.library, form, session.act(request.key))
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    return done(
        "declared",
        amnesty=outcome.campaign_id,
        since=outcome.since,
        until=outcome.until,
        forgiven=outcome.forgiven,
    )


def end(session: Session, request: AmnestyEnd) -> Facts:
    """End a campaign."""
    outcome = end_amnesty(session.library, request.amnesty, session.act(request.key))
    if isinstance(outcome, Refused):
        return refused(outcome.refusals)
    if isinstance(outcome, NotFound):
        return missing(outcome)
    return done("ended", amnesty=outcome.campaign_id, until=outcome.until)


def show_all(session: Session, _: Request) -> Facts:
    """Every campaign."""
    with session.library.store.read() as reader:
        campaigns = all_campaigns(reader)
    return done("found", rows=[_campaign(campaign) for campaign in campaigns])


def report(session: Session, request: AmnestyShow) -> Facts:
    """What a campaign brought, told and on paper."""
    for suffix, path in (("pdf", request.pdf), ("xlsx", request.xlsx)):
        if path is not None and (wrong := wrong_suffix(path, suffix)):
            return wrong
    with session.library.store.read() as reader:
        campaign = campaign_with(reader, request.amnesty)
        found = amnesty_report(reader, campaign) if campaign else None
    if found is None:
        return not_found(Sought.AMNESTY)
    if request.pdf is not None:
        safe_write(FilePath(request.pdf), amnesty_pdf(session.library, found))
    if request.xlsx is not None:
        safe_write(FilePath(request.xlsx), amnesty_xlsx(session.library, found))
    return done(
        "found",
        **_campaign(found.campaign),
        books=len(found.books),
        loans=found.loans,
        members=found.members,
        forgiven=found.rials,
        elsewhere=found.elsewhere,
        days=[
            {"day": day.day, "books": day.books, "loans": day.loans, "members": day.members, "forgiven": day.rials}
            for day in found.days
        ],
    )


def _campaign(campaign: Campaign) -> Facts:
    return {
        "amnesty": campaign.id,
        "name": campaign.name,
        "since": campaign.since,
        "until": campaign.until,
        "scope": campaign.scope.plain(),
    }
