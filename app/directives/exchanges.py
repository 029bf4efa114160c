"""A licensed library asks, on the exchange board of the centre, for copies of a package of this branch."""

from app.directives.facts import AskFacts
from app.directives.outcomes import Deed, Refusing
from app.exchange.requests import Asking, request_copies
from app.library import Library
from app.outcome import NotFound, Refused, Sought
from app.refusal import Refusal
from db.act import Act

MISSING = {Sought.PACKAGE: "directive.no_package", Sought.LIBRARY: "directive.no_library"}


def ask(library: Library, facts: AskFacts, act: Act) -> Deed | Refusing:
    """Note the request with the moment it was made at the centre: turns go by it (002 م7-17)."""
    asking = Asking(facts.library, facts.items, facts.has_space, facts.asked_at, facts.remark)
    outcome = request_copies(library, facts.package, asking, act)
    if isinstance(outcome, NotFound):
        return Refusing((Refusal(MISSING[outcome.what]),))
    return Refusing(outcome.refusals) if isinstance(outcome, Refused) else Deed()
