"""Papers of the archive as the window shows them: the frozen bytes of an edition, to be printed or saved again."""

import datetime as dt

from app.library import Library
from app.papers import frozen_paper
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.weeding.minutes.tracking import Revision, TrackedMinutes
from app.weeding.queries import ArchivedMinutes
from db.reading import Reader
from ui.paper.paper import Paper, stored_paper
from ui.weeding.rows import MINUTES_NAME, minutes_name


def archived_paper(library: Library, minutes: ArchivedMinutes) -> Paper:
    """The frozen paper of minutes. Raises Trouble P-1105 when its bytes are not what was frozen."""
    with library.store.read() as reader:
        pdf, sheet = (frozen_paper(reader, paper) for paper in (minutes.document_id, minutes.sheet_id))
    told = f"{number(minutes.copies)} نسخه · {jalali.day_month_year(minutes.finalised_on)}"
    title = f"صورتجلسهٔ {minutes_name(minutes)}"
    return stored_paper(title, pdf, sheet, (MINUTES_NAME[minutes.reason], told))


def edition_paper(library: Library, minutes: TrackedMinutes, edition: Revision) -> Paper:
    """The frozen paper of one edition of minutes. Raises Trouble P-1105 when its bytes are not what was frozen."""
    with library.store.read() as reader:
        return _paper(reader, minutes, edition)


def _paper(reader: Reader, minutes: TrackedMinutes, edition: Revision) -> Paper:
    if edition.document_id is None or edition.sheet_id is None:
        raise LookupError(edition.id)
    pdf, sheet = (frozen_paper(reader, paper) for paper in (edition.document_id, edition.sheet_id))
    title = f"صورتجلسهٔ {to_persian(minutes.number)} · ویراست {number(edition.revision)}"
    return stored_paper(title, pdf, sheet, (MINUTES_NAME[minutes.reason], _made(edition.finalised_on)))


def _made(day: dt.date | None) -> str:
    return jalali.day_month_year(day) if day else ""
