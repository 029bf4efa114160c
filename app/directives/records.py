"""The answer of the senior cataloguer to a request for a record (003 م5-3)."""

from app.directives.facts import RecordFacts
from app.directives.outcomes import Deed, Refusing
from app.library import Library
from app.outcome import NotFound
from app.refusal import Refusal
from app.union.asking import take_answer
from db.act import Act


def answered(library: Library, facts: RecordFacts, act: Act) -> Deed | Refusing:
    """Write the answer beside the request."""
    outcome = take_answer(library, facts.request, facts.record, facts.words, act)
    if isinstance(outcome, NotFound):
        return Refusing((Refusal("directive.no_request"),))
    return Deed()
