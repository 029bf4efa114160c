"""`pishkhan snapshot`: what new and re-installed branches need first, as files that are ready, every night
(sync-protocol 10)."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from app.centre import open_centre
from app.clock import SystemClock
from app.messages import one_line
from app.persian.digits import number
from app.sync.centre.replaying import begin
from app.sync.centre.snapshots import make_due
from db.alone import alone_for_long
from db.trouble import Trouble
from server.desk.opening import Parser
from server.desk.session import say

CANNOT = 2
WORK = "snapshots"


def main(argv: Sequence[str]) -> int:
    """Make what is missing or has become old: 0. 2: it could not be done, and why."""
    parser = Parser(prog="pishkhan snapshot", description="داده‌های نخستین شعبه‌های تازه، آماده در یک پوشه")
    parser.add_argument("--database", required=True, metavar="URL", help="پایگاه PostgreSQL مرکز")
    parser.add_argument("--keys", required=True, type=Path, metavar="DIR", help="پوشهٔ کلیدهای مرکز")
    parser.add_argument("--to", required=True, type=Path, metavar="DIR", help="پوشهٔ داده‌های نخستین")
    options: argparse.Namespace = parser.parse_args(argv)
    try:
        centre = open_centre(options.database, options.keys, SystemClock())
        with centre.store, alone_for_long(centre.store, WORK) as mine:
            begin(centre)
            made = list(make_due(centre, options.to)) if mine else []
    except Trouble as trouble:
        say(one_line(trouble))
        return CANNOT
    print(f"{number(len(made))} مجموعه ساخته شد، {number(sum(one.rows for one in made))} ردیف.")
    return 0
