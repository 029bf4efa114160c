"""The letter that a request goes to the head of the county with (002 م13-4)."""

import datetime as dt
import uuid

from app.binding.letter import CoverLetter, cover_letter
from app.binding.sending import Dispatched, Sending, cancel, dispatch
from app.binding.service import Letter, note_letter
from app.library import Library
from app.outcome import NotFound
from app.refusal import Answer
from app.staff.offices import OfficeForm, Position, set_office
from db.codes import BindingState
from db.types import new_id
from tests.app.binding.scene import back, listed, refused, requested, stored
from tests.library import TODAY, ACopy, act, add_copy, add_member, lend, pass_days


def letter_of(library: Library, request_id: uuid.UUID) -> CoverLetter:
    letter = cover_letter(library, request_id)
    assert isinstance(letter, CoverLetter), letter
    return letter


def head(library: Library, name: str, since: dt.date) -> None:
    set_office(library, OfficeForm(Position.BRANCH_HEAD, name, since), act(library))


def test_it_names_the_form_its_copies_and_who_signs(library: Library) -> None:
    head(library, "پریسا نوری", dt.date(2020, 3, 20))
    request = requested(library, add_copy(library), add_copy(library))
    assert letter_of(library, request.request_id) == CoverLetter(
        library.branch, "1405/1", TODAY, 2, 1, None, None, "پریسا نوری"
    )


def test_who_headed_the_branch_on_the_day_of_the_letter_signs(library: Library, copy: ACopy) -> None:
    """Of the form, until the letter has a day of its own."""
    head(library, "پریسا نوری", dt.date(2020, 3, 20))
    head(library, "کامران دیبا", TODAY + dt.timedelta(days=3))
    request = requested(library, copy)
    pass_days(library, 9)
    assert letter_of(library, request.request_id).signer == "پریسا نوری"
    noted = Letter("۱۴۰۵/ص/۸۸", TODAY + dt.timedelta(days=4))
    note_letter(library, request.request_id, noted, act(library))
    letter = letter_of(library, request.request_id)
    assert (letter.letter_no, letter.letter_on, letter.signer) == (noted.number, noted.day, "کامران دیبا")
    assert letter.requested_on == TODAY


def test_it_stays_the_same_while_the_books_go_and_come(library: Library, copy: ACopy) -> None:
    """Also where one of them stayed behind: it went with the form, which names both."""
    stays = add_copy(library)
    request = requested(library, copy, stays)
    first = letter_of(library, request.request_id)
    lend(library, add_member(library), stays)
    yes = Answer(confirm=frozenset({"binding.stays_behind"}))
    assert isinstance(dispatch(library, request.request_id, Sending(), act(library), yes), Dispatched)
    assert letter_of(library, request.request_id) == first
    back(library, copy)
    assert stored(library, request.request_id).state is BindingState.RECEIVED
    assert letter_of(library, request.request_id) == first


def test_a_draft_and_a_request_that_was_given_up_have_none(library: Library, copy: ACopy) -> None:
    draft = listed(library, copy).request_id
    assert refused(cover_letter(library, draft)) == ["binding.is_draft"]
    request = requested(library)
    cancel(library, request.request_id, "صحاف نیست", act(library))
    assert refused(cover_letter(library, request.request_id)) == ["binding.is_cancelled"]
    assert isinstance(cover_letter(library, new_id()), NotFound)
