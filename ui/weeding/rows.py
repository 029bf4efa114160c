"""The rows of the weeding lists, formatted once, and the columns that show them."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from app.labels import MINUTES_STATE
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.refusal import Refusal
from app.weeding.bench import USE_YEARS, Use
from app.weeding.candidates import Candidate
from app.weeding.explain import CRITERION, in_order
from app.weeding.facts import CopyFacts
from app.weeding.queries import ArchivedMinutes
from app.weeding.reads import ListedCopy
from app.weeding.service import Listed, minutes_number
from app.wording import why
from db.codes import MinutesState, WeedingReason
from ui.circulation.rows import titled
from ui.theme import Tone
from ui.widgets.labels import isolate
from ui.widgets.table import Column, RowTable, tick_column

REASON_NAME = {
    WeedingReason.CONTENT: "محتوایی",
    WeedingReason.WORN: "فرسوده",
    WeedingReason.DUPLICATE: "تکراری",
    WeedingReason.NO_AUDIENCE: "بدون مخاطب",
}
"""What the four groups are called (002 م7-1), in the order of the forms."""

MINUTES_NAME = {
    reason: f"صورتجلسهٔ {number(place)} · {name}" for place, (reason, name) in enumerate(REASON_NAME.items(), start=1)
}

GROUP_NAME = {
    reason: f"{name} · صورتجلسهٔ {number(place)}" for place, (reason, name) in enumerate(REASON_NAME.items(), 1)
}
"""The same for headings, where what is cut off for want of room must not be the group."""

_STATE_TONE = {
    MinutesState.FINALISED: Tone.INFO,
    MinutesState.CORRECTION: Tone.WARN,
    MinutesState.RULED: Tone.OK,
    MinutesState.CLOSED: Tone.OK,
}


# Questions of the list or of how a copy looks: they keep nothing, as exemptions do.
_ONLY_ASKED = frozenset({"weeding.no_space_shortage", "weeding.not_worn", "weeding.mendable"})


class Stand(Enum):
    """Where a copy stands on the bench: on the list, proposed for it, or kept by an exemption."""

    LISTED = "listed"
    PROPOSED = "proposed"
    EXEMPT = "exempt"


_TICKED = {Stand.LISTED: True, Stand.PROPOSED: False, Stand.EXEMPT: None}


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A copy on the bench as its row shows it. `article` is named with the proposal; `why` is the ground, or what keeps
    the copy; `remark` what was written with the proposal, or all that the rules say against it; `row_id` its row on the
    draft, while it has one."""

    stand: Stand
    item_id: uuid.UUID
    barcode: str
    title: str
    creator: str
    accession_no: int
    year: int | None
    last_use: dt.date
    recent_loans: int
    article: str
    why: str
    remark: str = ""
    row_id: uuid.UUID | None = None


def stored_line(row: ListedCopy, use: Use | None) -> WorkLine:
    """A row of the draft as the store keeps it."""
    return WorkLine(
        stand=Stand.LISTED,
        item_id=row.item_id,
        barcode=row.barcode,
        title=titled(row.title, row.volume_no),
        creator=row.main_creator or "",
        accession_no=row.accession_no,
        year=row.year,
        last_use=use.last_use if use else row.accession_date,
        recent_loans=use.recent_loans if use else 0,
        article=row.article,
        why=_because(row.article),
        remark=row.remark or "",
        row_id=row.id,
    )


def candidate_line(candidate: Candidate, recent_loans: int) -> WorkLine:
    """A copy that the guideline proposes, or keeps."""
    kept, told = _kept(candidate.refusals)
    return WorkLine(
        stand=Stand.EXEMPT if candidate.exempt else Stand.PROPOSED,
        item_id=candidate.item_id,
        barcode=candidate.barcode,
        title=titled(candidate.title, candidate.volume_no),
        creator=candidate.main_creator or "",
        accession_no=candidate.accession_no,
        year=candidate.year,
        last_use=candidate.last_use,
        recent_loans=recent_loans,
        article=candidate.article,
        why=kept if candidate.exempt else in_order(candidate.why),
        remark=told if candidate.exempt else "",
    )


def copy_line(copy: CopyFacts, use: Use | None, ground: str, refusals: Sequence[Refusal], article: str) -> WorkLine:
    """A copy scanned in the stacks that is on no list and was not proposed."""
    kept, told = _kept(refusals)
    exempt = any(refusal.code not in _ONLY_ASKED for refusal in refusals)
    return WorkLine(
        stand=Stand.EXEMPT if exempt else Stand.PROPOSED,
        item_id=copy.id,
        barcode=copy.barcode,
        title=titled(copy.title, copy.volume_no),
        creator=copy.main_creator or "",
        accession_no=copy.accession_no,
        year=copy.year,
        last_use=copy.last_use,
        recent_loans=use.recent_loans if use else 0,
        article=article,
        why=kept if exempt else in_order(ground),
        remark=told,
    )


def fresh_line(listed: Listed, remark: str, use: Use | None) -> WorkLine:
    """The row of a copy put on the draft this moment."""
    line = copy_line(listed.copy, use, "", (), listed.article)
    return replace(line, stand=Stand.LISTED, why=_because(listed.article), remark=remark, row_id=listed.row_id)


def _because(article: str) -> str:
    return CRITERION.get(article, in_order(to_persian(article)))


def _kept(refusals: Sequence[Refusal]) -> tuple[str, str]:
    """What keeps a copy: the article in short, and what it says."""
    rule = next((refusal.rule for refusal in refusals if refusal.rule), "")
    short = f"مستثنا: مادهٔ {in_order(to_persian(rule))}" if rule else "نمی‌شود"
    return short, " ".join(in_order(why(refusal)) for refusal in refusals)


def work_table() -> RowTable[WorkLine]:
    """The copies on the draft, the newest on top; under them what is proposed, and what is exempt."""
    return RowTable(
        (
            tick_column(lambda line: _TICKED[line.stand]),
            Column("عنوان", lambda line: line.title, sub=lambda line: line.creator, stretch=1, strong=True),
            Column(
                "شماره ثبت",
                lambda line: number(line.accession_no),
                width=80,
                number=True,
                sort_key=lambda line: line.accession_no,
            ),
            Column(
                "سال نشر",
                lambda line: number(line.year, grouped=False) if line.year else "—",
                width=74,
                spare=2,
                sort_key=lambda line: line.year or 0,
            ),
            Column(
                "آخرین استفاده",
                lambda line: number(jalali.year(line.last_use), grouped=False),
                width=104,
                spare=1,
                sort_key=lambda line: line.last_use,
            ),
            Column(
                f"امانت {number(USE_YEARS)} ساله",
                lambda line: number(line.recent_loans),
                width=92,
                spare=3,
                sort_key=lambda line: line.recent_loans,
            ),
            Column(
                "دلیل پیشنهاد",
                lambda line: line.why.partition("؛ ")[0],
                sub=lambda line: isolate(line.remark) if line.remark else line.why.partition("؛ ")[2],
                stretch=5,
                tone=lambda line: Tone.WARN if line.stand is Stand.EXEMPT else None,
            ),
        ),
        key=lambda line: line.item_id,
        faded=lambda line: line.stand is Stand.EXEMPT,
        also=lambda line: line.barcode,
    )


def minutes_name(minutes: ArchivedMinutes) -> str:
    """«۱۴۰۵/۱۲»."""
    return to_persian(minutes_number(minutes.year, minutes.number))


def archive_table() -> RowTable[ArchivedMinutes]:
    """Finalised minutes, the newest first."""
    return RowTable(
        (
            Column(
                "شماره",
                minutes_name,
                width=110,
                strong=True,
                sort_key=lambda row: (row.year, row.number, row.revision),
            ),
            Column("گروه", lambda row: MINUTES_NAME[row.reason], stretch=1),
            Column(
                "تاریخ",
                lambda row: jalali.day_month_year(row.finalised_on),
                width=140,
                sort_key=lambda row: row.finalised_on,
            ),
            Column("شمار نسخه", lambda row: number(row.copies), width=100, spare=2, sort_key=lambda row: row.copies),
            Column("ویراست", lambda row: number(row.revision), width=80, spare=3, sort_key=lambda row: row.revision),
            Column(
                "وضعیت",
                lambda row: MINUTES_STATE[row.state],
                width=170,
                pill=True,
                spare=1,
                tone=lambda row: _STATE_TONE.get(row.state, Tone.NEUTRAL),
            ),
        ),
        key=lambda row: row.id,
    )
