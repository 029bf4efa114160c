"""Passwords of those who sign in at the centre: what may be one, and what is kept of it (Argon2id)."""

import secrets
from collections.abc import Iterator

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.persian.digits import to_latin
from app.persian.text import compact
from app.refusal import Refusal

SHORTEST, LONGEST, FEWEST_KINDS = 10, 200, 5
SYLLABLES = "ba be bo da de do fa fe fo ga ge go ja je jo ka ke ko la le lo ma me mo na ne no pa pe po ra re ro".split()

# What OWASP asks of Argon2id where many sign in at once: 19 MiB, two rounds, about 30 ms.
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
NOBODYS = HASHER.hash(secrets.token_hex(16))
"""Tried where the name is unknown, so that the answer takes as long."""


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return HASHER.hash(_as_typed(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Whether it is the password; as slow where there is none."""
    try:
        right = HASHER.verify(password_hash or NOBODYS, _as_typed(password))
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def password_problems(password: str, user_name: str, names: str = "") -> Iterator[Refusal]:
    """What speaks against a password: too short or long, too few different signs, made of the own name."""
    typed = _as_typed(password)
    if not SHORTEST <= len(typed) <= LONGEST:
        yield Refusal("password.short", limit=SHORTEST, have=len(typed))
    elif len(set(typed)) < FEWEST_KINDS:
        yield Refusal("password.plain", limit=FEWEST_KINDS)
    if any(len(part) >= 3 and compact(part) in compact(typed) for part in (user_name, *names.split())):
        yield Refusal("password.like_name")


def first_password() -> str:
    """A password to be told once, on paper or by telephone, and changed at the first sign-in: about 50 bits."""
    words = ("".join(secrets.choice(SYLLABLES) for _ in range(3)) for _ in range(3))
    return "-".join((*words, f"{secrets.randbelow(1000):03}"))


def _as_typed(password: str) -> str:
    """«۱۲۳» of a Persian keyboard is 123 of another one."""
    return to_latin(password[: LONGEST + 1])
