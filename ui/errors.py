"""The one place where exceptions that nobody expected arrive."""

import logging
import sys
from collections.abc import Callable
from types import TracebackType

from app.messages import Message, message_of
from db.trouble import StaleRowError, Trouble

BUG = "P-1701"
OVERTAKEN = "P-1702"


def told(error: BaseException) -> tuple[str, Message]:
    """Code and message of any exception: trouble by its own code, everything else as an error of the program."""
    trouble = _trouble(error)
    return trouble.code, message_of(trouble)


def _trouble(error: BaseException) -> Trouble:
    match error:
        case Trouble():
            return error
        case StaleRowError():
            return Trouble(OVERTAKEN)
        case _:
            return Trouble(BUG)


def install_excepthook(log: logging.Logger, show: Callable[[BaseException], None]) -> None:
    """Log what nobody caught and show it on a panel; the program goes on.

    PySide hands exceptions in slots to the hook. An exception raised while one is shown is only logged, or a damaged
    panel would call itself for ever.
    """
    showing = False

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        nonlocal showing
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("nobody caught this", exc_info=(kind, error, trace))
        if showing:
            return
        showing = True
        try:
            show(error)
        finally:
            showing = False

    sys.excepthook = hook
