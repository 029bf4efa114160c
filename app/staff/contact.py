"""How long people may sign in without a word from the centre (sync-protocol 17): staff and roles come from there, so a
library that nobody hears of any more does not go on with yesterday's for ever."""

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.refusal import Refusal
from db.act import Stamp
from db.frozen import Frozen
from db.models.sync import Peer, Site
from db.reading import Reader

TOO_LONG = "staff.offline_too_long"
HEARD = Frozen(
    sa.select(sa.func.coalesce(sa.select(Site.last_contact_at).scalar_subquery(), Peer.enrolled_at)),
    lambda heard: (heard,),
)


@dataclass(frozen=True, slots=True)
class LogInTerm:
    """`left` days on which people may still sign in, negative when the term has passed; `warn`: it is to be said."""

    left: int
    warn: bool


def log_in_term(reader: Reader, stamp: Stamp, days: int | None, warn_from: int | None = None) -> LogInTerm | None:
    """The term of `days` since the last contact; the warning begins `warn_from` days after it.

    None where there is none: the library is not enrolled, the policy gives no term, or the time is doubtful, which
    never locks anybody out.
    """
    found = reader.one(HEARD)
    if days is None or stamp.doubtful or found is None or found[0] is None:
        return None
    heard: dt.datetime = found[0]
    silent = max(0, (stamp.at - heard).days)
    return LogInTerm(days - silent, warn_from is not None and silent >= warn_from)


def against_log_in(reader: Reader, stamp: Stamp, days: int | None) -> tuple[Refusal, ...]:
    """The refusal of everybody once the term has passed. Synchronising, packages and backup need nobody to sign in."""
    term = log_in_term(reader, stamp, days)
    return (Refusal(TOO_LONG, limit=days),) if term is not None and term.left < 0 else ()
