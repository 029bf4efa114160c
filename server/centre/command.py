"""`pishkhan serve`: one process of the centre, or the founding of a new one."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from app.centre import Centre, found_centre, make_keys
from app.clock import SystemClock
from app.messages import one_line
from app.review.accounts import found_administrator
from db.opening import open_server_centre
from db.trouble import Trouble
from server.centre.serve import Listening, serve
from server.desk.opening import Parser
from server.desk.session import say

CANNOT = 2
ADMINISTRATOR, ADMINISTRATOR_NAME = "admin", "مدیر سامانه"


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = Parser(prog="pishkhan serve", description="مرکز: همگام‌سازی شعبه‌ها، صفحه‌های بررسی و فهرست مشترک.")
    made.add_argument("--database", required=True, metavar="URL", help="پایگاه PostgreSQL مرکز (گذرواژه در ‎.pgpass‎)")
    made.add_argument("--keys", required=True, type=Path, metavar="DIR", help="پوشهٔ کلیدهای مرکز")
    made.add_argument("--found", metavar="NAME", help="برپایی مرکزی تازه به این نام، و پایان")
    made.add_argument(
        "--administrator", default=ADMINISTRATOR, metavar="USER", help="نام کاربری نخستین مدیر (با ‎--found‎)"
    )
    made.add_argument("--host", default="127.0.0.1", help="نشانی شبکه")
    made.add_argument("--port", type=int, default=8301, help="درگاه؛ هر فرایند یکی")
    made.add_argument("--name", action="append", default=[], metavar="HOST", help="نامی که صفحه‌ها با آن دیده می‌شود")
    made.add_argument(
        "--certificate", type=Path, metavar="FILE", help="گواهی TLS (PEM)؛ بی آن تنها پشت پراکسی همین رایانه"
    )
    made.add_argument("--key", type=Path, metavar="FILE", help="کلید گواهی (PEM)")
    made.add_argument("--snapshots", type=Path, metavar="DIR", help="پوشهٔ داده‌های نخستین، ساختهٔ ‎pishkhan snapshot‎")
    made.add_argument(
        "--metrics-token", type=Path, metavar="FILE", help="رازی که با آن رایانهٔ دیگری شمارش‌ها (‎/metrics‎) را می‌خواند"
    )
    return made


def main(argv: Sequence[str]) -> int:
    """Serve until stopped: 0. Found a centre: 0. 2: it could not be opened, and why."""
    options = parser().parse_args(argv)
    try:
        if options.found:
            _found(options)
        else:
            serve(options.database, options.keys, _listening(options))
    except Trouble as trouble:
        say(one_line(trouble))
        return CANNOT
    return 0


def _listening(options: argparse.Namespace) -> Listening:
    """Without TLS nobody but a proxy on this machine is answered (sync-protocol 17: there is no plain-HTTP mode)."""
    if options.certificate is None and options.host not in ("127.0.0.1", "::1"):
        raise Trouble("P-2411", host=options.host)
    return Listening(
        options.host, options.port, options.certificate, options.key, tuple(map(str.lower, options.name)),
        "" if options.metrics_token is None else _secret_in(options.metrics_token),
        options.snapshots,
    )  # fmt: skip


def _secret_in(path: Path) -> str:
    """A secret stands in a file: whatever is written behind a command everybody on the machine can read."""
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:
        raise Trouble("P-2418", path=path) from error
    if not secret:
        raise Trouble("P-2418", path=path)
    return secret


def _found(options: argparse.Namespace) -> None:
    centre = found(options.database, options.keys, options.found)
    try:
        added = found_administrator(centre, options.administrator, ADMINISTRATOR_NAME)
        print(f"مرکز «{options.found}» برپا شد.")
        if added is not None:
            print(f"نام کاربری: {options.administrator}\nگذرواژهٔ نخست: {added.password}")
        print(f"اثر کلید مرکز: {centre.keys.public_key.hex()}")
        sys.stdout.flush()
    finally:
        centre.store.close()


def found(url: str, keys: Path, name: str) -> Centre:
    """A new centre in an empty database, its keys made in an empty folder. Raises Trouble P-1111 where there is one."""
    store = open_server_centre(url)
    try:
        if store.identity is not None:
            raise Trouble("P-1111", path=store.name)
        return found_centre(store, name, SystemClock(), make_keys(keys))
    except BaseException:
        store.close()
        raise
