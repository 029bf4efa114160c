"""Candidates for the four minutes, each with the article that proposes it and what speaks against it (002 م4، م5)."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.calendar.rules import add_months
from app.clock import midnight
from app.guideline.table import Ageing, Guideline, Hint
from app.library import Library
from app.persian import jalali
from app.refusal import Refusal
from app.weeding import reads
from app.weeding.explain import grounds, outdated_words, surplus_words
from app.weeding.facts import CopyFacts, House, Proposal
from app.weeding.finding import Found, counted, worklist
from app.weeding.rules import ARTICLES, NEWER_EDITION, proposal_refusals, space_refusals
from db.codes import CandidateDecision, Condition, ItemStatus, Material, WeedingReason
from db.reading import Reader

EVERY = 2**62
WORN_ARTICLE = {Condition.WORN: "4-2-الف", Condition.DAMAGED: "4-2-ب", Condition.UNBINDABLE: "4-1-ج"}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A copy that may be due for minutes of `reason`.

    `article` is the criterion that proposes it, to be named with the proposal; `why` the fact it rests on. `refusals`
    is everything the rules say against it; `exempt` that something of the copy itself is among it, and not only the
    question of space, which is one of the library (002 م4-1-د تبصره). `listed`: it stands on the draft already.
    `decision` is the librarian's last one about it, whose time is over. `last_use` is the newest of loan, use in the
    hall and registration; `recent_loans` counts the loans of all copies of this title and volume within the guideline's
    `demand_years`, which is asked of surplus copies only.
    """

    item_id: uuid.UUID
    title_id: uuid.UUID
    title: str
    main_creator: str | None
    year: int | None
    accession_no: int
    barcode: str
    volume_no: str | None
    copy_no: int
    class_no: str | None
    shelf_key: str
    status: ItemStatus
    condition: Condition
    last_use: dt.date
    loan_count: int
    recent_loans: int | None
    reason: WeedingReason
    article: str
    why: str
    refusals: tuple[Refusal, ...]
    exempt: bool
    listed: bool
    decision: CandidateDecision | None


def candidates(
    library: Library, reader: Reader, reason: WeedingReason, today: dt.date, limit: int | None = None, offset: int = 0
) -> tuple[Candidate, ...]:
    """The candidates of a reason in the order of the shelf; those that an exemption keeps follow after the others.

    What is decided about a copy (`app.weeding.notes`) hides it until its day; what stands on other minutes is none.
    """
    fast = _fast(library.guideline)
    making = _Making(library.guideline, reads.house_of(library), reason, today, fast)
    found = reader.all(
        worklist(reason, fast),
        **_figures(library.guideline, today),
        limit=EVERY if limit is None else limit,
        offset=offset,
    )
    return tuple(map(making.candidate, found))


def candidate_counts(library: Library, reader: Reader, today: dt.date) -> Mapping[WeedingReason, int]:
    """How many candidates of each reason no exemption keeps and no list has yet."""
    figures, fast = _figures(library.guideline, today), _fast(library.guideline)
    return {reason: reader.one(counted(reason, fast), **figures) or 0 for reason in WeedingReason}


def hints_for(guideline: Guideline, class_no: str | None, material: Material) -> tuple[Hint, ...]:
    """What article 6 says of works of this class and form."""
    return tuple(hint for hint in guideline.hints if hint.speaks_of(class_no, material))


def _fast(guideline: Guideline) -> tuple[Hint, ...]:
    return tuple(hint for hint in guideline.hints if hint.ageing is Ageing.FAST and hint.years is not None)


def _figures(guideline: Guideline, today: dt.date) -> dict[str, Any]:
    """What the statements are told of guideline and day."""
    figures = guideline.thresholds
    demand_since = years_before(today, figures.demand_years)
    return {
        "idle_since": years_before(today, figures.idle_years),
        "demand_since": demand_since,
        "demand_since_at": midnight(demand_since),
        "copies_kept": figures.copies_kept,
        "loans_per_copy": figures.loans_per_copy,
        "jalali_year": jalali.year(today),
        "gregorian_year": today.year,
        "today": today,
    }


def years_before(today: dt.date, years: int) -> dt.date:
    """The last day that lies `years` full Jalali years back."""
    return add_months(today, -12 * years)


@dataclass(frozen=True, slots=True)
class _Making:
    """Turns what the statement found into candidates."""

    guideline: Guideline
    house: House
    reason: WeedingReason
    today: dt.date
    fast: tuple[Hint, ...]

    def candidate(self, found: Found) -> Candidate:
        copy = _facts(found)
        return Candidate(
            found.id, found.title_id, found.title, found.main_creator, found.year, found.accession_no, found.barcode,
            found.volume_no, found.copy_no, found.class_no, found.shelf_key, found.status, found.condition,
            copy.last_use, found.loan_count, found.demand, self.reason, self._article(found),
            self._why(found, copy), self._refusals(found, copy), found.exempt, found.listed, found.decision,
        )  # fmt: skip

    def _article(self, found: Found) -> str:
        article = ARTICLES[self.reason]
        if self.reason is WeedingReason.WORN:
            article = WORN_ARTICLE[found.condition]
        elif found.newer is not None:
            article = NEWER_EDITION
        return ARTICLES[self.reason] if article in self.house.left_out else article

    def _why(self, found: Found, copy: CopyFacts) -> str:
        if self.reason is WeedingReason.CONTENT:
            hints = (hint for hint in self.fast if hint.speaks_of(found.class_no, found.material))
            return outdated_words(found.year, found.newer, tuple(hints))
        if self.reason is WeedingReason.DUPLICATE:
            return surplus_words(copy, found.demand or 0, self.guideline.thresholds)
        return grounds(copy, self.reason, self.today)

    def _refusals(self, found: Found, copy: CopyFacts) -> tuple[Refusal, ...]:
        """Of a copy that the statement finds free nothing is asked again but what concerns the library."""
        if not found.exempt:
            return tuple(space_refusals(self.house)) if self.reason is WeedingReason.NO_AUDIENCE else ()
        return tuple(proposal_refusals(copy, Proposal(self.reason), self.house, self.today))


def _facts(found: Found) -> CopyFacts:
    days = (found.accession_date, found.last_loan_on, found.last_in_hall)
    return CopyFacts(
        id=found.id, ver=0, title_id=found.title_id, title=found.title, main_creator=found.main_creator,
        year=found.year, accession_no=found.accession_no, accession_date=found.accession_date, barcode=found.barcode,
        volume_no=found.volume_no, copy_no=found.copy_no, class_no=found.class_no, material=found.material,
        status=found.status, condition=found.condition, flags=found.flags, on_minutes_id=None,
        loan_count=found.loan_count, last_loan_on=found.last_loan_on, last_use=max(day for day in days if day),
        older_copies=found.older or 0, other_copies=found.others, in_binding=found.in_binding,
        permit_no=found.permit_no, permit_on=found.permit_on, kept_for_reader=bool(found.kept_for_reader),
    )  # fmt: skip
