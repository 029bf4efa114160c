"""Slowing down whoever guesses: by name and by address, in the rows of `sign_in`, which outlive a restart.

A try is written down before it is made, so that pulling the plug or trying from many places at once saves none.
"""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass

import sqlalchemy as sa

from app.centre import Centre
from db.alone import in_turn
from db.frozen import Frozen
from db.models.centre import SignIn
from db.reading import Reader
from db.types import new_id
from db.writing import Tx

FREE_BY_NAME, FREE_BY_ADDRESS = 4, 30
"""Wrong tries before the waiting begins; an office shares one address."""
FIRST_WAIT_S, LONGEST_WAIT_S = 15, 900
REMEMBERED = dt.timedelta(hours=24)
UNKNOWN, SECOND = "?", "/2"
"""How a name that nobody has begins, and how tries of the second factor end, in `sign_in.user_name`."""
CODES = "/code "
"""How tries of enrolment codes begin there; the address they came from follows."""


@dataclass(frozen=True, slots=True)
class Try:
    """A try that may be made now."""

    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is tried for so many seconds, not even the right password."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """Wrong tries since the last good one, and when the latest was."""

    count: int
    last: dt.datetime | None


LAST_GOOD = (
    sa.select(sa.func.max(SignIn.at)).where(SignIn.user_name == sa.bindparam("name"), SignIn.good).scalar_subquery()
)
WRONG_BY_NAME = Frozen(
    sa.select(sa.func.count(), sa.func.max(SignIn.at)).where(
        SignIn.user_name == sa.bindparam("name"),
        SignIn.good.is_(False),
        SignIn.at > sa.bindparam("since", type_=SignIn.at.type),
        sa.or_(LAST_GOOD.is_(None), SignIn.at > LAST_GOOD),
    ),
    Wrong,
)
WRONG_BY_ADDRESS = Frozen(
    sa.select(sa.func.count(), sa.func.max(SignIn.at)).where(
        SignIn.address == sa.bindparam("address"),
        SignIn.good.is_(False),
        SignIn.at > sa.bindparam("since", type_=SignIn.at.type),
    ),
    Wrong,
)


def waiting_time(wrong: int, free: int) -> int:
    """Seconds to wait after so many wrong tries: none at first, then 15 s, doubled each time up to a quarter hour."""
    if wrong < free:
        return 0
    return min(FIRST_WAIT_S << min(wrong - free, 16), LONGEST_WAIT_S)


def begin_try(centre: Centre, name: str, address: str) -> Try | Wait:
    """Write down that somebody tries to sign in as `name`, or how long is still to wait."""
    now = centre.now()
    with centre.store.write() as tx:
        _one_at_a_time(tx, name)
        seconds = still_to_wait(tx, name, address, now)
        if seconds:
            return Wait(seconds)
        made = Try(new_id())
        tx.connection.execute(sa.insert(SignIn).values(id=made.id, user_name=name, at=now, good=False, address=address))
        return made


def good_try(tx: Tx, made: Try) -> None:
    """The try was good: the waiting begins anew."""
    tx.connection.execute(sa.update(SignIn).where(SignIn.id == made.id).values(good=True))


def no_try(tx: Tx, made: Try) -> None:
    """Nothing was guessed: the right secret opens several doors, or none was tried before one of them is named."""
    tx.connection.execute(sa.delete(SignIn).where(SignIn.id == made.id))


def still_to_wait(reader: Reader, name: str, address: str, now: dt.datetime) -> int:
    """Seconds until the next try may be made, by this name or from this address, whichever is longer."""
    by_name = reader.one(WRONG_BY_NAME, name=name, since=now - REMEMBERED)
    by_address = reader.one(WRONG_BY_ADDRESS, address=address, since=now - dt.timedelta(seconds=LONGEST_WAIT_S * 2))
    return max(_left(by_name, FREE_BY_NAME, now), _left(by_address, FREE_BY_ADDRESS, now))


def noted_name(centre: Centre, user_name: str, *, known: bool) -> str:
    """The name as it is written down. Of one that nobody has only a keyed hash: people write passwords there."""
    if known:
        return user_name
    return UNKNOWN + hashlib.blake2b(user_name.encode(), key=centre.keys.data, digest_size=9).hexdigest()


def _one_at_a_time(tx: Tx, name: str) -> None:
    """Two tries of one name at once, at whichever process: the slower one counts the faster one's too, whether the name
    is that of an office, of a reader, or of nobody."""
    in_turn(tx, f"sign-in {name}")


def _left(wrong: Wrong | None, free: int, now: dt.datetime) -> int:
    if wrong is None or wrong.last is None:
        return 0
    passed = max((now - wrong.last).total_seconds(), 0)
    return max(0, int(waiting_time(wrong.count, free) - passed + 0.999))
