"""Slowing down whoever guesses enrolment codes: in the rows of `sign_in`, where passwords are counted too, so that
neither a restart nor the number of processes gives anybody more tries."""

from collections.abc import Callable

from app.centre import Centre
from app.review.guessing import CODES, Wait, begin_try, good_try
from app.sync.line import BUSY, OK, Reply
from app.sync.wire import Enrol, MalformedError, read_message


def counted(centre: Centre, body: bytes, address: str, answer: Callable[[], Reply]) -> Reply:
    """The answer to an enrolment from an address; after too many wrong codes the wait instead. A question without a
    code («who are you?») is none of them, nor does its answer make up for any."""
    if not _brings_code(body):
        return answer()
    made = begin_try(centre, CODES + address, address)
    if isinstance(made, Wait):
        return Reply(BUSY, retry_after=made.seconds)
    reply = answer()
    if reply.status == OK:
        with centre.store.write() as tx:
            good_try(tx, made)
    return reply


def _brings_code(body: bytes) -> bool:
    try:
        return bool(read_message(body, Enrol).code)
    except MalformedError:
        return False
