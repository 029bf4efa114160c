"""What the card beside the list says of a copy: why it was proposed, what was checked, how it was lent, and what stands
around it on the shelf and under the same title."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.catalogue.queries import CopyRow, copies_of
from app.clock import day_of
from app.guideline.table import Hint
from app.labels import ITEM_STATUS
from app.library import Library
from app.persian import jalali
from app.persian.digits import number, to_persian
from app.weeding.bench import ProposedBy, proposed_by
from app.weeding.beside import Neighbours, ShelfCopy, SuggestedCopies, neighbours, other_copies, suggested_copies
from app.weeding.candidates import hints_for
from app.weeding.explain import Check, checks, criterion_words, grounds, in_order
from app.weeding.facts import CopyFacts, Proposal
from app.weeding.queries import LoansInYear, NewerEdition, copy_facts, loans_by_year, newer_edition, proposal_of
from app.weeding.reads import house_of
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
    stored = proposal_of(reader, line.row_id) if line.row_id else None
    proposal = stored or Proposal(reason, line.article or None)
    around = neighbours(reader, copy.id, EACH_SIDE)
    suggested = suggested_copies(library, reader, copy.id, today)
    by = proposed_by(reader, line.row_id) if line.row_id else None
    return CopyDetails(
        stand=line.stand,
        title=line.title,
        place=_place(copy, copies_of(reader, copy.title_id)),
        why=tuple(_why(copy, proposal, newer_edition(reader, copy.title_id), today)),
        hints=tuple(_said(hint) for hint in hints_for(library.guideline, copy.class_no, copy.material)),
        checks=checks(copy, proposal, house_of(library), today),
        loans=loans_by_year(reader, copy.id, today, YEARS),
        shelf=tuple(_shelf(copy, around)),
        here=len(around.before),
        others=tuple(_others(other_copies(reader, copy.id))),
        facts=tuple(_facts(suggested, library.guideline.thresholds.demand_years, by)),
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
    if newer is not None:
        year, accession = number(newer.year, grouped=False), number(newer.accession_no)
        yield f"چاپ تازه‌تری از همین اثر ({year}، شماره ثبت {accession}) در کتابخانه است"
    if proposal.permit_no:
        yield f"مجوز معاونت: {isolate(proposal.permit_no)}"
    if proposal.remark:
        yield isolate(proposal.remark)


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


def _facts(suggested: SuggestedCopies, years: int, by: ProposedBy | None) -> Iterator[Fact]:
    loans = f"{number(suggested.recent_loans)} امانت در {number(years)} سال"
    yield "شمار لازم", f"{number(suggested.needed)} نسخه از {number(suggested.have)} ({loans})"
    if by is not None:
        yield "پیشنهاد از", f"{isolate(by.name)}، {jalali.day_month_year(day_of(by.at))}"
