"""What the centre answers to a branch, over whatever line the call came (sync-protocol 5).

Bodies: `push` a batch; `hello`, `hello/ancestor`, `digest` and `enrol` a message signed by the device; `pull` a bare
`PullAsked` with the bearer of the last hello. Answers with status 200 and 409 are messages signed by the centre:
Welcome, Ancestor, Pushed, Page, Roots, Enrolled. Other answers carry a short English word for logs.
"""

from collections.abc import Callable, Mapping

from app.centre import Centre
from app.sync.centre.comparing import digest_reply
from app.sync.centre.devices import DeniedError
from app.sync.centre.hello import ancestor_reply, hello_reply
from app.sync.centre.pull import pull_reply
from app.sync.centre.push import push_reply
from app.sync.centre.replaying import begin
from app.sync.enrolling import enrol_reply
from app.sync.line import AWAY, BAD, BUSY, DENIED, TOO_BIG, Call, Reply, Steps
from app.sync.wire import MOST_ASKED, MOST_SENT_ALONE, MalformedError, declared_size
from db.trouble import StaleRowError, Trouble

SOON, LATER = 1, 30
"""Seconds after which to ask again: another transaction was faster; disk or database are in trouble."""
PLAIN: Mapping[Call, Callable[[Centre, bytes], Reply]] = {
    Call.ENROL: enrol_reply,
    Call.ANCESTOR: ancestor_reply,
    Call.DIGEST: digest_reply,
}
WRITING: Mapping[Call, Callable[[Centre, bytes, Steps], Reply]] = {Call.HELLO: hello_reply, Call.PUSH: push_reply}
"""Calls with points between two lasting effects."""
UNSEALED = frozenset({Call.PUSH, Call.PULL})
"""Calls whose body is not a signed message."""


def answer(centre: Centre, call: Call, body: bytes, bearer: str = "", steps: Steps | None = None) -> Reply:
    """Answer one call. Raises nothing but what a bug raises: trouble of disk or server is told as 503, and nothing that
    was not committed is acknowledged."""
    if len(body) > MOST_SENT_ALONE:
        return Reply(TOO_BIG, b"too big")
    if call not in UNSEALED and (declared_size(body) or 0) > MOST_ASKED:
        return Reply(BAD, b"too big")
    try:
        if not centre.begun:
            begin(centre)
        return _answered(centre, call, body, bearer, steps or Steps())
    except (MalformedError, DeniedError) as refused:
        return Reply(DENIED if isinstance(refused, DeniedError) else BAD, refused.reason.encode())
    except StaleRowError:
        return Reply(BUSY, b"busy", SOON)
    except Trouble as trouble:
        return Reply(AWAY, trouble.code.encode(), LATER)


def _answered(centre: Centre, call: Call, body: bytes, bearer: str, steps: Steps) -> Reply:
    if call is Call.PULL:
        return pull_reply(centre, body, bearer)
    if call in WRITING:
        return WRITING[call](centre, body, steps)
    return PLAIN[call](centre, body)
