"""The log file of the headless desk: beside the data, of bounded size, never on standard output."""

import contextlib
import logging
import logging.handlers
import sys
from collections.abc import Iterator
from pathlib import Path

FILE = "desk.log"
MOST_BYTES = 1_000_000
KEPT = 3
FORMAT = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


@contextlib.contextmanager
def logging_to(folder: Path | None) -> Iterator[logging.Logger]:
    """Write the log into `folder`; without one (a database on a server) to standard error."""
    log = logging.getLogger("pishkhan")
    handler = _handler(folder)
    handler.setFormatter(logging.Formatter(FORMAT))
    before = (log.level, log.propagate)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield log
    finally:
        log.removeHandler(handler)
        handler.close()
        log.setLevel(before[0])
        log.propagate = before[1]


class _LogFile(logging.handlers.RotatingFileHandler):
    """A log that cannot be written (a full disk, say) neither stops the desk nor fills standard error."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Do without this line."""


def _handler(folder: Path | None) -> logging.Handler:
    if folder is None:
        return logging.StreamHandler(sys.stderr)
    return _LogFile(folder / FILE, maxBytes=MOST_BYTES, backupCount=KEPT, encoding="utf-8", delay=True)
