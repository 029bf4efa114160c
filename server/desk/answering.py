"""One line in, one line out, whatever the line holds and whatever happens."""

import logging
from collections.abc import Callable

from app.persian.text import clean
from app.refusal import Refusal
from db.trouble import StaleRowError, Trouble
from server.desk.answers import Facts, encoded, invalid, refused, troubled
from server.desk.decoding import MOST_SHOWN, read_envelope, read_id
from server.desk.once import already_done
from server.desk.operations import OPERATIONS
from server.desk.requests import Envelope
from server.desk.session import Session

LOG = logging.getLogger("pishkhan.desk")
TRIES = 5
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
TOO_LONG = invalid("این سطر از اندازهٔ مجاز بلندتر است.", "آن را کوتاه کنید یا چند درخواست کنید.")


def answer(session: Session, line: bytes) -> bytes:
    """The line that answers a line."""
    line = line.removeprefix(BYTE_ORDER_MARK)
    envelope = read_envelope(line)
    if not isinstance(envelope, Envelope):
        return encoded(envelope, read_id(line))
    facts = contained(envelope.op, lambda: _answer(session, envelope, line))
    return encoded(facts, envelope.id, jalali=envelope.jalali)


def contained(name: str, work: Callable[[], Facts]) -> Facts:
    """Do it; trouble and bugs become answers.

    This is the one place where any exception is caught: the program at the other end has no other way to learn of a
    bug, and the requests behind this one must still be answered. The transaction has been undone by then.
    """
    for _ in range(TRIES):
        try:
            return work()
        except Trouble as trouble:
            LOG.warning("%s: %s", clean(name, MOST_SHOWN), trouble)
            return troubled(trouble)
        except StaleRowError:  # another desk was faster: asked again, the answer is right
            continue
        except Exception:
            LOG.exception("bug in %s", clean(name, MOST_SHOWN))
            return troubled(Trouble("P-1701"))
    return troubled(Trouble("P-1702"))


def _answer(session: Session, envelope: Envelope, line: bytes) -> Facts:
    operation = OPERATIONS.get(envelope.op)
    if operation is None:
        return _no_operation(envelope.op)
    run = operation.prepare(line)
    if isinstance(run, dict):
        return run
    if operation.needs and not any(map(session.may, operation.needs)):
        return refused((Refusal("role.not_allowed"),))
    earlier = already_done(session.library.store, envelope.key) if envelope.key else None
    return earlier or run(session)


def _no_operation(name: str) -> Facts:
    return invalid(f"کاری به نام «{clean(name, MOST_SHOWN)}» شناخته نیست.", "نام کار را با راهنمای میز بسنجید.", "op")
