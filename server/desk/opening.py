"""Opening the library that a command works on: its folder or server, its passphrase, its clock, its user."""

import argparse
import datetime as dt
import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from app.clock import Clock, SettableClock, SystemClock
from app.library import Library, last_known
from app.policy.toml_file import load_profile
from app.setup import found_in, found_library, read_setup
from app.sync.branch.witness import begin_session, keep_high_water
from db.keys import needs_secret
from db.opening import has_library, open_library, open_server_library
from db.store import Store
from db.trouble import Trouble
from server.desk.session import say
from server.desk.values import Moment


class Parser(argparse.ArgumentParser):
    """A command line whose mistakes are told in Persian."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and how it is written; exit 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"فرمان درست نوشته نشده است: {message.removeprefix('error: ')}\n")


def add_library_options(parser: argparse.ArgumentParser) -> None:
    """The options that say which library is meant."""
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--data", type=Path, metavar="DIR", help="پوشهٔ داده‌های کتابخانه")
    where.add_argument("--database", metavar="URL", help="پایگاه PostgreSQL مشترک چند میز (گذرواژه در ‎.pgpass‎)")
    parser.add_argument("--passphrase-file", type=Path, metavar="FILE", help="فایلی که گذرواژهٔ کتابخانه در آن است")


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Library]:
    """The library of these options, open; made first with `--setup`. Raises Trouble."""
    test_clock: dt.datetime | None = getattr(options, "test_clock", None)
    setup: Path | None = getattr(options, "setup", None)
    if setup is not None:
        library = _found(options, setup, test_clock)
    else:
        store = open_server_library(options.database) if options.database else _open_folder(options)
        try:
            library = Library(_settled(store, options), _clock(store, test_clock))
        except BaseException:
            store.close()
            raise
    try:
        begin_session(library)
        yield library
    finally:
        keep_high_water(library)
        library.store.close()


def moment(text: str) -> dt.datetime:
    """The moment of `--test-clock`. Raises argparse's own error."""
    try:
        return Moment(text).value
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"«{text}» تاریخ و ساعت نیست") from error


def _found(options: argparse.Namespace, setup_file: Path, test_clock: dt.datetime | None) -> Library:
    clock = SettableClock(test_clock) if test_clock else SystemClock()
    if options.database:
        return _found_on_server(options.database, setup_file, clock)
    library, recovery = found_library(options.data, read_setup(setup_file), clock)
    if recovery is not None:
        say(f"شمارهٔ برگهٔ بازیابی؛ آن را بنویسید و در جای امن نگه دارید:\n{recovery}")
    return library


def _found_on_server(url: str, setup_file: Path, clock: Clock) -> Library:
    setup = read_setup(setup_file)
    store = open_server_library(url)
    try:
        if store.identity is not None:
            raise Trouble("P-1111", path=store.name)
        return found_in(store, setup, load_profile(setup.profile), clock)
    except BaseException:
        store.close()
        raise


def _open_folder(options: argparse.Namespace) -> Store:
    folder: Path = options.data
    secret = None
    if has_library(folder) and needs_secret(folder):
        secret = passphrase(options.passphrase_file)
    return open_library(folder, secret)


def _settled(store: Store, options: argparse.Namespace) -> Store:
    """A store that knows its branch; an empty one (a set-up that was cut short) holds no library."""
    if store.identity is None:
        raise Trouble("P-1110", path=options.data or store.name)
    return store


def passphrase(file: Path | None) -> str:
    """From the file, else asked on the terminal; standard input carries requests and is never asked."""
    if file is not None:
        try:
            return file.read_text(encoding="utf-8-sig").strip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise Trouble("P-1505", path=file) from error
    if not sys.stderr.isatty():
        raise Trouble("P-1503")
    try:
        return _ask()
    except (OSError, EOFError) as error:
        raise Trouble("P-1503") from error


def _ask() -> str:
    """On the terminal itself. Where there is none, getpass would read standard input: hence the look first."""
    if sys.platform != "win32":
        Path("/dev/tty").open("rb", buffering=0).close()
    return getpass.getpass("گذرواژهٔ کتابخانه: ")


def _clock(store: Store, test_clock: dt.datetime | None) -> Clock:
    return SettableClock(test_clock) if test_clock else SystemClock(last_known(store))
