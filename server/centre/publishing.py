"""`pishkhan centre`: what the centre owns, brought in from files: rules of lending, the guideline, days of the
calendar, licensed libraries. Every branch gets it at its next synchronisation."""

import argparse
import datetime as dt
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from app.centre import AT_THE_CENTRE, Centre, open_centre
from app.clock import SystemClock
from app.directives.publishing import (
    Faulty,
    Published,
    PublishOutcome,
    publish_calendar_day,
    publish_guideline,
    publish_library,
    publish_policy,
    withdraw_calendar_day,
)
from app.exchange.library_file import form_of, read_library_list
from app.messages import one_line
from app.outcome import Refused
from app.persian import jalali
from app.persian.digits import to_persian
from app.policy.toml_file import toml_document
from app.refusal import Refusal
from app.wording import message
from db.act import Act
from db.codes import DayKind, Role
from db.trouble import Trouble
from server.desk.opening import Parser
from server.desk.session import say

DONE, REFUSED, CANNOT = 0, 1, 2
DAYS = {"holiday": DayKind.HOLIDAY, "open": DayKind.OPENED, "closed": DayKind.EMERGENCY}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = Parser(prog="pishkhan centre", description="آنچه مرکز تعیین می‌کند: قواعد، تقویم، دستورالعمل، کتابخانه‌ها.")
    made.add_argument("--database", required=True, metavar="URL", help="پایگاه PostgreSQL مرکز")
    made.add_argument("--keys", required=True, type=Path, metavar="DIR", help="پوشهٔ کلیدهای مرکز")
    what = made.add_subparsers(dest="what", required=True, metavar="WHAT")
    for name, text in (
        ("policy", "قواعد امانت از فایل TOML"),
        ("guideline", "ارقام دستورالعمل وجین از فایل TOML"),
        ("libraries", "فهرست کتابخانه‌های دارای مجوز (CSV یا XLSX)"),
    ):
        what.add_parser(name, help=text).add_argument("file", type=Path, metavar="FILE")
    day = what.add_parser("day", help="آنچه مرکز دربارهٔ یک روز می‌گوید")
    day.add_argument("date", metavar="1405/01/01")
    day.add_argument("kind", choices=[*DAYS, "nothing"])
    day.add_argument("name", nargs="?", default="")
    return made


def main(argv: Sequence[str]) -> int:
    """Publish: 0. 1: rules speak against it. 2: the centre or the file could not be opened."""
    options = parser().parse_args(argv)
    try:
        centre = open_centre(options.database, options.keys, SystemClock())
        try:
            outcomes = list(PUBLISHERS[options.what](centre, options))
        finally:
            centre.store.close()
    except Trouble as trouble:
        say(one_line(trouble))
        return CANNOT
    for outcome in outcomes:
        say(_words(outcome))
    return DONE if all(isinstance(outcome, Published) for outcome in outcomes) else REFUSED


def _act(centre: Centre) -> Act:
    return Act(None, Role.ADMINISTRATOR, AT_THE_CENTRE, centre.clock.read())


def _policy(centre: Centre, options: argparse.Namespace) -> Iterator[PublishOutcome]:
    yield publish_policy(centre, toml_document(options.file), _act(centre))


def _guideline(centre: Centre, options: argparse.Namespace) -> Iterator[PublishOutcome]:
    try:
        read: dict[str, Any] = tomllib.loads(options.file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Trouble("P-1231", path=options.file, reason=str(error)) from error
    yield publish_guideline(centre, read.pop("guideline", {}) | read, _act(centre))


def _libraries(centre: Centre, options: argparse.Namespace) -> Iterator[PublishOutcome]:
    for line in read_library_list(options.file):
        form = form_of(line.cells)
        yield Refused((form,)) if isinstance(form, Refusal) else publish_library(centre, form, _act(centre))


def _day(centre: Centre, options: argparse.Namespace) -> Iterator[PublishOutcome]:
    day: dt.date | None = jalali.parse(options.date)
    if day is None:
        yield Refused((Refusal("field.invalid", facts={"field": "days", "value": options.date}),))
    elif options.kind in DAYS:
        yield publish_calendar_day(centre, day, DAYS[options.kind], options.name, _act(centre))
    else:
        yield withdraw_calendar_day(centre, day, _act(centre))


PUBLISHERS: Mapping[str, Callable[[Centre, argparse.Namespace], Iterator[PublishOutcome]]] = MappingProxyType(
    {"policy": _policy, "guideline": _guideline, "libraries": _libraries, "day": _day}
)


def _words(outcome: PublishOutcome) -> str:
    if isinstance(outcome, Faulty):
        return "پذیرفتنی نیست: " + " ".join(outcome.problems)
    if isinstance(outcome, Refused):
        return " ".join(map(message, outcome.refusals))
    if not outcome.changed:
        return "از پیش همین بود."
    version = "" if outcome.version is None else to_persian(f" (نسخهٔ {outcome.version})")
    return f"منتشر شد{version}؛ هر کتابخانه در همگام‌سازی بعدی آن را می‌گیرد."
