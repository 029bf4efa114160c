"""Moments as whole milliseconds since 1970, UTC: in integers, since a float is a millisecond off now and then."""

import datetime as dt

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MILLISECOND = dt.timedelta(milliseconds=1)
ZONE = len("+00:00")


def to_ms(moment: dt.datetime) -> int:
    """Milliseconds since 1970; what is finer is cut off. A moment without a zone is a bug and raises TypeError."""
    return (moment - EPOCH) // MILLISECOND


def from_ms(milliseconds: int) -> dt.datetime:
    """The moment, UTC."""
    return EPOCH + milliseconds * MILLISECOND


def as_text(moment: dt.datetime) -> str:
    """A moment in UTC as SQLite keeps it: sorts as it reads; what is finer than a millisecond is cut off."""
    return f"{moment.isoformat(timespec='milliseconds')[:-ZONE]}Z"


def whole(moment: dt.datetime) -> dt.datetime:
    """The moment in UTC without what is finer than a millisecond."""
    return from_ms(to_ms(moment))
