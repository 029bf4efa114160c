"""`make run`: the demo library in a window; without a display, a session at the desk that leaves pictures and
papers."""

import argparse
import datetime as dt
import os
import shutil
import sys
from pathlib import Path

from app.clock import TEHRAN, SystemClock
from app.demo.build import DemoPlan, build_demo
from app.setup import read_setup
from db.opening import has_library
from reports.printers import PRINTERS
from ui.main import main as open_window
from ui.resources import resource

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "demo-data"
OUT = ROOT / "out"


def main(argv: list[str] | None = None) -> int:
    """Make the demo library if it is not there, then open it."""
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--out", type=Path, default=OUT)
    parser.add_argument("--fresh", action="store_true", help="make the demo library anew")
    arguments = parser.parse_args(argv)
    if arguments.fresh or not has_library(arguments.data):
        make_demo(arguments.data)
    if has_display():
        return open_window(["--data", str(arguments.data), "--as", head()])
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from ui.tour import tour

    return tour(arguments.data, arguments.out)


def head() -> str:
    """The name of the demo library's head, who sits at the desk at once: a newcomer knows no PIN."""
    return read_setup(resource("demo", "library.toml")).admin_name


def make_demo(folder: Path) -> None:
    """Build the demo library, saying how far it is."""
    shutil.rmtree(folder, ignore_errors=True)
    today = SystemClock().read().at.astimezone(TEHRAN)
    morning = today.replace(hour=10, minute=24, second=0, microsecond=0)
    build_demo(folder, DemoPlan(min(morning, today - dt.timedelta(minutes=1)), PRINTERS), Teller())


def has_display() -> bool:
    """Whether a window can be shown."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("QT_QPA_PLATFORM"))


class Teller:
    """Says on standard error how far the demo library is, in tenths."""

    def __init__(self) -> None:
        self._said = -1

    def __call__(self, share: float) -> None:
        tenth = int(share * 10)
        if tenth > self._said:
            self._said = tenth
            sys.stderr.write(f"making the demo library: {tenth * 10} %\n")


if __name__ == "__main__":
    sys.exit(main())
