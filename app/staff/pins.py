"""PINs: kept as Argon2id inside the encrypted store, and tried only so often.

The waiting time after wrong ones is counted on the clock that nobody can set, and kept in the store: setting the
computer's clock does not shorten it, and a restart begins it anew.
"""

import re
import uuid
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.persian.digits import typed
from app.settings import Setting
from db.act import Stamp
from db.frozen import Frozen
from db.models.library import Staff
from db.store import Store

FREE_TRIES = 4
FIRST_WAIT_S, LONGEST_WAIT_S = 30, 3_600
DIGITS = re.compile("[0-9]{4,12}")
Kept: TypeAlias = dict[str, int]

HASH_OF = Frozen(
    sa.select(Staff.pin_hash).where(Staff.id == sa.bindparam("person"), Staff.active, Staff.deleted_at.is_(None)),
    lambda pin_hash: (pin_hash,),
)


@dataclass(frozen=True, slots=True)
class PinRight:
    """It is the PIN of this person."""


@dataclass(frozen=True, slots=True)
class PinWrong:
    """It is not; `left` tries are free before the waiting begins."""

    left: int


@dataclass(frozen=True, slots=True)
class PinBlocked:
    """Too many wrong ones: nothing is tried for so many seconds, not even the right one."""

    seconds: int


PinOutcome: TypeAlias = "PinRight | PinWrong | PinBlocked"


def is_pin(text: str) -> bool:
    """Whether a text can be a PIN: 4 to 12 digits, not all the same and not simply counted up or down."""
    digits = typed(text)
    if DIGITS.fullmatch(digits) is None:
        return False
    steps = {int(after) - int(before) for before, after in pairwise(digits)}
    return steps not in ({0}, {1}, {-1})


def hash_pin(pin: str) -> str:
    """What is kept of a PIN."""
    return PasswordHasher().hash(typed(pin))


def verify_pin(store: Store, person: uuid.UUID, pin: str, stamp: Stamp) -> PinOutcome:
    """Whether `pin` is that of the person. A try is counted before it is made, so that pulling the plug saves none.

    Somebody without a PIN has no right one.
    """
    seconds = _begin_try(store, person, stamp)
    if seconds:
        return PinBlocked(seconds)
    with store.read() as reader:
        found = reader.one(HASH_OF, person=person)
        failures = _tries_of(person).read(reader).get("failures", 0)
    if found is not None and found[0] is not None and _matches(found[0], typed(pin)):
        forget_tries(store, person)
        return PinRight()
    seconds = waiting_time(failures)
    return PinBlocked(seconds) if seconds else PinWrong(FREE_TRIES - failures)


def forget_tries(store: Store, person: uuid.UUID) -> None:
    """The right PIN was given, or somebody who manages the staff lets the person try again at once."""
    with store.write() as tx:
        _tries_of(person).write(tx, {})


def waiting_time(failures: int) -> int:
    """Seconds to wait after so many wrong PINs: none at first, then half a minute, doubled each time up to an hour."""
    if failures < FREE_TRIES:
        return 0
    return min(FIRST_WAIT_S << min(failures - FREE_TRIES, 16), LONGEST_WAIT_S)


def _begin_try(store: Store, person: uuid.UUID, stamp: Stamp) -> int:
    """Count a try, or the seconds that are still to wait."""
    setting = _tries_of(person)
    with store.write() as tx:
        kept = setting.read(tx)
        seconds = _still_to_wait(kept, stamp)
        if not seconds:
            setting.write(tx, _stamped(kept.get("failures", 0) + 1, stamp))
        elif kept.get("boot") != stamp.boot:
            setting.write(tx, _stamped(kept["failures"], stamp))
        return seconds


def _still_to_wait(kept: Kept, stamp: Stamp) -> int:
    """After a restart the whole time, since nobody knows how long the computer was off."""
    wait = waiting_time(kept.get("failures", 0))
    if not wait or kept.get("boot") != stamp.boot:
        return wait
    passed_s = (stamp.mono_ms - kept.get("mono_ms", 0)) // 1000
    return max(0, wait - passed_s)


def _stamped(failures: int, stamp: Stamp) -> Kept:
    return {"failures": failures, "boot": stamp.boot, "mono_ms": stamp.mono_ms}


def _tries_of(person: uuid.UUID) -> Setting[Kept]:
    return Setting(person.hex, {}, scope="sign_in")


def _matches(pin_hash: str, pin: str) -> bool:
    try:
        return PasswordHasher().verify(pin_hash, pin)
    except (VerificationError, InvalidHashError):
        return False
