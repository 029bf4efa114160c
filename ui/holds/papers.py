"""The papers of the holds page, as the preview takes them."""

import datetime as dt
import uuid
from collections.abc import Sequence

from app.circulation.holds.queries import PullRow, ReshelveRow, ShelfRow, kept_copy
from app.library import BranchFacts, Library
from app.persian import jalali
from app.persian.digits import number
from reports.hold_lists import PULL_TITLE, SHELF_TITLE, pull_pdf, pull_xlsx, shelf_pdf, shelf_xlsx
from reports.hold_slip import hold_slip
from ui.paper.paper import Paper
from ui.widgets.labels import isolate


def dated(name: str, today: dt.date) -> str:
    """A file name with the Jalali day: «holds-1405-09-10»."""
    return f"{name}-{jalali.short_latin(today).replace('/', '-')}"


def pull_paper(branch: BranchFacts, rows: Sequence[PullRow], today: dt.date) -> Paper:
    """The list to fetch by."""
    name, facts = (
        dated("holds", today),
        (f"{number(len(rows))} کتاب به ترتیب قفسه", "ستون آخر هنگام برداشتن علامت زده می‌شود."),
    )
    pdf, sheet = pull_pdf(branch, rows, today), pull_xlsx(rows, today)
    return Paper(PULL_TITLE, pdf, f"{name}.pdf", sheet, f"{name}.xlsx", facts=facts, frozen=False)


def shelf_paper(branch: BranchFacts, rows: Sequence[ShelfRow], back: Sequence[ReshelveRow], today: dt.date) -> Paper:
    """What stands on the hold shelf."""
    name, facts = dated("hold-shelf", today), (f"{number(len(rows))} کتاب به ترتیب مهلت",)
    pdf, sheet = shelf_pdf(branch, rows, back, today), shelf_xlsx(rows, today)
    return Paper(SHELF_TITLE, pdf, f"{name}.pdf", sheet, f"{name}.xlsx", facts=facts, frozen=False)


def slip_paper(library: Library, item_id: uuid.UUID, today: dt.date) -> Paper | None:
    """The slip of a copy on the hold shelf; None when it stands there no more."""
    with library.store.read() as reader:
        hold = kept_copy(reader, item_id)
    if hold is None:
        return None
    facts = (isolate(hold.title), "لای کتاب بگذارید؛ نام کامل عضو روی آن نیست.")
    title, name = f"برگهٔ رزرو {isolate(hold.member)}", f"hold-{hold.accession_no}.pdf"
    return Paper(title, hold_slip(library.branch, hold, today), name, facts=facts, frozen=False)
