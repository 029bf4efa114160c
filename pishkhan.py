"""The command `pishkhan`: the one module above all layers. It chooses what is started and starts it."""

import gc
import importlib
import io
import sys
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from app.version import VERSION

# What each sub-command starts: a module with `main(argv) -> int`. Loaded only when asked for, so that the headless
# desk never loads Qt.
COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "window": "ui.main",
        "desk": "server.desk.command",
        "check": "server.desk.checking",
        "serve": "server.centre.command",
        "durable": "server.centre.durable",
        "partition": "server.centre.partitions",
        "snapshot": "server.centre.snapshots",
        "centre": "server.centre.publishing",
        "sync": "server.sync_command",
    }
)
DEFAULT = "window"
USAGE = """\
pishkhan [window]               پنجرهٔ پیشخان
pishkhan desk --data DIR        میز بی‌پنجره: سطرهای JSON
pishkhan check --data DIR       بررسی سلامت داده‌ها
pishkhan serve --database URL   مرکز: همگام‌سازی شعبه‌ها، صفحه‌های بررسی و فهرست مشترک
pishkhan durable --help         اعلام پشتیبانِ آزموده‌شدهٔ مرکز به شعبه‌ها
pishkhan partition --help       بخش‌بندی ماهانهٔ دفتر رویدادهای مرکز
pishkhan snapshot --help        داده‌های نخستین شعبه‌ها، آماده در یک پوشه
pishkhan sync --help            همگام‌سازی، ثبت‌نام در مرکز، بسته‌های همگام‌سازی
pishkhan centre --database URL  آنچه مرکز تعیین می‌کند: قواعد، تقویم، دستورالعمل، کتابخانه‌ها
pishkhan --version              نسخهٔ برنامه
"""
WRONG_USE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run a sub-command with its arguments; returns its exit code."""
    _speak_utf8()
    arguments = list(sys.argv[1:] if argv is None else argv)
    first = arguments[0] if arguments else DEFAULT
    if first == "--version":
        print(f"پیشخان {VERSION}")
        return 0
    if first in ("--help", "-h"):
        print(USAGE, end="")
        return 0
    if first in COMMANDS:
        return _start(COMMANDS[first], arguments[1:])
    if first.startswith("-"):
        return _start(COMMANDS[DEFAULT], arguments)
    print(f"فرمان «{first}» شناخته نیست.\n{USAGE}", end="", file=sys.stderr)
    return WRONG_USE


def _start(module: str, arguments: list[str]) -> int:
    # What is loaded stays to the end: to look for garbage among it meanwhile takes a tenth of the start.
    gc.disable()
    started = importlib.import_module(module)
    gc.freeze()
    gc.enable()
    code: int = started.main(arguments)
    return code


def _speak_utf8() -> None:
    """Windows would speak the code page of the console; a windowed program there has no streams at all."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


if __name__ == "__main__":
    raise SystemExit(main())
