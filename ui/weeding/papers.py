"""Papers of the archive as the window shows them: the frozen bytes of an edition, to be printed or saved again."""

import datetime as dt

from app.labels import HANDOVER
from app.library import Library
from app.papers import frozen_paper
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.weeding.minutes.deliveries import Delivery
from app.weeding.minutes.tracking import Revision, TrackedMinutes
from app.weeding.queries import ArchivedMinutes
from db.reading import Reader
from ui.paper.paper import Paper, stored_paper
from ui.weeding.rows import MINUTES_NAME, minutes_name
from ui.widgets.labels import isolate


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


def delivery_paper(library: Library, delivery: Delivery) -> Paper:
    """The frozen paper with which copies left. Raises Trouble P-1105 when its bytes are not what was frozen."""
    if delivery.document_id is None or delivery.sheet_id is None:
        raise LookupError(delivery.id)
    with library.store.read() as reader:
        pdf, sheet = (frozen_paper(reader, paper) for paper in (delivery.document_id, delivery.sheet_id))
    return stored_paper(delivery_words(delivery), pdf, sheet, (f"{number(delivery.copies)} نسخه",))


def delivery_name(delivery: Delivery) -> str:
    """«تحویل به کتابخانه ۱۴۰۵/۳»."""
    return " ".join(part for part in (HANDOVER[delivery.kind], to_persian(delivery.number_text)) if part)


def delivery_words(delivery: Delivery) -> str:
    """«تحویل به کتابخانه ۱۴۰۵/۳ · ۱۴۰۵/۰۹/۰۲ · رسید ۱۲»."""
    receipt = (f"رسید {isolate(to_persian(delivery.receipt_no))}",) if delivery.receipt_no else ()
    return " · ".join((delivery_name(delivery), jalali.short(delivery.day), *receipt))


def _paper(reader: Reader, minutes: TrackedMinutes, edition: Revision) -> Paper:
    if edition.document_id is None or edition.sheet_id is None:
        raise LookupError(edition.id)
    pdf, sheet = (frozen_paper(reader, paper) for paper in (edition.document_id, edition.sheet_id))
    title = f"صورتجلسهٔ {to_persian(minutes.number)} · ویراست {number(edition.revision)}"
    return stored_paper(title, pdf, sheet, (MINUTES_NAME[minutes.reason], _made(edition.finalised_on)))


def _made(day: dt.date | None) -> str:
    return jalali.day_month_year(day) if day else ""
