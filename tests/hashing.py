"""What is kept of passwords, codes and PINs, made cheaply: a test that signs in is not about how long guessing takes.
A hash says itself how it was made, so that the program tries it as any other. What the program asks for is shown in
`tests/app/review/test_secrets`."""

import contextlib
import importlib
from collections.abc import Iterator
from typing import Any

hasher: Any = importlib.import_module("argon2._password_hasher")
_real = hasher.hash_secret
CHEAPEST = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}


def _cheaply(**asked: Any) -> bytes:
    made: bytes = _real(**asked | CHEAPEST)
    return made


def hash_cheaply() -> None:
    """From now on, in this process."""
    hasher.hash_secret = _cheaply


@contextlib.contextmanager
def as_asked() -> Iterator[None]:
    """Here it is done as the program asks for it."""
    hasher.hash_secret = _real
    try:
        yield
    finally:
        hash_cheaply()
