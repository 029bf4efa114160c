"""What the province's expert found in a quarterly report (002 م14-3)."""

from app.directives.facts import ReportFacts
from app.directives.outcomes import Deed, Refusing
from app.library import Library
from app.outcome import Refused
from app.statistics.quarterly import record_answer
from db.act import Act


def answered(library: Library, facts: ReportFacts, act: Act) -> Deed | Refusing:
    """Write the answer with the report."""
    outcome = record_answer(library, facts.year, facts.quarter, facts.answer, facts.day, act)
    return Refusing(outcome.refusals) if isinstance(outcome, Refused) else Deed()
