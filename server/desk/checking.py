"""`pishkhan check`: recompute every invariant of a library and report in Persian."""

import argparse
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.check import Report, check_library
from app.messages import one_line
from app.persian.digits import number
from db.trouble import Trouble
from server.desk.command import CANNOT
from server.desk.opening import Parser, add_library_options, opened
from server.desk.session import say

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "one_open_loan": "هر نسخه یک امانت باز",
        "status_equals_loans": "وضعیت نسخه‌ها با امانت‌ها",
        "summaries": "شمار و تاریخ امانت‌ها",
        "journal": "زنجیرهٔ دفتر رویدادها",
        "accession_numbers": "شماره‌های ثبت",
        "ledger": "حساب عضوها",
        "settling": "دریافت و بخشودگی بدهی‌ها",
        "weeded_by_minutes": "نسخه‌های وجین‌شده و صورتجلسه‌ها",
        "minutes_numbers": "شماره‌های صورتجلسه",
        "minutes_editions": "ویراست‌های صورتجلسه‌ها",
        "copies_on_minutes": "نسخه‌های در صورتجلسه",
        "binding": "درخواست‌های صحافی",
        "receipt_numbers": "شماره‌های رسید",
        "clearance_numbers": "شماره‌های تسویه‌حساب",
        "exchange": "بسته‌های مبادله و تحویل‌ها",
        "holds": "کتاب‌های قفسهٔ رزرو",
        "losses": "کتاب‌های گم‌شده و جایگزین‌شده",
        "documents": "سندهای چاپ‌شده",
        "sync": "همگام‌سازی با مرکز",
        "file": "فایل داده‌ها",
    }
)
SOUND, BROKEN = "درست است", "درست نیست"


def main(argv: Sequence[str]) -> int:
    """0: the data are sound; 1: something is broken; 2: the library could not be opened."""
    made = Parser(prog="pishkhan check", description="بررسی سلامت داده‌های کتابخانه")
    add_library_options(made)
    try:
        report = _checked(made.parse_args(argv))
    except Trouble as trouble:
        say(one_line(trouble))
        return CANNOT
    print("\n".join(lines(report)), flush=True)
    return 1 if report.broken else 0


def _checked(options: argparse.Namespace) -> Report:
    with opened(options) as library:
        return check_library(library)


def lines(report: Report) -> list[str]:
    """The report, a line for each invariant and one for each broken place."""
    told = []
    for name in report.checked:
        places = [broken.where for broken in report.broken if broken.invariant == name]
        told.append(f"{WORDS.get(name, name)}: {BROKEN if places else SOUND}")
        told.extend(f"    {place}" for place in places)
    summary = f"{number(len(report.broken))} ناسازگاری یافت شد." if report.broken else "داده‌ها سالم است."
    return [*told, summary]
