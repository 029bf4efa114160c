"""The letter of a binding request at the headless desk (002 م13-4)."""

from app.binding.letter import CoverLetter, cover_letter
from app.outcome import Sought
from reports.binding_letter import print_cover_letter
from server.desk.answers import Facts, done, not_found
from server.desk.binding import named_request, not_done
from server.desk.files import written, wrong_suffix
from server.desk.requests import Request
from server.desk.session import Session
from server.desk.values import Path, Word


class BindingCover(Request, kw_only=True):
    """The letter to the head of the county as a PDF file; `request` is an id or a number."""

    request: Word
    pdf: Path


def write_cover(session: Session, request: BindingCover) -> Facts:
    """Write the letter as it stands by what was noted."""
    wrong = wrong_suffix(request.pdf, ".pdf", "pdf")
    if wrong is not None:
        return wrong
    request_id = named_request(session, request.request)
    if request_id is None:
        return not_found(Sought.BINDING)
    letter = cover_letter(session.library, request_id)
    if not isinstance(letter, CoverLetter):
        return not_done(letter)
    told = {"number": letter.number, "copies": letter.copies, "letter_no": letter.letter_no}
    return done("written", **told, **written(request.pdf, print_cover_letter(letter)))
