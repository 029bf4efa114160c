"""Minutes for tests, at whatever place of their way, of copies that may be weeded."""

import datetime as dt
from collections.abc import Sequence

from app.library import Library
from app.refusal import NO_ANSWER, Answer
from app.weeding.facts import Proposal
from app.weeding.minutes.closing import close_minutes
from app.weeding.minutes.outcomes import Closed, CopyRuling, Letter, Reissued, Ruled, Rulings, Stepped, Strike
from app.weeding.minutes.review import enter_rulings, reissue, send
from app.weeding.service import Finalised, Listed, finalise, propose
from db.codes import RulingLevel, Verdict, WeedingReason
from tests.app.weeding.printing import plain_printer
from tests.library import ACopy, act, add_copy

COUNTY, PROVINCE, HEAD_OFFICE = RulingLevel.COUNTY, RulingLevel.PROVINCE, RulingLevel.HEAD_OFFICE
APPROVE, REJECT, REDIRECT, CORRECT = Verdict.APPROVE, Verdict.REJECT, Verdict.REDIRECT, Verdict.CORRECT
WORN = WeedingReason.WORN
UNBINDABLE = Answer(confirm=frozenset({"weeding.unbindable_needed", "weeding.not_worn"}))


def worn_copies(library: Library, number: int) -> list[ACopy]:
    """Copies of one title each, listed as worn."""
    copies = [add_copy(library) for _ in range(number)]
    for copy in copies:
        listed = propose(library, copy.barcode, Proposal(WORN, unbindable=True), act(library), UNBINDABLE)
        assert isinstance(listed, Listed), listed
    return copies


def finalised(library: Library, number: int = 3) -> list[ACopy]:
    """Minutes «1405/1» (the first of the year), with their number and paper."""
    copies = worn_copies(library, number)
    outcome = finalise(library, WORN, plain_printer, act(library))
    assert isinstance(outcome, Finalised), outcome
    return copies


def sent(library: Library, number: int = 3) -> list[ACopy]:
    """Minutes at the county office."""
    copies = finalised(library, number)
    outcome = send(library, "1405/1", act(library), Letter("۱۲/۱", library.clock.read().day))
    assert isinstance(outcome, Stepped), outcome
    return copies


def letter(library: Library, number: str = "۴۵/۲", day: dt.date | None = None) -> Letter:
    """A letter of today."""
    return Letter(number, day or library.clock.read().day, "علی محمدی")


def ruled(
    library: Library, level: RulingLevel, default: Verdict | None = APPROVE, copies: Sequence[CopyRuling] = (),
    answer: Answer = NO_ANSWER,
) -> Ruled:  # fmt: skip
    """An answer to 1405/1 that nothing speaks against."""
    rulings = Rulings("1405/1", level, letter(library, f"{level}-1"), default, tuple(copies))
    outcome = enter_rulings(library, rulings, act(library), answer)
    assert isinstance(outcome, Ruled), outcome
    return outcome


def reissued(library: Library, *struck: ACopy) -> Reissued:
    """A corrected revision."""
    strikes = [Strike(copy.barcode, "اشتباه بود") for copy in struck]
    outcome = reissue(library, "1405/1", strikes, plain_printer, act(library), letter(library, "۱۲/۲"))
    assert isinstance(outcome, Reissued), outcome
    return outcome


def closed(library: Library) -> Closed:
    """The final edition."""
    outcome = close_minutes(library, "1405/1", plain_printer, act(library))
    assert isinstance(outcome, Closed), outcome
    return outcome
