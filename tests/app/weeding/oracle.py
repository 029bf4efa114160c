"""Weeding candidates the slow way: every copy is asked by itself, by the rules and by plain counting."""

import uuid
from dataclasses import dataclass, replace
from typing import Any

from app.guideline.table import Ageing
from app.library import Library
from app.persian import jalali
from app.weeding import reads
from app.weeding.facts import CopyFacts, Proposal
from app.weeding.queries import copy_facts
from app.weeding.rules import WORN_CONDITIONS, proposal_refusals, whole_years
from db.codes import ItemStatus, MinutesState, WeedingReason
from db.models.catalogue import Title
from db.models.circulation import Loan
from db.models.collection import CandidateNote, Minutes
from db.models.items import Item
from tests.library import TODAY, rows


@dataclass(frozen=True)
class Expected:
    """What must be said of a candidate."""

    accession_no: int
    codes: tuple[str, ...]
    exempt: bool
    listed: bool
    decision: str | None
    last_use: object
    recent_loans: int | None


class Oracle:
    """All rows of a library in memory."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.items = rows(library, Item)
        self.titles = {title.id: title for title in rows(library, Title)}
        self.loans = rows(library, Loan)
        self.notes = rows(library, CandidateNote)
        self.minutes = rows(library, Minutes)

    def candidates(self, reason: WeedingReason) -> list[Expected]:
        """In the order of the shelf, the exempt ones last."""
        found = [(item, self.asked(item, reason)) for item in self.items]
        kept = [(said.exempt, item.shelf_key, item.accession_no, said) for item, said in found if said is not None]
        return [said for *_, said in sorted(kept, key=lambda row: row[:3])]

    def asked(self, item: Any, reason: WeedingReason) -> Expected | None:
        """What is said of one copy; None when it is no candidate."""
        drafts = [one.id for one in self.minutes if one.reason == reason and one.state == MinutesState.DRAFT]
        listed = item.on_minutes_id in drafts
        notes = [note for note in self.notes if (note.item_id, note.reason) == (item.id, reason)]
        newest = max(notes, key=lambda note: (note.at, note.id), default=None)
        hidden = newest is not None and (newest.until is None or newest.until > TODAY)
        if (item.on_minutes_id is not None and not listed) or (hidden and not listed):
            return None
        with self.library.store.read() as reader:
            facts = copy_facts(reader, item.id)
        assert facts is not None
        if not self._speaks_for(facts, reason):
            return None
        free = replace(facts, on_minutes_id=None)
        house = reads.house_of(self.library)
        codes = tuple(refusal.code for refusal in proposal_refusals(free, Proposal(reason), house, TODAY))
        return Expected(
            facts.accession_no, codes, any(code != "weeding.no_space_shortage" for code in codes), listed,
            newest.decision if newest else None, facts.last_use,
            self._demand(facts) if reason is WeedingReason.DUPLICATE else None,
        )  # fmt: skip

    def _speaks_for(self, copy: CopyFacts, reason: WeedingReason) -> bool:
        figures = self.library.guideline.thresholds
        if reason is WeedingReason.WORN:
            here = copy.status in (ItemStatus.AVAILABLE, ItemStatus.IN_BINDING)
            return here and copy.condition in WORN_CONDITIONS
        if copy.status is not ItemStatus.AVAILABLE:
            return False
        if reason is WeedingReason.NO_AUDIENCE:
            return whole_years(copy.last_use, TODAY) >= figures.idle_years
        if reason is WeedingReason.DUPLICATE:
            return copy.older_copies >= figures.copies_needed(self._demand(copy))
        return self.newer_year(copy.title_id) is not None or self._has_aged(copy)

    def _demand(self, copy: CopyFacts) -> int:
        years = self.library.guideline.thresholds.demand_years
        same = {
            item.id
            for item in self.items
            if item.title_id == copy.title_id and (item.volume_no or "") == (copy.volume_no or "")
        }
        return sum(loan.item_id in same and whole_years(loan.out_on, TODAY) < years for loan in self.loans)

    def newer_year(self, title_id: uuid.UUID) -> int | None:
        """The year of the latest edition of the work that is later than this one and stands in the library."""
        this = self.titles[title_id]
        here = {item.title_id for item in self.items if item.status not in reads.NOT_IN_THE_HOUSE}
        years = [
            other.year
            for other in self.titles.values()
            if other.id in here and other.work_key == this.work_key and other.year and this.year
            and (other.year < 1700) == (this.year < 1700) and other.year > this.year
        ]  # fmt: skip
        return max(years, default=None)

    def _has_aged(self, copy: CopyFacts) -> bool:
        if copy.year is None:
            return False
        age = (jalali.year(TODAY) if copy.year < 1700 else TODAY.year) - copy.year
        return any(
            hint.ageing is Ageing.FAST and hint.speaks_of(copy.class_no, copy.material) and age >= (hint.years or 0)
            for hint in self.library.guideline.hints
        )
