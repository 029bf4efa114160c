"""`pishkhan desk`: the headless desk. JSON lines on standard input and output, everything else on standard error."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.messages import one_line
from app.persian.jalali import short
from app.sync.branch.witness import rest_after
from db.trouble import Trouble
from server.desk.answering import TOO_LONG, answer, contained
from server.desk.answers import Facts, done, encoded
from server.desk.calendar import nights_told
from server.desk.lines import read_lines, write_line
from server.desk.log import logging_to
from server.desk.opening import Parser, add_library_options, moment, opened
from server.desk.session import Session, say

REST_EVERY = 500
CANNOT = 2
INTERRUPTED = 130


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = Parser(prog="pishkhan desk", description="میز بی‌پنجره: هر سطر JSON یک درخواست، هر پاسخ یک سطر.")
    add_library_options(made)
    made.add_argument("--setup", type=Path, metavar="FILE", help="برپایی کتابخانه در پوشهٔ خالی با این فایل TOML")
    made.add_argument("--test-clock", type=moment, metavar="ISO", help="ساعت تنظیم‌پذیر، از این لحظه")
    made.add_argument("--as", dest="user", metavar="USER", help="نام کاربری که کارها به نام او ثبت می‌شود")
    made.add_argument("--desk", type=int, default=1, metavar="N", help="شمارهٔ میز")
    return made


def main(argv: Sequence[str]) -> int:
    """Answer requests until input ends. 0: all was answered; 2: the library could not be opened, and why."""
    options = parser().parse_args(argv)
    try:
        with _own_output() as output, opened(options) as library, logging_to(options.data) as log:
            session = Session(library, library.person(options.user), options.desk)
            log.info("desk opened")
            _warn_of_clock(session)
            contained("nightly", lambda: nights_told(session))
            serve(session, sys.stdin.fileno(), output)
            log.info("desk closed")
    except Trouble as trouble:
        say(one_line(trouble))
        return CANNOT
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def serve(session: Session, source: int, output: int) -> None:
    """Answer every line in order. Ends with the input, or when nobody reads the answers any more."""

    def rest() -> None:
        contained("rest", lambda: _rested(session))

    try:
        for count, line in enumerate(read_lines(source, rest), 1):
            write_line(output, encoded(TOO_LONG) if line is None else answer(session, line))
            if count % REST_EVERY == 0:
                rest()
    except BrokenPipeError:
        return


def _rested(session: Session) -> Facts:
    session.rested = rest_after(session.library, session.rested)
    return done("rested")


@contextmanager
def _own_output() -> Iterator[int]:
    """Standard output for answers alone: whatever else is printed meanwhile, by whomever, goes to standard error."""
    sys.stdout.flush()
    standard = sys.stdout.fileno()
    own = os.dup(standard)
    os.dup2(sys.stderr.fileno(), standard)
    try:
        yield own
    finally:
        sys.stdout.flush()
        os.dup2(own, standard)
        os.close(own)


def _warn_of_clock(session: Session) -> None:
    stamp = session.library.clock.read()
    if stamp.doubtful:
        say(one_line(Trouble("P-1301", date=short(stamp.day))))
