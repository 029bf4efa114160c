"""Making a long paper without Python's search for garbage: there is none before the paper is done."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def left_for_later() -> Iterator[None]:
    """No search for unreachable objects meanwhile, in any thread: among the hundred thousand pieces of a long paper it
    takes a third of the time and finds nothing."""
    searching = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searching:
            gc.enable()
