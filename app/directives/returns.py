"""A copy that came back at another branch: its loan ends here with that day, and there the sighting is closed."""

from app.circulation.elsewhere import Claim, LoanChanged, close_from_afar, close_sighting
from app.directives.facts import ClaimFacts, ClosedFacts
from app.directives.outcomes import Deed, Refusing
from app.library import Library
from app.outcome import NotFound
from app.refusal import Refusal
from db.act import Act

NO_LOAN = "این نسخه در امانت نبود؛ بازگشتی برای ثبت نبود."


def close_loan(library: Library, facts: ClaimFacts, act: Act) -> Deed | Refusing:
    """End the loan with the moment and day of the other branch, unless it changed since: then a person decides."""
    claim = Claim(facts.item, facts.at, facts.day, facts.branch, facts.loan, facts.ver)
    outcome = close_from_afar(library, claim, act)
    if isinstance(outcome, NotFound):
        return Refusing((Refusal("directive.no_copy"),))
    if isinstance(outcome, LoanChanged):
        return Refusing((Refusal("claim.loan_changed", facts={"due_on": outcome.due_on, "branch": facts.branch}),))
    return Deed(None if outcome.loan_id is not None else NO_LOAN)


def note_closed(library: Library, facts: ClosedFacts, act: Act) -> Deed | Refusing:
    """The sighting is over as far as the loan goes; the copy itself may still stand here."""
    if isinstance(close_sighting(library, facts.seen, act), NotFound):
        return Refusing((Refusal("directive.no_sighting"),))
    return Deed()
