"""What the card beside the list says of a copy: why it was proposed, what was checked, how it was lent, and what stands
around it on the shelf and under the same title."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.catalogue.queries import CopyRow, copies_of
from app.clock import day_of
from app.guideline.table import Hint
from app.labels import CANDIDATE_DECISION, ITEM_STATUS
from app.library import Library
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.weeding.bench import ProposedBy, proposed_by
from app.weeding.beside import Neighbours, ShelfCopy, SuggestedCopies, neighbours, other_copies, suggested_copies
from app.weeding.candidates import hints_for
from app.weeding.explain import Check, ageing_words, checks, criterion_words, grounds, in_order
from app.weeding.facts import CopyFacts, Proposal
from app.weeding.notes import NotedBefore, last_note
from app.weeding.queries import (
    LoansInYear,
    NewerEdition,
    Replacement,
    copy_facts,
    loans_by_year,
    newer_edition,
    proposal_of,
    replacement,
)
from app.weeding.reads import draft_of, house_of
from app.weeding.rules import permit_of
from db.codes import WeedingReason
from db.reading import Reader
from ui.circulation.rows import titled
from ui.weeding.rows import Stand, WorkLine
from ui.widgets.facts import Fact
from ui.widgets.labels import isolate, ltr

YEARS = 8
EACH_SIDE = 3
MOST_COPIES = 4


@dataclass(frozen=True, slots=True)
class CopyDetails:
    """Everything the card says of one copy. `hints` are what article 6 says of works of its kind, `shelf`
    the copies around it in the order of the shelf, `here` which of them it is itself."""

    stand: Stand
    title: str
    place: str
    why: tuple[str, ...]
    hints: tuple[str, ...]
    checks: tuple[Check, ...]
    loans: tuple[LoansInYear, ...]
    shelf: tuple[str, ...]
    here: int
    others: tuple[str, ...]
    facts: tuple[Fact, ...]


def read_details(
    library: Library, reader: Reader, line: WorkLine, reason: WeedingReason, today: dt.date
) -> CopyDetails | None:
    """The facts of a copy as they are now; None when it is gone."""
    copy = copy_facts(reader, line.item_id)
    if copy is None:
        return None
    newer = newer_edition(reader, copy.title_id)
    stored = proposal_of(reader, line.row_id) if line.row_id else None
    proposal = stored or Proposal(reason, line.article or None)
    draft = draft_of(reader, reason)
    if draft is not None and copy.on_minutes_id == draft.id:
        copy = replace(copy, on_minutes_id=None)  # that it stands on this very list speaks not against it
    around, others = neighbours(reader, copy.id, EACH_SIDE), other_copies(reader, copy.id)
    suggested = suggested_copies(library, reader, copy.id, today)
    asked_for = _asked_for(suggested, library.guideline.thresholds.demand_years)
    hints = hints_for(library.guideline, copy.class_no, copy.material)
    grown: tuple[str, ...] = ()
    if reason is WeedingReason.DUPLICATE:
        grown = (f"{asked_for}: {number(suggested.needed)} نسخه بس است",)
    elif reason is WeedingReason.CONTENT:
        grown = tuple(ageing_words(copy, hints, today))
    by = proposed_by(reader, line.row_id) if line.row_id else None
    before = last_note(reader, copy.id, reason)
    return CopyDetails(
        stand=line.stand,
        title=line.title,
        place=_place(copy, copies_of(reader, copy.title_id)),
        why=(*_why(copy, proposal, newer, today), *grown, *_stated(reader, copy, proposal, newer), *_before(before)),
        hints=tuple(map(_said, hints)),
        checks=checks(copy, proposal, house_of(library), today),
        loans=loans_by_year(reader, copy.id, today, YEARS),
        shelf=tuple(_shelf(copy, around)),
        here=len(around.before),
        others=tuple(_others(others)),
        facts=(*_use(copy, others), *_facts(suggested, library.guideline.thresholds.demand_years, by)),
    )


def _place(copy: CopyFacts, copies: Sequence[CopyRow]) -> str:
    same = [other for other in copies if other.volume_no == copy.volume_no]
    parts = (
        f"نسخهٔ {number(copy.copy_no)} از {number(len(same))}",
        f"شماره ثبت {number(copy.accession_no)}",
        f"رده {ltr(to_persian(copy.class_no))}" if copy.class_no else "",
    )
    return " · ".join(part for part in parts if part)


def _said(hint: Hint) -> str:
    return in_order(f"مادهٔ {to_persian(hint.article)}: {hint.wording}")


def _why(copy: CopyFacts, proposal: Proposal, newer: NewerEdition | None, today: dt.date) -> Iterator[str]:
    if proposal.criterion:
        yield criterion_words(proposal.criterion)
    yield grounds(copy, proposal.reason, today)
    last = copy.last_loan_on
    if last is not None:
        yield f"آخرین امانت: {jalali.day_month_year(last)}"
    elif proposal.reason is not WeedingReason.CONTENT:  # whose ground tells it already
        yield "امانتی از آن ثبت نشده است"
    if newer is not None:
        year, accession = number(newer.year, grouped=False), number(newer.accession_no)
        yield f"چاپ تازه‌تری از همین اثر ({year}، شماره ثبت {accession}) در کتابخانه است"


def _stated(reader: Reader, copy: CopyFacts, proposal: Proposal, newer: NewerEdition | None) -> Iterator[str]:
    """What was written with the proposal, or of the permit with the copy."""
    permit_no, permit_on = permit_of(copy, proposal)
    if permit_no:
        dated = f"، {jalali.day_month_year(permit_on)}" if permit_on else ""
        yield f"مجوز معاونت: {isolate(to_persian(permit_no))}{dated}"
    by = proposal.replaced_by
    if by is not None and (newer is None or by != newer.title_id):
        better = replacement(reader, by)
        yield f"جایگزین: {replacing(better)}" if better else "جایگزین آن دیگر در فهرست نیست"
    if proposal.remark:
        yield isolate(proposal.remark)


def replacing(book: Replacement) -> str:
    """«حقوق مالیاتی» (1402، شماره ثبت 1812): what takes the place of a work."""
    year = number(book.year, grouped=False) if book.year else ""
    accession = f"شماره ثبت {number(book.accession_no)}" if book.accession_no is not None else "بی نسخه در کتابخانه"
    return f"«{isolate(book.title)}» ({'، '.join(part for part in (year, accession) if part)})"


def _before(note: NotedBefore | None) -> Iterator[str]:
    """What was decided about it before, which no longer holds or was overruled (002 م5-2)."""
    if note is not None:
        by = f"{isolate(note.name)}، " if note.name else ""
        why = f": {isolate(note.remark)}" if note.remark else ""
        yield f"تصمیم پیشین «{CANDIDATE_DECISION[note.decision]}» ({by}{jalali.day_month_year(day_of(note.at))}){why}"


def _shelf(copy: CopyFacts, around: Neighbours) -> Iterator[str]:
    for other in around.before:
        yield _beside(other)
    yield f"{isolate(titled(copy.title, copy.volume_no))} — همین نسخه"
    for other in around.after:
        yield _beside(other)


def _beside(copy: ShelfCopy) -> str:
    year = f" · {number(copy.year, grouped=False)}" if copy.year else ""
    return f"{isolate(titled(copy.title, copy.volume_no))}{year} · {number(copy.loan_count)} امانت"


def _others(copies: Sequence[ShelfCopy]) -> Iterator[str]:
    for copy in copies[:MOST_COPIES]:
        yield f"ثبت {number(copy.accession_no)} · {ITEM_STATUS[copy.status]} · {number(copy.loan_count)} امانت"
    if len(copies) > MOST_COPIES:
        yield f"و {number(len(copies) - MOST_COPIES)} نسخهٔ دیگر"


def _use(copy: CopyFacts, others: Sequence[ShelfCopy]) -> Iterator[Fact]:
    every = copy.loan_count + sum(other.loan_count for other in others)
    yield "امانت", f"{number(copy.loan_count)} بار؛ همهٔ نسخه‌های عنوان {number(every)} بار"
    since = " (روز ثبت)" if copy.last_use == copy.accession_date else ""
    yield "آخرین استفاده", f"{jalali.day_month_year(copy.last_use)}{since}"


def _asked_for(suggested: SuggestedCopies, years: int) -> str:
    return f"{number(suggested.recent_loans)} امانت در {number(years)} سال"


def _facts(suggested: SuggestedCopies, years: int, by: ProposedBy | None) -> Iterator[Fact]:
    yield (
        "نسخهٔ پیشنهادی",
        f"{number(suggested.needed)}؛ اکنون {number(suggested.have)} ({_asked_for(suggested, years)})",
    )
    if by is not None:
        yield "پیشنهاد از", f"{isolate(by.name)}، {jalali.day_month_year(day_of(by.at))}"
