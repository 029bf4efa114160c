"""The papers of the page, as the preview takes them."""

import datetime as dt
from collections.abc import Sequence

from app.circulation.elsewhere import Sighting
from app.conflicts.away import AwayCopy
from app.exchange.rules import LibraryFacts
from app.library import BranchFacts
from app.persian import jalali
from app.persian.digits import number
from reports.strangers import AWAY_TITLE, HOME_TITLE, away_pdf, away_xlsx, home_pdf, home_xlsx
from ui.paper.paper import Paper


def dated(name: str, today: dt.date) -> str:
    """A file name with the Jalali day: «going-home-1405-09-10»."""
    return f"{name}-{jalali.short_latin(today).replace('/', '-')}"


def home_paper(branch: BranchFacts, rows: Sequence[Sighting], known: Sequence[LibraryFacts], today: dt.date) -> Paper:
    """What to pack, library by library."""
    name = dated("going-home", today)
    facts = (f"{number(len(rows))} کتاب، کتابخانه به کتابخانه", "ستون آخر هنگام بستن بسته علامت زده می‌شود.")
    pdf, sheet = home_pdf(branch, rows, known, today), home_xlsx(rows, known, today)
    return Paper(HOME_TITLE, pdf, f"{name}.pdf", sheet, f"{name}.xlsx", facts=facts, frozen=False)


def away_paper(branch: BranchFacts, rows: Sequence[AwayCopy], today: dt.date) -> Paper:
    """Our copies elsewhere."""
    name = dated("away", today)
    pdf, sheet = away_pdf(branch, rows, today), away_xlsx(rows, today)
    return Paper(
        AWAY_TITLE, pdf, f"{name}.pdf", sheet, f"{name}.xlsx", facts=(f"{number(len(rows))} کتاب",), frozen=False
    )  # fmt: skip
